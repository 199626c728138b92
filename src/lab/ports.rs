//! The machines' listeners: two ports, the same on every loopback address.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use tokio::net::TcpListener;
use tracing::warn;

use crate::{
    Error,
    city::{Machine, Manner},
};

/// How often a pair of free ports is looked for: another program may hold one of them on another address.
const TRIES: usize = 50;

/// The two ports, and who listens.
pub(crate) struct Bound {
    /// Stands for 80.
    pub(crate) plain: u16,
    /// Stands for 443.
    pub(crate) tls: u16,
    pub(crate) listeners: Vec<Listener>,
}

pub(crate) struct Listener {
    pub(crate) socket: TcpListener,
    pub(crate) manner: Manner,
    pub(crate) secure: bool,
    pub(crate) ipv6: bool,
}

/// Binds every machine; gives them all the address 127.0.0.1 where the system has no other loopback address.
///
/// There, a port can have one manner only: it serves, and a site on a machine that resets or keeps silent is moved to an
/// address nobody answers on.
pub(crate) async fn bind(machines: &mut [Machine]) -> Result<Bound, Error> {
    if let Some(machine) = machines.first()
        && let Err(error) = TcpListener::bind((machine.address, 0)).await
    {
        warn!(
            %error, address = %machine.address,
            "no loopback address but 127.0.0.1: all sites share it, faults of the connection are seen as timeouts"
        );
        fall_back(machines);
    }
    let mut last = None;
    for _ in 0..TRIES {
        match try_once(machines).await {
            Ok(bound) => return Ok(bound),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = Some(error),
            Err(error) => return Err(Error::Bind(error)),
        }
    }
    Err(Error::Bind(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into())))
}

fn fall_back(machines: &mut [Machine]) {
    for machine in machines {
        let serves = machine.plain == Manner::Serve || machine.tls == Manner::Serve;
        if serves {
            machine.address = Ipv4Addr::LOCALHOST;
        } else {
            (machine.plain, machine.tls) = (Manner::Closed, Manner::Closed);
        }
    }
}

async fn try_once(machines: &[Machine]) -> io::Result<Bound> {
    let mut bound = Bound { plain: 0, tls: 0, listeners: Vec::new() };
    for machine in machines {
        let ports = [(machine.plain, false), (machine.tls, true)];
        for (manner, secure) in ports {
            let port = if secure { bound.tls } else { bound.plain };
            let known = |listener: &Listener| {
                listener.secure == secure
                    && listener
                        .socket
                        .local_addr()
                        .is_ok_and(|at| at.ip() == IpAddr::V4(machine.address))
            };
            if manner == Manner::Closed || bound.listeners.iter().any(known) {
                continue;
            }
            let socket = TcpListener::bind(SocketAddr::from((machine.address, port))).await?;
            let port = socket.local_addr()?.port();
            *(if secure { &mut bound.tls } else { &mut bound.plain }) = port;
            bound.listeners.push(Listener { socket, manner, secure, ipv6: false });
        }
    }
    if machines.iter().any(|machine| machine.ipv6) {
        for (port, secure) in [(bound.plain, false), (bound.tls, true)] {
            match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                Ok(socket) => {
                    let manner = Manner::Serve;
                    bound.listeners.push(Listener { socket, manner, secure, ipv6: true });
                }
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
                // nobody can go there then
                Err(error) => warn!(%error, "no IPv6 on loopback"),
            }
        }
    }
    Ok(bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_system_with_one_loopback_address_serves_everything_there() {
        // never an address of this machine (RFC 5737)
        let elsewhere = Ipv4Addr::new(192, 0, 2, 1);
        let machine = |plain, tls| Machine {
            name: String::new(),
            address: elsewhere,
            plain,
            tls,
            ipv6: false,
        };
        let mut machines = [
            machine(Manner::Serve, Manner::Serve),
            machine(Manner::Serve, Manner::Closed),
            machine(Manner::Reset, Manner::Reset),
        ];
        let bound = bind(&mut machines).await.unwrap();
        assert_eq!(bound.listeners.len(), 2);
        assert_eq!(machines[1].address, Ipv4Addr::LOCALHOST);
        assert_eq!((machines[2].address, machines[2].plain), (elsewhere, Manner::Closed));
    }
}
