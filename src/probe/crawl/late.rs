//! Rows that a list shows among its older ones, and that it did not hold when it was read before: a date that was written back.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;
use xuncha_model::period::local_date;

use crate::page::Row;

/// Days that the date of a row must lie before the earlier look: what is published at night may be listed the next day.
const APART: TimeDelta = TimeDelta::days(2);
/// Rows that are kept.
const MOST: usize = 50;

/// A row that came later than its date says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// Where it leads.
    pub url: Url,
    /// The day on which the list was read and did not hold it.
    pub absent_on: NaiveDate,
}

/// A list as it was read before.
pub(super) struct Earlier<'a> {
    pub(super) rows: &'a [Row],
    pub(super) late: &'a [Late],
    pub(super) at: DateTime<Utc>,
}

/// The late rows of a list: new ones whose date lies between the dates that the list showed already, and known ones that are
/// still there.
pub(super) fn late(before: &Earlier<'_>, now: &[Row]) -> Vec<Late> {
    let absent_on = local_date(before.at);
    let dates = || before.rows.iter().filter_map(|row| row.date);
    let (Some(oldest), Some(newest)) = (dates().min(), dates().max()) else { return Vec::new() };
    let found = now.iter().filter_map(|row| {
        let (url, date) = (row.url.as_ref()?, row.date?);
        if let Some(known) = before.late.iter().find(|late| late.url == *url) {
            return Some(known.clone());
        }
        let was_there = before.rows.iter().any(|row| row.url.as_ref() == Some(url));
        // had it been there on its day, the list would have shown it
        let between = oldest < date && date < newest && date + APART < absent_on;
        (between && !was_there).then(|| Late { url: url.clone(), absent_on })
    });
    found.take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, date: &str) -> Row {
        Row {
            title: format!("row {number}"),
            url: Some(format!("https://a.cn/{number}.html").parse().unwrap()),
            date: Some(date.parse().unwrap()),
            written: date.to_owned(),
            from: "row".into(),
        }
    }

    #[test]
    fn a_row_that_slipped_in_among_older_ones_is_late() {
        let old = [row(1, "2026-11-10"), row(2, "2026-10-20"), row(3, "2026-09-01")];
        let at: DateTime<Utc> = "2026-11-20T02:00:00Z".parse().unwrap();
        let before = Earlier { rows: &old, late: &[], at };
        let late_of = |new: Row| late(&before, &[old.as_slice(), &[new]].concat());
        let found = late_of(row(9, "2026-10-25"));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].url.path(), found[0].absent_on), ("/9.html", local_date(at)));
        for innocent in [
            row(2, "2026-10-25"), // it was there, under another date
            row(9, "2026-11-19"), // published after the look
            row(9, "2026-11-10"), // the same day as the newest
            row(9, "2026-08-01"), // the list did not reach so far back
        ] {
            assert_eq!(late_of(innocent), [], "innocent");
        }
        // it stays late as long as it is there
        let known = [row(1, "2026-11-22"), row(9, "2026-10-25")];
        let again = Earlier { rows: &known, late: &found, at: at + TimeDelta::days(7) };
        assert_eq!(late(&again, &known), found);
        assert_eq!(late(&again, &known[..1]), []);
    }
}
