//! The way out of this machine: its default gateway, and whether that answers on the local network (Linux).
//!
//! When our line is down, this is what tells a pulled cable from a provider's trouble. Elsewhere nothing is known.

use std::{fmt, fs, net::Ipv4Addr};

/// What is known of the default gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// This system does not say.
    Unknown,
    /// There is no default route: no cable, no address, or a network without a way out.
    Absent,
    /// There is one.
    Present {
        /// Its address.
        address: Ipv4Addr,
        /// Whether it answers for its address (ARP); `None` when nobody asked lately.
        answers: Option<bool>,
    },
}

impl Gateway {
    /// As the kernel has it now.
    pub fn now() -> Self {
        let Ok(routes) = fs::read_to_string("/proc/net/route") else { return Self::Unknown };
        let neighbours = fs::read_to_string("/proc/net/arp").unwrap_or_default();
        read(&routes, &neighbours)
    }
}

impl fmt::Display for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("default gateway unknown"),
            Self::Absent => f.write_str("this machine has no default gateway"),
            Self::Present { address, answers: Some(true) } => {
                write!(f, "the default gateway {address} answers: the trouble is beyond it")
            }
            Self::Present { address, answers: Some(false) } => {
                write!(f, "the default gateway {address} does not answer: look at cable and switch")
            }
            Self::Present { address, answers: None } => write!(f, "default gateway {address}"),
        }
    }
}

/// Reads `/proc/net/route` and `/proc/net/arp`, see proc(5).
fn read(routes: &str, neighbours: &str) -> Gateway {
    let gateway = routes.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (destination, gateway, mask) = (fields.get(1)?, fields.get(2)?, fields.get(7)?);
        let default = *destination == "00000000" && *mask == "00000000" && *gateway != "00000000";
        // written as the machine's own integer, which holds the address in network order
        let number = u32::from_str_radix(gateway, 16).ok()?;
        default.then(|| Ipv4Addr::from(number.to_ne_bytes()))
    });
    let Some(address) = gateway else { return Gateway::Absent };
    let answers = neighbours.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let flags = u32::from_str_radix(fields.get(2)?.trim_start_matches("0x"), 16).ok()?;
        // ATF_COM: the entry is complete
        (*fields.first()? == address.to_string()).then_some(flags & 2 != 0)
    });
    Gateway::Present { address, answers }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
    const ARP: &str =
        "IP address       HW type     Flags       HW address            Mask     Device\n";

    #[test]
    fn the_gateway_is_read_and_so_is_its_silence() {
        let number = u32::from_ne_bytes([10, 0, 0, 1]);
        let routes = format!(
            "{HEAD}eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n\
             eth0\t00000000\t{number:08X}\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
        );
        let address = Ipv4Addr::new(10, 0, 0, 1);
        let line = |flags| format!("{ARP}10.0.0.1 0x1 {flags} 00:00:00:00:00:00 * eth0\n");
        let present = |answers| Gateway::Present { address, answers };
        assert_eq!(read(&routes, &line("0x2")), present(Some(true)));
        assert_eq!(read(&routes, &line("0x0")), present(Some(false)));
        assert_eq!(read(&routes, ARP), present(None));
        assert_eq!(read(HEAD, ARP), Gateway::Absent);
        assert_eq!(read("", ""), Gateway::Absent);
    }
}
