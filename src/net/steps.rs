//! The steps of a connection, each within its own time and the rest of the whole: resolve, guard, wait, dial, shake hands.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::timeout;
use xuncha_model::{Reason, facts::http::Hop};

use crate::{
    Cidr, Fault, Handshake,
    dial::{Metered, Received, dial},
    door::Inner,
    exchange::Io,
    guard,
    pace::{Peer, Turn},
    resolve,
    tls::{self, Recorder},
};

/// The application protocols that are offered where a page is to be read.
pub(crate) const OFFERED: &[&str] = &["http/1.1"];

/// Addresses of one name that are tried.
pub(crate) const MAX_ADDRESSES: usize = 3;

/// One TLS handshake and with whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shake {
    /// The host, as sent in SNI.
    pub host: String,
    /// The port that was meant, before any mapping.
    pub port: u16,
    /// The address that was dialled; empty when none was.
    pub address: String,
    /// Empty when the handshake succeeded; else why not.
    pub reason: Reason,
    /// What a person may want to know of the failure; may be empty.
    pub detail: String,
    /// What was seen of it.
    pub handshake: Handshake,
    /// It succeeded with the second stack only; `reason` says then whether that is the protocol's fault (`tls.legacy`).
    pub legacy: bool,
    /// How many connections it took.
    pub connections: u32,
}

/// The time a visit may still take, and what it has taken.
pub(crate) struct Budget {
    left: Duration,
    spent: Duration,
}

impl Budget {
    pub(crate) fn new(whole: Duration) -> Self {
        Self { left: whole, spent: Duration::ZERO }
    }

    /// The time all steps took.
    pub(crate) fn spent(&self) -> Duration {
        self.spent
    }

    /// Does one step within its own limit and the rest of the whole; says how long it took.
    pub(crate) async fn step<T>(
        &mut self,
        limit: Duration,
        late: Reason,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> (Result<T, Fault>, Duration) {
        let begun = Instant::now();
        let allowed = limit.min(self.left);
        let result = timeout(allowed, work).await.unwrap_or_else(|_| {
            let reason = if allowed < limit { Reason::LimitTime } else { late };
            Err(Fault::late(reason, allowed))
        });
        let took = begun.elapsed();
        self.left = self.left.saturating_sub(took);
        self.spent += took;
        (result, took)
    }
}

/// To whom, and how he may be dialled.
#[derive(Clone, Copy)]
pub(crate) struct Whom<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    /// Ranges allowed beside those of the settings.
    pub(crate) own: &'a [Cidr],
    pub(crate) ipv6_only: bool,
    /// Least time between this request and the next.
    pub(crate) interval: Duration,
    /// An address that answered before: it is dialled, and the name not asked for. The guard judges it all the same.
    pub(crate) pinned: Option<IpAddr>,
    /// What remembers TLS sessions, when they are to be resumed.
    pub(crate) recorder: Option<&'a Arc<Recorder>>,
}

