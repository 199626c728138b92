//! A street of hosts, each on an address of its own on loopback and each with its own manners, and rounds over them.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use hickory_server::proto::op::ResponseCode;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use xuncha_model::scan::Report;
use xuncha_net::{Config, Door};
use xuncha_probe::{Eye, Profile, Target, crawl::Settings, domain};
use xuncha_rules::{RuleSet, register};
use xuncha_scan::{Progress, Scanner};

use super::{
    config,
    names::{Names, Say},
    servers::{Deaf, Guest, Server},
};

/// How often a pair of ports is looked for that is free on every address.
const TRIES: usize = 20;

type Doing = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// What a host does with a connection.
pub(crate) type Manner = Arc<dyn Fn(Guest<TcpStream>) -> Doing + Send + Sync>;

/// A manner from a function.
pub(crate) fn manner<W>(serve: impl Fn(Guest<TcpStream>) -> W + Send + Sync + 'static) -> Manner
where
    W: Future<Output = io::Result<()>> + Send + 'static,
{
    Arc::new(move |guest| Box::pin(serve(guest)))
}

/// Answers every request with these bytes.
pub(crate) fn says(answer: impl Into<Vec<u8>>) -> Manner {
    let answer = Arc::new(answer.into());
    manner(move |guest| {
        let answer = Arc::clone(&answer);
        async move { guest.answer(&answer).await.map(drop) }
    })
}

/// A host.
#[derive(Clone)]
pub(crate) enum House {
    /// It has a plain port only.
    Plain(Manner),
    /// It has a TLS port only, and its manners begin before TLS.
    Secure(Manner),
    /// Its plain port lets nobody in.
    Deaf,
    /// Nobody answers for its name.
    Nameless,
}

/// Running hosts h0.zhoukou.gov.cn, h1.zhoukou.gov.cn and so on; dropping them stops them.
pub(crate) struct Street {
    pub(crate) names: Names,
    /// Stands for 80, and for 443.
    ports: (u16, u16),
    urls: Vec<String>,
    servers: Vec<Option<Server>>,
    _deaf: Vec<Deaf>,
}

impl Street {
    pub(crate) async fn start(houses: &[House]) -> Self {
        let nameless: Vec<usize> = houses
            .iter()
            .enumerate()
            .filter(|(_, house)| matches!(house, House::Nameless))
            .map(|(at, _)| at)
            .collect();
        let count = houses.len();
        let names = Names::start(move |name, _, _| {
            let number =
                name.strip_suffix(".zhoukou.gov.cn").and_then(|host| host.strip_prefix('h'));
            match number.and_then(|number| number.parse().ok()) {
                Some(at) if nameless.contains(&at) => Say::Silence,
                Some(at) if at < count => Say::At(address(at)),
                _ if name == "zhoukou.gov.cn" => Say::Nothing,
                _ => Say::Code(ResponseCode::NXDomain),
            }
        })
        .await;
        let scheme =
            |house: &House| if matches!(house, House::Secure(_)) { "https" } else { "http" };
        let urls = houses
            .iter()
            .enumerate()
            .map(|(at, house)| format!("{}://h{at}.zhoukou.gov.cn/", scheme(house)))
            .collect();
        for _ in 0..TRIES {
            let ports = (free().await, free().await);
            match build(houses, ports).await {
                Ok((servers, deaf)) => return Self { names, ports, urls, servers, _deaf: deaf },
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(error) => panic!("{error}"),
            }
        }
        panic!("no two ports are free on {count} addresses of loopback")
    }

    /// The settings of a door to the street.
    pub(crate) fn config(&self) -> Config {
        Config {
            allow_net: vec!["127.90.0.0/24".parse().unwrap()],
            port_map: BTreeMap::from([(80, self.ports.0), (443, self.ports.1)]),
            ..config(self.names.address)
        }
    }

    /// A host's address as it stands in a register.
    pub(crate) fn url(&self, at: usize) -> &str {
        &self.urls[at]
    }

    /// A host's server.
    pub(crate) fn server(&self, at: usize) -> &Server {
        self.servers[at].as_ref().unwrap()
    }

    /// Who looks at the street's hosts, in their order; these hosts tell whether our own line is up.
    pub(crate) fn scanner(&self, config: Config, references: &[usize]) -> Scanner {
        let mut yaml = String::from(
            "city: { name: 周口市, domain: zhoukou.gov.cn, division: '411600' }\n\
             organs: [{ id: office, name: 周口市人民政府, kind: government, region: '411600' }]\nsites:\n",
        );
        for (at, url) in self.urls.iter().enumerate() {
            let _ = writeln!(
                yaml,
                "  - {{ id: h{at}, name: 周口市第{at}局, sponsor: office, kind: department, url: '{url}' }}"
            );
        }
        let register = Arc::new(register::load("street.yaml", &yaml).unwrap());
        Scanner {
            eye: Eye {
                door: Door::new(config).unwrap(),
                names: Arc::new(domain::Names::new(&register)),
                register,
                vantage: "here".to_owned(),
                profile: Profile::Quick,
                second_look: Duration::from_millis(50),
                crawl: Settings::default(),
                shelf: None,
                browser: None,
                files: None,
            },
            rules: Arc::new(RuleSet::embedded().unwrap()),
            store: None,
            references: references.iter().map(|at| format!("h{at}.zhoukou.gov.cn:80")).collect(),
            concurrency: 32,
            keep_facts: true,
        }
    }
}

/// A round over everything in the scanner's register.
pub(crate) async fn round(
    scanner: &Scanner,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Report {
    let targets = scanner.eye.register.sites.iter().cloned().map(Target::Registered).collect();
    let (_stop, stopped) = watch::channel(false);
    xuncha_scan::run(scanner, targets, &crate::now, progress, stopped).await.unwrap()
}

fn address(at: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 90, 0, u8::try_from(at + 1).expect("no more than 254 hosts"))
}

async fn free() -> u16 {
    let listener = TcpListener::bind((address(0), 0)).await.unwrap();
    listener.local_addr().unwrap().port()
}

async fn build(
    houses: &[House],
    (plain, secure): (u16, u16),
) -> io::Result<(Vec<Option<Server>>, Vec<Deaf>)> {
    let (mut servers, mut deaf) = (Vec::new(), Vec::new());
    for (at, house) in houses.iter().enumerate() {
        let (port, manner) = match house {
            House::Plain(manner) => (plain, manner),
            House::Secure(manner) => (secure, manner),
            House::Deaf => {
                deaf.push(Deaf::on(SocketAddr::from((address(at), plain))).await?);
                servers.push(None);
                continue;
            }
            House::Nameless => {
                servers.push(None);
                continue;
            }
        };
        let manner = Arc::clone(manner);
        let place = SocketAddr::from((address(at), port)).to_string();
        servers.push(Some(Server::on(&place, move |guest| manner(guest)).await?));
    }
    Ok((servers, deaf))
}
