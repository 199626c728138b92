//! Columns from a small crawl: learned, read, aged, and what is not said where nothing was seen.

use chrono::{DateTime, Utc};
use xuncha_model::{
    Register, Site,
    facts::{PageFacts, article::Published},
    register::{self, City, SiteKind, Status},
};

use super::*;
use crate::{
    crawl::{Holder, articles::Articles},
    page::{Link, Row},
};

const AT: &str = "2026-11-24T02:00:00Z";

fn register() -> Register {
    let city = City {
        name: "某市".into(),
        domain: "a.gov.cn".into(),
        division: "411600".into(),
        regions: Vec::new(),
    };
    Register { city, organs: Vec::new(), sites: Vec::new() }
}

fn link(url: &str, text: &str, how: How) -> Link {
    Link { url: url.parse().unwrap(), text: text.into(), how }
}

fn row(title: &str, url: &str, date: &str) -> Row {
    let date = date.parse().ok();
    let from = if date.is_some() { "row" } else { "" };
    let written = date.map(|date: chrono::NaiveDate| date.to_string()).unwrap_or_default();
    Row { title: title.into(), url: url.parse().ok(), date, written, from: from.into() }
}

fn page(url: &str, rows: Vec<Row>, links: Vec<Link>) -> PageRead {
    let facts = PageFacts {
        url: url.into(),
        status: 200,
        origin: if url.ends_with(".cn/") { Origin::Home } else { Origin::Inner },
        rows: u32::try_from(rows.len()).unwrap(),
        ..PageFacts::default()
    };
    PageRead { facts, links, rows, text: String::new(), boxed: Vec::new() }
}

fn article(url: &str, printed: &str) -> PageRead {
    let mut read = page(url, Vec::new(), Vec::new());
    read.facts.kind = PageKind::Article;
    read.facts.text_chars = 800;
    read.facts.title = "某通知".into();
    read.facts.published = Published { printed: printed.into(), ..Published::default() };
    read
}

/// Home page and the others, one click away.
fn crawl(site: Option<&Site>, pages: &[PageRead]) -> (Vec<ColumnFacts>, Seen<FreshnessFacts>) {
    let at: DateTime<Utc> = AT.parse().unwrap();
    let home: Url = "https://www.a.gov.cn/".parse().unwrap();
    let register = register();
    let ground = Ground { home: &home, site, register: &register, at };
    let holder = Holder { url: home.to_string(), text: String::new() };
    let (mut columns, mut articles) = (Columns::default(), Articles::default());
    for page in pages {
        let url: Url = page.facts.url.parse().unwrap();
        let top = page.facts.origin == Origin::Home;
        let leaf = Leaf::of(&url, u32::from(!top), (!top).then_some(&holder), page);
        columns.page(&ground, &leaf);
        articles.page(&ground, &leaf, &columns);
    }
    let articles = articles.finish(&columns);
    let (columns, freshness) = columns.finish(&ground, &articles);
    (columns.seen().cloned().unwrap_or_default(), freshness)
}

const NEWS: &str = "https://www.a.gov.cn/xw/";
const NOTICE: &str = "https://www.a.gov.cn/tzgg/index.html";

fn home(rows: Vec<Row>) -> PageRead {
    let links = vec![
        link("https://www.a.gov.cn/", "首页", How::Menu),
        link(NEWS, "政务要闻", How::Menu),
        link(NOTICE, "通知公告", How::Anchor),
        link("https://www.a.gov.cn/wd/", "周口味道", How::Menu),
        link("https://www.b.gov.cn/dt/", "工作动态", How::Menu),
        link("https://www.a.gov.cn/1.html", "关于做好某项工作的重要通知", How::Anchor),
    ];
    page("https://www.a.gov.cn/", rows, links)
}

fn dated(url: &str, date: &str) -> PageRead {
    page(url, vec![row("某市召开某个重要会议", "https://www.a.gov.cn/xw/1.html", date)], Vec::new())
}

fn named<'a>(columns: &'a [ColumnFacts], name: &str) -> &'a ColumnFacts {
    columns.iter().find(|column| column.name == name).unwrap()
}

#[test]
fn one_address_for_one_list() {
    let key = |url: &str| key(&url.parse().unwrap());
    assert_eq!(key("http://a.cn/b/index.html"), "a.cn/b");
    assert_eq!(key("https://a.cn/b/"), "a.cn/b");
    assert_eq!(key("https://a.cn/b"), "a.cn/b");
    assert_eq!(key("https://a.cn/"), "a.cn");
    assert_eq!(key("https://a.cn:81/l.jsp?id=2"), "a.cn:81/l.jsp?id=2");
    assert_ne!(key("https://a.cn/b/list.html"), "a.cn/b");
}

