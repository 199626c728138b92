//! What retired domains do now.

use url::Url;
use xuncha_model::{Reason, Seen, Site, facts::FilingFacts};

use super::Look;

impl Look<'_> {
    /// What the retired domains do now, one visit each.
    pub(super) async fn retired(&mut self, site: &Site, filing: &mut FilingFacts) {
        let live: Vec<_> = site
            .hosts()
            .filter(|host| {
                let mut domains = site.domains.iter().flatten();
                !domains.any(|domain| domain.ascii == *host && domain.retired.is_some())
            })
            .collect();
        for retired in &mut filing.retired {
            let mut domains = site.domains.iter().flatten();
            let Some(domain) = domains.find(|domain| domain.name == retired.name) else { continue };
            let Ok(url) = Url::parse(&format!("http://{}/", domain.ascii)) else { continue };
            let visit = self.visit(&url, false).await;
            if visit.reason.is_own_fault() {
                retired.serving = Seen::unseen(visit.reason.clone(), visit.detail.clone());
                retired.lands_on = Seen::unseen(visit.reason, visit.detail);
                continue;
            }
            let lands_on = visit.final_url.host_str().unwrap_or_default();
            let page = visit.reason.is_ok() && !live.contains(&lands_on);
            retired.serving = if page || gone(&visit.reason) || visit.reason.is_ok() {
                Seen::Seen(page)
            } else {
                Seen::unseen(visit.reason.clone(), visit.detail.clone())
            };
            let answered = visit.hops.iter().any(|hop| hop.status != 0);
            retired.lands_on =
                Seen::Seen(if answered { lands_on.to_owned() } else { String::new() });
        }
    }
}

/// Nobody answers there any more; other failures may pass.
fn gone(reason: &Reason) -> bool {
    let codes = [
        Reason::DnsNxdomain,
        Reason::DnsNodata,
        Reason::ConnectRefused,
        Reason::HttpStatus(404),
        Reason::HttpStatus(410),
    ];
    codes.contains(reason)
}
