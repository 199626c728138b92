//! A visit of the door, as facts.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::http::{Header, Hop, Visit as VisitFacts},
};
use xuncha_net::{Roots, Visit};

use crate::{
    address::reported,
    gateway::gateway,
    privacy::{masked, masked_address},
    title::title,
    trust,
};

/// The facts of a visit; unseen when it failed through our own fault.
pub fn facts(visit: &Visit, roots: &Roots, now: DateTime<Utc>) -> Seen<VisitFacts> {
    part(visit, 0, roots, now)
}

/// The facts of the visit that began when `visit` came by `url`, when it did: the same answer is not asked for twice.
pub fn on_the_way(
    visit: &Visit,
    url: &Url,
    roots: &Roots,
    now: DateTime<Utc>,
) -> Option<Seen<VisitFacts>> {
    let at = visit.hops.iter().position(|hop| hop.url == url.as_str())?;
    Some(part(visit, at, roots, now))
}

fn part(visit: &Visit, from: usize, roots: &Roots, now: DateTime<Utc>) -> Seen<VisitFacts> {
    if visit.reason.is_own_fault() {
        return Seen::unseen(visit.reason.clone(), visit.detail.clone());
    }
    let hops = visit.hops.get(from..).unwrap_or_default().to_vec();
    let first = hops.first().map_or_else(|| visit.url.to_string(), |hop| hop.url.clone());
    let skipped: u32 = visit
        .hops
        .iter()
        .take(from)
        .map(|hop| hop.dns_ms + hop.connect_ms + hop.tls_ms + hop.first_byte_ms + hop.body_ms)
        .sum();
    let total = u32::try_from(visit.total.as_millis()).unwrap_or(u32::MAX);
    let value = |name: &str| {
        let values = visit.headers.iter().filter(|header| header.name == name);
        values.map(|header| header.value.as_str()).collect::<Vec<_>>().join(", ")
    };
    // a page that a gateway shows with status 200 is none of the site's
    let walled = if visit.reason.is_ok() { gateway(visit) } else { None };
    let reason = walled.map_or_else(|| visit.reason.clone(), |wall| Reason::Gateway(wall.name));
    Seen::Seen(VisitFacts {
        url: masked_address(first),
        reason,
        detail: visit.detail.clone(),
        bad_certificate: bad_certificate(visit, &hops, roots, now),
        phase: visit.phase,
        hops: hops.into_iter().map(told).collect(),
        cookies: visit.cookies.clone(),
        final_url: reported(&visit.final_url),
        final_host: visit.final_url.host_str().unwrap_or_default().to_owned(),
        final_scheme: visit.final_url.scheme().to_owned(),
        status: visit.status,
        headers: headers(&visit.headers),
        hsts: value("strict-transport-security"),
        content_type_options: value("x-content-type-options"),
        frame_options: value("x-frame-options"),
        csp: value("content-security-policy"),
        title: title(&visit.text),
        encoding: visit.encoding.clone(),
        declared_encoding: visit.declared_encoding.clone(),
        body_bytes: visit.body.len().try_into().unwrap_or(u64::MAX),
        body_sha256: if visit.body.is_empty() { String::new() } else { sha256(&visit.body) },
        total_ms: total.saturating_sub(skipped),
    })
}

/// A browser would have warned on these hops of the visit.
pub(crate) fn bad_certificate(
    visit: &Visit,
    hops: &[Hop],
    roots: &Roots,
    now: DateTime<Utc>,
) -> bool {
    visit.shakes.iter().any(|shake| {
        let came_by = hops.iter().any(|hop| secure_host(&hop.url) == Some(shake.host.clone()));
        came_by && (shake.reason.is_ok() || shake.legacy) && !trust::convinces(shake, roots, now)
    })
}

/// The headers, numbers of persons masked: of a file's name, of an address.
fn headers(headers: &[Header]) -> Vec<Header> {
    let value = |value: &str| masked(value).into_owned();
    let told = |it: &Header| Header { name: it.name.clone(), value: value(&it.value) };
    headers.iter().map(told).collect()
}

/// A hop as it is reported.
fn told(mut hop: Hop) -> Hop {
    hop.location = masked_address(hop.location);
    if let Ok(url) = Url::parse(&hop.url) {
        if hop.location.to_ascii_lowercase().contains("session")
            && let Ok(next) = url.join(hop.location.trim())
        {
            hop.location = reported(&next);
        }
        hop.url = reported(&url);
    }
    hop
}

fn secure_host(url: &str) -> Option<String> {
    let url: Url = url.parse().ok()?;
    (url.scheme() == "https").then(|| url.host_str().map(str::to_owned))?
}

/// SHA-256 in hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // writing to a String cannot fail
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_redirect_and_no_header_tells_the_number_of_a_person() {
        let number = "412727198002031015";
        let hop = Hop {
            url: format!("https://www.a.gov.cn/q?id={number}"),
            location: format!("/list.jsp?sfzh={number}"),
            status: 302,
            address: String::new(),
            dns_ms: 0,
            connect_ms: 0,
            tls_ms: 0,
            first_byte_ms: 0,
            body_ms: 0,
        };
        let value = format!("attachment; filename=\"{number}.pdf\"");
        let header = Header { name: "content-disposition".to_owned(), value };
        let hop = told(hop);
        let shown = format!("{} {} {}", hop.url, hop.location, headers(&[header])[0].value);
        assert!(
            !shown.contains("1980") && shown.matches("41*************015").count() == 3,
            "{shown}"
        );
    }
}
