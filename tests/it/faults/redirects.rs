//! Redirects that never arrive: eleven requests are the end of every visit, counted at the servers.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use xuncha_model::{Reason, facts::LookOutcome};
use xuncha_net::Door;

use super::{HTML, Tcp, rules, site};
use crate::support::{
    certificates::{leaf, self_signed},
    servers::{Guest, page},
    street::{House, Manner, Street, manner, round, says},
};

/// Requests that one visit may make: the first, and ten redirects.
const MOST: usize = 11;

/// Redirects with this status to what the function makes of the number of the request, beginning with 1.
fn leading(status: u16, to: impl Fn(usize) -> String + Send + Sync + 'static) -> Manner {
    let count = AtomicUsize::new(0);
    manner(move |guest| {
        let next = to(count.fetch_add(1, Ordering::Relaxed) + 1);
        let answer =
            format!("HTTP/1.1 {status} Moved\r\nLocation: {next}\r\nContent-Length: 0\r\n\r\n");
        async move { guest.answer(answer.as_bytes()).await.map(drop) }
    })
}

/// Sets another cookie each time, so that no two requests are alike.
fn cookies_without_end() -> Manner {
    let count = AtomicUsize::new(0);
    manner(move |guest| {
        let next = count.fetch_add(1, Ordering::Relaxed);
        let answer = format!(
            "HTTP/1.1 302 Found\r\nSet-Cookie: sid={next}\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
        );
        async move { guest.answer(answer.as_bytes()).await.map(drop) }
    })
}

/// The other side of `http://h1 ▸ https://h1`.
fn back_to_plain() -> Manner {
    let acceptor =
        tokio_rustls::TlsAcceptor::from(self_signed(&leaf("h1.zhoukou.gov.cn")).server());
    manner(move |guest: Tcp| {
        let acceptor = acceptor.clone();
        async move {
            let (stream, heads) = guest.parts();
            let stream = acceptor.accept(stream).await?;
            let answer = b"HTTP/1.1 302 Found\r\nLocation: http://h0.zhoukou.gov.cn/\r\nContent-Length: 0\r\n\r\n";
            Guest::whole(stream, heads).answer(answer).await.map(drop)
        }
    })
}

#[tokio::test]
async fn every_chain_and_every_loop_ends_after_eleven_requests() {
    let chain = |status| House::Plain(leading(status, |n| format!("/{n}")));
    let houses = vec![
        ("301", chain(301), Reason::RedirectLimit, MOST),
        ("302", chain(302), Reason::RedirectLimit, MOST),
        ("303", chain(303), Reason::RedirectLimit, MOST),
        ("307", chain(307), Reason::RedirectLimit, MOST),
        ("308", chain(308), Reason::RedirectLimit, MOST),
        ("itself", House::Plain(leading(302, |_| "/".to_owned())), Reason::RedirectLoop, 1),
        (
            "itself with another fragment",
            House::Plain(leading(302, |n| format!("/#{n}"))),
            Reason::RedirectLoop,
            1,
        ),
        (
            "two addresses",
            House::Plain(leading(302, |n| format!("/{}", n % 2))),
            Reason::RedirectLoop,
            3,
        ),
        (
            "a query that grows",
            House::Plain(leading(302, |n| format!("/?{}", "x".repeat(n)))),
            Reason::RedirectLimit,
            MOST,
        ),
        ("a cookie each time", House::Plain(cookies_without_end()), Reason::RedirectLimit, MOST),
        (
            "a location of 60 KB",
            House::Plain(leading(302, |n| format!("/{}", "y".repeat(60_000 + n)))),
            Reason::RedirectLimit,
            MOST,
        ),
        (
            "user names and passwords",
            House::Plain(leading(302, |n| format!("http://u{n}:p@h11.zhoukou.gov.cn/"))),
            Reason::RedirectLoop,
            1,
        ),
    ];
    let street: Vec<House> = houses.iter().map(|(_, house, ..)| house.clone()).collect();
    let street = Street::start(&street).await;
    let door = Door::new(street.config()).unwrap();
    for (at, (name, _, reason, requests)) in houses.iter().enumerate() {
        let visit = door.visit(&street.url(at).parse().unwrap(), &[]).await;
        assert_eq!(&visit.reason, reason, "{name}: {}", visit.detail);
        assert_eq!(street.server(at).requests().len(), *requests, "{name}");
        assert_eq!(street.server(at).connections(), *requests, "{name}: and no other connection");
    }
    let heads = street.server(11).requests();
    assert!(!heads[0].1.to_ascii_lowercase().contains("authorization"), "{heads:?}");
}

#[tokio::test]
async fn hosts_that_send_us_to_and_fro_are_a_loop() {
    let over = House::Plain(leading(302, |_| "https://h1.zhoukou.gov.cn/".to_owned()));
    let street = Street::start(&[over, House::Secure(back_to_plain())]).await;
    let door = Door::new(street.config()).unwrap();
    let visit = door.visit(&street.url(0).parse().unwrap(), &[]).await;
    assert_eq!(visit.reason, Reason::RedirectLoop, "{}", visit.detail);
    assert_eq!((street.server(0).requests().len(), street.server(1).requests().len()), (1, 1));
}

#[tokio::test]
async fn a_site_that_loops_is_down_after_two_visits_and_asked_no_more() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let chain = leading(302, move |_| format!("/{}", count.fetch_add(1, Ordering::Relaxed)));
    let healthy = House::Plain(says(page("Content-Type: text/html\r\n", HTML)));
    let mut houses = vec![House::Plain(chain)];
    // one of five: too few for a doubt about our own line
    houses.extend(std::iter::repeat_n(healthy, 4));
    let street = Street::start(&houses).await;
    let report = round(&street.scanner(street.config(), &[1]), &|_| {}).await;
    let looping = site(&report, 0);
    assert_eq!((looping.outcome, &looping.reason), (LookOutcome::Down, &Reason::RedirectLimit));
    assert!(rules(looping).contains(&"availability.down"), "{:?}", rules(looping));
    assert_eq!(asked.load(Ordering::Relaxed), 2 * MOST, "two looks, and nothing beyond them");
}
