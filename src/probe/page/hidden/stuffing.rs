//! Links stuffed into attributes, hidden inputs and data, where only programs read them.

use std::collections::HashSet;

use url::Url;

use super::{
    host::{Hosts, Whose, registrable},
    list,
    weigh::Away,
};
use crate::markup::resolve;

/// Bytes of a value below which it holds no three addresses.
pub(super) const SHORTEST: usize = 60;
/// Bytes of a value that are read, and addresses in it.
const MOST_BYTES: usize = 64 << 10;
const MOST: usize = 200;
/// Other sites that one value must name.
const LEAST: usize = 3;

/// The first address of a value that holds links to several strangers, and how many there are; `markup` where anchors must
/// be written out, else words must tell.
pub(super) fn stuffed(value: &str, hosts: &Hosts) -> Option<(Away, u32)> {
    let value = &value[..value.floor_char_boundary(MOST_BYTES)];
    if value.len() < SHORTEST || value.matches("://").take(LEAST).count() < LEAST {
        return None;
    }
    let value = resolve(value).replace("\\/", "/");
    let mut names: HashSet<String> = HashSet::new();
    let mut first: Option<Url> = None;
    for (at, _) in value.match_indices("://").take(MOST) {
        let Some(url) = address(&value, at) else { continue };
        let host = url.host_str().unwrap_or_default();
        if hosts.whose(host) != Whose::Unknown || is_file(&url) {
            continue;
        }
        names.insert(registrable(host).to_owned());
        first = first.or(Some(url));
    }
    let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
    let unlike = list::is_unlike(&value);
    // data of a list that a script shows hold addresses too: without anchors the words must tell
    let anchors = value.matches("<a ").take(LEAST).count() >= LEAST;
    let told = names.len() >= LEAST && (unlike || anchors);
    let url = first.filter(|_| told)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    Some((Away { target: url.into(), host, unlike, ..Away::default() }, count - 1))
}

/// The address around a `://`.
fn address(value: &str, at: usize) -> Option<Url> {
    let scheme = value.get(..at)?;
    let before = scheme.strip_suffix("https").or_else(|| scheme.strip_suffix("http"))?;
    let rest = value.get(before.len()..)?;
    let ends = |char: char| char.is_whitespace() || "\"'<>,;|\\)]}".contains(char);
    let length = rest.find(ends).unwrap_or(rest.len());
    Url::parse(rest.get(..length)?).ok()
}

/// What is loaded, not what is linked to.
fn is_file(url: &Url) -> bool {
    let ending = url.path().rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let files = [
        "jpg", "jpeg", "png", "gif", "webp", "svg", "css", "js", "mp4", "m3u8", "flv", "mp3",
        "json",
    ];
    files.contains(&ending.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuffs(value: &str) -> bool {
        stuffed(value, &Hosts::of("www.a.gov.cn")).is_some()
    }

    #[test]
    fn anchors_to_strangers_are_told_and_lists_of_data_are_not() {
        let list = |from: &str, to: &str| {
            (0..4).map(|n| format!("{from}http://www.b{n}.example/x{to}")).collect::<String>()
        };
        assert!(stuffs(&list("<a href='", "'>x</a> ")));
        assert!(stuffs(&list("&lt;a href=&quot;", "&quot;&gt;x&lt;/a&gt; ")));
        assert!(stuffs(&list("{\"\u{535a}\u{5f69}\":\"", "\"},")));
        assert!(stuffs(&list("\u{535a}\u{5f69} http:\\/\\/www.c.example ", " ")));
        assert!(!stuffs(&list("{\"name\":\"x\",\"url\":\"", "\"},")));
        assert!(!stuffs(&list("<a href='", ".jpg'>x</a> ")));
        assert!(!stuffs(
            "<a href='http://c.a.gov.cn/'><a href='http://d.a.gov.cn/'><a href='http://b.example/'>"
        ));
        assert!(!stuffs(&"://".repeat(100)));
    }
}
