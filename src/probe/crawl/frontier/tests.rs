//! Crawls of made-up sites: what is asked for, in what order, and where it ends.

use std::time::Duration;

use super::*;
use crate::crawl::Holder;

fn settings(max_pages: u32, max_depth: u32) -> Settings {
    let no = Duration::ZERO;
    Settings {
        max_pages,
        max_depth,
        max_time: no,
        interval: no,
        second_look: no,
        max_files: 0,
        robots: true,
    }
}

fn url(text: &str) -> Url {
    Url::parse("http://www.a.gov.cn/").unwrap().join(text).unwrap()
}

fn frontier(max_pages: u32, max_depth: u32) -> Frontier {
    let at = "2026-11-24T02:00:00Z".parse().unwrap();
    let hosts = ["www.a.gov.cn".to_owned(), "a.gov.cn".to_owned()];
    Frontier::new(&settings(max_pages, max_depth), &url("/"), &hosts, at)
}

fn link(text: &str, how: How) -> Link {
    Link { url: url(text), text: text.to_owned(), how }
}

/// Offers the links of a page; the number that were taken.
fn offer(frontier: &mut Frontier, page: &str, depth: u32, links: &[&str]) -> usize {
    let page = url(page);
    let links = links.iter().map(|text| link(text, How::Anchor));
    links.filter(|link| frontier.offer(link, (&page, depth))).count()
}

/// What was asked for: path and query, with `?` before what is only checked, or another host.
fn shown(task: &Task) -> String {
    let mark = if task.check { "?" } else { "" };
    let target = &task.url[Position::BeforePath..];
    let host = task.url.host_str().filter(|host| *host != "www.a.gov.cn").unwrap_or_default();
    format!("{mark}{host}{target}")
}

/// Crawls a site that is made of what each page links to.
fn crawl(frontier: &mut Frontier, site: impl Fn(&Url) -> Vec<String>) -> Vec<String> {
    let mut asked = Vec::new();
    while let Some(task) = frontier.next() {
        asked.push(shown(&task));
        if !task.check {
            let links = site(&task.url);
            let links: Vec<&str> = links.iter().map(String::as_str).collect();
            offer(frontier, task.url.as_str(), task.depth, &links);
        }
    }
    assert_eq!(frontier.waiting(), 0);
    asked
}

fn found<'l>(list: &'l [LeftOut], why: &str) -> Option<(u32, &'l str)> {
    let reason = list.iter().find(|reason| reason.why == why)?;
    Some((reason.count, reason.example.as_str()))
}

#[test]
fn columns_come_first_then_pages_by_depth_each_with_its_checks() {
    let mut frontier = frontier(100, 5);
    assert!(frontier.seed(&url("/register/")));
    assert_eq!(frontier.next().map(|task| (shown(&task), task.depth)), Some(("/".to_owned(), 0)));
    let home = url("/");
    for (text, how) in [
        ("/a.html", How::Anchor),
        ("http://www.b.gov.cn/", How::Anchor),
        ("/menu/", How::Menu),
        ("/f.pdf", How::Anchor),
        ("/i.png", How::Media),
        ("/b.html", How::Anchor),
    ] {
        assert!(frontier.offer(&link(text, how), (&home, 0)), "{text}");
    }
    let first = frontier.next().unwrap();
    assert_eq!((first.holder, first.from_home), (None, false));
    let menu = frontier.next().unwrap();
    let holder = Holder { url: home.to_string(), text: "/menu/".to_owned() };
    assert_eq!(
        (shown(&menu), menu.holder, menu.from_home),
        ("/menu/".to_owned(), Some(holder), true)
    );
    offer(&mut frontier, "/menu/", 1, &["/a.html", "/c.html", "/g.doc"]);
    let rest: Vec<String> = frontier.by_ref().map(|task| shown(&task)).collect();
    assert_eq!(
        rest,
        ["/a.html", "/b.html", "?www.b.gov.cn/", "?/f.pdf", "?/i.png", "/c.html", "?/g.doc"]
    );
    assert_eq!((frontier.left_out(), frontier.traps(), frontier.asked()), (vec![], vec![], 6));
}

