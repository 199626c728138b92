//! What is known of links beforehand: `rules/lists/links.yaml`.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::lists;

/// The list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    pub(super) menus: Menus,
    /// Attributes that hold an address a script opens.
    pub(super) attributes: Vec<String>,
    /// Attributes that hold the address of a picture that is loaded when it comes into sight.
    pub(super) lazy: Vec<String>,
    pub(super) data: Data,
    /// Endings of pages, lower case.
    pub(super) pages: Vec<String>,
    /// Endings of files to download, lower case.
    pub(super) files: Vec<String>,
    /// A page that has this tells its readers before they leave.
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) leaving: Regex,
    /// Domains below which nobody has to be told.
    pub(super) government: Vec<String>,
}

/// By what names a container is a menu.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Menus {
    #[serde(deserialize_with = "any_of")]
    names: AhoCorasick,
    #[serde(deserialize_with = "any_of")]
    but: AhoCorasick,
}

impl Menus {
    /// Whether an id or a class is that of a menu.
    pub(super) fn name(&self, name: &str) -> bool {
        self.names.is_match(name) && !self.but.is_match(name)
    }
}

/// The keys of list data in scripts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Data {
    pub(super) addresses: Vec<String>,
    pub(super) words: Vec<String>,
    /// Keys of a request that a script makes.
    pub(super) calls: Vec<String>,
}

fn any_of<'de, D: Deserializer<'de>>(from: D) -> Result<AhoCorasick, D::Error> {
    let words = Vec::<String>::deserialize(from)?;
    let kind = Some(AhoCorasickKind::DFA);
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(kind)
        .build(words)
        .map_err(D::Error::custom)
}

static KNOWN: LazyLock<Option<Known>> =
    LazyLock::new(|| lists::read("links.yaml", include_str!("../../../../rules/lists/links.yaml")));

/// The list; `None` when it cannot be read, which a test would have told.
pub(super) fn known() -> Option<&'static Known> {
    KNOWN.as_ref()
}

/// Whether a page, as it was sent, tells its readers before they leave for another site.
pub(crate) fn leaving_notice(page: &str) -> bool {
    known().is_some_and(|known| known.leaving.is_match(page))
}

/// Whether a host is the government's, or one that every government site has to lead to.
pub(crate) fn is_government(host: &str) -> bool {
    known().is_some_and(|known| known.government.iter().any(|domain| is_below(host, domain)))
}

/// Whether a host is this domain or lies below it.
pub(crate) fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let list = include_str!("../../../../rules/lists/links.yaml");
        assert_eq!(lists::parsed::<Known>(list).err(), None);
    }

    #[test]
    fn menus_are_known_by_name() {
        let menus = &known().unwrap().menus;
        for name in ["nav", "main-Nav", "topMENU", "daohang clearfix"] {
            assert!(menus.name(name), "{name}");
        }
        for name in ["", "na", "breadcrumb-nav", "page-nav", "content"] {
            assert!(!menus.name(name), "{name}");
        }
    }

    #[test]
    fn leaving_notices_are_known_by_their_usual_words() {
        for page in [
            "<script>if(confirm('您访问的链接即将离开“澜川市人民政府”门户网站，是否继续？'))open(u)</script>",
            "<div id=tip style=display:none>您将离开本站</div>",
            r#"<script>var t="\u5373\u5c06\u79bb\u5f00";</script>"#,
            "<script src=\"/js/outlink.min.js\"></script>",
        ] {
            assert!(leaving_notice(page), "{page}");
        }
        for page in [
            "<p>旅客离开车站</p>",
            "<script src=/js/jquery.js></script>",
            "<a href=/leave.html>请假</a>",
        ] {
            assert!(!leaving_notice(page), "{page}");
        }
    }

    #[test]
    fn the_government_is_known_by_its_domains() {
        for host in ["gov.cn", "www.lanchuan.gov.cn", "xn--8mr27q.xn--zfr164b", "bszs.conac.cn"] {
            assert!(is_government(host), "{host}");
        }
        for host in ["notgov.cn", "gov.cn.example.com", "www.people.com.cn", "xn--zfr164b.com"] {
            assert!(!is_government(host), "{host}");
        }
    }
}
