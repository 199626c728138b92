//! One page in the browser: opened in a context of its own, watched until it is quiet, and read.

use std::time::Duration;

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until, timeout},
};
use url::Url;
use xuncha_model::Reason;
use xuncha_net::Door;
use xuncha_probe::render::{RenderAsk, Rendered, Unrendered};

use crate::{
    answer::{Fate, Fetched, Paused},
    process::{Chromium, own},
    wire::{Event, Wire},
};

/// Requests, and bytes that come in.
const MOST_REQUESTS: u32 = 100;
const MOST_BYTES: u64 = 20 << 20;
/// Of the document that is handed back.
const LARGEST: usize = 5 << 20;
/// A loaded page that asks for nothing this long is done.
const QUIET: Duration = Duration::from_millis(500);
/// So is one whose mark-up has been there this long, if nothing is under way; or this long in any case.
const SETTLED: Duration = Duration::from_secs(3);
const LONG: Duration = Duration::from_secs(8);

/// Takes away what speaks past HTTP; it would reach nothing, and need not try.
const MUTE: &str = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'WebSocketStream', \
    'RTCDataChannel']) delete globalThis[name];";

/// Opens a page and tells what has become of it, within a time.
pub(crate) async fn render(
    browser: &Chromium,
    ask: RenderAsk<'_>,
    whole: Duration,
) -> Result<Rendered, Unrendered> {
    let begun = Instant::now();
    let result = timeout(whole, in_context(browser, ask)).await.unwrap_or_else(|_| {
        let detail = format!("not done after {} s", whole.as_secs());
        Err(Unrendered::new(Reason::LimitTime, detail))
    });
    tracing::debug!(url = %ask.url, took = ?begun.elapsed(), error = ?result.as_ref().err(), "rendered");
    result
}

/// The page in a context that knows nothing of others, and is forgotten afterwards.
async fn in_context(browser: &Chromium, ask: RenderAsk<'_>) -> Result<Rendered, Unrendered> {
    let wire = &browser.wire;
    let context = call(wire, None, "Target.createBrowserContext", json!({})).await?;
    let context = text(&context, "browserContextId")?;
    let result = opened(browser, &context, ask).await;
    wire.tell(None, "Target.disposeBrowserContext", json!({ "browserContextId": context }));
    result
}

async fn opened(
    browser: &Chromium,
    context: &str,
    ask: RenderAsk<'_>,
) -> Result<Rendered, Unrendered> {
    let wire = &browser.wire;
    let events = wire.listen();
    let params = json!({ "url": "about:blank", "browserContextId": context });
    let target = text(&call(wire, None, "Target.createTarget", params).await?, "targetId")?;
    let params = json!({ "targetId": target, "flatten": true });
    let session = call(wire, None, "Target.attachToTarget", params).await?;
    let session = text(&session, "sessionId")?;
    let deny = json!({ "behavior": "deny", "browserContextId": context });
    call(wire, None, "Browser.setDownloadBehavior", deny).await?;
    let agent = agent(&browser.agent, ask.door);
    for (method, params) in [
        ("Fetch.enable", json!({ "patterns": [{ "urlPattern": "*" }] })),
        ("Page.enable", json!({})),
        ("Inspector.enable", json!({})),
        ("Page.addScriptToEvaluateOnNewDocument", json!({ "source": MUTE })),
        ("Emulation.setUserAgentOverride", json!({ "userAgent": agent })),
    ] {
        call(wire, Some(&session), method, params).await?;
    }
    // the main frame bears the name of its target
    let mut page = Page::new(wire, session, target, ask);
    page.watch(events).await?;
    page.read().await
}

/// What the page says that we are: what it is run by, and who asks.
fn agent(browser: &str, door: &Door) -> String {
    format!("{browser} {}", door.config().user_agent)
}

/// A page that is being loaded.
struct Page<'a> {
    wire: &'a Wire,
    session: String,
    frame: String,
    ask: RenderAsk<'a>,
    requests: u32,
    refused: u32,
    bytes: u64,
    /// A document has come.
    shown: bool,
    /// Since when its mark-up is there.
    ready: Option<Instant>,
    loaded: bool,
    /// When it last asked for something or was given it.
    moved: Instant,
}

impl<'a> Page<'a> {
    fn new(wire: &'a Wire, session: String, frame: String, ask: RenderAsk<'a>) -> Self {
        Self {
            wire,
            session,
            frame,
            ask,
            requests: 0,
            refused: 0,
            bytes: 0,
            shown: false,
            ready: None,
            loaded: false,
            moved: Instant::now(),
        }
    }

    /// Goes there, answers whatever the page asks for, and comes back when it is quiet.
    async fn watch(&mut self, mut events: mpsc::Receiver<Event>) -> Result<(), Unrendered> {
        let ask = self.ask;
        let params = json!({ "url": ask.url.as_str() });
        self.wire.tell(Some(&self.session), "Page.navigate", params);
        let mut visits = FuturesUnordered::new();
        loop {
            let done = self.done_at(visits.is_empty());
            tokio::select! {
                event = events.recv() => {
                    let event = event.ok_or_else(|| own("the browser has ended".to_owned()))?;
                    if event.session == self.session
                        && let Some(paused) = self.hear(&event)?
                    {
                        visits.push(paused.visit(ask));
                    }
                }
                Some(fetched) = visits.next(), if !visits.is_empty() => self.take(&fetched)?,
                () = sleep_until(done.unwrap_or_else(Instant::now)), if done.is_some() => return Ok(()),
            }
        }
    }

