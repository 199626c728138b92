//! The register (`sites.yaml`): read whole, checked whole, every mistake at once.
//!
//! ```text
//! text ─▶ yaml::parse ─▶ city, regions ─▶ organs ─▶ sites ─▶ Register
//!                              ids and names known so far
//! ```

mod city;
mod forms;
mod numbers;
mod organs;
mod parts;
mod sites;

use std::collections::HashMap;

use xuncha_model::{Problem, Register};

use crate::yaml::{Fields, Node, Place, Problems, Value, list, nearest, parse};

/// Reads and checks a register; `file` names it in messages.
///
/// # Errors
///
/// Every mistake of the file, in its order: unknown fields, missing ones, wrong forms, references to nothing,
/// things that stand there twice.
pub fn load(file: &str, text: &str) -> Result<Register, Vec<Problem>> {
    let node = parse(file, text).map_err(|problem| vec![problem])?;
    let mut problems = Problems::new(file);
    visible(&node, false, &mut problems);
    let register = register(&node, &mut problems);
    match register {
        Some(register) if problems.is_empty() => Ok(register),
        _ => Err(problems.into_list()),
    }
}

fn register(node: &Node, problems: &mut Problems) -> Option<Register> {
    let mut fields = Fields::open(node, "the register", problems)?;
    let city = fields.require("city", problems);
    let regions = fields.take("regions");
    let organs = fields.require("organs", problems);
    let sites = fields.require("sites", problems);
    fields.close(problems);
    let mut known = Known::default();
    let city = city.map(|node| city::read(node, regions, &mut known, problems));
    let organs = items(organs, "organs", problems);
    let organs = organs.iter().map(|node| organs::read(node, &mut known, problems));
    let organs: Vec<_> = organs.collect();
    let sites = items(sites, "sites", problems);
    let sites: Vec<_> = sites.iter().map(|node| sites::read(node, &mut known, problems)).collect();
    Some(Register {
        city: city??,
        organs: organs.into_iter().collect::<Option<_>>()?,
        sites: sites.into_iter().collect::<Option<_>>()?,
    })
}

fn items<'n>(node: Option<&'n Node>, what: &str, problems: &mut Problems) -> &'n [Node] {
    node.and_then(|node| list(node, what, problems)).unwrap_or_default()
}

/// What the file has named so far.
#[derive(Debug, Default)]
struct Known {
    /// Division codes by name and by code.
    regions: HashMap<String, String>,
    region_names: Once,
    divisions: Once,
    organs: Once,
    organ_names: Once,
    sites: Once,
    urls: Once,
    domains: Once,
}

/// Things that may stand only once, with the place of the first.
#[derive(Debug, Default)]
struct Once(HashMap<String, Place>);

impl Once {
    /// Notes a thing; a second one is a mistake. `what` names its kind.
    fn note(&mut self, thing: &str, what: &str, place: Place, problems: &mut Problems) -> bool {
        self.note_as(thing, thing, what, place, problems)
    }

    /// The same, for a thing that people write in another way.
    fn note_as(
        &mut self,
        thing: &str,
        written: &str,
        what: &str,
        place: Place,
        problems: &mut Problems,
    ) -> bool {
        if let Some(first) = self.0.get(thing) {
            let hint = format!("the first stands in line {}", first.line);
            problems.add(place, format!("{what} `{written}` stands here twice"), hint);
            return false;
        }
        self.0.insert(thing.to_owned(), place);
        true
    }

    fn has(&self, thing: &str) -> bool {
        self.0.contains_key(thing)
    }

    /// The noted thing that a slip of the pen may have meant, as a hint.
    fn hint(&self, thing: &str) -> String {
        let near = nearest(thing, self.0.keys().map(String::as_str));
        near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default()
    }
}

/// Refuses what cannot be seen: control characters (T16: they make mail headers) and marks that turn the reading
/// direction. Notes may have several lines.
fn visible(node: &Node, lines: bool, problems: &mut Problems) {
    match &node.value {
        Value::Text(text) => {
            let hidden = text
                .chars()
                .find(|character| is_hidden(*character) && !(lines && *character == '\n'));
            if let Some(character) = hidden {
                let what =
                    format!("a character that cannot be seen (U+{:04X})", u32::from(character));
                problems.add(
                    node.place,
                    what,
                    "write the text in one line, without control characters",
                );
            }
        }
        Value::List(items) => items.iter().for_each(|item| visible(item, lines, problems)),
        Value::Map(entries) => {
            for (key, node) in entries {
                visible(node, key.name == "notes", problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Int(..) | Value::Float(..) => {}
    }
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
