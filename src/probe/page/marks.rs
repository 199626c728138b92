//! What addresses, ids and pictures tell of a page's identity: the mark, the 找错 entry, codes and numbers inside of links.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::identity::{Jiucuo, Mark};

use super::{identity::LIST, needles::Needles};
use crate::{
    lists,
    markup::{Tag, resolve},
};

/// Bytes of a tag, its name left out, below which it holds no address.
const SHORT: usize = 20;
/// Codes and numbers that are kept.
const MOST: usize = 10;
/// Bytes of an attribute's value that are looked at.
const LONGEST: usize = 2_000;

/// By what they are known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signs {
    needles: Vec<String>,
    #[serde(deserialize_with = "lists::pattern")]
    police_link: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    jiucuo_platform: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    jiucuo_retired: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    jiucuo_own: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    jiucuo_picture: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    jiucuo_code: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    mark_ok: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    mark_error: Regex,
}

/// What a tag must hold to be looked at.
static NEEDLES: LazyLock<Option<Needles>> =
    LazyLock::new(|| Needles::new(&LIST.as_ref()?.marks.needles));

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Marks {
    platform: bool,
    retired: bool,
    own: bool,
    pub(super) mark: Mark,
    /// Codes given to the 找错 entry.
    pub(super) codes: Vec<String>,
    /// Police numbers in addresses.
    pub(super) police: Vec<String>,
}

impl Marks {
    pub(super) fn tag(&mut self, tag: Tag<'_>) {
        let inside = tag.inside();
        // nothing but the ids of the mark is that short, and the searcher is slow there
        let worth = if inside.len() < SHORT {
            inside.contains('C')
        } else {
            NEEDLES.as_ref().is_some_and(|needles| needles.is_match(inside))
        };
        if !worth {
            return;
        }
        for (name, value) in tag.attributes() {
            let value = resolve(&value[..value.floor_char_boundary(LONGEST)]);
            if name.to_ascii_lowercase().ends_with("sitecode") {
                self.value(&format!("sitecode={value}"));
            }
            self.value(&value);
        }
    }

    /// A value of an attribute, or a string of a script.
    pub(super) fn value(&mut self, value: &str) {
        let Some(signs) = LIST.as_ref().map(|list| &list.marks) else { return };
        // a picture is no way to the platform
        self.own |= signs.jiucuo_picture.is_match(value) || signs.jiucuo_own.is_match(value);
        if signs.jiucuo_retired.is_match(value) {
            self.retired = true;
        } else {
            self.platform |= signs.jiucuo_platform.is_match(value);
        }
        if signs.mark_error.is_match(value) {
            self.mark = Mark::Error;
        } else if self.mark == Mark::None && signs.mark_ok.is_match(value) {
            self.mark = Mark::Ok;
        }
        for (pattern, found) in
            [(&signs.jiucuo_code, &mut self.codes), (&signs.police_link, &mut self.police)]
        {
            let number = pattern.captures(value).and_then(|number| number.get(1));
            let Some(number) = number.map(|number| number.as_str().to_ascii_lowercase()) else {
                continue;
            };
            if found.len() < MOST && !found.contains(&number) {
                found.push(number);
            }
        }
    }

    /// Where the entry leads; `own` when the text names one.
    pub(super) fn jiucuo(&self, own: bool) -> Jiucuo {
        match () {
            () if self.platform => Jiucuo::Platform,
            () if self.retired => Jiucuo::Retired,
            () if own || self.own => Jiucuo::Own,
            () => Jiucuo::None,
        }
    }
}
