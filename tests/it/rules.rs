//! Rules as data: every mistake is named with its place, an added entry judges, the set that ships is whole.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;
use xuncha_model::{
    Problem, Reason, Severity, Verdict, register::SiteKind, score::IndicatorState, verdict::Outcome,
};
use xuncha_rules::RuleSet;

fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder that holds these files.
fn overlay(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The problems as an operator reads them, without the file.
fn told(problems: &[Problem], folder: &Path) -> Vec<String> {
    let prefix = format!("{}/", folder.display());
    let shown = problems.iter().map(|problem| {
        let text = problem.to_string();
        let text = text.replace(&prefix, "");
        let inner = text.strip_prefix("rules.yaml:").or_else(|| text.strip_prefix("scoring.yaml:"));
        inner.unwrap_or(&text).to_owned()
    });
    shown.collect()
}

fn load(text: &str) -> Result<RuleSet, Vec<String>> {
    let folder = overlay(&[("rules.yaml", text)]);
    RuleSet::load(&[folder.path().to_owned()]).map_err(|problems| told(&problems, folder.path()))
}

fn verdict<'v>(verdicts: &'v [Verdict], rule: &str) -> &'v Verdict {
    verdicts.iter().find(|verdict| verdict.rule == rule).unwrap()
}

#[test]
fn every_broken_file_is_told_exactly() {
    let mut files: Vec<_> =
        fs::read_dir(tests().join("bad/rules")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 14, "{}", files.len());
    let mut wrong = String::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let wants: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("# want: ")).collect();
        let name = path.file_name().unwrap().to_str().unwrap();
        let inside = if name.starts_with("scoring") { "scoring.yaml" } else { "rules.yaml" };
        let folder = overlay(&[(inside, &text)]);
        let found = match RuleSet::load(&[folder.path().to_owned()]) {
            Ok(_) => Vec::new(),
            Err(problems) => told(&problems, folder.path()),
        };
        if wants.is_empty() || found != wants {
            wrong += &format!("{name}\n");
            found.iter().for_each(|line| wrong += &format!("# want: {line}\n"));
        }
    }
    assert!(wrong.is_empty(), "told otherwise:\n{wrong}");
}

#[test]
fn the_rules_that_ship_load_and_their_examples_hold() {
    let rules = RuleSet::embedded().unwrap();
    let ids: BTreeSet<&str> = rules.rules().map(|rule| rule.id.as_str()).collect();
    for wanted in ["dns.unresolvable", "availability.down", "http.no-https", "tls.expiring"] {
        assert!(ids.contains(wanted), "{wanted}");
    }
    for run in rules.examples() {
        assert!(run.hits > 0 && run.misses > 0, "{run:?}");
    }
    assert_eq!(rules.version().len(), 12);
    assert_eq!(rules.version(), RuleSet::embedded().unwrap().version());
}

#[test]
fn every_rule_is_in_the_catalogue() {
    let golden = fs::read_to_string(tests().join("golden/rule-ids.txt")).unwrap();
    let known: BTreeSet<&str> = golden.lines().collect();
    let rules = RuleSet::embedded().unwrap();
    let strange: Vec<&str> =
        rules.rules().map(|rule| rule.id.as_str()).filter(|id| !known.contains(id)).collect();
    assert!(strange.is_empty(), "{strange:?}");
    let scoring = rules.scoring();
    for deduct in scoring.indicators.iter().flat_map(|item| &item.deduct) {
        assert!(known.contains(deduct.rule.as_str()), "{}", deduct.rule);
    }
}

const ADDED: &str = r#"
- id: demo.title-empty
  title: 首页没有标题
  basis: 示例
  severity: minor
  when: http.home.reason == "" && http.home.title == ""
  target: "{{ http.home.url }}"
  message: 首页没有标题,观测点 {{ vantage }}
  remedy: 在页面中写明标题
  examples:
    hit: [{ http: { home: { url: "http://a.gov.cn/", reason: "", title: "" } } }]
    miss: [{ http: { home: { reason: "", title: 周口市人民政府 } } }]
"#;

