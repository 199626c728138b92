//! The open-government catalogue (第五条): forms of its fields, duplicates, preface, and agencies named by a short name.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use xuncha_model::{
    Reason, Register, Seen, Site,
    facts::{
        CatalogFacts,
        article::CatalogFields,
        page::{PageFacts, PageKind},
        service::{Abbreviated, DuplicateIndex, OddField},
    },
};

use super::{
    Ground, Leaf,
    form::{day, index, plain},
};
use crate::page::catalog::LIST;

/// Index numbers that are remembered.
const MOST_NUMBERS: usize = 10_000;
/// Reported of each kind, and documents of one number.
const MOST_DUPLICATES: usize = 50;
const MOST_ABBREVIATED: usize = 50;
const MOST_ODD: usize = 20;
const MOST_URLS: usize = 5;

/// The entries so far.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pages: u32,
    facts: Found,
    /// What the preface is known by was seen.
    preface: bool,
    /// The catalogue's own page, and whether its text could be read.
    own: Option<(String, bool)>,
    /// Index numbers by their hash.
    numbers: HashMap<u64, Number>,
    /// Short name ▸ full name of the register's organs.
    short_names: Option<HashMap<String, String>>,
}

/// What will be reported.
#[derive(Debug, Default)]
struct Found {
    entries: u32,
    duplicates: Vec<DuplicateIndex>,
    abbreviated: Vec<Abbreviated>,
    odd_indexes: Vec<OddField>,
    odd_index_count: u32,
    odd_dates: Vec<OddField>,
    odd_date_count: u32,
}

/// An index number that was met.
#[derive(Debug)]
struct Number {
    url: String,
    /// Titles and document numbers of the documents that bear it, hashed: by these one document is known at two addresses.
    documents: Vec<u64>,
    /// Where it stands among the duplicates.
    duplicate: Option<usize>,
}

impl Catalog {
    pub(super) fn page(&mut self, ground: &Ground<'_>, leaf: &Leaf<'_>) {
        self.pages += 1;
        self.look_for_itself(leaf);
        let page = &leaf.page.facts;
        // a list that shows one entry is no second document
        if !page.catalog.present || matches!(page.kind, PageKind::Home | PageKind::Column) {
            return;
        }
        self.facts.entries += 1;
        // what another organ has numbered follows that organ's own way
        if is_ours(ground.register, &page.catalog.agency) {
            self.facts.forms(&page.catalog, &page.url);
        }
        self.number(page);
        if !page.catalog.agency.is_empty() {
            let names =
                self.short_names.get_or_insert_with(|| short_names(ground.register, ground.site));
            self.facts.agency(&page.catalog.agency, &page.url, names);
        }
    }

    /// The catalogue's own page and its preface.
    fn look_for_itself(&mut self, leaf: &Leaf<'_>) {
        let Some(list) = LIST.as_ref() else { return };
        let words = leaf.holder.map(|holder| holder.text.as_str()).unwrap_or_default();
        let page = &leaf.page.facts;
        let named =
            |pattern: &regex::Regex| pattern.is_match(words) || pattern.is_match(&page.title);
        self.preface |= named(&list.preface);
        let catalog = named(&list.catalog);
        if catalog || named(&list.guide) {
            self.preface |= page.says("preface")
                || leaf.page.links.iter().any(|link| list.preface.is_match(&link.text));
        }
        // an article about catalogues is none
        if catalog && self.own.is_none() && page.kind != PageKind::Article {
            self.own = Some((page.url.clone(), page.kind != PageKind::Shell));
        }
    }

