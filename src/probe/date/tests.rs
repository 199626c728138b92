//! How days are written, each form and each trap; and that every day of the calendar reads back.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use proptest::prelude::*;
use xuncha_model::period::local_date;

use super::*;

fn at() -> DateTime<Utc> {
    "2026-11-24T02:00:00Z".parse().unwrap()
}

fn told(text: &str) -> Vec<String> {
    days(text, at()).map(|told| told.shown()).collect()
}

fn alone(text: &str) -> Option<String> {
    lone(text, at()).map(|told| told.shown())
}

#[test]
fn running_text_tells_days_in_many_forms() {
    for (text, day) in [
        ("发布时间：2026-11-22", "2026-11-22"),
        ("时间:2024-09-10 09:24 访问量", "2024-09-10 09:24"),
        ("于2024年12月07日 08时01分发布", "2024-12-07 08:01"),
        ("2018年 12 月 25 日", "2018-12-25"),
        ("2026/1/2", "2026-01-02"),
        ("2026.11.22", "2026-11-22"),
        ("２０２６－１１－２２ 10∶08", "2026-11-22 10:08"),
        ("二〇二六年十一月二十二日", "2026-11-22"),
        ("二○二六年一月三十一日", "2026-01-31"),
        ("2026-11-22T09:24:00+08:00", "2026-11-22 09:24"),
        ("2026-11-22T23:30:00Z", "2026-11-23 07:30"),
        ("2026-11-22T09:24:00.123+0800", "2026-11-22 09:24"),
        ("Nov 22, 2026", "2026-11-22"),
        ("Sun, 22 November 2026 10:00", "2026-11-22 10:00"),
        ("（2026年11月22号）", "2026-11-22"),
        ("标题 - 2026-11-22", "2026-11-22"),
        ("日期2026-11-22 10:08:59", "2026-11-22 10:08"),
    ] {
        assert_eq!(told(text), [day], "{text}");
    }
}

