//! The texts of a rule: minijinja templates over the facts, checked when they are loaded.

use std::sync::LazyLock;

use minijinja::{
    AutoEscape, Environment, UndefinedBehavior, Value as Text,
    value::{Serde, ValueKind},
};
use regex::Regex;
use serde_json::{Map, Value};

use crate::{
    check::{self, Names},
    expression::{At, Mistake},
    values::{Scope, unseen},
    yaml::nearest,
};

mod filters;

/// The longest template that is accepted (bytes).
const LONGEST: usize = 8_000;

/// What stands in a text for a fact that was not seen.
const UNKNOWN: &str = "—";

/// The filters a template may use.
pub(crate) const FILTERS: &[&str] = &[
    "date", "datetime", "join", "part", "readable", "abs", "default", "first", "float", "int",
    "last", "length", "list", "lower", "max", "min", "replace", "reverse", "round", "slice",
    "sort", "string", "sum", "trim", "unique", "upper",
];

/// A compiled text.
#[derive(Debug)]
pub(crate) struct Template {
    environment: Environment<'static>,
    /// The paths it names, `it.not_after`.
    pub(crate) paths: Vec<Vec<String>>,
    /// A text without expressions needs no rendering.
    plain: Option<String>,
}

impl Template {
    /// Compiles a text.
    pub(crate) fn new(text: &str, names: &Names<'_>) -> Result<Self, Vec<Mistake>> {
        if text.len() > LONGEST {
            let what = format!("the template is longer than {LONGEST} bytes");
            return Err(vec![Mistake { at: At::Byte(0), what, hint: String::new() }]);
        }
        let mut environment = environment();
        environment
            .add_template_owned("text", text.to_owned())
            .map_err(|error| vec![syntax(&error)])?;
        let mut mistakes = unknown_filters(text);
        let mut paths = Vec::new();
        if let Ok(template) = environment.get_template("text") {
            let mut named: Vec<String> = template.undeclared_variables(true).into_iter().collect();
            // a variable of a loop may be cut as well, and is no fact
            let is_fact =
                |path: &String| path.split('.').next().is_some_and(|root| names.root(root).is_ok());
            named.extend(sliced(text).filter(is_fact));
            named.sort();
            named.dedup();
            for path in named.iter().filter(|path| !is_function(path)) {
                let parts: Vec<String> = path.split('.').map(str::to_owned).collect();
                match walk(&parts, names) {
                    Ok(()) => paths.push(parts),
                    Err((what, hint)) => {
                        mistakes.push(Mistake { at: At::Byte(find(text, path)), what, hint });
                    }
                }
            }
        }
        let plain = (!text.contains("{{") && !text.contains("{%") && !text.contains("{#"))
            .then(|| text.trim_end().to_owned());
        if mistakes.is_empty() { Ok(Self { environment, paths, plain }) } else { Err(mistakes) }
    }

    /// The text for these facts; an unseen fact is shown as a dash.
    ///
    /// # Errors
    ///
    /// The message of the template engine: a bug in the rule.
    pub(crate) fn render(&self, scope: &Scope<'_>) -> Result<String, String> {
        if let Some(plain) = &self.plain {
            return Ok(plain.clone());
        }
        let mut named = Map::new();
        for path in &self.paths {
            if let Some(value) = lookup(scope, path) {
                put(&mut named, path, value);
            }
        }
        let template = self.environment.get_template("text").map_err(|error| error.to_string())?;
        let text = template.render(Serde(&named)).map_err(|error| format!("{error:#}"))?;
        Ok(text.trim_end().to_owned())
    }
}

/// What is cut by `[:n]` where it is named by its path: the engine does not tell of it.
fn sliced(text: &str) -> impl Iterator<Item = String> {
    text.match_indices('[').filter_map(|(at, _)| {
        let (inside, _) = text.get(at + 1..)?.split_once(']')?;
        let before = text.get(..at)?;
        let from =
            before.rfind(|char: char| !(char.is_ascii_alphanumeric() || "_.".contains(char)));
        let path = before.get(from.map_or(0, |from| from + 1)..)?;
        (inside.contains(':') && path.contains('.')).then(|| path.to_owned())
    })
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_formatter(|out, state, value| {
        let missing = matches!(value.kind(), ValueKind::Undefined | ValueKind::None);
        let text = if missing { &Text::from(UNKNOWN) } else { value };
        minijinja::escape_formatter(out, state, text)
    });
    filters::add(&mut environment);
    environment
}

fn is_function(path: &str) -> bool {
    matches!(path, "range" | "dict" | "namespace" | "loop" | "debug" | "true" | "false" | "none")
}

/// The seen value at a path.
fn lookup<'v>(scope: &Scope<'v>, path: &[String]) -> Option<&'v Value> {
    let (root, fields) = path.split_first()?;
    let (mut value, fields) = match root.as_str() {
        "params" => {
            let (first, rest) = fields.split_first()?;
            (scope.params.get(first)?, rest)
        }
        root => (scope.root(root)?, fields),
    };
    for field in fields {
        if value.is_object() {
            value = value.get(field)?;
        } else {
            break; // an attribute of a list or a text: the engine's business
        }
    }
    unseen(value).is_none().then_some(value)
}

