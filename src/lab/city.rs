//! The demo city as data: what `city.yaml` and `content.yaml` declare.

use std::net::Ipv4Addr;

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use xuncha_model::period::local_date;

use crate::{
    Error,
    cloak::Cloak,
    content::Content,
    files::Kind,
    forged::Forged,
    knobs::{Contents, Style},
    page::{Page, notice},
};

/// The whole city.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct City {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) division: String,
    /// The domain of the administrators' addresses, and of the lab's own name servers.
    pub(crate) mail: String,
    pub(crate) area_code: String,
    pub(crate) references: Vec<String>,
    /// Hosts that the city's pages lead to and that are none of its sites.
    #[serde(skip_serializing)]
    pub(crate) others: Vec<Other>,
    pub(crate) regions: Vec<Region>,
    #[serde(skip_serializing)]
    pub(crate) machines: Vec<Machine>,
    pub(crate) organs: Vec<Organ>,
    #[serde(skip_serializing)]
    pub(crate) sites: Vec<Site>,
}

/// A host with one page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Other {
    pub(crate) host: String,
    pub(crate) title: String,
    /// What its page holds besides the title, by its name in `content.yaml`.
    snippet: Option<String>,
}

impl Other {
    /// Its one page.
    pub(crate) fn page(&self, content: &Content) -> Page {
        let snippet = self.snippet.as_ref().and_then(|name| content.snippets.get(name));
        notice(200, &self.title, snippet.map(String::as_str).unwrap_or_default())
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Region {
    pub(crate) name: String,
    pub(crate) division: String,
}

/// A loopback address and how it behaves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Machine {
    pub(crate) name: String,
    pub(crate) address: Ipv4Addr,
    /// Port 80.
    pub(crate) plain: Manner,
    /// Port 443.
    pub(crate) tls: Manner,
    /// It has the IPv6 address ::1 too, as every machine of the city that has one.
    #[serde(default)]
    pub(crate) ipv6: bool,
}

/// How a port behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Manner {
    /// It serves sites.
    Serve,
    /// It takes connections and cuts them.
    Reset,
    /// It takes connections and never says a word.
    Silent,
    /// Nobody listens.
    Closed,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organ {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) short: Vec<String>,
    /// As the register writes it.
    pub(crate) kind: String,
    pub(crate) region: String,
    pub(crate) ministry_domain: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    pub(crate) id: String,
    pub(crate) organ: String,
    /// `portal` or `department`.
    pub(crate) kind: String,
    /// The organ's name where none is given.
    pub(crate) name: Option<String>,
    /// May hold `{tls}` (the port that stands for 443) and `{machine}` (that machine's address).
    pub(crate) url: String,
    /// The first machine where none is given.
    pub(crate) machine: Option<String>,
    /// Aliases between the URL's host and the machine.
    #[serde(default)]
    pub(crate) cname: Vec<String>,
    #[serde(default)]
    pub(crate) domains: Vec<Domain>,
    #[serde(default)]
    pub(crate) defects: Vec<Defect>,
    /// What the pages are written in; UTF-8 where nothing is said.
    pub(crate) encoding: Option<String>,
    /// What the pages say they are written in.
    pub(crate) declared: Option<String>,
    #[serde(default)]
    pub(crate) status: Status,
    #[serde(default)]
    pub(crate) filings: Vec<Filing>,
    /// Platforms that the register declares.
    #[serde(default)]
    pub(crate) endpoints: Vec<Endpoint>,
    /// Further headers of every answer.
    #[serde(default)]
    pub(crate) headers: Vec<Header>,
    /// What the home page holds besides, by its name in `content.yaml`.
    #[serde(default)]
    pub(crate) snippets: Vec<String>,
    /// What it publishes otherwise than an exemplary site.
    #[serde(default)]
    pub(crate) contents: Contents,
    /// How its pages are written.
    #[serde(default)]
    pub(crate) style: Style,
    /// The register says that a browser must render it.
    #[serde(default)]
    pub(crate) render: bool,
    /// The register does not say which columns it has.
    #[serde(default)]
    pub(crate) undeclared: bool,
    /// Files besides the pages.
    #[serde(default)]
    pub(crate) files: Vec<File>,
    /// What the site answers to an address that does not exist; a friendly 404 where nothing is said.
    pub(crate) missing: Option<Missing>,
    /// What some visitors are shown in the place of it.
    #[serde(default)]
    pub(crate) cloaks: Vec<Cloak>,
    /// What its TLS port pretends to offer besides; nothing where nothing is said.
    #[serde(default)]
    pub(crate) forged: Vec<Forged>,
    /// The probes of the last seven days, as if a monitor had run; none where nothing is said.
    pub(crate) week: Option<Week>,
    /// The address its name had when somebody last vouched for it; as it is now where nothing is said.
    pub(crate) moved_from: Option<Ipv4Addr>,
    /// Ids of the rules that must find something here.
    #[serde(default)]
    pub(crate) labels: Vec<String>,
}

