//! Messages in the rows of a table, or one a line.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    SHORTEST, Told,
    list::{List, Of},
};
use crate::date;

/// Cells of a row that are looked at.
const MOST_CELLS: usize = 12;
/// Characters of a cell that is nothing but a date.
const DATE: usize = 24;

/// What the columns of a table of messages hold, in order.
#[derive(Debug)]
pub(super) struct Columns {
    dates: Vec<Of>,
    state: bool,
}

/// The columns, when the line is the head of such a table.
pub(super) fn columns(line: &str, list: &List, said: bool) -> Option<Columns> {
    if !line.contains('\t') {
        return None;
    }
    let cells = line.split('\t').take(MOST_CELLS);
    let found: Vec<Of> = cells.filter_map(|cell| list.label(cell)).collect();
    let title = found.iter().any(|of| matches!(of, Of::Title | Of::Content));
    let dates: Vec<Of> =
        found.iter().copied().filter(|of| matches!(of, Of::Asked | Of::Answered)).collect();
    let state = found.contains(&Of::State);
    let talks = (said || list.talk.is_match(line)) && !list.talk_other.is_match(line);
    // a table that says nothing of answers cannot be judged
    let answers = state || dates.contains(&Of::Answered);
    (title && talks && answers && !dates.is_empty()).then_some(Columns { dates, state })
}

/// A row of such a table.
pub(super) fn row(line: &str, columns: &Columns, list: &List, at: DateTime<Utc>) -> Option<Told> {
    if !line.contains('\t') {
        return None;
    }
    let mut told = Told::default();
    let mut dates: Vec<NaiveDate> = Vec::new();
    let mut state = None;
    for cell in line.split('\t').take(MOST_CELLS).map(str::trim) {
        let short = cell.chars().count() <= DATE;
        let number = cell.chars().all(|char| char.is_ascii_digit() || char == '-');
        if let Some(day) =
            date::lone(cell, at).filter(|told| short && !told.relative).map(|told| told.day)
        {
            dates.push(day);
        } else if let Some(replied) = list.state(cell).filter(|_| columns.state) {
            state = Some(replied);
        } else if !number && cell.len() > told.title.len() {
            cell.clone_into(&mut told.title);
        }
    }
    if told.title.chars().count() < SHORTEST {
        return None;
    }
    // with as many dates as columns each is clear; of one date for two columns it is the first
    let mut dates = dates.into_iter();
    for of in &columns.dates {
        let Some(day) = dates.next() else { break };
        match of {
            Of::Answered => told.answered = told.answered.or(Some(day)),
            _ => told.asked = told.asked.or(Some(day)),
        }
    }
    let answerable = columns.dates.contains(&Of::Answered);
    told.replied = match state {
        Some(replied) => Some(replied || told.answered.is_some()),
        None if told.answered.is_some() => Some(true),
        None => None,
    };
    // an empty cell, in a row that shows when the message was written
    told.blank = answerable && !columns.state && told.replied.is_none() && told.asked.is_some();
    (told.replied.is_some() || told.blank).then_some(told)
}

/// A message in one line: its title, a date, and its state at the edge.
pub(super) fn line(line: &str, list: &List, at: DateTime<Utc>) -> Option<Told> {
    let found = date::days(line, at).next()?;
    let (before, after) = (line.get(..found.span.start)?, line.get(found.span.end..)?);
    let rest = format!("{} {}", before.trim_end(), after.trim_start()).replace('\t', " ");
    let rest = rest.trim();
    let (replied, state) = match (list.edge_waiting.find(rest), list.edge_done.find(rest)) {
        (Some(state), None) => (false, state),
        (None, Some(state)) => (true, state),
        _ => return None,
    };
    let title = if state.start() == 0 { &rest[state.end()..] } else { &rest[..state.start()] };
    let title = title.trim_matches(|char: char| char.is_whitespace() || "[]()".contains(char));
    let asked = (!replied).then_some(found.day);
    let title = title.trim_end_matches(['\u{3010}', '\u{ff08}']).trim();
    // of an answered one nobody says which of the two days it is
    (title.chars().count() >= SHORTEST).then(|| Told {
        title: title.to_owned(),
        asked,
        replied: Some(replied),
        ..Told::default()
    })
}
