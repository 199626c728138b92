//! A survey of one host's TLS port: protocols, suites, order, groups, certificates, addresses, for at most 40 connections.
//!
//! # What is asked, in this order
//!
//! 1. Every protocol, with every suite it has: SSL 3.0 to TLS 1.3 with the host's name, TLCP without extensions. A hello
//!    asks for its version or any before it, so the alert protocol_version answers for what is older, too. Where nothing is
//!    taken, lists of at most 64 suites follow, then hellos without extensions.
//! 2. One real handshake, for ALPN and for the certificate under TLS 1.3, and one hello without a name.
//! 3. Every suite of the newest protocol up to TLS 1.2, the weak ones and the others side by side, of TLS 1.3 and of TLCP.
//! 4. Of the older protocols the suites that the newest does not take: the weak ones that only they may have.
//! 5. Whose order decides, of the newest protocols.
//! 6. Of the older protocols the suites that the newest takes as well, then their order; TLCP with extensions, where an
//!    alert refused it without.
//! 7. Where connections were closed without a word, once more what was taken at first: is anybody still there for us?
//! 8. One handshake with each of up to four other addresses; their connections are laid aside at the beginning.
//!
//! What runs out of connections or of time is left out from the end, and [`Survey::complete`] says so: a suite is never
//! named under a protocol under which it was not picked.
//!
//! # Decisions
//!
//! 2026-11-24: the host's and the address's turn are held for the whole survey, and no other request goes to that address
//! meanwhile: forty hellos two at a time are over before a pause between them would have made sense.
//!
//! 2026-11-24: the curves and the named groups are not tried one by one: those the server chooses are noted, and a
//! connection for each of thirty curves is a poor bargain for the site.
//!
//! 2026-11-24: no attack is tried (Heartbleed, CCS, ROBOT, renegotiation by the client): a monitor is no intruder.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::time::timeout;
use xuncha_model::Reason;

use super::{
    Protocol,
    ask::{Line, Purse},
    course::{self, Course},
    elimination::Known,
    groups,
    shaken::{self, Other},
};
use crate::{Cidr, Fault, Pulse, door::Inner, pace::Peer, steps};

/// Connections to a host, all of its addresses together.
pub const MAX_CONNECTIONS: u32 = 40;
/// Time for a host, waiting for our turn left out.
const MAX_TIME: Duration = Duration::from_secs(30);
/// Addresses beside the first that are asked.
const MAX_OTHERS: usize = 4;

/// What a TLS port offers.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The host asked for.
    pub host: String,
    /// The address that was dialled.
    pub address: SocketAddr,
    /// Connections that were made; at most 40.
    pub connections: u32,
    /// Every question was answered.
    pub complete: bool,
    /// The protocols that were taken, oldest first, TLCP last; never empty.
    pub offers: Vec<Offer>,
    /// Bits of the smallest Diffie-Hellman prime the server chose; 0 when it chose none.
    pub dh_bits: u32,
    /// The groups the server chose: x25519, secp256r1, curveSM2, …
    pub groups: Vec<String>,
    /// It agreed to compress under some protocol (CRIME).
    pub compression: bool,
    /// Every protocol up to TLS 1.2 answers renegotiation_info (RFC 5746); true where there is none.
    pub secure_renegotiation: bool,
    /// The newest protocol up to TLS 1.2 answers extended_master_secret (RFC 7627); true where there is none.
    pub extended_master_secret: bool,
    /// It stapled an OCSP response.
    pub ocsp_stapled: bool,
    /// Application protocols it chose: h2 when offered beside http/1.1, http/1.1 when offered alone.
    pub alpn: Vec<String>,
    /// The certificates shown to the host's name, leaf first; empty where only TLCP is spoken.
    pub chain: Vec<Vec<u8>>,
    /// What is shown to a client that names no host; why not, when nothing was.
    pub without_name: Result<Unnamed, Fault>,
    /// The certificates of TLCP as sent: signing, encryption, authorities; why not, when nothing answers it.
    pub tlcp: Result<Vec<Vec<u8>>, Fault>,
    /// Up to four other addresses.
    pub others: Vec<Other>,
}

/// A protocol that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which one.
    pub protocol: Protocol,
    /// The suites that were picked, ascending by code point.
    pub suites: Vec<u16>,
    /// The server picks by its own order; `None` with fewer than two suites, or when it was not settled.
    pub own_order: Option<bool>,
}

/// What a client sees that names no host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnamed {
    /// The same leaf as the host's name shows.
    pub same: bool,
    /// The certificates, leaf first.
    pub chain: Vec<Vec<u8>>,
}

