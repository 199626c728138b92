//! The columns of a site: from the register or learned from navigation, their kind by name, and how fresh each is.

mod age;
mod fresh;
mod kinds;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::{
        ArticleFacts, ColumnFacts, FreshnessFacts,
        page::{Origin, PageKind},
    },
    period::local_date,
};

use self::{
    age::{List, Pages},
    fresh::Home,
    kinds::{Told, by_kind, by_name, due},
};
use super::{Ground, Leaf, articles::is_article};
use crate::{
    address::reported,
    page::{How, PageRead},
};

pub(super) use kinds::KINDS;

/// Columns that are kept, and rows of their lists that are remembered.
const MOST: usize = 300;
const MOST_ROWS: usize = 20_000;
/// Characters of a column's name.
const LONGEST_NAME: usize = 16;
/// Characters of a link that may be an entry of a list, and of a text that may be one article.
const TITLE: usize = 6;
const TEXT: u32 = 1500;

/// The columns so far.
#[derive(Debug, Default)]
pub(super) struct Columns {
    columns: Vec<Column>,
    /// Address ▸ column.
    known: HashMap<String, usize>,
    /// Address of a row ▸ the column whose list holds it.
    rows: HashMap<String, usize>,
    /// What the home page leads to.
    on_home: HashSet<String>,
    home: Home,
    /// Pages that were read and are no articles.
    others: HashSet<String>,
}

#[derive(Debug)]
struct Column {
    name: String,
    url: String,
    told: Told,
    known_from: &'static str,
    /// What came of its page; `None` while it was not reached.
    read: Option<Result<Page, Reason>>,
}

/// The list page of a column.
#[derive(Debug, Default)]
struct Page {
    list: List,
    /// Scripts fill a part of it: a newer row may stand there.
    shell: bool,
    /// It leads elsewhere.
    elsewhere: bool,
    /// Nothing on it could be an entry, and nothing a text.
    bare: bool,
    /// It says itself that it holds nothing.
    says_nothing: bool,
    /// Its rows are columns of their own.
    portal: bool,
}

/// A column that an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
}

/// The address under which a column or an article is known: without scheme, index file and trailing slash.
pub(super) fn key(url: &Url) -> String {
    let path = url.path();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split_once('.').map_or("", |(stem, _)| stem);
    let index = ["index", "default"].iter().any(|name| stem.eq_ignore_ascii_case(name));
    let path = if index || file.is_empty() { folder } else { path };
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{host}{port}{}{query}", path.trim_end_matches('/'))
}

impl Columns {
    /// Takes a page in; the home page comes first.
    pub(super) fn page(&mut self, ground: &Ground<'_>, leaf: &Leaf<'_>) {
        let page = leaf.page;
        let here = key(leaf.url);
        if leaf.depth == 0 && leaf.holder.is_none() && page.facts.origin == Origin::Home {
            self.learn(ground, leaf);
            self.home.home(page, ground.at);
            self.others.insert(here);
            return;
        }
        if leaf.depth == 1 {
            self.home.near(page, ground.at);
        }
        if !is_article(page) && page.facts.reason.is_ok() {
            self.others.insert(here.clone());
        }
        if let Some(at) = self.meant(leaf, &here) {
            self.read(at, leaf, ground);
        }
    }

    /// A page that did not open.
    pub(super) fn unread(&mut self, url: &Url, reason: &Reason) {
        let at = self.known.get(&key(url)).copied();
        if let Some(column) = at.and_then(|at| self.columns.get_mut(at)) {
            column.read.get_or_insert_with(|| Err(reason.clone()));
        }
    }

