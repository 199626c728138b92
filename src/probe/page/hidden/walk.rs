//! The way through a page that may hide links: which elements are open, how they hide, which links stand in them.

use url::Url;

use super::{
    element::{self, Name, Open, Stack, name},
    found::Found,
    host::{Hosts, Whose},
    script, stuffing,
    tag::Held,
    technique::{Set, Technique as T},
    weigh::Away,
};
use crate::{
    markup::{Tag, Token, Tokens, resolve},
    page::written::written,
};

/// Links to other sites that are kept; those beyond weigh nothing.
const MOST: usize = 1_000;
/// Characters of a link's words.
const LONGEST_TEXT: usize = 60;
/// Bytes of an address, and of a tag that is shown.
const LONGEST_ADDRESS: usize = 2_000;
const LONGEST_TAG: usize = 140;
/// Levels within a menu that belong to it.
const MENU: u8 = 3;

/// The link whose words are read.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    link: usize,
    /// Open elements when it was opened, itself among them.
    depth: usize,
    /// Words that are drawn as text is.
    plain: bool,
    /// How other words of it are drawn so that nobody sees them.
    covered: Set,
    /// Characters without any width.
    blank: bool,
}

/// What is known on the way.
#[derive(Debug)]
pub(super) struct Walk<'w> {
    pub(super) hosts: Hosts,
    page: &'w Url,
    base: Url,
    based: bool,
    stack: Stack,
    anchor: Option<Anchor>,
    /// A script is writing; it is decoded code.
    writing: bool,
    coded: bool,
    pub(super) found: Found<'w>,
}

impl<'w> Walk<'w> {
    pub(super) fn new(page: &'w Url, body: &'w str) -> Self {
        Self {
            hosts: Hosts::of(page.host_str().unwrap_or_default()),
            page,
            base: page.clone(),
            based: false,
            stack: Stack::default(),
            anchor: None,
            writing: false,
            coded: false,
            found: Found::new(body),
        }
    }

