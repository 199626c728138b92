//! Pages that hide links, and pages that look like it.

use std::time::Instant;

use super::{technique::Technique, *};
use crate::page::{PageRead, read};
use xuncha_model::facts::page::Origin;

const HEAD: &str = "<!DOCTYPE html><html><head><title>澜川市人民政府</title></head><body>\
    <div class=\"nav\"><a href=\"/\">首页</a><a href=\"/zwgk/\">政务公开</a></div>";
const FOOT: &str = "<p>主办：澜川市人民政府办公室 <a href=\"https://beian.miit.gov.cn/\">豫ICP备05000000号</a></p></body></html>";
const SPAM: &str = "<a href=\"http://www.bet-88.example/\">时时彩平台</a><a href=\"http://ag.lucky-7.example/\">真人娱乐注册</a>";
const STRANGERS: &str = "<a href=\"http://a.one.example/x\">红色跑鞋</a> <a href=\"http://b.two.example/y\">蓝色跑鞋</a> <a href=\"http://c.three.example/z\">白色跑鞋</a>";
const FRIENDS: &str = "<a href=\"http://www.lanchuandaily.example/\">澜川日报</a><a href=\"http://www.lcr.example/\">澜川广播网</a><a href=\"http://www.lcbank.example/\">澜川银行</a>";
const GOVERNMENT: &str = "<a href=\"http://www.henan.gov.cn/\">省政府</a><a href=\"http://www.luyi.gov.cn/\">鹿邑县</a><a href=\"http://www.xihua.gov.cn/\">西华县</a>";
const OWN: &str = "<a href=\"/a.html\">通知</a><a href=\"https://czj.lanchuan.gov.cn/\">财政局</a><a href=\"b.html\">公告</a>";

fn whole(text: &str) -> PageRead {
    read(&Given {
        url: &"https://www.lanchuan.gov.cn/".parse().unwrap(),
        origin: Origin::Home,
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        status: 200,
        headers: &[],
        text,
        encoding: "UTF-8",
        declared_encoding: "",
    })
}

/// The techniques of what stands in the middle of a page.
fn told(middle: &str) -> Vec<String> {
    let links = whole(&format!("{HEAD}{middle}{FOOT}")).facts.content.hidden_links;
    links.into_iter().map(|link| link.technique).collect()
}

fn hit(technique: &str, middle: &str) {
    assert_eq!(told(middle), [technique], "{middle}");
}

fn miss(middle: &str) {
    assert_eq!(told(middle), [""; 0], "{middle}");
}

/// A box of this style around links.
fn boxed(style: &str, links: &str) -> String {
    format!("<div style=\"{style}\">{links}</div>")
}

#[test]
fn boxes_hidden_as_only_attackers_do_are_told() {
    for (technique, style) in [
        ("off-screen", "position:absolute;left:-9999px"),
        ("off-screen", "position: absolute; top: -52850px;"),
        ("off-screen", "position:absolute;left:300000px"),
        ("off-screen", "margin-left:-9999px"),
        ("text-indent", "text-indent:-9999px"),
        ("tiny", "height:1px;width:1px;overflow:hidden"),
        ("tiny", "width:0px;height:0px;overflow:hidden"),
        ("font-size", "font-size:0"),
        ("font-size", "font-size:1px;line-height:1px"),
        ("colour", "color:#ffffff;background:#fff"),
        ("transparent", "color:transparent"),
        ("clip", "position:absolute;clip:rect(0,0,0,0)"),
        ("off-screen", "position&#58;absolute;left&#x3a;-9999px"),
        ("off-screen", "pos/**/ition:x;position:abs\\6f lute;left:-9999px"),
    ] {
        for links in [SPAM, STRANGERS, FRIENDS] {
            hit(technique, &boxed(style, links));
        }
        // menus of the site's own, and boxes for screen readers
        miss(&boxed(style, OWN));
        miss(&boxed(style, &format!("{OWN}<a href=\"http://www.b.example/\">b</a>")));
        miss(&boxed(style, "<a href=\"http://s4.cnzz.com/\">站长统计</a>"));
        miss(&boxed(style, "<a href=\"http://www.b.example/\"><img src=\"a.png\"></a>"));
    }
    hit(
        "off-screen",
        &boxed("position:absolute;left:-9999px", GOVERNMENT.replace("县", "玩").as_str()),
    );
}

