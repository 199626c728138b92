//! The rows of the lists on a page: a title that leads somewhere, and the date beside it.
//!
//! ```text
//! tokens ─▶ gather: titles and dates, each date given to its title as elements close ─▶ settle: what is a row
//!        └▶ data: lists that inline scripts hold ────────────────────────────────────┘
//! ```

mod anchor;
mod data;
mod element;
mod frame;
mod gather;
mod settle;

use std::{borrow::Cow, sync::LazyLock};

use chrono::{DateTime, Days, NaiveDate, Utc};
use regex::Regex;
use serde::{Deserialize, Serialize};
use url::Url;
use xuncha_model::{facts::column::Newest, period::local_date};

use crate::{address::reported, lists};

pub(super) use gather::Rows;

/// Characters of a title that are kept.
const LONGEST_TITLE: usize = 80;
/// Rows of a page that are kept.
const MOST: usize = 500;

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its title, at most 80 characters.
    pub title: String,
    /// Where it leads; `None` where it leads nowhere.
    pub url: Option<Url>,
    /// Its date, as far as one is told.
    pub date: Option<NaiveDate>,
    /// What was read as the date, as it is written.
    pub written: String,
    /// Where the date stands; see [`Newest::from`].
    pub from: Cow<'static, str>,
}

/// By what words furniture is told from rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    /// Lines whose dates are nobody's.
    #[serde(deserialize_with = "lists::pattern")]
    clock: Regex,
    /// Lines whose dates are the page's own, unless an item of a list holds them.
    #[serde(deserialize_with = "lists::pattern")]
    own: Regex,
    /// Titles that are no rows.
    #[serde(deserialize_with = "lists::pattern")]
    never: Regex,
}

#[derive(Debug, Deserialize)]
struct List {
    rows: Words,
}

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    let list: Option<List> =
        lists::read("dates.yaml", include_str!("../../../../rules/lists/dates.yaml"));
    list.map(|list| list.rows)
});

/// The newest of the rows that does not lie in the future, by more than a day.
pub(crate) fn newest(rows: &[Row], at: DateTime<Utc>) -> Newest {
    let mut newest: Option<(&Row, NaiveDate)> = None;
    for row in rows {
        let Some(date) = row.date.filter(|date| !ahead(*date, at)) else { continue };
        if newest.is_none_or(|(_, known)| date > known) {
            newest = Some((row, date));
        }
    }
    let Some((row, date)) = newest else { return Newest::default() };
    Newest {
        date: date.to_string(),
        row: row.title.clone(),
        url: row.url.as_ref().map(reported).unwrap_or_default(),
        written: row.written.clone(),
        from: row.from.to_string(),
    }
}

/// Whether a day lies more than a day ahead of the look.
pub(crate) fn ahead(date: NaiveDate, at: DateTime<Utc>) -> bool {
    local_date(at).checked_add_days(Days::new(1)).is_some_and(|tomorrow| date > tomorrow)
}

#[cfg(test)]
mod tests;
