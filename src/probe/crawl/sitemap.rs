//! The addresses that a site names itself: sitemaps, their indexes and plain lists (sitemaps.org 0.9).
//!
//! # Decisions
//!
//! 2026-11-24: read with the page's own tokenizer, not with an XML reader: it expands no entities, knows no DTD, keeps no
//! stack, is linear, and goes on after a broken piece, as generated files have them.

use url::Url;

use crate::markup::{Tag, Token, Tokens, resolve};

/// Addresses that one file may name (sitemaps.org: 50,000).
const MOST: usize = 50_000;
/// What is read of a file, in bytes.
const LONGEST: usize = 10 << 20;
/// Longest address, in bytes.
const LONGEST_ADDRESS: usize = 2_048;
/// How deep indexes of sitemaps are followed: an index that an index names is the last.
pub const DEEPEST: u32 = 2;

/// What a sitemap names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages, in their order.
    pub pages: Vec<Url>,
    /// Further sitemaps.
    pub further: Vec<Url>,
    /// It names more than was read.
    pub cut: bool,
}

/// What an address in a sitemap stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Url,
    Sitemap,
}

/// Reads a sitemap, decoded; what is no address is left out.
pub fn read(text: &str) -> Sitemap {
    let mut sitemap = Sitemap::default();
    let whole = text.trim_start_matches('\u{feff}').trim_start();
    let text = whole.get(..whole.floor_char_boundary(LONGEST)).unwrap_or(whole);
    sitemap.cut = text.len() < whole.len();
    if text.starts_with('<') {
        marked(text, &mut sitemap);
    } else {
        for line in text.lines() {
            sitemap.take(Inside::Url, line);
        }
    }
    sitemap
}

fn marked(text: &str, sitemap: &mut Sitemap) {
    // the element that stands around, and its prefix: an `image:loc` within a `url` is no page
    let mut around: Option<(Inside, &str)> = None;
    let mut address: Option<(Inside, String)> = None;
    for token in Tokens::new(text) {
        match token {
            Token::Start(tag) => {
                let (prefix, name) = parts(tag);
                match name {
                    "url" => around = Some((Inside::Url, prefix)),
                    "sitemap" => around = Some((Inside::Sitemap, prefix)),
                    "loc" => {
                        address = around
                            .filter(|(_, own)| *own == prefix)
                            .map(|(inside, _)| (inside, String::new()));
                    }
                    _ => {}
                }
            }
            Token::Text(text) => keep(&mut address, &resolve(text)),
            Token::Comment(text) => {
                let text = text.strip_prefix("[CDATA[").and_then(|text| text.strip_suffix("]]"));
                keep(&mut address, text.unwrap_or_default());
            }
            Token::End(_) => {
                if let Some((inside, address)) = address.take() {
                    sitemap.take(inside, &address);
                }
            }
            Token::Raw(..) => {}
        }
    }
}

/// The prefix of a tag's name, and the name.
fn parts(tag: Tag<'_>) -> (&str, &str) {
    tag.name().split_once(':').unwrap_or(("", tag.name()))
}

fn keep(address: &mut Option<(Inside, String)>, text: &str) {
    if let Some((_, address)) = address
        && address.len() + text.len() <= LONGEST_ADDRESS
    {
        address.push_str(text);
    }
}

impl Sitemap {
    fn take(&mut self, inside: Inside, address: &str) {
        let address = address.trim();
        if address.len() > LONGEST_ADDRESS {
            return;
        }
        let Ok(url) = Url::parse(address) else { return };
        if !matches!(url.scheme(), "http" | "https") {
            return;
        }
        if self.pages.len() + self.further.len() >= MOST {
            self.cut = true;
        } else if inside == Inside::Url {
            self.pages.push(url);
        } else {
            self.further.push(url);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(urls: &[Url]) -> Vec<&str> {
        urls.iter().map(Url::as_str).collect()
    }

    #[test]
    fn pages_are_read_with_namespaces_and_without() {
        let text = "\u{feff}<?xml version=\"1.0\"?><!-- <loc>http://no.cn/</loc> -->
<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:image=\"x\">
<url><loc> http://a.cn/?a=1&amp;b=2 </loc><lastmod>2026-11-01</lastmod>
<image:image><image:loc>http://a.cn/i.png</image:loc></image:image></url>
<url><lastmod>2026</lastmod><loc><![CDATA[http://a.cn/?c=3&d=4]]></loc></url>
<url><loc>/relative</loc></url><url><loc>ftp://a.cn/</loc></url><loc>http://a.cn/loose</loc></urlset>";
        let sitemap = read(text);
        assert_eq!(named(&sitemap.pages)[..2], ["http://a.cn/?a=1&b=2", "http://a.cn/?c=3&d=4"]);
        assert!(sitemap.further.is_empty() && !sitemap.cut);
        let prefixed = "<s:urlset><s:url><s:loc>http://a.cn/1</s:loc></s:url></s:urlset>";
        assert_eq!(named(&read(prefixed).pages), ["http://a.cn/1"]);
    }

    #[test]
    fn an_index_names_further_sitemaps() {
        let text = "<sitemapindex><sitemap><loc>http://a.cn/1.xml</loc></sitemap><sitemap><loc>http://a.cn/2.xml</loc></sitemap></sitemapindex>";
        let sitemap = read(text);
        assert_eq!(named(&sitemap.further), ["http://a.cn/1.xml", "http://a.cn/2.xml"]);
        assert!(sitemap.pages.is_empty());
    }

    #[test]
    fn a_plain_list_is_a_sitemap() {
        let sitemap = read("http://a.cn/1\r\n\r\n页面列表\nhttps://a.cn/2\n");
        assert_eq!(named(&sitemap.pages), ["http://a.cn/1", "https://a.cn/2"]);
        assert_eq!(read("<html><body>404 <a href=http://a.cn/>x</a>"), Sitemap::default());
    }

    #[test]
    fn a_broken_file_gives_what_can_be_read() {
        let text = "<urlset><url><loc>http://a.cn/1</loc></url><url><loc>http://a.cn/2</lo</url><url><loc>http://a.c";
        assert_eq!(named(&read(text).pages), ["http://a.cn/1", "http://a.cn/2"]);
    }

    #[test]
    fn entities_are_not_expanded() {
        let text = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><urlset><url><loc>http://a.cn/&b;</loc></url></urlset>";
        assert_eq!(named(&read(text).pages), ["http://a.cn/&b;"]);
    }

    #[test]
    fn a_flood_is_cut_and_says_so() {
        let flood = "<url><loc>http://a.cn/</loc></url>".repeat(MOST + 1);
        let sitemap = read(&format!("<urlset>{flood}"));
        assert_eq!((sitemap.pages.len(), sitemap.cut), (MOST, true));
        let deep = "<url>".repeat(LONGEST / 5 + 1);
        assert!(read(&deep).cut);
        let long = format!("<url><loc>http://a.cn/{}</loc>", "x".repeat(LONGEST_ADDRESS));
        assert!(read(&long).pages.is_empty());
    }

    proptest! {
        #[test]
        fn any_file_is_survived(text in r"(<|>|/|<loc>|</loc>|<url>|<sitemap>|<!\[CDATA\[|\]\]>|<!--|http://a\.cn/|&#x?[0-9]{1,9};|&amp|\PC){0,30}") {
            let sitemap = read(&text);
            prop_assert!(sitemap.pages.len() <= 30 && !sitemap.cut);
        }
    }
}
