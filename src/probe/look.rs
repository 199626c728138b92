//! One look at one site: every probe in its order, nothing asked twice.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::time::sleep;
use url::Url;
use xuncha_model::{
    Facts, Reason, Register, Seen, Site,
    facts::{
        AvailabilityFacts, DomainFacts, FilingFacts, HttpFacts, LookFacts, LookOutcome, SiteFacts,
        TlsFacts, domain::NameFacts, http::Visit as VisitFacts,
    },
    period::local_date,
};
use xuncha_net::{Cidr, Door, Handshake, Shake, Visit};

use crate::{Profile, Target, dns, domain::Names, http, register, tls};

/// Statuses that refuse the visitor rather than the page: anti-robot gateways, firewalls and rate limits answer so in a
/// site's place. Whether others are refused too a person has to see.
const GATEWAYS: &[u16] = &[403, 405, 406, 412, 418, 429, 521];

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
}

/// Looks at a target. Never fails: what failed is in the facts.
pub async fn look(eye: &Eye, target: &Target, clock: Clock<'_>) -> Facts {
    let observed_at = clock();
    let url = target.url();
    let host = url.host_str().unwrap_or_default().to_owned();
    let known = known(eye, target, &host, observed_at);
    let mut facts = Facts {
        observed_at,
        vantage: eye.vantage.clone(),
        running: target.expected(observed_at),
        site: known.site,
        filing: known.filing,
        domain: known.domain,
        dns: dns::look(&eye.door, &known.hosts, &known.own, eye.second_look).await,
        availability: Seen::unseen(Reason::NotLooked, ""),
        http: Seen::unseen(Reason::NotLooked, ""),
        tls: Seen::unseen(Reason::NotLooked, ""),
        offers: Seen::unseen(Reason::NotLooked, ""),
        pages: Seen::unseen(Reason::NotLooked, ""),
        software: Seen::unseen(Reason::NotLooked, ""),
        requests: 0,
    };
    let mut look = Look { eye, own: known.own, at: observed_at, requests: 0 };
    let mut home = look.home(url, target.expected(observed_at), clock, &mut facts).await;
    if let Some(secure) = other_door(target, &home) {
        let before = facts.availability.clone();
        let visit = look.home(&secure, true, clock, &mut facts).await;
        if visit.reason.is_ok() {
            home = visit;
        } else {
            facts.availability = before;
        }
    }
    look.others(&host, &home, &mut facts).await;
    if let (Target::Registered(site), Seen::Seen(filing)) = (target, &mut facts.filing) {
        look.retired(site, filing).await;
    }
    facts.requests = look.requests;
    facts
}

/// The `https://` of a bare host that answers nothing on `http://`: nobody said which of the two it speaks.
fn other_door(target: &Target, home: &Visit) -> Option<Url> {
    let Target::Bare(url) = target else { return None };
    let closed = home.reason.to_string().starts_with("connect.");
    let plain = url.scheme() == "http" && url.port().is_none();
    (closed && plain).then(|| url.as_str().replacen("http", "https", 1).parse().ok())?
}

/// What is known without the network.
struct Known {
    site: Seen<SiteFacts>,
    filing: Seen<FilingFacts>,
    domain: DomainFacts,
    /// The names to ask for, the site's own host first.
    hosts: Vec<String>,
    /// Ranges allowed for the site's own host.
    own: Vec<Cidr>,
}

fn known(eye: &Eye, target: &Target, host: &str, at: DateTime<Utc>) -> Known {
    let mut hosts = vec![host.to_owned()];
    let Target::Registered(site) = target else {
        let name = NameFacts { of_url: true, ..eye.names.name(host) };
        return Known {
            site: Seen::unseen(Reason::RegisterUnknown, ""),
            filing: Seen::unseen(Reason::RegisterUnknown, ""),
            domain: DomainFacts {
                names: vec![name],
                register: Seen::unseen(Reason::RegisterUnknown, ""),
                columns: Seen::unseen(Reason::RegisterUnknown, ""),
            },
            hosts,
            own: Vec::new(),
        };
    };
    let live = site.domains.iter().flatten().filter(|domain| domain.retired.is_none());
    for domain in live {
        if !hosts.contains(&domain.ascii) {
            hosts.push(domain.ascii.clone());
        }
    }
    let today = local_date(at);
    Known {
        site: Seen::Seen(register::site_facts(&eye.register, site, today)),
        filing: Seen::Seen(register::filing_facts(site, today)),
        domain: eye.names.site(site),
        hosts,
        // the register was checked at load: what is no range there is already reported
        own: site.allow_internal.iter().filter_map(|range| range.parse().ok()).collect(),
    }
}

/// The part of a look that needs the network.
struct Look<'a> {
    eye: &'a Eye,
    own: Vec<Cidr>,
    at: DateTime<Utc>,
    requests: u32,
}

