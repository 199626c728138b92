//! Texts that speak of a wrong expression: corrections, and lessons in writing.

use std::{ops::Range, sync::LazyLock};

use serde::Deserialize;

use crate::{lexicon::Entry, lists};

/// How far from a word is looked for what is said of it, in characters.
const NEAR: usize = 30;
/// How far from a word its quotation mark may stand, in characters.
const QUOTED: usize = 40;

/// Words by which such texts are known.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    titles: Vec<String>,
    discussion: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let list = include_str!("../../../../rules/lists/wording.yaml");
    lists::read("wording.yaml", list).unwrap_or_default()
});

/// A page of this title is about wrong expressions.
pub(super) fn corrects(title: &str) -> bool {
    WORDS.titles.iter().any(|word| title.contains(word.as_str()))
}

/// The word is not used here, it is spoken of.
pub(super) fn discussed(text: &str, at: Range<usize>, entry: &Entry) -> bool {
    let before = tail(text.get(..at.start).unwrap_or_default(), NEAR);
    let after = head(text.get(at.end..).unwrap_or_default(), NEAR);
    let holds = |word: &str| before.contains(word) || after.contains(word);
    let quoted = quoted(text, at);
    if !(quoted || holds(&entry.right)) {
        return false;
    }
    let named = || [before, after].into_iter().any(|part| named(part, &entry.right));
    quoted && named() || WORDS.discussion.iter().any(|word| holds(word))
}

/// A word stands in quotation marks by itself.
fn named(part: &str, word: &str) -> bool {
    part.match_indices(word).any(|(from, word)| {
        let (before, rest) = part.split_at(from);
        let after = rest.get(word.len()..).unwrap_or_default();
        let marks = |char: Option<char>| char.is_some_and(|char| opens(char) || closes(char));
        marks(before.chars().next_back()) && marks(after.chars().next())
    })
}

/// It stands in quotation marks, or in those of a title.
fn quoted(text: &str, at: Range<usize>) -> bool {
    let word = text.get(at.clone()).unwrap_or_default();
    let before = tail(text.get(..at.start).unwrap_or_default(), QUOTED);
    let after = text.get(at.end..).unwrap_or_default();
    let plain = |char: Option<char>| matches!(char, Some('"' | '\''));
    word.starts_with(opens)
        || plain(before.chars().next_back()) && plain(after.chars().next())
        || before.rfind(|char| opens(char) || closes(char) || char == '\n').is_some_and(|mark| {
            before.get(mark..).and_then(|rest| rest.chars().next()).is_some_and(opens)
        })
}

fn opens(char: char) -> bool {
    matches!(char, '“' | '‘' | '《' | '「' | '『')
}

fn closes(char: char) -> bool {
    matches!(char, '”' | '’' | '》' | '」' | '』')
}

/// The last characters of a text.
fn tail(text: &str, most: usize) -> &str {
    let from = text.char_indices().rev().take(most).last().map_or(text.len(), |(index, _)| index);
    text.get(from..).unwrap_or_default()
}

/// The first characters of a text.
fn head(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most).map_or(text.len(), |(index, _)| index);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        assert!(WORDS.titles.len() >= 15 && WORDS.discussion.len() >= 40, "{WORDS:?}");
        let words = WORDS.titles.iter().chain(&WORDS.discussion);
        assert!(words.into_iter().all(|word| !word.trim().is_empty()));
    }

    #[test]
    fn quotation_marks_are_seen_from_within() {
        let at = |text: &str| {
            let from = text.find('词').unwrap();
            quoted(text, from..from + '词'.len_utf8())
        };
        for text in ["“词”", "说“这个词”", "《词》", "「一词」", "'词'", "\"词\"", "“甲”和“乙词”"]
        {
            assert!(at(text), "{text}");
        }
        for text in ["词", "“甲”词", "“甲”和词", "“甲\n词", "\"词"] {
            assert!(!at(text), "{text}");
        }
        let far = format!("“{}词”", "字".repeat(QUOTED));
        assert!(!at(&far));
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        assert_eq!((tail("甲乙丙", 2), head("甲乙丙", 2)), ("乙丙", "甲乙"));
        assert_eq!((tail("甲", 9), head("甲", 9), tail("", 3), head("", 3)), ("甲", "甲", "", ""));
    }
}
