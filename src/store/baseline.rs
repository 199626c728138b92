//! Keeps what each site's name should answer, and who vouches for it.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use xuncha_model::facts::dns::{ConfirmedBaseline, DnsBaseline};

use crate::{Error, Store, row::moment};

const CONFIRM: &str = "insert into dns_baseline (site, host, body, confirmed_at, confirmed_by) \
     values ($1, $2, $3, $4, $5) on conflict (site) do update set host = excluded.host, body = excluded.body, \
     confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by";

/// Leaves a baseline of the same host alone, whoever confirmed it.
const BEGIN: &str = "insert into dns_baseline (site, host, body, confirmed_at, confirmed_by) \
     values ($1, $2, $3, $4, $5) on conflict (site) do update set host = excluded.host, body = excluded.body, \
     confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by \
     where dns_baseline.host <> excluded.host";

impl Store {
    /// The baseline of a site; `None` before its first complete look.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn dns_baseline(&self, site: &str) -> Result<Option<ConfirmedBaseline>, Error> {
        let row: Option<(Json<DnsBaseline>, DateTime<Utc>, String)> = sqlx::query_as(
            "select body, confirmed_at, confirmed_by from dns_baseline where site = $1",
        )
        .bind(site)
        .fetch_optional(&self.0.read)
        .await
        .map_err(self.failed("reading a baseline"))?;
        Ok(row.map(|(Json(baseline), confirmed_at, confirmed_by)| ConfirmedBaseline {
            baseline,
            confirmed_at,
            confirmed_by,
        }))
    }

    /// Makes this the baseline of a site, in the place of any before it.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn confirm_dns_baseline(
        &self,
        site: &str,
        baseline: &DnsBaseline,
        at: DateTime<Utc>,
        by: &str,
    ) -> Result<(), Error> {
        self.put(CONFIRM, site, baseline, at, by).await
    }

    /// Makes this the baseline of a site that has none yet, or has one of another host only.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn begin_dns_baseline(
        &self,
        site: &str,
        baseline: &DnsBaseline,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.put(BEGIN, site, baseline, at, ConfirmedBaseline::FIRST_LOOK).await
    }

    async fn put(
        &self,
        statement: &'static str,
        site: &str,
        baseline: &DnsBaseline,
        at: DateTime<Utc>,
        by: &str,
    ) -> Result<(), Error> {
        sqlx::query(statement)
            .bind(site)
            .bind(&baseline.host)
            .bind(Json(baseline))
            .bind(moment(at))
            .bind(by)
            .execute(&self.0.write)
            .await
            .map_err(self.failed("keeping a baseline"))?;
        Ok(())
    }
}
