//! What is known of a target before anything is asked of the network.

use chrono::{DateTime, Utc};
use xuncha_model::{
    Reason, Seen,
    facts::{DomainFacts, FilingFacts, SiteFacts, domain::NameFacts},
    period::local_date,
};
use xuncha_net::Cidr;

use crate::{Eye, Target, register};

/// What is known without the network.
pub(super) struct Known {
    pub(super) site: Seen<SiteFacts>,
    pub(super) filing: Seen<FilingFacts>,
    pub(super) domain: DomainFacts,
    /// The names to ask for, the site's own host first.
    pub(super) hosts: Vec<String>,
    /// Ranges allowed for the site's own host.
    pub(super) own: Vec<Cidr>,
}

/// What the register and the names say of a target.
pub(super) fn known(eye: &Eye, target: &Target, host: &str, at: DateTime<Utc>) -> Known {
    let mut hosts = vec![host.to_owned()];
    let Target::Registered(site) = target else {
        let name = NameFacts { of_url: true, ..eye.names.name(host) };
        return Known {
            site: Seen::unseen(Reason::RegisterUnknown, ""),
            filing: Seen::unseen(Reason::RegisterUnknown, ""),
            domain: DomainFacts {
                names: vec![name],
                register: Seen::unseen(Reason::RegisterUnknown, ""),
                columns: Seen::unseen(Reason::RegisterUnknown, ""),
            },
            hosts,
            own: Vec::new(),
        };
    };
    let live = site.domains.iter().flatten().filter(|domain| domain.retired.is_none());
    for domain in live {
        if !hosts.contains(&domain.ascii) {
            hosts.push(domain.ascii.clone());
        }
    }
    let today = local_date(at);
    Known {
        site: Seen::Seen(register::site_facts(&eye.register, site, today)),
        filing: Seen::Seen(register::filing_facts(site, today)),
        domain: eye.names.site(site),
        hosts,
        own: own(target),
    }
}

/// Ranges that the register allows for a target's own host.
pub(super) fn own(target: &Target) -> Vec<Cidr> {
    let Target::Registered(site) = target else { return Vec::new() };
    // the register was checked at load: what is no range there is already reported
    site.allow_internal.iter().filter_map(|range| range.parse().ok()).collect()
}
