//! What a site publishes: its columns and what stands in them, dated back from the day the lab starts.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use xuncha_model::period::local_date;

use crate::{
    article::{Article, Draft, Link, Pen},
    content::{Column, Content, Form},
    desk,
    knobs::{Ago, back},
    plan::Place,
};

/// Path of the portal's column of openings, changes and closures.
const PUBLICITY: &str = "wzgs";
/// Path of what is not there.
const LOST: &str = "/zt/2024/index.html";

/// All columns of a site.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    /// The day it was written.
    pub(crate) today: NaiveDate,
    pub(crate) columns: Vec<Chapter>,
}

/// A column with its articles, newest first.
#[derive(Clone, Debug)]
pub(crate) struct Chapter {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) form: Form,
    /// ColumnType.
    pub(crate) kind: String,
    pub(crate) describe: String,
    /// How many articles the home page shows.
    pub(crate) home: usize,
    /// They are entries of the catalogue.
    pub(crate) catalog: bool,
    pub(crate) articles: Vec<Article>,
}

impl Book {
    /// Everything that has a page of its own, column by column.
    pub(crate) fn articles(&self) -> impl Iterator<Item = &Article> {
        self.columns.iter().flat_map(|column| &column.articles)
    }

    /// Whether there is a column of this form.
    pub(crate) fn has(&self, form: Form) -> bool {
        self.columns.iter().any(|column| column.form == form)
    }
}

/// Writes the book of a site.
pub(crate) fn write(place: &Place, content: &Content, now: DateTime<Utc>) -> Book {
    let knobs = &place.spec.contents;
    let full = knobs.full || place.spec.kind == "portal";
    let there =
        |column: &&Column| (full || !column.portal) && !knobs.without.contains(&column.slug);
    let pen = Pen { place, words: &content.words, now };
    let columns = content.columns.iter().filter(there);
    let columns = columns.map(|column| chapter(&pen, column, content)).collect();
    let mut book = Book { today: local_date(now), columns };
    for column in &content.columns {
        if let Some(pair) = &column.pair {
            let words = &content.words;
            let ways = [(&words.to_document, pair, &column.slug)];
            let back = [(&words.to_interpretation, &column.slug, pair)];
            for (label, from, to) in ways.into_iter().chain(back) {
                if !knobs.unlinked.contains(from) {
                    book.link(label, from, to);
                }
            }
        }
    }
    book
}

impl Book {
    /// Leads from each article of one column to the one of the same place in another.
    fn link(&mut self, label: &str, from: &str, to: &str) {
        let Some(there) = self.columns.iter().find(|chapter| chapter.slug == to) else { return };
        let links: Vec<_> = there.articles.iter().map(|article| article.link(label)).collect();
        let from = self.columns.iter_mut().filter(|chapter| chapter.slug == from);
        for (article, link) in from.flat_map(|chapter| &mut chapter.articles).zip(links) {
            article.related.push(link);
        }
    }
}

fn chapter(pen: &Pen<'_>, column: &Column, content: &Content) -> Chapter {
    let knobs = &pen.place.spec.contents;
    let today = local_date(pen.now);
    let newest = knobs.newest.get(&column.slug).copied();
    let first = newest.unwrap_or(Ago::Days(column.first.max(knobs.least))).before(today);
    let day = |index: usize| back(first, column.every * i64::try_from(index).unwrap_or_default());
    let articles = match column.form {
        _ if knobs.empty.contains(&column.slug) => Vec::new(),
        Form::List | Form::Open => articles(pen, column, content, day),
        Form::Services => desk::guides(pen, &column.slug, &content.guides, day),
        Form::Letters => desk::letters(pen, &column.slug, &content.letters, day),
    };
    Chapter {
        articles,
        slug: column.slug.clone(),
        name: column.name.clone(),
        form: column.form,
        kind: column.kind.clone(),
        describe: pen.fill(&column.describe),
        home: column.home,
        catalog: column.catalog,
    }
}

