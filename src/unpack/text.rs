//! Bytes that are text: in UTF-8, UTF-16 with a mark, or in the charset they look like.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GBK, UTF_8};

/// How much of a file is looked at to guess its charset.
const LOOK: usize = 256 << 10;

/// The text of a file; `None` where there are bytes that no text has.
pub(crate) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding.decode(bytes).0);
    }
    // one in a hundred may be odd: old files hold stray control characters
    let odd = bytes.iter().take(LOOK).filter(|byte| is_odd(**byte)).count();
    if bytes.contains(&0) || odd * 100 > bytes.len().min(LOOK) {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    Some(guess(bytes).decode_without_bom_handling(bytes).0)
}

/// The name of a member of an archive: many are written by Chinese Windows, and say nothing of it.
pub(crate) fn name(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes)
        .map_or_else(|_| GBK.decode_without_bom_handling(bytes).0.into_owned(), str::to_owned)
}

/// The XML of a member: UTF-8, or what its mark says.
pub(crate) fn xml(bytes: &[u8]) -> Cow<'_, str> {
    UTF_8.decode(bytes).0
}

fn is_odd(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(LOOK)], bytes.len() <= LOOK);
    detector.guess(Some(b"cn"), Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_chinese_windows_are_read() {
        let text = "序号,姓名,身份证号\r\n1,张三,41132419850101001X\r\n";
        let (gbk, _, _) = GBK.encode(text);
        assert_eq!(decode(&gbk).unwrap(), text);
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        let utf16: Vec<u8> =
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).unwrap(), text);
        assert_eq!(name(&GBK.encode("名单.xls").0), "名单.xls");
    }

    #[test]
    fn what_is_no_text_is_told() {
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), None);
        assert_eq!(decode(&[1, 2, 3, 4, 5, 6, 7, 8]), None);
    }
}
