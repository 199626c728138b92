//! The name lists of `rules/lists`: usual organs, endings, ministries, further readings.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, de::DeserializeOwned};

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
    read("organs.yaml", include_str!("../../../rules/lists/organs.yaml"))
}

/// Readings that the pinyin tables lack.
pub(super) fn readings() -> HashMap<char, Vec<String>> {
    read("pinyin.yaml", include_str!("../../../rules/lists/pinyin.yaml"))
}

/// The lists are part of the program, and a test reads them: a failure here is a bug of ours, not the operator's.
fn read<T: DeserializeOwned + Default>(name: &str, text: &str) -> T {
    serde_saphyr::from_str(text).unwrap_or_else(|error| {
        tracing::error!(list = name, %error, "a built-in list cannot be read: names are judged without it");
        T::default()
    })
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
