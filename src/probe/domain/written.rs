//! Reading a name as people write it: scheme, port, full-width dots, capitals, addresses, both forms of a label.

use std::{borrow::Cow, net::Ipv6Addr};

use url::Host;

use super::script;

/// Longest label and longest name in ASCII (RFC 1035 §2.3.4, without the root).
const LONGEST_LABEL: usize = 63;
const LONGEST_NAME: usize = 253;

/// Dots of other scripts that UTS #46 takes as dots.
const DOTS: [char; 4] = ['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'];

/// A name that was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Written<'w> {
    /// Labels in ASCII as far as they could be mapped, joined by dots; the canonical text of an address.
    pub(super) ascii: Cow<'w, str>,
    /// The same in Unicode.
    pub(super) unicode: Cow<'w, str>,
    /// It is an IP address.
    pub(super) address: bool,
    /// 0 where none is written.
    pub(super) port: u16,
    /// Defects of form.
    pub(super) defects: Vec<&'static str>,
    /// Capital letters.
    pub(super) upper_case: bool,
    /// A trailing dot.
    pub(super) trailing_dot: bool,
}

impl Written<'_> {
    /// Whether the name could stand in the DNS at all.
    pub(super) fn is_name(&self) -> bool {
        const FATAL: [&str; 4] = ["empty", "bad-label", "too-long", "punycode-invalid"];
        !self.defects.iter().any(|defect| FATAL.contains(defect))
    }

    fn flaw(&mut self, defect: &'static str) {
        if !self.defects.contains(&defect) {
            self.defects.push(defect);
        }
    }
}

/// Reads a name, a host with a port, or a whole URL. Never fails: what is wrong stands in the defects.
pub(super) fn read(written: &str) -> Written<'_> {
    let mut name = Written::default();
    let (scheme, host) = host_of(written.trim());
    if bracketed(host, &mut name).is_none() {
        let host = with_port(host, &mut name);
        let dotless = host.strip_suffix(DOTS);
        name.trailing_dot = dotless.is_some();
        labels(dotless.unwrap_or(host), &mut name);
    }
    // the scheme's own port is as good as none
    if matches!((scheme.to_ascii_lowercase().as_str(), name.port), ("http", 80) | ("https", 443)) {
        name.port = 0;
    }
    name
}

/// The scheme, empty where none is, and the part between it and the path, without a user.
fn host_of(written: &str) -> (&str, &str) {
    let (scheme, rest) = written.split_once("://").unwrap_or(("", written));
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    (scheme, host.rsplit_once('@').map_or(host, |(_, host)| host))
}

/// `[::1]:8080`, and the bare `::1`.
fn bracketed(host: &str, name: &mut Written<'_>) -> Option<()> {
    let (inner, after) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None if host.bytes().filter(|byte| *byte == b':').count() > 1 => (host, ""),
        None => return None,
    };
    let address: Ipv6Addr = inner.parse().ok()?;
    name.address = true;
    name.ascii = Cow::Owned(address.to_string());
    name.unicode = name.ascii.clone();
    match after.strip_prefix(':') {
        Some(port) => take_port(port, name),
        None if after.is_empty() => {}
        None => name.flaw("bad-label"),
    }
    Some(())
}

fn with_port<'h>(host: &'h str, name: &mut Written<'_>) -> &'h str {
    let Some((host, port)) = host.rsplit_once([':', '\u{ff1a}']) else { return host };
    take_port(port, name);
    host
}

fn take_port(port: &str, name: &mut Written<'_>) {
    match port.parse() {
        Ok(port) if port > 0 => name.port = port,
        _ if port.is_empty() => {}
        _ => name.flaw("bad-port"),
    }
}

fn labels<'w>(host: &'w str, name: &mut Written<'w>) {
    let plain = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
    };
    if host.bytes().all(plain) && !host.contains("xn--") {
        // the common case: nothing to map
        name.ascii = Cow::Borrowed(host);
        name.unicode = Cow::Borrowed(host);
    } else {
        name.upper_case = host.chars().any(char::is_uppercase);
        let (mut ascii, mut unicode) = (String::new(), String::new());
        for (number, label) in host.split(DOTS).enumerate() {
            if number > 0 {
                ascii.push('.');
                unicode.push('.');
            }
            let (mapped, readable) = map(label, name);
            ascii.push_str(&mapped);
            unicode.push_str(&readable);
        }
        name.ascii = Cow::Owned(ascii);
        name.unicode = Cow::Owned(unicode);
    }
    let ascii = std::mem::take(&mut name.ascii);
    check(&ascii, name);
    name.ascii = ascii;
    if ends_in_a_number(&name.ascii) {
        match Host::parse(&name.ascii) {
            Ok(Host::Ipv4(address)) => {
                name.address = true;
                name.ascii = Cow::Owned(address.to_string());
                name.unicode = name.ascii.clone();
            }
            _ => name.flaw("bad-label"),
        }
    }
}

