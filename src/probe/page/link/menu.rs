//! Whether a link stands in a menu: within `<nav>`, or a container that is called one.

use super::list::known;
use crate::markup::Tag;

/// Containers that may be menus.
const CONTAINERS: &[&str] = &["nav", "div", "ul", "ol", "dl", "table", "td", "header", "section"];
/// Bytes of text beside its links after which it is no menu: a container whose end is missing would hold the whole page.
const MOST_TEXT: usize = 600;

/// Whether a tag may begin a menu.
pub(super) fn may_be(tag: Tag<'_>) -> bool {
    CONTAINERS.iter().any(|name| tag.is(name))
}

/// The menu that is open.
#[derive(Debug, Default)]
pub(super) struct Menu {
    container: Option<&'static str>,
    /// Containers of the same name that are open, the menu included.
    depth: u32,
    /// Bytes of text beside its links.
    beside: usize,
}

impl Menu {
    pub(super) fn is_open(&self) -> bool {
        self.container.is_some()
    }

    /// A tag with its id and class, as written.
    pub(super) fn tag(&mut self, tag: Tag<'_>, names: [&str; 2]) {
        if let Some(container) = self.container {
            self.depth += u32::from(tag.is(container));
            return;
        }
        let Some(container) = CONTAINERS.iter().find(|name| tag.is(name)) else { return };
        let called =
            || known().is_some_and(|known| names.iter().any(|name| known.menus.name(name)));
        if *container == "nav" || called() {
            *self = Self { container: Some(container), depth: 1, beside: 0 };
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        if self.container.is_some_and(|container| name.eq_ignore_ascii_case(container)) {
            self.depth = self.depth.saturating_sub(1);
            if self.depth == 0 {
                self.container = None;
            }
        }
    }

    /// Text that stands beside the links.
    pub(super) fn text(&mut self, text: &str) {
        if self.container.is_some() {
            self.beside += text.trim_ascii().len();
            if self.beside > MOST_TEXT {
                self.container = None;
            }
        }
    }
}
