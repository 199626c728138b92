//! The CSV files of `rules/lists`: comment lines, a snapshot date, rows with the line they stand on.

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord, Trim};
use serde::de::DeserializeOwned;
use xuncha_model::Problem;

use super::Text;

/// The line that says when the data was taken: `# snapshot: 2026-08-22`.
const SNAPSHOT: &str = "# snapshot:";

/// The rows of a file.
#[derive(Debug)]
pub(super) struct Table<T> {
    /// The day the data was taken.
    pub(super) snapshot: NaiveDate,
    /// Each row with its line, from 1.
    pub(super) rows: Vec<(u64, T)>,
}

/// Reads a file whose head line must be these columns.
///
/// # Errors
///
/// Every row that cannot be read, with its line.
pub(super) fn read<T: DeserializeOwned>(
    text: Text<'_>,
    columns: &[&str],
) -> Result<Table<T>, Vec<Problem>> {
    let mut problems = Vec::new();
    let snapshot = text.text.lines().find_map(|line| line.strip_prefix(SNAPSHOT));
    let snapshot = snapshot.and_then(|day| day.trim().parse().ok());
    if snapshot.is_none() {
        problems.push(text.problem(0, format!("there is no line `{SNAPSHOT} YYYY-MM-DD`")));
    }
    let plain = text.text.strip_prefix('\u{feff}').unwrap_or(text.text);
    let mut reader =
        ReaderBuilder::new().comment(Some(b'#')).trim(Trim::All).from_reader(plain.as_bytes());
    let head = reader.headers().cloned().unwrap_or_default();
    if head.iter().ne(columns.iter().copied()) {
        problems.push(text.problem(0, format!("the columns must be {}", columns.join(","))));
        return Err(problems);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record.map_err(|error| line_of(&error)).and_then(|record| row(&record, &head)) {
            Ok(row) => rows.push(row),
            Err((line, what)) => problems.push(text.problem(line, what)),
        }
    }
    match snapshot {
        Some(snapshot) if problems.is_empty() => Ok(Table { snapshot, rows }),
        _ => Err(problems),
    }
}

fn row<T: DeserializeOwned>(
    record: &StringRecord,
    head: &StringRecord,
) -> Result<(u64, T), (u64, String)> {
    let line = record.position().map_or(0, csv::Position::line);
    let row = record.deserialize(Some(head)).map_err(|error| (line, told(&error)))?;
    Ok((line, row))
}

fn line_of(error: &csv::Error) -> (u64, String) {
    (error.position().map_or(0, csv::Position::line), told(error))
}

/// The message without the place, which stands before it already.
fn told(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("there are {len} columns, not {expected_len}")
        }
        _ => error.to_string(),
    }
}
