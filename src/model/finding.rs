//! A finding (问题): one lasting trouble of one site, and how a new verdict moves it.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{Audience, Hit, Rule, Severity, Verdict, period::local_date};

/// One lasting trouble; site, rule and target identify it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Number in the store, never reused; 0 before it is stored.
    pub id: i64,
    /// The site's id.
    pub site: String,
    /// The rule's id.
    pub rule: String,
    /// What it is about.
    pub target: String,
    /// Where it stands.
    pub state: State,
    /// The rule's title when last seen.
    pub title: String,
    /// Severity when last seen.
    pub severity: Severity,
    /// Legal basis.
    pub basis: String,
    /// What is wrong, as last seen.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
    /// Who may read it.
    pub audience: Audience,
    /// The facts it rests on, as last seen.
    pub evidence: serde_json::Map<String, serde_json::Value>,
    /// First seen.
    pub opened_at: DateTime<Utc>,
    /// Last seen.
    pub last_seen_at: DateTime<Utc>,
    /// Seen to be gone.
    pub closed_at: Option<DateTime<Utc>>,
    /// How often it came back.
    pub reopened: u32,
    /// Day in Asia/Shanghai by which it is to be mended, counted from the (re)opening.
    pub due: Option<NaiveDate>,
}

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Seen, not yet taken up.
    Open,
    /// Somebody has taken it up.
    Acknowledged,
    /// Seen to be gone.
    Closed,
    /// Set aside with a reason.
    Suppressed,
}

impl State {
    /// The trouble counts as present.
    pub fn is_live(self) -> bool {
        self != Self::Closed
    }
}

/// What a verdict does to a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was not there before.
    Opened,
    /// It is still there.
    Lasted,
    /// It was gone and is back.
    Reopened,
    /// It is gone.
    Closed,
}

/// Applies one rule's verdict to the findings this rule has at this site.
///
/// `known` holds every finding of `(site, rule)`, closed ones too. The answer holds only those that change. A finding
/// closes only when the rule was judged whole and did not hit its target: an unknown verdict moves nothing, and a rule
/// that no longer applies closes what it had. Of a list that was seen in part, only what passed closes.
pub fn apply(
    known: &[Finding],
    site: &str,
    rule: &Rule,
    verdict: &Verdict,
    at: DateTime<Utc>,
) -> Vec<(Change, Finding)> {
    let mut changes = Vec::new();
    for hit in &verdict.hits {
        let old = known.iter().find(|finding| finding.target == hit.target);
        changes.push(match old {
            None => (Change::Opened, opened(site, rule, hit, at)),
            Some(old) if old.state.is_live() => (Change::Lasted, seen_again(old, rule, hit, at)),
            Some(old) => {
                let mut back = seen_again(old, rule, hit, at);
                back.state = State::Open;
                back.closed_at = None;
                back.reopened += 1;
                back.due = due(rule, at);
                (Change::Reopened, back)
            }
        });
    }
    if verdict.unknown.is_none() {
        let gone = known.iter().filter(|finding| {
            let looked_at = verdict.passed.as_ref().is_none_or(|at| at.contains(&finding.target));
            finding.state.is_live()
                && looked_at
                && !verdict.hits.iter().any(|hit| hit.target == finding.target)
        });
        changes.extend(gone.map(|finding| {
            let closed = Finding { state: State::Closed, closed_at: Some(at), ..finding.clone() };
            (Change::Closed, closed)
        }));
    }
    changes
}

fn opened(site: &str, rule: &Rule, hit: &Hit, at: DateTime<Utc>) -> Finding {
    Finding {
        id: 0,
        site: site.to_owned(),
        rule: rule.id.clone(),
        target: hit.target.clone(),
        state: State::Open,
        title: rule.title.clone(),
        severity: hit.severity,
        basis: rule.basis.clone(),
        message: hit.message.clone(),
        remedy: hit.remedy.clone(),
        audience: rule.audience,
        evidence: hit.evidence.clone(),
        opened_at: at,
        last_seen_at: at,
        closed_at: None,
        reopened: 0,
        due: due(rule, at),
    }
}

fn seen_again(old: &Finding, rule: &Rule, hit: &Hit, at: DateTime<Utc>) -> Finding {
    Finding {
        id: old.id,
        state: old.state,
        opened_at: old.opened_at,
        closed_at: old.closed_at,
        reopened: old.reopened,
        due: old.due,
        ..opened(&old.site, rule, hit, at)
    }
}

fn due(rule: &Rule, at: DateTime<Utc>) -> Option<NaiveDate> {
    rule.due_days.map(|days| local_date(at + Duration::days(i64::from(days))))
}