#[test]
fn what_only_looks_like_a_day_is_none() {
    for text in [
        "J0001-0201-2022-02468",
        "0201-2022-02-46",
        "电话 0394-2026-11-22",
        "版本 1.2026.11.22",
        "2026.11.22.1",
        "10.2026.1.1",
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "1989-12-31",
        "2028-01-01",
        "2026-11-22-1",
        "2026-11-221",
        "12026-11-22",
        "2026-11/22",
        "2026年11月",
        "2026-11-01至2026-11-30",
        "2026-11-01 至 2026-11-30",
        "2026-11-01 — 2026-11-30",
        "2026年11月1日-11月30日",
        "2026-11-01 08:00~2026-11-30 18:00",
        "截至2026-11-30",
        "http://a.cn/x2026-11-22",
        "20261122",
        "11-22",
        "￥2026.11",
        "二〇二六年十三月一日",
        "",
    ] {
        assert_eq!(told(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn cells_tell_days_without_their_year() {
    for (text, day) in [
        ("[11-22]", "2026-11-22"),
        ("11-22", "2026-11-22"),
        ("(11/22)", "2026-11-22"),
        ("（1.5）", "2026-01-05"),
        ("11-25", "2025-11-25"),
        ("11-24 09:30", "2026-11-24 09:30"),
        ("2月29日", "2024-02-29"),
        ("刚刚", "2026-11-24"),
        ("5分钟前", "2026-11-24"),
        ("11 小时前", "2026-11-23"),
        ("今天 09:00", "2026-11-24 09:00"),
        ("昨天", "2026-11-23"),
        ("前天", "2026-11-22"),
        ("3天前", "2026-11-21"),
        (" 【2026-11-22】 ", "2026-11-22"),
        ("· 2026年11月22日", "2026-11-22"),
    ] {
        assert_eq!(alone(text).as_deref(), Some(day), "{text}");
    }
    for text in [
        "13-22",
        "1-5",
        "11.22",
        "第3条",
        "昨天的会议",
        "2026",
        "11-22-33",
        "12345天前",
        "",
        "]",
        "30-02",
    ] {
        assert_eq!(alone(text), None, "{text}");
    }
}

#[test]
fn the_edge_of_a_title_may_hold_its_day() {
    let cut = |text: &'static str| {
        edge(text, at()).map(|(told, rest)| (told.day.to_string(), rest, &text[told.span]))
    };
    for (text, day, rest, written) in [
        ("[11-22] 关于放假的通知", "2026-11-22", "关于放假的通知", "11-22"),
        ("关于放假的通知（2026-11-22）", "2026-11-22", "关于放假的通知", "2026-11-22"),
        (" 关于放假的通知 2026-11-22 ", "2026-11-22", "关于放假的通知", "2026-11-22"),
        ("2026-11-22 关于放假的通知", "2026-11-22", "关于放假的通知", "2026-11-22"),
    ] {
        let (found, left, as_written) = cut(text).unwrap();
        assert_eq!((found.as_str(), left), (day, rest), "{text}");
        assert!(as_written.contains(written), "{text}: {as_written}");
    }
    for text in [
        "2026年11月22日空气质量日报",
        "空气质量日报2026年11月22日",
        "关于2026-11-22停水的通知",
        "[转载]",
        "通知",
    ] {
        assert_eq!(cut(text), None, "{text}");
    }
}

#[test]
fn pieces_tell_a_day_together() {
    let joined = |texts: &[&str]| pieces(texts, at()).map(|(day, _)| day.to_string());
    for texts in [
        &["22", "2026-11"][..],
        &["2026-11", "22"],
        &["2026年11月", "22日"],
        &["11/22", "2026"],
        &["2026", "11-22"],
        &["2026-", "11-22"],
        &["22", "/", "2026.11"],
        &["22", "11月"],
        &["11月", "22"],
        &["22", "11", "2026"],
        &["2026", "11", "22"],
        &["浏览", "22", "2026-11"],
    ] {
        assert_eq!(joined(texts).as_deref(), Some("2026-11-22"), "{texts:?}");
    }
    for texts in [
        &["22"][..],
        &["2026", "12"],
        &["22", "次", "2026-11"],
        &["31", "2026-11"],
        &["100", "2026"],
        &[],
    ] {
        assert_eq!(joined(texts), None, "{texts:?}");
    }
}

#[test]
fn addresses_tell_days_and_months() {
    let shown = |path: &str| in_address(path, at()).map(InAddress::shown);
    for (path, day) in [
        ("/zwgk/202611/t20261122_123.html", "2026-11-22"),
        ("/202611/22/c1.html", "2026-11-22"),
        ("/art/2026/11/22/art_12_345.html", "2026-11-22"),
        ("/20261122/1.html", "2026-11-22"),
        ("/xw/2026-11/22/content_1.htm", "2026-11-22"),
        ("/n1/2026/1122/c1-2.html", "2026-11-22"),
        ("/2026/11-22/3.shtml", "2026-11-22"),
        ("/2026-11-22/3.shtml", "2026-11-22"),
        ("/202611/1.html", "2026-11"),
        ("/2026/11/1.html", "2026-11"),
    ] {
        assert_eq!(shown(path).as_deref(), Some(day), "{path}");
    }
    for path in [
        "/",
        "",
        "/info/1024/2026.htm",
        "/202613/1.html",
        "/article20261122103000.html",
        "/page_pc/a/article0c20261122aa_b.html",
        "/198001/1.html",
        "/20180412.html",
        "/4116002026/1.html",
        "/x/203001/t20300101_1.html",
    ] {
        assert_eq!(shown(path), None, "{path}");
    }
}

#[test]
fn tags_tell_days_as_programs_write_them() {
    let shown = |text: &str| stamp(text, at()).map(|told| told.shown());
    for (text, day) in [
        ("2026-11-22 09:24", "2026-11-22 09:24"),
        ("2026-11-22 09:24:31.0", "2026-11-22 09:24"),
        ("20261122", "2026-11-22"),
        ("20261122092400", "2026-11-22 09:24"),
        ("1795310640000", "2026-11-22 09:24"),
        ("1795310640", "2026-11-22 09:24"),
    ] {
        assert_eq!(shown(text).as_deref(), Some(day), "{text}");
    }
    for text in ["null", "", "0", "12345678901234567890", "about 2026-11-22", "99999999999"] {
        assert_eq!(shown(text), None, "{text}");
    }
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
    // to the end of 2027
    (0_u64..13_879).prop_map(move |days| first + Days::new(days))
}

fn chinese(number: u32) -> String {
    let digit = |value: u32| "〇一二三四五六七八九".chars().nth(value as usize).unwrap();
    match (number / 10, number % 10) {
        (0, one) => digit(one).to_string(),
        (ten, one) => {
            let mut text = if ten > 1 { digit(ten).to_string() } else { String::new() };
            text.push('十');
            text.extend((one > 0).then(|| digit(one)));
            text
        }
    }
}

proptest! {
    #[test]
    fn every_form_of_every_day_reads_back(day in any_day()) {
        let (y, m, d) = (day.year(), day.month(), day.day());
        let year: String = y.to_string().bytes().map(|b| "〇一二三四五六七八九".chars().nth(usize::from(b - b'0')).unwrap()).collect();
        let wide: String = day.to_string().chars().map(|c| match c {
            '0'..='9' => char::from_u32(u32::from(c) - 48 + 0xff10).unwrap(),
            other => other,
        }).collect();
        for text in [
            format!("{day}"),
            format!("{y}/{m}/{d}"),
            format!("{y}.{m:02}.{d:02}"),
            format!("{y}年{m}月{d}日"),
            format!("{y}年 {m} 月 {d} 日"),
            format!("{y}年{m:02}月{d:02}日 08时01分"),
            format!("{year}年{}月{}日", chinese(m), chinese(d)),
            format!("{day}T12:00:00+08:00"),
            day.format("%b %d, %Y").to_string(),
            day.format("%d %B %Y").to_string(),
            wide,
        ] {
            let around = format!("来源：市政府 时间：{text} 访问量：12");
            let found: Vec<_> = days(&around, at()).map(|told| told.day).collect();
            prop_assert_eq!(found, vec![day], "{}", around);
            prop_assert_eq!(lone(&format!("[{text}]"), at()).map(|told| told.day), Some(day), "{}", text);
        }
        let month = format!("{y}-{m:02}");
        for texts in [[format!("{d:02}"), month.clone()], [month.clone(), d.to_string()], [format!("{m:02}/{d:02}"), y.to_string()]] {
            let texts = texts.each_ref().map(String::as_str);
            prop_assert_eq!(pieces(&texts, at()).map(|(day, _)| day), Some(day), "{:?}", texts);
        }
        for path in [
            day.format("/a/t%Y%m%d_1.html").to_string(),
            day.format("/a/%Y%m/%d/1.html").to_string(),
            day.format("/a/%Y/%m/%d/1.html").to_string(),
            day.format("/a/%Y%m%d/1.html").to_string(),
            day.format("/a/%Y-%m/%d/1.html").to_string(),
            day.format("/a/%Y%m/t%Y%m%d_1.html").to_string(),
        ] {
            prop_assert_eq!(in_address(&path, at()), Some(InAddress::Day(day)), "{}", path);
        }
        prop_assert_eq!(stamp(&day.format("%Y%m%d").to_string(), at()).map(|told| told.day), Some(day));
    }

    #[test]
    fn days_without_a_year_never_lie_ahead(day in any_day(), seconds in 0_i64..1_800_000_000) {
        let at = DateTime::from_timestamp(631_152_000 + 366 * 86_400 * 9 + seconds, 0).unwrap();
        for text in [day.format("[%m-%d]").to_string(), day.format("%m-%d").to_string(), day.format("(%m/%d)").to_string()] {
            let found = lone(&text, at).unwrap().day;
            prop_assert_eq!((found.month(), found.day()), (day.month(), day.day()));
            prop_assert!(found <= local_date(at));
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,60}", dense in "[0-9０-９\\-/.:年月日时分一二〇十至前天今昨T\\[\\] （）A-Z_]{0,60}") {
        let next = local_date(at()).year() + 1;
        for text in [&text, &dense] {
            for told in days(text, at()).chain(lone(text, at())).chain(stamp(text, at())) {
                // a time with its offset may move a day over New Year
                prop_assert!((1989..=next + 1).contains(&told.day.year()), "{} {:?}", text, told);
                prop_assert!(text.get(told.span.clone()).is_some());
            }
            if let Some((told, _)) = edge(text, at()) {
                prop_assert!(text.get(told.span).is_some());
            }
            let _ = (in_address(text, at()), pieces(&[text.as_str(), "2026", "11"], at()));
        }
    }
}

#[test]
fn long_texts_are_read_in_linear_time() {
    let begun = std::time::Instant::now();
    for piece in ["2", "2026-", "2026年 ", "２", "一", "[", "1 ", "May ", "2026-11-22至"] {
        let text = piece.repeat((1 << 20) / piece.len());
        assert!(days(&text, at()).count() <= text.len());
        let _ = (lone(&text, at()), edge(&text, at()), stamp(&text, at()));
        let _ = in_address(&text.replace(' ', "/"), at());
    }
    // quadratic time would be hours; seconds leave room for a busy machine
    assert!(begun.elapsed().as_secs() < 30);
}
