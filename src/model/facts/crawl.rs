//! The crawl: what was read of a site, what was left out and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Reason, Seen};

/// One crawl of one site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CrawlFacts {
    /// Pages that were read.
    pub pages: u32,
    /// Pages of them that had not changed since the last crawl (304).
    pub unchanged: u32,
    /// Pages of them that show what another page shows already.
    pub duplicates: u32,
    /// Pages that scripts fill, and that were read without running these.
    pub shells: u32,
    /// Pages that were rendered by a browser.
    pub rendered: u32,
    /// Pages that did not open, or were not read.
    pub failed: u32,
    /// Pages of these that may be there: what they hold and lead to was not seen.
    #[serde(default)]
    pub unread: u32,
    /// The whole site was read: nothing was left out, and every page opened or is gone.
    #[serde(default)]
    pub whole: bool,
    /// Links that were checked, each address once.
    pub checked: u32,
    /// Bytes of the pages and files that were read, decompressed.
    pub bytes: u64,
    /// Greatest depth reached; the home page has 0.
    pub depth: u32,
    /// Why it ended: done, pages, time, gateway (the site began to block us).
    pub ended: String,
    /// What was left out, and why: pages, depth, frontier (budgets), robots, length, action (it would do something), print.
    pub left_out: Vec<LeftOut>,
    /// Addresses that have no end, and were cut: calendar, session, query, depth (of the path), repeat, same (content).
    pub traps: Vec<LeftOut>,
    /// What robots.txt says of us: allowed, partly, disallowed, none, unread.
    pub robots: String,
    /// Addresses that the sitemap names; unseen when there is no sitemap or it was not read.
    pub sitemap: Seen<u32>,
    /// Kept from an interrupted crawl, and not asked for again.
    pub resumed: u32,
}

impl Default for CrawlFacts {
    /// Nothing was read.
    fn default() -> Self {
        Self {
            pages: 0,
            unchanged: 0,
            duplicates: 0,
            shells: 0,
            rendered: 0,
            failed: 0,
            unread: 0,
            whole: false,
            checked: 0,
            bytes: 0,
            depth: 0,
            ended: String::new(),
            left_out: Vec::new(),
            traps: Vec::new(),
            robots: String::new(),
            sitemap: Seen::unseen(Reason::NotLooked, ""),
            resumed: 0,
        }
    }
}

/// Addresses that were not asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// Why, in one word.
    pub why: String,
    /// How many.
    pub count: u32,
    /// One of them.
    pub example: String,
}

/// A host under the city's or a county's domain that links, certificates or the sitemap name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HostFacts {
    /// The host, ASCII, lower case.
    pub host: String,
    /// Where it was seen: link, certificate or sitemap.
    pub seen_in: String,
    /// The page that holds the link, or the host whose certificate names it.
    pub holder: String,
    /// The words of the link.
    pub text: String,
    /// It is in no register entry.
    pub unregistered: bool,
    /// It answers with a page of its own (2xx, no redirect to a registered host); unseen for registered hosts.
    pub serving: Seen<bool>,
    /// The title of that page.
    pub title: String,
    /// Why it did not answer; empty when it did.
    pub reason: Reason,
}
