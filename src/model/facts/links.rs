//! Links: which of them open, counted apart by where they stand and where they lead.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Reason;

/// The links of a site, each address counted once, at the first place that holds it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LinkFacts {
    /// On the home page, wherever they lead.
    pub home: LinkTally,
    /// To pages of the site, on other pages.
    pub inner: LinkTally,
    /// To files to download, on any page but home.
    pub attachment: LinkTally,
    /// To other hosts, on any page but home.
    pub foreign: LinkTally,
    /// Links that do not open, looked at twice; at most 500, those of the home page first. Those that were found broken
    /// before and open now, or are gone from their page, follow with an empty reason.
    pub broken: Vec<BrokenLink>,
    /// Broken links that are not in the list.
    pub broken_left_out: u32,
    /// Links to sites that are not the government's, from pages without a leaving notice; at most 20.
    pub unannounced: Vec<ForeignLink>,
    /// How many there are in all.
    pub unannounced_count: u32,
}

/// How links of one class came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkTally {
    /// Addresses that were looked at.
    pub checked: u32,
    /// Opened.
    pub good: u32,
    /// Did not open, at the second look either.
    pub broken: u32,
    /// Not known: a gateway answered, robots.txt forbids, our own fault, the second look is still to come.
    pub unknown: u32,
}

/// A link that does not open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BrokenLink {
    /// Where it leads.
    pub url: String,
    /// home, inner, attachment or foreign.
    pub class: String,
    /// The page that holds it.
    pub holder: String,
    /// The words of the link, or what it is where it has none: `<img>`.
    pub text: String,
    /// Further pages that hold it.
    pub further: u32,
    /// What came of the last look that told; empty when it opened, or the link is gone from the page.
    pub reason: Reason,
    /// The title of a page that says it does not exist, whatever its status; else empty.
    pub says: String,
    /// When it was first found broken.
    pub first_at: DateTime<Utc>,
    /// When it was looked at last and the look told.
    pub last_at: DateTime<Utc>,
    /// How often it was looked at, at least twice.
    pub looks: u32,
}

/// A link to a site that is not the government's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForeignLink {
    /// Where it leads.
    pub url: String,
    /// The page that holds it.
    pub holder: String,
    /// The words of the link.
    pub text: String,
}
