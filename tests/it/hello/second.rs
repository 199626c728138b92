//! The second stack: pages that rustls cannot reach are read, and who cannot be read is told apart.

use std::pin::Pin;

use openssl::{
    provider::Provider,
    ssl::{Ssl, SslContext, SslFiletype, SslMethod, SslVersion},
};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_openssl::SslStream;
use url::Url;
use xuncha_model::Reason;
use xuncha_net::{Door, Visit};

use super::{Tcp, made};
use crate::support::{
    config,
    names::Names,
    pretend::Pretend,
    programs::{PAGE, Program, certificate},
    servers::{Server, page},
};

/// Visits a port of 127.0.0.2 over HTTPS.
async fn visit(port: u16) -> Visit {
    let names = Names::all_at("127.0.0.2").await;
    let config = xuncha_net::Config {
        tls_timeout: std::time::Duration::from_secs(5),
        header_timeout: std::time::Duration::from_secs(5),
        ..config(names.address)
    };
    let url: Url = format!("https://www.site.test:{port}/").parse().unwrap();
    Door::new(config).unwrap().visit(&url, &[]).await
}

/// The page was read through the second stack: version and cipher.
async fn read(server: &Program, reason: Reason) -> (String, String) {
    let visit = visit(server.port).await;
    assert_eq!((visit.reason, visit.status), (Reason::Ok, 200), "{}", visit.detail);
    assert_eq!(visit.text, PAGE);
    let shake = visit.shakes.last().unwrap();
    assert_eq!((shake.legacy, &shake.reason, shake.connections), (true, &reason, 2));
    assert_eq!(shake.handshake.chain.len(), 1);
    assert_eq!(shake.handshake.signature_valid, Some(true));
    (shake.handshake.version.clone(), shake.handshake.cipher.clone())
}

#[tokio::test]
async fn pages_over_old_protocols_and_suites_are_read() {
    for (lines, version, cipher) in [
        ("TLSv1; ssl_ciphers AES128-SHA:@SECLEVEL=0;", "TLS1.0", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        (
            "TLSv1 TLSv1.1; ssl_ciphers DEFAULT:@SECLEVEL=0;",
            "TLS1.1",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        ),
        ("TLSv1.2; ssl_ciphers AES256-GCM-SHA384;", "TLS1.2", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
    ] {
        let server = Program::nginx(&format!("ssl_protocols {lines}"));
        let seen = read(&server, Reason::TlsLegacy).await;
        assert_eq!(seen, (version.to_owned(), cipher.to_owned()));
    }
}

#[tokio::test]
async fn what_every_browser_takes_is_not_called_old() {
    let server = Program::nginx("ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES128-SHA256;");
    let (version, cipher) = read(&server, Reason::Ok).await;
    assert_eq!(version, "TLS1.2");
    assert_eq!(cipher, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");
    // a key that the first stack cannot check
    let key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"];
    let server = Program::nginx_with(certificate(&key), "ssl_protocols TLSv1.3;");
    assert_eq!(read(&server, Reason::Ok).await.0, "TLS1.3");
}

#[tokio::test]
async fn a_weak_key_hides_no_page() {
    let weak = certificate(&["rsa:1024"]);
    let server = Program::nginx_with(weak, "ssl_ciphers DEFAULT:@SECLEVEL=0;");
    let visit = visit(server.port).await;
    assert_eq!((visit.reason, visit.text.as_str()), (Reason::Ok, PAGE));
}

/// An OpenSSL that still has what Debian's has not.
async fn ancient(version: SslVersion, suite: &'static str) -> (Server, TempDir) {
    let folder = certificate(&["rsa:2048"]);
    // held to the end of the process: other tests use it at the same time
    std::mem::forget(Provider::try_load(None, "legacy", true).unwrap());
    let mut context = SslContext::builder(SslMethod::tls_server()).unwrap();
    context.set_security_level(0);
    context.set_min_proto_version(Some(version)).unwrap();
    context.set_max_proto_version(Some(version)).unwrap();
    context.set_cipher_list(suite).unwrap();
    context.set_certificate_file(folder.path().join("cert.pem"), SslFiletype::PEM).unwrap();
    context.set_private_key_file(folder.path().join("key.pem"), SslFiletype::PEM).unwrap();
    let context = context.build();
    let server = Server::start(move |guest: Tcp| {
        let ssl = Ssl::new(&context).unwrap();
        async move {
            let mut stream = SslStream::new(ssl, guest.stream).unwrap();
            if Pin::new(&mut stream).accept().await.is_err() {
                // the alert is on its way; closing with unread bytes would overtake it
                stream.get_mut().shutdown().await?;
                return stream.get_mut().read_to_end(&mut Vec::new()).await.map(drop);
            }
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await?;
            stream.write_all(&page("", PAGE.as_bytes())).await?;
            stream.shutdown().await
        }
    });
    (server.await, folder)
}

#[tokio::test]
async fn ssl3_and_rc4_are_read_and_surveyed() {
    for (version, suite, names) in [
        (SslVersion::SSL3, "RC4-SHA:@SECLEVEL=0", ("SSL3.0", "TLS_RSA_WITH_RC4_128_SHA")),
        (SslVersion::TLS1, "DES-CBC3-SHA:@SECLEVEL=0", ("TLS1.0", "TLS_RSA_WITH_3DES_EDE_CBC_SHA")),
    ] {
        let (server, _folder) = ancient(version, suite).await;
        let visit = visit(server.port).await;
        assert_eq!((visit.reason, visit.text.as_str()), (Reason::Ok, PAGE), "{}", visit.detail);
        let shake = &visit.shakes[0];
        assert_eq!((shake.legacy, &shake.reason), (true, &Reason::TlsLegacy));
        assert_eq!((shake.handshake.version.as_str(), shake.handshake.cipher.as_str()), names);
        let survey = super::patient(server.port).await;
        assert_eq!(super::versions(&survey), [names.0]);
        assert_eq!(super::picked(&survey, survey.offers[0].protocol), [names.1]);
        assert!(
            survey.secure_renegotiation,
            "by the signal in the list, where there is no extension"
        );
    }
}

#[tokio::test]
async fn a_client_certificate_is_demanded_by_an_old_server_too() {
    let arguments = ["-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0", "-Verify", "1"];
    let server = Program::s_server(&arguments);
    let visit = visit(server.port).await;
    assert_eq!(visit.reason, Reason::TlsClientCert, "{}", visit.detail);
}

#[tokio::test]
async fn tlcp_alone_is_recognised() {
    let pretend =
        Pretend { versions: vec![(0x0101, vec![0xE013])], keys: Vec::new(), ..made::plain() };
    let (server, _) = Pretend { refuses_extensions: Some(10), ..pretend }.start().await;
    let visit = visit(server.port).await;
    assert_eq!(visit.reason, Reason::TlsTlcpOnly, "{}", visit.detail);
    assert_eq!((visit.shakes[0].connections, server.connections()), (2, 2));
}

#[tokio::test]
async fn one_that_refuses_everybody_is_asked_four_times_and_no_more() {
    // a TLS 1.2 with a suite that needs a key nobody has
    let (server, _) =
        Pretend { versions: vec![(0x0303, Vec::new())], ..made::plain() }.start().await;
    let visit = visit(server.port).await;
    assert_eq!(visit.reason, Reason::TlsHandshake, "{}", visit.detail);
    assert_eq!((visit.shakes[0].connections, server.connections()), (4, 4));
}
