//! What a page says of itself: taken from elsewhere, nothing here, still loading, a preface.

use std::sync::LazyLock;

use xuncha_model::facts::page::{PageFacts, PageKind};

use super::sights::{Of, Sight, Sights};
use crate::lists::{self, Sign};

/// Bytes of the beginning and of the end of an article that say where it was taken from.
const HEAD: usize = 6 << 10;
const TAIL: usize = 2 << 10;
/// Bytes of any other page that are looked at.
const MOST: usize = 16 << 10;

static SIGNS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
    lists::read("says.yaml", include_str!("../../../rules/lists/says.yaml")).unwrap_or_default()
});

/// The words of which one stands where a sign is, by the place of the sign.
pub(super) fn words() -> Vec<(usize, String)> {
    let words =
        |(at, sign): (usize, &'static Sign)| sign.holds.iter().map(move |word| (at, word.clone()));
    SIGNS.iter().enumerate().flat_map(words).collect()
}

/// What is said, each once.
pub(super) fn says(page: &PageFacts, text: &str, sights: &Sights) -> Vec<String> {
    let article = page.kind == PageKind::Article;
    let head = 0..text.floor_char_boundary(if article { HEAD } else { MOST });
    let tail = text.ceil_char_boundary(text.len().saturating_sub(TAIL))..text.len();
    let mut said: Vec<String> = Vec::new();
    let signs = SIGNS.iter().enumerate();
    let signs = signs.filter(|(_, sign)| (sign.kind == "repost") == article);
    for part in [Some(head), article.then_some(tail)].into_iter().flatten() {
        let may_fit = |at: usize, sign: &Sign| {
            let inside = |sight: Sight| part.start <= sight.start && sight.end <= part.end;
            sign.holds.is_empty()
                || sights.all(Of::Says).any(|sight| sight.word == at && inside(sight))
        };
        let part = text.get(part.clone()).unwrap_or_default();
        for (at, sign) in signs.clone() {
            if !said.contains(&sign.kind) && may_fit(at, sign) && sign.pattern.is_match(part) {
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
                let sights = Sights::of(text);
                let held = sights.all(Of::Says).any(|sight| sight.word == at);
                assert!(held || sign.holds.is_empty(), "{}: {text}", sign.kind);
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
        assert_eq!(says(&page, &text, &Sights::of(&text)), ["repost"]);
        page.kind = PageKind::Column;
        assert_eq!(says(&page, &text, &Sights::of(&text)), ["nothing"]);
    }
}
