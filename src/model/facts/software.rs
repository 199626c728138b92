//! Software that a site discloses without being asked, and what is known of its age.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Seen;

/// One product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SoftwareFacts {
    /// Its id in `rules/lists/fingerprints.yaml`: nginx, jquery, …
    pub product: String,
    /// Its name for people.
    pub name: String,
    /// server, runtime, framework, script, editor, cms, office, plugin or gateway.
    pub kind: String,
    /// The version as disclosed; empty when none was: no version, no verdict, unless the product ended as a whole (Flash).
    pub version: String,
    /// The version discloses an exact release, not a branch only.
    pub exact: bool,
    /// The release cycle in `rules/lists/eol.csv`; empty when none fits.
    pub cycle: String,
    /// Whether its support has ended on the day of the look.
    pub eol: Eol,
    /// The day support ended or ends; unseen where it is not known.
    pub eol_date: Seen<NaiveDate>,
    /// Days since support ended; 0 where it has not, or where the day is not known.
    pub eol_days: i64,
    /// What the end of life rests on: upstream, distribution (the operating system's), or nothing (empty).
    pub basis: String,
    /// The distribution's release the version points to: CentOS 7; empty where none.
    pub distribution: String,
    /// Until when those who buy it still get the distribution's repairs; `None` where that is not sold, or is over too.
    pub paid_until: Option<NaiveDate>,
    /// The latest release of the cycle; empty when unknown.
    pub latest: String,
    /// The branch is supported, and this is not its latest release, and no distribution's back-port explains it.
    pub outdated: bool,
    /// Where the data of the end of life come from.
    pub source: String,
    /// The banner, quoted.
    pub evidence: String,
    /// Where the banner was seen: header, cookie, meta, script, style, comment, page.
    pub place: String,
    /// The address of the page or file it was seen at.
    pub url: String,
    /// It is said of a front end (CDN, cloud protection), not of the site's own server.
    pub front_end: bool,
}

/// Whether support has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Eol {
    /// It has.
    Yes,
    /// It has not.
    No,
    /// Upstream's has, but a distribution may still mend this version, or the source is not sure enough.
    Uncertain,
    /// Not known.
    Unknown,
}
