//! Which resolvers are asked when the settings name none.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

/// Resolvers that are asked; as many as resolv.conf(5) reads.
const MOST: usize = 3;

/// The `nameserver` lines of /etc/resolv.conf; this machine when there are none, as resolv.conf(5) says.
pub(super) fn system_servers() -> io::Result<Vec<SocketAddr>> {
    let text = match fs::read_to_string("/etc/resolv.conf") {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        other => other?,
    };
    let servers = listed(&text);
    let local = || vec![SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 53)];
    Ok(if servers.is_empty() { local() } else { servers })
}

fn listed(text: &str) -> Vec<SocketAddr> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("nameserver"))
        .filter_map(|rest| rest.split(['#', ';', '%']).next()?.trim().parse::<IpAddr>().ok())
        .map(|address| SocketAddr::new(address, 53))
        .take(MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_servers_of_resolv_conf_are_read_and_comments_are_not() {
        let text = "# nameserver 9.9.9.9\nsearch a.cn\nnameserver 10.0.0.1 # first\nnameserver fe80::1%eth0\n\
                    nameserver nonsense\n nameserver 10.0.0.3\nnameserver 10.0.0.4\n";
        let read: Vec<_> = listed(text).iter().map(ToString::to_string).collect();
        assert_eq!(read, ["10.0.0.1:53", "[fe80::1]:53", "10.0.0.3:53"]);
    }
}
