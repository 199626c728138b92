//! Every fault of a certificate by itself, whatever else is wrong with it.

use rcgen::{BasicConstraints, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};
use xuncha_model::{
    Reason, Seen,
    facts::{TlsFacts, tls::Trust},
};
use xuncha_probe::tls;

use super::{HOST, HTML, at_home, door, now};
use crate::support::{
    certificates::{Authority, Served, leaf, self_signed},
    servers::{Server, page},
};

async fn handshake(served: &Served, authority: &Authority, host: &str) -> TlsFacts {
    let server = Server::secure(served.server(), page("", HTML)).await;
    let names = at_home().await;
    let door = door(&names, 1, server.port, Some(authority));
    let shake = door.handshake(host, 443, &[]).await;
    match tls::facts(&shake, door.roots(), now()) {
        Seen::Seen(facts) => facts,
        Seen::Unseen(why) => panic!("{why:?}"),
    }
}

#[tokio::test]
async fn every_fault_of_a_certificate_is_seen_by_itself() {
    let ours = Authority::new("ours");
    let alien = Authority::new("alien");
    let elsewhere = Authority::fetchable("elsewhere");
    let old = || {
        let mut params = leaf(HOST);
        params.not_after = date_time_ymd(2026, 11, 1);
        params
    };
    let early = || {
        let mut params = leaf(HOST);
        params.not_before = date_time_ymd(2026, 12, 1);
        params
    };
    let for_mail = || {
        let mut params = leaf(HOST);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
        params
    };
    let authority = || {
        let mut params = leaf(HOST);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    };
    // served, trust, name matches, days left
    let cases = [
        ("good", ours.issue(&leaf(HOST), 1), Trust::Trusted, true, 189),
        ("good, root sent too", ours.issue(&leaf(HOST), 2), Trust::Trusted, true, 189),
        ("expired", ours.issue(&old(), 1), Trust::Trusted, true, -23),
        ("not yet valid", ours.issue(&early(), 1), Trust::Trusted, true, 189),
        ("another's", ours.issue(&leaf("other.gov.cn"), 1), Trust::Trusted, false, 189),
        ("incomplete", ours.issue(&leaf(HOST), 0), Trust::Incomplete, true, 189),
        ("unknown, root sent", alien.issue(&leaf(HOST), 2), Trust::UnknownIssuer, true, 189),
        ("more to fetch", elsewhere.issue(&leaf(HOST), 1), Trust::Incomplete, true, 189),
        ("unknown, no root", alien.issue(&leaf(HOST), 1), Trust::UnknownIssuer, true, 189),
        ("made for mail", ours.issue(&for_mail(), 1), Trust::WrongUsage, true, 189),
        ("made for mail, unknown", alien.issue(&for_mail(), 2), Trust::WrongUsage, true, 189),
        ("an authority's", ours.issue(&authority(), 1), Trust::WrongUsage, true, 189),
        ("self-signed", self_signed(&leaf(HOST)), Trust::SelfSigned, true, 189),
        (
            "self-signed, expired, another's",
            self_signed(&{
                let mut params = leaf("other.gov.cn");
                params.not_after = date_time_ymd(2026, 11, 1);
                params
            }),
            Trust::SelfSigned,
            false,
            -23,
        ),
    ];
    for (name, served, trust, matches, days) in cases {
        let facts = handshake(&served, &ours, HOST).await;
        assert_eq!(facts.reason, Reason::Ok, "{name}");
        assert_eq!((facts.trust, facts.name_matches), (trust, matches), "{name}");
        assert_eq!(facts.chain[0].days_left, days, "{name}");
        assert_eq!(facts.chain.len(), served.chain.len(), "{name}");
        assert!(facts.signature_valid, "{name}");
        let key = (facts.chain[0].key.as_str(), facts.chain[0].key_bits);
        assert_eq!(key, ("EC", 256), "{name}");
        assert_eq!(facts.chain[0].signature, "ecdsa-with-SHA256", "{name}");
        assert_eq!(facts.chain[0].self_signed, trust == Trust::SelfSigned, "{name}");
    }
    let early = handshake(&ours.issue(&early(), 1), &ours, HOST).await;
    assert_eq!(early.chain[0].days_until_valid, 7);
    let wild = handshake(&ours.issue(&leaf("*.zhoukou.gov.cn"), 1), &ours, HOST).await;
    assert_eq!(
        (wild.name_matches, wild.chain[0].names.as_slice()),
        (true, ["*.zhoukou.gov.cn".to_owned()].as_slice())
    );
}
