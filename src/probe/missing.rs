//! Pages that say that an address does not exist, by the words of `rules/lists/missing.yaml`.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::lists;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Missing {
    #[serde(deserialize_with = "lists::pattern")]
    words: Regex,
}

static MISSING: LazyLock<Option<Missing>> =
    LazyLock::new(|| lists::read("missing.yaml", include_str!("../../rules/lists/missing.yaml")));

/// Whether a title, or the beginning of a page, says so.
pub(crate) fn says_missing(text: &str) -> bool {
    MISSING.as_ref().is_some_and(|list| list.words.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let missing = include_str!("../../rules/lists/missing.yaml");
        assert_eq!(lists::parsed::<Missing>(missing).err(), None);
        assert!(says_missing("404页面") && says_missing("您访问的页面不存在"));
        assert!(!says_missing("G4041 次列车"));
    }
}
