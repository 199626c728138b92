//! The baseline of a home page: what would be confirmed now, and what differs from what was confirmed.
//!
//! # Decisions
//!
//! 2026-11-24: title, mark-up, scripts, outbound hosts and identity stay as they were confirmed until a person confirms anew;
//! whoever changes them a little every day is still told from the page that was confirmed. Text and links are the news of
//! the day: they follow each look that shows nothing else of note, so that a page of three months ago is not compared
//! with today's.
//!
//! 2026-11-24: a redesign is no defacement. It changes title, mark-up and links, but it goes on saying whose site it is: its
//! code, its filing numbers, its sponsor or its name. Only a page that has lost all of that is called changed wholly.
//!
//! 2026-11-24: a first look that shows signs of a defacement, or malicious scripts, is not taken as a baseline by itself. A
//! person may confirm it all the same; the signs are then part of what was confirmed.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::{
        DriftFacts, PageFacts,
        content::{ConfirmedPage, PageBaseline, PageNews},
        dns::ConfirmedBaseline,
        page::Origin,
    },
};

use crate::page::shape::SKETCH;

/// Elements of a list that are told.
const MOST: usize = 50;
/// Bits of 64 in which the fingerprints of two pages differ that have nothing in common.
const UNLIKE: u32 = 32;
/// A page is as near as this in title and mark-up on an ordinary day, 0 to 100.
const SAME_TITLE: u32 = 60;
const SAME_STRUCTURE: u32 = 50;
/// Characters of a name that is long enough to tell whose a page is.
const NAME: usize = 4;

/// What would be confirmed now; `None` when the look did not see the page as its readers do.
pub fn baseline(page: &PageFacts) -> Option<PageBaseline> {
    unlike_itself(page).is_none().then(|| PageBaseline {
        host: host(page),
        title: page.title.clone(),
        structure: page.shape.structure.clone(),
        hosts: page.shape.hosts.clone(),
        scripts: page.shape.scripts.clone(),
        identity: identity(page),
        signs: page.shape.signs.clone(),
        news: now(page),
    })
}

/// The same, where nobody has to look at it before: `None` also for a page that shows signs of an attack.
pub fn first(page: &PageFacts) -> Option<PageBaseline> {
    let attacked = !page.shape.signs.is_empty() || !page.content.malicious.is_empty();
    baseline(page).filter(|_| !attacked)
}

/// The text and links that the baseline takes over from a look which shows nothing else of note.
pub fn news(drift: &DriftFacts, page: &PageFacts) -> Option<PageNews> {
    let ordinary = drift.signs.is_empty()
        && drift.script_hosts_added.is_empty()
        && drift.title_likeness >= SAME_TITLE
        && drift.structure >= SAME_STRUCTURE;
    first(page).filter(|_| ordinary).map(|baseline| baseline.news)
}

/// The home page of a look beside its baseline; without one, or with that of another host, what it shows by itself.
pub fn seen(
    confirmed: Option<&ConfirmedPage>,
    pages: &Seen<Vec<PageFacts>>,
    at: DateTime<Utc>,
) -> Seen<Vec<DriftFacts>> {
    let pages = match pages {
        Seen::Seen(pages) => pages,
        Seen::Unseen(mark) => return Seen::Unseen(mark.clone()),
    };
    let home = pages.iter().find(|page| page.origin == Origin::Home && page.reason.is_ok());
    let Some(home) = home else { return Seen::unseen(Reason::NotLooked, "no home page") };
    match confirmed.filter(|confirmed| confirmed.baseline.host == host(home)) {
        Some(confirmed) => match drift(confirmed, home) {
            Seen::Seen(drift) => Seen::Seen(vec![drift]),
            Seen::Unseen(mark) => Seen::Unseen(mark),
        },
        None => match unlike_itself(home) {
            Some(why) if home.shape.signs.is_empty() => Seen::unseen(Reason::NotLooked, why),
            _ => Seen::Seen(vec![alone(home, at)]),
        },
    }
}

/// What differs from the confirmed baseline; unseen when the look did not see the page as its readers do.
pub fn drift(confirmed: &ConfirmedPage, page: &PageFacts) -> Seen<DriftFacts> {
    let before = &confirmed.baseline;
    if before.host != host(page) {
        return Seen::unseen(Reason::NotLooked, "the baseline is that of another host");
    }
    let shape = &page.shape;
    let signs = beyond(&shape.signs, &before.signs);
    if let Some(why) = unlike_itself(page).filter(|_| signs.is_empty()) {
        return Seen::unseen(Reason::NotLooked, why);
    }
    let scripts_added = beyond(&shape.scripts, &before.scripts);
    Seen::Seen(DriftFacts {
        url: page.url.clone(),
        confirmed_at: confirmed.confirmed_at,
        confirmed_by: confirmed.confirmed_by.clone(),
        title_before: before.title.clone(),
        title: page.title.clone(),
        title_likeness: title_likeness(&before.title, &page.title),
        identity_kept: identity_kept(before, page),
        structure: likeness(&before.structure, &shape.structure),
        text: likeness(&before.news.text, &shape.text),
        chars_before: before.news.chars,
        chars: page.text_chars,
        hosts_added: beyond(&shape.hosts, &before.hosts),
        script_hosts_added: script_hosts_added(before, page),
        scripts_added,
        signs,
        links_gone: gone(&before.news.links, &shape.links),
    })
}

