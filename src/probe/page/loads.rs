//! What a page loads by itself, and what of it comes over plain HTTP (W3C Mixed Content).

use std::collections::BTreeSet;

use url::Url;
use xuncha_model::facts::page::Resource;

use super::Given;
use crate::markup::{Tag, Token, Tokens};

/// Resources that are reported of one page.
const MOST: usize = 100;
/// Longest address kept, in bytes.
const LONGEST: usize = 2000;
/// Sizes of one picture that are looked at.
const MOST_CANDIDATES: usize = 20;

/// What makes browsers ask for everything over HTTPS (Upgrade Insecure Requests, 3.1).
const UPGRADE: &str = "upgrade-insecure-requests";

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Loads {
    plain: Vec<Resource>,
    upgraded: bool,
}

impl Loads {
    /// A `Content-Security-Policy`, wherever it stood.
    pub(super) fn policy(&mut self, policy: &str) {
        self.upgraded |= policy.to_ascii_lowercase().contains(UPGRADE);
    }

    /// An address that is loaded, and what for.
    pub(super) fn add(&mut self, kind: &str, url: &Url) {
        if url.scheme() != "http" || url.as_str().len() > LONGEST || self.plain.len() >= MOST {
            return;
        }
        let known = |known: &Resource| known.kind == kind && known.url == url.as_str();
        if !self.plain.iter().any(known) {
            let blocked = matches!(kind, "script" | "style" | "frame" | "object");
            self.plain.push(Resource { kind: kind.to_owned(), url: url.to_string(), blocked });
        }
    }

    /// What an HTTPS page loads over HTTP; nothing for other pages, and where browsers are told to upgrade.
    pub(super) fn mixed(mut self, page: &Given<'_>) -> Vec<Resource> {
        let policies = page.headers.iter().filter(|h| h.name == "content-security-policy");
        policies.for_each(|header| self.policy(&header.value));
        let mixed = page.url.scheme() == "https" && !self.upgraded;
        if mixed { self.plain } else { Vec::new() }
    }
}

/// Gives the addresses that a tag makes a browser load to `found`, and what for.
pub(super) fn loaded(tag: Tag<'_>, mut found: impl FnMut(&'static str, &str)) {
    // most tags of a page are known by the length of their name
    if !(3..=6).contains(&tag.name().len()) || tag.is("span") {
        return;
    }
    let is = |names: &[&str]| names.iter().any(|name| tag.is(name));
    let mut add = |kind, name| {
        if let Some(address) = tag.attribute(name) {
            found(kind, &address);
        }
    };
    if is(&["img", "input"]) {
        add("image", "src");
        if let Some(set) = tag.attribute("srcset") {
            let candidates = set.split(',').take(MOST_CANDIDATES);
            let addresses = candidates.filter_map(|it| it.split_ascii_whitespace().next());
            addresses.for_each(|address| found("image", address));
        }
    } else if tag.is("script") {
        add("script", "src");
    } else if tag.is("link") {
        let rel = tag.attribute("rel").unwrap_or_default();
        if rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("stylesheet")) {
            add("style", "href");
        }
    } else if is(&["iframe", "frame"]) {
        add("frame", "src");
    } else if is(&["video", "audio", "source", "track"]) {
        add("media", "src");
        add("image", "poster");
    } else if tag.is("embed") {
        add("object", "src");
    } else if tag.is("object") {
        add("object", "data");
    }
}

