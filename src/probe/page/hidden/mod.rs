//! Links that readers cannot see, to other sites.
//!
//! ```text
//! token ─▶ Hidden: is there anything that could hide?   no, on most pages, and nothing more is done
//!                    │ yes
//!                    ▼
//!          Walk: open elements, styles, scripts ─▶ Found ─▶ Weight: an attack, or a closed menu
//!                                                    └─▶ Boxed: waits for the site's style sheets
//! ```
//!
//! # Decisions
//!
//! 2026-11-27: the page is gone through a second time only where it leads to a stranger, or where a script decodes
//! something. Keeping the open elements of every page would cost more than all that most pages are asked.

mod anchor;
mod boxed;
mod element;
mod found;
mod host;
mod list;
mod script;
mod sheet;
mod stuffing;
mod style;
mod tag;
mod technique;
mod value;
mod walk;
mod weigh;
mod writing;

use std::sync::LazyLock;

use url::Url;
use xuncha_model::facts::content::HiddenLink;

use super::{Given, How, Link, needles::Needles};
use crate::markup::Token;

pub use boxed::Boxed;
use host::{Hosts, Whose};
pub use sheet::Sheet;

/// Links beyond which there are more than are kept.
const FULL: usize = 2_000;
/// Bytes of a tag from which addresses may be stuffed into it.
const LARGE_TAG: usize = 150;

/// Where a page leads to the government and to nobody else, one of these must stand in it before anything is proved.
const STRONG: &[&str] = &[
    "left:-",
    "left: -",
    "top:-",
    "top: -",
    "right:-",
    "right: -",
    "indent:-",
    "indent: -",
    "0000px",
    "marquee",
    "MARQUEE",
    "font-size:0",
    "font-size: 0",
    "font-size:1px",
    "font-size: 1px",
    "transparent",
    "eight:1px",
    "eight: 1px",
    "eight:0",
    "eight: 0",
    "width:1px",
    "width:0",
    "rect(",
    "clip-path",
    "'<!--",
    "\"<!--",
    "\u{200b}",
];

static NEEDLES: LazyLock<Option<Needles>> = LazyLock::new(|| Needles::new(STRONG));

/// What may hide something, so far.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// Something stands aside from the links that everybody sees.
    aside: bool,
}

impl Hidden {
    pub(super) fn read(&mut self, token: Token<'_>, _base: &Url) {
        match token {
            Token::Start(tag) => {
                let inside = tag.inside();
                self.aside |= inside.len() > LARGE_TAG && inside.matches("://").nth(2).is_some();
            }
            Token::Comment(text) => self.aside |= text.starts_with("[if") && text.contains("href="),
            Token::Raw(name, text) if name.eq_ignore_ascii_case("script") => {
                let data = text.trim_start().starts_with(['{', '[']);
                self.aside |= data || script::is_coded(text);
            }
            Token::Raw(name, text) if name.eq_ignore_ascii_case("noscript") => {
                self.aside |= text.contains("href=");
            }
            _ => {}
        }
    }

    /// The hidden links to other sites, one a technique, and the boxes that a style sheet may hide.
    pub(super) fn finish(self, page: &Given<'_>, links: &[Link]) -> (Vec<HiddenLink>, Vec<Boxed>) {
        let body = page.body();
        if !self.aside && !leads_away(page.url, links, body) {
            return (Vec::new(), Vec::new());
        }
        walk::Walk::new(page.url, body).whole(body).finish()
    }
}

/// Whether a page leads to a stranger, or in a strange way to the government.
fn leads_away(page: &Url, links: &[Link], body: &str) -> bool {
    let hosts = Hosts::of(page.host_str().unwrap_or_default());
    let mut public = false;
    for link in links {
        if !matches!(link.how, How::Anchor | How::Menu | How::Frame) {
            continue;
        }
        match hosts.whose(link.url.host_str().unwrap_or_default()) {
            Whose::Own | Whose::Nothing => {}
            Whose::Public => public = true,
            Whose::Unknown => return true,
        }
    }
    links.len() >= FULL || public && NEEDLES.as_ref().is_some_and(|needles| needles.is_match(body))
}

#[cfg(test)]
mod tests;
