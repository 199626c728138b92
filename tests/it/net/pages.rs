//! What is read in spite of everything: cookie walls, bad certificates, wrong charsets.

use xuncha_model::Reason;

use super::{HTML, Tcp, go, url};
use crate::support::{
    certificates::{leaf, self_signed},
    door,
    names::Names,
    servers::{Server, page},
};
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn a_cookie_wall_is_no_loop() {
    let server = Server::start(|mut guest: Tcp| async move {
        let head = guest.head().await?;
        let answer = if head.contains("cookie: seen=1") {
            page("", HTML)
        } else {
            b"HTTP/1.1 302 Found\r\nSet-Cookie: seen=1; Path=/\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
                .to_vec()
        };
        guest.stream.write_all(&answer).await?;
        guest.stream.shutdown().await
    })
    .await;
    let names = Names::all_at("127.0.0.2").await;
    let visit = go(&door(names.address), server.port).await;
    assert_eq!((visit.reason, visit.hops.len()), (Reason::Ok, 2));
}

#[tokio::test]
async fn a_bad_certificate_hides_nothing() {
    let served = self_signed(&leaf("somewhere.else.test"));
    let server = Server::secure(served.server(), page("", HTML)).await;
    let names = Names::all_at("127.0.0.2").await;
    let visit =
        door(names.address).visit(&url(&format!("https://site.test:{}/", server.port)), &[]).await;
    assert_eq!((visit.reason, visit.status), (Reason::Ok, 200));
    assert_eq!(visit.body, HTML);
    let shake = &visit.shakes[0];
    assert_eq!(shake.handshake.chain, served.ders());
    assert_eq!(shake.handshake.version, "TLS1.3");
    assert_eq!(shake.handshake.alpn, "");
    assert_eq!(shake.handshake.signature_valid, Some(true));
    assert!(shake.handshake.cipher.starts_with("TLS_AES"), "{}", shake.handshake.cipher);
    assert_eq!(shake.address, visit.hops[0].address);
}

#[tokio::test]
async fn a_gbk_page_that_claims_utf8_is_read() {
    let text =
        "<meta charset=utf-8><title>周口市财政局</title>国务院办公厅关于印发政府网站发展指引的通知";
    let (body, ..) = encoding_rs::GBK.encode(text);
    let server = Server::answering(page("Content-Type: text/html\r\n", &body)).await;
    let names = Names::all_at("127.0.0.2").await;
    let visit = go(&door(names.address), server.port).await;
    assert_eq!(visit.text, text);
    assert_eq!((visit.encoding.as_str(), visit.declared_encoding.as_str()), ("GBK", "utf-8"));
}
