//! The type walk over a condition: every name, field and comparison is held against the schema of facts.

use cel::{
    Program,
    common::ast::{
        ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo,
    },
};
use serde_json::{Map, Value};

use crate::{
    expression::{At, Mistake},
    schema::FactsSchema,
    shape::{Record, Shape},
    yaml::nearest,
};

/// The names a rule's expressions and templates may use.
#[derive(Debug)]
pub(crate) struct Names<'s> {
    pub(crate) schema: &'s FactsSchema,
    /// The shape of `it`; `None` without `each`.
    pub(crate) it: Option<Shape>,
    pub(crate) params: &'s Map<String, Value>,
}

/// A fact that an expression names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Read {
    /// The root and the fields below it.
    pub(crate) path: Vec<String>,
    /// What stands there.
    pub(crate) shape: Shape,
    /// Nothing but whether it is the empty text matters.
    pub(crate) only_empty: bool,
}

impl Names<'_> {
    /// The shape of a root; the error says what is wrong and gives a hint.
    pub(crate) fn root(&self, name: &str) -> Result<Shape, (String, String)> {
        match name {
            "it" => self
                .it
                .clone()
                .ok_or_else(|| ("`it` is used, and the rule has no `each`".into(), String::new())),
            "params" => Ok(Shape::of(&Value::Object(self.params.clone()))),
            name => {
                let root = self.schema.root();
                let field = root.field(name).map(|field| field.shape.clone());
                field.ok_or_else(|| {
                    (format!("there is no fact `{name}`"), near(name, "", root.names()))
                })
            }
        }
    }
}

/// The shape of a field, or what is wrong with asking for it and a hint. `path` is empty where the value has no name.
pub(crate) fn field(of: &Shape, path: &str, name: &str) -> Result<Shape, (String, String)> {
    let called = if path.is_empty() { "this value".to_owned() } else { format!("`{path}`") };
    match of {
        Shape::Any => Ok(Shape::Any),
        Shape::Record(record) => {
            let found = record.field(name).map(|field| field.shape.clone());
            found.ok_or_else(|| unknown_field(record, path, name))
        }
        Shape::List(_) => {
            let hint = "its elements do: use `each`, an index or `exists`".to_owned();
            Err((format!("{called} is a list and has no field `{name}`"), hint))
        }
        scalar => Err((
            format!("{called} is a {} and has no field `{name}`", kind(scalar)),
            String::new(),
        )),
    }
}

fn unknown_field(record: &Record, path: &str, name: &str) -> (String, String) {
    let full = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
    let what = if path == "params" { "parameter" } else { "fact" };
    (format!("there is no {what} `{full}`"), near(name, &prefix, record.names()))
}

