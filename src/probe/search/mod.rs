//! The site's own search (检查指标, 站内搜索): how it is asked, and what its answers show. No network here.
//!
//! ```text
//! home page ─▶ form::find ─▶ Query::address(title) ─▶ (look) ─▶ results::read ─▶ results::tried
//! ```

mod encode;
mod fields;
mod form;
mod results;

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::lists;

pub(crate) use form::{Found, Query, find};
pub(crate) use results::{Results, read, tried};

/// By what a search and its answers are known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(deserialize_with = "lists::pattern")]
    field: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    says: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    other: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    link: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    page: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    elsewhere: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    none: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    busy: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    echo: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    fetches: Regex,
}

static WORDS: LazyLock<Option<Words>> =
    LazyLock::new(|| lists::read("search.yaml", include_str!("../../../rules/lists/search.yaml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let list = include_str!("../../../rules/lists/search.yaml");
        assert_eq!(lists::parsed::<Words>(list).err(), None);
    }

    #[test]
    fn pages_without_results_say_so() {
        let words = WORDS.as_ref().unwrap();
        for text in [
            "抱歉，没有找到与“x”相关的结果",
            "未检索到相关信息",
            "暂无相关数据",
            "共找到 0 条结果",
            "为您找到相关结果约0个",
            "没有符合条件的记录",
            "搜索结果：0 条",
        ] {
            assert!(words.none.is_match(text), "{text}");
        }
        for text in
            ["共找到 10 条结果", "为您找到相关结果约20个", "关于没有房产证明的办理", "共 120 篇"]
        {
            assert!(!words.none.is_match(text), "{text}");
        }
    }
}
