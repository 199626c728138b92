//! The lists of `rules/lists` that the probes know things by.
//!
//! They are part of the program, and tests read them: a list that cannot be read is a bug of ours, not the operator's.

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};

/// Bytes a compiled pattern may take (threats.md T11).
const LARGEST: usize = 1 << 20;

/// Reads a list; `None` with an error in the log when it cannot be read.
pub(crate) fn read<T: DeserializeOwned>(name: &str, text: &str) -> Option<T> {
    serde_saphyr::from_str(text)
        .inspect_err(|error| {
            tracing::error!(list = name, %error, "a built-in list cannot be read");
        })
        .ok()
}

/// A pattern as a field of a list.
pub(crate) fn pattern<'de, D: Deserializer<'de>>(from: D) -> Result<Regex, D::Error> {
    let text = ascii_words(&String::deserialize(from)?);
    RegexBuilder::new(&text).size_limit(LARGEST).build().map_err(D::Error::custom)
}

/// The pattern with the word boundaries of ASCII in the place of Unicode's.
///
/// To Unicode a Chinese character is part of a word, so `404` has no boundary in a text that goes on in Chinese; and at the
/// first byte outside ASCII the fast engine hands such a pattern over to one a hundred times slower.
fn ascii_words(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern.chars();
    while let Some(char) = rest.next() {
        match (char, rest.as_str().chars().next()) {
            ('\\', Some('b')) => {
                rest.next();
                text.push_str(r"(?-u:\b)");
            }
            ('\\', Some(escaped)) => {
                rest.next();
                text.extend(['\\', escaped]);
            }
            _ => text.push(char),
        }
    }
    text
}

/// A pattern that may be left out.
pub(crate) fn maybe_pattern<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Regex>, D::Error> {
    pattern(from).map(Some)
}

/// Something that is known by its words, with texts that show what it is and what it is not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sign {
    pub(crate) kind: String,
    #[serde(deserialize_with = "pattern")]
    pub(crate) pattern: Regex,
    /// Words of which one stands in every text that it fits, where that test is worth it (see `page::needles::Gate`).
    #[serde(default)]
    pub(crate) holds: Vec<String>,
    /// Texts it must be found in.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    pub(crate) hit: Vec<String>,
    /// Texts it must not be found in.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    pub(crate) miss: Vec<String>,
}

#[cfg(test)]
/// The list, or what is wrong with it.
pub(crate) fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_saphyr::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_chinese_begins() {
        assert_eq!(ascii_words(r"\b404\b|\\b\.b\"), r"(?-u:\b)404(?-u:\b)|\\b\.b\");
        let pattern = Regex::new(&ascii_words(r"\b404\b")).unwrap();
        assert!(pattern.is_match("页面404错误") && !pattern.is_match("x404"));
    }
}
