//! A scan as CSV: one row a finding, one row for a site without any.

use csv::{Terminator, WriterBuilder};
use xuncha_model::scan::Report;

use crate::{Error, clean::cell, word};

const COLUMNS: [&str; 15] = [
    "site", "name", "url", "sponsor", "outcome", "reason", "score", "severity", "rule", "title",
    "target", "message", "basis", "remedy", "audience",
];

/// Renders the rows, CRLF as RFC 4180 asks.
///
/// With `mark` a byte order mark stands first: spreadsheets of Chinese Windows read UTF-8 only so.
///
/// # Errors
///
/// Only when the writer's buffer fails.
pub fn render(report: &Report, mark: bool) -> Result<Vec<u8>, Error> {
    let buffer = if mark { vec![0xef, 0xbb, 0xbf] } else { Vec::new() };
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(buffer);
    writer.write_record(COLUMNS).map_err(Error::Csv)?;
    for site in &report.sites {
        let score = site.score.map(|score| score.to_string()).unwrap_or_default();
        let head = [
            &site.id,
            &site.name,
            &site.url,
            &site.sponsor,
            &word(&site.outcome),
            &site.reason.to_string(),
            &score,
        ]
        .map(|text| cell(text));
        if site.findings.is_empty() {
            let row = head.iter().map(String::as_str).chain([""; 8]);
            writer.write_record(row).map_err(Error::Csv)?;
        }
        for finding in &site.findings {
            let tail = [
                &word(&finding.severity),
                &finding.rule,
                &finding.title,
                &finding.target,
                &finding.message,
                &finding.basis,
                &finding.remedy,
                &word(&finding.audience),
            ]
            .map(|text| cell(text));
            writer.write_record(head.iter().chain(&tail)).map_err(Error::Csv)?;
        }
    }
    writer.into_inner().map_err(|error| Error::Csv(error.into_error().into()))
}
