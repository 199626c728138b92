//! Numbers of persons and what only looks like them, in the texts of pages and files. All numbers are made up.

mod hostile;
mod veiled;

use url::Url;
use xuncha_model::facts::{
    FileFacts,
    content::{Private, Wrong},
    page::Origin,
};

use super::*;
use crate::page::{Given, PageRead, read};

/// An identity number of a region, a day of birth and an order.
fn id(body: &str) -> String {
    let check = identity::check_character(body.as_bytes()).unwrap();
    format!("{body}{}", char::from(check))
}

/// A card number: the digits and their check digit.
fn card(body: &str) -> String {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(digit - b'0')) {
            (0, digit) => digit * 2 - if digit > 4 { 9 } else { 0 },
            (_, digit) => digit,
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// What is found: kind and count.
fn found(text: &str) -> Vec<(String, u32)> {
    private(text).into_iter().map(|found| (found.kind, found.count)).collect()
}

fn is(kind: &str, count: u32) -> Vec<(String, u32)> {
    vec![(kind.to_owned(), count)]
}

fn wide(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '0'..='9' => char::from_u32(u32::from(char) - 0x30 + 0xff10).unwrap(),
            'X' => '\u{ff38}',
            char => char,
        })
        .collect()
}

fn page(html: &str) -> PageRead {
    page_at("https://www.luyi.gov.cn/zw/1.html", html)
}

fn page_at(url: &str, html: &str) -> PageRead {
    read(&Given {
        url: &Url::parse(url).unwrap(),
        origin: Origin::Given,
        at: "2026-11-24T02:00:00Z".parse().unwrap(),
        status: 200,
        headers: &[],
        text: html,
        encoding: "UTF-8",
        declared_encoding: "",
    })
}

#[test]
fn identity_numbers_are_found_however_they_are_written() {
    let (a, x) = (id("41272719800203101"), id("41162319751105001"));
    assert!(a.len() == 18 && a != x);
    let ending = (1..999)
        .map(|order| id(&format!("41272719900101{order:03}")))
        .find(|number| number.ends_with('X'))
        .unwrap();
    let [first, birth, last] = [&a[..6], &a[6..14], &a[14..]];
    for text in [
        a.clone(),
        format!("张三，身份证号：{a}，住西关"),
        format!("张三{a}"),
        format!("42岁，身份证：{a}。"),
        format!("({a})"),
        format!("姓名\t身份证号\n张三\t{a}\t西关"),
        format!("身份证号：{ending}"),
        format!("身份证号：{}", ending.to_lowercase()),
        format!("身份证号：{}", wide(&ending)),
        format!("身份证号：{}", wide(&a)),
        format!("身份证号：{}×。", &ending[..17]),
        format!("身份证号：{first} {birth} {last}"),
        format!("身份证号：{first}-{birth}-{last}"),
        format!("身份证号：{first}\u{a0}{birth}\u{3000}{last}"),
        format!("身份证号：{} {} {} {}", first, &birth[..4], &birth[4..], last),
        format!("身份证号：{}\u{200b}{}", &a[..9], &a[9..]),
        format!("序号 1 {a} 13803940001"),
        format!("证件号码\n{a}"),
        format!("身份证编号：{a}"),
        format!("订单号：2023001，身份证号：{a}"),
        format!("（身份证号码{a}）"),
        format!("*{a}"),
        format!("身份证号码：{}", id("41160019850607001")),
        format!("考生姓名\t身份证号\n李四\t{}", id("41162320100607001")),
        format!("身份证号：{}", id("65900119990228001")),
        format!("身份证号 {}", id("51010219320815002")),
    ] {
        let first = private(&text).into_iter().next().unwrap_or_else(|| panic!("{text}"));
        assert_eq!((first.kind.as_str(), first.count), ("id", 1), "{text}");
        assert_eq!(first.masked.len(), 18, "{text}");
        assert!(first.masked[2..15].bytes().all(|sign| sign == b'*'), "{text}");
        assert!(!first.context.contains(|char: char| char.is_numeric()), "{text}");
    }
    assert_eq!(found(&format!("{a}、{x}、{a}")), is("id", 2));
}

#[test]
fn old_identity_numbers_must_be_called_so() {
    let old = "412727800203101";
    for text in [
        format!("身份证号：{old}"),
        format!("身份证号码为{old}，"),
        format!("姓名\t身份证号码\n王五\t{old}\t太康"),
    ] {
        assert_eq!(found(&text), is("id", 1), "{text}");
    }
    for text in [
        format!("编号：{old}"),
        format!("身份证，订单{old}"),
        old.to_owned(),
        "身份证号：412727801303101".into(),
        "身份证号：130503670401001".into(),
    ] {
        assert_eq!(found(&text), [], "{text}");
    }
}

