//! Names to addresses: one question at a time, no hosts file, no cache, and the kind of every failure kept.

use std::{
    collections::HashSet,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, future::join};
use hickory_resolver::{
    NameServerPool, PoolContext, TlsConfig,
    config::ResolverOpts,
    net::{DnsError, NetError, xfer::DnsHandle},
    proto::{
        op::{DnsRequestOptions, Query, ResponseCode},
        rr::{Name, RData, Record, RecordType},
    },
};
use xuncha_model::Reason;

use self::servers::{Line, name_server, system_servers};
use crate::{Fault, fault::is_ours};

mod servers;

/// Aliases followed before the chain counts as endless.
const MAX_ALIASES: usize = 10;

/// What the name system says of one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// Empty when there is an address, else why there is none.
    pub reason: Reason,
    /// What a person may want to know of the failure; may be empty.
    pub detail: String,
    /// IPv4 addresses, as answered.
    pub a: Vec<Ipv4Addr>,
    /// IPv6 addresses, as answered.
    pub aaaa: Vec<Ipv6Addr>,
    /// The alias chain in order, lower case, without the trailing dot.
    pub cname: Vec<String>,
    /// Time until both answers were there.
    pub took: Duration,
}

impl Lookup {
    /// Every address, IPv4 first, without repetition.
    pub fn addresses(&self) -> Vec<IpAddr> {
        let mut seen = HashSet::new();
        let v4 = self.a.iter().map(|address| IpAddr::from(*address));
        let v6 = self.aaaa.iter().map(|address| IpAddr::from(*address));
        v4.chain(v6).filter(|address| seen.insert(*address)).collect()
    }
}

/// A client of one or more recursive resolvers.
#[derive(Clone)]
pub(crate) struct Resolver(NameServerPool<Line>);

impl Resolver {
    /// A client of `server`, or of the servers in /etc/resolv.conf.
    pub(crate) fn new(server: Option<SocketAddr>, timeout: Duration) -> io::Result<Self> {
        let servers = match server {
            Some(server) => vec![name_server(server)],
            None => system_servers()?.into_iter().map(name_server).collect(),
        };
        let mut options = ResolverOpts::default();
        options.timeout = timeout;
        options.attempts = 1;
        options.cache_size = 0;
        let tls = TlsConfig::new().map_err(io::Error::other)?;
        let context = Arc::new(PoolContext::new(options, tls));
        Ok(Self(NameServerPool::from_config(servers, context, Line::default())))
    }

