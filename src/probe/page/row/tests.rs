//! Lists as real pages write them, each trap by itself.

use super::*;
use crate::markup::Tokens;

fn at() -> DateTime<Utc> {
    "2026-11-24T02:00:00Z".parse().unwrap()
}

fn read(page: &str) -> Vec<Row> {
    let base = "https://www.a.gov.cn/zwgk/tz/".parse().unwrap();
    let mut rows = Rows::default();
    Tokens::new(page).for_each(|token| rows.read(token, &base));
    rows.finish(at(), |_| None)
}

/// Title, date and where it stands.
fn shown(page: &str) -> Vec<(String, String, String)> {
    read(page)
        .into_iter()
        .map(|row| {
            (
                row.title,
                row.date.map(|date| date.to_string()).unwrap_or_default(),
                row.from.into_owned(),
            )
        })
        .collect()
}

fn row(title: &str, date: &str, from: &'static str) -> (String, String, String) {
    (title.to_owned(), date.to_owned(), from.to_owned())
}

const TITLE: &str = "关于开展安全生产检查的通知";
const OTHER: &str = "全市经济运行情况新闻发布会召开";

fn both(a: &str, b: &str, from: &'static str) -> Vec<(String, String, String)> {
    vec![row(TITLE, a, from), row(OTHER, b, from)]
}

#[test]
fn the_lists_are_read() {
    let list = include_str!("../../../../rules/lists/dates.yaml");
    assert_eq!(lists::parsed::<List>(list).err(), None);
}

#[test]
fn dates_beside_titles_belong_to_them() {
    for page in [
        "<ul><li><a href=1.html>T</a><span>2026-11-22</span></li><li><a href=2.html>O</a><span>2026-11-20</span></li></ul>",
        "<ul><li><span>[2026-11-22]</span><a href=1.html>T</a><li><span>[2026-11-20]</span><a href=2.html>O</a></ul>",
        "<table><tr><td>1<td><a href=1.html>T</a><td>2026/11/22<tr><td>2<td><a href=2.html>O</a><td>2026/11/20</table>",
        "<td><a href=1.html>T</a> (11-22)<br><a href=2.html>O</a> (11-20)<br></td>",
        "<div class=list><div class=it><div class=t><a href=1.html>T</a></div><div class=d>2026.11.22</div></div>\
         <div class=it><div class=t><a href=2.html>O</a></div><div class=d>2026.11.20</div></div></div>",
        "<dl><dt><a href=1.html>T</a></dt><dd>2026年11月22日</dd><dt><a href=2.html>O</a></dt><dd>2026年11月20日</dd></dl>",
        "<ul><li><b>22</b><i>2026-11</i><a href=1.html>T</a></li><li><b>20</b><i>2026-11</i><a href=2.html>O</a></li></ul>",
        "<li><div><div>22</div><div>2026/11</div></div><a href=1.html>T</a></li><li><div><div>20</div><div>2026/11</div></div><a href=2.html>O</a></li>",
        "<li><div>11/22<p>2026</p></div><a href=1.html>T</a><p>摘要摘要摘要</p></li><li><div>11/20<p>2026</p></div><a href=2.html>O</a></li>",
        "<li><a href=1.html><span>T</span><em>2026-11-22</em></a></li><li><a href=2.html><span>O</span><em>2026-11-20</em></a></li>",
        "<li><a href=1.html>[11-22] T</a></li><li><a href=2.html>[11-20] O</a></li>",
        "<li><a href=1.html data-date='2026-11-22'>T</a></li><li><a href=2.html data-date='2026-11-20'>O</a></li>",
        "<li data-time='2026-11-22 08:00:00'><a href=1.html>T</a></li><li data-time='2026-11-20 08:00:00'><a href=2.html>O</a></li>",
        "<li><a href=1.html>T</a><time datetime=2026-11-22>昨日</time></li><li><a href=2.html>O</a><time datetime=2026-11-20>前些天</time></li>",
        "<p><a href=1.html>T</a>　2026-11-22 09:24</p><p><a href=2.html>O</a>　2026-11-20 10:10</p>",
        "<li>[<a href=/jyj/>市教育局</a>] <a href=1.html>T</a> 11-22</li><li>[<a href=/jyj/>市教育局</a>] <a href=2.html>O</a> 11-20</li>",
        "<li><a href=1.html><img src=a.jpg></a><a href=1.html>T</a><span>浏览：123</span><span>2026-11-22</span></li>\
         <li><a href=2.html><img src=b.jpg></a><a href=2.html>O</a><span>浏览：9</span><span>2026-11-20</span></li>",
        "<div style='display:none'><ul><li><a href=1.html>T</a><span>2026-11-22</span></li><li><a href=2.html>O</a><span>2026-11-20</span></ul></div>",
        "<li><a href=1.html title='T'>关于开展安全…</a>2026-11-22</li><li><a href=2.html title='O'>全市经济...</a>2026-11-20</li>",
        "<li><a href='javascript:void(0)' data-url=1.html>T</a>2026-11-22</li><li><a href='javascript:;' onclick=\"go('/2.html')\">O</a>2026-11-20</li>",
        "<li>T<span>2026-11-22</span></li><li>O<span>2026-11-20</span></li>",
        "<tr><td>1<td>T<td>2026-11-22<tr><td>2<td>O<td>2026-11-20",
        "<script>var a=[{\"title\":\"T\",\"url\":\"1.html\",\"pubdate\":\"2026-11-22 10:00\"},{\"title\":\"O\",\"url\":\"2.html\",\"pubdate\":\"2026-11-20\"}]</script>",
    ] {
        let page = page.replace('T', TITLE).replace('O', OTHER);
        assert_eq!(shown(&page), both("2026-11-22", "2026-11-20", "row"), "{page}");
    }
}

