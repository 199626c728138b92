//! Wrong expressions on a page.

use xuncha_model::facts::{PageFacts, content::Wrong};

use crate::lexicon::Hit;

/// Those of the lists, each once; `hits` are those of the text.
pub(crate) fn wrong(_page: &PageFacts, _text: &str, _hits: &[Hit]) -> Vec<Wrong> {
    Vec::new()
}
