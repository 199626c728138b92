//! Somebody else answers, or in another tongue: a fact of its own, and no accusation that does not hold.

use std::sync::Arc;

use rustls::ServerConfig;
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;
use xuncha_model::{Reason, facts::LookOutcome};

use super::{HTML, Tcp, rules, site};
use crate::support::{
    certificates::{Authority, leaf},
    servers::{Guest, page, redirect},
    street::{House, Manner, Street, manner, round, says},
};

fn secured(config: Arc<ServerConfig>, answer: Vec<u8>) -> Manner {
    let acceptor = TlsAcceptor::from(config);
    let answer = Arc::new(answer);
    manner(move |guest: Tcp| {
        let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
        async move {
            let (stream, heads) = guest.parts();
            let stream = acceptor.accept(stream).await?;
            Guest::whole(stream, heads).answer(&answer).await.map(drop)
        }
    })
}

/// Shakes hands for HTTP/2 alone, and speaks nothing else.
fn http2_only(config: &Arc<ServerConfig>) -> Manner {
    let mut config = ServerConfig::clone(config);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    manner(move |guest: Tcp| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(guest.stream).await?;
            // SETTINGS, and GOAWAY with PROTOCOL_ERROR (RFC 9113, 3.4 and 6.8)
            stream.write_all(b"\0\0\0\x04\0\0\0\0\0").await?;
            stream.write_all(b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01").await?;
            stream.shutdown().await
        }
    })
}

#[tokio::test]
async fn whoever_answers_in_the_sites_place_is_told_from_the_site() {
    let authority = Authority::new("ours");
    let served = |host: &str| authority.issue(&leaf(host), 1).server();
    let html = || page("Content-Type: text/html\r\n", HTML);
    let misdirected = b"HTTP/1.1 421 Misdirected Request\r\nContent-Length: 1\r\n\r\nx".as_slice();
    let street = Street::start(&[
        House::Plain(says(redirect("http://h5.zhoukou.gov.cn/"))),
        House::Plain(says(misdirected)),
        House::Secure(secured(served("another.gov.cn"), html())),
        House::Secure(http2_only(&served("h3.zhoukou.gov.cn"))),
        House::Secure(secured(served("h4.zhoukou.gov.cn"), misdirected.to_vec())),
        House::Plain(says(html())),
        House::Plain(says(html())),
        House::Plain(says(html())),
        House::Plain(says(html())),
        House::Plain(says(html())),
        House::Plain(says(html())),
    ])
    .await;
    let config = xuncha_net::Config { ca_files: vec![authority.file()], ..street.config() };
    let report = round(&street.scanner(config, &[5, 6]), &|_| {}).await;

    let led_away = site(&report, 0);
    let home = led_away.facts.as_ref().unwrap().http.seen().unwrap().home.seen().unwrap();
    assert_eq!(
        (led_away.outcome, home.final_host.as_str()),
        (LookOutcome::Ok, "h5.zhoukou.gov.cn")
    );

    for at in [1, 4] {
        let misdirected = site(&report, at);
        assert_eq!(misdirected.reason, Reason::HttpStatus(421));
        assert_eq!(misdirected.outcome, LookOutcome::Down, "no visitor sees a page there");
    }
    let stranger = site(&report, 2);
    assert_eq!(
        (stranger.outcome, &stranger.reason),
        (LookOutcome::Degraded, &Reason::TlsCertificate)
    );
    assert!(rules(stranger).contains(&"tls.name-mismatch"), "{:?}", rules(stranger));
    assert_eq!(stranger.title, "周口市财政局", "a certificate never hides the page");

    let modern = site(&report, 3);
    assert_eq!(modern.outcome, LookOutcome::Degraded, "{}", modern.reason);
    assert_eq!(modern.reason, Reason::TlsHandshake);
    for rule in rules(modern) {
        assert!(!rule.starts_with("availability.") && !rule.starts_with("http."), "{rule}");
    }
}
