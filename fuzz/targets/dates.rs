//! Dates in running text, in cells, in addresses.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| xuncha_probe::fuzzing::dates(text));
