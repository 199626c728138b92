//! What the name system answers for the names of a site.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::sleep;
use xuncha_model::{
    Reason, Seen,
    facts::{DnsFacts, NameAnswer},
};
use xuncha_net::{Cidr, Door, Lookup};

/// Asks for every name, the site's own host first; unseen as a whole when our own resolver failed.
///
/// What failed in a way that may pass is asked again after `second_look`. `own` are ranges that the register allows for this site's hosts.
pub async fn look(
    door: &Door,
    hosts: &[String],
    own: &[Cidr],
    second_look: Duration,
) -> Seen<DnsFacts> {
    let names: Vec<_> = join_all(hosts.iter().map(|host| async move {
        let mut lookup = door.lookup(host).await;
        // a name that does not exist is certain; a failing server may recover
        let passing = [Reason::DnsServfail, Reason::DnsTimeout, Reason::DnsRefused];
        if passing.contains(&lookup.reason) {
            sleep(second_look).await;
            lookup = door.lookup(host).await;
        }
        (answer(door, host, &lookup, own), lookup.detail)
    }))
    .await;
    if let Some((failed, detail)) = names.iter().find(|(name, _)| name.reason.is_own_fault()) {
        return Seen::unseen(failed.reason.clone(), detail.clone());
    }
    let nameservers = match hosts.first().filter(|host| !is_address(host)) {
        Some(host) => match door.nameservers(host).await {
            Ok(servers) => Seen::Seen(servers),
            Err(fault) => Seen::unseen(fault.reason, fault.detail),
        },
        None => Seen::Seen(Vec::new()),
    };
    Seen::Seen(DnsFacts {
        names: names.into_iter().map(|(name, _)| name).collect(),
        nameservers,
        zone: Seen::unseen(Reason::NotLooked, ""),
        dnssec: Seen::unseen(Reason::NotLooked, ""),
        resolvers: Seen::unseen(Reason::NotLooked, ""),
        drift: Seen::unseen(Reason::NotLooked, ""),
    })
}

fn answer(door: &Door, host: &str, lookup: &Lookup, own: &[Cidr]) -> NameAnswer {
    let special = lookup.addresses().into_iter().filter(|address| !door.passes(*address, own));
    NameAnswer {
        name: host.to_owned(),
        reason: lookup.reason.clone(),
        a: lookup.a.iter().map(ToString::to_string).collect(),
        aaaa: lookup.aaaa.iter().map(ToString::to_string).collect(),
        cname: lookup.cname.clone(),
        dangling: String::new(),
        private: special.map(|address| address.to_string()).collect(),
        took_ms: u32::try_from(lookup.took.as_millis()).unwrap_or(u32::MAX),
    }
}

/// Whether a host is written as an address.
pub(crate) fn is_address(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok()
}
