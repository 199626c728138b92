//! Where a crawl keeps what it has read; the caller owns the disk.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

/// Lines in chunks, by crawl and number: what was appended has numbers when the crawl has ended, or begins to go on. A shelf that fails costs a crawl its memory, never its result.
pub trait Shelf: Send + Sync {
    /// Goes on with the interrupted crawl of this key, or begins one.
    fn begin<'a>(&'a self, key: &'a str, at: DateTime<Utc>) -> Kept<'a, Begun>;
    /// Appends whole lines; when this returns, they survive the death of the process. It takes no longer than a write to a
    /// file that is open.
    ///
    /// # Errors
    ///
    /// What went wrong, for the log.
    fn append(&self, crawl: i64, lines: &[u8]) -> Result<(), String>;
    /// A chunk; `None` where there is none.
    fn chunk(&self, crawl: i64, seq: u32) -> Kept<'_, Option<Vec<u8>>>;
    /// Forgets a chunk and those after it.
    fn cut(&self, crawl: i64, seq: u32) -> Kept<'_, ()>;
    /// Ends a crawl: the next one of the same key remembers it.
    fn finish(&self, crawl: i64, at: DateTime<Utc>) -> Kept<'_, ()>;
}

/// The answer of a shelf, or what went wrong, for the log.
pub type Kept<'a, T> = BoxFuture<'a, Result<T, String>>;

/// A crawl that may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its number.
    pub crawl: i64,
    /// When it began: before now, when it was interrupted and goes on.
    pub begun_at: DateTime<Utc>,
    /// Chunks it has already.
    pub chunks: u32,
    /// The last finished crawl of the same key.
    pub before: Option<i64>,
}
