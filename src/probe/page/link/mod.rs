//! The links of a page: what a reader can follow and what a browser loads, wherever the mark-up or a script holds it.

mod address;
mod held;
mod list;
mod menu;
mod numbers;
mod pieces;
mod script;
mod target;
mod words;

use std::hash::BuildHasher as _;

use serde::{Deserialize, Serialize};
use url::Url;
use xuncha_model::facts::page::LinkCounts;

use super::{Given, loads, written::written};
use crate::markup::{Tag, Token, Tokens, resolve};

use address::{Leads, leads};
use held::{Attributes, breaks, matters};
pub(crate) use list::{is_below, is_government, leaving_notice};
use menu::Menu;
use numbers::Numbers;
use script::{Found, Place};
use target::{percent_decoded, refreshes_to, script_address};
use words::{Words, folded};

/// Links that are kept of a page.
const MOST: usize = 2000;
/// Addresses one open link may stand for.
const MOST_OPEN: usize = 8;

/// One link of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where it leads, absolute, as the page means it (not normalised further); http and https only.
    pub url: Url,
    /// Its words, or the `alt` or `title` of what stands in their place; at most 60 characters.
    pub text: String,
    /// What holds it.
    pub how: How,
}

/// What holds a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// `<a>`, `<area>`.
    Anchor,
    /// The same, within a `<nav>` or what stands for one.
    Menu,
    /// `<frame>`, `<iframe>`.
    Frame,
    /// `<meta http-equiv=refresh>`, `location.href = …` of a script that runs by itself.
    Refresh,
    /// An address in an `onclick`, a `data-` attribute, an `<option>` or the data of an inline script.
    Script,
    /// `<img>`, `<video>`, `<audio>`, `<embed>`, `<object>`.
    Media,
    /// `<link rel=stylesheet>`, `<script src>`.
    Code,
}

impl How {
    /// Of several holders of one address the one that counts: what a reader sees before what a browser loads.
    fn rank(self) -> u8 {
        match self {
            Self::Menu => 3,
            Self::Anchor => 2,
            Self::Frame | Self::Refresh | Self::Script => 1,
            Self::Media | Self::Code => 0,
        }
    }

    /// The browser loads it by itself.
    fn is_loaded(self) -> bool {
        matches!(self, Self::Frame | Self::Media | Self::Code)
    }
}

/// The links seen so far.
#[derive(Debug, Default)]
pub(super) struct Links {
    links: Vec<Link>,
    numbers: Numbers,
    /// A `<base>` has come.
    based: bool,
    menu: Menu,
    /// The element whose words are gathered, and the links that they are the words of.
    open: Option<Ends>,
    /// The name of an element that is a link by its `onclick`.
    element: String,
    waiting: Vec<(usize, How)>,
    words: Words,
}

/// With what an open link ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Anchor,
    Option,
    /// Whatever has an `onclick`.
    Element,
}

impl Links {
    pub(super) fn read(&mut self, token: Token<'_>, base: &Url) {
        match token {
            Token::Start(tag) => self.tag(tag, base),
            Token::End(name) => self.end(name),
            Token::Text(text) if self.open.is_some() => self.words.text(text),
            Token::Text(text) => self.menu.text(text),
            Token::Raw(name, script) if name.eq_ignore_ascii_case("script") => {
                self.script(script, Place::Page, base);
                for token in Tokens::new(&written(script)) {
                    // what a written script writes is not followed further
                    if !matches!(token, Token::Raw(..)) {
                        self.read(token, base);
                    }
                }
            }
            Token::Raw(..) | Token::Comment(_) => {}
        }
    }

