//! Judging facts by one rule: pure, and unknown where a fact was not seen.

use std::sync::Arc;

use cel::Env;
use serde_json::{Map, Value};
use xuncha_model::{Hit, Reason, Rule, Severity, Unseen, Verdict, verdict::Unknown};

use crate::{
    check::Read,
    evidence,
    expression::{Expression, Stopped},
    memo::Memo,
    template::Template,
    values::{Element, Scope, not_looked, unseen},
};

/// A rule that can judge.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) rule: Rule,
    /// The path of the list whose elements are judged.
    pub(crate) each: Option<String>,
    pub(crate) applies: Option<Expression>,
    pub(crate) needs: Option<Expression>,
    pub(crate) when: Expression,
    /// Other severities and when they hold; the first that holds wins.
    pub(crate) escalate: Vec<(Expression, Severity)>,
    pub(crate) target: Template,
    pub(crate) message: Template,
    pub(crate) remedy: Template,
    pub(crate) memo: Option<Memo>,
    pub(crate) examples: (usize, usize),
}

/// What a rule says of one element, or of the site.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    NotApplicable,
    Pass,
    Hit(Severity),
    Unknown(Unknown),
}

/// Facts being judged, and what is needed for it.
pub(crate) struct Bench<'v> {
    pub(crate) facts: &'v Map<String, Value>,
    pub(crate) env: &'v Arc<Env>,
    key: Vec<u8>,
}

impl<'v> Bench<'v> {
    pub(crate) fn new(facts: &'v Map<String, Value>, env: &'v Arc<Env>) -> Self {
        Self { facts, env, key: Vec::new() }
    }
}

impl Compiled {
    /// Everything the conditions read.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &Read> {
        [self.applies.as_ref(), self.needs.as_ref(), Some(&self.when)]
            .into_iter()
            .flatten()
            .chain(self.escalate.iter().map(|(when, _)| when))
            .flat_map(|e| &e.reads)
    }

    /// The facts a finding rests on: those of the conditions, and those its message tells.
    fn named(&self) -> impl Iterator<Item = &Vec<String>> {
        self.reads().map(|read| &read.path).chain(&self.message.paths)
    }

    /// The verdict over these facts.
    pub(crate) fn judge(&self, bench: &mut Bench<'_>) -> Verdict {
        let mut tally = Tally::default();
        match &self.each {
            None => {
                let scope = Scope { facts: bench.facts, it: None, params: &self.rule.params };
                self.judge_one(&scope, bench, &mut tally);
            }
            Some(path) => self.judge_each(path, bench, &mut tally),
        }
        Verdict {
            rule: self.rule.id.clone(),
            hits: tally.hits,
            unknown: tally.unknown,
            applies: tally.applies,
            passed: tally.passed,
        }
    }

    fn judge_each(&self, path: &str, bench: &mut Bench<'_>, tally: &mut Tally) {
        let scope = Scope { facts: bench.facts, it: None, params: &self.rule.params };
        // a rule that is not meant for the site says so even where the list was not seen
        if let Some(applies) = self.applies.as_ref().filter(|applies| !of_element(applies)) {
            match applies.holds(&scope, bench.env) {
                Ok(true) => {}
                Ok(false) => return,
                Err(stopped) => return tally.unknown(self.stopped(stopped)),
            }
        }
        if let Some(needs) = self.needs.as_ref().filter(|needs| !of_element(needs)) {
            match needs.holds(&scope, bench.env) {
                Ok(true) => {}
                Ok(false) => return tally.unknown(lacking(needs, &scope)),
                Err(stopped) => return tally.unknown(self.stopped(stopped)),
            }
        }
        let elements = match elements(bench.facts, path) {
            Ok(elements) => elements,
            Err(unknown) => return tally.unknown(unknown),
        };
        tally.applies = elements.is_empty();
        tally.passed = in_part(bench.facts, path).then(Vec::new);
        for (index, value) in elements.iter().enumerate() {
            let scope = Scope { it: Some(Element { value, list: path, index }), ..scope };
            self.judge_one(&scope, bench, tally);
        }
    }

    fn judge_one(&self, scope: &Scope<'_>, bench: &mut Bench<'_>, tally: &mut Tally) {
        match self.answer(scope, bench) {
            Answer::NotApplicable => self.passed(scope, tally),
            Answer::Pass => {
                tally.applies = true;
                self.passed(scope, tally);
            }
            Answer::Unknown(unknown) => tally.unknown(unknown),
            Answer::Hit(severity) => {
                tally.applies = true;
                match self.hit(scope, severity) {
                    Ok(hit) => tally.add(hit),
                    Err(message) => tally.unknown(self.bug(&message)),
                }
            }
        }
    }

    /// Notes what was looked at and is in order, where the list was seen in part.
    fn passed(&self, scope: &Scope<'_>, tally: &mut Tally) {
        if let Some(passed) = &mut tally.passed {
            passed.extend(self.target.render(scope));
        }
    }

    /// The answer for one scope, from memory where it was given before.
    pub(crate) fn answer(&self, scope: &Scope<'_>, bench: &mut Bench<'_>) -> Answer {
        let Some(memo) = &self.memo else { return self.evaluate(scope, bench.env) };
        if !memo.key(scope, &mut bench.key) {
            return self.evaluate(scope, bench.env);
        }
        memo.answer(&bench.key).unwrap_or_else(|| {
            let answer = self.evaluate(scope, bench.env);
            // a bug is told every time
            if !matches!(&answer, Answer::Unknown(unknown) if unknown.why.reason == Reason::SelfBug)
            {
                memo.keep(&bench.key, &answer);
            }
            answer
        })
    }

    fn evaluate(&self, scope: &Scope<'_>, env: &Arc<Env>) -> Answer {
        let answer = || -> Result<Answer, Stopped> {
            if let Some(applies) = &self.applies
                && !applies.holds(scope, env)?
            {
                return Ok(Answer::NotApplicable);
            }
            if let Some(needs) = &self.needs
                && !needs.holds(scope, env)?
            {
                return Ok(Answer::Unknown(lacking(needs, scope)));
            }
            if !self.when.holds(scope, env)? {
                return Ok(Answer::Pass);
            }
            for (when, other) in &self.escalate {
                if when.holds(scope, env)? {
                    return Ok(Answer::Hit(*other));
                }
            }
            Ok(Answer::Hit(self.rule.severity))
        };
        answer().unwrap_or_else(|stopped| Answer::Unknown(self.stopped(stopped)))
    }

    /// The hit with its texts.
    pub(crate) fn hit(&self, scope: &Scope<'_>, severity: Severity) -> Result<Hit, String> {
        Ok(Hit {
            target: self.target.render(scope)?,
            severity,
            message: self.message.render(scope)?,
            remedy: self.remedy.render(scope)?,
            evidence: evidence::of(scope, self.named()),
        })
    }

    fn stopped(&self, stopped: Stopped) -> Unknown {
        match stopped {
            Stopped::Unseen(unknown) => unknown,
            Stopped::Bug(message) => self.bug(&message),
        }
    }

    fn bug(&self, message: &str) -> Unknown {
        tracing::error!(rule = self.rule.id, source = self.rule.source, message, "a rule failed");
        let why = Unseen { reason: Reason::SelfBug, detail: message.to_owned() };
        Unknown { path: String::new(), why }
    }
}

