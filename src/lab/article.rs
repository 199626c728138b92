//! One article, and the pen that writes it: its day, its address, and how its site writes both.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc};
use serde::Serialize;
use xuncha_model::period::SHANGHAI;

use crate::{
    content::{Element, Words},
    plan::Place,
};

/// Files of a notice: their endings, in the order of `words.files`.
const ENDINGS: [&str; 2] = ["xlsx", "pdf"];
/// Class of the catalogue's entries.
const CLASS: &str = "0201";

/// A text with a page of its own; the fields are those the templates use.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Article {
    pub(crate) title: String,
    /// `2026-11-24`
    pub(crate) date: String,
    /// The date as lists write it, mark-up.
    pub(crate) row: String,
    /// Date and time as its own page prints them; empty where it prints none.
    pub(crate) printed: String,
    /// PubDate.
    pub(crate) tagged: String,
    /// `/zwdt/202611/t20261124_1001.html`
    pub(crate) path: String,
    /// Where the text is from; empty where nothing is said.
    pub(crate) source: String,
    pub(crate) body: Vec<String>,
    /// Mark-up after the text.
    pub(crate) inserted: String,
    pub(crate) entry: Option<Entry>,
    pub(crate) related: Vec<Link>,
    pub(crate) files: Vec<Link>,
    /// Of a service guide.
    pub(crate) elements: Vec<Element>,
    pub(crate) letter: Option<Letter>,
    /// When it was really published.
    #[serde(skip)]
    pub(crate) at: DateTime<Utc>,
    /// Its day.
    #[serde(skip)]
    pub(crate) day: NaiveDate,
}

/// What the open-government catalogue says of a document.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) index: String,
    pub(crate) date: String,
    pub(crate) agency: String,
    pub(crate) number: String,
}

/// Where a page leads, under which heading.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Link {
    pub(crate) label: String,
    pub(crate) title: String,
    pub(crate) path: String,
}

/// A letter of a citizen.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Letter {
    /// `2026-11-20`
    pub(crate) asked: String,
    /// Empty as long as there is no answer.
    pub(crate) answered: String,
    pub(crate) status: String,
    pub(crate) office: String,
    pub(crate) question: String,
    pub(crate) answer: String,
}

impl Article {
    /// A link to it.
    pub(crate) fn link(&self, label: &str) -> Link {
        Link { label: label.to_owned(), title: self.title.clone(), path: self.path.clone() }
    }

    /// The path of a file in its folder.
    pub(crate) fn beside(&self, name: &str) -> String {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/{name}")
    }
}

/// What an article is made from.
pub(crate) struct Draft<'a> {
    pub(crate) slug: &'a str,
    /// Its place in the column, from 0.
    pub(crate) index: usize,
    pub(crate) title: String,
    pub(crate) day: NaiveDate,
    /// The day it claims where that is another.
    pub(crate) said: Option<NaiveDate>,
    pub(crate) body: Vec<String>,
}

/// Writes for one site.
#[derive(Clone, Copy)]
pub(crate) struct Pen<'a> {
    pub(crate) place: &'a Place,
    pub(crate) words: &'a Words,
    pub(crate) now: DateTime<Utc>,
}

