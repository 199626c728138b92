//! The address guard: only public addresses are dialled, whatever a name or a redirect says (threats.md T1, T2).
//!
//! The ranges are those of the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and successors). An IPv4
//! address inside an IPv6 one (mapped, compatible, NAT64, 6to4, Teredo) is taken out and judged by itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Url;
use xuncha_model::Reason;

use crate::{Cidr, Fault};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Cidr {
    Cidr::new(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix)
}

const fn v6(a: u16, b: u16, c: u16, d: u16, prefix: u8) -> Cidr {
    Cidr::new(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)), prefix)
}

/// Single addresses and ranges that are public although a wider special range holds them.
const PUBLIC: &[Cidr] = &[
    v4(192, 0, 0, 9, 32),
    v4(192, 0, 0, 10, 32),
    v6(0x2001, 0x3, 0, 0, 32),
    v6(0x2001, 0x4, 0x112, 0, 48),
    v6(0x2001, 0x20, 0, 0, 28),
    v6(0x2001, 0x30, 0, 0, 28),
];

const SPECIAL: &[(Cidr, &str)] = &[
    (v4(0, 0, 0, 0, 8), "unspecified"),
    (v4(10, 0, 0, 0, 8), "private"),
    (v4(100, 64, 0, 0, 10), "carrier-grade NAT"),
    (v4(127, 0, 0, 0, 8), "loopback"),
    (v4(169, 254, 0, 0, 16), "link-local"),
    (v4(172, 16, 0, 0, 12), "private"),
    (v4(192, 0, 0, 0, 24), "IETF protocol assignment"),
    (v4(192, 0, 2, 0, 24), "documentation"),
    (v4(192, 88, 99, 0, 24), "6to4 relay"),
    (v4(192, 168, 0, 0, 16), "private"),
    (v4(198, 18, 0, 0, 15), "benchmarking"),
    (v4(198, 51, 100, 0, 24), "documentation"),
    (v4(203, 0, 113, 0, 24), "documentation"),
    // not in a registry, but the host agent of a large cloud answers there
    (v4(168, 63, 129, 16, 32), "cloud metadata"),
    (v4(224, 0, 0, 0, 4), "multicast"),
    (v4(255, 255, 255, 255, 32), "broadcast"),
    (v4(240, 0, 0, 0, 4), "reserved"),
    (v6(0x64, 0xff9b, 1, 0, 48), "local NAT64"),
    (v6(0x100, 0, 0, 0, 64), "discard"),
    (v6(0x2001, 0x2, 0, 0, 48), "benchmarking"),
    (v6(0x2001, 0xdb8, 0, 0, 32), "documentation"),
    (v6(0x2001, 0, 0, 0, 23), "IETF protocol assignment"),
    (v6(0x3fff, 0, 0, 0, 20), "documentation"),
    (v6(0xfc00, 0, 0, 0, 7), "unique local"),
    (v6(0xfe80, 0, 0, 0, 10), "link-local"),
    (v6(0xfec0, 0, 0, 0, 10), "site-local"),
    (v6(0xff00, 0, 0, 0, 8), "multicast"),
];

/// What kind of special address this is; `None` for a public one.
pub fn special(address: IpAddr) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(address) => listed(address.into()),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    match address {
        Ipv6Addr::UNSPECIFIED => return Some("unspecified"),
        Ipv6Addr::LOCALHOST => return Some("loopback"),
        _ => {}
    }
    let segments = address.segments();
    let low = Ipv4Addr::from_bits(u32::from(segments[6]) << 16 | u32::from(segments[7]));
    match segments {
        [0, 0, 0, 0, 0, 0, ..] => Some(listed(low.into()).unwrap_or("IPv4-compatible")),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => listed(low.into()),
        [0x2002, high, next, ..] => {
            listed(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(next)).into())
        }
        // Teredo: the server in the clear, the client with every bit turned over
        [0x2001, 0, high, next, ..] => {
            let server = Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(next));
            listed(server.into()).or_else(|| listed(Ipv4Addr::from_bits(!low.to_bits()).into()))
        }
        // only 2000::/3 is given out as global unicast
        [first, ..] => {
            listed(address.into()).or_else(|| (first & 0xe000 != 0x2000).then_some("reserved"))
        }
    }
}

fn listed(address: IpAddr) -> Option<&'static str> {
    if PUBLIC.iter().any(|range| range.contains(address)) {
        return None;
    }
    SPECIAL.iter().find(|(range, _)| range.contains(address)).map(|(_, kind)| *kind)
}

/// Whether an address may be dialled: it is public, or one of the `allowed` ranges holds it.
///
/// # Errors
///
/// The words that say why it may not.
pub(crate) fn check(address: IpAddr, allowed: &[&[Cidr]]) -> Result<(), String> {
    let canonical = address.to_canonical();
    if allowed.iter().any(|ranges| ranges.iter().any(|range| range.contains(canonical))) {
        return Ok(());
    }
    match special(address) {
        None => Ok(()),
        Some(kind) => Err(format!("{address} is not public ({kind})")),
    }
}

/// Host and port of an address, when the guard has nothing against scheme and port (threats.md T1).
pub(crate) fn endpoint<'a>(url: &'a Url, start: &Url) -> Result<(&'a str, u16), Fault> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err(Fault::new(Reason::RedirectBad, format!("{url} has no host")));
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Fault::new(Reason::GuardAddress, format!("{} is no page", url.scheme())));
    }
    let home = start.host_str() == Some(host) && start.port_or_known_default() == Some(port);
    if !home && !matches!(port, 80 | 443) {
        return Err(Fault::new(Reason::GuardAddress, format!("port {port} of {host}")));
    }
    Ok((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_range_is_refused_in_every_disguise() {
        let refused = "127.0.0.1 10.1.2.3 172.31.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200 \
             0.0.0.0 0.1.2.3 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 192.0.2.1 198.51.100.7 203.0.113.9 \
             198.18.0.1 198.19.255.255 192.0.0.1 192.88.99.1 168.63.129.16 \
             :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 ::8.8.8.8 64:ff9b::7f00:1 64:ff9b::a00:1 \
             64:ff9b:1::1 2002:7f00:1:: 2002:a00:1::1 2001:0:7f00:1:: 2001:0:808:808::80ff:fffe fe80::1 fec0::1 \
             fc00::1 fd00:ec2::254 ff02::1 2001:db8::1 3fff::1 100::1 2001:2::1 5f00::1 4000::1";
        for text in refused.split_whitespace() {
            let address: IpAddr = text.parse().unwrap();
            assert!(special(address).is_some(), "{text} passed");
            assert!(check(address, &[]).is_err(), "{text} passed");
        }
    }

    #[test]
    fn public_addresses_pass() {
        let public = "1.1.1.1 8.8.8.8 39.156.66.10 172.15.0.1 172.32.0.1 100.63.255.255 100.128.0.1 192.0.0.9 \
             2400:3200::1 240e::1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1 2001:4:112::1";
        for text in public.split_whitespace() {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(special(address), None, "{text}");
        }
    }

    #[test]
    fn an_allowed_range_lets_its_own_addresses_pass_only() {
        let allowed: [Cidr; 1] = ["127.0.0.0/8".parse().unwrap()];
        assert!(check("127.0.0.2".parse().unwrap(), &[&allowed]).is_ok());
        assert!(check("::ffff:127.0.0.2".parse().unwrap(), &[&allowed]).is_ok());
        assert!(check("::1".parse().unwrap(), &[&allowed]).is_err());
        assert!(check("10.0.0.1".parse().unwrap(), &[&allowed]).is_err());
    }
}
