//! The forms that values of the register have: ids, codes, dates, addresses; each says what is wrong and how it goes.

use std::net::IpAddr;

use chrono::{NaiveDate, NaiveDateTime};
use url::{Host, Url};

use super::is_hidden;
use crate::yaml::{Node, Problems, Value, list, text};

/// Text that is not empty, outer spaces left off.
pub(super) fn words(node: &Node, what: &str, problems: &mut Problems) -> Option<String> {
    let found = text(node, what, problems)?;
    // told already, and not to be repeated into a terminal
    if found.chars().any(is_hidden) {
        return None;
    }
    let trimmed = found.trim();
    if trimmed.is_empty() {
        problems.add(
            node.place,
            format!("`{what}` is empty"),
            "write something, or leave the field out",
        );
        return None;
    }
    Some(trimmed.to_owned())
}

/// Text that may have several lines; nothing where it is empty.
pub(super) fn prose(node: &Node, what: &str, problems: &mut Problems) -> Option<String> {
    let found = text(node, what, problems)?;
    Some(found.trim().to_owned()).filter(|trimmed| !trimmed.is_empty())
}

/// A list of texts; a single text is a list of one.
pub(super) fn many(node: Option<&Node>, what: &str, problems: &mut Problems) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    if matches!(node.value, Value::List(_)) {
        let items = list(node, what, problems).unwrap_or_default();
        return items.iter().filter_map(|item| words(item, what, problems)).collect();
    }
    words(node, what, problems).into_iter().collect()
}

/// A value of which a test knows whether it has the right form.
pub(super) fn formed(
    node: &Node,
    what: &str,
    is_right: impl Fn(&str) -> bool,
    hint: &str,
    problems: &mut Problems,
) -> Option<String> {
    let found = words(node, what, problems)?;
    if is_right(&found) {
        return Some(found);
    }
    problems.add(node.place, format!("`{found}` is no {what}"), hint);
    None
}

/// A stable id: it stands in commands and file names.
pub(super) fn id(node: &Node, problems: &mut Problems) -> Option<String> {
    let fits = |text: &str| {
        let plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
        };
        text.len() <= 64
            && text.bytes().all(plain)
            && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
    };
    formed(node, "id", fits, "small letters, digits and hyphens, 64 at most", problems)
}

/// A six-digit division code (GB/T 2260).
pub(super) fn division(node: &Node, problems: &mut Problems) -> Option<String> {
    formed(node, "division code", |text| digits(text, 6), "six digits, such as 411600", problems)
}

/// A site identification code (网站标识码): ten digits, or `bm` and eight (regulations §3.2).
pub(super) fn site_code(node: &Node, problems: &mut Problems) -> Option<String> {
    let fits = |text: &str| {
        digits(text, 10) || text.strip_prefix("bm").is_some_and(|rest| digits(rest, 8))
    };
    formed(node, "site identification code", fits, "ten digits, or bm and eight digits", problems)
}

fn digits(text: &str, number: usize) -> bool {
    text.len() == number && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A registered English name or abbreviation, as it stands in a domain.
pub(super) fn english(node: Option<&Node>, problems: &mut Problems) -> Vec<String> {
    let found = many(node, "english", problems);
    let fits = |label: &String| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        label.len() <= 63 && label.bytes().all(plain)
    };
    if let Some((node, wrong)) = node.zip(found.iter().find(|label| !fits(label))) {
        problems.add(
            node.place,
            format!("`{wrong}` cannot stand in a domain"),
            "small letters, digits and hyphens",
        );
    }
    found
}

/// A day, written 2026-12-04.
pub(super) fn day(node: &Node, what: &str, problems: &mut Problems) -> Option<NaiveDate> {
    let found = words(node, what, problems)?;
    let date = NaiveDate::parse_from_str(&found, "%Y-%m-%d").ok().filter(|_| found.len() == 10);
    if date.is_none() {
        problems.add(node.place, format!("`{found}` is no date"), "write it as 2026-12-04");
    }
    date
}