    /// The column whose list page has this address.
    pub(super) fn at(&self, url: &str) -> Option<Named<'_>> {
        let at = *self.known.get(&key(&url.parse().ok()?))?;
        self.named(at)
    }

    /// The column whose list leads to this address.
    pub(super) fn leading(&self, key: &str) -> Option<Named<'_>> {
        self.named(*self.rows.get(key)?)
    }

    /// Whether the home page leads there.
    pub(super) fn is_on_home(&self, key: &str) -> bool {
        self.on_home.contains(key)
    }

    fn named(&self, at: usize) -> Option<Named<'_>> {
        let column = self.columns.get(at)?;
        Some(Named { name: &column.name, kind: column.told.kind })
    }

    /// The columns that the register declares; else what the menus of the home page name, and links by the name of a kind.
    fn learn(&mut self, ground: &Ground<'_>, leaf: &Leaf<'_>) {
        self.on_home = leaf.page.links.iter().map(|link| key(&link.url)).collect();
        let declared = ground.site.map(|site| site.columns.as_slice()).unwrap_or_default();
        for column in declared {
            let told = match &column.kind {
                Some(kind) => by_kind(kind),
                None => by_name(&column.name),
            };
            self.add(&column.name, &column.url, told, "register");
        }
        if !declared.is_empty() {
            return;
        }
        let home = key(leaf.url);
        for link in &leaf.page.links {
            let name = link.text.trim();
            let chars = name.chars().count();
            let own = link.url.host_str() == leaf.url.host_str() && key(&link.url) != home;
            let names = matches!(link.how, How::Menu | How::Anchor);
            if !own || !names || !(2..=LONGEST_NAME).contains(&chars) {
                continue;
            }
            let told = by_name(name);
            // a title may hold the words of a kind, a name is short
            let short = chars <= LONGEST_NAME / 2 && !told.kind.is_empty();
            if link.how == How::Menu || short {
                self.add(name, &link.url, told, "navigation");
            }
        }
    }

    fn add(&mut self, name: &str, url: &Url, told: Told, known_from: &'static str) {
        let key = key(url);
        if let Some(column) = self.known.get(&key).and_then(|at| self.columns.get_mut(*at)) {
            // of several names for one page the first that tells a kind counts
            if column.told.kind.is_empty() && !told.kind.is_empty() {
                (column.name, column.told) = (name.to_owned(), told);
            }
            return;
        }
        if self.columns.len() < MOST {
            self.known.insert(key, self.columns.len());
            let (name, url) = (name.to_owned(), reported(url));
            self.columns.push(Column { name, url, told, known_from, read: None });
        }
    }

    /// The column that a page belongs to: by its address, or by the link of the home page that a redirect led away from.
    fn meant(&self, leaf: &Leaf<'_>, here: &str) -> Option<usize> {
        if let Some(at) = self.known.get(here) {
            return Some(*at);
        }
        let holder = leaf.holder.filter(|_| leaf.depth == 1)?;
        let unread = |column: &Column| column.read.is_none() && column.name == holder.text.trim();
        self.columns.iter().position(unread)
    }

    fn read(&mut self, at: usize, leaf: &Leaf<'_>, ground: &Ground<'_>) {
        let Some(url) = self.columns.get(at).and_then(|column| column.url.parse::<Url>().ok())
        else {
            return;
        };
        let PageRead { facts, rows, .. } = leaf.page;
        let read = if !facts.reason.is_ok() {
            Err(facts.reason.clone())
        } else if facts.kind == PageKind::Shell || facts.shell && rows.is_empty() {
            Err(Reason::PageShell)
        } else {
            let own = rows.iter().filter_map(|row| row.url.as_ref()).map(key);
            let columns = own.clone().filter(|key| self.known.contains_key(key)).count();
            let list = List::of(rows, ground.at);
            let home = key(leaf.url) == key(ground.home);
            Ok(Page {
                shell: facts.shell,
                elsewhere: home || leaf.url.host_str() != url.host_str(),
                bare: self.is_bare(leaf),
                says_nothing: facts.says("nothing"),
                portal: list.undated == list.rows && columns * 2 > rows.len(),
                list,
            })
        };
        if let Ok(page) = &read
            && !page.elsewhere
        {
            for row in rows.iter().filter_map(|row| row.url.as_ref()) {
                if self.rows.len() < MOST_ROWS {
                    self.rows.entry(key(row)).or_insert(at);
                }
            }
        }
        if let Some(column) = self.columns.get_mut(at) {
            match (&mut column.read, read) {
                (Some(Ok(known)), Ok(more)) => known.list.join(more.list),
                (place, read) => *place = Some(read),
            }
        }
    }

    /// Nothing on the page could be an entry of a list, nothing is a text, and no script says that it fills one in.
    fn is_bare(&self, leaf: &Leaf<'_>) -> bool {
        let PageRead { facts, links, rows, .. } = leaf.page;
        let entry = links.iter().any(|link| {
            let title = link.text.chars().count() >= TITLE;
            title && link.how == How::Anchor && !self.on_home.contains(&key(&link.url))
        });
        let kind = matches!(facts.kind, PageKind::Column | PageKind::Other);
        rows.is_empty()
            && !entry
            && !facts.says("loading")
            && kind
            && (200..300).contains(&facts.status)
            && facts.published.printed.is_empty()
            && facts.text_chars < TEXT
    }

    pub(super) fn finish(
        self,
        ground: &Ground<'_>,
        articles: &[ArticleFacts],
    ) -> (Seen<Vec<ColumnFacts>>, Seen<FreshnessFacts>) {
        if !self.home.is_read() {
            let unseen = || Reason::NotLooked;
            return (Seen::unseen(unseen(), ""), Seen::unseen(unseen(), ""));
        }
        let by_key = articles.iter().filter(|article| article.reason.is_ok());
        let by_key = by_key.filter_map(|article| Some((key(&article.url.parse().ok()?), article)));
        let pages = Pages { articles: by_key.collect(), others: self.others };
        // a list that scripts fill looks empty: that lists come with the page is known from another column's
        let lists = self.columns.iter().any(
            |column| matches!(&column.read, Some(Ok(page)) if page.list.rows > 0 && !page.portal),
        );
        let columns = self.columns.iter().map(|column| column.facts(&pages, lists, ground));
        (Seen::Seen(columns.collect()), self.home.facts(&pages, ground.at))
    }
}

