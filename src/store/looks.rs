//! Gives stored facts back: of one look, of the latest looks, of all looks since a day.

use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, stream::BoxStream};
use sqlx::types::Json;
use xuncha_model::{Reason, Score, facts::LookOutcome, scan::UnknownView};

use crate::{
    Error, Store,
    pack::unpack,
    row::{moment, read},
};

/// One stored look at one site.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredFacts {
    /// The scan it belongs to.
    pub scan: i64,
    /// The site's id.
    pub site: String,
    /// When the look began.
    pub observed_at: DateTime<Utc>,
    /// What came of it.
    pub outcome: LookOutcome,
    /// Empty for ok.
    pub reason: Reason,
    /// Requests made.
    pub requests: u32,
    /// The facts as JSON, byte for byte as recorded.
    pub facts: Vec<u8>,
    /// What could not be judged, under the rules that judged last.
    pub unknown: Vec<UnknownView>,
    /// The score under the rules that judged last.
    pub score: Score,
    /// It is the site's latest look that was not void: the findings rest on it.
    pub latest: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    scan: i64,
    site: String,
    observed_at: DateTime<Utc>,
    outcome: String,
    reason: String,
    requests: i64,
    bytes: i64,
    body: Vec<u8>,
    unknown: Json<Vec<UnknownView>>,
    score: Json<Score>,
    latest: bool,
}

impl TryFrom<Row> for StoredFacts {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            scan: row.scan,
            site: row.site,
            observed_at: row.observed_at,
            outcome: read("outcome", row.outcome)?,
            reason: read("reason", row.reason)?,
            requests: u32::try_from(row.requests).unwrap_or_default(),
            facts: unpack(&row.body, u64::try_from(row.bytes).unwrap_or_default())?,
            unknown: row.unknown.0,
            score: row.score.0,
            latest: row.latest,
        })
    }
}

/// The columns of [`Row`] with the condition for `latest`, and what follows it.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select * from (select facts.*, (facts.reason not like 'self.%' and not exists (\
               select 1 from facts as later where later.site = facts.site and later.scan > facts.scan \
               and later.reason not like 'self.%')) as latest from facts) as looks ",
            $rest
        )
    };
}

impl Store {
    /// The facts of one look; `None` where the scan did not record the site.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database, or a damaged row.
    pub async fn facts_of(&self, scan: i64, site: &str) -> Result<Option<StoredFacts>, Error> {
        let row: Option<Row> = sqlx::query_as(select!("where scan = $1 and site = $2"))
            .bind(scan)
            .bind(site)
            .fetch_optional(&self.0.read)
            .await
            .map_err(self.failed("reading facts"))?;
        row.map(StoredFacts::try_from).transpose()
    }

    /// The latest look at one site that was not void; `None` before the first.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database, or a damaged row.
    pub async fn latest_facts(&self, site: &str) -> Result<Option<StoredFacts>, Error> {
        let row: Option<Row> = sqlx::query_as(select!("where site = $1 and latest"))
            .bind(site)
            .fetch_optional(&self.0.read)
            .await
            .map_err(self.failed("reading facts"))?;
        row.map(StoredFacts::try_from).transpose()
    }

    /// The latest look at every site, or every look since a moment, as a stream: a few looks are in memory at a time.
    ///
    /// Ordered by scan, then site; looks of interrupted scans are among them. The latest look leaves out those that
    /// were void by our own fault.
    pub fn facts(&self, since: Option<DateTime<Utc>>) -> BoxStream<'_, Result<StoredFacts, Error>> {
        let rows = match since {
            None => sqlx::query_as(select!("where latest order by scan, site")),
            Some(since) => sqlx::query_as(select!("where observed_at >= $1 order by scan, site"))
                .bind(moment(since)),
        };
        rows.fetch(&self.0.read)
            .map(|row: Result<Row, sqlx::Error>| {
                row.map_err(self.failed("reading facts")).and_then(StoredFacts::try_from)
            })
            .boxed()
    }
}
