//! Pages of the lab's sites: a small government site each, rendered from `pages/`.

use minijinja::{Value, context, value::Serde};
use url::{Url, form_urlencoded};

use crate::{
    article::{Article, Link},
    book::{Book, Chapter},
    content::{Content, Form},
    knobs::back,
    page::{Body, FILES, Page, download, notice, render, text},
    plan::Place,
};

/// Pages besides the columns.
const CATALOG: &str = "/zwgk/gkml/";
const LEADER_BOX: &str = "/hdjl/ldxx/";
const CONSULTATION: &str = "/hdjl/zxzx/";
const DOWNLOADS: &str = "/bsfw/bgxz/";
const MAP: &str = "/map/";

/// A site, and what it says.
#[derive(Clone, Copy)]
pub(crate) struct Shelf<'a> {
    pub(crate) place: &'a Place,
    pub(crate) book: &'a Book,
    pub(crate) content: &'a Content,
}

/// The page of a site at a path with its query.
pub(crate) fn page(shelf: Shelf<'_>, target: &str) -> Page {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if let Some(own) = shelf.place.spec.files.iter().find(|file| file.path == path) {
        return text(&own.kind, own.text.clone());
    }
    if !shelf.place.spec.style.shell {
        return shelf.page(path, query).unwrap_or_else(|| shelf.missing());
    }
    // the real page, for the script that fills the empty one
    if path == "/api/page" {
        let real = asked(query, "path");
        return shelf.page(&real, "").unwrap_or_else(|| shelf.missing());
    }
    match shelf.page(path, query) {
        Some(page) if page.kind == "text/html" => shelf.render("shell.html", context! {}),
        Some(page) => page,
        None => shelf.missing(),
    }
}

impl<'a> Shelf<'a> {
    fn page(self, path: &str, query: &str) -> Option<Page> {
        let Self { place, book, content } = self;
        let (style, words) = (&place.spec.style, &content.words);
        let lacks = |what: &str| style.lacks.iter().any(|lack| lack == what);
        let page = match path {
            "/" => self.home(),
            "/assets/site.css" => text("text/css", include_str!("pages/site.css")),
            "/assets/mark.svg" => text("image/svg+xml", include_str!("pages/mark.svg")),
            "/assets/lists.js" if style.lists == "fetch" => {
                text("text/javascript", include_str!("pages/lists.js"))
            }
            "/assets/app.js" if style.shell => {
                text("text/javascript", include_str!("pages/app.js"))
            }
            "/api/list.json" if style.lists == "fetch" => self.rows(query)?,
            "/js/footer.js" if style.footer_script => self.footer_script(),
            "/robots.txt" => text("text/plain", self.robots()),
            "/sitemap.xml" if style.sitemap => self.sitemap(),
            "/search" if !lacks("search") && !lacks("search-answer") => self.found(query),
            CATALOG if book.has(Form::Open) => self.catalog(),
            LEADER_BOX if book.has(Form::Letters) => self.channel(&words.leader_box, path),
            CONSULTATION if book.has(Form::Letters) => self.channel(&words.consultation, path),
            DOWNLOADS if book.has(Form::Services) => self.downloads(),
            MAP => self.map(),
            _ => return self.written(path),
        };
        Some(page)
    }

    /// A column, an article or one of its files.
    fn written(self, path: &str) -> Option<Page> {
        let file = |links: &[Link]| links.iter().any(|link| link.path == path && !self.lost(link));
        for chapter in &self.book.columns {
            if path.strip_prefix('/').and_then(|path| path.strip_suffix('/')) == Some(&chapter.slug)
            {
                return Some(self.list(chapter));
            }
            for article in &chapter.articles {
                if article.path == path {
                    return Some(self.single(chapter, article));
                }
                if file(&article.files) {
                    return download(path).map(|page| page.of(article.at));
                }
            }
        }
        download(path).filter(|_| self.samples().iter().any(|sample| sample.path == path))
    }

    fn lost(self, link: &Link) -> bool {
        link.title == self.content.words.lost_file
    }

