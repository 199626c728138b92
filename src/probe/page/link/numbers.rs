//! Which link of a page an address stands for.

use std::{collections::HashMap, hash::BuildHasher as _};

use foldhash::fast::RandomState;

use super::Link;

/// Numbers of links by their addresses, as written and resolved; nothing for what leads nowhere.
///
/// Hashes stand for the texts: with a random key two of the few thousand of a page are never the same in practice.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub(super) hasher: RandomState,
    pub(super) map: HashMap<u64, Option<usize>, RandomState>,
}

impl Numbers {
    pub(super) fn hash(&self, text: &str) -> u64 {
        self.hasher.hash_one(text)
    }

    /// Forgets what was written, not what was resolved.
    pub(super) fn keep_only(&mut self, links: &[Link]) {
        self.map.clear();
        for (number, link) in links.iter().enumerate() {
            self.map.insert(self.hasher.hash_one(link.url.as_str()), Some(number));
        }
    }
}
