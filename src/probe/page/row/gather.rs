//! Titles and dates as the pass over the page meets them; each date is given to its title when their element closes.

use std::ops::Range;

use chrono::{DateTime, Utc};
use url::Url;

use super::{
    Row, WORDS,
    anchor::Anchor,
    data::{Datum, data},
    element::Element,
    frame::Frame,
    settle,
};
use crate::{
    date,
    markup::{Tag, Token, resolve},
};

/// Bytes of text and events that are kept.
const MOST_TEXT: usize = 512 << 10;
pub(super) const MOST_EVENTS: usize = 6000;
/// Bytes of one title's text, and of a text that may hold a date.
pub(super) const LONGEST_TEXT: usize = 600;
pub(super) const LONGEST_PIECE: usize = 160;
/// Bytes of a text that may be a date and nothing else.
pub(super) const LONGEST_DATE: usize = 60;
/// Bytes of a line that are searched for furniture.
const LONGEST_LINE: usize = 400;
/// At this moment every year of our century counts: what is a date is asked while reading, which one at the end.
const LATE: DateTime<Utc> = match DateTime::from_timestamp(4_000_000_000, 0) {
    Some(late) => late,
    None => DateTime::UNIX_EPOCH,
};

/// What was met, in the order of the page.
#[derive(Debug)]
pub(super) enum Event {
    Title(Title),
    Piece(Piece),
    Data(Datum),
}

/// A text that may be the title of a row; ranges are of the kept text.
#[derive(Debug, Default)]
pub(super) struct Title {
    /// Its words: `\u{1f}` between elements, `\u{1e}` between blocks.
    pub(super) text: Range<usize>,
    /// Its `title` attribute, or the `alt` of its picture.
    pub(super) hint: Range<usize>,
    /// A date in an attribute.
    pub(super) stamp: Range<usize>,
    /// Where it leads, as written.
    pub(super) href: Range<usize>,
    /// The pieces that tell its date, as events.
    pub(super) date: Option<Range<usize>>,
    /// The list it stands in; 0 for none.
    pub(super) list: u32,
    /// It stands in a menu, a trail or a footer.
    pub(super) zone: bool,
    /// No item of a list holds it.
    pub(super) loose: bool,
    /// It is no link.
    pub(super) plain: bool,
    /// It stands beside a title that took the only date: a category, an organ.
    pub(super) aside: bool,
}

/// A text that tells a date, or a piece of one.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) text: Range<usize>,
    /// With what stands before it, it tells a date.
    pub(super) whole: bool,
    /// It belongs to a title, or is furniture.
    pub(super) spent: bool,
}

/// The rows seen so far.
#[derive(Debug, Default)]
pub(in crate::page) struct Rows {
    pub(super) text: String,
    pub(super) events: Vec<Event>,
    pub(super) base: Option<Url>,
    pub(super) frames: Vec<Frame>,
    /// Elements that are open beyond the deepest.
    pub(super) over: usize,
    pub(super) anchor: Option<Anchor>,
    /// The words of the line that are no link, and its first event.
    line: String,
    line_from: usize,
    pub(super) lists: u32,
}

impl Rows {
    pub(in crate::page) fn read(&mut self, token: Token<'_>, base: &Url) {
        match token {
            Token::Start(tag) => self.start(tag, base),
            Token::End(name) if name.eq_ignore_ascii_case("a") => self.end_anchor(),
            Token::End(name) => {
                if let Some(element) = Element::of(name) {
                    self.end(element);
                }
            }
            Token::Text(text) => {
                if text.bytes().any(|byte| !byte.is_ascii_whitespace()) {
                    self.words(&resolve(text));
                }
            }
            Token::Raw(name, script) if name.eq_ignore_ascii_case("script") => {
                for entry in data(script) {
                    self.base.get_or_insert_with(|| base.clone());
                    self.add(Event::Data(entry));
                }
            }
            Token::Raw(..) | Token::Comment(_) => {}
        }
    }

    /// The rows in the order of the page, page furniture left out; `known` has addresses that were resolved already.
    pub(in crate::page) fn finish(
        mut self,
        at: DateTime<Utc>,
        known: impl Fn(&str) -> Option<Url>,
    ) -> Vec<Row> {
        self.end_anchor();
        self.flush();
        while !self.frames.is_empty() {
            self.close();
        }
        settle::rows(&self, at, known)
    }

