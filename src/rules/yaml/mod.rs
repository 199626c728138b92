//! The one reader of YAML that people write: a tree of nodes with places, and a way to take it apart that collects
//! every mistake.
//!
//! serde-saphyr reads (budgets against alias bombs, duplicate keys refused); typed extraction is ours, because serde
//! stops at the first error and an operator wants all of them at once.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::Spanned;
use xuncha_model::Problem;

mod fields;

pub use fields::{Fields, Problems, boolean, choice, list, nearest, number, text, texts, whole};

/// A place in a file: line and column in characters, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
}

/// A YAML node and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where the node begins.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// The kinds of node.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number, and how it was written (`0394` keeps its zero).
    Int(i64, String),
    /// A number, and how it was written.
    Float(f64, String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map in the order of the file; keys are text.
    Map(Vec<(Key, Node)>),
}

/// A key of a map and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Where the key begins.
    pub place: Place,
    /// The key.
    pub name: String,
}

impl Node {
    /// The node's kind in words, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Int(..) => "a whole number",
            Value::Float(..) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// The node as JSON, places left out.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Int(value, _) => (*value).into(),
            Value::Float(value, _) => (*value).into(),
            Value::Text(value) => value.as_str().into(),
            Value::List(items) => items.iter().map(Self::to_json).collect(),
            Value::Map(entries) => {
                let pairs = entries.iter().map(|(key, node)| (key.name.clone(), node.to_json()));
                serde_json::Value::Object(pairs.collect())
            }
        }
    }
}

/// Reads a whole file.
///
/// # Errors
///
/// One [`Problem`] when it is not YAML, at the place the parser names.
pub fn parse(file: &str, text: &str) -> Result<Node, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let raw: Spanned<Raw> =
        serde_saphyr::from_str_with_options(text, limits()).map_err(|error| {
            let place = error.location();
            Problem {
                file: file.to_owned(),
                line: place.map_or(0, |place| place.line()),
                column: place.map_or(0, |place| place.column()),
                what: format!(
                    "not valid YAML: {}",
                    first_sentence(&error.without_snippet().to_string())
                ),
                hint: String::new(),
            }
        })?;
    Ok(node(text, raw))
}

/// Room for a register of fifty thousand sites; the limits on aliases stay as they are, so that a bomb still does not go off.
fn limits() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_nodes: 10_000_000, max_events: 20_000_000 },
    }
}

/// The parser's message without the place, which stands before it already.
fn first_sentence(message: &str) -> &str {
    let line = message.lines().next().unwrap_or_default();
    line.split(" at line ").next().unwrap_or(line).trim_start_matches("error: ")
}

/// What serde hands over, before the places are attached.
enum Raw {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

fn node(text: &str, raw: Spanned<Raw>) -> Node {
    let span = raw.defined.span();
    let place = place(&raw.referenced);
    let written = || {
        let start = span.byte_offset().and_then(|offset| usize::try_from(offset).ok());
        let rest = start.and_then(|start| text.get(start..)).unwrap_or_default();
        let end = rest.find([' ', '\n', '\r', ',', ']', '}', '#', '\t']).unwrap_or(rest.len());
        rest[..end].to_owned()
    };
    let value = match raw.value {
        Raw::Null => Value::Null,
        Raw::Bool(value) => Value::Bool(value),
        Raw::Int(value) => Value::Int(value, written()),
        Raw::Float(value) => Value::Float(value, written()),
        Raw::Text(value) => Value::Text(value),
        Raw::List(items) => Value::List(items.into_iter().map(|item| node(text, item)).collect()),
        Raw::Map(entries) => {
            let entries = entries.into_iter().map(|(key, value)| {
                (Key { place: self::place(&key.referenced), name: key.value }, node(text, value))
            });
            Value::Map(entries.collect())
        }
    };
    Node { place, value }
}

fn place(location: &serde_saphyr::Location) -> Place {
    Place { line: location.line(), column: location.column() }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RawVisitor;

        impl<'de> Visitor<'de> for RawVisitor {
            type Value = Raw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any YAML node")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }

            fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Raw, E> {
                Ok(Raw::Bool(value))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Raw, E> {
                Ok(Raw::Int(value))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Raw, E> {
                i64::try_from(value).map(Raw::Int).map_err(|_| E::custom("number too large"))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw, E> {
                Ok(Raw::Float(value))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Raw, E> {
                Ok(Raw::Text(value.to_owned()))
            }

            fn visit_string<E: de::Error>(self, value: String) -> Result<Raw, E> {
                Ok(Raw::Text(value))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = access.next_element()? {
                    items.push(item);
                }
                Ok(Raw::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(Raw::Map(entries))
            }
        }

        deserializer.deserialize_any(RawVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_places_and_numbers_their_writing() {
        let node = parse("f", "a: 1\n城:\n  - 0394\n  - { b: 是, c: }\n").unwrap();
        let Value::Map(top) = &node.value else { panic!("{node:?}") };
        assert_eq!(top[1].0.place, Place { line: 2, column: 1 });
        let Value::List(items) = &top[1].1.value else { panic!("{top:?}") };
        assert!(
            matches!(&items[0].value, Value::Float(_, written) if written == "0394"),
            "{items:?}"
        );
        assert_eq!(items[0].place, Place { line: 3, column: 5 });
        let Value::Map(inner) = &items[1].value else { panic!("{items:?}") };
        assert_eq!(inner[0].1.place, Place { line: 4, column: 10 });
        assert_eq!(inner[1].1.value, Value::Null);
    }

    #[test]
    fn duplicate_keys_and_bad_yaml_are_problems_with_a_place() {
        let problem = parse("f", "a: 1\na: 2\n").unwrap_err();
        assert_eq!((problem.line, problem.column), (2, 1), "{problem}");
        assert!(parse("f", "a: [1\nb: 2").unwrap_err().line > 0);
    }
}