#[test]
fn an_address_is_asked_for_once_whatever_its_writing() {
    let mut frontier = frontier(100, 5);
    let links = [
        "/x.jsp?a=1&b=2",
        "/x.jsp?b=2&a=1#top",
        "/x.jsp;jsessionid=A1?a=1&b=2&utm_source=w",
        "https://www.a.gov.cn/x.jsp?a=1&b=2",
        "/",
        "http://www.a.gov.cn.:80",
    ];
    assert_eq!(offer(&mut frontier, "/", 0, &links), 1);
    assert_eq!(offer(&mut frontier, "/two", 1, &links), 0);
    assert_eq!(offer(&mut frontier, "/three", 1, &[links[3], links[0]]), 0);
    assert!(frontier.known(&url("/x.jsp?b=2&a=1")) && !frontier.known(&url("/x.jsp?a=2&b=1")));
    assert_eq!(frontier.further(&url("/x.jsp?a=1&b=2")), 2, "pages, not links");
    assert!(!frontier.arrived(&url("/x.jsp?a=1&b=2")) && frontier.arrived(&url("/moved")));
    assert_eq!(offer(&mut frontier, "/four", 1, &["/moved"]), 0);
    // another host or scheme elsewhere is another address, and so is another port
    let others = [
        "http://a.gov.cn/x.jsp?a=1&b=2",
        "http://b.cn/",
        "https://b.cn/",
        "http://www.a.gov.cn:8080/",
    ];
    assert_eq!(offer(&mut frontier, "/four", 1, &others), 4);
    let classes: Vec<Class> = frontier.by_ref().map(|task| task.class).collect();
    use Class::{Foreign, Page};
    assert_eq!(classes, [Page, Page, Page, Foreign, Foreign, Foreign]);
}

#[test]
fn a_link_that_is_written_otherwise_says_how() {
    let mut frontier = frontier(100, 5);
    offer(&mut frontier, "/", 0, &["/a#x", "/b?sid=4f9a8b7c6d5e4f3a2b1c#x"]);
    let written: Vec<Option<Url>> = frontier.by_ref().map(|task| task.written).collect();
    assert_eq!(written, [None, None, Some(url("/b?sid=4f9a8b7c6d5e4f3a2b1c"))]);
}

#[test]
fn budgets_leave_out_what_they_count_and_the_home_page_is_checked_whole() {
    let mut frontier = frontier(3, 1);
    let asked = crawl(&mut frontier, |url| match url.path() {
        "/" => ["/1", "/2", "/3", "/4"].map(str::to_owned).to_vec(),
        _ => vec![format!("{}/deep", url.path()), "/f.pdf".to_owned()],
    });
    assert_eq!(asked, ["/", "/1", "/2", "?/3", "?/4", "?/f.pdf"]);
    let left_out = frontier.left_out();
    assert_eq!(found(&left_out, "pages"), Some((2, "http://www.a.gov.cn/3")));
    assert_eq!(found(&left_out, "depth"), Some((2, "http://www.a.gov.cn/1/deep")));
    // over the depth from the home page itself
    let mut frontier = self::frontier(3, 0);
    let asked = crawl(&mut frontier, |_| vec!["/1".to_owned()]);
    assert_eq!(
        (asked, found(&frontier.left_out(), "depth").unwrap().0),
        (vec!["/".to_owned(), "?/1".to_owned()], 1)
    );
}

#[test]
fn what_does_something_is_never_asked_for() {
    let mut frontier = frontier(100, 5);
    let links =
        ["/logout.do", "/news/delete?id=1", "/print.jsp?id=2", "/css/print.css", "/x/delete.png"];
    assert_eq!(offer(&mut frontier, "/", 0, &links), 2);
    offer(&mut frontier, "/", 0, &["http://b.cn/logout", &format!("/{}", "x".repeat(2_100))]);
    frontier.leave("robots", &url("/admin"));
    let left_out = frontier.left_out();
    assert_eq!(found(&left_out, "action"), Some((3, "http://www.a.gov.cn/logout.do")));
    assert_eq!(found(&left_out, "print").unwrap().0, 1);
    assert_eq!(found(&left_out, "length").unwrap().1.len(), 300);
    assert_eq!(found(&left_out, "robots").unwrap().0, 1);
}

