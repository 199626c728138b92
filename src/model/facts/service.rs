//! What a site does for people: channels to ask, answers given, services, search, the catalogue as a whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::article::Message;
use crate::{Reason, Seen};

/// Ways to ask and to be answered (检查指标, 单项否决 5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InteractionFacts {
    /// Consultation channels: links and forms that let people ask (领导信箱, 在线咨询, 网上留言); not petitions, not reports of misconduct.
    pub channels: Vec<Entry>,
    /// Messages of the last year that wait for an answer, or waited for more than three months; at most 50, the longest first.
    pub waiting: Vec<Message>,
    /// Messages that were seen in all.
    pub messages: u32,
}

/// Online services (检查指标, 单项否决 6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceFacts {
    /// Ways to services: columns, platforms.
    pub entries: Vec<Entry>,
    /// Service guides that were read.
    pub guides: u32,
    /// Guides that lack four or more kinds of elements; at most 50.
    pub poor: Vec<PoorGuide>,
}

/// A service guide that lacks much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PoorGuide {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What it lacks: kinds of `rules/lists/services.yaml`.
    pub lacks: Vec<String>,
}

/// A way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Kind of `rules/lists/interaction.yaml` or `services.yaml`.
    pub kind: String,
    /// Words of the link or of the form.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

/// The site's own search (检查指标, 站内搜索).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchFacts {
    /// There is a form to search with.
    pub present: bool,
    /// Where it asks; empty when that cannot be told without running scripts.
    pub url: String,
    /// Why it did not answer, at the second look either; empty when it did, or was not asked.
    #[serde(default)]
    pub reason: Reason,
    /// It answered with a page; unseen when it cannot be asked (POST, scripts, another host).
    pub answers: Seen<bool>,
    /// Titles of the site that were asked for, without those whose page of results proved nothing.
    pub tried: Vec<Tried>,
}

/// A title that was searched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tried {
    /// The title.
    pub title: String,
    /// The page that bears it.
    pub url: String,
    /// The first page of results names it or leads to it.
    pub found: bool,
}

/// The open-government catalogue (第五条).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CatalogFacts {
    /// Pages with catalogue fields that were read.
    pub entries: u32,
    /// The catalogue's own page, where one was found.
    pub url: String,
    /// It has a preface (编制说明); unseen where no catalogue was found.
    pub preface: Seen<bool>,
    /// Index numbers that stand on more than one document, at most 50.
    pub duplicates: Vec<DuplicateIndex>,
    /// Short names of organs: a 发布机构 that is one of them is abbreviated. Short name ▸ full name, of those that were met.
    pub abbreviated: Vec<Abbreviated>,
    /// Index numbers that are not 单位代码-分类号-生成年份-流水号, at most 20.
    pub odd_indexes: Vec<OddField>,
    /// How many there are in all.
    pub odd_index_count: u32,
    /// 生成日期 that are not `YYYY-MM-DD`, at most 20.
    pub odd_dates: Vec<OddField>,
    /// How many there are in all.
    pub odd_date_count: u32,
}

/// A field of the catalogue that is not written in its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OddField {
    /// As printed, at most 60 characters.
    pub value: String,
    /// The document.
    pub url: String,
    /// What is odd: form, year (the index number bears another year than the date does) or day (no day of the calendar).
    pub what: String,
}

/// An index number on several documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DuplicateIndex {
    /// The number.
    pub index_number: String,
    /// The documents that bear it, at most 5.
    pub urls: Vec<String>,
    /// How many there are.
    pub count: u32,
}

/// An agency that is named by a short name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Abbreviated {
    /// As printed.
    pub agency: String,
    /// The full name.
    pub full: String,
    /// The first document, and how many there are.
    pub url: String,
    /// How many documents.
    pub count: u32,
}
