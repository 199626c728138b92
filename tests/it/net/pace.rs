//! We are polite: measured where it counts, at the server.

use std::time::Duration;

use xuncha_model::Reason;
use xuncha_net::{Config, Door};

use super::{HTML, go, url};
use crate::support::{
    config, door,
    names::Names,
    servers::{Server, page},
};

#[tokio::test]
async fn the_pace_is_kept_per_host_and_per_address() {
    let server = Server::answering(page("", HTML)).await;
    let names = Names::all_at("127.0.0.2").await;
    let pace = Duration::from_millis(60);
    let door = Door::new(Config { interval_ms: 60, ..config(names.address) }).unwrap();
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let (door, host) = (door.clone(), if n % 2 == 0 { "a.test" } else { "b.test" });
            let start = url(&format!("http://{host}:{}/{n}", server.port));
            tokio::spawn(async move { door.visit(&start, &[]).await })
        })
        .collect();
    let mut waited = Duration::ZERO;
    for task in tasks {
        let visit = task.await.unwrap();
        assert_eq!(visit.reason, Reason::Ok);
        waited = waited.max(visit.total);
    }
    // the last of the eight waited seven times for its turn, and none of that counts
    assert!(waited < 6 * pace, "{waited:?}");
    let mut times: Vec<_> = server.requests().into_iter().map(|(at, _)| at).collect();
    times.sort();
    assert_eq!(times.len(), 8);
    for pair in times.windows(2) {
        assert!(pair[1] - pair[0] >= pace, "{:?}", pair[1] - pair[0]);
    }
}

#[tokio::test]
async fn a_site_that_asks_for_time_gets_it() {
    let busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 1\r\n\r\nx".as_slice();
    let server = Server::answering(busy).await;
    let names = Names::all_at("127.0.0.2").await;
    let door = door(names.address);
    for _ in 0..2 {
        go(&door, server.port).await;
    }
    let times: Vec<_> = server.requests().into_iter().map(|(at, _)| at).collect();
    let gap = times[1] - times[0];
    // an hour, cut down to the cap of these tests
    assert!((300..3000).contains(&gap.as_millis()), "{gap:?}");
    let head = &server.requests()[0].1;
    assert!(head.contains("user-agent: xuncha/"), "{head}");
}
