//! Names to addresses: one question at a time, no hosts file, no cache, and the kind of every failure kept.

use std::{
    collections::HashSet,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join;
use hickory_net::proto::{
    op::{Message, ResponseCode},
    rr::{Name, RData, Record, RecordType},
};
use tokio::{sync::OnceCell, time::timeout};
use xuncha_model::Reason;

use self::{
    ask::{Manner, Miss, ask_any, question},
    dnssec::Anchor,
    servers::system_servers,
};
use crate::{Config, Fault, fault::is_ours};

mod ask;
pub(crate) mod dnssec;
mod servers;
pub(crate) mod zone;

/// Aliases followed before the chain counts as endless.
const MAX_ALIASES: usize = 10;
/// Time that one name may take, as a multiple of that for one question.
pub(crate) const PATIENCE: u32 = 3;
/// How long the IPv4 addresses are asked for alone (the Resolution Delay of RFC 8305 is for the other family).
const HEAD_START: Duration = Duration::from_millis(250);
/// Addresses of one kind that are kept.
const MAX_ADDRESSES: usize = 64;

/// What the name system says of one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// Empty when there is an address, else why there is none.
    pub reason: Reason,
    /// What a person may want to know of the failure; may be empty.
    pub detail: String,
    /// Empty, or why one kind of address was not answered while there are addresses of the other.
    pub partial: Reason,
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

    /// The last alias, when what it leads to does not exist.
    pub fn dangling(&self) -> Option<&str> {
        let gone = self.reason == Reason::DnsNxdomain;
        self.cname.last().filter(|_| gone).map(String::as_str)
    }
}

/// A client of one or more recursive resolvers.
#[derive(Clone)]
pub(crate) struct Resolver {
    servers: Arc<[SocketAddr]>,
    timeout: Duration,
    anchor: Arc<Anchor>,
    /// Set when the servers were seen to hand over signatures that validate.
    sound: Arc<OnceCell<()>>,
}

impl Resolver {
    /// A client of the resolver in the settings, or of those in /etc/resolv.conf.
    pub(crate) fn new(config: &Config, anchor: Anchor) -> io::Result<Self> {
        let servers = match config.resolver {
            Some(server) => vec![server],
            None => system_servers()?,
        };
        Ok(Self {
            servers: servers.into(),
            timeout: config.dns_timeout,
            anchor: Arc::new(anchor),
            sound: Arc::default(),
        })
    }

    /// The same client of another resolver.
    pub(crate) fn at(&self, server: SocketAddr) -> Self {
        Self { servers: [server].into(), sound: Arc::default(), ..self.clone() }
    }

    /// Both kinds of address of a name, aliases followed as far as the time goes.
    pub(crate) async fn lookup(&self, host: &str) -> Lookup {
        let found = timeout(PATIENCE * self.timeout, self.lookup_in(host, Manner::Plain)).await;
        found.unwrap_or_else(|_| self.late())
    }

    /// The same for one who wants to dial: IPv6 addresses are asked for only where IPv4 ones are not had at once.
    pub(crate) async fn lookup_to_dial(&self, host: &str) -> Lookup {
        if let Some(literal) = literal(host) {
            return literal;
        }
        let begun = Instant::now();
        let whole = async {
            let mut four = pin!(self.chase(host, RecordType::A, Manner::Plain));
            let six = self.chase(host, RecordType::AAAA, Manner::Plain);
            let (four, six) = match timeout(HEAD_START, four.as_mut()).await {
                Ok(four) if !four.data.is_empty() => (four, Chase::default()),
                Ok(four) => (four, six.await),
                Err(_) => join(four, six).await,
            };
            found(four, six, begun)
        };
        timeout(PATIENCE * self.timeout, whole).await.unwrap_or_else(|_| self.late())
    }

    /// The IPv6 addresses of a name; none where they cannot be had.
    pub(crate) async fn ipv6(&self, host: &str) -> Vec<IpAddr> {
        let six = self.chase(host, RecordType::AAAA, Manner::Plain);
        let six = timeout(PATIENCE * self.timeout, six).await.unwrap_or_default();
        found(Chase::default(), six, Instant::now()).addresses()
    }

    fn late(&self) -> Lookup {
        Lookup {
            reason: Reason::DnsTimeout,
            detail: "the way to the address took too long".to_owned(),
            took: PATIENCE * self.timeout,
            ..Lookup::default()
        }
    }

    async fn lookup_in(&self, host: &str, manner: Manner) -> Lookup {
        if let Some(literal) = literal(host) {
            return literal;
        }
        let begun = Instant::now();
        let (four, six) = join(
            self.chase(host, RecordType::A, manner),
            self.chase(host, RecordType::AAAA, manner),
        )
        .await;
        found(four, six, begun)
    }

    /// Whether one of the resolvers answers anything at all, asked for the root.
    pub(crate) async fn answers(&self) -> Result<(), Fault> {
        let root = question(Name::root(), RecordType::NS, Manner::Plain);
        let why = match ask_any(&self.servers, &root, self.timeout).await {
            // a forwarder whose own line is cut says SERVFAIL to everything
            Ok(answer) if answer.response_code == ResponseCode::ServFail => {
                ResponseCode::ServFail.to_string()
            }
            Ok(_) => return Ok(()),
            Err(miss) => miss.to_string(),
        };
        Err(Fault::new(Reason::SelfResolver, why))
    }

