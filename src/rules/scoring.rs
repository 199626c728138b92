//! The scoring file (rules/scoring.yaml): indicators, points and thresholds, each with its source.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use xuncha_model::{Problem, Severity, register::SiteKind, score::Points};

use crate::{
    draft::Set,
    source::Source,
    yaml::{self, Fields, Node, Problems, Value, nearest},
};

/// The scoring in force.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scoring {
    /// The kinds of site the indicators cover; the vetoes cover all.
    pub covers: Vec<SiteKind>,
    /// Hits of this severity or a heavier one fail the site at once.
    pub veto: Option<Severity>,
    /// Below it a site fails.
    pub pass_mark: Points,
    /// Only above it the bonus is looked at.
    pub bonus_above: Points,
    /// The most the bonus can give.
    pub bonus_most: Points,
    /// Where the thresholds stand.
    pub source: String,
    /// They were checked against the official text.
    pub verified: bool,
    /// The day from which they hold.
    pub effective_from: Option<NaiveDate>,
    /// The indicators.
    pub indicators: Vec<Item>,
    /// The bonus, which only a person can judge; never part of a computed score.
    pub bonus: Vec<Item>,
}

/// One indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Stable id.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// The part of the indicators it belongs to.
    pub part: String,
    /// Full points.
    pub full: Points,
    /// Only a person can judge it (需人工核查).
    pub manual: bool,
    /// The points were checked against the official text.
    pub verified: bool,
    /// Where the points stand.
    pub source: String,
    /// The day from which they hold.
    pub effective_from: Option<NaiveDate>,
    /// What the rules take off.
    pub deduct: Vec<Deduct>,
}

/// What one rule takes off an indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Deduct {
    /// The rule's id.
    pub rule: String,
    /// Points a hit.
    pub points: Points,
    /// The most this rule takes off; the indicator's full points bound it anyhow.
    pub most: Option<Points>,
    /// The rule is still to be written: until it is there the indicator is a person's business.
    pub coming: bool,
}

const KINDS: &[(&str, SiteKind)] =
    &[("portal", SiteKind::Portal), ("department", SiteKind::Department)];

const VETO: &[(&str, Severity)] = &[("veto", Severity::Veto), ("critical", Severity::Critical)];

/// Reads the scoring files of the sets, each laid over those before it: indicators by id, the rest by field.
pub(crate) fn load(sets: &[Set], rules: &BTreeSet<&str>, problems: &mut Vec<Problem>) -> Scoring {
    let mut scoring = Scoring::default();
    for (number, source) in sets.iter().filter_map(|set| set.scoring.as_ref()).enumerate() {
        let node = match yaml::parse(&source.file, &source.text) {
            Ok(node) => node,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let mut reader =
            Reader { rules, problems: Problems::new(&source.file), first: number == 0 };
        reader.file(&node, &mut scoring);
        reader.once(source, &scoring);
        problems.extend(reader.problems.into_list());
    }
    scoring
}

struct Reader<'r> {
    rules: &'r BTreeSet<&'r str>,
    problems: Problems,
    /// Nothing lies below: every field must be there.
    first: bool,
}

