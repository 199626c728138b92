//! Everything that is read of a page, whatever its bytes are.
#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use url::Url;
use xuncha_model::facts::page::Origin;
use xuncha_net::charset;
use xuncha_probe::page::{self, Given};

fuzz_target!(|body: &[u8]| {
    let Ok(url) = Url::parse("https://www.a.gov.cn/tzgg/202611/t20261122_1.html") else { return };
    let decoded = charset::decode(body, None);
    let read = page::read(&Given {
        url: &url,
        origin: Origin::Home,
        at: DateTime::UNIX_EPOCH,
        status: 200,
        headers: &[],
        text: &decoded.text,
        encoding: decoded.encoding,
        declared_encoding: &decoded.declared,
    });
    assert!(read.facts.title.len() <= 2000);
});
