//! The lists, read.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use serde::Deserialize;

use super::{Entry, fold::Folding};
use crate::lists;

/// Lists of spam: words that weigh something.
pub(super) const SPAM: [(&str, &str); 5] = [
    ("gambling", include_str!("../../../rules/lists/spam/gambling.yaml")),
    ("pornography", include_str!("../../../rules/lists/spam/pornography.yaml")),
    ("fraud", include_str!("../../../rules/lists/spam/fraud.yaml")),
    ("pharmacy", include_str!("../../../rules/lists/spam/pharmacy.yaml")),
    ("lottery", include_str!("../../../rules/lists/spam/lottery.yaml")),
];

/// Lists of wrong expressions: `wrong ⇥ right ⇥ innocent longer words, apart by |`.
pub(super) const WORDING: [(&str, &str); 2] = [
    ("serious", include_str!("../../../rules/lists/wording/serious.tsv")),
    ("typo", include_str!("../../../rules/lists/wording/typo.tsv")),
];

/// Traditional characters: `traditional ⇥ simplified`.
pub(super) const TRADITIONAL: &str = include_str!("../../../rules/lists/spam/traditional.tsv");

/// Words that weigh the same.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    weight: u32,
    words: Vec<String>,
    /// Where there are any: each word with each of them before it, or after it, instead of the word alone.
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
    /// Longer words that hold one of these and are innocent.
    #[serde(default)]
    except: Vec<String>,
}

/// The words of all lists; what two groups make alike counts once, as the first has it.
pub(super) fn entries() -> Vec<Entry> {
    let spam = SPAM.iter().flat_map(|(list, text)| {
        let groups: Vec<Group> = lists::read(list, text).unwrap_or_default();
        groups.into_iter().flat_map(move |group| group.entries(list))
    });
    let mut known = HashSet::with_hasher(FixedState::default());
    let spam = spam.filter(|entry| known.insert(entry.word.clone()));
    let wording = WORDING.iter().flat_map(|(list, text)| rows(text).map(|row| wrong(list, row)));
    spam.chain(wording).collect()
}

impl Group {
    fn entries(self, list: &'static str) -> impl Iterator<Item = Entry> {
        let Self { weight, mut words, before, after, except } = self;
        if !before.is_empty() {
            words = joined(&before, &words);
        }
        if !after.is_empty() {
            words = joined(&words, &after);
        }
        words.into_iter().map(move |word| {
            let except = except.iter().filter(|longer| longer.contains(&word)).cloned().collect();
            Entry { list, word, weight, right: String::new(), except }
        })
    }
}

/// Each of the one before each of the others.
fn joined(one: &[String], other: &[String]) -> Vec<String> {
    one.iter().flat_map(|one| other.iter().map(move |other| format!("{one}{other}"))).collect()
}

fn wrong(list: &'static str, row: Vec<&str>) -> Entry {
    let cell = |at: usize| row.get(at).copied().unwrap_or_default().to_owned();
    let except = cell(2).split('|').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    Entry { list, word: cell(0), weight: 0, right: cell(1), except }
}

/// What is written alike.
pub(super) fn folding() -> Folding {
    Folding::new(rows(TRADITIONAL).filter_map(|row| {
        let mut chars = row.iter().filter_map(|cell| cell.chars().next());
        Some((chars.next()?, chars.next()?))
    }))
}

/// The rows of a table; lines that begin with `#` are comments.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(str::trim).collect())
}