impl<'a> Whom<'a> {
    /// A host and a port at the pace of the settings.
    pub(crate) fn new(inner: &Inner, (host, port): (&'a str, u16), own: &'a [Cidr]) -> Self {
        let interval = inner.config.interval();
        Self { host, port, own, ipv6_only: false, interval, pinned: None, recorder: None }
    }
}

/// A connection that was made, with the turns it holds, the address's and the host's: pace counts from their end.
pub(crate) struct Connected {
    pub(crate) stream: Metered,
    pub(crate) address: IpAddr,
    pub(crate) turns: [Turn; 2],
}

/// A connection that can be spoken over, plain or under TLS.
pub(crate) struct Channel {
    pub(crate) io: Box<dyn Io>,
    pub(crate) received: Received,
    pub(crate) handshake: Handshake,
    pub(crate) turns: [Turn; 2],
}

impl From<Connected> for Channel {
    fn from(Connected { stream, turns, .. }: Connected) -> Self {
        let received = stream.received();
        Self { io: Box::new(stream), received, handshake: Handshake::default(), turns }
    }
}

/// Resolves and guards: the addresses that may be dialled, at least one.
pub(crate) async fn addresses(
    inner: &Inner,
    host: &str,
    own: &[Cidr],
    ipv6_only: bool,
) -> Result<Vec<IpAddr>, Fault> {
    let lookup = inner.resolver.lookup(host).await;
    if !lookup.reason.is_ok() {
        return Err(Fault::new(lookup.reason, lookup.detail));
    }
    let wanted = lookup.addresses().into_iter().filter(|address| !(ipv6_only && address.is_ipv4()));
    guarded(inner, own, wanted)
}

/// The same for one connection: IPv4 addresses alone, where there are any to dial.
async fn to_dial(inner: &Inner, host: &str, own: &[Cidr]) -> Result<Vec<IpAddr>, Fault> {
    let lookup = inner.resolver.lookup_to_dial(host).await;
    if !lookup.reason.is_ok() {
        return Err(Fault::new(lookup.reason, lookup.detail));
    }
    let mut found = lookup.addresses();
    if let Ok(open) = guarded(inner, own, found.iter().copied()) {
        return Ok(open);
    }
    found.extend(inner.resolver.ipv6(host).await);
    guarded(inner, own, found.into_iter())
}

fn guarded(
    inner: &Inner,
    own: &[Cidr],
    found: impl Iterator<Item = IpAddr>,
) -> Result<Vec<IpAddr>, Fault> {
    let (mut open, mut refused) = (Vec::new(), Vec::new());
    for address in found {
        match guard::check(address, &[&inner.config.allow_net, own]) {
            Ok(()) => open.push(address),
            Err(why) => refused.push(why),
        }
    }
    // in an order of ours: name servers turn theirs round, and the same address is to be judged today and tomorrow
    open.sort_unstable();
    if !open.is_empty() {
        return Ok(open);
    }
    Err(if refused.is_empty() {
        Fault::new(Reason::DnsNodata, "no address of this family")
    } else {
        Fault::new(Reason::GuardAddress, refused.join("; "))
    })
}

/// Resolves, guards, waits for its turn and dials; notes times and address in `hop`.
pub(crate) async fn connect(
    inner: &Inner,
    whom: Whom<'_>,
    budget: &mut Budget,
    hop: &mut Hop,
) -> Result<Connected, Fault> {
    let Whom { host, port, own, ipv6_only, interval, pinned, .. } = whom;
    let config = &inner.config;
    let host_turn = inner.pace.lane(&Peer::Host(host.to_owned())).turn(interval).await;
    let patience = resolve::PATIENCE * config.dns_timeout;
    let (open, took) = if let Some(address) = pinned {
        (guarded(inner, own, [address].into_iter()), Duration::ZERO)
    } else if ipv6_only {
        budget.step(patience, Reason::DnsTimeout, addresses(inner, host, own, true)).await
    } else {
        budget.step(patience, Reason::DnsTimeout, to_dial(inner, host, own)).await
    };
    hop.dns_ms = hop.dns_ms.saturating_add(millis(took));
    let mut open = open?.into_iter().peekable();
    let mut six = ipv6_only || pinned.is_some();
    let mut first = None;
    for _ in 0..MAX_ADDRESSES {
        if open.peek().is_none() && !six {
            // nobody is there over IPv4
            six = true;
            let more = async { guarded(inner, own, inner.resolver.ipv6(host).await.into_iter()) };
            let (more, took) = budget.step(patience, Reason::DnsTimeout, more).await;
            hop.dns_ms = hop.dns_ms.saturating_add(millis(took));
            open = more.unwrap_or_default().into_iter().peekable();
        }
        let Some(address) = open.next() else { break };
        six |= address.is_ipv6();
        let lane = inner.pace.lane(&Peer::Address(address.to_canonical()));
        let address_turn = lane.turn(interval).await;
        let dialled = SocketAddr::new(address, config.port_map.get(&port).copied().unwrap_or(port));
        let (result, took) =
            budget.step(config.connect_timeout, Reason::ConnectTimeout, dial(dialled)).await;
        hop.connect_ms = hop.connect_ms.saturating_add(millis(took));
        match result {
            Ok(stream) => {
                hop.address = dialled.to_string();
                return Ok(Connected { stream, address, turns: [address_turn, host_turn] });
            }
            Err(fault) => first = first.or(Some((dialled, fault))),
        }
    }
    match first {
        Some((dialled, fault)) => {
            hop.address = dialled.to_string();
            Err(fault)
        }
        None => Err(Fault::new(Reason::DnsNodata, "no address of this family")),
    }
}

/// Shakes hands over a connection; notes the time in `hop`.
pub(crate) async fn shake(
    inner: &Inner,
    Whom { host, port, recorder, .. }: Whom<'_>,
    stream: Metered,
    budget: &mut Budget,
    hop: &mut Hop,
) -> (Option<Box<dyn Io>>, Shake) {
    let recorder = recorder.cloned().unwrap_or_else(|| Recorder::new(OFFERED, true));
    let (outcome, took) = budget
        .step(inner.config.tls_timeout, Reason::TlsTimeout, async {
            Ok(tls::shake(stream, host, &recorder).await)
        })
        .await;
    hop.tls_ms = millis(took);
    let (stream, handshake, fault) = match outcome {
        Ok(outcome) => match outcome.stream {
            Ok(stream) => (Some(stream as Box<dyn Io>), outcome.handshake, None),
            Err(fault) => (None, outcome.handshake, Some(fault)),
        },
        Err(late) => (None, recorder.seen(), Some(late)),
    };
    let fault = fault.unwrap_or_else(|| Fault::new(Reason::Ok, ""));
    let (reason, detail) = (fault.reason, fault.detail);
    let address = hop.address.clone();
    let (host, legacy, connections) = (host.to_owned(), false, 1);
    (stream, Shake { host, port, address, reason, detail, handshake, legacy, connections })
}

/// A request that has not got anywhere yet.
pub(crate) fn blank_hop() -> Hop {
    Hop {
        url: String::new(),
        status: 0,
        location: String::new(),
        address: String::new(),
        dns_ms: 0,
        connect_ms: 0,
        tls_ms: 0,
        first_byte_ms: 0,
        body_ms: 0,
    }
}

/// Whole milliseconds.
pub(crate) fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}
