//! Loads rules/ and sites.yaml, and judges facts: pure, no network, no clock.
//!
//! ```text
//! rules/*.yaml ─▶ draft (entries, overlaid by id) ─▶ compile (check, template, example) ─▶ judge ─▶ score
//!                                                    schema (of model::Facts) ┘
//! ```

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
