//! The connections of a session: made, kept, and found again.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use hyper::body::Incoming;

use crate::{
    Cidr, Config, Fault,
    door::Inner,
    exchange::Link,
    legacy::secure,
    pace::{Bore, Lane, Turn},
    steps::{self, Budget, Channel, OFFERED, Whom, blank_hop},
    tls::Recorder,
};

/// Connections that are kept.
const MAX_KEPT: usize = 2;
/// After so long a rest a firewall on the way may have forgotten a connection, and nobody would say so.
const MAX_IDLE: Duration = Duration::from_secs(60);
/// A first byte that is longer in coming is a slow one.
const SLOW: Duration = Duration::from_secs(2);

/// Where a connection leads: scheme, host, port.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Endpoint<'a> {
    pub(super) https: bool,
    pub(super) host: &'a str,
    pub(super) port: u16,
}

/// A connection, and where it leads.
pub(super) struct Line {
    https: bool,
    host: String,
    port: u16,
    pub(super) link: Link,
    pub(super) lanes: Lanes,
    used: Instant,
}

/// The pace towards both ends of a connection's name.
pub(super) struct Lanes {
    address: Arc<Lane>,
    host: Arc<Lane>,
    interval: Duration,
}

/// The connections that are kept, the oldest first, and what is remembered for the next.
pub(super) struct Lines {
    interval: Duration,
    /// The host connected to last, and the address that answered.
    pinned: Option<(String, IpAddr)>,
    recorder: Arc<Recorder>,
    pub(super) kept: Vec<Line>,
}

impl Lines {
    /// None yet; each request is an interval apart from the next.
    pub(super) fn new(interval: Duration) -> Self {
        let recorder = Recorder::resuming(OFFERED);
        Self { interval, pinned: None, recorder, kept: Vec::new() }
    }

    /// Takes out the connection to an endpoint, when there is one that may still live.
    pub(super) fn take(&mut self, to: Endpoint<'_>) -> Option<Line> {
        let at = self.kept.iter().position(|line| line.endpoint() == to)?;
        Some(self.kept.remove(at)).filter(|line| line.used.elapsed() < MAX_IDLE)
    }

    /// Lays a connection by, when it can be used again; the oldest goes when there are too many.
    pub(super) async fn keep(&mut self, line: Line, body: Incoming) {
        let Some(link) = line.link.spare(body).await else { return };
        if self.kept.len() >= MAX_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(Line { link, used: Instant::now(), ..line });
    }

    /// A new connection with the turns for its first request.
    pub(super) async fn connect(
        &mut self,
        inner: &Inner,
        Endpoint { https, host, port }: Endpoint<'_>,
        own: &[Cidr],
        budget: &mut Budget,
    ) -> Result<(Line, [Turn; 2]), Fault> {
        let known = self.pinned.take().filter(|(name, _)| name == host);
        let whom = Whom {
            interval: self.interval,
            pinned: known.map(|(_, address)| address),
            recorder: Some(&self.recorder),
            ..Whom::new(inner, (host, port), own)
        };
        let mut hop = blank_hop();
        let mut connected = steps::connect(inner, whom, budget, &mut hop).await;
        if connected.is_err() && whom.pinned.is_some() {
            // it may have moved
            let whom = Whom { pinned: None, ..whom };
            connected = steps::connect(inner, whom, budget, &mut hop).await;
        }
        let connected = connected?;
        let address = connected.address;
        let channel = if https {
            let whom = Whom { pinned: Some(address), ..whom };
            secure(inner, whom, connected, budget, &mut hop).await.parts().0?
        } else {
            Channel::from(connected)
        };
        self.pinned = Some((host.to_owned(), address));
        let Channel { io, received, handshake, turns } = channel;
        let link = Link::open(io, (received, handshake), &inner.config).await?;
        let [address, named] = turns.each_ref().map(|turn| Arc::clone(turn.lane()));
        let lanes = Lanes { address, host: named, interval: self.interval };
        let host = host.to_owned();
        Ok((Line { https, host, port, link, lanes, used: Instant::now() }, turns))
    }
}

impl Line {
    fn endpoint(&self) -> Endpoint<'_> {
        Endpoint { https: self.https, host: &self.host, port: self.port }
    }
}

impl Lanes {
    /// The turns for a request over a kept connection, the host's waited for first.
    pub(super) async fn turns(&self) -> [Turn; 2] {
        let host = self.host.turn(self.interval).await;
        [self.address.turn(self.interval).await, host]
    }

    /// Takes in what an answer says of our pace: its status (0 without one), the pause it asks for, how long its first
    /// byte took.
    pub(super) fn learn(
        &self,
        config: &Config,
        (status, pause, took): (u16, Option<Duration>, Duration),
    ) {
        let Self { host, interval, .. } = self;
        match (status, pause) {
            (429 | 503, Some(pause)) => host.hold(pause.min(config.retry_after_cap)),
            (429 | 503, None) => host.learn(Bore::Badly, *interval),
            _ if took > SLOW => host.learn(Bore::Slowly, *interval),
            (1..500, _) => host.learn(Bore::Well, *interval),
            _ => {}
        }
    }
}
