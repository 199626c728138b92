//! A rule as plain data: what it judges, on what basis, and what to do about it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding weighs; the order is from light to heavy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A person may want to look; never a fault.
    Advice,
    /// A fault of form.
    Minor,
    /// A fault that hinders people or safety.
    Major,
    /// A fault that cannot wait.
    Critical,
    /// 单项否决: one such finding fails the site (国办秘函〔2019〕19号).
    Veto,
}

impl Severity {
    /// Every severity by the word that files, JSON and SQL use.
    pub const WORDS: &[(&str, Self)] = &[
        ("veto", Self::Veto),
        ("critical", Self::Critical),
        ("major", Self::Major),
        ("minor", Self::Minor),
        ("advice", Self::Advice),
    ];
}

/// Who may read a finding.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Anybody: it may stand in a report on the portal.
    Public,
    /// The sponsor and the office.
    Internal,
    /// The named few, masked (leaks).
    Confidential,
}

/// Whether a finding is told at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Alert {
    /// Night and day.
    Critical,
    /// In working hours.
    Warning,
    /// Only in reports.
    None,
}

/// What a rule says of itself; the compiled condition lives in `rules`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// `family.stem`, a contract (rule-catalog.tsv).
    pub id: String,
    /// Chinese, a noun phrase.
    pub title: String,
    /// The clause the rule rests on.
    pub basis: String,
    /// How much a hit weighs.
    pub severity: Severity,
    /// Whether a hit is told at once.
    pub alert: Alert,
    /// Who may read a hit.
    pub audience: Audience,
    /// The list whose elements are judged one by one as `it`; `None` judges the site once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// Where it does not hold the rule does not apply (CEL); `None` applies always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies: Option<String>,
    /// Where it does not hold the facts do not suffice, and the rule is unknown (CEL); `None` needs nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// The condition that makes a finding (CEL).
    pub when: String,
    /// Numbers and lists the condition and the texts use as `params`.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// Template of what the finding is about (a name, a URL).
    pub target: String,
    /// Template of what is wrong, Chinese.
    pub message: String,
    /// Template of how to mend it, Chinese.
    pub remedy: String,
    /// Days to mend it; `None` where nothing is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_days: Option<u32>,
    /// A person has to confirm before anybody is accused.
    pub confirm: bool,
    /// Where the rule was read: file and line.
    pub source: String,
}

impl Rule {
    /// The part of the id before the dot: `tls`.
    pub fn family(&self) -> &str {
        self.id.split('.').next().unwrap_or(&self.id)
    }
}
