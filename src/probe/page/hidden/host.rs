//! Whose a host is: the page's own, one that proves nothing, a government's, or somebody's.

use super::list;
use crate::page::link::is_government;

/// Under two letters these labels are no names of their own: `example.com.cn`, `example.co.uk`.
const SHARED: &[&str] = &[
    "com", "net", "org", "gov", "edu", "ac", "mil", "co", "or", "ne", "go", "idv", "gob", "nom",
    // provinces
    "bj", "sh", "tj", "cq", "he", "sx", "nm", "ln", "jl", "hl", "js", "zj", "ah", "fj", "jx", "sd",
    "ha", "hb", "hn", "gd", "gx", "hi", "sc", "gz", "yn", "xz", "sn", "gs", "qh", "nx", "xj", "tw",
    "hk", "mo",
];

/// Whose a host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The same registrable name as the page's.
    Own,
    /// Statistics, sharing, badges and the like; the addresses of an inner network.
    Nothing,
    /// A government's, a school's: it may have been attacked itself.
    Public,
    Unknown,
}

/// The host of the page, by which others are measured.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    own: String,
}

impl Hosts {
    pub(super) fn of(page: &str) -> Self {
        Self { own: registrable(page).to_owned() }
    }

    pub(super) fn whose(&self, host: &str) -> Whose {
        let host = host.strip_suffix('.').unwrap_or(host);
        if self.is_own(host) {
            Whose::Own
        } else if host.is_empty() || list::is_innocent(host) || is_inner(host) {
            Whose::Nothing
        } else if is_government(host) || list::is_public(host) {
            Whose::Public
        } else {
            Whose::Unknown
        }
    }

    /// Whether a host, as it is written, has the page's registrable name.
    pub(super) fn is_own(&self, host: &str) -> bool {
        let begin = host.len().wrapping_sub(self.own.len());
        let (Some(end), Some(before)) = (host.get(begin..), host.get(..begin)) else {
            return false;
        };
        end.eq_ignore_ascii_case(&self.own) && (before.is_empty() || before.ends_with('.'))
    }
}

/// The name that somebody has registered: `zhoukou.gov.cn` of `czj.zhoukou.gov.cn`; an address stays whole.
pub(super) fn registrable(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    if is_address(host) {
        return host;
    }
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else { return host };
    let short = host.len() - last - 1 == 2;
    let shared = host.get(second + 1..last).is_some_and(|label| SHARED.contains(&label));
    let from = if short && shared { dots.next() } else { Some(second) };
    from.and_then(|at| host.get(at + 1..)).unwrap_or(host)
}

fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// An address or a name that means nothing outside.
fn is_inner(host: &str) -> bool {
    if !host.contains('.') || host.starts_with('[') {
        return true;
    }
    let Ok(address) = host.parse::<std::net::Ipv4Addr>() else { return false };
    address.is_private() || address.is_loopback() || address.is_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_somebody_has_registered() {
        for (host, name) in [
            ("www.zhoukou.gov.cn", "zhoukou.gov.cn"),
            ("zhoukou.gov.cn", "zhoukou.gov.cn"),
            ("a.b.example.com", "example.com"),
            ("shop.example.co.uk", "example.co.uk"),
            ("www.example.ha.cn", "example.ha.cn"),
            ("com.cn", "com.cn"),
            ("x.cn", "x.cn"),
            ("a.x.cn", "x.cn"),
            ("10.1.2.3", "10.1.2.3"),
            ("localhost", "localhost"),
            ("", ""),
        ] {
            assert_eq!(registrable(host), name);
        }
    }

    #[test]
    fn hosts_belong_to_somebody() {
        let hosts = Hosts::of("www.zhoukou.gov.cn");
        for (host, whose) in [
            ("CZJ.zhoukou.gov.cn", Whose::Own),
            ("zhoukou.gov.cn.", Whose::Own),
            ("notzhoukou.gov.cn", Whose::Public),
            ("www.luyi.gov.cn", Whose::Public),
            ("www.a.edu.cn", Whose::Public),
            ("s4.cnzz.com", Whose::Nothing),
            ("192.168.1.9", Whose::Nothing),
            ("oa", Whose::Nothing),
            ("8.8.8.8", Whose::Unknown),
            ("www.shop-88.example", Whose::Unknown),
            ("\u{4e2d}\u{6587}.com", Whose::Unknown),
        ] {
            assert_eq!(hosts.whose(host), whose, "{host}");
        }
    }
}