/// What kept a rule from judging: the first fact its `needs` reads, which often is the reason itself.
fn lacking(needs: &Expression, scope: &Scope<'_>) -> Unknown {
    let path = needs.reads.first().map(|read| read.path.clone()).unwrap_or_default();
    let mut value = path.first().and_then(|root| scope.root(root));
    for field in path.iter().skip(1) {
        value = value.and_then(|value| value.get(field));
    }
    let reason = value.and_then(Value::as_str).and_then(|text| text.parse::<Reason>().ok());
    let reason = reason.filter(|reason| !reason.is_ok()).unwrap_or(Reason::NotLooked);
    Unknown { path: path.join("."), why: Unseen { reason, detail: String::new() } }
}

/// The condition asks about the element, not about the site.
fn of_element(expression: &Expression) -> bool {
    expression.reads.iter().any(|read| read.path[0] == "it")
}

/// The list at a path, or the unseen fact on the way to it.
fn elements<'v>(facts: &'v Map<String, Value>, path: &str) -> Result<&'v [Value], Unknown> {
    let mut inside = None;
    let mut passed = 0;
    for name in path.split('.') {
        inside = if passed == 0 {
            facts.get(name)
        } else {
            inside.and_then(|value: &Value| value.get(name))
        };
        passed += name.len() + 1;
        if let Some(why) = inside.map_or_else(|| Some(not_looked()), unseen) {
            return Err(Unknown { path: path[..passed - 1].to_owned(), why });
        }
    }
    let list = inside.and_then(Value::as_array).map(Vec::as_slice);
    list.ok_or_else(|| Unknown { path: path.to_owned(), why: not_looked() })
}

/// The look says that the list lacks elements which others may have.
fn in_part(facts: &Map<String, Value>, path: &str) -> bool {
    let lists = facts.get("partial").and_then(Value::as_array);
    lists.is_some_and(|lists| lists.iter().any(|list| list == path))
}

/// A verdict in the making.
#[derive(Default)]
struct Tally {
    hits: Vec<Hit>,
    unknown: Option<Unknown>,
    applies: bool,
    passed: Option<Vec<String>>,
}

impl Tally {
    fn unknown(&mut self, unknown: Unknown) {
        self.applies = true;
        self.unknown.get_or_insert(unknown);
    }

    /// Two elements with the same target are one trouble: the heavier stands.
    fn add(&mut self, hit: Hit) {
        match self.hits.iter_mut().find(|known| known.target == hit.target) {
            Some(known) if known.severity >= hit.severity => {}
            Some(known) => *known = hit,
            None => self.hits.push(hit),
        }
    }
}
