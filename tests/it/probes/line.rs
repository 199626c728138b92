//! Our own line and our own resolver come first.

use xuncha_model::Reason;
use xuncha_probe::line::{self, LineState};

use super::door;
use crate::support::{
    names::{Names, Say},
    servers::{Server, unused_port},
};

#[tokio::test]
async fn our_line_is_down_when_most_references_fail() {
    let up = Server::answering(b"".as_slice()).await;
    let names = Names::start(|name, _, _| match name {
        "a.test" | "b.test" | "c.test" => Say::Address("127.0.0.2"),
        _ => Say::Nothing,
    })
    .await;
    let down = unused_port();
    let door = door(&names, up.port, down, None);
    let check = async |references: &[&str]| {
        let references: Vec<_> = references.iter().map(|text| (*text).to_owned()).collect();
        line::check(&door, &references).await
    };
    assert_eq!(check(&["a.test:80", "b.test:80", "c.test"]).await, LineState::Up { ipv6: false });
    assert_eq!(check(&[]).await, LineState::Up { ipv6: false });
    let LineState::Down { reason, detail } = check(&["a.test:80", "b.test", "c.test"]).await else {
        panic!("two of three fail")
    };
    assert_eq!(reason, Reason::SelfNetwork);
    assert!(detail.contains("b.test: connect.refused"), "{detail}");
}

#[tokio::test]
async fn our_resolver_is_blamed_when_it_is_deaf() {
    let names = Names::start(|_, _, _| Say::Silence).await;
    let door = door(&names, 1, 1, None);
    for references in [vec![], vec!["a.test".to_owned(), "b.test".to_owned()]] {
        let LineState::Down { reason, .. } = line::check(&door, &references).await else {
            panic!("nobody answers")
        };
        assert_eq!(reason, Reason::SelfResolver);
    }
}
