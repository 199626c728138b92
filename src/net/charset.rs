//! Bytes to text: what the page declares, unless its bytes say otherwise.
//!
//! Order: byte order mark, `charset` of the header, `<meta>`, then a guess for the `cn` domain. A declaration that the
//! bytes contradict is overruled, because many old pages were moved between GBK and UTF-8 without being relabelled.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How far into the page a `<meta>` is looked for. Standards say 1 KiB, real pages need more.
const PRESCAN: usize = 8 << 10;

/// A body as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Valid UTF-8 without U+0000 (threats.md T12).
    pub text: String,
    /// WHATWG name of the charset it was decoded with.
    pub encoding: &'static str,
    /// The label that was declared, lower case; empty when none was, or none that WHATWG knows.
    pub declared: String,
}

/// Decodes a body; `content_type` is the header's value.
pub fn decode(body: &[u8], content_type: Option<&str>) -> Decoded {
    let declared = content_type
        .and_then(|value| label_in(value.as_bytes()))
        .map(|label| (label.clone(), Encoding::for_label(label.as_bytes())))
        .filter(|(_, encoding)| encoding.is_some())
        .or_else(|| from_meta(&body[..body.len().min(PRESCAN)]));
    let (label, declared) = declared.unwrap_or_default();
    let as_utf8 = || {
        // where nothing is declared, a guess comes to the same, and takes twenty times as long
        let maybe = declared.map_or_else(|| !body.is_ascii(), |declared| declared == UTF_8);
        let plain = maybe && Encoding::for_bom(body).is_none();
        plain.then(|| UTF_8.decode_without_bom_handling_and_without_replacement(body))?
    };
    let (text, encoding) = match as_utf8() {
        // most pages are what they say: one pass over them tells
        Some(text) => (text, UTF_8),
        None => {
            // a byte order mark wins inside `decode`, too
            let (text, encoding, _) = choose(body, declared).decode(body);
            (text, encoding)
        }
    };
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.into_owned() };
    Decoded { text, encoding: encoding.name(), declared: label }
}

/// Text in the bytes of a charset, as a form sends it: UTF-8 where the label is none that WHATWG knows.
pub fn encode<'t>(text: &'t str, label: &str) -> Cow<'t, [u8]> {
    Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8).encode(text).0
}

fn choose(body: &[u8], declared: Option<&'static Encoding>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return encoding;
    }
    match declared {
        Some(encoding) if encoding == UTF_8 && !mostly_utf8(body) => guess(body),
        Some(encoding) if encoding != UTF_8 && !body.is_ascii() && valid_utf8(body) => UTF_8,
        Some(encoding) => encoding,
        None => guess(body),
    }
}

fn guess(body: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(body, true);
    detector.guess(Some(b"cn"), Utf8Detection::Allow)
}

/// Valid, or cut in the middle of the last character.
fn valid_utf8(body: &[u8]) -> bool {
    match std::str::from_utf8(body) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    }
}

/// Fewer than one broken sequence to ten characters outside ASCII: a cut word, not another charset.
fn mostly_utf8(body: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in body.utf8_chunks() {
        good += chunk.valid().chars().filter(|char| !char.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || bad * 10 <= good || (good == 0 && bad == 1 && valid_utf8(body))
}

/// The label after `charset=`, quotes and blanks off, lower case.
fn label_in(text: &[u8]) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = find(&lower, b"charset")? + b"charset".len();
    let rest = lower[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|byte| b"\"'; \t\r\n>/,".contains(byte)).unwrap_or(rest.len());
    let label = String::from_utf8_lossy(&rest[..end.min(64)]).into_owned();
    (!label.is_empty()).then_some(label)
}

/// What the first `<meta>` with a usable charset declares (WHATWG: UTF-16 means UTF-8 there).
fn from_meta(head: &[u8]) -> Option<(String, Option<&'static Encoding>)> {
    let lower = head.to_ascii_lowercase();
    let mut rest = lower.as_slice();
    while let Some(at) = find(rest, b"<meta") {
        rest = &rest[at + b"<meta".len()..];
        let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
        let known = label_in(&rest[..end])
            .and_then(|label| Encoding::for_label(label.as_bytes()).map(|found| (label, found)));
        if let Some((label, found)) = known {
            let meant = match found {
                found if found == UTF_16BE || found == UTF_16LE => UTF_8,
                found if found == X_USER_DEFINED => WINDOWS_1252,
                found => found,
            };
            return Some((label, Some(meant)));
        }
    }
    None
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    use encoding_rs::GBK;

    use super::*;

    const TEXT: &str =
        "<title>周口市财政局政务公开</title>国务院办公厅关于印发政府网站发展指引的通知";

    fn gbk(text: &str) -> Vec<u8> {
        GBK.encode(text).0.into_owned()
    }

    #[test]
    fn a_wrong_declaration_is_overruled_and_remembered() {
        let page = gbk(&format!("<meta charset=utf-8>{TEXT}"));
        let decoded = decode(&page, Some("text/html"));
        assert_eq!((decoded.encoding, decoded.declared.as_str()), ("GBK", "utf-8"));
        assert!(decoded.text.contains(TEXT));
        let page =
            format!("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>{TEXT}");
        let decoded = decode(page.as_bytes(), None);
        assert_eq!((decoded.encoding, decoded.declared.as_str()), ("UTF-8", "gb2312"));
    }

    #[test]
    fn the_header_comes_before_the_meta_and_the_mark_before_both() {
        let page = gbk(&format!("<meta charset=big5>{TEXT}"));
        let decoded = decode(&page, Some("text/html; charset=\"GBK\""));
        assert_eq!((decoded.encoding, decoded.declared.as_str()), ("GBK", "gbk"));
        let marked = format!("\u{feff}{TEXT}");
        assert_eq!(decode(marked.as_bytes(), Some("text/html;charset=gbk")).text, TEXT);
    }

    #[test]
    fn an_undeclared_page_is_guessed_and_labels_outside_whatwg_are_none() {
        assert_eq!(decode(&gbk(TEXT), None).text, TEXT);
        let decoded = decode(b"+ADw-script+AD4-", Some("text/html; charset=utf-7"));
        assert_eq!((decoded.declared.as_str(), decoded.text.as_str()), ("", "+ADw-script+AD4-"));
    }

    #[test]
    fn an_undeclared_page_in_utf8_is_what_a_guess_would_make_of_it() {
        for text in [TEXT, "<p>é</p>", "日本語のテキスト", "plain", "\u{feff}plain", ""] {
            let decoded = decode(text.as_bytes(), None);
            assert_eq!(decoded.encoding, choose(text.as_bytes(), None).name(), "{text}");
            assert_eq!(decoded.text, text.trim_start_matches('\u{feff}'));
        }
    }

    #[test]
    fn one_broken_character_does_not_turn_a_utf8_page_into_gbk() {
        let mut page = format!("<meta charset=utf-8>{TEXT}").into_bytes();
        page.extend([0xe4, 0xb8]);
        page.extend_from_slice(TEXT.as_bytes());
        let decoded = decode(&page, None);
        assert_eq!(decoded.encoding, "UTF-8");
        assert!(!decode(b"a\0b", None).text.contains('\0'));
    }
}
