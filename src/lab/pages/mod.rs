//! Pages of the lab's sites: a small government site each, rendered from `pages/`.

use minijinja::{Value, context, value::Serde};
use url::{Url, form_urlencoded};

use crate::{
    article::{Article, Link},
    book::{Book, Chapter},
    city::File,
    content::{Content, Form},
    knobs::back,
    page::{Body, FILES, Page, bytes_of, download, notice, render, text},
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
        return shelf.own(own);
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
            "/assets/site.css" => text("text/css", include_str!("site.css")),
            "/assets/mark.svg" => text("image/svg+xml", include_str!("mark.svg")),
            "/assets/lists.js" if style.lists == "fetch" => {
                text("text/javascript", include_str!("lists.js"))
            }
            "/assets/app.js" if style.shell => text("text/javascript", include_str!("app.js")),
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

    /// One of the site's own files.
    fn own(self, file: &File) -> Page {
        let paper = file.paper.as_ref().and_then(|name| self.content.papers.get(name));
        let (Some(paper), Some(make)) = (paper, file.make) else {
            return text(&file.kind, file.text.clone());
        };
        match paper.document(&self.content.words).make(make) {
            Ok(bytes) => bytes_of(make.media(), bytes.into()),
            Err(error) => {
                tracing::error!(%error, path = file.path, "a file of the lab");
                notice(500, "", "")
            }
        }
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
                title => &style.title,
                keywords => &style.keywords,
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
mod tests;