/// Whether two addresses are of one scheme, host and port.
pub(crate) fn same_place(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// The folders of the page's own host and port that its scripts and styles lie in, the most used first; the root left out.
pub fn neighbours(page: &Given<'_>) -> Vec<Url> {
    let mut base = page.url.clone();
    let mut based = false;
    let mut counted: Vec<(Url, usize)> = Vec::new();
    let mut met = BTreeSet::new();
    for token in Tokens::new(page.body()) {
        let Token::Start(tag) = token else { continue };
        if tag.is("base") && !based {
            let href = tag.attribute("href").and_then(|href| base.join(href.trim()).ok());
            based = href.is_some();
            base = href.unwrap_or(base);
        }
        loaded(tag, |kind, address| {
            let Ok(mut url) = base.join(address.trim()) else { return };
            // folders of scripts and styles stay what they are; pictures of the news lie in another one each day
            if !same_place(&url, page.url)
                || !matches!(kind, "script" | "style")
                || met.len() >= 1000
            {
                return;
            }
            url.set_query(None);
            url.set_fragment(None);
            if !met.insert(url.to_string()) {
                return;
            }
            let Ok(folder) = url.join(".") else { return };
            match counted.iter_mut().find(|(known, _)| *known == folder) {
                Some((_, count)) => *count += 1,
                None if folder.path() != "/" => counted.push((folder, 1)),
                None => {}
            }
        });
    }
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted.into_iter().map(|(folder, _)| folder).collect()
}

#[cfg(test)]
mod tests {
    use xuncha_model::facts::{http::Header, page::Origin};

    use super::*;
    use crate::page::facts;

    fn page<'a>(url: &'a Url, headers: &'a [Header], text: &'a str) -> Given<'a> {
        Given {
            url,
            origin: Origin::Given,
            at: "2026-11-24T02:00:00Z".parse().unwrap(),
            status: 200,
            headers,
            text,
            encoding: "UTF-8",
            declared_encoding: "",
        }
    }

    const MIXED: &str = "<base href='//s.a.gov.cn/x/'><script src=http://b.cn/j.js></script>\
        <link rel='shortcut icon' href=http://b.cn/i.ico><link rel=StyleSheet href=http://b.cn/s.css>\
        <img src=http://b.cn/p.png srcset='http://b.cn/q.png 2x, r.png'><img src=y.png>\
        <a href=http://b.cn/>link</a><iframe src='http://b.cn/f'></iframe>\
        <!-- <img src=http://b.cn/no.png> --><noscript><img src=http://b.cn/no2.png></noscript>";

    #[test]
    fn what_a_browser_loads_over_http_is_mixed_content() {
        let url: Url = "https://www.a.gov.cn/".parse().unwrap();
        let found = facts(&page(&url, &[], MIXED)).mixed_content;
        let shown: Vec<_> =
            found.iter().map(|r| (r.kind.as_str(), r.url.as_str(), r.blocked)).collect();
        assert_eq!(
            shown,
            [
                ("script", "http://b.cn/j.js", true),
                ("style", "http://b.cn/s.css", true),
                ("image", "http://b.cn/p.png", false),
                ("image", "http://b.cn/q.png", false),
                ("frame", "http://b.cn/f", true),
            ]
        );
    }

    #[test]
    fn plain_pages_and_upgraded_ones_have_none() {
        let plain: Url = "http://www.a.gov.cn/".parse().unwrap();
        let secure: Url = "https://www.a.gov.cn/".parse().unwrap();
        assert!(facts(&page(&plain, &[], MIXED)).mixed_content.is_empty());
        let policy = [Header {
            name: "content-security-policy".into(),
            value: "default-src 'self'; Upgrade-Insecure-Requests".into(),
        }];
        assert!(facts(&page(&secure, &policy, MIXED)).mixed_content.is_empty());
        let meta = format!(
            "<meta http-equiv=Content-Security-Policy content=upgrade-insecure-requests>{MIXED}"
        );
        assert!(facts(&page(&secure, &[], &meta)).mixed_content.is_empty());
    }

    #[test]
    fn folders_are_those_of_the_own_host_the_most_used_first() {
        let url: Url = "https://www.a.gov.cn/zw/".parse().unwrap();
        let text = "<script src=/js/a.js></script><script src=/js/b.js?x></script><script src=/js/b.js></script>\
            <link rel=stylesheet href=../css/x.css><img src=/upload/20261124/z.png>\
            <script src=https://www.a.gov.cn:8443/other/y.js></script><script src=/top.js></script>";
        let found = neighbours(&page(&url, &[], text));
        let paths: Vec<_> = found.iter().map(Url::path).collect();
        assert_eq!(paths, ["/js/", "/css/"]);
    }
}
