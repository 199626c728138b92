//! The zone of a host: where it begins, its servers each asked by itself, its SOA, and the CAA records that hold.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
};

use futures_util::future::{join, join_all, join3};
use hickory_net::proto::{
    op::{Message, ResponseCode},
    rr::{RData, RecordType},
};
use tokio::time::{Instant, timeout};
use xuncha_model::{
    Reason, Seen,
    facts::dns::{Caa, NameServer, Soa, ZoneFacts},
};

use super::{
    Resolver, absolute,
    ask::{Manner, Miss, ask, question},
    plain,
};
use crate::{Config, Fault, fault::is_ours, guard};

/// Servers of one zone that are asked.
const MAX_SERVERS: usize = 8;
/// Addresses of one server that are tried.
const MAX_ADDRESSES: usize = 2;
/// Steps from a host towards the root.
const MAX_CLIMB: usize = 12;
/// Time that one part may take, as a multiple of that for one question.
const PATIENCE: u32 = 4;
/// Records of one answer that are kept.
const MAX_RECORDS: usize = 64;
/// The port of the name system.
const PORT: u16 = 53;

/// The zone a host lies in; `Ok(None)` where no ancestor below the top level is a zone.
///
/// # Errors
///
/// A fault when a question on the way up got no usable answer.
pub(crate) async fn zone(
    resolver: &Resolver,
    config: &Config,
    host: &str,
) -> Result<Option<ZoneFacts>, Fault> {
    let found = timeout(PATIENCE * config.dns_timeout, resolver.apex(host)).await;
    let late = |_| Fault::new(Reason::DnsTimeout, "the way up took too long");
    let Some(apex) = found.map_err(late)?? else { return Ok(None) };
    let visit = Visit { resolver, config, zone: &apex.name, host };
    let asked = join_all(apex.servers.iter().take(MAX_SERVERS).map(|server| visit.in_time(server)));
    let patience = PATIENCE * config.dns_timeout;
    let (servers, caa) = join(asked, timeout(patience, resolver.caa(host))).await;
    let caa = caa.unwrap_or_else(|_| Seen::unseen(Reason::DnsTimeout, "the way up took too long"));
    Ok(Some(ZoneFacts {
        networks: networks(&servers),
        agree: agree(&servers),
        name: apex.name,
        servers,
        soa: apex.soa,
        caa,
    }))
}

/// Where a zone begins.
struct Apex {
    name: String,
    servers: Vec<String>,
    soa: Seen<Soa>,
}

impl Resolver {
    /// The name of the zone a host lies in.
    pub(super) async fn zone_name(&self, host: &str) -> Result<Option<String>, Fault> {
        Ok(self.apex(host).await?.map(|apex| apex.name))
    }

    /// The nearest ancestor that has NS and SOA records; a top-level domain is nobody's zone here.
    async fn apex(&self, host: &str) -> Result<Option<Apex>, Fault> {
        for name in ancestors(host).filter(|name| name.contains('.')) {
            let mut servers: Vec<String> = self
                .records(name, RecordType::NS)
                .await?
                .iter()
                .filter(|record| plain(&record.name) == name)
                .filter_map(|record| match &record.data {
                    RData::NS(server) => Some(plain(&server.0)),
                    _ => None,
                })
                .take(MAX_RECORDS)
                .collect();
            servers.sort();
            servers.dedup();
            if servers.is_empty() {
                continue;
            }
            let soa = match self.records(name, RecordType::SOA).await {
                Err(fault) => Seen::unseen(fault.reason, fault.detail),
                Ok(records) => {
                    let mut own = records.iter().filter(|record| plain(&record.name) == name);
                    match own.find_map(|record| soa(&record.data)) {
                        Some(soa) => Seen::Seen(soa),
                        None => continue,
                    }
                }
            };
            return Ok(Some(Apex { name: name.to_owned(), servers, soa }));
        }
        Ok(None)
    }

    /// The records that say who may issue certificates: those of the nearest ancestor that has any (RFC 8659, 3).
    async fn caa(&self, host: &str) -> Seen<Vec<Caa>> {
        for name in ancestors(host) {
            let records = match self.records(name, RecordType::CAA).await {
                Ok(records) => records,
                Err(fault) => return Seen::unseen(fault.reason, fault.detail),
            };
            let found: Vec<Caa> = records
                .iter()
                .filter_map(|record| match &record.data {
                    RData::CAA(caa) => Some(Caa {
                        at: plain(&record.name),
                        critical: caa.issuer_critical,
                        tag: caa.tag.to_ascii_lowercase(),
                        value: String::from_utf8_lossy(&caa.value).into_owned(),
                    }),
                    _ => None,
                })
                .take(MAX_RECORDS)
                .collect();
            if !found.is_empty() {
                return Seen::Seen(found);
            }
        }
        Seen::Seen(Vec::new())
    }
}

