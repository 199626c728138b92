//! Which links of a site open: each address counted once, called broken only after two looks apart.
//!
//! Knows no network: the engine asks, and tells what came. A good link leaves nothing behind but its count.

mod answer;
mod unannounced;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;
use xuncha_model::{
    Reason,
    facts::links::{BrokenLink, LinkFacts, LinkTally},
};

use super::{
    Ground, Holder, Leaf,
    frontier::{Class as Leads, Task},
};
use crate::address::reported;

pub(crate) use answer::{Answer, Outcome, outcome};
use unannounced::Unannounced;

/// Broken links that are told.
const TOLD: usize = 500;
/// Suspects that are remembered; what is found broken beyond is not known.
const MOST: usize = 5000;

/// Which count a link belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// It stands on the home page.
    Home,
    /// It leads to a file, and stands elsewhere.
    Attachment,
    /// It leads to the site itself.
    Inner,
    /// It leads to another host.
    Foreign,
}

impl Class {
    /// The word in facts.
    fn word(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Attachment => "attachment",
            Self::Inner => "inner",
            Self::Foreign => "foreign",
        }
    }

    fn read(word: &str) -> Self {
        match word {
            "home" => Self::Home,
            "attachment" => Self::Attachment,
            "inner" => Self::Inner,
            _ => Self::Foreign,
        }
    }
}

/// A link that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Where it leads, as it is written.
    pub(crate) url: Url,
    /// Which count it belongs to.
    pub(crate) class: Class,
    /// The first page that holds it, and its words, or what it is where it has none.
    pub(crate) holder: Holder,
}

impl Checked {
    /// What is asked for because of a link; nothing where no link led to it.
    pub(crate) fn of(task: &Task) -> Option<Self> {
        let holder = task.holder.as_ref()?;
        let class = match task.class {
            _ if task.from_home => Class::Home,
            Leads::Attachment => Class::Attachment,
            Leads::Page | Leads::Loaded => Class::Inner,
            Leads::Foreign => Class::Foreign,
        };
        let url = task.written.as_ref().unwrap_or(&task.url).clone();
        let text = match task.class {
            _ if !holder.text.is_empty() => &holder.text,
            Leads::Loaded if url.path().ends_with(".css") => "<link>",
            Leads::Loaded if url.path().ends_with(".js") => "<script>",
            Leads::Loaded => "<img>",
            Leads::Page | Leads::Attachment | Leads::Foreign => "<a>",
        };
        let holder = Holder { url: holder.url.clone(), text: text.to_owned() };
        Some(Self { url, class, holder })
    }
}

/// The links so far.
#[derive(Debug)]
pub(crate) struct Checks {
    second_look: TimeDelta,
    tallies: BTreeMap<Class, LinkTally>,
    /// Found broken in this crawl, by address.
    suspects: BTreeMap<String, Suspect>,
    /// Suspects that wait for their second look, the first to come first.
    queue: VecDeque<(DateTime<Utc>, String)>,
    /// Found broken in earlier crawls, and not yet asked for in this one.
    earlier: HashMap<String, Earlier>,
    /// Found broken in earlier crawls, and seen to be in order or not seen in this one.
    settled: Vec<BrokenLink>,
    unannounced: Unannounced,
}

#[derive(Debug)]
struct Suspect {
    url: Url,
    class: Class,
    link: BrokenLink,
}

#[derive(Debug)]
struct Earlier {
    link: BrokenLink,
    /// The page that held it was read again, and holds it no more.
    gone: bool,
}

impl Checks {
    /// Nothing was looked at yet; `second_look` is the least time between the two looks.
    pub(crate) fn new(second_look: Duration) -> Self {
        Self {
            second_look: TimeDelta::from_std(second_look).unwrap_or(TimeDelta::MAX),
            tallies: BTreeMap::new(),
            suspects: BTreeMap::new(),
            queue: VecDeque::new(),
            earlier: HashMap::new(),
            settled: Vec::new(),
            unannounced: Unannounced::default(),
        }
    }

    /// Takes in what the crawl before left: an earlier look counts when it was long enough ago.
    pub(crate) fn remember(&mut self, earlier: Vec<BrokenLink>) {
        let links = earlier.into_iter().filter(|link| !link.reason.is_ok()).take(MOST);
        self.earlier.extend(links.map(|link| (link.url.clone(), Earlier { link, gone: false })));
    }

    /// A page was read: links that earlier crawls found broken there are asked for again, or are gone.
    pub(crate) fn page(&mut self, ground: &Ground<'_>, leaf: &Leaf<'_>) {
        self.unannounced.page(ground, leaf);
        let here = &leaf.page.facts.url;
        for (url, earlier) in self.earlier.iter_mut().filter(|(_, it)| it.link.holder == *here) {
            let holds = leaf.page.links.iter().any(|link| reported(&link.url) == *url);
            earlier.gone = !holds;
        }
    }

