//! What the sites of the city serve: whole where they should be, and at fault as planned.

mod faults;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::{city::City, plan, ports::Bound};

use super::*;

struct Town {
    city: City,
    content: Content,
    places: Vec<Place>,
    books: Vec<Book>,
}

fn now() -> DateTime<Utc> {
    "2026-11-24T02:00:00Z".parse().unwrap()
}

fn town() -> Town {
    let (city, content) = (City::load().unwrap(), Content::load().unwrap());
    let bound = Bound { plain: 80, tls: 443, listeners: Vec::new() };
    let places = plan::plan(&city, &content.words, &bound).unwrap();
    let mut books: Vec<_> =
        places.iter().map(|place| crate::book::write(place, &content, now())).collect();
    let (chapter, _) = crate::book::publicity(&city.name, &places, &content, now());
    books[0].columns.extend(chapter);
    Town { city, content, places, books }
}

impl Town {
    fn shelves(&self) -> impl Iterator<Item = Shelf<'_>> {
        let pairs = self.places.iter().zip(&self.books);
        pairs.map(|(place, book)| Shelf { place, book, content: &self.content })
    }

    /// Whether a host answers.
    fn knows(&self, host: &str) -> bool {
        self.city.others.iter().any(|other| other.host == host)
            || self.places.iter().any(|place| place.served.iter().any(|name| name == host))
    }
}

fn html(page: &Page) -> &str {
    match &page.body {
        Body::Text(text) if page.kind == "text/html" => text,
        _ => "",
    }
}

/// Every address in the mark-up and in the scripts of a page, and whether a reader can follow it.
fn links(html: &str) -> BTreeSet<String> {
    let marks = ["href=\"", "src=\"", "action=\"", "\"url\": \"", "location.href=\""];
    // where forms of other sites would send, nobody goes
    let html = &html.replace("action=\"http", "");
    let found = marks
        .iter()
        .flat_map(|mark| html.split(mark).skip(1).filter_map(|rest| rest.split('"').next()));
    found
        .filter(|link| !link.is_empty() && *link != "javascript:void(0)")
        .map(|link| link.replace("&amp;", "&"))
        .collect()
}

/// The pages of a site from its home page on, by path, and what leads nowhere.
fn walk(town: &Town, shelf: Shelf<'_>) -> (BTreeMap<String, Page>, Vec<String>) {
    let mut pages = BTreeMap::new();
    let mut dead = Vec::new();
    let mut left = vec!["/".to_owned()];
    while let Some(path) = left.pop() {
        if pages.contains_key(&path) {
            continue;
        }
        let bare = path.split('#').next().unwrap();
        let page = shelf.page(bare, "").unwrap_or_else(|| page(shelf, bare));
        if page.status != 200 {
            dead.push(path.clone());
        }
        for link in links(html(&page)) {
            match link.strip_prefix('/') {
                Some(rest) if !rest.starts_with('/') && link != "/search" => left.push(link),
                Some(rest) if !rest.starts_with('/') => {}
                _ => {
                    let url = Url::parse("https://here.example/").unwrap().join(&link).unwrap();
                    if !town.knows(url.host_str().unwrap()) {
                        dead.push(link);
                    }
                }
            }
        }
        pages.insert(path, page);
    }
    (pages, dead)
}

fn tag(html: &str, name: &str) -> bool {
    html.contains(&format!("<meta name=\"{name}\" content=\""))
        && !html.contains(&format!("<meta name=\"{name}\" content=\"\""))
}

#[test]
fn every_link_of_an_exemplary_site_leads_to_a_page() {
    let town = town();
    let clean = town.shelves().filter(|shelf| shelf.place.spec.labels.is_empty());
    let mut seen = 0;
    for shelf in clean {
        let id = &shelf.place.spec.id;
        let (pages, dead) = walk(&town, shelf);
        assert_eq!(dead, Vec::<String>::new(), "{id}");
        if shelf.place.spec.style.lists != "fetch" {
            let full = shelf.book.columns.iter().any(|column| column.slug == "zwyw");
            let most = if full { 120 } else { 80 };
            assert!((40..=most).contains(&pages.len()), "{id}: {} pages", pages.len());
        }
        for (path, page) in &pages {
            let text = html(page);
            assert_eq!(text.contains("<html"), page.kind == "text/html", "{id}{path}");
            if text.is_empty() {
                continue;
            }
            assert!(
                !text.contains("{{") && !text.contains("{%") && !text.contains("undefined"),
                "{id}{path}"
            );
            for element in [
                "main", "nav", "header", "h1", "section", "article", "table", "form", "ul", "p",
                "a", "script",
            ] {
                let opened = text.matches(&format!("<{element}>")).count()
                    + text.matches(&format!("<{element} ")).count();
                assert_eq!(
                    opened,
                    text.matches(&format!("</{element}>")).count(),
                    "{id}{path}: <{element}>"
                );
            }
            assert_eq!(text.matches("<h1").count(), 1, "{id}{path}");
            assert!(text.find("<h1") < text.find("<h2").or(Some(usize::MAX)), "{id}{path}");
            assert_eq!(
                text.matches("<img ").count(),
                text.matches(" alt=\"").count(),
                "{id}{path}"
            );
            let fields =
                ["<input ", "<select ", "<textarea "].map(|field| text.matches(field).count());
            assert_eq!(
                fields.iter().sum::<usize>(),
                text.matches("<label for=").count(),
                "{id}{path}"
            );
            let mut tags = vec!["SiteName", "SiteDomain", "SiteIDCode"];
            if path != "/" {
                tags.extend(["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"]);
            }
            if text.contains("<article>") {
                tags.extend(["ArticleTitle", "PubDate", "ContentSource"]);
            }
            for name in tags {
                assert!(tag(text, name), "{id}{path}: {name}");
            }
        }
        seen += 1;
    }
    assert!(seen >= 8);
}

