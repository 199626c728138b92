//! The name lists of `rules/lists`: usual organs, endings, ministries, further readings.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::lists;

/// What organs are usually called.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organs {
    /// Characters that a label may leave out inside a name.
    pub(super) connectives: Vec<char>,
    /// Endings of organs' names and what may stand in their place.
    pub(super) endings: Vec<Ending>,
    /// Endings of regions' names that a label may leave out.
    pub(super) region_endings: Vec<String>,
    /// Portal domains, without `www`, of ministries whose local bodies are managed vertically, and their names.
    pub(super) ministries: BTreeMap<String, String>,
    /// The organs.
    pub(super) organs: Vec<Usual>,
}

/// An ending and its shorter forms; the empty form leaves it out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ending {
    /// As in the full name.
    pub(super) full: String,
    /// What may stand in its place.
    pub(super) shorter: Vec<String>,
}

/// An organ that cities usually have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Usual {
    /// Full name without the region.
    pub(super) name: String,
    /// Accepted short names without the region.
    #[serde(default)]
    pub(super) short: Vec<String>,
    /// Labels in use that are no plain spelling of these.
    #[serde(default)]
    pub(super) labels: Vec<String>,
}

/// The list of organs.
pub(super) fn organs() -> Organs {
    lists::read("organs.yaml", include_str!("../../../rules/lists/organs.yaml")).unwrap_or_default()
}

/// Readings that the pinyin tables lack.
pub(super) fn readings() -> HashMap<char, Vec<String>> {
    lists::read("pinyin.yaml", include_str!("../../../rules/lists/pinyin.yaml")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_lists_can_be_read() {
        assert!(organs().organs.len() > 30);
        assert!(!readings().is_empty());
    }
}
