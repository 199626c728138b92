//! What the name system answers for the names of a site.

use std::time::Duration;

use futures_util::future::{join_all, join3};
use tokio::time::sleep;
use xuncha_model::{
    Reason, Seen,
    facts::{
        DnsFacts, NameAnswer,
        dns::{ConfirmedBaseline, DnssecFacts, DnssecState, ResolverAnswer},
    },
};
use xuncha_net::{Cidr, Door, Lookup};

mod baseline;

pub use baseline::{baseline, drift};

/// Asks for every name, the site's own host first; unseen as a whole when our own resolver failed.
///
/// What failed in a way that may pass is asked again after `second_look`. `own` are ranges that the register allows for
/// this site's hosts, `confirmed` is what the answers are compared with.
pub async fn look(
    door: &Door,
    hosts: &[String],
    own: &[Cidr],
    second_look: Duration,
    confirmed: Option<&ConfirmedBaseline>,
) -> Seen<DnsFacts> {
    let names: Vec<_> = join_all(hosts.iter().map(|host| async move {
        let mut lookup = door.lookup(host).await;
        if may_pass(&lookup.reason) || may_pass(&lookup.partial) {
            sleep(second_look).await;
            lookup = door.lookup(host).await;
        }
        (answer(door, host, &lookup, own), lookup.detail)
    }))
    .await;
    if let Some((failed, detail)) = names.iter().find(|(name, _)| name.reason.is_own_fault()) {
        return Seen::unseen(failed.reason.clone(), detail.clone());
    }
    let names: Vec<_> = names.into_iter().map(|(name, _)| name).collect();
    let Some(first) = names.first().filter(|name| !is_address(&name.name)) else {
        return Seen::Seen(addresses_only(names));
    };
    let (zone, dnssec, resolvers) = join3(
        door.zone(&first.name),
        dnssec(door, first, second_look),
        compared(door, &first.name),
    )
    .await;
    let validates = dnssec.seen().is_some_and(|dnssec| dnssec.state != DnssecState::Bogus);
    if validates && first.reason == Reason::DnsBogus {
        let detail = format!("it cannot validate {}, and we can", first.name);
        return Seen::unseen(Reason::SelfResolver, detail);
    }
    let servers =
        zone.clone().map(|zone| zone.servers.into_iter().map(|server| server.name).collect());
    let mut facts = DnsFacts {
        names,
        nameservers: servers,
        zone,
        dnssec,
        resolvers,
        drift: Seen::unseen(Reason::NotLooked, "no baseline"),
    };
    if let Some(confirmed) = confirmed {
        facts.drift = drift(confirmed, &facts);
    }
    Seen::Seen(facts)
}

/// A host that is written as an address has no zone.
fn addresses_only(names: Vec<NameAnswer>) -> DnsFacts {
    const WHY: &str = "the host is an address";
    DnsFacts {
        names,
        nameservers: Seen::Seen(Vec::new()),
        zone: Seen::unseen(Reason::NotLooked, WHY),
        dnssec: Seen::unseen(Reason::NotLooked, WHY),
        resolvers: Seen::unseen(Reason::NotLooked, WHY),
        drift: Seen::unseen(Reason::NotLooked, WHY),
    }
}

/// A name that does not exist is certain; a failing server may recover.
fn may_pass(reason: &Reason) -> bool {
    let passing = [Reason::DnsServfail, Reason::DnsTimeout, Reason::DnsRefused, Reason::DnsBogus];
    passing.contains(reason)
}

/// Whether the host's answer is signed: looked at twice before it is called bogus.
async fn dnssec(door: &Door, host: &NameAnswer, second_look: Duration) -> Seen<DnssecFacts> {
    // what has no answer has no signature
    if !host.reason.is_ok() && host.reason != Reason::DnsBogus {
        return Seen::unseen(host.reason.clone(), "");
    }
    let ipv6 = host.a.is_empty() && !host.aaaa.is_empty();
    let seen = door.dnssec(&host.name, ipv6).await;
    let bogus = seen.seen().is_some_and(|dnssec| dnssec.state == DnssecState::Bogus);
    if !bogus {
        return seen;
    }
    sleep(second_look).await;
    door.dnssec(&host.name, ipv6).await
}

/// What the further resolvers of the settings say of the host.
async fn compared(door: &Door, host: &str) -> Seen<Vec<ResolverAnswer>> {
    let resolvers = &door.config().compare_resolvers;
    if resolvers.is_empty() {
        return Seen::unseen(Reason::NotLooked, "no further resolver is configured");
    }
    let answers = resolvers.iter().map(|resolver| async move {
        let lookup = door.lookup_at(*resolver, host).await;
        let mut addresses: Vec<_> = lookup.addresses().iter().map(ToString::to_string).collect();
        addresses.sort();
        ResolverAnswer {
            resolver: resolver.to_string(),
            reason: lookup.reason,
            addresses,
            alias: lookup.cname.last().cloned().unwrap_or_default(),
        }
    });
    Seen::Seen(join_all(answers).await)
}

fn answer(door: &Door, host: &str, lookup: &Lookup, own: &[Cidr]) -> NameAnswer {
    let special = lookup.addresses().into_iter().filter(|address| !door.passes(*address, own));
    NameAnswer {
        name: host.to_owned(),
        reason: lookup.reason.clone(),
        a: lookup.a.iter().map(ToString::to_string).collect(),
        aaaa: lookup.aaaa.iter().map(ToString::to_string).collect(),
        cname: lookup.cname.clone(),
        dangling: lookup.dangling().unwrap_or_default().to_owned(),
        partial: lookup.partial.clone(),
        private: special.map(|address| address.to_string()).collect(),
        took_ms: u32::try_from(lookup.took.as_millis()).unwrap_or(u32::MAX),
    }
}

/// Whether a host is written as an address.
pub(crate) fn is_address(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok()
}
