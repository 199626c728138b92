//! The words at one place, summed up by list.

use xuncha_model::facts::content::Injected;

use super::context::CONTEXTS;
use crate::{
    lexicon::{self, Entry, Hit},
    title::folded,
};

/// Words that are shown of a list.
pub(super) const MOST_WORDS: usize = 10;
/// Characters of a word that are shown, and of what stands around the first.
const LONGEST_WORD: usize = 40;
const SNIPPET: usize = 120;
/// Characters before the first word that are shown.
const BEFORE: usize = 20;
/// Digits in a row that may number a person or a card: they are not shown.
const NUMBER: usize = 11;
/// The most a list weighs at one place.
const MOST: u32 = 200;

/// What was found at one place so far.
#[derive(Debug)]
pub(super) struct Place {
    name: &'static str,
    lists: Vec<List>,
}

/// What was found of one list.
#[derive(Debug)]
struct List {
    /// Each word once, and how many times its weight it counts.
    words: Vec<(&'static Entry, u32)>,
    found: Injected,
}

impl Place {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, lists: Vec::new() }
    }

    pub(super) fn add_all(&mut self, text: &str, hits: &[Hit], times: u32) {
        hits.iter().for_each(|hit| self.add(text, hit, times));
    }

    /// A word counts once at a place, as the heaviest of its kind.
    pub(super) fn add(&mut self, text: &str, hit: &Hit, times: u32) {
        let entry = hit.entry;
        let at = self.lists.iter().position(|list| list.found.list == entry.list);
        let at = at.unwrap_or_else(|| {
            let (list, place) = (entry.list.to_owned(), self.name.to_owned());
            let snippet = cut(text, hit.at.start);
            let found = Injected { list, place, snippet, ..Injected::default() };
            self.lists.push(List { words: Vec::new(), found });
            self.lists.len() - 1
        });
        let Some(list) = self.lists.get_mut(at) else { return };
        // what weighs so much already needs no further word
        if list.found.weight >= MOST {
            return;
        }
        let known = list.words.iter_mut().find(|(known, _)| std::ptr::eq(*known, entry));
        let more = match known {
            Some((_, counted)) => {
                let more = times.saturating_sub(*counted);
                *counted = times.max(*counted);
                more
            }
            None => {
                list.words.push((entry, times));
                if list.found.words.len() < MOST_WORDS {
                    let written = text.get(hit.at.clone()).unwrap_or_default();
                    list.found.words.push(cut(written, 0).chars().take(LONGEST_WORD).collect());
                }
                times
            }
        };
        list.found.weight = (list.found.weight + more * entry.weight).min(MOST);
    }

    /// How many different words there are.
    pub(super) fn words(&self) -> usize {
        self.lists.iter().map(|list| list.words.len()).sum()
    }

    /// What weighs enough to be told.
    pub(super) fn finish(self, found: &mut Vec<Injected>) {
        let least = CONTEXTS.as_ref().map_or(0, |known| known.least);
        found.extend(self.lists.into_iter().map(|list| list.found).filter(|it| it.weight >= least));
    }
}

/// What stands around a place, on one line; long numbers and what readers do not see are left out.
pub(super) fn cut(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let begin = before.char_indices().rev().nth(BEFORE - 1).map_or(0, |(begin, _)| begin);
    let mut rest = text.get(begin..).unwrap_or_default();
    if begin > 0 {
        // it may be the end of a longer number
        rest = rest.trim_start_matches(|char: char| char.is_ascii_digit());
    }
    let mut shown = String::new();
    let mut digits = String::new();
    let seen = rest.chars().filter(|char| !lexicon::is_unseen(*char));
    for char in seen.take(2 * SNIPPET).chain(['\n']) {
        if char.is_ascii_digit() {
            digits.push(char);
            continue;
        }
        shown.push_str(if digits.len() < NUMBER { &digits } else { "…" });
        digits.clear();
        shown.push(if char.is_control() { ' ' } else { char });
    }
    folded(&shown, SNIPPET)
}