#[test]
fn columns_are_learned_from_menus_and_names() {
    let (columns, _) = crawl(None, &[home(Vec::new())]);
    let shown: Vec<_> = columns
        .iter()
        .map(|column| (column.name.as_str(), column.kind.as_str(), column.group.as_str()))
        .collect();
    assert_eq!(
        shown,
        [("政务要闻", "news", "news"), ("通知公告", "notice", "notice"), ("周口味道", "", "none")]
    );
    assert!(columns.iter().all(|column| column.reason == Reason::LimitPages && !column.stale));
}

#[test]
fn a_day_more_or_less_is_told_apart() {
    for (url, date, age, stale, over) in [
        (NEWS, "2026-11-10", 14, true, 0),
        (NEWS, "2026-11-11", 13, false, 0),
        (NEWS, "2026-11-01", 23, true, 9),
        (NOTICE, "2026-05-24", 184, true, 0),
        (NOTICE, "2026-05-25", 183, false, 0),
    ] {
        let (columns, _) = crawl(None, &[home(Vec::new()), dated(url, date)]);
        let column = columns.iter().find(|column| column.url == url).unwrap();
        assert_eq!(column.age_days, Seen::Seen(age), "{date}");
        assert_eq!((column.stale, column.overdue_days), (stale, over), "{date}");
        assert_eq!(column.newest.row, "某市召开某个重要会议");
        assert_eq!(column.reason, Reason::Ok);
    }
}

#[test]
fn rows_in_the_future_do_not_count() {
    let mut list = dated(NEWS, "2026-11-01");
    list.rows.push(row("明年将要召开的重要会议", "https://www.a.gov.cn/xw/2.html", "2027-01-05"));
    let (columns, _) = crawl(None, &[home(Vec::new()), list]);
    assert_eq!(named(&columns, "政务要闻").newest.date, "2026-11-01");
    assert!(named(&columns, "政务要闻").stale);
}

#[test]
fn rows_without_dates_are_as_old_as_their_articles() {
    let at = |number: u32| format!("https://www.a.gov.cn/xw/{number}.html");
    let rows = || (1..=4).map(|n| row("某市召开某个重要会议", &at(n), "")).collect::<Vec<_>>();
    let list = || page(NEWS, rows(), Vec::new());
    // two of them were read
    let (columns, _) = crawl(
        None,
        &[
            home(Vec::new()),
            list(),
            article(&at(1), "2026-11-20 09:00"),
            article(&at(2), "2026-11-02"),
        ],
    );
    let column = named(&columns, "政务要闻");
    assert_eq!((column.age_days.clone(), column.stale), (Seen::Seen(4), false));
    assert_eq!(
        (column.newest.from.as_str(), column.newest.written.as_str()),
        ("article", "2026-11-20 09:00")
    );
    // an old one only, and three that nobody looked at
    let (columns, _) = crawl(None, &[home(Vec::new()), list(), article(&at(1), "2026-10-01")]);
    let column = named(&columns, "政务要闻");
    assert_eq!(column.age_days.why().map(|why| why.reason.clone()), Some(Reason::LimitPages));
    assert!(!column.stale);
    // three without any date
    let without: Vec<PageRead> = (1..=3).map(|n| article(&at(n), "")).collect();
    let mut pages = vec![home(Vec::new()), list()];
    pages.extend(without);
    let (columns, _) = crawl(None, &pages);
    let column = named(&columns, "政务要闻");
    assert!(column.stale && column.age_days.seen().is_none(), "{column:?}");
    pages.pop();
    let (columns, _) = crawl(None, &pages);
    assert!(!named(&columns, "政务要闻").stale, "two are not enough");
}

#[test]
fn an_empty_list_is_told_from_what_cannot_be_seen() {
    let bare = || page(NOTICE, Vec::new(), vec![link(NEWS, "政务要闻栏目", How::Anchor)]);
    let empty = |pages: &[PageRead]| named(&crawl(None, pages).0, "通知公告").empty;
    assert!(empty(&[home(Vec::new()), dated(NEWS, "2026-11-20"), bare()]));
    // the only list of the site may be filled by scripts
    assert!(!empty(&[home(Vec::new()), bare()]));
    let mut says = bare();
    says.facts.says = vec!["nothing".into()];
    assert!(empty(&[home(Vec::new()), says]));
    let mut filled = bare();
    filled.facts.says = vec!["loading".into()];
    assert!(!empty(&[home(Vec::new()), dated(NEWS, "2026-11-20"), filled]));
    let mut entry = bare();
    entry.links.push(link("https://www.a.gov.cn/tzgg/9.html", "关于某事的重要通知", How::Anchor));
    assert!(!empty(&[home(Vec::new()), dated(NEWS, "2026-11-20"), entry]));
    let mut shell = bare();
    shell.facts.kind = PageKind::Shell;
    let (columns, _) = crawl(None, &[home(Vec::new()), dated(NEWS, "2026-11-20"), shell]);
    let column = named(&columns, "通知公告");
    assert_eq!((column.empty, column.reason.clone()), (false, Reason::PageShell));
    let mut half = dated(NEWS, "2026-10-01");
    half.facts.shell = true;
    let (columns, _) = crawl(None, &[home(Vec::new()), half]);
    let column = named(&columns, "政务要闻");
    assert_eq!(column.age_days.why().map(|why| why.reason.clone()), Some(Reason::PageShell));
    assert!(!column.stale, "a newer row may be filled in");
}

