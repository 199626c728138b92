//! Every misbehaviour has its exact reason, and an end.

use std::{
    io::{self, Write as _},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use tokio::{io::AsyncWriteExt, time::sleep};
use xuncha_model::Reason;
use xuncha_net::{Config, Door};

use super::{HTML, Tcp, go, url};
use crate::support::{
    config, door,
    names::Names,
    servers::{Deaf, Server, page, redirect, reset, unused_port},
};

const TICK: Duration = Duration::from_millis(20);

/// A server that pours `first`, then `again` for ever.
async fn pouring(first: &'static [u8], again: Vec<u8>, pause: Duration) -> Server {
    Server::start(move |guest: Tcp| {
        let again = again.clone();
        async move { guest.pour(first, &again, pause).await }
    })
    .await
}

async fn answering(answer: &str) -> Server {
    Server::answering(answer.replace('\n', "\r\n")).await
}

async fn each_ends_with(cases: Vec<(&str, Server, Reason)>) {
    for (name, server, expected) in &cases {
        let (reason, took) = reason(server).await;
        assert_eq!(&reason, expected, "{name}");
        assert!(took < Duration::from_secs(3), "{name}: {took:?}");
    }
}

#[tokio::test]
async fn heads_that_never_come_or_never_end() {
    let flood = b"X-Flood: 0123456789012345678901234567890123456789\r\n".repeat(100);
    let ok = b"HTTP/1.1 200 OK\r\n".as_slice();
    let now = Duration::ZERO;
    let closing = Server::start(|guest: Tcp| async move {
        drop(guest);
        Ok(())
    });
    let interim = b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec();
    each_ends_with(vec![
        (
            "reset at accept",
            Server::start(|guest: Tcp| async { reset(guest.stream) }).await,
            Reason::ConnectReset,
        ),
        ("closed at accept", closing.await, Reason::ConnectReset),
        ("silence", Server::start(|guest: Tcp| guest.pour_nothing()).await, Reason::HttpTimeout),
        ("half a line", pouring(b"HTTP/1.1 2", Vec::new(), TICK).await, Reason::HttpTimeout),
        ("drip", pouring(ok, b"X: 1\r\n".to_vec(), TICK).await, Reason::HttpTimeout),
        ("endless lines", pouring(ok, flood, now).await, Reason::LimitHeaders),
        (
            "one endless line",
            pouring(b"HTTP/1.1 200 OK\r\nX: ", vec![b'a'; 4096], now).await,
            Reason::LimitHeaders,
        ),
        ("interim answers", pouring(b"", interim, TICK / 10).await, Reason::HttpProtocol),
        ("half a head", answering("HTTP/1.1 200 OK\nContent-").await, Reason::HttpReset),
        ("a banner", answering("220 mail.test ESMTP\n").await, Reason::HttpProtocol),
    ])
    .await;
}

#[tokio::test]
async fn bodies_that_break_off_or_never_end() {
    let now = Duration::ZERO;
    let flood = vec![b'a'; 1 << 20];
    let by_close = b"HTTP/1.1 200 OK\r\n\r\n".as_slice();
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".as_slice();
    let packed = |how: &str| page(&format!("Content-Encoding: {how}\r\n"), HTML);
    each_ends_with(vec![
        ("drip", pouring(by_close, b"x".to_vec(), TICK).await, Reason::HttpTimeout),
        ("flood", pouring(by_close, flood, now).await, Reason::LimitBody),
        ("chunks", pouring(chunked, chunk(1 << 20), now).await, Reason::LimitBody),
        (
            "less than announced",
            answering("HTTP/1.1 200 OK\nContent-Length: 100\n\nhalf").await,
            Reason::HttpTruncated,
        ),
        (
            "half a chunk",
            answering("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nff\nhalf").await,
            Reason::HttpTruncated,
        ),
        ("a reset", Server::start(cut_in_body).await, Reason::HttpReset),
        ("nothing", Server::answering(page("", b"")).await, Reason::HttpEmpty),
        (
            "an error",
            answering("HTTP/1.1 503 Busy\nContent-Length: 1\n\nx").await,
            Reason::HttpStatus(503),
        ),
        ("unknown", Server::answering(packed("zstd")).await, Reason::LimitDecode),
        ("three layers", Server::answering(packed("gzip, br, gzip")).await, Reason::LimitDecode),
        ("not packed at all", Server::answering(packed("gzip")).await, Reason::LimitDecode),
    ])
    .await;
}

#[tokio::test]
async fn redirects_that_lead_nowhere() {
    each_ends_with(vec![
        ("itself", Server::answering(redirect("/")).await, Reason::RedirectLoop),
        (
            "no target",
            answering("HTTP/1.1 302 Found\nContent-Length: 0\n\n").await,
            Reason::RedirectBad,
        ),
        ("no page", Server::answering(redirect("ftp://site.test/")).await, Reason::RedirectBad),
        ("no address", Server::answering(redirect("http://")).await, Reason::RedirectBad),
    ])
    .await;
}

/// Visits a server that behaves so, and says why it failed and after how long.
async fn reason(server: &Server) -> (Reason, Duration) {
    let names = Names::all_at("127.0.0.2").await;
    let begun = Instant::now();
    let visit = go(&door(names.address), server.port).await;
    (visit.reason, begun.elapsed())
}

fn chunk(size: usize) -> Vec<u8> {
    let mut chunk = format!("{size:x}\r\n").into_bytes();
    chunk.resize(chunk.len() + size, b'a');
    chunk.extend_from_slice(b"\r\n");
    chunk
}

async fn cut_in_body(mut guest: Tcp) -> io::Result<()> {
    guest.head().await?;
    guest.stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf").await?;
    // a reset throws away what was not read yet, and only time shows that it was
    sleep(Duration::from_millis(200)).await;
    reset(guest.stream)
}

#[tokio::test]
async fn a_bomb_goes_off_outside() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..200 {
        packed.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = packed.finish().unwrap();
    let server = Server::answering(page("Content-Encoding: gzip\r\n", &bomb)).await;
    let names = Names::all_at("127.0.0.2").await;
    let roomy = Config {
        max_body_bytes: 10 << 20,
        body_timeout: Duration::from_secs(20),
        timeout: Duration::from_secs(30),
        ..config(names.address)
    };
    let visit = go(&Door::new(roomy).unwrap(), server.port).await;
    assert_eq!(visit.reason, Reason::LimitDecode);
    assert_eq!(visit.body.len(), 10 << 20);
}

#[tokio::test]
async fn a_refused_and_a_deaf_port_are_told_apart() {
    let names = Names::all_at("127.0.0.2").await;
    let free = unused_port();
    let visit = go(&door(names.address), free).await;
    assert_eq!((visit.reason, visit.hops.len()), (Reason::ConnectRefused, 1));
    assert_eq!(visit.hops[0].address, format!("127.0.0.2:{free}"));

    let deaf = Deaf::on("127.0.0.2:0".parse().unwrap()).await.unwrap();
    let visit = go(&door(names.address), deaf.address.port()).await;
    assert_eq!(visit.reason, Reason::ConnectTimeout);
}

#[tokio::test]
async fn eleven_redirects_are_one_too_many() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |guest: Tcp| {
        let next = count.fetch_add(1, Ordering::Relaxed) + 1;
        async move { guest.answer(&redirect(&format!("/{next}"))).await.map(drop) }
    })
    .await;
    let (reason, _) = reason(&server).await;
    assert_eq!((reason, server.connections()), (Reason::RedirectLimit, 11));
}

