//! What a site publishes: its columns and articles, dated back from the day the lab starts.

use chrono::{DateTime, Datelike, Duration, Timelike, Utc};
use serde::Serialize;
use xuncha_model::period::SHANGHAI;

use crate::{
    content::{Column, Content},
    plan::Place,
};

/// Path of the portal's column of openings, changes and closures.
const PUBLICITY: &str = "wzgs";

/// All columns of a site.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    pub(crate) columns: Vec<Chapter>,
}

/// A column with its articles, newest first; the fields are those the templates use.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Chapter {
    pub(crate) slug: String,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) describe: String,
    pub(crate) articles: Vec<Article>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Article {
    pub(crate) title: String,
    /// `2026-11-24`
    pub(crate) date: String,
    /// `09:30`
    pub(crate) time: String,
    /// `/zwdt/202611/t20261124_1001.html`
    pub(crate) path: String,
    pub(crate) body: Vec<String>,
}

/// Writes the book of a site.
pub(crate) fn write(place: &Place, content: &Content, now: DateTime<Utc>) -> Book {
    let columns = content.columns.iter().map(|column| chapter(place, column, now));
    Book { columns: columns.collect() }
}

fn chapter(place: &Place, column: &Column, now: DateTime<Utc>) -> Chapter {
    let number = place.number;
    let count = column.titles.len();
    let articles = (0..count).map(|index| {
        // every site begins at another title, and no two articles are of the same minute
        let title = &column.titles[(index + number) % count];
        let days = column.every * i64::try_from(index).unwrap_or_default();
        let minute = i64::try_from((number * 7 + index * 13) % 60).unwrap_or_default();
        let at = now - Duration::days(days) - Duration::hours(3) - Duration::minutes(minute);
        let body = column.body.iter().map(|paragraph| fill(paragraph, place)).collect();
        article(&column.slug, number * 100 + index, fill(title, place), at, body)
    });
    Chapter {
        articles: articles.collect(),
        slug: column.slug.clone(),
        name: column.name.clone(),
        kind: column.kind.clone(),
        describe: fill(&column.describe, place),
    }
}

fn article(
    slug: &str,
    number: usize,
    title: String,
    at: DateTime<Utc>,
    body: Vec<String>,
) -> Article {
    let local = at.with_timezone(&SHANGHAI);
    let (year, month, day) = (local.year(), local.month(), local.day());
    Article {
        title,
        date: format!("{year}-{month:02}-{day:02}"),
        time: format!("{:02}:{:02}", local.hour(), local.minute()),
        path: format!("/{slug}/{year}{month:02}/t{year}{month:02}{day:02}_{}.html", 1000 + number),
        body,
    }
}

fn fill(text: &str, place: &Place) -> String {
    let short = place.organ.short.first().unwrap_or(&place.organ.name);
    text.replace("{organ}", &place.organ.name)
        .replace("{short}", short)
        .replace("{place}", &place.place)
}

/// The portal's column in which filed events were made public, and for each site the paths of its events, in their order;
/// `None` where an event was not made public.
pub(crate) fn publicity(
    city: &str,
    places: &[Place],
    content: &Content,
    now: DateTime<Utc>,
) -> (Chapter, Vec<Vec<Option<String>>>) {
    let words = &content.publicity;
    let mut dated = Vec::new();
    let mut paths = Vec::new();
    for place in places {
        let mut own = Vec::new();
        for filing in &place.spec.filings {
            if !filing.published {
                own.push(None);
                continue;
            }
            let fill = |text: &String| {
                text.replace("{site}", &place.name)
                    .replace("{organ}", &place.organ.name)
                    .replace("{url}", &place.url)
                    .replace("{city}", city)
                    .replace("{number}", &filing.number(now).unwrap_or_default())
            };
            let at = now - Duration::days(filing.days_ago);
            let title = words.titles.get(&filing.event).map(fill).unwrap_or_default();
            let body = words.body.iter().map(fill).collect();
            let article = article(PUBLICITY, dated.len(), title, at, body);
            own.push(Some(article.path.clone()));
            dated.push((at, article));
        }
        paths.push(own);
    }
    dated.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let articles = dated.into_iter().map(|(_, article)| article).collect();
    let chapter = Chapter {
        slug: PUBLICITY.to_owned(),
        name: words.column.clone(),
        kind: words.kind.clone(),
        describe: words.describe.clone(),
        articles,
    };
    (chapter, paths)
}
