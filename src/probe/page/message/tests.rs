//! Messages in tables, lines and blocks, and what is none.

use url::Url;
use xuncha_model::facts::page::Origin;

use super::*;
use crate::page::read;

fn told(url: &str, title: &str, body: &str) -> Vec<String> {
    let url: Url = url.parse().unwrap();
    let text = format!("<title>{title}</title>{body}");
    let given = Given {
        url: &url,
        origin: Origin::Given,
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        status: 200,
        headers: &[],
        text: &text,
        encoding: "UTF-8",
        declared_encoding: "",
    };
    let messages = read(&given).facts.messages;
    let shown = |message: Message| {
        let state = if message.replied { "answered" } else { "waits" };
        let days = message.waited_days.seen().map_or("?".to_owned(), ToString::to_string);
        format!("{} {} {} {state} {days}", message.title, message.asked, message.answered)
    };
    messages.into_iter().map(shown).collect()
}

fn mailbox(body: &str) -> Vec<String> {
    told("https://www.a.gov.cn/hd/1.html", "领导信箱-某市人民政府", body)
}

#[test]
fn the_list_is_read() {
    assert_eq!(list::parsed().err(), None);
}

#[test]
fn a_column_that_is_empty_in_every_row_says_nothing() {
    let rows = |answered: &str| {
        format!(
            "<table><tr><th>标题<th>来信时间<th>答复时间</tr><tr><td>关于路灯的建议<td>2026-03-01<td></tr>\
             <tr><td>关于停水的咨询<td>2026-03-02<td>{answered}</tr></table>"
        )
    };
    assert_eq!(mailbox(&rows("")), [""; 0]);
    assert_eq!(mailbox(&rows("2026-03-05")).len(), 2);
}

#[test]
fn rows_of_tables_are_messages() {
    let table = "<table><tr><th>序号<th>标题<th>来信时间<th>答复时间<th>状态</tr>\
        <tr><td>1<td><a href=/m/1.html>关于道路破损的咨询</a><td>2026-08-01<td>2026-08-04<td>已办结</tr>\
        <tr><td>2<td><a href=/m/2.html>关于路灯不亮的投诉</a><td>2026/07/20<td></td><td>处理中</tr>\
        <tr><td>3<td>小区停水何时恢复<td>2026年11月20日<td>-<td>已受理</tr>\
        <tr><td>4<td>写错的来信没有状态<td>2026-11-20<td><td></tr></table>";
    assert_eq!(
        mailbox(table),
        [
            "关于道路破损的咨询 2026-08-01 2026-08-04 answered 3",
            "关于路灯不亮的投诉 2026-07-20  waits 127",
            "小区停水何时恢复 2026-11-20  waits 4",
        ]
    );
    let dates = "<table><tr><td>留言标题<td>留言时间<td>回复时间</tr><tr><td>关于入学的咨询<td>2026-01-05<td></tr>\
        <tr><td>关于社保的咨询<td>2026-01-05<td>2026-01-07</tr></table>";
    let seen = told("https://www.a.gov.cn/x/", "某局", dates);
    assert_eq!(
        seen,
        ["关于入学的咨询 2026-01-05  waits 323", "关于社保的咨询 2026-01-05 2026-01-07 answered 2"]
    );
}

#[test]
fn the_address_of_a_message_is_that_of_its_link() {
    let url: Url = "https://www.a.gov.cn/ldxx/".parse().unwrap();
    let text = "<table><tr><td>标题<td>来信时间<td>状态</tr><tr><td><a href=2.html>关于路灯不亮的投诉</a><td>2026-07-20<td>未回复</tr></table>";
    let given = Given {
        url: &url,
        origin: Origin::Given,
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        status: 200,
        headers: &[],
        text,
        encoding: "UTF-8",
        declared_encoding: "",
    };
    let messages = read(&given).facts.messages;
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].url, "https://www.a.gov.cn/ldxx/2.html");
}

#[test]
fn lines_and_labels_are_messages_too() {
    let lines = "<ul><li><a href=1>关于入学的咨询</a> <span>2026-10-10</span> <span>[待回复]</span></li>\
        <li>[已答复] <a href=2>关于社保的咨询</a> 2026-10-11</li><li><a href=3>关于未回复来信的说明</a> 2026-10-12</li></ul>";
    assert_eq!(
        mailbox(lines),
        ["关于入学的咨询 2026-10-10  waits 45", "关于社保的咨询   answered ?"]
    );
    let blocks = "<div><p>关于入学的咨询</p><p>留言时间：2026-10-10 回复时间：2026-10-12 状态：已回复</p></div>\
        <div><p>关于社保的咨询</p><p>留言时间：2026-10-10 回复时间： 状态：办理中</p></div>";
    assert_eq!(
        mailbox(blocks),
        ["关于入学的咨询 2026-10-10 2026-10-12 answered 2", "关于社保的咨询 2026-10-10  waits 45"]
    );
}

#[test]
fn a_page_of_its_own_shows_one_message() {
    let page = "<table><tr><td>信件标题<td>关于入学的咨询</tr><tr><td>来信时间<td>2026-10-10 09:00</tr><tr><td>来信内容<td>请问何时报名</tr>\
        <tr><td>答复时间<td>2026-10-12</tr><tr><td>答复内容<td>您好，八月报名。</tr></table>";
    assert_eq!(mailbox(page), ["关于入学的咨询 2026-10-10 2026-10-12 answered 2"]);
    let open = "<h3>关于入学的咨询</h3><p>咨询时间：2026-10-10</p><p>请问何时报名</p><p>答复内容：</p><p>暂无</p>";
    assert_eq!(mailbox(open), ["关于入学的咨询 2026-10-10  waits 45"]);
    let silent = "<h3>关于入学的咨询</h3><p>咨询时间：2026-10-10</p><p>请问何时报名</p>";
    assert!(mailbox(silent).is_empty(), "nobody says whether it was answered");
}

#[test]
fn other_tables_are_no_messages() {
    let projects = "<table><tr><td>标题<td>日期<td>状态</tr><tr><td>某道路改造工程项目<td>2026-01-01<td>处理中</tr></table>";
    assert!(told("https://www.a.gov.cn/x/", "项目进度", projects).is_empty());
    let requests = "<table><tr><td>申请标题<td>标题<td>提交时间<td>答复时间</tr><tr><td>x<td>某文件的公开申请<td>2026-01-01<td></tr></table>";
    assert!(told("https://www.a.gov.cn/x/", "依申请公开", requests).is_empty());
    let petition = "<table><tr><td>标题<td>来信时间<td>状态</tr><tr><td>某某信访事项的来信<td>2026-01-01<td>办理中</tr></table>";
    assert!(told("https://www.a.gov.cn/x/", "网上信访", petition).is_empty());
    assert!(
        told("https://www.a.gov.cn/", "某市人民政府", "<p>时间：2026-01-01 状态：正常</p>")
            .is_empty()
    );
    assert!(mailbox("").is_empty());
}
