//! What the ledger makes of looks at links.

use xuncha_model::facts::page::{Origin, PageFacts};

use super::*;
use crate::page::{How, Link, PageRead};

const HALF_AN_HOUR: Duration = Duration::from_secs(1800);

fn at(minute: i64) -> DateTime<Utc> {
    let begin: DateTime<Utc> = "2026-11-24T00:00:00Z".parse().unwrap();
    begin + TimeDelta::minutes(minute)
}

fn link(path: &str, class: Class) -> Checked {
    let holder = Holder { url: "https://www.a.gov.cn/".into(), text: format!("“{path}”") };
    Checked { url: format!("https://www.a.gov.cn{path}").parse().unwrap(), class, holder }
}

fn broken(status: u16) -> Outcome {
    Outcome::Broken { reason: Reason::HttpStatus(status), says: String::new() }
}

/// Address, status and looks of what is told.
fn told(facts: &LinkFacts) -> Vec<String> {
    let told = facts.broken.iter();
    told.map(|it| {
        format!(
            "{} {} {} {}",
            it.class,
            it.url.replace("https://www.a.gov.cn", ""),
            it.reason,
            it.looks
        )
    })
    .collect()
}

/// A page that holds these addresses.
fn read(url: &str, links: &[&str], leaving_notice: bool) -> PageRead {
    let how = How::Anchor;
    PageRead {
        facts: PageFacts {
            url: url.into(),
            origin: Origin::Inner,
            leaving_notice,
            ..PageFacts::default()
        },
        links: links
            .iter()
            .map(|url| Link { url: url.parse().unwrap(), text: "文字".into(), how })
            .collect(),
        rows: Vec::new(),
        text: String::new(),
        boxed: Vec::new(),
    }
}

fn register() -> xuncha_model::Register {
    let city = xuncha_model::register::City {
        name: String::new(),
        domain: "a.gov.cn".into(),
        division: String::new(),
        regions: Vec::new(),
    };
    xuncha_model::Register { city, organs: Vec::new(), sites: Vec::new() }
}

fn show(checks: &mut Checks, page: &PageRead) {
    let register = register();
    let home: Url = "https://www.a.gov.cn/".parse().unwrap();
    let ground = Ground { home: &home, site: None, register: &register, at: at(0) };
    checks.page(&ground, &Leaf::of(&home, 1, None, page));
}

#[test]
fn a_link_is_broken_after_two_looks_apart() {
    let mut checks = Checks::new(HALF_AN_HOUR);
    let (one, two, three) =
        (link("/1", Class::Home), link("/2", Class::Home), link("/3.pdf", Class::Attachment));
    checks.note(&one, broken(404), at(0));
    checks.note(&two, broken(500), at(1));
    checks.note(&three, broken(502), at(2));
    checks.note(&link("/4", Class::Inner), Outcome::Good, at(3));
    assert_eq!(checks.waiting(), Some(at(30)));
    assert_eq!(checks.due(at(29)), []);
    assert_eq!(checks.due(at(31)), [one.clone(), two.clone()]);
    assert_eq!(checks.due(at(31)), [], "each is given once");
    assert_eq!(checks.waiting(), Some(at(32)));
    checks.note(&one, broken(404), at(31));
    checks.note(&two, Outcome::Good, at(31));
    let (facts, kept) = checks.finish(true, |_| 0);
    assert_eq!(told(&facts), ["home /1 http.404 2"]);
    let first = &facts.broken[0];
    assert_eq!((first.first_at, first.last_at, first.text.as_str()), (at(0), at(31), "“/1”"));
    assert_eq!(facts.home, LinkTally { checked: 2, good: 1, broken: 1, unknown: 0 });
    assert_eq!(facts.inner, LinkTally { checked: 1, good: 1, ..LinkTally::default() });
    let waits = LinkTally { checked: 1, unknown: 1, ..LinkTally::default() };
    assert_eq!(facts.attachment, waits, "the second look is still to come");
    assert_eq!(kept.len(), 2);
}

#[test]
fn two_looks_at_once_are_one() {
    let mut checks = Checks::new(HALF_AN_HOUR);
    for minute in [0, 29] {
        checks.note(&link("/1", Class::Home), broken(404), at(minute));
    }
    let (facts, _) = checks.finish(true, |_| 0);
    assert_eq!((facts.broken.len(), facts.home.unknown), (0, 1));
}

#[test]
fn what_a_gateway_answers_is_not_known() {
    let mut checks = Checks::new(HALF_AN_HOUR);
    checks.note(&link("/1", Class::Home), Outcome::Unknown(Reason::Gateway("403".into())), at(0));
    checks.note(&link("/2", Class::Home), broken(404), at(0));
    checks.note(&link("/2", Class::Home), Outcome::Unknown(Reason::SelfNetwork), at(30));
    let (facts, kept) = checks.finish(true, |_| 0);
    assert_eq!(facts.home, LinkTally { checked: 2, unknown: 2, ..LinkTally::default() });
    assert!(facts.broken.is_empty() && kept.is_empty());
}

