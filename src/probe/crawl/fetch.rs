//! Asks for one address of a crawl: conditionally where the crawl before had it, and reads what comes.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use url::Url;
use xuncha_model::{
    Reason,
    facts::{
        http::Header,
        page::{Origin, PageKind},
    },
};
use xuncha_net::{Fetched, Guise, Want};

use super::{
    check::{self, Answer, Outcome},
    engine::{Crawler, is_wall},
    files,
    frontier::{Class, Task, is_document},
    journal::{Before, Entry, Page},
    late::{Earlier, late},
    style,
};
use crate::{
    address::reported,
    page::{self, Given, PageRead, hidden::Sheet},
    privacy,
    render::{RenderAsk, Unrendered},
};

/// Bytes of a page from which it is read on a thread of its own: a hostile one must not hold up the others.
const LARGE: usize = 128 << 10;
/// Redirects that are followed for one page.
const REDIRECTS: usize = 10;

impl Crawler<'_> {
    /// What comes of an address: from the interrupted crawl, or from the site.
    pub(super) async fn entry(&mut self, task: &Task) -> Entry {
        if let Some(entry) = self.journal.replay().await {
            let home = is_home(task) && entry.hash != sha256(&self.way.home.body);
            if entry.url == task.url.as_str() && !home {
                self.counts.resumed += 1;
                for hop in entry.hops.iter().filter_map(|hop| hop.parse().ok()) {
                    self.frontier.arrived(&hop);
                }
                return entry;
            }
            self.journal.forget_replay().await;
        }
        let before = self.journal.before(task.url.as_str()).await;
        let entry = match task.class {
            Class::Page if !task.check => self.page(task, before).await,
            Class::Attachment if is_document(&task.url) => self.document(task, before).await,
            _ => self.thing(task, before).await,
        };
        // a gateway may let us in the next time; what holds the number of a person is written nowhere
        let telling = [&entry.url]
            .into_iter()
            .chain(&entry.location)
            .chain(&entry.hops)
            .any(|address| privacy::tells(address));
        if !telling && !is_wall(&entry.reason) {
            self.journal.note(&entry);
        }
        entry
    }

    /// A page of the site, wherever on the site it has moved to.
    async fn page(&mut self, task: &Task, before: Option<Before>) -> Entry {
        let at = (self.way.clock)();
        let again = match &before {
            Some(before) => self.journal.again(before).await,
            None => None,
        };
        // what scripts fill in changes without the page they stand on
        let renders = self.way.ground.site.is_some_and(|site| site.crawl.render);
        let again = again.filter(|again| !(renders && again.page.as_ref().is_some_and(is_filled)));
        let before = before.filter(|_| again.is_some());
        let mut url = task.written.clone().unwrap_or_else(|| task.url.clone());
        let mut fetched = if is_home(task) {
            had(self.way.home)
        } else {
            let known = before.as_ref();
            self.fetch(&Want {
                etag: known.map_or("", |known| &known.etag),
                modified: known.map_or("", |known| &known.modified),
                text_only: true,
                ..want(&url)
            })
            .await
        };
        let (mut moved, mut hops) = (None, Vec::new());
        for _ in 0..REDIRECTS {
            let Some(location) = fetched.location.take() else { break };
            moved = Some(location.clone());
            if !self.is_own(&location) {
                break;
            }
            hops.push(location.to_string());
            let known = !self.frontier.arrived(&location);
            // what another address shows is read there; HTTPS in the place of HTTP is the same
            if known && !self.frontier.same(&location, &task.url) {
                break;
            }
            url = location;
            fetched = self.fetch(&Want { text_only: true, ..want(&url) }).await;
        }
        let came = outcome(&task.url, &url, &fetched, false);
        let mut entry = entry(task, &fetched, at, came);
        entry.location = moved.as_ref().map(Url::to_string);
        entry.hops = hops;
        let hash = before.as_ref().map_or("", |before| &before.hash);
        let same = fetched.status == 304 || (!entry.hash.is_empty() && entry.hash == hash);
        if same && let Some(again) = again {
            return reused(entry, again);
        }
        let earlier = again.and_then(|again| Some((again.page?, again.at)));
        let there = moved.is_none_or(|moved| moved == url);
        if entry.reason.is_ok() && there && files::is_document(&fetched.headers) {
            return self.document(task, None).await;
        }
        if !entry.reason.is_ok() || !there || !is_page(&fetched.headers) {
            return entry;
        }
        let origin = if is_home(task) { Origin::Home } else { Origin::Inner };
        let mut read = read(&url, origin, at, fetched).await;
        entry.rendered = self.render(&url, at, &mut read).await;
        entry.duplicate = !is_home(task) && self.near.met(&read.text).is_some();
        if matches!(read.facts.kind, PageKind::Article) {
            // what stands beside an article is no list of the site
            read.rows.clear();
        }
        let mut page = Page::from(read);
        if let Some((earlier, at)) = &earlier {
            let earlier = Earlier { rows: &earlier.rows, late: &earlier.late, at: *at };
            page.late = late(&earlier, &page.rows);
        }
        entry.page = Some(page);
        entry
    }

    /// Runs the scripts of a page, where the register says that the site needs it: its home page, lists and shells.
    async fn render(&mut self, url: &Url, at: DateTime<Utc>, read: &mut PageRead) -> bool {
        let PageRead { facts, .. } = &*read;
        let wanted = self.way.ground.site.is_some_and(|site| site.crawl.render)
            && (facts.shell || matches!(facts.kind, PageKind::Home | PageKind::Column));
        if !wanted {
            return false;
        }
        let ask = RenderAsk { door: self.way.door, url, own: self.way.own };
        let rendered = match &self.way.browser {
            Some(browser) => browser.render(ask).await,
            None => Err(Unrendered::new(Reason::SelfBrowser, "no browser is set up")),
        };
        match rendered {
            Ok(rendered) => {
                self.requests += rendered.requests;
                self.counts.bytes += rendered.bytes;
                *read = page::read(&Given {
                    url: &rendered.final_url,
                    origin: read.facts.origin,
                    at,
                    status: read.facts.status,
                    headers: &[],
                    text: &rendered.html,
                    encoding: &read.facts.encoding,
                    declared_encoding: &read.facts.declared_encoding,
                });
                // its scripts have run: what is not there now never comes
                read.facts.shell = false;
                if read.facts.kind == PageKind::Shell {
                    read.facts.kind = PageKind::Other;
                }
                true
            }
            Err(Unrendered { reason, detail }) => {
                tracing::warn!(url = reported(url), %reason, detail, "a page is not rendered");
                if read.facts.shell {
                    read.facts.reason = reason;
                }
                false
            }
        }
    }

    /// A file, a picture, a style: whether it opens, and what a style loads further.
    pub(super) async fn thing(&mut self, task: &Task, before: Option<Before>) -> Entry {
        let at = (self.way.clock)();
        let styles = task.url.path().ends_with(".css");
        let url = task.written.as_ref().unwrap_or(&task.url);
        let mut want = Want { head_only: !styles, text_only: true, ..want(url) };
        if let Some(before) = before.as_ref().filter(|_| styles) {
            (want.etag, want.modified) = (&before.etag, &before.modified);
        }
        let mut fetched = self.fetch(&want).await;
        let mut came = outcome(url, url, &fetched, want.head_only);
        if came == Outcome::Get {
            want.head_only = false;
            fetched = self.fetch(&want).await;
            came = outcome(url, url, &fetched, false);
        }
        let mut entry = entry(task, &fetched, at, came);
        if fetched.status == 304
            && let Some(before) = &before
            && let Some(again) = self.journal.again(before).await
        {
            entry.loads = again.loads;
            entry.hides = again.hides;
            entry.hash = again.hash;
        } else if styles && fetched.reason.is_ok() {
            entry.loads = style::loads(&fetched.text, &task.url);
            entry.hides = Sheet::read(&fetched.text);
        }
        entry
    }

    /// A suspect of the site's own, looked at again.
    pub(super) async fn once_more(&mut self, url: &Url) -> Outcome {
        let fetched = self.fetch(&Want { text_only: true, ..want(url) }).await;
        let landed = fetched.location.as_ref().unwrap_or(url);
        outcome(url, landed, &fetched, false)
    }

    pub(super) async fn fetch(&mut self, want: &Want<'_>) -> Fetched {
        self.requests += 1;
        self.session.fetch(want).await
    }
}

