//! Facts as the expression language sees them: the JSON is read in place, and an unseen fact is an error that says so.

use std::{fmt, sync::Arc};

use cel::{
    ExecutionError,
    common::{
        traits::Indexer,
        types::{CelBool, CelDouble, CelInt, CelList, CelNull, CelString, CelUInt, DYN_TYPE, Type},
        value::{CowVal, Val},
    },
    context::VariableResolver,
};
use serde_json::{Map, Value};
use xuncha_model::{Reason, Unseen, seen::UnseenMark, verdict::Unknown};

/// What one evaluation can name: the facts, the element being judged and the rule's parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'v> {
    pub(crate) facts: &'v Map<String, Value>,
    /// The element being judged.
    pub(crate) it: Option<Element<'v>>,
    pub(crate) params: &'v Map<String, Value>,
}

/// An element of a list, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'v> {
    pub(crate) value: &'v Value,
    /// The path of the list.
    pub(crate) list: &'v str,
    pub(crate) index: usize,
}

impl<'v> Scope<'v> {
    /// The root of this name.
    pub(crate) fn root(&self, name: &str) -> Option<&'v Value> {
        match name {
            "it" => self.it.map(|element| element.value),
            name => self.facts.get(name),
        }
    }

    /// Why a root cannot be had, as a verdict says it.
    pub(crate) fn missing(&self, name: &str) -> Unknown {
        let path = match self.it {
            Some(element) if name == "it" => {
                Trail::Element(element.list, element.index).to_string()
            }
            _ => name.to_owned(),
        };
        let mark = self.root(name).and_then(unseen);
        Unknown { path, why: mark.unwrap_or_else(not_looked) }
    }
}

/// The mark of an unseen fact.
pub(crate) fn unseen(value: &Value) -> Option<Unseen> {
    let fields = value.as_object()?;
    if fields.len() != 1 || !fields.contains_key("unseen") {
        return None;
    }
    let mark: UnseenMark = serde::Deserialize::deserialize(value).ok()?;
    Some(mark.unseen)
}

/// A path that older facts do not have: nobody looked.
pub(crate) fn not_looked() -> Unseen {
    Unseen { reason: Reason::NotLooked, detail: String::new() }
}

/// The name under which an unseen fact travels through an evaluation.
const UNSEEN: &str = "unseen";

fn stop(trail: &Trail<'_>, why: Unseen) -> ExecutionError {
    let unknown = Unknown { path: trail.to_string(), why };
    ExecutionError::function_error(UNSEEN, serde_json::to_string(&unknown).unwrap_or_default())
}

/// The unseen fact that stopped an evaluation; `None` when something else did.
pub(crate) fn stopped_by(error: &ExecutionError, scope: &Scope<'_>) -> Option<Unknown> {
    match error {
        ExecutionError::FunctionError { function, message } if function == UNSEEN => {
            serde_json::from_str(message).ok()
        }
        ExecutionError::UndeclaredReference(name) => Some(scope.missing(name)),
        _ => None,
    }
}

impl VariableResolver for Scope<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let (value, trail) = match (variable, self.it) {
            ("params", _) => {
                return Some(CowVal::owned(Record {
                    fields: self.params,
                    trail: Trail::Root("params"),
                }));
            }
            ("it", Some(Element { value, list, index })) => (value, Trail::Element(list, index)),
            (name, _) => {
                let (name, value) = self.facts.get_key_value(name)?;
                (value, Trail::Root(name))
            }
        };
        // an unseen root is left undeclared: `stopped_by` looks it up again
        to_cel(value, trail).ok().map(CowVal::Owned)
    }
}

/// The way to a value, for the path of an unseen fact.
#[derive(Clone, Debug)]
enum Trail<'v> {
    Root(&'v str),
    Element(&'v str, usize),
    Field(Arc<Self>, &'v str),
    Index(Arc<Self>, usize),
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Element(list, index) => write!(f, "{list}[{index}]"),
            Self::Field(parent, name) => write!(f, "{parent}.{name}"),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A JSON object that is read field by field.
#[derive(Clone, Debug)]
struct Record<'v> {
    fields: &'v Map<String, Value>,
    trail: Trail<'v>,
}

fn to_cel<'v>(value: &'v Value, trail: Trail<'v>) -> Result<Box<dyn Val + 'v>, ExecutionError> {
    Ok(match value {
        Value::Null => Box::new(CelNull),
        Value::Bool(value) => Box::new(CelBool::from(*value)),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Box::new(CelInt::from(value)),
            (None, Some(value)) => Box::new(CelUInt::from(value)),
            (None, None) => Box::new(CelDouble::from(number.as_f64().unwrap_or(f64::NAN))),
        },
        Value::String(text) => Box::new(CelString::from(text.as_str())),
        Value::Array(items) => {
            let trail = Arc::new(trail);
            let items = items.iter().enumerate();
            let items =
                items.map(|(index, item)| to_cel(item, Trail::Index(Arc::clone(&trail), index)));
            Box::new(CelList::from(items.collect::<Result<Vec<_>, _>>()?))
        }
        Value::Object(fields) => match unseen(value) {
            Some(why) => return Err(stop(&trail, why)),
            None => Box::new(Record { fields, trail }),
        },
    })
}

impl Indexer for Record<'_> {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = index.downcast_ref::<CelString>().map(CelString::inner);
        let name = name.ok_or_else(|| ExecutionError::no_such_key("a record has text keys"))?;
        match self.fields.get_key_value(name) {
            Some((name, Value::Object(_) | Value::Array(_))) => {
                let trail = Trail::Field(Arc::new(self.trail.clone()), name);
                to_cel(&self.fields[name], trail).map(CowVal::Owned)
            }
            Some((_, value)) => to_cel(value, Trail::Root("")).map(CowVal::Owned),
            None => {
                let trail = Trail::Field(Arc::new(self.trail.clone()), name);
                Err(stop(&trail, not_looked()))
            }
        }
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(index).map(CowVal::into_owned)
    }
}

impl Val for Record<'_> {
    fn get_type(&self) -> &Type {
        &DYN_TYPE
    }

    fn cel_type() -> &'static Type {
        &DYN_TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }
}
