//! Looks at sites and turns what the network shows into facts; judges nothing.
//!
//! ```text
//! line::check ─▶ look(Eye, Target, Memory) ─▶ register · domain │ dns · http · tls · availability ─▶ Facts
//!             └▶ probe(Eye, Target) ─▶ availability ─▶ Probe
//! ```

mod address;
pub mod alone;
pub mod certificate;
pub mod crawl;
mod date;
pub mod dns;
pub mod domain;
pub mod drift;
pub mod file;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod gateway;
pub mod http;
pub mod lexicon;
pub mod line;
mod lists;
pub mod look;
pub mod markup;
pub mod memory;
mod missing;
pub mod offers;
pub mod page;
pub mod privacy;
pub mod register;
pub mod render;
mod search;
pub mod secrecy;
pub mod software;
mod stranger;
pub mod target;
pub mod title;
pub mod tls;
pub mod trust;
pub mod unpack;

pub use look::{Clock, Eye, Probe, look, probe};
pub use memory::Memory;
pub use render::Browser;
pub use target::{Profile, Target};
pub use unpack::{Files, Unpacker};
