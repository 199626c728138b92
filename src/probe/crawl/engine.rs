//! Leads the crawl of one site: one address after the other, each once, each answer to everybody who waits for it.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;
use xuncha_model::{
    Reason,
    facts::{CrawlFacts, HostFacts, LinkFacts, OutboundFacts, page::PageKind},
};
use xuncha_net::{Cidr, Door, Session, Visit};

use super::{
    Ground, Leaf, Settings,
    check::{Checked, Checks},
    files,
    frontier::{Class, Frontier, Task},
    gather::{Gather, Harvest},
    hosts::Hosts,
    journal::{Entry, Journal, Page},
    near::Near,
    outbound,
    robots::Robots,
    shelf::Shelf,
};
use crate::{look::Clock, page::PageRead, render::Browser, unpack::Files};

/// Answers of a gateway in a row after which the site is left alone.
const WALLS: u32 = 3;
/// How pages are read: another number makes what an older program has read worthless.
const READS_AS: &str = concat!(env!("CARGO_PKG_VERSION"), ".4");

/// What a crawl is made with.
pub(crate) struct Way<'a> {
    pub(crate) door: &'a Door,
    pub(crate) own: &'a [Cidr],
    pub(crate) ground: Ground<'a>,
    pub(crate) settings: &'a Settings,
    /// Hosts that are the site's own.
    pub(crate) hosts: &'a [String],
    pub(crate) shelf: Option<Arc<dyn Shelf>>,
    /// What runs the scripts of pages, where the register asks for it; without one such pages are unknown.
    pub(crate) browser: Option<Arc<dyn Browser>>,
    /// What reads files to download.
    pub(crate) files: Option<Files>,
    /// Names of the certificate that the site shows.
    pub(crate) certificate: &'a [String],
    /// The home page as it was had.
    pub(crate) home: &'a Visit,
    pub(crate) clock: Clock<'a>,
    /// The whole site, or the home page and what it leads to.
    pub(crate) whole: bool,
}

/// What came of it.
pub(crate) struct Crawled {
    pub(crate) harvest: Harvest,
    pub(crate) crawl: CrawlFacts,
    pub(crate) links: LinkFacts,
    pub(crate) hosts: Vec<HostFacts>,
    /// The strangers it leads to; `None` where the crawl did not come to them.
    pub(crate) outbound: Option<Vec<OutboundFacts>>,
    /// Files that may be there and were not had this time.
    pub(crate) files_missed: u32,
    pub(crate) requests: u32,
}

/// Crawls a site.
pub(crate) async fn run(way: &Way<'_>) -> Crawled {
    Crawler::run(way).await
}

/// A crawl under way.
pub(super) struct Crawler<'a> {
    pub(super) way: &'a Way<'a>,
    pub(super) session: Session,
    pub(super) frontier: Frontier,
    pub(super) journal: Journal<'a>,
    pub(super) checks: Checks,
    pub(super) near: Near,
    pub(super) counts: CrawlFacts,
    pub(super) requests: u32,
    /// What robots.txt asks of us, where it is to be obeyed.
    pub(super) robots: Option<Robots>,
    /// Files that were read.
    pub(super) files: u32,
    files_missed: u32,
    /// Answers of a gateway, the last ones in a row.
    walls: u32,
    gather: Gather<'a>,
    pub(super) hosts: Hosts,
    foreign: Vec<Task>,
    pub(super) outbound: Vec<OutboundFacts>,
    begun: Instant,
}

impl<'a> Crawler<'a> {
    /// Crawls a site. Never fails: what failed is in the facts.
    async fn run(way: &'a Way<'a>) -> Crawled {
        let Way { door, own, ground, settings, .. } = way;
        let site = ground.site.map_or("", |site| site.id.as_str());
        let scope = if way.whole { "whole" } else { "near" };
        let shelf = way.shelf.as_deref().filter(|_| !site.is_empty());
        let key = format!("{READS_AS} {site} {scope}");
        let journal = Journal::open(shelf, &key, ground.at).await;
        let crawler = Self {
            session: door.session(own, settings.interval),
            frontier: Frontier::new(settings, ground.home, way.hosts, journal.begun_at),
            journal,
            checks: Checks::new(settings.second_look),
            near: Near::default(),
            counts: CrawlFacts { ended: "done".to_owned(), ..CrawlFacts::default() },
            requests: 0,
            robots: None,
            files: 0,
            files_missed: 0,
            walls: 0,
            gather: Gather::new(*ground),
            hosts: Hosts::new(ground),
            foreign: Vec::new(),
            outbound: Vec::new(),
            begun: Instant::now(),
            way,
        };
        Box::pin(crawler.whole()).await
    }