fn put(named: &mut Map<String, Value>, path: &[String], value: &Value) {
    let Some((name, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        named.insert(name.clone(), value.clone());
        return;
    }
    let inner = named.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
    match inner {
        Value::Object(inner) => put(inner, rest, value),
        whole => *whole = value.clone(),
    }
}

fn walk(path: &[String], names: &Names<'_>) -> Result<(), (String, String)> {
    let Some((root, fields)) = path.split_first() else { return Ok(()) };
    let mut shape = names.root(root)?;
    let mut called = root.clone();
    for field in fields {
        shape = check::field(&shape, &called, field)?;
        called = format!("{called}.{field}");
    }
    Ok(())
}

/// The first place where a path stands by itself.
fn find(text: &str, path: &str) -> usize {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut places = text.match_indices(path).map(|(at, _)| at);
    places
        .find(|at| {
            let before = text[..*at].chars().next_back().is_some_and(part_of_name);
            let after =
                text[at + path.len()..].chars().next().is_some_and(|c| part_of_name(c) && c != '.');
            !before && !after
        })
        .unwrap_or(0)
}

fn syntax(error: &minijinja::Error) -> Mistake {
    let at = error
        .range()
        .map_or(At::Place(error.line().unwrap_or(1), 1), |range| At::Byte(range.start));
    let what = format!("not a template: {}", error.detail().unwrap_or("syntax error"));
    Mistake { at, what, hint: String::new() }
}

/// Filters are looked up only when a template runs; a rule must not wait for that.
fn unknown_filters(text: &str) -> Vec<Mistake> {
    static PARTS: LazyLock<Option<(Regex, Regex)>> = LazyLock::new(|| {
        let expression = Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}").ok()?;
        let filter = Regex::new(r#""[^"]*"|'[^']*'|\|\s*([A-Za-z_][A-Za-z0-9_]*)"#).ok()?;
        Some((expression, filter))
    });
    let Some((expression, filter)) = &*PARTS else { return Vec::new() };
    let mut mistakes = Vec::new();
    for part in expression.find_iter(text) {
        let names = filter.captures_iter(part.as_str()).filter_map(|found| found.get(1));
        for name in names.filter(|name| !FILTERS.contains(&name.as_str())) {
            let hint = nearest(name.as_str(), FILTERS.iter().copied()).map_or_else(
                || format!("there are: {}", FILTERS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let what = format!("there is no filter `{}`", name.as_str());
            mistakes.push(Mistake { at: At::Byte(part.start() + name.start()), what, hint });
        }
    }
    mistakes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::facts_schema;

    fn render(text: &str, facts: &Value) -> String {
        let schema = facts_schema();
        let params = Map::new();
        let names = Names { schema: &schema, it: None, params: &params };
        let template = Template::new(text, &names).unwrap();
        let scope = Scope { facts: facts.as_object().unwrap(), it: None, params: &params };
        template.render(&scope).unwrap()
    }

    #[test]
    fn dates_are_those_on_the_wall_in_zhoukou() {
        let facts = json!({ "observed_at": "2026-12-31T16:30:00Z" });
        assert_eq!(render("{{ observed_at | date }}", &facts), "2027年1月1日");
        assert_eq!(render("{{ observed_at | datetime }}", &facts), "2027年1月1日 00:30");
    }

    #[test]
    fn parts_of_a_file_are_named_as_people_do() {
        let shown = |part: &str| render("{{ vantage | part }}", &json!({ "vantage": part }));
        assert_eq!(shown("a.zip/1.pdf/page 12"), "a.zip/1.pdf/第 12 页");
        assert_eq!((shown("header1").as_str(), shown("Sheet1").as_str()), ("页眉", "Sheet1"));
        assert_eq!((shown("2026").as_str(), shown("").as_str()), ("2026", ""));
    }

    #[test]
    fn a_list_that_is_named_only_where_it_is_cut_is_there() {
        let facts =
            json!({ "tls": { "chain": [{ "role": "a" }, { "role": "b" }, { "role": "c" }] } });
        let text = "{% for it in tls.chain[:2] %}{{ it.role }}{% endfor %}";
        assert_eq!(render(text, &facts), "ab");
        let text = "{% for one in tls.chain %}{{ one.names[:1] | join }}{% endfor %}";
        assert_eq!(render(text, &json!({ "tls": { "chain": [{ "names": ["a", "b"] }] } })), "a");
    }

    #[test]
    fn what_was_not_seen_is_a_dash_and_nothing_is_escaped() {
        let facts = json!({ "vantage": "<b>&", "site": { "unseen": { "reason": "not-looked" } } });
        assert_eq!(
            render("{{ vantage }} {{ site.host }} {{ site.code | date }}", &facts),
            "<b>& — —"
        );
        let facts = json!({ "dns": { "nameservers": ["a", "b"] } });
        assert_eq!(render("{{ dns.nameservers | join }}", &facts), "a、b");
    }
}
