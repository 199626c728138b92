//! The proof a rule carries: examples that must hit and examples that must miss, run when it is loaded.

use serde_json::Map;
use xuncha_model::{Reason, verdict::Unknown};

use crate::{
    check::kind,
    compile::{Reading, Workshop},
    judge::{Answer, Bench, Compiled},
    shape::{Field, Record, Shape},
    values::{Element, Scope},
    yaml::{self, Fields, Key, Node, Place, Problems, Value, nearest},
};

/// Runs the examples of a rule; how many hit and how many missed, as they should.
pub(crate) fn run(
    rule: &Compiled,
    reading: &mut Reading<'_>,
    workshop: Workshop<'_>,
) -> (usize, usize) {
    // what is wrong with the rule itself would only be repeated by its examples
    let sound = reading.problems.is_empty();
    let Some([hits, misses]) = check(rule.rule.each.as_deref(), reading, workshop) else {
        return (0, 0);
    };
    if sound && reading.problems.is_empty() {
        let Some(said) = reading.said("examples") else { return (0, 0) };
        let mut problems = Problems::new(&said.source.file);
        hits.iter().for_each(|example| try_one(rule, example, true, workshop, &mut problems));
        misses.iter().for_each(|example| try_one(rule, example, false, workshop, &mut problems));
        reading.problems.extend(problems.into_list());
    }
    (hits.len(), misses.len())
}

/// Holds the examples against the schema, without judging them: those that must hit, and those that must miss.
pub(crate) fn check(
    each: Option<&str>,
    reading: &mut Reading<'_>,
    workshop: Workshop<'_>,
) -> Option<[Vec<Example>; 2]> {
    let said = reading.said("examples")?.clone();
    let mut problems = Problems::new(&said.source.file);
    let mut lists = [Vec::new(), Vec::new()];
    if let Some(mut fields) = Fields::open(&said.node, "`examples`", &mut problems) {
        for (name, list) in ["hit", "miss"].into_iter().zip(&mut lists) {
            let node = fields.take(name);
            let nodes =
                node.and_then(|node| yaml::list(node, name, &mut problems)).unwrap_or_default();
            if nodes.is_empty() {
                problems.add(said.node.place, format!("there is no example that must {name}"), "");
            }
            list.extend(nodes.iter().filter_map(|node| read(each, node, workshop, &mut problems)));
        }
        fields.close(&mut problems);
    }
    reading.problems.extend(problems.into_list());
    Some(lists)
}

fn try_one(
    rule: &Compiled,
    example: &Example,
    must_hit: bool,
    workshop: Workshop<'_>,
    problems: &mut Problems,
) {
    let Example { place, facts, it, severity } = example;
    let mut bench = Bench::new(facts, workshop.env);
    let answer = match (&rule.each, it) {
        (Some(_), None) => from_list(rule, &mut bench),
        _ => {
            let it = it.as_ref().map(|value| Element { value, list: "it", index: 0 });
            let scope = Scope { facts, it, params: &rule.rule.params };
            let answer = rule.answer(&scope, &mut bench);
            if let Answer::Hit(severity) = answer
                && let Err(message) = rule.hit(&scope, severity)
            {
                problems.add(
                    *place,
                    format!("the texts of this example cannot be written: {message}"),
                    "",
                );
            }
            answer
        }
    };
    let gave = match &answer {
        Answer::Hit(found) => match severity {
            Some((wanted, place)) if *wanted != word(*found) => {
                let what = format!("this example must be {wanted}, and is {}", word(*found));
                return problems.add(*place, what, "");
            }
            _ => None,
        },
        Answer::Pass => Some("`when` is false".to_owned()),
        Answer::NotApplicable => Some("`applies` is false".to_owned()),
        Answer::Unknown(unknown) => Some(why(unknown)),
    };
    match (must_hit, gave, &answer) {
        (true, Some(gave), _) => {
            problems.add(*place, format!("this example must hit, and does not: {gave}"), "");
        }
        (false, None, _) => {
            problems.add(*place, "this example must miss, and hits: `when` is true", "");
        }
        (false, Some(gave), Answer::Unknown(_)) => {
            problems.add(*place, format!("this example must miss, and is not judged: {gave}"), "");
        }
        _ => {}
    }
}

