//! A survey, as the facts that rules judge.

use chrono::{DateTime, Utc};
use xuncha_model::{Reason, Seen, facts::OfferFacts};
use xuncha_net::Fault;
use xuncha_probe::offers;

use super::{
    made::{chain_of, plain},
    patient,
};
use crate::support::pretend::{Pretend, prime};

fn now() -> DateTime<Utc> {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

async fn facts(pretend: Pretend) -> OfferFacts {
    let (server, _) = pretend.start().await;
    match offers::facts(Ok(patient(server.port).await), now()) {
        Seen::Seen(facts) => facts,
        unseen => panic!("{unseen:?}"),
    }
}

#[tokio::test]
async fn versions_suites_and_certificates_are_told_in_words() {
    let facts = facts(Pretend {
        versions: vec![
            (0x0101, vec![0xE013, 0xE011]),
            (0x0300, vec![0x0005]),
            (0x0301, vec![0x0005, 0x0014]),
        ],
        keys: prime(1024),
        ..plain()
    })
    .await;
    let versions: Vec<_> = facts.versions.iter().map(|v| (v.name.as_str(), v.suites)).collect();
    assert_eq!(versions, [("SSL3.0", 1), ("TLS1.0", 2), ("TLCP1.1", 2)]);
    assert_eq!(facts.versions[1].own_order, Seen::Seen(true));
    assert!(facts.versions[0].own_order.seen().is_none(), "one suite has no order");
    let rc4 = &facts.suites[0];
    assert_eq!((rc4.name.as_str(), rc4.code.as_str()), ("TLS_RSA_WITH_RC4_128_SHA", "0x0005"));
    assert_eq!(rc4.versions, ["SSL3.0", "TLS1.0"]);
    assert_eq!(rc4.classes, ["rc4", "rsa-key-exchange"]);
    assert_eq!(facts.suites[2].classes, ["cbc", "forward-secrecy", "sm"]);
    assert_eq!((facts.dh_bits, facts.complete, facts.host.as_str()), (1024, true, "www.site.test"));
    let tlcp = facts.tlcp.seen().unwrap();
    assert_eq!(tlcp.suites, ["ECDHE_SM4_CBC_SM3", "ECC_SM4_CBC_SM3"]);
    assert!(tlcp.name_matches);
    assert_eq!(tlcp.chain[0].subject, "CN=www.site.test");
    let unnamed = facts.without_name.seen().unwrap();
    assert_eq!((unnamed.same, unnamed.names.clone()), (true, vec!["www.site.test".to_owned()]));
    assert_eq!(u32::try_from(facts.suites.len()).unwrap(), 4);
}

#[tokio::test]
async fn the_tlcp_of_another_site_on_the_machine_is_not_the_hosts() {
    let versions = vec![(0x0101, vec![0xE013]), (0x0303, vec![0xC02F])];
    let chain = chain_of("www.neighbour.test");
    let neighbour = facts(Pretend { versions: versions.clone(), chain, ..plain() }).await;
    assert!(neighbour.versions.iter().all(|offer| offer.name != "TLCP1.1"));
    assert!(neighbour.suites.iter().all(|suite| suite.code != "0xE013"));
    assert!(neighbour.tlcp.why().unwrap().detail.contains("another host"));
    let own = facts(Pretend { versions, ..plain() }).await;
    assert!(own.versions.iter().any(|offer| offer.name == "TLCP1.1"));
}

#[tokio::test]
async fn what_was_not_answered_is_not_seen() {
    let facts = facts(Pretend { chain: vec![b"no certificate".to_vec()], ..plain() }).await;
    assert!(facts.tlcp.seen().is_none() && facts.without_name.seen().is_none());
    let nothing = offers::facts(Err(Fault::new(Reason::TlsTimeout, "late")), now());
    assert_eq!(nothing, Seen::unseen(Reason::TlsTimeout, "late"));
}
