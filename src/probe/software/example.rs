//! The examples of the list of fingerprints, tried through all of it.

use chrono::NaiveDate;
use xuncha_model::{Problem, facts::http::Header};

use super::{Body, Catalog, Evidence, FINGERPRINTS, fingerprints::Example};

/// What trying the examples gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExamplesRun {
    /// Examples that had to hit.
    pub hits: usize,
    /// Examples that had to miss.
    pub misses: usize,
    /// Those that did not do what they must, with file and line.
    pub problems: Vec<Problem>,
}

impl Catalog {
    /// Tries every example of the list, each by itself.
    pub fn examples(&self) -> ExamplesRun {
        let mut run = ExamplesRun::default();
        for example in &self.fingerprints.examples {
            if example.must.is_some() {
                run.hits += 1;
            } else {
                run.misses += 1;
            }
            if let Some(what) = self.fails(example) {
                run.problems.push(FINGERPRINTS.problem(example.line, what));
            }
        }
        run
    }

    /// What is wrong with an example.
    fn fails(&self, example: &Example) -> Option<String> {
        let id = &self.fingerprints.products.get(example.product)?.id;
        let Some(found) = self.try_one(&example.text) else {
            return Some(format!(
                "`{}` must begin with header, cookie, meta, script, style, comment or page",
                example.text
            ));
        };
        let versions: Vec<&str> = found
            .iter()
            .filter(|(product, _)| product == id)
            .map(|(_, version)| version.as_str())
            .collect();
        match &example.must {
            None if versions.is_empty() => None,
            None => Some(format!("`{}` must not be {id}", example.text)),
            Some(version) if versions == [version] => None,
            Some(version) => Some(format!(
                "`{}` must be {id} `{version}`, found {}",
                example.text,
                if versions.is_empty() { "nothing".to_owned() } else { format!("{versions:?}") }
            )),
        }
    }

    /// The products and versions seen in an example; `None` when it has no form.
    fn try_one(&self, text: &str) -> Option<Vec<(String, String)>> {
        let (place, text) = text.split_once(' ')?;
        let (mut headers, mut cookies) = (Vec::new(), Vec::new());
        let page = match place {
            "header" => {
                let (name, value) = text.split_once(": ")?;
                headers.push(Header { name: name.to_ascii_lowercase(), value: value.to_owned() });
                String::new()
            }
            "cookie" => {
                cookies.push(text);
                String::new()
            }
            "meta" => {
                let (name, content) = text.split_once(": ")?;
                format!("<meta name='{name}' content='{content}'>")
            }
            "script" => format!("<script src='{text}'></script>"),
            "style" => format!("<link rel='stylesheet' href='{text}'>"),
            "comment" => format!("<!--{text}-->"),
            "page" => text.to_owned(),
            _ => return None,
        };
        let answer = Evidence {
            url: "http://www.zhoukou.gov.cn/",
            headers: &headers,
            cookies: &cookies,
            body: Body::Page(&page),
            front_end: false,
        };
        let found = self.software(&[answer], NaiveDate::default());
        Some(found.into_iter().map(|software| (software.product, software.version)).collect())
    }
}
