//! What is a barrier, and what only looks like one.

use super::*;
use crate::markup::Tokens;

fn barriers(page: &str) -> Vec<Barrier> {
    let mut barriers = Barriers::default();
    Tokens::new(page).for_each(|token| barriers.read(token));
    barriers.finish()
}

fn found(page: &str) -> Vec<(String, u32)> {
    barriers(page).into_iter().map(|barrier| (barrier.check, barrier.count)).collect()
}

/// Mark-up of which each piece shows the check once.
fn once(check: &str, pieces: &[&str]) {
    for piece in pieces {
        assert_eq!(found(piece), [(check.to_owned(), 1)], "{piece}");
    }
}

fn never(pieces: &[&str]) {
    for piece in pieces {
        assert_eq!(found(piece), [], "{piece}");
    }
}

#[test]
fn the_list_is_read() {
    let list = include_str!("../../../../rules/lists/barriers.yaml");
    let list: Vec<Known> = lists::parsed(list).unwrap();
    assert_eq!(list.len(), 18, "each of them is found below");
}

#[test]
fn images() {
    once(
        "img-alt",
        &["<img src=a.png>", "<IMG SRC=a.png width=20>", "<a href=x><img data-original=a.png></a>"],
    );
    never(&[
        "<img src=a.png alt=\"\">",
        "<img src=a.png alt>",
        "<img src=a.png title=市徽>",
        "<img src=a.png aria-hidden=true>",
        "<img src=a.png role=presentation>",
        "<img src=a.png style='Display: None'>",
        "<img src=count.gif width=1 height=1>",
        "<img id=later>",
        "<img src=a.png :alt=name>",
        "<noscript><img src=a.png></noscript><template><img src=a.png></template>",
        "<!-- <img src=a.png> -->",
    ]);
    once("area-alt", &["<map><area href=/x coords=1></map>"]);
    never(&["<area href=/x alt=政务公开>", "<area nohref>"]);
    once("input-image-alt", &["<input type=image src=go.png>"]);
    never(&["<input type=image src=go.png alt=搜索>"]);
}

#[test]
fn links_and_buttons() {
    once(
        "link-text",
        &[
            "<a href=/x></a>",
            "<a href=/x>&nbsp; </a>",
            "<a href=/x><i class=icon></i></a>",
            "<a href=/x><img src=a.png alt=''></a>",
            "<a href='javascript:void(0)'><span></span></a>",
        ],
    );
    never(&[
        "<a href=/x>文</a>",
        "<a href=/x><img src=a.png alt=首页></a>",
        "<a href=/x title=首页></a>",
        "<a href=/x aria-label=首页></a>",
        "<a href=/x><span title=首页></span></a>",
        "<a name=top></a>",
        "<a id=weather href=/x></a>",
        "<a href=/x><span id=weather></span></a>",
        "<a href=/x><svg><title>首页</title></svg></a>",
        "<a href=/x><script>document.write('首页')</script></a>",
        "<a href=/x style='display:none'></a>",
        "<a href=/x v-text=name></a>",
        "<a href=/x>",
    ]);
    assert_eq!(found("<a href=/x><a href=/y></a>"), [("link-text".to_owned(), 1)]);
    once("button-text", &["<button></button>", "<input type=button>", "<button><i></i></button>"]);
    never(&["<button>搜索</button>", "<input type=button value=搜索>", "<input type=submit>"]);
    let long = format!("<a href='{}'></a>", "x".repeat(5000));
    assert_eq!(found(&long), [], "what is not kept is not judged");
}

#[test]
fn fields() {
    once(
        "form-label",
        &[
            "<input name=q>",
            "<input type=text placeholder=请输入关键字>",
            "<td>姓名</td><td><textarea name=t></textarea></td>",
            "<select id=s></select><label for=t>类别</label>",
        ],
    );
    never(&[
        "<label for=q>搜索</label><input id=q>",
        "<input id=q><p><label for=q>搜索</label>",
        "<label>搜索 <input name=q></label>",
        "<input title=搜索><input aria-label=搜索><input aria-labelledby=x>",
        "<input type=hidden><input type=submit><input type=reset><input type=checkbox>",
        "<input style='display: none;'>",
    ]);
    once("duplicate-id", &["<label for=q>甲</label><input id=q title=x><input id=q title=y>"]);
    never(&["<div id=q></div><input id=q title=x><input id=q title=y>"]);
    let many: String = (0..1000).map(|at| format!("<label for=l{at}></label>")).collect();
    never(&[&format!("{many}<input id=x>")]);
}

