//! Sites that show search engines what they hide from everybody, and links that lead to what is no longer there.

mod replayed;

use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{io::AsyncWriteExt, net::TcpStream};
use xuncha_model::{
    Facts, Reason, Verdict,
    facts::{GuiseFacts, OutboundFacts},
    verdict::Outcome,
};
use xuncha_net::{Config, Door};
use xuncha_probe::{
    Eye, Memory, Profile, Target,
    crawl::{Settings, Shelf},
    domain,
};
use xuncha_rules::{RuleSet, register};

use crate::support::{
    config,
    names::Names,
    servers::{Guest, Server, page, redirect},
};

/// What was asked: host, path, and the head of the request.
struct Asked<'a> {
    host: &'a str,
    path: &'a str,
    head: &'a str,
}

impl Asked<'_> {
    fn says(&self, words: &str) -> bool {
        self.head.contains(words)
    }
}

/// Every host of a small internet on one port, and who looks at one of its sites.
struct Internet {
    server: Server,
    names: Names,
}

impl Internet {
    async fn start(answers: impl Fn(&Asked<'_>) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let answers = Arc::new(answers);
        let serve = move |guest: Guest<TcpStream>| serve(guest, Arc::clone(&answers));
        let server = Server::on("127.0.0.1:0", serve).await.unwrap();
        Self { server, names: Names::all_at("127.0.0.1").await }
    }

    /// A full look at www.luyi.gov.cn.
    async fn look(&self) -> Facts {
        self.look_with(None).await
    }

    async fn look_with(&self, shelf: Option<Arc<dyn Shelf>>) -> Facts {
        let yaml = "city: { name: 周口市, domain: zhoukou.gov.cn, division: '411600' }\n\
            organs: [{ id: office, name: 鹿邑县人民政府, kind: government, region: '411600' }]\n\
            sites:\n  - { id: luyi, name: 鹿邑县人民政府, sponsor: office, kind: portal, url: 'http://www.luyi.gov.cn/' }\n";
        let register = Arc::new(register::load("luyi.yaml", yaml).unwrap());
        let config = Config {
            allow_net: vec!["127.0.0.1".parse().unwrap()],
            port_map: BTreeMap::from([(80, self.server.port)]),
            ..config(self.names.address)
        };
        let eye = Eye {
            door: Door::new(config).unwrap(),
            names: Arc::new(domain::Names::new(&register)),
            vantage: "here".to_owned(),
            profile: Profile::Full,
            second_look: Duration::from_millis(1),
            crawl: Settings {
                interval: Duration::ZERO,
                second_look: Duration::from_millis(1),
                ..Settings::default()
            },
            shelf,
            browser: None,
            files: None,
            register,
        };
        let target = Target::Registered(eye.register.sites[0].clone());
        xuncha_probe::look(&eye, &target, &Memory::default(), &crate::now).await
    }

    /// First lines of the requests to a host.
    fn asked(&self, host: &str) -> Vec<String> {
        let requests = self.server.requests().into_iter();
        let to_host = requests.filter(|(_, head)| head.contains(&format!("host: {host}\r\n")));
        to_host.map(|(_, head)| head.lines().next().unwrap_or_default().to_owned()).collect()
    }
}

async fn serve(
    mut guest: Guest<TcpStream>,
    answers: Arc<impl Fn(&Asked<'_>) -> Vec<u8>>,
) -> io::Result<()> {
    let head = guest.head().await?;
    let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let mut answer = answers(&Asked { host, path, head: &head });
    if head.starts_with("HEAD ") {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
        answer.truncate(end);
    }
    guest.stream.write_all(&answer).await?;
    guest.stream.shutdown().await
}

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\nConnection: close\r\n";

fn html(title: &str, body: &str) -> Vec<u8> {
    let text =
        format!("<!DOCTYPE html><html lang=zh-CN><title>{title}</title><body>{body}</body></html>");
    page(HTML, text.as_bytes())
}

fn none() -> Vec<u8> {
    let head = format!("HTTP/1.1 404 Not Found\r\n{HTML}Content-Length: 6\r\n\r\n");
    [head.as_bytes(), "没有".as_bytes()].concat()
}

/// A text of its own for each number.
fn text(number: usize) -> String {
    let letter = |at: usize| {
        let code = 0x4e00 + (number * 7919 + at * 613) % 5000;
        char::from_u32(u32::try_from(code).unwrap()).unwrap()
    };
    (0..300).map(letter).collect()
}

/// The pages of an honest site: home, a column, two articles; `besides` stands at the end of the home page.
fn honest(path: &str, besides: &str) -> Vec<u8> {
    let article = |number: usize| {
        let body = format!(
            "<h1>第{number}号通知</h1><p>发布时间：2026-11-20 来源：本局</p><p>{}</p>",
            text(number)
        );
        html(&format!("第{number}号通知"), &body)
    };
    match path {
        "/" => {
            let menu = "<nav><a href=/tzgg/>通知公告</a></nav>";
            html("鹿邑县人民政府", &format!("{menu}<p>{}</p>{besides}", text(1)))
        }
        "/tzgg/" => {
            let row = |n: usize| {
                format!("<li><a href=/tzgg/{n}.html>关于做好第{n}号工作的通知</a> 2026-11-{n}</li>")
            };
            html("通知公告", &format!("<ul>{}</ul>", (11..19).map(row).collect::<String>()))
        }
        _ => match path.strip_prefix("/tzgg/").and_then(|rest| rest.strip_suffix(".html")) {
            Some(number) => article(number.parse().unwrap_or_default()),
            None => none(),
        },
    }
}

fn casino() -> Vec<u8> {
    let links = (0..8).map(|n| format!("<a href=http://www.c{n}.example/>线路{n}</a>"));
    let words = "澳门新葡京官网 真人百家乐开户 线上娱乐城注册送彩金 ".repeat(20);
    html("澳门新葡京官网_真人百家乐开户", &format!("<p>{words}</p>{}", links.collect::<String>()))
}

fn verdict(facts: &Facts, rule: &str) -> Verdict {
    let rules = RuleSet::embedded().unwrap();
    let facts = serde_json::to_value(facts).unwrap();
    rules.judge(&facts).into_iter().find(|verdict| verdict.rule == rule).unwrap()
}

fn guise<'f>(facts: &'f Facts, name: &str) -> &'f GuiseFacts {
    let mut all = facts.guises.seen().unwrap().iter();
    all.find(|found| found.guise == name && found.url == "http://www.luyi.gov.cn/").unwrap()
}