#[test]
fn a_date_may_stand_in_the_address_or_be_told_from_today() {
    let page = format!(
        "<ul><li><a href=202611/t20261122_1.html>{TITLE}</a><li><a href=/2026/11/20/2.html>{OTHER}</a></ul>"
    );
    assert_eq!(shown(&page), both("2026-11-22", "2026-11-20", "address"));
    let page = format!(
        "<li><a href=1>{TITLE}</a><i>昨天</i></li><li><a href=2>{OTHER}</a><i>3天前</i></li>"
    );
    assert_eq!(shown(&page), both("2026-11-23", "2026-11-21", "relative"));
}

#[test]
fn a_list_without_dates_is_several_titles() {
    let page = format!("<ul><li><a href=1>{TITLE}</a><li><a href=2>{OTHER}</a></ul>");
    assert_eq!(shown(&page), both("", "", ""));
    assert_eq!(shown(&format!("<div><a href=1>{TITLE}</a></div>")), []);
}

#[test]
fn furniture_is_no_row() {
    for page in [
        "<div class=top>今天是2026年11月24日 星期二 <a href=/wza>网站无障碍浏览</a></div>",
        "<div class=top>今天是<span>2026年11月24日</span> 星期二<a href=/wza>政务服务平台入口</a></div>",
        "<div class=top><span>2026-11-24</span><a href=/wza>适老化服务专区</a></div>",
        "<div class=nav><ul><li><a href=/a>政府信息公开指南与公开目录</a><li><a href=/b>法定主动公开内容与年度报告</a></ul></div>",
        "<ul><li><a href=/a>首页</a><li><a href=/b>政务公开</a><li><a href=/c>通知公告</a><li><a href=/c>政策文件</a></ul>",
        "<div>当前位置：<a href=/>首页</a> &gt; <a href=/a>政务公开</a> &gt; <a href=/b>通知公告</a></div>",
        "<div><a href=1>上一页</a><a href=1>1</a><a href=2>2</a><a href=9>末页</a> 2026-11-22</div>",
        "<footer><a href=/map>网站地图和网站声明</a> 版权所有 2026-11-22</footer>",
        "<div class=foot><a href=/x>周口市人民政府主办的网站</a><span>2026-11-22</span></div>",
        "<ul><li><a href=https://www.b.gov.cn/>中华人民共和国中央人民政府网</a><li><a href=https://www.c.gov.cn>河南省人民政府门户网站</a></ul>",
        "<h1>关于放假的通知</h1><div>发布时间：2026-11-22 10:00 来源：市政府 <a href='javascript:window.print()'>打印本页</a></div>",
        "<div>更新时间：2026-11-22 <a href=/tj>网站访问统计数据公开</a></div>",
        "<tr><td>发布机构<td>周口市人民政府<td>发布日期<td>2026-11-22</tr>",
        "<li>报名截止日期：2026-11-30 <a href=1>公务员考试报名入口</a></li>",
        "<tr><th>标题<th>发布日期</tr>",
        "<p>电话：0394-8269999 <a href=1>市长热线</a></p>",
        "<li><a href=1>更多&gt;&gt;</a> 2026-11-22</li>",
    ] {
        assert_eq!(shown(page), [], "{page}");
    }
}

#[test]
fn a_date_inside_a_title_is_part_of_it() {
    let page = "<ul><li><a href=1>2025年1月5日空气质量日报</a><span>2026-11-22</span><li><a href=2>2025年1月6日空气质量日报</a></ul>";
    let expected = [
        row("2025年1月5日空气质量日报", "2026-11-22", "row"),
        row("2025年1月6日空气质量日报", "", ""),
    ];
    assert_eq!(shown(page), expected);
}

#[test]
fn the_newest_row_lies_not_in_the_future() {
    let page = format!(
        "<ul><li><a href=1.html>{OTHER}</a><i>2026-12-30</i><li><a href=2.html;jsessionid=A>{TITLE}</a><i>[11-22]</i><li><a href=3.html>{OTHER}</a><i>2026-11-20</i></ul>"
    );
    let rows = read(&page);
    assert_eq!(rows.len(), 3);
    let newest = newest(&rows, at());
    assert_eq!((newest.date.as_str(), newest.written.as_str()), ("2026-11-22", "[11-22]"));
    assert_eq!((newest.row.as_str(), newest.from.as_str()), (TITLE, "row"));
    assert_eq!(newest.url, "https://www.a.gov.cn/zwgk/tz/2.html");
    assert_eq!(super::newest(&[], at()), Newest::default());
}

#[test]
fn hostile_pages_are_read_in_linear_time() {
    let begun = std::time::Instant::now();
    for piece in [
        "<li>",
        "<div>",
        "<a href=x>",
        "<td>2026-11-22",
        "<a href=1>标题标题标题</a>",
        "22 <b>",
        "</div>",
        "<p><a>",
        "<ul><li><a href=1>标题标题标题标题</a>",
        "<a href=1 title=2026-11-22>2026-11-22",
    ] {
        let page = piece.repeat((1 << 20) / piece.len());
        assert!(read(&page).len() <= MOST);
    }
    // quadratic time would be hours; seconds leave room for a busy machine
    assert!(begun.elapsed().as_secs() < 60);
}