    fn number(&mut self, page: &PageFacts) {
        let index = plain(&page.catalog.index_number).to_ascii_uppercase();
        if index.is_empty() {
            return;
        }
        let title = match &page.article_tags.title {
            title if title.is_empty() => &page.title,
            title => title,
        };
        let document =
            [title, &page.catalog.document_number].into_iter().filter(|text| !text.is_empty());
        let document: Vec<u64> = document.map(|text| hashed(text)).collect();
        let room = self.numbers.len() < MOST_NUMBERS;
        let Some(known) = self.numbers.get_mut(&hashed(&index)) else {
            if room {
                let number = Number { url: page.url.clone(), documents: document, duplicate: None };
                self.numbers.insert(hashed(&index), number);
            }
            return;
        };
        // the same document at another address, or one that nothing tells apart
        if document.is_empty()
            || known.documents.is_empty()
            || document.iter().any(|hash| known.documents.contains(hash))
        {
            return;
        }
        known.documents.extend(document);
        known.documents.truncate(4 * MOST_URLS);
        let duplicates = &mut self.facts.duplicates;
        let at = *known.duplicate.get_or_insert_with(|| {
            if duplicates.len() < MOST_DUPLICATES {
                duplicates.push(DuplicateIndex {
                    index_number: page.catalog.index_number.clone(),
                    urls: vec![known.url.clone()],
                    count: 1,
                });
                duplicates.len() - 1
            } else {
                usize::MAX
            }
        });
        if let Some(duplicate) = duplicates.get_mut(at) {
            duplicate.count += 1;
            if duplicate.urls.len() < MOST_URLS {
                duplicate.urls.push(page.url.clone());
            }
        }
    }

    pub(super) fn finish(self) -> Seen<CatalogFacts> {
        if self.pages == 0 {
            return Seen::unseen(Reason::NotLooked, "");
        }
        let preface = match &self.own {
            _ if self.preface => Seen::Seen(true),
            Some((_, true)) => Seen::Seen(false),
            Some((_, false)) | None => Seen::unseen(Reason::NotLooked, ""),
        };
        let Found {
            entries,
            duplicates,
            abbreviated,
            odd_indexes,
            odd_index_count,
            odd_dates,
            odd_date_count,
        } = self.facts;
        Seen::Seen(CatalogFacts {
            entries,
            url: self.own.map(|(url, _)| url).unwrap_or_default(),
            preface,
            duplicates,
            abbreviated,
            odd_indexes,
            odd_index_count,
            odd_dates,
            odd_date_count,
        })
    }
}

impl Found {
    /// Whether index number and date are written as they should be.
    fn forms(&mut self, fields: &CatalogFields, url: &str) {
        let day = day(&fields.generated_on);
        if !fields.index_number.is_empty()
            && let Err(what) = index(&fields.index_number, day.ok())
        {
            odd(&mut self.odd_indexes, &mut self.odd_index_count, &fields.index_number, url, what);
        }
        if !fields.generated_on.is_empty()
            && let Err(what) = day
        {
            odd(&mut self.odd_dates, &mut self.odd_date_count, &fields.generated_on, url, what);
        }
    }

    /// Of a document that several agencies issued, each is looked at.
    fn agency(&mut self, agencies: &str, url: &str, short_names: &HashMap<String, String>) {
        let parts = agencies.split([' ', ',', ';', '\u{3001}', '\u{ff0c}', '\u{ff1b}']);
        for agency in parts.map(str::trim) {
            let Some(full) = short_names.get(agency) else { continue };
            let room = self.abbreviated.len() < MOST_ABBREVIATED;
            match self.abbreviated.iter_mut().find(|known| known.agency == agency) {
                Some(known) => known.count += 1,
                None if room => {
                    self.abbreviated.push(Abbreviated {
                        agency: agency.to_owned(),
                        full: full.clone(),
                        url: url.to_owned(),
                        count: 1,
                    });
                }
                None => {}
            }
        }
    }
}

fn odd(list: &mut Vec<OddField>, count: &mut u32, value: &str, url: &str, what: &str) {
    *count += 1;
    if list.len() < MOST_ODD {
        let (value, url, what) = (value.to_owned(), url.to_owned(), what.to_owned());
        list.push(OddField { value, url, what });
    }
}

