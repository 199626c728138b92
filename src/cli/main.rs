//! The binary `xuncha`.

fn main() {}
