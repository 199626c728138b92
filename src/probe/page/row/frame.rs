//! Elements that are open: which end, and how their dates are given to their titles when they do.

use std::ops::Range;

use super::{
    element::{Element, is_zone},
    gather::{Event, Rows, Title},
};
use crate::markup::Tag;

/// Open elements that are kept.
const DEEPEST: usize = 128;

/// An element that is open.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) element: Element,
    pub(super) zone: bool,
    /// It is an item of a list, or lies in one.
    pub(super) item: bool,
    /// Its first event.
    pub(super) begun: usize,
    /// Titles and dates in it that do not belong together yet, and titles that are in no list yet.
    pub(super) titles: usize,
    pub(super) dates: usize,
    pub(super) unlisted: usize,
    /// The longest text that is no link, and how many there are.
    pub(super) plain: Range<usize>,
    pub(super) plains: usize,
}

impl Rows {
    pub(super) fn begin(&mut self, element: Element, tag: Tag<'_>) {
        self.split();
        self.held();
        if self.over > 0 {
            self.over += 1;
            return;
        }
        // what ends without saying so
        if self.frames.last().is_some_and(|top| top.element == Element::P) {
            self.close();
        }
        while let Some(ended) = self.ended_by(element) {
            while self.frames.len() > ended {
                self.close();
            }
        }
        if self.frames.len() >= DEEPEST {
            self.over = 1;
            return;
        }
        let (zone, item) = self.frames.last().map_or((false, false), |top| (top.zone, top.item));
        let may =
            matches!(element, Element::Div | Element::List | Element::Section | Element::Table);
        let zone = zone || element == Element::Zone || may && is_zone(tag);
        self.open(element, zone, item || element.is_item());
        if matches!(element, Element::Li | Element::Tr) {
            self.stamped(tag);
        }
    }

    /// The innermost open element that ends where this one begins.
    fn ended_by(&self, element: Element) -> Option<usize> {
        let concerns = |open: Element| element.ends(open) || element.stops_at(open);
        let at = self.frames.iter().rposition(|frame| concerns(frame.element))?;
        self.frames.get(at).is_some_and(|frame| element.ends(frame.element)).then_some(at)
    }

    fn open(&mut self, element: Element, zone: bool, item: bool) {
        let begun = self.events.len();
        let (titles, dates, unlisted, plain, plains) = (0, 0, 0, 0..0, 0);
        self.frames.push(Frame {
            element,
            zone,
            item,
            begun,
            titles,
            dates,
            unlisted,
            plain,
            plains,
        });
    }

    /// Text and links that no block holds are held by the page.
    pub(super) fn held(&mut self) {
        if self.frames.is_empty() {
            self.open(Element::Div, false, false);
        }
    }

    pub(super) fn end(&mut self, element: Element) {
        self.split();
        if self.over > 0 {
            self.over -= 1;
            return;
        }
        let open = self
            .frames
            .iter()
            .rposition(|frame| frame.element == element || element.stops_at(frame.element));
        let Some(open) = open else { return };
        if self.frames.get(open).is_none_or(|frame| frame.element != element) {
            return;
        }
        while self.frames.len() > open {
            self.close();
        }
    }

    /// The innermost element ends.
    pub(super) fn close(&mut self) {
        if self.anchor.as_ref().is_some_and(|anchor| anchor.depth >= self.frames.len()) {
            self.end_anchor();
        }
        self.flush();
        let Some(mut frame) = self.frames.pop() else { return };
        if frame.titles > 0 && frame.dates > 0 && frame.titles <= 2 * frame.dates {
            self.bind(&mut frame);
        }
        let row = matches!(frame.element, Element::Li | Element::Tr);
        if row && frame.titles == 0 && frame.dates == 1 && frame.plains <= 2 {
            self.plain_row(&mut frame);
        }
        if frame.unlisted >= 2 {
            self.lists += 1;
            for event in self.events.get_mut(frame.begun..).unwrap_or_default() {
                if let Event::Title(title) = event
                    && title.list == 0
                {
                    title.list = self.lists;
                }
            }
            frame.unlisted = 0;
        }
        if let Some(parent) = self.frames.last_mut() {
            parent.titles += frame.titles;
            parent.dates += frame.dates;
            parent.unlisted += frame.unlisted;
            parent.plains += frame.plains;
            if frame.plain.len() > parent.plain.len() {
                parent.plain = frame.plain;
            }
        }
    }

