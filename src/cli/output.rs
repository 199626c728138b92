//! Where results go: stdout, or a file that is replaced whole.

use std::{
    ffi::OsString,
    fs,
    io::{self, ErrorKind, Write},
    path::Path,
};

use crate::exit::Failure;

/// Writes to stdout; a reader that went away (`| head`) is not an error.
pub(crate) fn stdout(text: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::own("writing to stdout", error))
        }
        _ => Ok(()),
    }
}

/// Writes a line to stderr, for people.
pub(crate) fn notice(text: impl std::fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Replaces a file: a reader sees the old one or the new one, never half of one.
pub(crate) fn file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::own(&format!("writing {}", path.display()), error);
    // A pipe or a device is written to, a link is followed: only plain files are replaced.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return fs::write(path, bytes).map_err(failed);
    }
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut beside = OsString::from(path);
    beside.push(".part");
    fs::write(&beside, bytes).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}

/// Columns of the terminal on stdout; `None` when stdout is no terminal.
pub(crate) fn width() -> Option<u16> {
    let terminal = console::Term::stdout();
    terminal.is_term().then(|| terminal.size().1)
}