#[test]
fn a_portal_of_columns_has_no_period() {
    let rows = vec![row("通知公告", NOTICE, ""), row("周口味道", "https://www.a.gov.cn/wd/", "")];
    let (columns, _) = crawl(None, &[home(Vec::new()), page(NEWS, rows, Vec::new())]);
    assert_eq!(named(&columns, "政务要闻").group, "none");
}

#[test]
fn a_page_that_did_not_open_has_its_reason() {
    let at: DateTime<Utc> = AT.parse().unwrap();
    let url: Url = "https://www.a.gov.cn/".parse().unwrap();
    let register = register();
    let ground = Ground { home: &url, site: None, register: &register, at };
    let mut columns = Columns::default();
    let page = home(Vec::new());
    let leaf = Leaf::of(&url, 0, None, &page);
    columns.page(&ground, &leaf);
    columns.unread(&NEWS.parse().unwrap(), &Reason::HttpStatus(502));
    assert_eq!(
        columns.at("http://www.a.gov.cn/tzgg/"),
        Some(Named { name: "通知公告", kind: "notice" })
    );
    assert_eq!(columns.at("https://www.a.gov.cn/none/"), None);
    let (columns, _) = columns.finish(&ground, &[]);
    assert_eq!(named(columns.seen().unwrap(), "政务要闻").reason, Reason::HttpStatus(502));
}

#[test]
fn declared_columns_stand_in_the_place_of_learned_ones() {
    let site = Site {
        id: "a".into(),
        name: "某市".into(),
        sponsor: "o".into(),
        kind: SiteKind::Portal,
        url: "https://www.a.gov.cn/".parse().unwrap(),
        domains: None,
        code: None,
        icp: None,
        police: None,
        status: Status::Running,
        filings: Vec::new(),
        administrators: Vec::new(),
        columns: vec![register::Column {
            name: "周口味道".into(),
            url: NEWS.parse().unwrap(),
            kind: Some("news".into()),
        }],
        endpoints: Vec::new(),
        maintenance: Vec::new(),
        crawl: register::Crawl::default(),
        allow_internal: Vec::new(),
        notes: None,
    };
    let (columns, _) = crawl(Some(&site), &[home(Vec::new()), dated(NEWS, "2026-11-10")]);
    assert_eq!(columns.len(), 1);
    assert_eq!((columns[0].known_from.as_str(), columns[0].stale), ("register", true));
}

#[test]
fn the_home_page_is_as_fresh_as_its_newest_row() {
    let age = |pages: &[PageRead]| {
        let freshness = crawl(None, pages).1.seen().cloned().unwrap();
        (freshness.age_days.seen().copied(), freshness.none_dated, freshness.navigation_only)
    };
    let one = |date: &str| row("某市召开某个重要会议", "https://www.a.gov.cn/xw/1.html", date);
    assert_eq!(age(&[home(vec![one("2026-11-10"), one("2026-11-01")])]), (Some(14), false, false));
    // undated rows nobody looked at: old dates prove nothing
    assert_eq!(age(&[home(vec![one("2026-11-01"), one(""), one("")])]).0, None);
    assert_eq!(age(&[home(vec![one("2026-11-20"), one(""), one("")])]).0, Some(4));
    let read = article("https://www.a.gov.cn/xw/1.html", "2026-11-23 08:00");
    assert_eq!(age(&[home(vec![one("")]), read]).0, Some(1));
    // navigation only: the pages behind it
    assert_eq!(age(&[home(Vec::new()), dated(NEWS, "2026-11-05")]), (Some(19), false, true));
    assert_eq!(age(&[home(Vec::new())]), (None, false, true));
    let mut shell = home(Vec::new());
    shell.facts.kind = PageKind::Shell;
    assert_eq!(
        crawl(None, &[shell]).1.why().map(|why| why.reason.clone()),
        Some(Reason::PageShell)
    );
}
