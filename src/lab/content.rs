//! What the demo city's pages say, as data: `content.yaml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Error, paper::Paper};

/// What the pages say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    pub(crate) columns: Vec<Column>,
    pub(crate) guides: Guides,
    pub(crate) letters: Letters,
    pub(crate) publicity: Publicity,
    /// Where home pages lead besides.
    pub(crate) friends: Vec<Friend>,
    pub(crate) words: Words,
    /// Mark-up that some home pages hold besides, and pages that some sites show.
    pub(crate) snippets: BTreeMap<String, String>,
    /// What some notices say besides, on their page or in a file.
    pub(crate) papers: BTreeMap<String, Paper>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub(crate) slug: String,
    pub(crate) name: String,
    /// Only portals have it.
    #[serde(default)]
    pub(crate) portal: bool,
    #[serde(default)]
    pub(crate) form: Form,
    /// ColumnType of the national tag standard.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) describe: String,
    /// Age of its newest article, in days.
    pub(crate) first: i64,
    /// Days between two articles.
    pub(crate) every: i64,
    /// How many of them the home page shows.
    pub(crate) home: usize,
    pub(crate) titles: Vec<String>,
    /// Paragraphs.
    pub(crate) body: Vec<String>,
    pub(crate) repost: Option<Repost>,
    /// Its first articles have files to download.
    #[serde(default)]
    pub(crate) files: bool,
    /// Its articles are entries of the open-government catalogue.
    #[serde(default)]
    pub(crate) catalog: bool,
    /// The column whose articles belong to these.
    pub(crate) pair: Option<String>,
}

/// What a column's page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// A list of articles.
    #[default]
    List,
    /// Open government: guide, catalogue, reports.
    Open,
    /// Services: guides and downloads.
    Services,
    /// Interaction: channels and letters.
    Letters,
}

/// A text taken from elsewhere.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Repost {
    /// Its place among the articles, from 0.
    pub(crate) at: usize,
    pub(crate) title: String,
    pub(crate) source: String,
    pub(crate) body: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Guides {
    pub(crate) titles: Vec<String>,
    pub(crate) elements: Vec<Element>,
}

/// An element of a service guide.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Element {
    pub(crate) kind: String,
    pub(crate) text: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Letters {
    /// Days until the answer.
    pub(crate) days: i64,
    /// Who answers.
    pub(crate) office: String,
    pub(crate) list: Vec<LetterText>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LetterText {
    pub(crate) title: String,
    pub(crate) question: String,
    pub(crate) answer: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Friend {
    pub(crate) title: String,
    pub(crate) url: String,
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
    /// How lists and articles write dates, by style.
    pub(crate) dates: BTreeMap<String, String>,
    pub(crate) times: BTreeMap<String, String>,
    /// What a clock says.
    pub(crate) clock: String,
    /// The number of a document; `{year}` is its year, `{n}` counts.
    pub(crate) document: String,
    pub(crate) to_document: String,
    pub(crate) to_interpretation: String,
    /// What the files of a notice are called.
    pub(crate) files: Vec<String>,
    /// What a downloads list holds.
    pub(crate) downloads: Vec<String>,
    pub(crate) lost_page: String,
    pub(crate) lost_file: String,
    pub(crate) open_catalog: String,
    pub(crate) leader_box: String,
    pub(crate) consultation: String,
    pub(crate) download_list: String,
    pub(crate) answered: String,
    pub(crate) waiting: String,
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
    /// The mark-up of a snippet or of a paper.
    pub(crate) fn markup(&self, name: &str) -> String {
        match (self.snippets.get(name), self.papers.get(name)) {
            (Some(snippet), _) => snippet.clone(),
            (None, Some(paper)) => paper.html(&self.words),
            (None, None) => String::new(),
        }
    }

    /// Reads the embedded data.
    pub(crate) fn load() -> Result<Self, Error> {
        serde_saphyr::from_str(include_str!("content.yaml"))
            .map_err(|error| Error::Data(format!("content.yaml: {error}")))
    }
}
