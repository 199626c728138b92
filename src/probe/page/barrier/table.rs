//! Tables of data without cells that head them; only those that are beyond doubt.

use super::{Notes, blank, hidden, shown};
use crate::markup::Tag;

/// Rows that a table of data has at least, and cells in each.
const ROWS: u32 = 3;
const CELLS: u32 = 2;

/// The outermost table that is open.
#[derive(Debug, Default)]
pub(super) struct Tables {
    depth: u32,
    /// Its start tag, as long as it may be a table of data.
    data: Option<String>,
    /// It has a border, a summary or a caption: nobody lays a page out with such a one.
    drawn: bool,
    rows: u32,
    cells: u32,
    /// Cells of the first row.
    wide: u32,
}

impl Tables {
    pub(super) fn open(&mut self, name: &[u8], tag: Tag<'_>) {
        match name {
            b"table" => {
                self.depth += 1;
                if self.depth > 1 {
                    // tables in tables are there for the layout
                    self.data = None;
                    return;
                }
                let drawn = |key: &str| {
                    tag.attribute(key).is_some_and(|value| !blank(&value) && value.trim() != "0")
                };
                let drawn = drawn("border") || drawn("summary");
                let data = (!hidden(tag)).then(|| shown(tag));
                *self = Self { depth: 1, data, drawn, ..Self::default() };
            }
            _ if self.depth != 1 || self.data.is_none() => {}
            b"tr" => {
                self.end_row();
                self.rows += 1;
            }
            b"td" => {
                let span =
                    |key: &str| tag.attribute(key).and_then(|span| span.trim().parse::<u32>().ok());
                // merged cells are forms and layouts more often than data
                if span("colspan").or(span("rowspan")).is_some_and(|span| span > 1) {
                    self.data = None;
                }
                self.cells += 1;
            }
            b"th" => self.data = None,
            b"caption" => self.drawn = true,
            _ => {}
        }
    }

    fn end_row(&mut self) {
        if self.rows == 1 {
            self.wide = self.cells;
        } else if self.rows > 1 && self.cells != self.wide {
            self.data = None;
        }
        self.cells = 0;
    }

    /// An image or a field: no plain table of data.
    pub(super) fn other(&mut self) {
        self.data = None;
    }

    pub(super) fn close(&mut self, notes: &mut Notes) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth > 0 {
            return;
        }
        self.end_row();
        if let Some(table) = self.data.take()
            && self.drawn
            && self.rows >= ROWS
            && self.wide >= CELLS
        {
            notes.write("table-header", || table);
        }
    }
}