    /// Goes through the page.
    pub(super) fn whole(mut self, body: &str) -> Found<'w> {
        let mut kind = String::new();
        for token in Tokens::new(body) {
            match token {
                Token::Raw(element, text) => self.raw(element, text, &kind),
                Token::Start(tag) if tag.is("script") => {
                    kind = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
                }
                token => self.token(token),
            }
        }
        self.end_to(0);
        self.found
    }

    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Start(tag) => self.start(tag),
            Token::End(ends) => self.end(name(ends)),
            Token::Text(text) => self.text(text),
            Token::Comment(text) if text.trim_start().starts_with("[if") => {
                // what only browsers of long ago were shown
                let inside = text.split_once("]>").map_or("", |(_, inside)| inside);
                self.aside(inside, T::Conditional);
            }
            Token::Comment(_) | Token::Raw(..) => {}
        }
    }

    /// Mark-up that stands aside from the page, hidden as a whole.
    fn aside(&mut self, text: &str, technique: T) {
        if !text.contains("href") && !text.contains("HREF") {
            return;
        }
        let depth = self.stack.len();
        self.pseudo(technique);
        for token in Tokens::new(text) {
            if !matches!(token, Token::Raw(..) | Token::Comment(_)) {
                self.token(token);
            }
        }
        self.end_to(depth);
    }

    /// Opens what is no element and hides what comes.
    fn pseudo(&mut self, technique: T) {
        self.close();
        let open = Open {
            hides: [technique].into_iter().collect(),
            links: self.found.links.len(),
            own: self.found.own,
            ..Open::default()
        };
        self.stack.push(open, "", "");
    }

    fn raw(&mut self, element: &str, text: &str, kind: &str) {
        if element.eq_ignore_ascii_case("style") {
            self.found.rules.read(text);
        } else if element.eq_ignore_ascii_case("noscript") {
            self.aside(text, T::Noscript);
        } else if element.eq_ignore_ascii_case("script") {
            if kind.contains("json") {
                self.stuffed(text, "<script>");
            } else if !kind.contains("template") && !kind.contains("text/html") {
                self.script(text);
            }
        }
    }

    fn script(&mut self, script: &str) {
        self.write(&written(script), script.contains("document.write"));
        self.ids(script);
        for text in script::decoded(script) {
            self.coded = true;
            self.ids(&text);
            let out = written(&text);
            if out.is_empty() && text.contains('<') {
                self.write(&text, false);
            } else {
                self.write(&out, true);
            }
            self.coded = false;
        }
    }

    fn ids(&mut self, script: &str) {
        for id in script::hidden_ids(script) {
            self.found.rules.by_script(id);
        }
    }

    /// What a script writes into the page, where it stands; `opens` where elements stay open after it.
    fn write(&mut self, out: &str, opens: bool) {
        if out.is_empty() {
            return;
        }
        let depth = self.stack.len();
        self.writing = true;
        for token in Tokens::new(out) {
            match token {
                Token::Raw(element, text) if element.eq_ignore_ascii_case("style") => {
                    self.found.rules.read(text);
                }
                Token::Raw(..) => {}
                token => self.token(token),
            }
        }
        self.writing = false;
        if !opens {
            self.end_to(depth);
        }
        self.comment(out);
        // what a script has opened and left open it hides by writing
        for open in self.stack.from_mut(depth) {
            if open.written && !open.hides.is_empty() {
                open.hides.add(T::Written);
            }
        }
    }

    /// The beginning of a comment, or its end, that a script writes.
    fn comment(&mut self, out: &str) {
        let begins = out.rfind("<!--").map(|at| at + 4);
        let ends = out.rfind("-->");
        if begins.is_some() && begins > ends.map(|end| end + 3) {
            self.pseudo(T::Comment);
        } else if ends.is_some() && begins.is_none() {
            let pseudo = |open: &Open| open.hides.has(T::Comment);
            if let Some(place) = self.stack.from(0).iter().rposition(pseudo) {
                self.end_to(place);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let element = name(tag.name());
        if let Some(place) = self.stack.implied(element) {
            self.end_to(place);
        }
        let held = if tag.inside().len() > 5 { Held::of(tag) } else { Held::default() };
        if tag.inside().len() > stuffing::SHORTEST {
            self.attributes(tag);
        }
        if element::is_void(element) {
            self.void(element, tag, &held);
            return;
        }
        match element {
            element::A => self.close(),
            element::HTML if !self.writing => self.found.html_begins(),
            element::HEAD | element::BODY if !self.writing => self.found.html_goes_on(),
            element::IFRAME => self.frame(tag, &held),
            _ => {}
        }
        let open = self.opened(element, tag, &held);
        self.stack.push(open, &resolve(held.class), &resolve(held.id));
        if element == element::A {
            self.anchor(&held);
        }
    }

    fn opened(&self, element: Name, tag: Tag<'_>, held: &Held<'_>) -> Open {
        let around = self.stack.last();
        let mut style = held.style(element);
        let ground = match style.ground {
            Some(ground) => Some(ground),
            None if style.painted || held.is_named() => None,
            None => around.and_then(|around| around.ground),
        };
        if let (Some(colour), Some(ground)) = (style.colour, ground) {
            let technique = [T::Colour].into_iter().collect();
            if ground.is_like(colour) {
                style.hides = style.hides.or(technique);
            } else {
                style.shows = style.shows.or(technique);
            }
        }
        let mut resets = around.map(|around| around.resets).unwrap_or_default().or(style.shows);
        if held.is_named() {
            resets = resets.or(Set::TEXT);
        }
        let menu = match around {
            _ if held.is_menu() => MENU,
            Some(around) => around.menu.saturating_sub(1),
            None => 0,
        };
        let shown = || shown(tag).into_boxed_str();
        Open {
            name: element,
            hides: style.hides,
            resets: resets.without(style.hides),
            ground,
            menu,
            inert: element == element::TEMPLATE || around.is_some_and(|around| around.inert),
            written: self.writing,
            links: self.found.links.len(),
            own: self.found.own,
            tag: (!style.hides.is_empty()).then(shown),
            ..Open::default()
        }
    }

    fn void(&mut self, element: Name, tag: Tag<'_>, held: &Held<'_>) {
        match element {
            element::IMG => {
                if let Some(link) = self.anchor.and_then(|it| self.found.links.get_mut(it.link)) {
                    link.picture = true;
                }
            }
            element::AREA => {
                let href = held.href.map(resolve);
                if let Some(link) = href.and_then(|href| self.link(&href)) {
                    link.picture = true;
                }
            }
            element::BASE if !self.based => {
                let base = held.href.and_then(|href| self.page.join(resolve(href).trim()).ok());
                if let Some(base) = base {
                    (self.base, self.based) = (base, true);
                }
            }
            element::FRAME => self.frame(tag, held),
            _ if tag.is("link") => self.sheet(held),
            _ => {}
        }
    }

    /// A style sheet of the site's own that holds at screens.
    fn sheet(&mut self, held: &Held<'_>) {
        let screens = ["", "all", "screen"].iter().any(|it| it.eq_ignore_ascii_case(held.media));
        let style = held.rel.eq_ignore_ascii_case("stylesheet");
        let url = held.href.and_then(|href| self.base.join(resolve(href).trim()).ok());
        if let Some(url) = url.filter(|_| screens && style) {
            self.found.sheet(url.path());
        }
    }

    /// A frame that nobody sees and that leads to a stranger.
    fn frame(&mut self, tag: Tag<'_>, held: &Held<'_>) {
        let style = held.style(name(tag.name()));
        let Some(src) = held.src.map(resolve).filter(|_| held.is_no_frame(&style)) else { return };
        if let Some((Whose::Unknown, url)) = self.resolved(&src) {
            let link = Away { host: host(&url), target: url.into(), ..Away::default() };
            self.found.tell(T::Frame, link, 0, shown(tag));
        }
    }

    /// Links in an attribute that is read by programs only.
    fn attributes(&mut self, tag: Tag<'_>) {
        if !tag.inside().contains("://") || tag.is("meta") {
            return;
        }
        for (attribute, value) in tag.attributes() {
            let input = tag.is("input") && attribute.eq_ignore_ascii_case("value");
            let data = attribute.get(..5).is_some_and(|it| it.eq_ignore_ascii_case("data-"));
            if (input || data) && value.len() > stuffing::SHORTEST {
                self.stuffed(value, &format!("<{} {attribute}>", tag.name()));
            }
        }
    }

    fn stuffed(&mut self, value: &str, holder: &str) {
        if let Some((link, further)) = stuffing::stuffed(value, &self.hosts) {
            self.found.tell(T::Stuffing, link, further, holder.to_owned());
        }
    }

    fn anchor(&mut self, held: &Held<'_>) {
        let Some(href) = held.href.map(resolve) else { return };
        let depth = self.stack.len();
        let hides = self.stack.last().map(|open| open.hides).unwrap_or_default();
        let link = self.found.links.len();
        if let Some(away) = self.link(&href) {
            away.marks = away.marks.or(hides);
            let (plain, covered, blank) = (false, Set::default(), false);
            self.anchor = Some(Anchor { link, depth, plain, covered, blank });
        }
    }

    /// Takes note of a link, and gives it back where it leads to another site.
    fn link(&mut self, href: &str) -> Option<&mut Away> {
        let open = self.stack.last();
        if open.is_some_and(|open| open.inert) {
            return None;
        }
        let resets = open.map(|open| open.resets).unwrap_or_default();
        let (whose, url) = match self.own(href) {
            true => {
                self.found.own += 1;
                return None;
            }
            false => self.resolved(href)?,
        };
        match whose {
            Whose::Own => self.found.own += 1,
            Whose::Nothing => {}
            Whose::Public | Whose::Unknown if self.found.links.len() < MOST => {
                let public = whose == Whose::Public;
                let mut marks = Set::default();
                if self.coded {
                    marks.add(T::Encoded);
                }
                let host = host(&url);
                let away =
                    Away { host, target: url.into(), public, resets, marks, ..Away::default() };
                self.found.links.push(away);
                return self.found.links.last_mut();
            }
            Whose::Public | Whose::Unknown => {}
        }
        None
    }

    /// A link that is plainly the site's own: most are, and none of those is taken apart.
    fn own(&self, href: &str) -> bool {
        let href = href.trim();
        let clean = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-');
        if let Some((scheme, rest)) = href.split_once("//") {
            let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
            matches!(scheme, "http:" | "https:" | "")
                && host.chars().all(clean)
                && self.hosts.is_own(host)
        } else {
            !self.based
                && !href.is_empty()
                && !href.starts_with('#')
                && !href.contains([':', '\\', '\t', '\n', '\r'])
        }
    }

    /// Where an address leads, and whose that is.
    fn resolved(&self, href: &str) -> Option<(Whose, Url)> {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') || href.len() > LONGEST_ADDRESS {
            return None;
        }
        let url = self.base.join(href).ok()?;
        let web = matches!(url.scheme(), "http" | "https");
        let whose = self.hosts.whose(url.host_str().filter(|_| web)?);
        Some((whose, url))
    }

    fn text(&mut self, text: &str) {
        let Some(anchor) = &mut self.anchor else { return };
        let text = resolve(text);
        let is_blank =
            |char: char| matches!(char, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        let seen = |char: char| !char.is_whitespace() && !is_blank(char);
        if text.contains(seen) {
            let inner = self.stack.from(anchor.depth).iter();
            let covered = inner.fold(Set::default(), |set, open| set.or(open.hides));
            let covered = covered.and(Set::TEXT);
            anchor.covered = anchor.covered.or(covered);
            anchor.plain |= covered.is_empty();
        } else {
            anchor.blank |= text.contains(is_blank);
        }
        if let Some(link) = self.found.links.get_mut(anchor.link) {
            let room = LONGEST_TEXT.saturating_sub(link.text.chars().count());
            link.text.extend(text.chars().filter(|char| !char.is_control()).take(room));
        }
    }

    /// The words of a link are read.
    fn close(&mut self) {
        let Some(anchor) = self.anchor.take() else { return };
        let Some(link) = self.found.links.get_mut(anchor.link) else { return };
        link.read();
        if anchor.plain || link.picture {
            return;
        }
        link.marks = link.marks.or(anchor.covered);
        if anchor.blank && anchor.covered.is_empty() {
            link.marks.add(T::ZeroWidth);
        }
    }

    fn end(&mut self, ends: Name) {
        match ends {
            element::A => self.close(),
            element::BODY => return,
            element::HTML => {
                if !self.writing {
                    self.close();
                    self.found.html_ends();
                }
                return;
            }
            _ => {}
        }
        let Some(place) = self.stack.ended(ends) else { return };
        if ends == element::A && place + 1 < self.stack.len() {
            // what was opened in it goes on without it
            if let Some(open) = self.stack.from_mut(place).first_mut() {
                open.hides = Set::default();
            }
        } else {
            self.end_to(place);
        }
    }

    /// Ends the elements from this place on.
    fn end_to(&mut self, place: usize) {
        while self.stack.len() > place {
            if self.anchor.is_some_and(|anchor| anchor.depth >= self.stack.len()) {
                self.close();
            }
            let Some((open, names)) = self.stack.pop(self.found.links.len()) else { break };
            if open.links < self.found.links.len() {
                self.found.element(&open, &names);
            }
        }
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// A tag as it stands in the page.
fn shown(tag: Tag<'_>) -> String {
    let inside = tag.inside();
    let cut = inside.floor_char_boundary(LONGEST_TAG);
    let end = if cut < inside.len() { "\u{2026}>" } else { "" };
    format!("<{}{}{end}", tag.name(), &inside[..cut])
}
