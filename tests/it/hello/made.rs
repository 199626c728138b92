//! Surveys of servers made for the test: protocols nobody ships any more, and every way to misbehave.

use std::{
    io,
    time::{Duration, Instant},
};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use xuncha_model::Reason;
use xuncha_net::{
    Config,
    hello::{Protocol, suites},
};

use super::{Tcp, offer, patient, picked, survey, survey_of, versions};
use crate::support::{
    certificates::{Authority, leaf},
    config,
    names::{Names, Say},
    pretend::{Asked, Pretend, hello, prime},
    servers::{Server, unused_port},
};

fn chain() -> Vec<Vec<u8>> {
    chain_of("www.site.test")
}

/// A leaf for this host and its issuer.
pub(super) fn chain_of(host: &str) -> Vec<Vec<u8>> {
    Authority::new("made").issue(&leaf(host), 1).ders()
}

/// TLS 1.2 with one suite of everybody's, and a chain.
pub(super) fn plain() -> Pretend {
    Pretend {
        versions: vec![(0x0303, vec![0xC02F])],
        chain: chain(),
        keys: vec![3, 0, 23],
        ..Pretend::default()
    }
}

#[tokio::test]
async fn ssl3_with_rc4_and_export_and_a_prime_of_512_bits() {
    let (server, _) = Pretend {
        versions: vec![(0x0300, vec![0x0005, 0x0014, 0x000A, 0x0003])],
        chain: chain(),
        keys: prime(512),
        ..Pretend::default()
    }
    .start()
    .await;
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["SSL3.0"]);
    assert_eq!(offer(&survey, Protocol::Ssl3).suites, [0x0003, 0x0005, 0x000A, 0x0014]);
    assert_eq!(offer(&survey, Protocol::Ssl3).own_order, Some(true));
    assert_eq!((survey.dh_bits, survey.chain.len(), survey.complete), (512, 2, true));
    assert!(!survey.secure_renegotiation && !survey.extended_master_secret);
    assert!(survey.without_name.unwrap().same, "SSL 3.0 knows no names");
}

#[tokio::test]
async fn tlcp_is_asked_without_extensions_and_shows_both_certificates() {
    let chain = chain();
    let (server, _) = Pretend {
        versions: vec![(0x0101, vec![0xE053, 0xE013])],
        chain: chain.clone(),
        keys: vec![0, 72, 0x30],
        refuses_extensions: Some(10),
        ..Pretend::default()
    }
    .start()
    .await;
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["TLCP1.1"]);
    assert_eq!(picked(&survey, Protocol::Tlcp), ["ECC_SM4_CBC_SM3", "ECC_SM4_GCM_SM3"]);
    assert_eq!(survey.tlcp.unwrap(), chain);
    assert!(survey.chain.is_empty() && survey.without_name.is_err());
    assert_eq!(survey.dh_bits, 0, "a signature is no prime");
    assert!(survey.secure_renegotiation, "nothing there could be insecure");
}

#[tokio::test]
async fn tlcp_that_wants_a_name_is_asked_again_with_one() {
    let (server, _) = Pretend {
        versions: vec![(0x0101, vec![0xE013]), (0x0303, vec![0xC02F])],
        chain: chain(),
        needs_extensions: Some(112),
        ..Pretend::default()
    }
    .start()
    .await;
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["TLS1.2", "TLCP1.1"]);
    assert_eq!(survey.tlcp.unwrap().len(), 2);
}

#[tokio::test]
async fn compression_is_noticed() {
    let (server, _) = Pretend { compression: 1, ..plain() }.start().await;
    assert!(patient(server.port).await.compression);
    let (server, _) = plain().start().await;
    assert!(!patient(server.port).await.compression);
}

#[tokio::test]
async fn what_the_hello_answers_is_read() {
    // renegotiation_info, extended_master_secret, ALPN
    let mut extensions = vec![0xFF, 1, 0, 1, 0, 0, 23, 0, 0, 0, 16, 0, 11, 0, 9, 8];
    extensions.extend_from_slice(b"http/1.1");
    let (server, _) = Pretend { extensions, ..plain() }.start().await;
    let survey = patient(server.port).await;
    assert!(survey.secure_renegotiation && survey.extended_master_secret);
    assert_eq!((survey.alpn, survey.groups), (vec!["http/1.1".into()], vec!["secp256r1".into()]));
}

#[tokio::test]
async fn each_order_is_told_from_the_other() {
    let versions = vec![(0x0303, vec![0x002F, 0x0035, 0xC013])];
    for (client_order, own) in [(true, vec![0x002F, 0x0035]), (false, vec![0x002F, 0x0035])] {
        let pretend = Pretend { versions: vec![(0x0303, own)], client_order, ..plain() };
        let (server, _) = pretend.start().await;
        let survey = patient(server.port).await;
        assert_eq!(offer(&survey, Protocol::Tls12).own_order, Some(!client_order));
    }
    let (server, _) = Pretend { versions, ..plain() }.start().await;
    let survey = patient(server.port).await;
    assert_eq!(
        offer(&survey, Protocol::Tls12).own_order,
        Some(true),
        "the same as ours, and its own"
    );
}