#[test]
fn numbers_of_things_are_innocent() {
    let a = id("41272719800203101");
    for text in [
        format!("订单号：{a}"),
        format!("流水号{a}"),
        format!("项目代码：{a}"),
        format!("合同编号 {a}"),
        format!("文号：{a}"),
        format!("档案号：{a}"),
        format!("批准文号：{a}"),
        format!("电子监管号：{a}"),
        format!("统一社会信用代码：{a}"),
        format!("统一社会信用代码\t{a}"),
        format!("例如：{a}"),
        format!("填写样例 {a}"),
        format!("https://www.luyi.gov.cn/zw/{a}.html"),
        format!("/content/{a}.shtml"),
        format!("A{a}"),
        format!("{a}B"),
        format!("1{a}"),
        format!("{a}.25"),
        format!("0.{a}"),
        id("41160020231201001"),
        id("41162320150607001"),
        "身份证号：11010519491231002X".into(),
        "身份证号：440524188001010014".into(),
        "111111111111111111".into(),
        "123456789012345678".into(),
        "20231201101530123456".into(),
        "统一社会信用代码：91350100M000100Y43".into(),
        "统一社会信用代码：124116004187654321".into(),
        "2026-11-24 10:22:33 0394-8261234".into(),
        "豫公网安备 41160002000123号".into(),
        "身份证号：412727198002031010".into(),
        String::new(),
        "共1234567890123456789012345678901234567890件".into(),
    ] {
        assert_eq!(found(&text), [], "{text}");
    }
}

#[test]
fn a_series_of_numbers_is_not_taken_for_persons() {
    // region, day, count: one of eleven has the right check digit by chance
    let series: String = (0..60)
        .map(|at| format!("4116231999120{}{:05}\n", at % 9 + 1, at * 7 + 10001))
        .map(|line| line[..18].to_owned() + "\n")
        .collect();
    assert_eq!(found(&series), []);
    let right: String = (1..20).map(|at| id(&format!("41162319991201{at:03}")) + "\n").collect();
    assert_eq!(found(&right), is("id", 19));
    assert_eq!(
        found(&format!("姓名\t身份证号\n{series}")).first().map(|it| it.0.as_str()),
        Some("id")
    );
}

#[test]
fn masked_numbers_are_innocent_unless_too_little_is_hidden() {
    for text in [
        "41************1234",
        "4127**********1234",
        "412727********1234",
        "412727198002******",
        "41272719800203****",
        "身份证号：412727********101X",
        "412727XXXXXXXX1012",
        "412727××××××××1012",
        "138****1234",
        "138xxxx1234",
        "13803******",
        "6228 **** **** 1234",
        "622848***********1234",
        "**************1012",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
    for text in [
        "身份证号：41272719800203101*",
        "412727198002031**1",
        "412727198002031***",
        "4127271980020310××",
        "41272719800203１０＊＊",
    ] {
        let found = private(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].kind, "id-masked-short", "{text}");
        assert!(found[0].masked.starts_with("41*************"), "{}", found[0].masked);
    }
}

#[test]
fn cards_need_their_check_digit_and_words_that_call_them_so() {
    let (long, short, visa) =
        (card("622848071234567890"), card("622202170212345"), card("436742171234567"));
    for text in [
        format!("银行卡号：{long}"),
        format!("卡号 {short}"),
        format!("建行卡号：{visa}"),
        format!("工资卡\n{long}"),
        format!("惠农一卡通账号：{long}"),
        format!("姓名：张三 开户行：农商银行西关支行 账号：{long}"),
        format!(
            "卡号：{} {} {} {} {}",
            &long[..4],
            &long[4..8],
            &long[8..12],
            &long[12..16],
            &long[16..]
        ),
        format!("卡号：{}-{}-{}-{}", &short[..4], &short[4..8], &short[8..12], &short[12..]),
        format!("卡号：{}", wide(&long)),
        format!("序号\t姓名\t一卡通账号\t金额\n1\t张三\t{long}\t500"),
        format!("序号\t姓名\t账号\t金额\n{}88\t张三\t{long}\t500", "1\t某\t无\t2\n".repeat(300)),
        format!("姓名\t卡号\n张三\t{long}\n缴款请汇至对公账户"),
        format!("姓名\n卡号\n张三\n{long}\n李四"),
    ] {
        let found = private(&text);
        assert_eq!(found.first().map(|found| found.kind.as_str()), Some("card"), "{text}");
        assert_eq!(found[0].masked.matches('*').count(), found[0].masked.len() - 8, "{text}");
    }
    let wrong = format!("{}{}", &long[..18], if long.ends_with('0') { '1' } else { '0' });
    for text in [
        long.clone(),
        format!("单号：{long}"),
        format!("银行卡订单号：{long}"),
        format!("卡号：{wrong}"),
        format!("对公账户 账号：{long}"),
        format!("户名：周口市某某有限公司 账号：{long}"),
        format!("账号：{long}\n户名：鹿邑县教育服务中心"),
        format!("保证金缴款账户：{long}"),
        format!("账号：{visa}"),
        format!("单位名称\t开户行\t账号\n某某合作社\t农行\t{long}"),
        format!("捐款账号：{long}"),
        format!("名称\t对公账号\n某某\t{long}"),
        "卡号：6222222222222222".into(),
        "银行卡号：622848****1234567890".into(),
        format!("https://a.gov.cn/卡号/{long}"),
    ] {
        assert_eq!(found(&text), [], "{text}");
    }
}

