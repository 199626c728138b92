//! The online services of a site, and what its guides lack (检查指标, 单项否决 6).

use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::{
        ServiceFacts,
        page::PageKind,
        service::{Entry, PoorGuide},
    },
};

use super::{Ground, Leaf};
use crate::{
    address::reported,
    page::guide::{Entrance, LIST, List},
    title::folded,
};

/// Ways that are reported, and guides.
const MOST_ENTRIES: usize = 20;
const MOST_POOR: usize = 50;
/// Kinds of elements that a poor guide lacks at least.
const POOR: usize = 4;
/// Characters of words that name a way, rather than a piece of news.
const SHORT: usize = 16;
/// Characters of a title.
const LONGEST: usize = 100;

/// The services so far.
#[derive(Debug, Default)]
pub(super) struct Services {
    pages: u32,
    entries: Vec<Entry>,
    guides: u32,
    poor: Vec<PoorGuide>,
}

impl Services {
    pub(super) fn page(&mut self, ground: &Ground<'_>, leaf: &Leaf<'_>) {
        let Some(list) = LIST.as_ref() else { return };
        if self.pages == 0 {
            self.registered(ground, list);
        }
        self.pages += 1;
        self.ways(leaf, list);
        self.guide(leaf);
    }

    /// The platforms of the register.
    fn registered(&mut self, ground: &Ground<'_>, list: &List) {
        let endpoints = ground.site.map(|site| site.endpoints.as_slice()).unwrap_or_default();
        for endpoint in endpoints {
            if names(&list.entry, &endpoint.name) || is_platform(&endpoint.url, list) {
                self.enter(&list.platform.kind, &endpoint.name, &endpoint.url);
            }
        }
    }

    fn ways(&mut self, leaf: &Leaf<'_>, list: &List) {
        if self.entries.len() >= MOST_ENTRIES {
            return;
        }
        for link in &leaf.page.links {
            if is_platform(&link.url, list) {
                self.enter(&list.platform.kind, &link.text, &link.url);
            } else if names(&list.entry, &link.text) {
                self.enter(&list.entry.kind, &link.text, &link.url);
            }
        }
        // a way whose link is an image without words
        let page = &leaf.page.facts;
        let own = page.title.split(['_', '|', '-']).next().unwrap_or_default().trim();
        let column = matches!(page.kind, PageKind::Column | PageKind::Other);
        if column && leaf.depth > 0 && names(&list.entry, own) {
            self.enter(&list.entry.kind, own, leaf.url);
        }
    }

    fn enter(&mut self, kind: &str, text: &str, url: &Url) {
        let url = reported(url);
        if self.entries.len() < MOST_ENTRIES && self.entries.iter().all(|entry| entry.url != url) {
            self.entries.push(Entry { kind: kind.to_owned(), text: text.to_owned(), url });
        }
    }

    fn guide(&mut self, leaf: &Leaf<'_>) {
        let page = &leaf.page.facts;
        // what scripts fill in may not be missing
        if !page.guide.present || page.shell {
            return;
        }
        self.guides += 1;
        if page.guide.lacks.len() >= POOR && self.poor.len() < MOST_POOR {
            self.poor.push(PoorGuide {
                url: page.url.clone(),
                title: folded(&page.title, LONGEST),
                lacks: page.guide.lacks.clone(),
            });
        }
    }

    pub(super) fn finish(self) -> Seen<ServiceFacts> {
        if self.pages == 0 {
            return Seen::unseen(Reason::NotLooked, "");
        }
        Seen::Seen(ServiceFacts { entries: self.entries, guides: self.guides, poor: self.poor })
    }
}

/// Short words that lead to services.
fn names(entry: &Entrance, words: &str) -> bool {
    words.chars().take(SHORT + 1).count() <= SHORT
        && entry.pattern.is_match(words)
        && !entry.not.is_match(words)
}

fn is_platform(url: &Url, list: &List) -> bool {
    url.host_str().is_some_and(|host| list.platform.pattern.is_match(host))
}

#[cfg(test)]
mod tests {
    use xuncha_model::{
        Register,
        facts::{article::Guide, page::PageFacts},
        register::City,
    };

