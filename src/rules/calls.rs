//! Operators and functions in conditions: what they take and what they give.

use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr, IdedExpr, operators};
use regex::RegexBuilder;
use xuncha_model::Reason;

use crate::{
    check::{Walker, kind, literal_text},
    shape::Shape,
    yaml::nearest,
};

/// The functions a condition may call.
const FUNCTIONS: &[&str] = &[
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "int",
    "double",
    "string",
    "has",
    "all",
    "exists",
    "exists_one",
    "map",
    "filter",
];

/// How large a compiled pattern may become (bytes); threats.md T11.
const PATTERN_LIMIT: usize = 256 * 1024;

impl Walker<'_> {
    /// The shape of a call, whose parts are checked.
    pub(crate) fn call(&mut self, node: &IdedExpr, call: &CallExpr) -> Shape {
        let parts: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        match (call.func_name.as_str(), parts.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, &[left, right]) => {
                self.want_bool(left);
                self.want_bool(right);
                Shape::Bool
            }
            (operators::LOGICAL_NOT | operators::NOT_STRICTLY_FALSE, &[part]) => {
                self.want_bool(part);
                Shape::Bool
            }
            (operators::CONDITIONAL, &[condition, yes, no]) => {
                self.want_bool(condition);
                let (yes, no) = (self.shape(yes), self.shape(no));
                if yes == no || no == Shape::Any { yes } else { no }
            }
            (operators::EQUALS | operators::NOT_EQUALS, &[left, right]) => {
                self.compared(node, left, right);
                Shape::Bool
            }
            (
                operators::LESS
                | operators::LESS_EQUALS
                | operators::GREATER
                | operators::GREATER_EQUALS,
                &[left, right],
            ) => {
                self.ordered(node, left, right);
                Shape::Bool
            }
            (operators::IN, &[left, right]) => {
                self.contained(node, left, right);
                Shape::Bool
            }
            (operators::INDEX, &[of, index]) => self.indexed(node, of, index),
            (operators::NEGATE, &[part]) => self.shape(part),
            (
                name @ (operators::ADD
                | operators::SUBSTRACT
                | operators::MULTIPLY
                | operators::DIVIDE
                | operators::MODULO),
                &[left, right],
            ) => self.reckoned(node, name, left, right),
            (name, parts) => self.function(node, name, call.target.is_some(), parts),
        }
    }

    fn want_bool(&mut self, node: &IdedExpr) {
        let shape = self.shape(node);
        if !matches!(shape, Shape::Bool | Shape::Any) {
            self.mistake(node, format!("must be true or false, and is a {}", kind(&shape)), "");
        }
    }

    fn compared(&mut self, node: &IdedExpr, left: &IdedExpr, right: &IdedExpr) {
        let empty = |node: &IdedExpr| literal_text(node) == Some("");
        let (a, b) = (self.shape_for(left, empty(right)), self.shape_for(right, empty(left)));
        self.words(&a, right);
        self.words(&b, left);
        if !a.meets(&b) {
            let what =
                format!("a {} is compared with a {}: they are never equal", kind(&a), kind(&b));
            self.mistake(node, what, "");
        }
    }

    /// A literal that is compared with a word must be one of the words; with a reason, a code.
    fn words(&mut self, shape: &Shape, node: &IdedExpr) {
        let Some(text) = literal_text(node) else { return };
        match shape {
            Shape::Word(words) if !words.iter().any(|word| word == text) => {
                let hint = nearest(text, words.iter().map(String::as_str)).map_or_else(
                    || format!("one of: {}", words.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.mistake(node, format!("`{text}` is none of the words of this fact"), hint);
            }
            Shape::Reason if text.parse::<Reason>().is_err() => {
                let codes = Reason::FIXED.iter().map(|(code, _)| *code);
                let hint = nearest(text, codes).map(|near| format!("did you mean `{near}`?"));
                self.mistake(
                    node,
                    format!("`{text}` is not a reason code"),
                    hint.unwrap_or_default(),
                );
            }
            _ => {}
        }
    }

    fn ordered(&mut self, node: &IdedExpr, left: &IdedExpr, right: &IdedExpr) {
        let (a, b) = (self.shape(left), self.shape(right));
        let any = matches!(a, Shape::Any) || matches!(b, Shape::Any);
        let orderly = (a.is_number() && b.is_number()) || (a.is_text() && b.is_text());
        if !any && !orderly {
            let what = format!("a {} and a {} have no order", kind(&a), kind(&b));
            self.mistake(node, what, "");
        }
    }

    fn contained(&mut self, node: &IdedExpr, left: &IdedExpr, right: &IdedExpr) {
        let (a, b) = (self.shape(left), self.shape(right));
        if let Expr::List(list) = &right.expr {
            for element in &list.elements {
                self.words(&a, element);
            }
        }
        match &b {
            Shape::List(element) => {
                self.words(element, left);
                if !a.meets(element) {
                    let what = format!("a {} is never in a list of {}", kind(&a), kind(element));
                    self.mistake(node, what, "");
                }
            }
            Shape::Any | Shape::Record(_) => {}
            other => {
                self.mistake(
                    right,
                    format!("`in` needs a list, and this is a {}", kind(other)),
                    "",
                );
            }
        }
    }

    fn indexed(&mut self, node: &IdedExpr, of: &IdedExpr, index: &IdedExpr) -> Shape {
        let (list, place) = (self.shape(of), self.shape(index));
        match (list, place) {
            (Shape::List(element), Shape::Int | Shape::Any) => (*element).clone(),
            (Shape::Any | Shape::Record(_), _) => Shape::Any,
            (list, place) => {
                let what = format!("a {} has no element at a {}", kind(&list), kind(&place));
                self.mistake(node, what, "");
                Shape::Any
            }
        }
    }

    fn reckoned(
        &mut self,
        node: &IdedExpr,
        name: &str,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Shape {
        let (a, b) = (self.shape(left), self.shape(right));
        let plus = name == operators::ADD;
        match (&a, &b) {
            (Shape::Any, _) => b,
            (_, Shape::Any) => a,
            (a, b) if a.is_number() && a == b => a.clone(),
            (a, b) if plus && a.is_text() && b.is_text() => Shape::Text,
            (Shape::List(x), Shape::List(y)) if plus => {
                Shape::List(Arc::clone(if **x == Shape::Any { y } else { x }))
            }
            (a, b) => {
                let hint = if a.is_number() && b.is_number() { "write `double(…)`" } else { "" };
                self.mistake(node, format!("cannot reckon a {} with a {}", kind(a), kind(b)), hint);
                Shape::Any
            }
        }
    }

    fn function(
        &mut self,
        node: &IdedExpr,
        name: &str,
        member: bool,
        parts: &[&IdedExpr],
    ) -> Shape {
        match (name, member, parts) {
            ("size", _, [of]) => {
                let shape = self.shape(of);
                let sized = matches!(shape, Shape::Any | Shape::List(_)) || shape.is_text();
                if !sized {
                    self.mistake(of, format!("a {} has no size", kind(&shape)), "");
                }
                Shape::Int
            }
            ("contains" | "startsWith" | "endsWith" | "matches", true, [text, part]) => {
                for side in [text, part] {
                    let shape = self.shape(side);
                    if !(shape.is_text() || shape == Shape::Any) {
                        self.mistake(
                            side,
                            format!("`{name}` needs text, and this is a {}", kind(&shape)),
                            "",
                        );
                    }
                }
                if name == "matches" {
                    self.pattern(part);
                }
                Shape::Bool
            }
            ("int", false, [part]) => self.turned(part, Shape::Int),
            ("double", false, [part]) => self.turned(part, Shape::Float),
            ("string", false, [part]) => self.turned(part, Shape::Text),
            _ => {
                parts.iter().for_each(|part| {
                    self.shape(part);
                });
                let hint = nearest(name, FUNCTIONS.iter().copied().filter(|known| *known != name));
                let (what, hint) = match hint {
                    _ if FUNCTIONS.contains(&name) => {
                        (format!("`{name}` is called with the wrong arguments"), String::new())
                    }
                    Some(near) => (
                        format!("there is no function `{name}`"),
                        format!("did you mean `{near}`?"),
                    ),
                    None => (
                        format!("there is no function `{name}`"),
                        format!("there are: {}", FUNCTIONS.join(", ")),
                    ),
                };
                self.mistake(node, what, hint);
                Shape::Any
            }
        }
    }

    fn turned(&mut self, part: &IdedExpr, into: Shape) -> Shape {
        self.shape(part);
        into
    }

    /// A pattern must be known at load, so that one that grows too large is refused there.
    fn pattern(&mut self, node: &IdedExpr) {
        let parameter = self.parameter(node).and_then(serde_json::Value::as_str).map(str::to_owned);
        let Some(pattern) = literal_text(node).map(str::to_owned).or(parameter) else {
            return self.mistake(node, "a pattern must be a literal or a parameter", "");
        };
        if let Err(error) = RegexBuilder::new(&pattern).size_limit(PATTERN_LIMIT).build() {
            let reason = match error {
                regex::Error::CompiledTooBig(_) => {
                    format!("it needs more than {PATTERN_LIMIT} bytes when compiled")
                }
                other => other
                    .to_string()
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ")
                    .to_owned(),
            };
            self.mistake(node, format!("the pattern is refused: {reason}"), "");
        }
    }
}
