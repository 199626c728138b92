//! Loads rules/ and sites.yaml, and judges facts: pure, no network, no clock.

pub mod yaml;
