//! Down only after two looks, blocked is not down, nobody is accused for our own trouble.

use std::sync::atomic::{AtomicUsize, Ordering};

use hickory_server::proto::op::ResponseCode;
use tokio::io::AsyncWriteExt;
use xuncha_model::{Reason, facts::LookOutcome, register::Status};

use super::{HOST, HTML, Tcp, at_home, door, probed, seen, site};
use crate::support::{
    names::{Names, Say},
    servers::{Server, page, redirect, unused_port},
};

#[tokio::test]
async fn a_site_is_down_after_two_looks_only() {
    let busy = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 1\r\n\r\nx".as_slice();
    let plain = Server::answering(busy).await;
    let names = at_home().await;
    let facts = seen(door(&names, plain.port, unused_port(), None), site(&[])).await;
    let availability = facts.availability.seen().unwrap();
    assert_eq!(availability.outcome, LookOutcome::Down);
    assert_eq!(availability.reason, Reason::HttpStatus(502));
    assert_eq!((availability.looks.len(), plain.connections()), (2, 2));

    let count = AtomicUsize::new(0);
    let moody =
        Server::start(move |guest: Tcp| {
            let first = count.fetch_add(1, Ordering::Relaxed) == 0;
            async move {
                guest.answer(&if first { busy.to_vec() } else { page("", HTML) }).await.map(drop)
            }
        })
        .await;
    let facts = seen(door(&names, moody.port, unused_port(), None), site(&[])).await;
    let availability = facts.availability.seen().unwrap();
    assert_eq!(availability.outcome, LookOutcome::Degraded);
    assert_eq!(availability.reason, Reason::HttpStatus(502));
    assert_eq!(availability.looks[1].reason, Reason::Ok);
}

#[tokio::test]
async fn a_probe_asks_for_the_home_page_alone() {
    let names = at_home().await;
    let site = site(&[]);
    let alive = Server::answering(page("", HTML)).await;
    let found = probed(door(&names, alive.port, unused_port(), None), site.clone()).await;
    assert_eq!(found.availability.seen().unwrap().outcome, LookOutcome::Ok);
    assert_eq!((found.requests, alive.connections()), (1, 1));
    assert_eq!(names.asked(HOST), 1);

    let found = probed(door(&names, unused_port(), unused_port(), None), site).await;
    let availability = found.availability.seen().unwrap();
    assert_eq!((availability.outcome, availability.looks.len()), (LookOutcome::Down, 2));
}

#[tokio::test]
async fn a_gateway_is_neither_up_nor_down() {
    let wall = b"HTTP/1.1 412 Precondition Failed\r\nContent-Length: 1\r\n\r\nx".as_slice();
    let plain = Server::answering(wall).await;
    let names = at_home().await;
    let facts = seen(door(&names, plain.port, unused_port(), None), site(&[])).await;
    let availability = facts.availability.seen().unwrap();
    assert_eq!(availability.outcome, LookOutcome::Blocked);
    assert_eq!(availability.reason, Reason::Gateway("412".into()));
    assert_eq!(availability.looks.len(), 1);
}

#[tokio::test]
async fn a_name_that_is_gone_leaves_the_rest_unseen() {
    let names = Names::start(|_, _, _| Say::Code(ResponseCode::NXDomain)).await;
    let facts = seen(door(&names, 1, 1, None), site(&[])).await;
    let availability = facts.availability.seen().unwrap();
    assert_eq!(availability.outcome, LookOutcome::Down);
    assert_eq!(availability.reason, Reason::DnsNxdomain);
    assert_eq!(facts.dns.seen().unwrap().names[0].reason, Reason::DnsNxdomain);
    let http = facts.http.seen().unwrap();
    assert_eq!(http.secure.why().unwrap().reason, Reason::DnsNxdomain);
    assert_eq!(facts.tls.why().unwrap().reason, Reason::DnsNxdomain);
    assert_eq!(facts.requests, 0);
}

#[tokio::test]
async fn our_own_trouble_accuses_nobody() {
    let names = Names::start(|_, _, _| Say::Silence).await;
    let facts = seen(door(&names, 1, 1, None), site(&[])).await;
    assert_eq!(facts.availability.why().unwrap().reason, Reason::SelfResolver);
    assert_eq!(facts.dns.why().unwrap().reason, Reason::SelfResolver);
    assert_eq!(facts.tls.why().unwrap().reason, Reason::SelfResolver);
}

#[tokio::test]
async fn nobody_is_expected_behind_a_closed_site() {
    let shut = || {
        let mut shut = site(&[]);
        shut.status = Status::Closed { on: "2026-06-01".parse().unwrap() };
        shut
    };
    let names = at_home().await;
    let facts = seen(door(&names, unused_port(), unused_port(), None), shut()).await;
    let availability = facts.availability.seen().unwrap();
    assert_eq!((availability.outcome, availability.looks.len()), (LookOutcome::Skipped, 1));
    let alive = Server::answering(page("", HTML)).await;
    let facts = seen(door(&names, alive.port, unused_port(), None), shut()).await;
    assert_eq!(facts.availability.seen().unwrap().outcome, LookOutcome::Ok);
    assert!(!facts.running);
}

#[tokio::test]
async fn retired_domains_are_visited_once() {
    let home = format!("http://{HOST}/");
    let plain = Server::start(move |mut guest: Tcp| {
        let home = home.clone();
        async move {
            let head = guest.head().await?;
            let moved = head.contains("moved.gov.cn");
            guest.stream.write_all(&if moved { redirect(&home) } else { page("", HTML) }).await?;
            guest.stream.shutdown().await
        }
    })
    .await;
    let names = Names::start(|name, _, _| match name {
        "gone.gov.cn" => Say::Code(ResponseCode::NXDomain),
        _ => Say::Address("127.0.0.2"),
    })
    .await;
    let domains =
        [(HOST, false), ("moved.gov.cn", true), ("taken.gov.cn", true), ("gone.gov.cn", true)];
    let facts = seen(door(&names, plain.port, unused_port(), None), site(&domains)).await;
    let retired = &facts.filing.seen().unwrap().retired;
    let told: Vec<_> = retired
        .iter()
        .map(|one| {
            (one.name.as_str(), *one.serving.seen().unwrap(), one.lands_on.seen().unwrap().as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("moved.gov.cn", false, HOST),
            ("taken.gov.cn", true, "taken.gov.cn"),
            ("gone.gov.cn", false, "")
        ]
    );
    assert_eq!(facts.dns.seen().unwrap().names.len(), 1);
}

#[tokio::test]
async fn a_page_at_a_strangers_host_is_told() {
    let stranger = "http://parked.example/";
    let plain = Server::start(move |mut guest: Tcp| async move {
        let head = guest.head().await?;
        let there = head.contains("parked.example");
        guest.stream.write_all(&if there { page("", HTML) } else { redirect(stranger) }).await?;
        guest.stream.shutdown().await
    })
    .await;
    let names = Names::all_at("127.0.0.2").await;
    let look = async |site| {
        let facts = seen(door(&names, plain.port, unused_port(), None), site).await;
        let seen = facts.availability.seen().unwrap();
        (seen.outcome, seen.reason.clone())
    };
    let known = look(site(&[(HOST, false)])).await;
    assert_eq!(known, (LookOutcome::Degraded, Reason::RedirectElsewhere));
    let unknown = look(site(&[])).await;
    assert_eq!(unknown, (LookOutcome::Ok, Reason::Ok), "the register does not list its names");
    let moved = look(site(&[(HOST, false), ("parked.example", false)])).await;
    assert_eq!(moved, (LookOutcome::Ok, Reason::Ok), "it is one of them");
}
