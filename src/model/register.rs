//! The register (台账): the city, its organs and its sites, as `sites.yaml` declares them.
//!
//! What the register does not know is absent (`None`), never guessed; a rule that needs it answers *unknown*.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::Severity;

/// The whole register; sites and organs refer to each other by id, checked at load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Register {
    /// The city that keeps it.
    pub city: City,
    /// Every organ, in the order of the file.
    pub organs: Vec<Organ>,
    /// Every site, in the order of the file.
    pub sites: Vec<Site>,
}

impl Register {
    /// The organ with this id.
    pub fn organ(&self, id: &str) -> Option<&Organ> {
        self.organs.iter().find(|organ| organ.id == id)
    }

    /// The region with this division code: the city itself, or one of its parts.
    pub fn region(&self, division: &str) -> Option<&Region> {
        self.city.regions.iter().find(|region| region.division == division)
    }

    /// The site with this id, or that answers under this host (URL or registered name).
    pub fn site(&self, id_or_host: &str) -> Option<&Site> {
        self.sites
            .iter()
            .find(|site| site.id == id_or_host)
            .or_else(|| self.sites.iter().find(|site| site.hosts().any(|host| host == id_or_host)))
    }
}

/// The city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct City {
    /// `周口市`.
    pub name: String,
    /// The portal's registrable name without `www`: `zhoukou.gov.cn`.
    pub domain: String,
    /// Six-digit division code (GB/T 2260): `411600`.
    pub division: String,
    /// The city itself first, then its counties and districts.
    pub regions: Vec<Region>,
}

/// A region of the city with a government of its own, or the city itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// `川汇区`.
    pub name: String,
    /// Six-digit division code.
    pub division: String,
    /// Codes it had before: site codes and police numbers may still begin with them.
    pub former_divisions: Vec<String>,
    /// Registered English names, in lower case, as they stand in domains.
    pub english: Vec<String>,
}

/// A body that sponsors sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Organ {
    /// Stable id.
    pub id: String,
    /// Full name: `周口市发展和改革委员会`.
    pub name: String,
    /// Accepted short names: `市发改委`.
    pub short_names: Vec<String>,
    /// Registered English names or abbreviations, in lower case: `mofcom`.
    pub english: Vec<String>,
    /// What kind of body it is; `None` where the register does not know.
    pub kind: Option<OrganKind>,
    /// Division code of the region it belongs to.
    pub region: String,
    /// The portal domain of its ministry, for vertically managed bodies: `chinatax.gov.cn`.
    pub ministry_domain: Option<String>,
}

/// What kind of body sponsors a site; the national rules differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrganKind {
    /// A people's government (人民政府), or the committee of a zone that acts as one (管委会).
    Government,
    /// A department of a government (工作部门).
    Department,
    /// Under its ministry, not under the city (垂直管理).
    VerticallyManaged,
    /// An institution with administrative functions (承担行政职能的事业单位).
    AdministrativeInstitution,
    /// An institution without them (不承担行政职能的事业单位).
    PublicInstitution,
    /// A township or a subdistrict (乡镇、街道).
    Township,
}

/// A registered site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Stable id.
    pub id: String,
    /// Name of the site.
    pub name: String,
    /// Id of the organ that sponsors it (主办单位).
    pub sponsor: String,
    /// Portal or department site.
    pub kind: SiteKind,
    /// The registered address of the home page, as written.
    pub url: Url,
    /// Every domain the site has; `None` where only the URL is known.
    pub domains: Option<Vec<Domain>>,
    /// 网站标识码, ten digits or `bm` and eight.
    pub code: Option<String>,
    /// ICP filing number.
    pub icp: Option<String>,
    /// Public-security filing number.
    pub police: Option<String>,
    /// Running, offline or closed.
    pub status: Status,
    /// Openings, changes, closures and temporary absences that were filed (第十三条).
    pub filings: Vec<Filing>,
    /// Who is told.
    pub administrators: Vec<Administrator>,
    /// Declared columns; empty where they are to be discovered.
    pub columns: Vec<Column>,
    /// Interaction and service platforms.
    pub endpoints: Vec<Endpoint>,
    /// Windows in which the site may be away.
    pub maintenance: Vec<Window>,
    /// How to crawl it.
    pub crawl: Crawl,
    /// Addresses inside the office's networks that this site's own host may have (CIDR).
    pub allow_internal: Vec<String>,
    /// Free text for people.
    pub notes: Option<String>,
}

impl Site {
    /// The host of the URL, in ASCII and lower case, without port.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The host of the URL and every registered domain, in ASCII.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        let domains = self.domains.iter().flatten().map(|domain| domain.ascii.as_str());
        std::iter::once(self.host()).chain(domains)
    }
}

/// Portal or department site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SiteKind {
    /// 政府门户网站.
    Portal,
    /// 部门网站.
    Department,
}

/// A registered domain name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Domain {
    /// As the register writes it.
    pub name: String,
    /// The A-label form, lower case, without the trailing dot.
    pub ascii: String,
    /// Marked as the main one of several.
    pub main: bool,
    /// Since when it is retired (停用).
    pub retired: Option<NaiveDate>,
}

/// Whether the site runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Status {
    /// It runs.
    Running,
    /// Temporarily offline, as filed.
    OfflineTemporary {
        /// First day.
        from: NaiveDate,
        /// Last day, when announced.
        until: Option<NaiveDate>,
    },
    /// Closed for good.
    Closed {
        /// The announced day.
        on: NaiveDate,
    },
}

/// A filing event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Filing {
    /// What was filed.
    pub event: FilingEvent,
    /// The day of the event.
    pub date: NaiveDate,
    /// The last day of a temporary absence.
    pub until: Option<NaiveDate>,
    /// The filing's number.
    pub number: Option<String>,
    /// Where the city portal made it public.
    pub publicity: Option<Url>,
}

/// What a filing reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FilingEvent {
    /// 开通.
    Open,
    /// 变更.
    Change,
    /// 注销.
    Close,
    /// 临时下线.
    Offline,
}

/// A person to be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Administrator {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Role in words.
    pub role: Option<String>,
    /// Severities wanted; empty means all.
    pub severities: Vec<Severity>,
}

/// A declared column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Name on the page.
    pub name: String,
    /// List page.
    pub url: Url,
    /// Kind, from the list in rules/.
    pub kind: Option<String>,
}

/// An interaction or service platform of the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Name.
    pub name: String,
    /// Address.
    pub url: Url,
    /// What a good answer contains.
    pub expect: Option<String>,
}

/// A maintenance window, in Asia/Shanghai.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// First minute.
    pub from: chrono::NaiveDateTime,
    /// Last minute.
    pub until: chrono::NaiveDateTime,
    /// Why.
    pub reason: Option<String>,
}

/// How to crawl a site; `None` takes the profile's default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Crawl {
    /// Most pages a crawl.
    pub max_pages: Option<u32>,
    /// Greatest depth.
    pub max_depth: Option<u32>,
    /// Milliseconds between two requests.
    pub interval_ms: Option<u32>,
    /// Scripts fill its home page or its lists: these are rendered by a browser.
    #[serde(default)]
    pub render: bool,
}