fn targets(verdict: &Verdict) -> Vec<&str> {
    verdict.hits.iter().map(|hit| hit.target.as_str()).collect()
}

#[tokio::test]
async fn what_only_a_spider_is_shown_is_found() {
    let internet = Internet::start(|asked| match asked.path {
        "/" | "/tzgg/" if asked.says("Baiduspider") => casino(),
        path if asked.host == "www.luyi.gov.cn" => honest(path, ""),
        _ => none(),
    })
    .await;
    let facts = internet.look().await;
    let found = guise(&facts, "baidu");
    assert_eq!((found.plain_title.as_str(), found.ordinary), ("鹿邑县人民政府", 100));
    assert!(found.likeness < 10 && found.hosts.len() == 8, "{found:?}");
    assert_eq!(found.injected.first().map(|found| found.list.as_str()), Some("gambling"));
    assert!(guise(&facts, "sogou").likeness == 100, "{:?}", guise(&facts, "sogou"));
    let verdict = verdict(&facts, "safety.cloaking");
    assert_eq!(targets(&verdict), ["http://www.luyi.gov.cn/", "http://www.luyi.gov.cn/tzgg/"]);
    assert!(verdict.hits[0].message.contains("百度爬虫"), "{}", verdict.hits[0].message);
}

#[tokio::test]
async fn who_comes_from_a_search_engine_and_is_sent_away_is_found() {
    let internet = Internet::start(|asked| match asked.host {
        "www.luyi.gov.cn" if asked.says("iPhone") => redirect("http://www.luyi.gov.cn/#m"),
        "www.luyi.gov.cn" if asked.says("referer: https://www.baidu.com/") => {
            redirect("http://casino.example/in")
        }
        "www.luyi.gov.cn" => honest(asked.path, ""),
        "casino.example" => casino(),
        _ => none(),
    })
    .await;
    let facts = internet.look().await;
    let found = guise(&facts, "referer");
    assert_eq!((found.elsewhere.as_str(), found.foreign), ("http://casino.example/in", true));
    assert!(found.title.starts_with("澳门"), "{found:?}");
    assert_eq!(guise(&facts, "phone").reason, Reason::RedirectLimit);
    let verdict = verdict(&facts, "safety.cloaking");
    assert_eq!(targets(&verdict)[0], "http://www.luyi.gov.cn/");
    assert!(verdict.hits[0].message.contains("casino.example"), "{}", verdict.hits[0].message);
    // the stranger is asked by our own name and told nothing
    let requests = internet.server.requests();
    let told = requests.iter().filter(|(_, head)| head.contains("host: casino.example\r\n"));
    for (_, head) in told {
        assert!(head.contains("user-agent: xuncha/") && !head.contains("referer: "), "{head}");
    }
}

