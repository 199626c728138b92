//! Servers that misbehave on purpose, a name server with a script, and certificates with every fault.

pub(crate) mod certificates;
pub(crate) mod keys;
pub(crate) mod names;
pub(crate) mod neglected;
pub(crate) mod pretend;
pub(crate) mod programs;
pub(crate) mod servers;
pub(crate) mod street;

use std::{net::SocketAddr, time::Duration};

use xuncha_net::{Config, Door};

/// Limits short enough for tests, no pace, and only the addresses of the test's own servers allowed.
pub(crate) fn config(resolver: SocketAddr) -> Config {
    Config {
        resolver: Some(resolver),
        allow_net: vec!["127.0.0.2/32".parse().unwrap()],
        interval_ms: 0,
        dns_timeout: Duration::from_millis(400),
        connect_timeout: Duration::from_millis(400),
        tls_timeout: Duration::from_millis(400),
        header_timeout: Duration::from_millis(500),
        body_timeout: Duration::from_millis(600),
        timeout: Duration::from_secs(5),
        max_body_bytes: 1 << 20,
        retry_after_cap: Duration::from_millis(300),
        ..Config::default()
    }
}

/// A door with these limits.
pub(crate) fn door(resolver: SocketAddr) -> Door {
    Door::new(config(resolver)).unwrap()
}