    fn tag(&mut self, tag: Tag<'_>, base: &Url) {
        let held = if matters(tag) { Attributes::of(tag) } else { Attributes::default() };
        self.menu.tag(tag, [held.id, held.class]);
        if tag.is("a") {
            self.anchor(&held, base);
        } else if tag.is("area") {
            self.area(&held, base);
        } else if tag.is("option") {
            self.close();
            let absolute =
                |value: &str| value.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("http"));
            if absolute(held.value) {
                self.begin(Ends::Option);
                self.wait(&resolve(held.value), How::Script, base);
            }
        } else if tag.is("img") {
            self.picture(&held, base);
        } else if tag.is("base") {
            if !self.based {
                self.based = true;
                // what is written alike leads elsewhere now
                self.numbers.keep_only(&self.links);
            }
        } else if self.open.is_some() && breaks(tag.name()) {
            self.words.pause();
        }
        if held.click.is_some() || held.data.is_some() {
            self.pushed(tag, &held, base);
        }
    }

    fn anchor(&mut self, held: &Attributes<'_>, base: &Url) {
        // an anchor in an element that is a link itself, before any words: they are the words of both
        if matches!(self.open, Some(Ends::Anchor | Ends::Option)) || self.words.has_text() {
            self.close();
        }
        if self.open.is_none() {
            self.words.clear();
        }
        self.open = Some(Ends::Anchor);
        self.words.title(&resolve(held.title));
        let Some(href) = held.href.map(resolve) else { return };
        if let Some(script) = script_address(&href) {
            self.script(&percent_decoded(script), Place::Handler, base);
        } else {
            let how = if self.menu.is_open() { How::Menu } else { How::Anchor };
            self.wait(&href, how, base);
        }
    }

    fn area(&mut self, held: &Attributes<'_>, base: &Url) {
        let how = if self.menu.is_open() { How::Menu } else { How::Anchor };
        let label = if held.alt.is_empty() { held.title } else { held.alt };
        if let Some(number) = held.href.and_then(|href| self.number(&resolve(href), how, base)) {
            self.put(number, how, &resolve(label));
        }
    }

    fn picture(&mut self, held: &Attributes<'_>, base: &Url) {
        let label = resolve(if held.alt.is_empty() { held.title } else { held.alt });
        if self.open.is_some() {
            self.words.picture(&label);
        }
        if let Some(number) =
            held.lazy.and_then(|lazy| self.number(&resolve(lazy), How::Media, base))
        {
            self.put(number, How::Media, &label);
        }
    }

    /// What is opened by a click on any element.
    fn pushed(&mut self, tag: Tag<'_>, held: &Attributes<'_>, base: &Url) {
        let anchor = tag.is("a");
        let before = self.waiting.len();
        if let Some(click) = held.click {
            self.script(&resolve(click), Place::Handler, base);
        }
        // beside a real address data belong to a program
        let real = anchor
            && held
                .href
                .is_some_and(|href| self.number(&resolve(href), How::Anchor, base).is_some());
        if let Some(data) = held.data.map(resolve).filter(|data| !real && address::opens(data)) {
            self.wait(&data, How::Script, base);
        }
        if anchor || self.waiting.len() == before {
            return;
        }
        if self.open.is_none() || self.words.has_text() {
            let found = self.waiting.split_off(before);
            self.close();
            self.begin(Ends::Element);
            tag.name().clone_into(&mut self.element);
            self.waiting = found;
        }
        self.words.title(&resolve(held.title));
        if tag.is("input") {
            // it has no end
            self.words.title(&resolve(held.value));
            self.close();
        }
    }

    fn end(&mut self, name: &str) {
        self.menu.end(name);
        let ends = match self.open {
            None => return,
            Some(Ends::Anchor) => name.eq_ignore_ascii_case("a"),
            Some(Ends::Option) => {
                name.eq_ignore_ascii_case("option") || name.eq_ignore_ascii_case("select")
            }
            Some(Ends::Element) => name.eq_ignore_ascii_case(&self.element),
        };
        if ends {
            self.close();
        } else if breaks(name) {
            self.words.pause();
        }
    }

    fn begin(&mut self, ends: Ends) {
        self.words.clear();
        self.open = Some(ends);
    }

    /// The open link gets its words.
    fn close(&mut self) {
        self.open = None;
        let mut waiting = std::mem::take(&mut self.waiting);
        let words = std::mem::take(&mut self.words);
        for (number, how) in waiting.drain(..) {
            self.put(number, how, words.best());
        }
        (self.waiting, self.words) = (waiting, words);
        self.words.clear();
    }

    /// An address whose words are still to come.
    fn wait(&mut self, raw: &str, how: How, base: &Url) {
        if let Some(number) = self.number(raw, how, base)
            && self.waiting.len() < MOST_OPEN
        {
            self.waiting.push((number, how));
        }
    }

    fn script(&mut self, script: &str, place: Place, base: &Url) {
        script::addresses(script, place, |Found { address, words, how }| {
            match self.number(&address, how, base) {
                Some(number) if place == Place::Handler && self.waiting.len() < MOST_OPEN => {
                    self.waiting.push((number, how));
                }
                Some(number) => self.put(number, how, &words),
                None => {}
            }
        });
    }

    /// `<meta http-equiv=refresh content="0;url=…">` (WHATWG HTML, 4.2.5.3).
    pub(super) fn refresh(&mut self, meta: Tag<'_>, base: &Url) {
        let content = meta.attribute("content").unwrap_or_default();
        if let Some(address) = refreshes_to(&content) {
            self.number(address, How::Refresh, base);
        }
    }

    /// What a tag makes the browser load; mixed content is told from the same addresses.
    pub(super) fn loads(&mut self, tag: Tag<'_>, base: &Url, mixed: &mut loads::Loads) {
        loads::loaded(tag, |kind, raw| {
            let how = match kind {
                "script" | "style" => How::Code,
                "frame" => How::Frame,
                _ => How::Media,
            };
            let Some(number) = self.number(raw, how, base) else { return };
            let Some(link) = self.links.get_mut(number) else { return };
            mixed.add(kind, &link.url);
            if how == How::Media && link.text.is_empty() {
                let label = tag.attribute("alt").or_else(|| tag.attribute("title"));
                link.text = label.map(|label| folded(&label)).unwrap_or_default();
            }
        });
    }

    /// The number of the link to this address, a new one for a new address; `None` for what leads nowhere.
    fn number(&mut self, raw: &str, how: How, base: &Url) -> Option<usize> {
        let raw = raw.trim_ascii();
        let hash = self.numbers.hash(raw);
        if let Some(number) = self.numbers.map.get(&hash) {
            return *number;
        }
        if self.links.len() >= MOST || self.numbers.map.len() >= 4 * MOST {
            return None;
        }
        if self.links.is_empty() {
            // room for an ordinary page
            self.links.reserve(64);
            self.numbers.map.reserve(192);
        }
        let Some(url) = address::resolved(raw, base) else {
            self.numbers.map.insert(hash, None);
            return None;
        };
        let next = self.links.len();
        let number = *self
            .numbers
            .map
            .entry(self.numbers.hasher.hash_one(url.as_str()))
            .or_insert(Some(next));
        self.numbers.map.insert(hash, number);
        if number == Some(next) {
            self.links.push(Link { url, text: String::new(), how });
        }
        number
    }

    /// What an address, as written, was resolved to; nothing where a `<base>` has made something else of it.
    pub(super) fn known(&self, raw: &str) -> Option<&Url> {
        let hash = self.numbers.hash(raw.trim_ascii());
        let number = self.numbers.map.get(&hash).copied().flatten().filter(|_| !self.based)?;
        self.links.get(number).map(|link| &link.url)
    }

    /// The words of a holder: the first ones count, unless a better holder comes.
    fn put(&mut self, number: usize, how: How, words: &str) {
        let Some(link) = self.links.get_mut(number) else { return };
        let better = how.rank() > link.how.rank();
        if better {
            link.how = how;
        }
        if (better || link.text.is_empty()) && !words.is_empty() {
            link.text = folded(words);
        }
    }

    /// Each address once, in the order of the page, and how many lead where.
    pub(super) fn finish(mut self, page: &Given<'_>) -> (Vec<Link>, LinkCounts) {
        self.close();
        let host = page.url.host_str().unwrap_or_default();
        let mut counts = LinkCounts::default();
        for link in &self.links {
            let count = match leads(&link.url, host) {
                _ if link.how.is_loaded() => &mut counts.loaded,
                Leads::Inner => &mut counts.inner,
                Leads::Attachment => &mut counts.attachment,
                Leads::Foreign => &mut counts.foreign,
            };
            *count += 1;
        }
        (self.links, counts)
    }
}

#[cfg(test)]
mod tests;
