//! What the strangers that a site links to show now: a name that was given up may lead to gambling, or be for sale.

use std::{cmp::Reverse, sync::LazyLock};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use url::Url;
use xuncha_model::{
    Reason,
    facts::{OutboundFacts, page::Origin},
};
use xuncha_net::{Ask, Visit};

use super::{check::Outcome, frontier::Task};
use crate::{
    address::reported,
    gateway::gateway,
    lists::{self, Sign},
    page::{self, Given, link::is_below},
};

/// Hosts that are reported.
const MOST: usize = 200;
/// How a stranger's page is asked for: what it is about stands at its beginning.
pub(super) const LOOK: Ask =
    Ask { head_only: false, ipv6_only: false, stay: false, most: Some(256 << 10) };
/// Characters of a page whose text alone may say that the name is for sale: longer ones are about something.
const SHORT: usize = 1500;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parked {
    hosts: Vec<String>,
    signs: Vec<Sign>,
}

static PARKED: LazyLock<Option<Parked>> =
    LazyLock::new(|| lists::read("parked.yaml", include_str!("../../../rules/lists/parked.yaml")));

/// What the first link to a stranger led to.
pub(super) fn shown(
    task: &Task,
    outcome: &Outcome,
    visit: &Visit,
    at: DateTime<Utc>,
) -> OutboundFacts {
    let mut facts = blank(task);
    facts.final_url = reported(&visit.final_url);
    facts.reason = match gateway(visit) {
        Some(wall) => Reason::Gateway(wall.name),
        // what is longer than we read is there
        None if visit.status / 100 == 2 && cut(&visit.reason) => Reason::Ok,
        None => visit.reason.clone(),
    };
    if facts.reason.is_ok() && matches!(outcome, Outcome::Good | Outcome::Unknown(_)) {
        let read = page::read(&Given {
            url: &visit.final_url,
            origin: Origin::Inner,
            at,
            status: visit.status,
            headers: &visit.headers,
            text: &visit.text,
            encoding: &visit.encoding,
            declared_encoding: &visit.declared_encoding,
        });
        facts.parked = is_parked(&visit.final_url, &read.facts.title, &read.text);
        facts.injected = page::injected_in(&read.facts.title, &read.text);
        facts.title = read.facts.title;
        facts.injected.sort_by_key(|found| Reverse(found.weight));
    }
    facts
}

/// A stranger that was not asked, and why.
pub(super) fn unasked(task: &Task, reason: Reason) -> OutboundFacts {
    OutboundFacts { reason, ..blank(task) }
}

fn blank(task: &Task) -> OutboundFacts {
    let url = task.written.as_ref().unwrap_or(&task.url);
    let holder = task.holder.as_ref();
    OutboundFacts {
        url: reported(url),
        host: url.host_str().unwrap_or_default().to_owned(),
        holder: holder.map(|holder| holder.url.clone()).unwrap_or_default(),
        text: holder.map(|holder| holder.text.clone()).unwrap_or_default(),
        final_url: String::new(),
        reason: Reason::Ok,
        title: String::new(),
        injected: Vec::new(),
        parked: false,
    }
}

/// The body was longer than we wanted.
pub(super) fn cut(reason: &Reason) -> bool {
    matches!(reason, Reason::LimitBody | Reason::LimitDecode)
}

/// The worst first, and no more than are reported.
pub(super) fn worst(mut outbound: Vec<OutboundFacts>) -> Vec<OutboundFacts> {
    let rank = |facts: &OutboundFacts| {
        let weight: u32 = facts.injected.iter().map(|found| found.weight).sum();
        (Reverse(weight), !facts.parked, !facts.reason.is_ok())
    };
    outbound.sort_by(|one, other| (rank(one), &one.host).cmp(&(rank(other), &other.host)));
    outbound.truncate(MOST);
    outbound
}

/// The page offers its name for sale, or stands in for a site that is no more.
fn is_parked(url: &Url, title: &str, text: &str) -> bool {
    let Some(parked) = PARKED.as_ref() else { return false };
    let host = url.host_str().unwrap_or_default();
    let short = text.chars().nth(SHORT).is_none();
    parked.hosts.iter().any(|market| is_below(host, market))
        || parked
            .signs
            .iter()
            .any(|sign| sign.pattern.is_match(title) || short && sign.pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use xuncha_model::facts::content::Injected;

    use super::*;

    #[test]
    fn the_list_is_read_and_every_sign_knows_its_examples() {
        let list = include_str!("../../../rules/lists/parked.yaml");
        let parked: Parked = lists::parsed(list).unwrap();
        for sign in &parked.signs {
            assert!(!sign.hit.is_empty() && !sign.miss.is_empty(), "{}", sign.kind);
            for text in &sign.hit {
                assert!(sign.pattern.is_match(text), "{} misses {text}", sign.kind);
            }
            for text in &sign.miss {
                assert!(!sign.pattern.is_match(text), "{} hits {text}", sign.kind);
            }
        }
    }

    #[test]
    fn parked_pages_are_known_by_host_title_and_short_text() {
        let parked =
            |url: &str, title: &str, text: &str| is_parked(&url.parse().unwrap(), title, text);
        let here = "https://www.kejiguan.example/";
        assert!(parked("https://www.hugedomains.com/x.cfm?d=kejiguan", "", ""));
        assert!(parked(here, "kejiguan.example 域名出售", ""));
        assert!(parked(here, "kejiguan.example", "您访问的域名可以转让！联系电话见下"));
        let article = format!("域名停放与域名纠纷的法律问题：{}", "正文。".repeat(600));
        assert!(!parked(here, "域名法律讲座", &article));
        assert!(!parked(here, "县科技馆", "今日开放"));
        assert!(!parked("https://nothugedomains.com/", "", ""));
    }

    #[test]
    fn the_worst_come_first_and_no_more_than_are_told() {
        let facts = |host: &str, weight, parked, reason| {
            let injected = Injected { weight, ..Injected::default() };
            let injected = if weight > 0 { vec![injected] } else { Vec::new() };
            let host = host.to_owned();
            let nothing = || String::new();
            OutboundFacts {
                url: nothing(),
                host,
                holder: nothing(),
                text: nothing(),
                final_url: nothing(),
                reason,
                title: nothing(),
                injected,
                parked,
            }
        };
        let mut all = vec![
            facts("c", 0, false, Reason::Robots),
            facts("b", 0, false, Reason::Ok),
            facts("a", 0, false, Reason::Ok),
            facts("z", 0, true, Reason::Ok),
            facts("y", 3, false, Reason::Ok),
        ];
        let hosts = |all: &[OutboundFacts]| -> Vec<String> {
            all.iter().map(|facts| facts.host.clone()).collect()
        };
        assert_eq!(hosts(&worst(all.clone())), ["y", "z", "a", "b", "c"]);
        all.resize(MOST + 9, facts("d", 0, false, Reason::Ok));
        let told = worst(all);
        assert_eq!((told.len(), told[0].host.as_str()), (MOST, "y"));
    }
}
