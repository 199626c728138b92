//! Barriers to readers with disabilities, as far as mark-up proves them (GB/T 37668-2019, `rules/lists/barriers.yaml`).
//!
//! What a style sheet or a script may put right is no barrier here: hidden elements, names that a program fills in.

mod fields;
mod named;
mod table;

use std::sync::LazyLock;

use serde::Deserialize;
use xuncha_model::facts::page::Barrier;

use crate::{
    lists,
    markup::{Tag, Token, resolve},
    title::folded,
};

use fields::Fields;
use named::Named;
use table::Tables;

/// Characters of a snippet, and bytes of a tag that it is made of.
const SNIPPET: usize = 200;
const TAG: usize = 600;
/// Bytes of text from which on a page needs headings: about a thousand Chinese characters.
const LONG: usize = 3000;
/// Scale below which a page cannot be enlarged enough (WCAG 1.4.4).
const SCALE: f32 = 2.0;
/// Seconds from which on a refresh disturbs nobody: twenty hours (WCAG 2.2.1).
const SELDOM: u32 = 72_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    check: String,
    title: String,
    reference: String,
    #[expect(dead_code, reason = "for people")]
    wcag: String,
    #[expect(dead_code, reason = "for people")]
    verified: bool,
}

static LIST: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let list = include_str!("../../../../rules/lists/barriers.yaml");
    lists::read("barriers.yaml", list).unwrap_or_default()
});

/// The barriers seen so far.
#[derive(Debug, Default)]
pub(super) struct Barriers {
    notes: Notes,
    /// `<html>` as written.
    page: Option<String>,
    titled: bool,
    drawing: bool,
    /// Within `<template>`: not on the page.
    stored: bool,
    /// The page consists of frames.
    framed: bool,
    /// Level of the last heading; 0 before the first.
    heading: u8,
    text: usize,
    named: Named,
    fields: Fields,
    tables: Tables,
}