    async fn chase(&self, host: &str, kind: RecordType, manner: Manner) -> Chase {
        let mut chase = Chase::default();
        let mut name = host.trim_end_matches('.').to_ascii_lowercase();
        let mut seen = HashSet::from([name.clone()]);
        loop {
            let answer = match self.ask(&name, kind, manner).await {
                Ok(answer) => answer,
                Err(fault) => {
                    chase.fault = Some(fault);
                    return chase;
                }
            };
            let asked = name.clone();
            // the answer may hold several links of the chain, in any order
            while let Some(alias) = alias_of(&answer.answers, &name) {
                if !seen.insert(alias.clone()) || chase.aliases.len() >= MAX_ALIASES {
                    chase.fault = Some(Fault::new(Reason::DnsLoop, format!("alias {alias}")));
                    return chase;
                }
                chase.aliases.push(alias.clone());
                name = alias;
            }
            let own = answer.answers.iter().filter(|record| plain(&record.name) == name);
            chase.data = own
                .filter(|record| record.record_type() == kind)
                .map(|record| record.data.clone())
                .take(MAX_ADDRESSES)
                .collect();
            if !chase.data.is_empty() {
                return chase;
            }
            // the code tells of the end of the chain (RFC 6604)
            let gone = answer.response_code == ResponseCode::NXDomain;
            if gone || name == asked {
                let reason = if gone { Reason::DnsNxdomain } else { Reason::DnsNodata };
                chase.fault = Some(Fault::new(reason, ""));
                return chase;
            }
        }
    }

    /// The records of one kind at a name, validated or not; none where there are none.
    async fn records(&self, name: &str, kind: RecordType) -> Result<Vec<Record>, Fault> {
        let answer = self.ask(name, kind, Manner::Unchecked).await?;
        Ok(answer.answers.into_iter().filter(|record| record.record_type() == kind).collect())
    }

    /// An answer that settles what the name has.
    async fn ask(&self, name: &str, kind: RecordType, manner: Manner) -> Result<Message, Fault> {
        let asked = absolute(name)?;
        let put = question(asked.clone(), kind, manner);
        let (reason, detail) = match ask_any(&self.servers, &put, self.timeout).await {
            Err(miss) => return Err(self.blame(&miss).await),
            Ok(answer) => match answer.response_code {
                ResponseCode::NoError | ResponseCode::NXDomain => return Ok(answer),
                ResponseCode::ServFail
                    if manner == Manner::Plain && self.is_there(asked, kind).await =>
                {
                    (Reason::DnsBogus, "the resolver refuses what it cannot validate".to_owned())
                }
                ResponseCode::Refused => (Reason::DnsRefused, ResponseCode::Refused.to_string()),
                code => (Reason::DnsServfail, code.to_string()),
            },
        };
        Err(Fault::new(reason, detail))
    }

    /// Whether the failing resolver has the records after all, when it need not validate them.
    async fn is_there(&self, name: Name, kind: RecordType) -> bool {
        let again = question(name, kind, Manner::Unchecked);
        let answer = ask_any(&self.servers, &again, self.timeout).await;
        answer.is_ok_and(|answer| {
            answer.response_code == ResponseCode::NoError && !answer.answers.is_empty()
        })
    }

    /// Whose fault a missing answer is: silence is the name's only when the resolver answers something else.
    async fn blame(&self, miss: &Miss) -> Fault {
        let reason = match miss {
            Miss::Late => match self.answers().await {
                Ok(()) => Reason::DnsTimeout,
                Err(fault) => return fault,
            },
            Miss::Io(cause) if is_ours(cause) => Reason::SelfNetwork,
            Miss::Io(_) => Reason::SelfResolver,
            Miss::Garbled => Reason::DnsServfail,
        };
        Fault::new(reason, miss.to_string())
    }
}

#[derive(Default)]
struct Chase {
    aliases: Vec<String>,
    data: Vec<RData>,
    fault: Option<Fault>,
}

/// A host that is written as an address.
fn literal(host: &str) -> Option<Lookup> {
    let mut literal = Lookup::default();
    match host.trim_matches(['[', ']']).parse().ok()? {
        IpAddr::V4(address) => literal.a.push(address),
        IpAddr::V6(address) => literal.aaaa.push(address),
    }
    Some(literal)
}

/// What came of both questions.
fn found(four: Chase, six: Chase, begun: Instant) -> Lookup {
    let mut lookup = Lookup { took: begun.elapsed(), ..Lookup::default() };
    for data in four.data.iter().chain(&six.data) {
        match data {
            RData::A(address) => lookup.a.push(address.0),
            RData::AAAA(address) => lookup.aaaa.push(address.0),
            _ => {}
        }
    }
    lookup.cname = if four.aliases.len() >= six.aliases.len() { four.aliases } else { six.aliases };
    let faults = [four.fault, six.fault].into_iter().flatten();
    let worst = faults.max_by_key(|fault| weight(&fault.reason));
    if lookup.a.is_empty() && lookup.aaaa.is_empty() {
        let fault = worst.unwrap_or_else(|| Fault::new(Reason::DnsNodata, ""));
        lookup.reason = fault.reason;
        lookup.detail = fault.detail;
    } else if let Some(fault) = worst.filter(|fault| !denies(&fault.reason)) {
        lookup.partial = fault.reason;
    }
    lookup
}

/// The name system knows that there is nothing.
fn denies(reason: &Reason) -> bool {
    matches!(reason, Reason::DnsNodata | Reason::DnsNxdomain)
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

/// A name to be asked for.
fn absolute(name: &str) -> Result<Name, Fault> {
    let mut asked = Name::from_ascii(name)
        .map_err(|error| Fault::new(Reason::DnsNxdomain, format!("not a name: {error}")))?;
    asked.set_fqdn(true);
    Ok(asked)
}

/// A name as people write it: lower case, no trailing dot.
fn plain(name: &Name) -> String {
    let mut text = name.to_ascii().to_ascii_lowercase();
    if text.ends_with('.') {
        text.pop();
    }
    text
}
