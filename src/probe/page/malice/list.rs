//! What is known of malicious scripts beforehand: `rules/lists/malice.yaml`.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;

use crate::{
    lists::{self, Sign},
    page::needles::Gate,
};

/// The list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    /// The kinds, and what they are called.
    pub(super) kinds: BTreeMap<String, String>,
    /// Domains that scripts and frames are loaded from everywhere.
    pub(super) innocent: Vec<String>,
    /// Names of search engines, as scripts look for them.
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) engines: Regex,
    /// Names of their spiders.
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) spiders: Regex,
    /// What a page says that pretends to be missing.
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) missing: Regex,
    /// Addresses of scripts.
    pub(super) sources: Vec<Sign>,
    /// Code of scripts; a host that a pattern names has to be a foreign one.
    pub(super) scripts: Vec<Sign>,
    /// Titles of pages.
    pub(super) titles: Vec<Sign>,
    /// Whole pages.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    pub(super) cases: Vec<Case>,
}

/// Pages that show a kind, and pages that are innocent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
pub(super) struct Case {
    pub(super) kind: String,
    pub(super) hit: Vec<String>,
    pub(super) miss: Vec<String>,
}

impl List {
    /// What a kind is called.
    pub(super) fn title(&self, kind: &str) -> &str {
        self.kinds.get(kind).map_or("", String::as_str)
    }

    /// The kind as the list has it; empty where it has none.
    pub(super) fn known(&self, kind: &str) -> &str {
        self.kinds.get_key_value(kind).map_or("", |(kind, _)| kind.as_str())
    }
}

static LIST: LazyLock<Option<List>> = LazyLock::new(|| {
    lists::read("malice.yaml", include_str!("../../../../rules/lists/malice.yaml"))
});

/// The words of the addresses.
pub(super) static SOURCES: LazyLock<Option<Gate>> =
    LazyLock::new(|| list().map(|list| gate(&list.sources)));

/// The words of the code.
pub(super) static SCRIPTS: LazyLock<Option<Gate>> =
    LazyLock::new(|| list().map(|list| gate(&list.scripts)));

fn gate(signs: &[Sign]) -> Gate {
    Gate::new(signs.iter().map(|sign| sign.holds.as_slice()))
}

/// The list; `None` when it cannot be read, which a test would have told.
pub(super) fn list() -> Option<&'static List> {
    LIST.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_knows_its_examples() {
        let text = include_str!("../../../../rules/lists/malice.yaml");
        assert_eq!(lists::parsed::<List>(text).err(), None);
        let list = list().unwrap();
        let gated = [(&list.sources, &SOURCES), (&list.scripts, &SCRIPTS)];
        for (signs, gate) in gated {
            for (at, sign) in signs.iter().enumerate() {
                for text in &sign.hit {
                    let may = gate.as_ref().unwrap().may_fit(text)(at);
                    assert!(may, "{} lacks a word of {text}", sign.kind);
                }
            }
        }
        let words = list.scripts.iter().flat_map(|sign| &sign.holds);
        assert!(
            words.clone().count() + crate::page::malice::code::WORDS.len() <= 64,
            "one search for all"
        );
        assert!(
            words.map(String::len).all(|length| length >= 4),
            "short words are found everywhere"
        );
        for sign in list.sources.iter().chain(&list.scripts).chain(&list.titles) {
            assert!(!list.title(&sign.kind).is_empty(), "{} has no title", sign.kind);
            assert!(!sign.hit.is_empty() && !sign.miss.is_empty(), "{} lacks examples", sign.kind);
            for text in &sign.hit {
                assert!(sign.pattern.is_match(text), "{} misses {text}", sign.kind);
            }
            for text in &sign.miss {
                assert!(!sign.pattern.is_match(text), "{} hits {text}", sign.kind);
            }
        }
    }
}