#[test]
fn what_only_the_sitemap_names_comes_last() {
    let mut frontier = frontier(100, 5);
    for path in ["/a", "/orphan", "/b", "/f.pdf"] {
        frontier.name(&url(path));
    }
    let asked = crawl(&mut frontier, |url| match url.path() {
        "/" => vec!["/a".to_owned()],
        "/a" => vec!["/b".to_owned()],
        "/orphan" => vec!["/child".to_owned()],
        _ => vec![],
    });
    assert_eq!(asked, ["/", "/a", "/b", "/orphan", "/child", "?/f.pdf"]);
}

#[test]
fn a_calendar_ends_and_the_site_around_it_is_read() {
    let mut frontier = frontier(400, 100);
    let asked = crawl(&mut frontier, |url| {
        let mut links: Vec<String> =
            (0..100).map(|id| format!("/art/2026/11/22/art_{id}.html")).collect();
        links.extend(["/cal/2026/11/22/".to_owned(), "/e.jsp?year=2026&month=11".to_owned()]);
        let numbers: Vec<u32> =
            url.path().split('/').filter_map(|part| part.parse().ok()).collect();
        if let ([year, month, day], true) = (&numbers[..], url.path().starts_with("/cal")) {
            let next = year * 372 + (month - 1) * 31 + day;
            links.push(format!("/cal/{}/{}/{}/", next / 372, next / 31 % 12 + 1, next % 31 + 1));
        }
        if let Some(query) = url.query() {
            let number = |name: &str| {
                let pair = query.split('&').find_map(|pair| pair.strip_prefix(name));
                pair.and_then(|value| value.parse::<u32>().ok()).unwrap()
            };
            let (year, month) = (number("year="), number("month="));
            links.push(format!("/e.jsp?year={}&month={}", year + month / 12, month % 12 + 1));
            links.push(format!("/e.jsp?year={}&month={}", year - 40, month));
        }
        links
    });
    let of = |begin: &str| asked.iter().filter(|path| path.starts_with(begin)).count();
    assert_eq!((of("/art"), of("/cal")), (100, 60));
    assert_eq!(of("/e.jsp"), 17, "to next December, and three that lie too far");
    assert!(found(&frontier.traps(), "calendar").is_some());
    assert!(asked.len() < 200);
}

#[test]
fn sessions_in_the_path_end() {
    let mut frontier = frontier(400, 100);
    let asked = crawl(&mut frontier, |url| {
        let mut state = 17u64;
        url.as_str()
            .bytes()
            .for_each(|byte| state = state.wrapping_mul(31).wrapping_add(byte.into()));
        let session = format!("{state:016x}a1");
        let mut links: Vec<String> = (0..20).map(|id| format!("/page/{id}.html")).collect();
        links.push(format!("/s/{session}/index.html"));
        links.push(format!("/(S({session}00000000))/d.aspx"));
        links
    });
    let of = |begin: &str| asked.iter().filter(|path| path.starts_with(begin)).count();
    assert_eq!((of("/page"), of("/d.aspx"), of("/s/")), (20, 1, 50));
    assert!(found(&frontier.traps(), "session").is_some());
}

