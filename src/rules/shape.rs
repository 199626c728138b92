//! The shape of a fact, as the expressions of rules see it.

use std::{fmt, sync::Arc};

/// What a fact, or a part of an expression, can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Anything: what cannot be told before it is evaluated.
    Any,
    /// true or false.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// Text.
    Text,
    /// A moment, RFC 3339 in UTC.
    Moment,
    /// A day, `YYYY-MM-DD`.
    Day,
    /// A code of the list of reasons; empty for "well".
    Reason,
    /// One of these words.
    Word(Arc<[String]>),
    /// A list whose elements all have this shape.
    List(Arc<Self>),
    /// A record with these fields.
    Record(Arc<Record>),
}

/// A record: its name and its fields by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The name of the record; empty for one that is made up.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name, as JSON writes it.
    pub name: String,
    /// What it holds.
    pub shape: Shape,
    /// Its doc comment.
    pub doc: String,
}

impl Record {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }
}

impl Shape {
    /// The shape of a value of `params`.
    pub fn of(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Any,
            serde_json::Value::Bool(_) => Self::Bool,
            serde_json::Value::Number(number) if number.is_f64() => Self::Float,
            serde_json::Value::Number(_) => Self::Int,
            serde_json::Value::String(_) => Self::Text,
            serde_json::Value::Array(items) => {
                let mut shapes = items.iter().map(Self::of);
                let first = shapes.next().unwrap_or(Self::Any);
                let same = shapes.all(|shape| shape == first);
                Self::List(Arc::new(if same { first } else { Self::Any }))
            }
            serde_json::Value::Object(entries) => {
                let fields = entries.iter().map(|(name, value)| Field {
                    name: name.clone(),
                    shape: Self::of(value),
                    doc: String::new(),
                });
                Self::Record(Arc::new(Record { name: String::new(), fields: fields.collect() }))
            }
        }
    }

    /// Written with the letters of text.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Moment | Self::Day | Self::Reason | Self::Word(_))
    }

    /// A number.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Float)
    }

    /// Whether two values of these shapes can be compared at all.
    pub fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::List(a), Self::List(b)) => a.meets(b),
            (Self::Record(_), Self::Record(_)) => true,
            (a, b) => (a.is_text() && b.is_text()) || (a.is_number() && b.is_number()) || a == b,
        }
    }
}

impl fmt::Display for Shape {
    /// In words, for messages and for `rules facts`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Bool => f.write_str("boolean"),
            Self::Int => f.write_str("whole number"),
            Self::Float => f.write_str("number"),
            Self::Text => f.write_str("text"),
            Self::Moment => f.write_str("moment"),
            Self::Day => f.write_str("day"),
            Self::Reason => f.write_str("reason code"),
            Self::Word(words) => f.write_str(&words.join(" | ")),
            Self::List(element) => match &**element {
                Self::Record(_) => f.write_str("list of records"),
                element => write!(f, "list of {element}"),
            },
            Self::Record(_) => f.write_str("record"),
        }
    }
}
