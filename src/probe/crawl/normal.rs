//! One address for one page: fragments, default ports, session ids and tracking marks do not make another page.
//!
//! # Decisions
//!
//! 2026-11-24: `#!/…` goes as every fragment does: it is never sent, so the server answers each of them with the same page,
//! and without running scripts they are one. `index.html` and its like stay, and so do double slashes and the order of
//! parameters: nothing proves that a server answers the same without them.

use std::borrow::Cow;

use url::{Host, Url};

use super::list::LIST;

/// Longest address of a page, in bytes.
const LONGEST: usize = 2_000;

/// The address under which a page is known; `None` for what no page can have (another scheme, too long).
///
/// The normal form of a normal form is itself.
pub fn normal(url: &Url) -> Option<Url> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let mut url = url.clone();
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    if let Some(Host::Domain(host)) = url.host() {
        let bare = host.strip_suffix('.').unwrap_or(host);
        if bare.split('.').any(str::is_empty) {
            return None;
        }
        if bare.len() < host.len() {
            let bare = bare.to_owned();
            url.set_host(Some(&bare)).ok()?;
        }
    }
    if url.path().contains(['%', ';', '(']) {
        let path = path(url.path());
        if path != url.path() {
            url.set_path(&path);
        }
    }
    if let Some(written) = url.query() {
        let query = query(written);
        if query != written {
            url.set_query((!query.is_empty()).then_some(&query));
        } else if written.is_empty() {
            url.set_query(None);
        }
    }
    (url.as_str().len() <= LONGEST).then_some(url)
}

/// The path without sessions, each piece in its plainest writing.
///
/// Pieces end at `/` and `;`, which decoding never makes, so that what is left out leaves nothing new to be found.
fn path(written: &str) -> String {
    let mut kept = String::with_capacity(written.len());
    for segment in written.split('/').skip(1) {
        let from = kept.len();
        kept.push('/');
        for (number, piece) in segment.split(';').enumerate() {
            let piece = plainest(piece);
            if number == 0 {
                kept.push_str(&piece);
            } else if !LIST.is_session(&piece) {
                kept.push(';');
                kept.push_str(&piece);
            }
        }
        if kept.get(from + 1..).is_some_and(|segment| LIST.is_session_segment(segment)) {
            kept.truncate(from);
        }
    }
    if kept.is_empty() {
        kept.push('/');
    }
    kept
}

/// The query without what does not make another page, its order kept.
fn query(written: &str) -> String {
    let mut kept = String::with_capacity(written.len());
    for pair in written.split('&').filter(|pair| !pair.is_empty()) {
        let pair = plainest(pair);
        if LIST.is_noise(&pair) {
            continue;
        }
        if !kept.is_empty() {
            kept.push('&');
        }
        kept.push_str(&pair);
    }
    kept
}

/// A piece with unreserved characters decoded and hexadecimal digits in upper case (RFC 3986, 6.2.2).
///
/// A piece with a `%` that begins no escape stays as it is: decoding beside it could make a new escape.
fn plainest(piece: &str) -> Cow<'_, str> {
    let mut parts = piece.split('%');
    let first = parts.next().unwrap_or_default();
    if first.len() == piece.len() {
        return Cow::Borrowed(piece);
    }
    let mut plain = String::with_capacity(piece.len());
    plain.push_str(first);
    for part in parts {
        let (Some(digits), Some(rest)) = (part.get(..2), part.get(2..)) else {
            return Cow::Borrowed(piece);
        };
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Cow::Borrowed(piece);
        }
        match u8::from_str_radix(digits, 16) {
            Ok(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                plain.push(char::from(byte));
            }
            _ => {
                plain.push('%');
                plain.extend(digits.chars().map(|digit| digit.to_ascii_uppercase()));
            }
        }
        plain.push_str(rest);
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> String {
        normal(&text.parse().unwrap()).map_or_else(|| "none".to_owned(), String::from)
    }

    #[test]
    fn one_page_has_one_address() {
        for (written, want) in [
            ("HTTP://WWW.A.gov.CN:80", "http://www.a.gov.cn/"),
            ("https://a.cn.:443/x#!/list/3", "https://a.cn/x"),
            ("http://me:secret@a.cn/./b/../c?", "http://a.cn/c"),
            (
                "http://a.cn/%7euser/%e4%b8%ad%2f?q=%b0%a1%41",
                "http://a.cn/~user/%E4%B8%AD%2F?q=%B0%A1A",
            ),
            ("http://a.cn/i.jsp;jsessionid=A1?b=2&a=1", "http://a.cn/i.jsp?b=2&a=1"),
            ("http://a.cn/i;JSESSIONID=A1;v=2/x", "http://a.cn/i;v=2/x"),
            ("http://a.cn/(S(lit3py55t21z5v55vlm25s55))/d.aspx", "http://a.cn/d.aspx"),
            ("http://a.cn/?PHPSESSID=1&utm_source=wx&&id=3&_=99", "http://a.cn/?id=3"),
            ("http://a.cn/?jsession%69d=1", "http://a.cn/"),
            ("http://a.cn/?t=1700000000&rand=0.8811", "http://a.cn/"),
            ("ftp://a.cn/", "none"),
            ("http://a..cn/", "none"),
            ("http://./", "none"),
        ] {
            assert_eq!(of(written), want, "{written}");
        }
    }

    #[test]
    fn what_may_be_another_page_stays_another_address() {
        for address in [
            "http://a.cn/index.html",
            "http://a.cn//a//b/",
            "http://a.cn/?b=1&a=2",
            "http://a.cn/?a=",
            "http://a.cn/?t=3&sid=12&from=2",
            "http://a.cn/100%?q=50%",
            "http://a.cn:8080/",
            "http://a.cn/Default.aspx?ID=A",
        ] {
            assert_eq!(of(address), address);
        }
    }

    #[test]
    fn an_address_ends_at_two_thousand_bytes() {
        let long = |count| format!("http://a.cn/{}", "a".repeat(count));
        assert_eq!(of(&long(1_988)).len(), 2_000);
        assert_eq!(of(&long(1_989)), "none");
        assert_eq!(of(&format!("http://a.cn/#{}", "a".repeat(3_000))), "http://a.cn/");
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own(
            host in r"([a-z0-9%.-]{1,12}|[0-9.]{1,9}|a\.cn)\.?",
            rest in r"(/|;|%|\?|&|=|#|\.|\.\.|\(S\(|\)\)|jsessionid=|%6a|%2e|%41|%3b|[a-z0-9%中 '\\]|_=1|:){0,24}",
        ) {
            let Ok(url) = Url::parse(&format!("http://{host}/{rest}")) else { return Ok(()) };
            if let Some(once) = normal(&url) {
                prop_assert_eq!(normal(&once), Some(once.clone()));
                let bare = url.host_str().map(|host| host.trim_end_matches('.'));
                prop_assert_eq!(once.host_str(), bare);
                prop_assert_eq!(once.port(), url.port());
            }
        }

        #[test]
        fn any_text_is_survived(text in r"https?://\PC{0,60}") {
            if let Ok(url) = Url::parse(&text) && let Some(once) = normal(&url) {
                prop_assert_eq!(normal(&once), Some(once.clone()));
            }
        }
    }
}
