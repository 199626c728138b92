//! The link that is open: where it leads, and what it is called.

use std::ops::Range;

use super::{
    element::Element,
    gather::{Event, LONGEST_PIECE, LONGEST_TEXT, MOST_EVENTS, Rows, Title, is_stamp},
};
use crate::markup::{Tag, resolve};

/// Bytes of an address that are kept.
const LONGEST: usize = 2000;

/// The link that is open.
#[derive(Debug, Default)]
pub(super) struct Anchor {
    pub(super) title: Title,
    /// Length of the kept text before it, and open elements around it.
    mark: usize,
    pub(super) depth: usize,
}

impl Rows {
    /// Kept outside the words of the link that is open.
    pub(super) fn keep_apart(&mut self, text: &str) -> Range<usize> {
        let Some(anchor) = &self.anchor else { return 0..0 };
        if anchor.title.text.is_empty() {
            let kept = self.keep(text, LONGEST_TEXT);
            if let Some(anchor) = &mut self.anchor {
                anchor.title.text = kept.end..kept.end;
            }
            return kept;
        }
        0..0
    }

    pub(super) fn begin_anchor(&mut self, tag: Tag<'_>) {
        self.held();
        let mark = self.text.len();
        let mut title = Title::default();
        let mut other = 0..0;
        for (name, value) in tag.attributes() {
            if name.eq_ignore_ascii_case("href") {
                title.href = self.keep(&resolve(value.trim()), LONGEST);
            } else if name.eq_ignore_ascii_case("title") {
                title.hint = self.keep(&resolve(value), LONGEST_TEXT);
            } else if name.eq_ignore_ascii_case("onclick") {
                if let Some(inside) = address(value) {
                    other = self.keep(&resolve(inside), LONGEST);
                }
            } else if let Some(name) =
                name.get(..5).filter(|d| d.eq_ignore_ascii_case("data-")).and(name.get(5..))
            {
                if is_stamp(value) {
                    title.stamp = self.keep(value, LONGEST_PIECE);
                } else if ["url", "href", "link", "src"]
                    .iter()
                    .any(|known| name.eq_ignore_ascii_case(known))
                {
                    other = self.keep(&resolve(value.trim()), LONGEST);
                }
            }
        }
        let href = self.kept(&title.href);
        let nowhere = href.is_empty() || href.starts_with('#') || starts(href, "javascript:");
        if nowhere {
            title.href = other;
        } else if starts(href, "mailto:") || starts(href, "tel:") {
            self.text.truncate(mark);
            return;
        }
        title.text = self.text.len()..self.text.len();
        self.anchor = Some(Anchor { title, mark, depth: self.frames.len() });
    }

    pub(super) fn end_anchor(&mut self) {
        let Some(Anchor { mut title, mark, .. }) = self.anchor.take() else { return };
        let words = self.kept(&title.text).chars().any(char::is_alphanumeric);
        if !words && title.hint.is_empty() {
            self.text.truncate(mark);
            return;
        }
        // a picture and its words lead to the same place
        if let Some(Event::Title(last)) = self.events.last()
            && last.date.is_none()
            && !title.href.is_empty()
            && self.kept(&last.href) == self.kept(&title.href)
        {
            let longer = title.text.len() > last.text.len();
            if longer && let Some(Event::Title(last)) = self.events.last_mut() {
                last.text = title.text;
                if last.hint.is_empty() {
                    last.hint = title.hint;
                }
            }
            return;
        }
        let full = self.events.len() >= MOST_EVENTS;
        let Some(top) = self.frames.last_mut().filter(|_| !full) else { return };
        (title.zone, title.loose) = (top.zone, !top.item && top.element != Element::P);
        top.titles += 1;
        top.unlisted += 1;
        self.add(Event::Title(title));
    }
}

fn starts(text: &str, head: &str) -> bool {
    text.get(..head.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(head))
}

/// The first address that a script of an attribute holds in quotes.
fn address(script: &str) -> Option<&str> {
    let mut parts = script.split(['\'', '"']).skip(1).step_by(2);
    parts.find(|part| {
        part.starts_with('/')
            || starts(part, "http")
            || part.contains(".htm")
            || part.contains(".jhtml")
    })
}
