//! Judges stored facts again under the present rules: nothing here can reach the network.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use serde_json::Value;
use xuncha_model::{
    Reason, Rule, Verdict,
    facts::LookOutcome,
    scan::{Report, SCHEMA, SiteResult},
};
use xuncha_rules::RuleSet;
use xuncha_store::{Clock, Store, StoredFacts};

use crate::{
    Error,
    round::panic_text,
    site::{judge_stored, site_result},
};

/// Judges the latest facts of every site, or all facts since a moment; the report has one entry a look, oldest scan first.
///
/// Findings move by the latest look of each site only, and carry the moment of that look: older looks are shown as they
/// would have been judged. Looks are read one by one, whatever their number.
///
/// # Errors
///
/// Our own trouble with the store.
pub async fn recheck(
    store: &Store,
    rules: &RuleSet,
    since: Option<DateTime<Utc>>,
    clock: Clock<'_>,
) -> Result<Report, Error> {
    let started_at = clock();
    let last = store.scans(1).await?.pop();
    let mut vantages: Vec<String> = Vec::new();
    let mut sites = Vec::new();
    let mut looks = store.facts(since);
    while let Some(look) = looks.next().await {
        let look = look?;
        let facts: Value = serde_json::from_slice(&look.facts).map_err(|source| Error::Facts {
            site: look.site.clone(),
            scan: look.scan,
            source,
        })?;
        let vantage = facts.pointer("/vantage").and_then(Value::as_str).unwrap_or_default();
        if !vantages.iter().any(|known| known == vantage) {
            vantages.push(vantage.to_owned());
        }
        sites.push(again(store, rules, &look, &facts).await?);
    }
    Ok(Report {
        schema: SCHEMA.to_owned(),
        started_at,
        finished_at: clock(),
        vantage: vantages.join(", "),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        rules_version: rules.version().to_owned(),
        city: last.map(|scan| scan.city).unwrap_or_default(),
        void: Reason::Ok,
        void_detail: String::new(),
        sites,
    })
}

/// Judges one stored look, and moves the findings when it is the site's latest.
async fn again(
    store: &Store,
    rules: &RuleSet,
    look: &StoredFacts,
    facts: &Value,
) -> Result<SiteResult, Error> {
    let judged = catch_unwind(AssertUnwindSafe(|| judge_stored(rules, facts)));
    let (verdicts, result) = match judged {
        Ok(judged) => judged,
        Err(panic) => {
            let what = panic_text(panic.as_ref());
            tracing::error!(site = look.site, scan = look.scan, what, "a bug of ours in judging");
            let mut result = site_result(rules, facts, &[], xuncha_model::Score::default());
            (result.outcome, result.reason) = (LookOutcome::Skipped, Reason::SelfBug);
            return Ok(result);
        }
    };
    if look.latest {
        let judged: Vec<(&Rule, &Verdict)> = verdicts
            .iter()
            .filter_map(|verdict| Some((rules.rule(&verdict.rule)?, verdict)))
            .collect();
        let (scan, site, at) = (look.scan, &look.site, look.observed_at);
        store.rejudge(scan, site, at, &judged, &result.scoring).await?;
    }
    Ok(result)
}
