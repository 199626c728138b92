//! Saved pages of `tests/pages` and what is to be seen in them: each was written to show one thing.

use std::{fs, path::Path};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use xuncha_model::facts::page::Origin;
use xuncha_net::charset;
use xuncha_probe::page::{Given, PageRead, read};

/// What stands beside a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// What the page shows, in a line.
    shows: String,
    url: Url,
    at: Option<DateTime<Utc>>,
    #[serde(default)]
    origin: Origin,
    content_type: Option<String>,
    /// Part of the page's facts: maps are compared key by key, everything else as a whole.
    #[serde(default)]
    facts: Value,
    /// Address, words, how.
    links: Option<Vec<[String; 3]>>,
    /// Title, date or nothing, where the date stands.
    rows: Option<Vec<[String; 3]>>,
}

#[test]
fn every_saved_page_shows_what_stands_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pages");
    let mut pages: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "html"));
    pages.sort();
    let mut wrong = String::new();
    for page in &pages {
        let beside = page.with_extension("yaml");
        let text = fs::read_to_string(&beside)
            .unwrap_or_else(|_| panic!("{} is missing", beside.display()));
        let expected: Expected = serde_saphyr::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", beside.display()));
        assert!(!expected.shows.is_empty());
        let mut told = Vec::new();
        compare(&fs::read(page).unwrap(), &expected, &mut told);
        if !told.is_empty() {
            let name = page.file_stem().unwrap().to_string_lossy();
            wrong += &format!("{name} ({}):\n  {}\n", expected.shows, told.join("\n  "));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(pages.len() >= 60, "{} pages", pages.len());
}

fn compare(body: &[u8], expected: &Expected, told: &mut Vec<String>) {
    let decoded = charset::decode(body, expected.content_type.as_deref());
    let page = Given {
        url: &expected.url,
        origin: expected.origin,
        at: expected.at.unwrap_or_else(|| "2026-11-24T02:00:00Z".parse().unwrap()),
        status: 200,
        headers: &[],
        text: &decoded.text,
        encoding: decoded.encoding,
        declared_encoding: &decoded.declared,
    };
    let seen = read(&page);
    let mut facts = serde_json::to_value(&seen.facts).unwrap();
    // left out of the facts where there is nothing of it
    facts["content"] = serde_json::to_value(&seen.facts.content).unwrap();
    differ("facts", &expected.facts, &facts, told);
    if let Some(links) = &expected.links {
        differ("links", &json!(links), &shown_links(&seen), told);
    }
    if let Some(rows) = &expected.rows {
        differ("rows", &json!(rows), &shown_rows(&seen), told);
    }
}

fn shown_links(seen: &PageRead) -> Value {
    let links = seen.links.iter().map(|link| json!([link.url, link.text, link.how]));
    links.collect()
}

fn shown_rows(seen: &PageRead) -> Value {
    let rows = seen.rows.iter().map(|row| {
        let date = row.date.map(|date| date.to_string()).unwrap_or_default();
        json!([row.title, date, row.from])
    });
    rows.collect()
}

/// Where `seen` does not hold what is expected.
fn differ(path: &str, expected: &Value, seen: &Value, told: &mut Vec<String>) {
    match (expected, seen) {
        (Value::Null, _) if path == "facts" => {}
        (Value::Object(expected), Value::Object(seen)) => {
            for (key, value) in expected {
                let path = format!("{path}.{key}");
                match seen.get(key) {
                    Some(seen) => differ(&path, value, seen, told),
                    None => told.push(format!("{path}: there is no such fact")),
                }
            }
        }
        _ if expected == seen => {}
        _ => told.push(format!("{path}: expected {expected}\n    but saw {seen}")),
    }
}
