//! The published schema of facts: every path a rule may name, its kind and its meaning.

use std::sync::{Arc, LazyLock};

use schemars::{Schema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::Value;
use xuncha_model::Facts;

use crate::shape::{Field, Record, Shape};

/// The schema of [`Facts`], read from its declaration and doc comments.
#[derive(Clone, Debug)]
pub struct FactsSchema {
    root: Arc<Record>,
}

/// One path of the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactPath {
    /// `tls.chain[].days_left`.
    pub path: String,
    /// What it holds, in words; the words of an enumeration are listed.
    #[serde(rename = "type")]
    pub kind: String,
    /// The doc comment.
    pub doc: String,
}

/// The schema of the facts this program knows.
pub fn facts_schema() -> FactsSchema {
    static SCHEMA: LazyLock<FactsSchema> = LazyLock::new(|| {
        let schema = json_schema();
        FactsSchema { root: Arc::new(record(schema.as_value(), schema.as_value(), "Facts")) }
    });
    SCHEMA.clone()
}

/// The same as a JSON Schema (draft 2020-12), for tools.
pub fn json_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Facts>()
}

impl FactsSchema {
    /// The record of all facts.
    pub fn root(&self) -> &Arc<Record> {
        &self.root
    }

    /// Every path, depth first by name.
    pub fn paths(&self) -> Vec<FactPath> {
        let mut paths = Vec::new();
        list(&self.root, "", &mut paths);
        paths
    }

    /// The shape at a path without indices (`tls.chain`); lists are not entered.
    pub fn at(&self, path: &str) -> Option<&Shape> {
        let mut record = &self.root;
        let mut parts = path.split('.').peekable();
        loop {
            let field = record.field(parts.next()?)?;
            if parts.peek().is_none() {
                return Some(&field.shape);
            }
            let Shape::Record(inner) = &field.shape else { return None };
            record = inner;
        }
    }
}

fn list(record: &Record, prefix: &str, paths: &mut Vec<FactPath>) {
    for field in &record.fields {
        let path = format!("{prefix}{}", field.name);
        paths.push(FactPath {
            path: path.clone(),
            kind: field.shape.to_string(),
            doc: field.doc.clone(),
        });
        match &field.shape {
            Shape::Record(inner) => list(inner, &format!("{path}."), paths),
            Shape::List(element) => {
                if let Shape::Record(inner) = &**element {
                    list(inner, &format!("{path}[]."), paths);
                }
            }
            _ => {}
        }
    }
}

fn record(schema: &Value, root: &Value, name: &str) -> Record {
    let properties = schema.get("properties").and_then(Value::as_object);
    let fields = properties.into_iter().flatten().map(|(name, schema)| Field {
        name: name.clone(),
        shape: shape(schema, root),
        doc: text(schema, "description"),
    });
    Record { name: name.to_owned(), fields: fields.collect() }
}

fn text(schema: &Value, key: &str) -> String {
    schema.get(key).and_then(Value::as_str).unwrap_or_default().replace('\n', " ")
}

fn shape(schema: &Value, root: &Value) -> Shape {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        let name = reference.rsplit('/').next().unwrap_or_default();
        return target.map_or(Shape::Any, |target| named(target, root, name));
    }
    named(schema, root, "")
}

fn named(schema: &Value, root: &Value, name: &str) -> Shape {
    if let Some(words) = words(schema) {
        return Shape::Word(words.into());
    }
    match kind(schema) {
        Some("boolean") => Shape::Bool,
        Some("integer") => Shape::Int,
        Some("number") => Shape::Float,
        Some("array") => {
            let element = schema.get("items").map_or(Shape::Any, |items| shape(items, root));
            Shape::List(Arc::new(element))
        }
        Some("object") => Shape::Record(Arc::new(record(schema, root, name))),
        Some("string") => match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => Shape::Moment,
            Some("date") => Shape::Day,
            Some("reason") => Shape::Reason,
            _ => Shape::Text,
        },
        _ => Shape::Any,
    }
}

/// The type of a value; of one that may be missing, the type it has when it is there.
fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::Array(types) => types.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    }
}

/// The words of an enumeration: `enum`, or `oneOf` constants when its variants carry doc comments.
fn words(schema: &Value) -> Option<Vec<String>> {
    let word = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().map(word).collect();
    }
    let variants = schema.get("oneOf").and_then(Value::as_array)?;
    let constants = variants.iter().map(|variant| match variant.get("const") {
        Some(constant) => Some(vec![word(constant)?]),
        None => words(variant),
    });
    constants.collect::<Option<Vec<_>>>().map(|lists| lists.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_a_kind_and_a_doc_comment() {
        let paths = facts_schema().paths();
        let at = |path: &str| paths.iter().find(|fact| fact.path == path).unwrap();
        assert_eq!(at("tls.chain[].days_left").kind, "whole number");
        assert_eq!(at("site.kind").kind, "portal | department");
        assert_eq!(at("http.home.reason").kind, "reason code");
        assert_eq!(at("tls.chain[].not_after").kind, "moment");
        assert_eq!(at("filing.events[].date").kind, "day");
        assert_eq!(at("software[].eol_date").kind, "day");
        assert_eq!(at("dns.nameservers").kind, "list of text");
        assert_eq!(at("site.sponsor_kind").kind.split(" | ").count(), 6);
        let silent: Vec<_> = paths.iter().filter(|fact| fact.doc.is_empty()).collect();
        assert!(silent.is_empty(), "{silent:?}");
        assert!(paths.iter().all(|fact| fact.kind != "anything"), "{paths:?}");
    }

    #[test]
    fn a_path_leads_to_its_shape() {
        let schema = facts_schema();
        assert!(matches!(schema.at("tls.chain"), Some(Shape::List(_))));
        assert_eq!(schema.at("tls.chain.days_left"), None);
        assert_eq!(schema.at("tls.nothing"), None);
    }
}
