//! No road leads inside: redirects, ports, names that turn private.

use std::collections::BTreeMap;

use hickory_server::proto::rr::RecordType;
use xuncha_model::Reason;
use xuncha_net::{Config, Door, Visit};

use super::{HTML, Tcp, go, url};
use crate::support::{
    config, door,
    names::{Names, Say},
    servers::{Server, page, redirect},
};

/// A site on 127.0.0.2 that redirects to `to`; a canary on 127.0.0.1 where port 80 leads.
async fn lured(to: &str, allow: &str) -> (Visit, usize) {
    let canary = Server::on("127.0.0.1:0", |guest: Tcp| async move {
        guest.answer(&page("", HTML)).await.map(drop)
    });
    let canary = canary.await.unwrap();
    let site = Server::answering(redirect(to)).await;
    let names = Names::start(|name, _, _| match name {
        "inside.test" => Say::Address("127.0.0.1"),
        _ => Say::Address("127.0.0.2"),
    })
    .await;
    let door = Door::new(Config {
        allow_net: vec![allow.parse().unwrap()],
        port_map: BTreeMap::from([(80, canary.port)]),
        ..config(names.address)
    })
    .unwrap();
    let visit = go(&door, site.port).await;
    assert_eq!(site.connections(), 1);
    (visit, canary.connections())
}

#[tokio::test]
async fn no_redirect_leads_to_an_internal_address() {
    for to in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://inside.test/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://10.0.0.1/",
    ] {
        let (visit, hits) = lured(to, "127.0.0.2/32").await;
        assert_eq!((visit.reason, hits), (Reason::GuardAddress, 0), "{to}");
        assert!(visit.detail.contains("not public"), "{}", visit.detail);
        assert_eq!(visit.hops.len(), 2);
        assert_eq!(visit.hops[1].address, "");
    }
    // the control: without the guard the same road ends at the canary
    for to in ["http://127.0.0.1/", "http://inside.test/"] {
        let (visit, hits) = lured(to, "127.0.0.0/8").await;
        assert_eq!((visit.reason, hits), (Reason::Ok, 1), "{to}");
    }
}

#[tokio::test]
async fn no_redirect_leads_to_another_port() {
    let (visit, hits) = lured("http://site.test:22/", "127.0.0.0/8").await;
    assert_eq!((visit.reason, hits), (Reason::GuardAddress, 0));
    assert_eq!(visit.detail, "port 22 of site.test");
}

#[tokio::test]
async fn a_name_that_turns_private_is_refused_at_the_next_look() {
    let names = Names::start(|name, kind, before| match (name, kind, before) {
        ("once.test", RecordType::A, 0) | ("steady.test", RecordType::A, _) => {
            Say::Address("127.0.0.2")
        }
        (_, RecordType::A, _) => Say::Address("127.0.0.1"),
        _ => Say::Nothing,
    })
    .await;
    let (site, canary) =
        loop {
            let site = Server::answering(redirect("/again")).await;
            let twin = format!("127.0.0.1:{}", site.port);
            let canary = Server::on(&twin, |guest: Tcp| async move {
                guest.answer(&page("", HTML)).await.map(drop)
            });
            if let Ok(canary) = canary.await {
                break (site, canary);
            }
        };
    let start = url(&format!("http://once.test:{}/", site.port));
    for _ in 0..20 {
        let visit = door(names.address).visit(&start, &[]).await;
        assert_eq!(visit.reason, Reason::GuardAddress);
    }
    assert_eq!((site.connections(), canary.connections()), (1, 0));
    assert_eq!(names.asked("once.test"), 21);
    let loose = Config { allow_net: vec!["127.0.0.0/8".parse().unwrap()], ..config(names.address) };
    let visit = Door::new(loose).unwrap().visit(&start, &[]).await;
    assert_eq!((visit.reason, canary.connections()), (Reason::Ok, 1));
}

#[tokio::test]
async fn a_sites_own_ranges_are_for_its_own_host_only() {
    let names = Names::all_at("127.0.0.2").await;
    let closed = || Door::new(Config { allow_net: Vec::new(), ..config(names.address) }).unwrap();
    let own = ["127.0.0.2/32".parse().unwrap()];
    let site = Server::answering(redirect("http://other.test/")).await;
    let start = url(&format!("http://site.test:{}/", site.port));
    let visit = closed().visit(&start, &own).await;
    assert_eq!((visit.reason, visit.hops.len()), (Reason::GuardAddress, 2));
    let visit = closed().visit(&start, &[]).await;
    assert_eq!((visit.reason, visit.hops.len()), (Reason::GuardAddress, 1));
    assert_eq!(site.connections(), 1);
}