/// A page that there is nothing to compare with: nothing has changed, and its signs are all new.
fn alone(page: &PageFacts, at: DateTime<Utc>) -> DriftFacts {
    DriftFacts {
        url: page.url.clone(),
        confirmed_at: at,
        confirmed_by: ConfirmedBaseline::FIRST_LOOK.to_owned(),
        title_before: String::new(),
        title: page.title.clone(),
        title_likeness: 100,
        identity_kept: false,
        structure: 100,
        text: 100,
        chars_before: page.text_chars,
        chars: page.text_chars,
        hosts_added: Vec::new(),
        script_hosts_added: Vec::new(),
        scripts_added: Vec::new(),
        signs: page.shape.signs.clone(),
        links_gone: 0,
    }
}

/// Why a page is not what its readers see on an ordinary day.
fn unlike_itself(page: &PageFacts) -> Option<&'static str> {
    if !page.reason.is_ok() || page.status >= 400 {
        Some("the page was not had")
    } else if page.shell {
        Some("scripts fill the page, and were not run")
    } else if page.shape.notice {
        Some("the page says that something is wrong with it")
    } else if page.shape.structure.is_empty() && page.shape.links.is_empty() && page.text_chars == 0
    {
        Some("the page is empty")
    } else {
        None
    }
}

fn now(page: &PageFacts) -> PageNews {
    let shape = &page.shape;
    PageNews { text: shape.text.clone(), chars: page.text_chars, links: shape.links.clone() }
}

fn host(page: &PageFacts) -> String {
    host_of(&page.url)
}

/// The host of an address; empty where it has none.
fn host_of(address: &str) -> String {
    Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Whose site a page says it is.
fn identity(page: &PageFacts) -> Vec<String> {
    let facts = &page.identity;
    let numbers = facts.icp.iter().chain(&facts.police).filter(|number| number.valid);
    let codes = facts.site_code_in.iter().map(|at| &at.code);
    let all = codes
        .chain([&facts.site_code, &page.site_tags.id_code, &facts.sponsor, &page.site_tags.name])
        .chain(numbers.map(|number| &number.digits));
    let kept: BTreeSet<String> =
        all.filter(|it| it.chars().count() >= NAME).take(MOST).cloned().collect();
    kept.into_iter().collect()
}

/// Whether anything of what a page said of its owner is still said, in its place or in the title.
fn identity_kept(before: &PageBaseline, page: &PageFacts) -> bool {
    let now = identity(page);
    let mut names = before.identity.iter();
    names.any(|said| now.contains(said) || page.title.contains(said.as_str()))
        || title_likeness(&before.title, &page.title) >= SAME_TITLE
        || now.iter().any(|said| before.title.contains(said.as_str()))
}

/// How many pairs of neighbouring characters of one title stand in the other, of the shorter one, 0 to 100: a title that was
/// made longer or shorter still has the same name in it.
fn title_likeness(before: &str, now: &str) -> u32 {
    let pairs = |title: &str| -> BTreeSet<(char, char)> {
        let letters: Vec<char> =
            title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        letters.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect()
    };
    let (before, now) = (pairs(before), pairs(now));
    let shorter = before.len().min(now.len());
    match (before.is_empty(), shorter) {
        (true, _) => 100,
        (_, 0) => 0,
        _ => percent(before.intersection(&now).count(), shorter),
    }
}

/// How near two fingerprints are, 0 to 100; without one of them nothing can be told, unless it is there on one side only.
fn likeness(before: &str, now: &str) -> u32 {
    let bits = |text: &str| u64::from_str_radix(text, 16).ok();
    match (bits(before), bits(now)) {
        (Some(before), Some(now)) => 100 - 100 * (before ^ now).count_ones().min(UNLIKE) / UNLIKE,
        (None, _) => 100,
        (Some(_), None) => 0,
    }
}

/// The share of the links before that are gone, from the least of their hashes: those that would stand in the sketch of now.
fn gone(before: &[String], now: &[String]) -> u32 {
    let last = now.last().filter(|_| now.len() >= SKETCH);
    let told: Vec<_> = before.iter().filter(|link| last.is_none_or(|last| *link <= last)).collect();
    let now: BTreeSet<_> = now.iter().collect();
    percent(told.iter().filter(|link| !now.contains(*link)).count(), told.len())
}

fn percent(part: usize, whole: usize) -> u32 {
    u32::try_from(part * 100 / whole.max(1)).unwrap_or(100)
}

/// The hosts of scripts that the baseline has no script of, the page's own left out.
fn script_hosts_added(before: &PageBaseline, page: &PageFacts) -> Vec<String> {
    let hosts = |scripts: &[String]| -> BTreeSet<String> {
        scripts.iter().map(|script| host_of(script)).filter(|host| !host.is_empty()).collect()
    };
    let mut known = hosts(&before.scripts);
    known.insert(before.host.clone());
    let now = hosts(&page.shape.scripts);
    now.difference(&known).take(MOST).cloned().collect()
}

/// What the left side has and the right side has not.
fn beyond(left: &[String], right: &[String]) -> Vec<String> {
    left.iter().filter(|item| !right.contains(item)).take(MOST).cloned().collect()
}

#[cfg(test)]
mod tests;
