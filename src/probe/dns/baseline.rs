//! The baseline of a site's name: what would be confirmed now, and what differs from what was confirmed.

use std::collections::BTreeSet;

use xuncha_model::{
    Reason, Seen,
    facts::{
        DnsFacts,
        dns::{ConfirmedBaseline, DnsBaseline, DnsDrift},
    },
};

/// What would be confirmed now; `None` when the look did not see enough to vouch for.
///
/// A host behind an alias is known by the alias chain alone: which addresses a platform gives is its own business.
pub fn baseline(facts: &DnsFacts) -> Option<DnsBaseline> {
    let host = facts.names.first()?;
    let nameservers = facts.nameservers.seen()?;
    if !host.reason.is_ok() || !host.partial.is_ok() || super::is_address(&host.name) {
        return None;
    }
    let addresses = host.a.iter().chain(&host.aaaa).filter(|_| host.cname.is_empty());
    Some(DnsBaseline {
        host: host.name.clone(),
        addresses: sorted(addresses),
        // the first alias is the site's own choice; what a platform makes of it behind that is the platform's
        aliases: host.cname.iter().take(1).cloned().collect(),
        nameservers: sorted(nameservers.iter()),
    })
}

/// What differs from the confirmed baseline, in no order that a name server chooses; unseen when the look did not see
/// enough, or when the site has moved to another host since.
pub fn drift(confirmed: &ConfirmedBaseline, facts: &DnsFacts) -> Seen<DnsDrift> {
    let Some(now) = baseline(facts) else {
        return Seen::unseen(Reason::NotLooked, "the answers are not complete");
    };
    let before = &confirmed.baseline;
    if before.host != now.host {
        return Seen::unseen(Reason::NotLooked, "the baseline is that of another host");
    }
    Seen::Seen(DnsDrift {
        confirmed_at: confirmed.confirmed_at,
        confirmed_by: confirmed.confirmed_by.clone(),
        added: beyond(answer(&now), answer(before)),
        removed: beyond(answer(before), answer(&now)),
        nameservers_added: beyond(&now.nameservers, &before.nameservers),
        nameservers_removed: beyond(&before.nameservers, &now.nameservers),
    })
}

fn answer(baseline: &DnsBaseline) -> impl Iterator<Item = &String> {
    baseline.aliases.iter().chain(&baseline.addresses)
}

/// What the left side has and the right side has not.
fn beyond<'a>(
    left: impl IntoIterator<Item = &'a String>,
    right: impl IntoIterator<Item = &'a String>,
) -> Vec<String> {
    let right: BTreeSet<_> = right.into_iter().collect();
    sorted(left.into_iter().filter(|item| !right.contains(item)))
}

fn sorted<'a>(items: impl Iterator<Item = &'a String>) -> Vec<String> {
    let items: BTreeSet<_> = items.collect();
    items.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use xuncha_model::facts::NameAnswer;

    use super::*;

    fn facts(a: &[&str], cname: &[&str], servers: &[&str]) -> DnsFacts {
        let list = |items: &[&str]| items.iter().map(ToString::to_string).collect();
        let name = NameAnswer {
            name: "www.a.gov.cn".to_owned(),
            reason: Reason::Ok,
            a: list(a),
            aaaa: Vec::new(),
            cname: list(cname),
            dangling: String::new(),
            partial: Reason::Ok,
            private: Vec::new(),
            took_ms: 1,
        };
        DnsFacts {
            nameservers: Seen::Seen(list(servers)),
            ..super::super::addresses_only(vec![name])
        }
    }

    fn against(before: &DnsFacts, now: &DnsFacts) -> DnsDrift {
        let confirmed = ConfirmedBaseline {
            baseline: baseline(before).unwrap(),
            confirmed_at: DateTime::UNIX_EPOCH,
            confirmed_by: ConfirmedBaseline::FIRST_LOOK.to_owned(),
        };
        drift(&confirmed, now).seen().unwrap().clone()
    }

    #[test]
    fn the_order_of_an_answer_is_no_change() {
        let drift = against(
            &facts(&["192.0.2.1", "192.0.2.2"], &[], &["ns1.a", "ns2.a"]),
            &facts(&["192.0.2.2", "192.0.2.1"], &[], &["ns2.a", "ns1.a"]),
        );
        let changes =
            [drift.added, drift.removed, drift.nameservers_added, drift.nameservers_removed];
        assert!(changes.iter().all(Vec::is_empty), "{changes:?}");
    }

    #[test]
    fn every_change_is_told_on_its_side() {
        let before = facts(&["192.0.2.1"], &[], &["ns1.a", "ns2.a"]);
        let drift = against(&before, &facts(&["198.51.100.9"], &[], &["ns1.a", "ns.evil"]));
        assert_eq!(
            (drift.added, drift.removed),
            (vec!["198.51.100.9".into()], vec!["192.0.2.1".into()])
        );
        assert_eq!(drift.nameservers_added, ["ns.evil"]);
        assert_eq!(drift.nameservers_removed, ["ns2.a"]);
        let drift = against(&before, &facts(&["203.0.113.1"], &["x.cdn"], &["ns1.a", "ns2.a"]));
        assert_eq!((drift.added, drift.removed), (vec!["x.cdn".into()], vec!["192.0.2.1".into()]));
    }

    #[test]
    fn addresses_behind_an_alias_are_the_platforms_business() {
        let drift = against(
            &facts(&["192.0.2.1"], &["x.cdn"], &["ns1.a"]),
            &facts(&["203.0.113.77"], &["x.cdn"], &["ns1.a"]),
        );
        assert!(drift.added.is_empty() && drift.removed.is_empty());
    }

    #[test]
    fn what_was_not_seen_whole_is_neither_a_baseline_nor_a_change() {
        let whole = facts(&["192.0.2.1"], &[], &["ns1.a"]);
        let mut failed = whole.clone();
        failed.names[0].reason = Reason::DnsTimeout;
        let mut half = whole.clone();
        half.names[0].partial = Reason::DnsTimeout;
        let mut blind = whole.clone();
        blind.nameservers = Seen::unseen(Reason::DnsServfail, "");
        let confirmed = ConfirmedBaseline {
            baseline: baseline(&whole).unwrap(),
            confirmed_at: DateTime::UNIX_EPOCH,
            confirmed_by: String::new(),
        };
        for facts in [&failed, &half, &blind] {
            assert_eq!(baseline(facts), None);
            assert!(drift(&confirmed, facts).seen().is_none());
        }
        let mut moved = whole.clone();
        moved.names[0].name = "www.b.gov.cn".to_owned();
        assert!(drift(&confirmed, &moved).seen().is_none(), "another host has no baseline yet");
    }
}
