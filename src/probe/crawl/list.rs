//! What addresses are made of, as `rules/lists/crawl.yaml` says it.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::lists::{self, Sign};

/// The list; where it cannot be read nothing is known of any address.
pub(super) static LIST: LazyLock<List> =
    LazyLock::new(|| lists::read("crawl.yaml", TEXT).unwrap_or_default());

const TEXT: &str = include_str!("../../../rules/lists/crawl.yaml");

/// What is known of addresses.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    /// Parameters, `name=value`, that do not make another page.
    pairs: Vec<Sign>,
    /// Segments of a path that carry a session.
    segments: Vec<Sign>,
    /// Paths with their queries that are never asked for.
    never: Vec<Sign>,
    /// Endings of files to download.
    files: Vec<String>,
    /// Endings of those whose text can be read.
    documents: Vec<String>,
    /// Endings of what pages load.
    loaded: Vec<String>,
    /// Names of parameters that turn the pages of a list.
    paging: Vec<String>,
    /// Names of parameters that hold a date.
    dates: Vec<String>,
}

impl List {
    /// A parameter of a query that does not make another page.
    pub(super) fn is_noise(&self, pair: &str) -> bool {
        self.pairs.iter().any(|sign| sign.pattern.is_match(pair))
    }

    /// A parameter that carries a session, in a path too.
    pub(super) fn is_session(&self, pair: &str) -> bool {
        let mut sessions = self.pairs.iter().filter(|sign| sign.kind == "session");
        sessions.any(|sign| sign.pattern.is_match(pair))
    }

    /// A segment of a path that carries a session.
    pub(super) fn is_session_segment(&self, segment: &str) -> bool {
        self.segments.iter().any(|sign| sign.pattern.is_match(segment))
    }

    /// Why an address is never asked for, by its path and query.
    pub(super) fn never(&'static self, target: &str) -> Option<&'static str> {
        let found = self.never.iter().find(|sign| sign.pattern.is_match(target));
        found.map(|sign| sign.kind.as_str())
    }

    /// The ending of a file to download.
    pub(super) fn is_file(&self, ending: &str) -> bool {
        has(&self.files, ending)
    }

    /// The ending of a file whose text can be read.
    pub(super) fn is_document(&self, ending: &str) -> bool {
        has(&self.documents, ending)
    }

    /// The ending of something that pages load.
    pub(super) fn is_loaded(&self, ending: &str) -> bool {
        has(&self.loaded, ending)
    }

    /// The name of a parameter that turns the pages of a list.
    pub(super) fn is_paging(&self, name: &str) -> bool {
        has(&self.paging, name)
    }

    /// The name of a parameter that holds a date.
    pub(super) fn is_date(&self, name: &str) -> bool {
        has(&self.dates, name)
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_knows_its_own_examples() {
        let list: List = lists::parsed(TEXT).unwrap();
        for sign in list.pairs.iter().chain(&list.segments).chain(&list.never) {
            let kind = &sign.kind;
            assert!(!sign.hit.is_empty() && !sign.miss.is_empty(), "{kind} has no examples");
            for text in &sign.hit {
                assert!(sign.pattern.is_match(text), "{kind} does not know {text}");
            }
            for text in &sign.miss {
                assert!(!sign.pattern.is_match(text), "{kind} takes {text} for its own");
            }
        }
        let words = [&list.files, &list.documents, &list.loaded, &list.paging, &list.dates];
        assert!(words.iter().all(|words| words.len() > 5));
    }
}
