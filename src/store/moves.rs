//! Moves a site's findings by fresh verdicts, inside a transaction.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{SqliteConnection, types::Json};
use xuncha_model::{
    Finding,
    finding::{self, Change, State},
};

use crate::{
    Changes, Judged,
    row::{FindingRow, moment, word},
};

const KNOWN: &str = "select * from finding where site = $1 order by id";

const INSERT: &str = "insert into finding (site, rule, target, state, title, severity, weight, basis, message, remedy, \
     audience, evidence, opened_at, last_seen_at, closed_at, reopened, due) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning id";

const UPDATE: &str = "update finding set site = $1, rule = $2, target = $3, state = $4, title = $5, severity = $6, \
     weight = $7, basis = $8, message = $9, remedy = $10, audience = $11, evidence = $12, opened_at = $13, \
     last_seen_at = $14, closed_at = $15, reopened = $16, due = $17 where id = $18 returning id";

const EVENT: &str = "insert into finding_event (finding, at, scan, change, message, severity, due) \
     values ($1, $2, $3, $4, $5, $6, $7)";

/// A stored value could not be read, or the database failed.
pub(crate) enum Failure {
    Sql(sqlx::Error),
    Stored(crate::Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<crate::Error> for Failure {
    fn from(error: crate::Error) -> Self {
        Self::Stored(error)
    }
}

/// Every finding of the site, closed ones too.
pub(crate) async fn known(tx: &mut SqliteConnection, site: &str) -> Result<Vec<Finding>, Failure> {
    let rows: Vec<FindingRow> = sqlx::query_as(KNOWN).bind(site).fetch_all(tx).await?;
    Ok(rows.into_iter().map(Finding::try_from).collect::<Result<_, _>>()?)
}

/// What the verdicts move: pure. `judged` are all rules in force; findings of other rules close.
pub(crate) fn decide(
    known: &[Finding],
    site: &str,
    judged: &[Judged<'_>],
    at: DateTime<Utc>,
) -> Changes {
    let mut changes = Changes::new();
    for (rule, verdict) in judged {
        let of_rule: Vec<Finding> =
            known.iter().filter(|finding| finding.rule == rule.id).cloned().collect();
        changes.extend(finding::apply(&of_rule, site, rule, verdict, at));
    }
    // a rule that is no longer in force accuses nobody any more
    let withdrawn = known.iter().filter(|finding| {
        finding.state.is_live() && !judged.iter().any(|(rule, _)| rule.id == finding.rule)
    });
    changes.extend(withdrawn.map(|finding| {
        let closed = Finding { state: State::Closed, closed_at: Some(at), ..finding.clone() };
        (Change::Closed, closed)
    }));
    // two hits of one rule at one target are one trouble
    let mut met = HashSet::new();
    changes.retain(|(_, finding)| met.insert((finding.rule.clone(), finding.target.clone())));
    changes
}

/// Writes the changes and their events; gives them back with the numbers of new findings.
pub(crate) async fn write(
    tx: &mut SqliteConnection,
    scan: i64,
    at: DateTime<Utc>,
    known: &[Finding],
    mut changes: Changes,
) -> Result<Changes, Failure> {
    for (change, finding) in &mut changes {
        let text = if *change == Change::Opened { INSERT } else { UPDATE };
        let mut row = sqlx::query_scalar(text)
            .bind(&finding.site)
            .bind(&finding.rule)
            .bind(&finding.target)
            .bind(word(&finding.state))
            .bind(&finding.title)
            .bind(word(&finding.severity))
            .bind(weight(finding.severity))
            .bind(&finding.basis)
            .bind(&finding.message)
            .bind(&finding.remedy)
            .bind(word(&finding.audience))
            .bind(Json(&finding.evidence))
            .bind(moment(finding.opened_at))
            .bind(moment(finding.last_seen_at))
            .bind(finding.closed_at.map(moment))
            .bind(i64::from(finding.reopened))
            .bind(finding.due);
        if *change != Change::Opened {
            row = row.bind(finding.id);
        }
        finding.id = row.fetch_one(&mut *tx).await?;
        if *change == Change::Lasted && said_already(known, finding) {
            continue;
        }
        sqlx::query(EVENT)
            .bind(finding.id)
            .bind(moment(at))
            .bind(scan)
            .bind(word(change))
            .bind(&finding.message)
            .bind(word(&finding.severity))
            .bind(finding.due)
            .execute(&mut *tx)
            .await?;
    }
    Ok(changes)
}

/// The severity as a number that SQL can compare: advice 0 … veto 4.
pub(crate) fn weight(severity: xuncha_model::Severity) -> i64 {
    severity as i64
}

fn said_already(known: &[Finding], finding: &Finding) -> bool {
    known.iter().any(|old| {
        old.id == finding.id && old.message == finding.message && old.severity == finding.severity
    })
}
