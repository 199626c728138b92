//! What is known of numbers of persons beforehand: `rules/lists/privacy.yaml`.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::lists;

/// Words that are looked for all at once.
#[derive(Debug)]
pub(super) struct Words(AhoCorasick);

impl Words {
    pub(super) fn stand_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// Where each of them ends that stands in a text, those within others included.
    pub(super) fn ends<'w>(&'w self, text: &'w str) -> impl Iterator<Item = usize> + 'w {
        self.0.find_overlapping_iter(text).map(|found| found.end())
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let words = Vec::<String>::deserialize(from)?;
        if words.iter().any(String::is_empty) {
            return Err(D::Error::custom("an empty word"));
        }
        AhoCorasick::new(words).map(Self).map_err(D::Error::custom)
    }
}

/// The list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) identity: Identity,
    pub(super) credit: Credit,
    /// What they stand before is a number of a thing.
    pub(super) numbers: Words,
    /// What they stand before is an example.
    pub(super) examples: Words,
    pub(super) cards: Cards,
    pub(super) phones: Phones,
}

/// Resident identity numbers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    /// The first two digits.
    pub(super) provinces: Vec<u32>,
    /// Regions whose code ends in 00 on certificates.
    pub(super) whole: Vec<u32>,
    /// Births from this year on are not believed without a word.
    pub(super) recent: u32,
    pub(super) cues: Words,
    /// Names in mark-up and addresses, lower case.
    pub(super) keys: Words,
    pub(super) samples: Vec<String>,
}

/// Unified social credit codes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credit {
    pub(super) words: Words,
    /// The first two signs.
    pub(super) kinds: Vec<String>,
}

/// Bank cards.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cards {
    pub(super) prefixes: Vec<Prefix>,
    /// They say that it is a card.
    pub(super) cues: Words,
    /// They say that it is an account.
    pub(super) accounts: Words,
    /// They say that it is an organ's.
    pub(super) corporate: Words,
    /// Where they stand near, an account is an organ's.
    pub(super) organs: Words,
}

/// The cards of an issuer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prefix {
    pub(super) starts: String,
    pub(super) digits: Vec<usize>,
    /// It is enough that it is called an account.
    pub(super) account: bool,
}

/// Mobile numbers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phones {
    /// So many different ones are a leak, and are masked everywhere.
    pub(super) least: usize,
    /// In the same row: it is a private person's.
    pub(super) own: Words,
    /// In the same row: it is there for official business.
    pub(super) office: Words,
    /// Above the numbers: all are there for official business.
    pub(super) rosters: Words,
    /// Above the numbers: they are those of persons.
    pub(super) persons: Words,
}

/// The list; `None`, with an error in the log, where it cannot be read.
pub(super) fn known() -> Option<&'static Known> {
    static KNOWN: LazyLock<Option<Known>> = LazyLock::new(|| {
        lists::read("privacy.yaml", include_str!("../../../rules/lists/privacy.yaml"))
    });
    KNOWN.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let list = include_str!("../../../rules/lists/privacy.yaml");
        assert_eq!(lists::parsed::<Known>(list).err(), None);
        let known = known().unwrap();
        assert_eq!(known.identity.provinces.len(), 35);
        for sample in &known.identity.samples {
            assert!(matches!(sample.len(), 15 | 18), "{sample}");
        }
        for prefix in &known.cards.prefixes {
            assert!(prefix.digits.iter().all(|digits| (16..=19).contains(digits)));
        }
    }
}
