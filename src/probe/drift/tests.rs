//! Tests of drift: redesigns, news, maintenance and slow changes beside defacements.

use super::*;
use crate::page::{Given, facts};

const URL: &str = "https://www.lanchuan.gov.cn/";

fn at() -> DateTime<Utc> {
    "2026-11-24T02:00:00Z".parse().unwrap()
}

fn read(url: &str, text: &str) -> PageFacts {
    let url = Url::parse(url).unwrap();
    let page = Given {
        url: &url,
        origin: Origin::Home,
        at: at(),
        status: 200,
        headers: &[],
        text,
        encoding: "UTF-8",
        declared_encoding: "",
    };
    facts(&page)
}

/// A home page with news from this number on.
fn home(from: usize) -> String {
    let rows: String = (from..from + 30)
        .map(|n| format!("<li><a href='/art/2026/{n}.html'>澜川市召开第{n}次工作会议部署重点任务</a><span>11-24</span></li>"))
        .collect();
    let menu: String =
        (0..25).map(|n| format!("<li><a href='/zwgk/{n}/'>公开栏目{n}</a></li>")).collect();
    format!(
        "<html><head><title>澜川市人民政府门户网站</title><script src='/js/jquery.js'></script></head><body>\
         <div class=nav><ul>{menu}</ul></div><div><h2>要闻</h2><ul>{rows}</ul></div>\
         <form><input name=q><button>搜索</button></form><div><p>主办单位：澜川市人民政府办公室</p>\
         <p>网站标识码：4116000001</p><p>豫ICP备05023417号</p></div></body></html>"
    )
}

/// Another page under the same roof: other mark-up, links and title.
fn other(title: &str, body: &str) -> String {
    format!("<html><head><title>{title}</title></head><body>{body}</body></html>")
}

fn confirmed(page: &PageFacts) -> ConfirmedPage {
    ConfirmedPage {
        baseline: baseline(page).unwrap(),
        confirmed_at: at(),
        confirmed_by: "张三".to_owned(),
    }
}

fn against(before: &str, now: &str) -> DriftFacts {
    let confirmed = confirmed(&read(URL, before));
    drift(&confirmed, &read(URL, now)).seen().unwrap().clone()
}

/// As the rule has it.
fn wholly_changed(drift: &DriftFacts) -> bool {
    drift.title_likeness < 20
        && drift.structure < 50
        && drift.links_gone >= 80
        && !drift.identity_kept
}

#[test]
fn the_same_page_has_not_changed() {
    let drift = against(&home(0), &home(0));
    assert_eq!(
        (drift.title_likeness, drift.structure, drift.text, drift.links_gone),
        (100, 100, 100, 0)
    );
    assert!(drift.identity_kept && drift.hosts_added.is_empty() && drift.scripts_added.is_empty());
    assert_eq!((drift.confirmed_by.as_str(), drift.signs.len()), ("张三", 0));
}

#[test]
fn news_change_the_text_and_nothing_else() {
    let before = read(URL, &home(0));
    let now = read(URL, &home(500));
    let drift = drift(&confirmed(&before), &now).seen().unwrap().clone();
    assert!(drift.structure >= 90, "{drift:?}");
    assert!((30..=75).contains(&drift.links_gone), "the news are gone, the menu stays: {drift:?}");
    assert_eq!(news(&drift, &now), Some(super::now(&now)), "text and links follow");
}

#[test]
fn a_defaced_page_is_wholly_changed() {
    let body = "<center><img src='http://evil.example/f.gif'><br><font>x</font><br><b>y</b><marquee>z</marquee>\
        <embed src='http://evil.example/m.mp3'><hr></center>";
    let drift = against(&home(0), &other("xX crew", body));
    assert!(wholly_changed(&drift), "{drift:?}");
    assert_eq!(
        (drift.links_gone, drift.hosts_added.as_slice()),
        (100, &["evil.example".to_owned()][..])
    );
    assert!(drift.chars * 10 < drift.chars_before);
}

