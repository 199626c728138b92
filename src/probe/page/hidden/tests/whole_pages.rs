//! What hides links beyond a box: rules, places outside the page, style sheets; evidence, broken and hostile pages.

use std::time::Instant;

use super::{super::technique::Technique, *};

#[test]
fn rules_of_the_page_hide_before_and_after_the_box() {
    let (before, after) = ("<style>", "</style>");
    for (technique, rule) in [
        ("off-screen", "position:absolute;left:-9999px"),
        ("display", "display:none"),
        ("tiny", "height:1px;overflow:hidden"),
        ("text-indent", "text-indent:-999em"),
    ] {
        hit(technique, &format!("{before}.k9{{{rule}}}{after}<div class=\"k9\">{STRANGERS}</div>"));
        hit(technique, &format!("<p id=k9>{STRANGERS}</p>{before}p#k9{{{rule}}}{after}"));
        hit(
            technique,
            &format!("<span class='a k9'><b>{SPAM}</b></span>{before}.k9{{{rule}}}{after}"),
        );
        miss(&format!(
            "{before}@media print{{.k9{{{rule}}}}}{after}<div class=k9>{STRANGERS}</div>"
        ));
        miss(&format!("{before}.k9{{{rule}}}{after}<div class=k9>{FRIENDS}</div>"));
        miss(&format!("{before}.k9{{{rule}}}{after}<div class=k9>{OWN}{STRANGERS}</div>"));
        miss(&format!("{before}.k9 .x{{{rule}}}{after}<div class=k9>{STRANGERS}</div>"));
    }
    miss(
        "<style>.k9{display:none}li:hover .k9{display:block}</style><div class=k9><a href=http://a.b.example>甲乙</a><a href=http://a.c.example>丙丁</a><a href=http://a.d.example>戊己</a></div>",
    );
}

#[test]
fn links_that_stand_aside_are_told() {
    let page = |text: String| {
        let links = whole(&text).facts.content.hidden_links;
        links.into_iter().map(|link| link.technique).collect::<Vec<_>>()
    };
    assert_eq!(page(format!("{HEAD}{FOOT}{STRANGERS}")), ["after-html"]);
    assert_eq!(page(format!("{HEAD}{FOOT}\n<div>{SPAM}</div>")), ["after-html"]);
    assert_eq!(page(format!("{SPAM}{HEAD}{FOOT}")), ["before-html"]);
    assert_eq!(page(format!("{STRANGERS}{HEAD}{FOOT}")), ["before-html"]);
    assert_eq!(page(format!("{HEAD}{FOOT}{FRIENDS}")), [""; 0]);
    assert_eq!(page(format!("{HEAD}{FOOT}{OWN}{STRANGERS}")), [""; 0]);
    assert_eq!(page(format!("{HEAD}{FOOT}<html><body>{STRANGERS}{FOOT}")), [""; 0]);
    assert_eq!(page(format!("{HEAD}{FOOT}<a href=\"http://www.cnzz.com/\">统计</a>")), [""; 0]);
    assert_eq!(page(STRANGERS.to_owned()), [""; 0], "no page at all");
    hit("noscript", &format!("<noscript>{SPAM}</noscript>"));
    hit("noscript", &format!("<noscript><div>{STRANGERS}</div></noscript>"));
    miss("<noscript><a href=\"https://www.51.la/?1\"><img src=x></a></noscript>");
    hit("conditional", &format!("<!--[if lt IE 5]>{STRANGERS}<![endif]-->"));
    miss("<!--[if lt IE 9]><a href=\"http://browsehappy.com/\">升级浏览器</a><![endif]-->");
    miss(&format!("<!-- {SPAM} -->"));
    miss(&format!("<template>{SPAM}</template><textarea style='display:none'>{SPAM}</textarea>"));
    let stuffed = SPAM.replace('"', "&quot;") + &STRANGERS.replace('"', "&quot;");
    hit("stuffing", &format!("<div data-x=\"{stuffed}\"></div>"));
    hit("stuffing", &format!("<input type=hidden value=\"{stuffed}\">"));
    let data = "{\"a\":\"http://a.one.example/\",\"b\":\"http://b.two.example/\",\"c\":\"http://c.six.example/\",\"t\":\"六合彩\"}";
    hit("stuffing", &format!("<script type=\"application/ld+json\">{data}</script>"));
    miss(&format!(
        "<script type=\"application/ld+json\">{}</script>",
        data.replace("六合彩", "链接")
    ));
    miss(
        "<div data-list='[{\"n\":\"澜川日报\",\"u\":\"http://a.one.example/\"},{\"u\":\"http://b.two.example/\"},{\"u\":\"http://c.six.example/\"}]'></div>",
    );
}

#[test]
fn broken_mark_up_keeps_boxes_apart() {
    // a box that its parent ends, one that the next of its kind ends, ends that end nothing
    miss(&format!("<div><p style='display:none'>x<div>{STRANGERS}</div></div>"));
    miss(&format!("<ul><li style='position:absolute;left:-999px'>x<li>{STRANGERS}</ul>"));
    miss(&format!("<div><span style='font-size:0'>x</div>{STRANGERS}"));
    miss(&format!("<table><tr><td style='display:none'>x<td>{SPAM}</table>"));
    miss(&format!("<div style='display:none'/>{OWN}</div>{SPAM}"));
    miss(&format!("<img style='display:none'>{SPAM}<br style='display:none'>"));
    hit("display", &format!("<div style='display:none'></span></td></p>{SPAM}"));
    hit("display", &format!("<div style='display:none'><table><tr><td></div>{SPAM}</table></div>"));
    hit("off-screen", &format!("<div style=position:absolute;left:-999px><div><b>{STRANGERS}"));
    miss(&format!("<a style='position:absolute;left:-999px' href=/x>x<div></a>{STRANGERS}</div>"));
    // a box within another is told once
    let links =
        whole(&format!("{HEAD}{}{FOOT}", boxed("display:none", &boxed("font-size:0", STRANGERS))));
    let links = links.facts.content.hidden_links;
    assert_eq!((links.len(), links[0].further), (1, 2));
}

