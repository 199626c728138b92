//! Turns a scan into something to read: terminal tables, CSV, one self-contained HTML page.
//!
//! Numbers are made once, in [`summary`]; every format shows the same ones. Text that came from a site passes through
//! [`clean`] before it reaches a terminal or a spreadsheet (threats.md T14, T17); HTML escapes by itself (T15).

pub mod clean;
mod columns;
pub mod csv;
pub mod html;
pub mod summary;
pub mod table;

use std::fmt;

/// A report could not be rendered; never the fault of a site.
#[derive(Debug)]
pub enum Error {
    /// A template of the office does not work.
    Template(minijinja::Error),
    /// The CSV writer failed.
    Csv(::csv::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The detail names template, line and column.
            Self::Template(error) => write!(f, "report template: {}", error.display_debug_info()),
            Self::Csv(error) => write!(f, "writing CSV: {error}"),
        }
    }
}

impl std::error::Error for Error {}

/// An enum's word as JSON writes it; every format and the terminal use the same.
pub fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
