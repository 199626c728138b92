//! How days are written: in running text, alone in a cell, in pieces, in addresses.
//!
//! Nothing here knows what a date is for; who asks decides whether it is a publication, a deadline or furniture.

mod address;
mod cursor;
mod lone;
mod pieces;
mod running;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use xuncha_model::period::local_date;

pub(crate) use address::{InAddress, in_address};
pub(crate) use lone::{edge, lone, stamp};
pub(crate) use pieces::{is_piece, pieces};
pub(crate) use running::days;

/// The first year whose days count.
const FIRST_YEAR: i32 = 1990;

/// A day that a text tells, in Asia/Shanghai.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) day: NaiveDate,
    /// Hour and minute, where they stand beside it.
    pub(crate) time: Option<(u32, u32)>,
    /// The bytes of the text that tell it.
    pub(crate) span: Range<usize>,
    /// It is told from the day of the look.
    pub(crate) relative: bool,
}

impl Told {
    /// `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`.
    pub(crate) fn shown(&self) -> String {
        match self.time {
            Some((hour, minute)) => format!("{} {hour:02}:{minute:02}", self.day),
            None => self.day.to_string(),
        }
    }
}

/// A day of the calendar between 1990 and the end of next year.
fn day(year: u32, month: u32, day: u32, at: DateTime<Utc>) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok()?;
    let counts = (FIRST_YEAR..=local_date(at).year() + 1).contains(&year);
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| counts)
}

/// The latest such day that does not lie in the future.
fn yearless(month: u32, day: u32, at: DateTime<Utc>) -> Option<NaiveDate> {
    let today = local_date(at);
    // 29 February is eight years away at most
    let years = (0..=8).map(|back| today.year() - back);
    let mut days = years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
    days.find(|day| *day <= today)
}

/// The day and minute of a moment that is told with its offset from UTC, in Asia/Shanghai.
fn moved(day: NaiveDate, time: (u32, u32), east: i32) -> Option<(NaiveDate, (u32, u32))> {
    use chrono::{TimeDelta, Timelike};
    let there: NaiveDateTime = day.and_hms_opt(time.0, time.1, 0)?;
    let here = there.checked_add_signed(TimeDelta::minutes(i64::from(8 * 60 - east)))?;
    Some((here.date(), (here.hour(), here.minute())))
}
