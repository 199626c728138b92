//! The spool: what a crawl under way has read, as plain bytes in a file of its own until the crawl ends.
//!
//! An append is one write to a file that is open already: it survives the death of the process, and no other thread is
//! woken for it. At the end, or when an interrupted crawl goes on, the bytes are packed into the database.

use std::{
    collections::{HashMap, hash_map::Entry},
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// The folder beside the database.
const FOLDER: &str = "crawl";
/// A chunk ends with the line that fills it.
const CHUNK: usize = 256 << 10;

/// The spools of the crawls under way; clones share their files.
#[derive(Clone, Debug)]
pub(super) struct Spools {
    folder: PathBuf,
    open: Arc<Mutex<HashMap<i64, File>>>,
}

impl Spools {
    pub(super) fn new(dir: &Path) -> Self {
        Self { folder: dir.join(FOLDER), open: Arc::default() }
    }

    fn path(&self, crawl: i64) -> PathBuf {
        self.folder.join(format!("{crawl}.part"))
    }

    /// Appends whole lines.
    pub(super) fn append(&self, crawl: i64, lines: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match open.entry(crawl) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(place) => {
                fs::create_dir_all(&self.folder)?;
                let path = self.path(crawl);
                place.insert(OpenOptions::new().create(true).append(true).open(path)?)
            }
        };
        file.write_all(lines)
    }

    /// What was appended, in chunks of whole lines; a line that a crash cut off is left out.
    pub(super) fn chunks(&self, crawl: i64) -> io::Result<Vec<Vec<u8>>> {
        let lines = match fs::read(self.path(crawl)) {
            Ok(lines) => lines,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut chunks: Vec<Vec<u8>> = Vec::new();
        for line in lines.split_inclusive(|byte| *byte == b'\n').filter(|it| it.ends_with(b"\n")) {
            match chunks.last_mut().filter(|chunk| chunk.len() < CHUNK) {
                Some(chunk) => chunk.extend_from_slice(line),
                None => chunks.push(line.to_vec()),
            }
        }
        Ok(chunks)
    }

    /// Forgets a crawl's file, and those of crawls that are no more under way.
    pub(super) fn remove(&self, crawl: i64) -> io::Result<()> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&crawl);
        match fs::remove_file(self.path(crawl)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Forgets the files of all crawls but these.
    pub(super) fn keep_only(&self, crawls: &[i64]) -> io::Result<()> {
        let Ok(files) = fs::read_dir(&self.folder) else { return Ok(()) };
        for file in files {
            let path = file?.path();
            let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
            if number.is_none_or(|number: i64| !crawls.contains(&number)) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_come_back_and_a_torn_one_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let spools = Spools::new(dir.path());
        assert_eq!(spools.chunks(7).unwrap(), Vec::<Vec<u8>>::new());
        let long = [vec![b'x'; CHUNK], b"\n".to_vec()].concat();
        for lines in [&b"a\nb\n"[..], &long, b"c\n", b"torn"] {
            spools.append(7, lines).unwrap();
        }
        let chunks = Spools::new(dir.path()).chunks(7).unwrap();
        assert_eq!(
            (chunks.len(), &chunks[0][..4], &chunks[1][..]),
            (2, &b"a\nb\n"[..], &b"c\n"[..])
        );
        spools.append(8, b"d\n").unwrap();
        spools.keep_only(&[8]).unwrap();
        assert!(spools.chunks(7).unwrap().is_empty());
        assert_eq!(spools.chunks(8).unwrap(), [b"d\n".to_vec()]);
        spools.remove(8).unwrap();
        spools.remove(8).unwrap();
        assert!(spools.chunks(8).unwrap().is_empty());
    }
}
