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
    let text = String::deserialize(from)?;
    RegexBuilder::new(&text).size_limit(LARGEST).build().map_err(D::Error::custom)
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
