//! What is asked for next: breadth first, each address once, within the budgets.
//!
//! ```text
//! home · then for each depth:  columns (menus, register) ▸ other pages ▸ checks (attachments, loaded things, other hosts)
//!      · then what only the sitemap names
//! ```
//!
//! Every decision follows from what was offered before, in its order, and from nothing else: a crawl that is taken up again
//! replays its offers and stands where it stood. Whatever is not asked for is counted by its reason.

mod calendar;
mod class;
mod queue;
mod seen;
mod shape;
mod spread;
mod tally;
mod traps;

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, Datelike, Utc};
use url::{Position, Url};
use xuncha_model::facts::crawl::LeftOut;

use self::{
    class::{Ending, class, ending},
    queue::{Item, Queue},
    seen::{Met, Seen},
    tally::Tally,
    traps::Traps,
};
use super::{Settings, list::LIST, normal::normal};
use crate::page::{How, Link};

pub use class::Class;
pub(super) use class::is_document;
pub use queue::Task;

/// Room for what waits and for what is known, beside a share for each page of the budget.
const ROOM: usize = 2_000;
const ROOM_KNOWN: usize = 20_000;
/// Pages that may wait for each page of the budget: some are cut, or turn out to be another.
const PAGES_WAITING: usize = 2;
/// Links to check that may wait for each page of the budget.
const CHECKS_WAITING: usize = 4;
/// Addresses that are known for each page of the budget.
const KNOWN: usize = 20;

/// The addresses that wait, and what is known of all others.
#[derive(Debug)]
pub struct Frontier {
    max_pages: u32,
    max_depth: u32,
    hosts: Vec<String>,
    port: Option<u16>,
    seen: Seen,
    traps: Traps,
    queue: Queue,
    /// What the sitemap names.
    named: VecDeque<Url>,
    /// Pages that were handed out.
    asked: u32,
    left_out: Tally,
    trapped: Tally,
    /// The page that offers, and its number.
    page: Arc<str>,
    number: u32,
}

impl Frontier {
    /// The home page waits. `hosts` are the hosts whose pages are the site's own; the year of `at` tells which dates lie
    /// beyond what a site can be about.
    pub fn new(settings: &Settings, home: &Url, hosts: &[String], at: DateTime<Utc>) -> Self {
        let home = normal(home).unwrap_or_else(|| home.clone());
        let mut hosts = hosts.to_vec();
        hosts.extend(home.host_str().map(str::to_owned));
        let known = share(settings.max_pages, KNOWN, ROOM_KNOWN);
        let mut frontier = Self {
            max_pages: settings.max_pages,
            max_depth: settings.max_depth,
            port: home.port(),
            hosts,
            seen: Seen::new(known),
            traps: Traps::new(settings.max_pages, u16::try_from(at.year()).unwrap_or_default()),
            queue: Queue::new(
                share(settings.max_pages, PAGES_WAITING, ROOM),
                share(settings.max_pages, CHECKS_WAITING, ROOM),
            ),
            named: VecDeque::new(),
            asked: 0,
            left_out: Tally::default(),
            trapped: Tally::default(),
            page: Arc::from(""),
            number: 0,
        };
        frontier.arrived(&home);
        frontier.push(0, true, Item::page(home));
        frontier
    }

    /// A column of the register: it waits beside those that the home page's menus name. True when it is new.
    pub fn seed(&mut self, url: &Url) -> bool {
        self.given(url, true)
    }

    /// An address that the sitemap names: it is asked for when no link leads on.
    pub fn name(&mut self, url: &Url) {
        if self.named.len() < share(self.max_pages, PAGES_WAITING, ROOM) {
            self.named.push_back(url.clone());
        } else {
            self.left_out.add("frontier", url);
        }
    }

    /// A link on a page, with the address and the depth of that page; true when it waits now and did not before.
    pub fn offer(&mut self, link: &Link, page: (&Url, u32)) -> bool {
        let (holder, depth) = page;
        if *self.page != *holder.as_str() {
            self.page = Arc::from(holder.as_str());
            self.number = self.number.wrapping_add(1);
        }
        let raw = self.seen.raw(&link.url);
        if self.seen.lately(raw, self.number) {
            return false;
        }
        let Some((url, own)) = self.fresh(&link.url, raw, self.number) else { return false };
        let ending = ending(&url);
        let class = class(link.how, own, ending);
        if ending == Ending::Other
            && let Some(why) = LIST.never(&url[Position::BeforePath..Position::AfterQuery])
        {
            self.left_out.add(why, &url);
            return false;
        }
        let from_home = depth == 0;
        let depth = depth.saturating_add(1);
        let mut check = class != Class::Page;
        if !check {
            if let Some(why) = self.over(depth) {
                self.left_out.add(why, &url);
                if !from_home {
                    return false;
                }
                check = true;
            } else if let Some(why) = self.traps.trap(&url) {
                self.trapped.add(why, &url);
                return false;
            }
        }
        let as_written = &link.url[..Position::AfterQuery];
        let written = (as_written != url.as_str()).then(|| {
            let mut written = link.url.clone();
            written.set_fragment(None);
            Box::new(written)
        });
        let holder = Some((self.page.clone(), Box::from(link.text.as_str())));
        let item = Item { url, written, class, check, holder, from_home };
        self.push(depth, link.how == How::Menu, item)
    }