    fn missing(self) -> Page {
        let words = &self.content.words;
        let Some(missing) = &self.place.spec.missing else {
            return notice(404, &words.missing, "");
        };
        match missing.snippet.as_ref().and_then(|name| self.content.snippets.get(name)) {
            Some(page) => Page { status: missing.status, ..text("text/html", page.clone()) },
            None => notice(missing.status, &words.missing, ""),
        }
    }

    fn home(self) -> Page {
        let Self { place, book, content } = self;
        let snippets = place.spec.snippets.iter().filter_map(|name| content.snippets.get(name));
        let extra = Value::from_safe_string(snippets.map(String::as_str).collect());
        let columns = book.columns.iter().filter(|chapter| chapter.home > 0);
        let sections: Vec<_> = columns
            .map(|chapter| {
                let articles: Vec<_> = self.on_home(chapter).map(seen).collect();
                context! { column => column(chapter), articles }
            })
            .collect();
        let of = |form: Form| book.columns.iter().filter(move |chapter| chapter.form == form);
        let guides: Vec<_> =
            of(Form::Services).flat_map(|chapter| &chapter.articles).map(seen).collect();
        let letters = book.has(Form::Letters);
        let friends = seen(&content.friends);
        self.render("home.html", context! { extra, sections, guides, letters, friends })
            .newest(book.articles())
    }

    /// What the home page shows of a column.
    fn on_home(self, chapter: &'a Chapter) -> impl Iterator<Item = &'a Article> {
        let least = self.place.spec.contents.home;
        let old = move |article: &&Article| article.day <= back(self.book.today, least);
        chapter.articles.iter().filter(old).take(chapter.home)
    }

    fn list(self, chapter: &Chapter) -> Page {
        let template = match chapter.form {
            Form::Letters => "letters.html",
            _ => "column.html",
        };
        self.listing(template, column(chapter), &chapter.articles).newest(chapter.articles.iter())
    }

    fn listing<'b>(
        self,
        template: &str,
        column: Value,
        articles: impl IntoIterator<Item = &'b Article>,
    ) -> Page {
        let articles: Vec<_> = articles.into_iter().map(seen).collect();
        let catalog = self.book.has(Form::Open);
        self.render(template, context! { column, articles, catalog })
    }

    fn single(self, chapter: &Chapter, article: &Article) -> Page {
        let context = context! { column => column(chapter), article => seen(article) };
        self.render("article.html", context).of(article.at)
    }

    /// A page beside the columns, as one.
    fn beside(self, name: &str) -> Value {
        let words = &self.content.words;
        let describe = words.describe.replace("{organ}", &self.place.organ.name);
        context! { slug => "", name, type => &words.listing, form => "list", describe }
    }

    fn catalog(self) -> Page {
        let chapters = self.book.columns.iter().filter(|chapter| chapter.catalog);
        let articles: Vec<_> = chapters.flat_map(|chapter| &chapter.articles).collect();
        let column = self.beside(&self.content.words.open_catalog);
        self.listing("catalog.html", column, articles.iter().copied())
            .newest(articles.iter().copied())
    }

    fn channel(self, name: &str, here: &str) -> Page {
        self.render("channel.html", context! { column => self.beside(name), here })
    }

    fn downloads(self) -> Page {
        let column = self.beside(&self.content.words.download_list);
        self.render("downloads.html", context! { column, files => seen(self.samples()) })
    }

    /// The files of the downloads list.
    fn samples(self) -> Vec<Link> {
        let samples = self.content.words.downloads.iter().zip(FILES).zip(1..);
        let samples = samples.map(|((title, (ending, ..)), number)| Link {
            label: String::new(),
            title: format!("{title}{ending}"),
            path: format!("{DOWNLOADS}sample{number}{ending}"),
        });
        samples.filter(|_| self.book.has(Form::Services)).collect()
    }

    fn map(self) -> Page {
        let column = self.beside(&self.content.words.map);
        self.listing("column.html", column, self.book.articles()).newest(self.book.articles())
    }

    /// The site's own search: articles whose title holds the words asked for.
    fn found(self, query: &str) -> Page {
        let asked = asked(query, "q");
        let asked = asked.trim();
        let blind = self.place.spec.style.lacks.iter().any(|lack| lack == "search-hits");
        let hits = self.book.articles();
        let hits =
            hits.filter(|article| !blind && !asked.is_empty() && article.title.contains(asked));
        self.listing("column.html", self.beside(&self.content.words.search), hits)
    }

