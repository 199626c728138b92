//! What a crawl that was interrupted had seen of strangers is not lost.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use xuncha_probe::crawl::{
    Shelf,
    shelf::{Begun, Kept},
};

use super::*;

fn kept<'a, T: Send + 'a>(what: T) -> Kept<'a, T> {
    Box::pin(std::future::ready(Ok(what)))
}

/// A shelf that never hears that a crawl came to its end.
#[derive(Default)]
struct Unfinished(Mutex<Vec<Vec<u8>>>);

impl Shelf for Unfinished {
    fn begin<'a>(&'a self, _key: &'a str, at: DateTime<Utc>) -> Kept<'a, Begun> {
        let chunks = u32::try_from(self.0.lock().unwrap().len()).unwrap();
        kept(Begun { crawl: 1, begun_at: at, chunks, before: None })
    }

    fn append(&self, _crawl: i64, lines: &[u8]) -> Result<(), String> {
        self.0.lock().unwrap().push(lines.to_vec());
        Ok(())
    }

    fn chunk(&self, _crawl: i64, seq: u32) -> Kept<'_, Option<Vec<u8>>> {
        kept(self.0.lock().unwrap().get(usize::try_from(seq).unwrap()).cloned())
    }

    fn cut(&self, _crawl: i64, seq: u32) -> Kept<'_, ()> {
        self.0.lock().unwrap().truncate(usize::try_from(seq).unwrap());
        kept(())
    }

    fn finish(&self, _crawl: i64, _at: DateTime<Utc>) -> Kept<'_, ()> {
        // the chunk that only a crawl which came to its end leaves
        self.0.lock().unwrap().pop();
        kept(())
    }
}

#[tokio::test]
async fn what_strangers_show_survives_an_interrupted_crawl() {
    let links = "<a href=http://shop.example/>商城</a><a href=http://hospital.example/>县医院</a>";
    let internet = Internet::start(move |asked| match (asked.host, asked.path) {
        ("www.luyi.gov.cn", path) => honest(path, links),
        (_, "/robots.txt") => none(),
        ("shop.example", _) => html("shop.example 域名出售", ""),
        _ => html("县医院", &text(4)),
    })
    .await;
    let shelf = Arc::new(Unfinished::default());
    let first = internet.look_with(Some(shelf.clone())).await;
    let asked = internet.asked("shop.example").len();
    let again = internet.look_with(Some(shelf)).await;
    assert_eq!(internet.asked("shop.example").len(), asked, "the stranger was asked again");
    let outbound = |facts: &Facts| facts.outbound.seen().cloned().unwrap_or_default();
    assert_eq!(outbound(&first), outbound(&again));
    assert!(outbound(&again).iter().any(|found| found.host == "shop.example" && found.parked));
}
