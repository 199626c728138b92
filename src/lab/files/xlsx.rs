//! Spreadsheets: the headline, the paragraphs, then the table.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::Document;
use crate::Error;

/// A number of more digits is kept as text, or the last ones are lost.
const MOST_DIGITS: usize = 15;

pub(super) fn make(document: &Document) -> Result<Vec<u8>, Error> {
    write(document).map_err(|error| Error::Data(format!("a spreadsheet: {error}")))
}

fn write(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 11, 2)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    let lines = std::iter::once(&document.title).chain(&document.lines);
    let mut row = 0;
    for line in lines {
        sheet.write_string(row, 0, line)?;
        row += 1;
    }
    for cells in &document.rows {
        for (column, cell) in (0..).zip(cells) {
            let number = !cell.starts_with('0')
                && cell.len() <= MOST_DIGITS
                && cell.bytes().all(|byte| byte.is_ascii_digit());
            match cell.parse::<f64>() {
                Ok(value) if number => sheet.write_number(row, column, value)?,
                _ => sheet.write_string(row, column, cell)?,
            };
        }
        row += 1;
    }
    book.save_to_buffer()
}
