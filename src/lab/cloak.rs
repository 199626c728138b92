//! Answers that differ by who asks: what an attacked site shows search engines, and an innocent one shows phones.

use hyper::{
    HeaderMap,
    header::{HeaderName, REFERER, USER_AGENT},
};
use serde::Deserialize;

use crate::{
    content::Content,
    page::{Body, Page, text},
};

/// What some visitors are shown in the place of what everybody is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Cloak {
    /// Who names himself like this: a part of the User-Agent, in lower case.
    agent: Option<String>,
    /// Who comes from there: a part of the Referer, in lower case.
    referer: Option<String>,
    /// At this path alone; everywhere where nothing is said.
    path: Option<String>,
    /// They are sent there.
    pub(crate) redirect: Option<String>,
    /// The page has this title.
    title: Option<String>,
    /// It ends with this snippet of `content.yaml`.
    snippet: Option<String>,
    /// It is that snippet and nothing else.
    instead: bool,
    /// It comes with this status.
    status: Option<u16>,
}

/// The first of a site's cloaks that is meant for who asks this.
pub(crate) fn meant<'a>(
    cloaks: &'a [Cloak],
    headers: &HeaderMap,
    target: &str,
) -> Option<&'a Cloak> {
    let path = target.split('?').next().unwrap_or_default();
    let says = |name: HeaderName, part: &Option<String>| {
        let said = headers.get(name).and_then(|value| value.to_str().ok());
        let said = said.unwrap_or_default().to_ascii_lowercase();
        part.as_ref().is_none_or(|part| said.contains(part.as_str()))
    };
    cloaks.iter().find(|cloak| {
        cloak.path.as_ref().is_none_or(|here| here == path)
            && says(USER_AGENT, &cloak.agent)
            && says(REFERER, &cloak.referer)
    })
}

impl Cloak {
    /// The page as it is shown to them; files stay as they are.
    pub(crate) fn over(&self, page: Page, content: &Content) -> Page {
        let Body::Text(html) = &page.body else { return page };
        if page.kind != "text/html" {
            return page;
        }
        let snippet = self.snippet.as_ref().and_then(|name| content.snippets.get(name));
        let snippet = snippet.map(String::as_str).unwrap_or_default();
        let mut html = match (self.instead, html.rsplit_once("</body>")) {
            (true, _) => snippet.to_owned(),
            (false, Some((before, after))) => format!("{before}{snippet}</body>{after}"),
            (false, None) => format!("{html}{snippet}"),
        };
        if let Some(title) = &self.title
            && let Some((before, rest)) = html.split_once("<title>")
            && let Some((_, after)) = rest.split_once("</title>")
        {
            html = format!("{before}<title>{title}</title>{after}");
        }
        let status = self.status.unwrap_or(page.status);
        Page { status, modified: page.modified, ..text("text/html", html) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cloaks() -> Vec<Cloak> {
        serde_saphyr::from_str(
            "- { agent: spider, path: /, title: 棋牌, snippet: shop-link }
- { referer: www.baidu.com, redirect: 'https://a.example/' }
- { agent: phone, snippet: shop-link, instead: true, status: 403 }",
        )
        .unwrap()
    }

    fn asks(agent: &str, referer: &str) -> HeaderMap {
        let value = |text: &str| text.parse().unwrap();
        [(USER_AGENT, value(agent)), (REFERER, value(referer))].into_iter().collect()
    }

    #[test]
    fn the_first_that_fits_is_meant() {
        let cloaks = cloaks();
        let at = |agent, referer, target| {
            let found = meant(&cloaks, &asks(agent, referer), target)?;
            cloaks.iter().position(|cloak| std::ptr::eq(cloak, found))
        };
        assert_eq!(at("Mozilla/5.0 (compatible; Baiduspider/2.0)", "", "/?x=1"), Some(0));
        assert_eq!(at("Baiduspider", "", "/zwdt/"), None);
        assert_eq!(at("Mozilla", "https://www.baidu.com/s?wd=a", "/zwdt/"), Some(1));
        assert_eq!(at("Phone", "", "/"), Some(2));
        assert_eq!(at("xuncha/0.1", "", "/"), None);
    }

    #[test]
    fn a_page_is_changed_as_it_says() {
        let content = Content::load().unwrap();
        let over = |number: usize| {
            let page = text("text/html", "<title>县政府</title><body>正文</body></html>");
            let page = cloaks()[number].over(page, &content);
            let Body::Text(html) = page.body else { panic!("no text") };
            (page.status, html)
        };
        let (status, html) = over(0);
        let shop = &content.snippets["shop-link"];
        assert_eq!(
            (status, html),
            (200, format!("<title>棋牌</title><body>正文{shop}</body></html>"))
        );
        assert_eq!(over(2), (403, shop.clone()));
    }
}