#[test]
fn phones_of_persons_are_told_from_those_of_offices() {
    let rows = |cell: &str| -> String {
        (1..=6).map(|at| format!("{at}\t王某{at}\t{cell}\t1380394000{at}\n")).collect()
    };
    for (head, cell) in [
        ("序号\t姓名\t村庄\t手机号\n", "西关村"),
        ("2024年粮食补贴公示名单\n序号\t姓名\t地址\t联系电话\n", "西关村"),
        ("序号\t考生姓名\t性别\t电话\n", "女"),
        ("序号\t姓名\t家庭住址\t联系方式\n", "西关村3组"),
    ] {
        assert_eq!(found(&format!("{head}{}", rows(cell))), is("phone", 6), "{head}");
    }
    for (head, cell) in [
        ("各单位值班表\n序号\t姓名\t职务\t手机\n", "主任"),
        ("防汛责任人名单\n序号\t姓名\t职务\t手机\n", "乡长"),
        ("序号\t姓名\t单位\t手机\n", "鹿邑县财政局"),
        ("企业招聘信息\n序号\t联系人\t企业\t电话\n", "某某有限公司"),
        ("河长公示\n序号\t姓名\t河段\t电话\n", "西关段"),
        ("序号\t一\t二\t三\n", "西关村"),
    ] {
        assert_eq!(found(&format!("{head}{}", rows(cell))), is("phone-office", 6), "{head}");
    }
    // one number is nothing: five are tried
    let found = |text: &str| {
        let lines: String = (1..=5)
            .map(|at| {
                let other = ["0001", "\u{ff10}\u{ff10}\u{ff10}\u{ff11}"];
                let wide = char::from_u32(0xff10 + at).unwrap();
                text.replace(other[1], &format!("\u{ff10}\u{ff10}\u{ff10}{wide}"))
                    .replace(other[0], &format!("000{at}"))
                    + "\n"
            })
            .collect();
        found(&lines)
    };
    for text in [
        "网友留言：我是西关村村民，电话13803940001，请回复",
        "姓名：张三 手机：138-0394-0001",
        "申请人联系电话：138 0394 0001",
        "申请人电话：+8613803940001",
        "申请人电话：１３８０３９４０００１",
    ] {
        assert_eq!(found(text), is("phone", 5), "{text}");
    }
    for text in [
        "举报电话：13803940001",
        "联系人：张先生 13803940001",
        "咨询电话 0394-8261234、13803940001",
    ] {
        assert_eq!(found(text), is("phone-office", 5), "{text}");
    }
    for text in [
        "订单号13803940001",
        "213803940001",
        "138039400012",
        "12803940001",
        "13803940001@139.com",
        "13803940001.html",
        "QQ：13803940001",
        "152 3456 7890 1234",
        "13888888888",
        "http://a.cn/13803940001/",
        "姓名：张三 0394-8261234 2026-11-24",
    ] {
        assert_eq!(found(&format!("申请人 {text}")), [], "{text}");
    }
}

#[test]
fn a_fact_tells_where_and_nothing_more() {
    let number = id("41272719800203101");
    let text = format!("名单\n2024年第3批\t张三\t{number}\t{number}");
    let found = private_in(&text, "表1");
    let expected = Private {
        kind: "id".into(),
        count: 1,
        masked: format!("41*************{}", &number[15..]),
        offset: 15,
        line: 2,
        part: "表1".into(),
        context: "名单 年第批 张三".into(),
    };
    assert_eq!(found, [expected]);
}
