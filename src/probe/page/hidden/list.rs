//! What `rules/lists/hiding.yaml` says: the techniques, hosts that prove nothing, words that do.

use std::{collections::HashSet, sync::LazyLock};

use foldhash::fast::RandomState;
use serde::Deserialize;

use crate::{lists, page::needles::Needles};

/// A way to hide.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) strong: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    techniques: Vec<Known>,
    innocent: HashSet<String, RandomState>,
    public: Vec<String>,
    unlike: Vec<String>,
    white: Vec<String>,
    friendly: Vec<String>,
    menus: Vec<String>,
}

const TEXT: &str = include_str!("../../../../rules/lists/hiding.yaml");

static LIST: LazyLock<Option<List>> = LazyLock::new(|| lists::read("hiding.yaml", TEXT));
static UNLIKE: LazyLock<Option<Needles>> = LazyLock::new(|| Needles::new(&LIST.as_ref()?.unlike));
static WHITE: LazyLock<Option<Needles>> = LazyLock::new(|| Needles::new(&LIST.as_ref()?.white));
static MENUS: LazyLock<Option<Needles>> = LazyLock::new(|| Needles::new(&LIST.as_ref()?.menus));

/// The technique of this name.
pub(super) fn technique(id: &str) -> Option<&'static Known> {
    LIST.as_ref()?.techniques.iter().find(|known| known.id == id)
}

/// Links to this host prove nothing, hidden or not.
pub(super) fn is_innocent(host: &str) -> bool {
    let Some(list) = LIST.as_ref() else { return true };
    let mut domain = host;
    loop {
        if list.innocent.contains(domain) {
            return true;
        }
        match domain.split_once('.') {
            Some((_, above)) => domain = above,
            None => return false,
        }
    }
}

/// The domain of schools and institutes.
pub(super) fn is_public(host: &str) -> bool {
    let below = |domain: &String| crate::page::link::is_below(host, domain);
    LIST.as_ref().is_some_and(|list| list.public.iter().any(below))
}

/// Words that have no place on a government's site, and are no news of such.
pub(super) fn is_unlike(text: &str) -> bool {
    let lower = text.to_lowercase();
    UNLIKE.as_ref().is_some_and(|words| words.is_match(&lower))
        && !WHITE.as_ref().is_some_and(|words| words.is_match(&lower))
}

/// Written as the names of organs, media and firms are.
pub(super) fn is_friendly(text: &str) -> bool {
    let text = text.trim_end_matches(|char: char| !char.is_alphanumeric());
    LIST.as_ref().is_some_and(|list| list.friendly.iter().any(|end| text.ends_with(end.as_str())))
}

/// A class or an id such as boxes bear that open.
pub(super) fn is_menu(name: &str) -> bool {
    MENUS.as_ref().is_some_and(|words| words.is_match(&name.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::hidden::technique::Technique;

    #[test]
    fn the_list_knows_every_technique() {
        assert_eq!(lists::parsed::<List>(TEXT).err(), None);
        for technique in Technique::ALL {
            assert!(super::technique(technique.id()).is_some(), "{technique:?}");
        }
        let list = LIST.as_ref().unwrap();
        assert!(list.techniques.len() >= 15);
        for known in &list.techniques {
            let used = Technique::ALL.iter().any(|technique| technique.id() == known.id);
            assert!(used && !known.title.is_empty(), "{}", known.id);
        }
    }

    #[test]
    fn hosts_and_words_are_told_apart() {
        assert!(is_innocent("hm.baidu.com") && is_innocent("51.la"));
        assert!(!is_innocent("notbaidu.com") && !is_innocent("com"));
        assert!(is_public("www.a.edu.cn") && !is_public("edu.cn.example"));
    }
}
