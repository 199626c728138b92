//! What the fuzz targets reach of this crate besides its public parts (see `fuzz/`).

use chrono::DateTime;

use crate::date;

/// Dates, in every way that is looked for.
pub fn dates(text: &str) {
    let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap_or_default();
    for told in date::days(text, at) {
        assert!(text.get(told.span.clone()).is_some(), "cut through a character");
    }
    let _ = (date::lone(text, at), date::edge(text, at), date::stamp(text, at));
    let _ = date::in_address(text, at);
    let cells: Vec<&str> = text.split('\n').collect();
    let _ = date::pieces(&cells, at);
}
