//! Columns (栏目): which there are, what kind they are of, and how fresh they are.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Reason, Seen};

/// One column of the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnFacts {
    /// Its name, as the navigation or the register writes it.
    pub name: String,
    /// Its list page.
    pub url: String,
    /// Its kind by `rules/lists/columns.yaml`: news, notice, policy, interpretation, personnel, …; empty when no name fits.
    pub kind: String,
    /// By whose period it is judged (检查指标, 单项否决 4): news (动态、要闻), notice (通知公告、政策文件), other (应更新), or
    /// none (a single page, a form, a way to elsewhere: no period).
    pub group: String,
    /// register or navigation.
    pub known_from: String,
    /// Empty when its list was read; else why not: then nothing else is known of it.
    pub reason: Reason,
    /// Rows of its list.
    pub rows: u32,
    /// Rows without a date.
    pub undated_rows: u32,
    /// It is a list, and has no row.
    pub empty: bool,
    /// The newest dated row, which the verdict rests on.
    pub newest: Newest,
    /// Whole days since the newest row, in Asia/Shanghai; unseen when no row is dated.
    pub age_days: Seen<i64>,
    /// The day from which it counts as not updated: newest row and period; unseen when there is no period or no date.
    pub due_on: Seen<NaiveDate>,
    /// It counts as not updated: that day has come, or its list was read and no row is dated. False where nothing is proved.
    pub stale: bool,
    /// Days beyond that day; 0 on it and before.
    pub overdue_days: i64,
}

/// The newest row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Newest {
    /// `YYYY-MM-DD`; empty when no row is dated.
    pub date: String,
    /// The row's title, at most 80 characters.
    pub row: String,
    /// Where the row leads.
    pub url: String,
    /// What was read as the date, as it is written: `[11-22]`.
    pub written: String,
    /// Where it stands: row (printed), address (of the row's link), article (printed on the page the row leads to), relative
    /// (昨天); empty when there is none.
    pub from: String,
}

/// How fresh the home page is (检查指标, 单项否决 3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FreshnessFacts {
    /// The newest row of the home page; of all second-level pages where the home page is nothing but a way to them.
    pub newest: Newest,
    /// Whole days since then, in Asia/Shanghai; unseen when no row is dated.
    pub age_days: Seen<i64>,
    /// Rows that were looked at.
    pub rows: u32,
    /// Rows of them without a date: they count as not updated.
    pub undated_rows: u32,
    /// No row is dated, and the pages they lead to were read and bear no date either: nothing proves an update.
    #[serde(default)]
    pub none_dated: bool,
    /// The home page is nothing but navigation, and the second-level pages were judged in its place.
    pub navigation_only: bool,
}