    /// Both kinds of address of a name, aliases followed.
    pub(crate) async fn lookup(&self, host: &str) -> Lookup {
        let begun = Instant::now();
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            let mut literal = Lookup::default();
            match address {
                IpAddr::V4(address) => literal.a.push(address),
                IpAddr::V6(address) => literal.aaaa.push(address),
            }
            return literal;
        }
        let (four, six) =
            join(self.chase(host, RecordType::A), self.chase(host, RecordType::AAAA)).await;
        let mut lookup = Lookup { took: begun.elapsed(), ..Lookup::default() };
        for data in four.data.iter().chain(&six.data) {
            match data {
                RData::A(address) => lookup.a.push(address.0),
                RData::AAAA(address) => lookup.aaaa.push(address.0),
                _ => {}
            }
        }
        lookup.cname =
            if four.aliases.len() >= six.aliases.len() { four.aliases } else { six.aliases };
        if lookup.a.is_empty() && lookup.aaaa.is_empty() {
            let faults = [four.fault, six.fault].into_iter().flatten();
            let worst = faults.max_by_key(|fault| weight(&fault.reason));
            let fault = worst.unwrap_or_else(|| Fault::new(Reason::DnsNodata, ""));
            lookup.reason = fault.reason;
            lookup.detail = fault.detail;
        }
        lookup
    }

    /// The name servers of the zone a host lies in: the nearest ancestor that has any.
    ///
    /// # Errors
    ///
    /// A fault when a question on the way up got no usable answer.
    pub(crate) async fn nameservers(&self, host: &str) -> Result<Vec<String>, Fault> {
        let mut zone = host;
        loop {
            let found = match self.ask(zone, RecordType::NS).await {
                Ok(records) => records,
                Err(fault) if matches!(fault.reason, Reason::DnsNodata | Reason::DnsNxdomain) => {
                    Vec::new()
                }
                Err(fault) => return Err(fault),
            };
            let mut servers: Vec<_> = found
                .iter()
                .filter(|record| plain(&record.name) == zone)
                .filter_map(|record| match &record.data {
                    RData::NS(server) => Some(plain(&server.0)),
                    _ => None,
                })
                .collect();
            servers.sort();
            servers.dedup();
            match zone.split_once('.') {
                Some((_, parent)) if servers.is_empty() && parent.contains('.') => zone = parent,
                _ => return Ok(servers),
            }
        }
    }

    /// Whether the resolver itself answers anything at all, asked for the root.
    pub(crate) async fn answers(&self) -> Result<(), Fault> {
        match self.raw(Name::root(), RecordType::NS).await {
            Ok(_) => Ok(()),
            // a forwarder whose own line is cut says SERVFAIL to everything
            Err(NetError::Dns(error)) if !servfail(&error) => Ok(()),
            Err(error) => Err(Fault::new(Reason::SelfResolver, error.to_string())),
        }
    }

    async fn chase(&self, host: &str, kind: RecordType) -> Chase {
        let mut chase = Chase::default();
        let mut name = host.trim_end_matches('.').to_ascii_lowercase();
        let mut seen = HashSet::from([name.clone()]);
        loop {
            let records = match self.ask(&name, kind).await {
                Ok(records) => records,
                Err(fault) => {
                    chase.fault = Some(fault);
                    return chase;
                }
            };
            // the answer may hold several links of the chain, in any order
            while let Some(alias) = alias_of(&records, &name) {
                if !seen.insert(alias.clone()) || chase.aliases.len() >= MAX_ALIASES {
                    chase.fault = Some(Fault::new(Reason::DnsLoop, format!("alias {alias}")));
                    return chase;
                }
                chase.aliases.push(alias.clone());
                name = alias;
            }
            let own = records.iter().filter(|record| plain(&record.name) == name);
            chase.data = own
                .filter(|record| record.record_type() == kind)
                .map(|record| record.data.clone())
                .collect();
            let moved = records.iter().all(|record| plain(&record.name) != name);
            if !chase.data.is_empty() || !moved || records.is_empty() {
                return chase;
            }
        }
    }

    async fn ask(&self, name: &str, kind: RecordType) -> Result<Vec<Record>, Fault> {
        let mut asked = Name::from_ascii(name)
            .map_err(|error| Fault::new(Reason::DnsNxdomain, format!("not a name: {error}")))?;
        asked.set_fqdn(true);
        match self.raw(asked, kind).await {
            Ok(records) => Ok(records),
            Err(error) => Err(self.blame(error).await),
        }
    }

    async fn raw(&self, name: Name, kind: RecordType) -> Result<Vec<Record>, NetError> {
        let mut options = DnsRequestOptions::default();
        options.use_edns = true;
        let mut answers = self.0.lookup(Query::query(name, kind), options);
        let answer = answers.next().await.unwrap_or(Err(NetError::NoConnections))?;
        Ok(answer.into_message().answers)
    }

    /// Whose fault a failed question is: silence is the name's only when the resolver answers something else.
    async fn blame(&self, error: NetError) -> Fault {
        let detail = error.to_string();
        let reason = match error {
            NetError::Dns(DnsError::DnssecBogus) => Reason::DnsBogus,
            NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
                ResponseCode::NXDomain => return Fault::new(Reason::DnsNxdomain, ""),
                ResponseCode::NoError => return Fault::new(Reason::DnsNodata, ""),
                _ => Reason::DnsServfail,
            },
            NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => Reason::DnsRefused,
            NetError::Dns(_) => Reason::DnsServfail,
            NetError::Timeout => match self.answers().await {
                Ok(()) => Reason::DnsTimeout,
                Err(fault) => return fault,
            },
            NetError::Io(cause) if is_ours(&cause) => Reason::SelfNetwork,
            NetError::Io(_) | NetError::NoConnections | NetError::Busy => Reason::SelfResolver,
            // what came back could not be read
            _ => Reason::DnsServfail,
        };
        Fault::new(reason, detail)
    }
}

#[derive(Default)]
struct Chase {
    aliases: Vec<String>,
    data: Vec<RData>,
    fault: Option<Fault>,
}

/// When both questions fail, the heavier failure is told: ours before the servers', theirs before "not there".
fn weight(reason: &Reason) -> u8 {
    match reason {
        reason if reason.is_own_fault() => 7,
        Reason::DnsLoop => 6,
        Reason::DnsBogus => 5,
        Reason::DnsTimeout => 4,
        Reason::DnsServfail => 3,
        Reason::DnsRefused => 2,
        Reason::DnsNxdomain => 1,
        _ => 0,
    }
}

fn alias_of(records: &[Record], name: &str) -> Option<String> {
    records.iter().filter(|record| plain(&record.name) == name).find_map(|record| {
        match &record.data {
            RData::CNAME(target) => Some(plain(&target.0)),
            _ => None,
        }
    })
}

/// A name as people write it: lower case, no trailing dot.
fn plain(name: &Name) -> String {
    let mut text = name.to_ascii().to_ascii_lowercase();
    if text.ends_with('.') {
        text.pop();
    }
    text
}

fn servfail(error: &DnsError) -> bool {
    match error {
        DnsError::ResponseCode(code) => *code == ResponseCode::ServFail,
        DnsError::NoRecordsFound(none) => none.response_code == ResponseCode::ServFail,
        _ => false,
    }
}
