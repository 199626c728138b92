//! The door itself: everything that may be asked of the network, behind one guard and one pace.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hickory_net::proto::rr::RecordType;
use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::dns::{DnssecFacts, ZoneFacts},
};

use crate::{
    Cidr, Config, Fault, Handshake, Lookup, Roots, Shake, Survey, Visit, guard,
    hello::survey,
    legacy,
    pace::Pace,
    pulse::Pulse,
    resolve::{Resolver, dnssec::Anchor, zone},
    session::Session,
    steps::{self, Budget, Whom},
    visit::{self, Ask},
};

/// Why there is no door: an operator's mistake or this machine's trouble.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of trusted roots cannot be used.
    #[error("trusted roots cannot be used")]
    Roots(#[source] io::Error),
    /// The system's resolver configuration cannot be read.
    #[error("the system's resolver configuration cannot be read")]
    Resolver(#[source] io::Error),
    /// The file of trust anchors cannot be used.
    #[error("trust anchors cannot be used")]
    TrustAnchor(#[source] io::Error),
    /// The User-Agent cannot be sent as it is written.
    #[error("user_agent: `{0}` cannot stand in an HTTP header")]
    UserAgent(String),
}

/// The only way to the network. Cheap to clone; clones share pace and limits.
#[derive(Clone)]
pub struct Door(Arc<Inner>, Pulse);

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) resolver: Resolver,
    pub(crate) pace: Pace,
    roots: Roots,
}

impl Door {
    /// Opens nothing yet: reads the roots and the resolver's configuration.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn new(config: Config) -> Result<Self, Error> {
        if hyper::header::HeaderValue::from_str(&config.user_agent).is_err() {
            return Err(Error::UserAgent(config.user_agent));
        }
        let roots = Roots::load(&config.ca_files).map_err(Error::Roots)?;
        let anchor = Anchor::load(config.trust_anchor.as_deref()).map_err(Error::TrustAnchor)?;
        let resolver = Resolver::new(&config, anchor).map_err(Error::Resolver)?;
        let pace = Pace::new(config.interval(), config.per_host);
        Ok(Self(Arc::new(Inner { config, resolver, pace, roots }), Pulse::default()))
    }

    /// The same door for somebody who wants to know whether things move.
    pub fn watched(&self, pulse: &Pulse) -> Self {
        Self(Arc::clone(&self.0), pulse.clone())
    }

    /// The configuration in force.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The trusted roots.
    pub fn roots(&self) -> &Roots {
        &self.0.roots
    }

    /// Goes to an address and wherever it redirects, within every limit. Never fails: failures are what was seen.
    ///
    /// `own` are ranges that the register allows for the start's own host (`allow_internal`); no other host of the
    /// way profits from them.
    pub async fn visit(&self, url: &Url, own: &[Cidr]) -> Visit {
        self.1.during(Box::pin(visit::run(&self.0, url, own, Ask::default()))).await
    }

    /// The same, asked for in another way.
    pub async fn visit_as(&self, url: &Url, own: &[Cidr], ask: Ask) -> Visit {
        self.1.during(Box::pin(visit::run(&self.0, url, own, ask))).await
    }

    /// Kept connections for the crawl of one site; `own` ranges are for the host of its first address only.
    ///
    /// Two requests are apart by `interval` or by that of the settings, whichever is longer.
    pub fn session(&self, own: &[Cidr], interval: Duration) -> Session {
        Session::new(Arc::clone(&self.0), self.1.clone(), own, interval)
    }

    /// Whether the guard lets an address pass: it is public, or allowed by the settings or by `own`.
    pub fn passes(&self, address: IpAddr, own: &[Cidr]) -> bool {
        guard::check(address, &[&self.0.config.allow_net, own]).is_ok()
    }

    /// Addresses and aliases of a name.
    pub async fn lookup(&self, host: &str) -> Lookup {
        self.1.during(self.0.resolver.lookup(host)).await
    }

    /// What another recursive resolver says of a name.
    pub async fn lookup_at(&self, server: SocketAddr, host: &str) -> Lookup {
        self.1.during(self.0.resolver.at(server).lookup(host)).await
    }

    /// The zone a host lies in, each of its servers asked by itself.
    pub async fn zone(&self, host: &str) -> Seen<ZoneFacts> {
        match self.1.during(Box::pin(zone::zone(&self.0.resolver, &self.0.config, host))).await {
            Ok(Some(zone)) => Seen::Seen(zone),
            Ok(None) => Seen::unseen(Reason::DnsNxdomain, "no zone above the name"),
            Err(fault) => Seen::unseen(fault.reason, fault.detail),
        }
    }

    /// Whether the answer for a host is signed, validated by ourselves; asks for IPv4 addresses or for IPv6 ones.
    pub async fn dnssec(&self, host: &str, ipv6: bool) -> Seen<DnssecFacts> {
        let kind = if ipv6 { RecordType::AAAA } else { RecordType::A };
        self.1.during(self.0.resolver.dnssec(host, kind)).await
    }

    /// Whether our own resolver answers anything at all.
    ///
    /// # Errors
    ///
    /// `self.resolver`, with what happened.
    pub async fn resolver_answers(&self) -> Result<(), Fault> {
        self.0.resolver.answers().await
    }

    /// One TLS handshake with a host, the host as SNI. Never fails: failures are what was seen.
    pub async fn handshake(&self, host: &str, port: u16, own: &[Cidr]) -> Shake {
        self.1.beat();
        let mut budget = Budget::new(self.0.config.timeout);
        let mut hop = steps::blank_hop();
        let whom = Whom::new(&self.0, (host, port), own);
        match steps::connect(&self.0, whom, &mut budget, &mut hop).await {
            Ok(connected) => {
                let secured = legacy::secure(&self.0, whom, connected, &mut budget, &mut hop);
                Box::pin(secured).await.shake
            }
            Err(Fault { reason, detail }) => Shake {
                host: host.to_owned(),
                port,
                address: hop.address,
                reason,
                detail,
                handshake: Handshake::default(),
                legacy: false,
                connections: 0,
            },
        }
    }

    /// Everything a TLS port offers, asked by hand-made hellos: protocols, suites, groups, certificates, other addresses.
    ///
    /// At most 40 connections and half a minute, two connections at a time, the host's and the address's turn held.
    ///
    /// # Errors
    ///
    /// A fault when nothing could be asked, or when nothing was answered that is TLS or TLCP.
    pub async fn survey(&self, host: &str, port: u16, own: &[Cidr]) -> Result<Survey, Fault> {
        self.1.during(Box::pin(survey::run(&self.0, (host, port), own, &self.1))).await
    }

    /// One TCP connection to a host, closed at once: is anybody there? Over IPv6 only, when that is asked for.
    ///
    /// # Errors
    ///
    /// Why not.
    pub async fn reach(&self, host: &str, port: u16, ipv6_only: bool) -> Result<(), Fault> {
        let mut budget = Budget::new(self.0.config.timeout);
        let mut hop = steps::blank_hop();
        // who is named as a reference by the operator may live inside
        let anywhere = [
            Cidr::new(Ipv4Addr::UNSPECIFIED.into(), 0),
            Cidr::new(Ipv6Addr::UNSPECIFIED.into(), 0),
        ];
        let whom = Whom { ipv6_only, ..Whom::new(&self.0, (host, port), &anywhere) };
        steps::connect(&self.0, whom, &mut budget, &mut hop).await.map(drop)
    }
}
