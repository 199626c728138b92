//! The answers a condition gave before, by the values of the facts it reads.
//!
//! A condition is a pure function of those values, and most facts are one of a few words: asking the expression
//! engine once per combination makes Article 14 a matter of look-ups (bench `judge`).

use std::{collections::HashMap, sync::Mutex};

use serde_json::Value;

use crate::{check::Read, judge::Answer, shape::Shape, values::Scope};

/// Combinations that are kept; when there are more, all are forgotten.
const KEPT: usize = 4_096;

/// A longer key (bytes) is not worth keeping.
const LONGEST: usize = 512;

/// The field that marks an unseen fact.
const UNSEEN: &str = "unseen";

/// A value that tells answers apart: the path, and whether only its emptiness does.
#[derive(Debug)]
struct Part {
    path: Vec<String>,
    only_empty: bool,
}

/// The answers of one rule.
#[derive(Debug)]
pub(crate) struct Memo {
    reads: Vec<Part>,
    answers: Mutex<HashMap<Box<[u8]>, Answer, foldhash::fast::RandomState>>,
}

impl Memo {
    /// A memory for a rule that reads these facts; `None` when one of them is not a single small value.
    pub(crate) fn new<'r>(reads: impl Iterator<Item = &'r Read>) -> Option<Self> {
        let mut parts: Vec<Part> = Vec::new();
        for read in reads {
            let large = match &read.shape {
                Shape::Any | Shape::Record(_) => true,
                Shape::List(element) => {
                    matches!(**element, Shape::Any | Shape::List(_) | Shape::Record(_))
                }
                _ => false,
            };
            if large {
                return None;
            }
            match parts.iter_mut().find(|part| part.path == read.path) {
                Some(part) => part.only_empty &= read.only_empty,
                None => parts.push(Part { path: read.path.clone(), only_empty: read.only_empty }),
            }
        }
        Some(Self { reads: parts, answers: Mutex::default() })
    }

    /// The values the rule reads, written one after the other; false when a key cannot hold them.
    pub(crate) fn key(&self, scope: &Scope<'_>, key: &mut Vec<u8>) -> bool {
        key.clear();
        self.reads.iter().all(|part| write(scope, part, key)) && key.len() <= LONGEST
    }

    /// The answer given before.
    pub(crate) fn answer(&self, key: &[u8]) -> Option<Answer> {
        self.answers.lock().ok()?.get(key).cloned()
    }

    /// Remembers an answer.
    pub(crate) fn keep(&self, key: &[u8], answer: &Answer) {
        if let Ok(mut answers) = self.answers.lock() {
            if answers.len() >= KEPT {
                answers.clear();
            }
            answers.insert(key.into(), answer.clone());
        }
    }
}

/// Writes what stands at a path; false for what a key cannot tell apart.
fn write(scope: &Scope<'_>, part: &Part, key: &mut Vec<u8>) -> bool {
    let Some((root, fields)) = part.path.split_first() else { return false };
    let mut value = scope.root(root);
    for (depth, field) in fields.iter().enumerate() {
        let Some(Value::Object(inner)) = value else { break };
        // what is missing below an unseen fact is as unseen as the fact
        match inner.get(field) {
            None if inner.contains_key(UNSEEN) => {
                return write_absent(inner.get(UNSEEN), root, depth, key);
            }
            inside => value = inside,
        }
        if value.is_none() {
            return write_absent(None, root, depth, key);
        }
    }
    match value {
        Some(Value::Object(inner)) if inner.contains_key(UNSEEN) => {
            write_absent(inner.get(UNSEEN), root, fields.len(), key)
        }
        Some(Value::String(text)) if part.only_empty => {
            key.extend([b'e', u8::from(text.is_empty())]);
            true
        }
        Some(value) => write_value(value, key),
        None => write_absent(None, root, 0, key),
    }
}

/// An absence: how deep, and why. The path of an element has its index in it, so an answer about it is not kept.
fn write_absent(mark: Option<&Value>, root: &str, depth: usize, key: &mut Vec<u8>) -> bool {
    if root == "it" {
        return false;
    }
    key.push(b'u');
    key.push(u8::try_from(depth).unwrap_or(u8::MAX));
    for part in ["reason", "detail"] {
        write_text(mark.and_then(|mark| mark.get(part)?.as_str()).unwrap_or_default(), key);
    }
    true
}

fn write_value(value: &Value, key: &mut Vec<u8>) -> bool {
    match value {
        Value::Bool(value) => key.extend([b'b', u8::from(*value)]),
        Value::String(text) => write_text(text, key),
        Value::Number(number) => match number.as_i64() {
            Some(value) => {
                key.push(b'i');
                key.extend(value.to_le_bytes());
            }
            None => return false,
        },
        Value::Array(items) if items.len() <= 8 => {
            key.extend([b'l', u8::try_from(items.len()).unwrap_or(u8::MAX)]);
            return items.iter().all(|item| write_value(item, key));
        }
        Value::Null | Value::Array(_) | Value::Object(_) => return false,
    }
    true
}

/// The length keeps two texts from running into each other.
fn write_text(text: &str, key: &mut Vec<u8>) {
    key.push(b's');
    key.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_le_bytes());
    key.extend(text.as_bytes());
}
