//! What a crawl saw of a site on a terminal: its columns with kind, newest date, age and verdict, and what was left out.

use std::fmt::Write;

use comfy_table::{CellAlignment, Table};
use xuncha_model::{
    facts::{ColumnFacts, CrawlFacts},
    scan::SiteResult,
};

use crate::{clean::printable, table::new_table};

/// The columns of a site and how its crawl went; empty where nothing was crawled.
pub(crate) fn render(site: &SiteResult, width: Option<u16>) -> String {
    let mut out = String::new();
    if !site.columns.is_empty() {
        let _ = writeln!(out, "{}\n", table(&site.columns, width));
    }
    if let Some(crawl) = &site.crawl {
        let _ = writeln!(out, "{}", summary(crawl));
        for (what, list) in [("left out", &crawl.left_out), ("trap", &crawl.traps)] {
            for left in list {
                let example = printable(&left.example);
                let _ = writeln!(
                    out,
                    "  {what} ({}): {} addresses, as {example}",
                    left.why, left.count
                );
            }
        }
        out.push('\n');
    }
    out
}

fn summary(crawl: &CrawlFacts) -> String {
    let CrawlFacts { pages, unchanged, duplicates, shells, failed, checked, ended, .. } = crawl;
    format!(
        "crawl: {pages} pages read ({unchanged} unchanged, {duplicates} the same as another, {shells} empty without scripts, \
         {failed} failed), {checked} links checked; ended: {ended}"
    )
}

fn table(columns: &[ColumnFacts], width: Option<u16>) -> Table {
    let mut table = new_table(width);
    table.set_header(["column", "kind", "newest", "age", "due", "verdict", "rests on", "address"]);
    for column in columns {
        table.add_row(row(column));
    }
    if let Some(column) = table.column_mut(3) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn row(column: &ColumnFacts) -> Vec<String> {
    let none = || "·".to_owned();
    let some = |text: &str| if text.is_empty() { none() } else { printable(text).into_owned() };
    vec![
        some(&column.name),
        some(&column.kind),
        some(&column.newest.date),
        column.age_days.seen().map_or_else(none, |days| format!("{days} d")),
        column.due_on.seen().map_or_else(none, ToString::to_string),
        verdict(column),
        some(&column.newest.row),
        some(&column.url),
    ]
}

/// The verdict in a word, as the rules of `columns.yaml` read the same facts.
fn verdict(column: &ColumnFacts) -> String {
    if !column.reason.is_ok() {
        format!("unknown ({})", column.reason)
    } else if column.empty {
        "empty".to_owned()
    } else if column.stale {
        format!("stale, {} d over", column.overdue_days)
    } else if column.group == "none" {
        "no period".to_owned()
    } else if let Some(why) = column.age_days.why() {
        format!("unknown ({})", why.reason)
    } else {
        "fresh".to_owned()
    }
}
