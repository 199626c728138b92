//! The name system with real servers: BIND with zones in every state, unbound before it.

mod authority;
mod baseline;
mod resolvers;

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use xuncha_model::{
    Reason, Seen,
    facts::{
        DnsFacts,
        dns::{DnssecState, ZoneFacts},
    },
};
use xuncha_net::{Config, Door};
use xuncha_probe::dns;

use self::authority::{Recursive, World};
use crate::support::{config, names::Names};

/// A door to the world; real servers are given more time than hand-made ones.
fn door(world: &World, resolver: SocketAddr) -> Door {
    Door::new(Config {
        allow_net: vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()],
        port_map: BTreeMap::from([(53, world.port)]),
        trust_anchor: Some(world.anchor()),
        dns_timeout: Duration::from_secs(3),
        ..config(resolver)
    })
    .unwrap()
}

async fn look(door: &Door, host: &str) -> DnsFacts {
    let seen = dns::look(door, &[host.to_owned()], &[], Duration::from_millis(20), None).await;
    seen.seen().unwrap_or_else(|| panic!("{host}: {seen:?}")).clone()
}

fn state(facts: &DnsFacts) -> DnssecState {
    facts.dnssec.seen().unwrap_or_else(|| panic!("{facts:?}")).state
}

async fn zone(door: &Door, host: &str) -> ZoneFacts {
    let zone = door.zone(host).await;
    zone.seen().unwrap_or_else(|| panic!("{host}: {zone:?}")).clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_dnssec_is_told_behind_both_kinds_of_resolver() {
    let world = World::start().await;
    for validating in [true, false] {
        let recursive = Recursive::start(&world, validating).await;
        let door = door(&world, recursive.address);
        for (host, expected) in [
            ("www.signed.test", DnssecState::Secure),
            ("any.wild.signed.test", DnssecState::Secure),
            ("shop.signed.test", DnssecState::Secure),
            ("www.plain.test", DnssecState::Insecure),
            ("www.tampered.test", DnssecState::Bogus),
            ("www.expired.test", DnssecState::Bogus),
        ] {
            let facts = look(&door, host).await;
            assert_eq!(state(&facts), expected, "{host}, validating: {validating}");
            let bogus = expected == DnssecState::Bogus && validating;
            let reason = if bogus { Reason::DnsBogus } else { Reason::Ok };
            assert_eq!(facts.names[0].reason, reason, "{host}, validating: {validating}");
        }
        let facts = look(&door, "nothing.signed.test").await;
        assert_eq!(facts.names[0].reason, Reason::DnsNxdomain);
        assert!(facts.dnssec.seen().is_none(), "what is not there is not signed");
        let facts = look(&door, "gone.signed.test").await;
        assert_eq!(facts.names[0].reason, Reason::DnsNxdomain);
        assert_eq!(facts.names[0].dangling, "nothing.plain.test");
        assert_eq!(facts.names[0].cname, ["nothing.plain.test"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolver_that_hides_signatures_accuses_nobody() {
    let world = World::start().await;
    // it answers the plain questions of the same world, and knows of no signature
    let hiding = resolvers::relay("127.0.53.8:0".parse().unwrap(), world.home(), true).await;
    let facts = look(&door(&world, hiding.address), "www.signed.test").await;
    assert_eq!(facts.names[0].reason, Reason::Ok);
    assert_eq!(facts.dnssec.why().unwrap().reason, Reason::SelfResolver);
    let facts = look(&door(&world, hiding.address), "www.tampered.test").await;
    assert_eq!(facts.dnssec.why().unwrap().reason, Reason::SelfResolver);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_of_a_zone_is_asked_by_itself() {
    let world = World::start().await;
    let door = door(&world, world.first());
    let signed = zone(&door, "www.signed.test").await;
    assert_eq!((signed.name.as_str(), signed.networks), ("signed.test", 2));
    let names: Vec<_> = signed.servers.iter().map(|server| server.name.as_str()).collect();
    assert_eq!(names, ["ns1.test", "ns2.test"]);
    for server in &signed.servers {
        assert_eq!((&server.reason, server.authoritative), (&Reason::Ok, true));
        assert_eq!(server.answer, ["127.0.0.2", "::1"]);
        assert!(server.serial >= 7);
    }
    assert_eq!(signed.agree, Seen::Seen(true));
    let soa = signed.soa.seen().unwrap();
    assert_eq!((soa.primary.as_str(), soa.contact.as_str()), ("ns1.test", "hostmaster.test"));
    assert_eq!((soa.refresh, soa.retry, soa.expire, soa.minimum), (3600, 600, 86_400, 60));

    let lame = zone(&door, "www.lame.test").await;
    assert_eq!(lame.servers[0].reason, Reason::Ok);
    assert!(!lame.servers[1].authoritative);
    assert!(lame.servers[1].answer.is_empty());
    assert!(lame.agree.seen().is_none(), "one server alone agrees with nobody");

    let differ = zone(&door, "www.differ.test").await;
    assert_eq!(differ.agree, Seen::Seen(false));
    let serials: Vec<_> = differ.servers.iter().map(|server| server.serial).collect();
    assert_eq!(serials, [7, 8]);
}

#[tokio::test(flavor = "multi_thread")]
async fn caa_holds_from_the_nearest_name_that_has_any() {
    let world = World::start().await;
    let door = door(&world, world.first());
    let caa = async |host: &str| zone(&door, host).await.caa.seen().unwrap().clone();
    let nearest = caa("host.deep.er.signed.test").await;
    assert_eq!(nearest.len(), 1);
    assert_eq!((nearest[0].at.as_str(), nearest[0].critical), ("deep.er.signed.test", true));
    assert_eq!((nearest[0].tag.as_str(), nearest[0].value.as_str()), ("issuewild", ";"));
    let apex = caa("www.signed.test").await;
    assert_eq!((apex[0].at.as_str(), apex[0].value.as_str()), ("signed.test", "ca.test"));
    assert!(caa("www.plain.test").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_holds_for_name_servers_too() {
    let world = World::start().await;
    let guarded = Door::new(Config {
        allow_net: vec!["127.0.53.0/24".parse().unwrap()],
        ..door(&world, world.first()).config().clone()
    });
    let zone = zone(&guarded.unwrap(), "www.signed.test").await;
    assert_eq!(zone.servers[0].reason, Reason::Ok);
    assert_eq!(zone.servers[1].reason, Reason::GuardAddress);
    assert_eq!(zone.servers[1].addresses, ["127.0.54.1"], "what it is called is told all the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn further_resolvers_are_compared() {
    let world = World::start().await;
    let recursive = Recursive::start(&world, false).await;
    let lying = Names::all_at("127.0.0.9").await;
    let config = Config {
        compare_resolvers: vec![recursive.address, lying.address],
        ..door(&world, world.first()).config().clone()
    };
    let facts = look(&Door::new(config).unwrap(), "www.plain.test").await;
    let answers = facts.resolvers.seen().unwrap();
    assert_eq!(answers[0].addresses, ["127.0.0.2"]);
    assert_eq!(answers[1].addresses, ["127.0.0.9"]);
    assert_eq!(answers[1].resolver, lying.address.to_string());
}
