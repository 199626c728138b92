//! Workbooks: rows as lines, cells apart by tabs, hidden sheets like any other.

use std::{fmt::Write as _, io::Cursor};

use calamine::{
    Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, Xls, XlsError, Xlsx, XlsxError,
};

use crate::{
    archive::Archive,
    haul::{Haul, Place, Why, Words},
    office,
};

/// Cells between two looks at the clock.
const OFTEN: usize = 10_000;

/// The workbooks of Excel 2007 and later, cell by cell: a sheet may say that it is as large as the world.
pub(crate) fn xlsx(archive: &mut Archive<'_>, bytes: &[u8], haul: &mut Haul, place: &Place) {
    if !checked(archive, "xl/", haul, place) {
        return;
    }
    match Xlsx::new(Cursor::new(bytes)) {
        Ok(mut book) => {
            for name in book.sheet_names() {
                let mut words = haul.words();
                let done = match book.worksheet_cells_reader(&name) {
                    Ok(mut cells) => {
                        let mut rows = Rows::new(&mut words);
                        loop {
                            match cells.next_cell() {
                                Ok(Some(cell)) => {
                                    if let Err(why) = rows.cell(cell.get_position().0, haul) {
                                        break Err(why);
                                    }
                                    shared(cell.get_value(), rows.words);
                                }
                                Ok(None) => break Ok(()),
                                Err(_) => break Err(Why::Damaged),
                            }
                        }
                    }
                    // a sheet that is a diagram, or is named and not there
                    Err(XlsxError::NotAWorksheet(_)) => Ok(()),
                    Err(_) => Err(Why::Damaged),
                };
                kept(haul, place, &name, words, done);
            }
        }
        Err(XlsxError::Password) => haul.unread(place, "", Why::Encrypted),
        Err(_) => haul.unread(place, "", Why::Damaged),
    }
    office::beside_cells(archive, haul, place);
}

/// The workbooks of Excel 97 to 2003, and those of WPS.
pub(crate) fn xls(bytes: &[u8], haul: &mut Haul, place: &Place) {
    match Xls::new(Cursor::new(bytes)) {
        Ok(book) => ranges(book, haul, place),
        Err(XlsError::Password) => haul.unread(place, "", Why::Encrypted),
        Err(_) => haul.unread(place, "", Why::Damaged),
    }
}

/// The workbooks of OpenDocument.
pub(crate) fn ods(archive: &mut Archive<'_>, bytes: &[u8], haul: &mut Haul, place: &Place) {
    if !checked(archive, "", haul, place) {
        return;
    }
    match Ods::new(Cursor::new(bytes)) {
        Ok(book) => ranges(book, haul, place),
        Err(OdsError::Password) => haul.unread(place, "", Why::Encrypted),
        Err(OdsError::CellLimitExceeded { .. }) => haul.unread(place, "", Why::Size),
        Err(_) => haul.unread(place, "", Why::Damaged),
    }
}

/// Whether its XML keeps within the caps, for a reader that has none.
fn checked(archive: &mut Archive<'_>, folder: &str, haul: &mut Haul, place: &Place) -> bool {
    for member in archive.under(folder, ".xml") {
        if let Err(why) = archive.check(&member, haul) {
            haul.unread(place, "", why);
            return false;
        }
    }
    true
}

fn ranges<'b, B: Reader<Cursor<&'b [u8]>>>(mut book: B, haul: &mut Haul, place: &Place) {
    for name in book.sheet_names() {
        let mut words = haul.words();
        let done = match book.worksheet_range(&name) {
            Ok(range) => {
                let mut rows = Rows::new(&mut words);
                range.used_cells().try_for_each(|(row, _, value)| {
                    rows.cell(u32::try_from(row).unwrap_or(u32::MAX), haul)?;
                    own(value, rows.words);
                    Ok(())
                })
            }
            Err(_) => Err(Why::Damaged),
        };
        kept(haul, place, &name, words, done);
    }
}

fn kept(haul: &mut Haul, place: &Place, name: &str, words: Words, done: Result<(), Why>) {
    haul.keep(place, name, words);
    if let Err(why) = done {
        haul.unread(place, name, why);
    }
}

/// The place in a sheet.
struct Rows<'w> {
    words: &'w mut Words,
    last: Option<u32>,
    count: usize,
}

impl<'w> Rows<'w> {
    fn new(words: &'w mut Words) -> Self {
        Self { words, last: None, count: 0 }
    }

    /// Comes to a cell; empty cells and rows between two are one step.
    fn cell(&mut self, row_now: u32, haul: &Haul) -> Result<(), Why> {
        match self.last {
            Some(row) if row != row_now => self.words.push('\n'),
            Some(_) => self.words.push('\t'),
            None => {}
        }
        self.last = Some(row_now);
        self.count += 1;
        // the cap says so by itself
        if self.words.is_full() {
            return Err(Why::Size);
        }
        if self.count.is_multiple_of(OFTEN) && haul.late() { Err(Why::Time) } else { Ok(()) }
    }
}

fn shared(value: &DataRef<'_>, words: &mut Words) {
    match value {
        DataRef::Int(number) => number_of(number, words),
        DataRef::Float(number) => number_of(number, words),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text_of(text, words);
        }
        DataRef::SharedString(text) => text_of(text, words),
        DataRef::DateTime(date) => date_of(date, words),
        DataRef::Bool(_) | DataRef::Error(_) | DataRef::Empty => {}
    }
}

fn own(value: &Data, words: &mut Words) {
    match value {
        Data::Int(number) => number_of(number, words),
        Data::Float(number) => number_of(number, words),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            text_of(text, words);
        }
        Data::DateTime(date) => date_of(date, words),
        Data::Bool(_) | Data::Error(_) | Data::Empty => {}
    }
}

/// A number as it is stored, never with an exponent: Excel keeps fifteen digits of one.
fn number_of(number: impl std::fmt::Display, words: &mut Words) {
    words.push_str(&number.to_string());
}

/// The text of a cell; its lines are parts of one cell.
fn text_of(text: &str, words: &mut Words) {
    let mut lines = text.lines();
    words.push_str(lines.next().unwrap_or_default());
    for line in lines {
        words.push(' ');
        words.push_str(line);
    }
}

fn date_of(date: &ExcelDateTime, words: &mut Words) {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let mut text = String::new();
    // writing to a String cannot fail
    let _ = write!(text, "{year}-{month:02}-{day:02}");
    words.push_str(&text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_have_no_exponent() {
        let mut haul = Haul::new();
        let mut words = haul.words();
        number_of(411_324_198_501_010_000_f64, &mut words);
        words.push(' ');
        number_of(13.5_f64, &mut words);
        haul.keep(&Place::default(), "", words);
        assert_eq!(haul.parts[0].text, "411324198501010000 13.5");
    }
}
