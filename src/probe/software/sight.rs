//! Where software shows itself in an answer: headers, cookies, tags, addresses, comments, the page.

use std::borrow::Cow;

use url::Url;
use xuncha_model::facts::http::Header;

use super::{
    distributions::Origin,
    fingerprints::{Fingerprints, Product},
    pattern::{Found, Group},
    version,
};
use crate::{
    markup::{Tag, Token, Tokens},
    title::folded,
};

/// How much of a body is looked at, in bytes.
const MOST: usize = 1 << 20;
/// How many tags and comments of a page are looked at, and characters of evidence.
const MOST_PIECES: usize = 2_000;
const QUOTED: usize = 200;
/// Bytes of a comment, of an address and of a header's value that are looked at.
const COMMENT: usize = 512;
const ADDRESS: usize = 2_048;

/// The body of an answer, decoded.
#[derive(Clone, Copy, Debug, Default)]
pub enum Body<'e> {
    /// There is none, or it is of no interest.
    #[default]
    None,
    /// A page.
    Page(&'e str),
    /// A script of the site.
    Script(&'e str),
    /// A style sheet of the site.
    Style(&'e str),
}

/// One answer of a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'e> {
    /// Its address.
    pub url: &'e str,
    /// The headers it came with, names in lower case.
    pub headers: &'e [Header],
    /// The names of the cookies it set.
    pub cookies: &'e [&'e str],
    /// What it brought.
    pub body: Body<'e>,
    /// The name system says that a front end (CDN, cloud protection) answers for the site; what the headers say of it
    /// is seen without.
    pub front_end: bool,
}

/// Where something was seen, the better place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Comment,
    Header,
    Meta,
    Page,
    Script,
    Style,
    Cookie,
}

impl Place {
    /// The word of the facts.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Header => "header",
            Self::Meta => "meta",
            Self::Page => "page",
            Self::Script => "script",
            Self::Style => "style",
            Self::Cookie => "cookie",
        }
    }
}

/// A product that was seen.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    pub(super) product: usize,
    /// Cleaned; empty when none was said.
    pub(super) version: String,
    pub(super) place: Place,
    /// The banner, one line.
    pub(super) evidence: String,
    /// The address it was seen at.
    pub(super) url: String,
    /// The script or style sheet whose address it is, or whose inside.
    pub(super) file: Option<String>,
    pub(super) front_end: bool,
    /// What the banner says of where the software comes from.
    pub(super) origin: Origin,
    /// Marks other software seen at the same time as upstream's.
    upstream: bool,
}

/// Collects what one answer shows.
struct Eyes<'c, 'e> {
    list: &'c Fingerprints,
    evidence: &'c Evidence<'e>,
    /// A front end gave the answer.
    front: bool,
    base: Option<Url>,
    seen: Vec<Sighting>,
}

/// Every sighting in one answer.
pub(super) fn look(list: &Fingerprints, evidence: &Evidence<'_>) -> Vec<Sighting> {
    let front = evidence.front_end
        || evidence.headers.iter().any(|header| list.front_ends.contains(&header.name));
    let base = Url::parse(evidence.url).ok();
    let mut eyes = Eyes { list, evidence, front, base, seen: Vec::new() };
    eyes.headers();
    for cookie in evidence.cookies.iter().take(MOST_PIECES) {
        let found = list.places.cookies.find(cookie);
        eyes.add(found, Place::Cookie, cookie, None);
    }
    match evidence.body {
        Body::None => {}
        Body::Page(page) => eyes.page(head(page, MOST)),
        Body::Script(text) | Body::Style(text) => {
            let file = eyes.file(evidence.url);
            eyes.banners(head(text, MOST), file.as_deref());
        }
    }
    let mut seen = eyes.seen;
    // a server on Windows, or built by hand, does not stand on a distribution's parts
    let by_hand =
        |sighting: &Sighting| sighting.upstream || sighting.origin.upstream && !sighting.front_end;
    if seen.iter().any(by_hand) {
        for sighting in &mut seen {
            sighting.origin = Origin { tag: None, upstream: true };
        }
    }
    seen
}

impl Eyes<'_, '_> {
    fn headers(&mut self) {
        for header in self.evidence.headers {
            let Some(group) = self.list.places.headers.get(&header.name) else { continue };
            let value = head(&header.value, ADDRESS);
            let found = group.find(value);
            let label = found.first().map(|found| found.pattern.label.clone()).unwrap_or_default();
            self.add(found, Place::Header, &format!("{label}: {value}"), None);
        }
    }

    fn page(&mut self, page: &str) {
        let shown = shown(page);
        let found = self.list.places.pages.find(&shown);
        for found in found {
            let words = found.words;
            self.add(vec![found], Place::Page, words, None);
        }
        let mut pieces = 0;
        for token in Tokens::new(page) {
            match token {
                Token::Start(tag) if tag.is("script") => self.address(&tag, "src", Place::Script),
                Token::Start(tag) if tag.is("link") => self.link(&tag),
                Token::Start(tag) if tag.is("meta") => self.meta(&tag),
                Token::Comment(text) => self.comment(text, None),
                Token::Raw(name, text)
                    if name.eq_ignore_ascii_case("script")
                        || name.eq_ignore_ascii_case("style") =>
                {
                    self.banners(text, None);
                }
                _ => continue,
            }
            pieces += 1;
            if pieces >= MOST_PIECES {
                break;
            }
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        let style = tag.attribute("rel").is_some_and(|rel| {
            rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("stylesheet"))
        });
        if style {
            self.address(tag, "href", Place::Style);
        }
    }

