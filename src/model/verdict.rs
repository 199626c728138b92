//! What one rule says of one site.

use serde::{Deserialize, Serialize};

use crate::{Severity, Unseen};

/// What a rule found wrong with one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// A name, a URL, a column: with the rule and the site it identifies the trouble.
    pub target: String,
    /// The rule's severity, or the other one its `escalate` gave.
    pub severity: Severity,
    /// What is wrong, rendered.
    pub message: String,
    /// How to mend it, rendered.
    pub remedy: String,
    /// The facts the condition read: path ▸ value, small.
    pub evidence: serde_json::Map<String, serde_json::Value>,
}

/// Pass, fail, unknown or not-applicable of one rule for one site.
///
/// The states cannot contradict each other: hits make a fail, and an `unknown` beside hits says that
/// some elements could not be judged (their old findings stay open).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The rule's id.
    pub rule: String,
    /// What was found wrong; empty unless the rule failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hits: Vec<Hit>,
    /// An unseen fact was touched: which, and why it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Unknown>,
    /// The rule is meant for this site.
    pub applies: bool,
    /// Where the list that the rule judges was seen in part only: the targets that were judged and passed. An old finding
    /// at another target was not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<Vec<String>>,
}

/// The unseen fact that kept a rule from judging.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// The fact's path: `tls.chain`.
    pub path: String,
    /// Why it is missing.
    pub why: Unseen,
}

/// The four answers of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Judged, and in order.
    Pass,
    /// Judged, and something is wrong.
    Fail,
    /// Could not be judged.
    Unknown,
    /// Not meant for this site.
    NotApplicable,
}

impl Verdict {
    /// The answer in one word.
    pub fn outcome(&self) -> Outcome {
        if !self.hits.is_empty() {
            Outcome::Fail
        } else if !self.applies {
            Outcome::NotApplicable
        } else if self.unknown.is_some() {
            Outcome::Unknown
        } else {
            Outcome::Pass
        }
    }
}