impl Reader<'_> {
    fn file(&mut self, node: &Node, scoring: &mut Scoring) {
        let Some(mut fields) = Fields::open(node, "the scoring", &mut self.problems) else {
            return;
        };
        if let Some(node) = self.field(&mut fields, "covers") {
            let items = yaml::list(node, "covers", &mut self.problems).unwrap_or_default();
            let kinds = items
                .iter()
                .filter_map(|item| yaml::choice(item, "kind of site", KINDS, &mut self.problems));
            scoring.covers = kinds.collect();
        }
        if let Some(node) = self.field(&mut fields, "veto") {
            scoring.veto = yaml::choice(node, "severity", VETO, &mut self.problems);
        }
        for (name, into) in [
            ("pass_mark", &mut scoring.pass_mark),
            ("bonus_above", &mut scoring.bonus_above),
            ("bonus_most", &mut scoring.bonus_most),
        ] {
            if let Some(points) =
                self.field(&mut fields, name).and_then(|node| self.points(node, name))
            {
                *into = points;
            }
        }
        if let Some(node) = self.field(&mut fields, "source") {
            scoring.source = yaml::text(node, "source", &mut self.problems).unwrap_or_default();
        }
        if let Some(node) = self.field(&mut fields, "verified") {
            scoring.verified =
                yaml::boolean(node, "verified", &mut self.problems).unwrap_or_default();
        }
        if let Some(node) = self.field(&mut fields, "effective_from") {
            scoring.effective_from = self.day(node);
        }
        for (name, into) in [("indicators", &mut scoring.indicators), ("bonus", &mut scoring.bonus)]
        {
            if let Some(node) = self.field(&mut fields, name) {
                self.items(node, name, into);
            }
        }
        fields.close(&mut self.problems);
    }

    fn field<'n>(&mut self, fields: &mut Fields<'n>, name: &'static str) -> Option<&'n Node> {
        if self.first { fields.require(name, &mut self.problems) } else { fields.take(name) }
    }

    fn items(&mut self, node: &Node, name: &str, into: &mut Vec<Item>) {
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for node in yaml::list(node, name, &mut self.problems).unwrap_or_default() {
            let Some(item) = self.item(node) else { continue };
            if let Some(line) = seen.insert(item.id.clone(), node.place.line) {
                let what = format!("the indicator `{}` is there twice", item.id);
                self.problems.add(node.place, what, format!("first at line {line}"));
            }
            match into.iter_mut().find(|known| known.id == item.id) {
                Some(known) => *known = item,
                None => into.push(item),
            }
        }
    }

    fn item(&mut self, node: &Node) -> Option<Item> {
        let problems = &mut self.problems;
        let mut fields = Fields::open(node, "an indicator", problems)?;
        let text = |node: Option<&Node>, name: &str, problems: &mut Problems| {
            node.and_then(|node| yaml::text(node, name, problems)).unwrap_or_default()
        };
        let id = text(fields.require("id", problems), "id", problems);
        let title = text(fields.require("title", problems), "title", problems);
        let part = text(fields.require("part", problems), "part", problems);
        let source = text(fields.require("source", problems), "source", problems);
        let verified = fields.require("verified", problems);
        let verified =
            verified.and_then(|node| yaml::boolean(node, "verified", problems)).unwrap_or_default();
        let manual = fields.take("manual").and_then(|node| yaml::boolean(node, "manual", problems));
        let full = fields.require("full", problems);
        let effective_from = fields.require("effective_from", problems);
        let deduct = fields.take("deduct");
        if deduct.is_none() && manual != Some(true) {
            problems.add(node.place, "an indicator has `deduct`, or is `manual: true`", "");
        }
        fields.close(problems);
        Some(Item {
            id,
            title,
            part,
            full: full.and_then(|node| self.points(node, "full")).unwrap_or_default(),
            manual: manual.unwrap_or_default(),
            verified,
            source,
            effective_from: effective_from.and_then(|node| self.day(node)),
            deduct: deduct.map(|node| self.deductions(node)).unwrap_or_default(),
        })
    }

    fn deductions(&mut self, node: &Node) -> Vec<Deduct> {
        let items = yaml::list(node, "deduct", &mut self.problems).unwrap_or_default();
        items.iter().filter_map(|item| self.deduction(item)).collect()
    }

    fn deduction(&mut self, node: &Node) -> Option<Deduct> {
        let mut fields = Fields::open(node, "a deduction", &mut self.problems)?;
        let at = fields.require("rule", &mut self.problems);
        let points = fields.require("points", &mut self.problems);
        let most = fields.take("max");
        let coming = fields
            .take("coming")
            .and_then(|node| yaml::boolean(node, "coming", &mut self.problems));
        fields.close(&mut self.problems);
        let at = at?;
        let rule = yaml::text(at, "rule", &mut self.problems)?;
        if !self.rules.contains(rule.as_str()) && coming != Some(true) {
            let near = nearest(&rule, self.rules.iter().copied());
            let hint = near.map_or_else(
                || "mark a rule that is still to be written with `coming: true`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.problems.add(at.place, format!("there is no rule `{rule}`"), hint);
        }
        Some(Deduct {
            rule,
            points: points.and_then(|node| self.points(node, "points")).unwrap_or_default(),
            most: most.and_then(|node| self.points(node, "max")),
            coming: coming.unwrap_or_default(),
        })
    }

    fn points(&mut self, node: &Node, name: &str) -> Option<Points> {
        let points = yaml::number(node, name, &mut self.problems)?;
        if (0.0..=1_000.0).contains(&points) {
            return Some(points.into());
        }
        self.problems.add(node.place, format!("`{name}` must lie between 0 and 1000"), "");
        None
    }

    fn day(&mut self, node: &Node) -> Option<NaiveDate> {
        let text = yaml::text(node, "effective_from", &mut self.problems)?;
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        if day.is_none() {
            self.problems.add(
                node.place,
                format!("`{text}` is not a day"),
                "write it as 2019-04-18",
            );
        }
        day
    }

    /// The same trouble is not deducted twice (国办秘函〔2019〕19号): a rule belongs to one indicator.
    fn once(&mut self, source: &Source, scoring: &Scoring) {
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        for item in &scoring.indicators {
            for deduct in &item.deduct {
                if let Some(other) = first.insert(&deduct.rule, &item.id) {
                    let what = format!(
                        "the rule `{}` takes points off `{other}` and off `{}`",
                        deduct.rule, item.id
                    );
                    let place = place_of(source, &item.id);
                    self.problems.add(place, what, "the same trouble is not deducted twice");
                }
            }
        }
    }
}

/// Where an indicator stands in a file; the whole file where it is another file's.
fn place_of(source: &Source, id: &str) -> yaml::Place {
    let found = yaml::parse(&source.file, &source.text).ok().and_then(|node| {
        let Value::Map(fields) = node.value else { return None };
        let (_, list) = fields.into_iter().find(|(key, _)| key.name == "indicators")?;
        let Value::List(items) = list.value else { return None };
        let of_id = |node: &Node| {
            node.to_json().get("id").and_then(|found| found.as_str().map(|found| found == id))
        };
        items.iter().find(|node| of_id(node) == Some(true)).map(|node| node.place)
    });
    found.unwrap_or_default()
}