/// A plain GET.
pub(super) fn want(url: &Url) -> Want<'_> {
    let guise = Guise::default();
    Want { url, head_only: false, etag: "", modified: "", text_only: false, guise }
}

/// What an answer says of the link that led to it.
pub(super) fn outcome(asked: &Url, landed: &Url, fetched: &Fetched, head_only: bool) -> Outcome {
    check::outcome(&Answer {
        asked,
        landed,
        head_only,
        reason: &fetched.reason,
        status: fetched.status,
        headers: &fetched.headers,
        text: &fetched.text,
    })
}

/// What the crawl before read stands.
fn reused(mut entry: Entry, again: Entry) -> Entry {
    if entry.status == 304 {
        // nothing was sent but that nothing has changed
        entry.unchanged = true;
        (entry.hash, entry.location) = (again.hash, again.location);
        (entry.outcome, entry.reason) = (again.outcome, again.reason);
        for (new, old) in [(&mut entry.etag, again.etag), (&mut entry.modified, again.modified)] {
            if new.is_empty() {
                *new = old;
            }
        }
    }
    entry.duplicate = again.duplicate;
    (entry.page, entry.written) = (again.page, again.written);
    entry
}

/// The task is the home page, which no link led to.
fn is_home(task: &Task) -> bool {
    task.depth == 0 && task.holder.is_none()
}

