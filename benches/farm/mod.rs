//! A farm of web sites on loopback for the benches: one nginx, a certificate for each host, a name server of their own.
//!
//! ```text
//! bench ─▶ Farm::start ─▶ authority · page ─▶ nginx (a process)
//!   │                └──▶ names (a thread of the bench)
//!   └───▶ itself once more (a process: what is measured) ─▶ Place::config ─▶ Door
//! ```

#![expect(dead_code, reason = "each bench takes a part of the farm")]

mod authority;
pub(crate) mod city;
mod names;
mod nginx;
pub(crate) mod process;

use std::{collections::BTreeMap, error::Error, net::Ipv4Addr, path::PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use xuncha_net::Config;

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// A running farm; it stops when dropped.
pub(crate) struct Farm {
    pub(crate) place: Place,
    _nginx: nginx::Nginx,
    _folder: TempDir,
}

/// Where a farm is: all that another process needs to know of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) hosts: u32,
    pub(crate) plain: u16,
    pub(crate) tls: u16,
    /// The port of the name servers.
    names: u16,
    /// The root certificate, PEM.
    pub(crate) authority: PathBuf,
}

impl Farm {
    /// Starts so many whole sites of so many pages; what is asked of them stands in [`Farm::log`].
    pub(crate) fn city(sites: u32, pages: u32) -> Outcome<(Self, city::Manifest)> {
        let folder = tempfile::tempdir()?;
        let manifest = city::write(&folder.path().join("www"), sites, pages)?;
        let lines = "ssl_protocols TLSv1.2 TLSv1.3;";
        Ok((Self::start_in(folder, sites, lines, true)?, manifest))
    }

    /// Everything that was asked so far: address, method, path, status, bytes.
    pub(crate) fn log(&self) -> Outcome<Vec<Asked>> {
        let text = std::fs::read_to_string(self._folder.path().join("access.log"))?;
        Ok(text.lines().filter_map(Asked::read).collect())
    }

    /// Forgets what was asked.
    pub(crate) fn forget(&self) -> Outcome {
        Ok(std::fs::File::options()
            .write(true)
            .open(self._folder.path().join("access.log"))?
            .set_len(0)?)
    }

    /// Starts so many hosts, each with these lines about TLS in its nginx server.
    pub(crate) fn start(hosts: u32, lines: &str) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("www"))?;
        std::fs::write(folder.path().join("www/index.html"), nginx::page())?;
        Self::start_in(folder, hosts, lines, false)
    }

    fn start_in(folder: TempDir, hosts: u32, lines: &str, whole: bool) -> Outcome<Self> {
        let names = names::start(hosts)?;
        let (plain, tls) = (nginx::free_port()?, nginx::free_port()?);
        let authority = folder.path().join("root.pem");
        let place = Place { hosts, plain, tls, names, authority };
        authority::write(folder.path(), &place)?;
        let nginx = nginx::Nginx::start(folder.path(), &place, lines, whole)?;
        Ok(Self { place, _nginx: nginx, _folder: folder })
    }
}

/// One request as the server saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) address: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) bytes: u64,
}

impl Asked {
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.split(' ');
        Some(Self {
            address: fields.next()?.to_owned(),
            method: fields.next()?.to_owned(),
            path: fields.next()?.to_owned(),
            status: fields.next()?.parse().ok()?,
            bytes: fields.next()?.parse().ok()?,
        })
    }
}

impl Place {
    /// A register of all hosts, each a department's site.
    pub(crate) fn register(&self, scheme: &str) -> String {
        let mut text = String::from(
            "city: { name: 周口市, domain: zhoukou.gov.cn, division: '411600' }\n\
             organs: [{ id: office, name: 周口市人民政府, kind: government, region: '411600' }]\nsites:\n",
        );
        for number in 0..self.hosts {
            let host = host(number);
            text.push_str(&format!(
                "  - {{ id: s{number}, name: 测试网站{number}, sponsor: office, kind: department, url: '{scheme}://{host}/' }}\n"
            ));
        }
        text
    }

    /// The name of a host.
    pub(crate) fn host(&self, number: u32) -> String {
        host(number)
    }

    /// The settings of a door that sees nothing but the farm, without any pace.
    pub(crate) fn config(&self) -> Config {
        Config {
            resolver: Some((Ipv4Addr::LOCALHOST, self.names).into()),
            ca_files: vec![self.authority.clone()],
            allow_net: "127.0.0.0/8".parse().into_iter().collect(),
            port_map: BTreeMap::from([(53, self.names), (80, self.plain), (443, self.tls)]),
            interval_ms: 0,
            ..Config::default()
        }
    }
}

/// The name of a host.
fn host(number: u32) -> String {
    format!("s{number}.{}", names::ZONE)
}

/// The address of a host: one of its own, as the pace counts by address, too.
pub(crate) fn address(number: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(Ipv4Addr::new(127, 10, 0, 1).to_bits() + number)
}

/// The wall clock.
#[expect(clippy::disallowed_methods, reason = "a bench is an edge")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// The middle one of some figures.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