#[test]
fn planted_faults_are_the_only_dead_ends() {
    let town = town();
    for shelf in town.shelves().filter(|shelf| !shelf.place.spec.labels.is_empty()) {
        let spec = &shelf.place.spec;
        let label = |rule: &str| spec.labels.iter().any(|label| label == rule);
        let (_, dead) = walk(&town, shelf);
        let planted = ["links.home-broken", "links.inner-broken", "links.attachment-broken"];
        let planted = planted.into_iter().filter(|rule| label(rule)).count();
        assert_eq!(dead.len(), planted, "{}: {dead:?}", spec.id);
    }
}

#[test]
fn what_the_office_counts_is_there_and_in_time() {
    let town = town();
    let clean = town.shelves().filter(|shelf| shelf.place.spec.labels.is_empty());
    let today: chrono::NaiveDate = "2026-11-24".parse().unwrap();
    let mut numbers = BTreeSet::new();
    for shelf in clean {
        let id = &shelf.place.spec.id;
        for column in &shelf.book.columns {
            if shelf.place.spec.contents.newest.contains_key(&column.slug) {
                continue;
            }
            let newest = column.articles.first().unwrap_or_else(|| panic!("{id}: {}", column.slug));
            let age = (today - newest.day).num_days();
            let most = match column.slug.as_str() {
                "zwyw" | "zwdt" | "bmdt" | "jcdt" => 13,
                "tzgg" | "zcwj" => 183,
                _ => 300,
            };
            assert!(age <= most, "{id}: {} is {age} days old", column.slug);
        }
        for article in shelf.book.articles() {
            assert!(article.at < now(), "{id}{}", article.path);
            if let Some(entry) = &article.entry {
                assert!(numbers.insert(entry.index.clone()), "{id}: {}", entry.index);
                assert_eq!(article.related.len(), 1, "{id}{}", article.path);
            }
        }
    }
}

#[test]
fn the_search_finds_titles_and_knows_when_there_are_none() {
    let town = town();
    let shelf = town.shelves().next().unwrap();
    for article in shelf.book.articles() {
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &article.title)
            .finish();
        let page = page(shelf, &format!("/search?{query}"));
        assert!(html(&page).contains(&format!("href=\"{}\"", article.path)), "{}", article.title);
    }
    let none = page(shelf, "/search?q=xyz");
    assert!(shelf.book.articles().all(|article| !html(&none).contains(&article.path)));
}

#[test]
fn files_are_what_their_names_say() {
    let town = town();
    let shelf = town.shelves().next().unwrap();
    let files = shelf.book.articles().flat_map(|article| &article.files);
    let paths: Vec<_> = files
        .map(|file| file.path.clone())
        .chain(shelf.samples().into_iter().map(|file| file.path))
        .collect();
    assert!(paths.len() >= 4);
    for path in paths {
        let page = page(shelf, &path);
        let Body::Bytes(bytes) = page.body else { panic!("{path}") };
        let magic: &[u8] = if path.ends_with("pdf") { b"%PDF-" } else { b"PK\x03\x04" };
        assert!(page.status == 200 && bytes.starts_with(magic), "{path}");
    }
}

#[test]
fn what_templates_ask_for_is_what_sites_lack() {
    let town = town();
    let all: String = ["article", "base", "catalog", "tags"]
        .iter()
        .map(|name| {
            std::fs::read_to_string(format!("{}/pages/{name}.html", env!("CARGO_MANIFEST_DIR")))
                .unwrap()
        })
        .collect();
    for place in &town.places {
        for lack in &place.spec.style.lacks {
            let known = all.contains(&format!("\"{lack}\" ")) || lack.starts_with("search-");
            assert!(known, "{}: {lack}", place.spec.id);
        }
        for slug in place.spec.contents.newest.keys().chain(&place.spec.contents.empty) {
            assert!(
                town.content.columns.iter().any(|column| column.slug == *slug),
                "{}: {slug}",
                place.spec.id
            );
        }
    }
}
fn town_at(now: &str) -> Town {
    let mut town = town();
    let now = now.parse().unwrap();
    let books = town.places.iter().map(|place| crate::book::write(place, &town.content, now));
    town.books = books.collect();
    town
}

fn shelf<'a>(town: &'a Town, id: &str) -> Shelf<'a> {
    town.shelves().find(|shelf| shelf.place.spec.id == id).unwrap()
}
