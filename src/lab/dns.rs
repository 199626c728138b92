//! The lab's name server: authoritative for the zones of the city and nothing else.
//!
//! Every registrable domain is a zone of its own with an SOA and two name servers; the suffixes above them are zones too,
//! so that a name that does not exist is denied (NXDOMAIN) and a foreign one refused (REFUSED).

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use hickory_server::{
    Server,
    net::runtime::Time,
    proto::{
        op::{Header, HeaderCounts, ResponseCode},
        rr::{
            LowerName, Name, RData, Record,
            rdata::{A, CNAME, NS, SOA, TXT},
        },
    },
    server::{Request, RequestHandler, ResponseHandler, ResponseInfo},
    store::in_memory::InMemoryZoneHandler,
    zone_handler::{AxfrPolicy, Catalog, MessageResponseBuilder, ZoneType},
};
use tokio::net::{TcpListener, UdpSocket};

use crate::{
    Error,
    city::{City, Defect},
    plan::Place,
    traffic::Counters,
};

/// An address of the kind that internal networks use.
pub(crate) const INTERNAL: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 40);
/// Suffixes under which names are registered; the longest that fits counts.
const SUFFIXES: &[&str] = &["gov.cn", "xn--zfr164b.cn", "cn", "xn--zfr164b", "example"];
const TTL: u32 = 60;
const SERIAL: u32 = 1;
/// How often a port is looked for that is free for UDP and TCP.
const TRIES: usize = 50;

/// Data and the name it belongs to.
type Owned = (Name, RData);

/// The running server and where it listens; stops when dropped.
pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    _server: Server<Answers>,
}

/// Starts the name server on a free port of 127.0.0.1.
pub(crate) async fn start(
    city: &City,
    places: &[Place],
    counters: Arc<Counters>,
) -> Result<NameServer, Error> {
    let (records, failing) = records(city, places)?;
    let answers = Answers { catalog: catalog(city, records)?, failing, counters };
    let mut server = Server::new(answers);
    let (udp, tcp) = sockets().await.map_err(Error::Bind)?;
    let address = udp.local_addr().map_err(Error::Bind)?;
    server.register_socket(udp);
    server.register_listener(tcp, Duration::from_secs(5), 4096);
    Ok(NameServer { address, _server: server })
}

async fn sockets() -> std::io::Result<(UdpSocket, TcpListener)> {
    let mut tries = 0;
    loop {
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        match TcpListener::bind(udp.local_addr()?).await {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(error) if tries >= TRIES => return Err(error),
            Err(_) => tries += 1,
        }
    }
}

/// Every record of the city, by owner, and the names on which the server fails.
fn records(city: &City, places: &[Place]) -> Result<(Vec<Owned>, BTreeSet<LowerName>), Error> {
    let mut records = Vec::new();
    let mut failing = BTreeSet::new();
    for place in places {
        let address = RData::A(A(place.machine.address));
        for served in place.served.iter().filter(|served| served.parse::<IpAddr>().is_err()) {
            let owner = name(served)?;
            let home = *served == place.host;
            if home && place.spec.has(Defect::Nxdomain) {
                continue;
            }
            if home && place.spec.has(Defect::Servfail) {
                failing.insert(LowerName::new(&owner));
            } else if home && place.spec.has(Defect::Nodata) {
                let text = TXT::new(vec!["moved, forwarding address unknown".to_owned()]);
                records.push((owner, RData::TXT(text)));
            } else if home && place.spec.has(Defect::PrivateAddress) {
                records.push((owner, RData::A(A(INTERNAL))));
            } else if home {
                let mut last = owner;
                for alias in &place.spec.cname {
                    let next = name(alias)?;
                    records.push((last, RData::CNAME(CNAME(next.clone()))));
                    last = next;
                }
                records.push((last, address.clone()));
            } else {
                records.push((owner, address.clone()));
            }
        }
    }
    let hall = city.machines.first().map_or(Ipv4Addr::LOCALHOST, |machine| machine.address);
    let ours = city.references.iter().cloned().chain(name_servers(city));
    for host in ours {
        records.push((name(&host)?, RData::A(A(hall))));
    }
    Ok((records, failing))
}

