//! What a page says of itself: taken from elsewhere, nothing here, still loading, a preface.

use std::sync::LazyLock;

use xuncha_model::facts::page::{PageFacts, PageKind};

use super::needles::Gate;
use crate::lists::{self, Sign};

/// Bytes of the beginning and of the end of an article that say where it was taken from.
const HEAD: usize = 6 << 10;
const TAIL: usize = 2 << 10;
/// Bytes of any other page that are looked at.
const MOST: usize = 16 << 10;

static SIGNS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
    lists::read("says.yaml", include_str!("../../../rules/lists/says.yaml")).unwrap_or_default()
});

static WORDS: LazyLock<Gate> =
    LazyLock::new(|| Gate::new(SIGNS.iter().map(|sign| sign.holds.as_slice())));

/// What is said, each once.
pub(super) fn says(page: &PageFacts, text: &str) -> Vec<String> {
    let article = page.kind == PageKind::Article;
    let head = &text[..text.floor_char_boundary(if article { HEAD } else { MOST })];
    let tail = &text[text.ceil_char_boundary(text.len().saturating_sub(TAIL))..];
    let mut said: Vec<String> = Vec::new();
    let signs = SIGNS.iter().enumerate();
    let signs = signs.filter(|(_, sign)| (sign.kind == "repost") == article);
    for part in [Some(head), article.then_some(tail)].into_iter().flatten() {
        let may_fit = WORDS.may_fit(part);
        for (at, sign) in signs.clone() {
            if !said.contains(&sign.kind) && may_fit(at) && sign.pattern.is_match(part) {
                said.push(sign.kind.clone());
            }
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_knows_its_examples() {
        let list = include_str!("../../../rules/lists/says.yaml");
        assert_eq!(lists::parsed::<Vec<Sign>>(list).err(), None);
        for (at, sign) in SIGNS.iter().enumerate() {
            for text in &sign.hit {
                assert!(WORDS.may_fit(text)(at), "{}: {text}", sign.kind);
                assert!(sign.pattern.is_match(text), "{}: {text}", sign.kind);
            }
            for text in &sign.miss {
                assert!(!sign.pattern.is_match(text), "{}: {text}", sign.kind);
            }
        }
    }

    #[test]
    fn an_article_says_other_things_than_a_list() {
        let mut page = PageFacts { kind: PageKind::Article, ..PageFacts::default() };
        let text = format!("{}\n（来源：新华社）", "正文暂无数据。".repeat(2000));
        assert_eq!(says(&page, &text), ["repost"]);
        page.kind = PageKind::Column;
        assert_eq!(says(&page, &text), ["nothing"]);
    }
}
