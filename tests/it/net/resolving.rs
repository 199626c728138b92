//! The name system says why, and our own resolver is told from theirs.

use std::{
    net::{Ipv4Addr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use hickory_server::proto::{op::ResponseCode, rr::RecordType};
use xuncha_model::Reason;

use crate::support::{
    door,
    names::{Names, Say},
    servers::{Server, page, unused_port},
};

#[tokio::test]
async fn the_name_system_says_why() {
    let names = Names::start(|name, kind, _| match name {
        "gone.test" => Say::Code(ResponseCode::NXDomain),
        "broken.test" => Say::Code(ResponseCode::ServFail),
        "shy.test" => Say::Code(ResponseCode::Refused),
        "empty.test" => Say::Nothing,
        "mute.test" => Say::Silence,
        "round.test" => Say::Alias("about.test"),
        "about.test" => Say::Alias("round.test"),
        "www.a.test" => Say::Alias("cdn.b.test"),
        "cdn.b.test" if kind == RecordType::AAAA => Say::Nothing,
        "cdn.b.test" => Say::Address("127.0.0.2"),
        _ => Say::Nothing,
    })
    .await;
    let door = door(names.address);
    for (name, reason) in [
        ("gone.test", Reason::DnsNxdomain),
        ("broken.test", Reason::DnsServfail),
        ("shy.test", Reason::DnsRefused),
        ("empty.test", Reason::DnsNodata),
        ("mute.test", Reason::DnsTimeout),
        ("round.test", Reason::DnsLoop),
    ] {
        let begun = Instant::now();
        assert_eq!(door.lookup(name).await.reason, reason, "{name}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{name}");
    }
    let found = door.lookup("www.a.test").await;
    assert_eq!((found.reason, found.cname), (Reason::Ok, vec!["cdn.b.test".to_owned()]));
    assert_eq!(found.a, ["127.0.0.2".parse::<Ipv4Addr>().unwrap()]);
}

#[tokio::test]
async fn a_resolver_that_is_not_there_is_our_own_fault() {
    let gone = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(door(gone).lookup("site.test").await.reason, Reason::SelfResolver);
    let deaf = Names::start(|_, _, _| Say::Silence).await;
    assert_eq!(door(deaf.address).lookup("site.test").await.reason, Reason::SelfResolver);
}

#[tokio::test]
async fn ipv6_addresses_are_asked_for_where_ipv4_ones_do_not_do() {
    let asked = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&asked);
    let names = Names::start(move |name, kind, _| {
        count.fetch_add(usize::from(kind == RecordType::AAAA), Ordering::Relaxed);
        match (name, kind) {
            ("inner.test", RecordType::A) => Say::Address("127.0.0.1"),
            ("six.test", RecordType::A) => Say::Nothing,
            (_, RecordType::A) => Say::Address("127.0.0.2"),
            // which the guard refuses
            _ => Say::Address("::1"),
        }
    })
    .await;
    let door = door(names.address);
    let visit = async |host: &str, port: u16| {
        let url = format!("http://{host}:{port}/").parse().unwrap();
        let before = asked.load(Ordering::Relaxed);
        let visit = door.visit(&url, &[]).await;
        (visit.reason, visit.detail, asked.load(Ordering::Relaxed) - before)
    };
    let site = Server::answering(page("", b"<title>x</title>")).await;
    let mut spared = 0;
    for _ in 0..5 {
        let (reason, _, asked) = visit("site.test", site.port).await;
        assert_eq!(reason, Reason::Ok);
        // a machine that is very slow today asks both
        spared += usize::from(asked == 0);
    }
    assert!(spared > 0, "one answer is enough where it does");
    let (reason, _, asked) = visit("dead.test", unused_port()).await;
    assert!(reason == Reason::ConnectRefused && asked > 0, "{reason}");
    let (reason, detail, asked) = visit("six.test", site.port).await;
    assert!(reason == Reason::GuardAddress && asked > 0 && detail.contains("::1"), "{detail}");
    let (reason, detail, asked) = visit("inner.test", site.port).await;
    assert!(reason == Reason::GuardAddress && asked > 0 && detail.contains("::1"), "{detail}");
}
