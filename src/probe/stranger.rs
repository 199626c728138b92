//! Hosts that are strangers to a site: neither its own nor registered, nor the government's, nor a well-known platform.

use std::sync::LazyLock;

use serde::Deserialize;
use url::Url;
use xuncha_model::Register;

use crate::{
    lists,
    page::link::{is_below, is_government},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    platforms: Vec<String>,
    second_levels: Vec<String>,
    provinces: Vec<String>,
}

static KNOWN: LazyLock<Option<Known>> = LazyLock::new(|| {
    lists::read("strangers.yaml", include_str!("../../rules/lists/strangers.yaml"))
});

/// Whether a host is a stranger to the site that has the host `own`; both in ASCII and lower case.
pub(crate) fn is_stranger(register: &Register, own: &str, host: &str) -> bool {
    !(host.is_empty()
        || is_below(host, registrable(own))
        || is_government(host)
        || is_platform(host)
        || is_registered(register, host))
}

/// The domain that somebody has registered: one label below what is open to registration. A bare address is its own.
pub(crate) fn registrable(host: &str) -> &str {
    let mut ends = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (ends.next(), ends.next()) else { return host };
    let (top, name) = (&host[last + 1..], &host[second + 1..last]);
    if top.bytes().all(|byte| byte.is_ascii_digit()) || host.ends_with(']') {
        return host;
    }
    let open = |list: &[String]| list.iter().any(|open| open == name);
    let known = KNOWN.as_ref();
    let below = top.len() == 2
        && known.is_some_and(|known| {
            open(&known.second_levels) || top == "cn" && open(&known.provinces)
        });
    let from = if below { ends.next().map_or(0, |third| third + 1) } else { second + 1 };
    &host[from..]
}

fn is_platform(host: &str) -> bool {
    KNOWN.as_ref().is_some_and(|known| known.platforms.iter().any(|name| is_below(host, name)))
}

/// The register names the host: as a site, or as where a column or a platform of a site lies.
fn is_registered(register: &Register, host: &str) -> bool {
    let bare = host.strip_prefix("www.").unwrap_or(host);
    let same = |url: &Url| {
        let named = url.host_str().unwrap_or_default();
        named.strip_prefix("www.").unwrap_or(named) == bare
    };
    register.site(host).is_some()
        || register.site(bare).is_some()
        || register.sites.iter().any(|site| {
            let columns = site.columns.iter().map(|column| &column.url);
            columns.chain(site.endpoints.iter().map(|endpoint| &endpoint.url)).any(same)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let list = include_str!("../../rules/lists/strangers.yaml");
        assert_eq!(lists::parsed::<Known>(list).err(), None);
    }

    #[test]
    fn a_registered_domain_lies_one_label_below_what_is_open() {
        for (host, domain) in [
            ("www.zhoukou.gov.cn", "zhoukou.gov.cn"),
            ("a.b.example.com", "example.com"),
            ("example.com.cn", "example.com.cn"),
            ("m.shop.ha.cn", "shop.ha.cn"),
            ("gov.cn", "gov.cn"),
            ("localhost", "localhost"),
            ("", ""),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("a.co.uk", "a.co.uk"),
            ("x.com.example", "com.example"),
        ] {
            assert_eq!(registrable(host), domain, "{host}");
        }
    }
}
