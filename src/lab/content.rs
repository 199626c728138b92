//! What the demo city's pages say, as data: `content.yaml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Error;

/// What the pages say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    pub(crate) columns: Vec<Column>,
    pub(crate) publicity: Publicity,
    pub(crate) words: Words,
    /// Mark-up that some home pages hold besides, and pages that some sites show.
    pub(crate) snippets: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub(crate) slug: String,
    pub(crate) name: String,
    /// ColumnType of the national tag standard.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) describe: String,
    /// Days between two articles.
    pub(crate) every: i64,
    pub(crate) titles: Vec<String>,
    /// Paragraphs.
    pub(crate) body: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publicity {
    pub(crate) column: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) describe: String,
    /// By event, as the register writes it.
    pub(crate) titles: BTreeMap<String, String>,
    pub(crate) body: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) portal_slogan: String,
    pub(crate) department_slogan: String,
    /// Address of an organ; `{place}` is its region, `{n}` a number.
    pub(crate) street: String,
    /// ICP number; `{n}` are six digits.
    pub(crate) icp: String,
    /// Public-security number; `{n}` are fourteen digits.
    pub(crate) police: String,
    pub(crate) search: String,
    pub(crate) map: String,
    /// ColumnType of the map and of search results.
    pub(crate) listing: String,
    pub(crate) unavailable: String,
    pub(crate) gateway: String,
    pub(crate) missing: String,
    pub(crate) describe: String,
    pub(crate) administrator: String,
    /// Names of invented people.
    pub(crate) administrators: Vec<String>,
    /// Subjects of the certificates of the lab's authorities.
    pub(crate) authority: String,
    pub(crate) unknown_authority: String,
}

impl Content {
    /// Reads the embedded data.
    pub(crate) fn load() -> Result<Self, Error> {
        serde_saphyr::from_str(include_str!("content.yaml"))
            .map_err(|error| Error::Data(format!("content.yaml: {error}")))
    }
}
