//! A text of `content.yaml` that stands on a page or in a file to download, with people who do not exist.

use serde::Deserialize;

use crate::{content::Words, files::Document, people};

/// Paragraphs and a table. In both, `{name}`, `{id}`, `{phone}` and `{card}` are somebody's, `{id*}`, `{phone*}` and `{card*}` the
/// same masked, `{n}` is his place on the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Paper {
    pub(crate) title: String,
    lines: Vec<String>,
    /// The first row of the table.
    head: Vec<String>,
    /// Every other row.
    cells: Vec<String>,
    /// How many of these there are.
    rows: u32,
    /// Who the first of them is; the paragraphs are about him.
    from: u32,
}

impl Paper {
    /// What a file says.
    pub(crate) fn document(&self, words: &Words) -> Document {
        let row = |at: u32| {
            let cells = self.cells.iter();
            cells.map(|cell| fill(cell, words, self.from + at, at + 1)).collect()
        };
        let head = std::iter::once(self.head.clone()).filter(|head| !head.is_empty());
        Document {
            title: self.title.clone(),
            lines: self.lines.iter().map(|line| fill(line, words, self.from, 1)).collect(),
            rows: head.chain((0..self.rows).map(row)).collect(),
        }
    }

    /// The same as mark-up.
    pub(crate) fn html(&self, words: &Words) -> String {
        let Document { lines, rows, .. } = self.document(words);
        let mut html: String = lines.iter().map(|line| format!("<p>{line}</p>\n")).collect();
        if rows.is_empty() {
            return html;
        }
        html += "<table>\n";
        for (number, row) in rows.iter().enumerate() {
            let cell = if number == 0 { "th" } else { "td" };
            let cells = row.iter().map(|text| format!("<{cell}>{text}</{cell}>"));
            html += &format!("<tr>{}</tr>\n", cells.collect::<String>());
        }
        html + "</table>\n"
    }

    /// The numbers that stand in it in clear.
    pub(crate) fn numbers(&self) -> Vec<String> {
        let holds =
            |what: &str| self.lines.iter().chain(&self.cells).any(|text| text.contains(what));
        let people = self.from..self.from + self.rows.max(1);
        let makers = [
            ("{id}", people::id as fn(u32) -> String),
            ("{phone}", people::phone),
            ("{card}", people::card),
        ];
        let makers = makers.into_iter().filter(|(what, _)| holds(what));
        makers.flat_map(|(_, make)| people.clone().map(make)).collect()
    }
}

fn fill(text: &str, words: &Words, person: u32, place: u32) -> String {
    if !text.contains('{') {
        return text.to_owned();
    }
    let (id, phone, card) = (people::id(person), people::phone(person), people::card(person));
    let names = &words.administrators;
    let name = usize::try_from(person).ok().and_then(|at| names.get(at % names.len().max(1)));
    text.replace("{n}", &place.to_string())
        .replace("{name}", name.map_or("", String::as_str))
        .replace("{id}", &id)
        .replace("{phone}", &phone)
        .replace("{card}", &card)
        .replace("{id*}", &people::masked(&id, 6, 4))
        .replace("{phone*}", &people::masked(&phone, 3, 4))
        .replace("{card*}", &people::masked(&card, 6, 4))
}