#[tokio::test]
async fn the_whole_visit_has_an_end_too() {
    let server = Server::start(|mut guest: Tcp| async move {
        let head = guest.head().await?;
        sleep(Duration::from_millis(300)).await;
        guest.stream.write_all(&redirect(&format!("/{}", head.len()))).await?;
        guest.stream.shutdown().await
    })
    .await;
    let names = Names::all_at("127.0.0.2").await;
    let short = Config { timeout: Duration::from_millis(400), ..config(names.address) };
    let visit = go(&Door::new(short).unwrap(), server.port).await;
    assert_eq!(visit.reason, Reason::LimitTime);
}

#[tokio::test]
async fn plain_speech_on_a_secure_port_is_not_tls() {
    let names = Names::all_at("127.0.0.2").await;
    let door = door(names.address);
    let visit = async |server: &Server| {
        door.visit(&url(&format!("https://site.test:{}/", server.port)), &[]).await.reason
    };
    let plain = Server::start(|mut guest: Tcp| async move {
        guest.stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await?;
        sleep(Duration::from_secs(1)).await;
        Ok(())
    });
    assert_eq!(visit(&plain.await).await, Reason::TlsNotTls);
    let silent = Server::start(|guest: Tcp| guest.pour_nothing()).await;
    assert_eq!(visit(&silent).await, Reason::TlsTimeout);
    // alert 70: protocol_version
    let old = Server::start(|mut guest: Tcp| async move {
        guest.stream.write_all(&[0x15, 3, 1, 0, 2, 2, 70]).await?;
        sleep(Duration::from_secs(1)).await;
        Ok(())
    });
    assert_eq!(visit(&old.await).await, Reason::TlsLegacy);
    let closed = Server::start(|guest: Tcp| async move {
        drop(guest);
        Ok(())
    });
    // old servers drop a hello they do not like: not the same as nobody being there
    assert_eq!(visit(&closed.await).await, Reason::TlsHandshake);
    let cut = Server::start(|mut guest: Tcp| async move {
        // the beginning of a record, and the end of the connection
        guest.stream.write_all(&[0x16, 3, 3]).await?;
        guest.stream.shutdown().await?;
        sleep(Duration::from_secs(1)).await;
        Ok(())
    });
    assert_eq!(visit(&cut.await).await, Reason::TlsHandshake);
}