    /// The rows of a list, for the script that fills it.
    fn rows(self, query: &str) -> Option<Page> {
        let slug = asked(query, "column");
        let most = asked(query, "rows").parse().unwrap_or(usize::MAX);
        let chapter = self.book.columns.iter().find(|chapter| chapter.slug == slug)?;
        let articles: Vec<_> = chapter.articles.iter().take(most).map(seen).collect();
        let page = self.render("list.json", context! { articles });
        Some(Page { kind: "application/json".to_owned(), ..page }.newest(chapter.articles.iter()))
    }

    fn footer_script(self) -> Page {
        let footer = self.render("footer.html", context! {});
        let Body::Text(footer) = footer.body else { return footer };
        let lines = footer.lines().map(|line| {
            format!("document.write('{}');\n", line.replace('\\', "\\\\").replace('\'', "\\'"))
        });
        text("text/javascript", lines.collect::<String>())
    }

    fn robots(self) -> String {
        let sitemap = match self.place.spec.style.sitemap {
            true => format!("Sitemap: {}\n", address(&self.place.url, "/sitemap.xml")),
            false => String::new(),
        };
        format!("User-agent: *\nAllow: /\n{sitemap}")
    }

    fn sitemap(self) -> Page {
        let columns = self.book.columns.iter().map(|chapter| format!("/{}/", chapter.slug));
        let articles = self.book.articles().map(|article| article.path.clone());
        let paths: Vec<_> =
            std::iter::once("/".to_owned()).chain(columns).chain(articles).collect();
        let root = self.place.url.trim_end_matches('/');
        let page = self.render("sitemap.xml", context! { root, paths });
        Page { kind: "application/xml".to_owned(), ..page }.newest(self.book.articles())
    }

    /// What every page of a site shows, with what is the page's own.
    fn render(self, template: &str, own: Value) -> Page {
        let Self { place, book, content } = self;
        let spec = &place.spec;
        let words = &content.words;
        let slogan = match spec.kind.as_str() {
            "portal" => &words.portal_slogan,
            _ => &words.department_slogan,
        };
        let style = &spec.style;
        let frame = context! {
            defects => seen(&spec.defects),
            style => context! {
                lacks => &style.lacks,
                lists => &style.lists,
                addresses => &style.addresses,
                footer_script => style.footer_script,
                menu_script => style.menu_script,
            },
            declared => spec.declared.as_deref().unwrap_or("utf-8"),
            slogan,
            clock => style.clock.then(|| book.today.format(&words.clock).to_string()),
            menu => book.columns.iter().map(column).collect::<Vec<_>>(),
            words => context! {
                leader_box => &words.leader_box,
                consultation => &words.consultation,
                open_catalog => &words.open_catalog,
                download_list => &words.download_list,
            },
            site => context! {
                name => &place.name,
                host => &place.host,
                kind => &spec.kind,
                organ => &place.organ.name,
                code => &place.code,
                icp => &place.icp,
                police => &place.police,
                police_digits => &place.police_digits,
                phone => &place.phone,
                address => &place.street,
            },
        };
        render(200, template, context! { ..own, ..frame })
    }
}

fn column(chapter: &Chapter) -> Value {
    context! {
        slug => &chapter.slug,
        name => &chapter.name,
        type => &chapter.kind,
        form => seen(chapter.form),
        describe => &chapter.describe,
    }
}

/// Data as the templates see it.
fn seen<T: serde::Serialize>(data: T) -> Value {
    Value::from(Serde(data))
}

