//! Records one look at one site: its facts, and what the verdicts over them move, in one transaction.

use chrono::{DateTime, Utc};
use sqlx::{SqliteConnection, types::Json};
use xuncha_model::{Reason, Rule, Score, Verdict, facts::LookOutcome, scan::UnknownView};

use crate::{
    Changes, Error, Store, moves,
    moves::Failure,
    pack::pack,
    row::{moment, word},
    samples::{self, Sample},
};

/// A rule and what it said.
pub type Judged<'a> = (&'a Rule, &'a Verdict);

/// One look at one registered site, judged.
#[derive(Clone, Debug)]
pub struct SiteRecord<'a> {
    /// The site's id.
    pub site: &'a str,
    /// When the look began.
    pub observed_at: DateTime<Utc>,
    /// What came of it.
    pub outcome: LookOutcome,
    /// Empty for ok.
    pub reason: &'a Reason,
    /// Requests made.
    pub requests: u32,
    /// The look as a probe of the home page, where it counts as one.
    pub sample: Option<Sample>,
    /// The facts as JSON; they come back byte for byte.
    pub facts: &'a [u8],
    /// Every rule in force with its verdict: findings of rules that are not among them close.
    pub judged: &'a [Judged<'a>],
    /// The score under these rules.
    pub score: &'a Score,
}

const INSERT: &str = "insert into facts (scan, site, observed_at, outcome, reason, requests, bytes, body, unknown, score) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (scan, site) do nothing";

const REJUDGE: &str = "update facts set unknown = $3, score = $4 where scan = $1 and site = $2";

/// A look that began with a later scan is there already, and it saw something.
const OUTRUN: &str =
    "select count(*) from facts where site = $1 and scan > $2 and reason not like 'self.%'";

impl Store {
    /// Records a look and moves the site's findings; gives what moved, lasting findings too.
    ///
    /// Idempotent: the second record of `(scan, site)` changes nothing and moves nothing. A look that arrives after
    /// one of a later scan is kept, and moves nothing either: what is known already is newer.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database; then nothing of the record is kept.
    pub async fn record(&self, scan: i64, look: &SiteRecord<'_>) -> Result<Changes, Error> {
        let doing = "recording a site";
        let body = pack(look.facts)?;
        let mut tx = self.begin(doing).await?;
        let written = sqlx::query(INSERT)
            .bind(scan)
            .bind(look.site)
            .bind(moment(look.observed_at))
            .bind(word(&look.outcome))
            .bind(look.reason.to_string())
            .bind(i64::from(look.requests))
            .bind(i64::try_from(look.facts.len()).unwrap_or(i64::MAX))
            .bind(body)
            .bind(Json(unknown(look.judged)))
            .bind(Json(look.score))
            .execute(&mut *tx)
            .await
            .map_err(self.failed(doing))?;
        let changes = if written.rows_affected() == 0 {
            Changes::new()
        } else {
            let (site, at) = (look.site, look.observed_at);
            if let Some(sample) = &look.sample {
                let kept = samples::insert(&mut tx, (scan, site), sample).await;
                kept.map_err(self.failed(doing))?;
            }
            move_findings(&mut tx, scan, site, at, look.judged)
                .await
                .map_err(|failure| self.told(failure, doing))?
        };
        tx.commit().await.map_err(self.failed(doing))?;
        Ok(changes)
    }

    /// Moves a site's findings by fresh verdicts over facts that are stored already.
    ///
    /// The findings carry the moment of the look, not of the judgement: the trouble was there when it was seen.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database; then nothing is changed.
    pub async fn rejudge(
        &self,
        scan: i64,
        site: &str,
        observed_at: DateTime<Utc>,
        judged: &[Judged<'_>],
        score: &Score,
    ) -> Result<Changes, Error> {
        let doing = "judging a site again";
        let mut tx = self.begin(doing).await?;
        sqlx::query(REJUDGE)
            .bind(scan)
            .bind(site)
            .bind(Json(unknown(judged)))
            .bind(Json(score))
            .execute(&mut *tx)
            .await
            .map_err(self.failed(doing))?;
        let changes = move_findings(&mut tx, scan, site, observed_at, judged)
            .await
            .map_err(|failure| self.told(failure, doing))?;
        tx.commit().await.map_err(self.failed(doing))?;
        Ok(changes)
    }

    fn told(&self, failure: Failure, doing: &'static str) -> Error {
        match failure {
            Failure::Sql(error) => self.failed(doing)(error),
            Failure::Stored(error) => error,
        }
    }
}

async fn move_findings(
    tx: &mut SqliteConnection,
    scan: i64,
    site: &str,
    at: DateTime<Utc>,
    judged: &[Judged<'_>],
) -> Result<Changes, Failure> {
    let outrun: i64 = sqlx::query_scalar(OUTRUN).bind(site).bind(scan).fetch_one(&mut *tx).await?;
    if outrun > 0 {
        return Ok(Changes::new());
    }
    let known = moves::known(tx, site).await?;
    let changes = moves::decide(&known, site, judged, at);
    moves::write(tx, scan, at, &known, changes).await
}

fn unknown(judged: &[Judged<'_>]) -> Vec<UnknownView> {
    judged.iter().filter_map(|(_, verdict)| UnknownView::of(verdict)).collect()
}
