//! Days in pieces: the day in one element, year and month in the next, in either order.

use chrono::{DateTime, NaiveDate, Utc};

use super::{cursor::Cursor, day, yearless};

/// A piece of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Year(u32),
    YearMonth(u32, u32),
    MonthDay(u32, u32),
    Month(u32),
    /// One or two digits: a day, or a month where two of them stand beside a year.
    Short(u32),
}

/// The day that neighbouring texts tell together, and how it is written.
///
/// Pieces must follow each other: `22` `2026-11`, `2026-11` `22`, `11/22` `2026`, `2026` `11-22`, `22` `11` `2026`.
pub(crate) fn pieces(texts: &[&str], at: DateTime<Utc>) -> Option<(NaiveDate, String)> {
    let mut known: Vec<(Piece, &str)> = Vec::new();
    for text in texts.iter().take(12) {
        let bare = bare(text);
        if bare.is_empty() {
            continue;
        }
        match piece(bare) {
            Some(piece) => known.push((piece, bare)),
            None => {
                if let Some(found) = joined(&known, at) {
                    return Some(found);
                }
                known.clear();
            }
        }
    }
    joined(&known, at)
}

/// Whether the whole text may be a piece of a date.
pub(crate) fn is_piece(text: &str) -> bool {
    piece(bare(text)).is_some()
}

fn bare(text: &str) -> &str {
    text.trim_matches(|char: char| char.is_whitespace() || "-/.|,[]()".contains(char))
}

/// The day that some of these pieces tell.
fn joined(pieces: &[(Piece, &str)], at: DateTime<Utc>) -> Option<(NaiveDate, String)> {
    use Piece::{Month, MonthDay, Short, Year, YearMonth};
    let three = pieces.windows(3).find_map(|three| {
        let &[(a, x), (b, y), (c, z)] = three else { return None };
        let found = match (a, b, c) {
            (Year(year), Short(month), Short(date)) | (Short(date), Short(month), Year(year)) => {
                day(year, month, date, at)
            }
            (Year(year), Month(month), Short(date))
            | (Short(date), Month(month), Year(year))
            | (Month(month), Short(date), Year(year)) => day(year, month, date, at),
            _ => None,
        };
        found.map(|day| (day, format!("{x} {y} {z}")))
    });
    let two = |pair: &[(Piece, &str)]| {
        let &[(a, x), (b, y)] = pair else { return None };
        let found = match (a, b) {
            (YearMonth(year, month), Short(date)) | (Short(date), YearMonth(year, month)) => {
                day(year, month, date, at)
            }
            (Year(year), MonthDay(month, date)) | (MonthDay(month, date), Year(year)) => {
                day(year, month, date, at)
            }
            (Month(month), Short(date)) | (Short(date), Month(month)) => yearless(month, date, at),
            _ => None,
        };
        found.map(|day| (day, format!("{x} {y}")))
    };
    three.or_else(|| pieces.windows(2).find_map(two))
}

/// What the whole text is a piece of.
fn piece(text: &str) -> Option<Piece> {
    if text.len() > 24 {
        return None;
    }
    let mut cursor = Cursor::new(text, 0);
    let first = cursor.number()?;
    let end = |cursor: &Cursor<'_>| cursor.rest().is_empty();
    let mark = |char: char| matches!(char, '-' | '/' | '.' | '\u{ff0d}');
    if first.digits == 4 {
        let year = first.value;
        if cursor.mark(|written| &written.year) || cursor.eat(mark).is_some() {
            if end(&cursor) {
                return Some(Piece::Year(year));
            }
            let month = cursor.number()?.short()?;
            cursor.mark(|written| &written.month);
            return end(&cursor).then_some(Piece::YearMonth(year, month));
        }
        return end(&cursor).then_some(Piece::Year(year));
    }
    let first = first.short()?;
    if end(&cursor) {
        return Some(Piece::Short(first));
    }
    let chinese = cursor.mark(|written| &written.month);
    if chinese && end(&cursor) {
        return Some(Piece::Month(first));
    }
    if !chinese && cursor.mark(|written| &written.day) {
        return end(&cursor).then_some(Piece::Short(first));
    }
    if !chinese {
        cursor.eat(mark)?;
    }
    let second = cursor.number()?;
    if second.digits == 4 && !chinese {
        return end(&cursor).then_some(Piece::YearMonth(second.value, first));
    }
    let second = second.short()?;
    cursor.mark(|written| &written.day);
    end(&cursor).then_some(Piece::MonthDay(first, second))
}