/// The host itself, then every name above it, the root left out.
fn ancestors(host: &str) -> impl Iterator<Item = &str> {
    let first = Some(host.trim_end_matches('.')).filter(|host| !host.is_empty());
    std::iter::successors(first, |name| name.split_once('.').map(|(_, parent)| parent))
        .take(MAX_CLIMB)
}

fn soa(data: &RData) -> Option<Soa> {
    let RData::SOA(soa) = data else { return None };
    Some(Soa {
        primary: plain(&soa.mname),
        contact: plain(&soa.rname),
        serial: soa.serial,
        refresh: soa.refresh,
        retry: soa.retry,
        expire: soa.expire,
        minimum: soa.minimum,
    })
}

/// What the servers of a zone are asked about.
#[derive(Clone, Copy)]
struct Visit<'a> {
    resolver: &'a Resolver,
    config: &'a Config,
    zone: &'a str,
    host: &'a str,
}

impl Visit<'_> {
    /// Asks one server, and gives up when that takes too long: who owns the zone chooses what there is to wait for.
    async fn in_time(self, name: &str) -> NameServer {
        let asked = timeout(PATIENCE * self.config.dns_timeout, self.server(name)).await;
        asked.unwrap_or_else(|_| NameServer { reason: Reason::DnsTimeout, ..unasked(name) })
    }

    /// Asks one server for the SOA of the zone and the addresses of the host, at its first address that answers.
    async fn server(self, name: &str) -> NameServer {
        let found = self.resolver.lookup_in(name, Manner::Unchecked).await;
        let addresses = found.addresses();
        let mut server = NameServer { reason: found.reason, ..unasked(name) };
        server.addresses = addresses.iter().take(MAX_RECORDS).map(ToString::to_string).collect();
        // the guard holds for servers too: whoever owns the zone names them
        let open = addresses
            .into_iter()
            .filter(|address| guard::check(*address, &[&self.config.allow_net]).is_ok());
        let open: Vec<IpAddr> = open.take(MAX_ADDRESSES).collect();
        if server.reason.is_ok() && open.is_empty() {
            server.reason = Reason::GuardAddress;
        }
        let port = self.config.port_map.get(&PORT).copied().unwrap_or(PORT);
        let mut first = None;
        for address in open {
            match self.address(SocketAddr::new(address, port), &mut server).await {
                Ok(()) => {
                    server.reason = Reason::Ok;
                    return server;
                }
                Err(reason) => server.reason = first.get_or_insert(reason).clone(),
            }
        }
        server
    }

    async fn address(self, at: SocketAddr, server: &mut NameServer) -> Result<(), Reason> {
        let soa_question = (self.zone, RecordType::SOA);
        let (soa_answer, four, six) = join3(
            self.put(at, soa_question),
            self.put(at, (self.host, RecordType::A)),
            self.put(at, (self.host, RecordType::AAAA)),
        )
        .await;
        let (answer, four, six) = (soa_answer?, four?, six?);
        server.authoritative = answer.metadata.authoritative;
        let given = answer.answers.iter().find_map(|record| soa(&record.data));
        server.serial = given.map(|soa| soa.serial).unwrap_or_default();
        let given: BTreeSet<String> = [four, six]
            .iter()
            .flat_map(|answer| &answer.answers)
            .filter_map(|record| match &record.data {
                RData::A(address) => Some(address.to_string()),
                RData::AAAA(address) => Some(address.to_string()),
                RData::CNAME(alias) => Some(plain(&alias.0)),
                _ => None,
            })
            .take(MAX_RECORDS)
            .collect();
        server.answer = given.into_iter().collect();
        Ok(())
    }

    async fn put(
        self,
        at: SocketAddr,
        (name, kind): (&str, RecordType),
    ) -> Result<Message, Reason> {
        let name = absolute(name).map_err(|fault| fault.reason)?;
        let put = question(name, kind, Manner::Authority);
        let answer = ask(at, &put, Instant::now() + self.config.dns_timeout).await;
        match answer.map_err(|miss| unheard(&miss))? {
            answer if answer.response_code == ResponseCode::Refused => Err(Reason::DnsRefused),
            answer => match answer.response_code {
                ResponseCode::NoError | ResponseCode::NXDomain => Ok(answer),
                _ => Err(Reason::DnsServfail),
            },
        }
    }
}

