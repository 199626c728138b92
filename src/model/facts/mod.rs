//! Everything the probes can see of a site: the published schema that rules are written against.
//!
//! Field names are a contract with `rules/`: renaming one breaks rules, adding one is free. `xuncha rules facts`
//! prints this file's doc comments. Dates are UTC; durations are milliseconds in fields that end in `_ms`.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Reason, Seen,
    register::{FilingEvent, OrganKind, SiteKind},
};

pub mod article;
pub mod availability;
pub mod column;
pub mod content;
pub mod crawl;
pub mod dns;
pub mod domain;
pub mod http;
pub mod identity;
pub mod links;
pub mod offers;
pub mod page;
pub mod service;
pub mod software;
pub mod tls;

pub use article::ArticleFacts;
pub use availability::{AvailabilityFacts, LookFacts, LookOutcome};
pub use column::{ColumnFacts, FreshnessFacts};
pub use content::{ContentFacts, DriftFacts, FileFacts, GuiseFacts, OutboundFacts};
pub use crawl::{CrawlFacts, HostFacts};
pub use dns::{DnsFacts, NameAnswer};
pub use domain::DomainFacts;
pub use http::HttpFacts;
pub use identity::IdentityFacts;
pub use links::LinkFacts;
pub use offers::OfferFacts;
pub use page::PageFacts;
pub use service::{CatalogFacts, InteractionFacts, SearchFacts, ServiceFacts};
pub use software::SoftwareFacts;
pub use tls::TlsFacts;

/// The facts of one look at one site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Facts {
    /// When the look began (UTC). Every age and every rest of days counts from here.
    pub observed_at: DateTime<Utc>,
    /// From where the look was taken.
    pub vantage: String,
    /// The site is meant to answer on the day of the look: registered as running, or in no register.
    pub running: bool,
    /// What the register says of the site; unseen for a name that is in no register.
    pub site: Seen<SiteFacts>,
    /// What the register says of openings, closures and absences.
    pub filing: Seen<FilingFacts>,
    /// The site's names, parsed without any network.
    pub domain: DomainFacts,
    /// What the name system answers.
    pub dns: Seen<DnsFacts>,
    /// Whether the home page opens.
    pub availability: Seen<AvailabilityFacts>,
    /// What HTTP and HTTPS answer.
    pub http: Seen<HttpFacts>,
    /// The TLS handshake and the certificates.
    pub tls: Seen<TlsFacts>,
    /// Protocols and suites that the TLS port offers, asked by hand-made hellos.
    pub offers: Seen<OfferFacts>,
    /// The pages that were read, the home page first; unseen when that was not had.
    pub pages: Seen<Vec<PageFacts>>,
    /// The crawl; unseen where the profile has none.
    pub crawl: Seen<CrawlFacts>,
    /// The links of the site.
    pub links: Seen<LinkFacts>,
    /// Its columns.
    pub columns: Seen<Vec<ColumnFacts>>,
    /// How fresh the home page is.
    pub freshness: Seen<FreshnessFacts>,
    /// Article pages that the crawl read, at most 1,000, those nearest to the home page first.
    pub articles: Seen<Vec<ArticleFacts>>,
    /// The open-government catalogue.
    pub catalog: Seen<CatalogFacts>,
    /// Ways to ask, and the answers.
    pub interaction: Seen<InteractionFacts>,
    /// Online services.
    pub services: Seen<ServiceFacts>,
    /// The site's own search.
    pub search: Seen<SearchFacts>,
    /// Hosts under the city's and the counties' domains that the site names; at most 50.
    pub hosts: Seen<Vec<HostFacts>>,
    /// What attackers put on its pages, and what it should never have published, in pages and files.
    pub content: Seen<ContentFacts>,
    /// Pages as search engines' spiders and readers who come from a search engine are shown them.
    pub guises: Seen<Vec<GuiseFacts>>,
    /// The home page beside its confirmed baseline.
    pub drift: Seen<Vec<DriftFacts>>,
    /// Hosts the site links to that are neither the government's nor registered, and what they show; at most 200.
    pub outbound: Seen<Vec<OutboundFacts>>,
    /// Software disclosed by banners, pages and the names of their scripts; one entry a product and version.
    pub software: Seen<Vec<SoftwareFacts>>,
    /// Lists that this look saw in part (`pages` by a look without a crawl, everything by a crawl that came to no end): an
    /// element that is missing there was not looked at.
    pub partial: Vec<String>,
    /// Requests made for this look.
    pub requests: u32,
}

