//! Plain and secure: each address asked once, a bad certificate hides nothing.

use xuncha_model::{
    Reason,
    facts::{LookOutcome, tls::Trust},
};

use xuncha_probe::Target;

use super::{HOST, HTML, at_home, door, look_at, seen, site};
use crate::support::{
    certificates::{Authority, leaf, self_signed},
    names::{Names, Say},
    programs::Program,
    servers::{Server, page, redirect, unused_port},
};

#[tokio::test]
async fn a_good_site_is_asked_once_for_each_address() {
    let authority = Authority::new("ours");
    let to = format!("https://{HOST}/");
    let plain = Server::answering(redirect(&to)).await;
    let answer = page(
        "Strict-Transport-Security: max-age=1\r\nContent-Type: text/html; charset=utf-8\r\n",
        HTML,
    );
    let secure = Server::secure(authority.issue(&leaf(HOST), 1).server(), answer).await;
    let names = at_home().await;
    let facts = seen(door(&names, plain.port, secure.port, Some(&authority)), site(&[])).await;

    // the home page, an address that cannot exist, what the TLS port offers, and the files that must not be there: it has
    // an answer to everything, and none that looks like such a file
    let asked = facts.offers.seen().unwrap().connections;
    let http = facts.http.seen().unwrap();
    let files = http.exposed.seen().unwrap();
    assert!(files.len() < 24 && !files.iter().any(|file| file.downloadable), "{files:#?}");
    let made = usize::try_from(asked).unwrap() + files.len();
    assert_eq!((plain.connections(), secure.connections()), (1, 2 + made));
    assert_eq!(facts.requests, 3 + u32::try_from(made).unwrap());
    let availability = facts.availability.seen().unwrap();
    assert_eq!((availability.outcome, availability.reason.clone()), (LookOutcome::Ok, Reason::Ok));
    assert_eq!(availability.looks.len(), 1);
    let http = facts.http.seen().unwrap();
    let (home, secured) = (http.home.seen().unwrap(), http.secure.seen().unwrap());
    assert_eq!(
        (home.title.as_str(), home.hsts.as_str(), home.status),
        ("周口市 财政局", "max-age=1", 200)
    );
    assert_eq!(
        (home.hops.len(), home.final_scheme.as_str(), home.bad_certificate),
        (2, "https", false)
    );
    assert_eq!(http.plain.seen().unwrap(), home);
    assert_eq!((secured.url.as_str(), secured.hops.len()), (to.as_str(), 1));
    assert_eq!((home.encoding.as_str(), home.declared_encoding.as_str()), ("UTF-8", "utf-8"));
    let tls = facts.tls.seen().unwrap();
    assert_eq!(
        (tls.trust, tls.name_matches, tls.version.as_str()),
        (Trust::Trusted, true, "TLS1.3")
    );
    let dns = facts.dns.seen().unwrap();
    assert_eq!(
        (dns.names[0].a.as_slice(), dns.names[0].private.len()),
        (["127.0.0.2".to_owned()].as_slice(), 0),
        "an allowed address is no finding"
    );
}

#[tokio::test]
async fn another_address_with_another_certificate_is_judged_too() {
    let ours = Authority::new("ours");
    let good = ours.issue(&leaf(HOST), 1);
    let old = {
        let mut params = leaf("other.gov.cn");
        params.not_after = rcgen::date_time_ymd(2026, 11, 1);
        self_signed(&params)
    };
    let first = Server::secure(good.server(), page("", HTML)).await;
    let at = format!("127.0.0.3:{}", first.port);
    let _second = Server::secure_on(&at, old.server(), page("", HTML)).await;
    let names = Names::start(|_, _, _| Say::Addresses(&["127.0.0.2", "127.0.0.3"])).await;
    let facts = seen(door(&names, unused_port(), first.port, Some(&ours)), {
        let mut site = site(&[]);
        site.url = format!("https://{HOST}/").parse().unwrap();
        site.allow_internal = vec!["127.0.0.3/32".to_owned()];
        site
    })
    .await;
    let tls = facts.tls.seen().unwrap();
    assert_eq!((tls.trust, tls.name_matches), (Trust::Trusted, true), "the first is in order");
    let [other] = tls.others.as_slice() else { panic!("{:?}", tls.others) };
    assert_eq!(other.address, at);
    assert_eq!((other.trust, other.name_matches), (Trust::SelfSigned, false));
    let leaf = tls.chain.last().unwrap();
    assert_eq!((leaf.address.as_str(), leaf.days_left), (at.as_str(), -23));
    let rules = xuncha_rules::RuleSet::embedded().unwrap();
    let verdicts = rules.judge(&serde_json::to_value(&facts).unwrap());
    let hit = |rule: &str| {
        let verdict = verdicts.iter().find(|verdict| verdict.rule == rule).unwrap();
        verdict.hits.first().map(|hit| (hit.target.clone(), hit.message.clone()))
    };
    let (target, _) = hit("tls.expired").unwrap();
    assert_eq!(target, HOST, "the same trouble whichever address shows it");
    for rule in ["tls.name-mismatch", "tls.self-signed"] {
        assert!(hit(rule).unwrap().1.contains(&at), "{rule}");
    }
    assert_eq!(hit("tls.untrusted"), None);
}

