//! Whether the home page opens, today and over the week, and whether the registered platforms do.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Reason, Seen};

/// Whether the home page opens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AvailabilityFacts {
    /// ok, degraded (it opens, with something wrong on the way), blocked or down.
    pub outcome: LookOutcome,
    /// Empty for ok; else why.
    pub reason: Reason,
    /// Each look at the home page: one, or two when the first failed.
    pub looks: Vec<LookFacts>,
    /// The anti-robot gateway that answered in the site's place; unseen where none did.
    pub gateway: Seen<GatewayFacts>,
    /// The probes of the seven days before the look; unseen without a store. Whether they are enough the rules say.
    pub week: Seen<WeekFacts>,
    /// The registered interaction and service platforms; unseen where the register declares none.
    pub endpoints: Seen<Vec<EndpointFacts>>,
}

/// One look at the home page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LookFacts {
    /// When it began (UTC).
    pub at: DateTime<Utc>,
    /// Empty when the page opened.
    pub reason: Reason,
    /// The phase it ended in: dns, connect, tls, request, body or done.
    pub phase: Phase,
    /// From the first connection attempt to the last byte.
    pub total_ms: u32,
}

/// How far a visit got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Resolving the name.
    Dns,
    /// Making the connection.
    Connect,
    /// Shaking hands.
    Tls,
    /// Waiting for the head of the answer.
    Request,
    /// Reading the body.
    Body,
    /// The answer was had whole, whatever it says.
    Done,
}

/// An anti-robot gateway, and what it was known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GatewayFacts {
    /// The name in `rules/lists/gateways.yaml`; the status where only that told.
    pub name: String,
    /// What was seen: the header, cookie or words of the page.
    pub evidence: String,
}

/// What the stored probes of seven days say (检查指标, 单项否决 2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WeekFacts {
    /// First day (Asia/Shanghai).
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// Probes that count: void ones, and those a gateway answered, are left out.
    pub probes: u32,
    /// Probes that count on the day with the fewest; 0 where a day has none.
    pub fewest_a_day: u32,
    /// Probes that failed, or took 15.000 s or more.
    pub failed: u32,
    /// Share of those, in hundredths of a percent: 5 % is 500.
    pub failed_bp: u32,
    /// The longest time a successful probe took.
    pub slowest_ms: u32,
}

/// A registered platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointFacts {
    /// Its name in the register.
    pub name: String,
    /// Its registered address.
    pub url: String,
    /// What a good answer contains; empty where the register says nothing.
    pub expect: String,
    /// Empty when a page was had; else what went wrong, after a second look.
    pub reason: Reason,
    /// The status; 0 without an answer.
    pub status: u16,
    /// The page holds what a good answer contains, or nothing is asked of it; unseen when the page was not had.
    pub as_expected: Seen<bool>,
    /// The page's title.
    pub title: String,
    /// Time of the visit.
    pub total_ms: u32,
}

/// What came of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LookOutcome {
    /// The home page opens.
    Ok,
    /// It opens, with something wrong on the way (a bad certificate).
    Degraded,
    /// An anti-robot gateway answers in its place: neither up nor down.
    Blocked,
    /// It does not open, after a second look.
    Down,
    /// Nobody looked, or the look was void.
    Skipped,
}
