//! Anti-robot gateways that answer in a site's place, known by `rules/lists/gateways.yaml`.
//!
//! Who is behind a gateway was not seen: that is neither up nor down (threats.md T41).

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::{availability::GatewayFacts, http::Header};
use xuncha_net::Visit;

use crate::{
    lists,
    page::{needles::Gate, snippet},
};

/// Statuses that refuse the visitor rather than the page, whoever says so: firewalls and rate limits answer like this in a
/// site's place. Whether others are refused too a person has to see.
const REFUSALS: &[u16] = &[403, 405, 406, 412, 418, 429, 521];
/// How much of a page gateways are known by, in bytes.
const HEAD: usize = 64 << 10;

/// A gateway of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[expect(dead_code, reason = "for the people who read the list")]
    title: String,
    #[serde(default)]
    status: Vec<u16>,
    #[serde(default, deserialize_with = "lists::maybe_pattern")]
    header: Option<Regex>,
    #[serde(default, deserialize_with = "lists::maybe_pattern")]
    page: Option<Regex>,
    /// Words of which one stands in every page that fits.
    #[serde(default)]
    holds: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    hit: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    miss: Vec<String>,
}

static GATEWAYS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let list = include_str!("../../rules/lists/gateways.yaml");
    lists::read("gateways.yaml", list).unwrap_or_default()
});

/// The words of their pages: nearly every page is a site's own, and one pass over it says so.
static WORDS: LazyLock<Gate> =
    LazyLock::new(|| Gate::new(GATEWAYS.iter().map(|entry| entry.holds.as_slice())));

impl Entry {
    fn answers(&self, status: u16) -> bool {
        self.status.is_empty() || self.status.contains(&status)
    }
}

/// The gateway that answered a visit in the site's place, when one did.
pub fn gateway(visit: &Visit) -> Option<GatewayFacts> {
    answered(visit.status, &visit.headers, &visit.text)
}

/// The gateway that gave this answer, when one did; the page is empty when only the head was asked for.
pub(crate) fn answered(status: u16, headers: &[Header], page: &str) -> Option<GatewayFacts> {
    named(status, || lines(headers), page).or_else(|| {
        REFUSALS
            .contains(&status)
            .then(|| GatewayFacts { name: status.to_string(), evidence: refusal(status, headers) })
    })
}

fn named(status: u16, headers: impl Fn() -> String, page: &str) -> Option<GatewayFacts> {
    let page = &page[..page.floor_char_boundary(HEAD)];
    let may_fit = WORDS.may_fit(page);
    GATEWAYS.iter().enumerate().find_map(|(at, entry)| {
        if !entry.answers(status) || !may_fit(at) {
            return None;
        }
        let words = match &entry.page {
            Some(pattern) => Some(pattern.find(page)?),
            None => None,
        };
        // hardly any answer comes so far
        let headers = if entry.header.is_some() { headers() } else { String::new() };
        let header = match &entry.header {
            Some(pattern) => Some(pattern.find(&headers)?),
            None => None,
        };
        let evidence = match (words, header) {
            (Some(found), _) => snippet(page, found.start()),
            (None, Some(found)) => snippet(&headers, found.start()),
            (None, None) => String::new(),
        };
        Some(GatewayFacts {
            name: entry.name.clone(),
            evidence: format!("HTTP {status} {evidence}").trim_end().to_owned(),
        })
    })
}

/// The headers as text, one a line.
fn lines(headers: &[Header]) -> String {
    headers.iter().map(|header| format!("{}: {}\n", header.name, header.value)).collect()
}

fn refusal(status: u16, headers: &[Header]) -> String {
    let server = headers.iter().find(|header| header.name == "server");
    let server = server.map(|header| format!(" server: {}", header.value)).unwrap_or_default();
    format!("HTTP {status}{server}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(example: &str) -> Option<GatewayFacts> {
        let (head, page) = example.split_once("\n\n").unwrap();
        let (status, headers) = head.split_once('\n').unwrap_or((head, ""));
        named(status.parse().unwrap(), || headers.to_owned(), page)
    }

    #[test]
    fn every_gateway_knows_its_examples() {
        let list = include_str!("../../rules/lists/gateways.yaml");
        assert_eq!(lists::parsed::<Vec<Entry>>(list).err(), None);
        for entry in GATEWAYS.iter() {
            assert!(!entry.hit.is_empty() && !entry.miss.is_empty(), "{}", entry.name);
            for example in &entry.hit {
                let found = of(example).map(|found| found.name);
                assert_eq!(found.as_deref(), Some(entry.name.as_str()), "{example}");
            }
            for example in &entry.miss {
                assert_eq!(of(example), None, "{}", entry.name);
            }
        }
    }

    #[test]
    fn the_words_stand_in_every_page_that_fits() {
        for (at, entry) in GATEWAYS.iter().enumerate() {
            for example in &entry.hit {
                let (_, page) = example.split_once("\n\n").unwrap();
                assert!(WORDS.may_fit(page)(at), "{example}");
            }
            let open = entry.answers(200) && entry.name != "script";
            assert!(!open || !entry.holds.is_empty(), "{} is tried on every page", entry.name);
        }
    }

    #[test]
    fn the_evidence_quotes_what_was_seen() {
        let found = of("403\n\n<p>请求存在威胁，已被拦截</p>").unwrap();
        assert_eq!(found.evidence, "HTTP 403 请求存在威胁，已被拦截");
    }
}
