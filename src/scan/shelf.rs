//! Lends the store's shelf to the crawl, which knows no store.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use xuncha_probe::crawl::shelf::{Begun, Kept, Shelf};

/// An interrupted crawl goes on for so long; what it read is too old after that.
const GOES_ON: Duration = Duration::hours(3);

struct OnDisk(xuncha_store::Shelf);

/// The shelf of a data folder, as a crawl takes it.
pub fn shelf(shelf: xuncha_store::Shelf) -> Arc<dyn Shelf> {
    Arc::new(OnDisk(shelf))
}

fn told(error: xuncha_store::Error) -> String {
    error.to_string()
}

impl Shelf for OnDisk {
    fn begin<'a>(&'a self, key: &'a str, at: DateTime<Utc>) -> Kept<'a, Begun> {
        Box::pin(async move {
            let begun = self.0.begin(key, at, at - GOES_ON).await.map_err(told)?;
            let xuncha_store::Begun { crawl, begun_at, chunks, before } = begun;
            Ok(Begun { crawl, begun_at, chunks, before })
        })
    }

    fn append(&self, crawl: i64, lines: &[u8]) -> Result<(), String> {
        self.0.append(crawl, lines).map_err(told)
    }

    fn chunk(&self, crawl: i64, seq: u32) -> Kept<'_, Option<Vec<u8>>> {
        Box::pin(async move { self.0.chunk(crawl, seq).await.map_err(told) })
    }

    fn cut(&self, crawl: i64, seq: u32) -> Kept<'_, ()> {
        Box::pin(async move { self.0.cut(crawl, seq).await.map_err(told) })
    }

    fn finish(&self, crawl: i64, at: DateTime<Utc>) -> Kept<'_, ()> {
        Box::pin(async move { self.0.finish(crawl, at).await.map_err(told) })
    }
}
