//! Rule entries as they are written, and how a later set changes an earlier one by id.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use rust_embed::RustEmbed;
use xuncha_model::Problem;

use crate::{
    source::Source,
    yaml::{self, Fields, Node, Place, Problems, Value, nearest},
};

/// The rule files that come with the program.
#[derive(RustEmbed)]
#[folder = "../../rules/"]
struct Embedded;

/// The scoring file of a set.
pub(crate) const SCORING: &str = "scoring.yaml";

/// The fields of a rule.
const FIELDS: &[&str] = &[
    "id", "title", "basis", "severity", "alert", "audience", "each", "applies", "needs", "params",
    "when", "escalate", "target", "message", "remedy", "due_days", "confirm", "examples",
    "enabled",
];

/// One folder of rules.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) rules: Vec<Arc<Source>>,
    pub(crate) scoring: Option<Arc<Source>>,
}

/// A field of a rule, and the file that says it.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) node: Node,
    pub(crate) source: Arc<Source>,
}

/// A rule as its entries, laid over each other, say it.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) place: Place,
    pub(crate) source: Arc<Source>,
    pub(crate) fields: BTreeMap<&'static str, Said>,
}

/// The rules that come with the program.
pub(crate) fn embedded() -> Set {
    let mut set = Set::default();
    let mut names: Vec<_> =
        Embedded::iter().filter(|name| !name.contains('/') && name.ends_with(".yaml")).collect();
    names.sort();
    for name in names {
        let Some(file) = Embedded::get(&name) else { continue };
        let text = String::from_utf8_lossy(&file.data).into_owned();
        set.add(&name, Source { file: format!("rules/{name}"), text });
    }
    set
}

/// The rules of a folder: every `*.yaml` in it, not below it.
pub(crate) fn folder(path: &Path) -> Result<Set, Problem> {
    let shown = path.display().to_string();
    let broken = |file: &str, what: String, hint: &str| Problem {
        file: file.to_owned(),
        line: 0,
        column: 0,
        what,
        hint: hint.to_owned(),
    };
    let cannot = |error: std::io::Error| broken(&shown, format!("cannot be read: {error}"), "");
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(path).map_err(cannot)? {
        let entry = entry.map_err(cannot)?.path();
        if entry.extension().is_some_and(|extension| extension == "yaml") && entry.is_file() {
            paths.push(entry);
        }
    }
    paths.sort();
    let mut set = Set::default();
    for path in &paths {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| broken(&file, format!("cannot be read: {error}"), ""))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        set.add(&name, Source { file, text });
    }
    if paths.is_empty() {
        return Err(broken(
            &shown,
            "there is no rule file here".to_owned(),
            "rule files end in .yaml",
        ));
    }
    Ok(set)
}

impl Set {
    fn add(&mut self, name: &str, source: Source) {
        if name == SCORING {
            self.scoring = Some(Arc::new(source));
        } else {
            self.rules.push(Arc::new(source));
        }
    }

    /// Every file, for the version.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().chain(&self.scoring).map(|source| source.text.as_str())
    }

    /// Reads the entries of a set; what is wrong with their form is added to the problems.
    pub(crate) fn entries(&self, problems: &mut Vec<Problem>) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        for source in &self.rules {
            let node = match yaml::parse(&source.file, &source.text) {
                Ok(node) => node,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            let mut found = Problems::new(&source.file);
            let entries = match &node.value {
                Value::Null => &[][..],
                _ => yaml::list(&node, "the file", &mut found).unwrap_or_default(),
            };
            for entry in entries {
                let Some(draft) = entry_of(entry, source, &mut found) else { continue };
                match drafts.iter().find(|known| known.id == draft.id) {
                    Some(first) => {
                        let what = format!("the id `{}` is used twice in one set", draft.id);
                        let hint = format!("first at {}:{}", first.source.file, first.place.line);
                        found.add(draft.place, what, hint);
                    }
                    None => drafts.push(draft),
                }
            }
            problems.extend(found.into_list());
        }
        drafts
    }
}

fn entry_of(node: &Node, source: &Arc<Source>, problems: &mut Problems) -> Option<Draft> {
    let mut open = Fields::open(node, "a rule", problems)?;
    let place = open.place;
    let mut fields = BTreeMap::new();
    for name in FIELDS {
        if let Some(node) = open.take(name) {
            fields.insert(*name, Said { node: node.clone(), source: Arc::clone(source) });
        }
    }
    open.close(problems);
    let Some(id) = fields.get("id") else {
        problems.add(place, "`id` is missing", "");
        return None;
    };
    let at = id.node.place;
    let id = yaml::text(&id.node, "id", problems)?;
    if !is_id(&id) {
        let what = format!("`{id}` is not a rule id");
        problems.add(at, what, "family.name in lower case, as `tls.expiring`");
        return None;
    }
    Some(Draft { id, place: at, source: Arc::clone(source), fields })
}

/// `family.name`: lower-case letters, digits and hyphens.
fn is_id(id: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    id.split_once('.').is_some_and(|(family, name)| word(family) && word(name))
}

/// Lays the entries of a later set over those of the earlier ones: fields that are named replace, parameters one by
/// one.
pub(crate) fn overlay(base: &mut Vec<Draft>, later: Vec<Draft>, problems: &mut Vec<Problem>) {
    for draft in later {
        let Some(known) = base.iter_mut().find(|known| known.id == draft.id) else {
            if draft.fields.contains_key("when") {
                base.push(draft);
            } else {
                problems.push(nothing_to_change(base, &draft));
            }
            continue;
        };
        for (name, said) in draft.fields {
            match known.fields.get_mut(name) {
                Some(old) if name == "params" => lay(old, said),
                Some(old) => *old = said,
                None => {
                    known.fields.insert(name, said);
                }
            }
        }
    }
}

fn lay(old: &mut Said, new: Said) {
    if let (Value::Map(entries), Value::Map(later)) = (&mut old.node.value, &new.node.value) {
        for (key, node) in later {
            entries.retain(|(known, _)| known.name != key.name);
            entries.push((key.clone(), node.clone()));
        }
    } else {
        *old = new;
    }
}

fn nothing_to_change(base: &[Draft], draft: &Draft) -> Problem {
    let near = nearest(&draft.id, base.iter().map(|known| known.id.as_str()));
    Problem {
        file: draft.source.file.clone(),
        line: draft.place.line,
        column: draft.place.column,
        what: format!(
            "there is no rule `{}` to change, and without `when` this is no new one",
            draft.id
        ),
        hint: near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default(),
    }
}
