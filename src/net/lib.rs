//! The only door to the network: guarded, paced, capped, and honest about whose fault a failure is.
//!
//! ```text
//! Door::visit ─▶ pace ─▶ resolve ─▶ guard ─▶ dial ─▶ tls ─▶ exchange ─▶ decode ─▶ charset
//!                  ▲                                            │
//!                  └──────────── next hop, judged again ────────┘
//!
//! Session::fetch ─▶ pace ─▶ a kept connection, or a new one by the same steps ─▶ exchange ─▶ decode ─▶ charset
//! ```
//!
//! # Decisions
//!
//! 2026-11-24: HTTP/1.1 only is offered by ALPN. Every server that speaks HTTP/2 speaks HTTP/1.1 too, one request
//! a connection gains nothing from HTTP/2, and its floods (threats.md T9) cannot be aimed at us.
//!
//! 2026-11-24: one connection a request in a visit. Each hop then has its own timings, its own address and its own
//! certificates.
//!
//! 2026-11-24: a crawl keeps its connections ([`Session`]): nobody wants the timings of its thousand handshakes, and a site
//! should not bear them. A kept connection leads to the address that was judged when it was made; the next one is judged
//! again. One that was closed while nobody spoke is made anew, once: that is a server's right.
//!
//! 2026-11-24: what a host teaches about its pace (429, 503, slow answers) is learnt by crawls and kept by everybody. A visit
//! makes too few requests to learn from, and must not wait half a minute because a site that is down says 503.
//!
//! 2026-11-24: IPv4 addresses are dialled before IPv6 ones: a monitor without IPv6 must not call a site down.
//!
//! 2026-11-24: a connection cut before its first byte is `connect.reset`, whether by a close or by a reset: which of the
//! two a client sees depends on which packet comes first. After the first byte it is `http.reset`.
//!
//! 2026-11-24: a name nobody answers for is `dns.timeout` only when the resolver answers a question about the root;
//! else the resolver is to blame (`self.resolver`). A deaf resolver must not accuse two hundred sites.
//!
//! 2026-11-24: what rustls refuses to speak is read through OpenSSL ([`Shake::legacy`]): a site on TLS 1.0 is old, not down.
//!
//! 2026-11-24: with several resolvers, the next is asked when one fails, refuses, or lets its share of the time pass. Only
//! an answer that settles what the name has (NOERROR, NXDOMAIN) ends the search: one sick resolver must accuse nobody.
//!
//! 2026-11-24: questions are put by ourselves (UDP, TCP when truncated), and DNSSEC is validated by hickory over them.
//! A pool of its resolver gives up at the first SERVFAIL, and hides the flags that tell a lame server from a good one.
//!
//! 2026-11-24: the AD bit is not believed: it says what a resolver thinks, over a line that nobody signs. "Bogus" takes
//! our own validation, a DS record that vouches for the zone, and a resolver seen to hand out signatures.
//!
//! 2026-11-24: we say who we are, always but once: a site that shows search engines what it hides from everybody is found
//! out by no honest asker, so a [`Session`] may put a few questions in another [`Guise`]. An office looks through its own
//! registered sites that way and nobody else's: the guise is dropped before any host but that of the first address.
//!
//! 2026-11-24: no proxy is taken from the environment: what answered must be the site.

pub mod charset;
pub mod config;
pub mod door;
pub mod guard;
pub mod hello;
pub mod resolve;
pub mod session;
pub mod tls;
pub mod visit;

mod answer;
mod cidr;
mod cookies;
mod decode;
mod dial;
mod exchange;
mod fault;
#[cfg(fuzzing)]
pub mod fuzzing;
mod legacy;
mod pace;
mod pulse;
mod route;
mod steps;

pub use cidr::Cidr;
pub use config::Config;
pub use door::{Door, Error};
pub use exchange::Guise;
pub use fault::Fault;
pub use hello::Survey;
pub use pulse::Pulse;
pub use resolve::Lookup;
pub use route::Gateway;
pub use session::{Fetched, Session, Want};
pub use steps::Shake;
pub use tls::{Handshake, Roots};
pub use visit::{Ask, Visit};