    /// Takes in what came of a look at a link; of a suspect it is the second look.
    pub(crate) fn note(&mut self, link: &Checked, outcome: Outcome, at: DateTime<Utc>) {
        let key = reported(&link.url);
        match outcome {
            Outcome::Broken { reason, says } => self.broken(link, key, (reason, says), at),
            Outcome::Good => {
                self.count(link, &key, |tally| &mut tally.good);
                if let Some(Earlier { link, .. }) = self.earlier.remove(&key) {
                    self.settled.push(BrokenLink { reason: Reason::Ok, last_at: at, ..link });
                }
            }
            Outcome::Get | Outcome::Unknown(_) => {
                self.count(link, &key, |tally| &mut tally.unknown);
                // not seen is not mended
                self.settled.extend(self.earlier.remove(&key).map(|earlier| earlier.link));
            }
        }
    }

    /// Counts a link that is no suspect, or no longer.
    fn count(&mut self, link: &Checked, key: &str, which: fn(&mut LinkTally) -> &mut u32) {
        let class = self.suspects.remove(key).map_or(link.class, |suspect| suspect.class);
        *which(self.tallies.entry(class).or_default()) += 1;
    }

    fn broken(
        &mut self,
        link: &Checked,
        key: String,
        (reason, says): (Reason, String),
        at: DateTime<Utc>,
    ) {
        if let Some(Suspect { link, .. }) = self.suspects.get_mut(&key) {
            // looks that follow each other too fast are one
            if at - link.last_at >= self.second_look {
                link.looks += 1;
            }
            (link.reason, link.says, link.last_at) = (reason, says, at);
            return;
        }
        if self.suspects.len() >= MOST {
            self.tallies.entry(link.class).or_default().unknown += 1;
            self.settled.extend(self.earlier.remove(&key).map(|earlier| earlier.link));
            return;
        }
        let before = self.earlier.remove(&key).map(|earlier| earlier.link);
        // looks that follow each other too fast are one
        let apart = before.as_ref().is_some_and(|before| at - before.last_at >= self.second_look);
        let broken = BrokenLink {
            url: key.clone(),
            class: link.class.word().to_owned(),
            holder: link.holder.url.clone(),
            text: link.holder.text.clone(),
            further: 0,
            reason,
            says,
            first_at: before.as_ref().map_or(at, |before| before.first_at),
            last_at: at,
            looks: before.map_or(1, |before| before.looks.saturating_add(u32::from(apart))),
        };
        if broken.looks < 2 {
            self.queue.push_back((at + self.second_look, key.clone()));
        }
        let suspect = Suspect { url: link.url.clone(), class: link.class, link: broken };
        self.suspects.insert(key, suspect);
    }

    /// The suspects whose second look is due; each is given once.
    pub(crate) fn due(&mut self, at: DateTime<Utc>) -> Vec<Checked> {
        let mut due = Vec::new();
        while let Some((_, url)) = self.queue.pop_front_if(|(when, _)| *when <= at) {
            let Some(Suspect { url, class, link }) = self.suspects.get(&url) else { continue };
            let holder = Holder { url: link.holder.clone(), text: link.text.clone() };
            due.push(Checked { url: url.clone(), class: *class, holder });
        }
        due
    }

    /// When the next second look is due; `None` when nobody waits for one.
    pub(crate) fn waiting(&self) -> Option<DateTime<Utc>> {
        self.queue.front().map(|(when, _)| *when)
    }

    /// The facts, and what the next crawl is to remember. `further` tells how many more pages hold an address. Of a crawl that came to its end (`whole`) nothing was left
    /// out: an earlier link that it did not meet is gone.
    pub(crate) fn finish(
        mut self,
        whole: bool,
        further: impl Fn(&Url) -> u32,
    ) -> (LinkFacts, Vec<BrokenLink>) {
        let (mut told, mut kept) = (Vec::new(), Vec::new());
        for Suspect { url, class, mut link } in self.suspects.into_values() {
            let tally = self.tallies.entry(class).or_default();
            link.further = further(&url);
            if link.looks < 2 {
                tally.unknown += 1;
            } else {
                tally.broken += 1;
                told.push(link.clone());
            }
            kept.push(link);
        }
        for Earlier { mut link, gone } in self.earlier.into_values() {
            if gone || whole {
                link.reason = Reason::Ok;
            }
            self.settled.push(link);
        }
        for link in self.settled {
            if !link.reason.is_ok() {
                kept.push(link.clone());
            }
            if link.looks > 1 {
                told.push(link);
            }
        }
        told.sort_by(|a, b| order(a).cmp(&order(b)));
        kept.truncate(MOST);
        let left_out = told.iter().skip(TOLD).filter(|link| !link.reason.is_ok()).count();
        told.truncate(TOLD);
        let (unannounced, unannounced_count) = self.unannounced.finish();
        let mut tally = |class| {
            let mut tally = self.tallies.remove(&class).unwrap_or_default();
            tally.checked = tally.good + tally.broken + tally.unknown;
            tally
        };
        let facts = LinkFacts {
            home: tally(Class::Home),
            inner: tally(Class::Inner),
            attachment: tally(Class::Attachment),
            foreign: tally(Class::Foreign),
            broken: told,
            broken_left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
            unannounced,
            unannounced_count,
        };
        (facts, kept)
    }
}

/// Broken before mended, those of the home page first.
fn order(link: &BrokenLink) -> (bool, Class, &str) {
    (link.reason.is_ok(), Class::read(&link.class), &link.url)
}

#[cfg(test)]
mod tests;
