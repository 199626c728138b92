//! Days in addresses: `t20261122_`, `/202611/22/`, `/2026/11/22/`, `/2026-11/22/`, and months.

use chrono::{DateTime, NaiveDate, Utc};

use super::day;

/// What an address tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InAddress {
    /// A day.
    Day(NaiveDate),
    /// A month, by its first day.
    Month(NaiveDate),
}

impl InAddress {
    /// `YYYY-MM-DD`, or `YYYY-MM` where no day is told.
    pub(crate) fn shown(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Month(month) => month.format("%Y-%m").to_string(),
        }
    }

    /// The day, where one is told.
    pub(crate) fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Day(day) => Some(day),
            Self::Month(_) => None,
        }
    }
}

/// The day, or else the month, that the path of an address tells; a number that is only part of a name is none.
pub(crate) fn in_address(path: &str, at: DateTime<Utc>) -> Option<InAddress> {
    let mut month = None;
    let mut parts = path.split('/').peekable();
    // a day may stand in up to three parts of the path
    let (mut older, mut old) = ("", "");
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        let found = stamped(part, at).or_else(|| {
            if last {
                return None;
            }
            eight(part, at)
                .or_else(|| dashed(part, at))
                .or_else(|| three(older, old, part, at))
                .or_else(|| two(old, part, at))
        });
        if let Some(day) = found {
            return Some(InAddress::Day(day));
        }
        if !last && month.is_none() {
            month = only_month(old, part, at);
        }
        (older, old) = (old, part);
    }
    month.map(InAddress::Month)
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<u32> {
    let whole = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| whole)
}

/// `20261122`.
fn eight(text: &str, at: DateTime<Utc>) -> Option<NaiveDate> {
    let number = number(text, 8)?;
    day(number / 10_000, number / 100 % 100, number % 100, at)
}

/// A name that begins `t20261122_` or `20261122_`.
fn stamped(name: &str, at: DateTime<Utc>) -> Option<NaiveDate> {
    let (head, _) = name.split_once('_')?;
    eight(head.strip_prefix(['t', 'T', 'P', 'W']).unwrap_or(head), at)
}

/// `2026-11-22`, `2026_11_22`.
fn dashed(part: &str, at: DateTime<Utc>) -> Option<NaiveDate> {
    let mut fields = part.split(['-', '_']);
    let (year, month, date) = (fields.next()?, fields.next()?, fields.next()?);
    let more = fields.next().is_some();
    day(number(year, 4)?, one_or_two(month)?, one_or_two(date)?, at).filter(|_| !more)
}

fn one_or_two(text: &str) -> Option<u32> {
    number(text, 2).or_else(|| number(text, 1))
}

/// `/2026/11/22/`.
fn three(year: &str, month: &str, date: &str, at: DateTime<Utc>) -> Option<NaiveDate> {
    day(number(year, 4)?, one_or_two(month)?, one_or_two(date)?, at)
}

/// `/202611/22/`, `/2026-11/22/`, `/2026/1122/`, `/2026/11-22/`.
fn two(old: &str, part: &str, at: DateTime<Utc>) -> Option<NaiveDate> {
    if let Some((year, month)) = year_month(old) {
        return day(year, month, number(part, 2)?, at);
    }
    let year = number(old, 4)?;
    if let Some(both) = number(part, 4) {
        return day(year, both / 100, both % 100, at);
    }
    let (month, date) = part.split_once('-')?;
    day(year, number(month, 2)?, number(date, 2)?, at)
}

/// `202611`, `2026-11`, `2026_11`.
fn year_month(text: &str) -> Option<(u32, u32)> {
    if let Some(number) = number(text, 6) {
        return Some((number / 100, number % 100));
    }
    let (year, month) = text.split_once(['-', '_'])?;
    Some((number(year, 4)?, number(month, 2)?))
}

/// The month that one part, or two, tell.
fn only_month(old: &str, part: &str, at: DateTime<Utc>) -> Option<NaiveDate> {
    let both = || Some((number(old, 4)?, number(part, 2)?));
    let (year, month) = year_month(part).or_else(both)?;
    day(year, month, 1, at)
}