#[test]
fn an_entry_over_facts_that_exist_is_a_rule() {
    let rules = load(ADDED).unwrap();
    let facts = json!({ "vantage": "联通", "http": { "home": { "url": "http://a.gov.cn/", "reason": "", "title": "" } } });
    let verdicts = rules.judge(&facts);
    let verdict = verdict(&verdicts, "demo.title-empty");
    assert_eq!(verdict.outcome(), Outcome::Fail);
    let hit = &verdict.hits[0];
    assert_eq!((hit.target.as_str(), hit.severity), ("http://a.gov.cn/", Severity::Minor));
    assert_eq!(hit.message, "首页没有标题,观测点 联通");
    assert_eq!(
        Value::Object(hit.evidence.clone()),
        json!({ "http.home.reason": "", "http.home.title": "", "vantage": "联通" })
    );
    assert_ne!(rules.version(), RuleSet::embedded().unwrap().version());
}

#[test]
fn a_wrong_field_path_expression_and_example_in_it_are_each_told_with_their_place() {
    let cases = [
        ("  basis: 示例", "  bases: 示例", "2:7: `basis` is missing"),
        (
            "  basis: 示例",
            "  basis: 示例\n  bases: 示例",
            "5:3: unknown field `bases` (did you mean `basis`?)",
        ),
        (
            "home.title == \"\"",
            "home.titel == \"\"",
            "6:45: there is no fact `http.home.titel` (did you mean `http.home.title`?)",
        ),
        (
            "home.title == \"\"",
            "home.title = \"\"",
            "6:51: not an expression: token recognition error at: '= '",
        ),
        (
            "reason: \"\", title: \"\"",
            "reason: \"\", titel: \"\"",
            "11:66: there is no fact `http.home.titel` (did you mean `title`?)",
        ),
        (
            "reason: \"\", title: \"\"",
            "reason: \"\", title: 有",
            "11:11: this example must hit, and does not: `when` is false",
        ),
    ];
    for (right, broken, wanted) in cases {
        assert!(ADDED.contains(right));
        let found = load(&ADDED.replacen(right, broken, 1)).unwrap_err();
        assert!(found.iter().any(|line| line == wanted), "{wanted}: {found:#?}");
    }
}

#[test]
fn the_first_step_of_escalate_that_holds_gives_the_severity_heavier_or_lighter() {
    let rules = load(
        r#"
- id: demo.steps
  title: 请求次数
  basis: 示例
  severity: major
  when: requests > 3
  escalate:
    - { when: vantage == "", severity: advice }
    - { when: requests > 100, severity: veto }
    - { when: requests > 10, severity: critical }
  target: x
  message: x
  remedy: x
  examples:
    hit:
      - { severity: major, vantage: a, requests: 4 }
      - { severity: critical, vantage: a, requests: 11 }
      - { severity: veto, vantage: a, requests: 101 }
      - { severity: advice, vantage: "", requests: 101 }
    miss: [{ vantage: a, requests: 3 }]
"#,
    )
    .unwrap();
    let severity = |facts: Value| {
        let verdicts = rules.judge(&facts);
        let verdict = verdict(&verdicts, "demo.steps").clone();
        verdict.hits.first().map(|hit| hit.severity).ok_or(verdict.outcome())
    };
    assert_eq!(severity(json!({ "vantage": "a", "requests": 11 })), Ok(Severity::Critical));
    assert_eq!(severity(json!({ "vantage": "", "requests": 11 })), Ok(Severity::Advice));
    // a step that cannot be judged leaves the severity unknown, and with it the verdict
    assert_eq!(severity(json!({ "requests": 11 })), Err(Outcome::Unknown));
    assert_eq!(severity(json!({ "requests": 1 })), Err(Outcome::Pass));
}

#[test]
fn an_overlay_changes_the_fields_it_names_and_switches_rules_off() {
    let province = overlay(&[(
        "a.yaml",
        "- { id: availability.slow, severity: major }\n- { id: tls.weak-key, enabled: false }\n",
    )]);
    let city = overlay(&[("b.yaml", "- { id: availability.slow, due_days: 10 }\n")]);
    let base = RuleSet::embedded().unwrap();
    let rules = RuleSet::load(&[province.path().to_owned(), city.path().to_owned()]).unwrap();
    let (before, after) =
        (base.rule("availability.slow").unwrap(), rules.rule("availability.slow").unwrap());
    assert_eq!((after.severity, after.due_days), (Severity::Major, Some(10)));
    assert_eq!((&after.title, &after.when), (&before.title, &before.when));
    assert!(base.rule("tls.weak-key").is_some() && rules.rule("tls.weak-key").is_none());
}

