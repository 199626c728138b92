//! What a tag holds that may be a link, or its words.

use super::{list, menu};
use crate::markup::Tag;

/// What matters of a tag's attributes, references unresolved.
#[derive(Default)]
pub(super) struct Attributes<'p> {
    pub(super) id: &'p str,
    pub(super) class: &'p str,
    pub(super) href: Option<&'p str>,
    pub(super) title: &'p str,
    pub(super) alt: &'p str,
    pub(super) value: &'p str,
    pub(super) click: Option<&'p str>,
    pub(super) data: Option<&'p str>,
    pub(super) lazy: Option<&'p str>,
}

impl<'p> Attributes<'p> {
    pub(super) fn of(tag: Tag<'p>) -> Self {
        let mut found = Self::default();
        let first = |old: &mut &'p str, value| {
            if old.is_empty() {
                *old = value;
            }
        };
        for (name, value) in tag.attributes() {
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            match name.len() {
                2 if is("id") => first(&mut found.id, value),
                3 if is("alt") => first(&mut found.alt, value),
                4 if is("href") => found.href = found.href.or(Some(value)),
                5 if is("class") => first(&mut found.class, value),
                5 if is("title") => first(&mut found.title, value),
                5 if is("value") => first(&mut found.value, value),
                7 if is("onclick") => found.click = found.click.or(Some(value)),
                8.. if name.as_bytes().get(4) == Some(&b'-') => {
                    let Some(known) = list::known() else { continue };
                    if known.attributes.iter().any(|known| is(known)) {
                        found.data = found.data.or(Some(value));
                    } else if known.lazy.iter().any(|known| is(known)) {
                        found.lazy = found.lazy.or(Some(value));
                    }
                }
                _ => {}
            }
        }
        found
    }
}

/// Whether a tag may hold an address, or begin a menu: most do not, and their attributes are not taken apart.
pub(super) fn matters(tag: Tag<'_>) -> bool {
    ["a", "img", "area", "option"].iter().any(|name| tag.is(name))
        || menu::may_be(tag)
        || tag.inside().as_bytes().windows(2).any(|two| matches!(two, b"ck" | b"CK" | b"a-"))
}

/// Elements that part the words before them from those after.
pub(super) fn breaks(name: &str) -> bool {
    let blocks = ["br", "p", "div", "li", "td", "th", "dt", "dd", "tr", "h1", "h2", "h3", "h4"];
    blocks.iter().any(|block| block.eq_ignore_ascii_case(name))
}
