//! Leads a round of the sites: look, judge, score, record; and judges stored facts again without any network.
//!
//! ```text
//! line::check ─▶ look ─▶ judge ─▶ score ─▶ record ─▶ progress      run: bounded concurrency, one look a site
//!      │                                      ▲
//!      └─ down: void, nobody is accused       └── stored facts     recheck: not one packet
//! ```
//!
//! # Decisions
//!
//! 2026-11-24: looks and records run side by side in one task. A slow disk must not delay the reading of answers, or our
//! own trouble would be measured as the sites'. What costs CPU (judging) is done on other threads.
//!
//! 2026-11-24: a site that failed as it would fail if our line were cut is *held*. When too many are held, the line is
//! looked at again before any of them is recorded; when it is down by then, they count as not seen, and no new site begins.
//!
//! 2026-11-24: of a site that opened, a part may have failed over a line that was cut meanwhile. What shows such a part, and
//! what failed twice, is kept back until the line was seen to be up once more, at the end of the round at the latest.
//!
//! 2026-11-24: a look in which nothing moves for two seconds gives its place to the next: fifty sites that stall must not keep
//! the healthy ones waiting. Four times the places may be under way, so that a city that is gone does not use up the sockets.
//!
//! 2026-11-24: when the store fails in mid-round, the looks go on and the report is handed over with the error: what was
//! seen is not thrown away because a disk is full.

use std::sync::Arc;

use tokio::sync::watch;
use xuncha_model::{Reason, facts::LookOutcome, scan::Report};
use xuncha_probe::{Clock, Eye, Target};
use xuncha_rules::RuleSet;
use xuncha_store::{Changes, Store};

mod baseline;
mod blame;
mod lag;
mod recheck;
mod round;
mod shelf;
mod site;
mod slots;
mod tally;
#[cfg(test)]
mod tests;

pub use recheck::recheck;
pub use shelf::shelf;
pub use site::site_result;

/// Everything a round needs besides its targets.
#[derive(Clone)]
pub struct Scanner {
    /// Who looks, and through what.
    pub eye: Eye,
    /// Who judges.
    pub rules: Arc<RuleSet>,
    /// Where it is kept; `None` keeps nothing.
    pub store: Option<Store>,
    /// What must be reachable for our own line to count as up: `host` or `host:port`.
    pub references: Vec<String>,
    /// How many sites are looked at at once, those that keep us waiting left out; 0 counts as 1.
    pub concurrency: usize,
    /// Leave the facts in the report: costs memory for every site.
    pub keep_facts: bool,
}

/// What a round tells while it runs.
#[derive(Debug)]
pub enum Progress {
    /// Our own line is down: at the beginning, or found later.
    LineDown {
        /// `self.network` or `self.resolver`.
        reason: Reason,
        /// What a person may want to know of that.
        detail: String,
    },
    /// A look began.
    Started {
        /// The site's id, or the host.
        site: String,
    },
    /// A site is done.
    Done {
        /// The site's id, or the host.
        site: String,
        /// What came of it.
        outcome: LookOutcome,
        /// How many findings it has.
        findings: usize,
        /// What moved in the store; empty without one.
        changes: Changes,
    },
}

/// Our own trouble while scanning; what a site does is never an error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed before anything was looked at, or while stored facts were judged.
    #[error("the store failed")]
    Store(#[from] xuncha_store::Error),
    /// The store failed in mid-round; the report holds what was seen all the same.
    #[error("the store failed; not everything that was seen is recorded")]
    Recording {
        /// Why, the first time.
        source: xuncha_store::Error,
        /// What was seen.
        report: Box<Report>,
    },
    /// Stored facts are no JSON.
    #[error("the stored facts of {site} in scan {scan} cannot be read")]
    Facts {
        /// The site's id.
        site: String,
        /// The scan's number.
        scan: i64,
        /// What is wrong with them.
        source: serde_json::Error,
    },
}

/// Scans the targets; the report has one entry for each, in their order.
///
/// Our own line is looked at first: when it is down, the round is void and no site is looked at. `stop` ends the round
/// early: no new look begins, running ones are dropped, what was seen stands. Registered sites are recorded in the store,
/// bare addresses never are.
///
/// # Errors
///
/// Only our own trouble with the store.
pub async fn run(
    scanner: &Scanner,
    targets: Vec<Target>,
    clock: Clock<'_>,
    progress: &(dyn Fn(Progress) + Send + Sync),
    stop: watch::Receiver<bool>,
) -> Result<Report, Error> {
    let sight = round::Network { eye: &scanner.eye, references: &scanner.references, clock };
    let plan = round::Plan {
        rules: &scanner.rules,
        register: &scanner.eye.register,
        store: scanner.store.as_ref(),
        vantage: &scanner.eye.vantage,
        profile: scanner.eye.profile.to_string(),
        concurrency: scanner.concurrency.max(1),
        keep_facts: scanner.keep_facts,
        clock,
        progress,
    };
    round::run(&plan, &sight, &targets, stop).await
}
