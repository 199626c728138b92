//! The shape of an address: what is left of it when numbers and keys are not told apart.

use url::{Position, Url};

/// Length from which on hexadecimal digits, one decimal at least, are a key.
const KEY: usize = 16;
/// How often a segment may stand in a path; one of digits alone (a day, a month) oftener.
const MOST_WORDS: usize = 2;
const MOST_NUMBERS: usize = 4;

/// Writes the shape of an address: numbers become `0`, long hexadecimal keys `h`; HTTP and HTTPS are one.
pub(super) fn shape(url: &Url, written: &mut Vec<u8>) {
    written.clear();
    let target = url[Position::BeforeHost..Position::AfterQuery].as_bytes();
    for run in target.chunk_by(|a, b| a.is_ascii_hexdigit() == b.is_ascii_hexdigit()) {
        if is_key(run) {
            written.push(b'h');
            continue;
        }
        for part in run.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
            match part.first() {
                Some(first) if first.is_ascii_digit() => written.push(b'0'),
                _ => written.extend(part),
            }
        }
    }
}

fn is_key(run: &[u8]) -> bool {
    run.len() >= KEY && run.iter().all(u8::is_ascii_hexdigit) && run.iter().any(u8::is_ascii_digit)
}

/// Writes path and query without the folders that look like a session: sixteen letters and digits or more, both. False
/// when there is none.
pub(super) fn without_tokens(url: &Url, written: &mut Vec<u8>) -> bool {
    written.clear();
    let mut found = false;
    let mut segments = url.path().split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        written.push(b'/');
        if segments.peek().is_some() && is_token(segment.as_bytes()) {
            found = true;
        } else {
            written.extend(segment.as_bytes());
        }
    }
    written.push(b'?');
    written.extend(url.query().unwrap_or_default().as_bytes());
    found
}

fn is_token(segment: &[u8]) -> bool {
    segment.len() >= KEY
        && segment.iter().all(u8::is_ascii_alphanumeric)
        && segment.iter().any(u8::is_ascii_digit)
        && segment.iter().any(u8::is_ascii_alphabetic)
}

/// Whether a path goes in circles: one segment three times, or two in turn twice, as a link without its leading slash makes
/// where every address is answered.
pub(super) fn repeats(path: &str) -> bool {
    let segments = || path.split('/').filter(|segment| !segment.is_empty());
    let is_number = |segment: &str| segment.bytes().all(|byte| byte.is_ascii_digit());
    let often = segments().any(|segment| {
        let most = if is_number(segment) { MOST_NUMBERS } else { MOST_WORDS };
        segments().filter(|other| *other == segment).count() > most
    });
    let pairs = segments().zip(segments().skip(1));
    let turns = segments().skip(2).zip(segments().skip(3));
    often
        || pairs.zip(turns).any(|(pair, next)| {
            pair == next && pair.0 != pair.1 && !(is_number(pair.0) && is_number(pair.1))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("http://a.cn").unwrap().join(path).unwrap()
    }

    #[test]
    fn numbers_and_keys_are_not_told_apart() {
        let of = |path: &str| {
            let mut written = Vec::new();
            shape(&url(path), &mut written);
            String::from_utf8(written).unwrap()
        };
        assert_eq!(of("/art/2026/11/t20261122_41.html"), "a.cn/art/0/0/t0_0.html");
        assert_eq!(
            of("/page_pc/x1/article0f1e2d3c4b5a69788796a5b4c3d2e1f0.html"),
            "a.cn/page_pc/x0/articlh.html"
        );
        assert_eq!(of("/v.jsp?id=12&k=deadbeef"), "a.cn/v.jsp?id=0&k=deadbeef");
    }

    #[test]
    fn folders_that_look_like_a_session_are_taken_out() {
        let of = |path: &str| {
            let mut written = Vec::new();
            let found = without_tokens(&url(path), &mut written);
            (found, String::from_utf8(written).unwrap())
        };
        assert_eq!(of("/s/A9f8b7c6d5e4f3a2b1/i.html?x"), (true, "/s//i.html?x".to_owned()));
        assert!(!of("/content/0f1e2d3c4b5a69788796a5b4c3d2e1f0").0, "the last is the page's own");
        assert!(!of("/xinxigongkaimulu/1234567890123456/").0);
    }

    #[test]
    fn circles_are_known() {
        for path in ["/news/news/news/", "/a/b/a/b/x", "/x/a/y/a/z/a", "/1/1/1/1/1"] {
            assert!(repeats(path), "{path}");
        }
        for path in
            ["/", "/a/a", "/2011/11/11/11.html", "/art/2026/11/11/art_11_11.html", "/a/b/c/a"]
        {
            assert!(!repeats(path), "{path}");
        }
    }
}
