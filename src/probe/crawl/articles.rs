//! The articles of a site: dates, source, tags, and whether documents and interpretations link to each other.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::LazyLock,
};

use chrono::NaiveDate;
use regex::Regex;
use serde::Deserialize;
use xuncha_model::{
    Reason, Register, Seen,
    facts::{ArticleFacts, page::PageKind},
};

use super::{
    Ground, Leaf,
    columns::{Columns, KINDS, key},
};
use crate::{
    address::reported,
    lists,
    page::{How, PageRead},
    title::folded,
};

/// Articles that are kept, links of one, and links by their words.
const MOST: usize = 1000;
const MOST_LINKS: usize = 300;
const MOST_RELATED: usize = 10;
/// Characters of a title; of one that names a document plainly.
const LONGEST_TITLE: usize = 200;
const PLAIN: usize = 8;
/// Characters from which a part of a title may be the title.
const SHORTEST_TITLE: usize = 4;

/// What says where a text comes from.
#[derive(Debug, Deserialize)]
struct Words {
    #[serde(deserialize_with = "lists::pattern")]
    media: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    own: Regex,
}

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    lists::read("sources.yaml", include_str!("../../../rules/lists/sources.yaml"))
});

/// Whether a page is one text.
pub(super) fn is_article(page: &PageRead) -> bool {
    page.facts.kind == PageKind::Article
}

/// The articles so far.
#[derive(Debug, Default)]
pub(super) struct Articles {
    articles: Vec<Article>,
    /// Articles that came to their lists later than their dates say, and the day when they were not there yet.
    late: HashMap<String, NaiveDate>,
}

#[derive(Debug)]
struct Article {
    facts: ArticleFacts,
    key: String,
    /// Where it leads.
    links: HashSet<u64>,
    /// Links of its own whose words say that they lead to its counterpart.
    related: Vec<String>,
}

fn mark(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl Articles {
    pub(super) fn page(&mut self, ground: &Ground<'_>, leaf: &Leaf<'_>, columns: &Columns) {
        let page = leaf.page;
        self.late.extend(leaf.late.iter().map(|late| (key(&late.url), late.absent_on)));
        if self.articles.len() >= MOST || leaf.depth == 0 || !is_article(page) || page.facts.shell {
            return;
        }
        let column = leaf.holder.and_then(|holder| columns.at(&holder.url));
        let here = key(leaf.url);
        let (links, related) = links(page, &here, columns);
        let facts = &page.facts;
        let named = &facts.article_tags.title;
        let title = if named.is_empty() { first_part(&facts.title) } else { named.as_str() };
        let facts = ArticleFacts {
            url: reported(leaf.url),
            reason: Reason::Ok,
            title: folded(title, LONGEST_TITLE),
            kind: column.map(|column| column.kind.to_owned()).unwrap_or_default(),
            column: column.map(|column| column.name.to_owned()).unwrap_or_default(),
            published: facts.published.clone(),
            tags: facts.article_tags.clone(),
            source: facts.source.clone(),
            repost: facts.says("repost") || is_elsewhere(&facts.source, ground.register),
            catalog: facts.catalog.clone(),
            linked: Seen::unseen(Reason::NotLooked, ""),
            unlinked: Vec::new(),
            guide: facts.guide.clone(),
        };
        self.articles.push(Article { facts, key: here, links, related });
    }

    pub(super) fn finish(mut self, columns: &Columns) -> Vec<ArticleFacts> {
        for article in &mut self.articles {
            if let Some(day) = self.late.get(&article.key).map(ToString::to_string)
                && let Some(printed) = article.facts.published.printed.get(..day.len())
                && *printed < *day
            {
                article.facts.published.absent_on = day;
            }
            if article.facts.kind.is_empty()
                && let Some(column) = columns.leading(&article.key)
            {
                article.facts.kind = column.kind.to_owned();
                article.facts.column = column.name.to_owned();
            }
        }
        let found = self.between();
        for (article, (linked, unlinked)) in self.articles.iter_mut().zip(found) {
            let title = &article.facts.title;
            let interprets = KINDS.as_ref().is_some_and(|kinds| kinds.interprets.is_match(title));
            let judged = match article.facts.kind.as_str() {
                "policy" => true,
                // the column holds other things too
                "interpretation" => interprets || !linked.is_empty(),
                _ => false,
            };
            if judged {
                article.facts.linked = Seen::Seen(linked);
                article.facts.unlinked = unlinked;
            }
        }
        self.articles.into_iter().map(|article| article.facts).collect()
    }

    /// For each article, the counterparts that it links to, and those that it should link to and does not.
    fn between(&self) -> Vec<(Vec<String>, Vec<String>)> {
        let mut found = vec![(Vec::new(), Vec::new()); self.articles.len()];
        let of = |kind: &'static str| {
            let all = self.articles.iter().enumerate();
            all.filter(move |(_, article)| article.facts.kind == kind)
        };
        let policies: HashMap<u64, usize> =
            of("policy").map(|(at, p)| (mark(&p.key), at)).collect();
        for (at, article) in of("interpretation") {
            if let Some((linked, _)) = found.get_mut(at) {
                linked.extend(article.related.iter().cloned());
            }
            let reached: Vec<usize> =
                article.links.iter().filter_map(|link| policies.get(link).copied()).collect();
            let named = of("policy").filter(|(_, policy)| names(&article.facts.title, policy));
            let named: Vec<usize> = named.map(|(policy, _)| policy).collect();
            for policy in reached.iter().chain(named.iter().filter(|at| !reached.contains(at))) {
                let Some(document) = self.articles.get(*policy) else { continue };
                let links = reached.contains(policy);
                push(&mut found, at, &document.facts.url, links);
                // and the way back
                let back = document.links.contains(&mark(&article.key));
                push(&mut found, *policy, &article.facts.url, back);
            }
        }
        for (linked, unlinked) in &mut found {
            linked.sort();
            linked.dedup();
            linked.truncate(MOST_RELATED);
            unlinked.sort();
            unlinked.truncate(MOST_RELATED);
        }
        found
    }
}