#[tokio::test]
async fn a_site_without_tls_is_seen_to_have_none() {
    let plain = Server::answering(page("", HTML)).await;
    let names = at_home().await;
    let facts = seen(door(&names, plain.port, unused_port(), None), site(&[])).await;
    assert_eq!(facts.availability.seen().unwrap().outcome, LookOutcome::Ok);
    let http = facts.http.seen().unwrap();
    assert_eq!(http.plain.seen().unwrap().final_scheme, "http");
    assert_eq!(http.secure.seen().unwrap().reason, Reason::ConnectRefused);
    assert_eq!(facts.tls.why().unwrap().reason, Reason::ConnectRefused, "no certificate to judge");
    // the home page, and an address that cannot exist; what looks like a file that must not be there looks like one
    // that cannot be there
    let exposed = http.exposed.why().unwrap();
    assert_eq!(exposed.reason, Reason::NotLooked, "{exposed:?}");
    assert_eq!((plain.connections(), facts.requests), (4, 5));
}

#[tokio::test]
async fn a_bad_certificate_degrades_and_hides_nothing() {
    let to = format!("https://{HOST}/");
    let plain = Server::answering(redirect(&to)).await;
    let secure = Server::secure(self_signed(&leaf(HOST)).server(), page("", HTML)).await;
    let names = at_home().await;
    let facts = seen(door(&names, plain.port, secure.port, None), site(&[])).await;
    let availability = facts.availability.seen().unwrap();
    assert_eq!(availability.outcome, LookOutcome::Degraded);
    assert_eq!(availability.reason, Reason::TlsCertificate);
    let home = facts.http.seen().unwrap().home.seen().unwrap();
    assert_eq!((home.bad_certificate, home.title.as_str()), (true, "周口市 财政局"));
    assert_eq!(facts.tls.seen().unwrap().trust, Trust::SelfSigned);
}

#[tokio::test]
async fn a_bare_host_without_plain_http_is_looked_at_over_https() {
    let authority = Authority::new("ours");
    let secure = Server::secure(authority.issue(&leaf(HOST), 1).server(), page("", HTML)).await;
    let names = at_home().await;
    let door = door(&names, unused_port(), secure.port, Some(&authority));
    let bare = Target::Bare(format!("http://{HOST}/").parse().unwrap());
    let facts = look_at(door, site(&[]), bare).await;
    let availability = facts.availability.seen().unwrap();
    assert_eq!(availability.outcome, LookOutcome::Ok, "{}", availability.reason);
    assert_eq!(facts.http.seen().unwrap().home.seen().unwrap().title, "周口市 财政局");
}

#[tokio::test]
async fn a_host_that_cuts_every_connection_is_down_and_one_that_cuts_only_tls_is_not() {
    let cut = || {
        Server::start(|guest: super::Tcp| async move {
            drop(guest);
            Ok(())
        })
    };
    let names = at_home().await;
    let mut secure_site = site(&[]);
    secure_site.url = format!("https://{HOST}/").parse().unwrap();
    let (cut_plain, cut_secure) = (cut().await, cut().await);
    let dead = door(&names, cut_plain.port, cut_secure.port, None);
    let facts = seen(dead, secure_site.clone()).await;
    assert_eq!(facts.availability.seen().unwrap().outcome, LookOutcome::Down);
    let plain = Server::answering(page("", HTML)).await;
    let old = door(&names, plain.port, cut_secure.port, None);
    let facts = seen(old, secure_site).await;
    let availability = facts.availability.seen().unwrap();
    assert_eq!(availability.outcome, LookOutcome::Degraded, "{facts:#?}");
    assert_eq!(availability.reason, Reason::TlsHandshake);
}

#[tokio::test]
async fn a_page_over_tls10_is_read_and_degraded() {
    let old = Program::nginx("ssl_protocols TLSv1; ssl_ciphers DEFAULT:@SECLEVEL=0;");
    let names = at_home().await;
    let mut secure_site = site(&[]);
    secure_site.url = format!("https://{HOST}/").parse().unwrap();
    let facts = seen(door(&names, unused_port(), old.port, None), secure_site).await;
    let availability = facts.availability.seen().unwrap();
    assert_eq!(availability.outcome, LookOutcome::Degraded);
    assert_eq!(availability.reason, Reason::TlsLegacy);
    let home = facts.http.seen().unwrap().home.seen().unwrap();
    assert_eq!((home.status, home.title.as_str()), (200, "served by an old server"));
    assert!(home.bad_certificate, "nobody signed it");
    let tls = facts.tls.seen().unwrap();
    assert_eq!((tls.version.as_str(), &tls.reason), ("TLS1.0", &Reason::TlsLegacy));
    assert_eq!((tls.chain.len(), tls.trust, tls.signature_valid), (1, Trust::SelfSigned, true));
    // http://, https:// and an address that cannot exist over two stacks, and what the TLS port offers
    let offers = facts.offers.seen().unwrap();
    let versions: Vec<_> = offers.versions.iter().map(|offer| offer.name.as_str()).collect();
    assert_eq!(versions, ["TLS1.0"]);
    assert!(facts.requests >= 5 + offers.connections, "{}", facts.requests);
}