/// Asks a host. `own` ranges are allowed beside those of the settings.
pub(crate) async fn run(
    inner: &Inner,
    (host, port): (&str, u16),
    own: &[Cidr],
    pulse: &Pulse,
) -> Result<Survey, Fault> {
    let config = &inner.config;
    let host_turn = inner.pace.turn(&Peer::Host(host.to_owned())).await;
    let patience = 3 * config.dns_timeout;
    let addresses = timeout(patience, steps::addresses(inner, host, own, false))
        .await
        .unwrap_or_else(|_| Err(Fault::late(Reason::DnsTimeout, patience)))?;
    let others = addresses.len().saturating_sub(1).min(MAX_OTHERS);
    let aside = u32::try_from(others).unwrap_or_default();
    let port = config.port_map.get(&port).copied().unwrap_or(port);
    let purse = Purse::new(MAX_CONNECTIONS - aside);
    let mut why_not = None;
    for (at, address) in addresses.iter().enumerate().take(steps::MAX_ADDRESSES) {
        let turn = inner.pace.alone(&Peer::Address(address.to_canonical())).await;
        let until = Instant::now() + MAX_TIME;
        let line = Line::new(host, SocketAddr::new(*address, port), config, (&purse, pulse), until);
        if let Err(fault) = line.open().await {
            why_not = why_not.or(Some(fault));
            continue;
        }
        let course = course::run(&line).await?;
        let shook = course.shook.clone();
        let mut survey = assemble(&line, course);
        // one address's turn is given back before another's is waited for: so no two surveys wait for each other
        drop(turn);
        purse.add(aside);
        let rest = addresses.iter().enumerate().filter(|(other, _)| *other != at);
        for (_, other) in rest.take(MAX_OTHERS) {
            let turn = inner.pace.alone(&Peer::Address(other.to_canonical())).await;
            let until = Instant::now() + config.connect_timeout + config.tls_timeout;
            let line =
                Line::new(host, SocketAddr::new(*other, port), config, (&purse, pulse), until);
            survey.others.push(shaken::compare(&line, &survey, shook.as_ref()).await);
            drop(turn);
        }
        survey.connections = purse.spent();
        drop(host_turn);
        return Ok(survey);
    }
    Err(why_not.unwrap_or_else(|| Fault::new(Reason::DnsNodata, "no address")))
}

/// The answers, put together.
fn assemble(line: &Line<'_>, seen: Course) -> Survey {
    let Course { mut versions, shook, unnamed, complete } = seen;
    versions.known.sort_by_key(|known| known.protocol);
    let classic = || versions.known.iter().filter(|known| known.protocol.is_classic());
    let newest = classic().next_back();
    let mut alpn: Vec<String> = classic().map(|known| known.first.alpn.clone()).collect();
    alpn.extend(shook.iter().map(|shook| shook.alpn.clone()));
    alpn.retain(|name| !name.is_empty());
    alpn.sort_unstable_by(|one, other| other.cmp(one));
    alpn.dedup();
    let sizes = versions.known.iter().map(|known| known.dh_bits);
    let mut groups = Vec::new();
    for group in versions.known.iter().flat_map(|known| &known.groups) {
        let name = groups::name(*group);
        if !groups.contains(&name) {
            groups.push(name);
        }
    }
    let shown = newest.map(|known| known.first.chain.clone()).filter(|chain| !chain.is_empty());
    Survey {
        host: line.host.to_owned(),
        address: line.target,
        connections: 0,
        complete: complete
            && versions.complete
            && versions.known.iter().all(|known| known.complete),
        dh_bits: sizes.filter(|bits| *bits != 0).min().unwrap_or_default(),
        groups,
        compression: classic().any(|known| known.first.compression),
        secure_renegotiation: classic().all(|known| known.first.renegotiation),
        extended_master_secret: newest.is_none_or(|known| known.first.master_secret),
        ocsp_stapled: classic().any(|known| known.first.stapled)
            || shook.as_ref().is_some_and(|shook| shook.ocsp_stapled),
        alpn,
        without_name: unnamed,
        tlcp: match versions.get(Protocol::Tlcp) {
            Some(known) => Ok(known.first.chain.clone()),
            None => Err(versions.why_not(Protocol::Tlcp)),
        },
        others: Vec::new(),
        chain: shown.or_else(|| shook.map(|shook| shook.chain)).unwrap_or_default(),
        offers: versions.known.iter().map(offer).collect(),
    }
}

fn offer(known: &Known) -> Offer {
    let mut suites = known.suites();
    suites.sort_unstable();
    Offer { protocol: known.protocol, suites, own_order: known.own_order() }
}
