//! The integration tests: one binary, a module a subject.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod apache;
mod city;

mod cli;
mod crawl;
mod dns;
mod domain;
mod faults;
mod hello;
mod lab;
mod labelled;
mod leaks;
mod line;
mod net;
mod nginx;
mod page;
mod pages;
mod partial;
mod probes;
mod program;
mod register;
mod remedies;
mod rules;
mod safety;
mod scan;
mod session;
mod software;
mod store;
mod support;
mod tidy;
mod unpack;

use chrono::{DateTime, Utc};

/// The wall clock, for tests that start servers with certificates.
#[expect(clippy::disallowed_methods, reason = "tests are an edge")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}
