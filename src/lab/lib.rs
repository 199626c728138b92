//! The demo city: real DNS, HTTP and HTTPS servers on loopback, and sites from exemplary to terrible.
//!
//! Everything is data: `city.yaml` says which sites there are and what is wrong with each, `content.yaml` and `pages/` what
//! they show. Every planted defect is labelled with the rule that must find it; the labels are the tests' expectation.
//!
//! Nothing here needs the network, root or a fixed port: ports 53, 80 and 443 are mapped to free ones, and the sites share a
//! few addresses of 127.80.0.0/24, and ::1 where the system has it, as a city's sites share a few machines.

mod article;
mod book;
mod ca;
mod city;
mod cloak;
mod content;
mod desk;
mod dns;
pub mod files;
mod forged;
mod fresh;
mod knobs;
mod old;
mod page;
mod pages;
mod paper;
mod past;
mod people;
mod plan;
mod ports;
mod register;
mod traffic;
mod web;

use std::{collections::BTreeMap, io, net::SocketAddr, sync::Arc};

use chrono::{DateTime, Utc};
use tokio::task::JoinSet;
use xuncha_model::facts::dns::DnsBaseline;

pub use traffic::Requests;

/// A running city; it stops when dropped.
pub struct Lab {
    /// The name server, UDP and TCP.
    pub resolver: SocketAddr,
    /// The keys of the name system to be trusted, DNSKEY records.
    pub trust_anchor: String,
    /// The root certificate to be trusted, PEM.
    pub ca_pem: String,
    /// The register of the city.
    pub sites_yaml: String,
    /// Which port to dial in the place of 53, 80 and 443.
    pub port_map: BTreeMap<u16, u16>,
    /// The ranges the city's addresses lie in (CIDR).
    pub allow_net: &'static [&'static str],
    /// Hosts that answer on port 443 as long as the lab is up.
    pub references: Vec<String>,
    /// Every planted defect.
    pub labels: Vec<Label>,
    /// The probes of the past week, as if a monitor had run.
    pub past: Vec<PastProbe>,
    /// What some names answered when the office last vouched for it, by the site's id.
    pub vouched: Vec<(String, DnsBaseline)>,
    /// Numbers of people who do not exist that stand in clear on pages and in files.
    pub planted: Vec<String>,
    /// Ids of the sites that must come out without a finding.
    pub clean: Vec<String>,
    counters: Arc<traffic::Counters>,
    _names: dns::NameServer,
    _servers: JoinSet<()>,
}

/// The rule that nothing can hit on a machine without IPv6.
const IPV6_RULE: &str = "dns.ipv6-unreachable";

/// A planted defect: this rule must find something on this site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The site's id.
    pub site: String,
    /// The rule's id.
    pub rule: String,
}

/// One probe of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastProbe {
    /// The site's id.
    pub site: String,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// The home page opened.
    pub opened: bool,
    /// How long that took.
    pub total_ms: u32,
}

