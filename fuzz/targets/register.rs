//! sites.yaml: a register, or problems with their lines.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xuncha_rules::register;

fuzz_target!(|text: &str| {
    if let Err(problems) = register::load("sites.yaml", text) {
        assert!(!problems.is_empty());
    }
});
