//! What of titles and dates makes a row: a list is several items that are alike, or any number of dated ones.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use url::Url;

use super::{
    LONGEST_TITLE, MOST, Row, WORDS,
    data::Datum,
    gather::{Event, LONGEST_DATE, Rows, Title},
};
use crate::{date, title::folded};

/// Characters from which a text without a date may be a title, and that the titles of a list have on average.
const SHORTEST: usize = 4;
const USUAL: usize = 9;
/// Characters of a title without a date in a list of dated ones.
const LONE: usize = 6;
/// Characters of a dated title that stands alone in no item of a list.
const CERTAIN: usize = 8;
/// Bytes of words that may be furniture.
const LONGEST_FURNITURE: usize = 90;
/// Characters of a date as it is written.
const LONGEST_WRITTEN: usize = 40;

/// A title that may be a row's.
struct Candidate<'r> {
    row: Row,
    chars: usize,
    href: &'r str,
    title: Option<&'r Title>,
}

/// What the candidates of one list have in common.
#[derive(Default)]
struct Alike {
    members: usize,
    dated: usize,
    chars: usize,
}

/// The rows, in the order of the page.
pub(super) fn rows(
    gathered: &Rows,
    at: DateTime<Utc>,
    known: impl Fn(&str) -> Option<Url>,
) -> Vec<Row> {
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for event in &gathered.events {
        let candidate = match event {
            Event::Title(title) => candidate(gathered, title, at),
            Event::Data(entry) => of_data(entry, at),
            Event::Piece(_) => None,
        };
        candidates.extend(candidate);
    }
    let mut lists: HashMap<u32, Alike> = HashMap::new();
    for candidate in &candidates {
        let Some(title) = candidate.title else { continue };
        let alike = lists.entry(title.list).or_default();
        alike.members += 1;
        alike.dated += usize::from(candidate.row.date.is_some());
        alike.chars += candidate.chars;
    }
    let none = Alike::default();
    let home = gathered.base.as_ref();
    let kept = candidates.into_iter().filter_map(|mut candidate| {
        if let Some(title) = candidate.title {
            let listed = title.list > 0;
            let alike = lists.get(&title.list).filter(|_| listed).unwrap_or(&none);
            if !is_row(&candidate, title, alike) {
                return None;
            }
        }
        candidate.row.url = home.and_then(|base| leads(base, candidate.href, &known));
        let front = |url: &Url| url.path() == "/" && url.query().is_none();
        let elsewhere =
            candidate.row.date.is_none() && candidate.row.url.as_ref().is_some_and(front);
        (!elsewhere).then_some(candidate.row)
    });
    kept.take(MOST).collect()
}

fn is_row(candidate: &Candidate<'_>, title: &Title, alike: &Alike) -> bool {
    let dated = candidate.row.date.is_some();
    if (title.zone || title.plain) && alike.dated < 2 {
        return false;
    }
    if dated {
        return !title.loose || candidate.chars >= CERTAIN || alike.dated >= 2;
    }
    let like = if alike.dated > 0 {
        candidate.chars >= LONE
    } else {
        candidate.chars >= SHORTEST && alike.chars >= USUAL * alike.members
    };
    !title.zone && !title.aside && alike.members >= 2 && like
}

/// A link that is no furniture by its words, with the date that belongs to it.
fn candidate<'r>(gathered: &'r Rows, found: &'r Title, at: DateTime<Utc>) -> Option<Candidate<'r>> {
    let words = WORDS.as_ref()?;
    let (mut title, inside) = titled(gathered.kept(&found.text), at);
    let hint = gathered.kept(&found.hint);
    let mut hinted = None;
    if title.is_empty() || title.ends_with('\u{2026}') || title.ends_with("...") {
        let (whole, dated) = titled(hint, at);
        if !whole.is_empty() {
            (title, hinted) = (whole, dated);
        }
    }
    let chars = title.chars().filter(|char| !char.is_whitespace()).count();
    if chars < 2 || title.len() <= LONGEST_FURNITURE && words.never.is_match(&title) {
        return None;
    }
    let stamp = gathered.kept(&found.stamp);
    let href = gathered.kept(&found.href);
    let told = beside(gathered, found, at)
        .or(inside)
        .or_else(|| Some(told(date::stamp(stamp, at)?, stamp)))
        .or(hinted)
        .or_else(|| titled(hint, at).1)
        .or_else(|| {
            // the address of another site tells nothing of ours, but its day is as good
            let path = href.split(['?', '#']).next().unwrap_or_default();
            let day = date::in_address(path, at)?.day()?;
            Some((day, day_written(path), "address"))
        });
    let (date, written, from) =
        told.map_or((None, String::new(), ""), |(day, written, from)| (Some(day), written, from));
    let (title, written) = (tidy(title, LONGEST_TITLE), tidy(written, LONGEST_WRITTEN));
    let row = Row { title, url: None, date, written, from: from.into() };
    Some(Candidate { row, chars, href, title: Some(found) })
}

