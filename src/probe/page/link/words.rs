//! The words of a link while it is open: its text, else its title, else what a picture in it shows.

use crate::markup::resolve;

/// Characters that are kept.
const LONGEST: usize = 60;

/// The words so far; the buffers are used again for the next link.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    chars: usize,
    /// White space stood after the last word.
    blank: bool,
    title: String,
    picture: String,
}

impl Words {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        (self.chars, self.blank) = (0, false);
        self.title.clear();
        self.picture.clear();
    }

    /// Text, references unresolved.
    pub(super) fn text(&mut self, text: &str) {
        if self.chars < LONGEST {
            fold(&resolve(text), &mut self.text, &mut self.chars, &mut self.blank);
        }
    }

    /// A line ends, or a cell.
    pub(super) fn pause(&mut self) {
        self.blank = true;
    }

    pub(super) fn title(&mut self, title: &str) {
        if self.title.is_empty() {
            fold(title, &mut self.title, &mut 0, &mut false);
        }
    }

    pub(super) fn picture(&mut self, label: &str) {
        if self.picture.is_empty() {
            fold(label, &mut self.picture, &mut 0, &mut false);
        }
    }

    pub(super) fn has_text(&self) -> bool {
        !self.text.is_empty()
    }

    /// The best of them.
    pub(super) fn best(&self) -> &str {
        [&self.text, &self.title].into_iter().find(|text| !text.is_empty()).unwrap_or(&self.picture)
    }
}

/// The text with its white space folded, at most 60 characters.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4 * LONGEST));
    fold(text, &mut out, &mut 0, &mut false);
    out
}

/// Adds the words of a text, apart by single blanks, to what was gathered before.
fn fold(text: &str, out: &mut String, chars: &mut usize, blank: &mut bool) {
    *blank |= text.starts_with(char::is_whitespace);
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if *blank && *chars > 0 {
            out.push(' ');
            *chars += 1;
        }
        let room = LONGEST.saturating_sub(*chars);
        let end = word.char_indices().nth(room).map_or(word.len(), |(end, _)| end);
        out.push_str(&word[..end]);
        if end < word.len() {
            *chars = LONGEST;
            return;
        }
        *chars += word.chars().count();
        *blank = words.peek().is_some();
    }
    *blank |= text.ends_with(char::is_whitespace);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_folded_and_the_best_words_are_taken() {
        let mut words = Words::default();
        words.picture("图");
        assert_eq!(words.best(), "图");
        words.title("标题");
        assert_eq!(words.best(), "标题");
        words.text(" \n通&nbsp;知 ");
        words.text("公告");
        words.pause();
        words.text("\u{3000}三");
        assert_eq!(words.best(), "通 知 公告 三");
        words.clear();
        assert_eq!(words.best(), "");
        words.text(&"长 ".repeat(100));
        assert!(words.best().chars().count() <= LONGEST);
    }
}