#[test]
fn queries_that_only_recombine_end_and_numbers_of_pages_do_not() {
    let mut frontier = frontier(2_000, 100);
    let asked =
        crawl(&mut frontier, |url| {
            if url.path() != "/" {
                return vec![];
            }
            let mut links: Vec<String> =
                (0..400).map(|id| format!("/v.jsp?class={}&id={id}", id % 9)).collect();
            links.extend((0..1_200).map(|id| format!("/n.jsp?id={id}")));
            links.extend((0..400).map(|n| format!("/f.jsp?a={}&b={}", n / 20, n % 20)));
            links.extend((0..15).flat_map(|list| {
                (1..=20).map(move |page| format!("/l.jsp?cid={list}&page={page}"))
            }));
            links.extend((1..200).map(|page| format!("/m.jsp?cid=1&page={page}")));
            links
        });
    let of = |begin: &str| asked.iter().filter(|path| path.starts_with(begin)).count();
    assert_eq!(of("/v.jsp"), 400, "class and number");
    assert_eq!(of("/n.jsp"), 1_000, "half the budget");
    assert!((45..80).contains(&of("/f.jsp")), "{}", of("/f.jsp"));
    assert_eq!((of("/l.jsp"), of("/m.jsp")), (300, 50), "fifteen lists; one list without end");
    assert!(found(&frontier.traps(), "query").is_some_and(|(count, _)| count > 500));
}

#[test]
fn circles_and_endless_depth_end() {
    let mut frontier = frontier(2_000, 100);
    // every address is answered, and the links lack their leading slash
    let asked = crawl(&mut frontier, |url| {
        let depth = url.path().split('/').count();
        let folder = &url[..Position::AfterPath];
        vec![format!("{folder}news/"), format!("{folder}n{depth}/")]
    });
    assert!(asked.len() < 1_000, "{}", asked.len());
    let traps = frontier.traps();
    assert!(found(&traps, "repeat").is_some() && found(&traps, "depth").is_some(), "{traps:?}");
}

#[test]
fn a_shape_that_shows_the_same_is_cut_where_most_of_it_does() {
    let mut frontier = frontier(500, 5);
    let paths: Vec<String> = (0..100).map(|id| format!("/endless/{id}.html")).collect();
    let articles: Vec<String> = (0..100).map(|id| format!("/art/{id}.html")).collect();
    let links: Vec<&str> = paths.iter().chain(&articles).map(String::as_str).collect();
    offer(&mut frontier, "/", 0, &links);
    let mut asked = Vec::new();
    while let Some(task) = frontier.next() {
        let deleted = task.url.path().starts_with("/art") && asked.len() % 4 == 0;
        if !task.check && (task.url.path().starts_with("/endless") || deleted) {
            frontier.same_content(&task.url);
        }
        asked.push(shown(&task));
    }
    let of = |begin: &str| asked.iter().filter(|path| path.starts_with(begin)).count();
    assert_eq!((of("/endless"), of("?/endless"), of("/art")), (21, 79, 100));
    assert_eq!(found(&frontier.traps(), "same"), Some((79, "http://www.a.gov.cn/endless/21.html")));
    assert_eq!(offer(&mut frontier, "/art/1.html", 1, &["/endless/500.html"]), 0);
}

#[test]
fn the_same_site_is_asked_in_the_same_order() {
    let site = |url: &Url| -> Vec<String> {
        let from: u64 = url.path().trim_matches('/').parse().unwrap_or(1);
        (0..9).map(|n| format!("/{}/", (from * 7 + n * n * 13) % 3_000)).collect()
    };
    let (mut first, mut second) = (frontier(200, 8), frontier(200, 8));
    let asked = crawl(&mut first, site);
    assert_eq!(asked, crawl(&mut second, site));
    assert_eq!(
        (asked.len(), first.left_out()),
        (200 + asked.iter().filter(|path| path.starts_with('?')).count(), second.left_out())
    );
}

#[test]
fn a_flood_of_links_finds_no_room() {
    let mut frontier = frontier(10, 5);
    for number in 0..30_000 {
        let page = format!("/p{}", number / 1_000);
        offer(&mut frontier, &page, 1, &[&format!("/x{number}x"), &format!("/x{number}.pdf")]);
    }
    assert_eq!(frontier.seen.count(), 20_200);
    assert_eq!(frontier.waiting(), 1 + 2_020 - 1 + 2_040);
    let left_out = found(&frontier.left_out(), "frontier").unwrap().0;
    assert_eq!(left_out, 60_000 - 2_019 - 2_040);
    assert!(size_of::<Item>() <= 176, "{}", size_of::<Item>());
}
