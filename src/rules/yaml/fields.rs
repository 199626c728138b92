//! Taking a YAML node apart by field names and types, collecting every mistake.

use std::collections::HashSet;

use xuncha_model::Problem;

use super::{Key, Node, Place, Value};

/// Collects the mistakes of one file.
#[derive(Debug)]
pub struct Problems {
    file: String,
    list: Vec<Problem>,
}

impl Problems {
    /// No mistakes yet.
    pub fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), list: Vec::new() }
    }

    /// The file as the operator named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Notes a mistake.
    pub fn add(&mut self, place: Place, what: impl Into<String>, hint: impl Into<String>) {
        self.list.push(Problem {
            file: self.file.clone(),
            line: place.line,
            column: place.column,
            what: what.into(),
            hint: hint.into(),
        });
    }

    /// The mistakes, in the order of the file.
    pub fn into_list(mut self) -> Vec<Problem> {
        self.list.sort();
        self.list
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// A map being taken apart: every field is taken by name, and what is left over is a mistake.
#[derive(Debug)]
pub struct Fields<'n> {
    /// Where the map begins.
    pub place: Place,
    entries: &'n [(Key, Node)],
    known: Vec<&'static str>,
    taken: HashSet<&'static str>,
}

impl<'n> Fields<'n> {
    /// Opens a node that must be a map; notes a mistake otherwise. `what` names it in messages.
    pub fn open(node: &'n Node, what: &str, problems: &mut Problems) -> Option<Self> {
        match &node.value {
            Value::Map(entries) => {
                Some(Self { place: node.place, entries, known: Vec::new(), taken: HashSet::new() })
            }
            _ => {
                let found = node.kind();
                problems.add(node.place, format!("{what} must be a map, found {found}"), "");
                None
            }
        }
    }

    /// The field, when it is there and not null.
    pub fn take(&mut self, name: &'static str) -> Option<&'n Node> {
        self.known.push(name);
        self.taken.insert(name);
        let (_, node) = self.entries.iter().find(|(key, _)| key.name == name)?;
        (node.value != Value::Null).then_some(node)
    }

    /// The field, which must be there.
    pub fn require(&mut self, name: &'static str, problems: &mut Problems) -> Option<&'n Node> {
        let node = self.take(name);
        if node.is_none() {
            problems.add(self.place, format!("`{name}` is missing"), "");
        }
        node
    }

    /// Notes every field that was not taken, with the nearest known name.
    pub fn close(self, problems: &mut Problems) {
        for (key, _) in self.entries {
            if !self.taken.contains(key.name.as_str()) {
                let hint = nearest(&key.name, self.known.iter().copied()).map_or_else(
                    || format!("known fields: {}", self.known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                problems.add(key.place, format!("unknown field `{}`", key.name), hint);
            }
        }
    }
}

/// The node as text; numbers count as they were written.
pub fn text(node: &Node, what: &str, problems: &mut Problems) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Int(_, written) | Value::Float(_, written) => Some(written.clone()),
        _ => mismatch(node, what, "text", problems),
    }
}

/// The node as a boolean.
pub fn boolean(node: &Node, what: &str, problems: &mut Problems) -> Option<bool> {
    match node.value {
        Value::Bool(value) => Some(value),
        _ => mismatch(node, what, "true or false", problems),
    }
}

/// The node as a whole number between `least` and `most`.
pub fn whole(
    node: &Node,
    what: &str,
    least: i64,
    most: i64,
    problems: &mut Problems,
) -> Option<i64> {
    match node.value {
        Value::Int(value, _) if (least..=most).contains(&value) => Some(value),
        Value::Int(value, _) => {
            let wanted = format!("`{what}` must lie between {least} and {most}, found {value}");
            problems.add(node.place, wanted, "");
            None
        }
        _ => mismatch(node, what, "a whole number", problems),
    }
}

/// The node as a number.
pub fn number(node: &Node, what: &str, problems: &mut Problems) -> Option<f64> {
    match node.value {
        Value::Float(value, _) => Some(value),
        #[expect(clippy::cast_precision_loss, reason = "numbers in rules are small")]
        Value::Int(value, _) => Some(value as f64),
        _ => mismatch(node, what, "a number", problems),
    }
}

/// The node as a list.
pub fn list<'n>(node: &'n Node, what: &str, problems: &mut Problems) -> Option<&'n [Node]> {
    match &node.value {
        Value::List(items) => Some(items),
        _ => mismatch(node, what, "a list", problems),
    }
}

/// The node as a list of texts; a single text counts as a list of one.
pub fn texts(node: &Node, what: &str, problems: &mut Problems) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| text(item, what, problems)).collect(),
        _ => text(node, what, problems).into_iter().collect(),
    }
}

/// The node as one word of a fixed list.
pub fn choice<T: Copy>(
    node: &Node,
    what: &str,
    words: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let word = text(node, what, problems)?;
    if let Some((_, value)) = words.iter().find(|(name, _)| *name == word) {
        return Some(*value);
    }
    let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
    let hint = nearest(&word, names.iter().copied()).map_or_else(
        || format!("one of: {}", names.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    problems.add(node.place, format!("`{word}` is no {what}"), hint);
    None
}

fn mismatch<T>(node: &Node, what: &str, wanted: &str, problems: &mut Problems) -> Option<T> {
    problems.add(node.place, format!("`{what}` must be {wanted}, found {}", node.kind()), "");
    None
}

/// The candidate nearest to a word, when it is near enough to be a slip of the pen.
pub fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (word.chars().count() / 2).clamp(1, 3);
    let scored = candidates.map(|candidate| (distance(word, candidate), candidate));
    scored.filter(|(distance, _)| *distance <= limit).min().map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{super::parse, *};

    #[test]
    fn every_left_over_field_is_named_with_the_nearest_known_one() {
        let node = parse("f", "titel: x\nzzzzzz: 1\n").unwrap();
        let mut problems = Problems::new("f");
        let mut fields = Fields::open(&node, "the rule", &mut problems).unwrap();
        fields.require("title", &mut problems);
        fields.close(&mut problems);
        let list: Vec<String> = problems.into_list().iter().map(ToString::to_string).collect();
        assert_eq!(
            list,
            [
                "f:1:1: `title` is missing",
                "f:1:1: unknown field `titel` (did you mean `title`?)",
                "f:2:1: unknown field `zzzzzz` (known fields: title)",
            ]
        );
    }
}
