//! What is a link on a page, and what is none.

use xuncha_model::facts::page::Origin;

use super::*;
use crate::page::{PageRead, read};

fn page(text: &str) -> PageRead {
    read(&Given {
        url: &"https://www.a.gov.cn/zw/index.html".parse().unwrap(),
        origin: Origin::Given,
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        status: 200,
        headers: &[],
        text,
        encoding: "UTF-8",
        declared_encoding: "",
    })
}

/// `path words how`, the own host left out.
fn shown(text: &str) -> Vec<String> {
    let links = page(text).links;
    let shown = links.iter().map(|link| {
        let how = serde_json::to_value(link.how).unwrap();
        let url = link.url.as_str();
        let url = url.strip_prefix("https://www.a.gov.cn").unwrap_or(url);
        format!("{url} {} {}", link.text, how.as_str().unwrap())
    });
    shown.collect()
}

#[test]
fn anchors_have_words() {
    assert_eq!(
        shown(
            "<A HREF='a.html?x=1&amp;y=2'> 通知\n<b>公告</b>&nbsp;一</A><a href=b.html title='全称'></a>\
             <a href=c.html><img src=c.png alt='图片新闻'></a><a href=d.html>未闭合<a href=e.html>后一个</a>\
             <area href=f.html alt=地图><a name=x>锚</a><a href=#>顶</a><a href=''>空</a><a href=mailto:x@y.cn>信</a>\
             <a href=g.html><p>标题</p><span>2026-11-20</span></a>"
        ),
        [
            "/zw/a.html?x=1&y=2 通知 公告 一 anchor",
            "/zw/b.html 全称 anchor",
            "/zw/c.html 图片新闻 anchor",
            "/zw/c.png 图片新闻 media",
            "/zw/d.html 未闭合 anchor",
            "/zw/e.html 后一个 anchor",
            "/zw/f.html 地图 anchor",
            "/zw/g.html 标题 2026-11-20 anchor",
        ]
    );
}

#[test]
fn an_address_counts_once_with_the_best_words() {
    assert_eq!(
        shown(
            "<img src=/x.jpg alt=小图><a href=/x.jpg>大图</a><a href=/b.html><img src=/l.png></a>\
             <a href=/b.html>正文</a><a href=https://www.a.gov.cn/b.html>又</a><div class=nav><a href=/b.html>栏目</a></div>"
        ),
        ["/x.jpg 大图 anchor", "/b.html 栏目 menu", "/l.png  media"]
    );
}

#[test]
fn menus_are_told_from_the_rest() {
    assert_eq!(
        shown(
            "<nav><ul><li><a href=/1/>一</a></li></ul></nav><a href=/2/>二</a>\
             <div id=mainMenu><div><a href=/3/>三</a></div><a href=/4/>四</a></div><a href=/5/>五</a>\
             <div class='breadcrumb nav'><a href=/6/>六</a></div>"
        ),
        [
            "/1/ 一 menu",
            "/2/ 二 anchor",
            "/3/ 三 menu",
            "/4/ 四 menu",
            "/5/ 五 anchor",
            "/6/ 六 anchor"
        ]
    );
    let open = format!(
        "<div class=nav><a href=/1/>一</a>{}<a href=/2/>二</a>",
        "<p>正文文字</p>".repeat(60)
    );
    assert_eq!(shown(&open), ["/1/ 一 menu", "/2/ 二 anchor"], "a menu without an end");
}

#[test]
fn base_frames_refreshes_and_what_is_loaded() {
    assert_eq!(
        shown(
            "<a href=x.html>前</a><base href='//b.gov.cn/d/'><a href=x.html>后</a><frame src=top.htm>\
             <meta http-equiv=Refresh content=\"0; URL = 'n.html'\"><script src=j.js></script>\
             <link rel=stylesheet href=s.css><link rel=icon href=i.ico><img src=p.png srcset='p2.png 2x, p3.png 3x'>\
             <video src=v.mp4 poster=v.jpg></video><form action=/no></form><!-- <a href=no.html> -->\
             <noscript><a href=no.html></noscript><iframe src=about:blank></iframe><img src=lazy.gif data-original=big.jpg>"
        ),
        [
            "/zw/x.html 前 anchor",
            "https://b.gov.cn/d/x.html 后 anchor",
            "https://b.gov.cn/d/top.htm  frame",
            "https://b.gov.cn/d/n.html  refresh",
            "https://b.gov.cn/d/j.js  code",
            "https://b.gov.cn/d/s.css  code",
            "https://b.gov.cn/d/p.png  media",
            "https://b.gov.cn/d/p2.png  media",
            "https://b.gov.cn/d/p3.png  media",
            "https://b.gov.cn/d/v.mp4  media",
            "https://b.gov.cn/d/v.jpg  media",
            "https://b.gov.cn/d/big.jpg  media",
            "https://b.gov.cn/d/lazy.gif  media",
        ]
    );
}

