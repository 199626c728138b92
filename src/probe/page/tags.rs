//! The tags of a page that the guide asks for (国办发〔2017〕47号), and those that nobody filled in.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::{DateTime, Utc};
use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::page::{ArticleTags, ColumnTags, SiteTags, TagAt};

use super::printed;
use crate::lists;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(deserialize_with = "lists::pattern")]
    placeholder: Regex,
}

static WORDS: LazyLock<Option<Words>> =
    LazyLock::new(|| lists::read("tags.yaml", include_str!("../../../rules/lists/tags.yaml")));

pub(super) fn site(tags: &BTreeMap<String, String>) -> SiteTags {
    let of = |name: &str| tags.get(name).cloned().unwrap_or_default();
    SiteTags { name: of("sitename"), domain: of("sitedomain"), id_code: of("siteidcode") }
}

pub(super) fn column(tags: &BTreeMap<String, String>) -> ColumnTags {
    let of = |name: &str| tags.get(name).cloned().unwrap_or_default();
    ColumnTags {
        name: of("columnname"),
        description: of("columndescription"),
        keywords: of("columnkeywords"),
        kind: of("columntype"),
    }
}

pub(super) fn article(tags: &BTreeMap<String, String>, at: DateTime<Utc>) -> ArticleTags {
    let of = |name: &str| tags.get(name).cloned().unwrap_or_default();
    let pub_date = of("pubdate");
    ArticleTags {
        title: of("articletitle"),
        future: printed::future(&pub_date, at),
        pub_date,
        source: of("contentsource"),
    }
}

/// Whether a program left this behind in the place of a content.
pub(super) fn is_placeholder(content: &str) -> bool {
    WORDS.as_ref().is_some_and(|words| words.placeholder.is_match(content))
}

pub(super) fn placeholders(tags: &BTreeMap<String, String>) -> Vec<TagAt> {
    let found = tags.iter().filter(|(_, content)| is_placeholder(content));
    found.map(|(name, content)| TagAt { name: name.clone(), content: content.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_left_is_a_placeholder() {
        let list = include_str!("../../../rules/lists/tags.yaml");
        assert_eq!(lists::parsed::<Words>(list).err(), None);
        for content in [
            "null",
            " Undefined ",
            "${site.name}",
            "{{title}}",
            "{$keywords}",
            "#TITLE#",
            "<%=title%>",
            "<CMSPRO_TITLE>",
            "[!--pagetitle--]",
            "{dede:global.cfg_keywords/}",
            "@ViewBag.Title",
            "[title]",
            "$description$",
        ] {
            assert!(is_placeholder(content), "{content}");
        }
        for content in [
            "",
            "\u{65e0}",
            "none",
            "index,follow",
            "width=device-width, initial-scale=1",
            "No. [2026] 1",
            "#1",
            "@zhoukou",
            "a@b.cn",
            "[1]",
            "C# and {1}",
        ] {
            assert!(!is_placeholder(content), "{content}");
        }
    }

    #[test]
    fn tags_are_known_by_their_names() {
        let tags = [
            ("sitename", "s"),
            ("columntype", "t"),
            ("articletitle", "a"),
            ("pubdate", "2026-11-24 10:00"),
            ("columnname", "null"),
        ];
        let tags = BTreeMap::from(tags.map(|(name, content)| (name.into(), content.into())));
        assert_eq!(site(&tags), SiteTags { name: "s".into(), ..SiteTags::default() });
        assert_eq!((column(&tags).kind.as_str(), column(&tags).name.as_str()), ("t", "null"));
        let article = article(&tags, DateTime::default());
        assert_eq!((article.title.as_str(), article.source.as_str()), ("a", ""));
        let found: Vec<_> = placeholders(&tags).into_iter().map(|tag| tag.name).collect();
        assert_eq!(found, ["columnname"]);
    }
}
