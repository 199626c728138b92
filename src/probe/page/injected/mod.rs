//! Words of spam: where they stand on a page and how much they weigh.

use xuncha_model::facts::{PageFacts, content::Injected};

use super::Link;
use crate::lexicon::Hit;

/// The lists that weigh something, by place; `hits` are those of the text.
pub(super) fn injected(
    _page: &PageFacts,
    _links: &[Link],
    _text: &str,
    _hits: &[Hit],
) -> Vec<Injected> {
    Vec::new()
}
