//! Keeps what each site's home page looks like, and who vouches for it.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use xuncha_model::facts::{
    content::{ConfirmedPage, PageBaseline, PageNews},
    dns::ConfirmedBaseline,
};

use crate::{Error, Store, row::moment};

const CONFIRM: &str = "insert into page_baseline (site, host, body, news, confirmed_at, confirmed_by) \
     values ($1, $2, $3, $4, $5, $6) on conflict (site) do update set host = excluded.host, body = excluded.body, \
     news = excluded.news, confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by";

/// Leaves a baseline of the same host alone, whoever confirmed it.
const BEGIN: &str = "insert into page_baseline (site, host, body, news, confirmed_at, confirmed_by) \
     values ($1, $2, $3, $4, $5, $6) on conflict (site) do update set host = excluded.host, body = excluded.body, \
     news = excluded.news, confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by \
     where page_baseline.host <> excluded.host";

/// body, news, confirmed_at, confirmed_by
type Row = (Json<PageBaseline>, Json<PageNews>, DateTime<Utc>, String);

impl Store {
    /// The baseline of a site's home page; `None` before its first look that may be one.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn page_baseline(&self, site: &str) -> Result<Option<ConfirmedPage>, Error> {
        let row: Option<Row> = sqlx::query_as(
            "select body, news, confirmed_at, confirmed_by from page_baseline where site = $1",
        )
        .bind(site)
        .fetch_optional(&self.0.read)
        .await
        .map_err(self.failed("reading the baseline of a page"))?;
        Ok(row.map(|(Json(baseline), Json(news), confirmed_at, confirmed_by)| ConfirmedPage {
            baseline: PageBaseline { news, ..baseline },
            confirmed_at,
            confirmed_by,
        }))
    }

    /// Makes this the baseline of a site's home page, in the place of any before it.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn confirm_page_baseline(
        &self,
        site: &str,
        baseline: &PageBaseline,
        at: DateTime<Utc>,
        by: &str,
    ) -> Result<(), Error> {
        self.put_page(CONFIRM, site, baseline, at, by).await
    }

    /// Makes this the baseline of a site that has none yet, or has one of another host only: the caller vouches that the host
    /// is the site's own.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn begin_page_baseline(
        &self,
        site: &str,
        baseline: &PageBaseline,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.put_page(BEGIN, site, baseline, at, ConfirmedBaseline::FIRST_LOOK).await
    }

    /// Moves the text and links of a baseline on; everything else, and who vouches for it, stays.
    ///
    /// # Errors
    ///
    /// Our own trouble with the database.
    pub async fn follow_page_baseline(
        &self,
        site: &str,
        host: &str,
        news: &PageNews,
    ) -> Result<(), Error> {
        sqlx::query("update page_baseline set news = $1 where site = $2 and host = $3")
            .bind(Json(news))
            .bind(site)
            .bind(host)
            .execute(&self.0.write)
            .await
            .map_err(self.failed("keeping the baseline of a page"))?;
        Ok(())
    }

    async fn put_page(
        &self,
        statement: &'static str,
        site: &str,
        baseline: &PageBaseline,
        at: DateTime<Utc>,
        by: &str,
    ) -> Result<(), Error> {
        sqlx::query(statement)
            .bind(site)
            .bind(&baseline.host)
            .bind(Json(baseline))
            .bind(Json(&baseline.news))
            .bind(moment(at))
            .bind(by)
            .execute(&self.0.write)
            .await
            .map_err(self.failed("keeping the baseline of a page"))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(host: &str, title: &str) -> PageBaseline {
        PageBaseline {
            host: host.to_owned(),
            title: title.to_owned(),
            scripts: vec!["https://www.a.cn/a.js".to_owned()],
            news: PageNews { text: "00ff".to_owned(), chars: 900, links: vec!["01".to_owned()] },
            ..PageBaseline::default()
        }
    }

    #[tokio::test]
    async fn a_first_look_begins_a_person_confirms_and_news_follow() {
        let folder = tempfile::tempdir().unwrap();
        let at: DateTime<Utc> = "2026-11-24T02:00:00Z".parse().unwrap();
        let store = Store::open(folder.path(), &move || at).await.unwrap();
        assert_eq!(store.page_baseline("a").await.unwrap(), None);
        let first = baseline("www.a.cn", "first");
        store.begin_page_baseline("a", &first, at).await.unwrap();
        store.begin_page_baseline("a", &baseline("www.a.cn", "second"), at).await.unwrap();
        let kept = store.page_baseline("a").await.unwrap().unwrap();
        assert_eq!((kept.baseline, kept.confirmed_by.as_str()), (first, "first look"));

        let later = at + chrono::Duration::days(1);
        store.confirm_page_baseline("a", &baseline("www.a.cn", "new"), later, "x").await.unwrap();
        let news = PageNews { text: "01".to_owned(), chars: 5, links: Vec::new() };
        store.follow_page_baseline("a", "www.a.cn", &news).await.unwrap();
        store.follow_page_baseline("a", "www.b.cn", &PageNews::default()).await.unwrap();
        store.begin_page_baseline("a", &baseline("www.a.cn", "again"), later).await.unwrap();
        let kept = store.page_baseline("a").await.unwrap().unwrap();
        assert_eq!((kept.baseline.title.as_str(), &kept.baseline.news), ("new", &news));
        assert_eq!((kept.confirmed_at, kept.confirmed_by.as_str()), (later, "x"));

        store.begin_page_baseline("a", &baseline("www.b.cn", "moved"), later).await.unwrap();
        let kept = store.page_baseline("a").await.unwrap().unwrap();
        assert_eq!(
            (kept.baseline.host.as_str(), kept.confirmed_by.as_str()),
            ("www.b.cn", "first look")
        );
        assert_eq!(store.page_baseline("b").await.unwrap(), None);
    }
}
