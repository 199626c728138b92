//! Floods of every kind: the program ends soon, and its memory grows by no more than 64 MB.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use tempfile::tempdir;
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;
use xuncha_model::{Reason, facts::LookOutcome, scan::Report};

use super::{HTML, Tcp};
use crate::{
    program::command,
    support::{
        certificates::{leaf, self_signed},
        names::Names,
        servers::{Guest, Server, page},
    },
};

/// What a flood may cost (KB).
const GROWTH: u64 = 64 << 10;
/// How long the whole look at one flooding site may last: both its visits run into a time limit at worst.
const LONGEST: Duration = Duration::from_secs(40);

async fn pours(first: &'static [u8], again: Vec<u8>) -> Server {
    Server::start(move |guest: Tcp| {
        let again = again.clone();
        async move { guest.pour(first, &again, Duration::ZERO).await }
    })
    .await
}

/// Speaks at once, whatever is asked.
async fn pours_at_once(first: &'static [u8], again: Vec<u8>) -> Server {
    Server::start(move |mut guest: Tcp| {
        let again = again.clone();
        async move {
            guest.stream.write_all(first).await?;
            loop {
                guest.stream.write_all(&again).await?;
            }
        }
    })
    .await
}

/// Shakes hands, and floods within TLS.
async fn pours_under_tls(first: &'static [u8], again: Vec<u8>) -> Server {
    let acceptor = TlsAcceptor::from(self_signed(&leaf("site.test")).server());
    Server::start(move |guest: Tcp| {
        let (acceptor, again) = (acceptor.clone(), again.clone());
        async move {
            let (stream, heads) = guest.parts();
            let stream = acceptor.accept(stream).await?;
            Guest::whole(stream, heads).pour(first, &again, Duration::ZERO).await
        }
    })
    .await
}

fn frames(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags, 0, 0, 0, u8::from(kind == 9)]);
    frame.extend_from_slice(payload);
    frame.repeat((64 << 10) / frame.len() + 1)
}

