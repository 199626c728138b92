//! Traps of fingerprints and of ages, one by one; here what they share.

use xuncha_model::facts::http::Header;

use super::*;

mod ages;
mod lists;
mod sights;

fn catalog() -> &'static Catalog {
    Catalog::embedded().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2026-11-24")
}

fn headers(lines: &[&str]) -> Vec<Header> {
    let header = |line: &&str| {
        let (name, value) = line.split_once(": ").unwrap();
        Header { name: name.to_ascii_lowercase(), value: value.to_owned() }
    };
    lines.iter().map(header).collect()
}

const HOME: &str = "http://www.dancheng.gov.cn/";

fn see_on(lines: &[&str], page: &str, today: NaiveDate) -> Vec<SoftwareFacts> {
    let headers = headers(lines);
    let answer =
        Evidence { url: HOME, headers: &headers, body: Body::Page(page), ..Evidence::default() };
    catalog().software(&[answer], today)
}

fn see(lines: &[&str], page: &str) -> Vec<SoftwareFacts> {
    see_on(lines, page, today())
}

fn of<'s>(seen: &'s [SoftwareFacts], product: &str) -> &'s SoftwareFacts {
    let mut found = seen.iter().filter(|software| software.product == product);
    let first = found.next().unwrap_or_else(|| panic!("no {product} in {seen:#?}"));
    assert!(found.next().is_none(), "{product} twice: {seen:#?}");
    first
}

/// eol, day, distribution, outdated.
fn verdict(software: &SoftwareFacts) -> (Eol, String, &str, bool) {
    let date = software.eol_date.seen().map(|day| day.to_string()).unwrap_or_default();
    (software.eol, date, &software.distribution, software.outdated)
}