#[test]
fn the_page_as_a_whole() {
    let page =
        |html: &str, title: &str, body: &str| format!("<{html}><title>{title}</title>{body}");
    once("lang", &[&page("html", "首页", ""), &page("html lang=''", "首页", "")]);
    never(&[&page("HTML Lang=zh-CN", "首页", ""), &page("html xml:lang=zh", "首页", ""), "<p>文"]);
    once("title", &["<html lang=zh>", &page("html lang=zh", "&nbsp;", "")]);
    once(
        "title",
        &["<html lang=zh><svg><title>图</title></svg>", "<html lang=zh><title></title><p>文"],
    );
    let long = "文".repeat(1000);
    once("heading-missing", &[&page("html lang=zh", "首页", &long)]);
    never(&[
        &page("html lang=zh", "首页", &format!("<h2>题</h2>{long}")),
        &page("html lang=zh", "首页", &long[3..]),
    ]);
    once("heading-order", &["<h2>一</h2><h4>二</h4><h3>三</h3>"]);
    never(&["<h3>一</h3><h4>二</h4><h1>三</h1><h2>四</h2>"]);
    once("refresh", &["<meta http-equiv=Refresh content='5; url=/index.html'>"]);
    never(&[
        "<meta http-equiv=refresh content='0;url=/x'>",
        "<meta http-equiv=refresh content=86400>",
    ]);
    once(
        "zoom",
        &[
            "<meta name=viewport content='width=device-width, user-scalable=no'>",
            "<meta name=viewport content='maximum-scale=1.0,user-scalable=0'>",
        ],
    );
    never(&["<meta name=viewport content='initial-scale=1, maximum-scale=5, user-scalable=yes'>"]);
}

#[test]
fn frames_media_and_order() {
    once("frame-title", &["<iframe src=/x></iframe>", "<frame name=main src=/x>"]);
    never(&[
        "<iframe src=/x title=天气></iframe>",
        "<iframe src=/x width=0 height=0></iframe>",
        "<iframe name=post></iframe>",
        "<iframe src=about:blank></iframe>",
    ]);
    once(
        "autoplay",
        &["<video autoplay src=/x></video>", "<bgsound src=/x>", "<embed autostart=true>"],
    );
    never(&["<video autoplay muted></video>", "<video src=/x></video>"]);
    once("marquee", &["<marquee>欢迎</marquee>", "<blink>新</blink>"]);
    once("tabindex", &["<a href=/ tabindex=1>首页</a>", "<input title=搜索 tabindex=3>"]);
    never(&["<a href=/ tabindex=-1>首页</a>", "<button tabindex=0>搜索</button>"]);
}

#[test]
fn tables_of_data() {
    let rows = "<tr><td>甲<td>1</tr>".repeat(3);
    once(
        "table-header",
        &[
            &format!("<table border=1>{rows}</table>"),
            &format!("<table><caption>名单</caption>{rows}</table>"),
        ],
    );
    never(&[
        &format!("<table>{rows}</table>"),
        &format!("<table border=0>{rows}</table>"),
        &format!("<table border=1><tr><th>名<th>数</tr>{rows}</table>"),
        &format!("<table border=1>{rows}<tr><td colspan=2>合计</tr></table>"),
        &format!("<table border=1>{rows}<tr><td>一格</tr></table>"),
        &format!("<table border=1><tr><td><table>{rows}</table></tr></table>"),
        &format!("<table border=1>{rows}"),
    ]);
}

#[test]
fn the_first_place_is_shown_and_the_rest_is_counted() {
    let page = "<img\n src='a.png'\tclass=x><img src=b.png>".to_owned() + &"<img src=c>".repeat(98);
    let found = barriers(&page);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].count, found[0].snippet.as_str()), (100, "<img src='a.png' class=x>"));
    assert!(found[0].title.contains("alt") && found[0].reference.starts_with("GB/T 37668"));
    let long = format!("<img src='{}'>", "文".repeat(5000));
    assert_eq!(barriers(&long)[0].snippet.chars().count(), SNIPPET);
    assert_eq!(
        barriers("<a href=/x><img src=a alt=''></a>")[0].snippet,
        "<a href=/x><img alt=\"\"></a>"
    );
}