#[test]
fn boxes_hidden_as_menus_are_are_told_by_their_links() {
    for (technique, style) in [
        ("display", "display:none"),
        ("display", "DISPLAY : NONE !important"),
        ("visibility", "visibility:hidden"),
        ("opacity", "opacity:0"),
        ("opacity", "filter:alpha(opacity=0);"),
        ("collapsed", "height:0;overflow:hidden"),
        ("buried", "position:absolute;z-index:-1"),
        ("scaled", "transform:scale(0)"),
        ("off-screen", "position:absolute;left:-120px"),
    ] {
        hit(technique, &boxed(style, SPAM));
        hit(technique, &boxed(style, STRANGERS));
        miss(&boxed(style, GOVERNMENT));
        miss(&boxed(style, FRIENDS));
        miss(&boxed(style, OWN));
        miss(&boxed(style, &format!("{OWN}{STRANGERS}")));
        miss(&boxed(style, "<a href=\"http://www.vendor.example/\">技术支持</a>"));
        miss(&boxed(style, "<a href=\"http://www.daily.example/1\">澜川警方打击网络赌博</a>"));
        miss(&format!("<div class=\"tab-pane\" style=\"{style}\">{STRANGERS}</div>"));
        miss(&format!("<ul style=\"{style}\">{STRANGERS}</ul>"));
        miss(&format!("<li class=\"menu\">x<div style=\"{style}\">{STRANGERS}</div></li>"));
        miss(&format!(
            "<div class=\"t1\">x</div><div class=\"t1\" style=\"{style}\">{STRANGERS}</div>"
        ));
        hit(technique, &format!("<ul class=\"menu\" style=\"{style}\">{SPAM}</ul>"));
    }
    hit("display", &format!("<div hidden>{SPAM}</div>"));
    miss(&boxed("visibility:hidden;animation-name:none", STRANGERS));
}

#[test]
fn marquees_and_frames_that_nobody_sees_are_told() {
    for marquee in ["height=1 width=5", "scrollamount=\"30000\" height='20'", "style='height:1px'"]
    {
        hit("marquee", &format!("<marquee {marquee}>{STRANGERS}</marquee>"));
        miss(&format!("<marquee {marquee}>{OWN}</marquee>"));
    }
    miss(&format!("<marquee scrollamount=3 height=30>{STRANGERS}</marquee>"));
    for frame in [
        "width=0 height=0",
        "width='1' height=\"1\"",
        "style='display:none'",
        "style='width:0;height:0;border:0'",
    ] {
        hit("frame", &format!("<iframe src=\"http://x.evil.example/a\" {frame}></iframe>"));
        miss(&format!("<iframe src=\"/login\" {frame}></iframe>"));
        miss(&format!("<iframe src=\"https://hm.baidu.com/a\" {frame}></iframe>"));
        miss(&format!("<iframe src=\"https://sso.henan.gov.cn/a\" {frame}></iframe>"));
    }
    miss("<iframe src=\"http://x.video.example/a\" width=640 height=360></iframe>");
    miss("<iframe id=upload src=\"http://x.vendor.example/a\" style='display:none'></iframe>");
}

#[test]
fn links_that_hide_themselves_are_told() {
    let each = |style: &str| STRANGERS.replace("<a ", &format!("<a style=\"{style}\" "));
    hit("colour", &each("color:#fff;background-color:white"));
    hit("off-screen", &each("position:absolute;left:-5000px"));
    hit("display", &SPAM.replace("<a ", "<a style='display:none' "));
    hit(
        "colour",
        "<td bgcolor=#FFFFFF><a href=http://x.b.example><font color=ffffff>红色跑鞋</font></a></td>",
    );
    hit("font-size", "<a href=http://x.b.example><span style='font-size:1px'>红色跑鞋</span></a>");
    hit(
        "zero-width",
        "<a href=http://x.b.example>\u{200b}</a><a href=http://y.c.example>&#8203;</a>",
    );
    // advertising anchors, pictures in the place of words, what the editor left
    miss(&each("display:none!important"));
    miss(
        "<a href=http://x.b.example style='text-indent:-9999px;background:url(wb.png)'>官方微博</a>",
    );
    miss("<ul style='text-indent:-9999px'><li class=wb><a href=http://x.b.example>甲</a></ul>");
    miss("<a href=http://x.b.example><span style='display:none'>甲</span><img src=a.png></a>");
    miss("<a href=http://x.b.example>\u{200b}</a>");
    miss("<a href=http://x.b.example></a><a href=http://y.c.example> </a>");
    miss("<td bgcolor=#FFFFFF><a href=http://x.b.example><font color=red>红色跑鞋</font></a></td>");
    miss("<div style='font-size:0'><a style='font-size:14px' href=http://x.b.example>甲</a></div>");
    miss(
        "<td bgcolor=#fff><div class=dark><a href=http://x.b.example><font color=#fff>甲</font></a></div></td>",
    );
}

