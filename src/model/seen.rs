//! Whether a fact was observed at all, apart from what was observed.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::Reason;

/// A fact that was seen, or the reason why it was not.
///
/// As JSON a seen fact is the fact itself; an unseen one is `{"unseen": {"reason": "...", "detail": "..."}}`.
/// A rule that touches an unseen fact answers *unknown*, never *fail*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Seen<T> {
    /// We did not see it.
    Unseen(UnseenMark),
    /// We saw this.
    Seen(T),
}

/// The JSON wrapper that marks an unseen fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnseenMark {
    /// Why the fact is missing.
    pub unseen: Unseen,
}

/// Why a fact is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unseen {
    /// The code a machine can read.
    pub reason: Reason,
    /// What a person may want to know besides; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl<T> Seen<T> {
    /// An unseen fact.
    pub fn unseen(reason: Reason, detail: impl Into<String>) -> Self {
        Self::Unseen(UnseenMark { unseen: Unseen { reason, detail: detail.into() } })
    }

    /// The fact, when it was seen.
    pub fn seen(&self) -> Option<&T> {
        match self {
            Self::Seen(value) => Some(value),
            Self::Unseen(_) => None,
        }
    }

    /// Why it was not seen, when it was not.
    pub fn why(&self) -> Option<&Unseen> {
        match self {
            Self::Seen(_) => None,
            Self::Unseen(mark) => Some(&mark.unseen),
        }
    }

    /// The same absence, or the fact transformed.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Seen<U> {
        match self {
            Self::Seen(value) => Seen::Seen(f(value)),
            Self::Unseen(mark) => Seen::Unseen(mark),
        }
    }
}

/// The schema is that of the fact: rules name its fields, absence is the judge's business.
impl<T: JsonSchema> JsonSchema for Seen<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_survives_json() {
        let unseen: Seen<Vec<u8>> = Seen::unseen(Reason::SelfNetwork, "gateway");
        let text = serde_json::to_string(&unseen).unwrap();
        assert_eq!(text, r#"{"unseen":{"reason":"self.network","detail":"gateway"}}"#);
        assert_eq!(serde_json::from_str::<Seen<Vec<u8>>>(&text).unwrap(), unseen);
        assert_eq!(serde_json::from_str::<Seen<Vec<u8>>>("[1]").unwrap(), Seen::Seen(vec![1]));
    }
}
