//! `xuncha rules`: what is judged, and the facts it is judged by.

use xuncha_model::Rule;
use xuncha_probe::software::{Catalog, ExamplesRun};
use xuncha_report::{table::severity, word};
use xuncha_rules::{RuleSet, facts_schema, yaml::nearest};

use crate::{
    args::{ListFormat, Rules},
    config::Config,
    exit::{Done, Failure},
    output,
    sites::output_rows,
};

pub(crate) fn run(args: &Rules, config: &Config) -> Result<Done, Failure> {
    match args {
        Rules::List { format } => {
            let rules = config.rules()?;
            let list: Vec<&Rule> = rules.rules().collect();
            let rows = list.iter().map(|rule| {
                [&rule.id, severity(rule.severity), &rule.title, &rule.basis, &rule.source]
                    .map(str::to_owned)
            });
            let head = ["id", "severity", "title", "basis", "source"];
            output::stdout(output_rows(*format, &list, &head, rows)?)?;
        }
        Rules::Show { id } => output::stdout(show(&config.rules()?, id)?)?,
        Rules::Test => {
            // Loading runs the examples: a set that loads has passed them.
            let rules = config.rules()?;
            let mut text = String::new();
            for line in rules.examples() {
                text += &format!("{:<32} {} hit, {} miss: ok\n", line.rule, line.hits, line.misses);
            }
            let fingerprints = fingerprints()?;
            text += &format!(
                "{:<32} {} hit, {} miss: ok\n",
                "software fingerprints", fingerprints.hits, fingerprints.misses
            );
            output::stdout(
                text + &format!("{} rules, version {}\n", rules.rules().count(), rules.version()),
            )?;
        }
        Rules::Facts { prefix, format } => output::stdout(facts(prefix.as_deref(), *format)?)?,
    }
    Ok(Done::Well)
}

/// Tries the examples of the list that software is known by.
fn fingerprints() -> Result<ExamplesRun, Failure> {
    let catalog = Catalog::embedded();
    let catalog =
        catalog.ok_or_else(|| Failure::Own(anyhow::anyhow!("a built-in list cannot be read")))?;
    let run = catalog.examples();
    if run.problems.is_empty() { Ok(run) } else { Err(Failure::Problems(run.problems)) }
}

fn show(rules: &RuleSet, id: &str) -> Result<String, Failure> {
    let Some(rule) = rules.rule(id) else {
        let near = nearest(id, rules.rules().map(|rule| rule.id.as_str()));
        let hint = near.map_or_else(
            || "see `xuncha rules list`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Failure::Usage(format!("there is no rule `{id}`; {hint}")));
    };
    let mut out = String::new();
    let params = serde_json::Value::Object(rule.params.clone()).to_string();
    let (alert, audience) = (word(&rule.alert), word(&rule.audience));
    let due = rule.due_days.map_or_else(|| "none".to_owned(), |days| format!("{days} days"));
    let lines = [
        ("id", rule.id.as_str()),
        ("title", &rule.title),
        ("basis", &rule.basis),
        ("severity", severity(rule.severity)),
        ("alert", &alert),
        ("audience", &audience),
        ("confirm", if rule.confirm { "by a person" } else { "-" }),
        ("each", rule.each.as_deref().unwrap_or("-")),
        ("applies", rule.applies.as_deref().unwrap_or("-")),
        ("needs", rule.needs.as_deref().unwrap_or("-")),
        ("params", &params),
        ("when", &rule.when),
        ("target", &rule.target),
        ("message", &rule.message),
        ("remedy", &rule.remedy),
        ("due", &due),
        ("source", &rule.source),
    ];
    for (name, value) in lines {
        out += &format!("{name:<9} {}\n", value.trim_end().replace('\n', "\n          "));
    }
    Ok(out)
}

fn facts(prefix: Option<&str>, format: ListFormat) -> Result<String, Failure> {
    let schema = facts_schema();
    let begins = |path: &str| prefix.is_none_or(|prefix| path.starts_with(prefix));
    let list: Vec<_> = schema.paths().into_iter().filter(|fact| begins(&fact.path)).collect();
    let rows = list.iter().map(|fact| [fact.path.clone(), fact.kind.clone(), fact.doc.clone()]);
    output_rows(format, &list, &["path", "type", "meaning"], rows)
}
