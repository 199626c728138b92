//! What was found stands in clear nowhere.

use super::*;

/// A page that holds one number in every place that ends up in facts.
pub(super) fn leaking(number: &str, phones: &[String]) -> String {
    let half = &number[..9];
    let rest = &number[9..];
    let phones: String =
        phones.iter().map(|phone| format!("<tr><td>某人</td><td>{phone}</td></tr>")).collect();
    format!(
        "<html><head><title>公示 {number} 张三</title><meta name=\"keywords\" content=\"{number}\">\
         <meta name=\"ArticleTitle\" content=\"{number}\"></head><body>\
         <h1>公示名单</h1><p>来源：{number}</p>\
         <ul><li><a href=\"/zw/2.html\">张三{number}的公示</a><span>2026-11-22</span></li>\
         <li><a href=\"/zw/3.html\">很长的标题很长的标题很长的标题很长的标题很长的标题很长的标题很长的标题很长的标题很长的标题很长的标题很长的标题很长的标题很长的{number}</a><span>2026-11-22</span></li>\
         <li><a href=\"/person?id={number}\">查看</a><span>2026-11-21</span></li></ul>\
         <img src=\"/{number}.jpg\" alt=\"\"><img src=\"/a.jpg?{number}\">\
         <form action=\"/do?idcard={number}\"><input name=\"x\" value=\"{number}\"></form>\
         <a href=\"\"><b>{half}</b>{rest}</a>\
         <p>身份证号：{half}<b>{rest}</b></p>\
         <table><tr><th>姓名</th><th>手机</th></tr>{phones}</table></body></html>"
    )
}

#[test]
fn nothing_that_was_read_of_a_page_holds_them() {
    let number = id("41272719800203101");
    let phones: Vec<String> = (1..=6).map(|at| format!("1380394000{at}")).collect();
    let url = format!("https://www.luyi.gov.cn/zw/{number}.html");
    let read = page_at(&url, &leaking(&number, &phones));
    assert_clean(&read, &number);
    phones.iter().for_each(|phone| assert_clean(&read, phone));
    let kinds: Vec<_> =
        read.facts.content.privacy.iter().map(|it| (it.kind.as_str(), it.part.as_str())).collect();
    assert_eq!(kinds, [("id", ""), ("phone", ""), ("id", "address")]);
    assert!(read.links.iter().any(|link| link.url.path() == "/zw/2.html"));
    assert!(read.text.contains("身份证号：41*************"), "{}", read.text);
    assert_eq!(read.facts.newest.date, "2026-11-22");
}

pub(super) fn assert_clean(read: &PageRead, number: &str) {
    let told = [
        serde_json::to_string(&read.facts).unwrap(),
        serde_json::to_string(&read.links).unwrap(),
        serde_json::to_string(&read.rows).unwrap(),
        format!("{read:?}"),
    ];
    for told in told {
        for part in [number, &number[..9], &number[number.len() - 9..]] {
            if let Some(at) = told.find(part) {
                let around = around::before(&told, at + part.len(), 120);
                panic!("{part} stands in the clear: {around}");
            }
        }
    }
}

#[test]
fn few_phones_and_those_of_offices_stay() {
    let read = page("<p>举报电话：13803940001</p><p>姓名：张三 13803940002</p>");
    assert!(read.text.contains("13803940001") && read.text.contains("13803940002"));
    assert_eq!(read.facts.content.privacy, []);
}