#[tokio::test]
async fn a_phone_is_sent_to_a_casino_only() {
    let to = |host: &'static str| {
        move |asked: &Asked<'_>| match asked.host {
            "www.luyi.gov.cn" if asked.says("iPhone") => redirect(&format!("http://{host}/")),
            "www.luyi.gov.cn" => honest(asked.path, ""),
            "casino.example" => casino(),
            "wap.platform.example" => html("鹿邑县人民政府手机版", &text(5)),
            _ => none(),
        }
    };
    for (host, hits) in [("casino.example", 1), ("wap.platform.example", 0), ("m.luyi.gov.cn", 0)] {
        let facts = Internet::start(to(host)).await.look().await;
        let verdict = verdict(&facts, "safety.cloaking");
        assert_eq!(verdict.hits.len(), hits, "{host}: {:?}", guise(&facts, "phone"));
    }
}

#[tokio::test]
async fn a_page_of_changes_and_refusals_is_innocent() {
    let count = AtomicUsize::new(0);
    let internet = Internet::start(move |asked| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        if asked.host != "www.luyi.gov.cn" {
            return none();
        }
        if asked.says("Sogou") {
            return b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_vec();
        }
        if asked.says("bingbot") && asked.path == "/" {
            return html("系统维护", "<p>系统正在维护，请稍后访问。</p>");
        }
        if asked.says("iPhone") && asked.path == "/" {
            let links = (0..9).map(|n| format!("<a href=http://app{n}.example/>应用{n}</a>"));
            return html("掌上鹿邑", &links.collect::<String>());
        }
        // a counter, another advertisement and other news every time
        let change = format!(
            "<p>{}</p><a href=http://ad{number}.example/>广告</a>访问{number}",
            text(number)
        );
        honest(asked.path, &change)
    })
    .await;
    let facts = internet.look().await;
    assert_eq!(guise(&facts, "sogou").reason.to_string(), "gateway.403");
    let baidu = guise(&facts, "baidu");
    assert!(baidu.ordinary < 90 && baidu.title_likeness == 100, "{baidu:?}");
    let verdict = verdict(&facts, "safety.cloaking");
    assert_eq!((verdict.outcome(), targets(&verdict)), (Outcome::Pass, Vec::new()));
}

