//! The lab's name server: authoritative for the zones of the city and nothing else.
//!
//! Every registrable domain is a zone of its own with an SOA and two name servers; the suffixes above them are zones too,
//! so that a name that does not exist is denied (NXDOMAIN) and a foreign one refused (REFUSED). All zones are signed, and
//! the keys of the suffixes are what is to be trusted.
//!
//! One server listens at three addresses with one port: as the resolver that the scan asks, and as the two name servers
//! of every zone, in two networks.

use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use hickory_server::{
    Server,
    net::runtime::Time,
    proto::{
        op::{Header, HeaderCounts, ResponseCode},
        rr::{LowerName, RecordType},
    },
    server::{Request, RequestHandler, ResponseHandler, ResponseInfo},
    zone_handler::{Catalog, MessageResponseBuilder},
};
use tokio::net::{TcpListener, UdpSocket};

use self::zones::Zones;
use crate::{Error, city::City, plan::Place, traffic::Counters};

mod sign;
pub(crate) mod zones;

/// An address of the kind that internal networks use.
pub(crate) const INTERNAL: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 40);
/// Where the two name servers of every zone are: in two networks.
const SERVERS: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(127, 80, 0, 53)), IpAddr::V4(Ipv4Addr::new(127, 80, 1, 53))];
/// Where they are on a system whose only loopback addresses are the usual ones.
const FEWER: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
const TTL: u32 = 60;
/// How often a port is looked for that is free for UDP and TCP.
const TRIES: usize = 50;

/// The running server and where it listens; stops when dropped.
pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    /// The keys to be trusted, as DNSKEY records.
    pub(crate) anchors: String,
    _server: Server<Answers>,
}

/// Starts the name server on a free port of 127.0.0.1 and of its other addresses.
pub(crate) async fn start(
    city: &City,
    places: &[Place],
    counters: Arc<Counters>,
) -> Result<NameServer, Error> {
    let (sockets, servers) = match sockets(SERVERS).await {
        Ok(sockets) => (sockets, SERVERS),
        Err(_) => (sockets(FEWER).await.map_err(Error::Bind)?, FEWER),
    };
    let Zones { all, suffixes, cuts, failing, anchors } = zones::zones(city, places, servers)?;
    let mut server = Server::new(Answers { all, suffixes, cuts, failing, counters });
    let mut address = None;
    for (udp, tcp) in sockets {
        let at = udp.local_addr().map_err(Error::Bind)?;
        address.get_or_insert(at);
        server.register_socket(udp);
        server.register_listener(tcp, Duration::from_secs(5), 4096);
    }
    let address = address.ok_or_else(|| Error::Bind(io::ErrorKind::AddrNotAvailable.into()))?;
    Ok(NameServer { address, anchors, _server: server })
}

/// Sockets of one port at 127.0.0.1 and at the servers' addresses; one without IPv6 goes without that address.
async fn sockets(servers: [IpAddr; 2]) -> io::Result<Vec<(UdpSocket, TcpListener)>> {
    let mut tries = 0;
    loop {
        match try_once(servers).await {
            Err(error) if error.kind() != io::ErrorKind::AddrInUse || tries >= TRIES => {
                return Err(error);
            }
            Err(_) => tries += 1,
            sockets => return sockets,
        }
    }
}

async fn try_once(servers: [IpAddr; 2]) -> io::Result<Vec<(UdpSocket, TcpListener)>> {
    let home = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let mut sockets: Vec<(UdpSocket, TcpListener)> = Vec::new();
    let mut port = 0;
    for address in std::iter::once(home).chain(servers.into_iter().filter(|at| *at != home)) {
        match bind((address, port).into()).await {
            Ok(pair) => {
                port = pair.0.local_addr()?.port();
                sockets.push(pair);
            }
            Err(error) if address.is_ipv6() => {
                tracing::warn!(%error, %address, "the demo city has one name server only");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(sockets)
}

async fn bind(at: SocketAddr) -> io::Result<(UdpSocket, TcpListener)> {
    let udp = UdpSocket::bind(at).await?;
    let tcp = TcpListener::bind(udp.local_addr()?).await?;
    Ok((udp, tcp))
}

/// Counts the questions, fails on some names, and lets the zones answer the rest.
struct Answers {
    all: Catalog,
    suffixes: Catalog,
    cuts: BTreeSet<LowerName>,
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
        let info = request.request_info();
        let asked = |names: &BTreeSet<LowerName>| {
            info.as_ref().is_ok_and(|info| names.contains(info.query.name()))
        };
        if !asked(&self.failing) {
            let kind = info.as_ref().ok().map(|info| info.query.query_type());
            // what vouches for a zone stands in the zone above it (RFC 4035, 3.1.4.1)
            let above = kind == Some(RecordType::DS) && asked(&self.cuts);
            let catalog = if above { &self.suffixes } else { &self.all };
            return catalog.handle_request::<R, T>(request, response);
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
