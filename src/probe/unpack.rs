//! What takes the text out of a file; who does it, and in what process, is somebody else's matter.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit};
use xuncha_model::{Reason, facts::content::UnreadPart};

/// Takes the text out of files. What a hostile file does to it stays with it.
pub trait Unpacker: fmt::Debug + Send + Sync {
    /// The text of a file; its kind is found out from its bytes, the name is a hint.
    fn unpack<'a>(&'a self, name: &'a str, body: &'a [u8]) -> BoxFuture<'a, Unpacked>;
}

/// Files that are held in memory and read at the same time, by all looks together.
const AT_ONCE: usize = 4;

/// A bounded pool of file readers, shared by all looks: however many files sites publish, probes are not starved.
#[derive(Clone, Debug)]
pub struct Files {
    /// Who takes their text out.
    pub unpacker: Arc<dyn Unpacker>,
    turns: Arc<Semaphore>,
}

impl Files {
    /// A pool around an unpacker.
    pub fn new(unpacker: Arc<dyn Unpacker>) -> Self {
        Self { unpacker, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// A turn to fetch a file and read it; held until both are done.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // never closed: there is always a turn in the end
        self.turns.acquire().await.ok()
    }
}

/// What was taken out of a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Unpacked {
    /// Empty when the reader came to its end, though it may have read nothing (see `unread`); `limit.decode`, `limit.time`,
    /// `self.…` else.
    pub reason: Reason,
    /// xlsx, xls, ods, docx, doc, odt, pptx, pdf, ofd, csv, text, zip, other.
    pub kind: String,
    /// Its text, part by part: the first part is what a reader sees first.
    pub parts: Vec<TextPart>,
    /// What was not read, and why.
    pub unread: Vec<UnreadPart>,
}

/// The text of a part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextPart {
    /// The sheet, the page or the member; nested ones apart by `/`.
    pub part: String,
    /// Lines, and tabs between cells.
    pub text: String,
}
