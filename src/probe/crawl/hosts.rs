//! Hosts under the city's and the counties' domains that a site names, and which of them are in no register entry.

use std::collections::{BTreeMap, HashSet};

use url::Url;
use xuncha_model::{Reason, Register, Seen, facts::HostFacts, register::SiteKind};

use super::{Ground, Leaf};
use crate::page::link::is_below;

/// Hosts that are reported, and those that are remembered.
const TOLD: usize = 50;
const MOST: usize = 1000;
/// Where a host may be seen, the best proof first.
const PLACES: &[&str] = &["link", "sitemap", "certificate"];

/// The hosts so far.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    /// Domains of the city and of its counties' portals.
    zones: Vec<String>,
    /// Everything that the register names.
    registered: HashSet<String>,
    /// The site's own host: it does not tell of itself.
    own: String,
    found: BTreeMap<String, HostFacts>,
    /// Hosts that were told of before, by a link.
    met: HashSet<String>,
}

impl Hosts {
    /// Nothing was seen yet.
    pub(super) fn new(ground: &Ground<'_>) -> Self {
        let register = ground.register;
        Self {
            zones: zones(register),
            registered: registered(register),
            own: bare(ground.home.host_str().unwrap_or_default()).to_owned(),
            ..Self::default()
        }
    }

    /// The hosts that the links of a page lead to.
    pub(super) fn page(&mut self, leaf: &Leaf<'_>) {
        let holder = &leaf.page.facts.url;
        for link in &leaf.page.links {
            let Some(host) = link.url.domain() else { continue };
            if bare(host) == self.own || self.met.contains(host) {
                continue;
            }
            if self.met.len() < 4 * MOST {
                self.met.insert(host.to_owned());
            }
            self.name(host, "link", holder, &link.text);
        }
    }

    /// A host that was seen somewhere: link, certificate or sitemap; `holder` is the page, or the host of the certificate.
    pub(super) fn name(&mut self, host: &str, seen_in: &str, holder: &str, text: &str) {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if !self.zones.iter().any(|zone| is_below(&host, zone))
            || bare(&host) == self.own
            || !is_name(&host)
        {
            return;
        }
        let rank = |place: &str| PLACES.iter().position(|known| *known == place);
        if let Some(known) = self.found.get_mut(&host) {
            if rank(seen_in) < rank(&known.seen_in) {
                seen_in.clone_into(&mut known.seen_in);
                holder.clone_into(&mut known.holder);
                text.clone_into(&mut known.text);
            }
        } else if self.found.len() < MOST {
            let facts = HostFacts {
                unregistered: !self.registered.contains(bare(&host)),
                host: host.clone(),
                seen_in: seen_in.to_owned(),
                holder: holder.to_owned(),
                text: text.to_owned(),
                serving: Seen::unseen(Reason::NotLooked, ""),
                title: String::new(),
                reason: Reason::Ok,
            };
            self.found.insert(host, facts);
        }
    }

    /// The hosts, those in no register entry first; whether these serve something is still to be asked.
    pub(super) fn finish(self) -> Vec<HostFacts> {
        let mut found: Vec<_> = self.found.into_values().collect();
        found.sort_by_key(|host| !host.unregistered);
        found.truncate(TOLD);
        found
    }
}

/// The city's domain, and the domains of the portals without `www`.
fn zones(register: &Register) -> Vec<String> {
    let portals = register.sites.iter().filter(|site| site.kind == SiteKind::Portal);
    let mut zones: Vec<String> =
        portals.flat_map(|site| site.hosts().map(|host| bare(host).to_owned())).collect();
    zones.push(register.city.domain.to_ascii_lowercase());
    // `gov.cn` and the like are nobody's
    zones
        .retain(|zone| zone.split('.').count() >= 3 || zone.contains("xn--") && zone.contains('.'));
    zones.sort();
    zones.dedup();
    zones
}

/// Every host that the register names, without `www`: sites, retired domains, columns, platforms.
fn registered(register: &Register) -> HashSet<String> {
    let mut hosts = HashSet::new();
    for site in &register.sites {
        let columns = site.columns.iter().map(|column| &column.url);
        let platforms = site.endpoints.iter().map(|endpoint| &endpoint.url);
        let others = columns.chain(platforms).filter_map(Url::host_str);
        hosts.extend(site.hosts().chain(others).map(|host| bare(host).to_ascii_lowercase()));
    }
    hosts
}

fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// Letters, digits and hyphens: no wildcard of a certificate.
fn is_name(host: &str) -> bool {
    host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

#[cfg(test)]
mod tests {
    use xuncha_model::{
        Site,
        facts::page::PageFacts,
        register::{City, Column, Crawl, Domain, Endpoint, Status},
    };

    use super::*;
    use crate::page::{How, Link, PageRead};

    fn site(kind: SiteKind, url: &str) -> Site {
        Site {
            id: url.to_owned(),
            name: String::new(),
            sponsor: String::new(),
            kind,
            url: url.parse().unwrap(),
            domains: None,
            code: None,
            icp: None,
            police: None,
            status: Status::Running,
            filings: Vec::new(),
            administrators: Vec::new(),
            columns: Vec::new(),
            endpoints: Vec::new(),
            maintenance: Vec::new(),
            crawl: Crawl::default(),
            allow_internal: Vec::new(),
            notes: None,
        }
    }

    fn register() -> Register {
        let city = City {
            name: String::new(),
            domain: "lanchuan.gov.cn".into(),
            division: String::new(),
            regions: Vec::new(),
        };
        let mut portal = site(SiteKind::Portal, "https://www.lanchuan.gov.cn/");
        let retired = "2026-01-01".parse().ok();
        let old = "old.lanchuan.gov.cn".to_owned();
        portal.domains = Some(vec![Domain { name: old.clone(), ascii: old, main: false, retired }]);
        let url = "https://mail.lanchuan.gov.cn/x".parse().unwrap();
        portal.endpoints = vec![Endpoint { name: String::new(), url, expect: None }];
        let url = "https://zx.lanchuan.gov.cn/x".parse().unwrap();
        portal.columns = vec![Column { name: String::new(), url, kind: None }];
        let county = site(SiteKind::Portal, "https://www.shanxian.gov.cn/");
        let bureau = site(SiteKind::Department, "http://czj.lanchuan.gov.cn/");
        let tax = site(SiteKind::Department, "http://henan.chinatax.gov.cn/lanchuan");
        Register { city, organs: Vec::new(), sites: vec![portal, county, bureau, tax] }
    }

    fn hosts(tell: impl FnOnce(&mut Hosts)) -> Vec<HostFacts> {
        let register = register();
        let home: Url = "https://www.lanchuan.gov.cn/".parse().unwrap();
        let at = "2026-11-24T02:00:00Z".parse().unwrap();
        let mut hosts = Hosts::new(&Ground { home: &home, site: None, register: &register, at });
        tell(&mut hosts);
        hosts.finish()
    }

    fn of_links(links: &[&str]) -> Vec<HostFacts> {
        let links = links.iter().map(|url| Link {
            url: url.parse().unwrap(),
            text: "系统".into(),
            how: How::Anchor,
        });
        let facts =
            PageFacts { url: "https://www.lanchuan.gov.cn/a".into(), ..PageFacts::default() };
        let page = PageRead {
            facts,
            links: links.collect(),
            rows: Vec::new(),
            text: String::new(),
            boxed: Vec::new(),
        };
        let url: Url = "https://www.lanchuan.gov.cn/a".parse().unwrap();
        let leaf = Leaf::of(&url, 1, None, &page);
        hosts(|hosts| hosts.page(&leaf))
    }

    #[test]
    fn hosts_of_the_city_are_compared_with_the_register() {
        let found = of_links(&[
            "http://xsc.lanchuan.gov.cn:8080/login",
            "http://www.xsc.lanchuan.gov.cn/",
            "http://www.czj.lanchuan.gov.cn/",
            "http://old.lanchuan.gov.cn/",
            "http://mail.lanchuan.gov.cn/",
            "http://zx.lanchuan.gov.cn/",
            "http://lanchuan.gov.cn/",
            "http://a.b.shanxian.gov.cn/",
            "http://notlanchuan.gov.cn/",
            "http://zhengzhou.chinatax.gov.cn/",
            "http://lanchuan.gov.cn.example.com/",
        ]);
        let unregistered: Vec<_> =
            found.iter().filter(|host| host.unregistered).map(|host| host.host.as_str()).collect();
        assert_eq!(
            unregistered,
            ["a.b.shanxian.gov.cn", "www.xsc.lanchuan.gov.cn", "xsc.lanchuan.gov.cn"]
        );
        let registered: Vec<_> =
            found.iter().filter(|host| !host.unregistered).map(|host| host.host.as_str()).collect();
        assert_eq!(
            registered,
            [
                "mail.lanchuan.gov.cn",
                "old.lanchuan.gov.cn",
                "www.czj.lanchuan.gov.cn",
                "zx.lanchuan.gov.cn"
            ]
        );
        assert_eq!(found[2].holder, "https://www.lanchuan.gov.cn/a");
        assert!(found[2].serving.seen().is_none());
    }

    #[test]
    fn a_link_is_a_better_proof_than_a_certificate() {
        let found = hosts(|hosts| {
            hosts.name("*.lanchuan.gov.cn", "certificate", "www.lanchuan.gov.cn", "");
            hosts.name("OA.lanchuan.gov.cn.", "certificate", "www.lanchuan.gov.cn", "");
            hosts.name("oa.lanchuan.gov.cn", "link", "https://www.lanchuan.gov.cn/a", "办公");
            hosts.name(
                "oa.lanchuan.gov.cn",
                "sitemap",
                "https://www.lanchuan.gov.cn/sitemap.xml",
                "",
            );
        });
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].host.as_str(), found[0].seen_in.as_str()),
            ("oa.lanchuan.gov.cn", "link")
        );
    }

    #[test]
    fn a_flood_of_names_is_bounded() {
        let found = hosts(|hosts| {
            for number in 0..5000 {
                hosts.name(&format!("a{number}.lanchuan.gov.cn"), "link", "", "");
            }
        });
        assert_eq!(found.len(), TOLD);
    }
}
