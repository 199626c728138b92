//! Whether a host is foreign to a page: neither its own, nor a government's, nor one that everybody loads from.

use std::net::IpAddr;

use url::Url;

use super::list::list;
use crate::page::link::{is_below, is_government};

/// Second labels below which the names of owners begin: `x.com.cn`.
const SHARED: &[&str] = &["com", "net", "org", "gov", "edu", "ac", "mil", "co"];
/// Longest host name (RFC 1035, 2.3.4).
const LONGEST: usize = 253;

/// The site that a page belongs to.
#[derive(Debug)]
pub(super) struct Own(String);

impl Own {
    pub(super) fn of(url: &Url) -> Self {
        Self(owner(url.host_str().unwrap_or_default()).to_ascii_lowercase())
    }

    /// The host in lower case, where it is foreign.
    pub(super) fn foreign(&self, host: &str) -> Option<String> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let plain = host.len() <= LONGEST && !host.starts_with('.') && !host.contains("..");
        if !plain || !(is_name(&host) || is_public(&host)) || is_below(&host, &self.0) {
            return None;
        }
        let innocent =
            |list: &super::list::List| list.innocent.iter().any(|domain| is_below(&host, domain));
        let known = is_government(&host) || list().is_none_or(innocent);
        (!known).then_some(host)
    }
}

/// The host of an address that names one: `https://x/…` or `//x/…`.
pub(super) fn of_address(address: &str) -> Option<String> {
    let rest = match address.split_once("//")? {
        ("", rest) => rest,
        (scheme, rest)
            if scheme.eq_ignore_ascii_case("http:") || scheme.eq_ignore_ascii_case("https:") =>
        {
            rest
        }
        _ => return None,
    };
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')));
    let host = rest.get(..end.unwrap_or(rest.len()))?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// The part of a name that is its owner's: the last two labels, three below `com.cn` and the like.
pub(super) fn owner(host: &str) -> &str {
    if host.parse::<IpAddr>().is_ok() {
        return host;
    }
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (last, second, third) = (dots.next(), dots.next(), dots.next());
    let Some(last) = last else { return host };
    let label = host.get(second.map_or(0, |at| at + 1)..last).unwrap_or_default();
    let country = host.len() - last == 3;
    let before = if country && SHARED.contains(&label) { third } else { second };
    host.get(before.map_or(0, |at| at + 1)..).unwrap_or(host)
}

/// A name with a top-level domain of letters.
fn is_name(host: &str) -> bool {
    let last = host.rsplit_once('.').map_or("", |(_, last)| last);
    let letters = last.bytes().all(|byte| byte.is_ascii_lowercase());
    last.len() >= 2 && (letters || last.starts_with("xn--")) && last != "local"
}

/// An address of the open internet.
fn is_public(host: &str) -> bool {
    match host.parse() {
        Ok(IpAddr::V4(ip)) => {
            !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_is_who_is_neither_own_nor_known() {
        let own = Own::of(&Url::parse("https://www.lanchuan.gov.cn/").unwrap());
        for host in
            ["evil.example", "EVIL.example.", "a.b.com.cn", "8.8.8.8", "xbaidu.com", "x.xn--fiqs8s"]
        {
            assert!(own.foreign(host).is_some(), "{host}");
        }
        for host in [
            "www.lanchuan.gov.cn",
            "m.lanchuan.gov.cn",
            "lanchuan.gov.cn",
            "www.zhoukou.gov.cn",
            "hm.baidu.com",
            "localhost",
            "10.0.0.8",
            "192.168.1.1",
            "127.0.0.1",
            "1.2",
            "a.js2",
            "",
            "..",
            "x..example",
        ] {
            assert_eq!(own.foreign(host), None, "{host}");
        }
        let own = Own::of(&Url::parse("http://www.zk-news.com.cn/").unwrap());
        assert_eq!(own.foreign("img.zk-news.com.cn"), None);
        assert!(own.foreign("www.other.com.cn").is_some());
    }

    #[test]
    fn hosts_are_cut_out_of_addresses() {
        assert_eq!(of_address("//Evil.example:80/a").as_deref(), Some("evil.example"));
        assert_eq!(of_address("HTTPS://evil.example?x").as_deref(), Some("evil.example"));
        for none in ["/a//b", "ftp://a.example", "a.example", "//", "data:,//x.example"] {
            assert_eq!(of_address(none), None, "{none}");
        }
        assert_eq!(owner("a.b.gov.cn"), "b.gov.cn");
        assert_eq!(owner("a.b.co"), "b.co");
        assert_eq!((owner("cn"), owner("com.cn"), owner("1.2.3.4")), ("cn", "com.cn", "1.2.3.4"));
    }
}