#[tokio::test]
async fn old_protocols_have_their_own_suites() {
    let (server, _) = Pretend {
        versions: vec![
            (0x0301, vec![0x002F, 0x0005, 0x000A]),
            (0x0302, vec![0x002F]),
            (0x0303, vec![0x002F, 0x009C]),
        ],
        ..plain()
    }
    .start()
    .await;
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["TLS1.0", "TLS1.1", "TLS1.2"]);
    assert_eq!(offer(&survey, Protocol::Tls10).suites, [0x0005, 0x000A, 0x002F]);
    assert_eq!(offer(&survey, Protocol::Tls11).suites, [0x002F]);
    assert_eq!(offer(&survey, Protocol::Tls12).suites, [0x002F, 0x009C]);
    assert!(survey.complete);
}

#[tokio::test]
async fn servers_that_choke_are_asked_in_smaller_bites() {
    let versions_of = vec![(0x0301, vec![0x0035]), (0x0303, vec![0xC02F, 0x0035])];
    let few = Pretend { versions: versions_of.clone(), most_suites: Some(64), ..plain() };
    let (server, _) = few.start().await;
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["TLS1.0", "TLS1.2"]);
    assert_eq!(offer(&survey, Protocol::Tls12).suites, [0x0035, 0xC02F]);
    let bare = Pretend {
        versions: vec![(0x0301, vec![0x0035])],
        most_suites: Some(65),
        refuses_extensions: Some(50),
        ..plain()
    };
    let (server, _) = bare.start().await;
    let survey = patient(server.port).await;
    assert_eq!((versions(&survey), survey.chain.len()), (vec!["TLS1.0"], 2));
}

#[tokio::test]
async fn never_more_than_forty_connections_nor_two_at_a_time() {
    let all = suites::names().map(|(code, _)| code).collect::<Vec<_>>();
    let (server, crowd) = Pretend {
        versions: [0x0101, 0x0300, 0x0301, 0x0302, 0x0303].map(|v| (v, all.clone())).to_vec(),
        keys: Vec::new(),
        thinks: Duration::from_millis(5),
        ..plain()
    }
    .start()
    .await;
    let survey = patient(server.port).await;
    assert_eq!((survey.connections, survey.complete), (40, false));
    assert_eq!((server.connections(), crowd.most()), (40, 2));
    assert_eq!(versions(&survey), ["SSL3.0", "TLS1.0", "TLS1.1", "TLS1.2", "TLCP1.1"]);
    assert!(survey.offers.iter().all(|offer| !offer.suites.is_empty()));
}

#[tokio::test]
async fn a_server_that_ignores_the_list_is_not_believed_for_ever() {
    let server = Server::start(|mut guest: Tcp| async move {
        let deaf = plain();
        let asked = Asked { version: 0x0303, suites: vec![0xC02F], extensions: true };
        guest.stream.write_all(&deaf.answer(&asked)).await?;
        guest.stream.shutdown().await?;
        guest.stream.read_to_end(&mut Vec::new()).await.map(drop)
    })
    .await;
    let survey = patient(server.port).await;
    assert_eq!(offer(&survey, Protocol::Tls12).suites, [0xC02F]);
    assert_eq!(versions(&survey), ["TLS1.2"]);
}

#[tokio::test]
async fn a_server_that_hangs_is_left_in_time() {
    let whole = plain().answer(&Asked { version: 0x0303, suites: vec![0xC02F], extensions: true });
    // at once, in the header of a record, in the ServerHello, in the chain, before the end
    for after in [0, 3, 20, 200, whole.len() - 3] {
        let began = Instant::now();
        let (server, _) = Pretend { falls_silent_after: Some(after), ..plain() }.start().await;
        let survey = survey(server.port).await;
        assert!(began.elapsed() < Duration::from_secs(20), "{after}: {:?}", began.elapsed());
        match survey {
            Ok(survey) => assert!(after >= 100 && !survey.offers.is_empty(), "{after}"),
            Err(fault) => assert_eq!((fault.reason, after < 100), (Reason::TlsTimeout, true)),
        }
    }
}

