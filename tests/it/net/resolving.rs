//! The name system says why, and our own resolver is told from theirs.

use std::{
    net::{Ipv4Addr, UdpSocket},
    time::{Duration, Instant},
};

use hickory_server::proto::{op::ResponseCode, rr::RecordType};
use xuncha_model::Reason;

use crate::support::{
    door,
    names::{Names, Say},
};

#[tokio::test]
async fn the_name_system_says_why() {
    let names = Names::start(|name, kind, _| match name {
        "gone.test" => Say::Code(ResponseCode::NXDomain),
        "broken.test" => Say::Code(ResponseCode::ServFail),
        "shy.test" => Say::Code(ResponseCode::Refused),
        "empty.test" => Say::Nothing,
        "mute.test" => Say::Silence,
        "round.test" => Say::Alias("about.test"),
        "about.test" => Say::Alias("round.test"),
        "www.a.test" => Say::Alias("cdn.b.test"),
        "cdn.b.test" if kind == RecordType::AAAA => Say::Nothing,
        "cdn.b.test" => Say::Address("127.0.0.2"),
        _ => Say::Nothing,
    })
    .await;
    let door = door(names.address);
    for (name, reason) in [
        ("gone.test", Reason::DnsNxdomain),
        ("broken.test", Reason::DnsServfail),
        ("shy.test", Reason::DnsRefused),
        ("empty.test", Reason::DnsNodata),
        ("mute.test", Reason::DnsTimeout),
        ("round.test", Reason::DnsLoop),
    ] {
        let begun = Instant::now();
        assert_eq!(door.lookup(name).await.reason, reason, "{name}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{name}");
    }
    let found = door.lookup("www.a.test").await;
    assert_eq!((found.reason, found.cname), (Reason::Ok, vec!["cdn.b.test".to_owned()]));
    assert_eq!(found.a, ["127.0.0.2".parse::<Ipv4Addr>().unwrap()]);
}

#[tokio::test]
async fn a_resolver_that_is_not_there_is_our_own_fault() {
    let gone = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(door(gone).lookup("site.test").await.reason, Reason::SelfResolver);
    let deaf = Names::start(|_, _, _| Say::Silence).await;
    assert_eq!(door(deaf.address).lookup("site.test").await.reason, Reason::SelfResolver);
}
