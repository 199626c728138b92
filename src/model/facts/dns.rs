//! What the name system answers.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Reason, Seen};

/// What the name system answers for every name of the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DnsFacts {
    /// One entry a registered name that is not retired, the URL's host first.
    pub names: Vec<NameAnswer>,
    /// Name servers of the zone the site's host lies in.
    pub nameservers: Seen<Vec<String>>,
    /// That zone and its servers, each asked by itself; unseen for a host that is an address.
    pub zone: Seen<ZoneFacts>,
    /// Whether the answer for the site's host is signed, validated from the trust anchor down by ourselves.
    pub dnssec: Seen<DnssecFacts>,
    /// What further recursive resolvers answer for the site's host; unseen where the operator names none.
    pub resolvers: Seen<Vec<ResolverAnswer>>,
    /// What differs from the confirmed baseline; unseen until there is one.
    pub drift: Seen<DnsDrift>,
}

/// The answers for one name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NameAnswer {
    /// The name asked for, ASCII.
    pub name: String,
    /// Empty, or the `dns.*` reason why it has no address.
    pub reason: Reason,
    /// IPv4 addresses.
    pub a: Vec<String>,
    /// IPv6 addresses.
    pub aaaa: Vec<String>,
    /// The alias chain, in order.
    pub cname: Vec<String>,
    /// The last alias, when the name it leads to does not exist (NXDOMAIN); empty otherwise.
    pub dangling: String,
    /// Empty, or why the question for one of the two kinds of address got no answer while the other one has addresses.
    pub partial: Reason,
    /// The addresses that are not public (IANA special registries) and that nobody allowed.
    pub private: Vec<String>,
    /// Time the answer took.
    pub took_ms: u32,
}

/// The zone of the site's host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ZoneFacts {
    /// Name of the zone.
    pub name: String,
    /// Its servers, in the order of their names.
    pub servers: Vec<NameServer>,
    /// How many networks (IPv4 /24, IPv6 /48) the servers' addresses lie in; over IPv4 alone where every server has it.
    pub networks: u32,
    /// The SOA record.
    pub soa: Seen<Soa>,
    /// CAA records that hold for the host (RFC 8659: the nearest ancestor that has any); empty when there are none.
    pub caa: Seen<Vec<Caa>>,
    /// Every server that answered gives the same addresses for the site's host.
    pub agree: Seen<bool>,
}

/// One name server of the zone, asked by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NameServer {
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<String>,
    /// Empty when it answered; else why not.
    pub reason: Reason,
    /// It answered with authority (AA).
    pub authoritative: bool,
    /// The serial of the SOA it gave; 0 when it gave none.
    pub serial: u32,
    /// The addresses and aliases it gives for the site's host, sorted.
    pub answer: Vec<String>,
}

/// A start-of-authority record (RFC 1035, 3.3.13); times are seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Soa {
    /// The primary server.
    pub primary: String,
    /// The mailbox of the person in charge, as a name.
    pub contact: String,
    /// Serial number.
    pub serial: u32,
    /// Time between two refreshes.
    pub refresh: i32,
    /// Time between two tries.
    pub retry: i32,
    /// Time after which a secondary server stops answering.
    pub expire: i32,
    /// Time a negative answer may be kept (RFC 2308).
    pub minimum: u32,
}

/// A certification-authority-authorization record (RFC 8659).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Caa {
    /// The name it stands at.
    pub at: String,
    /// An unknown property must not be passed over.
    pub critical: bool,
    /// issue, issuewild, iodef or another property.
    pub tag: String,
    /// Its value.
    pub value: String,
}

/// What DNSSEC says (RFC 4035, 4.3) of the records at the host's own name; bogus when any link of its alias chain is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DnssecFacts {
    /// secure, insecure or bogus.
    pub state: DnssecState,
    /// What a person may want to know; may be empty.
    pub detail: String,
}

/// The security state of an answer (RFC 4035, 4.3); what is indeterminate is unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DnssecState {
    /// A chain of signatures leads from the trust anchor to the answer.
    Secure,
    /// It is proven that the zone is not signed.
    Insecure,
    /// It should be signed, and the signature does not validate.
    Bogus,
}

/// What a further resolver answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResolverAnswer {
    /// Its address and port.
    pub resolver: String,
    /// Empty, or why it gave no address.
    pub reason: Reason,
    /// The addresses, sorted.
    pub addresses: Vec<String>,
    /// The last name of the alias chain; empty without aliases.
    pub alias: String,
}

/// What a confirmed baseline holds. Names behind an alias are known by the alias: its addresses are the platform's business.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DnsBaseline {
    /// The site's host; a baseline of another host says nothing.
    pub host: String,
    /// Addresses of the site's host, sorted; empty where it has an alias.
    pub addresses: Vec<String>,
    /// The first alias of the site's host: what it leads to behind that is the platform's business.
    pub aliases: Vec<String>,
    /// Name servers of the zone, sorted.
    pub nameservers: Vec<String>,
}

/// A baseline, and who vouches for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmedBaseline {
    /// What was confirmed.
    pub baseline: DnsBaseline,
    /// When it was confirmed (UTC).
    pub confirmed_at: DateTime<Utc>,
    /// Who confirmed it; `first look` when nobody has yet.
    pub confirmed_by: String,
}

impl ConfirmedBaseline {
    /// Stands for the person where nobody has confirmed a baseline yet.
    pub const FIRST_LOOK: &str = "first look";
}

/// What differs from the confirmed baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DnsDrift {
    /// When the baseline was confirmed (UTC).
    pub confirmed_at: DateTime<Utc>,
    /// Who confirmed it; `first look` when nobody has yet.
    pub confirmed_by: String,
    /// Addresses or aliases that the baseline does not hold.
    pub added: Vec<String>,
    /// Addresses or aliases of the baseline that are gone.
    pub removed: Vec<String>,
    /// Name servers that the baseline does not hold.
    pub nameservers_added: Vec<String>,
    /// Name servers of the baseline that are gone.
    pub nameservers_removed: Vec<String>,
}
