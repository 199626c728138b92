//! The journal of a crawl: every answer in the order it came, so that an interrupted crawl is replayed and not refetched,
//! and the next one asks only for what has changed.
//!
//! A chunk holds lines: address, ETag, Last-Modified, SHA-256, the answer and the page as JSON, apart by tabs. The first four
//! are read without parsing the rest; a page that has not changed is written again as it stands.

use std::{collections::HashMap, ops::Range};

use chrono::{DateTime, Utc};
use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};
use xuncha_model::{
    Reason,
    facts::{FileFacts, OutboundFacts, PageFacts, links::BrokenLink},
};

use super::{
    check::Outcome,
    late::Late,
    shelf::{Begun, Shelf},
};
use crate::page::{
    Link, PageRead, Row,
    hidden::{Boxed, Sheet},
};

/// Chunks of the crawl before that are held in memory at a time.
const HELD: usize = 2;

/// What stands in the place of an address before the links that were found broken.
const SUSPECTS: &str = "*suspects";

/// What came of one address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The address, normalised.
    #[serde(skip)]
    pub(super) url: String,
    #[serde(skip)]
    pub(super) etag: String,
    #[serde(skip)]
    pub(super) modified: String,
    /// SHA-256 of the body, hexadecimal; empty without one.
    #[serde(skip)]
    pub(super) hash: String,
    /// When it was asked for.
    pub(super) at: DateTime<Utc>,
    pub(super) status: u16,
    pub(super) reason: Reason,
    /// Where it has moved to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<String>,
    /// Addresses of the site that redirects led over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) hops: Vec<String>,
    /// Bytes of the body, decompressed.
    pub(super) bytes: u64,
    /// It shows what another page shows already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) duplicate: bool,
    /// It was as at the crawl before, and not read again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) unchanged: bool,
    /// Scripts were run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) rendered: bool,
    /// What was read, where it is a page.
    #[serde(skip)]
    pub(super) page: Option<Page>,
    /// The page as it was written by the crawl before, where it has not changed; else empty.
    #[serde(skip)]
    pub(super) written: Vec<u8>,
    /// What was read, where it is a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<FileFacts>,
    /// What a style loads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) loads: Vec<Link>,
    /// What a style hides.
    #[serde(default, skip_serializing_if = "Sheet::is_empty")]
    pub(super) hides: Sheet,
    /// What came of it as a link.
    pub(super) outcome: Outcome,
    /// What the host shows, where it is a stranger and this the first link to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) outbound: Option<OutboundFacts>,
}

impl Entry {
    /// What came of a link that is no page of the site.
    pub(super) fn of_link(url: &str, outcome: Outcome, at: DateTime<Utc>) -> Self {
        Self {
            url: url.to_owned(),
            etag: String::new(),
            modified: String::new(),
            hash: String::new(),
            at,
            status: 0,
            reason: Reason::Ok,
            location: None,
            hops: Vec::new(),
            bytes: 0,
            duplicate: false,
            unchanged: false,
            rendered: false,
            page: None,
            written: Vec::new(),
            file: None,
            loads: Vec::new(),
            hides: Sheet::default(),
            outcome,
            outbound: None,
        }
    }
}

/// What is kept of a page: everything but its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Page {
    pub(super) facts: PageFacts,
    pub(super) links: Vec<Link>,
    pub(super) rows: Vec<Row>,
    /// Rows that came later than their dates say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) late: Vec<Late>,
    /// What a style may hide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) boxed: Vec<Boxed>,
}

impl From<PageRead> for Page {
    fn from(page: PageRead) -> Self {
        let PageRead { facts, links, rows, boxed, .. } = page;
        Self { facts, links, rows, late: Vec::new(), boxed }
    }
}

/// What the crawl before knew of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) etag: String,
    pub(super) modified: String,
    pub(super) hash: String,
    place: Place,
}

/// Where a line lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    seq: u32,
    from: usize,
    to: usize,
}

