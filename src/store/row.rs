//! How the model's words lie in columns, and come back.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::types::Json;
use xuncha_model::Finding;

use crate::Error;

/// The word serde writes for a plain enum; anything else would be an empty word, which the schema's checks refuse.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The value a stored word stands for.
pub(crate) fn read<T: DeserializeOwned>(what: &'static str, word: String) -> Result<T, Error> {
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|error| Error::Stored { what, why: error.to_string() })
}

/// A moment as precise as every database keeps it: microseconds.
pub(crate) fn moment(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// A row of the table `finding`.
#[derive(sqlx::FromRow)]
pub(crate) struct FindingRow {
    id: i64,
    site: String,
    rule: String,
    target: String,
    state: String,
    title: String,
    severity: String,
    basis: String,
    message: String,
    remedy: String,
    audience: String,
    evidence: Json<serde_json::Map<String, serde_json::Value>>,
    opened_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    reopened: i64,
    due: Option<NaiveDate>,
}

impl TryFrom<FindingRow> for Finding {
    type Error = Error;

    fn try_from(row: FindingRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            site: row.site,
            rule: row.rule,
            target: row.target,
            state: read("state", row.state)?,
            title: row.title,
            severity: read("severity", row.severity)?,
            basis: row.basis,
            message: row.message,
            remedy: row.remedy,
            audience: read("audience", row.audience)?,
            evidence: row.evidence.0,
            opened_at: row.opened_at,
            last_seen_at: row.last_seen_at,
            closed_at: row.closed_at,
            reopened: u32::try_from(row.reopened).unwrap_or_default(),
            due: row.due,
        })
    }
}
