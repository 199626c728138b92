//! Ways in: links, forms and registered platforms that are known by their words or their addresses.

use std::collections::HashSet;

use regex::Regex;
use serde::Deserialize;
use url::Url;
use xuncha_model::facts::service::Entry;

use super::{Ground, Leaf, columns::key};
use crate::{
    address::reported,
    lists::{self, Sign},
    page::How,
    title::folded,
};

/// Ways in that are reported, and characters of their words.
const MOST: usize = 50;
const LONGEST: usize = 60;
/// Characters of a link that is a name; a longer one is the title of some news.
const NAME: usize = 20;
/// Depth of the pages whose links count: the home page and what it leads to.
const NEAR: u32 = 1;

/// By what ways in are known; other parts of the list are read elsewhere.
#[derive(Debug, Deserialize)]
pub(super) struct Words {
    entries: Vec<Sign>,
    #[serde(default, deserialize_with = "lists::maybe_pattern")]
    other: Option<Regex>,
    #[serde(deserialize_with = "lists::pattern")]
    platforms: Regex,
}

impl Words {
    /// The kind of what leads there under these words.
    fn kind(&self, text: &str, url: &Url) -> Option<&str> {
        if self.other.as_ref().is_some_and(|other| other.is_match(text)) {
            return None;
        }
        let name = text.chars().nth(NAME).is_none();
        let known = self.entries.iter().find(|sign| name && sign.pattern.is_match(text));
        known
            .map(|sign| sign.kind.as_str())
            .or_else(|| self.platforms.is_match(url.as_str()).then_some("platform"))
    }
}

/// The ways in so far, each address once.
#[derive(Debug, Default)]
pub(super) struct Entries {
    found: Vec<Entry>,
    known: HashSet<String>,
}

impl Entries {
    /// What the links of a page near the home page lead to.
    pub(super) fn page(&mut self, leaf: &Leaf<'_>, words: &Words) {
        if leaf.depth > NEAR {
            return;
        }
        for link in &leaf.page.links {
            let follows = matches!(link.how, How::Anchor | How::Menu | How::Frame | How::Script);
            if follows
                && self.found.len() < MOST
                && let Some(kind) = words.kind(&link.text, &link.url)
            {
                self.add(kind, &link.text, &link.url);
            }
        }
    }

    pub(super) fn add(&mut self, kind: &str, text: &str, url: &Url) {
        if self.found.len() < MOST && self.known.insert(key(url)) {
            let (kind, text) = (kind.to_owned(), folded(text, LONGEST));
            self.found.push(Entry { kind, text, url: reported(url) });
        }
    }

    /// With the platforms of the register.
    pub(super) fn finish(mut self, ground: &Ground<'_>, words: Option<&Words>) -> Vec<Entry> {
        for endpoint in ground.site.iter().flat_map(|site| &site.endpoints) {
            let kind = words.and_then(|words| words.kind(&endpoint.name, &endpoint.url));
            if let Some(kind) = kind {
                self.add(kind, &endpoint.name, &endpoint.url);
            }
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        lists::parsed(include_str!("../../../rules/lists/interaction.yaml")).unwrap()
    }

    #[test]
    fn every_way_knows_its_examples() {
        let words = words();
        let nowhere: Url = "https://www.a.gov.cn/x.html".parse().unwrap();
        for sign in &words.entries {
            assert!(!sign.hit.is_empty() && !sign.miss.is_empty(), "{}", sign.kind);
            for text in &sign.hit {
                assert!(sign.pattern.is_match(text), "{} misses {text}", sign.kind);
                assert!(words.kind(text, &nowhere).is_some(), "{text} is excluded");
            }
            for text in &sign.miss {
                assert_ne!(words.kind(text, &nowhere), Some(sign.kind.as_str()), "{text}");
            }
        }
    }

    #[test]
    fn platforms_are_known_by_their_addresses() {
        let talk = words();
        let petition = "https://www.a.gov.cn/wsxf/".parse().unwrap();
        assert_eq!(talk.kind("网上信访", &petition), None);
        assert_eq!(talk.kind("纪检监察举报信箱", &petition), None);
        let mail = "https://www.a.gov.cn/ldxx/".parse().unwrap();
        assert_eq!(talk.kind("", &mail), Some("platform"));
        let news = "https://www.a.gov.cn/xw/ldxxgk.html".parse().unwrap();
        assert_eq!(talk.kind("", &news), None);
    }
}
