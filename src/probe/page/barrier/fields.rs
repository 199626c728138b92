//! Fields of forms that no label names.

use std::collections::{HashMap, HashSet};

use super::{Notes, blank, hidden, lower, shown, tabindex, unnamed};
use crate::markup::Tag;

/// Fields and labels that are remembered, bytes of an id.
const MOST: usize = 300;
const LONGEST: usize = 100;

/// The fields whose label may still come, and the labels.
#[derive(Debug, Default)]
pub(super) struct Fields {
    labels: HashSet<String>,
    /// More labels than are remembered: which fields lack one cannot be told.
    full: bool,
    /// Id and snippet.
    waiting: Vec<(String, String)>,
    /// Ids of fields, how often each stands there, and the second one's snippet.
    ids: HashMap<String, (u32, String)>,
    within: bool,
}

impl Fields {
    pub(super) fn label(&mut self, tag: Tag<'_>) {
        self.within = true;
        if let Some(id) = tag.attribute("for").filter(|id| !id.is_empty()) {
            if id.len() > LONGEST || self.labels.len() >= MOST {
                self.full = true;
            } else {
                self.labels.insert(id.into_owned());
            }
        }
    }

    pub(super) fn end_label(&mut self) {
        self.within = false;
    }

    pub(super) fn field(&mut self, tag: Tag<'_>, notes: &mut Notes) {
        let kind = match tag.is("input") {
            true => tag.attribute("type").unwrap_or_default(),
            false => "".into(),
        };
        let mut room = [0; 8];
        let kind = lower(kind.trim(), &mut room);
        if kind == b"hidden" {
            return;
        }
        tabindex(tag, notes);
        match kind {
            b"submit" | b"reset" => return,
            b"button" => {
                if unnamed(tag, &["value", "title"]) && !hidden(tag) {
                    notes.note("button-text", tag);
                }
                return;
            }
            b"image" => {
                if unnamed(tag, &["alt", "title", "value"]) && !hidden(tag) {
                    notes.note("input-image-alt", tag);
                }
                return;
            }
            _ => {}
        }
        let id = tag.attribute("id").filter(|id| !blank(id) && id.len() <= LONGEST);
        if let Some(id) = &id {
            let known = self.ids.len() < MOST || self.ids.contains_key(id.as_ref());
            if known {
                let (count, snippet) = self.ids.entry(id.clone().into_owned()).or_default();
                *count = count.saturating_add(1);
                if *count == 2 {
                    *snippet = shown(tag);
                }
            }
        }
        // ticks stand beside their words, and those are said after them
        let typed = !matches!(kind, b"checkbox" | b"radio");
        if !typed || self.within || !unnamed(tag, &["title"]) || hidden(tag) {
            return;
        }
        match id {
            Some(id) if self.waiting.len() < MOST => {
                self.waiting.push((id.into_owned(), shown(tag)));
            }
            Some(_) => {}
            None => notes.note("form-label", tag),
        }
    }

    pub(super) fn finish(self, notes: &mut Notes) {
        if self.full {
            return;
        }
        for (id, snippet) in self.waiting {
            if !self.labels.contains(&id) {
                notes.write("form-label", || snippet);
            }
        }
        let mut twice: Vec<_> = self
            .ids
            .into_iter()
            .filter(|(id, (count, _))| *count > 1 && self.labels.contains(id))
            .collect();
        twice.sort();
        for (_, (_, snippet)) in twice {
            notes.write("duplicate-id", || snippet);
        }
    }
}
