//! Files to download: fetched whole, as many as the budget allows, and their text looked through.

use xuncha_model::{
    Reason,
    facts::{FileFacts, http::Header},
};
use xuncha_net::{Fetched, Want};

use super::{
    engine::{Crawler, is_wall},
    fetch::{entry, outcome, want},
    frontier::{Class, Task, is_document as is_document_address},
    journal::{Before, Entry},
};
use crate::{
    address::reported,
    file::{self, File},
};

/// Redirects that are followed to a file.
const REDIRECTS: usize = 3;
/// Kinds of content that are documents, whatever their address looks like.
const DOCUMENTS: &[&str] = &[
    "application/pdf",
    "application/msword",
    "application/vnd.ms-",
    "application/vnd.openxmlformats",
    "application/ofd",
    "application/zip",
    "application/x-zip",
];

/// The answer is a document.
pub(super) fn is_document(headers: &[Header]) -> bool {
    let kind = headers.iter().find(|header| header.name == "content-type");
    let kind = kind.map(|header| header.value.to_ascii_lowercase()).unwrap_or_default();
    DOCUMENTS.iter().any(|document| kind.starts_with(document))
}

/// A file was asked for, may be there, and could not be had or read this time: the network, the server, a gateway, the time.
pub(super) fn is_missed(task: &Task, entry: &Entry) -> bool {
    let asked = task.class == Class::Attachment && is_document_address(&task.url);
    match &entry.file {
        Some(file) => !matches!(
            file.reason,
            Reason::Ok | Reason::LimitDecode | Reason::LimitBody | Reason::RedirectElsewhere
        ),
        None if !asked => false,
        None => match &entry.reason {
            Reason::Ok => false,
            Reason::HttpStatus(status) => *status >= 500 || matches!(status, 408 | 429),
            reason @ Reason::Gateway(_) => is_wall(reason),
            _ => true,
        },
    }
}

impl Crawler<'_> {
    /// A file whose text can be read; it is as good a look at the link that leads there as any.
    pub(super) async fn document(&mut self, task: &Task, before: Option<Before>) -> Entry {
        let Some(files) = self.way.files.clone() else { return self.thing(task, before).await };
        if self.files >= self.way.settings.max_files {
            self.frontier.leave("files", &task.url);
            return self.thing(task, before).await;
        }
        let at = (self.way.clock)();
        let again = match &before {
            Some(before) => self.journal.again(before).await.filter(|it| it.file.is_some()),
            None => None,
        };
        let known = before.as_ref().filter(|_| again.is_some());
        let turn = files.turn().await;
        let mut url = task.written.clone().unwrap_or_else(|| task.url.clone());
        let mut fetched = self
            .fetch(&Want {
                etag: known.map_or("", |known| &known.etag),
                modified: known.map_or("", |known| &known.modified),
                ..want(&url)
            })
            .await;
        for _ in 0..REDIRECTS {
            let Some(location) = fetched.location.take().filter(|it| self.is_own(it)) else {
                break;
            };
            url = location;
            fetched = self.fetch(&want(&url)).await;
        }
        let came = outcome(&task.url, &url, &fetched, false);
        let mut entry = entry(task, &fetched, at, came);
        let same = fetched.status == 304
            || !entry.hash.is_empty() && known.is_some_and(|known| known.hash == entry.hash);
        if let Some(again) = again.filter(|_| same) {
            entry.hash = again.hash;
            entry.file = again.file;
            if entry.etag.is_empty() && entry.modified.is_empty() {
                (entry.etag, entry.modified) = (again.etag, again.modified);
            }
            return entry;
        }
        let unread = |reason| FileFacts { url: reported(&url), reason, ..FileFacts::default() };
        entry.file = match &fetched.reason {
            Reason::Ok if fetched.location.is_some() => Some(unread(Reason::RedirectElsewhere)),
            Reason::Ok => {
                let name = file::disposition(disposition(&fetched));
                let file = File { url: &url, name: &name, body: &fetched.body };
                Some(file::facts(&file, &*files.unpacker).await)
            }
            // it is not there, or not for us: that is told of the link
            Reason::HttpStatus(_) | Reason::Gateway(_) => None,
            reason => Some(unread(reason.clone())),
        };
        drop(turn);
        entry
    }
}

/// What the answer says of the name of its file.
fn disposition(fetched: &Fetched) -> &str {
    let header = fetched.headers.iter().find(|header| header.name == "content-disposition");
    header.map_or("", |header| header.value.as_str())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::crawl::check::Outcome;

    #[test]
    fn a_file_that_may_be_there_is_missed_and_one_that_is_gone_is_not() {
        let task = |url: &str| Task {
            url: url.parse().unwrap(),
            written: None,
            class: Class::Attachment,
            check: false,
            depth: 1,
            holder: None,
            from_home: false,
        };
        let missed = |reason: Reason, file: Option<Reason>| {
            let mut entry = Entry::of_link("", Outcome::Good, DateTime::UNIX_EPOCH);
            entry.reason = reason;
            entry.file = file.map(|reason| FileFacts { reason, ..FileFacts::default() });
            is_missed(&task("https://www.a.gov.cn/f/1.xlsx"), &entry)
        };
        assert!(missed(Reason::HttpStatus(503), None));
        assert!(missed(Reason::Gateway("waf".to_owned()), None));
        assert!(missed(Reason::Ok, Some(Reason::LimitTime)));
        assert!(!missed(Reason::HttpStatus(404), None) && !missed(Reason::HttpStatus(403), None));
        assert!(!missed(Reason::Ok, Some(Reason::Ok)));
        assert!(!missed(Reason::Ok, Some(Reason::LimitDecode)), "it is there, and unreadable");
        let mut entry = Entry::of_link("", Outcome::Good, DateTime::UNIX_EPOCH);
        entry.reason = Reason::HttpStatus(503);
        assert!(!is_missed(&task("https://www.a.gov.cn/f/1.png"), &entry));
    }

    #[test]
    fn a_document_is_known_by_what_the_answer_says_of_it() {
        let of = |kind: &str| {
            is_document(&[Header { name: "content-type".to_owned(), value: kind.to_owned() }])
        };
        assert!(of("application/pdf") && of("Application/vnd.ms-excel; charset=utf-8"));
        assert!(of("application/vnd.openxmlformats-officedocument.wordprocessingml.document"));
        assert!(!of("text/html") && !of("application/json") && !of("") && !is_document(&[]));
    }
}