#[test]
fn the_source_is_looked_through() {
    let number = id("41272719800203101");
    for html in [
        format!("<p data-idcard=\"{number}\">张三</p>"),
        format!("<input value='{number}'>"),
        format!("<!-- 张三 {number} -->"),
        format!("<script>var a = {{\"name\":\"张三\",\"sfzh\":\"{number}\"}}</script>"),
        format!("<p title={number}>张三</p>"),
    ] {
        let read = page(&html);
        assert_clean(&read, &number);
        let told: Vec<_> = read
            .facts
            .content
            .privacy
            .iter()
            .map(|it| (it.kind.as_str(), it.part.as_str()))
            .collect();
        assert_eq!(told, [("id", "source")], "{html}");
    }
    for html in [
        format!("<img src=\"/upload/{number}_1.jpg\">"),
        format!("<a href=\"/{number}.doc\">张三</a>"),
        format!("<a href=\"/p?id={number}\">张三</a>"),
    ] {
        let read = page(&html);
        assert_clean(&read, &number);
        let told: Vec<_> = read.facts.content.privacy.iter().map(|it| it.part.as_str()).collect();
        assert_eq!((told.as_slice(), read.links.len()), (["address"].as_slice(), 0), "{html}");
    }
    for html in [
        format!("<a href=\"/content/{number}.html\">x</a>"),
        format!("<a href=\"/content/{number}/\">x</a>"),
        format!("<p data-order=\"订单号：{number}\">x</p>"),
        format!("<input placeholder=\"例如{number}\">"),
        format!("<i class=\"a{number}\">"),
        "<input placeholder=\"11010519491231002X\">".to_owned(),
        format!("<td>统一社会信用代码</td><td>{number}</td><p>订单号：<b>{number}</b></p>"),
        format!("<p data-id=\"{}\">", id("41160020231201001")),
    ] {
        assert_eq!(page(&html).facts.content.privacy, [], "{html}");
    }
}

#[test]
fn titles_and_addresses_elsewhere_are_masked_too() {
    let number = id("41272719800203101");
    let shown = format!("41*************{}", &number[15..]);
    assert_eq!(masked(&format!("公示 {number}")), format!("公示 {shown}"));
    assert!(matches!(masked("关于做好2026年工作的通知"), Cow::Borrowed(_)));
    let reported = |url: &str| crate::address::reported(&url.parse().unwrap());
    assert_eq!(
        reported(&format!("http://a.cn/p?idcard={number}&sid=1")),
        format!("http://a.cn/p?idcard={shown}")
    );
    assert_eq!(
        reported(&format!("http://a.cn/{number}.html")),
        format!("http://a.cn/{shown}.html")
    );
    let child = id("41162320150607001");
    assert_eq!(reported(&format!("http://a.cn/{child}.html")), format!("http://a.cn/{child}.html"));
    assert!(!reported(&format!("http://a.cn/?sfzh={child}")).contains(&child));
    let card = card("622848071234567890");
    assert!(!reported(&format!("http://a.cn/?c={card}")).contains(&card));
    assert!(reported(&format!("http://a.cn/{card}/")).contains(&card));
    let title = crate::title::title(&format!("<title>张三{number}</title>"));
    assert_eq!(title, format!("张三{shown}"));
}

#[test]
fn coded_numbers_are_masked_with_the_rest() {
    let number = id("41272719800203101");
    let coded: String = number.bytes().map(|sign| format!("&#{sign};")).collect();
    let percent: String = number.bytes().map(|sign| format!("%{sign:x}")).collect();
    let read = page(&format!(
        "<p>身份证号：{coded}</p><img src=\"/a{percent}.jpg\"><a href=\"/{percent}\">x</a>"
    ));
    assert_eq!(read.facts.content.privacy.first().map(|it| it.kind.as_str()), Some("id"));
    let told = format!("{read:?}");
    assert!(!told.contains(&coded[..40]) && !told.contains(&percent[..30]), "{told}");
}

#[test]
fn the_facts_of_a_file_are_masked() {
    let number = id("41272719800203101");
    let text = format!("身份证号：{number}");
    let mut file = FileFacts { name: format!("张三{number}.doc"), ..FileFacts::default() };
    file.content.privacy = private_in(&text, "第1页");
    file.content.wording = vec![Wrong { snippet: text.clone(), ..Wrong::default() }];
    conceal_file(&mut file, [text.as_str()].into_iter());
    assert!(!format!("{file:?}").contains(&number[..9]));
    assert_eq!(file.content.privacy.len(), 1);
    assert!(file.name.starts_with("张三41***"));
}
