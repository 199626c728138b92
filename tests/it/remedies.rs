//! What an administrator is told to do: every finding says on what it rests, and rules about servers speak of his server.

use std::collections::BTreeSet;

use tempfile::tempdir;
use xuncha_model::scan::Report;
use xuncha_rules::RuleSet;

use crate::program::{command, lab_flags, remember_the_past, status, stderr, stdout};

/// The servers that a remedy must know.
const SERVERS: [&str; 4] = ["nginx", "Apache", "IIS", "Tomcat"];

/// Rules of these families about something that is mended elsewhere than in the settings of a server, and where.
const ELSEWHERE: &[(&str, &str)] =
    &[("tls.tlcp", "a note for the register; nothing is to be mended")];

#[test]
fn rules_about_servers_say_what_to_do_with_each_kind_of_server() {
    let rules = RuleSet::embedded().unwrap();
    let about_servers = |id: &str| {
        ["http.", "tls.", "software."].iter().any(|family| id.starts_with(family))
            || id == "safety.exposed-file"
    };
    let excepted: BTreeSet<&str> = ELSEWHERE.iter().map(|(rule, _)| *rule).collect();
    let mut lacking = Vec::new();
    let mut needless = excepted.clone();
    let mut judged = 0;
    for rule in rules.rules().filter(|rule| about_servers(&rule.id)) {
        let missing: Vec<_> =
            SERVERS.iter().filter(|server| !rule.remedy.contains(**server)).collect();
        if excepted.contains(rule.id.as_str()) {
            if !missing.is_empty() {
                needless.remove(rule.id.as_str());
            }
        } else if !missing.is_empty() {
            lacking.push(format!("{}: {missing:?}", rule.id));
        }
        judged += 1;
    }
    assert!(judged >= 25, "{judged} rules are about servers");
    assert!(lacking.is_empty(), "{lacking:#?}");
    assert!(needless.is_empty(), "exceptions that are none: {needless:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_finding_of_a_quick_scan_says_on_what_it_rests_and_what_to_do() {
    let lab = xuncha_lab::start(crate::now()).await.unwrap();
    let folder = tempdir().unwrap();
    let flags = lab_flags(&lab, folder.path());
    remember_the_past(&lab, folder.path()).await;
    let path = folder.path().to_owned();
    let scan = tokio::task::spawn_blocking(move || {
        let mut scan = command(&path);
        scan.args(["scan", "--all", "--profile", "quick", "--format", "json"]).args(flags);
        scan.output().unwrap()
    });
    let output = scan.await.unwrap();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let report: Report = serde_json::from_str(&stdout(&output)).unwrap();
    let findings: Vec<_> = report.sites.iter().flat_map(|site| &site.findings).collect();
    assert!(findings.len() > 60, "{}", findings.len());
    for finding in findings {
        let shown = format!("{}: {finding:#?}", finding.rule);
        let clause = ["条", "号", "GB/T", "指引", "指标"];
        assert!(
            clause.iter().any(|word| finding.basis.contains(word)),
            "a clause is named: {shown}"
        );
        assert!(!finding.evidence.is_empty(), "{shown}");
        assert!(finding.evidence.values().any(|value| !value.is_null()), "{shown}");
        assert!(finding.remedy.chars().count() > 15, "{shown}");
        for text in [&finding.title, &finding.message, &finding.target, &finding.remedy] {
            assert!(
                !text.trim().is_empty() && !text.contains("{{") && !text.contains("{%"),
                "{shown}"
            );
        }
    }
}
