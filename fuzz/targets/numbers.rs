//! Numbers of persons, marks and words in a text: whatever is found, it is masked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_probe::{lexicon, privacy, secrecy};

fuzz_target!(|text: &str| {
    for found in privacy::private(text) {
        let clear = found.masked.bytes().filter(u8::is_ascii_digit).count();
        assert!(clear <= 8, "{clear} digits in clear");
        assert!(!found.context.bytes().any(|byte| byte.is_ascii_digit()));
    }
    for hit in lexicon::hits(text) {
        assert!(text.get(hit.at).is_some(), "cut through a character");
    }
    secrecy::marks(text);
});
