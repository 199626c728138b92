//! One visit: a request, its redirects and the final answer, every hop guarded, paced and timed.

use std::{collections::HashSet, time::Duration};

use hyper::{HeaderMap, StatusCode, header::SET_COOKIE};
use url::Url;
use xuncha_model::{
    Reason,
    facts::{
        availability::Phase,
        http::{Cookie, Header, Hop},
    },
};

use crate::{
    Cidr, Fault, Shake,
    answer::{self, retry_after},
    charset,
    cookies::{self, Jar},
    decode,
    door::Inner,
    exchange::{Link, Question, request},
    guard::endpoint,
    legacy::secure,
    pace::Peer,
    steps::{Budget, Channel, Whom, blank_hop, connect, millis},
};

/// Cookies that are reported of one visit.
const MAX_COOKIES: usize = 50;

/// How an address is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// HEAD in the place of GET: no body is read, and an empty one is no failure.
    pub head_only: bool,
    /// Only IPv6 addresses are dialled.
    pub ipv6_only: bool,
    /// A redirect is the answer, and not followed.
    pub stay: bool,
    /// Bytes of a body, where fewer than the settings allow are enough; what is longer ends with `limit.body`.
    pub most: Option<usize>,
}

/// What a visit saw, whole or up to its failure.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The address asked for.
    pub url: Url,
    /// Empty when a page was had, else what went wrong.
    pub reason: Reason,
    /// What a person may want to know of the failure; may be empty.
    pub detail: String,
    /// How far it got.
    pub phase: Phase,
    /// Every request in order.
    pub hops: Vec<Hop>,
    /// Cookies set by the start's own host, the last of a name, without their values.
    pub cookies: Vec<Cookie>,
    /// Every TLS handshake that was begun, in order.
    pub shakes: Vec<Shake>,
    /// Where the redirects ended.
    pub final_url: Url,
    /// The final status; 0 when there was no answer.
    pub status: u16,
    /// The final answer's headers, names in lower case, in order, values cut at 4 KiB.
    pub headers: Vec<Header>,
    /// The body, decompressed; what there was of it when the rest failed.
    pub body: Vec<u8>,
    /// The body as text: valid UTF-8 without NUL.
    pub text: String,
    /// The charset the text was decoded with; empty without a body.
    pub encoding: String,
    /// The charset the answer declared; empty when none.
    pub declared_encoding: String,
    /// From the first connection attempt to the last byte, waiting for our own pace left out.
    pub total: Duration,
}

/// Goes to `start` and wherever it sends us. `own` ranges are allowed for the start's own host only.
pub(crate) async fn run(inner: &Inner, start: &Url, own: &[Cidr], ask: Ask) -> Visit {
    let mut visit = Visit {
        url: start.clone(),
        reason: Reason::Ok,
        detail: String::new(),
        phase: Phase::Dns,
        hops: Vec::new(),
        cookies: Vec::new(),
        shakes: Vec::new(),
        final_url: start.clone(),
        status: 0,
        headers: Vec::new(),
        body: Vec::new(),
        text: String::new(),
        encoding: String::new(),
        declared_encoding: String::new(),
        total: Duration::ZERO,
    };
    let mut walk =
        Walk { inner, own, ask, budget: Budget::new(inner.config.timeout), jar: Jar::default() };
    if let Err(fault) = walk.follow(&mut visit).await {
        visit.reason = fault.reason;
        visit.detail = fault.detail;
    }
    if !visit.body.is_empty() {
        let content_type = visit.headers.iter().find(|header| header.name == "content-type");
        let decoded =
            charset::decode(&visit.body, content_type.map(|header| header.value.as_str()));
        visit.text = decoded.text;
        visit.encoding = decoded.encoding.to_owned();
        visit.declared_encoding = decoded.declared;
    }
    visit.total = total(&visit.hops);
    tracing::debug!(
        url = %visit.url, status = visit.status, reason = %visit.reason, detail = visit.detail,
        hops = visit.hops.len(), took = ?visit.total, "visited"
    );
    visit
}

struct Walk<'a> {
    inner: &'a Inner,
    own: &'a [Cidr],
    ask: Ask,
    budget: Budget,
    jar: Jar,
}