fn near<'c>(name: &str, prefix: &str, candidates: impl Iterator<Item = &'c str>) -> String {
    let candidates: Vec<&str> = candidates.collect();
    match nearest(name, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{prefix}{near}`?"),
        None if candidates.is_empty() => String::new(),
        None => format!("there are: {}", candidates.join(", ")),
    }
}

/// A shape in one word or two.
pub(crate) fn kind(shape: &Shape) -> String {
    if matches!(shape, Shape::Word(_)) { "word".to_owned() } else { shape.to_string() }
}

/// The shape of a program, the facts it reads, and what is wrong with it.
pub(crate) fn walk(program: &Program, names: &Names<'_>) -> (Shape, Vec<Read>, Vec<Mistake>) {
    let info = program.source_info();
    let mut walker =
        Walker { info, names, local: Vec::new(), reads: Vec::new(), mistakes: Vec::new() };
    let shape = walker.shape(program.expression());
    (shape, walker.reads, walker.mistakes)
}

/// The walk in progress.
pub(crate) struct Walker<'w> {
    info: &'w SourceInfo,
    names: &'w Names<'w>,
    local: Vec<(String, Shape)>,
    reads: Vec<Read>,
    mistakes: Vec<Mistake>,
}

impl Walker<'_> {
    /// Notes a mistake at a node.
    pub(crate) fn mistake(
        &mut self,
        node: &IdedExpr,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let mistake =
            Mistake { at: At::Byte(self.start(node)), what: what.into(), hint: hint.into() };
        if !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }

    /// The byte where a reader would look for the node.
    fn start(&self, node: &IdedExpr) -> usize {
        let offset = self.info.offset_for(node.id).map_or(0, |(start, _)| start as usize);
        let before = self.info.source.get(..offset).unwrap_or_default();
        match &node.expr {
            // the parser gives the dot
            Expr::Select(select) if !select.test => offset + 1,
            // the parser gives the bracket
            Expr::Call(call) if before.ends_with(&call.func_name) => offset - call.func_name.len(),
            _ => offset,
        }
    }

    /// The parameter an expression names: `params.x`.
    pub(crate) fn parameter(&self, node: &IdedExpr) -> Option<&Value> {
        let Expr::Select(select) = &node.expr else { return None };
        let Expr::Ident(root) = &select.operand.expr else { return None };
        if root == "params" { self.names.params.get(&select.field) } else { None }
    }

    /// The shape of a node; what is below it is checked and its reads are noted.
    pub(crate) fn shape(&mut self, node: &IdedExpr) -> Shape {
        match &node.expr {
            Expr::Unspecified | Expr::Struct(_) => Shape::Any,
            Expr::Literal(literal) => of_literal(literal),
            Expr::Ident(_) | Expr::Select(_) => self.shape_for(node, false),
            Expr::List(list) => {
                let shapes: Vec<Shape> =
                    list.elements.iter().map(|element| self.shape(element)).collect();
                let first = shapes.first().cloned().unwrap_or(Shape::Any);
                let same = shapes.iter().all(|shape| *shape == first);
                Shape::List(std::sync::Arc::new(if same { first } else { Shape::Any }))
            }
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        self.shape(&entry.key);
                        self.shape(&entry.value);
                    }
                }
                Shape::Any
            }
            Expr::Comprehension(inner) => self.comprehension(inner),
            Expr::Call(call) => self.call(node, call),
        }
    }

    /// A name and the fields selected on it, with its path where it begins at a root.
    fn named(&mut self, node: &IdedExpr) -> (Vec<String>, Shape) {
        match &node.expr {
            Expr::Ident(name) => {
                if let Some((_, shape)) = self.local.iter().rev().find(|(local, _)| local == name) {
                    return (Vec::new(), shape.clone());
                }
                match self.names.root(name) {
                    Ok(shape) => (vec![name.clone()], shape),
                    Err((what, hint)) => {
                        self.mistake(node, what, hint);
                        (Vec::new(), Shape::Any)
                    }
                }
            }
            Expr::Select(select) => self.select(node, select),
            _ => (Vec::new(), self.shape(node)),
        }
    }

    fn select(&mut self, node: &IdedExpr, select: &SelectExpr) -> (Vec<String>, Shape) {
        let (mut path, shape) = self.named(&select.operand);
        let called = if path.is_empty() {
            local_name(&select.operand).unwrap_or_default()
        } else {
            path.join(".")
        };
        match field(&shape, &called, &select.field) {
            Ok(shape) => {
                if !path.is_empty() {
                    path.push(select.field.clone());
                }
                (path, if select.test { Shape::Bool } else { shape })
            }
            Err((what, hint)) => {
                self.mistake(node, what, hint);
                (Vec::new(), Shape::Any)
            }
        }
    }

    /// The shape of a node that is asked for its value, or only whether it is the empty text.
    pub(crate) fn shape_for(&mut self, node: &IdedExpr, only_empty: bool) -> Shape {
        if !matches!(node.expr, Expr::Ident(_) | Expr::Select(_)) {
            return self.shape(node);
        }
        let (path, shape) = self.named(node);
        match self.reads.iter_mut().find(|read| read.path == path) {
            Some(known) => known.only_empty &= only_empty,
            None if path.first().is_some_and(|root| root != "params") => {
                self.reads.push(Read { path, shape: shape.clone(), only_empty });
            }
            None => {}
        }
        shape
    }

    fn comprehension(&mut self, inner: &ComprehensionExpr) -> Shape {
        let element = match self.shape(&inner.iter_range) {
            Shape::List(element) => (*element).clone(),
            Shape::Any => Shape::Any,
            other => {
                self.mistake(&inner.iter_range, format!("a {} has no elements", kind(&other)), "");
                Shape::Any
            }
        };
        let start = self.shape(&inner.accu_init);
        self.local.push((inner.iter_var.clone(), element));
        self.local.push((inner.accu_var.clone(), start));
        self.shape(&inner.loop_cond);
        let step = self.shape(&inner.loop_step);
        if let Some((_, accumulated)) = self.local.last_mut() {
            *accumulated = step;
        }
        let result = self.shape(&inner.result);
        self.local.truncate(self.local.len().saturating_sub(2));
        result
    }
}

/// `n.x` for messages about an iteration variable.
fn local_name(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) => Some(format!("{}.{}", local_name(&select.operand)?, select.field)),
        _ => None,
    }
}

fn of_literal(literal: &LiteralValue) -> Shape {
    match literal {
        LiteralValue::Boolean(_) => Shape::Bool,
        LiteralValue::Double(_) => Shape::Float,
        LiteralValue::Int(_) | LiteralValue::UInt(_) => Shape::Int,
        LiteralValue::String(_) => Shape::Text,
        LiteralValue::Bytes(_) | LiteralValue::Null => Shape::Any,
    }
}

/// The text of a literal.
pub(crate) fn literal_text(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}
