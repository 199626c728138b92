//! How a site's pages differ from the exemplary ones: what they hold, how old that is, and how it is written.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;

/// What a site publishes otherwise than the exemplary one; columns are named by their slugs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Contents {
    /// It has the columns of a portal.
    pub(crate) full: bool,
    /// How old the newest article of a column is.
    pub(crate) newest: BTreeMap<String, Ago>,
    /// No article is younger, in days.
    pub(crate) least: i64,
    /// The home page shows none that is younger, in days.
    pub(crate) home: i64,
    /// Columns without an article.
    pub(crate) empty: Vec<String>,
    /// Columns that are not there.
    pub(crate) without: Vec<String>,
    /// How many articles of a column, the newest first, print no date on their own page.
    pub(crate) undated: BTreeMap<String, usize>,
    /// Columns that know no dates: neither in the list nor in addresses nor on the articles' pages.
    pub(crate) dateless: Vec<String>,
    /// Columns whose articles do not lead to those they belong with.
    pub(crate) unlinked: Vec<String>,
    /// The reposted article does not say where it is from.
    pub(crate) sourceless: bool,
    /// One piece of news says that it is so many days old; its address knows better.
    pub(crate) backdated: Option<i64>,
    /// Faults of the catalogue: number, duplicate, date, agency.
    pub(crate) catalog: Vec<String>,
    /// How long the oldest letter has been waiting for an answer.
    pub(crate) unanswered: Option<Ago>,
    /// How many service guides lack elements, and how many each.
    pub(crate) poor_guides: (usize, usize),
    /// What the newest article of a column holds besides: snippets and papers of `content.yaml`.
    pub(crate) inserted: BTreeMap<String, Vec<String>>,
    /// What the first notice leads to and is not there: page, file.
    pub(crate) lost: Vec<String>,
}

/// How the pages of a site are written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Style {
    /// Dates of lists: brackets, slashes, chinese or split; `2026-11-22` where nothing is said.
    pub(crate) dates: String,
    /// Addresses of articles: folders or platform; `/zwdt/202611/t20261122_1001.html` where nothing is said.
    pub(crate) addresses: String,
    /// What writes the lists: json (an inline script) or fetch (a script that asks for them); the page itself where nothing is said.
    pub(crate) lists: String,
    /// A script of the site's own writes the footer.
    pub(crate) footer_script: bool,
    /// Menus whose addresses only a script knows.
    pub(crate) menu_script: bool,
    /// The head of every page shows the day it is.
    pub(crate) clock: bool,
    /// Nothing but a script is on any page.
    pub(crate) shell: bool,
    /// Title and keywords of the home page, where somebody has changed them.
    pub(crate) title: String,
    pub(crate) keywords: String,
    /// There is a sitemap.
    pub(crate) sitemap: bool,
    /// What every page, or the one it belongs to, lacks: see the templates.
    pub(crate) lacks: Vec<String>,
}

/// Time before today.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Ago {
    /// Days.
    Days(i64),
    /// Calendar months, and days before or (negative) after that.
    Months { months: u32, days: i64 },
}

impl Ago {
    /// The day it was then.
    pub(crate) fn before(self, today: NaiveDate) -> NaiveDate {
        let (months, days) = match self {
            Self::Days(days) => (0, days),
            Self::Months { months, days } => (months, days),
        };
        back(today.checked_sub_months(Months::new(months)).unwrap_or(today), days)
    }
}

/// So many days earlier, or later when negative.
pub(crate) fn back(day: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let there = if days < 0 { day.checked_add_days(by) } else { day.checked_sub_days(by) };
    there.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_where_the_calendar_says() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let ago = |days| Ago::Months { months: 6, days };
        assert_eq!(ago(1).before(day("2026-11-24")), day("2026-05-23"));
        assert_eq!(ago(-1).before(day("2026-11-24")), day("2026-05-25"));
        assert_eq!(ago(1).before(day("2026-08-31")), day("2026-02-27"));
        assert_eq!(Ago::Days(15).before(day("2026-03-01")), day("2026-02-14"));
    }
}
