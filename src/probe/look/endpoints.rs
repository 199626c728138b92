//! The registered interaction and service platforms: whether they answer as the register says.

use tokio::time::sleep;
use xuncha_model::{Facts, Reason, Seen, facts::availability::EndpointFacts, register::Endpoint};
use xuncha_net::Visit;

use super::Look;
use crate::{gateway::gateway, title::title};

impl Look<'_> {
    /// Each platform, twice when it did not answer as it should.
    pub(super) async fn endpoints(&mut self, endpoints: &[Endpoint], facts: &mut Facts) {
        let Seen::Seen(availability) = &mut facts.availability else { return };
        if endpoints.is_empty() {
            availability.endpoints = Seen::unseen(Reason::RegisterUnknown, "");
            return;
        }
        let mut found = Vec::with_capacity(endpoints.len());
        for endpoint in endpoints {
            let mut seen = endpoint_facts(endpoint, &self.visit(&endpoint.url, false).await);
            if !seen.reason.is_ok() || seen.as_expected == Seen::Seen(false) {
                sleep(self.eye.second_look).await;
                seen = endpoint_facts(endpoint, &self.visit(&endpoint.url, false).await);
            }
            found.push(seen);
        }
        availability.endpoints = Seen::Seen(found);
    }
}

fn endpoint_facts(endpoint: &Endpoint, visit: &Visit) -> EndpointFacts {
    let reason = match gateway(visit) {
        Some(gateway) => Reason::Gateway(gateway.name),
        None => visit.reason.clone(),
    };
    let expect = endpoint.expect.clone().unwrap_or_default();
    EndpointFacts {
        name: endpoint.name.clone(),
        url: endpoint.url.to_string(),
        status: visit.status,
        as_expected: match reason.is_ok() {
            true => Seen::Seen(visit.text.contains(&expect)),
            false => Seen::unseen(reason.clone(), visit.detail.clone()),
        },
        expect,
        reason,
        title: title(&visit.text),
        total_ms: u32::try_from(visit.total.as_millis()).unwrap_or(u32::MAX),
    }
}
