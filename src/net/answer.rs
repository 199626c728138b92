//! What the head of an answer says: where to, when again, of what kind.

use std::{borrow::Cow, time::Duration};

use hyper::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, DATE, HeaderValue, LOCATION, RETRY_AFTER, SET_COOKIE},
};
use url::Url;
use xuncha_model::{Reason, facts::http::Header};

use crate::{Fault, cookies};

/// Bytes of a header value that are kept.
const MAX_VALUE: usize = 4 << 10;

/// Whether a status sends us elsewhere.
pub(crate) fn redirects(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect from `url` leads.
pub(crate) fn redirect(url: &Url, status: StatusCode, headers: &HeaderMap) -> Result<Url, Fault> {
    let Some(location) = headers.get(LOCATION) else {
        return Err(Fault::new(Reason::RedirectBad, format!("{status} without a Location")));
    };
    let location = String::from_utf8_lossy(location.as_bytes());
    let bad = || Fault::new(Reason::RedirectBad, format!("to `{}`", cut(&location)));
    let mut next = url.join(location.trim()).map_err(|_| bad())?;
    if !matches!(next.scheme(), "http" | "https") || next.host_str().is_none() {
        return Err(bad());
    }
    // credentials in a redirect are never sent; both setters fail only without a host
    let _ = next.set_username("");
    let _ = next.set_password(None);
    Ok(next)
}

/// `Location` as it was sent; empty when it was not.
pub(crate) fn location(headers: &HeaderMap) -> String {
    headers.get(LOCATION).map_or_else(String::new, |value| cut(&text(value)))
}

/// Seconds, or a date counted from the answer's own `Date`.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| chrono::DateTime::parse_from_rfc2822(text).ok();
    let now = date(headers.get(DATE)?.to_str().ok()?)?;
    (date(value)? - now).to_std().ok()
}

/// Whether the answer says that its body is a text that pages are made of, or says nothing of it.
pub(crate) fn is_text(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE) else { return true };
    let kind = kind.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let kind = String::from_utf8_lossy(kind).to_ascii_lowercase();
    let Some((family, name)) = kind.split_once('/') else { return true };
    match family {
        "text" => matches!(name, "html" | "plain" | "xml" | "css" | "javascript" | "json"),
        "application" => {
            matches!(name, "json" | "javascript" | "x-javascript" | "ecmascript" | "xml")
                || name.ends_with("+xml")
                || name.ends_with("+json")
        }
        _ => false,
    }
}

/// The headers as they are reported: names in lower case, values cut, cookies without theirs.
pub(crate) fn kept(headers: &HeaderMap) -> Vec<Header> {
    let kept = headers.iter().map(|(name, value)| {
        let text = text(value);
        let value =
            if name == SET_COOKIE { cut(&cookies::without_value(&text)) } else { cut(&text) };
        Header { name: name.as_str().to_owned(), value }
    });
    kept.collect()
}

/// Valid UTF-8 without U+0000.
fn text(value: &HeaderValue) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(value.as_bytes());
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text }
}

/// At most 4 KiB, cut between characters.
fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_VALUE)].to_owned()
}