#[test]
fn a_parameter_is_changed_alone_and_the_examples_must_follow() {
    let stricter = load("- { id: tls.expiring, params: { days: 31 } }").unwrap_err();
    assert_eq!(stricter.len(), 1, "{stricter:?}");
    assert!(stricter[0].starts_with("rules/tls.yaml:"), "{stricter:?}");
    assert!(
        stricter[0].ends_with("this example must miss, and hits: `when` is true"),
        "{stricter:?}"
    );
    let text = "- id: tls.expiring\n  params: { days: 31 }\n  examples:\n    hit: [{ running: true, tls: { name_matches: true }, it: { role: leaf, days_left: 30 } }]\n    miss: [{ running: true, it: { role: leaf, days_left: 31 } }]\n";
    let rules = load(text).unwrap();
    assert_eq!(
        Value::Object(rules.rule("tls.expiring").unwrap().params.clone()),
        json!({ "days": 31, "urgent": 7 })
    );
}

#[test]
fn what_was_not_seen_is_unknown_and_never_a_failure() {
    let rules = RuleSet::embedded().unwrap();
    let down = json!({ "unseen": { "reason": "self.network", "detail": "the gateway is silent" } });
    let facts = json!({
        "observed_at": "2026-11-24T08:00:00Z", "vantage": "x", "running": true, "requests": 0,
        "site": down, "filing": down, "domain": { "names": [], "register": down },
        "dns": down, "availability": down, "http": down, "tls": down, "offers": down, "pages": down,
        "software": down, "crawl": down, "links": down, "columns": down, "freshness": down,
        "articles": down, "catalog": down, "interaction": down, "services": down, "search": down,
        "hosts": down, "content": down, "guises": down, "drift": down, "outbound": down,
    });
    for verdict in rules.judge(&facts) {
        assert!(verdict.hits.is_empty(), "{verdict:?}");
        if let Some(unknown) = &verdict.unknown {
            assert_eq!(unknown.why.reason, Reason::SelfNetwork, "{verdict:?}");
            assert_eq!(unknown.why.detail, "the gateway is silent", "{verdict:?}");
        }
    }
    let verdicts = rules.judge(&facts);
    let expired = verdict(&verdicts, "tls.expired");
    assert_eq!(
        (expired.outcome(), expired.unknown.as_ref().unwrap().path.as_str()),
        (Outcome::Unknown, "tls")
    );
    // facts of an older program, which had no such look
    let verdicts = rules.judge(&json!({ "running": true }));
    assert_eq!(
        verdict(&verdicts, "tls.expired").unknown.as_ref().unwrap().why.reason,
        Reason::NotLooked
    );
    // twice, so that an answer from memory is the same
    assert_eq!(rules.judge(&facts), rules.judge(&facts));
}

#[test]
fn a_hit_beside_an_unseen_element_gives_both() {
    let rules = RuleSet::embedded().unwrap();
    let facts = json!({ "running": true, "tls": { "host": "a.gov.cn", "name_matches": true, "chain": [
        { "role": "leaf", "days_left": 3, "not_after": "2026-11-27T00:00:00Z", "names": ["a.gov.cn"], "subject": "CN=a" },
        { "role": "intermediate", "subject": "CN=b" },
    ] } });
    let verdicts = rules.judge_family(&facts, &["tls"]);
    let expiring = verdict(&verdicts, "tls.expiring");
    assert_eq!(expiring.hits.len(), 1);
    assert_eq!(expiring.hits[0].severity, Severity::Critical);
    assert!(expiring.hits[0].message.contains("2026年11月27日"), "{}", expiring.hits[0].message);
    assert_eq!(expiring.unknown.as_ref().unwrap().path, "tls.chain[1].days_left");
    assert_eq!(expiring.hits[0].evidence["it"]["days_left"], 3);
}

#[test]
fn a_site_that_need_not_answer_is_not_accused_of_being_down() {
    let rules = RuleSet::embedded().unwrap();
    let facts = |running: bool| {
        json!({
            "running": running, "site": { "url": "http://a.gov.cn/" },
            "availability": { "outcome": "down", "reason": "connect.refused", "looks": [] },
        })
    };
    let outcome = |running| verdict(&rules.judge(&facts(running)), "availability.down").outcome();
    assert_eq!(outcome(true), Outcome::Fail);
    assert_eq!(outcome(false), Outcome::NotApplicable);
}

