//! What a site asks of crawlers: robots.txt (RFC 9309), read for our product token, else for all.
//!
//! A file that is missing or cannot be fetched is the caller's: this reads what came.

use std::time::Duration;

use robotxt::Robots as Rules;
use url::Url;

/// Our product token, as in the User-Agent.
const TOKEN: &str = "xuncha";
/// Lines that are read. Every address is held against every rule, so a file of 500 KB of rules would cost
/// milliseconds an address; the longest files in use have some hundred lines.
const MOST_LINES: usize = 5_000;
/// Longest line in bytes: no address is longer.
const LONGEST_LINE: usize = 2_000;
/// Longest pause that is believed.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// What robots.txt says of us.
#[derive(Clone, Debug)]
pub struct Robots {
    rules: Rules,
    says: bool,
}

impl Robots {
    /// Reads a robots.txt; of more than 500 KB the beginning (RFC 9309, 2.5).
    pub fn read(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = text.get(..text.floor_char_boundary(robotxt::BYTE_LIMIT)).unwrap_or(text);
        let mut kept = String::with_capacity(text.len());
        let mut says = false;
        let lines = text.split(['\n', '\r']).filter(|line| !line.is_empty());
        for line in lines.take(MOST_LINES).filter(|line| line.len() <= LONGEST_LINE) {
            let name = line.split(':').next().unwrap_or_default().trim();
            says |= name.eq_ignore_ascii_case("user-agent");
            kept.push_str(line);
            kept.push('\n');
        }
        // a page that stands where robots.txt should be says nothing
        let rules = if says { Rules::parse(kept.as_bytes(), TOKEN) } else { Rules::allow_all() };
        Self { rules, says }
    }

    /// What a site says that has no robots.txt.
    pub fn none() -> Self {
        Self { rules: Rules::allow_all(), says: false }
    }

    /// We may ask for an address of this site.
    pub fn allows(&self, url: &Url) -> bool {
        self.rules.is_url_allowed(url)
    }

    /// The pause it asks for between two requests, at most a minute.
    pub fn delay(&self) -> Option<Duration> {
        self.rules.crawl_delay().map(|delay| delay.min(LONGEST_PAUSE))
    }

    /// The sitemaps it names.
    pub fn sitemaps(&self) -> &[Url] {
        self.rules.sitemaps()
    }

    /// allowed, partly, disallowed or none; see `CrawlFacts::robots`.
    pub fn word(&self) -> &'static str {
        match self.rules.always() {
            _ if !self.says => "none",
            Some(true) => "allowed",
            Some(false) => "disallowed",
            None => "partly",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("http://www.a.gov.cn").unwrap().join(path).unwrap()
    }

    #[test]
    fn our_own_group_goes_before_that_of_all() {
        let robots = Robots::read(
            "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-Agent: XunCha # us\nDisallow: /admin\n",
        );
        assert!(robots.allows(&url("/zwgk/")) && !robots.allows(&url("/admin/login")));
        assert_eq!(robots.word(), "partly");
        assert_eq!(Robots::read("User-agent: *\nDisallow: /").word(), "disallowed");
        assert_eq!(Robots::read("User-agent: spider\nDisallow: /").word(), "allowed");
    }

    #[test]
    fn the_longest_rule_wins_and_marks_are_known() {
        let robots = Robots::read(
            "\u{feff}user-agent:*\rDisallow: /a\rAllow: /a/b\rDisallow: /*.bak$\rDisallow: /%e4%b8%ad\rCrawl-delay: 2.5\r",
        );
        for (path, allowed) in [
            ("/a/x", false),
            ("/a/b/c", true),
            ("/x/y.bak", false),
            ("/x/y.bak?1", true),
            ("/中文", false),
            ("/robots.txt", true),
        ] {
            assert_eq!(robots.allows(&url(path)), allowed, "{path}");
        }
        assert_eq!(robots.delay(), Some(Duration::from_millis(2_500)));
    }

    #[test]
    fn a_page_in_the_place_of_robots_says_nothing() {
        let robots = Robots::read("<html><body>\nDisallow: /\n页面不存在</body></html>");
        assert!(robots.allows(&url("/")));
        assert_eq!((robots.word(), Robots::none().word()), ("none", "none"));
    }

    #[test]
    fn sitemaps_are_named_and_pauses_have_an_end() {
        let robots = Robots::read(
            "Sitemap: http://www.a.gov.cn/map.xml\nUser-agent: *\nCrawl-delay: 86400\nDisallow:\n",
        );
        assert_eq!(robots.sitemaps(), [url("/map.xml")]);
        assert_eq!((robots.delay(), robots.word()), (Some(LONGEST_PAUSE), "allowed"));
    }

    #[test]
    fn a_flood_of_rules_is_cut() {
        let mut text = "User-agent: *\nDisallow: /first\n".to_owned();
        text.push_str(&format!("Disallow: /{}\n", "*a".repeat(2_000)));
        text.push_str(&"Disallow: /*x*y*z\n".repeat(60_000));
        let robots = Robots::read(&text);
        assert!(!robots.allows(&url("/first")) && robots.allows(&url("/aaa")));
        assert!(robots.rules.rules().len() < MOST_LINES);
    }

    proptest! {
        #[test]
        fn any_file_is_survived(text in r"((user-agent|disallow|allow|crawl-delay|sitemap|\PC{0,4}):? ?(\*|/|\$|xuncha|%e|-?[0-9.e]{1,5}|\PC{0,3}){0,4}[\r\n]{0,2}){0,8}") {
            let robots = Robots::read(&text);
            robots.allows(&url("/a/b?c=d"));
            prop_assert!(robots.delay() <= Some(LONGEST_PAUSE));
        }
    }
}