/// The journal of one crawl.
pub(super) struct Journal<'s> {
    shelf: Option<&'s dyn Shelf>,
    crawl: i64,
    /// When the crawl began.
    pub(super) begun_at: DateTime<Utc>,
    /// The line that is written, in a buffer that is used again.
    line: Vec<u8>,
    /// The chunk of the interrupted crawl that is replayed, and how far.
    replayed: Vec<u8>,
    at: usize,
    /// The chunks of the interrupted crawl that are still to be read.
    left: Range<u32>,
    before: Option<i64>,
    index: HashMap<u64, Place, FixedState>,
    held: Vec<(u32, Vec<u8>)>,
}

impl<'s> Journal<'s> {
    /// Opens the journal; without a shelf nothing is kept and nothing is known.
    pub(super) async fn open(shelf: Option<&'s dyn Shelf>, key: &str, at: DateTime<Utc>) -> Self {
        let mut journal = Self {
            shelf,
            crawl: 0,
            begun_at: at,
            line: Vec::new(),
            replayed: Vec::new(),
            at: 0,
            left: 0..0,
            before: None,
            index: HashMap::with_hasher(FixedState::default()),
            held: Vec::new(),
        };
        if let Some(shelf) = shelf {
            match shelf.begin(key, at).await {
                Ok(begun) => journal.remember(shelf, begun).await,
                Err(error) => {
                    tracing::warn!(key, error, "crawled without a memory");
                    journal.shelf = None;
                }
            }
        }
        journal
    }

    async fn remember(&mut self, shelf: &dyn Shelf, begun: Begun) {
        self.crawl = begun.crawl;
        self.begun_at = begun.begun_at;
        self.left = 0..begun.chunks;
        let Some(before) = begun.before else { return };
        self.before = Some(before);
        for seq in 0.. {
            let Ok(Some(chunk)) = shelf.chunk(before, seq).await else { break };
            let mut from = 0;
            for line in chunk.split_inclusive(|byte| *byte == b'\n') {
                let url = line.split(|byte| *byte == b'\t').next().unwrap_or_default();
                let place = Place { seq, from, to: from + line.len() };
                self.index.insert(hash(url), place);
                from += line.len();
            }
        }
    }

