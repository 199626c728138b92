//! Anti-robot gateways that answer in a site's place, known by `rules/lists/gateways.yaml`.
//!
//! Who is behind a gateway was not seen: that is neither up nor down (threats.md T41).

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::{availability::GatewayFacts, http::Header};
use xuncha_net::Visit;

use crate::{lists, page::snippet};

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
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    hit: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    miss: Vec<String>,
}

static GATEWAYS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let list = include_str!("../../rules/lists/gateways.yaml");
    lists::read("gateways.yaml", list).unwrap_or_default()
});

/// What the pages of those gateways have that answer 200 and betray themselves by no header, in one pattern.
static OPENLY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let open = |entry: &&Entry| entry.header.is_none() && entry.answers(200);
    let patterns = GATEWAYS.iter().filter(open).filter_map(|entry| entry.page.as_ref());
    let patterns: Vec<_> = patterns.map(|pattern| format!("(?:{pattern})")).collect();
    Regex::new(&patterns.join("|")).ok()
});

impl Entry {
    fn answers(&self, status: u16) -> bool {
        self.status.is_empty() || self.status.contains(&status)
    }
}

/// The gateway that answered a visit in the site's place, when one did.
pub fn gateway(visit: &Visit) -> Option<GatewayFacts> {
    let headers = lines(&visit.headers);
    named(visit.status, &headers, &visit.text).or_else(|| {
        REFUSALS.contains(&visit.status).then(|| GatewayFacts {
            name: visit.status.to_string(),
            evidence: refusal(visit.status, &visit.headers),
        })
    })
}

fn named(status: u16, headers: &str, page: &str) -> Option<GatewayFacts> {
    let page = &page[..page.floor_char_boundary(HEAD)];
    // nearly every page is a site's own: one pass over it says so
    let own = status == 200 && OPENLY.as_ref().is_some_and(|pattern| !pattern.is_match(page));
    GATEWAYS.iter().find_map(|entry| {
        if !entry.answers(status) || own && entry.header.is_none() {
            return None;
        }
        let header = match &entry.header {
            Some(pattern) => Some(pattern.find(headers)?),
            None => None,
        };
        let words = match &entry.page {
            Some(pattern) => Some(pattern.find(page)?),
            None => None,
        };
        let evidence = match (words, header) {
            (Some(found), _) => snippet(page, found.start()),
            (None, Some(found)) => snippet(headers, found.start()),
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
        named(status.parse().unwrap(), headers, page)
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
    fn one_pattern_stands_for_those_that_answer_200() {
        let all = OPENLY.as_ref().unwrap();
        for entry in GATEWAYS.iter().filter(|entry| entry.header.is_none() && entry.answers(200)) {
            for example in entry.hit.iter().filter(|example| example.starts_with("200\n")) {
                let (_, page) = example.split_once("\n\n").unwrap();
                assert!(all.is_match(page), "{example}");
            }
        }
        assert!(!all.is_match("<title>周口市人民政府</title>"));
    }

    #[test]
    fn the_evidence_quotes_what_was_seen() {
        let found = of("403\n\n<p>请求存在威胁，已被拦截</p>").unwrap();
        assert_eq!(found.evidence, "HTTP 403 请求存在威胁，已被拦截");
    }
}