    /// A redirect led to an address: it is not asked for again. True when it was not known before.
    pub fn arrived(&mut self, url: &Url) -> bool {
        let raw = self.seen.raw(url);
        self.fresh(url, raw, self.number).is_some()
    }

    /// Two addresses are one, whatever their scheme and session.
    pub fn same(&self, one: &Url, other: &Url) -> bool {
        self.key(one).is_some_and(|key| self.key(other) == Some(key))
    }

    /// The address was met, under whatever writing.
    pub fn known(&self, url: &Url) -> bool {
        self.key(url).is_some_and(|key| self.seen.contains(key))
    }

    /// Pages that hold a link to the address, besides the first.
    pub fn further(&self, url: &Url) -> u32 {
        self.key(url).map_or(0, |key| self.seen.further(key))
    }

    /// A page, by the address it was handed out with, showed what another had shown. Where most pages of its shape do, the
    /// rest of the shape is cut.
    pub fn same_content(&mut self, url: &Url) {
        self.traps.same(url);
    }

    /// An address is left out for a reason that only the asking shows: robots, time.
    pub fn leave(&mut self, why: &'static str, url: &Url) {
        self.left_out.add(why, url);
    }

    /// What was left out so far, by reason: pages, depth, frontier (no room to remember more), length, action (it would do
    /// something), print, and what [`Self::leave`] was told.
    pub fn left_out(&self) -> Vec<LeftOut> {
        self.left_out.list()
    }

    /// What was cut as having no end, by kind: calendar, session, query, depth (of the path), repeat, same (content).
    pub fn traps(&self) -> Vec<LeftOut> {
        self.trapped.list()
    }

    /// How many addresses wait.
    pub fn waiting(&self) -> usize {
        self.queue.waiting() + self.named.len()
    }

    /// How many pages were handed out.
    pub fn asked(&self) -> u32 {
        self.asked
    }

    fn is_own(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let port = url.port();
        (port.is_none() || port == self.port) && self.hosts.iter().any(|own| own == host)
    }

    fn key(&self, url: &Url) -> Option<u64> {
        let url = normal(url)?;
        Some(self.seen.key(&url, self.is_own(&url)))
    }

    /// The normal form of an address that was not met before, and whether it is the site's own.
    fn fresh(&mut self, url: &Url, raw: u64, page: u32) -> Option<(Url, bool)> {
        let Some(normal) = normal(url) else {
            let met = self.seen.meet(raw, raw, page);
            if met != Met::Again && matches!(url.scheme(), "http" | "https") {
                self.left_out.add("length", url);
            }
            return None;
        };
        let own = self.is_own(&normal);
        let key = self.seen.key(&normal, own);
        match self.seen.meet(raw, key, page) {
            Met::New => Some((normal, own)),
            Met::Again => None,
            Met::Full => {
                self.left_out.add("frontier", &normal);
                None
            }
        }
    }

    /// The budget that leaves a page of this depth out.
    fn over(&self, depth: u32) -> Option<&'static str> {
        if depth > self.max_depth {
            Some("depth")
        } else {
            (self.asked >= self.max_pages).then_some("pages")
        }
    }

    /// What no link led to.
    fn given(&mut self, url: &Url, column: bool) -> bool {
        let raw = self.seen.raw(url);
        let Some((url, own)) = self.fresh(url, raw, 0) else { return false };
        let ending = ending(&url);
        let class = class(How::Anchor, own, ending);
        let target = &url[Position::BeforePath..Position::AfterQuery];
        if let Some(why) = LIST.never(target).filter(|_| ending == Ending::Other) {
            self.left_out.add(why, &url);
            return false;
        }
        if class == Class::Page
            && !column
            && let Some(why) = self.traps.trap(&url)
        {
            self.trapped.add(why, &url);
            return false;
        }
        self.push(1, column, Item { class, check: class != Class::Page, ..Item::page(url) })
    }

    /// Lets something wait, where there is room.
    fn push(&mut self, depth: u32, column: bool, item: Item) -> bool {
        let full = self.queue.push(depth, column, item);
        if let Some(item) = &full {
            self.left_out.add("frontier", &item.url);
        }
        full.is_none()
    }

    /// The first that waits, and its depth; what the sitemap names when nothing else does.
    fn pop(&mut self) -> Option<(u32, Item)> {
        loop {
            if let Some(first) = self.queue.pop() {
                return Some(first);
            }
            let url = self.named.pop_front()?;
            self.given(&url, false);
        }
    }
}

/// Each address once, in the order in which they are to be asked for. What comes back may be offered before the next.
impl Iterator for Frontier {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        loop {
            let (depth, mut item) = self.pop()?;
            if item.check {
                return Some(item.task(depth));
            }
            if self.asked >= self.max_pages {
                self.left_out.add("pages", &item.url);
            } else if self.traps.is_cut(&item.url) {
                self.trapped.add("same", &item.url);
            } else {
                self.asked += 1;
                self.traps.asked(&item.url);
                return Some(item.task(depth));
            }
            if item.from_home {
                item.check = true;
                self.push(depth, false, item);
            }
        }
    }
}

/// So much for each page of a budget, and some room besides.
fn share(pages: u32, each: usize, room: usize) -> usize {
    usize::try_from(pages).unwrap_or(usize::MAX).saturating_mul(each).saturating_add(room)
}

/// As far as an address tells, it may lead to a page.
pub(super) fn may_be_page(url: &Url) -> bool {
    ending(url) == Ending::Other
}

#[cfg(test)]
mod tests;