#[test]
fn the_crawl_before_was_a_look() {
    let mut checks = Checks::new(HALF_AN_HOUR);
    checks.note(&link("/1", Class::Home), broken(404), at(0));
    checks.note(&link("/2", Class::Home), broken(404), at(0));
    let (_, kept) = checks.finish(true, |_| 0);
    let mut checks = Checks::new(HALF_AN_HOUR);
    checks.remember(kept);
    checks.note(&link("/1", Class::Inner), broken(410), at(60));
    checks.note(&link("/2", Class::Home), Outcome::Good, at(60));
    assert_eq!(checks.waiting(), None);
    let (facts, kept) = checks.finish(true, |_| 0);
    assert_eq!(told(&facts), ["inner /1 http.410 2"], "a suspect that opens was never told");
    assert_eq!(facts.broken[0].first_at, at(0));
    // and goes on
    let mut checks = Checks::new(HALF_AN_HOUR);
    checks.remember(kept);
    checks.note(&link("/1", Class::Home), broken(404), at(120));
    assert_eq!(told(&checks.finish(true, |_| 0).0), ["home /1 http.404 3"]);
}

#[test]
fn what_was_not_seen_again_is_not_mended() {
    let known: Vec<_> = ["/open", "/gone", "/wall", "/unread"]
        .iter()
        .map(|path| BrokenLink {
            url: format!("https://www.a.gov.cn{path}"),
            class: "home".into(),
            holder: if *path == "/unread" {
                "https://www.a.gov.cn/zw/"
            } else {
                "https://www.a.gov.cn/"
            }
            .into(),
            text: String::new(),
            further: 0,
            reason: Reason::HttpStatus(404),
            says: String::new(),
            first_at: at(-90),
            last_at: at(-60),
            looks: 2,
        })
        .collect();
    let crawl = |whole| {
        let mut checks = Checks::new(HALF_AN_HOUR);
        checks.remember(known.clone());
        show(&mut checks, &read("https://www.a.gov.cn/", &[], false));
        checks.note(&link("/open", Class::Home), Outcome::Good, at(0));
        checks.note(
            &link("/wall", Class::Home),
            Outcome::Unknown(Reason::Gateway("403".into())),
            at(0),
        );
        checks.finish(whole, |_| 0)
    };
    let (facts, kept) = crawl(false);
    assert_eq!(
        told(&facts),
        ["home /unread http.404 2", "home /wall http.404 2", "home /gone  2", "home /open  2"]
    );
    assert_eq!((facts.home.broken, kept.len()), (0, 2));
    let (facts, kept) = crawl(true);
    assert_eq!(
        told(&facts),
        ["home /wall http.404 2", "home /gone  2", "home /open  2", "home /unread  2"]
    );
    assert_eq!(kept.len(), 1);
}

#[test]
fn a_flood_of_broken_links_is_bounded() {
    let mut checks = Checks::new(Duration::ZERO);
    for number in 0..MOST + 100 {
        let class = if number % 2 == 0 { Class::Foreign } else { Class::Home };
        for _ in 0..2 {
            checks.note(&link(&format!("/{number}"), class), broken(404), at(0));
        }
    }
    let (facts, kept) = checks.finish(true, |_| 0);
    assert_eq!((facts.broken.len(), kept.len()), (TOLD, MOST));
    assert_eq!(facts.broken_left_out as usize, MOST - TOLD);
    assert!(facts.broken.iter().all(|link| link.class == "home"));
}

#[test]
fn foreign_links_without_a_notice_are_shown_once() {
    let links = [
        "https://www.example.com/x",
        "https://www.example.com/x",
        "https://b.gov.cn/",
        "https://zw.a.gov.cn/",
        "http://bszs.conac.cn/1",
        "http://192.0.2.1/",
    ];
    let mut checks = Checks::new(HALF_AN_HOUR);
    show(&mut checks, &read("https://www.a.gov.cn/1", &["https://example.org/"], true));
    show(&mut checks, &read("https://www.a.gov.cn/2", &links, false));
    show(&mut checks, &read("https://www.a.gov.cn/3", &links, false));
    let (facts, _) = checks.finish(true, |_| 0);
    assert_eq!(facts.unannounced_count, 1);
    let shown = &facts.unannounced[0];
    assert_eq!((shown.url.as_str(), shown.holder.as_str()), (links[0], "https://www.a.gov.cn/2"));
}
