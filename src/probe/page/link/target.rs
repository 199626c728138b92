//! Where addresses lead that are scripts or refreshes.

use std::borrow::Cow;

/// The script of a `javascript:` address.
pub(super) fn script_address(href: &str) -> Option<&str> {
    let href = href.trim_ascii_start();
    let scheme = "javascript:";
    let is = href.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme));
    is.then(|| &href[scheme.len()..])
}

/// `%27` and the like in the script of an address.
pub(super) fn percent_decoded(script: &str) -> Cow<'_, str> {
    if !script.contains('%') {
        return Cow::Borrowed(script);
    }
    let mut bytes = Vec::with_capacity(script.len());
    let mut rest = script;
    while let Some(at) = rest.find('%') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        match rest.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[2..];
            }
            None => bytes.push(b'%'),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// Where a refresh leads; `None` when the page only loads itself again.
pub(super) fn refreshes_to(content: &str) -> Option<&str> {
    let rest = content.trim_ascii_start();
    let rest = rest.trim_start_matches(|char: char| char.is_ascii_digit() || char == '.');
    let rest = rest.trim_ascii_start();
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_ascii_start();
    let named = rest.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("url"));
    let after = named.then(|| rest[3..].trim_ascii_start().strip_prefix('=')).flatten();
    let address = after.map_or(rest, str::trim_ascii_start);
    for quote in ['"', '\''] {
        if let Some(quoted) = address.strip_prefix(quote) {
            return Some(quoted.split(quote).next().unwrap_or(quoted));
        }
    }
    (!address.is_empty()).then_some(address)
}