#[test]
fn refreshes_are_written_in_many_ways() {
    for (content, address) in [
        ("0;url=/a.html", Some("/a.html")),
        (" 3 , URL='/a.html' x", Some("/a.html")),
        ("0;/a.html", Some("/a.html")),
        ("0.5; url = \"/a.html", Some("/a.html")),
        ("5", None),
        ("", None),
        ("url=/a.html", Some("/a.html")),
    ] {
        assert_eq!(refreshes_to(content), address, "{content}");
    }
}

#[test]
fn clicks_and_data_lead_somewhere() {
    assert_eq!(
        shown(
            "<a href='javascript:void(0)' onclick=\"window.open('/1.html')\">一</a>\
             <a href=\"javascript:window.open(&quot;/2.html&quot;)\">二</a><a href=\"javascript:go('%2Fx',1)\">无</a>\
             <li onclick='location.href=\"/3.html\"'><p>三</p></li><a href='#' data-href='/4.html'>四</a>\
             <a href=/5.html data-url=/api/5.html>五</a><div data-url=/api/list>无</div>\
             <select onchange='open(this.value)'><option>请选择<option value='http://b.gov.cn/'>乙市</select>\
             <input type=button value=六 onclick=\"location='/6.html'\"><td onclick=tab(1)>无</td>\
             <a href=/7.html>七<span onclick=like(1)>赞</span></a>"
        ),
        [
            "/1.html 一 script",
            "/2.html 二 script",
            "/3.html 三 script",
            "/4.html 四 script",
            "/5.html 五 anchor",
            "http://b.gov.cn/ 乙市 script",
            "/6.html 六 script",
            "/7.html 七赞 anchor",
        ]
    );
}

#[test]
fn scripts_hold_rows_and_write_anchors() {
    assert_eq!(
        shown(
            "<script>document.write('<a href=\"/w.html\">写出</a>'); var rows=[{\"title\":\"标题\",\"url\":\"/r.html\"}]</script>\
             <script type=application/json>{\"list\":[{\"name\":\"乙\",\"link\":\"//b.gov.cn/x\"}]}</script>"
        ),
        ["/r.html 标题 script", "/w.html 写出 anchor", "https://b.gov.cn/x 乙 script"]
    );
}

#[test]
fn links_are_counted_by_where_they_lead() {
    let facts = page(
        "<a href=/a.html></a><a href=http://a.gov.cn/b></a><a href=/f.doc></a><a href=http://b.gov.cn/></a>\
         <a href=http://b.gov.cn/x.pdf></a><img src=/i.png><script src=/j.js></script><script>您将离开本站</script>",
    )
    .facts;
    let counted = LinkCounts { inner: 2, attachment: 2, foreign: 1, loaded: 2 };
    assert_eq!((facts.links, facts.leaving_notice), (counted, true));
}

#[test]
fn hostile_pages_are_read_in_linear_time_and_bounded() {
    let begun = std::time::Instant::now();
    let pieces = [
        "<a href=x>",
        "<a href=x onclick=open('/y.html')>",
        "<div class=nav>",
        "<base href=/x/>",
        "</div>",
        "<li onclick=\"open('/a.html')\">",
        "<option value=http://b.cn>",
        "<a href='java\nscript:x'>",
        "<a href=//>",
        "<script>open('/a.html')</script>",
        "<img srcset=',,,,'>",
    ];
    for piece in pieces {
        let text = piece.repeat((1 << 19) / piece.len());
        assert!(page(&text).links.len() <= MOST, "{piece}");
    }
    let many: String =
        (0..30_000).map(|number| format!("<a href=/{number}>{number}</a>")).collect();
    assert_eq!(page(&many).links.len(), MOST);
    assert!(begun.elapsed().as_secs() < 60);
}
