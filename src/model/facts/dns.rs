//! What the name system answers.

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
    /// The addresses that are not public (IANA special registries) and that nobody allowed.
    pub private: Vec<String>,
    /// Time the answer took.
    pub took_ms: u32,
}
