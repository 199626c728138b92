//! Crawls by the program itself: a large site that is interrupted and taken up again, and a site without an end.

use std::{
    collections::{HashMap, HashSet},
    fs,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tempfile::tempdir;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    program::{command, status, stderr, stdout},
    support::names::Names,
};

/// What a site answers to a path with its query; what begins with a slash is an address to go to.
type Answers = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// A site whose pages are made when they are asked for.
struct Site {
    address: SocketAddr,
    asked: Arc<Mutex<HashMap<String, usize>>>,
    task: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Site {
    async fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
        let noted = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let (answers, noted) = (Arc::clone(&answers), Arc::clone(&noted));
                tokio::spawn(async move {
                    let service = service_fn(|request| {
                        let answer = answer(&answers, &noted, &request);
                        async move { Ok::<_, hyper::Error>(answer) }
                    });
                    let _ =
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { address, asked, task }
    }

    /// How often each path was asked for.
    fn asked(&self) -> HashMap<String, usize> {
        self.asked.lock().unwrap().clone()
    }

    fn total(&self) -> usize {
        self.asked.lock().unwrap().values().sum()
    }
}

fn answer(
    answers: &Answers,
    noted: &Mutex<HashMap<String, usize>>,
    request: &Request<Incoming>,
) -> Response<Full<Bytes>> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    *noted.lock().unwrap().entry(target.to_owned()).or_default() += 1;
    let tag = format!("\"{:x}\"", target.len() * 31);
    let same =
        request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str());
    let (code, body) = match answers(target) {
        _ if same => (304, String::new()),
        Some(body) if body.starts_with('/') => (302, body),
        Some(body) => (200, body),
        None => (404, "<title>404</title>".to_owned()),
    };
    let moved = if code == 302 { body.clone() } else { String::new() };
    Response::builder()
        .status(code)
        .header(header::LOCATION, moved)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::ETAG, tag)
        .body(Full::new(Bytes::from(body)))
        .unwrap()
}

/// A folder with a register of the site, and the settings that lead to it.
fn prepare(folder: &Path, names: &Names, site: &Site, crawl: &str) {
    let register = "city: { name: 周口市, domain: zhoukou.gov.cn, division: '411600' }\n\
        organs: [{ id: office, name: 周口市人民政府, kind: government, region: '411600' }]\n\
        sites:\n  - { id: big, name: 周口市大局, sponsor: office, kind: department, url: 'http://big.zhoukou.gov.cn/' }\n";
    fs::write(folder.join("sites.yaml"), register).unwrap();
    let config = format!(
        "network: {{ resolver: '{}', allow_net: [127.0.0.0/8], map_ports: {{ 80: {} }}, references: [], interval: 1ms }}\n\
         scan: {{ second_look: 1s }}\ncrawl: {{ interval: 1ms, {crawl} }}\n",
        names.address,
        site.address.port()
    );
    fs::write(folder.join("xuncha.yaml"), config).unwrap();
}

fn scan(folder: &Path) -> Command {
    let mut command = command(folder);
    command.args(["scan", "big", "--profile", "full", "--format", "json", "--facts", "-q"]);
    command
}

