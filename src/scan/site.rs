//! One site's part of a report: what was seen, and what the rules say of it.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde_json::Value;
use xuncha_model::{
    Facts, Reason, Register, Score, Severity, Verdict,
    facts::LookOutcome,
    period::local_date,
    scan::{FindingView, SiteResult, UnknownView},
};
use xuncha_probe::Target;
use xuncha_rules::RuleSet;
use xuncha_store::Sample;

use crate::blame::touched;

/// A look with everything that follows from it.
pub(crate) struct Judged {
    pub(crate) facts: Facts,
    /// The facts as they are stored.
    pub(crate) json: Vec<u8>,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) result: SiteResult,
    /// Some part of it failed as it would over a cut line.
    pub(crate) touched: bool,
}

/// Judges fresh facts of a target.
///
/// # Errors
///
/// When the facts cannot be written as JSON, which is a bug of ours.
pub(crate) fn judge(
    rules: &RuleSet,
    target: &Target,
    facts: Facts,
) -> Result<Judged, serde_json::Error> {
    let json = serde_json::to_vec(&facts)?;
    let value = serde_json::to_value(&facts)?;
    let (verdicts, mut result) = judge_stored(rules, &value);
    if let Target::Bare(url) = target {
        result.id = name(target);
        result.name = name(target);
        result.url = url.to_string();
    }
    Ok(Judged { facts, json, verdicts, result, touched: touched(&value) })
}

/// The look as a probe of the home page; `None` where it says nothing of the site: it was void, a gateway answered, or our
/// TLS does not speak what the server speaks.
pub(crate) fn sample(facts: &Facts) -> Option<Sample> {
    let availability = facts.availability.seen()?;
    let last = availability.looks.last()?;
    let opened = match availability.outcome {
        LookOutcome::Ok => true,
        LookOutcome::Degraded => !unread(&last.reason),
        LookOutcome::Down => false,
        LookOutcome::Blocked | LookOutcome::Skipped => return None,
    };
    (opened || availability.outcome == LookOutcome::Down).then_some(Sample {
        at: last.at,
        opened,
        total_ms: last.total_ms,
    })
}

/// The server answered, and its page could not be read by us.
fn unread(reason: &Reason) -> bool {
    let codes =
        [Reason::TlsHandshake, Reason::TlsLegacy, Reason::TlsTlcpOnly, Reason::TlsClientCert];
    codes.contains(reason)
}

/// Judges facts as they are stored.
pub(crate) fn judge_stored(rules: &RuleSet, facts: &Value) -> (Vec<Verdict>, SiteResult) {
    let verdicts = rules.judge(facts);
    let day = read(facts, "/observed_at").map(local_date).unwrap_or_default();
    let score = rules.score(read(facts, "/site/kind"), &verdicts, day);
    let result = site_result(rules, facts, &verdicts, score);
    (verdicts, result)
}

/// A site's part of a report, from its facts (as JSON, old ones too), the verdicts over them and their score.
///
/// Findings come heaviest first, then by rule and target; two hits of one rule at one target are one finding. What the
/// facts do not hold is empty.
pub fn site_result(
    rules: &RuleSet,
    facts: &Value,
    verdicts: &[Verdict],
    score: Score,
) -> SiteResult {
    let mut findings: Vec<FindingView> = verdicts
        .iter()
        .filter_map(|verdict| Some((rules.rule(&verdict.rule)?, verdict)))
        .flat_map(|(rule, verdict)| verdict.hits.iter().map(move |hit| FindingView::new(rule, hit)))
        .collect();
    let mut met = HashSet::new();
    findings.retain(|finding| met.insert((finding.rule.clone(), finding.target.clone())));
    findings.sort_by(|a, b| {
        b.severity.cmp(&a.severity).then_with(|| (&a.rule, &a.target).cmp(&(&b.rule, &b.target)))
    });
    let (outcome, reason) = outcome(facts);
    let opened =
        text(facts, "/http/home/reason").is_empty() && facts.pointer("/http/home/hops").is_some();
    let veto = findings.iter().any(|finding| finding.severity == Severity::Veto);
    SiteResult {
        id: text(facts, "/site/id"),
        name: text(facts, "/site/name"),
        url: text(facts, "/site/url"),
        sponsor: text(facts, "/site/sponsor"),
        region: text(facts, "/site/region"),
        observed_at: read(facts, "/observed_at"),
        outcome,
        reason,
        veto: veto || !score.vetoes.is_empty(),
        score: score.total.map(f64::from),
        scoring: score,
        pages: read(facts, "/crawl/pages").unwrap_or(u32::from(opened)),
        requests: read(facts, "/requests").unwrap_or_default(),
        home_ms: if opened { read(facts, "/http/home/total_ms").unwrap_or_default() } else { 0 },
        title: if opened { text(facts, "/http/home/title") } else { String::new() },
        crawl: read(facts, "/crawl"),
        columns: read(facts, "/columns").unwrap_or_default(),
        findings,
        unknown: verdicts.iter().filter_map(UnknownView::of).collect(),
        facts: None,
    }
}

/// The part of a site that nobody looked at, and why: every rule is unknown.
pub(crate) fn skipped(
    rules: &RuleSet,
    register: &Register,
    target: &Target,
    reason: Reason,
) -> SiteResult {
    let unknown = rules.rules().map(|rule| UnknownView {
        rule: rule.id.clone(),
        why: reason.clone(),
        path: String::new(),
        detail: String::new(),
    });
    let mut result = SiteResult {
        id: name(target),
        name: name(target),
        url: target.url().to_string(),
        sponsor: String::new(),
        region: String::new(),
        observed_at: None,
        outcome: LookOutcome::Skipped,
        reason: reason.clone(),
        veto: false,
        score: None,
        scoring: Score::default(),
        pages: 0,
        requests: 0,
        home_ms: 0,
        title: String::new(),
        crawl: None,
        columns: Vec::new(),
        findings: Vec::new(),
        unknown: unknown.collect(),
        facts: None,
    };
    if let Target::Registered(site) = target {
        result.name.clone_from(&site.name);
        if let Some(sponsor) = register.organ(&site.sponsor) {
            result.sponsor.clone_from(&sponsor.name);
            let region = register.region(&sponsor.region);
            result.region = region.map(|region| region.name.clone()).unwrap_or_default();
        }
    }
    result
}

/// What a target is called in a report: the site's id, or host and port.
pub(crate) fn name(target: &Target) -> String {
    match target {
        Target::Registered(site) => site.id.clone(),
        Target::Bare(url) => {
            let host = url.host_str().unwrap_or_default();
            url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
        }
    }
}

/// What came of the look: the availability, or why it was not seen.
fn outcome(facts: &Value) -> (LookOutcome, Reason) {
    match read(facts, "/availability/outcome") {
        Some(outcome) => (outcome, read(facts, "/availability/reason").unwrap_or_default()),
        None => {
            let why = read(facts, "/availability/unseen/reason");
            (LookOutcome::Skipped, why.unwrap_or(Reason::NotLooked))
        }
    }
}

fn text(facts: &Value, path: &str) -> String {
    facts.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn read<T: DeserializeOwned>(facts: &Value, path: &str) -> Option<T> {
    facts.pointer(path).and_then(|value| T::deserialize(value).ok())
}
