//! The words of every list, searched for in one pass over a text.
//!
//! ```text
//! rules/lists/{spam,wording} ─▶ read ─▶ Index ◀─ text ─▶ Hits ─▶ page::injected (spam) · page::wording
//! ```

mod fold;
mod index;
mod read;

use std::{ops::Range, sync::LazyLock};

pub(crate) use index::Index;

/// Hits that are told of one text.
const MOST: usize = 2000;

/// A word of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The list: gambling, pornography, fraud, pharmacy, lottery; serious, typo.
    pub list: &'static str,
    /// The word.
    pub word: String,
    /// How much it weighs, in lists of spam.
    pub weight: u32,
    /// What it should be, in lists of wrong expressions.
    pub right: String,
    /// Longer words that hold it and are innocent.
    pub except: Vec<String>,
}

impl Entry {
    /// It is a word of spam, and written in many ways; a wrong expression is one exactly as it stands in its list.
    pub fn is_spam(&self) -> bool {
        self.right.is_empty() && self.weight > 0
    }
}

/// A word that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The word.
    pub entry: &'static Entry,
    /// Where it stands, in bytes of the text; longer than the word where it was separated.
    pub at: Range<usize>,
}

static WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(read::entries(), read::folding()));

/// The words of all lists in a text: the longest at each place, in order, at most 2,000; a word of spam and a wrong
/// expression may overlap, two of a kind do not.
pub fn hits(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    WORDS.search(text, |entry, at| {
        hits.push(Hit { entry, at });
        hits.len() < MOST
    });
    hits
}

/// Readers do not see the character: it is left out of what is shown as evidence.
pub(crate) fn is_unseen(char: char) -> bool {
    fold::separator(char) == Some(fold::Separator::Unseen)
}

/// How many words there are.
pub fn count() -> usize {
    WORDS.entries().len()
}

/// An index of further words, folded as those of the lists are.
pub(crate) fn index(words: impl Iterator<Item = (String, u32)>) -> Index {
    let entry = |(word, weight)| Entry { word, weight, ..Entry::default() };
    Index::new(words.map(entry).collect(), read::folding())
}

#[cfg(test)]
mod tests;
