//! The addresses met so far: by hash, with the number of pages that hold each.
//!
//! Nearly all links of a page were met on the page before. The hash of such an address as it is written is found in a
//! small table at once, so that it is neither normalised nor copied: one hash and two look-ups a link.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::BuildHasher,
};

use foldhash::{fast::RandomState, quality::FixedState};
use url::{Position, Url};

/// Places of the table of what was met last, a power of two; 64 KB.
const RECENT: usize = 4_096;

/// The addresses met.
#[derive(Debug)]
pub(super) struct Seen {
    /// Fixed, so that a crawl that is taken up again decides as it did.
    hash: FixedState,
    /// Hash of an address ▸ the pages that hold it. Seeded anew each time: no site can choose what falls together.
    known: HashMap<u64, Held, RandomState>,
    /// Hash of an address as written, and of what it is known under.
    recent: Vec<(u64, u64)>,
    most: usize,
}

/// The pages that hold an address.
#[derive(Clone, Copy, Debug)]
struct Held {
    further: u32,
    last: u32,
}

/// How an address was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// For the first time.
    New,
    /// Not for the first time.
    Again,
    /// There is no room for it.
    Full,
}

impl Seen {
    /// Nothing was met; room for so many.
    pub(super) fn new(most: usize) -> Self {
        Self {
            hash: FixedState::with_seed(0),
            known: HashMap::default(),
            recent: vec![(0, 0); RECENT],
            most,
        }
    }

    /// The hash of an address as it is written.
    pub(super) fn raw(&self, url: &Url) -> u64 {
        self.hash.hash_one(url.as_str().as_bytes())
    }

    /// The hash an address in normal form is known under. The order of parameters does not make another address, nor does
    /// HTTP or HTTPS on the site's own hosts: a menu that mixes them must not double the site.
    pub(super) fn key(&self, url: &Url, own: bool) -> u64 {
        let from = if own { Position::BeforeHost } else { Position::BeforeScheme };
        let place = url[from..Position::AfterPath].as_bytes();
        let pairs = url.query().map(|query| {
            let pairs = query.split('&').map(|pair| self.hash.hash_one(pair.as_bytes()));
            pairs.fold(1u64, u64::wrapping_add)
        });
        self.hash.hash_one((place, pairs))
    }

    /// Whether an address written so was met lately; counts the page for it.
    pub(super) fn lately(&mut self, raw: u64, page: u32) -> bool {
        let Some((_, key)) = self.recent.get(place(raw)).filter(|(known, _)| *known == raw) else {
            return false;
        };
        if let Some(held) = self.known.get_mut(key) {
            held.on(page);
        }
        true
    }

    /// Meets an address that is written so and known so, on a page.
    pub(super) fn meet(&mut self, raw: u64, key: u64, page: u32) -> Met {
        let room = self.known.len() < self.most;
        let met = match self.known.entry(key) {
            Entry::Occupied(mut held) => {
                held.get_mut().on(page);
                Met::Again
            }
            Entry::Vacant(new) if room => {
                new.insert(Held { further: 0, last: page });
                Met::New
            }
            Entry::Vacant(_) => return Met::Full,
        };
        if let Some(recent) = self.recent.get_mut(place(raw)) {
            *recent = (raw, key);
        }
        met
    }

    pub(super) fn contains(&self, key: u64) -> bool {
        self.known.contains_key(&key)
    }

    /// The pages that hold it besides the first.
    pub(super) fn further(&self, key: u64) -> u32 {
        self.known.get(&key).map_or(0, |held| held.further)
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.known.len()
    }
}

impl Held {
    fn on(&mut self, page: u32) {
        if self.last != page {
            self.last = page;
            self.further = self.further.saturating_add(1);
        }
    }
}

/// The place of a hash in the table: its lowest bits.
fn place(raw: u64) -> usize {
    usize::try_from(raw % RECENT as u64).unwrap_or_default()
}