/// The answer of a rule with `each` to an example that gives the whole list.
fn from_list(rule: &Compiled, bench: &mut Bench<'_>) -> Answer {
    let verdict = rule.judge(bench);
    match (verdict.hits.into_iter().map(|hit| hit.severity).max(), verdict.unknown) {
        (Some(severity), _) => Answer::Hit(severity),
        (None, Some(unknown)) => Answer::Unknown(unknown),
        (None, None) if verdict.applies => Answer::Pass,
        (None, None) => Answer::NotApplicable,
    }
}

fn word(severity: xuncha_model::Severity) -> String {
    format!("{severity:?}").to_lowercase()
}

fn why(unknown: &Unknown) -> String {
    let Unknown { path, why } = unknown;
    let path = path.replacen("it[0]", "it", 1);
    match why.reason {
        Reason::NotLooked => format!("`{path}` is not given"),
        Reason::SelfBug => why.detail.clone(),
        _ => format!("`{path}` is unseen"),
    }
}

/// An example, taken apart.
pub(crate) struct Example {
    place: Place,
    facts: Map<String, serde_json::Value>,
    it: Option<serde_json::Value>,
    severity: Option<(String, Place)>,
}

fn read(
    each: Option<&str>,
    node: &Node,
    workshop: Workshop<'_>,
    problems: &mut Problems,
) -> Option<Example> {
    let Value::Map(entries) = &node.value else {
        problems.add(node.place, format!("an example must be a map, found {}", node.kind()), "");
        return None;
    };
    let it = each.map(|path| match workshop.schema.at(path) {
        Some(Shape::List(element)) => (**element).clone(),
        _ => Shape::Any,
    });
    let mut record = Record::clone(workshop.schema.root());
    if let Some(shape) = it {
        record.fields.push(Field { name: "it".to_owned(), shape, doc: String::new() });
    }
    let is_severity = |key: &Key| key.name == "severity";
    let severity = entries.iter().find(|(key, _)| is_severity(key));
    let severity =
        severity.and_then(|(_, node)| Some((yaml::text(node, "severity", problems)?, node.place)));
    let entries: Vec<(Key, Node)> =
        entries.iter().filter(|(key, _)| !is_severity(key)).cloned().collect();
    let facts = Node { place: node.place, value: Value::Map(entries) };
    hold(&facts, &Shape::Record(record.into()), "", problems);
    let serde_json::Value::Object(mut facts) = facts.to_json() else { return None };
    let it = facts.remove("it");
    Some(Example { place: node.place, facts, it, severity })
}

/// Holds a value of an example against the shape it should have.
fn hold(node: &Node, shape: &Shape, path: &str, problems: &mut Problems) {
    let fits = match (&node.value, shape) {
        (Value::Map(entries), _) if entries.len() == 1 && entries[0].0.name == "unseen" => true,
        (Value::Map(entries), Shape::Record(record)) => {
            for (key, node) in entries {
                let called =
                    if path.is_empty() { key.name.clone() } else { format!("{path}.{}", key.name) };
                match record.field(&key.name) {
                    Some(field) => hold(node, &field.shape, &called, problems),
                    None => {
                        let hint = nearest(&key.name, record.names())
                            .map(|near| format!("did you mean `{near}`?"));
                        problems.add(
                            key.place,
                            format!("there is no fact `{called}`"),
                            hint.unwrap_or_default(),
                        );
                    }
                }
            }
            true
        }
        (Value::List(items), Shape::List(element)) => {
            items.iter().for_each(|item| hold(item, element, &format!("{path}[]"), problems));
            true
        }
        (Value::Text(text), Shape::Word(words)) => {
            if !words.contains(text) {
                let hint = nearest(text, words.iter().map(String::as_str)).map_or_else(
                    || format!("one of: {}", words.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                problems.add(
                    node.place,
                    format!("`{text}` is none of the words of `{path}`"),
                    hint,
                );
            }
            true
        }
        (Value::Text(text), Shape::Reason) => {
            if text.parse::<Reason>().is_err() {
                problems.add(node.place, format!("`{text}` is not a reason code"), "");
            }
            true
        }
        (Value::Text(_), Shape::Text | Shape::Moment | Shape::Day) | (_, Shape::Any) => true,
        (Value::Bool(_), Shape::Bool) | (Value::Int(..), Shape::Int | Shape::Float) => true,
        (Value::Float(..), Shape::Float) => true,
        _ => false,
    };
    if !fits {
        problems.add(
            node.place,
            format!("`{path}` is a {}, found {}", kind(shape), node.kind()),
            "",
        );
    }
}
