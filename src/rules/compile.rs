//! A draft becomes a rule that can judge, or a list of mistakes.

use std::sync::Arc;

use cel::Env;
use serde_json::{Map, Value as Json};
use xuncha_model::{Audience, Problem, Rule, Severity, rule::Alert};

use crate::{
    check::{Names, Read, kind},
    draft::{Draft, Said},
    example,
    expression::{At, Expression, Mistake},
    judge::Compiled,
    memo::Memo,
    schema::FactsSchema,
    shape::Shape,
    template::Template,
    yaml::{self, Fields, Node, Place, Problems, Value, nearest},
};

const ALERTS: &[(&str, Alert)] =
    &[("critical", Alert::Critical), ("warning", Alert::Warning), ("none", Alert::None)];

const AUDIENCES: &[(&str, Audience)] = &[
    ("public", Audience::Public),
    ("internal", Audience::Internal),
    ("confidential", Audience::Confidential),
];

/// Fields every rule must have.
const REQUIRED: &[&str] =
    &["title", "basis", "severity", "when", "target", "message", "remedy", "examples"];

/// What is needed to compile any rule.
#[derive(Clone, Copy)]
pub(crate) struct Workshop<'w> {
    pub(crate) schema: &'w FactsSchema,
    pub(crate) env: &'w Arc<Env>,
}

/// A draft being read.
pub(crate) struct Reading<'d> {
    pub(crate) draft: &'d Draft,
    pub(crate) problems: Vec<Problem>,
}

/// The rule, or everything that is wrong with it; `None` for a rule that is switched off.
pub(crate) fn compile(
    draft: &Draft,
    workshop: Workshop<'_>,
) -> Result<Option<Compiled>, Vec<Problem>> {
    let mut reading = Reading { draft, problems: Vec::new() };
    if reading.boolean("enabled") == Some(false) {
        return if reading.problems.is_empty() { Ok(None) } else { Err(reading.problems) };
    }
    for name in REQUIRED {
        if !draft.fields.contains_key(name) {
            reading.add_at(draft.place, format!("`{name}` is missing"), String::new());
        }
    }
    let rule = reading.rule();
    let it = reading.element(rule.each.as_deref(), workshop.schema);
    let names = Names { schema: workshop.schema, it, params: &rule.params };
    let parts = (
        reading.condition("applies", workshop.env, &names),
        reading.condition("needs", workshop.env, &names),
        reading.condition("when", workshop.env, &names),
        reading.escalate(workshop.env, &names),
        reading.template("target", &names),
        reading.template("message", &names),
        reading.template("remedy", &names),
    );
    let (applies, needs, Some(when), escalate, Some(target), Some(message), Some(remedy)) = parts
    else {
        example::check(rule.each.as_deref(), &mut reading, workshop);
        return Err(reading.problems);
    };
    let each = rule.each.clone();
    let mut compiled = Compiled {
        each,
        applies,
        needs,
        when,
        escalate,
        target,
        message,
        remedy,
        memo: None,
        examples: (0, 0),
        rule,
    };
    let reads: Vec<Read> = compiled.reads().cloned().collect();
    compiled.memo = Memo::new(reads.iter());
    compiled.examples = example::run(&compiled, &mut reading, workshop);
    if reading.problems.is_empty() { Ok(Some(compiled)) } else { Err(reading.problems) }
}

