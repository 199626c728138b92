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