/// A server of which nothing is known yet.
fn unasked(name: &str) -> NameServer {
    NameServer {
        name: name.to_owned(),
        addresses: Vec::new(),
        reason: Reason::Ok,
        authoritative: false,
        serial: 0,
        answer: Vec::new(),
    }
}

/// Why a server was not heard.
fn unheard(miss: &Miss) -> Reason {
    match miss {
        Miss::Late => Reason::DnsTimeout,
        Miss::Io(cause) if is_ours(cause) => Reason::SelfNetwork,
        // no route to it: perhaps we have no IPv6
        Miss::Io(cause) if cause.raw_os_error() == Some(ENETUNREACH) => Reason::SelfNetwork,
        Miss::Io(_) => Reason::ConnectRefused,
        Miss::Garbled => Reason::DnsServfail,
    }
}

/// Network is unreachable (Linux): the kernel has no route, no packet left.
const ENETUNREACH: i32 = 101;

/// How many networks the servers lie in: one cut line or one flooded network takes one of them away.
///
/// Counted over IPv4 where every server has it: two families of one machine are no second machine.
fn networks(servers: &[NameServer]) -> u32 {
    let networks = |server: &NameServer| -> Vec<(bool, u128)> {
        let addresses = server.addresses.iter().filter_map(|address| address.parse().ok());
        addresses
            .map(|address: IpAddr| match address.to_canonical() {
                IpAddr::V4(address) => (false, u128::from(address.to_bits() >> 8)),
                IpAddr::V6(address) => (true, address.to_bits() >> 80),
            })
            .collect()
    };
    let each: Vec<_> = servers.iter().map(networks).collect();
    let all_have_ipv4 = each.iter().all(|networks| networks.iter().any(|(ipv6, _)| !ipv6));
    let counted: BTreeSet<_> =
        each.into_iter().flatten().filter(|(ipv6, _)| !(all_have_ipv4 && *ipv6)).collect();
    u32::try_from(counted.len()).unwrap_or(u32::MAX)
}

/// Whether all servers that answer as they should say the same of the host.
fn agree(servers: &[NameServer]) -> Seen<bool> {
    let mut heard = servers.iter().filter(|server| server.reason.is_ok() && server.authoritative);
    let first = heard.next();
    let mut others = heard.map(|server| &server.answer).peekable();
    match first {
        Some(first) if others.peek().is_some() => {
            Seen::Seen(others.all(|answer| *answer == first.answer))
        }
        _ => Seen::unseen(Reason::NotLooked, "fewer than two servers answered"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(addresses: &[&str], answer: &[&str]) -> NameServer {
        NameServer {
            name: String::new(),
            addresses: addresses.iter().map(ToString::to_string).collect(),
            reason: Reason::Ok,
            authoritative: true,
            serial: 1,
            answer: answer.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn networks_are_counted_by_24_and_48() {
        let count = |each: &[&[&str]]| {
            networks(&each.iter().map(|addresses| server(addresses, &[])).collect::<Vec<_>>())
        };
        assert_eq!(count(&[&["192.0.2.1"], &["192.0.2.9"]]), 1);
        assert_eq!(count(&[&["192.0.2.1"], &["192.0.3.1"]]), 2);
        assert_eq!(count(&[&["2001:db8:1::1"], &["2001:db8:1:7::1"]]), 1);
        assert_eq!(count(&[&["2001:db8:1::1"], &["2001:db8:2::1"]]), 2);
        assert_eq!(count(&[&["192.0.2.1", "2001:db8:1::1"]]), 1, "one machine is one machine");
        assert_eq!(count(&[&["192.0.2.1"], &["2001:db8:1::1"]]), 2);
        assert_eq!(networks(&[]), 0);
    }

    #[test]
    fn one_server_agrees_with_nobody() {
        assert!(agree(&[server(&[], &["a"])]).seen().is_none());
        assert_eq!(agree(&[server(&[], &["a"]), server(&[], &["a"])]), Seen::Seen(true));
        assert_eq!(agree(&[server(&[], &["a"]), server(&[], &["b"])]), Seen::Seen(false));
        let lame = NameServer { authoritative: false, ..server(&[], &["b"]) };
        assert!(agree(&[server(&[], &["a"]), lame]).seen().is_none());
    }

    #[test]
    fn the_way_to_the_root_is_bounded() {
        assert_eq!(ancestors("a.b.cn.").collect::<Vec<_>>(), ["a.b.cn", "b.cn", "cn"]);
        assert_eq!(ancestors("").count(), 0);
        assert_eq!(ancestors(&"a.".repeat(100)).count(), MAX_CLIMB);
    }
}
