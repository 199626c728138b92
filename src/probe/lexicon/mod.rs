//! The words of every list, searched for in one pass over a text.

use std::ops::Range;

/// A word of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The list: gambling, pornography, fraud, pharmacy, lottery; serious, typo.
    pub list: &'static str,
    /// The word.
    pub word: String,
    /// How much it weighs, in lists of spam.
    pub weight: u32,
    /// What it should be, in lists of wrong expressions.
    pub right: String,
    /// Words around it that make it innocent.
    pub except: Vec<String>,
}

/// A word that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The word.
    pub entry: &'static Entry,
    /// Where it stands, in bytes of the text; longer than the word where it was separated.
    pub at: Range<usize>,
}

/// The words of all lists in a text: the longest at each place, in order.
pub fn hits(_text: &str) -> Vec<Hit> {
    Vec::new()
}
