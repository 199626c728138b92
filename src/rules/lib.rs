//! Loads rules/ and sites.yaml, and judges facts: pure, no network, no clock.
//!
//! ```text
//! rules/*.yaml ─▶ draft (entries, overlaid by id) ─▶ compile (check, template, example) ─▶ judge ─▶ score
//!                                                    schema (of model::Facts) ┘
//! ```
//!
//! # Decisions
//!
//! 2026-11-24: `escalate` is a map `{ when, severity }` or a list of them, and the first that holds gives the severity,
//! heavier or lighter than the rule's own: what is not certain is told as a lesser thing to be confirmed, by the same rule.

mod calls;
mod check;
mod compile;
mod draft;
mod evidence;
mod example;
mod expression;
mod judge;
mod memo;
pub mod register;
pub mod schema;
mod score;
pub mod scoring;
mod set;
pub mod shape;
mod source;
mod template;
mod values;
pub mod yaml;

pub use schema::{FactPath, FactsSchema, facts_schema};
pub use scoring::Scoring;
pub use set::{ExamplesRun, RuleSet};
