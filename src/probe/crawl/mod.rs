//! The crawl of a site: one fetch of a page serves every check.
//!
//! ```text
//! frontier ─▶ session (net) ─▶ page::read ─▶ gather (columns · articles · catalog · …) ─▶ Harvest
//!     ▲                            │
//!     └──── links, normalised ─────┴─▶ journal ─▶ shelf        after kill -9 the journal is replayed, nothing refetched
//! ```

pub mod frontier;
pub mod gather;
pub mod near;
pub mod normal;
pub mod robots;
pub mod shelf;
pub mod sitemap;

mod articles;
mod beyond;
mod catalog;
mod check;
mod columns;
pub(crate) mod content;
mod engine;
mod entry;
mod fetch;
mod files;
mod form;
mod hosts;
mod interaction;
mod journal;
mod late;
mod list;
mod outbound;
mod sample;
mod services;
mod signposts;
mod style;

use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;
use xuncha_model::{Register, Site};

use crate::page::PageRead;

pub(crate) use engine::{Crawled, Way, run};
pub use late::Late;
pub use shelf::Shelf;

/// What a crawl may cost, and how it behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Most pages of a site.
    pub max_pages: u32,
    /// Greatest depth; the home page has 0.
    pub max_depth: u32,
    /// Longest time for one site.
    pub max_time: Duration,
    /// Least time between two requests to the site.
    pub interval: Duration,
    /// Least time between the two looks after which a link counts as broken.
    pub second_look: Duration,
    /// Most files of a site whose text is read; the others are only asked whether they are there.
    pub max_files: u32,
    /// Obey the robots.txt of registered sites too; that of foreign hosts is always obeyed.
    pub robots: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_pages: 300,
            max_depth: 8,
            max_files: 200,
            max_time: Duration::from_secs(30 * 60),
            interval: Duration::from_secs(1),
            second_look: Duration::from_secs(30 * 60),
            robots: false,
        }
    }
}

/// What is known of the site that is crawled.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// Its home page, after redirects.
    pub home: &'a Url,
    /// Its register entry, when it has one.
    pub site: Option<&'a Site>,
    /// The register.
    pub register: &'a Register,
    /// When the look began.
    pub at: DateTime<Utc>,
}

/// A page as the crawl hands it on: each page once, the home page first, then by depth.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    /// Its address, normalised.
    pub url: &'a Url,
    /// Clicks from the home page.
    pub depth: u32,
    /// The link that first led to it; `None` for the home page and for what the register or the sitemap names.
    pub holder: Option<&'a Holder>,
    /// Its scripts were run.
    pub rendered: bool,
    /// Its rows that came later than their dates say.
    pub late: &'a [Late],
    /// SHA-256 of the bytes it came as, hexadecimal; empty where it is not known.
    pub sha256: &'a str,
    /// What was read.
    pub page: &'a PageRead,
}

#[cfg(test)]
impl<'a> Leaf<'a> {
    /// A page that nothing else is known of.
    fn of(url: &'a Url, depth: u32, holder: Option<&'a Holder>, page: &'a PageRead) -> Self {
        Self { url, depth, holder, rendered: false, late: &[], sha256: "", page }
    }
}

/// Where a link stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The page that holds it.
    pub url: String,
    /// Its words.
    pub text: String,
}
