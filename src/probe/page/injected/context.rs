//! What talks against words of spam, and how near to them it stands: `rules/lists/spam/white.yaml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    lexicon::{self, Hit, Index},
    lists,
};

/// What was read, or nothing where it cannot be.
pub(super) static CONTEXTS: LazyLock<Option<Contexts>> = LazyLock::new(|| {
    let written: Written = lists::read("white.yaml", WRITTEN)?;
    let groups = written.contexts.iter().enumerate();
    // the weight of a word in the index is the number of its group, and one
    let words = groups.flat_map(|(group, it)| {
        it.words.iter().map(move |word| (word.clone(), u32::try_from(group + 1).unwrap_or(0)))
    });
    Some(Contexts { index: lexicon::index(words), written })
});

pub(super) const WRITTEN: &str = include_str!("../../../../rules/lists/spam/white.yaml");

/// Bytes that an ideograph takes.
const CHAR: usize = 3;
/// What stands before and after words that are only mentioned.
const QUOTES: [(char, char); 5] =
    [('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}'), ('《', '》'), ('「', '」'), ('『', '』')];

/// The list as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    /// Characters around a word that talk against it.
    near: usize,
    /// What they must weigh.
    enough: u32,
    /// Characters around a word in which words and contexts are counted.
    wide: usize,
    /// What words at one place must weigh to be told.
    pub(super) least: u32,
    /// Different words in a text whose title talks against them.
    pub(super) spared: usize,
    contexts: Vec<Group>,
    address: Vec<Odd>,
}

/// Words that talk against others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    weight: u32,
    /// All of them count as one.
    #[serde(default)]
    once: bool,
    /// The lists whose words they talk against; all where there is none.
    #[serde(default)]
    lists: Vec<String>,
    words: Vec<String>,
}

/// Words of paths.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Odd {
    pub(super) list: String,
    pub(super) weight: u32,
    words: Vec<String>,
}

/// What talks against words of spam.
#[derive(Debug)]
pub(super) struct Contexts {
    written: Written,
    index: Index,
}

impl std::ops::Deref for Contexts {
    type Target = Written;

    fn deref(&self) -> &Written {
        &self.written
    }
}

/// A context in a text.
#[derive(Clone, Copy, Debug)]
struct Found<'c> {
    /// Where it begins.
    at: usize,
    word: &'c str,
    /// The number of its group.
    number: u32,
    group: &'c Group,
}

impl Contexts {
    fn find(&self, text: &str) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        self.index.search(text, |entry, at| {
            let number = entry.weight;
            let group = number.checked_sub(1).and_then(|at| self.contexts.get(at as usize));
            if let Some(group) = group {
                found.push(Found { at: at.start, word: &entry.word, number, group });
            }
            true
        });
        found
    }

    /// Whether a title talks against whatever stands below it.
    pub(super) fn speaks_against(&self, title: &str) -> bool {
        weight(&self.find(title), None) >= self.enough
    }

    /// Keeps the words of a short text that nothing in it talks against.
    pub(super) fn keep(&self, text: &str, hits: &mut Vec<Hit>) {
        let found = self.find(text);
        hits.retain(|hit| {
            !is_quoted(text, hit) && weight(&found, Some(hit.entry.list)) < self.enough
        });
    }

    /// The words of a long text that nothing near them talks against.
    pub(super) fn left<'h>(&self, text: &str, hits: &[&'h Hit]) -> Vec<&'h Hit> {
        let found = self.find(text);
        let strong: Vec<usize> =
            found.iter().filter(|it| it.group.weight > 1).map(|it| it.at).collect();
        let starts: Vec<usize> = hits.iter().map(|hit| hit.at.start).collect();
        let spoken = |hit: &Hit| {
            let around = |chars: usize| {
                (hit.at.start.saturating_sub(chars * CHAR), hit.at.end + chars * CHAR)
            };
            let (from, to) = around(self.near);
            let near =
                found.partition_point(|it| it.at < from)..found.partition_point(|it| it.at < to);
            let near = found.get(near).unwrap_or_default();
            weight(near, Some(hit.entry.list)) >= self.enough
                || count(&strong, around(self.wide)) >= count(&starts, around(self.wide))
        };
        hits.iter().copied().filter(|hit| !is_quoted(text, hit) && !spoken(hit)).collect()
    }

    /// Whether a path that has this word does not belong to a government.
    pub(super) fn odd(&self, word: &str) -> Option<&Odd> {
        let is = |known: &String| known.eq_ignore_ascii_case(word);
        self.address.iter().find(|odd| odd.words.iter().any(is))
    }
}

/// How much contexts weigh against a list, or any; each word once.
fn weight(found: &[Found<'_>], list: Option<&str>) -> u32 {
    let mut sum = 0;
    for (at, one) in found.iter().enumerate() {
        let Group { once, lists, .. } = one.group;
        let known = found
            .iter()
            .take(at)
            .any(|earlier| earlier.word == one.word || *once && earlier.number == one.number);
        let speaks = list.is_none_or(|list| lists.is_empty() || lists.iter().any(|it| it == list));
        if speaks && !known {
            sum += one.group.weight;
        }
        // more is not asked for
        if sum >= MOST {
            break;
        }
    }
    sum
}

/// What contexts weigh at most.
const MOST: u32 = 10;

/// How many of sorted places lie between two.
fn count(places: &[usize], (from, to): (usize, usize)) -> usize {
    places.partition_point(|at| *at < to) - places.partition_point(|at| *at < from)
}

/// The word stands in quotation marks by itself: it is mentioned.
fn is_quoted(text: &str, hit: &Hit) -> bool {
    let before = text.get(..hit.at.start).and_then(|before| before.chars().next_back());
    let after = text.get(hit.at.end..).and_then(|after| after.chars().next());
    before.zip(after).is_some_and(|pair| QUOTES.contains(&pair))
}