impl Pen<'_> {
    pub(crate) fn article(&self, draft: Draft<'_>) -> Article {
        let Draft { slug, index, title, day, said, body } = draft;
        let style = &self.place.spec.style;
        let dateless = self.place.spec.contents.dateless.iter().any(|column| column == slug);
        // no two articles of a site are of the same minute of the day
        let minute = i64::try_from((self.place.number * 7 + index * 13) % 540).unwrap_or_default();
        let opens = NaiveTime::from_hms_opt(8, 30, 0).unwrap_or_default();
        let at = day.and_time(opens).and_local_timezone(SHANGHAI).single();
        let at = at.map_or(self.now, |at| at.to_utc() + Duration::minutes(minute));
        // today's may not be tomorrow's
        let at = at.min(self.now - Duration::minutes(20));
        let local = at.with_timezone(&SHANGHAI).naive_local();
        let shown = said.map_or(local, |said| said.and_time(local.time()));
        let written = |forms: &std::collections::BTreeMap<String, String>, usual: &str| {
            let form = forms.get(&style.dates).map_or(usual, String::as_str);
            shown.format(form).to_string()
        };
        let mut article = Article {
            title,
            date: shown.format("%Y-%m-%d").to_string(),
            row: written(&self.words.dates, "%Y-%m-%d"),
            printed: written(&self.words.times, "%Y-%m-%d %H:%M"),
            tagged: shown.format("%Y-%m-%d %H:%M").to_string(),
            path: self.path(slug, index, local.date(), dateless),
            source: self.place.organ.name.clone(),
            body,
            inserted: String::new(),
            entry: None,
            related: Vec::new(),
            files: Vec::new(),
            elements: Vec::new(),
            letter: None,
            at,
            day: local.date(),
        };
        if dateless {
            article.row.clear();
            article.printed.clear();
        }
        article
    }

    fn path(&self, slug: &str, index: usize, day: NaiveDate, dateless: bool) -> String {
        let number = 1000 + self.place.number * 100 + index;
        let month = format!("{}{:02}", day.year(), day.month());
        match self.place.spec.style.addresses.as_str() {
            "platform" => {
                let organ = &self.place.organ.id;
                let hash = |salt: u8| {
                    let mut hasher = DefaultHasher::new();
                    (salt, number, slug).hash(&mut hasher);
                    hasher.finish()
                };
                let (high, low) = (hash(0), hash(1));
                format!("/sitesources/{organ}/page_pc/{slug}/article{high:016x}{low:016x}.html")
            }
            _ if dateless => format!("/{slug}/content_{number}.html"),
            "folders" => format!("/{slug}/{month}/{:02}/content_{number}.html", day.day()),
            _ => format!("/{slug}/{month}/t{month}{:02}_{number}.html", day.day()),
        }
    }

    /// The catalogue's entry of a document, with the faults planted there.
    pub(crate) fn entry(&self, index: usize, article: &Article) -> Entry {
        let year = article.day.year();
        let faults = &self.place.spec.contents.catalog;
        let fault =
            |name: &str, most: usize| index <= most && faults.iter().any(|fault| fault == name);
        let serial = if fault("duplicate", 1) { 1 } else { index + 1 };
        let unit = format!("LC{:03}", self.place.number);
        let dash = if fault("number", 0) { '/' } else { '-' };
        let chinese = self.words.dates.get("chinese").filter(|_| fault("date", 0));
        let agency = match self.place.organ.short.first() {
            Some(short) if fault("agency", 0) => short,
            _ => &self.place.organ.name,
        };
        let number = self.words.document.replace("{year}", &year.to_string());
        Entry {
            index: format!("{unit}{dash}{CLASS}{dash}{year}{dash}{serial:05}"),
            date: article.day.format(chinese.map_or("%Y-%m-%d", String::as_str)).to_string(),
            agency: agency.clone(),
            number: self.fill(&number).replace("{n}", &(index + 11).to_string()),
        }
    }

    /// The files of a notice.
    pub(crate) fn files(&self, article: &Article) -> Vec<Link> {
        let day = article.day.format("%Y%m%d");
        let files = self.words.files.iter().zip(ENDINGS).zip(1..);
        let files = files.map(|((title, ending), number)| Link {
            label: String::new(),
            title: format!("{title}.{ending}"),
            path: article.beside(&format!("P{day}{:03}{number}.{ending}", self.place.number)),
        });
        files.collect()
    }

    /// A text with the site's own words in it.
    pub(crate) fn fill(&self, text: &str) -> String {
        let organ = &self.place.organ;
        let short = organ.short.first().unwrap_or(&organ.name);
        text.replace("{organ}", &organ.name)
            .replace("{short}", short)
            .replace("{place}", &self.place.place)
            .replace("{phone}", &self.place.phone)
    }
}
