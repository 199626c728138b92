//! Texts that are a day and nothing else, or that begin or end with one: cells, brackets, tags.

use chrono::{DateTime, TimeDelta, Utc};
use xuncha_model::period::local_date;

use super::{
    Told,
    cursor::{Cursor, digit},
    day,
    running::{days, full, time},
    words::WORDS,
    yearless,
};

/// Bytes of a text that may be a day and nothing else.
const LONGEST: usize = 80;

/// Brackets that days stand in.
const OPEN: [char; 7] = ['[', '(', '{', '\u{3010}', '\u{ff08}', '\u{3014}', '\u{ff3b}'];
const CLOSE: [char; 7] = [']', ')', '}', '\u{3011}', '\u{ff09}', '\u{3015}', '\u{ff3d}'];

/// What may stand around a day without meaning anything.
fn around(char: char) -> bool {
    // most texts begin and end with what means something
    if char.is_ascii_alphanumeric() || ('\u{4e00}'..='\u{9fff}').contains(&char) {
        return false;
    }
    char.is_whitespace()
        || OPEN.contains(&char)
        || CLOSE.contains(&char)
        || matches!(char, '|' | '\u{b7}' | '\u{2022}' | '\u{a0}' | ',' | '\u{ff0c}' | '\u{feff}')
}

/// The day that the text is, with or without its year, also told from today; brackets and blanks around do no harm.
pub(crate) fn lone(text: &str, at: DateTime<Utc>) -> Option<Told> {
    let bare = text.trim_start_matches(around);
    let from = text.len() - bare.len();
    let bare = bare.trim_end_matches(around);
    if bare.is_empty() || bare.len() > LONGEST {
        return None;
    }
    let bracketed = text.get(..from).is_some_and(|before| before.ends_with(OPEN));
    let mut cursor = Cursor::new(bare, 0);
    let mut told =
        full(&mut cursor, at).or_else(|| short(&mut cursor, bracketed, at)).or_else(|| {
            let (told, end) = relative(bare, at)?;
            cursor.at = end;
            Some(told)
        })?;
    if cursor.at != bare.len() {
        return None;
    }
    told.span = from..from + bare.len();
    Some(told)
}

/// Month and day: two digits each, fewer where brackets or the Chinese marks leave no doubt.
fn short(cursor: &mut Cursor<'_>, bracketed: bool, at: DateTime<Utc>) -> Option<Told> {
    let mut look = *cursor;
    let month = look.number()?;
    let chinese = look.mark(|written| &written.month);
    if !chinese {
        look.eat(|char| matches!(char, '-' | '/' | '\u{ff0d}') || bracketed && char == '.')?;
    }
    let date = look.number()?;
    if chinese {
        look.mark(|written| &written.day).then_some(())?;
    } else if !bracketed && (month.digits, date.digits) != (2, 2) {
        return None;
    }
    let day = yearless(month.short()?, date.short()?, at)?;
    let time = time(&mut look).map(|(time, _)| time);
    *cursor = look;
    Some(Told { day, time, span: 0..look.at, relative: false })
}

/// Words that count from today, and how many bytes of the text they are.
fn relative(text: &str, at: DateTime<Utc>) -> Option<(Told, usize)> {
    let words = WORDS.as_ref()?;
    let today = local_date(at);
    let told = |day, end| Told { day, time: None, span: 0..end, relative: true };
    if let Some(known) = words.relative.iter().find(|known| text.starts_with(&known.word)) {
        let mut cursor = Cursor::new(text, known.word.len());
        let time = time(&mut cursor).map(|(time, _)| time);
        let day = today.checked_sub_days(chrono::Days::new(known.days))?;
        return Some((Told { time, ..told(day, cursor.at) }, cursor.at));
    }
    let mut cursor = Cursor::new(text, 0);
    let number = cursor.number().filter(|number| number.digits <= 4)?;
    cursor.blanks();
    let known = words.ago.iter().find(|known| cursor.rest().starts_with(&known.word))?;
    let before = TimeDelta::minutes(i64::from(number.value) * known.minutes);
    let end = cursor.at + known.word.len();
    Some((told(local_date(at.checked_sub_signed(before)?), end), end))
}