/// What was found: check, how often, the first place.
#[derive(Debug, Default)]
struct Notes(Vec<(&'static str, u32, String)>);

impl Notes {
    fn note(&mut self, check: &'static str, tag: Tag<'_>) {
        self.write(check, || shown(tag));
    }

    fn write(&mut self, check: &'static str, snippet: impl FnOnce() -> String) {
        match self.0.iter_mut().find(|(known, ..)| *known == check) {
            Some((_, count, _)) => *count = count.saturating_add(1),
            None => self.0.push((check, 1, snippet())),
        }
    }
}

/// The tag as written, on one line.
fn shown(tag: Tag<'_>) -> String {
    let inside = tag.inside();
    let cut = &inside[..inside.floor_char_boundary(TAG)];
    folded(&format!("<{}{cut}", tag.name()), SNIPPET)
}

impl Barriers {
    pub(super) fn read(&mut self, token: Token<'_>) {
        match token {
            Token::Text(text) => {
                let text = text.trim_ascii();
                if !text.is_empty() {
                    self.text += text.len();
                    self.named.text(text);
                }
            }
            Token::Start(tag) => self.start(tag),
            Token::End(name) => self.end(name),
            Token::Raw(name, text) if name.eq_ignore_ascii_case("title") => {
                self.named.text(text);
                self.titled |= !self.drawing && !blank(text);
            }
            Token::Raw(..) | Token::Comment(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        if self.stored {
            return;
        }
        let mut room = [0; 8];
        match lower(tag.name(), &mut room) {
            b"html" if self.page.is_none() => {
                self.page = Some(shown(tag));
                if unnamed(tag, &["lang", "xml:lang"]) {
                    self.notes.note("lang", tag);
                }
            }
            b"meta" => self.meta(tag),
            b"a" => self.named.open(tag, &mut self.notes),
            b"button" => {
                self.named.open(tag, &mut self.notes);
                tabindex(tag, &mut self.notes);
            }
            b"img" => {
                self.tables.other();
                self.named.picture(tag);
                if tag.attribute("alt").is_none() && pictured(tag) {
                    self.notes.note("img-alt", tag);
                }
            }
            b"area" => {
                let leads = tag.attribute("href").is_some_and(|href| !blank(&href));
                if leads && unnamed(tag, &["alt", "title"]) && !hidden(tag) {
                    self.notes.note("area-alt", tag);
                }
            }
            b"input" | b"select" | b"textarea" => {
                self.tables.other();
                self.named.filled();
                self.fields.field(tag, &mut self.notes);
            }
            b"label" => self.fields.label(tag),
            b"iframe" | b"frame" => {
                self.named.filled();
                self.frame(tag);
            }
            b"frameset" => self.framed = true,
            b"video" | b"audio" | b"bgsound" | b"embed" => {
                self.named.filled();
                self.media(tag);
            }
            b"marquee" | b"blink" if !hidden(tag) => self.notes.note("marquee", tag),
            b"svg" => {
                self.drawing = true;
                self.named.filled();
            }
            b"canvas" | b"object" | b"script" => self.named.filled(),
            b"template" => self.stored = true,
            [b'h', digit @ b'1'..=b'6'] => self.heading(digit - b'0', tag),
            name @ (b"table" | b"tr" | b"td" | b"th" | b"caption") => self.tables.open(name, tag),
            _ => self.named.inner(tag),
        }
    }

    fn end(&mut self, name: &str) {
        let mut room = [0; 8];
        match lower(name, &mut room) {
            b"svg" => self.drawing = false,
            b"template" => self.stored = false,
            b"a" | b"button" => self.named.close(&mut self.notes),
            b"label" => self.fields.end_label(),
            b"table" => self.tables.close(&mut self.notes),
            _ => {}
        }
    }

    fn meta(&mut self, tag: Tag<'_>) {
        let is = |key: &str, value: &str| {
            tag.attribute(key).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
        };
        if is("name", "viewport") {
            let content = tag.attribute("content").unwrap_or_default().to_ascii_lowercase();
            let mut parts = content.split([',', ';']).filter_map(|part| part.split_once('='));
            if parts.any(|(key, value)| match key.trim() {
                "user-scalable" => matches!(value.trim(), "no" | "0"),
                "maximum-scale" => value.trim().parse::<f32>().is_ok_and(|scale| scale < SCALE),
                _ => false,
            }) {
                self.notes.note("zoom", tag);
            }
        } else if is("http-equiv", "refresh") {
            let content = tag.attribute("content").unwrap_or_default();
            let seconds = content.trim_start();
            let end = seconds.find(|char: char| !char.is_ascii_digit()).unwrap_or(seconds.len());
            if seconds[..end].parse::<u32>().is_ok_and(|time| (1..SELDOM).contains(&time)) {
                self.notes.note("refresh", tag);
            }
        }
    }

    fn heading(&mut self, level: u8, tag: Tag<'_>) {
        if self.heading > 0 && level > self.heading + 1 {
            self.notes.note("heading-order", tag);
        }
        self.heading = level;
        self.named.inner(tag);
    }

    fn frame(&mut self, tag: Tag<'_>) {
        let size = |key: &str| {
            matches!(tag.attribute(key).as_deref().map(str::trim), Some("0" | "1" | "0px" | "1px"))
        };
        let loads =
            tag.attribute("src").is_some_and(|src| !matches!(src.trim(), "" | "about:blank"));
        if loads && unnamed(tag, &["title"]) && !size("width") && !size("height") && !hidden(tag) {
            self.notes.note("frame-title", tag);
        }
    }

    fn media(&mut self, tag: Tag<'_>) {
        let has = |key: &str| tag.attribute(key).is_some();
        let sounds = match () {
            () if tag.is("bgsound") => has("src"),
            () if tag.is("embed") => {
                tag.attribute("autostart").is_some_and(|start| matches!(start.trim(), "true" | "1"))
            }
            () => has("autoplay") && !has("muted"),
        };
        if sounds {
            self.notes.note("autoplay", tag);
        }
    }

    pub(super) fn finish(self) -> Vec<Barrier> {
        let Self { mut notes, page, titled, framed, heading, text, fields, .. } = self;
        fields.finish(&mut notes);
        if let Some(page) = page {
            if !titled {
                notes.write("title", || page.clone());
            }
            if heading == 0 && !framed && text >= LONG {
                notes.write("heading-missing", || page);
            }
        }
        let mut notes = notes.0;
        let barriers = LIST.iter().filter_map(|known| {
            let at = notes.iter().position(|(check, ..)| *check == known.check)?;
            let (_, count, snippet) = notes.swap_remove(at);
            let Known { check, title, reference, .. } = known;
            Some(Barrier {
                check: check.clone(),
                title: title.clone(),
                reference: reference.clone(),
                count,
                snippet,
            })
        });
        barriers.collect()
    }
}

/// A short name in lower case; empty when it is longer than any that matters.
fn lower<'r>(name: &str, room: &'r mut [u8; 8]) -> &'r [u8] {
    let Some(room) = room.get_mut(..name.len()) else { return b"" };
    room.copy_from_slice(name.as_bytes());
    room.make_ascii_lowercase();
    room
}

/// Nothing to read or to hear; a reference like `&nbsp;` is white space.
fn blank(text: &str) -> bool {
    let invisible = |char: char| char.is_whitespace() || matches!(char, '\u{200b}' | '\u{feff}');
    text.chars().all(invisible) || text.contains('&') && resolve(text).chars().all(invisible)
}

/// None of these attributes says anything, and neither do those that name anything (`aria-label`, `aria-labelledby`).
fn unnamed(tag: Tag<'_>, keys: &[&str]) -> bool {
    !tag.attributes().any(|(key, value)| {
        // a program may set `:title` or `v-bind:title`
        let plain = key.trim_start_matches("v-bind").trim_start_matches(':');
        let names = plain.eq_ignore_ascii_case("aria-label")
            || plain.eq_ignore_ascii_case("aria-labelledby")
            || keys.iter().any(|name| plain.eq_ignore_ascii_case(name));
        names && !blank(value)
    })
}

/// Its readers are not meant to meet it.
fn hidden(tag: Tag<'_>) -> bool {
    tag.attributes().any(|(key, value)| {
        let value = value.trim();
        key.eq_ignore_ascii_case("hidden")
            || key.eq_ignore_ascii_case("aria-hidden") && value.eq_ignore_ascii_case("true")
            || key.eq_ignore_ascii_case("role")
                && matches!(value.to_ascii_lowercase().as_str(), "presentation" | "none")
            || key.eq_ignore_ascii_case("style") && unseen(value)
    })
}

fn unseen(style: &str) -> bool {
    let style: String = style.chars().filter(|char| !char.is_whitespace()).take(TAG).collect();
    let style = style.to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// An image that readers see: no counter of one pixel, no place for an image to come.
fn pictured(tag: Tag<'_>) -> bool {
    let point = |key: &str| {
        matches!(tag.attribute(key).as_deref().map(str::trim), Some("0" | "1" | "0px" | "1px"))
    };
    let shows = |(key, value): (&str, &str)| {
        let source = key.eq_ignore_ascii_case("src") || key.starts_with("data-");
        source && !blank(value)
    };
    tag.attributes().any(shows)
        && unnamed(tag, &["alt", "title"])
        && !point("width")
        && !point("height")
        && !hidden(tag)
}

fn tabindex(tag: Tag<'_>, notes: &mut Notes) {
    if tag.inside().contains("tabindex")
        && tag
            .attribute("tabindex")
            .is_some_and(|index| index.trim().parse::<i32>().is_ok_and(|index| index > 0))
    {
        notes.note("tabindex", tag);
    }
}

#[cfg(test)]
mod tests;