/// Two servers, as every zone should have.
fn name_servers(city: &City) -> [String; 2] {
    [format!("ns1.{}", city.mail), format!("ns2.{}", city.mail)]
}

fn catalog(city: &City, records: Vec<Owned>) -> Result<Catalog, Error> {
    let mut zones: BTreeMap<Name, Vec<Owned>> = BTreeMap::new();
    for suffix in SUFFIXES {
        zones.insert(name(suffix)?, Vec::new());
    }
    for (owner, data) in records {
        zones.entry(zone_of(&owner)?).or_default().push((owner, data));
    }
    let servers = name_servers(city);
    let mut catalog = Catalog::new();
    for (origin, records) in zones {
        let mut zone: InMemoryZoneHandler =
            InMemoryZoneHandler::empty(origin.clone(), ZoneType::Primary, AxfrPolicy::Deny, None);
        let master = name(&format!("hostmaster.{}", city.mail))?;
        let soa = SOA::new(name(&servers[0])?, master, SERIAL, 3600, 600, 86_400, TTL);
        let mut all = vec![(origin.clone(), RData::SOA(soa))];
        for server in &servers {
            all.push((origin.clone(), RData::NS(NS(name(server)?))));
        }
        all.extend(records);
        for (owner, data) in all {
            let record = Record::from_rdata(owner.clone(), TTL, data);
            if !zone.upsert_mut(record, SERIAL) {
                return Err(Error::Data(format!("{owner} does not fit into its zone")));
            }
        }
        catalog.upsert(LowerName::new(&origin), vec![Arc::new(zone)]);
    }
    Ok(catalog)
}

/// The registrable domain a name lies in: one label below its suffix.
fn zone_of(owner: &Name) -> Result<Name, Error> {
    for suffix in SUFFIXES {
        let suffix = name(suffix)?;
        if suffix.zone_of(owner) && *owner != suffix {
            return Ok(owner.trim_to(usize::from(suffix.num_labels()) + 1));
        }
    }
    Err(Error::Data(format!("{owner} lies under no suffix of the lab")))
}

fn name(text: &str) -> Result<Name, Error> {
    let mut name =
        Name::from_ascii(text).map_err(|error| Error::Data(format!("{text}: {error}")))?;
    name.set_fqdn(true);
    Ok(name)
}

/// Counts the questions, fails on some names, and lets the zones answer the rest.
struct Answers {
    catalog: Catalog,
    failing: BTreeSet<LowerName>,
    counters: Arc<Counters>,
}

impl RequestHandler for Answers {
    // what `async fn` becomes under hickory's async_trait
    fn handle_request<'s, 'r, 'a, R, T>(
        &'s self,
        request: &'r Request,
        mut response: R,
    ) -> Pin<Box<dyn Future<Output = ResponseInfo> + Send + 'a>>
    where
        's: 'a,
        'r: 'a,
        Self: 'a,
        R: ResponseHandler + 'a,
        T: Time + 'a,
    {
        self.counters.question();
        let asked = request.request_info().map(|info| info.query.name().clone());
        if !asked.is_ok_and(|asked| self.failing.contains(&asked)) {
            return self.catalog.handle_request::<R, T>(request, response);
        }
        Box::pin(async move {
            let failure = MessageResponseBuilder::from_message_request(request)
                .error_msg(&request.metadata, ResponseCode::ServFail);
            match response.send_response(failure).await {
                Ok(sent) => sent,
                Err(error) => {
                    tracing::debug!(%error, "the asker is gone");
                    let counts = HeaderCounts::default();
                    ResponseInfo::from(Header { metadata: request.metadata, counts })
                }
            }
        })
    }
}
