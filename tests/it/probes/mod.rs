//! The probes against real servers on loopback: what they see, what they leave unseen, what they do not ask twice.

mod availability;
mod certificates;
mod line;
mod secure;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use xuncha_model::{
    City, Facts, Register, Site,
    register::{Crawl, Domain, SiteKind, Status},
};
use xuncha_net::{Config, Door};
use xuncha_probe::{
    Eye, Memory, Probe, Profile, Target, crawl::Settings, domain::Names as Compared, look, probe,
};

use crate::support::{certificates::Authority, config, names::Names, servers::Guest};

type Tcp = Guest<tokio::net::TcpStream>;

const HTML: &[u8] = "<title>周口市 财政局</title>".as_bytes();
const HOST: &str = "czj.zhoukou.gov.cn";

fn now() -> DateTime<Utc> {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn site(domains: &[(&str, bool)]) -> Site {
    let domain = |(name, retired): &(&str, bool)| Domain {
        name: (*name).to_owned(),
        ascii: (*name).to_owned(),
        main: false,
        retired: retired.then(|| "2026-01-01".parse().unwrap()),
    };
    Site {
        id: "czj".into(),
        name: "czj".into(),
        sponsor: "czj".into(),
        kind: SiteKind::Department,
        url: format!("http://{HOST}/").parse().unwrap(),
        domains: (!domains.is_empty()).then(|| domains.iter().map(domain).collect()),
        code: None,
        icp: None,
        police: None,
        status: Status::Running,
        filings: Vec::new(),
        administrators: Vec::new(),
        columns: Vec::new(),
        endpoints: Vec::new(),
        maintenance: Vec::new(),
        crawl: Crawl::default(),
        allow_internal: Vec::new(),
        notes: None,
    }
}

fn register(site: Site) -> Register {
    let city = City {
        name: "周口市".into(),
        domain: "zhoukou.gov.cn".into(),
        division: "411600".into(),
        regions: Vec::new(),
    };
    Register { city, organs: Vec::new(), sites: vec![site] }
}

/// A door that finds ports 80 and 443 at these ports.
fn door(names: &Names, plain: u16, secure: u16, authority: Option<&Authority>) -> Door {
    Door::new(Config {
        port_map: BTreeMap::from([(80, plain), (443, secure)]),
        ca_files: authority.map(Authority::file).into_iter().collect(),
        ..config(names.address)
    })
    .unwrap()
}

async fn seen(door: Door, site: Site) -> Facts {
    let target = Target::Registered(site.clone());
    look_at(door, site, target).await
}

async fn look_at(door: Door, site: Site, target: Target) -> Facts {
    look(&eye(door, site), &target, &Memory::default(), &now).await
}

/// What a probe between two looks sees.
async fn probed(door: Door, site: Site) -> Probe {
    let target = Target::Registered(site.clone());
    probe(&eye(door, site), &target, &now).await
}

fn eye(door: Door, site: Site) -> Eye {
    let register = Arc::new(register(site));
    Eye {
        door,
        names: Arc::new(Compared::new(&register)),
        register,
        vantage: "test".into(),
        profile: Profile::Quick,
        second_look: Duration::from_millis(10),
        crawl: Settings::default(),
        shelf: None,
        browser: None,
        files: None,
    }
}

async fn at_home() -> Names {
    Names::all_at("127.0.0.2").await
}
