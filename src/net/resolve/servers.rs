//! Which resolvers are asked, and over what sockets.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    pin::Pin,
    time::Duration,
};

use hickory_resolver::{
    config::{ConnectionConfig, NameServerConfig},
    net::runtime::{RuntimeProvider, TokioRuntimeProvider, TokioTime},
};

pub(super) fn name_server(address: SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut way| {
        way.port = address.port();
        way
    });
    NameServerConfig::new(address.ip(), true, connections.into())
}

/// The `nameserver` lines of /etc/resolv.conf; this machine when there are none, as resolv.conf(5) says.
pub(super) fn system_servers() -> io::Result<Vec<SocketAddr>> {
    let text = match fs::read_to_string("/etc/resolv.conf") {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        other => other?,
    };
    let servers: Vec<_> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("nameserver"))
        .filter_map(|rest| rest.split(['#', ';', '%']).next()?.trim().parse::<IpAddr>().ok())
        .map(|address| SocketAddr::new(address, 53))
        .take(3)
        .collect();
    let local = || vec![SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 53)];
    Ok(if servers.is_empty() { local() } else { servers })
}

/// Sockets for the questions: UDP ones are connected, so that a resolver that is not there is known at once.
#[derive(Clone, Default)]
pub(super) struct Line(TokioRuntimeProvider);

type Pending<T> = Pin<Box<dyn Send + Future<Output = io::Result<T>>>>;

impl RuntimeProvider for Line {
    type Handle = <TokioRuntimeProvider as RuntimeProvider>::Handle;
    type Timer = TokioTime;
    type Udp = <TokioRuntimeProvider as RuntimeProvider>::Udp;
    type Tcp = <TokioRuntimeProvider as RuntimeProvider>::Tcp;

    fn create_handle(&self) -> Self::Handle {
        self.0.create_handle()
    }

    fn connect_tcp(
        &self,
        server: SocketAddr,
        bind: Option<SocketAddr>,
        timeout: Option<Duration>,
    ) -> Pending<Self::Tcp> {
        self.0.connect_tcp(server, bind, timeout)
    }

    fn bind_udp(&self, local: SocketAddr, server: SocketAddr) -> Pending<Self::Udp> {
        let bound = self.0.bind_udp(local, server);
        Box::pin(async move {
            let socket = bound.await?;
            #[expect(clippy::disallowed_methods, reason = "this is the door")]
            socket.connect(server).await?;
            Ok(socket)
        })
    }
}
