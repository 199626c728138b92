//! The home page: whether it opens, looked at twice before it is called down.

use tokio::time::sleep;
use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::{AvailabilityFacts, LookFacts, LookOutcome, availability::GatewayFacts},
};
use xuncha_net::Visit;

use super::{Clock, Look};
use crate::{Target, gateway::gateway, http};

impl Look<'_> {
    /// The home page of a target; for a bare host that is closed on `http://`, that on `https://`, when it opens.
    pub(super) async fn home(
        &mut self,
        target: &Target,
        clock: Clock<'_>,
    ) -> (Visit, Seen<AvailabilityFacts>) {
        let first = self.opened(target.url(), target.expected(self.at), clock).await;
        let Some(secure) = other_door(target, &first.0) else { return first };
        let second = self.opened(&secure, true, clock).await;
        if second.0.reason.is_ok() { second } else { first }
    }

    /// One address, twice when it did not open and should have.
    async fn opened(
        &mut self,
        url: &Url,
        expected: bool,
        clock: Clock<'_>,
    ) -> (Visit, Seen<AvailabilityFacts>) {
        let mut looks = Vec::new();
        loop {
            let at = clock();
            let visit = self.visit(url, true).await;
            let total_ms = u32::try_from(visit.total.as_millis()).unwrap_or(u32::MAX);
            looks.push(LookFacts {
                at,
                reason: visit.reason.clone(),
                phase: visit.phase,
                total_ms,
            });
            let failed = !visit.reason.is_ok() && !proves_nothing(&visit);
            let gateway = gateway(&visit);
            if failed && expected && gateway.is_none() && looks.len() < 2 {
                sleep(self.eye.second_look).await;
                continue;
            }
            let seen = self.availability(&visit, gateway, expected, looks);
            return (visit, seen);
        }
    }

    fn availability(
        &self,
        visit: &Visit,
        gateway: Option<GatewayFacts>,
        expected: bool,
        looks: Vec<LookFacts>,
    ) -> Seen<AvailabilityFacts> {
        if proves_nothing(visit) {
            return Seen::unseen(visit.reason.clone(), visit.detail.clone());
        }
        let bad_certificate =
            http::bad_certificate(visit, &visit.hops, self.eye.door.roots(), self.at);
        let stumbled = looks.first().map(|look| look.reason.clone()).unwrap_or_default();
        let legacy = visit.shakes.iter().any(|shake| shake.legacy && !shake.reason.is_ok());
        let downgraded = visit.url.scheme() == "https" && visit.final_url.scheme() == "http";
        let (outcome, reason) = if let Some(gateway) = &gateway {
            (LookOutcome::Blocked, Reason::Gateway(gateway.name.clone()))
        } else if greeted(&visit.reason) || too_much(visit) {
            (LookOutcome::Degraded, visit.reason.clone())
        } else if !visit.reason.is_ok() {
            let outcome = if expected { LookOutcome::Down } else { LookOutcome::Skipped };
            (outcome, visit.reason.clone())
        } else if legacy {
            (LookOutcome::Degraded, Reason::TlsLegacy)
        } else if bad_certificate {
            (LookOutcome::Degraded, Reason::TlsCertificate)
        } else if downgraded {
            (LookOutcome::Degraded, Reason::RedirectBad)
        } else if self.elsewhere(visit) {
            (LookOutcome::Degraded, Reason::RedirectElsewhere)
        } else if !stumbled.is_ok() {
            (LookOutcome::Degraded, stumbled)
        } else {
            (LookOutcome::Ok, Reason::Ok)
        };
        Seen::Seen(AvailabilityFacts {
            outcome,
            reason,
            looks,
            gateway: gateway.map_or_else(|| Seen::unseen(Reason::NotLooked, ""), Seen::Seen),
            week: Seen::unseen(Reason::NotLooked, ""),
            endpoints: Seen::unseen(Reason::NotLooked, ""),
        })
    }
}

impl Look<'_> {
    /// The page was had at a host that is nobody's here: a parked name, a stranger's site, a gateway's portal.
    pub(super) fn elsewhere(&self, visit: &Visit) -> bool {
        let host = visit.final_url.host_str().unwrap_or_default();
        let below = |domain: &String| {
            let rest = host.strip_suffix(domain.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.at_home.as_ref().is_some_and(|domains| !domains.iter().any(below))
    }
}

/// The `https://` of a bare host that answers nothing on `http://`: nobody said which of the two it speaks.
fn other_door(target: &Target, home: &Visit) -> Option<Url> {
    let Target::Bare(url) = target else { return None };
    let closed = home.reason.to_string().starts_with("connect.");
    let plain = url.scheme() == "http" && url.port().is_none();
    (closed && plain).then(|| url.as_str().replacen("http", "https", 1).parse().ok())?
}

/// The fault is ours, or our guard kept us from looking (what is wrong then stands in the DNS facts).
pub(super) fn proves_nothing(visit: &Visit) -> bool {
    visit.reason == Reason::GuardAddress || visit.reason.is_own_fault()
}

/// The server answered with more than we read: our limit, and no failure of the page.
fn too_much(visit: &Visit) -> bool {
    let limits = [Reason::LimitBody, Reason::LimitDecode, Reason::LimitHeaders];
    visit.status != 0 && limits.contains(&visit.reason)
}

/// The server answered the handshake, and our TLS does not speak what it speaks: not read, and not down either.
pub(super) fn greeted(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::TlsHandshake | Reason::TlsLegacy | Reason::TlsTlcpOnly | Reason::TlsClientCert
    )
}