impl Look<'_> {
    async fn visit(&mut self, url: &Url, own: bool) -> Visit {
        let own: &[Cidr] = if own { &self.own } else { &[] };
        let visit = self.eye.door.visit(url, own).await;
        let dialled = visit.hops.iter().filter(|hop| !hop.address.is_empty()).count();
        self.requests = self.requests.saturating_add(u32::try_from(dialled).unwrap_or(u32::MAX));
        visit
    }

    /// The home page, twice when it did not open and should have.
    async fn home(
        &mut self,
        url: &Url,
        expected: bool,
        clock: Clock<'_>,
        facts: &mut Facts,
    ) -> Visit {
        let mut looks = Vec::new();
        loop {
            let at = clock();
            let visit = self.visit(url, true).await;
            let total_ms = u32::try_from(visit.total.as_millis()).unwrap_or(u32::MAX);
            looks.push(LookFacts {
                at,
                reason: visit.reason.clone(),
                phase: visit.phase,
                total_ms,
            });
            let failed = !visit.reason.is_ok() && !proves_nothing(&visit);
            if failed && expected && gateway(&visit).is_none() && looks.len() < 2 {
                sleep(self.eye.second_look).await;
                continue;
            }
            facts.availability = self.availability(&visit, expected, looks);
            return visit;
        }
    }

    fn availability(
        &self,
        visit: &Visit,
        expected: bool,
        looks: Vec<LookFacts>,
    ) -> Seen<AvailabilityFacts> {
        if proves_nothing(visit) {
            return Seen::unseen(visit.reason.clone(), visit.detail.clone());
        }
        let seen = http::facts(visit, self.eye.door.roots(), self.at);
        let bad_certificate = seen.seen().is_some_and(|seen| seen.bad_certificate);
        let stumbled = looks.first().map(|look| look.reason.clone()).unwrap_or_default();
        let downgraded = visit.url.scheme() == "https" && visit.final_url.scheme() == "http";
        let (outcome, reason) = if let Some(gateway) = gateway(visit) {
            (LookOutcome::Blocked, gateway)
        } else if greeted(&visit.reason) || too_much(visit) {
            (LookOutcome::Degraded, visit.reason.clone())
        } else if !visit.reason.is_ok() {
            let outcome = if expected { LookOutcome::Down } else { LookOutcome::Skipped };
            (outcome, visit.reason.clone())
        } else if bad_certificate {
            (LookOutcome::Degraded, Reason::TlsCertificate)
        } else if downgraded {
            (LookOutcome::Degraded, Reason::RedirectBad)
        } else if !stumbled.is_ok() {
            (LookOutcome::Degraded, stumbled)
        } else {
            (LookOutcome::Ok, Reason::Ok)
        };
        Seen::Seen(AvailabilityFacts {
            outcome,
            reason,
            looks,
            gateway: Seen::unseen(Reason::NotLooked, ""),
            week: Seen::unseen(Reason::NotLooked, ""),
            endpoints: Seen::unseen(Reason::NotLooked, ""),
        })
    }

    /// `http://host/` and `https://host/`, taken from the home visit where it came by, and the TLS port.
    async fn others(&mut self, host: &str, home: &Visit, facts: &mut Facts) {
        let door = self.eye.door.clone();
        let roots = door.roots();
        let at = self.at;
        let (Ok(plain), Ok(secure)) =
            (Url::parse(&format!("http://{host}/")), Url::parse(&format!("https://{host}/")))
        else {
            return;
        };
        // without an address, or behind the guard, there is nothing further to ask
        let mute = home.hops.len() == 1
            && home.hops.iter().all(|hop| hop.address.is_empty())
            && !home.reason.is_ok();
        let mut secured = None;
        let mut facts_of = async |url: &Url| match http::on_the_way(home, url, roots, at) {
            Some(seen) => seen,
            None if mute => Seen::unseen(home.reason.clone(), home.detail.clone()),
            None => {
                let mut visit = self.visit(url, true).await;
                if passing(&visit.reason) {
                    sleep(self.eye.second_look).await;
                    visit = self.visit(url, true).await;
                }
                let seen = http::facts(&visit, roots, at);
                if url.scheme() == "https" {
                    secured = Some(visit);
                }
                seen
            }
        };
        let plain = facts_of(&plain).await;
        let secure = facts_of(&secure).await;
        let visits = [Some(home), secured.as_ref()];
        facts.tls = self.tls(host, &visits, &secure, mute.then_some(home)).await;
        let home = http::facts(home, roots, at);
        // a refused handshake leaves it open whether the host lives; a dead plain port settles it
        if let (Seen::Seen(availability), Some(plain)) = (&mut facts.availability, plain.seen())
            && facts.running
            && greeted(&availability.reason)
            && dead(&plain.reason)
        {
            availability.outcome = LookOutcome::Down;
        }
        facts.http = Seen::Seen(HttpFacts {
            home,
            plain,
            secure,
            ipv6: Seen::unseen(Reason::NotLooked, ""),
            missing: Seen::unseen(Reason::NotLooked, ""),
            exposed: Seen::unseen(Reason::NotLooked, ""),
        });
    }

    /// The handshake with the host's port 443, from a visit that had it.
    async fn tls(
        &mut self,
        host: &str,
        visits: &[Option<&Visit>],
        secure: &Seen<VisitFacts>,
        mute: Option<&Visit>,
    ) -> Seen<TlsFacts> {
        let roots = self.eye.door.roots();
        if let Some(home) = mute {
            return Seen::unseen(home.reason.clone(), home.detail.clone());
        }
        let mut shakes = visits.iter().flatten().flat_map(|visit| &visit.shakes);
        if let Some(shake) = shakes.find(|shake| shake.host == host && shake.port == 443) {
            return tls::facts(shake, roots, self.at);
        }
        // the visit got no further than the connection: asking again would tell nothing new
        if let Some(visit) =
            secure.seen().filter(|visit| !visit.reason.is_ok() && visit.hops.len() == 1)
        {
            let shake = Shake {
                host: host.to_owned(),
                port: 443,
                address: visit.hops.first().map(|hop| hop.address.clone()).unwrap_or_default(),
                reason: visit.reason.clone(),
                detail: visit.detail.clone(),
                handshake: Handshake::default(),
            };
            return tls::facts(&shake, roots, self.at);
        }
        self.requests += 1;
        let shake = self.eye.door.handshake(host, 443, &self.own).await;
        tls::facts(&shake, self.eye.door.roots(), self.at)
    }

    /// What the retired domains do now, one visit each.
    async fn retired(&mut self, site: &Site, filing: &mut FilingFacts) {
        let live: Vec<_> = site
            .hosts()
            .filter(|host| {
                let mut domains = site.domains.iter().flatten();
                !domains.any(|domain| domain.ascii == *host && domain.retired.is_some())
            })
            .collect();
        for retired in &mut filing.retired {
            let mut domains = site.domains.iter().flatten();
            let Some(domain) = domains.find(|domain| domain.name == retired.name) else { continue };
            let Ok(url) = Url::parse(&format!("http://{}/", domain.ascii)) else { continue };
            let visit = self.visit(&url, false).await;
            if visit.reason.is_own_fault() {
                retired.serving = Seen::unseen(visit.reason.clone(), visit.detail.clone());
                retired.lands_on = Seen::unseen(visit.reason, visit.detail);
                continue;
            }
            let lands_on = visit.final_url.host_str().unwrap_or_default();
            let page = visit.reason.is_ok() && !live.contains(&lands_on);
            retired.serving = if page || gone(&visit.reason) || visit.reason.is_ok() {
                Seen::Seen(page)
            } else {
                Seen::unseen(visit.reason.clone(), visit.detail.clone())
            };
            let answered = visit.hops.iter().any(|hop| hop.status != 0);
            retired.lands_on =
                Seen::Seen(if answered { lands_on.to_owned() } else { String::new() });
        }
    }
}

