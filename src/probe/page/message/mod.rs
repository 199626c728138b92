//! Messages of citizens and their answers, on a page that lists them or shows one (words of `rules/lists/interaction.yaml`).
//!
//! A message counts when the page says of it whether it was answered: in a column, in a line, or by the answer itself.

mod labelled;
mod list;
mod rows;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use chrono::NaiveDate;
use url::Url;
use xuncha_model::{Reason, Seen, facts::article::Message, period::local_date};

use super::{
    Given, Link,
    sights::{Of, Sights},
};
use crate::{address::reported, date, title::folded};

use list::List;
pub(super) use list::words;

/// Messages of one page, lines that are looked at, and bytes of a line.
const MOST: usize = 200;
const MOST_LINES: usize = 20_000;
const LONGEST_LINE: usize = 600;
/// Characters of a title, kept and at least.
const TITLE: usize = 80;
const SHORTEST: usize = 4;

/// A message as the page tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    title: String,
    asked: Option<NaiveDate>,
    answered: Option<NaiveDate>,
    /// Whether it was answered; nothing where the page does not say.
    replied: Option<bool>,
    /// The place for the day of its answer is empty.
    blank: bool,
}

/// Whether a page is for messages of citizens, by its address or its title.
pub(crate) fn message_page(url: &Url, title: &str) -> bool {
    list::known().is_some_and(|list| is_said(list, url, title))
}

fn is_said(list: &List, url: &Url, title: &str) -> bool {
    let said = list.page.is_match(title) || list.page_url.is_match(url.as_str());
    said && !list.page_other.is_match(title)
}

/// The messages in the text of a page.
pub(super) fn messages(
    page: &Given<'_>,
    title: &str,
    text: &str,
    sights: &Sights,
    links: &[Link],
) -> Vec<Message> {
    let Some(list) = list::known() else { return Vec::new() };
    let said = is_said(list, page.url, title);
    if !(said || sights.any(Of::Message)) || list.page_other.is_match(title) {
        return Vec::new();
    }
    let mut reader = Reader { list, page, said, title, told: Vec::new() };
    reader.read(text);
    let mut told = reader.told;
    // a column that is empty in every row may be filled by a script, or by nobody ever
    if told.iter().any(|told| told.answered.is_some()) {
        let blank = told.iter_mut().filter(|told| told.blank);
        blank.for_each(|told| told.replied = Some(false));
    }
    if told.is_empty() {
        return Vec::new();
    }
    let mut addresses: HashMap<String, &Link> = HashMap::new();
    for link in links {
        addresses.entry(opening(&link.text)).or_insert(link);
    }
    let today = local_date(page.at);
    let own = reported(page.url);
    let told = told.into_iter().filter_map(|told| {
        let link = addresses.get(&opening(&told.title));
        let url = link.map_or_else(|| own.clone(), |link| reported(&link.url));
        message(told, url, today)
    });
    told.take(MOST).collect()
}

/// What the address of a message's title is known by.
fn opening(title: &str) -> String {
    title.chars().filter(|char| !char.is_whitespace()).take(20).collect()
}

fn message(told: Told, url: String, today: NaiveDate) -> Option<Message> {
    let replied = told.replied?;
    let until = if replied { told.answered } else { Some(today) };
    let waited_days = match (told.asked, until) {
        (Some(asked), Some(until)) if asked <= until => Seen::Seen((until - asked).num_days()),
        _ => Seen::unseen(Reason::NotLooked, "a date is missing"),
    };
    let shown = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    Some(Message {
        title: folded(&told.title, TITLE),
        url,
        asked: shown(told.asked),
        answered: shown(told.answered),
        replied,
        overdue: false,
        waited_days,
    })
}

/// A page that is being read, line by line.
struct Reader<'r> {
    list: &'static List,
    page: &'r Given<'r>,
    /// Title or address say that there are messages.
    said: bool,
    title: &'r str,
    told: Vec<Told>,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) {
        let mut columns = None;
        let mut labelled = labelled::Labelled::default();
        for line in text.lines().take(MOST_LINES) {
            let line = line[..line.floor_char_boundary(LONGEST_LINE)].trim();
            if line.is_empty() || self.told.len() >= MOST {
                continue;
            }
            if let Some(found) = rows::columns(line, self.list, self.said) {
                columns = Some(found);
                continue;
            }
            if let Some(columns) = &columns
                && let Some(told) = rows::row(line, columns, self.list, self.page.at)
            {
                self.told.push(told);
                continue;
            }
            if labelled.line(line, self.list, self.page.at) {
                continue;
            }
            if self.said
                && columns.is_none()
                && let Some(told) = rows::line(line, self.list, self.page.at)
            {
                self.told.push(told);
            }
        }
        let heading = self.title.split(['-', '_', '|']).next().unwrap_or_default().trim();
        if self.said || self.told.is_empty() {
            self.told.extend(labelled.finish(heading, self.said));
        }
    }
}

/// The first day that a text tells.
fn day(text: &str, at: chrono::DateTime<chrono::Utc>) -> Option<NaiveDate> {
    date::lone(text, at).or_else(|| date::days(text, at).next()).map(|told| told.day)
}