    use super::*;
    use crate::page::{How, Link, PageRead};

    fn link(url: &str, text: &str) -> Link {
        Link { url: url.parse().unwrap(), text: text.into(), how: How::Anchor }
    }

    fn page(path: &str, title: &str, links: &[(&str, &str)]) -> PageRead {
        let facts = PageFacts {
            url: format!("https://www.a.gov.cn/{path}"),
            title: title.into(),
            kind: PageKind::Column,
            ..PageFacts::default()
        };
        let links = links.iter().map(|(url, text)| link(url, text)).collect();
        PageRead { facts, links, rows: Vec::new(), text: String::new(), boxed: Vec::new() }
    }

    fn guide(path: &str, lacks: usize) -> PageRead {
        let mut page = page(path, "证办事指南", &[]);
        let lacks = (0..lacks).map(|at| at.to_string()).collect();
        page.facts.guide = Guide { present: true, has: Vec::new(), lacks };
        page
    }

    fn gathered(pages: &[PageRead]) -> ServiceFacts {
        let home: Url = "https://www.a.gov.cn/".parse().unwrap();
        let city = City {
            name: "周口市".into(),
            domain: "zhoukou.gov.cn".into(),
            division: "411600".into(),
            regions: Vec::new(),
        };
        let register = Register { city, organs: Vec::new(), sites: Vec::new() };
        let at = "2026-11-24T02:00:00Z".parse().unwrap();
        let ground = Ground { home: &home, site: None, register: &register, at };
        let mut services = Services::default();
        for (depth, page) in (0..).zip(pages) {
            let url = page.facts.url.parse().unwrap();
            services.page(&ground, &Leaf::of(&url, depth, None, page));
        }
        services.finish().seen().unwrap().clone()
    }

    #[test]
    fn the_words_of_the_list_lead_to_services_and_no_others() {
        let list = LIST.as_ref().unwrap();
        list.entry.hit.iter().for_each(|words| assert!(names(&list.entry, words), "{words}"));
        list.entry.miss.iter().for_each(|words| assert!(!names(&list.entry, words), "{words}"));
    }

    #[test]
    fn ways_are_columns_platforms_and_pages_each_once() {
        let found = gathered(&[
            page(
                "",
                "市政府",
                &[
                    ("https://www.a.gov.cn/bsfw/", "办事服务"),
                    ("https://www.a.gov.cn/bsfw/", "更多"),
                    ("https://www.hnzwfw.gov.cn/", ""),
                    ("https://www.a.gov.cn/1.html", "关于调整办事大厅服务时间的公告"),
                ],
            ),
            page("fw/", "便民服务_市政府", &[("https://www.a.gov.cn/bsfw/", "办事服务")]),
        ]);
        let shown: Vec<_> =
            found.entries.iter().map(|entry| (entry.kind.as_str(), entry.url.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("column", "https://www.a.gov.cn/bsfw/"),
                ("platform", "https://www.hnzwfw.gov.cn/"),
                ("column", "https://www.a.gov.cn/fw/"),
            ]
        );
        let news = page("1", "市政府", &[("https://www.a.gov.cn/1.html", "政务公开")]);
        assert_eq!(gathered(&[news]).entries, []);
    }

    #[test]
    fn guides_are_counted_and_poor_ones_named() {
        let mut shell = guide("3", 8);
        shell.facts.shell = true;
        let found = gathered(&[page("", "市政府", &[]), guide("1", 3), guide("2", 4), shell]);
        assert_eq!((found.guides, found.poor.len()), (2, 1));
        assert_eq!(
            (found.poor[0].url.as_str(), found.poor[0].lacks.len()),
            ("https://www.a.gov.cn/2", 4)
        );
        let many: Vec<_> = (0..100).map(|at| guide(&at.to_string(), 5)).collect();
        assert_eq!((gathered(&many).guides, gathered(&many).poor.len()), (100, MOST_POOR));
    }

    #[test]
    fn without_pages_nothing_is_known() {
        assert_eq!(Services::default().finish(), Seen::unseen(Reason::NotLooked, ""));
    }
}