/// Nothing lives behind the port.
fn dead(reason: &Reason) -> bool {
    let network = reason.to_string().starts_with("connect.");
    network || matches!(reason, Reason::HttpReset | Reason::HttpTimeout | Reason::HttpEmpty)
}

/// A failure to connect that a second look may not meet again.
fn passing(reason: &Reason) -> bool {
    matches!(reason, Reason::ConnectTimeout | Reason::ConnectReset | Reason::ConnectUnreachable)
}

/// Nobody answers there any more; other failures may pass.
fn gone(reason: &Reason) -> bool {
    let codes = [
        Reason::DnsNxdomain,
        Reason::DnsNodata,
        Reason::ConnectRefused,
        Reason::HttpStatus(404),
        Reason::HttpStatus(410),
    ];
    codes.contains(reason)
}

/// The gateway that answered in the site's place, when one did.
fn gateway(visit: &Visit) -> Option<Reason> {
    GATEWAYS.contains(&visit.status).then(|| Reason::Gateway(visit.status.to_string()))
}

/// The fault is ours, or our guard kept us from looking (what is wrong then stands in the DNS facts).
fn proves_nothing(visit: &Visit) -> bool {
    visit.reason == Reason::GuardAddress || visit.reason.is_own_fault()
}

/// The server answered with more than we read: our limit, and no failure of the page.
fn too_much(visit: &Visit) -> bool {
    let limits = [Reason::LimitBody, Reason::LimitDecode, Reason::LimitHeaders];
    visit.status != 0 && limits.contains(&visit.reason)
}

/// The server answered the handshake, and our TLS does not speak what it speaks: not read, and not down either.
fn greeted(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::TlsHandshake | Reason::TlsLegacy | Reason::TlsTlcpOnly | Reason::TlsClientCert
    )
}