    /// The words that a range of the kept text holds.
    pub(super) fn kept(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    pub(super) fn add(&mut self, event: Event) {
        if self.events.len() < MOST_EVENTS {
            self.events.push(event);
        }
    }

    pub(super) fn keep(&mut self, text: &str, longest: usize) -> Range<usize> {
        let begun = self.text.len();
        let room = MOST_TEXT.saturating_sub(begun).min(longest);
        self.text.push_str(&text[..text.floor_char_boundary(room)]);
        begun..self.text.len()
    }

    fn start(&mut self, tag: Tag<'_>, base: &Url) {
        if let Some(element) = Element::of(tag.name()) {
            self.begin(element, tag);
        } else if tag.is("a") {
            self.end_anchor();
            self.base.get_or_insert_with(|| base.clone());
            self.begin_anchor(tag);
        } else if tag.is("br") {
            self.split();
        } else if tag.is("img") {
            if self.anchor.as_ref().is_some_and(|anchor| anchor.title.hint.is_empty())
                && let Some(alt) = tag.attribute("alt")
            {
                let alt = self.keep_apart(&alt);
                if let Some(anchor) = &mut self.anchor {
                    anchor.title.hint = alt;
                }
            }
        } else if tag.is("span") || tag.is("time") {
            self.stamped(tag);
        }
    }

    /// A block begins or ends, inside a link or outside.
    pub(super) fn split(&mut self) {
        match &mut self.anchor {
            Some(anchor) if !anchor.title.text.is_empty() => {
                self.text.push('\u{1e}');
                anchor.title.text.end = self.text.len();
            }
            Some(_) => {}
            None => self.flush(),
        }
    }

    /// A date that an attribute tells.
    pub(super) fn stamped(&mut self, tag: Tag<'_>) {
        // most have no attribute with a year in it
        if !["20", "19"].iter().any(|century| tag.inside().contains(century)) {
            return;
        }
        for (name, value) in tag.attributes() {
            let data = name.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("data-"));
            let tells =
                data || name.eq_ignore_ascii_case("title") || name.eq_ignore_ascii_case("datetime");
            if !tells || !is_stamp(value) {
                continue;
            }
            match &mut self.anchor {
                None => self.piece(value, true),
                Some(anchor) if anchor.title.text.is_empty() => {
                    let stamp = self.keep_apart(value);
                    if let Some(anchor) = &mut self.anchor {
                        anchor.title.stamp = stamp;
                    }
                }
                Some(_) => {}
            }
        }
    }

    fn words(&mut self, text: &str) {
        if let Some(anchor) = &mut self.anchor {
            let used = anchor.title.text.len();
            if used < LONGEST_TEXT && self.text.len() < MOST_TEXT {
                let room = LONGEST_TEXT - used;
                self.text.push_str(&text[..text.floor_char_boundary(room)]);
                self.text.push('\u{1f}');
                anchor.title.text.end = self.text.len();
            }
            return;
        }
        self.held();
        let text = text.trim();
        let room = LONGEST_LINE.saturating_sub(self.line.len());
        self.line.push_str(&text[..text.floor_char_boundary(room)]);
        if text.len() > LONGEST_PIECE {
            return;
        }
        let figures = text.bytes().any(|byte| byte.is_ascii_digit() || byte == 0xef);
        // a day told from today in two characters, or a date in numerals
        let written = figures || text.len() == 6 || (27..=45).contains(&text.len());
        let lone = written && text.len() <= LONGEST_DATE && date::lone(text, LATE).is_some();
        let told = lone || written && date::days(text, LATE).next().is_some();
        if told || figures && text.len() <= LONGEST_DATE && date::is_piece(text) {
            self.piece(text, told);
        }
        let long = text.len() >= 12 && !lone;
        if let Some(top) = self.frames.last().filter(|top| top.item) {
            let longer = long && text.len() > top.plain.len();
            let kept = if longer { self.keep(text, LONGEST_PIECE) } else { 0..0 };
            if let Some(top) = self.frames.last_mut() {
                top.plains += usize::from(!lone && text.len() >= 6);
                if longer {
                    top.plain = kept;
                }
            }
        }
    }

    fn piece(&mut self, text: &str, told: bool) {
        let text = self.keep(text, LONGEST_PIECE);
        self.add(Event::Piece(Piece { text, whole: told, spent: false }));
        let whole = told || {
            let tail = self.events.iter().rev().take(4).map_while(|event| match event {
                Event::Piece(piece) if !piece.spent && !piece.whole => Some(self.kept(&piece.text)),
                _ => None,
            });
            let mut tail: Vec<&str> = tail.collect();
            tail.reverse();
            date::pieces(&tail, LATE).is_some()
        };
        if whole && let Some(Event::Piece(piece)) = self.events.last_mut() {
            piece.whole = true;
            if let Some(top) = self.frames.last_mut() {
                top.dates += 1;
            }
        }
    }

    /// The line ends: furniture of the page takes its dates along.
    pub(super) fn flush(&mut self) {
        let from = std::mem::replace(&mut self.line_from, self.events.len());
        let line = std::mem::take(&mut self.line);
        let events = self.events.get_mut(from..).unwrap_or_default();
        let dates = events.iter().any(|event| matches!(event, Event::Piece(_)));
        let item = self.frames.last().is_some_and(|top| top.item);
        if dates
            && let Some(words) = WORDS.as_ref()
            && (words.clock.is_match(&line) || !item && words.own.is_match(&line))
        {
            for event in events {
                let Event::Piece(piece) = event else { continue };
                piece.spent = true;
                if piece.whole
                    && let Some(top) = self.frames.last_mut()
                {
                    top.dates = top.dates.saturating_sub(1);
                }
            }
        }
        self.line = line;
        self.line.clear();
    }
}

/// Whether an attribute's value is a date.
pub(super) fn is_stamp(value: &str) -> bool {
    (8..=40).contains(&value.len())
        && value.starts_with(|first: char| first.is_ascii_digit())
        && value.contains(['-', '/', '.', ':'])
        && date::stamp(value, LATE).is_some()
}
