//! What waits: by depth, columns before other pages, and checks after the pages of their depth.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use url::Url;

use super::{super::Holder, Class};

/// Something to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its address, normalised.
    pub url: Url,
    /// The address as it is written, fragment left out, where that is another: only it can prove that a link is broken.
    pub written: Option<Url>,
    /// What it is.
    pub class: Class,
    /// Only whether it opens is asked. A page is only checked when it stands on the home page and the budget leaves it out.
    pub check: bool,
    /// Clicks from the home page.
    pub depth: u32,
    /// The link that first led to it; `None` for the home page and for what the register or the sitemap names.
    pub holder: Option<Holder>,
    /// That link stands on the home page.
    pub from_home: bool,
}

/// What waits, by depth.
#[derive(Debug)]
pub(super) struct Queue {
    levels: BTreeMap<u32, Level>,
    pages: Room,
    checks: Room,
}

/// How many wait, and how many may.
#[derive(Debug)]
struct Room {
    waiting: usize,
    most: usize,
}

/// What waits at one depth.
#[derive(Debug, Default)]
struct Level {
    columns: VecDeque<Item>,
    pages: VecDeque<Item>,
    checks: VecDeque<Item>,
}

/// Something that waits: about 400 bytes with all it points to.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) url: Url,
    pub(super) written: Option<Box<Url>>,
    pub(super) class: Class,
    pub(super) check: bool,
    /// The page that holds the link, and its words.
    pub(super) holder: Option<(Arc<str>, Box<str>)>,
    pub(super) from_home: bool,
}

impl Queue {
    /// Nothing waits; room for so many pages and checks.
    pub(super) fn new(pages: usize, checks: usize) -> Self {
        let [pages, checks] = [pages, checks].map(|most| Room { waiting: 0, most });
        Self { levels: BTreeMap::new(), pages, checks }
    }

    /// Lets something wait; gives it back when there is no room.
    pub(super) fn push(&mut self, depth: u32, column: bool, item: Item) -> Option<Item> {
        let room = if item.check { &mut self.checks } else { &mut self.pages };
        if room.waiting >= room.most {
            return Some(item);
        }
        room.waiting += 1;
        let level = self.levels.entry(depth).or_default();
        let queue = match (item.check, column) {
            (true, _) => &mut level.checks,
            (false, true) => &mut level.columns,
            (false, false) => &mut level.pages,
        };
        queue.push_back(item);
        None
    }

    /// The first that waits, and its depth.
    pub(super) fn pop(&mut self) -> Option<(u32, Item)> {
        loop {
            let mut first = self.levels.first_entry()?;
            let depth = *first.key();
            let Some(item) = first.get_mut().pop() else {
                first.remove();
                continue;
            };
            let room = if item.check { &mut self.checks } else { &mut self.pages };
            room.waiting -= 1;
            return Some((depth, item));
        }
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.pages.waiting + self.checks.waiting
    }
}

impl Level {
    fn pop(&mut self) -> Option<Item> {
        let pages = self.columns.pop_front().or_else(|| self.pages.pop_front());
        pages.or_else(|| self.checks.pop_front())
    }
}

impl Item {
    /// A page that no link led to.
    pub(super) fn page(url: Url) -> Self {
        let class = Class::Page;
        Self { url, written: None, class, check: false, holder: None, from_home: false }
    }

    pub(super) fn task(self, depth: u32) -> Task {
        let Self { url, written, class, check, holder, from_home } = self;
        let holder =
            holder.map(|(page, text)| Holder { url: String::from(&*page), text: text.into() });
        Task { url, written: written.map(|url| *url), class, check, depth, holder, from_home }
    }
}
