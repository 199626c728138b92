//! The words by which messages and their answers are known: `rules/lists/interaction.yaml`.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::{lists, page::needles::Needles};

/// What a list of messages is known by; the crawl reads the rest of the list.
#[derive(Debug, Deserialize)]
pub(super) struct List {
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) page: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) page_url: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) page_other: Regex,
    labels: Labels,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) talk: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) talk_other: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    waiting: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    done: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) edge_waiting: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) edge_done: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) no_answer: Regex,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    title: Vec<String>,
    content: Vec<String>,
    asked: Vec<String>,
    answered: Vec<String>,
    state: Vec<String>,
    answer: Vec<String>,
}

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Title,
    Content,
    Asked,
    Answered,
    State,
    Answer,
}

struct Known {
    list: List,
    labels: Needles,
    of: Vec<Of>,
}

static KNOWN: LazyLock<Option<Known>> = LazyLock::new(|| {
    let text = include_str!("../../../../rules/lists/interaction.yaml");
    let list: List = lists::read("interaction.yaml", text)?;
    let Labels { title, content, asked, answered, state, answer } = &list.labels;
    let groups = [
        (Of::Title, title),
        (Of::Content, content),
        (Of::Asked, asked),
        (Of::Answered, answered),
        (Of::State, state),
        (Of::Answer, answer),
    ];
    let words = groups.into_iter().flat_map(|(of, words)| words.iter().map(move |it| (of, it)));
    let words: Vec<(Of, &String)> = words.collect();
    let labels = Needles::new(&words.iter().map(|(_, word)| word).collect::<Vec<_>>())?;
    let of = words.iter().map(|(of, _)| *of).collect();
    Some(Known { labels, of, list })
});

/// Labels and states that hardly any other page has: short ones stand on every page.
pub(in crate::page) fn words() -> Vec<(usize, String)> {
    let Some(Labels { title, content, asked, answered, state, answer }) =
        known().map(|list| &list.labels)
    else {
        return Vec::new();
    };
    let words = [title, content, asked, answered, state, answer].into_iter().flatten();
    words.filter(|word| word.chars().count() > 2).cloned().enumerate().collect()
}

/// The list; `None` when it cannot be read, which a test would have told.
pub(super) fn known() -> Option<&'static List> {
    KNOWN.as_ref().map(|known| &known.list)
}

impl List {
    /// What a whole cell announces, a colon at its end or not.
    pub(super) fn label(&self, cell: &str) -> Option<Of> {
        let cell = cell.trim().trim_end_matches([':', '\u{ff1a}']).trim_end();
        let found = labels(cell).next()?;
        (found.begin == 0 && found.end == cell.len()).then_some(found.of)
    }

    /// Whether a cell says that a message was answered, or that it waits; nothing when it says neither.
    pub(super) fn state(&self, cell: &str) -> Option<bool> {
        if self.waiting.is_match(cell) {
            Some(false)
        } else {
            self.done.is_match(cell).then_some(true)
        }
    }
}

/// A label in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub(super) of: Of,
    pub(super) begin: usize,
    pub(super) end: usize,
}

/// The labels in a text, in order.
pub(super) fn labels(text: &str) -> impl Iterator<Item = Label> {
    let found = KNOWN.as_ref().map(|known| {
        known.labels.find_iter(text).filter_map(|found| {
            let of = *known.of.get(found.pattern().as_usize())?;
            Some(Label { of, begin: found.start(), end: found.end() })
        })
    });
    found.into_iter().flatten()
}

#[cfg(test)]
pub(super) fn parsed() -> Result<List, String> {
    lists::parsed(include_str!("../../../../rules/lists/interaction.yaml"))
}
