//! One page or file of the lab: what it holds, its kind, when it was written; and the templates it is made from.

use std::sync::LazyLock;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use minijinja::{Environment, Value, context};
use tracing::error;

use crate::article::Article;

/// A file of a site.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Without the charset.
    pub(crate) kind: String,
    pub(crate) body: Body,
    /// When it was written, where that is known.
    pub(crate) modified: Option<DateTime<Utc>>,
}

/// What a file holds.
#[derive(Clone)]
pub(crate) enum Body {
    /// Sent in the site's charset.
    Text(String),
    /// Sent as it is.
    Bytes(Bytes),
}

/// The files that can be downloaded, by their endings.
pub(crate) const FILES: [(&str, &str, &[u8]); 2] = [
    (
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        include_bytes!("pages/table.xlsx"),
    ),
    (".pdf", "application/pdf", include_bytes!("pages/notes.pdf")),
];

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    let files = [
        ("article.html", include_str!("pages/article.html")),
        ("base.html", include_str!("pages/base.html")),
        ("catalog.html", include_str!("pages/catalog.html")),
        ("channel.html", include_str!("pages/channel.html")),
        ("column.html", include_str!("pages/column.html")),
        ("downloads.html", include_str!("pages/downloads.html")),
        ("footer.html", include_str!("pages/footer.html")),
        ("home.html", include_str!("pages/home.html")),
        ("letters.html", include_str!("pages/letters.html")),
        ("list.json", include_str!("pages/list.json")),
        ("notice.html", include_str!("pages/notice.html")),
        ("rows.html", include_str!("pages/rows.html")),
        ("shell.html", include_str!("pages/shell.html")),
        ("sitemap.xml", include_str!("pages/sitemap.xml")),
        ("tags.html", include_str!("pages/tags.html")),
    ];
    // what goes into JSON holds nothing that JSON would have to escape
    templates.set_auto_escape_callback(|name| match name.rsplit_once('.') {
        Some((_, "html" | "xml")) => minijinja::AutoEscape::Html,
        _ => minijinja::AutoEscape::None,
    });
    for (name, text) in files {
        if let Err(error) = templates.add_template(name, text) {
            error!(%error, name, "a page of the lab");
        }
    }
    templates
});

impl Page {
    /// Written at this moment.
    pub(crate) fn of(self, at: DateTime<Utc>) -> Self {
        Self { modified: Some(at), ..self }
    }

    /// Written when the newest of these was.
    pub(crate) fn newest<'a>(self, articles: impl Iterator<Item = &'a Article>) -> Self {
        let modified = articles.map(|article| article.at).max();
        Self { modified, ..self }
    }
}

/// A page that stands for itself; the script is trusted markup.
pub(crate) fn notice(status: u16, title: &str, script: &str) -> Page {
    let script = Value::from_safe_string(script.to_owned());
    render(status, "notice.html", context! { title, script })
}

/// A file of text.
pub(crate) fn text(kind: &str, text: impl Into<String>) -> Page {
    Page { status: 200, kind: kind.to_owned(), body: Body::Text(text.into()), modified: None }
}

/// A file that is no text.
pub(crate) fn bytes_of(kind: &str, bytes: Bytes) -> Page {
    Page { body: Body::Bytes(bytes), ..text(kind, "") }
}

/// What a file of this name holds.
pub(crate) fn download(path: &str) -> Option<Page> {
    let file = FILES.iter().find(|(ending, ..)| path.ends_with(ending));
    file.map(|(_, kind, bytes)| bytes_of(kind, Bytes::from_static(bytes)))
}

/// What a template makes of this.
pub(crate) fn render(status: u16, template: &str, context: Value) -> Page {
    match TEMPLATES.get_template(template).and_then(|template| template.render(context)) {
        Ok(html) => Page { status, ..text("text/html", html) },
        Err(error) => {
            error!(%error, template, "a page of the lab");
            Page { status: 500, ..text("text/html", "") }
        }
    }
}