    fn meta(&mut self, tag: &Tag<'_>) {
        let name = tag.attribute("name").or_else(|| tag.attribute("property"));
        let name = name.map(|name| name.to_ascii_lowercase());
        let Some(group) = name.and_then(|name| self.list.places.metas.get(&name)) else { return };
        let Some(content) = tag.attribute("content") else { return };
        let content = head(&content, ADDRESS);
        let found = group.find(content);
        let label = found.first().map(|found| found.pattern.label.clone()).unwrap_or_default();
        self.add(found, Place::Meta, &format!("{label}: {content}"), None);
    }

    /// The address of a script or style sheet, without its query: that is a cache breaker more often than a version.
    fn address(&mut self, tag: &Tag<'_>, name: &str, place: Place) {
        let Some(address) = tag.attribute(name) else { return };
        let address = head(address.trim(), ADDRESS);
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let places = &self.list.places;
        let group: &Group = if place == Place::Script { &places.scripts } else { &places.styles };
        let found = group.find(path);
        if !found.is_empty() {
            let file = self.file(address);
            self.add(found, place, address, file);
        }
    }

    /// The comments of a script or style sheet.
    fn banners(&mut self, text: &str, file: Option<&str>) {
        let mut rest = text;
        for _ in 0..MOST_PIECES {
            let Some(at) = rest.find('/') else { return };
            let here = rest.get(at..).unwrap_or_default();
            let (inside, length) = if let Some(inside) = here.strip_prefix("/*") {
                let length = inside.find("*/").unwrap_or(inside.len());
                (inside.get(..length).unwrap_or_default(), length + 4)
            } else if here.starts_with("//!") {
                // the banner may go on in the next lines
                (here, here.find('\n').unwrap_or(here.len()))
            } else {
                let next = here.get(1..).unwrap_or_default();
                rest = next;
                continue;
            };
            self.comment(inside, file);
            rest = here.get(length..).unwrap_or_default();
        }
    }

    fn comment(&mut self, text: &str, file: Option<&str>) {
        let text = head(text, COMMENT).trim_start_matches(|char: char| {
            char.is_whitespace() || matches!(char, '*' | '!' | '/' | '=' | '-' | '~' | '#')
        });
        if !self.list.places.comments.is_near(text) {
            return;
        }
        let plain = flat(text);
        let found = self.list.places.comments.find_whole(&plain);
        if !found.is_empty() {
            self.add(found, Place::Comment, &plain, file.map(str::to_owned));
        }
    }

    /// The absolute address of a file, without its fragment.
    fn file(&self, address: &str) -> Option<String> {
        let mut url = match &self.base {
            Some(base) => base.join(address).ok()?,
            None => Url::parse(address).ok()?,
        };
        url.set_fragment(None);
        Some(url.into())
    }

    fn add(&mut self, found: Vec<Found<'_, '_>>, place: Place, banner: &str, file: Option<String>) {
        if found.is_empty() {
            return;
        }
        let origin = match place {
            Place::Header | Place::Page => Origin::of(banner),
            _ => Origin::default(),
        };
        for found in found {
            let Some(product) = self.list.products.get(found.pattern.product) else { continue };
            self.seen.push(Sighting {
                product: found.pattern.product,
                version: cut(&found.version, product),
                place,
                evidence: quote(banner),
                url: self.evidence.url.to_owned(),
                file: file.clone(),
                front_end: product.front_end || self.is_of_front(&found, product, place),
                origin: origin.clone(),
                upstream: found.pattern.upstream,
            });
        }
    }

    /// A front end speaks of itself in `Server`, and on pages of its own.
    fn is_of_front(&self, found: &Found<'_, '_>, product: &Product, place: Place) -> bool {
        self.front
            && match place {
                Place::Header => found.pattern.label.eq_ignore_ascii_case("server"),
                Place::Page => product.proxy,
                _ => false,
            }
    }
}

fn cut(version: &str, product: &Product) -> String {
    let version = version::clean(version);
    match product.cut.as_ref().and_then(|cut| cut.find(&version)) {
        Some(tail) => version::clean(&version[..tail.start()]),
        None => version,
    }
}

/// White space and asterisks as one space each.
fn flat(text: &str) -> String {
    let words = text.split(|char: char| char.is_whitespace() || char == '*');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn head(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// What was seen, on one line, without anything that moves a cursor, hides or turns text.
fn quote(text: &str) -> String {
    let text = head(text, 8 * QUOTED);
    let hidden = |char: char| {
        char.is_control()
            || matches!(char, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let plain: Cow<'_, str> = if text.contains(hidden) {
        text.chars().map(|char| if hidden(char) { ' ' } else { char }).collect::<String>().into()
    } else {
        text.into()
    };
    folded(&plain, QUOTED)
}

/// A page without its comments: what they talk about is not in use.
fn shown(page: &str) -> String {
    let mut tokens = Tokens::new(page);
    let (mut out, mut from) = (String::with_capacity(page.len()), 0);
    while let Some(token) = tokens.next() {
        if !matches!(token, Token::Comment(_)) {
            out.push_str(page.get(from..tokens.position()).unwrap_or_default());
        }
        from = tokens.position();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_one_short_line() {
        assert_eq!(quote("a\u{1b}[31m\r\nb\u{202e}c\u{0}"), "a [31m b c");
        assert_eq!(quote(&"宽".repeat(10_000)).chars().count(), QUOTED);
    }
}
