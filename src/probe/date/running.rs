//! Days in running text, told with their year: the scanner, and what around a date says that it is none.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Told,
    cursor::{Cursor, digit},
    day, moved,
    words::{WORDS, month},
};

/// The days that a text tells with their year, in order; periods, index numbers, versions, addresses and amounts are none.
pub(crate) fn days(text: &str, at: DateTime<Utc>) -> Days<'_> {
    Days { text, at, from: 0 }
}

/// See [`days`].
#[derive(Debug)]
pub(crate) struct Days<'t> {
    text: &'t str,
    at: DateTime<Utc>,
    from: usize,
}

impl Iterator for Days<'_> {
    type Item = Told;

    fn next(&mut self) -> Option<Told> {
        let bytes = self.text.as_bytes();
        while let Some(rest) = bytes.get(self.from..).filter(|rest| !rest.is_empty()) {
            if !begins(rest) {
                self.from += 1;
                continue;
            }
            let mut cursor = Cursor::new(self.text, self.from);
            let begun = self.from;
            let told = full(&mut cursor, self.at);
            let alone = told.is_some() && !preceded(Cursor::new(self.text, begun));
            if let Some(told) = told {
                self.from = cursor.at.max(begun + 1);
                if alone && !followed(cursor) {
                    return Some(told);
                }
                continue;
            }
            // a run of digits is looked at once
            let mut after = Cursor::new(self.text, begun);
            after.skip_digits();
            self.from = after.at.max(begun + 1);
        }
        None
    }
}

/// Whether a date may begin here: a digit of either width, a numeral that a year begins with (one, two), a letter of a month.
fn begins(rest: &[u8]) -> bool {
    matches!(
        rest,
        [b'0'..=b'9' | b'J' | b'F' | b'M' | b'A' | b'S' | b'O' | b'N' | b'D', ..]
            | [0xef, 0xbc, 0x90..=0x99, ..]
            | [0xe4, 0xb8, 0x80, ..]
            | [0xe4, 0xba, 0x8c, ..]
    )
}

/// A date with its year and, where it stands there, its time.
pub(super) fn full(cursor: &mut Cursor<'_>, at: DateTime<Utc>) -> Option<Told> {
    let begun = cursor.at;
    let first = cursor.peek()?;
    let found = if first.is_ascii_alphabetic() {
        english(cursor, at)
    } else if digit(first).is_some() {
        numbers(cursor, at)
    } else {
        numerals(cursor, at)
    };
    let Some(day) = found else {
        cursor.at = begun;
        return None;
    };
    let mut told = Told { day, time: None, span: begun..cursor.at, relative: false };
    if let Some((time, east)) = time(cursor) {
        told.time = Some(time);
        told.span.end = cursor.at;
        if let Some((day, time)) = east.and_then(|east| moved(told.day, time, east)) {
            told.day = day;
            told.time = Some(time);
        }
    }
    Some(told)
}

/// `2026-11-22`, `2026/11/22`, `2026.11.22`, and with the Chinese marks; `22 Nov 2026`.
fn numbers(cursor: &mut Cursor<'_>, at: DateTime<Utc>) -> Option<NaiveDate> {
    let first = cursor.number()?;
    if first.digits <= 2 {
        cursor.blanks();
        let month = letters(cursor).and_then(month)?;
        cursor.eat(|char| matches!(char, '.' | ','));
        cursor.blanks();
        let year = cursor.number().filter(|year| year.digits == 4)?;
        return day(year.value, month, first.value, at);
    }
    if first.digits != 4 {
        return None;
    }
    let year = first.value;
    cursor.blanks();
    if cursor.mark(|written| &written.year) {
        cursor.blanks();
        let month = cursor.number().and_then(super::cursor::Number::short)?;
        cursor.blanks();
        if !cursor.mark(|written| &written.month) {
            return None;
        }
        cursor.blanks();
        let date = cursor.number().and_then(super::cursor::Number::short)?;
        let after = *cursor;
        cursor.blanks();
        if !cursor.mark(|written| &written.day) {
            *cursor = after;
        }
        return day(year, month, date, at);
    }
    let mark = plain(cursor.eat(|char| plain(char).is_some())?);
    cursor.blanks();
    let month = cursor.number().and_then(super::cursor::Number::short)?;
    cursor.blanks();
    cursor.eat(|char| plain(char).is_some() && plain(char) == mark)?;
    cursor.blanks();
    let date = cursor.number().and_then(super::cursor::Number::short)?;
    day(year, month, date, at)
}

/// The mark between year, month and day, in half width.
fn plain(char: char) -> Option<char> {
    match char {
        '-' | '\u{2013}' | '\u{2014}' | '\u{ff0d}' => Some('-'),
        '/' | '\u{ff0f}' => Some('/'),
        '.' | '\u{ff0e}' => Some('.'),
        _ => None,
    }
}

