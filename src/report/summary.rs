//! The numbers of a scan: counted once, shown by every format.

use std::collections::BTreeMap;

use serde::Serialize;
use xuncha_model::{
    Severity,
    facts::LookOutcome,
    scan::{FindingView, Report, SiteResult},
};

/// Counts over the sites and findings of a scan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Sites of the scan.
    pub sites: usize,
    /// Sites that were looked at.
    pub checked: usize,
    /// By outcome.
    pub ok: usize,
    /// By outcome.
    pub degraded: usize,
    /// By outcome.
    pub blocked: usize,
    /// By outcome.
    pub down: usize,
    /// By outcome.
    pub skipped: usize,
    /// Checked sites with a veto.
    pub vetoed: usize,
    /// Checked sites without any finding.
    pub clean: usize,
    /// Findings of all sites.
    pub findings: Severities,
    /// Rules that could not judge, over all sites.
    pub unknown: usize,
    /// Findings by family of rules, most first.
    pub families: Vec<(String, usize)>,
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Severities {
    /// All of them.
    pub total: usize,
    /// 单项否决.
    pub veto: usize,
    /// Cannot wait.
    pub critical: usize,
    /// Hinders people or safety.
    pub major: usize,
    /// Of form.
    pub minor: usize,
    /// Worth a look.
    pub advice: usize,
}

impl Severities {
    /// Counts findings.
    pub fn of<'f>(findings: impl Iterator<Item = &'f FindingView>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            counts.total += 1;
            *match finding.severity {
                Severity::Veto => &mut counts.veto,
                Severity::Critical => &mut counts.critical,
                Severity::Major => &mut counts.major,
                Severity::Minor => &mut counts.minor,
                Severity::Advice => &mut counts.advice,
            } += 1;
        }
        counts
    }
}

impl Summary {
    /// Counts a scan.
    pub fn of(report: &Report) -> Self {
        let sites = &report.sites;
        let with = |outcome| sites.iter().filter(|site| site.outcome == outcome).count();
        let skipped = with(LookOutcome::Skipped);
        let looked = |site: &&SiteResult| site.outcome != LookOutcome::Skipped;
        let mut families = BTreeMap::new();
        for finding in sites.iter().flat_map(|site| &site.findings) {
            let family = finding.rule.split('.').next().unwrap_or_default();
            *families.entry(family.to_owned()).or_insert(0) += 1;
        }
        let mut families: Vec<(String, usize)> = families.into_iter().collect();
        families.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Self {
            sites: sites.len(),
            checked: sites.len() - skipped,
            ok: with(LookOutcome::Ok),
            degraded: with(LookOutcome::Degraded),
            blocked: with(LookOutcome::Blocked),
            down: with(LookOutcome::Down),
            skipped,
            vetoed: sites.iter().filter(looked).filter(|site| site.veto).count(),
            clean: sites.iter().filter(looked).filter(|site| site.findings.is_empty()).count(),
            findings: Severities::of(sites.iter().flat_map(|site| &site.findings)),
            unknown: sites.iter().map(|site| site.unknown.len()).sum(),
            families,
        }
    }
}