/// Scripts fill a part of a page, or may do so.
fn is_filled(page: &Page) -> bool {
    let facts = &page.facts;
    facts.shell
        || !facts.reason.is_ok()
        || matches!(facts.kind, PageKind::Home | PageKind::Column | PageKind::Other)
}

/// The home page, which was had already.
fn had(home: &xuncha_net::Visit) -> Fetched {
    Fetched {
        reason: home.reason.clone(),
        detail: home.detail.clone(),
        status: home.status,
        headers: home.headers.clone(),
        body: home.body.clone(),
        text: home.text.clone(),
        encoding: home.encoding.clone(),
        declared_encoding: home.declared_encoding.clone(),
        bytes: home.body.len() as u64,
        ..Fetched::default()
    }
}

pub(super) fn entry(task: &Task, fetched: &Fetched, at: DateTime<Utc>, outcome: Outcome) -> Entry {
    let header = |name: &str| {
        let found = fetched.headers.iter().find(|header| header.name == name);
        found.map(|header| header.value.clone()).unwrap_or_default()
    };
    Entry {
        url: task.url.to_string(),
        etag: header("etag"),
        modified: header("last-modified"),
        hash: if fetched.body.is_empty() { String::new() } else { sha256(&fetched.body) },
        at,
        status: fetched.status,
        reason: match &outcome {
            Outcome::Unknown(Reason::Gateway(name)) => Reason::Gateway(name.clone()),
            _ => fetched.reason.clone(),
        },
        location: None,
        hops: Vec::new(),
        bytes: fetched.bytes,
        duplicate: false,
        unchanged: false,
        rendered: false,
        page: None,
        written: Vec::new(),
        file: None,
        loads: Vec::new(),
        hides: Sheet::default(),
        outcome,
        outbound: None,
    }
}

fn sha256(body: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(body))
}

/// The answer says that it is a page, or does not say what it is.
fn is_page(headers: &[Header]) -> bool {
    let kind = headers.iter().find(|header| header.name == "content-type");
    kind.is_none_or(|kind| {
        let kind = kind.value.to_ascii_lowercase();
        kind.contains("html") || kind.trim().is_empty()
    })
}

async fn read(url: &Url, origin: Origin, at: DateTime<Utc>, fetched: Fetched) -> PageRead {
    let url = url.clone();
    let large = fetched.text.len() > LARGE;
    let work = move || {
        page::read(&Given {
            url: &url,
            origin,
            at,
            status: fetched.status,
            headers: &fetched.headers,
            text: &fetched.text,
            encoding: &fetched.encoding,
            declared_encoding: &fetched.declared_encoding,
        })
    };
    if !large {
        return work();
    }
    match tokio::task::spawn_blocking(work).await {
        Ok(read) => read,
        // a panic goes on in the look, which catches it and calls it a bug of ours
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => std::future::pending().await,
        },
    }
}
