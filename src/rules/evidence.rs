//! The small facts a finding rests on, cut to a size that a person reads.

use serde_json::{Map, Value};

use crate::values::{Scope, unseen};

/// The most a finding's evidence may hold (bytes of JSON).
const LARGEST: usize = 4_096;

/// Steps of cutting: characters of a text, elements of a list.
const STEPS: &[(usize, usize)] = &[(400, 20), (160, 8), (80, 3), (40, 1)];

/// What was read of these facts: path ▸ value; the element judged stands under `it`.
pub(crate) fn of<'r>(
    scope: &Scope<'_>,
    paths: impl Iterator<Item = &'r Vec<String>>,
) -> Map<String, Value> {
    let mut found: Vec<(String, &Value)> = Vec::new();
    if let Some(element) = scope.it {
        found.push(("it".to_owned(), element.value));
    }
    for path in paths {
        let Some((root, fields)) = path.split_first() else { continue };
        if root == "it" || root == "params" {
            continue;
        }
        let name = path.join(".");
        let value =
            fields.iter().try_fold(scope.root(root), |value, field| Some(value?.get(field)));
        if let Some(Some(value)) = value
            && unseen(value).is_none()
            && !found.iter().any(|(known, _)| *known == name)
        {
            found.push((name, value));
        }
    }
    for (letters, elements) in STEPS {
        let cut: Map<String, Value> = found
            .iter()
            .map(|(name, value)| (name.clone(), trim(value, *letters, *elements)))
            .collect();
        if size(&cut) <= LARGEST {
            return cut;
        }
    }
    let mut cut = Map::new();
    for (name, value) in found {
        cut.insert(name.clone(), trim(value, 40, 1));
        if size(&cut) > LARGEST {
            cut.remove(&name);
        }
    }
    cut
}

fn size(value: &Map<String, Value>) -> usize {
    serde_json::to_string(value).map_or(0, |text| text.len())
}

fn trim(value: &Value, letters: usize, elements: usize) -> Value {
    match value {
        Value::String(text) => match text.char_indices().nth(letters) {
            Some((end, _)) => Value::String(format!("{}…", &text[..end])),
            None => value.clone(),
        },
        Value::Array(items) => {
            let mut kept: Vec<Value> =
                items.iter().take(elements).map(|item| trim(item, letters, elements)).collect();
            if items.len() > elements {
                kept.push(Value::String(format!("… +{}", items.len() - elements)));
            }
            Value::Array(kept)
        }
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), trim(value, letters, elements)))
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn evidence_is_small_and_leaves_out_what_was_not_seen() {
        let names: Vec<String> = (0..500).map(|n| format!("host-{n}.example.gov.cn")).collect();
        let facts = json!({
            "tls": { "chain": [{ "subject": "x".repeat(9_000), "names": names }] },
            "site": { "unseen": { "reason": "not-looked" } },
        });
        let params = Map::new();
        let scope = Scope { facts: facts.as_object().unwrap(), it: None, params: &params };
        let paths = [vec!["tls".to_owned(), "chain".to_owned()], vec!["site".to_owned()]];
        let evidence = of(&scope, paths.iter());
        assert!(size(&evidence) <= LARGEST);
        assert_eq!(evidence.keys().collect::<Vec<_>>(), ["tls.chain"]);
        let names = evidence["tls.chain"][0]["names"].as_array().unwrap();
        assert!(names.last().unwrap().as_str().unwrap().starts_with("… +"), "{names:?}");
    }
}
