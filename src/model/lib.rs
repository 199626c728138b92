//! The words of xuncha as plain data: sites, facts, rules, verdicts, findings, scores, problems.
//!
//! No I/O, no clock, no runtime: everything here can be made in a test by hand and stored as JSON.
//!
//! ```text
//! register (City, Organ, Site) ─▶ Facts ─▶ Verdict ─▶ Finding, Score ─▶ scan::Report
//! ```
//!
//! # Decisions
//!
//! 2026-11-24: what a site did is a fact (a [`Reason`] inside the facts); what we could not look at is
//! [`Seen::Unseen`]. A refused connection is the site's doing, a dead resolver of ours is not.

pub mod facts;
pub mod finding;
pub mod period;
pub mod problem;
pub mod reason;
pub mod register;
pub mod rule;
pub mod scan;
pub mod score;
pub mod seen;
pub mod verdict;

pub use facts::Facts;
pub use finding::Finding;
pub use problem::Problem;
pub use reason::Reason;
pub use register::{City, Organ, Register, Site};
pub use rule::{Audience, Rule, Severity};
pub use score::Score;
pub use seen::{Seen, Unseen};
pub use verdict::{Hit, Verdict};
