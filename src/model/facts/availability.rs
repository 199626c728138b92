//! Whether the home page opens.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Reason;

/// Whether the home page opens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AvailabilityFacts {
    /// ok, degraded (it opens, with something wrong on the way), blocked or down.
    pub outcome: LookOutcome,
    /// Empty for ok; else why.
    pub reason: Reason,
    /// Each look at the home page: one, or two when the first failed.
    pub looks: Vec<LookFacts>,
}

/// One look at the home page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LookFacts {
    /// When it began (UTC).
    pub at: DateTime<Utc>,
    /// Empty when the page opened.
    pub reason: Reason,
    /// From the first connection attempt to the last byte.
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
