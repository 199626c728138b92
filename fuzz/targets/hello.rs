//! What a server answers to a hand-made hello.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|answer: &[u8]| xuncha_net::fuzzing::answer(answer));