impl Column {
    fn facts(&self, pages: &Pages<'_>, lists: bool, ground: &Ground<'_>) -> ColumnFacts {
        let mut facts = ColumnFacts {
            name: self.name.clone(),
            url: self.url.clone(),
            kind: self.told.kind.to_owned(),
            group: self.told.group.to_owned(),
            known_from: self.known_from.to_owned(),
            reason: Reason::Ok,
            rows: 0,
            undated_rows: 0,
            empty: false,
            newest: <_>::default(),
            age_days: Seen::unseen(Reason::NotLooked, ""),
            due_on: Seen::unseen(Reason::NotLooked, ""),
            stale: false,
            overdue_days: 0,
        };
        let page = match &self.read {
            Some(Ok(page)) => page,
            Some(Err(reason)) => {
                facts.reason = reason.clone();
                facts.age_days = Seen::unseen(reason.clone(), "");
                facts.due_on = Seen::unseen(reason.clone(), "");
                return facts;
            }
            None => {
                facts.reason = Reason::LimitPages;
                facts.age_days = Seen::unseen(Reason::LimitPages, "");
                facts.due_on = Seen::unseen(Reason::LimitPages, "");
                return facts;
            }
        };
        let mut told = self.told;
        if page.elsewhere || page.portal {
            told.group = "none";
            facts.group = "none".to_owned();
        }
        (facts.rows, facts.undated_rows) = (page.list.rows, page.list.undated);
        let age = page.list.age(pages, ground.at);
        facts.newest = age.newest.clone();
        let today = local_date(ground.at);
        if let Some(date) = age.date {
            let due = due(told, date);
            let passed = due.is_some_and(|due| due <= today);
            if passed && page.shell {
                facts.age_days = Seen::unseen(Reason::PageShell, "");
                facts.due_on = Seen::unseen(Reason::PageShell, "");
                return facts;
            }
            if passed && !age.is_certain() {
                facts.age_days = Seen::unseen(Reason::LimitPages, format!("{} undated", age.open));
                facts.due_on = facts.age_days.clone().map(|_| date);
                return facts;
            }
            facts.age_days = Seen::Seen((today - date).num_days().max(0));
            if let Some(due) = due {
                facts.stale = passed;
                facts.overdue_days = (today - due).num_days().max(0);
                facts.due_on = Seen::Seen(due);
            }
        } else if age.has_none() && !page.shell {
            facts.stale = told.group != "none";
        } else if age.open > 0 {
            facts.age_days = Seen::unseen(Reason::LimitPages, format!("{} undated", age.open));
        }
        facts.empty = told.group != "none" && page.bare && (lists || page.says_nothing);
        facts
    }
}
