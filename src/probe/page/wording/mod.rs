//! Wrong expressions on a page or in a file: each once, but for those that are only spoken of.

mod context;

use std::ops::Range;

use xuncha_model::facts::{PageFacts, content::Wrong};

use crate::lexicon::{self, Entry, Hit};

/// Different wrong expressions that are told of one page or file.
const MOST: usize = 50;
/// Characters of a snippet, and how many of them stand before the word.
const SNIPPET: usize = 60;
const BEFORE: usize = 22;
/// Digits in a row that may identify somebody (a card, a telephone, an identity number, or a part of one).
const TELLING: usize = 7;
/// The list that is not held against the words of citizens.
const TYPO: &str = "typo";

/// Those of the lists, each once; `hits` are those of the text.
pub(super) fn wrong(page: &PageFacts, text: &str, hits: &[Hit]) -> Vec<Wrong> {
    let titled = lexicon::hits(&page.title);
    if !hits.iter().chain(&titled).any(is_wrong) || context::corrects(&page.title) {
        return Vec::new();
    }
    let mut found = Found::default();
    found.add("title", &page.title, &titled);
    found.add("text", text, hits);
    let mut wrong = found.finish();
    if !page.messages.is_empty() {
        // what citizens write is theirs
        wrong.retain(|wrong| wrong.list != TYPO);
    }
    wrong
}

/// Those in the text of a file; `hits` are those of the text.
pub(crate) fn wrong_in(text: &str, hits: &[Hit]) -> Vec<Wrong> {
    if !hits.iter().any(is_wrong) || context::corrects(first_line(text)) {
        return Vec::new();
    }
    let mut found = Found::default();
    found.add("text", text, hits);
    found.finish()
}

fn is_wrong(hit: &Hit) -> bool {
    !hit.entry.right.is_empty()
}

/// The line that stands for the title of a file.
fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
}

/// Wrong expressions, in the order in which they come.
#[derive(Default)]
struct Found {
    wrong: Vec<(&'static Entry, Wrong)>,
}

impl Found {
    fn add(&mut self, place: &str, text: &str, hits: &[Hit]) {
        for hit in hits.iter().filter(|hit| is_wrong(hit)) {
            let entry = hit.entry;
            let known = self.wrong.iter().position(|(known, _)| std::ptr::eq(*known, entry));
            if known.is_none() && self.wrong.len() >= MOST
                || context::discussed(text, hit.at.clone(), entry)
            {
                continue;
            }
            if let Some((_, wrong)) = known.and_then(|known| self.wrong.get_mut(known)) {
                wrong.count = wrong.count.saturating_add(1);
                continue;
            }
            let wrong = Wrong {
                list: entry.list.to_owned(),
                wrong: entry.word.clone(),
                right: entry.right.clone(),
                count: 1,
                snippet: snippet(text, &hit.at),
                place: place.to_owned(),
            };
            self.wrong.push((entry, wrong));
        }
    }

    fn finish(self) -> Vec<Wrong> {
        self.wrong.into_iter().map(|(_, wrong)| wrong).collect()
    }
}

/// The sentence around a word, cut, on one line and without telling numbers.
fn snippet(text: &str, at: &Range<usize>) -> String {
    let ends = |char: char| matches!(char, '\n' | '。' | '！' | '？' | '；');
    let before = text.get(..at.start).unwrap_or_default();
    let from = before
        .char_indices()
        .rev()
        .take(BEFORE)
        .take_while(|(_, char)| !ends(*char))
        .last()
        .map_or(at.start, |(index, _)| index);
    let rest = text.get(from..).unwrap_or_default();
    let word_ends = at.end.saturating_sub(from);
    let part: String = rest
        .char_indices()
        .take(SNIPPET)
        .take_while(|(index, char)| *index < word_ends || !ends(*char))
        .map(|(_, char)| if char.is_control() { ' ' } else { char })
        .collect();
    masked(part.trim())
}

/// Long numbers made unreadable, also those that are written in groups.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // where the number began that may go on, in bytes of what is written, and its digits
    let mut number: Option<(usize, usize)> = None;
    let hide = |out: &mut String, number: Option<(usize, usize)>| {
        if let Some((from, _)) = number.filter(|(_, digits)| *digits >= TELLING) {
            let hidden = out.split_off(from);
            out.extend(hidden.chars().map(|char| if char.is_numeric() { '*' } else { char }));
        }
    };
    for char in text.chars() {
        if char.is_numeric() {
            let (from, digits) = number.unwrap_or((out.len(), 0));
            number = Some((from, digits + 1));
        } else if !matches!(char, ' ' | '-' | '.' | '\u{a0}' | '\u{3000}' | '－' | '—') {
            hide(&mut out, number.take());
        }
        out.push(char);
    }
    hide(&mut out, number);
    out
}

#[cfg(test)]
mod tests;
