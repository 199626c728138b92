//! Links and buttons that say nothing.

use super::{Notes, TAG, blank, folded, hidden, tabindex, unnamed};
use crate::markup::{Tag, Token, Tokens};

/// The link or button that is open, and whether anything names it.
#[derive(Debug, Default)]
pub(super) struct Named {
    open: bool,
    named: bool,
    /// Its start tag; the room is used again.
    tag: String,
    /// The first image in it that says nothing.
    silent: bool,
}

impl Named {
    pub(super) fn open(&mut self, tag: Tag<'_>, notes: &mut Notes) {
        // one that was never closed says what it holds elsewhere
        let inside = tag.inside();
        self.tag.clear();
        self.open = true;
        self.silent = false;
        self.named = inside.len() > TAG;
        if !self.named {
            self.tag.push('<');
            self.tag.push_str(tag.name());
            self.tag.push_str(inside);
        }
        if tag.is("a") {
            tabindex(tag, notes);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.open && !self.named {
            self.named = !blank(text);
        }
    }

    /// An image names what it stands in by its `alt`; one without any is a barrier of its own.
    pub(super) fn picture(&mut self, tag: Tag<'_>) {
        if self.open && !self.named {
            self.named = tag.attribute("alt").is_none() || !unnamed(tag, &["alt", "title"]);
            self.silent = true;
        }
    }

    /// Something stands in it whose words are not seen.
    pub(super) fn filled(&mut self) {
        self.named |= self.open;
    }

    /// An element in it; a script may fill one that has an id.
    pub(super) fn inner(&mut self, tag: Tag<'_>) {
        if self.open && !self.named {
            self.named =
                tag.attributes().any(|(key, _)| is_filled(key)) || !unnamed(tag, &["title"]);
        }
    }

    pub(super) fn close(&mut self, notes: &mut Notes) {
        if !self.open {
            return;
        }
        self.open = false;
        if self.named {
            return;
        }
        let Some(Token::Start(tag)) = Tokens::new(&self.tag).next() else { return };
        let filled = tag.attributes().any(|(key, _)| is_filled(key));
        if filled || !unnamed(tag, &["title"]) || hidden(tag) {
            return;
        }
        let snippet = || {
            let mut shown = self.tag.clone();
            shown.push_str(if self.silent { "<img alt=\"\">" } else { "" });
            shown.push_str(if tag.is("a") { "</a>" } else { "</button>" });
            folded(&shown, super::SNIPPET)
        };
        if tag.is("button") {
            notes.write("button-text", snippet);
        } else if tag.attribute("href").is_some_and(|href| !blank(&href)) {
            notes.write("link-text", snippet);
        }
    }
}

/// A script may fill what has this attribute.
fn is_filled(key: &str) -> bool {
    key.eq_ignore_ascii_case("id") || key.starts_with("v-") || key.starts_with("ng-")
}