#[tokio::test]
async fn rubbish_without_an_end_is_not_read_to_it() {
    let endless = |first: &'static [u8], again: Vec<u8>| {
        Server::start(move |mut guest: Tcp| {
            let again = again.clone();
            async move {
                guest.stream.write_all(first).await?;
                loop {
                    guest.stream.write_all(&again).await?;
                }
            }
        })
    };
    let cases = [
        (endless(b"", [22, 3, 3, 0, 4, 0, 0, 0, 0].repeat(100)).await, Reason::TlsHandshake),
        (endless(b"", vec![22, 3, 3, 0, 0]).await, Reason::TlsHandshake),
        (endless(&[22, 3, 3, 0xFF, 0xFF], vec![0; 1000]).await, Reason::TlsHandshake),
        (
            endless(&[22, 3, 3, 0, 4, 2, 0xFF, 0xFF, 0xFF], vec![0; 1000]).await,
            Reason::TlsHandshake,
        ),
        (endless(b"HTTP/1.1 400 Bad Request\r\n\r\n", vec![b'x'; 100]).await, Reason::TlsNotTls),
        (endless(b"", [21, 3, 3, 0, 2, 1, 0].repeat(3)).await, Reason::TlsHandshake),
    ];
    for (at, (server, reason)) in cases.into_iter().enumerate() {
        let began = Instant::now();
        let fault = survey(server.port).await.unwrap_err();
        assert_eq!(fault.reason, reason, "case {at}: {}", fault.detail);
        assert!(began.elapsed() < Duration::from_secs(10), "case {at}");
    }
}

#[tokio::test]
async fn nobody_there_and_nowhere_to_go() {
    let names = Names::all_at("127.0.0.2").await;
    let free = unused_port();
    let fault = survey_of(config(names.address), free).await.unwrap_err();
    assert_eq!(fault.reason, Reason::ConnectRefused);
    let inside = Names::all_at("127.0.0.3").await;
    let fault = survey_of(config(inside.address), free).await.unwrap_err();
    assert_eq!(fault.reason, Reason::GuardAddress, "the guard stands before this door, too");
}

#[tokio::test]
async fn the_other_addresses_get_one_handshake_each() {
    let (server, _) = plain().start().await;
    let serve = |pretend: Pretend| {
        move |mut guest: Tcp| {
            let pretend = pretend.clone();
            async move {
                let asked = hello(&mut guest.stream).await?;
                guest.stream.write_all(&pretend.answer(&asked)).await?;
                guest.stream.shutdown().await?;
                guest.stream.read_to_end(&mut Vec::new()).await.map(drop)
            }
        }
    };
    let other = Server::on(&format!("127.0.0.3:{}", server.port), serve(plain())).await.unwrap();
    let names = Names::start(|_, kind, _| match kind.to_string().as_str() {
        "A" => Say::Addresses(&["127.0.0.2", "127.0.0.3", "127.0.0.4", "10.0.0.1"]),
        _ => Say::Nothing,
    })
    .await;
    let config =
        Config { allow_net: vec!["127.0.0.0/8".parse().unwrap()], ..config(names.address) };
    let survey = survey_of(config, server.port).await.unwrap();
    let first = survey.address.ip().to_string();
    let mut seen: Vec<_> = survey
        .others
        .iter()
        .map(|o| (o.address.ip().to_string(), o.reason.clone(), o.version.as_str(), o.same))
        .collect();
    seen.sort_by(|one, other| one.0.cmp(&other.0));
    let elsewhere = if first == "127.0.0.2" { "127.0.0.3" } else { "127.0.0.2" };
    assert_eq!(
        seen,
        [
            (elsewhere.to_owned(), Reason::Ok, "TLS1.2", Some(false)),
            ("127.0.0.4".to_owned(), Reason::ConnectRefused, "", None),
        ]
    );
    assert_eq!(other.connections(), 1);
}

#[tokio::test]
async fn who_shuts_us_out_half_way_is_not_said_to_have_no_more() {
    let versions = vec![(0x0303, vec![0x002F, 0x0035, 0x009C, 0x009D, 0xC013, 0xC02F])];
    let mute = Pretend { versions, mute: true, ..plain() };
    let (server, _) = mute.clone().start().await;
    let whole = patient(server.port).await;
    assert_eq!((offer(&whole, Protocol::Tls12).suites.len(), whole.complete), (6, true));
    let (server, _) = Pretend { has_enough_after: Some(10), ..mute }.start().await;
    let half = patient(server.port).await;
    assert!(offer(&half, Protocol::Tls12).suites.len() < 6 && !half.complete);
}

/// Closes without a word: what many servers do with a hello they do not like.
async fn close(guest: Tcp) -> io::Result<()> {
    drop(guest);
    Ok(())
}

#[tokio::test]
async fn a_closed_door_says_nothing_about_what_is_behind() {
    let server = Server::start(close).await;
    let fault = survey(server.port).await.unwrap_err();
    assert_eq!(fault.reason, Reason::TlsHandshake);
    assert!(server.connections() <= 40, "{}", server.connections());
}
