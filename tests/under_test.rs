//! The binary that the integration tests start: the program itself.

use std::process::ExitCode;

fn main() -> ExitCode {
    xuncha::main()
}