fn bomb() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..500 {
        packed.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    page("Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &packed.finish().unwrap())
}

/// A page as large as one may be, of this over and over.
async fn page_of(piece: &str) -> Server {
    let html = format!(
        "<html><head><title>x</title></head><body>{}",
        piece.repeat((9 << 20) / piece.len())
    );
    Server::answering(page("Content-Type: text/html; charset=utf-8\r\n", html.as_bytes())).await
}

async fn cookies() -> Server {
    let mut lines = String::new();
    for number in 0..5000 {
        let _ = write!(lines, "Set-Cookie: c{number}={}\r\n", "v".repeat(3000));
    }
    Server::answering(page(&lines, HTML)).await
}

async fn floods() -> Vec<(&'static str, &'static str, Server)> {
    let ok = b"HTTP/1.1 200 OK\r\n".as_slice();
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".as_slice();
    let endless = b"HTTP/1.1 200 OK\r\n\r\n".as_slice();
    let lines = b"X-Flood: 0123456789012345678901234567890123456789\r\n".repeat(1000);
    let interim = format!("HTTP/1.1 103 Early Hints\r\nLink: <{}>\r\n\r\n", "l".repeat(60_000));
    let mut chunk = b"100000\r\n".to_vec();
    chunk.resize(chunk.len() + (1 << 20), b'a');
    chunk.extend_from_slice(b"\r\n");
    let letters = vec![b'a'; 1 << 16];
    let http2 = b"\0\0\0\x04\0\0\0\0\0".as_slice();
    // a handshake message of 16 MB, in records of 16 KB
    let mut handshake = vec![0x16, 3, 3, 0x40, 0];
    handshake.resize(handshake.len() + 0x4000, 0);
    vec![
        ("header lines", "http", pours(ok, lines.clone()).await),
        ("one header line", "http", pours(b"HTTP/1.1 200 OK\r\nX: ", letters.clone()).await),
        ("a status line", "http", pours(b"HTTP/1.1 200 ", letters.clone()).await),
        ("interim answers", "http", pours(b"", interim.into_bytes()).await),
        ("chunks", "http", pours(chunked, chunk).await),
        (
            "an extension of a chunk",
            "http",
            pours(&[chunked, b"1;x="].concat().leak()[..], letters.clone()).await,
        ),
        ("trailers", "http", pours(&[chunked, b"0\r\n"].concat().leak()[..], lines).await),
        ("a body", "http", pours(endless, letters.clone()).await),
        ("a body under TLS", "https", pours_under_tls(endless, letters.clone()).await),
        ("a bomb", "http", Server::answering(bomb()).await),
        ("cookies", "http", cookies().await),
        ("frames of settings", "http", pours_at_once(http2, frames(4, 0, &[0; 36])).await),
        ("frames of pings", "http", pours_at_once(http2, frames(6, 0, &[0; 8])).await),
        ("frames of continued headers", "http", pours_at_once(http2, frames(9, 0, &[0; 16])).await),
        ("frames under TLS", "https", pours_under_tls(http2, frames(6, 0, &[0; 8])).await),
        (
            "a handshake without an end",
            "https",
            pours_at_once(&[0x16, 3, 3, 0, 4, 2, 0xff, 0xff, 0xff], handshake).await,
        ),
        ("what is no TLS", "https", pours_at_once(b"", letters).await),
        ("tags", "http", page_of("<div>").await),
        ("links", "http", page_of("<a href='/x'>x</a>").await),
        ("half a tag", "http", page_of("<a ").await),
        ("scripts", "http", page_of("<script src='//x.test/jquery-1.4.2.js'></script>").await),
        ("forms", "http", page_of("<form><input type=password>").await),
        ("marks of charsets", "http", page_of("<meta charset=gbk>").await),
    ]
}

/// Looks at one address with a program of its own; what it says, and the most memory it had (KB).
fn look(folder: &Path, resolver: &str, url: &str) -> (Report, u64, Duration) {
    let began = Instant::now();
    let mut command = command(folder);
    command.args(["scan", url, "--format", "json", "--output", "scan.json", "--no-store"]);
    command.args(["--allow-net", "127.0.0.2/32", "--reference", "none", "--resolver", resolver]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = Running(command.spawn().unwrap());
    let status = format!("/proc/{}/status", child.0.id());
    let mut most = 0;
    let ended = loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let now = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = now.and_then(|now| now.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(now.unwrap_or_default());
        if let Some(ended) = child.0.try_wait().unwrap() {
            break ended;
        }
        assert!(began.elapsed() < 2 * LONGEST, "{url} never ends");
        std::thread::sleep(Duration::from_millis(5));
    };
    // a page that keeps an unoptimised program busy for seconds is excused as our own slowness
    assert!(matches!(ended.code(), Some(0 | 3)), "{url}: {ended}");
    let report = fs::read_to_string(folder.join("scan.json")).unwrap();
    (serde_json::from_str(&report).unwrap(), most, began.elapsed())
}

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_is_bounded_whatever_is_poured_in() {
    let names = Names::all_at("127.0.0.2").await;
    let resolver = names.address.to_string();
    let quiet = Server::answering(page("Content-Type: text/html\r\n", HTML)).await;
    let floods = floods().await;
    tokio::task::spawn_blocking(move || {
        let folder = tempdir().unwrap();
        let config = "network:\n  interval: 5ms\n  header_timeout: 5s\n  body_timeout: 5s\n  timeout: 8s\nscan:\n  second_look: 50ms\n";
        fs::write(folder.path().join("xuncha.yaml"), config).unwrap();
        let at = |scheme: &str, port: u16| format!("{scheme}://127.0.0.2:{port}/");
        let (report, usual, _) = look(folder.path(), &resolver, &at("http", quiet.port));
        assert_eq!(report.sites[0].outcome, LookOutcome::Ok, "{}", report.sites[0].reason);
        assert!(usual > 0, "the memory of a quiet look is known");
        let mut wrong = Vec::new();
        for (name, scheme, server) in &floods {
            let (report, most, took) = look(folder.path(), &resolver, &at(scheme, server.port));
            let site = &report.sites[0];
            let growth = most.saturating_sub(usual);
            let line = format!("{name}: +{growth} KB, {took:.1?}, {:?} {}", site.outcome, site.reason);
            let slow = site.reason == Reason::SelfOverload;
            assert!(slow || !site.reason.is_own_fault(), "{line}");
            if growth > GROWTH || took > LONGEST {
                wrong.push(line);
            }
        }
        assert!(wrong.is_empty(), "a quiet look takes {usual} KB; {wrong:#?}");
    })
    .await
    .unwrap();
}
