//! What a home page is made of: fingerprints of its mark-up and text, the hosts it links to, its links and scripts.
//!
//! # Decisions
//!
//! 2026-11-24: hashes are made here and by the algorithms named here (FNV-1a, SplitMix64), not by a crate that may change
//! them: a baseline is compared with pages for years.
//!
//! 2026-11-24: links are kept as a bottom-k sketch (the 64 least hashes). It has the same size for every page, and tells the
//! share of links that are gone to about one part in ten, which is enough to tell eighty parts of a hundred from twenty.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};
use url::Url;
use xuncha_model::facts::{content::Shape, page::Origin};

use super::{Given, How, Link, defaced, kind};
use crate::{
    crawl::near::{Lanes, mixed, similarity},
    markup::{Tag, Token},
};

/// Tags whose order makes the fingerprint: as many as its counters hold.
const MOST_TAGS: usize = 16_384;
/// Tags below which two pages are alike by chance.
const FEWEST_TAGS: usize = 8;
/// Hosts and scripts that are kept of a page.
const MOST_HOSTS: usize = 200;
const MOST_SCRIPTS: usize = 100;
/// Bytes of an address that are kept.
const LONGEST: usize = 200;
/// Hashes of links that are kept.
pub(crate) const SKETCH: usize = 64;

/// The shape so far; nothing is gathered of pages that no baseline is kept of.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    gathers: bool,
    /// The hashes of the last three tags.
    last: [u64; 2],
    tags: usize,
    grams: [u64; 8],
    held: usize,
    lanes: Lanes,
    scripts: BTreeSet<String>,
}

impl Shapes {
    /// For a page that we came to in this way.
    pub(super) fn of(origin: Origin) -> Self {
        Self { gathers: matches!(origin, Origin::Home | Origin::Given), ..Self::default() }
    }

    pub(super) fn read(&mut self, token: Token<'_>, base: &Url) {
        if !self.gathers {
            return;
        }
        match token {
            Token::Start(tag) => {
                self.tag(tag.name());
                if tag.is("script") {
                    self.source(tag, base);
                }
            }
            Token::Raw(name, code) if name.eq_ignore_ascii_case("script") => self.code(code.trim()),
            _ => {}
        }
    }

    fn code(&mut self, code: &str) {
        if !code.is_empty() && self.scripts.len() < MOST_SCRIPTS {
            let digest = Sha256::digest(code.as_bytes());
            let begin: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            self.scripts.insert(format!("inline:{begin}"));
        }
    }

    fn tag(&mut self, name: &str) {
        if self.tags >= MOST_TAGS {
            return;
        }
        let now = fnv(name.bytes().map(|byte| byte.to_ascii_lowercase()));
        let [first, second] = self.last;
        self.last = [second, now];
        self.tags += 1;
        if self.tags < 3 {
            return;
        }
        if let Some(place) = self.grams.get_mut(self.held) {
            *place = mixed(first.rotate_left(26) ^ second.rotate_left(13) ^ now);
        }
        self.held += 1;
        self.lanes.added += 1;
        if self.held == self.grams.len() {
            self.lanes.add(&self.grams);
            (self.grams, self.held) = ([0; 8], 0);
        }
    }

    fn source(&mut self, tag: Tag<'_>, base: &Url) {
        let Some(mut url) = tag.attribute("src").and_then(|src| base.join(src.trim()).ok()) else {
            return;
        };
        url.set_query(None);
        url.set_fragment(None);
        if self.scripts.len() < MOST_SCRIPTS && url.as_str().len() <= LONGEST && url.has_host() {
            self.scripts.insert(url.into());
        }
    }

    pub(super) fn finish(
        mut self,
        page: &Given<'_>,
        title: &str,
        text: &str,
        links: &[Link],
    ) -> Shape {
        if !self.gathers {
            return Shape::default();
        }
        self.lanes.add(&self.grams);
        let structure = (self.tags >= FEWEST_TAGS).then(|| self.lanes.most());
        Shape {
            structure: structure.map(hex).unwrap_or_default(),
            text: similarity(text).map(hex).unwrap_or_default(),
            hosts: hosts(page, links),
            scripts: self.scripts.into_iter().collect(),
            links: sketch(links),
            signs: defaced::signs(title, text),
            notice: kind::is_notice(title, text),
        }
    }
}