fn push(found: &mut [(Vec<String>, Vec<String>)], at: usize, url: &str, links: bool) {
    if let Some((linked, unlinked)) = found.get_mut(at) {
        (if links { linked } else { unlinked }).push(url.to_owned());
    }
}

/// Whether the title of an interpretation holds that of a document.
fn names(title: &str, document: &Article) -> bool {
    let name = document.facts.title.as_str();
    name.chars().count() >= PLAIN && title.contains(name)
}

/// Where the page leads, and those of its own links whose words say that they lead to a document or an interpretation.
fn links(page: &PageRead, here: &str, columns: &Columns) -> (HashSet<u64>, Vec<String>) {
    let mut links = HashSet::new();
    let mut related = Vec::new();
    for link in page.links.iter().filter(|link| matches!(link.how, How::Anchor | How::Script)) {
        let there = key(&link.url);
        if there == here || links.len() >= MOST_LINKS {
            continue;
        }
        let says = KINDS.as_ref().is_some_and(|kinds| kinds.related.is_match(&link.text));
        if says
            && related.len() < MOST_RELATED
            && !columns.is_on_home(&there)
            && columns.at(link.url.as_str()).is_none()
        {
            related.push(reported(&link.url));
        }
        links.insert(mark(&there));
    }
    (links, related)
}

/// The title without the names of column and site behind it: `title_column_site`.
fn first_part(title: &str) -> &str {
    let part = title.split(['_', '|', '｜']).next().unwrap_or_default().trim();
    if part.chars().count() >= SHORTEST_TITLE { part } else { title }
}

