//! The result of a scan as `scan --format json` prints it: schema `xuncha.scan/1` (DESIGN §4.2).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Audience, Facts, Hit, Reason, Rule, Score, Severity, Verdict,
    facts::{ColumnFacts, CrawlFacts, LookOutcome},
};

/// The name and version of the JSON form.
pub const SCHEMA: &str = "xuncha.scan/1";

/// A whole scan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// From where it was taken.
    pub vantage: String,
    /// Version of the program that scanned.
    pub program_version: String,
    /// SHA-256 over the rules in force, shortened: the same rules give the same version.
    pub rules_version: String,
    /// Name of the city.
    pub city: String,
    /// Why the whole round is void; empty when it is not.
    pub void: Reason,
    /// What a person may want to know of that; may be empty.
    pub void_detail: String,
    /// One entry a site, in the order of the register.
    pub sites: Vec<SiteResult>,
}

/// One site's part of a scan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteResult {
    /// The site's id.
    pub id: String,
    /// Name of the site.
    pub name: String,
    /// Registered address.
    pub url: String,
    /// Full name of the sponsor.
    pub sponsor: String,
    /// Name of the region.
    pub region: String,
    /// When the look began; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: LookOutcome,
    /// Empty for ok.
    pub reason: Reason,
    /// A veto hit.
    pub veto: bool,
    /// Points of the machine-checkable part; null where the indicators do not cover the site.
    pub score: Option<f64>,
    /// The score in full.
    pub scoring: Score,
    /// Pages read.
    pub pages: u32,
    /// Requests made.
    pub requests: u32,
    /// From the first connection attempt to the last byte of the home page; 0 when it did not open.
    pub home_ms: u32,
    /// The home page's title; empty when it did not open.
    pub title: String,
    /// How the crawl went; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crawl: Option<CrawlFacts>,
    /// The columns that the crawl saw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnFacts>,
    /// What is wrong, heaviest first.
    pub findings: Vec<FindingView>,
    /// What could not be judged.
    pub unknown: Vec<UnknownView>,
    /// With `--facts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Box<Facts>>,
}

/// A finding as a scan shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingView {
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The clause it rests on.
    pub basis: String,
    /// What it is about.
    pub target: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
    /// The facts it rests on.
    pub evidence: serde_json::Map<String, serde_json::Value>,
    /// Who may read it.
    pub audience: Audience,
    /// A person has to confirm it first.
    pub confirm: bool,
}

impl FindingView {
    /// A hit of a rule, as a scan shows it.
    pub fn new(rule: &Rule, hit: &Hit) -> Self {
        Self {
            rule: rule.id.clone(),
            title: rule.title.clone(),
            severity: hit.severity,
            basis: rule.basis.clone(),
            target: hit.target.clone(),
            message: hit.message.clone(),
            remedy: hit.remedy.clone(),
            evidence: hit.evidence.clone(),
            audience: rule.audience,
            confirm: rule.confirm,
        }
    }
}

/// A rule that could not judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownView {
    /// The rule's id.
    pub rule: String,
    /// The reason code.
    pub why: Reason,
    /// The path of the unseen fact.
    pub path: String,
    /// What a person may want to know besides; may be empty.
    pub detail: String,
}

impl UnknownView {
    /// What a verdict left unjudged; `None` where it judged everything.
    pub fn of(verdict: &Verdict) -> Option<Self> {
        let unknown = verdict.unknown.as_ref()?;
        Some(Self {
            rule: verdict.rule.clone(),
            why: unknown.why.reason.clone(),
            path: unknown.path.clone(),
            detail: unknown.why.detail.clone(),
        })
    }
}
