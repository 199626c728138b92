//! Scans: when they ran, under which rules, and whether they came to their end.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use xuncha_model::Reason;

use crate::{
    Error, Store,
    row::{moment, read, word},
};

/// What is known of a scan when it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewScan {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Name of the city.
    pub city: String,
    /// From where it looks.
    pub vantage: String,
    /// quick, daily or full.
    pub profile: String,
    /// Version of the program.
    pub program: String,
    /// Version of the rules.
    pub rules: String,
}

/// A stored scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scan {
    /// Its number, never reused.
    pub id: i64,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended, or when it was noticed that its process is gone; `None` while it runs.
    pub finished_at: Option<DateTime<Utc>>,
    /// Name of the city.
    pub city: String,
    /// From where it looked.
    pub vantage: String,
    /// quick, daily or full.
    pub profile: String,
    /// Version of the program.
    pub program: String,
    /// Version of the rules.
    pub rules: String,
    /// Whether it came to its end.
    pub state: ScanState,
    /// Why the whole round is void; ok when it is not.
    pub void: Reason,
    /// What a person may want to know of that; may be empty.
    pub void_detail: String,
    /// How many sites were recorded.
    pub sites: i64,
}

/// Whether a scan came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScanState {
    /// Its process lives.
    Running,
    /// Every site was looked at, or the round was void.
    Finished,
    /// It was stopped, or its process is gone; what it recorded stands.
    Interrupted,
}

#[derive(sqlx::FromRow)]
struct ScanRow {
    id: i64,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    city: String,
    vantage: String,
    profile: String,
    program: String,
    rules: String,
    state: String,
    void: String,
    void_detail: String,
    sites: i64,
}

impl TryFrom<ScanRow> for Scan {
    type Error = Error;

    fn try_from(row: ScanRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            started_at: row.started_at,
            finished_at: row.finished_at,
            city: row.city,
            vantage: row.vantage,
            profile: row.profile,
            program: row.program,
            rules: row.rules,
            state: read("scan state", row.state)?,
            void: read("reason", row.void)?,
            void_detail: row.void_detail,
            sites: row.sites,
        })
    }
}

const BEGIN: &str = "insert into scan (started_at, city, vantage, profile, program, rules, state) \
     values ($1, $2, $3, $4, $5, $6, 'running') returning id";

const FINISH: &str = "update scan set finished_at = $2, state = $3, void = $4, void_detail = $5 \
     where id = $1 and state = 'running'";

const LIST: &str = "select scan.*, (select count(*) from facts where facts.scan = scan.id) as sites \
     from scan order by id desc limit $1";

impl Store {
    /// Begins a scan and gives its number.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database or the data folder.
    pub async fn begin_scan(&self, scan: &NewScan) -> Result<i64, Error> {
        let doing = "beginning a scan";
        let mut tx = self.begin(doing).await?;
        let id: i64 = sqlx::query_scalar(BEGIN)
            .bind(moment(scan.started_at))
            .bind(&scan.city)
            .bind(&scan.vantage)
            .bind(&scan.profile)
            .bind(&scan.program)
            .bind(&scan.rules)
            .fetch_one(&mut *tx)
            .await
            .map_err(self.failed(doing))?;
        // held before the commit: nobody ever sees the row without its lock
        self.0
            .holds
            .take(id)
            .map_err(|source| Error::Folder { path: self.0.path.with_file_name(""), source })?;
        if let Err(error) = tx.commit().await {
            self.0.holds.let_go(id);
            return Err(self.failed(doing)(error));
        }
        Ok(id)
    }

    /// Ends a scan; one that has ended already stays as it is.
    ///
    /// `void` is the reason why the whole round counts for nothing, ok when it counts.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn finish_scan(
        &self,
        scan: i64,
        at: DateTime<Utc>,
        state: ScanState,
        void: &Reason,
        void_detail: &str,
    ) -> Result<(), Error> {
        let doing = "ending a scan";
        let mut tx = self.begin(doing).await?;
        sqlx::query(FINISH)
            .bind(scan)
            .bind(moment(at))
            .bind(word(&state))
            .bind(void.to_string())
            .bind(void_detail)
            .execute(&mut *tx)
            .await
            .map_err(self.failed(doing))?;
        tx.commit().await.map_err(self.failed(doing))?;
        self.0.holds.let_go(scan);
        Ok(())
    }

    /// The scans, newest first, at most `limit`.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn scans(&self, limit: u32) -> Result<Vec<Scan>, Error> {
        let rows: Vec<ScanRow> = sqlx::query_as(LIST)
            .bind(i64::from(limit))
            .fetch_all(&self.0.read)
            .await
            .map_err(self.failed("listing the scans"))?;
        rows.into_iter().map(Scan::try_from).collect()
    }

    /// Marks the scans whose process is gone.
    pub(crate) async fn mark_interrupted(&self, at: DateTime<Utc>) -> Result<(), Error> {
        let doing = "looking for interrupted scans";
        let running: Vec<i64> = sqlx::query_scalar("select id from scan where state = 'running'")
            .fetch_all(&self.0.write)
            .await
            .map_err(self.failed(doing))?;
        let gone: Vec<i64> =
            running.into_iter().filter(|scan| !self.0.holds.is_held(*scan)).collect();
        if gone.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin(doing).await?;
        for scan in &gone {
            sqlx::query(
                "update scan set state = 'interrupted', finished_at = $2 where id = $1 and state = 'running'",
            )
            .bind(scan)
            .bind(moment(at))
            .execute(&mut *tx)
            .await
            .map_err(self.failed(doing))?;
        }
        tx.commit().await.map_err(self.failed(doing))?;
        gone.into_iter().for_each(|scan| self.0.holds.sweep(scan));
        Ok(())
    }
}
