//! Drip, stall and silence in every phase: each probe ends in time, and fifty such sites keep no healthy one waiting.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tokio::{io::AsyncWriteExt, time::sleep};
use tokio_rustls::TlsAcceptor;
use xuncha_model::{Reason, facts::LookOutcome};
use xuncha_net::{Config, Door};
use xuncha_scan::Progress;

use super::{HTML, Tcp, rules};
use crate::support::{
    certificates::{leaf, self_signed},
    servers::{Guest, page},
    street::{House, Manner, Street, manner, round, says},
};

const TICK: Duration = Duration::from_millis(40);
/// How many sites of a round stall, and how many do not.
const STALLING: usize = 50;
const HEALTHY: usize = 6;
/// How late a healthy site may be looked at for their sake.
const LATE: Duration = Duration::from_secs(5);

/// Reads a request, says `first`, then `again` for ever; nothing at all when that is empty.
fn drips(first: &'static [u8], again: &'static [u8]) -> Manner {
    manner(move |guest: Tcp| async move { guest.pour(first, again, TICK).await })
}

/// Speaks before it is asked, as in a handshake: `first`, then `again` for ever.
fn drips_at_once(first: &'static [u8], again: &'static [u8]) -> Manner {
    manner(move |mut guest: Tcp| async move {
        guest.stream.write_all(first).await?;
        loop {
            sleep(TICK).await;
            guest.stream.write_all(again).await?;
        }
    })
}

/// Shakes hands, reads the request, and says no more than `first`.
fn silent_under_tls(first: &'static [u8]) -> Manner {
    let acceptor = TlsAcceptor::from(self_signed(&leaf("h0.zhoukou.gov.cn")).server());
    manner(move |guest: Tcp| {
        let acceptor = acceptor.clone();
        async move {
            let (stream, heads) = guest.parts();
            let stream = acceptor.accept(stream).await?;
            Guest::whole(stream, heads).pour(first, b"", TICK).await
        }
    })
}

/// Sends us on, and keeps silent there.
fn leads_into_silence() -> Manner {
    manner(|mut guest: Tcp| async move {
        let head = guest.head().await?;
        if head.starts_with("GET / ") {
            let answer =
                b"HTTP/1.1 302 Found\r\nLocation: /index.html\r\nContent-Length: 0\r\n\r\n";
            guest.stream.write_all(answer).await?;
            return guest.stream.shutdown().await;
        }
        guest.pour_nothing().await
    })
}

fn manners() -> Vec<(&'static str, House, Reason)> {
    let silent = || manner(|guest: Tcp| guest.pour_nothing());
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    let body = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<html>";
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    // the beginning of a ServerHello
    let hello = &[0x16, 3, 3, 0, 0x7a, 2, 0, 0, 0x76, 3, 3];
    vec![
        ("its name", House::Nameless, Reason::DnsTimeout),
        ("the connection", House::Deaf, Reason::ConnectTimeout),
        ("silence after hello", House::Secure(silent()), Reason::TlsTimeout),
        ("half a hello", House::Secure(drips_at_once(hello, b"")), Reason::TlsTimeout),
        (
            "a hello in drips",
            House::Secure(drips_at_once(&[0x16, 3, 3, 0x40, 0], b"\x02")),
            Reason::TlsTimeout,
        ),
        ("silence under TLS", House::Secure(silent_under_tls(b"")), Reason::HttpTimeout),
        ("silence", House::Plain(silent()), Reason::HttpTimeout),
        ("half a line", House::Plain(drips(b"HTTP/1.1 2", b"")), Reason::HttpTimeout),
        ("a line in drips", House::Plain(drips(b"HTTP/1.1 200 ", b"O")), Reason::HttpTimeout),
        ("a head in drips", House::Plain(drips(head, b"X: 1\r\n")), Reason::HttpTimeout),
        (
            "interim answers in drips",
            House::Plain(drips(b"HTTP/1.1 103 Early", b" ")),
            Reason::HttpTimeout,
        ),
        ("half a body", House::Plain(drips(body, b"")), Reason::HttpTimeout),
        ("a body in drips", House::Plain(drips(body, b"x")), Reason::HttpTimeout),
        ("half a body under TLS", House::Secure(silent_under_tls(body)), Reason::HttpTimeout),
        ("chunks in drips", House::Plain(drips(chunked, b"1\r\nx\r\n")), Reason::HttpTimeout),
        ("the size of a chunk in drips", House::Plain(drips(chunked, b"0")), Reason::HttpTimeout),
        (
            "trailers in drips",
            House::Plain(drips(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
                b"X: 1\r\n",
            )),
            Reason::HttpTimeout,
        ),
        ("a redirect into silence", House::Plain(leads_into_silence()), Reason::HttpTimeout),
    ]
}

/// A third of the real limits, so that a stalling site takes far longer than a healthy one may be late.
fn limits(street: &Street) -> Config {
    Config {
        dns_timeout: Duration::from_millis(600),
        connect_timeout: Duration::from_secs(1),
        tls_timeout: Duration::from_secs(1),
        header_timeout: Duration::from_secs(3),
        body_timeout: Duration::from_secs(3),
        timeout: Duration::from_secs(5),
        ..street.config()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stall_in_any_phase_ends_with_its_reason_by_the_deadline() {
    let manners = manners();
    let houses: Vec<House> = manners.iter().map(|(_, house, _)| house.clone()).collect();
    let street = Street::start(&houses).await;
    let config = limits(&street);
    let deadline = config.timeout + Duration::from_secs(2);
    let door = Door::new(config).unwrap();
    let visits = manners.iter().enumerate().map(async |(at, (name, _, expected))| {
        let begun = Instant::now();
        let visit = door.visit(&street.url(at).parse().unwrap(), &[]).await;
        assert_eq!(&visit.reason, expected, "{name}: {}", visit.detail);
        assert!(begun.elapsed() <= deadline, "{name}: {:?}", begun.elapsed());
    });
    join_all(visits).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_sites_that_stall_keep_no_healthy_site_waiting() {
    let manners = manners();
    let stalling = manners.iter().cycle().take(STALLING);
    let mut houses: Vec<House> = stalling.clone().map(|(_, house, _)| house.clone()).collect();
    let healthy = House::Plain(says(page("Content-Type: text/html; charset=utf-8\r\n", HTML)));
    houses.extend(std::iter::repeat_n(healthy, HEALTHY));
    let street = Street::start(&houses).await;
    let scanner = street.scanner(limits(&street), &[STALLING, STALLING + 1]);
    let began = Instant::now();
    let times: Mutex<HashMap<String, Duration>> = Mutex::default();
    let report = round(&scanner, &|progress| {
        if let Progress::Started { site } = progress {
            times.lock().unwrap().entry(site).or_insert_with(|| began.elapsed());
        }
    })
    .await;

    assert!(report.void.is_ok() && report.void_detail.is_empty(), "{}", report.void_detail);
    let times = times.into_inner().unwrap();
    for at in STALLING..STALLING + HEALTHY {
        let site = &report.sites[at];
        assert!(times[&site.id] <= LATE, "{} was looked at after {:?}", site.id, times[&site.id]);
        assert_eq!(site.outcome, LookOutcome::Ok, "{}: {}", site.id, site.reason);
        assert!(!rules(site).iter().any(|rule| rule.starts_with("availability.")), "{}", site.id);
    }
    for (site, (name, _, reason)) in report.sites.iter().zip(stalling) {
        assert_eq!((site.outcome, &site.reason), (LookOutcome::Down, reason), "{name}");
        assert!(rules(site).contains(&"availability.down"), "{name}: {:?}", rules(site));
    }
}
