//! Articles: when they were published, where they come from, and what a catalogue or a service guide says of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::page::ArticleTags;
use crate::{Reason, Seen};

/// One article page that the crawl read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleFacts {
    /// Its address.
    pub url: String,
    /// Empty when it was read; else why not: then nothing else is known of it.
    pub reason: Reason,
    /// Its title, as the page prints it; at most 200 characters.
    pub title: String,
    /// What it is by the column that leads to it: the kind of `rules/lists/columns.yaml` (news, notice, policy,
    /// interpretation, …); empty when no column does.
    pub kind: String,
    /// Name of the column that leads to it; empty when none does.
    pub column: String,
    /// When it was published.
    pub published: Published,
    /// Its tags.
    pub tags: ArticleTags,
    /// Where the text comes from (来源), as printed.
    pub source: String,
    /// The text says that it was taken from somebody else (转载, 据…报道), or its source is another organ.
    pub repost: bool,
    /// Index number, date and agency of the open-government catalogue.
    pub catalog: CatalogFields,
    /// For an interpretation: the documents of the site that it links to; for a document: its interpretations.
    pub linked: Seen<Vec<String>>,
    /// Counterparts that were read and that it does not link to: the documents that an interpretation names in its title,
    /// the interpretations that link to a document.
    #[serde(default)]
    pub unlinked: Vec<String>,
    /// The elements of a service guide it has.
    pub guide: Guide,
}

/// When a page says it was published. Dates are `YYYY-MM-DD` or `YYYY-MM-DD HH:MM` in Asia/Shanghai, empty where absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Published {
    /// Printed on the page: what readers see, and what is judged.
    pub printed: String,
    /// Said by the PubDate tag.
    pub tag: String,
    /// Spoken by the address: `t20261122_`, `/202611/22/`; to the month where no day is: `2026-11`.
    pub url: String,
    /// The words around the printed date, at most 80 characters: what a person looks for.
    pub row: String,
    /// The printed date is earlier than this one allows, which the address speaks; empty when it is not.
    pub not_before: String,
    /// The day after the printed date on which the list that shows the article now was read and did not hold it, though it
    /// showed older ones; empty when there is none.
    #[serde(default)]
    pub absent_on: String,
}

/// What a page says of itself as an entry of an open-government catalogue (第五条), empty where absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CatalogFields {
    /// The page has fields of a catalogue: at least an index number or two of the others.
    pub present: bool,
    /// 索引号, as printed.
    pub index_number: String,
    /// 生成日期 or 成文日期, as printed.
    pub generated_on: String,
    /// 发布机构, as printed.
    pub agency: String,
    /// 文号, as printed.
    pub document_number: String,
}

/// A service guide (办事指南): which kinds of elements it has (检查指标, 单项否决 6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Guide {
    /// The page is a service guide.
    pub present: bool,
    /// Kinds of `rules/lists/services.yaml` that it has.
    pub has: Vec<String>,
    /// Kinds that it lacks.
    pub lacks: Vec<String>,
}

/// A message of a citizen on a public list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    /// Its title, at most 80 characters.
    pub title: String,
    /// Its own page, or the list.
    pub url: String,
    /// When it was written, `YYYY-MM-DD`; empty when nobody says.
    pub asked: String,
    /// When it was answered, `YYYY-MM-DD`; empty when nobody says.
    pub answered: String,
    /// It is marked as answered, or has an answer.
    pub replied: bool,
    /// Days it has been waiting for an answer, or waited; unseen when a date is missing.
    pub waited_days: Seen<i64>,
    /// It waits, or waited, for more than three months of the calendar (检查指标, 单项否决 5); false where nobody says.
    #[serde(default)]
    pub overdue: bool,
}