async fn finished(mut command: Command) -> Value {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// The most memory a process ever held, in KB.
fn peak(child: &Child) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

const PAGES: usize = 20_000;

/// Page `n` leads to ten pages further on, and back.
fn tree(target: &str) -> Option<String> {
    let number = match target {
        "/" => 0,
        _ => target.strip_prefix("/p/")?.strip_suffix(".html")?.parse::<usize>().ok()?,
    };
    if number >= PAGES {
        return None;
    }
    let mut page = format!(
        "<!DOCTYPE html><html lang=zh><head><meta charset=utf-8><title>第{number}页</title></head><body><h1>第{number}号文件</h1>\
         <p>发布时间：2026-11-20 来源：本局</p><p>{}</p>",
        format!("第{number}号文件的正文说的是第{}件事情，与别的文件不同。", number * 7919)
            .repeat(3)
    );
    for next in (number * 10 + 1..=number * 10 + 10).filter(|next| *next < PAGES) {
        page.push_str(&format!("<li><a href=\"/p/{next}.html\">第{next}号文件的标题</a></li>"));
    }
    page.push_str("<a href=\"/\">首页</a></body></html>");
    Some(page)
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_pages_survive_kill_9_at_flat_memory() {
    let site = Site::start(Arc::new(tree)).await;
    let names = Names::all_at("127.0.0.1").await;
    let folder = tempdir().unwrap();
    prepare(folder.path(), &names, &site, "max_pages: 30000, max_depth: 20");
    let mut child =
        scan(folder.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut early = 0;
    while site.total() < PAGES * 6 / 10 {
        assert!(child.try_wait().unwrap().is_none(), "it ended early, after {}", site.total());
        if early == 0 && site.total() > PAGES / 10 {
            early = peak(&child).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let late = peak(&child).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(late < early + 40_000, "memory grew from {early} KB to {late} KB");

    let report = finished(scan(folder.path())).await;
    let crawl = &report["sites"][0]["facts"]["crawl"];
    assert_eq!(crawl["pages"], PAGES, "{crawl}");
    assert_eq!(crawl["ended"], "done", "{crawl}");
    assert!(crawl["resumed"].as_u64().unwrap() > PAGES as u64 / 2, "{crawl}");
    let asked = site.asked();
    let pages: HashMap<_, _> = asked.iter().filter(|(path, _)| path.starts_with("/p/")).collect();
    assert_eq!(pages.len(), PAGES - 1);
    let twice: usize = pages.values().map(|times| **times - 1).sum();
    assert!(twice <= PAGES / 100, "{twice} pages were fetched again");
}

/// A calendar, session ids, paths that grow, and the same text under endless numbers.
fn traps(target: &str) -> Option<String> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let page = |text: String, links: &[String]| {
        let links: String = links
            .iter()
            .map(|link| format!("<li><a href=\"{link}\">进入下一个页面</a></li>"))
            .collect();
        Some(format!(
            "<!DOCTYPE html><html lang=zh><title>{path}</title><body><p>{text}</p>{links}</body></html>"
        ))
    };
    let number = |text: &str| text.parse::<u64>().unwrap_or(0);
    match path {
        "/" => page(
            "首页".repeat(150),
            &[
                "/calendar?day=20260101",
                "/s/1;jsessionid=ABCDEF0123456789ABCDEF0123456789",
                "deep/",
                "/q?a=1&b=1",
                "/same/1.html",
                "/good.html",
            ]
            .map(str::to_owned),
        ),
        "/good.html" => page("正常的一页。".repeat(50), &[]),
        "/calendar" => {
            let day = number(query.trim_start_matches("day="));
            page(
                format!("{day} 没有安排"),
                &[format!("/calendar?day={}", day + 1), format!("/calendar?day={}", day + 100)],
            )
        }
        "/q" => {
            let sum = query.bytes().map(u64::from).sum::<u64>();
            page(
                format!("结果{sum}"),
                &[
                    format!("/q?b={sum}&a=1"),
                    format!("/q?a={sum}&b=2"),
                    format!("/q?a={}&b={sum}", sum + 1),
                ],
            )
        }
        _ if path.starts_with("/s/") => {
            let number = number(path[3..].split(';').next().unwrap_or(""));
            let links = (0..3)
                .map(|step| format!("/s/{};jsessionid={:032X}", number + step, number * 7 + step));
            page("同一段话说了又说。".repeat(40), &links.collect::<Vec<_>>())
        }
        _ if path.starts_with("/deep/") || path.contains("deep/") => {
            page(format!("深处{}", path.len()), &["deep/".to_owned(), "a/deep/".to_owned()])
        }
        _ if path.starts_with("/same/") => {
            let number = number(path[6..].trim_end_matches(".html"));
            let links = (1..4).map(|step| format!("/same/{}.html", number * 3 + step));
            page("到处都是一样的内容，一个字也不差。".repeat(30), &links.collect::<Vec<_>>())
        }
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_end_is_left_within_the_budget_and_its_traps_are_named() {
    let site = Site::start(Arc::new(traps)).await;
    let names = Names::all_at("127.0.0.1").await;
    let folder = tempdir().unwrap();
    prepare(folder.path(), &names, &site, "max_pages: 300, max_depth: 99");
    let report = finished(scan(folder.path())).await;
    let crawl = &report["sites"][0]["facts"]["crawl"];
    assert!(site.total() < 1000, "{} requests", site.total());
    assert!(crawl["pages"].as_u64().unwrap() <= 300, "{crawl}");
    let named: HashSet<&str> = crawl["traps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|trap| trap["why"].as_str().unwrap())
        .collect();
    for trap in ["calendar", "repeat", "same"] {
        assert!(named.contains(trap), "{trap}: {crawl}");
    }
    assert!(site.asked().contains_key("/good.html"), "what is no trap is read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_crawl_of_an_unchanged_site_asks_and_does_not_fetch() {
    let small = |target: &str| {
        let number = target.strip_prefix("/p/").map_or("0", |rest| rest.trim_end_matches(".html"));
        tree(target).filter(|_| number.parse::<usize>().is_ok_and(|number| number < 111))
    };
    let site = Site::start(Arc::new(small)).await;
    let names = Names::all_at("127.0.0.1").await;
    let folder = tempdir().unwrap();
    prepare(folder.path(), &names, &site, "max_pages: 300");
    let first = finished(scan(folder.path())).await;
    let second = finished(scan(folder.path())).await;
    let facts = |report: &Value| report["sites"][0]["facts"].clone();
    let (first, second) = (facts(&first), facts(&second));
    assert_eq!(first["crawl"]["pages"], 111);
    assert_eq!(second["crawl"]["unchanged"], 110, "all but the home page: {}", second["crawl"]);
    for same in ["columns", "articles", "links"] {
        let strip = |facts: &Value| facts[same].to_string().replace("unchanged", "");
        let (was, is) = (strip(&first), strip(&second));
        if same != "links" {
            assert_eq!(was, is, "{same}");
        }
    }
    let findings = |report: &Value| report["links"]["broken"].as_array().unwrap().len();
    assert_eq!(findings(&first), findings(&second));
}

/// Pages that move: for a session's sake, to another page, to one that is linked elsewhere, and round and round.
fn moves(target: &str) -> Option<String> {
    let page = |title: &str, links: &str| {
        Some(format!(
            "<!DOCTYPE html><html lang=zh><title>{title}</title><body><p>{}</p>{links}</body></html>",
            title.repeat(60)
        ))
    };
    let session = "/list.html;jsessionid=0123456789ABCDEF0123456789ABCDEF";
    match target {
        "/" => page(
            "首页",
            "<a href=/list.html>通知公告</a> <a href=/old.html>旧的地址</a> <a href=/b.html>另一个页面</a> <a href=/round.html>转圈的地址</a>",
        ),
        "/list.html" => Some(session.to_owned()),
        _ if target == session => page("列表", "<a href=/in-list.html>列表里的稿件</a>"),
        "/in-list.html" => page("稿件", ""),
        "/old.html" => Some("/new.html".to_owned()),
        "/new.html" => page("新的地址", "<a href=/in-new.html>新地址里的稿件</a>"),
        "/in-new.html" => page("里面", ""),
        "/b.html" => page("乙", ""),
        "/round.html" => Some("/round2.html".to_owned()),
        "/round2.html" => Some("/round.html".to_owned()),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_move_are_read_where_they_are() {
    let site = Site::start(Arc::new(moves)).await;
    let names = Names::all_at("127.0.0.1").await;
    let folder = tempdir().unwrap();
    prepare(folder.path(), &names, &site, "max_pages: 300");
    let report = finished(scan(folder.path())).await;
    let asked = site.asked();
    for read in ["/in-list.html", "/in-new.html", "/b.html"] {
        assert!(asked.contains_key(read), "{read}: {asked:?}");
    }
    assert!(asked["/round.html"] <= 2 && asked["/round2.html"] <= 2, "{asked:?}");
    assert_eq!(
        report["sites"][0]["facts"]["crawl"]["pages"], 6,
        "{}",
        report["sites"][0]["facts"]["crawl"]
    );
}