/// The whole date in Chinese numerals.
fn numerals(cursor: &mut Cursor<'_>, at: DateTime<Utc>) -> Option<NaiveDate> {
    let year = cursor.numeral_year()?;
    if !cursor.mark(|written| &written.year) {
        return None;
    }
    let month = cursor.numeral()?;
    if !cursor.mark(|written| &written.month) {
        return None;
    }
    let date = cursor.numeral()?;
    cursor.mark(|written| &written.day).then_some(())?;
    day(year, month, date, at)
}

/// `Nov 22, 2026`, `November 22 2026`.
fn english(cursor: &mut Cursor<'_>, at: DateTime<Utc>) -> Option<NaiveDate> {
    if cursor.before().next().is_some_and(|char| char.is_ascii_alphabetic()) {
        return None;
    }
    let month = letters(cursor).and_then(month)?;
    cursor.eat(|char| char == '.');
    cursor.blanks();
    let date = cursor.number().and_then(super::cursor::Number::short)?;
    cursor.eat(|char| char == ',');
    cursor.blanks();
    let year = cursor.number().filter(|year| year.digits == 4)?;
    day(year.value, month, date, at)
}

/// A word of letters, as long as a month's name may be.
fn letters<'t>(cursor: &mut Cursor<'t>) -> Option<&'t str> {
    let rest = cursor.rest();
    let end = rest.bytes().take(10).position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(10);
    let word = rest.get(..end).filter(|word| !word.is_empty())?;
    cursor.at += end;
    Some(word)
}

/// A time of day, and its offset east of UTC in minutes where one is told; the cursor stays where none is.
pub(super) fn time(cursor: &mut Cursor<'_>) -> Option<((u32, u32), Option<i32>)> {
    let mut look = *cursor;
    if look.eat(|char| char == 'T').is_none() {
        look.blanks();
    }
    let hour = look.number().and_then(super::cursor::Number::short)?;
    let colon = |char| matches!(char, ':' | '\u{ff1a}' | '\u{2236}');
    let marked = look.eat(colon).is_none();
    if marked && !look.mark(|written| &written.hour) {
        return None;
    }
    let minute = look.number().and_then(super::cursor::Number::short)?;
    if hour > 23 || minute > 59 {
        return None;
    }
    if marked {
        look.mark(|written| &written.minute);
    } else if look.eat(colon).is_some() {
        look.skip_digits();
        let mut fraction = look;
        if fraction.eat(|char| char == '.').is_some() && fraction.number().is_some() {
            look = fraction;
        }
    }
    let mut east = None;
    let mut zone = look;
    if zone.eat(|char| char == 'Z').is_some() {
        (east, look) = (Some(0), zone);
    } else if let Some(sign) = zone.eat(|char| matches!(char, '+' | '-'))
        && let Some((hours, minutes)) = offset(&mut zone)
    {
        let minutes = i32::try_from(hours * 60 + minutes).unwrap_or(0);
        (east, look) = (Some(if sign == '-' { -minutes } else { minutes }), zone);
    }
    *cursor = look;
    Some(((hour, minute), east))
}

/// `08:00` or `0800`.
fn offset(cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
    let number = cursor.number()?;
    let (hours, minutes) = match number.digits {
        4 => (number.value / 100, number.value % 100),
        2 => {
            cursor.eat(|char| char == ':')?;
            (number.value, cursor.number().and_then(super::cursor::Number::short)?)
        }
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some((hours, minutes))
}

/// What stands before makes it part of something longer, or the end of a period.
fn preceded(cursor: Cursor<'_>) -> bool {
    let mut before = cursor.before();
    let Some(last) = before.next() else { return false };
    if last.is_ascii_alphanumeric() || digit(last).is_some() {
        return true;
    }
    if matches!(last, '.' | '-' | '/' | '_' | ':') || plain(last).is_some() {
        return before.next().is_some_and(|char| char.is_ascii_alphanumeric());
    }
    let Some(written) = WORDS.as_ref().map(|words| &words.written) else { return false };
    let last = if last.is_whitespace() { before.next() } else { Some(last) };
    let Some(last) = last.filter(|last| written.period.contains(*last)) else { return false };
    // a dash ends a period only where one begins before it; a word always does
    let dash = plain(last).is_some() || !last.is_alphabetic();
    let first = before.find(|char| !char.is_whitespace());
    !dash || first.is_some_and(|char| digit(char).is_some() || written.day.contains(char))
}

/// What stands after makes it part of something longer, or the beginning of a period.
fn followed(mut cursor: Cursor<'_>) -> bool {
    let Some(next) = cursor.peek() else { return false };
    if digit(next).is_some() || next.is_ascii_alphabetic() && next != 'T' {
        return true;
    }
    let begins = |char: char| digit(char).is_some();
    if plain(next).is_some() || next == ':' {
        let mut after = cursor;
        after.eat(|_| true);
        if after.peek().is_some_and(begins) {
            return true;
        }
    }
    cursor.blanks();
    if !cursor.mark(|written| &written.period) {
        return false;
    }
    while cursor.mark(|written| &written.period) {}
    cursor.blanks();
    cursor.peek().is_some_and(begins)
}