    async fn whole(mut self) -> Crawled {
        let earlier = self.journal.suspects().await;
        self.checks.remember(earlier);
        self.signposts().await;
        self.near().await;
        let foreign = std::mem::take(&mut self.foreign);
        let comes_to_them = self.counts.ended == "done";
        if comes_to_them {
            self.beyond(foreign).await;
            self.again().await;
        }
        let at = (self.way.clock)();
        for name in self.way.certificate {
            self.hosts.name(name, "certificate", self.way.ground.home.as_str(), "");
        }
        let mut hosts = std::mem::take(&mut self.hosts).finish();
        self.unregistered(&mut hosts).await;
        let Self { way, frontier, journal, checks, mut counts, requests, .. } = self;
        let Self { gather, outbound, files_missed, .. } = self;
        let harvest = gather.finish();
        counts.left_out = frontier.left_out();
        counts.traps = frontier.traps();
        if counts.ended == "done" && counts.left_out.iter().any(|left| left.why == "pages") {
            counts.ended = "pages".to_owned();
        }
        counts.whole = way.whole && counts.ended == "done" && counts.unread == 0;
        let whole = counts.whole;
        let (links, suspects) = checks.finish(whole, |url| frontier.further(url));
        counts.checked = [links.home, links.inner, links.attachment, links.foreign]
            .iter()
            .map(|tally| tally.checked)
            .sum();
        if matches!(counts.ended.as_str(), "done" | "pages") {
            journal.finish(&suspects, at).await;
        }
        let outbound = comes_to_them.then(|| outbound::worst(outbound));
        Crawled { harvest, crawl: counts, links, hosts, outbound, files_missed, requests }
    }

    /// Pages and whatever else lies on the site's own hosts, until nothing is left or the budget is used up.
    async fn near(&mut self) {
        loop {
            if self.rest().is_zero() {
                self.counts.ended = "time".to_owned();
                break;
            }
            if self.walls >= WALLS {
                self.counts.ended = "gateway".to_owned();
                break;
            }
            let Some(task) = self.frontier.next() else { break };
            if task.class == Class::Foreign {
                self.foreign.push(task);
            } else if self.robots.as_ref().is_some_and(|robots| !robots.allows(&task.url)) {
                self.frontier.leave("robots", &task.url);
            } else {
                let entry = self.entry(&task).await;
                self.take(&task, entry);
            }
        }
    }

    /// What is left of the time.
    pub(super) fn rest(&self) -> Duration {
        self.way.settings.max_time.saturating_sub(self.begun.elapsed())
    }

    /// An answer goes to everybody who waits for it.
    fn take(&mut self, task: &Task, entry: Entry) {
        self.counts.bytes += entry.bytes;
        self.counts.depth = self.counts.depth.max(task.depth);
        self.walls = if is_wall(&entry.reason) { self.walls + 1 } else { 0 };
        if let Some(link) = Checked::of(task) {
            self.checks.note(&link, entry.outcome.clone(), entry.at);
        }
        if self.way.files.is_some() && files::is_missed(task, &entry) {
            self.files_missed += 1;
        }
        if let Some(file) = &entry.file {
            self.files += 1;
            self.gather.file(file, task.holder.as_ref());
        }
        for link in &entry.loads {
            self.frontier.offer(link, (&task.url, task.depth));
        }
        self.gather.style(&task.url, entry.hides);
        let Some(page) = entry.page else {
            let failed = task.class == Class::Page && !entry.reason.is_ok();
            self.counts.failed += u32::from(failed);
            let gone = matches!(entry.reason, Reason::HttpStatus(404 | 410));
            self.counts.unread += u32::from(failed && !gone);
            if failed {
                self.gather.unread(&task.url, &entry.reason);
            }
            return;
        };
        self.counts.pages += 1;
        self.counts.unchanged += u32::from(entry.unchanged);
        self.counts.rendered += u32::from(entry.rendered);
        self.counts.shells += u32::from(page.facts.kind == PageKind::Shell);
        if entry.duplicate {
            self.counts.duplicates += 1;
            self.frontier.same_content(&task.url);
        }
        let url = entry.location.and_then(|url| url.parse().ok());
        let url = url.as_ref().unwrap_or(&task.url);
        let Page { facts, links, rows, late, boxed } = page;
        // the text is not kept: an unchanged page comes without it
        let page = PageRead { facts, links, rows, text: String::new(), boxed };
        let leaf = Leaf {
            url,
            depth: task.depth,
            holder: task.holder.as_ref(),
            rendered: entry.rendered,
            late: &late,
            sha256: &entry.hash,
            page: &page,
        };
        self.gather.page(&leaf, entry.duplicate);
        self.checks.page(&self.way.ground, &leaf);
        self.hosts.page(&leaf);
        // a look at the near only follows what the home page names
        if self.way.whole || task.depth == 0 {
            for link in &page.links {
                self.frontier.offer(link, (url, task.depth));
            }
        }
    }
}

/// A gateway keeps us out; 403 and its like may also refuse one page alone.
pub(super) fn is_wall(reason: &Reason) -> bool {
    matches!(reason, Reason::Gateway(name) if !matches!(name.as_str(), "403" | "405" | "406"))
}