#[tokio::test]
async fn what_passes_accuses_nobody() {
    let count = AtomicUsize::new(0);
    let internet = Internet::start(move |asked| match asked.path {
        "/" if asked.says("Baiduspider") && count.fetch_add(1, Ordering::Relaxed) == 0 => casino(),
        path if asked.host == "www.luyi.gov.cn" => honest(path, ""),
        _ => none(),
    })
    .await;
    let facts = internet.look().await;
    let verdict = verdict(&facts, "safety.cloaking");
    assert_eq!(verdict.outcome(), Outcome::Pass, "{:?}", guise(&facts, "baidu"));
    let homes = internet
        .server
        .requests()
        .into_iter()
        .filter(|(_, head)| head.starts_with("GET / ") && head.contains("Baiduspider"));
    assert_eq!(homes.count(), 2);
}

#[tokio::test]
async fn a_site_that_refuses_every_visitor_is_not_judged() {
    let internet = Internet::start(|asked| match asked.host {
        "www.luyi.gov.cn" if !asked.says("xuncha/") => {
            b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_vec()
        }
        "www.luyi.gov.cn" => honest(asked.path, ""),
        _ => none(),
    })
    .await;
    let facts = internet.look().await;
    let why = facts.guises.why().unwrap();
    assert_eq!(why.reason.to_string(), "gateway.403");
    assert_eq!(verdict(&facts, "safety.cloaking").outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn links_that_lead_to_what_is_no_longer_there_are_known() {
    let links = "<a href=http://www.kejiguan.example/>县科技馆</a><a href=http://www.kejiguan.example/b>活动</a>\
        <a href=http://shop.example/>商城</a><a href=http://hospital.example/a.html>县医院</a>\
        <a href=http://closed.example/>展会</a><a href=http://www.news.cn/>新华网</a>\
        <a href=http://large.example/>大页</a><a href=http://files.example/a.pdf>附件</a>";
    let internet = Internet::start(move |asked| match (asked.host, asked.path) {
        ("www.luyi.gov.cn", path) => honest(path, links),
        ("closed.example", "/robots.txt") => {
            page("Content-Type: text/plain\r\n", b"User-agent: *\nDisallow: /\n")
        }
        (_, "/robots.txt") => none(),
        ("www.kejiguan.example", _) => casino(),
        ("shop.example", _) => html("shop.example", "<p>该域名正在出售，请联系我们</p>"),
        ("large.example", _) => html("大页", &text(3).repeat(900)),
        _ => html("县医院", &text(4)),
    })
    .await;
    let facts = internet.look().await;
    let outbound = facts.outbound.seen().unwrap();
    let hosts: Vec<_> = outbound.iter().map(|found| found.host.as_str()).collect();
    assert_eq!(
        hosts,
        [
            "www.kejiguan.example",
            "shop.example",
            "hospital.example",
            "large.example",
            "closed.example"
        ]
    );
    let of = |host: &str| -> &OutboundFacts {
        outbound.iter().find(|found| found.host == host).unwrap()
    };
    assert_eq!(of("www.kejiguan.example").text, "县科技馆");
    assert!(of("shop.example").parked && !of("hospital.example").parked);
    assert_eq!(of("closed.example").reason, Reason::Robots);
    assert_eq!(
        (of("large.example").reason.clone(), of("large.example").title.as_str()),
        (Reason::Ok, "大页")
    );
    // one request is the check of the link as well; further links, files and platforms are asked for by HEAD
    assert_eq!(
        internet.asked("www.kejiguan.example"),
        ["GET /robots.txt HTTP/1.1", "GET / HTTP/1.1", "HEAD /b HTTP/1.1"]
    );
    assert_eq!(internet.asked("www.news.cn").last().unwrap(), "HEAD / HTTP/1.1");
    assert_eq!(internet.asked("files.example").last().unwrap(), "HEAD /a.pdf HTTP/1.1");
    assert_eq!(facts.links.seen().map(|links| links.broken.len()), Some(0), "{:?}", facts.links);
    let verdict = verdict(&facts, "safety.seized-link");
    assert_eq!(targets(&verdict), ["http://www.luyi.gov.cn/ → www.kejiguan.example"]);
    assert!(verdict.hits[0].message.contains("赌博网站"), "{}", verdict.hits[0].message);
}
