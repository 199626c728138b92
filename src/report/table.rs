//! A scan on a terminal: a table of sites, then what was found.

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use xuncha_model::{
    Severity,
    scan::{FindingView, Report, SiteResult},
};

use crate::{
    clean::printable,
    columns,
    summary::{Severities, Summary},
    word,
};

/// Sites of a scan up to which the columns of each are shown, too.
const MOST_IN_FULL: usize = 3;

/// Renders the tables; `width` is the terminal's in columns, `None` leaves lines as long as they are.
pub fn render(report: &Report, width: Option<u16>) -> String {
    let mut out = String::new();
    if !report.void.is_ok() {
        let detail = printable(&report.void_detail);
        let _ =
            writeln!(out, "THE ROUND IS VOID ({}): {detail}. Nobody is accused.\n", report.void);
    }
    let _ = writeln!(out, "{}\n", sites(report, width));
    let few = report.sites.len() <= MOST_IN_FULL;
    for site in report.sites.iter().filter(|site| few || !site.findings.is_empty()) {
        let _ = writeln!(out, "{}  {}", printable(&site.name), printable(&site.url));
        if few {
            out.push_str(&columns::render(site, width));
        }
        for finding in &site.findings {
            let _ = writeln!(out, "  {}", self::finding(finding));
            let _ = writeln!(out, "           {}", printable(&finding.message));
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", closing(&Summary::of(report)));
    out
}

/// A finding on one line: severity, rule, title, target.
pub fn finding(finding: &FindingView) -> String {
    let FindingView { rule, target, title, .. } = finding;
    format!(
        "{:<8} {rule}  {}  [{}]",
        severity(finding.severity),
        printable(title),
        printable(target)
    )
}

fn sites(report: &Report, width: Option<u16>) -> Table {
    let mut table = new_table(width);
    table.set_header([
        "site", "name", "outcome", "score", "veto", "crit", "major", "minor", "advice", "unknown",
        "home ms",
    ]);
    for site in &report.sites {
        table.add_row(row(site));
    }
    for column in 3..11 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn row(site: &SiteResult) -> Vec<String> {
    let counts = Severities::of(site.findings.iter());
    let number = |count: usize| if count == 0 { String::from("·") } else { count.to_string() };
    let outcome = word(&site.outcome);
    let outcome = if site.reason.is_ok() { outcome } else { format!("{outcome} {}", site.reason) };
    let unverified = if site.scoring.unverified { "?" } else { "" };
    vec![
        site.id.clone(),
        printable(&site.name).into_owned(),
        outcome,
        site.score.map_or_else(|| "·".to_owned(), |score| format!("{score}{unverified}")),
        number(counts.veto),
        number(counts.critical),
        number(counts.major),
        number(counts.minor),
        number(counts.advice),
        number(site.unknown.len()),
        if site.home_ms == 0 { String::from("·") } else { site.home_ms.to_string() },
    ]
}

fn closing(summary: &Summary) -> String {
    let Summary { sites, checked, ok, degraded, blocked, down, findings, unknown, clean, .. } =
        summary;
    format!(
        "{sites} sites, {checked} checked: {ok} ok, {degraded} degraded, {blocked} blocked, {down} down; {clean} without findings\n\
         {} findings: {} veto, {} critical, {} major, {} minor, {} advice; {unknown} not judged (unknown is never a fault)",
        findings.total,
        findings.veto,
        findings.critical,
        findings.major,
        findings.minor,
        findings.advice
    )
}

/// A severity as one word.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Veto => "veto",
        Severity::Critical => "critical",
        Severity::Major => "major",
        Severity::Minor => "minor",
        Severity::Advice => "advice",
    }
}

/// One line under the head, nothing between the rows: many rows fit on a screen.
const LOOK: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// An empty table in the house's look, wrapped to `width` columns where one is given.
pub fn new_table(width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.load_style(LOOK);
    match width {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.max(60));
        }
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    table
}