/// Why the city could not be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No free port, or no loopback.
    #[error("the demo city cannot listen on loopback: {0}")]
    Bind(#[source] io::Error),
    /// The certificates could not be made.
    #[error("the demo city's certificates: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("the demo city's TLS: {0}")]
    Tls(#[source] rustls::Error),
    /// The TLS of long ago could not be set up.
    #[error("the demo city's old TLS: {0}")]
    OldTls(#[from] openssl::error::ErrorStack),
    /// A bug in the embedded data.
    #[error("the demo city's data: {0}")]
    Data(String),
}

/// Starts the city; certificates, news and filings are dated from `now`.
///
/// # Errors
///
/// When loopback has no free port; anything else is a bug of the lab.
pub async fn start(now: DateTime<Utc>) -> Result<Lab, Error> {
    let mut city = city::City::load()?;
    let content = content::Content::load()?;
    let bound = ports::bind(&mut city.machines).await?;
    let places = plan::plan(&city, &content.words, &bound)?;
    let authorities = ca::Authorities::new(&content.words, now)?;
    let books = places.iter().map(|place| book::write(place, &content, now));
    let mut books: Vec<_> = books.collect();
    let (chapter, published) = book::publicity(&city.name, &places, &content, now);
    if let Some(portal) = books.first_mut() {
        portal.columns.extend(chapter);
    }
    let counters = Arc::<traffic::Counters>::default();
    let names = dns::start(&city, &places, Arc::clone(&counters)).await?;
    let gates = Arc::new(gates(&authorities, &city, &places)?);
    // without IPv6 on this machine nobody can see that a site's is dead
    let ipv6 = bound.listeners.iter().any(|listener| listener.ipv6);
    let shows = move |rule: &&String| ipv6 || *rule != IPV6_RULE;
    let labels = places.iter().flat_map(|place| {
        let rules = place.spec.labels.iter().filter(shows);
        rules.map(|rule| Label { site: place.spec.id.clone(), rule: rule.clone() })
    });
    let clean = places.iter().filter(|place| place.spec.labels.is_empty());
    let mut lab = Lab {
        resolver: names.address,
        trust_anchor: names.anchors.clone(),
        ca_pem: authorities.root_pem(),
        sites_yaml: register::write(&city, &places, &books, &published, &content.words, now)?,
        port_map: BTreeMap::from([(53, names.address.port()), (80, bound.plain), (443, bound.tls)]),
        allow_net: &["127.0.0.0/8", "::1/128"],
        references: city.references.clone(),
        labels: labels.collect(),
        vouched: places.iter().filter_map(|place| past::vouched(place, &city)).collect(),
        past: places.iter().flat_map(|place| past::week(&place.spec, now)).collect(),
        planted: planted(&places, &content),
        clean: clean.map(|place| place.spec.id.clone()).collect(),
        counters: Arc::clone(&counters),
        _names: names,
        _servers: JoinSet::new(),
    };
    let hosts = plan::by_host(&places);
    let references = city.references.into_iter().map(|host| {
        let page = page::notice(200, &host, "");
        (host, page)
    });
    let others = city.others.into_iter().map(|other| {
        let page = other.page(&content);
        (other.host, page)
    });
    let others = references.chain(others).collect();
    let started = now;
    let world = web::World { places, books, hosts, others, started, content, counters };
    let world = Arc::new(world);
    for listener in bound.listeners {
        lab._servers.spawn(web::listen(listener, Arc::clone(&gates), Arc::clone(&world)));
    }
    Ok(lab)
}

/// The numbers of people in what the sites publish.
fn planted(places: &[plan::Place], content: &content::Content) -> Vec<String> {
    let names = places.iter().flat_map(|place| {
        let inserted = place.spec.contents.inserted.values().flatten();
        inserted.chain(place.spec.files.iter().filter_map(|file| file.paper.as_ref()))
    });
    let papers = names.filter_map(|name| content.papers.get(name));
    papers.flat_map(paper::Paper::numbers).collect()
}

impl Lab {
    /// What has reached the city so far.
    pub fn requests(&self) -> Requests {
        self.counters.read()
    }
}

/// The TLS ports' ways in: the real one for every site, and what some pretend or are left over with.
fn gates(
    authorities: &ca::Authorities,
    city: &city::City,
    places: &[plan::Place],
) -> Result<web::Gates, Error> {
    let mut certificates = BTreeMap::new();
    let mut old = BTreeMap::new();
    for other in &city.others {
        let issued = authorities.issue(&[], std::slice::from_ref(&other.host))?;
        certificates.insert(other.host.clone(), Arc::new(issued.certified()?));
    }
    for place in places.iter().filter(|place| place.secure()) {
        let issued = authorities.issue(&place.spec.defects, &place.served)?;
        if place.spec.has(city::Defect::OldTls) {
            old.insert(place.host.clone(), old::context(&issued)?);
        }
        let key = Arc::new(issued.certified()?);
        certificates.extend(place.served.iter().map(|name| (name.clone(), Arc::clone(&key))));
    }
    web::Gates::new(certificates, old)
}
