//! Looks at sites and turns what the network shows into facts; judges nothing.

pub mod domain;
pub mod register;
