//! How old the newest row of a list is, and what may be said where rows bear no date: the pages they lead to decide.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use xuncha_model::facts::{ArticleFacts, column::Newest};

use super::key;
use crate::{
    address::reported,
    page::{
        Row,
        row::{ahead, newest},
    },
};

/// Rows without a date whose pages are asked, of one list.
const MOST: usize = 100;
/// Articles without a date from which a list without dates is known to have none.
const ENOUGH: u32 = 3;

/// The rows of a list, as far as its age depends on them.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub(super) rows: u32,
    pub(super) undated: u32,
    newest: Newest,
    /// Rows without a date: title, address, and its key.
    open: Vec<(String, String, String)>,
}

/// What the pages of a crawl tell of rows without a date.
pub(super) struct Pages<'a> {
    pub(super) articles: HashMap<String, &'a ArticleFacts>,
    /// Pages that were read and are no articles: who leads there is no entry of a list.
    pub(super) others: HashSet<String>,
}

/// The age of a list, as far as it is known.
pub(super) struct Age {
    pub(super) newest: Newest,
    /// Day of the newest row.
    pub(super) date: Option<NaiveDate>,
    /// Rows without a date whose page was read and has none either.
    pub(super) without: u32,
    /// Rows without a date whose page was not read.
    pub(super) open: u32,
    /// Rows whose date is known.
    dated: u32,
}

impl List {
    pub(super) fn of(rows: &[Row], at: DateTime<Utc>) -> Self {
        let undated = rows.iter().filter(|row| row.date.is_none());
        let open = undated.clone().take(MOST).filter_map(|row| {
            let url = row.url.as_ref()?;
            Some((row.title.clone(), reported(url), key(url)))
        });
        Self {
            rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            undated: u32::try_from(undated.clone().count()).unwrap_or(u32::MAX),
            newest: newest(rows, at),
            open: open.collect(),
        }
    }

    /// Another list of the same column.
    pub(super) fn join(&mut self, other: Self) {
        self.rows += other.rows;
        self.undated += other.undated;
        if other.newest.date > self.newest.date {
            self.newest = other.newest;
        }
        let room = MOST.saturating_sub(self.open.len());
        self.open.extend(other.open.into_iter().take(room));
    }

    /// What the rows and the pages they lead to tell together.
    pub(super) fn age(&self, pages: &Pages<'_>, at: DateTime<Utc>) -> Age {
        let mut age = Age {
            newest: self.newest.clone(),
            date: self.newest.date.parse().ok(),
            without: 0,
            open: 0,
            dated: self.rows.saturating_sub(self.undated),
        };
        for (title, url, key) in &self.open {
            let Some(article) = pages.articles.get(key) else {
                age.open += u32::from(!pages.others.contains(key));
                continue;
            };
            let printed = &article.published.printed;
            let Some(date) = printed.get(..10).and_then(|day| day.parse().ok()) else {
                age.without += 1;
                continue;
            };
            age.dated += 1;
            if !ahead(date, at) && age.date.is_none_or(|known| date > known) {
                age.date = Some(date);
                age.newest = Newest {
                    date: date.to_string(),
                    row: title.clone(),
                    url: url.clone(),
                    written: printed.clone(),
                    from: "article".to_owned(),
                };
            }
        }
        age
    }
}

impl Age {
    /// Most rows are known: what is left out could hardly change the verdict.
    pub(super) fn is_certain(&self) -> bool {
        self.open == 0 || self.open < self.dated + self.without
    }

    /// No row is dated, and the pages they lead to have no date either.
    pub(super) fn has_none(&self) -> bool {
        self.date.is_none() && self.without >= ENOUGH && self.open <= self.without
    }
}