/// Both forms of one label; what cannot be mapped stays as written, in lower case.
fn map(label: &str, name: &mut Written<'_>) -> (String, String) {
    let lower = label.to_lowercase();
    if let Some(code) = lower.strip_prefix("xn--") {
        let (readable, outcome) = idna::domain_to_unicode(&lower);
        if outcome.is_err() || code.is_empty() || readable.is_ascii() {
            name.flaw("punycode-invalid");
            return (lower.clone(), lower);
        }
        scripts(&readable, name);
        return (lower, readable);
    }
    if lower.is_ascii() {
        return (lower.clone(), lower);
    }
    if label.chars().any(script::is_full_width) {
        name.flaw("confusable");
    }
    match idna::domain_to_ascii(&lower) {
        Ok(ascii) => {
            let readable = idna::domain_to_unicode(&ascii).0;
            scripts(&readable, name);
            (ascii, readable)
        }
        Err(_) => {
            name.flaw("bad-label");
            (lower.clone(), lower)
        }
    }
}

fn scripts(label: &str, name: &mut Written<'_>) {
    if script::is_mixed(label) {
        name.flaw("mixed-script");
    }
    if script::is_confusable(label) {
        name.flaw("confusable");
    }
}

fn check(ascii: &str, name: &mut Written<'_>) {
    if ascii.len() > LONGEST_NAME {
        name.flaw("too-long");
    }
    for label in ascii.split('.') {
        let bytes = label.as_bytes();
        let odd = |byte: &u8| {
            !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
        };
        if bytes.is_empty() {
            name.flaw("empty");
        } else if bytes.len() > LONGEST_LABEL {
            name.flaw("too-long");
        } else if bytes.iter().any(odd) || bytes.starts_with(b"-") || bytes.ends_with(b"-") {
            name.flaw("bad-label");
        } else if bytes.contains(&b'_') {
            name.flaw("underscore");
        }
    }
}

/// What the URL standard takes as an IPv4 address, however oddly written: `0x7f.1`, `2130706433`.
fn ends_in_a_number(ascii: &str) -> bool {
    let last = ascii.rsplit('.').next().unwrap_or_default();
    let hex = last.strip_prefix("0x");
    hex.map_or_else(
        || !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()),
        |digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_whatever_surrounds_it() {
        for written in [
            "czj.zhoukou.gov.cn",
            " https://CZJ.zhoukou.gov.cn:8443/a?b#c ",
            "czj。zhoukou．gov.cn.",
            "user@czj.zhoukou.gov.cn",
        ] {
            let name = read(written);
            assert_eq!(name.ascii, "czj.zhoukou.gov.cn", "{written}");
            assert!(name.is_name() && name.defects.is_empty(), "{name:?}");
        }
        assert_eq!(read("x.gov.cn:8443").port, 8443);
        assert_eq!((read("https://x.gov.cn:443/").port, read("x.gov.cn:443").port), (0, 443));
        assert!(read("x.gov.cn.").trailing_dot && read("X.gov.cn").upper_case);
    }

    #[test]
    fn addresses_are_known_in_every_dress() {
        for (written, address) in [
            ("127.0.0.1", "127.0.0.1"),
            ("0x7f.1:80", "127.0.0.1"),
            ("2130706433", "127.0.0.1"),
            ("１２７.0.0.1", "127.0.0.1"),
            ("[::1]:8080", "::1"),
            ("2001:db8::1", "2001:db8::1"),
        ] {
            let name = read(written);
            assert!(name.address, "{written}: {name:?}");
            assert_eq!(name.ascii, address, "{written}");
        }
        assert!(!read("999.1.1.1").address);
    }

    #[test]
    fn defects_are_named() {
        let long = format!("{}.gov.cn", "a".repeat(64));
        for (written, defect) in [
            ("", "empty"),
            ("a..gov.cn", "empty"),
            ("-a.gov.cn", "bad-label"),
            ("a b.gov.cn", "bad-label"),
            ("a_b.gov.cn", "underscore"),
            (long.as_str(), "too-long"),
            ("xn--.gov.cn", "punycode-invalid"),
            ("xn--99999999999.gov.cn", "punycode-invalid"),
            ("www.zhоukou.gov.cn", "mixed-script"),
            ("ｗｗｗ.zhoukou.gov.cn", "confusable"),
            ("x.gov.cn:99999", "bad-port"),
        ] {
            assert!(read(written).defects.contains(&defect), "{written}: {:?}", read(written));
        }
    }
}
