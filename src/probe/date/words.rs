//! The Chinese words and numerals that dates are written with, as `rules/lists/dates.yaml` has them.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::lists;

/// The part of the list that is about writing.
#[derive(Debug, Deserialize)]
pub(super) struct Words {
    pub(super) written: Written,
    pub(super) relative: Vec<Relative>,
    pub(super) ago: Vec<Ago>,
}

/// Characters; any of a field does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) year: String,
    pub(super) month: String,
    pub(super) day: String,
    pub(super) hour: String,
    pub(super) minute: String,
    /// Zero to nine.
    pub(super) digits: String,
    /// Further forms of zero.
    pub(super) zeros: String,
    pub(super) ten: String,
    /// What stands between the two ends of a period.
    pub(super) period: String,
}

/// A word for a day, counted from today.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Relative {
    pub(super) word: String,
    pub(super) days: u64,
}

/// What follows a number: so many minutes ago each.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ago {
    pub(super) word: String,
    pub(super) minutes: i64,
}

pub(super) static WORDS: LazyLock<Option<Words>> =
    LazyLock::new(|| lists::read("dates.yaml", include_str!("../../../rules/lists/dates.yaml")));

/// Month names, by their first three letters.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The month that an English word names, whole or in three or four letters.
pub(super) fn month(word: &str) -> Option<u32> {
    let long = (3..=9).contains(&word.len());
    let word = word.to_ascii_lowercase();
    let at = MONTHS.iter().position(|name| long && name.starts_with(&word))?;
    let short = word.len() <= 4;
    let whole = MONTHS.get(at).is_some_and(|name| *name == word);
    (short || whole).then(|| u32::try_from(at + 1).unwrap_or(0))
}

impl Written {
    /// The digit a numeral stands for.
    pub(super) fn digit(&self, char: char) -> Option<u32> {
        if self.zeros.contains(char) {
            return Some(0);
        }
        self.digits.chars().zip(0..).find(|(digit, _)| *digit == char).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let list = include_str!("../../../rules/lists/dates.yaml");
        assert_eq!(lists::parsed::<Words>(list).err(), None);
        assert_eq!(WORDS.as_ref().and_then(|words| words.written.digit('九')), Some(9));
    }

    #[test]
    fn months_have_names() {
        assert_eq!(["Nov", "NOVEMBER", "Sept", "may"].map(month), [11, 11, 9, 5].map(Some));
        assert_eq!(["No", "Novem", "Mayor", ""].map(month), [None; 4]);
    }
}