/// The day that a text begins or ends with: in brackets, or in figures beside a blank; and the text without it.
///
/// A date that is part of a sentence, as a daily report has it in its title, stands at neither edge in such a form.
pub(crate) fn edge(text: &str, at: DateTime<Utc>) -> Option<(Told, &str)> {
    let trimmed = text.trim();
    let edge = |char: char| digit(char).is_some() || OPEN.contains(&char) || CLOSE.contains(&char);
    if !trimmed.starts_with(edge) && !trimmed.ends_with(edge) {
        return None;
    }
    let from = text.len() - text.trim_start().len();
    let inside = |told: Told, shift: usize| {
        let span = told.span.start + from + shift..told.span.end + from + shift;
        Told { span, ..told }
    };
    if trimmed.starts_with(OPEN)
        && let Some(close) = trimmed.find(CLOSE).filter(|close| *close <= LONGEST)
        && let Some(end) = trimmed.get(close..).and_then(|rest| rest.chars().next())
        && let Some((head, rest)) = trimmed.split_at_checked(close + end.len_utf8())
        && let Some(told) = lone(head, at)
    {
        return Some((inside(told, 0), rest.trim()));
    }
    if trimmed.ends_with(CLOSE)
        && let Some(open) = trimmed.rfind(OPEN)
        && let Some((rest, tail)) = trimmed.split_at_checked(open)
        && let Some(told) = lone(tail, at)
    {
        return Some((inside(told, open), rest.trim()));
    }
    let plain = |told: &Told| {
        let written = trimmed.get(told.span.clone()).unwrap_or_default();
        WORDS.as_ref().is_none_or(|words| !written.contains(words.written.year.as_str()))
    };
    let first = days(trimmed.get(..trimmed.floor_char_boundary(40)).unwrap_or_default(), at).next();
    if let Some(told) = first.filter(|told| told.span.start == 0 && plain(told))
        && let Some(rest) = trimmed.get(told.span.end..)
        && rest.starts_with(char::is_whitespace)
    {
        return Some((inside(told, 0), rest.trim()));
    }
    let tail = trimmed.ceil_char_boundary(trimmed.len().saturating_sub(40));
    let last = days(trimmed.get(tail..).unwrap_or_default(), at).last()?;
    let (start, end) = (last.span.start + tail, last.span.end + tail);
    let rest = trimmed.get(..start)?;
    let shifted = Told { span: start..end, ..last };
    (end == trimmed.len() && plain(&shifted) && rest.ends_with(char::is_whitespace))
        .then(|| (inside(shifted, 0), rest.trim()))
}

/// The day of a tag or of a field of data: any form, also `20261122`, `20261122092400` and seconds or milliseconds since 1970.
pub(crate) fn stamp(text: &str, at: DateTime<Utc>) -> Option<Told> {
    let text = text.trim();
    if let Some(told) = lone(text, at) {
        return Some(told);
    }
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    if !digits {
        let head = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default();
        return days(head, at).next().filter(|told| told.span.start == 0);
    }
    let span = 0..text.len();
    match text.len() {
        8 | 12 | 14 => {
            let day = day(part(0, 4)?, part(4, 6)?, part(6, 8)?, at)?;
            let time =
                part(8, 10).zip(part(10, 12)).filter(|(hour, minute)| *hour < 24 && *minute < 60);
            Some(Told { day, time, span, relative: false })
        }
        10 | 13 => {
            use chrono::Timelike;
            let seconds = text.get(..10)?.parse().ok()?;
            let moment = DateTime::from_timestamp(seconds, 0)?;
            let there = moment.with_timezone(&xuncha_model::period::SHANGHAI);
            use chrono::Datelike;
            let year = u32::try_from(there.year()).ok()?;
            let day = day(year, there.month(), there.day(), at)?;
            Some(Told { day, time: Some((there.hour(), there.minute())), span, relative: false })
        }
        _ => None,
    }
}
