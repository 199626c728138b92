//! The way through a page that may hide links: which elements are open, how they hide, which links stand in them.

use url::Url;

use super::{
    anchor::{Anchor, host},
    element::{self, Name, Open, Stack, name},
    found::Found,
    host::{Hosts, Whose},
    stuffing,
    tag::Held,
    technique::{Set, Technique as T},
    weigh::Away,
};
use crate::markup::{Tag, Token, Tokens, resolve};

/// Bytes of a tag that is shown.
const LONGEST_TAG: usize = 140;
/// Levels within a menu that belong to it.
const MENU: u8 = 3;

/// What is known on the way.
#[derive(Debug)]
pub(super) struct Walk<'w> {
    pub(super) hosts: Hosts,
    page: &'w Url,
    pub(super) base: Url,
    pub(super) based: bool,
    pub(super) stack: Stack,
    pub(super) anchor: Option<Anchor>,
    /// A script is writing; it is decoded code.
    pub(super) writing: bool,
    pub(super) coded: bool,
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

    pub(super) fn token(&mut self, token: Token<'_>) {
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

    pub(super) fn stuffed(&mut self, value: &str, holder: &str) {
        if let Some((link, further)) = stuffing::stuffed(value, &self.hosts) {
            self.found.tell(T::Stuffing, link, further, holder.to_owned());
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
            if let Some(open) = self.stack.above_mut(place).first_mut() {
                open.hides = Set::default();
            }
        } else {
            self.end_to(place);
        }
    }

    /// Ends the elements from this place on.
    pub(super) fn end_to(&mut self, place: usize) {
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

/// A tag as it stands in the page.
fn shown(tag: Tag<'_>) -> String {
    let inside = tag.inside();
    let cut = inside.floor_char_boundary(LONGEST_TAG);
    let end = if cut < inside.len() { "\u{2026}>" } else { "" };
    format!("<{}{}{end}", tag.name(), &inside[..cut])
}
