//! The name of a file as people are shown it: never a path, and nothing in it that could be dangerous.

use std::borrow::Cow;

use url::Url;
use xuncha_net::charset;

/// Characters of a name that are shown.
const LONGEST: usize = 120;
/// So many digits in a row may be the number of a person or a bank card; stamps of time have 8, 14 or 17.
const NUMBER: usize = 15;
/// How much of such a number is shown, before and behind the stars.
const SHOWN: (usize, usize) = (2, 3);

/// A name without folders and without characters that are not seen, at most 120 characters; long numbers are masked.
pub fn shown(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let seen = base.chars().filter(|c| !c.is_control() && !is_unseen(*c));
    let kept: String = seen.take(LONGEST).collect();
    masked(kept.trim())
}

/// The name in a header `Content-Disposition` (RFC 6266), decoded; empty where there is none.
pub fn disposition(header: &str) -> String {
    let mut plain = String::new();
    for parameter in parameters(header) {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        let (name, value) = (name.trim(), value.trim().trim_matches('"'));
        if name.eq_ignore_ascii_case("filename*") {
            // charset'language'value (RFC 8187)
            let mut fields = value.splitn(3, '\'');
            let (label, _, value) = (fields.next(), fields.next(), fields.next());
            let label = label.map(|label| format!("charset={label}"));
            let bytes = bytes(value.unwrap_or_default());
            return charset::decode(&bytes, label.as_deref()).text;
        }
        if name.eq_ignore_ascii_case("filename") {
            plain = decoded(value);
        }
    }
    plain
}

/// The name that an answer gives, or else the last part of the address.
pub(super) fn of(given: &str, url: &Url) -> String {
    let name = shown(given);
    if !name.is_empty() {
        return name;
    }
    // what is decoded may hold a path
    let last = url.path_segments().and_then(|mut parts| parts.rfind(|part| !part.is_empty()));
    shown(&decoded(last.unwrap_or_default()))
}

/// The parameters of a header; what stands in quotes may hold a semicolon.
fn parameters(header: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    header.split(move |c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
}

fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    charset::decode(&bytes(text), None).text
}

/// The bytes that a text with `%XX` stands for.
fn bytes(text: &str) -> Cow<'_, [u8]> {
    if !text.contains('%') {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |at: usize| tail.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        let byte =
            digit(0).zip(digit(1)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    Cow::Owned(bytes)
}

/// Marks of direction, joiners, and what ends a line.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

fn masked(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut text = String::with_capacity(name.len());
    for run in chars.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit()) {
        let long = run.len() >= NUMBER && run.iter().all(char::is_ascii_digit);
        let hidden = SHOWN.0..run.len().saturating_sub(SHOWN.1);
        text.extend(
            run.iter().enumerate().map(
                |(index, c)| {
                    if long && hidden.contains(&index) { '*' } else { *c }
                },
            ),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path_and_hides_nothing() {
        assert_eq!(shown("../../etc/cron.d/pwned"), "pwned");
        assert_eq!(shown("C:\\x\\名单.xls"), "名单.xls");
        assert_eq!(shown("a\u{202e}slx.exe\u{0}\n\u{1b}[31m"), "aslx.exe[31m");
        assert_eq!(shown(&"名".repeat(500)).chars().count(), 120);
        assert_eq!(shown("张三411324198501010011.pdf"), "张三41*************011.pdf");
        assert_eq!(shown("t20231114123456.pdf"), "t20231114123456.pdf");
        assert_eq!(shown(".."), "..");
        assert_eq!(shown("///"), "");
    }

    #[test]
    fn names_are_decoded_wherever_they_come_from() {
        for (header, name) in [
            ("attachment; filename=\"a;b.xls\"", "a;b.xls"),
            ("attachment;filename=%E5%90%8D%E5%8D%95.xls", "名单.xls"),
            ("attachment; filename=\"x.xls\"; filename*=UTF-8''%E5%90%8D%E5%8D%95.xls", "名单.xls"),
            ("attachment; FileName*=gbk''%C3%FB%B5%A5.xls", "名单.xls"),
            ("inline", ""),
            ("attachment; filename=50%", "50%"),
        ] {
            assert_eq!(disposition(header), name, "{header}");
        }
        let url = |text: &str| text.parse::<Url>().unwrap();
        assert_eq!(of("", &url("http://a.gov.cn/x/%E5%90%8D.xls?id=3")), "名.xls");
        assert_eq!(of("", &url("http://a.gov.cn/x/%C3%FB%B5%A5%CE%C4%BC%FE.xls")), "名单文件.xls");
        assert_eq!(of("", &url("http://a.gov.cn/%2e%2e%2fetc%2fpasswd")), "passwd");
        assert_eq!(of("名单.doc", &url("http://a.gov.cn/download")), "名单.doc");
    }
}