/// The hosts a reader or a browser is led to; those of scripts stand among the scripts.
fn hosts(page: &Given<'_>, links: &[Link]) -> Vec<String> {
    let own = page.url.host_str().unwrap_or_default();
    let leading = links.iter().filter(|link| link.how != How::Code);
    let mut hosts = BTreeSet::new();
    for host in leading.filter_map(|link| link.url.host_str()).filter(|host| *host != own) {
        if hosts.len() >= MOST_HOSTS {
            break;
        }
        if !hosts.contains(host) {
            hosts.insert(host.to_owned());
        }
    }
    hosts.into_iter().collect()
}

/// The least hashes of the links that a reader can follow.
fn sketch(links: &[Link]) -> Vec<String> {
    let followed = links.iter().filter(|link| matches!(link.how, How::Anchor | How::Menu));
    let hashes = followed.map(|link| mixed(fnv(link.url.as_str().bytes())) >> 32);
    let least: BTreeSet<u64> = hashes.collect();
    least.into_iter().take(SKETCH).map(|hash| format!("{hash:08x}")).collect()
}

fn hex(bits: u64) -> String {
    format!("{bits:016x}")
}

/// FNV-1a of 64 bits.
fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Given, facts};

    fn shape(origin: Origin, text: &str) -> Shape {
        let url = Url::parse("https://www.lanchuan.gov.cn/").unwrap();
        let page = Given {
            url: &url,
            origin,
            at: "2026-11-24T02:00:00Z".parse().unwrap(),
            status: 200,
            headers: &[],
            text,
            encoding: "UTF-8",
            declared_encoding: "",
        };
        facts(&page).shape
    }

    /// Lists of news, so many, under a menu.
    fn home(news: usize) -> String {
        let rows: String = (0..news)
            .map(|n| format!("<li><a href='/art/{n}.html'>第{n}条</a><span>11-24</span></li>"))
            .collect();
        format!(
            "<html><head><title>澜川市人民政府</title><script src='/js/a.js?v=1'></script></head><body>\
             <div><ul><li><a href=/a/>要闻</a><li><a href=/b/>公开</a></ul></div><table><tr><td><img src=x><td>\
             </table><div><h2>要闻</h2><ul>{rows}</ul></div><form><input><button></form><p>主办</p><p>承办</p>\
             <a href=https://www.gov.cn/>国</a><img src='//cdn.example/a.png'><script>var a = 1</script></body>"
        )
    }

    fn apart(one: &str, other: &str) -> u32 {
        let bits = |text: &str| u64::from_str_radix(text, 16).unwrap();
        (bits(one) ^ bits(other)).count_ones()
    }

    #[test]
    fn the_shape_of_a_home_page_is_told_and_of_no_other() {
        let shape = shape(Origin::Home, &home(20));
        assert_eq!(shape.hosts, ["cdn.example", "www.gov.cn"]);
        assert_eq!(shape.scripts.len(), 2);
        assert_eq!(shape.scripts[0], "https://www.lanchuan.gov.cn/js/a.js");
        assert!(shape.scripts[1].starts_with("inline:") || shape.scripts[0].starts_with("inline:"));
        assert_eq!((shape.structure.len(), shape.links.len()), (16, 23));
        for origin in [Origin::Inner, Origin::Missing, Origin::Folder] {
            assert_eq!(super::tests::shape(origin, &home(20)), Shape::default());
        }
    }

    #[test]
    fn mark_up_stays_near_while_news_come_and_go() {
        let before = shape(Origin::Home, &home(40)).structure;
        assert!(apart(&before, &shape(Origin::Home, &home(43)).structure) <= 6);
        let hacked = "<html><body bgcolor=black><center><img src=x><br><font><b>Hacked</b></font><br><marquee>\
            by</marquee><br><embed src=m><hr><font>x</font></center>";
        assert!(apart(&before, &shape(Origin::Home, hacked).structure) >= 20);
        assert_eq!(shape(Origin::Home, "<html><body>x").structure, "");
    }

    #[test]
    fn a_page_of_endless_tags_is_cut() {
        let begun = std::time::Instant::now();
        let page = "<a><b><script>x</script>".repeat(60_000);
        let shape = shape(Origin::Home, &page);
        assert_eq!((shape.structure.len(), shape.scripts.len()), (16, 1));
        assert!(begun.elapsed().as_secs() < 30);
    }
}
