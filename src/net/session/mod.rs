//! Kept connections: the many requests of a crawl, behind the same guard, pace and caps as a visit.

mod lines;

use std::{sync::Arc, time::Duration};

use hyper::{
    HeaderMap, Response, StatusCode,
    body::{Body, Incoming},
    header::CONTENT_TYPE,
};
use url::Url;
use xuncha_model::{Reason, facts::http::Header};

use self::lines::{Endpoint, Line, Lines};
use crate::{
    Cidr, Fault, answer, charset,
    cookies::Jar,
    decode,
    door::Inner,
    exchange::{Guise, Question, request},
    guard::endpoint,
    pace::Turn,
    pulse::Pulse,
    steps::Budget,
};

/// One request of a crawl.
#[derive(Clone, Copy, Debug)]
pub struct Want<'a> {
    /// The address; credentials and fragment are not sent.
    pub url: &'a Url,
    /// HEAD in the place of GET.
    pub head_only: bool,
    /// `If-None-Match`; empty: not sent.
    pub etag: &'a str,
    /// `If-Modified-Since`; empty: not sent.
    pub modified: &'a str,
    /// A body that is not HTML, XHTML, XML, JSON, CSS, JavaScript or plain text is not read: the connection is dropped
    /// instead. An answer that does not say what it is counts as text.
    pub text_only: bool,
    /// As whom the host of the session's first address is asked; every other host is asked as ourselves.
    pub guise: Guise<'a>,
}

/// What one request brought, whole or up to its failure.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// Empty for 2xx, 304 and redirects that lead somewhere; `http.NNN` for other answers; else what went wrong.
    pub reason: Reason,
    /// What a person may want to know of the failure; may be empty.
    pub detail: String,
    /// The status; 0 when there was no answer.
    pub status: u16,
    /// The answer's headers, names in lower case, in order, values cut at 4 KiB, cookies without theirs.
    pub headers: Vec<Header>,
    /// Where a redirect leads.
    pub location: Option<Url>,
    /// The body, decompressed; what there was of it when the rest failed.
    pub body: Vec<u8>,
    /// The body as text: valid UTF-8 without NUL; empty where the answer says that it is none.
    pub text: String,
    /// The charset the text was decoded with; empty without a text.
    pub encoding: String,
    /// The charset the answer declared; empty when none.
    pub declared_encoding: String,
    /// Bytes of the body, decompressed.
    pub bytes: u64,
    /// Bytes received for this request: heads, compression and TLS as they came.
    pub wire_bytes: u64,
    /// From the question for the name to the last byte, waiting for our own pace left out.
    pub took: Duration,
    /// A new connection was made.
    pub fresh: bool,
}

/// The connections of one crawl: at most two are kept, for `http` and `https` of one host. Paced with everybody else.
pub struct Session {
    inner: Arc<Inner>,
    pulse: Pulse,
    own: Vec<Cidr>,
    /// The first address asked for: its host and port have rights of their own.
    home: Option<Url>,
    jar: Jar,
    lines: Lines,
}

impl Session {
    pub(crate) fn new(inner: Arc<Inner>, pulse: Pulse, own: &[Cidr], interval: Duration) -> Self {
        Self {
            lines: Lines::new(interval.max(inner.config.interval())),
            inner,
            pulse,
            own: own.to_vec(),
            home: None,
            jar: Jar::default(),
        }
    }

    /// Asks for one address. Follows no redirect, and never fails: failures are what was seen.
    pub async fn fetch(&mut self, want: &Want<'_>) -> Fetched {
        let mut fetched = Fetched::default();
        let mut budget = Budget::new(self.inner.config.timeout);
        self.pulse.beat();
        if let Err(fault) = self.ask(want, &mut budget, &mut fetched).await {
            fetched.reason = fault.reason;
            fetched.detail = fault.detail;
        }
        self.pulse.beat();
        fetched.took = budget.spent();
        fetched.bytes = fetched.body.len().try_into().unwrap_or(u64::MAX);
        tracing::debug!(
            url = %want.url, status = fetched.status, reason = %fetched.reason, detail = fetched.detail,
            fresh = fetched.fresh, took = ?fetched.took, "fetched"
        );
        fetched
    }