/// An agency of the register, or nobody says whose a document is.
fn is_ours(register: &Register, agency: &str) -> bool {
    let named = |name: &String| agency.contains(name.as_str());
    agency.is_empty()
        || register.organs.is_empty()
        || register
            .organs
            .iter()
            .any(|organ| named(&organ.name) || organ.short_names.iter().any(named))
}

fn hashed(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The short names of the register's organs, those of the sponsor's region first; no full name is among them.
fn short_names(register: &Register, site: Option<&Site>) -> HashMap<String, String> {
    let region = site.and_then(|site| register.organ(&site.sponsor)).map(|organ| &organ.region);
    let (near, far): (Vec<_>, Vec<_>) =
        register.organs.iter().partition(|organ| Some(&organ.region) == region);
    let mut names = HashMap::new();
    for organ in near.into_iter().chain(far) {
        for short in &organ.short_names {
            let full = organ.name.clone();
            names.entry(short.clone()).or_insert_with(|| full.clone());
            // the city's name may be written out before its last character
            let mut city = register.city.name.chars();
            if let Some(last) = city.next_back()
                && short.starts_with(last)
            {
                names.entry(format!("{}{short}", city.as_str())).or_insert(full);
            }
        }
    }
    for organ in &register.organs {
        names.remove(&organ.name);
    }
    names
}

#[cfg(test)]
mod tests {
    use url::Url;
    use xuncha_model::{
        facts::page::ArticleTags,
        register::{City, Organ},
    };

    use super::*;
    use crate::{
        crawl::Holder,
        page::{How, Link, PageRead},
    };

    fn register() -> Register {
        let organ = |name: &str, short: &str, region: &str| Organ {
            id: name.into(),
            name: name.into(),
            short_names: vec![short.into()],
            english: Vec::new(),
            kind: None,
            region: region.into(),
            ministry_domain: None,
        };
        Register {
            city: City {
                name: "周口市".into(),
                domain: "zhoukou.gov.cn".into(),
                division: "411600".into(),
                regions: Vec::new(),
            },
            organs: vec![
                organ("周口市发展和改革委员会", "市发改委", "411600"),
                organ("鹿邑县发展和改革委员会", "发改委", "411628"),
            ],
            sites: Vec::new(),
        }
    }

    /// Path, title, index number, date, agency.
    type Document<'a> = [&'a str; 5];

    fn read([path, title, index, date, agency]: Document<'_>) -> PageRead {
        let facts = PageFacts {
            url: format!("https://www.a.gov.cn/{path}"),
            kind: PageKind::Article,
            article_tags: ArticleTags { title: title.into(), ..ArticleTags::default() },
            catalog: CatalogFields {
                present: true,
                index_number: index.into(),
                generated_on: date.into(),
                agency: agency.into(),
                document_number: String::new(),
            },
            ..PageFacts::default()
        };
        PageRead {
            facts,
            links: Vec::new(),
            rows: Vec::new(),
            text: String::new(),
            boxed: Vec::new(),
        }
    }

    fn gathered(pages: &[(PageRead, &str)]) -> CatalogFacts {
        let (home, register) = ("https://www.a.gov.cn/".parse().unwrap(), register());
        let at = "2026-11-24T02:00:00Z".parse().unwrap();
        let ground = Ground { home: &home, site: None, register: &register, at };
        let mut catalog = Catalog::default();
        for (page, words) in pages {
            let url: Url = page.facts.url.parse().unwrap();
            let holder = Holder { url: home.to_string(), text: (*words).into() };
            let leaf = Leaf::of(&url, 2, Some(&holder), page);
            catalog.page(&ground, &leaf);
        }
        catalog.finish().seen().unwrap().clone()
    }

    fn documents(documents: &[Document<'_>]) -> CatalogFacts {
        gathered(&documents.iter().map(|document| (read(*document), "")).collect::<Vec<_>>())
    }

    #[test]
    fn a_number_on_two_documents_is_told_once_with_both() {
        let found = documents(&[
            ["1", "一", "A-01-2026-1", "", ""],
            ["m/1", "一", "A—01—2026—1", "", ""],
            ["2", "二", "a－01－2026－1", "", ""],
            ["3", "三", "A-01-2026-3", "", ""],
            ["4", "", "A-01-2026-3", "", ""],
        ]);
        assert_eq!(found.entries, 5);
        let urls = ["https://www.a.gov.cn/1", "https://www.a.gov.cn/2"].map(str::to_owned).to_vec();
        assert_eq!(
            found.duplicates,
            [DuplicateIndex { index_number: "a－01－2026－1".into(), urls, count: 2 }]
        );
    }

    #[test]
    fn odd_fields_are_counted_and_shown() {
        let found = documents(&[
            ["1", "一", "A-01-2026-1", "2026-11-22", ""],
            ["2", "二", "A/01/2026/2", "2026年11月22日", ""],
            ["3", "三", "A-01-2025-3", "2026-11-22", ""],
            ["4", "四", "", "2026-02-30", ""],
        ]);
        let shown = |list: &[OddField]| -> Vec<(String, String)> {
            list.iter().map(|odd| (odd.value.clone(), odd.what.clone())).collect()
        };
        let pair = |value: &str, what: &str| (value.to_owned(), what.to_owned());
        assert_eq!(
            shown(&found.odd_indexes),
            [pair("A/01/2026/2", "form"), pair("A-01-2025-3", "year")]
        );
        assert_eq!(
            shown(&found.odd_dates),
            [pair("2026年11月22日", "form"), pair("2026-02-30", "day")]
        );
        let many: Vec<_> = (0..100).map(|_| ["1", "一", "x", "", ""]).collect();
        let found = documents(&many);
        assert_eq!((found.odd_indexes.len(), found.odd_index_count), (MOST_ODD, 100));
    }

    #[test]
    fn short_names_are_those_of_the_register() {
        let found = documents(&[
            ["1", "一", "A-1", "", "周口市发改委"],
            ["2", "二", "A-2", "", "周口市人民政府、市发改委"],
            ["3", "三", "A-3", "", "市发改委"],
            ["4", "四", "A-4", "", "周口市发展和改革委员会"],
        ]);
        let shown: Vec<_> =
            found.abbreviated.iter().map(|found| (found.agency.as_str(), found.count)).collect();
        assert_eq!(shown, [("周口市发改委", 1), ("市发改委", 2)]);
        assert!(found.abbreviated.iter().all(|found| found.full == "周口市发展和改革委员会"));
    }

    #[test]
    fn the_preface_is_missing_only_where_the_catalogue_was_read() {
        let page = |path: &str, title: &str, kind| {
            let mut page = read([path, "", "", "", ""]);
            page.facts = PageFacts {
                title: title.into(),
                kind,
                catalog: CatalogFields::default(),
                ..page.facts
            };
            page
        };
        let catalog = || page("ml", "政府信息公开目录", PageKind::Column);
        let found = gathered(&[(catalog(), "")]);
        assert_eq!(
            (found.url.as_str(), found.preface),
            ("https://www.a.gov.cn/ml", Seen::Seen(false))
        );
        let mut linked = catalog();
        linked.links.push(Link {
            url: "https://www.a.gov.cn/sm".parse().unwrap(),
            text: "编制说明".into(),
            how: How::Anchor,
        });
        assert_eq!(gathered(&[(linked, "")]).preface, Seen::Seen(true));
        let named = page("sm", "", PageKind::Article);
        assert_eq!(gathered(&[(catalog(), ""), (named, "目录编制说明")]).preface, Seen::Seen(true));
        for other in [
            page("ml", "政府信息公开目录", PageKind::Shell),
            page("ml", "关于印发政府信息公开目录的通知", PageKind::Article),
            page("zn", "政府信息公开指南", PageKind::Article),
        ] {
            assert_eq!(gathered(&[(other, "")]).preface.seen(), None);
        }
    }
}
