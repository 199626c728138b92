//! Lists that a look saw in part: what was not looked at is neither wrong nor mended.

use serde_json::{Value, json};
use xuncha_model::{Verdict, finding};
use xuncha_rules::RuleSet;

fn verdict<'v>(verdicts: &'v [Verdict], rule: &str) -> &'v Verdict {
    verdicts.iter().find(|verdict| verdict.rule == rule).unwrap()
}

#[test]
fn of_a_list_seen_in_part_only_what_passed_closes() {
    let rules = RuleSet::embedded().unwrap();
    let rule = rules.rule("tags.placeholder").unwrap();
    let page = |url: &str, bad: bool| {
        let tags =
            if bad { json!([{ "name": "columnname", "content": "null" }]) } else { json!([]) };
        json!({ "url": url, "origin": "home", "reason": "", "placeholders": tags })
    };
    let at = crate::now();
    let bad = json!({ "running": true, "pages": [page("a", true), page("b", true)] });
    let verdicts = rules.judge(&bad);
    let known: Vec<_> = finding::apply(&[], "x", rule, verdict(&verdicts, &rule.id), at)
        .into_iter()
        .map(|(_, finding)| finding)
        .collect();
    assert_eq!(known.len(), 2);
    let gone = |partial: Value| {
        let facts = json!({ "running": true, "pages": [page("a", false)], "partial": partial });
        let verdicts = rules.judge(&facts);
        let changes = finding::apply(&known, "x", rule, verdict(&verdicts, &rule.id), at);
        changes.into_iter().map(|(_, finding)| finding.target).collect::<Vec<_>>()
    };
    assert_eq!(gone(json!(["pages"])), ["a"], "b was not looked at");
    assert_eq!(gone(json!([])), ["a", "b"], "b is no more");
}