#[test]
fn a_signature_is_told_though_all_else_stays() {
    let signed = home(0).replace("<body>", "<body><h1>Hacked by d3sk</h1>");
    let drift = against(&home(0), &signed);
    assert_eq!(drift.signs, ["Hacked by d3sk"]);
    assert!(!wholly_changed(&drift) && news(&drift, &read(URL, &signed)).is_none());
}

#[test]
fn redesigns_keep_saying_whose_site_it_is() {
    let modern = "<header><img src=//cdn.example/a.png><nav><a href=/n1/>a</a></nav></header><main><section><article><a href=/n2/>b</a></article>\
        </section><section><figure><img src=1></figure><p>澜川欢迎您</p></section></main>";
    let code = format!("{modern}<footer>网站标识码：4116000001</footer>");
    for (title, body) in [
        ("澜川市人民政府", modern),
        ("澜川市政府网", modern),
        ("首页", code.as_str()),
        (
            "Welcome",
            "<header><img src=//cdn.example/a.png></header><main><p>a</p></main><footer><b>豫ICP备05023417号</b><i>x</i></footer>",
        ),
    ] {
        let drift = against(&home(0), &other(title, body));
        assert!(drift.links_gone >= 80, "{title}: {drift:?}");
        assert!(!wholly_changed(&drift), "{title}: {drift:?}");
    }
}

#[test]
fn maintenance_errors_and_shells_prove_nothing() {
    let confirmed = confirmed(&read(URL, &home(0)));
    for (title, body) in [
        ("系统维护中", "<p>网站正在升级维护，请稍后访问</p>"),
        ("提示", "<p>网站正在维护</p><p>给您带来不便，敬请谅解</p>"),
        ("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr>"),
        (
            "澜川",
            "<div id=app></div><script src=/js/app.js></script><script src=/js/chunk.js></script>",
        ),
    ] {
        let page = read(URL, &other(title, body));
        assert!(drift(&confirmed, &page).seen().is_none(), "{title}");
        assert_eq!(baseline(&page), None, "{title}");
    }
    let failed = PageFacts { reason: Reason::DnsTimeout, ..read(URL, &home(0)) };
    assert!(drift(&confirmed, &failed).seen().is_none());
    // what a defacer writes is seen all the same
    let signed = read(URL, &other("Hacked by d3sk", "<p>网站正在维护</p>"));
    assert_eq!(drift(&confirmed, &signed).seen().unwrap().signs, ["Hacked by d3sk"]);
}

#[test]
fn a_first_look_is_a_baseline_unless_it_shows_an_attack() {
    assert!(first(&read(URL, &home(0))).is_some());
    let signed = read(URL, &home(0).replace("<body>", "<body><h1>Hacked by d3sk</h1>"));
    assert_eq!(first(&signed), None);
    // a person who has looked may confirm it, and is not asked again
    let vouched = confirmed(&signed);
    let drift = drift(&vouched, &signed).seen().unwrap().clone();
    assert!(drift.signs.is_empty(), "{drift:?}");
}

#[test]
fn without_a_baseline_signs_are_told_and_nothing_has_changed() {
    let pages = |text: &str| Seen::Seen(vec![read(URL, text)]);
    let told = seen(None, &pages(&other("Hacked by d3sk", "<h1>x</h1>")), at());
    let told = told.seen().unwrap();
    assert_eq!((told.len(), told[0].signs.len(), told[0].confirmed_at), (1, 1, at()));
    assert!(!wholly_changed(&told[0]) && told[0].title_before.is_empty());
    let plain = seen(None, &pages(&home(0)), at());
    assert!(plain.seen().unwrap()[0].signs.is_empty());
    // another host has no baseline yet
    let elsewhere = confirmed(&read("https://www.xihe.gov.cn/", &home(0)));
    assert_eq!(seen(Some(&elsewhere), &pages(&home(0)), at()), plain);
    assert!(drift(&elsewhere, &read(URL, &home(0))).seen().is_none());
    for unread in [Seen::unseen(Reason::DnsTimeout, ""), Seen::Seen(Vec::new())] {
        assert!(seen(None, &unread, at()).seen().is_none());
    }
    assert!(seen(None, &pages(&other("系统维护中", "<p>x</p>")), at()).seen().is_none());
}

