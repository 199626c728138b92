//! What one page shows, loads and sends: one pass over its mark-up, every check fed from it.

mod barrier;
pub(crate) mod catalog;
mod defaced;
mod footer;
mod forms;
pub(crate) mod guide;
pub mod hidden;
mod identity;
mod injected;
mod kind;
pub mod link;
mod loads;
mod malice;
mod marks;
mod message;
pub(crate) mod needles;
mod number;
mod printed;
pub mod row;
mod says;
mod script;
pub(crate) mod shape;
pub(crate) mod sights;
mod signs;
mod tags;
mod wording;
mod words;
mod written;

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{DateTime, Utc};
use url::Url;
use xuncha_model::{
    Reason,
    facts::{
        content::Content,
        http::Header,
        page::{Origin, PageFacts, PageKind},
    },
};

use crate::{
    address::reported,
    lexicon,
    markup::{Tag, Token, Tokens, resolve},
    privacy, secrecy,
    title::folded,
};

pub use identity::add_script;
pub(crate) use injected::injected_in;
pub use link::{How, Link};
pub use loads::neighbours;
pub(crate) use loads::same_place;
pub(crate) use message::message_page;
pub use row::Row;
use sights::Sights;
pub(crate) use signs::snippet;
pub(crate) use wording::wrong_in;

/// How much of a page is looked at, in bytes; what comes after is neither shown nor judged.
pub(crate) const MOST: usize = 2 << 20;
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
    /// When it was read: what "today" and "yesterday" mean on it.
    pub at: DateTime<Utc>,
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
    pub(crate) fn body(&self) -> &str {
        &self.text[..self.text.floor_char_boundary(MOST)]
    }
}

/// A page that was read: its facts, and what only the crawl needs.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRead {
    /// What is known of it.
    pub facts: PageFacts,
    /// Its links, each address once, in their order.
    pub links: Vec<Link>,
    /// The rows of its lists, in their order.
    pub rows: Vec<Row>,
    /// Its text, as a reader sees it: lines, and tabs between cells.
    pub text: String,
    /// Boxes of foreign links that a style sheet of the site may hide, at most 40.
    pub boxed: Vec<hidden::Boxed>,
}

/// The facts of a page.
pub fn facts(page: &Given<'_>) -> PageFacts {
    read(page).facts
}

/// Reads a page in one pass.
pub fn read(page: &Given<'_>) -> PageRead {
    let mut reader = Reader::new(page);
    for token in Tokens::new(page.body()) {
        reader.read(token);
    }
    reader.finish(page)
}

/// A page that was asked for and not read.
pub fn unread(url: &Url, origin: Origin, reason: Reason) -> PageFacts {
    PageFacts { url: reported(url), origin, reason, ..PageFacts::default() }
}

/// What the pass has come to know.
struct Reader {
    title: Option<String>,
    drawing: bool,
    tags: BTreeMap<String, String>,
    /// What addresses are relative to: the page's own, or that of the first `<base>`.
    base: Url,
    based: bool,
    words: words::Words,
    links: link::Links,
    rows: row::Rows,
    barriers: barrier::Barriers,
    loads: loads::Loads,
    forms: forms::Forms,
    identity: identity::Identity,
    hidden: hidden::Hidden,
    malice: malice::Malice,
    shape: shape::Shapes,
}

impl Reader {
    fn new(page: &Given<'_>) -> Self {
        Self {
            title: None,
            drawing: false,
            tags: BTreeMap::new(),
            base: page.url.clone(),
            based: false,
            words: words::Words::of(page.text.len()),
            links: link::Links::default(),
            rows: row::Rows::default(),
            barriers: barrier::Barriers::default(),
            loads: loads::Loads::default(),
            forms: forms::Forms::default(),
            identity: identity::Identity::default(),
            hidden: hidden::Hidden::default(),
            malice: malice::Malice::of(page.url),
            shape: shape::Shapes::of(page.origin),
        }
    }

    fn read(&mut self, token: Token<'_>) {
        self.words.read(token);
        self.links.read(token, &self.base);
        self.rows.read(token, &self.base);
        self.barriers.read(token);
        self.identity.read(token, &self.base);
        self.hidden.read(token, &self.base);
        self.malice.read(token);
        self.shape.read(token, &self.base);
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
            self.links.loads(tag, &self.base, &mut self.loads);
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
        } else if equiv.eq_ignore_ascii_case("refresh") {
            self.links.refresh(tag, &self.base);
        }
    }

    fn finish(self, page: &Given<'_>) -> PageRead {
        let Self { title, tags, words, links, rows, barriers, loads, forms, identity, .. } = self;
        let Self { hidden, malice, shape, .. } = self;
        let title = title.unwrap_or_default();
        let text = words.finish();
        let sights = Sights::of(&text);
        let rows = rows.finish(page.at, |href| links.known(href).cloned());
        let (links, counts) = links.finish(page);
        let (hidden_links, boxed) = hidden.finish(page, &links);
        let article_tags = tags::article(&tags, page.at);
        let undated = rows.iter().filter(|row| row.date.is_none()).count();
        let mut facts = PageFacts {
            url: reported(page.url),
            origin: page.origin,
            reason: Reason::Ok,
            status: page.status,
            kind: PageKind::Other,
            shell: false,
            encoding: page.encoding.to_owned(),
            declared_encoding: page.declared_encoding.to_owned(),
            text_chars: words::count(&text),
            site_tags: tags::site(&tags),
            column_tags: tags::column(&tags),
            published: printed::published(page, &text, &sights, &article_tags),
            article_tags,
            placeholders: tags::placeholders(&tags),
            identity: identity.facts(&text, &sights, &tags),
            newest: row::newest(&rows, page.at),
            rows: number(rows.len()),
            undated_rows: number(undated),
            links: counts,
            source: printed::source(&text, &sights),
            catalog: catalog::fields(&text, &sights),
            guide: guide::guide(&title, &text),
            messages: message::messages(page, &title, &text, &sights, &links),
            says: Vec::new(),
            leaving_notice: link::leaving_notice(page.body()),
            barriers: barriers.finish(),
            mixed_content: loads.mixed(page),
            forms: forms.finish(page.url),
            directory_listing: signs::listing(page.body()),
            leaks: signs::leaks(page.body()),
            content: Content { hidden_links, malicious: malice.finish(page), ..Content::default() },
            shape: shape.finish(page, &title, &text, &links),
            title,
            tags,
        };
        (facts.kind, facts.shell) = kind::kind(&facts, &text, page.body());
        facts.says = says::says(&facts, &text, &sights);
        let hits = lexicon::hits(&text);
        facts.content.injected = injected::injected(&facts, &links, &text, &hits);
        facts.content.wording = wording::wrong(&facts, &text, &hits);
        facts.content.marks = secrecy::marks_seen(&text, &sights);
        let mut read = PageRead { facts, links, rows, text, boxed };
        privacy::look(&mut read, page);
        if !read.facts.content.marks.is_empty() {
            // of a document that bears a mark nothing of its text is kept
            read.facts.tags.values_mut().for_each(String::clear);
            secrecy::withhold(&mut read.facts.content);
        }
        read
    }
}

/// A count of things on a page.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
