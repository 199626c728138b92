//! The binary `xuncha`.

use std::process::ExitCode;

fn main() -> ExitCode {
    xuncha::main()
}
