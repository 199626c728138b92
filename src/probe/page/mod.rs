//! What one page shows, loads and sends: one pass over its mark-up, every check fed from it.

mod forms;
mod loads;
mod signs;

use std::{borrow::Cow, collections::BTreeMap};

use url::Url;
use xuncha_model::{
    Reason,
    facts::{
        http::Header,
        page::{Origin, PageFacts},
    },
};

use crate::{
    address::reported,
    markup::{Tag, Token, Tokens, resolve},
    title::folded,
};

pub use loads::neighbours;
pub(crate) use loads::same_place;
pub(crate) use signs::snippet;

/// How much of a page is looked at, in bytes; what comes after is neither shown nor judged.
const MOST: usize = 2 << 20;
/// Kept of a title, a tag's content, and the number of tags.
const LONGEST_TITLE: usize = 300;
const LONGEST_TAG: usize = 500;
const MOST_TAGS: usize = 100;

/// A page as it was fetched or saved.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Its address after redirects: what its links are relative to.
    pub url: &'a Url,
    /// How we came to it.
    pub origin: Origin,
    /// The status it came with.
    pub status: u16,
    /// The headers it came with, names in lower case.
    pub headers: &'a [Header],
    /// Its text, decoded.
    pub text: &'a str,
    /// The charset it was decoded with.
    pub encoding: &'a str,
    /// The charset it declared.
    pub declared_encoding: &'a str,
}

impl Given<'_> {
    /// The page as far as it is looked at.
    fn body(&self) -> &str {
        &self.text[..self.text.floor_char_boundary(MOST)]
    }
}

/// The facts of a page.
pub fn facts(page: &Given<'_>) -> PageFacts {
    let mut reader = Reader::new(page.url);
    for token in Tokens::new(page.body()) {
        reader.read(token);
    }
    let Reader { title, tags, loads, forms, .. } = reader;
    let title = title.unwrap_or_default();
    PageFacts {
        mixed_content: loads.mixed(page),
        forms: forms.finish(page.url),
        directory_listing: signs::listing(page.body()),
        leaks: signs::leaks(page.body()),
        url: reported(page.url),
        origin: page.origin,
        reason: Reason::Ok,
        status: page.status,
        title,
        encoding: page.encoding.to_owned(),
        declared_encoding: page.declared_encoding.to_owned(),
        tags,
    }
}

/// A page that was asked for and not read.
pub fn unread(url: &Url, origin: Origin, reason: Reason) -> PageFacts {
    PageFacts {
        url: reported(url),
        origin,
        reason,
        status: 0,
        title: String::new(),
        encoding: String::new(),
        declared_encoding: String::new(),
        tags: BTreeMap::new(),
        mixed_content: Vec::new(),
        forms: Vec::new(),
        directory_listing: String::new(),
        leaks: Vec::new(),
    }
}

/// What the pass has come to know.
struct Reader {
    title: Option<String>,
    drawing: bool,
    tags: BTreeMap<String, String>,
    /// What addresses are relative to: the page's own, or that of the first `<base>`.
    base: Url,
    based: bool,
    loads: loads::Loads,
    forms: forms::Forms,
}

impl Reader {
    fn new(url: &Url) -> Self {
        Self {
            title: None,
            drawing: false,
            tags: BTreeMap::new(),
            base: url.clone(),
            based: false,
            loads: loads::Loads::default(),
            forms: forms::Forms::default(),
        }
    }

    fn read(&mut self, token: Token<'_>) {
        match token {
            Token::Start(tag) => self.start(tag),
            Token::End(name) if name.eq_ignore_ascii_case("svg") => self.drawing = false,
            Token::End(name) => self.forms.end(name),
            Token::Text(text) => self.forms.text(text),
            Token::Raw(name, text) if name.eq_ignore_ascii_case("title") => {
                if !self.drawing && self.title.is_none() {
                    self.title = Some(folded(&resolve(text), LONGEST_TITLE));
                }
            }
            Token::Raw(..) | Token::Comment(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        if tag.is("svg") {
            self.drawing = true;
        } else if tag.is("meta") {
            self.meta(tag);
        } else if tag.is("base") && !self.based {
            if let Some(base) =
                tag.attribute("href").and_then(|href| self.base.join(href.trim()).ok())
            {
                self.base = base;
                self.based = true;
            }
        } else {
            self.loads.tag(tag, &self.base);
            self.forms.tag(tag, &self.base);
        }
    }

    fn meta(&mut self, tag: Tag<'_>) {
        let content = tag.attribute("content").unwrap_or(Cow::Borrowed(""));
        if let Some(name) = tag.attribute("name") {
            let name = folded(&name, LONGEST_TITLE).to_lowercase();
            if !name.is_empty() && self.tags.len() < MOST_TAGS {
                self.tags.entry(name).or_insert_with(|| folded(&content, LONGEST_TAG));
            }
        }
        let equiv = tag.attribute("http-equiv").unwrap_or(Cow::Borrowed(""));
        if equiv.eq_ignore_ascii_case("content-security-policy") {
            self.loads.policy(&content);
        }
    }
}
