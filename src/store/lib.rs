//! Keeps scans, facts and findings, so that what was acknowledged survives a crash and any past day can be asked.
//!
//! ```text
//! begin_scan ─▶ record (facts + verdicts ▸ findings, one transaction a site) ─▶ finish_scan
//!                  │
//!                  └─▶ facts ─▶ rejudge (the same facts under other rules)
//! ```
//!
//! # Decisions
//!
//! 2026-11-24: one writer connection and a few readers in WAL mode; every write begins with `BEGIN IMMEDIATE`, so that two
//! processes wait for each other instead of failing half-way.
//!
//! 2026-11-24: `synchronous=FULL`. In WAL mode NORMAL loses the last transactions when the power fails; one fsync a site
//! costs less than the site's own requests.
//!
//! 2026-11-24: a running scan holds an OS lock on a file of its own. The kernel lets go of it however the process ends, so
//! a `running` row whose lock is free was interrupted: no heartbeat, no clock, no process number that is used again.
//!
//! 2026-11-24: a finding's event is written when it opens, closes or reopens, and while it lasts only when its message or
//! its severity changes. That answers any past day, and a site probed every five minutes does not fill the disk.

mod baseline;
mod error;
mod findings;
mod hold;
mod looks;
mod moves;
mod open;
mod pack;
mod page_baseline;
mod record;
mod row;
mod samples;
mod scans;
mod shelf;

pub use error::Error;
pub use findings::{Event, Filter};
pub use looks::StoredFacts;
pub use open::{Clock, FILE, Store};
pub use record::{Judged, SiteRecord};
pub use samples::Sample;
pub use scans::{NewScan, Scan, ScanState};
pub use shelf::{Begun, Shelf};

/// What a record moved: each finding as it stands now, and how it came to that.
pub type Changes = Vec<(xuncha_model::finding::Change, xuncha_model::Finding)>;
