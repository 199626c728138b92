//! Words by which those who deface a page sign it: `rules/lists/defacement.yaml`.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::needles::Gate;
use crate::{
    lists::{self, Sign},
    title::folded,
};

/// Signs that are told of a page, and characters of each.
const MOST: usize = 5;
const LONGEST: usize = 60;
/// Bytes of text that are looked at.
const MOST_BYTES: usize = 64 << 10;

/// The list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// What no title of a page has that was not defaced.
    title: Vec<Sign>,
    /// What no line of a page is.
    line: Vec<Sign>,
    /// What a short page says that is closed for a while.
    #[serde(deserialize_with = "lists::pattern")]
    notice: Regex,
}

static LIST: LazyLock<Option<List>> = LazyLock::new(|| {
    lists::read("defacement.yaml", include_str!("../../../rules/lists/defacement.yaml"))
});

static LINES: LazyLock<Option<Gate>> = LazyLock::new(|| {
    let lines = LIST.as_ref()?.line.iter();
    Some(Gate::new(lines.map(|sign| sign.holds.as_slice())))
});

/// The signs in a title, and in the lines of a text; each once.
pub(super) fn signs(title: &str, text: &str) -> Vec<String> {
    let (Some(list), Some(gate)) = (LIST.as_ref(), LINES.as_ref()) else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    let mut put = |sign: &str| {
        let sign = folded(sign, LONGEST);
        if !sign.is_empty() && found.len() < MOST && !found.contains(&sign) {
            found.push(sign);
        }
    };
    for sign in &list.title {
        if let Some(hit) = sign.pattern.find(title) {
            put(hit.as_str());
        }
    }
    let text = text.get(..text.floor_char_boundary(MOST_BYTES)).unwrap_or_default();
    let may_fit = gate.may_fit(text);
    for (at, sign) in list.line.iter().enumerate() {
        if may_fit(at)
            && let Some(hit) = sign.pattern.find(text)
        {
            put(hit.as_str());
        }
    }
    found
}

/// Whether a short page says that it is closed for a while.
pub(super) fn is_closed(text: &str) -> bool {
    LIST.as_ref().is_some_and(|list| list.notice.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_knows_its_examples() {
        let text = include_str!("../../../rules/lists/defacement.yaml");
        assert_eq!(lists::parsed::<List>(text).err(), None);
        let list = LIST.as_ref().unwrap();
        assert!(list.title.len() >= 3 && list.line.len() >= 4, "the list is read");
        let gate = LINES.as_ref().unwrap();
        for (at, sign) in list.line.iter().enumerate() {
            for text in &sign.hit {
                assert!(gate.may_fit(text)(at), "{} lacks a word of {text}", sign.kind);
            }
        }
        for sign in list.title.iter().chain(&list.line) {
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
    fn news_about_attacks_are_no_sign() {
        let text = "首页\n我市公安机关破获一起黑客入侵政府网站案\n网站被黑了怎么办？专家支招\n警惕！你的网站可能已被黑客攻击\n\
            关于防范黑客攻击的紧急通知\n“净网”行动：Hacked by 字样的网页篡改案告破\n某公司网站被黑客入侵，责任人被约谈\n\
            Anonymous Surveys Are Open\n电影《黑客帝国》展映";
        assert_eq!(signs("关于我市部分网站被黑客攻击情况的通报", text), Vec::<String>::new());
    }

    #[test]
    fn sites_that_are_closed_for_a_while_say_so() {
        for text in
            ["网站正在维护", "因系统升级，暂停访问", "网站改版升级，敬请期待", "本站即将上线"]
        {
            assert!(is_closed(text), "{text}");
        }
        for text in ["欢迎访问", "被黑了", "升级为大风蓝色预警"] {
            assert!(!is_closed(text), "{text}");
        }
    }

    #[test]
    fn a_signature_is_found_in_title_and_text_and_told_once() {
        let found = signs("Hacked by d3sk", "\nHacked By d3sk\n你的网站已被黑！！\nGreetz to: a\n");
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(found[0], "Hacked by d3sk");
        let found = signs(&"hacked by x ".repeat(50), "");
        assert!(found[0].chars().count() <= LONGEST);
    }
}
