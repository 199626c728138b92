//! What a look leaves behind for the next one to compare with: the answers of the site's name, and its home page.

use xuncha_model::{Facts, Site, facts::page::Origin};
use xuncha_probe::{dns, drift};
use xuncha_store::{Error, Store};

/// Takes over what a site has no baseline of yet, and the news of its home page.
pub(crate) async fn keep(store: &Store, site: &Site, facts: &Facts) -> Result<(), Error> {
    if let Some(baseline) = facts.dns.seen().and_then(dns::baseline) {
        store.begin_dns_baseline(&site.id, &baseline, facts.observed_at).await?;
    }
    let mut pages = facts.pages.seen().into_iter().flatten();
    let home = pages.find(|page| page.origin == Origin::Home && page.reason.is_ok());
    let drift = facts.drift.seen().and_then(|drifts| drifts.first());
    let (Some(home), Some(drift)) = (home, drift) else { return Ok(()) };
    // nothing was there to compare with
    if drift.confirmed_at == facts.observed_at {
        let own = drift::first(home).filter(|first| is_own(site, &first.host));
        if let Some(first) = own {
            store.begin_page_baseline(&site.id, &first, facts.observed_at).await?;
        }
    } else if let Some(news) = drift::news(drift, home) {
        let host = drift::baseline(home).map(|now| now.host).unwrap_or_default();
        store.follow_page_baseline(&site.id, &host, &news).await?;
    }
    Ok(())
}

/// A home page that lies elsewhere (a parked name, a stranger's site) takes the place of no baseline.
fn is_own(site: &Site, host: &str) -> bool {
    let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
    site.hosts().any(|own| bare(own) == bare(host))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Days, Utc};
    use xuncha_model::{
        Reason, Seen,
        facts::{LookOutcome, PageFacts, content::Shape, page::Origin},
    };
    use xuncha_probe::drift;
    use xuncha_store::Store;

    use super::keep;
    use crate::tests::{facts, site};

    fn day(day: u64) -> DateTime<Utc> {
        let first: DateTime<Utc> = "2026-11-01T02:00:00Z".parse().unwrap();
        first + Days::new(day)
    }

    fn home(host: &str, title: &str, text: &str) -> PageFacts {
        PageFacts {
            url: format!("https://{host}/"),
            origin: Origin::Home,
            status: 200,
            title: title.to_owned(),
            text_chars: 900,
            shape: Shape {
                structure: "00ff00ff00ff00ff".to_owned(),
                text: text.to_owned(),
                ..Shape::default()
            },
            ..PageFacts::default()
        }
    }

    /// One look of a day, with what was remembered of the days before; gives the signs that it saw.
    async fn look(store: &Store, at: DateTime<Utc>, page: PageFacts) -> Vec<String> {
        let memory = store.page_baseline("a").await.unwrap();
        let pages = Seen::Seen(vec![page]);
        let mut facts = facts("a", LookOutcome::Ok, Reason::Ok);
        facts.observed_at = at;
        facts.drift = drift::seen(memory.as_ref(), &pages, at);
        facts.pages = pages;
        keep(store, &site("a"), &facts).await.unwrap();
        facts.drift.seen().map(|drifts| drifts[0].signs.clone()).unwrap_or_default()
    }

    #[tokio::test]
    async fn news_follow_and_nothing_else_moves_a_baseline() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &|| day(0)).await.unwrap();
        let kept = async || store.page_baseline("a").await.unwrap();
        let host = "a.zhoukou.gov.cn";

        let mut hacked = home(host, "Hacked by d3sk", "01");
        hacked.shape.signs = vec!["Hacked by d3sk".to_owned()];
        assert_eq!(look(&store, day(0), hacked.clone()).await.len(), 1);
        assert_eq!(kept().await, None, "a page that shows an attack is no baseline");
        look(&store, day(1), home("parked.example", "for sale", "01")).await;
        assert_eq!(kept().await, None, "nor is a stranger's");

        look(&store, day(2), home(host, "the bureau of a", "01")).await;
        let first = kept().await.unwrap();
        assert_eq!((first.confirmed_at, first.baseline.news.text.as_str()), (day(2), "01"));
        look(&store, day(3), home(host, "the bureau of a", "02")).await;
        let second = kept().await.unwrap();
        assert_eq!((second.confirmed_at, second.baseline.news.text.as_str()), (day(2), "02"));

        assert_eq!(look(&store, day(4), hacked).await, ["Hacked by d3sk"]);
        look(&store, day(5), home(host, "another thing", "03")).await;
        look(&store, day(6), home("parked.example", "for sale", "03")).await;
        assert_eq!(kept().await.unwrap(), second);
    }
}
