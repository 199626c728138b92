//! Takes the text out of files, in a process of its own for each: what a hostile file does to its reader, it does there.
//!
//! ```text
//! Unpacking ─▶ process ═▶ child ─▶ confine, file ─▶ archive · office · ofd · sheets · ole · word · pdf · text ─▶ haul
//! ```
//!
//! The process is this program once more with a hidden subcommand. It gives up memory, time and every way out before it
//! reads the file from its standard input, and answers with an [`Unpacked`] in JSON. Nothing is written to a disk.
//!
//! # Decisions
//!
//! 2026-11-24: a process for every file, not one that is kept: starting one takes three milliseconds, files are read a
//! few hundred an hour, and what a file has broken in it is gone with it.
//!
//! 2026-11-24: PDF through poppler. Chinese documents use fonts without a table of characters (GBK-EUC-H); of what Rust
//! has, lopdf answers with an error and pdf-extract panics. Where poppler is not installed, lopdf reads the rest.
//!
//! 2026-11-24: doc and wps by a reader of our own for the piece table, because no maintained crate reads them.

mod archive;
mod confine;
mod file;
#[cfg(fuzzing)]
pub mod fuzzing;
mod haul;
mod ofd;
mod office;
mod ole;
mod pdf;
mod process;
mod sheets;
#[cfg(test)]
mod tests;
mod text;
mod word;
mod xml;

use std::{
    ffi::{OsStr, OsString},
    fmt, fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::Once,
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::sync::Semaphore;
use xuncha_model::Reason;
use xuncha_probe::unpack::{Unpacked, Unpacker};

use crate::haul::{FILE, Haul, Place, Why};

pub use file::is_document;

/// Bytes of a file that is read; of a larger one nothing is.
pub const LARGEST: usize = FILE;
/// The hidden subcommand.
pub const COMMAND: &str = "unpack-file";

/// Files that are read at once: more would take the processor from the probes.
const AT_ONCE: usize = 2;
/// For one file, everything.
const WHOLE: Duration = Duration::from_secs(20);

/// Unpacks files, two at a time.
pub struct Unpacking {
    program: PathBuf,
    pdftotext: Option<PathBuf>,
    whole: Duration,
    slots: Semaphore,
    told: Once,
}

impl Unpacking {
    /// `program` is this one; `search` is where `pdftotext` is looked for: folders as in `PATH`.
    pub fn new(program: impl Into<PathBuf>, search: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            pdftotext: find(&search.into()),
            whole: WHOLE,
            slots: Semaphore::new(AT_ONCE),
            told: Once::new(),
        }
    }

    async fn file(&self, name: &str, body: &[u8]) -> Unpacked {
        if body.len() > FILE {
            return process::failed(Why::Size);
        }
        if self.pdftotext.is_none() {
            self.told.call_once(|| {
                tracing::warn!(
                    "no pdftotext found: some Chinese PDF files cannot be read; install the Debian packages \
                     poppler-utils and poppler-data"
                );
            });
        }
        // nobody closes it
        let Ok(_slot) = self.slots.acquire().await else { return Unpacked::default() };
        let ending = hint(name);
        let pdftotext = self.pdftotext.as_deref();
        let begun = tokio::time::Instant::now();
        let unpacked = process::run(&self.program, pdftotext, &ending, body, self.whole).await;
        let (kind, reason) = (&unpacked.kind, &unpacked.reason);
        tracing::debug!(kind, %reason, bytes = body.len(), took = ?begun.elapsed(), "unpacked");
        unpacked
    }
}

impl Unpacker for Unpacking {
    fn unpack<'a>(&'a self, name: &'a str, body: &'a [u8]) -> BoxFuture<'a, Unpacked> {
        self.file(name, body).boxed()
    }
}

impl fmt::Debug for Unpacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unpacking").field("program", &self.program).finish_non_exhaustive()
    }
}

/// What the hidden subcommand does: gives up everything, reads a file, writes an [`Unpacked`].
///
/// # Errors
///
/// A limit that cannot be set, a pipe that is closed.
pub fn child(
    ending: &str,
    pdftotext: Option<PathBuf>,
    from: impl Read,
    mut to: impl Write,
) -> io::Result<()> {
    confine::confine()?;
    let mut body = Vec::new();
    from.take(u64::try_from(FILE).unwrap_or(u64::MAX)).read_to_end(&mut body)?;
    let unpacked = taken(&body, ending, pdftotext);
    drop(body);
    let answer = serde_json::to_vec(&unpacked).map_err(io::Error::other)?;
    to.write_all(&answer)?;
    to.flush()
}

/// The text of a file, read here.
fn taken(body: &[u8], ending: &str, pdftotext: Option<PathBuf>) -> Unpacked {
    let mut haul = Haul::new();
    haul.poppler = pdftotext;
    let kind = file::take(&mut haul, &Place::default(), body, ending).to_owned();
    Unpacked { reason: Reason::Ok, kind, parts: haul.parts, unread: haul.unread }
}

/// What a name ends with; only letters and digits, and nothing of the rest of it.
fn hint(name: &str) -> String {
    let ending = file::ending(name).to_ascii_lowercase();
    let plain = ending.len() <= 8 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain { ending } else { String::new() }
}

/// `pdftotext` in the folders.
fn find(search: &OsStr) -> Option<PathBuf> {
    let folders = std::env::split_paths(search).filter(|folder| Path::is_absolute(folder));
    folders
        .map(|folder| folder.join("pdftotext"))
        .find(|path| fs::metadata(path).is_ok_and(|file| file.is_file()))
}
