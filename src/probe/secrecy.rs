//! Classification marks in a text: the level, the star and the term.

use xuncha_model::facts::content::ClassifiedMark;

/// The marks of a text, each once.
pub fn marks(_text: &str) -> Vec<ClassifiedMark> {
    Vec::new()
}