/// Whether a source is none of our organs.
fn is_elsewhere(source: &str, register: &Register) -> bool {
    let Some(words) = WORDS.as_ref() else { return false };
    if source.is_empty() {
        return false;
    }
    if words.media.is_match(source) {
        return true;
    }
    let ours = |name: &str| source.contains(name) || name.contains(source);
    let organ = register
        .organs
        .iter()
        .any(|organ| ours(&organ.name) || organ.short_names.iter().any(|short| ours(short)));
    let site = register.sites.iter().any(|site| ours(&site.name));
    let region = register.city.regions.iter().any(|region| source.contains(&region.name));
    !register.organs.is_empty() && !organ && !site && !region && !words.own.is_match(source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{crawl::Holder, page::Link};
    use url::Url;
    use xuncha_model::{
        Organ,
        facts::{PageFacts, page::Origin},
        register::City,
    };

    fn register() -> Register {
        let city = City {
            name: "某市".into(),
            domain: "a.gov.cn".into(),
            division: "411600".into(),
            regions: Vec::new(),
        };
        let organ = Organ {
            id: "o".into(),
            name: "某市发展和改革委员会".into(),
            short_names: vec!["市发改委".into()],
            english: Vec::new(),
            kind: None,
            region: "411600".into(),
            ministry_domain: None,
        };
        Register { city, organs: vec![organ], sites: Vec::new() }
    }

    #[test]
    fn the_list_is_read() {
        let list = include_str!("../../../rules/lists/sources.yaml");
        assert_eq!(lists::parsed::<Words>(list).err(), None);
    }

    #[test]
    fn a_source_that_is_none_of_ours_is_a_repost() {
        let register = register();
        for (source, repost) in [
            ("市发改委", false),
            ("发展和改革委员会", false),
            ("本站", false),
            ("", false),
            ("新华社", true),
            ("河南省人民政府网", true),
        ] {
            assert_eq!(is_elsewhere(source, &register), repost, "{source}");
        }
    }

    fn article(url: &str, title: &str, links: &[(&str, &str)]) -> PageRead {
        let facts = PageFacts {
            url: url.into(),
            origin: Origin::Inner,
            kind: PageKind::Article,
            title: title.into(),
            ..PageFacts::default()
        };
        let link = |(url, text): &(&str, &str)| Link {
            url: url.parse().unwrap(),
            text: (*text).into(),
            how: How::Anchor,
        };
        PageRead {
            facts,
            links: links.iter().map(link).collect(),
            rows: Vec::new(),
            text: String::new(),
            boxed: Vec::new(),
        }
    }

    #[test]
    fn documents_and_interpretations_link_to_each_other() {
        let home: Url = "https://www.a.gov.cn/".parse().unwrap();
        let register = register();
        let at = "2026-11-24T02:00:00Z".parse().unwrap();
        let ground = Ground { home: &home, site: None, register: &register, at };
        let mut front = article(
            "https://www.a.gov.cn/",
            "首页",
            &[("https://www.a.gov.cn/wj/", "政策文件"), ("https://www.a.gov.cn/jd/", "政策解读")],
        );
        front.facts.kind = PageKind::Home;
        front.facts.origin = Origin::Home;
        let (mut columns, mut articles) = (Columns::default(), Articles::default());
        let leaf = Leaf::of(&home, 0, None, &front);
        columns.page(&ground, &leaf);
        let name = "某市促进民营经济发展若干措施";
        for (holder, page) in [
            (
                "wj",
                article(
                    "https://www.a.gov.cn/wj/1.html",
                    name,
                    &[("https://www.a.gov.cn/jd/1.html", "解读")],
                ),
            ),
            ("wj", article("https://www.a.gov.cn/wj/2.html", "某市城市更新实施办法", &[])),
            (
                "jd",
                article(
                    "https://www.a.gov.cn/jd/1.html",
                    &format!("《{name}》解读"),
                    &[("https://www.a.gov.cn/wj/1.html", "原文")],
                ),
            ),
            (
                "jd",
                article("https://www.a.gov.cn/jd/2.html", "《某市城市更新实施办法》政策解读", &[]),
            ),
            ("jd", article("https://www.a.gov.cn/jd/3.html", "某市召开会议", &[])),
        ] {
            let url: Url = page.facts.url.parse().unwrap();
            let holder =
                Holder { url: format!("https://www.a.gov.cn/{holder}/"), text: String::new() };
            let leaf = Leaf::of(&url, 2, Some(&holder), &page);
            articles.page(&ground, &leaf, &columns);
        }
        let found = articles.finish(&columns);
        let of = |path: &str| found.iter().find(|article| article.url.ends_with(path)).unwrap();
        assert_eq!(
            (of("wj/1.html").kind.as_str(), of("jd/1.html").column.as_str()),
            ("policy", "政策解读")
        );
        assert_eq!(
            of("jd/1.html").linked,
            Seen::Seen(vec!["https://www.a.gov.cn/wj/1.html".to_owned()])
        );
        assert!(of("jd/1.html").unlinked.is_empty() && of("wj/1.html").unlinked.is_empty());
        assert_eq!(of("jd/2.html").linked, Seen::Seen(Vec::new()));
        assert_eq!(of("jd/2.html").unlinked, ["https://www.a.gov.cn/wj/2.html"]);
        assert_eq!(of("wj/2.html").unlinked, ["https://www.a.gov.cn/jd/2.html"]);
        assert!(of("jd/3.html").linked.seen().is_none(), "no interpretation by its title");
    }
}
