//! Bytes as text: always valid, never with U+0000. The first line is the header's content type.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_net::charset;

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (head, body) = bytes.split_at(end);
    let decoded = charset::decode(body, std::str::from_utf8(head).ok());
    assert!(!decoded.text.contains('\0'));
});