impl Walk<'_> {
    async fn follow(&mut self, visit: &mut Visit) -> Result<(), Fault> {
        let mut been = HashSet::new();
        for hops in 0.. {
            let mut url = visit.final_url.clone();
            url.set_fragment(None);
            // a site may set a cookie and send us back to the same address: that is no loop
            let cookie = self.jar.header(&url);
            if !been.insert((url.clone(), cookie.clone())) {
                return Err(Fault::new(Reason::RedirectLoop, format!("back at {url}")));
            }
            if hops > self.inner.config.max_redirects {
                return Err(Fault::new(Reason::RedirectLimit, format!("{hops} redirects")));
            }
            let mut hop = Hop { url: url.to_string(), ..blank_hop() };
            let next = self.hop(&url, &cookie, visit, &mut hop).await;
            visit.hops.push(hop);
            match next? {
                Some(next) => visit.final_url = next,
                None => return judge(visit, self.ask),
            }
        }
        Ok(())
    }

    /// One request; the address it sends us to, when it does.
    async fn hop(
        &mut self,
        url: &Url,
        cookie: &str,
        visit: &mut Visit,
        hop: &mut Hop,
    ) -> Result<Option<Url>, Fault> {
        let (host, port) = endpoint(url, &visit.url)?;
        let config = &self.inner.config;
        let home = visit.url.host_str() == Some(host);
        let own = if home { self.own } else { &[] };
        visit.phase = Phase::Dns;
        let ipv6_only = self.ask.ipv6_only;
        let whom = Whom { ipv6_only, ..Whom::new(self.inner, (host, port), own) };
        let connected = connect(self.inner, whom, &mut self.budget, hop).await;
        if connected.is_err() && !hop.address.is_empty() {
            visit.phase = Phase::Connect;
        }
        let connected = connected?;
        let channel = if url.scheme() == "https" {
            visit.phase = Phase::Tls;
            let secured = secure(self.inner, whom, connected, &mut self.budget, hop);
            // on the heap: large futures within large ones use up the stack of a thread
            let (channel, shake) = Box::pin(secured).await.parts();
            visit.shakes.push(shake);
            channel?
        } else {
            Channel::from(connected)
        };
        visit.phase = Phase::Request;
        let Channel { io, received, handshake, turns } = channel;
        let mut link = Link::open(io, (received, handshake), config).await?;
        let head_only = self.ask.head_only;
        let question = Question { head_only, cookie, ..Question::of(url) };
        let asked = link.ask(request(&question, config)?);
        let (response, took) =
            self.budget.step(config.header_timeout, Reason::HttpTimeout, asked).await;
        hop.first_byte_ms = millis(took);
        let (head, mut body) = response?.into_parts();
        hop.status = head.status.as_u16();
        self.note(url, host, head.status, &head.headers);
        if home {
            report_cookies(url, &head.headers, &mut visit.cookies);
        }
        if !self.ask.stay && answer::redirects(head.status) {
            hop.location = answer::location(&head.headers);
            return answer::redirect(url, head.status, &head.headers).map(Some);
        }
        visit.status = hop.status;
        visit.headers = answer::kept(&head.headers);
        visit.phase = Phase::Body;
        let source = decode::Source {
            headers: &head.headers,
            received: &link.received,
            handshake: &link.handshake,
        };
        let most = self.ask.most.unwrap_or(usize::MAX).min(config.max_body_bytes);
        let reading = decode::read(&mut body, &source, most, &mut visit.body);
        let reading = link.pump.during(reading);
        let (read, took) =
            self.budget.step(config.body_timeout, Reason::HttpTimeout, reading).await;
        hop.body_ms = millis(took);
        drop(link);
        drop(turns);
        read?;
        visit.phase = Phase::Done;
        Ok(None)
    }

    /// Cookies, and a wish to be left alone.
    fn note(&mut self, url: &Url, host: &str, status: StatusCode, headers: &HeaderMap) {
        self.jar.take(url, headers);
        if matches!(status.as_u16(), 429 | 503)
            && let Some(pause) = retry_after(headers)
        {
            let pause = pause.min(self.inner.config.retry_after_cap);
            self.inner.pace.hold(&Peer::Host(host.to_owned()), pause);
        }
    }
}

/// The cookies of an answer, as they are reported.
fn report_cookies(url: &Url, headers: &HeaderMap, into: &mut Vec<Cookie>) {
    for line in headers.get_all(SET_COOKIE) {
        let Some(cookie) = cookies::facts(url, &String::from_utf8_lossy(line.as_bytes())) else {
            continue;
        };
        into.retain(|old| old.name != cookie.name);
        if into.len() < MAX_COOKIES {
            into.push(cookie);
        }
    }
}

/// The final answer's own verdict.
fn judge(visit: &Visit, ask: Ask) -> Result<(), Fault> {
    match visit.status {
        200..=299 if visit.body.is_empty() && !ask.head_only => {
            Err(Fault::new(Reason::HttpEmpty, ""))
        }
        200..=299 => Ok(()),
        status => Err(Fault::new(Reason::HttpStatus(status), "")),
    }
}

fn total(hops: &[Hop]) -> Duration {
    let spent = hops.iter().enumerate().map(|(at, hop)| {
        let dns = if at == 0 { 0 } else { hop.dns_ms };
        [dns, hop.connect_ms, hop.tls_ms, hop.first_byte_ms, hop.body_ms]
            .map(u64::from)
            .into_iter()
            .sum::<u64>()
    });
    Duration::from_millis(spent.sum())
}
