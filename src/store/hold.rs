//! The lock file by which a running scan shows that its process lives.

use std::{
    collections::HashMap,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// The scans this process runs, each with its locked file.
pub(crate) struct Holds {
    dir: PathBuf,
    files: Mutex<HashMap<i64, File>>,
}

impl Holds {
    /// No scan yet; the files will lie in `dir`.
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), files: Mutex::default() }
    }

    /// Makes and locks the scan's file. To be called before the scan's row can be seen by others.
    pub(crate) fn take(&self, scan: i64) -> io::Result<()> {
        let path = path(&self.dir, scan);
        let file = File::options().create(true).write(true).truncate(false).open(path)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => io::Error::from(io::ErrorKind::ResourceBusy),
            TryLockError::Error(error) => error,
        })?;
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(scan, file);
        Ok(())
    }

    /// Lets go of the scan's file. To be called after the scan's row has its end.
    pub(crate) fn let_go(&self, scan: i64) {
        let file = self.files.lock().unwrap_or_else(PoisonError::into_inner).remove(&scan);
        if file.is_some() {
            let _ = fs::remove_file(path(&self.dir, scan));
        }
    }

    /// Whether some process runs the scan. What cannot be found out counts as running: nothing is taken from anybody.
    pub(crate) fn is_held(&self, scan: i64) -> bool {
        match File::options().write(true).open(path(&self.dir, scan)) {
            Ok(file) => file.try_lock().is_err(),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }

    /// Removes the file of a scan that nobody runs.
    pub(crate) fn sweep(&self, scan: i64) {
        let _ = fs::remove_file(path(&self.dir, scan));
    }
}

fn path(dir: &Path, scan: i64) -> PathBuf {
    dir.join(format!("scan-{scan}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_is_held_until_it_is_let_go() {
        let dir = tempfile::tempdir().unwrap();
        let (mine, yours) = (Holds::new(dir.path()), Holds::new(dir.path()));
        assert!(!yours.is_held(1));
        mine.take(1).unwrap();
        assert!(yours.is_held(1));
        assert!(yours.take(1).is_err());
        mine.let_go(1);
        assert!(!yours.is_held(1));
    }
}