    /// The next answer that the interrupted crawl had already.
    pub(super) async fn replay(&mut self) -> Option<Entry> {
        loop {
            let rest = self.replayed.get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                let seq = self.left.next()?;
                match self.shelf?.chunk(self.crawl, seq).await {
                    Ok(Some(chunk)) => (self.replayed, self.at) = (chunk, 0),
                    _ => {
                        self.replayed.clear();
                        self.at = 0;
                        self.forget_replay().await;
                    }
                }
                continue;
            }
            let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
            let entry = entry(&rest[..end]);
            self.at += end;
            if entry.is_none() {
                self.forget_replay().await;
            }
            return entry;
        }
    }

    /// The site has changed since the interrupted crawl: its last answer, and all after it, count no more.
    pub(super) async fn forget_replay(&mut self) {
        let Some(shelf) = self.shelf else { return };
        // what was replayed of the chunk stands; the last line of it is the one that does not fit
        let fits = self.replayed.get(..self.at).unwrap_or_default();
        let fits = fits.strip_suffix(b"\n").unwrap_or(fits);
        let end = fits.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let seq = self.left.start.saturating_sub(1);
        let cut = shelf.cut(self.crawl, seq).await;
        if let Err(error) = cut {
            tracing::warn!(error, "an interrupted crawl is not forgotten");
        }
        self.line = fits.get(..end).unwrap_or_default().to_vec();
        self.replayed.clear();
        self.at = 0;
        self.left = 0..0;
        self.keep();
    }

    /// What the crawl before knew of an address.
    pub(super) async fn before(&mut self, url: &str) -> Option<Before> {
        let place = *self.index.get(&hash(url.as_bytes()))?;
        let line = self.line(place).await?;
        let mut fields = line.splitn(5, |byte| *byte == b'\t');
        let mut next = || fields.next().map(|field| String::from_utf8_lossy(field).into_owned());
        let known = next()?;
        let before = Before { etag: next()?, modified: next()?, hash: next()?, place };
        (known == url).then_some(before)
    }

    /// The whole answer of the crawl before.
    pub(super) async fn again(&mut self, before: &Before) -> Option<Entry> {
        self.line(before.place).await.and_then(entry)
    }

    async fn line(&mut self, place: Place) -> Option<&[u8]> {
        if !self.held.iter().any(|(seq, _)| *seq == place.seq) {
            let chunk = self.shelf?.chunk(self.before?, place.seq).await.ok()??;
            if self.held.len() >= HELD {
                self.held.remove(0);
            }
            self.held.push((place.seq, chunk));
        }
        let (_, chunk) = self.held.iter().find(|(seq, _)| *seq == place.seq)?;
        chunk.get(place.from..place.to)
    }

    /// Notes an answer: a crash after this loses nothing of it.
    pub(super) fn note(&mut self, entry: &Entry) {
        if self.shelf.is_none() {
            return;
        }
        self.line.clear();
        for field in [&entry.url, &entry.etag, &entry.modified, &entry.hash] {
            self.line.extend(field.bytes().filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r')));
            self.line.push(b'\t');
        }
        let answer = serde_json::to_writer(&mut self.line, entry);
        self.line.push(b'\t');
        self.line.extend_from_slice(&entry.written);
        let page = match &entry.page {
            Some(page) if entry.written.is_empty() => serde_json::to_writer(&mut self.line, page),
            _ => Ok(()),
        };
        if let Err(error) = answer.and(page) {
            tracing::error!(%error, "an answer cannot be written");
        }
        self.line.push(b'\n');
        self.keep();
    }

    fn keep(&mut self) {
        let Some(shelf) = self.shelf.filter(|_| !self.line.is_empty()) else { return };
        if let Err(error) = shelf.append(self.crawl, &self.line) {
            tracing::warn!(error, "what was crawled is not kept");
            self.shelf = None;
        }
    }

    /// The links that the crawl before found broken.
    pub(super) async fn suspects(&mut self) -> Vec<BrokenLink> {
        let Some(place) = self.index.get(&hash(SUSPECTS.as_bytes())).copied() else {
            return Vec::new();
        };
        let line = self.line(place).await.unwrap_or_default();
        let json = line.rsplit(|byte| *byte == b'\t').next().unwrap_or_default();
        serde_json::from_slice(json).unwrap_or_default()
    }

    /// The crawl came to its end; the next one is to remember these links.
    pub(super) async fn finish(mut self, suspects: &[BrokenLink], at: DateTime<Utc>) {
        self.line = [SUSPECTS.as_bytes(), b"\t"].concat();
        if let Err(error) = serde_json::to_writer(&mut self.line, suspects) {
            tracing::error!(%error, "broken links cannot be written");
        }
        self.line.push(b'\n');
        self.keep();
        if let Some(shelf) = self.shelf
            && let Err(error) = shelf.finish(self.crawl, at).await
        {
            tracing::warn!(error, "the end of a crawl is not kept");
        }
    }
}

fn hash(url: &[u8]) -> u64 {
    use std::hash::BuildHasher as _;
    FixedState::default().hash_one(url)
}

/// An answer and its page, also as it is written.
fn entry(line: &[u8]) -> Option<Entry> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let mut fields = line.splitn(6, |byte| *byte == b'\t');
    let mut next = || fields.next().and_then(|field| std::str::from_utf8(field).ok());
    let (url, etag, modified, hash) = (next()?, next()?, next()?, next()?);
    let entry: Entry = serde_json::from_str(next()?).ok()?;
    let written = next()?;
    let page = match written {
        "" => None,
        page => Some(serde_json::from_str(page).ok()?),
    };
    Some(Entry {
        url: url.to_owned(),
        etag: etag.to_owned(),
        modified: modified.to_owned(),
        hash: hash.to_owned(),
        page,
        written: written.as_bytes().to_vec(),
        ..entry
    })
}