impl Site {
    /// Whether a defect was planted here.
    pub(crate) fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endpoint {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) expect: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) path: String,
    #[serde(rename = "type", default)]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) text: String,
    /// In the place of both: a paper of `content.yaml` made into such a file; the first notice leads to it.
    pub(crate) paper: Option<String>,
    pub(crate) make: Option<Kind>,
}

/// The answer to an address that does not exist.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Missing {
    pub(crate) status: u16,
    /// A page of `content.yaml`; the friendly one where nothing is said.
    pub(crate) snippet: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Week {
    /// Probes a day.
    pub(crate) a_day: u32,
    /// How many of the week failed.
    pub(crate) failed: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Domain {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) main: bool,
    /// Retired so many days ago.
    pub(crate) retired: Option<i64>,
    /// Retired, and still served.
    #[serde(default)]
    pub(crate) alive: bool,
}

impl Domain {
    /// Whether the name is still in the name system.
    pub(crate) fn resolves(&self) -> bool {
        self.retired.is_none() || self.alive
    }
}

/// Days since the event, as in the register.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Status {
    #[default]
    Running,
    Offline(i64),
    Closed(i64),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filing {
    /// As the register writes it.
    pub(crate) event: String,
    pub(crate) days_ago: i64,
    /// `{year}` is the year of the event.
    pub(crate) number: Option<String>,
    /// Whether the city portal made it public.
    pub(crate) published: bool,
}

impl Filing {
    /// The day of the event, in Asia/Shanghai.
    pub(crate) fn date(&self, now: DateTime<Utc>) -> NaiveDate {
        local_date(now) - Duration::days(self.days_ago)
    }

    /// The filing's number, when it has one.
    pub(crate) fn number(&self, now: DateTime<Utc>) -> Option<String> {
        let year = self.date(now).year().to_string();
        self.number.as_ref().map(|number| number.replace("{year}", &year))
    }
}

/// What is wrong with a site beyond what its register entry and its machine say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Defect {
    /// The URL's host does not exist.
    Nxdomain,
    /// It exists and has no address.
    Nodata,
    /// The name servers fail on it.
    Servfail,
    /// It has an address of an internal network.
    PrivateAddress,
    /// Its last alias does not exist.
    Dangling,
    /// Its zone has one name server.
    SingleNameserver,
    /// Its zone is not signed.
    Unsigned,
    /// Its zone is signed with another key than its parent vouches for.
    Bogus,
    /// Over IPv6 its connections are cut.
    Ipv6Dead,
    /// Every page answers 503.
    Unavailable,
    /// An anti-robot gateway answers 412 in its place.
    Gateway,
    /// The home page takes four seconds.
    Slow,
    /// `http://` stays `http://`.
    NoRedirect,
    /// The pages bear no tags of the site.
    NoTags,
    /// A tag says null, another an address in the place of a name.
    WrongTags,
    /// The footer says nothing.
    BareFooter,
    /// The footer says what is wrong: another site's code, dummy numbers, the retired entry, the mark's error picture.
    WrongFooter,
    /// No Strict-Transport-Security.
    NoHsts,
    /// None of the other headers that a careful site sends.
    BareHeaders,
    /// A gateway answers with a challenge and the status 200.
    Challenge,
    /// The certificate expired forty days ago.
    Expired,
    /// It expires in twelve days.
    #[serde(rename = "expiring-in-12-days")]
    ExpiringIn12Days,
    /// It expires in five days.
    #[serde(rename = "expiring-in-5-days")]
    ExpiringIn5Days,
    /// It becomes valid in three days.
    NotYetValid,
    /// It belongs to another host.
    WrongName,
    /// It is signed by itself.
    SelfSigned,
    /// It comes, whole chain and all, from an authority nobody knows.
    UnknownCa,
    /// The intermediate is not sent.
    IncompleteChain,
    /// Nothing newer than TLS 1.1 is spoken.
    OldTls,
    /// Its TLS port speaks nothing but what it pretends to.
    OnlyForged,
    /// A forgotten certificate with a short key and an old signature is sent along.
    OldCertificateInChain,
}

impl City {
    /// Reads the embedded data.
    pub(crate) fn load() -> Result<Self, Error> {
        serde_saphyr::from_str(include_str!("city.yaml"))
            .map_err(|error| Error::Data(format!("city.yaml: {error}")))
    }

    pub(crate) fn organ(&self, site: &Site) -> Result<&Organ, Error> {
        self.organs
            .iter()
            .find(|organ| organ.id == site.organ)
            .ok_or_else(|| Error::Data(format!("{}: no organ {}", site.id, site.organ)))
    }

    /// The machine a site lives on.
    pub(crate) fn machine(&self, site: &Site) -> Result<&Machine, Error> {
        let mut machines = self.machines.iter();
        match &site.machine {
            None => machines.next(),
            Some(name) => machines.find(|machine| machine.name == *name),
        }
        .ok_or_else(|| Error::Data(format!("{}: no such machine", site.id)))
    }

    /// The name of the region with this division code.
    pub(crate) fn place(&self, division: &str) -> &str {
        let region = self.regions.iter().find(|region| region.division == division);
        region.map_or(self.name.as_str(), |region| region.name.as_str())
    }
}
