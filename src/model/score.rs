//! The national scoring shape: veto, capped deductions, bonus, and what only a person can judge.

use serde::{Deserialize, Serialize};

/// Points in hundredths, so that sums are exact: the deductions go down to 0.01 (国办秘函〔2019〕19号).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(from = "f64", into = "f64")]
pub struct Points(pub i64);

impl From<f64> for Points {
    fn from(points: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "points are below a thousand")]
        Self((points * 100.0).round() as i64)
    }
}

impl From<Points> for f64 {
    fn from(points: Points) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "points are below a thousand")]
        let hundredths = points.0 as Self;
        hundredths / 100.0
    }
}

/// The score of one site under one version of the rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Rules whose veto hit; any makes the site unqualified.
    pub vetoes: Vec<String>,
    /// The total of the indicators that a machine can judge; `None` with a veto, for a site that the
    /// indicators do not cover (departments), or where nothing could be judged.
    pub total: Option<Points>,
    /// One entry an indicator.
    pub indicators: Vec<Indicator>,
    /// The total rests on points that nobody has checked against the official text (待核).
    pub unverified: bool,
}

/// One indicator of the score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// Stable id: `domain-name`.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// Full points.
    pub full: Points,
    /// What was taken off, at most `full`.
    pub deducted: Points,
    /// Who judged it.
    pub state: IndicatorState,
    /// The points were checked against the official text.
    pub verified: bool,
    /// What was taken off for what.
    pub deductions: Vec<Deduction>,
}

/// How an indicator came to its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndicatorState {
    /// Every rule under it was judged.
    Judged,
    /// Some rule under it was unknown.
    Unknown,
    /// Only a person can judge it (需人工核查).
    Manual,
}

/// What one rule took off an indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deduction {
    /// The rule's id.
    pub rule: String,
    /// How many hits counted.
    pub hits: usize,
    /// Points taken off before the cap of the indicator.
    pub points: Points,
}