#[test]
fn only_portals_have_points_and_only_what_was_judged_counts() {
    let rules = RuleSet::embedded().unwrap();
    let clean: Vec<Verdict> = rules
        .rules()
        .map(|rule| Verdict {
            passed: None,
            rule: rule.id.clone(),
            hits: Vec::new(),
            unknown: None,
            applies: true,
        })
        .collect();
    let score = rules.score(Some(SiteKind::Portal), &clean, day("2026-11-24"));
    let judged: Vec<_> =
        score.indicators.iter().filter(|item| item.state == IndicatorState::Judged).collect();
    assert!(judged.iter().any(|item| item.id == "domain-name"));
    assert_eq!(score.total.unwrap().0, judged.iter().map(|item| item.full.0).sum::<i64>());
    assert!(score.unverified, "nobody has checked the points");
    assert!(score.indicators.iter().any(|item| item.state == IndicatorState::Manual));
    assert_eq!(rules.score(Some(SiteKind::Department), &clean, day("2026-11-24")).total, None);
    assert_eq!(rules.score(None, &clean, day("2026-11-24")).total, None);
}

#[test]
fn deductions_are_capped_and_a_veto_leaves_no_points() {
    let text = format!(
        "{ADDED}{}",
        ADDED
            .replace("demo.title-empty", "demo.vetoed")
            .replace("severity: minor", "severity: veto")
    );
    let scoring = "indicators:\n  - { id: demo, title: 示例, part: 示例, full: 2, verified: true, source: 示例, effective_from: 2019-04-01, deduct: [{ rule: demo.title-empty, points: 1.5, max: 2.5 }] }\n";
    let folder = overlay(&[("rules.yaml", &text), ("scoring.yaml", scoring)]);
    let rules = RuleSet::load(&[folder.path().to_owned()]).unwrap();
    let facts = json!({ "vantage": "x", "http": { "home": { "url": "http://a.gov.cn/", "reason": "", "title": "" } } });
    let mut verdicts = rules.judge(&facts);
    let score = rules.score(Some(SiteKind::Portal), &verdicts, day("2026-11-24"));
    assert_eq!(score.vetoes, ["demo.vetoed"]);
    assert_eq!(score.total, None);
    let again = |verdicts: &mut Vec<Verdict>| {
        let verdict =
            verdicts.iter_mut().find(|verdict| verdict.rule == "demo.title-empty").unwrap();
        let hit = verdict.hits[0].clone();
        verdict.hits.push(hit);
    };
    let of = |verdicts: &[Verdict]| {
        let score = rules.score(Some(SiteKind::Portal), verdicts, day("2026-11-24"));
        let item = score.indicators.into_iter().find(|item| item.id == "demo").unwrap();
        (f64::from(item.deductions[0].points), f64::from(item.deducted))
    };
    assert_eq!(of(&verdicts), (1.5, 1.5));
    again(&mut verdicts);
    assert_eq!(of(&verdicts), (2.5, 2.0));
}

#[test]
fn what_could_not_be_looked_at_is_unknown_and_so_closes_nothing() {
    let rules = RuleSet::embedded().unwrap();
    let facts = json!({
        "running": true,
        "availability": { "outcome": "blocked", "reason": "gateway.412", "looks": [] },
        "http": {
            "home": { "reason": "http.412", "final_scheme": "http" },
            "plain": { "reason": "", "final_scheme": "http", "hops": [] },
            "secure": { "reason": "connect.timeout" },
        },
        "tls": { "unseen": { "reason": "connect.timeout" } },
    });
    let verdicts = rules.judge(&facts);
    let unknown = [
        ("availability.down", "gateway.412"),
        ("availability.slow", "not-looked"),
        ("http.https-not-default", "connect.timeout"),
        ("http.hsts-missing", "connect.timeout"),
        ("tls.expired", "connect.timeout"),
        ("tls.self-signed", "connect.timeout"),
    ];
    for (rule, why) in unknown {
        let verdict = verdicts.iter().find(|verdict| verdict.rule == rule).unwrap();
        assert_eq!(verdict.outcome(), Outcome::Unknown, "{verdict:?}");
        assert_eq!(verdict.unknown.as_ref().unwrap().why.reason.to_string(), why, "{rule}");
    }
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[test]
fn an_indicator_counts_from_the_day_it_is_in_force() {
    let rules = RuleSet::embedded().unwrap();
    let indicators = |on| rules.score(Some(SiteKind::Portal), &[], day(on)).indicators.len();
    // Every indicator of the national text is in force from 2019-04-01.
    assert_eq!(indicators("2019-03-31"), 0);
    assert!(indicators("2019-04-01") > 10);
}