    /// When the page counts as done, if nothing happens until then.
    fn done_at(&self, still: bool) -> Option<Instant> {
        match self.ready {
            // what polls is never quiet
            Some(ready) if self.loaded && still => Some((self.moved + QUIET).min(ready + LONG)),
            Some(ready) => Some(if still { ready + SETTLED } else { ready + LONG }),
            None => (self.shown && still).then(|| self.moved + LONG),
        }
    }

    /// A request that has to be asked for.
    fn hear(&mut self, event: &Event) -> Result<Option<Paused>, Unrendered> {
        match event.method.as_str() {
            "Fetch.requestPaused" => {
                let Some(paused) = Paused::new(&event.params, &self.frame) else { return Ok(None) };
                return Ok(self.decide(paused));
            }
            "Page.frameNavigated" if self.is_main(&event.params, "/frame/id") => {
                (self.shown, self.ready, self.loaded) = (true, None, false);
            }
            // until a document has come, these speak of the empty page of the beginning
            "Page.domContentEventFired" if self.shown => self.ready = Some(Instant::now()),
            "Page.loadEventFired" if self.shown => self.done_loading(),
            // a page that is about to leave is never said to be loaded
            "Page.frameStoppedLoading" if self.shown && self.is_main(&event.params, "/frameId") => {
                self.done_loading();
            }
            "Page.javascriptDialogOpening" => {
                let params = json!({ "accept": false });
                self.wire.tell(Some(&self.session), "Page.handleJavaScriptDialog", params);
            }
            "Inspector.targetCrashed" => return Err(own("the page broke the browser".to_owned())),
            _ => {}
        }
        Ok(None)
    }

    fn is_main(&self, params: &Value, at: &str) -> bool {
        params.pointer(at).and_then(Value::as_str) == Some(self.frame.as_str())
    }

    fn done_loading(&mut self) {
        (self.loaded, self.moved) = (true, Instant::now());
        self.ready.get_or_insert(self.moved);
    }

    fn decide(&mut self, paused: Paused) -> Option<Paused> {
        let left = self.requests < MOST_REQUESTS && self.bytes < MOST_BYTES;
        match paused.fate(self.ask, left) {
            Fate::Fetch => {
                self.requests += 1;
                self.moved = Instant::now();
                return Some(paused);
            }
            Fate::Known(answer) => {
                self.wire.tell(Some(&self.session), "Fetch.fulfillRequest", answer);
            }
            Fate::Left => self.fail(&paused),
            Fate::Refused => {
                self.refused = self.refused.saturating_add(1);
                self.fail(&paused);
            }
        }
        None
    }

    fn fail(&self, paused: &Paused) {
        // a document that cannot be had leaves the one that is there
        let reason = if paused.main { "Aborted" } else { "BlockedByClient" };
        let params = json!({ "requestId": paused.id, "errorReason": reason });
        self.wire.tell(Some(&self.session), "Fetch.failRequest", params);
    }

    /// Hands the browser what was fetched for it.
    fn take(&mut self, fetched: &Fetched) -> Result<(), Unrendered> {
        self.moved = Instant::now();
        self.bytes += fetched.visit.body.len() as u64;
        if fetched.visit.reason == Reason::GuardAddress {
            self.refused += 1;
        }
        let fault = if fetched.paused.main { fetched.fault() } else { None };
        if let Some((reason, detail)) = fault {
            if !self.shown {
                return Err(Unrendered { reason, detail });
            }
            // scripts led on to what is no page, or to nothing; an error page is one
            if !matches!(reason, Reason::HttpStatus(_)) {
                self.fail(&fetched.paused);
                return Ok(());
            }
        }
        match fetched.answer() {
            Some(answer) => self.wire.tell(Some(&self.session), "Fetch.fulfillRequest", answer),
            None => self.fail(&fetched.paused),
        }
        Ok(())
    }

    /// The document as it is now, read from a world that the page's scripts cannot reach.
    async fn read(&self) -> Result<Rendered, Unrendered> {
        let session = Some(self.session.as_str());
        let params = json!({ "frameId": self.frame, "worldName": "xuncha" });
        let world = call(self.wire, session, "Page.createIsolatedWorld", params).await?;
        let script = format!(
            "[document.URL, (document.documentElement?.outerHTML ?? '').slice(0, {LARGEST})]"
        );
        let context = world.get("executionContextId").cloned().unwrap_or_default();
        let params = json!({ "expression": script, "contextId": context, "returnByValue": true });
        let read = call(self.wire, session, "Runtime.evaluate", params).await?;
        let part = |at: usize| read.pointer(&format!("/result/value/{at}")).and_then(Value::as_str);
        let url = part(0).and_then(|url| Url::parse(url).ok());
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        let (Some(final_url), Some(html)) = (url, part(1)) else {
            let detail = format!("nothing was shown: {}", part(0).unwrap_or_default());
            return Err(Unrendered::new(Reason::HttpProtocol, detail));
        };
        let html = html[..html.floor_char_boundary(LARGEST)].to_owned();
        let Self { requests, refused, bytes, .. } = *self;
        Ok(Rendered { html, final_url, requests, refused, bytes })
    }
}

async fn call(
    wire: &Wire,
    session: Option<&str>,
    method: &str,
    params: Value,
) -> Result<Value, Unrendered> {
    wire.call(session, method, params).await.map_err(own)
}

/// A name that the browser gave something.
fn text(answer: &Value, field: &str) -> Result<String, Unrendered> {
    let found = answer.get(field).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| own(format!("the browser does not say its {field}")))
}