    /// Gives the dates of an element to its titles, in the order in which they take turns.
    fn bind(&mut self, frame: &mut Frame) {
        let Some(events) = self.events.get_mut(frame.begun..) else { return };
        let pairs = pairs(events);
        if pairs.is_empty() {
            return;
        }
        if pairs.len() == 1 {
            for event in events.iter_mut() {
                if let Event::Title(title) = event {
                    title.aside = title.date.is_none();
                }
            }
        }
        for (title, run) in pairs {
            for event in events.get_mut(run.clone()).unwrap_or_default() {
                if let Event::Piece(piece) = event {
                    frame.dates =
                        frame.dates.saturating_sub(usize::from(piece.whole && !piece.spent));
                    piece.spent = true;
                }
            }
            if let Some(Event::Title(title)) = events.get_mut(title) {
                title.date = Some(frame.begun + run.start..frame.begun + run.end);
                frame.titles = frame.titles.saturating_sub(1);
            }
        }
        // what stands beside a title that has its date wants none
        frame.titles = 0;
    }

    /// An item without a link: its longest text, and the date.
    fn plain_row(&mut self, frame: &mut Frame) {
        let events = self.events.get_mut(frame.begun..).unwrap_or_default();
        let whole =
            |event: &Event| matches!(event, Event::Piece(piece) if piece.whole && !piece.spent);
        let Some(at) = events.iter().position(whole).filter(|_| !frame.plain.is_empty()) else {
            return;
        };
        if let Some(Event::Piece(piece)) = events.get_mut(at) {
            piece.spent = true;
        }
        let from = at.saturating_sub(3);
        let date = frame.begun + from..frame.begun + at + 1;
        let title = Title {
            text: frame.plain.clone(),
            date: Some(date),
            zone: frame.zone,
            plain: true,
            ..Title::default()
        };
        self.add(Event::Title(title));
        frame.unlisted += 1;
        (frame.dates, frame.plain, frame.plains) = (0, 0..0, 0);
    }
}

/// Which title takes which run of dates: where a title comes first, dates follow their titles, else they precede them.
///
/// Of several titles that share a date the longest takes it. Where most titles have none, nothing is certain.
fn pairs(events: &[Event]) -> Vec<(usize, Range<usize>)> {
    let mut pairs = Vec::new();
    let mut titles_first = None;
    // the longest title since the last date, the date before it, and the dates since the last title
    let mut title: Option<(usize, usize)> = None;
    let mut before: Option<Range<usize>> = None;
    let mut run: Option<(Range<usize>, bool)> = None;
    let (mut titles, mut runs) = (0, 0);
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Title(found) if found.date.is_none() => {
                titles += 1;
                let first = *titles_first.get_or_insert(true);
                if let Some((dates, true)) = run.take() {
                    runs += 1;
                    let its = if first { Some(dates) } else { before.replace(dates) };
                    if let (Some((title, _)), Some(dates)) = (title.take(), its) {
                        pairs.push((title, dates));
                    }
                }
                if title.is_none_or(|(_, length)| found.text.len() > length) {
                    title = Some((at, found.text.len()));
                }
            }
            Event::Piece(piece) if !piece.spent => {
                let (dates, whole) = run.get_or_insert((at..at, false));
                dates.end = at + 1;
                *whole |= piece.whole;
                if *whole {
                    titles_first.get_or_insert(false);
                }
            }
            _ => {}
        }
    }
    let after = run.filter(|(_, whole)| *whole).map(|(dates, _)| dates);
    runs += usize::from(after.is_some());
    let its = if titles_first == Some(true) { after } else { before };
    if let (Some((title, _)), Some(dates)) = (title, its) {
        pairs.push((title, dates));
    }
    if titles > 2 * runs { Vec::new() } else { pairs }
}