#[test]
fn scripts_that_hide_are_told() {
    let write = |html: &str| format!("<script>document.write('{html}');</script>");
    hit(
        "written",
        &format!("{}{STRANGERS}{}", write("<div style=\"display:none\">"), write("</div>")),
    );
    hit(
        "written",
        &format!(
            "{}{FRIENDS}{}",
            write("<div style=\"position:absolute;left:-999px\">"),
            write("</div>")
        ),
    );
    hit("comment", &format!("{}{STRANGERS}{}", write("<!--"), write("-->")));
    hit("display", &write(&boxed("display:none", SPAM)));
    hit(
        "script",
        &format!(
            "<div id=\"x1\">{STRANGERS}</div><script>document.getElementById('x1').style.display='none'</script>"
        ),
    );
    hit("script", &format!("<div id='x1'>{SPAM}</div><script>$('#x1').hide();</script>"));
    let coded: String =
        boxed("display:none", SPAM).bytes().map(|byte| format!("%{byte:02x}")).collect();
    hit(
        "display",
        &format!(
            "<script>eval(unescape('document.write%28%22{}%22%29'))</script>",
            coded.replace("%22", "%27")
        ),
    );
    let numbers: Vec<_> = STRANGERS.chars().map(|char| (char as u32).to_string()).collect();
    hit(
        "encoded",
        &format!("<script>document.write(String.fromCharCode({}))</script>", numbers.join(",")),
    );
    let written = format!("document.write(\"<style>#x1{{display:none}}</style>\")");
    hit("display", &format!("<div id=x1>{STRANGERS}</div><script>{written}</script>"));
    // counters, floating windows, tabs
    miss(&format!(
        "{}<script src=\"http://s4.cnzz.com/z.js\"></script>{}",
        write("<span style=\"display:none\">"),
        write("</span>")
    ));
    miss(&format!("{}{OWN}{}", write("<div style=\"display:none\">"), write("</div>")));
    miss(&format!(
        "<div id=ad>{STRANGERS}</div><script>function close_ad(){{document.getElementById('ad').style.display='none'}}</script>"
    ));
    miss(&format!(
        "<a onclick=\"show('t2')\">媒体</a><div id=\"t2\">{STRANGERS}</div><script>document.getElementById('t2').style.display='none'</script>"
    ));
    miss(
        "<script>document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='https://dcs.conac.cn/js/1.js'%3E%3C/script%3E\"))</script>",
    );
    miss(&format!("{}{STRANGERS}", write("<!--[if lt IE 9]><p>请升级浏览器</p><![endif]-->")));
}

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
    assert_eq!(link.host, "ag.lucky-7.example");
    assert_eq!(link.target, "http://ag.lucky-7.example/");
    assert_eq!((link.text.as_str(), link.further), ("真人娱乐注册", 4));
    assert_eq!(link.title, "用 display:none 隐藏");
    assert_eq!(
        link.snippet,
        "<div style=\"display:none\"> <a href=\"http://ag.lucky-7.example/\">真人娱乐注册</a>"
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
    let found = boxes(&format!("{sheet}<div class=\"x1 y\" id=z><p class=w>{STRANGERS}</p></div>"));
    let [boxed] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(boxed.names, [".w", "#z", ".x1", ".y"]);
    assert_eq!(boxed.sheets, ["/css/a.css"]);
    assert!(boxed.weak && boxed.strong && boxed.link.further == 2);
    let hidden = |css: &str| boxed.hidden_by(&Sheet::read(css)).map(|link| link.technique);
    assert_eq!(hidden(".w{left:-9999px}").as_deref(), Some("off-screen"));
    assert_eq!(hidden("#z{display:none}").as_deref(), Some("display"));
    assert_eq!(hidden("@media print{#z{display:none}}"), None);
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
        // one million elements within each other
        let count = if piece == "<div>" { 400_000 } else { (1 << 19) / piece.len() };
        let page = format!("{STRANGERS}{}", piece.repeat(count));
        let one = Instant::now();
        whole(&page);
        println!("{:>7.1?} {piece}", one.elapsed());
    }
    assert!(begun.elapsed().as_secs() < 60);
}

#[test]
fn strength_is_as_the_list_says() {
    assert!(Technique::Off.is_strong() && !Technique::Near.is_strong());
    assert!(!Technique::Display.is_strong() && Technique::Written.is_strong());
}