/// A parameter of a query; empty when it is not there.
fn asked(query: &str, name: &str) -> String {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The absolute address of a path of a site; the site's own where the path does not fit.
pub(crate) fn address(site: &str, path: &str) -> String {
    let joined = Url::parse(site).and_then(|site| site.join(path));
    joined.map_or_else(|_| site.to_owned(), |url| url.to_string())
}

#[cfg(test)]
mod tests {
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
                let most = if full { 120 } else { 75 };
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
                    "main", "nav", "header", "h1", "section", "article", "table", "form", "ul",
                    "p", "a", "script",
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
                    tags.extend([
                        "ColumnName",
                        "ColumnDescription",
                        "ColumnKeywords",
                        "ColumnType",
                    ]);
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
                let newest =
                    column.articles.first().unwrap_or_else(|| panic!("{id}: {}", column.slug));
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
            assert!(
                html(&page).contains(&format!("href=\"{}\"", article.path)),
                "{}",
                article.title
            );
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

    #[test]
    fn limits_are_missed_and_passed_by_a_day() {
        // the second is ten past midnight in Shanghai
        for (now, today) in
            [("2026-11-24T02:00:00Z", "2026-11-24"), ("2027-03-30T16:10:00Z", "2027-03-31")]
        {
            let town = town_at(now);
            let today: chrono::NaiveDate = today.parse().unwrap();
            let ages = |id: &str| -> BTreeMap<String, i64> {
                let columns = &shelf(&town, id).book.columns;
                columns
                    .iter()
                    .filter_map(|column| {
                        Some((
                            column.slug.clone(),
                            (today - column.articles.first()?.day).num_days(),
                        ))
                    })
                    .collect()
            };
            for (id, home, news) in [
                ("gdj", 15, 15),
                ("zljdj", 15, 1),
                ("wxdglj", 13, 1),
                ("jnjcj", 9, 1),
                ("ypjgj", 3, 15),
                ("spaqj", 3, 13),
                ("fgw", 1, 1),
            ] {
                let shelf = shelf(&town, id);
                let shown = shelf.book.columns.iter().flat_map(|column| shelf.on_home(column));
                let newest = shown.map(|article| article.day).max().unwrap();
                assert_eq!(((today - newest).num_days(), ages(id)["zwdt"]), (home, news), "{id}");
            }
            let due = |id: &str| {
                shelf(&town, id)
                    .book
                    .columns
                    .iter()
                    .find(|column| column.slug == "tzgg")
                    .unwrap()
                    .articles[0]
                    .day
                    + chrono::Months::new(6)
            };
            assert!(due("ypjgj") < today && due("spaqj") > today, "{now}");
            let old = |id: &str, over: i64| ages(id).values().filter(|age| **age > over).count();
            assert_eq!((old("gyglj", 365), old("sljsj", 365)), (10, 9));
            let empty = |id: &str| {
                shelf(&town, id)
                    .book
                    .columns
                    .iter()
                    .filter(|column| column.articles.is_empty())
                    .count()
            };
            assert_eq!((empty("zfglj"), empty("whzfj"), empty("fgw")), (5, 4, 0));
            let waiting = |id: &str| {
                let letters =
                    shelf(&town, id).book.articles().filter_map(|article| article.letter.as_ref());
                let waiting: Vec<_> = letters
                    .filter(|letter| letter.answered.is_empty())
                    .map(|letter| letter.asked.clone())
                    .collect();
                waiting
                    .into_iter()
                    .map(|day| day.parse::<chrono::NaiveDate>().unwrap() + chrono::Months::new(3))
                    .collect::<Vec<_>>()
            };
            assert!(waiting("gsglj").iter().all(|due| *due < today) && waiting("gsglj").len() == 1);
            assert!(waiting("grglj").iter().all(|due| *due > today) && waiting("grglj").len() == 1);
            assert!(waiting("fgw").is_empty());
        }
    }

    #[test]
    fn sites_write_in_their_own_ways() {
        let town = town();
        for (id, path, shows) in [
            ("fgw", "/zwdt/", "<span>2026-11-23</span>"),
            ("yunlu", "/zwdt/", "<span>2026/11/23</span>"),
            ("chongyan", "/zwdt/", "<span>[11-23]</span>"),
            ("qinglan", "/zwdt/", "<span><b>23</b><i>2026-11</i></span>"),
            ("gxhzj", "/zwdt/", "<span>2026年11月23日</span>"),
            ("chj", "/zwdt/", "href=\"/zwdt/202611/23/content_"),
            ("swj-vertical", "/zwdt/", "href=\"/sitesources/swj-vertical/page_pc/zwdt/article"),
            ("ghglj", "/zwdt/", "\"date\": \"2026-11-23\""),
            ("jyfwj", "/", "<ul data-column=\"zwdt\" data-rows=\"6\"></ul>"),
            ("yzj", "/", "href=\"javascript:void(0)\" data-href=\"/zwdt/\""),
            ("gaj", "/js/footer.js", "document.write('<div>主办单位：澜川市公安局"),
            ("swglj", "/zwdt/", "<body>\n<div id=\"app\"></div>"),
            ("swglj", "/api/page?path=/zwdt/", "<span>2026-11-23</span>"),
            ("jyfwj", "/api/list.json?column=zwdt&rows=1", "\"date\": \"2026-11-23\"}\n]}"),
            ("chj", "/sitemap.xml", "<loc>https://chj.lanchuan.gov.cn/zwdt/202611/23/"),
            ("chj", "/", "今天是2026年11月24日"),
            ("clfwj", "/", "<html>"),
        ] {
            let page = page(shelf(&town, id), path);
            let Body::Text(text) = page.body else { panic!("{id}{path}") };
            assert!(text.contains(shows), "{id}{path}: {text}");
        }
        let platform = shelf(&town, "swj-vertical");
        let article = platform.book.articles().next().unwrap();
        let text = page(platform, &article.path);
        assert!(html(&text).contains("来源: 国家税务总局澜川市税务局 时间: 2026-11-23 "));
        assert!(!html(&page(shelf(&town, "gaj"), "/")).contains("主办单位"));
    }

    #[test]
    fn faults_of_articles_are_as_planned() {
        let town = town();
        let text = |id: &str, choose: &dyn Fn(&Article) -> bool| {
            let shelf = shelf(&town, id);
            let article = shelf.book.articles().find(|article| choose(article)).unwrap();
            html(&page(shelf, &article.path)).to_owned()
        };
        let repost = |article: &Article| article.title.starts_with("全国政务公开工作");
        assert!(text("fgw", &repost).contains("来源：中国政府网 发布时间：2026-11-17 "));
        let faulty = text("xwcbj", &repost);
        assert!(!faulty.contains("来源") && faulty.contains("发布时间：2026-08-06 "), "{faulty}");
        assert!(
            shelf(&town, "xwcbj")
                .book
                .articles()
                .find(|article| repost(article))
                .unwrap()
                .path
                .contains("/t20261117_")
        );
        let first = |_: &Article| true;
        assert!(
            !text("cyfzj", &first).contains("发布时间") && text("cyfzj", &first).contains("来源：")
        );
        assert!(text("dzkcj", &first).contains("name=\"PubDate\" content=\"2026/11/23 "));
        assert!(
            !text("bqglj", &first).contains("ColumnName")
                && !text("bqglj", &first).contains("PubDate")
        );
        let news = &shelf(&town, "flglj").book.columns[0].articles;
        assert!(news.iter().all(|article| article.row.is_empty() && article.path.starts_with("/zwdt/content_")));
        let document = |article: &Article| article.entry.is_some();
        let good = text("fgw", &document);
        assert!(
            good.contains("<td>LC005-0201-2026-00001</td>")
                && good.contains("相关解读：<a href=\"/zcjd/"),
            "{good}"
        );
        assert!(!text("fzglj", &document).contains("相关解读"));
        let bad = text("zjglj", &document);
        assert!(
            bad.contains("/0201/2026/00001</td>")
                && bad.contains("<td>2026年11月12日</td>")
                && bad.contains("<td>市资金管理局</td>"),
            "{bad}"
        );
        let numbers = |id: &str| {
            let entries =
                shelf(&town, id).book.articles().filter_map(|article| article.entry.as_ref());
            entries.map(|entry| entry.index.clone()).collect::<Vec<_>>()
        };
        assert_eq!(numbers("jzglj")[0], numbers("jzglj")[1]);
        let preface = |id: &str| html(&page(shelf(&town, id), CATALOG)).contains("编制说明");
        assert!(preface("fgw") && !preface("zjglj"));
        let lacking = |id: &str| {
            let mut guides =
                shelf(&town, id).book.articles().filter(|article| !article.elements.is_empty());
            8 - guides.next().unwrap().elements.len()
        };
        assert_eq!((lacking("lyfzj"), lacking("grglj"), lacking("fgw")), (4, 3, 0));
    }
}
