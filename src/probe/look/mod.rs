//! One look at one site: every probe in its order, nothing asked twice.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use url::Url;
use xuncha_model::{Facts, Register, Seen, facts::AvailabilityFacts};
use xuncha_net::{Ask, Cidr, Door, Visit};

use crate::{
    Memory, Profile, Target,
    crawl::{Settings, Shelf},
    dns,
    domain::Names,
    drift,
    render::Browser,
    unpack::Files,
};

mod beyond;
mod crawl;
mod doors;
mod endpoints;
mod footer;
mod guises;
mod home;
mod known;
mod retired;
mod search;
mod software;

/// The wall clock, as the edge of the program lends it.
pub type Clock<'a> = &'a (dyn Fn() -> DateTime<Utc> + Send + Sync);

/// Who looks, and through what.
#[derive(Clone)]
pub struct Eye {
    /// The door to the network.
    pub door: Door,
    /// The register.
    pub register: Arc<Register>,
    /// The names that domains are compared with.
    pub names: Arc<Names>,
    /// From where the look is taken.
    pub vantage: String,
    /// How much is looked at.
    pub profile: Profile,
    /// Pause before the second look at a page that did not open.
    pub second_look: Duration,
    /// What a crawl may cost.
    pub crawl: Settings,
    /// Where crawls keep what they have read; without one, they begin anew every time.
    pub shelf: Option<Arc<dyn Shelf>>,
    /// What runs the scripts of pages, for sites that need it.
    pub browser: Option<Arc<dyn Browser>>,
    /// What reads files to download; without it they are not read.
    pub files: Option<Files>,
}

/// Looks at a target. Never fails: what failed is in the facts.
///
/// `memory` is what the caller knows from before.
pub async fn look(eye: &Eye, target: &Target, memory: &Memory, clock: Clock<'_>) -> Facts {
    let observed_at = clock();
    let url = target.url();
    let host = url.host_str().unwrap_or_default().to_owned();
    let known = known::known(eye, target, &host, observed_at);
    let confirmed = memory.dns.as_ref();
    let dns = dns::look(&eye.door, &known.hosts, &known.own, eye.second_look, confirmed).await;
    let mut facts = Facts {
        running: target.expected(observed_at),
        site: known.site,
        filing: known.filing,
        dns,
        ..Facts::unlooked(observed_at, &eye.vantage, known.domain)
    };
    let mut look = Look::new(eye, target, observed_at);
    let (home, availability) = look.home(target, clock).await;
    facts.availability = availability;
    if let Seen::Seen(availability) = &mut facts.availability {
        availability.week = memory.week.clone();
    }
    look.others(&host, &home, &mut facts).await;
    look.over_ipv6(&home, &mut facts, memory.ipv6).await;
    look.beyond(&home, &mut facts).await;
    look.crawl(target, &home, clock, &mut facts).await;
    look.guises(target, &home, &mut facts).await;
    look.footers(&home, &mut facts).await;
    facts.drift = drift::seen(memory.page.as_ref(), &facts.pages, observed_at);
    if let (Target::Registered(site), Seen::Seen(filing)) = (target, &mut facts.filing) {
        look.retired(site, filing).await;
    }
    if let Target::Registered(site) = target {
        look.endpoints(&site.endpoints, &mut facts).await;
    }
    facts.requests = look.requests;
    facts
}

/// What a probe of a home page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// When it began.
    pub at: DateTime<Utc>,
    /// Whether the page opens; without the week and the platforms, which are not looked at.
    pub availability: Seen<AvailabilityFacts>,
    /// Requests it took.
    pub requests: u32,
}

/// Looks at the home page and at nothing else: is it up? For the probes between two looks, which are many.
pub async fn probe(eye: &Eye, target: &Target, clock: Clock<'_>) -> Probe {
    let at = clock();
    let mut look = Look::new(eye, target, at);
    let (_, availability) = look.home(target, clock).await;
    Probe { at, availability, requests: look.requests }
}

/// The site's registered names without `www`, and the city's domain, where the register knows all names of the site.
fn at_home(eye: &Eye, target: &Target) -> Option<Vec<String>> {
    let Target::Registered(site) = target else { return None };
    site.domains.as_ref()?;
    let own = site.hosts().map(|host| host.strip_prefix("www.").unwrap_or(host).to_owned());
    Some(own.chain([eye.register.city.domain.clone()]).collect())
}

/// The part of a look that needs the network.
struct Look<'a> {
    eye: &'a Eye,
    own: Vec<Cidr>,
    /// The host they are allowed for, and no other.
    host: String,
    /// Hosts below which the home page may lie; `None` where nobody says.
    at_home: Option<Vec<String>>,
    at: DateTime<Utc>,
    requests: u32,
}

impl<'a> Look<'a> {
    fn new(eye: &'a Eye, target: &Target, at: DateTime<Utc>) -> Self {
        Self {
            eye,
            own: known::own(target),
            host: target.url().host_str().unwrap_or_default().to_owned(),
            at_home: at_home(eye, target),
            at,
            requests: 0,
        }
    }

    async fn visit(&mut self, url: &Url, own: bool) -> Visit {
        let own: &[Cidr] = if own { self.own_of(url) } else { &[] };
        let visit = self.eye.door.visit(url, own).await;
        self.count(&visit);
        visit
    }

    /// The same for the site's own host, asked for in another way.
    async fn ask(&mut self, url: &Url, ask: Ask) -> Visit {
        let visit = self.eye.door.visit_as(url, self.own_of(url), ask).await;
        self.count(&visit);
        visit
    }

    /// What an address of this host may have: a host that a redirect or a page named gets nothing.
    fn own_of(&self, url: &Url) -> &[Cidr] {
        if url.host_str() == Some(&self.host) { &self.own } else { &[] }
    }

    fn count(&mut self, visit: &Visit) {
        let dialled = visit.hops.iter().filter(|hop| !hop.address.is_empty()).count();
        self.requests = self.requests.saturating_add(u32::try_from(dialled).unwrap_or(u32::MAX));
        // a refused handshake is tried again over further connections
        let again = visit.shakes.iter().map(|shake| shake.connections.saturating_sub(1));
        self.requests = again.fold(self.requests, u32::saturating_add);
    }
}