#[test]
fn whoever_goes_slowly_is_still_told_from_the_confirmed_page() {
    let mut confirmed = confirmed(&read(URL, &home(0)));
    // every day another word of the title, and one more script
    let steps = ["澜川市人民政府门户 x", "澜川市人民 xx", "澜川 xxx", "xX crew"];
    let mut last = None;
    for (day, title) in steps.iter().enumerate() {
        let script = format!("<script src='//s{day}.example/a.js'></script></head>");
        let text =
            home(day * 40).replace("澜川市人民政府门户网站", title).replace("</head>", &script);
        let page = read(URL, &text);
        let seen = drift(&confirmed, &page).seen().unwrap().clone();
        if let Some(news) = news(&seen, &page) {
            confirmed.baseline.news = news;
        }
        last = Some(seen);
    }
    let last = last.unwrap();
    assert_eq!((last.title_before.as_str(), last.title_likeness), ("澜川市人民政府门户网站", 0));
    assert_eq!(last.script_hosts_added, ["s3.example"]);
    assert_eq!(confirmed.baseline.news, super::now(&read(URL, &home(0))), "no such look moves it");
}

#[test]
fn new_hosts_of_scripts_are_told_apart_from_new_scripts() {
    let more = home(0).replace(
        "</head>",
        "<script src='/js/b.js'></script><script src='https://cdn.example/c.js?x'></script><script>var a</script></head>",
    );
    let drift = against(&home(0), &more);
    assert_eq!(drift.script_hosts_added, ["cdn.example"]);
    assert_eq!(drift.scripts_added.len(), 3, "{drift:?}");
}

#[test]
fn the_sketch_tells_about_how_many_links_are_gone() {
    let links = |range: std::ops::Range<usize>| -> String {
        range.map(|n| format!("<p><a href=/a/{n}>a{n}</a></p>")).collect()
    };
    for (kept, of, expected) in [(1000, 1000, 0), (500, 1000, 50), (100, 1000, 90), (0, 1000, 100)]
    {
        let before = other("澜川", &links(0..of));
        let now = other("澜川", &links(of - kept..2 * of - kept));
        let gone = against(&before, &now).links_gone;
        assert!(gone.abs_diff(expected) <= 15, "{kept} of {of}: {gone}");
    }
    let drift = against(&other("澜川", &links(0..30)), &other("澜川", "<p>澜川</p><p>x</p>"));
    assert_eq!(drift.links_gone, 100);
    assert_eq!(against(&other("澜川", "<p>a</p>"), &home(0)).links_gone, 0, "there was none");
}

#[test]
fn titles_are_near_while_the_name_stays() {
    for (before, now, expected) in [
        ("澜川市人民政府", "澜川市人民政府", 100),
        ("澜川市人民政府门户网站", "澜川市人民政府", 100),
        ("澜川市人民政府", "欢迎访问澜川市人民政府门户网站！", 100),
        ("澜川市人民政府", "Hacked by d3sk", 0),
        ("澜川市人民政府", "", 0),
        ("", "澜川市人民政府", 100),
        ("澜川市人民政府", "澳门新葡京娱乐", 0),
    ] {
        assert_eq!(title_likeness(before, now), expected, "{before} ▸ {now}");
    }
}

#[test]
fn fingerprints_that_cannot_be_read_say_nothing() {
    assert_eq!(likeness("", "00"), 100);
    assert_eq!(likeness("zz", "00"), 100);
    assert_eq!(likeness("00", ""), 0);
    assert_eq!(likeness("ffffffffffffffff", "0000000000000000"), 0);
    assert_eq!(likeness("000000000000000f", "0000000000000000"), 88);
}
