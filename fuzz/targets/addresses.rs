//! Addresses in their normal form, robots.txt and sitemaps.
#![no_main]

use libfuzzer_sys::fuzz_target;
use url::Url;
use xuncha_probe::crawl::{normal::normal, robots::Robots, sitemap};

fuzz_target!(|text: &str| {
    let Ok(base) = Url::parse("https://www.a.gov.cn/x/") else { return };
    if let Some(once) = base.join(text).ok().and_then(|url| normal(&url)) {
        assert_eq!(normal(&once), Some(once.clone()), "the normal form is not settled");
    }
    Robots::read(text).allows(&base);
    sitemap::read(text);
});
