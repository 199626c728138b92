//! Asks for findings: those that stand, one with its history, and those that stood on a past day.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use xuncha_model::{
    Finding, Severity,
    finding::{Change, State},
};

use crate::{
    Error, Store,
    moves::weight,
    row::{FindingRow, moment, read},
};

/// Which findings are wanted; the default is all that are live.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this site.
    pub site: Option<String>,
    /// Of this rule.
    pub rule: Option<String>,
    /// This heavy or heavier.
    pub severity: Option<Severity>,
    /// Closed ones too.
    pub closed: bool,
    /// At most so many.
    pub limit: Option<u32>,
}

/// How a finding moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When the look began that moved it.
    pub at: DateTime<Utc>,
    /// The scan of that look.
    pub scan: i64,
    /// What happened; `lasted` only where the message or the severity changed.
    pub change: Change,
    /// What was wrong, as seen then.
    pub message: String,
    /// How much it weighed then.
    pub severity: Severity,
    /// By which day it was to be mended then.
    pub due: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    at: DateTime<Utc>,
    scan: i64,
    change: String,
    message: String,
    severity: String,
    due: Option<NaiveDate>,
}

impl TryFrom<EventRow> for Event {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self, Error> {
        Ok(Self {
            at: row.at,
            scan: row.scan,
            change: read("change", row.change)?,
            message: row.message,
            severity: read("severity", row.severity)?,
            due: row.due,
        })
    }
}

#[derive(sqlx::FromRow)]
struct PastRow {
    #[sqlx(flatten)]
    finding: FindingRow,
    then_message: String,
    then_severity: String,
    then_due: Option<NaiveDate>,
    then_reopened: i64,
}

/// `cast` tells PostgreSQL the type of a parameter that may be null.
const LIST: &str = "select * from finding \
     where (cast($1 as text) is null or site = $1) and (cast($2 as text) is null or rule = $2) \
     and ($3 = 1 or state <> 'closed') and weight >= $4 order by weight desc, opened_at, id limit $5";

const EVENTS: &str = "select at, scan, change, message, severity, due from finding_event \
     where finding = $1 order by at, id";

const PAST: &str = "select finding.*, then_event.message as then_message, then_event.severity as then_severity, \
     then_event.due as then_due, (select count(*) from finding_event as again \
       where again.finding = finding.id and again.change = 'reopened' and again.at <= $1) as then_reopened \
     from finding join finding_event as then_event on then_event.finding = finding.id \
     where then_event.id = (select last.id from finding_event as last \
       where last.finding = finding.id and last.at <= $1 order by last.at desc, last.id desc limit 1) \
     and then_event.change <> 'closed' and (cast($2 as text) is null or finding.site = $2) \
     order by finding.weight desc, finding.opened_at, finding.id";

impl Store {
    /// The findings as they stand now, heaviest first, then oldest.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn findings(&self, filter: &Filter) -> Result<Vec<Finding>, Error> {
        let rows: Vec<FindingRow> = sqlx::query_as(LIST)
            .bind(&filter.site)
            .bind(&filter.rule)
            .bind(i64::from(filter.closed))
            .bind(filter.severity.map_or(0, weight))
            .bind(filter.limit.map_or(i64::MAX, i64::from))
            .fetch_all(&self.0.read)
            .await
            .map_err(self.failed("listing the findings"))?;
        rows.into_iter().map(Finding::try_from).collect()
    }

    /// One finding with its events, oldest first; `None` where there is none of this number.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn finding(&self, id: i64) -> Result<Option<(Finding, Vec<Event>)>, Error> {
        let doing = "reading a finding";
        let row: Option<FindingRow> = sqlx::query_as("select * from finding where id = $1")
            .bind(id)
            .fetch_optional(&self.0.read)
            .await
            .map_err(self.failed(doing))?;
        let Some(row) = row else { return Ok(None) };
        let events: Vec<EventRow> = sqlx::query_as(EVENTS)
            .bind(id)
            .fetch_all(&self.0.read)
            .await
            .map_err(self.failed(doing))?;
        let events = events.into_iter().map(Event::try_from).collect::<Result<_, _>>()?;
        Ok(Some((row.try_into()?, events)))
    }

    /// The findings that were live at a past moment, of one site or of all.
    ///
    /// Message, severity, due day and count of reopenings are those of that moment; title, basis, remedy and evidence are
    /// as last seen. Which of them somebody had acknowledged then is not kept: all are [`State::Open`].
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn findings_at(
        &self,
        at: DateTime<Utc>,
        site: Option<&str>,
    ) -> Result<Vec<Finding>, Error> {
        let rows: Vec<PastRow> = sqlx::query_as(PAST)
            .bind(moment(at))
            .bind(site)
            .fetch_all(&self.0.read)
            .await
            .map_err(self.failed("asking for a past day"))?;
        let mut findings = rows
            .into_iter()
            .map(|row| {
                let now = Finding::try_from(row.finding)?;
                Ok(Finding {
                    state: State::Open,
                    message: row.then_message,
                    severity: read("severity", row.then_severity)?,
                    due: row.then_due,
                    reopened: u32::try_from(row.then_reopened).unwrap_or_default(),
                    last_seen_at: now.last_seen_at.min(at),
                    closed_at: None,
                    ..now
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        Ok(findings)
    }
}