/// A moment, written 2026-12-04 22:00 (Asia/Shanghai).
pub(super) fn moment(node: &Node, what: &str, problems: &mut Problems) -> Option<NaiveDateTime> {
    let found = words(node, what, problems)?;
    let forms = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
    let moment = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(&found, form).ok());
    if moment.is_none() {
        problems.add(node.place, format!("`{found}` is no moment"), "write it as 2026-12-04 22:00");
    }
    moment
}

/// An http or https address with a host.
pub(super) fn web(node: &Node, what: &str, problems: &mut Problems) -> Option<Url> {
    let found = words(node, what, problems)?;
    let mut wrong = |said: String, hint: String| {
        problems.add(node.place, said, hint);
        None
    };
    let url = match Url::parse(&found) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) if !found.starts_with('/') => {
            return wrong(
                format!("`{found}` is no address"),
                format!("did you mean `https://{found}`?"),
            );
        }
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            return wrong(
                format!("`{found}` is no address"),
                "write it whole, with https:// and the host".to_owned(),
            );
        }
        Err(error) => return wrong(format!("`{found}` is no address: {error}"), String::new()),
    };
    if !matches!(url.scheme(), "http" | "https") {
        let hint = "an address begins with http:// or https://".to_owned();
        return wrong(format!("`{found}` is neither http nor https"), hint);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong(
            format!("`{what}` carries a user name or a password"),
            "leave them out".to_owned(),
        );
    }
    url.host_str().is_some_and(|host| !host.is_empty()).then_some(url)
}

/// A domain name in ASCII.
pub(super) fn host(node: &Node, written: &str, problems: &mut Problems) -> Option<String> {
    let bare = written.strip_suffix('.').unwrap_or(written);
    if bare.contains(['/', ':', '@']) {
        problems.add(
            node.place,
            format!("`{written}` is no domain name"),
            "write the name alone, without http:// and port",
        );
        return None;
    }
    match Host::parse(bare) {
        Ok(Host::Domain(ascii)) if is_dns(&ascii) => Some(ascii),
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) => {
            problems.add(node.place, format!("`{written}` is an address, not a domain name"), "");
            None
        }
        _ => {
            problems.add(
                node.place,
                format!("`{written}` is no domain name"),
                "such as www.zhoukou.gov.cn",
            );
            None
        }
    }
}

fn is_dns(ascii: &str) -> bool {
    let fits = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    ascii.len() <= 253 && ascii.contains('.') && ascii.split('.').all(fits)
}

/// An e-mail address in its plain form (RFC 5321, without quotes and comments).
pub(super) fn email(node: &Node, problems: &mut Problems) -> Option<String> {
    let fits = |text: &str| {
        let Some((local, domain)) = text.rsplit_once('@') else { return false };
        let atom =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
        let local = (1..=64).contains(&local.len())
            && local.bytes().all(atom)
            && !(local.starts_with('.') || local.ends_with('.') || local.contains(".."));
        local && is_dns(domain) && !domain.contains('_')
    };
    formed(node, "e-mail address", fits, "such as zhangsan@zhoukou.gov.cn", problems)
}

/// A telephone number.
pub(super) fn phone(node: &Node, problems: &mut Problems) -> Option<String> {
    let plain = |character: char| character.is_ascii_digit() || "+-() ".contains(character);
    let fits = |text: &str| {
        text.chars().all(plain) && text.chars().any(|character| character.is_ascii_digit())
    };
    formed(node, "telephone number", fits, "such as 0394-8276078", problems)
}

/// A range of addresses, written 10.0.0.0/8.
pub(super) fn range(node: &Node, problems: &mut Problems) -> Option<String> {
    let fits = |text: &str| {
        let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
        let Ok(address) = address.parse::<IpAddr>() else { return false };
        let width: u8 = if address.is_ipv4() { 32 } else { 128 };
        prefix.is_empty() && !text.contains('/')
            || prefix.parse::<u8>().is_ok_and(|bits| bits <= width)
    };
    formed(node, "range of addresses", fits, "write it as 10.0.0.0/8", problems)
}