impl Facts {
    /// Facts of which nothing but the names was looked at.
    pub fn unlooked(
        observed_at: DateTime<Utc>,
        vantage: impl Into<String>,
        domain: DomainFacts,
    ) -> Self {
        fn unlooked<T>() -> Seen<T> {
            Seen::unseen(Reason::NotLooked, "")
        }
        Self {
            observed_at,
            vantage: vantage.into(),
            running: true,
            site: unlooked(),
            filing: unlooked(),
            domain,
            dns: unlooked(),
            availability: unlooked(),
            http: unlooked(),
            tls: unlooked(),
            offers: unlooked(),
            pages: unlooked(),
            crawl: unlooked(),
            links: unlooked(),
            columns: unlooked(),
            freshness: unlooked(),
            articles: unlooked(),
            catalog: unlooked(),
            interaction: unlooked(),
            services: unlooked(),
            search: unlooked(),
            hosts: unlooked(),
            content: unlooked(),
            guises: unlooked(),
            drift: unlooked(),
            outbound: unlooked(),
            software: unlooked(),
            partial: Vec::new(),
            requests: 0,
        }
    }
}

/// What the register says of the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SiteFacts {
    /// Stable id.
    pub id: String,
    /// Name of the site.
    pub name: String,
    /// Registered address of the home page.
    pub url: String,
    /// Host of that address, ASCII, lower case.
    pub host: String,
    /// portal or department.
    pub kind: SiteKind,
    /// running, offline or closed, on the day of the look.
    pub status: SiteState,
    /// Full name of the sponsor (主办单位).
    pub sponsor: String,
    /// Kind of the sponsor.
    pub sponsor_kind: Seen<OrganKind>,
    /// Level of the sponsor: city or county.
    pub sponsor_level: Level,
    /// Name of the sponsor's region: 川汇区.
    pub region: String,
    /// Division codes with which the site's code and police number may begin.
    pub divisions: Vec<String>,
    /// Registered site identification code (网站标识码).
    pub code: Seen<String>,
    /// Registered ICP number.
    pub icp: Seen<String>,
    /// Registered public-security filing number.
    pub police: Seen<String>,
    /// How many sites the register lists for the same sponsor as running.
    pub sites_of_sponsor: u32,
}

/// The register's status on the day of the look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SiteState {
    /// It should answer.
    Running,
    /// Filed as temporarily offline today.
    Offline,
    /// Closed before today.
    Closed,
}

/// The level of government.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The city.
    City,
    /// A county, a district or a county-level city.
    County,
}

/// What the register says of openings, closures and absences (第十三条).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FilingFacts {
    /// The filed events, oldest first.
    pub events: Vec<EventFacts>,
    /// Days since the announced closure; 0 on the day and for sites that are not closed.
    pub closed_days: i64,
    /// Days the present temporary absence has lasted; 0 when there is none.
    pub offline_days: i64,
    /// Temporary absences that began in the year of the look.
    pub offline_times: u32,
    /// Retired domains, and what they do now.
    pub retired: Vec<RetiredFacts>,
}

/// One filed event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventFacts {
    /// open, change, close or offline.
    pub event: FilingEvent,
    /// The day of the event.
    pub date: NaiveDate,
    /// The filing's number; empty where there is none.
    pub number: String,
    /// Where the city portal made it public; empty where nowhere.
    pub publicity: String,
}

/// A retired domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RetiredFacts {
    /// The name as registered.
    pub name: String,
    /// Days since it was retired.
    pub days: i64,
    /// Whether a page (2xx) still answers under it, without a redirect to a registered host.
    pub serving: Seen<bool>,
    /// Where its redirects end; empty when nothing answers.
    pub lands_on: Seen<String>,
}
