//! Probes of home pages, one narrow row each, and the week they add up to (检查指标, 单项否决 2).

use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::SqliteConnection;
use xuncha_model::{facts::availability::WeekFacts, period::local_date};

use crate::{Error, Store, row::moment};

/// Time from which a visit counts as failed, whatever came in the end, in milliseconds.
const TOO_LATE_MS: i64 = 15_000;
/// Days of a week.
const DAYS: u32 = 7;

/// One probe that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When it began.
    pub at: DateTime<Utc>,
    /// The home page opened.
    pub opened: bool,
    /// From the first connection attempt to the last byte.
    pub total_ms: u32,
}

const INSERT: &str = "insert into sample (site, at, day, vantage, opened, total_ms) \
     select $1, $2, $3, vantage, $4, $5 from scan where id = $6 on conflict do nothing";

const ADD: &str = "insert into sample (site, at, day, vantage, opened, total_ms) \
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing";

const WEEK: &str = "select count(*) as probes, \
     coalesce(sum(not opened or total_ms >= $4), 0) as failed, \
     coalesce(max(case when opened then total_ms end), 0) as slowest \
     from sample where site = $1 and day between $2 and $3 group by day";

#[derive(sqlx::FromRow)]
struct Day {
    probes: i64,
    failed: i64,
    slowest: i64,
}

/// Keeps a probe; its vantage is that of the scan.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    (scan, site): (i64, &str),
    sample: &Sample,
) -> Result<(), sqlx::Error> {
    sqlx::query(INSERT)
        .bind(site)
        .bind(moment(sample.at))
        .bind(local_date(sample.at))
        .bind(sample.opened)
        .bind(i64::from(sample.total_ms))
        .bind(scan)
        .execute(tx)
        .await
        .map(drop)
}

impl Store {
    /// Keeps probes that were taken elsewhere or before; those that are there already stay as they are.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database; then none of them is kept.
    pub async fn add_samples(
        &self,
        site: &str,
        vantage: &str,
        samples: &[Sample],
    ) -> Result<(), Error> {
        let doing = "keeping probes";
        let mut tx = self.begin(doing).await?;
        for sample in samples {
            let insert = sqlx::query(ADD).bind(site).bind(moment(sample.at));
            let insert = insert.bind(local_date(sample.at)).bind(vantage).bind(sample.opened);
            let insert = insert.bind(i64::from(sample.total_ms)).execute(&mut *tx).await;
            insert.map_err(self.failed(doing))?;
        }
        tx.commit().await.map_err(self.failed(doing))
    }

    /// The seven whole days (Asia/Shanghai) before `today`; a week without any probe has none.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn week(&self, site: &str, today: NaiveDate) -> Result<WeekFacts, Error> {
        let from = today.checked_sub_days(Days::new(DAYS.into())).unwrap_or(today);
        let until = today.pred_opt().unwrap_or(today);
        let days: Vec<Day> = sqlx::query_as(WEEK)
            .bind(site)
            .bind(from)
            .bind(until)
            .bind(TOO_LATE_MS)
            .fetch_all(&self.0.read)
            .await
            .map_err(self.failed("reading a week of probes"))?;
        let sum = |pick: fn(&Day) -> i64| days.iter().map(pick).sum::<i64>();
        let (probes, failed) = (sum(|day| day.probes), sum(|day| day.failed));
        // a day without a row has no probe at all
        let whole = days.len() >= usize::try_from(DAYS).unwrap_or(usize::MAX);
        let fewest = days.iter().map(|day| day.probes).min().filter(|_| whole);
        let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(WeekFacts {
            from,
            until,
            probes: small(probes),
            fewest_a_day: small(fewest.unwrap_or_default()),
            failed: small(failed),
            failed_bp: if probes == 0 { 0 } else { small(failed * 10_000 / probes) },
            slowest_ms: small(days.iter().map(|day| day.slowest).max().unwrap_or_default()),
        })
    }
}
