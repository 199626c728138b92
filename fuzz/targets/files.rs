//! Files to download, read in this process: what a child would be killed for shows here.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| xuncha_unpack::fuzzing::read(body));
