//! The rules in force: loaded, overlaid, checked, ready to judge.

use std::{collections::BTreeSet, fmt, path::PathBuf, sync::Arc};

use cel::Env;
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use xuncha_model::{Problem, Rule, Score, Verdict, register::SiteKind};

use crate::{
    compile::{self, Workshop},
    draft::{self, Set},
    judge::{Bench, Compiled},
    schema::facts_schema,
    score,
    scoring::{self, Scoring},
};

/// A set of rules, checked as a whole.
pub struct RuleSet {
    rules: Vec<Compiled>,
    scoring: Scoring,
    version: String,
    env: Arc<Env>,
}

/// The examples one rule was tried on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExamplesRun {
    /// The rule's id.
    pub rule: String,
    /// Examples that had to hit, and did.
    pub hits: usize,
    /// Examples that had to miss, and did.
    pub misses: usize,
}

impl fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.rules().map(|rule| rule.id.as_str()).collect();
        f.debug_struct("RuleSet")
            .field("version", &self.version)
            .field("rules", &ids)
            .finish_non_exhaustive()
    }
}

impl RuleSet {
    /// The rules that come with the program.
    ///
    /// # Errors
    ///
    /// Every mistake in them; the tests keep the list empty.
    pub fn embedded() -> Result<Self, Vec<Problem>> {
        Self::load(&[])
    }

    /// The rules that come with the program, with each folder laid over them in order: national, province, city. A
    /// later entry with the same id changes the fields it names, a new id adds a rule, `enabled: false` switches one
    /// off.
    ///
    /// # Errors
    ///
    /// Every mistake of every file, in the order of the files.
    pub fn load(overlays: &[PathBuf]) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut sets = vec![draft::embedded()];
        for folder in overlays {
            match draft::folder(folder) {
                Ok(set) => sets.push(set),
                Err(problem) => problems.push(problem),
            }
        }
        Self::of(&sets, problems)
    }

    fn of(sets: &[Set], mut problems: Vec<Problem>) -> Result<Self, Vec<Problem>> {
        let mut drafts = Vec::new();
        for set in sets {
            let entries = set.entries(&mut problems);
            draft::overlay(&mut drafts, entries, &mut problems);
        }
        let env = Arc::new(Env::stdlib());
        let schema = facts_schema();
        let workshop = Workshop { schema: &schema, env: &env };
        let known: BTreeSet<&str> = drafts.iter().map(|draft| draft.id.as_str()).collect();
        let mut rules = Vec::new();
        for draft in &drafts {
            match compile::compile(draft, workshop) {
                Ok(rule) => rules.extend(rule),
                Err(found) => problems.extend(found),
            }
        }
        let scoring = scoring::load(sets, &known, &mut problems);
        problems.sort();
        problems.dedup();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self { rules, scoring, version: version(sets), env })
    }

    /// The rules, in the order of the files.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|compiled| &compiled.rule)
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules().find(|rule| rule.id == id)
    }

    /// SHA-256 over the files in force, shortened to 12 hex digits: the same rules give the same version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Which examples were run when the set was loaded; a set that loads has passed them all.
    pub fn examples(&self) -> Vec<ExamplesRun> {
        let run = |compiled: &Compiled| ExamplesRun {
            rule: compiled.rule.id.clone(),
            hits: compiled.examples.0,
            misses: compiled.examples.1,
        };
        self.rules.iter().map(run).collect()
    }

    /// One verdict a rule. Facts of an older program are judged too: what they lack is unknown.
    pub fn judge(&self, facts: &Value) -> Vec<Verdict> {
        self.judged(facts, |_| true)
    }

    /// The verdicts of the rules of some families (`domain`) alone.
    pub fn judge_family(&self, facts: &Value, families: &[&str]) -> Vec<Verdict> {
        let of = |rule: &Rule, family: &str| {
            rule.id.strip_prefix(family).is_some_and(|rest| rest.starts_with('.'))
        };
        self.judged(facts, |rule| families.iter().any(|family| of(rule, family)))
    }

    fn judged(&self, facts: &Value, wanted: impl Fn(&Rule) -> bool) -> Vec<Verdict> {
        let none = serde_json::Map::new();
        let mut bench = Bench::new(facts.as_object().unwrap_or(&none), &self.env);
        let rules = self.rules.iter().filter(|compiled| wanted(&compiled.rule));
        rules.map(|compiled| compiled.judge(&mut bench)).collect()
    }

    /// The score of a site of this kind under these verdicts, by the indicators in force on the `day` of the look.
    pub fn score(&self, kind: Option<SiteKind>, verdicts: &[Verdict], day: NaiveDate) -> Score {
        score::score(&self.scoring, self, kind, verdicts, day)
    }

    /// The scoring in force.
    pub fn scoring(&self) -> &Scoring {
        &self.scoring
    }
}

fn version(sets: &[Set]) -> String {
    let mut hash = Sha256::new();
    for text in sets.iter().flat_map(Set::texts) {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_come_with_the_program_load() {
        let rules = RuleSet::embedded().unwrap_or_else(|problems| {
            let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", list.join("\n"));
        });
        assert!(rules.examples().iter().all(|run| run.hits > 0 && run.misses > 0));
    }
}
