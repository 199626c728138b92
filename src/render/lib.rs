//! Runs the scripts of a page in Chromium, which reaches nothing but through the door.
//!
//! ```text
//! Renderer ─▶ process (one Chromium) ─▶ wire (DevTools over a pipe) ─▶ page (one document) ─▶ answer ─▶ net::Door
//! ```
//!
//! Every request of the browser is caught before it leaves (`Fetch.requestPaused`) and answered by us from a visit of the
//! door, so that guard, pace, caps and the rules of TLS hold. What is not caught (WebSocket, WebTransport, WebRTC, workers,
//! windows that scripts open) meets a proxy that is not there and names that resolve to nothing.
//!
//! # Decisions
//!
//! 2026-11-24: the DevTools protocol is spoken by ourselves, over the two pipes of `--remote-debugging-pipe`. Of the crates,
//! chromiumoxide 0.9 brings 151 packages and costs 92 seconds of a clean debug build on two idle cores, headless_chrome
//! 1.0 brings threads for tokio and generates the whole protocol as well; fifteen commands are needed, serde_json does
//! them, and so no cargo feature has to keep the browser out of the first build. A pipe also opens no port that a page or
//! a neighbour on the machine could talk to.
//!
//! 2026-11-24: one page at a time. Sites that need it are named one by one in the register (`crawl: { render: true }`), and
//! a second page at once would double the memory of a small machine to save seconds of the night.
//!
//! 2026-11-24: no cookies. The door keeps none between visits, so a gateway that sets one by script is not passed: a
//! monitor does not break through a wall, it reports it.
//!
//! 2026-11-24: frames are not loaded: they are pages of their own, and are read as such. Pictures are answered with one
//! pixel, because many pages take a picture that fails out of the document.

mod answer;
mod page;
mod process;
mod wire;

#[cfg(test)]
mod tests;

use std::{
    ffi::OsString,
    fmt,
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::sync::Mutex;
use xuncha_model::Reason;
use xuncha_probe::render::{Browser, RenderAsk, Rendered, Unrendered};

use crate::process::Chromium;

/// For one page, everything.
const WHOLE: Duration = Duration::from_secs(20);
/// Pages after which a fresh browser is started.
const MOST_PAGES: u32 = 50;
/// How long a browser may stand idle.
const IDLE: Duration = Duration::from_secs(60);

/// Renders pages, one at a time, in a browser that is started when it is first needed.
pub struct Renderer {
    search: OsString,
    whole: Duration,
    browser: Arc<Mutex<Option<Chromium>>>,
}

impl Renderer {
    /// Starts nothing yet. `search` is where the browser is looked for: folders as in `PATH`.
    pub fn new(search: impl Into<OsString>) -> Self {
        Self { search: search.into(), whole: WHOLE, browser: Arc::default() }
    }

    async fn page(&self, ask: RenderAsk<'_>) -> Result<Rendered, Unrendered> {
        let mut slot = self.browser.lock().await;
        // taken out for as long as it works: whoever gives up on the page ends the browser
        let browser = match slot.take() {
            Some(browser) if browser.is_alive() && browser.pages < MOST_PAGES => Some(browser),
            Some(old) => {
                end(old).await;
                None
            }
            None => None,
        };
        let mut browser = match browser {
            Some(browser) => browser,
            None => Chromium::launch(&self.search).await?,
        };
        browser.pages += 1;
        let result = page::render(&browser, ask, self.whole).await;
        let sound = match &result {
            Ok(_) => true,
            // scripts that do not end hold the browser
            Err(error) => !error.reason.is_own_fault() && error.reason != Reason::LimitTime,
        };
        if sound {
            let pages = browser.pages;
            *slot = Some(browser);
            tokio::spawn(rest(Arc::downgrade(&self.browser), pages));
        } else {
            end(browser).await;
        }
        result
    }
}

/// Ends a browser that nobody has used for a while.
async fn rest(browser: Weak<Mutex<Option<Chromium>>>, pages: u32) {
    tokio::time::sleep(IDLE).await;
    let Some(browser) = browser.upgrade() else { return };
    let mut slot = browser.lock().await;
    if slot.as_ref().is_some_and(|browser| browser.pages == pages)
        && let Some(idle) = slot.take()
    {
        end(idle).await;
    }
}

/// Waits until a browser is gone, so that there is never a second one.
async fn end(browser: Chromium) {
    if let Err(error) = tokio::task::spawn_blocking(move || drop(browser)).await {
        tracing::error!(%error, "ending a browser");
    }
}

impl Browser for Renderer {
    fn render<'a>(&'a self, ask: RenderAsk<'a>) -> BoxFuture<'a, Result<Rendered, Unrendered>> {
        self.page(ask).boxed()
    }
}

impl fmt::Debug for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renderer").field("search", &self.search).finish_non_exhaustive()
    }
}