#[test]
fn the_evidence_names_the_link_and_shows_the_box() {
    let page = format!("{HEAD}<div style=\"display:none\">{STRANGERS}{SPAM}</div>{FOOT}");
    let links = whole(&page).facts.content.hidden_links;
    let [link] = links.as_slice() else { panic!("{links:?}") };
    assert_eq!(link.host, "www.bet-88.example");
    assert_eq!(link.target, "http://www.bet-88.example/");
    assert_eq!((link.text.as_str(), link.further), ("时时彩平台", 4));
    assert_eq!(link.title, "用 display:none 隐藏");
    assert_eq!(
        link.snippet,
        "<div style=\"display:none\"> <a href=\"http://www.bet-88.example/\">时时彩平台</a>"
    );
    let long =
        format!("{HEAD}<div style=\"display:none;{}\">{SPAM}</div>{FOOT}", "a:b;".repeat(200));
    let links = whole(&long).facts.content.hidden_links;
    assert!(links[0].snippet.chars().count() <= 200);
}

#[test]
fn a_box_waits_for_the_style_sheets_of_the_page() {
    let sheet = "<link rel=stylesheet href=\"/css/a.css\"><link rel=stylesheet media=print href=\"/css/p.css\">";
    let boxes = |middle: &str| whole(&format!("{HEAD}{middle}{FOOT}")).boxed;
    let found =
        boxes(&format!("{sheet}<div class=\"x1 y1\" id=z1><p class=w>{STRANGERS}</p></div>"));
    let [boxed] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(boxed.names, [".w", "#z1", ".x1", ".y1"]);
    assert_eq!(boxed.sheets, ["/css/a.css"]);
    assert!(boxed.weak && boxed.strong && boxed.link.further == 2);
    let hidden = |css: &str| boxed.hidden_by(&Sheet::read(css)).map(|link| link.technique);
    assert_eq!(hidden(".w{left:-9999px}").as_deref(), Some("off-screen"));
    assert_eq!(hidden("#z1{display:none}").as_deref(), Some("display"));
    assert_eq!(hidden("@media print{#z1{display:none}}"), None);
    assert_eq!(hidden(".w:hover{display:none}"), None);
    // a rule of the page explains it; friends; a page without style sheets; too many
    assert!(
        boxes(&format!("{sheet}<style>.w{{display:none}}</style><p class=w>{STRANGERS}</p>"))
            .is_empty()
    );
    assert!(boxes(&format!("{sheet}<p class=w>{FRIENDS}</p>")).is_empty());
    assert!(boxes(&format!("<p class=w>{STRANGERS}</p>")).is_empty());
    let many: String = (0..300).map(|n| format!("<p class=w{n}>{SPAM}</p>")).collect();
    assert_eq!(boxes(&format!("{sheet}{many}")).len(), 40);
}

#[test]
fn what_is_ordinary_is_left() {
    for page in [
        HEAD.to_owned() + FOOT,
        format!("{HEAD}{STRANGERS}{FRIENDS}{GOVERNMENT}{FOOT}"),
        format!(
            "{HEAD}<select style='display:none'><option value=\"http://a.b.example\">甲</select>{FOOT}"
        ),
        format!(
            "{HEAD}<ul class=slides><li style='opacity:0;z-index:-1'><a href=http://a.b.example><img src=1.jpg></a></ul>{FOOT}"
        ),
        format!("{HEAD}<ul style='position:relative;left:-1920px'><li>{FRIENDS}</ul>{FOOT}"),
        format!("{HEAD}<a href=#main style='position:absolute;left:-9999px'>跳到正文</a>{FOOT}"),
        format!("{HEAD}<div style='opacity:0;text-indent:-9999px'>{OWN}</div>{FOOT}"),
        format!(
            "{HEAD}<div class=bdsharebuttonbox style='display:none'><a href=http://weibo.com/x>微博</a><a href=http://connect.qq.com/>QQ</a></div>{FOOT}"
        ),
    ] {
        assert_eq!(whole(&page).facts.content.hidden_links, [], "{page}");
    }
}

#[test]
fn hostile_pages_are_read_in_linear_time() {
    let begun = Instant::now();
    for piece in [
        "<div>",
        "<div class=a style=display:none>",
        "</div>",
        "<p style=display:none>",
        "<a href=http://a.b.example class=c>",
        "<b><a href=http://a.b.example>x</a>",
        "<div id=x><a href=http://a.b.example>x</a>",
        "<div style=display:none><a href=http://a.b.example>红</a><a href=http://a.b.example>红</a><a href=http://a.b.example>红</a></div>",
        "<script>document.write('<div style=display:none>')</script>",
        "<script>document.write('<!--')</script>",
        "<!--[if x]><a href=",
        "<html>",
        "</html>",
        "<li><td><p>",
        "<i data-a='://'>",
        "<style>.a{display:none}</style>",
    ] {
        // as many elements within each other as a page may hold
        let count = if piece == "<div>" { 400_000 } else { (1 << 19) / piece.len() };
        let page = format!("{STRANGERS}{}", piece.repeat(count));
        whole(&page);
    }
    assert!(begun.elapsed().as_secs() < 60);
}

#[test]
fn strength_is_as_the_list_says() {
    assert!(Technique::Off.is_strong() && !Technique::Near.is_strong());
    assert!(!Technique::Display.is_strong() && Technique::Written.is_strong());
}