/// White space folded and cut, where that is needed.
fn tidy(text: String, longest: usize) -> String {
    let odd = |char: char| char.is_whitespace() && char != ' ';
    if text.contains(odd) || text.contains("  ") || text.chars().count() > longest {
        return folded(&text, longest);
    }
    text
}

type Dated = (NaiveDate, String, &'static str);

fn told(told: date::Told, text: &str) -> Dated {
    let span = text.get(told.span.clone()).unwrap_or_default().trim();
    // brackets around it are part of how it is written
    let written = if text.trim().len() <= span.len() + 6 { text.trim() } else { span };
    (told.day, written.to_owned(), if told.relative { "relative" } else { "row" })
}

/// The part of an address that tells its day.
fn day_written(path: &str) -> String {
    let from = path.find(|char: char| char.is_ascii_digit()).unwrap_or(0);
    path.get(from..).unwrap_or_default().to_owned()
}

/// The date that the texts beside a title tell.
fn beside(gathered: &Rows, title: &Title, at: DateTime<Utc>) -> Option<Dated> {
    let events = gathered.events.get(title.date.clone()?)?;
    let texts: Vec<&str> = events
        .iter()
        .filter_map(|event| match event {
            Event::Piece(piece) => Some(gathered.kept(&piece.text)),
            _ => None,
        })
        .collect();
    date_of(&texts, at)
}

/// The date that texts tell: with its year, else in pieces, else without its year or from today.
fn date_of(texts: &[&str], at: DateTime<Utc>) -> Option<Dated> {
    let full = texts.iter().find_map(|text| Some(told(date::days(text, at).next()?, text)));
    let joined = || date::pieces(texts, at).map(|(day, written)| (day, written, "row"));
    let short = || texts.iter().find_map(|text| Some(told(date::lone(text, at)?, text)));
    full.or_else(joined).or_else(short)
}

/// The title that the words of a link are, and the date that stands among them.
fn titled(words: &str, at: DateTime<Utc>) -> (String, Option<Dated>) {
    let mut title = String::new();
    let mut apart: Vec<&str> = Vec::new();
    let figures = words.bytes().any(|byte| byte.is_ascii_digit() || byte == 0xef);
    for block in words.split('\u{1e}') {
        let whole = title.is_empty();
        for piece in block.split('\u{1f}') {
            let bare = piece.trim();
            if bare.is_empty() {
                // white space between two words counts
                if whole && !piece.is_empty() && !title.is_empty() {
                    title.push(' ');
                }
            } else if figures
                && bare.len() <= LONGEST_DATE
                && (date::is_piece(bare) || date::lone(bare, at).is_some())
            {
                apart.push(bare);
            } else if whole {
                title.push_str(piece);
            }
        }
    }
    let title = title.trim();
    // a word of the title may look like a piece of a date: then it was none
    let dated = date_of(&apart, at);
    if dated.is_none() && !apart.is_empty() {
        let all: Vec<&str> =
            words.split(['\u{1e}', '\u{1f}']).filter(|s| !s.trim().is_empty()).collect();
        let first = words.split('\u{1e}').find(|block| block.chars().any(char::is_alphanumeric));
        let whole = first.map_or_else(|| all.concat(), |block| block.replace('\u{1f}', ""));
        return (whole.trim().to_owned(), None);
    }
    if dated.is_none()
        && let Some((found, rest)) = date::edge(title, at)
    {
        return (rest.to_owned(), Some(told(found, title)));
    }
    (title.to_owned(), dated)
}

fn of_data(entry: &Datum, at: DateTime<Utc>) -> Option<Candidate<'_>> {
    let told = date::stamp(&entry.date, at)?;
    let title = folded(&entry.title, LONGEST_TITLE);
    let chars = title.chars().count();
    let row = Row {
        title,
        url: None,
        date: Some(told.day),
        written: folded(&entry.date, LONGEST_WRITTEN),
        from: "row".into(),
    };
    (chars >= 2).then_some(Candidate { row, chars, href: &entry.url, title: None })
}

/// Where a row leads: http and https only.
fn leads(base: &Url, href: &str, known: impl Fn(&str) -> Option<Url>) -> Option<Url> {
    if href.is_empty() {
        return None;
    }
    known(href)
        .or_else(|| base.join(href).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}
