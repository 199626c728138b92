//! How the door behaves: caps, times, pace, who we say we are.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::Cidr;

/// The `network:` part of the configuration. Times are seconds, fractions allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The resolver to ask; without one, those of /etc/resolv.conf.
    pub resolver: Option<SocketAddr>,
    /// Further recursive resolvers whose answers are compared with it.
    pub compare_resolvers: Vec<SocketAddr>,
    /// A file of DNSKEY records to trust in the place of the root's: labs, and zones with a root of their own.
    pub trust_anchor: Option<PathBuf>,
    /// PEM files of further trusted roots.
    pub ca_files: Vec<PathBuf>,
    /// Ranges the guard lets pass although they are not public: labs, intranets.
    pub allow_net: Vec<Cidr>,
    /// Other ports to dial in the place of these: labs without root.
    pub port_map: BTreeMap<u16, u16>,
    /// What we call ourselves; put a contact in it.
    pub user_agent: String,
    /// Least time between two requests to one host or one address, from the end of the first.
    pub interval_ms: u64,
    /// Requests in flight to one host or one address.
    pub per_host: usize,
    /// Longest wait a `Retry-After` can ask for.
    #[serde(with = "seconds")]
    pub retry_after_cap: Duration,
    /// For one question to the name system.
    #[serde(with = "seconds")]
    pub dns_timeout: Duration,
    /// For one connection attempt.
    #[serde(with = "seconds")]
    pub connect_timeout: Duration,
    /// For the TLS handshake.
    #[serde(with = "seconds")]
    pub tls_timeout: Duration,
    /// From the request to the end of the headers.
    #[serde(with = "seconds")]
    pub header_timeout: Duration,
    /// For the whole body.
    #[serde(with = "seconds")]
    pub body_timeout: Duration,
    /// For a whole visit, redirects and all; waiting for our own pace left out.
    #[serde(with = "seconds")]
    pub timeout: Duration,
    /// Bytes of a body, before and after decompression.
    pub max_body_bytes: usize,
    /// Bytes of the headers of one answer.
    pub max_header_bytes: usize,
    /// Lines of the headers of one answer.
    pub max_header_lines: usize,
    /// Redirects in one visit.
    pub max_redirects: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            resolver: None,
            compare_resolvers: Vec::new(),
            trust_anchor: None,
            ca_files: Vec::new(),
            allow_net: Vec::new(),
            port_map: BTreeMap::new(),
            user_agent: concat!(
                "xuncha/",
                env!("CARGO_PKG_VERSION"),
                " (government website monitor)"
            )
            .to_owned(),
            interval_ms: 200,
            per_host: 1,
            retry_after_cap: Duration::from_secs(30),
            dns_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            tls_timeout: Duration::from_secs(5),
            header_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(45),
            max_body_bytes: 10 << 20,
            max_header_bytes: 64 << 10,
            max_header_lines: 200,
            max_redirects: 10,
        }
    }
}

impl Config {
    /// Least time between two requests to one host or one address.
    pub(crate) fn interval(&self) -> Duration {
        Duration::from_millis(self.interval_ms)
    }
}

/// Durations as a number of seconds, between a millisecond and an hour.
mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(time: &Duration, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_f64(time.as_secs_f64())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        let number = f64::deserialize(from)?;
        Duration::try_from_secs_f64(number)
            .ok()
            .filter(|time| (0.001..=3600.0).contains(&time.as_secs_f64()))
            .ok_or_else(|| D::Error::custom("a time is a number of seconds, 0.001 to 3600"))
    }
}