    async fn ask(
        &mut self,
        want: &Want<'_>,
        budget: &mut Budget,
        fetched: &mut Fetched,
    ) -> Result<(), Fault> {
        let url = want.url;
        let (mut line, turns, response) = self.head(want, budget, fetched).await?;
        let (head, mut body) = response.into_parts();
        let (config, headers) = (&self.inner.config, &head.headers);
        self.jar.take(url, headers);
        fetched.status = head.status.as_u16();
        fetched.headers = answer::kept(headers);
        let verdict = judge(url, head.status, headers, &mut fetched.location);
        let is_text = answer::is_text(headers);
        if want.text_only && !is_text && !body.is_end_stream() {
            return verdict;
        }
        let source = decode::Source {
            headers,
            received: &line.link.received,
            handshake: &line.link.handshake,
        };
        let reading = decode::read(&mut body, &source, config.max_body_bytes, &mut fetched.body);
        let reading = line.link.pump.during(reading);
        let (read, _) = budget.step(config.body_timeout, Reason::HttpTimeout, reading).await;
        fetched.wire_bytes = line.link.received.bytes();
        drop(turns);
        if is_text && !fetched.body.is_empty() {
            let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let decoded = charset::decode(&fetched.body, kind);
            fetched.text = decoded.text;
            fetched.encoding = decoded.encoding.to_owned();
            fetched.declared_encoding = decoded.declared;
        }
        if read.is_ok() {
            self.lines.keep(line, body).await;
        }
        verdict?;
        // of a redirect nobody misses the body
        if fetched.location.is_some() { Ok(()) } else { read }
    }

    /// The head of the answer, and the connection that brings its body.
    async fn head(
        &mut self,
        want: &Want<'_>,
        budget: &mut Budget,
        fetched: &mut Fetched,
    ) -> Result<(Line, [Turn; 2], Response<Incoming>), Fault> {
        let Want { url, head_only, etag, modified, .. } = *want;
        let home = self.home.get_or_insert_with(|| url.clone());
        let (host, port) = endpoint(url, home)?;
        let at_home = home.host_str() == Some(host);
        let own = if at_home { self.own.as_slice() } else { &[] };
        let guise = if at_home { want.guise } else { Guise::default() };
        let to = Endpoint { https: url.scheme() == "https", host, port };
        let cookie = self.jar.header(url);
        let question = Question { url, head_only, cookie: &cookie, etag, modified, guise };
        let config = &self.inner.config;
        let mut kept = self.lines.take(to);
        loop {
            let (mut line, turns) = if let Some(line) = kept.take() {
                let turns = line.lanes.turns().await;
                (line, turns)
            } else {
                fetched.fresh = true;
                // on the heap: rare, and large
                Box::pin(self.lines.connect(&self.inner, to, own, budget)).await?
            };
            let asked = line.link.ask(request(&question, config)?);
            let (response, took) =
                budget.step(config.header_timeout, Reason::HttpTimeout, asked).await;
            fetched.wire_bytes = line.link.received.bytes();
            match response {
                Ok(response) => {
                    let pause = answer::retry_after(response.headers());
                    line.lanes.learn(config, (response.status().as_u16(), pause, took));
                    return Ok((line, turns, response));
                }
                // it was closed while nobody spoke: that is a server's right, and the next connection tells
                Err(fault) if !fetched.fresh && is_cut(&fault) => {}
                Err(fault) => {
                    line.lanes.learn(config, (0, None, took));
                    return Err(fault);
                }
            }
        }
    }
}

/// Cut before the head of an answer was complete.
fn is_cut(fault: &Fault) -> bool {
    matches!(fault.reason, Reason::ConnectReset | Reason::HttpReset)
}

/// What the head alone says of an answer.
fn judge(
    url: &Url,
    status: StatusCode,
    headers: &HeaderMap,
    location: &mut Option<Url>,
) -> Result<(), Fault> {
    if answer::redirects(status) {
        *location = Some(answer::redirect(url, status, headers)?);
    } else if !status.is_success() && status != StatusCode::NOT_MODIFIED {
        return Err(Fault::new(Reason::HttpStatus(status.as_u16()), ""));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