fn articles(
    pen: &Pen<'_>,
    column: &Column,
    content: &Content,
    day: impl Fn(usize) -> NaiveDate,
) -> Vec<Article> {
    let knobs = &pen.place.spec.contents;
    let count = column.titles.len();
    let undated = knobs.undated.get(&column.slug).copied().unwrap_or_default();
    let mut articles = Vec::with_capacity(count);
    for index in 0..count {
        // every site begins at another title
        let title = column.titles.get((index + pen.place.number) % count);
        let repost = column.repost.as_ref().filter(|repost| repost.at == index);
        let (title, body) = match repost {
            Some(repost) => (&repost.title, &repost.body),
            None => (title.unwrap_or(&column.name), &column.body),
        };
        let draft = Draft {
            slug: &column.slug,
            index,
            title: pen.fill(title),
            day: day(index),
            said: knobs
                .backdated
                .filter(|_| repost.is_some())
                .map(|days| back(local_date(pen.now), days)),
            body: body.iter().map(|paragraph| pen.fill(paragraph)).collect(),
        };
        let mut article = pen.article(draft);
        if let Some(repost) = repost {
            article.source = if knobs.sourceless { String::new() } else { repost.source.clone() };
        }
        if index < undated {
            article.printed.clear();
        }
        if column.catalog {
            article.entry = Some(pen.entry(index, &article));
        }
        if column.files && index < 2 {
            article.files = pen.files(&article);
        }
        if column.files && index == 0 {
            attach(pen, content, &mut article);
            lose(pen, &mut article);
        }
        if let Some(names) = knobs.inserted.get(&column.slug).filter(|_| index == 0) {
            article.inserted = names.iter().map(|name| content.markup(name)).collect();
        }
        articles.push(article);
    }
    articles
}

/// The files that the first notice leads to besides.
fn attach(pen: &Pen<'_>, content: &Content, article: &mut Article) {
    for file in &pen.place.spec.files {
        let paper = file.paper.as_ref().and_then(|name| content.papers.get(name));
        if let (Some(paper), Some(make)) = (paper, file.make) {
            let title = format!("{}.{}", paper.title, make.ending());
            article.files.push(Link { label: String::new(), title, path: file.path.clone() });
        }
    }
}

/// What the first notice leads to and is not there.
fn lose(pen: &Pen<'_>, article: &mut Article) {
    for lost in &pen.place.spec.contents.lost {
        if lost == "file" {
            let path = article.beside("P20240102003.doc");
            let title = pen.words.lost_file.clone();
            article.files.push(Link { label: String::new(), title, path });
        } else {
            let title = pen.words.lost_page.clone();
            article.related.push(Link { label: title.clone(), title, path: LOST.to_owned() });
        }
    }
}

/// The portal's column in which filed events were made public, and for each site the paths of its events, in their order;
/// `None` where an event was not made public.
pub(crate) fn publicity(
    city: &str,
    places: &[Place],
    content: &Content,
    now: DateTime<Utc>,
) -> (Option<Chapter>, Vec<Vec<Option<String>>>) {
    let words = &content.publicity;
    let mut articles = Vec::new();
    let mut paths = Vec::new();
    let Some(portal) = places.first() else { return (None, paths) };
    let pen = Pen { place: portal, words: &content.words, now };
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
            let article = pen.article(Draft {
                slug: PUBLICITY,
                index: articles.len(),
                title: words.titles.get(&filing.event).map(fill).unwrap_or_default(),
                day: local_date(now) - Duration::days(filing.days_ago),
                said: None,
                body: words.body.iter().map(fill).collect(),
            });
            own.push(Some(article.path.clone()));
            articles.push(article);
        }
        paths.push(own);
    }
    articles.sort_by_key(|article| std::cmp::Reverse(article.at));
    let chapter = Chapter {
        slug: PUBLICITY.to_owned(),
        name: words.column.clone(),
        form: Form::List,
        kind: words.kind.clone(),
        describe: words.describe.clone(),
        home: 0,
        catalog: false,
        articles,
    };
    (Some(chapter), paths)
}
