//! The score of a site: veto, capped deductions, and what only a person can judge listed as such.
//!
//! # Decisions
//!
//! The total sums the indicators that were judged, and those alone: what a person must judge (需人工核查) and what
//! could not be seen counts neither for nor against the site. So the pass mark and the bonus, which hold for all 100
//! points, are not applied to it. A finding that a person has to confirm takes nothing off before that.

use chrono::NaiveDate;
use xuncha_model::{
    Score, Verdict,
    register::SiteKind,
    score::{Deduction, Indicator, IndicatorState, Points},
};

use crate::{
    RuleSet,
    scoring::{Deduct, Item, Scoring},
};

/// The score under these verdicts; `kind` is unknown for a name that is in no register.
pub(crate) fn score(
    scoring: &Scoring,
    rules: &RuleSet,
    kind: Option<SiteKind>,
    verdicts: &[Verdict],
    day: NaiveDate,
) -> Score {
    let confirmed =
        |verdict: &&Verdict| rules.rule(&verdict.rule).is_some_and(|rule| !rule.confirm);
    let vetoes = verdicts.iter().filter(confirmed).filter(|verdict| {
        scoring.veto.is_some_and(|veto| verdict.hits.iter().any(|hit| hit.severity >= veto))
    });
    let vetoes: Vec<String> = vetoes.map(|verdict| verdict.rule.clone()).collect();
    if !kind.is_some_and(|kind| scoring.covers.contains(&kind)) {
        return Score { vetoes, ..Score::default() };
    }
    let in_force = |item: &&Item| item.effective_from.is_none_or(|from| from <= day);
    let items = scoring.indicators.iter().filter(in_force);
    let indicators: Vec<Indicator> = items.map(|item| indicator(item, rules, verdicts)).collect();
    let judged = || indicators.iter().filter(|indicator| indicator.state == IndicatorState::Judged);
    let sum: i64 = judged().map(|indicator| indicator.full.0 - indicator.deducted.0).sum();
    let total = (vetoes.is_empty() && judged().next().is_some()).then_some(Points(sum));
    let unverified = total.is_some() && judged().any(|indicator| !indicator.verified);
    Score { vetoes, total, indicators, unverified }
}

fn indicator(item: &Item, rules: &RuleSet, verdicts: &[Verdict]) -> Indicator {
    let in_force: Vec<&Deduct> =
        item.deduct.iter().filter(|deduct| rules.rule(&deduct.rule).is_some()).collect();
    let mut state = if item.manual || in_force.is_empty() {
        IndicatorState::Manual
    } else {
        IndicatorState::Judged
    };
    let mut deductions = Vec::new();
    for deduct in in_force {
        let verdict = verdicts.iter().find(|verdict| verdict.rule == deduct.rule);
        let unknown = verdict.is_none_or(|verdict| verdict.applies && verdict.unknown.is_some());
        let hits = verdict.map_or(0, |verdict| verdict.hits.len());
        let unconfirmed = hits > 0 && rules.rule(&deduct.rule).is_some_and(|rule| rule.confirm);
        if state == IndicatorState::Judged && (unknown || unconfirmed) {
            state = IndicatorState::Unknown;
        }
        if hits > 0 && !unconfirmed {
            let hits_counted = i64::try_from(hits).unwrap_or(i64::MAX);
            let points = Points(deduct.points.0.saturating_mul(hits_counted));
            let points = deduct.most.map_or(points, |most| points.min(most));
            deductions.push(Deduction { rule: deduct.rule.clone(), hits, points });
        }
    }
    let sum = Points(deductions.iter().map(|deduction| deduction.points.0).sum());
    Indicator {
        id: item.id.clone(),
        title: item.title.clone(),
        full: item.full,
        deducted: sum.min(item.full),
        state,
        verified: item.verified,
        deductions,
    }
}
