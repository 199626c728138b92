//! Scripts and frames of a malicious form: `rules/lists/malice.yaml`.
//!
//! # Decisions
//!
//! 2026-11-24: a packed or encoded script is innocent, menus and statistics are. It is malicious when what it hides is the
//! address of a foreign host that it then loads or leads to: whoever has nothing to hide writes the address out.
//!
//! 2026-11-24: a redirect to a foreign host alone is innocent: editors make articles of such pages that lead to the press, and
//! sites move. It is malicious when it asks first whether the reader comes from a search engine or is one's spider.
//!
//! 2026-11-24: a hidden frame that a script may show (it has an id, a name or a class, and a size) is innocent: so are chat
//! windows built in.

mod code;
mod frame;
mod host;
mod list;
mod packed;
mod redirect;
mod reveal;

use std::sync::LazyLock;

use url::Url;
use xuncha_model::facts::content::Malicious;

use super::{Given, needles::Needles};
use crate::{
    markup::{Tag, Token},
    title::folded,
};

use host::Own;
use list::{SOURCES, list};

/// Bytes of scripts that are looked at on a page.
const MOST_BYTES: usize = 256 << 10;
/// Kinds and hosts that are told of a page, and characters of a snippet.
const MOST: usize = 20;
const SNIPPET: usize = 200;

/// Without one of these a tag has no such handler.
static HANDLERS: LazyLock<Option<Needles>> =
    LazyLock::new(|| Needles::new(&["rror", "RROR", "load", "LOAD", "Load"]));

/// What was found so far.
#[derive(Debug)]
pub(super) struct Malice {
    own: Own,
    /// Bytes of scripts that may still be looked at.
    room: usize,
    found: Vec<Found>,
    /// The mark of a comment `<!--c3284d-->`, and whether a script or a frame came since.
    mark: Option<[u8; MARK]>,
    loaded: bool,
}

/// Hexadecimal digits of a mark.
const MARK: usize = 6;

/// Something malicious.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    kind: &'static str,
    /// Empty where it names none.
    host: String,
    snippet: String,
}

impl Malice {
    /// For a page at this address.
    pub(super) fn of(url: &Url) -> Self {
        let own = Own::of(url);
        Self { own, room: MOST_BYTES, found: Vec::new(), mark: None, loaded: false }
    }

    pub(super) fn read(&mut self, token: Token<'_>) {
        match token {
            Token::Start(tag) => {
                // most tags of a page are known by their first letter, or are shorter
                if let [b'i' | b'I' | b's' | b'S' | b'o' | b'O' | b'b' | b'B', _, _, ..] =
                    tag.name().as_bytes()
                {
                    self.tag(tag);
                }
            }
            Token::Raw(name, text) if name.eq_ignore_ascii_case("script") => self.script(text),
            Token::Raw(name, text) if name.eq_ignore_ascii_case("title") => self.title(text),
            Token::Comment(text) if (MARK..=MARK + 1).contains(&text.len()) => self.comment(text),
            _ => {}
        }
    }

    fn tag(&mut self, tag: Tag<'_>) {
        if tag.is("script") {
            self.loaded = true;
            self.source(tag);
        } else if tag.is("iframe") || tag.is("object") {
            self.loaded = true;
            self.frame(tag);
        } else if tag.is("img") || tag.is("body") {
            self.handler(tag);
        }
    }

    fn source(&mut self, tag: Tag<'_>) {
        let (Some(list), Some(gate)) = (list(), SOURCES.as_ref()) else { return };
        let may_fit = gate.may_fit(tag.inside());
        for (at, sign) in list.sources.iter().enumerate() {
            if may_fit(at)
                && let Some(src) = tag.attribute("src")
                && sign.pattern.is_match(src.trim())
            {
                let host = host::of_address(src.trim()).unwrap_or_default();
                self.put(list.known(&sign.kind), host, &src);
            }
        }
    }

    fn frame(&mut self, tag: Tag<'_>) {
        if let Some(host) = frame::hidden(tag, &self.own) {
            self.put("zero-frame", host, &format!("<{} {}", tag.name(), tag.inside()));
        }
    }

    /// A picture that cannot be loaded, and the page itself, run what stands in their handlers.
    fn handler(&mut self, tag: Tag<'_>) {
        if !HANDLERS.as_ref().is_some_and(|words| words.is_match(tag.inside())) {
            return;
        }
        for name in ["onerror", "onload"] {
            if let Some(handler) = tag.attribute(name)
                && handler.len() <= self.room
            {
                self.room -= handler.len();
                let mut found = code::malicious(&handler, &self.own);
                if tag.is("img") {
                    found.extend(code::loads(&handler, &self.own));
                }
                found.into_iter().for_each(|found| self.keep(found));
            }
        }
    }

    fn script(&mut self, text: &str) {
        let text = text.get(..text.floor_char_boundary(self.room)).unwrap_or_default();
        self.room -= text.len();
        if code::may_be_malicious(text) {
            let found = code::malicious(text, &self.own);
            found.into_iter().for_each(|found| self.keep(found));
        }
    }

    fn title(&mut self, text: &str) {
        let Some(list) = list() else { return };
        let title = text.trim();
        for sign in &list.titles {
            if sign.pattern.is_match(title) {
                self.put(list.known(&sign.kind), String::new(), title);
            }
        }
    }

    /// `<!--c3284d-->…<!--/c3284d-->` around a script: what a program injected that will find it again.
    fn comment(&mut self, text: &str) {
        let (closes, mark) = match text.strip_prefix('/') {
            Some(mark) => (true, mark),
            None => (false, text),
        };
        let Ok(mark) = <[u8; MARK]>::try_from(mark.as_bytes()) else { return };
        if !mark.iter().all(u8::is_ascii_hexdigit) {
            return;
        }
        if closes && self.mark == Some(mark) && self.loaded {
            self.put("marker", String::new(), &format!("<!--{}-->", text.trim_start_matches('/')));
        }
        self.mark = (!closes).then_some(mark);
        self.loaded = false;
    }

    fn put(&mut self, kind: &'static str, host: String, snippet: &str) {
        self.keep(Found { kind, host, snippet: shown(snippet) });
    }

    fn keep(&mut self, found: Found) {
        let same = |known: &Found| known.kind == found.kind && known.host == found.host;
        if !found.kind.is_empty() && self.found.len() < MOST && !self.found.iter().any(same) {
            self.found.push(found);
        }
    }

    /// Each kind and host once.
    pub(super) fn finish(self, _page: &Given<'_>) -> Vec<Malicious> {
        let titled = |found: Found| Malicious {
            kind: found.kind.to_owned(),
            title: list().map(|list| list.title(found.kind).to_owned()).unwrap_or_default(),
            host: found.host,
            snippet: found.snippet,
        };
        self.found.into_iter().map(titled).collect()
    }
}

/// Mark-up or code as it is shown: on one line, without control characters, cut.
fn shown(text: &str) -> String {
    let begin = text.get(..text.floor_char_boundary(8 * SNIPPET)).unwrap_or_default();
    let plain: String = begin.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    folded(&plain, SNIPPET)
}

#[cfg(test)]
mod tests;