impl Reading<'_> {
    pub(crate) fn said(&self, name: &str) -> Option<&'_ Said> {
        self.draft.fields.get(name)
    }

    /// Reads a field with one of the readers of [`yaml`].
    fn read<T>(&mut self, name: &str, reader: impl FnOnce(&Node, &mut Problems) -> T) -> Option<T> {
        let said = self.draft.fields.get(name)?;
        let mut problems = Problems::new(&said.source.file);
        let value = reader(&said.node, &mut problems);
        self.problems.extend(problems.into_list());
        Some(value)
    }

    fn text(&mut self, name: &str) -> Option<String> {
        self.read(name, |node, problems| yaml::text(node, name, problems)).flatten()
    }

    fn boolean(&mut self, name: &str) -> Option<bool> {
        self.read(name, |node, problems| yaml::boolean(node, name, problems)).flatten()
    }

    fn choice<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.read(name, |node, problems| yaml::choice(node, name, words, problems)).flatten()
    }

    /// Notes a mistake in the file where the rule begins.
    fn add_at(&mut self, place: Place, what: String, hint: String) {
        let file = self.draft.source.file.clone();
        self.problems.push(Problem { file, line: place.line, column: place.column, what, hint });
    }

    /// Notes a mistake at a node of a field.
    pub(crate) fn add(&mut self, field: &str, place: Place, what: String, hint: String) {
        let source = self.draft.fields.get(field).map_or(&self.draft.source, |said| &said.source);
        let file = source.file.clone();
        self.problems.push(Problem { file, line: place.line, column: place.column, what, hint });
    }

    fn rule(&mut self) -> Rule {
        let params = match self.said("params").map(|said| said.node.to_json()) {
            Some(Json::Object(params)) => params,
            Some(_) => {
                self.read("params", |node, problems| {
                    Fields::open(node, "`params`", problems).is_some()
                });
                Map::new()
            }
            None => Map::new(),
        };
        let due = self
            .read("due_days", |node, problems| yaml::whole(node, "due_days", 0, 3_650, problems));
        Rule {
            id: self.draft.id.clone(),
            title: self.text("title").unwrap_or_default(),
            basis: self.text("basis").unwrap_or_default(),
            severity: self.choice("severity", Severity::WORDS).unwrap_or(Severity::Advice),
            alert: self.choice("alert", ALERTS).unwrap_or(Alert::None),
            audience: self.choice("audience", AUDIENCES).unwrap_or(Audience::Internal),
            each: self.text("each"),
            applies: self.text("applies"),
            needs: self.text("needs"),
            when: self.text("when").unwrap_or_default(),
            params,
            target: self.text("target").unwrap_or_default(),
            message: self.text("message").unwrap_or_default(),
            remedy: self.text("remedy").unwrap_or_default(),
            due_days: due.flatten().and_then(|days| u32::try_from(days).ok()),
            confirm: self.boolean("confirm").unwrap_or(false),
            source: format!("{}:{}", self.draft.source.file, self.draft.place.line),
        }
    }

    /// The shape of `it`.
    fn element(&mut self, each: Option<&str>, schema: &FactsSchema) -> Option<Shape> {
        let path = each?;
        let place = self.said("each")?.node.place;
        match schema.at(path) {
            Some(Shape::List(element)) => return Some((**element).clone()),
            Some(other) => {
                let what = format!("`{path}` is a {} and has no elements", kind(other));
                self.add("each", place, what, String::new());
            }
            None => {
                let paths = schema.paths();
                let near = nearest(path, paths.iter().map(|fact| fact.path.as_str()));
                let hint = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
                self.add("each", place, format!("there is no fact `{path}`"), hint);
            }
        }
        // so that what is said of `it` is not a mistake as well
        Some(Shape::Any)
    }

    fn condition(&mut self, name: &str, env: &Env, names: &Names<'_>) -> Option<Expression> {
        let said = self.draft.fields.get(name)?;
        let text = yaml::text(&said.node, name, &mut Problems::new(""))?;
        self.expression(said, &said.node, &text, env, names)
    }

    fn expression(
        &mut self,
        said: &Said,
        node: &Node,
        text: &str,
        env: &Env,
        names: &Names<'_>,
    ) -> Option<Expression> {
        match Expression::new(text, env, names) {
            Ok(expression) => Some(expression),
            Err(mistakes) => {
                self.mistakes(said, node, text, mistakes);
                None
            }
        }
    }

    /// `escalate`: a map, or a list of maps of which the first whose `when` holds gives the severity.
    fn escalate(&mut self, env: &Env, names: &Names<'_>) -> Vec<(Expression, Severity)> {
        let Some(said) = self.draft.fields.get("escalate") else { return Vec::new() };
        let steps = match &said.node.value {
            Value::List(steps) => steps.as_slice(),
            _ => std::slice::from_ref(&said.node),
        };
        let mut problems = Problems::new(&said.source.file);
        if steps.is_empty() {
            problems.add(said.node.place, "`escalate` is empty", "");
        }
        let mut read = Vec::new();
        for step in steps {
            let Some(mut fields) = Fields::open(step, "`escalate`", &mut problems) else {
                continue;
            };
            let when = fields.require("when", &mut problems);
            let text = when.and_then(|node| yaml::text(node, "when", &mut problems));
            let severity = fields.require("severity", &mut problems);
            let severity = severity
                .and_then(|node| yaml::choice(node, "severity", Severity::WORDS, &mut problems));
            fields.close(&mut problems);
            read.extend(when.zip(text).zip(severity));
        }
        self.problems.extend(problems.into_list());
        let compiled = read.into_iter().filter_map(|((node, text), severity)| {
            Some((self.expression(said, node, &text, env, names)?, severity))
        });
        compiled.collect()
    }

    fn template(&mut self, name: &str, names: &Names<'_>) -> Option<Template> {
        let said = self.draft.fields.get(name)?;
        let text = yaml::text(&said.node, name, &mut Problems::new(""))?;
        match Template::new(&text, names) {
            Ok(template) => Some(template),
            Err(mistakes) => {
                self.mistakes(said, &said.node, &text, mistakes);
                None
            }
        }
    }

    fn mistakes(&mut self, said: &Said, node: &Node, text: &str, mistakes: Vec<Mistake>) {
        for mistake in mistakes {
            let place = match mistake.at {
                At::Byte(offset) => said.source.place(node, text, offset),
                At::Place(line, column) => said.source.place_at(node, text, line, column),
            };
            let file = said.source.file.clone();
            let (what, hint) = (mistake.what, mistake.hint);
            self.problems.push(Problem {
                file,
                line: place.line,
                column: place.column,
                what,
                hint,
            });
        }
    }
}
