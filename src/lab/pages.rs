//! Pages of the lab's sites: a small government site each, rendered from `pages/`.

use std::sync::LazyLock;

use minijinja::{Environment, Value, context, value::Serde};
use tracing::error;
use url::Url;

use crate::{
    book::{Article, Book, Chapter},
    content::{Content, Words},
    plan::Place,
};

/// A file of a site.
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Without the charset.
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl Page {
    fn html(status: u16, text: String) -> Self {
        Self { status, kind: "text/html".to_owned(), text }
    }
}

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    let files = [
        ("base.html", include_str!("pages/base.html")),
        ("home.html", include_str!("pages/home.html")),
        ("column.html", include_str!("pages/column.html")),
        ("article.html", include_str!("pages/article.html")),
        ("notice.html", include_str!("pages/notice.html")),
    ];
    for (name, text) in files {
        if let Err(error) = templates.add_template(name, text) {
            error!(%error, name, "a page of the lab");
        }
    }
    templates
});

/// The page of a site at a path with its query.
pub(crate) fn page(place: &Place, book: &Book, content: &Content, target: &str) -> Page {
    let words = &content.words;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if let Some(own) = place.spec.files.iter().find(|file| file.path == path) {
        return Page { status: 200, kind: own.kind.clone(), text: own.text.clone() };
    }
    match path {
        "/" => return home(place, book, content),
        "/assets/site.css" => return file("text/css", include_str!("pages/site.css")),
        "/assets/mark.svg" => return file("image/svg+xml", include_str!("pages/mark.svg")),
        "/robots.txt" => return file("text/plain", "User-agent: *\nAllow: /\n"),
        "/search" => return list(place, book, words, &found(book, words, query)),
        "/map/" => return list(place, book, words, &map(place, book, words)),
        _ => {}
    }
    for chapter in &book.columns {
        if path.strip_prefix('/').and_then(|path| path.strip_suffix('/')) == Some(&chapter.slug) {
            return list(place, book, words, chapter);
        }
        if let Some(article) = chapter.articles.iter().find(|article| article.path == path) {
            return single(place, book, words, (chapter, article));
        }
    }
    let Some(missing) = &place.spec.missing else { return notice(404, &words.missing, "") };
    match missing.snippet.as_ref().and_then(|name| content.snippets.get(name)) {
        Some(page) => Page::html(missing.status, page.clone()),
        None => notice(missing.status, &words.missing, ""),
    }
}

/// A page that stands for itself; the script is trusted markup.
pub(crate) fn notice(status: u16, title: &str, script: &str) -> Page {
    let script = Value::from_safe_string(script.to_owned());
    render(status, "notice.html", context! { title, script })
}

fn home(place: &Place, book: &Book, content: &Content) -> Page {
    let snippets = place.spec.snippets.iter().filter_map(|name| content.snippets.get(name));
    let extra = Value::from_safe_string(snippets.map(String::as_str).collect());
    render(200, "home.html", context! { extra, ..frame(place, book, &content.words) })
}

fn list(place: &Place, book: &Book, words: &Words, column: &Chapter) -> Page {
    render(200, "column.html", context! { column => seen(column), ..frame(place, book, words) })
}

fn single(place: &Place, book: &Book, words: &Words, at: (&Chapter, &Article)) -> Page {
    let (column, article) = at;
    let frame = frame(place, book, words);
    render(
        200,
        "article.html",
        context! { column => seen(column), article => seen(article), ..frame },
    )
}

/// What every page of a site shows.
fn frame(place: &Place, book: &Book, words: &Words) -> Value {
    let slogan = match place.spec.kind.as_str() {
        "portal" => &words.portal_slogan,
        _ => &words.department_slogan,
    };
    context! {
        declared => place.spec.declared.as_deref().unwrap_or("utf-8"),
        slogan,
        columns => seen(&book.columns),
        site => context! {
            name => &place.name,
            host => &place.host,
            kind => &place.spec.kind,
            organ => &place.organ.name,
            code => &place.code,
            icp => &place.icp,
            police => &place.police,
            police_digits => &place.police_digits,
            phone => &place.phone,
            address => &place.street,
        },
    }
}

/// The site's own search: articles whose title holds the words asked for.
fn found(book: &Book, words: &Words, query: &str) -> Chapter {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let asked = pairs.filter(|(key, _)| key == "q").map(|(_, value)| value.into_owned()).next();
    let asked = asked.unwrap_or_default();
    let articles = book.columns.iter().flat_map(|column| &column.articles);
    let hits = articles.filter(|article| !asked.is_empty() && article.title.contains(asked.trim()));
    listing(&words.search, words, hits.cloned().collect())
}

fn map(place: &Place, book: &Book, words: &Words) -> Chapter {
    let articles = book.columns.iter().flat_map(|column| &column.articles).cloned().collect();
    let mut chapter = listing(&words.map, words, articles);
    chapter.describe = words.describe.replace("{organ}", &place.organ.name);
    chapter
}

fn listing(name: &str, words: &Words, articles: Vec<Article>) -> Chapter {
    Chapter {
        slug: String::new(),
        name: name.to_owned(),
        kind: words.listing.clone(),
        describe: name.to_owned(),
        articles,
    }
}

/// Data as the templates see it.
fn seen<T: serde::Serialize>(data: T) -> Value {
    Value::from(Serde(data))
}

fn file(kind: &str, text: &str) -> Page {
    Page { status: 200, kind: kind.to_owned(), text: text.to_owned() }
}

fn render(status: u16, template: &str, context: Value) -> Page {
    match TEMPLATES.get_template(template).and_then(|template| template.render(context)) {
        Ok(text) => Page::html(status, text),
        Err(error) => {
            error!(%error, template, "a page of the lab");
            Page::html(500, String::new())
        }
    }
}

/// The absolute address of a path of a site; the site's own where the path does not fit.
pub(crate) fn address(site: &str, path: &str) -> String {
    let joined = Url::parse(site).and_then(|site| site.join(path));
    joined.map_or_else(|_| site.to_owned(), |url| url.to_string())
}
