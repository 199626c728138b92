//! Pages that show the inside of a server: directory indexes, stack traces, SQL errors, debug pages.

use std::sync::LazyLock;

use regex::Regex;
use xuncha_model::facts::page::Leak;

use super::needles::Gate;
use crate::{
    lists::{self, Sign},
    title::folded,
};

/// How much of a page directory indexes are known by, in bytes.
const HEAD: usize = 16 << 10;
/// How much of it leaks are looked for in.
const MOST_BYTES: usize = 512 << 10;
/// Leaks that are reported of one page, characters of each.
const MOST: usize = 5;
const SNIPPET: usize = 200;

static LISTINGS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
    let list = include_str!("../../../rules/lists/listings.yaml");
    lists::read("listings.yaml", list).unwrap_or_default()
});

static LEAKS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
    let list = include_str!("../../../rules/lists/leaks.yaml");
    lists::read("leaks.yaml", list).unwrap_or_default()
});

static LISTING_WORDS: LazyLock<Gate> = LazyLock::new(|| gate(&LISTINGS));
static LEAK_WORDS: LazyLock<Gate> = LazyLock::new(|| gate(&LEAKS));

fn gate(signs: &[Sign]) -> Gate {
    Gate::new(signs.iter().map(|sign| sign.holds.as_slice()))
}

/// Whose directory index a page is; empty when it is none.
pub(super) fn listing(page: &str) -> String {
    let head = &page[..page.floor_char_boundary(HEAD)];
    let may_fit = LISTING_WORDS.may_fit(head);
    let mut signs = LISTINGS.iter().enumerate();
    let found = signs.find(|(at, sign)| may_fit(*at) && sign.pattern.is_match(head));
    found.map(|(_, sign)| sign.kind.clone()).unwrap_or_default()
}

/// What a page shows of the inside of its programs; each kind once.
pub(super) fn leaks(page: &str) -> Vec<Leak> {
    let page = &page[..page.floor_char_boundary(MOST_BYTES)];
    let mut found: Vec<Leak> = Vec::new();
    let may_fit = LEAK_WORDS.may_fit(page);
    for (at, sign) in LEAKS.iter().enumerate() {
        if !may_fit(at) {
            continue;
        }
        if found.len() >= MOST || found.iter().any(|leak| leak.kind == sign.kind) {
            continue;
        }
        if let Some(hit) = sign.pattern.find(page) {
            found.push(Leak { kind: sign.kind.clone(), snippet: snippet(page, hit.start()) });
        }
    }
    found
}

/// The words from `at` on, tags taken out, on one line.
pub(crate) fn snippet(page: &str, at: usize) -> String {
    static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("<[^<>]{0,200}>").ok());
    let end = page.floor_char_boundary(at.saturating_add(4 * SNIPPET));
    let part = page.get(at..end).unwrap_or_default();
    let plain = match TAG.as_ref() {
        Some(tag) => tag.replace_all(part, " ").into_owned(),
        None => part.to_owned(),
    };
    let shown: String =
        plain.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    folded(&shown, SNIPPET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_knows_its_examples() {
        for list in [
            include_str!("../../../rules/lists/listings.yaml"),
            include_str!("../../../rules/lists/leaks.yaml"),
        ] {
            assert_eq!(lists::parsed::<Vec<Sign>>(list).err(), None);
        }
        assert!(LISTINGS.len() >= 5 && LEAKS.len() >= 15, "the lists are read");
        let gates = [&LISTING_WORDS, &LEAK_WORDS];
        for (list, gate) in [&LISTINGS, &LEAKS].into_iter().zip(gates) {
            for (at, sign) in list.iter().enumerate() {
                for text in &sign.hit {
                    assert!(gate.may_fit(text)(at), "{} lacks a word of {text}", sign.kind);
                }
            }
        }
        for sign in LISTINGS.iter().chain(LEAKS.iter()) {
            assert!(!sign.hit.is_empty() && !sign.miss.is_empty(), "{} lacks examples", sign.kind);
            for text in &sign.hit {
                assert!(sign.pattern.is_match(text), "{} misses {text}", sign.kind);
            }
            for text in &sign.miss {
                assert!(!sign.pattern.is_match(text), "{} hits {text}", sign.kind);
            }
        }
    }

    #[test]
    fn a_leak_is_shown_on_one_line() {
        let page = format!(
            "<b>Fatal error</b>:  Uncaught\n PDOException: <i>x</i> in <b>/var/www/a.php</b> on line <b>3</b>{}",
            "y".repeat(2000)
        );
        let leaks = leaks(&page);
        assert_eq!(leaks.len(), 1, "{leaks:?}");
        assert!(
            leaks[0]
                .snippet
                .starts_with("Fatal error : Uncaught PDOException: x in /var/www/a.php")
        );
        assert!(leaks[0].snippet.chars().count() <= SNIPPET);
    }
}
