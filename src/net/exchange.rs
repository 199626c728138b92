//! Requests and their answers' heads over one connection.

use std::{
    error::Error,
    future::{poll_fn, ready},
    mem,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::{
    Method, Request, Response,
    body::{Body, Incoming},
    client::conn::http1,
    ext::on_informational,
    header::{
        ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, COOKIE, HOST, HeaderValue, IF_MODIFIED_SINCE,
        IF_NONE_MATCH, REFERER, USER_AGENT,
    },
    http::uri::InvalidUri,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::Notify,
    time::timeout,
};
use url::{Position, Url};
use xuncha_model::Reason;

use crate::{
    Config, Fault,
    dial::Received,
    fault::io_cause,
    tls::{self, Handshake},
};

/// Interim answers (1xx) taken before the real one (threats.md T8).
const MAX_INTERIM: usize = 10;
/// Bytes behind a body, and the time for them, that a connection is worth.
const MAX_REST: usize = 16 << 10;
const REST: Duration = Duration::from_secs(1);

/// A connection, plain or under TLS.
pub(crate) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// A connection that speaks HTTP/1.1, for one request after another.
pub(crate) struct Link {
    sender: http1::SendRequest<Empty<Bytes>>,
    pub(crate) pump: Pump,
    /// What came since the last request; over a new connection all of it, the TLS handshake too.
    pub(crate) received: Received,
    pub(crate) handshake: Handshake,
    used: bool,
}

/// What moves the bytes of a connection, as long as it is polled; dropping it closes the connection.
///
/// It is polled by whoever waits for the bytes: a task of its own would wake another thread for every packet.
pub(crate) struct Pump(Option<Connection>);

type Connection = Pin<Box<dyn Future<Output = Result<(), hyper::Error>> + Send>>;

impl Pump {
    /// Does some work that waits for the connection.
    pub(crate) async fn during<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|cx| {
            // an error, if any, reaches the work as well
            if self.0.as_mut().is_some_and(|connection| connection.as_mut().poll(cx).is_ready()) {
                self.0 = None;
            }
            work.as_mut().poll(cx)
        })
        .await
    }
}

impl Link {
    /// Sends nothing yet.
    pub(crate) async fn open(
        io: Box<dyn Io>,
        (received, handshake): (Received, Handshake),
        config: &Config,
    ) -> Result<Self, Fault> {
        let (sender, connection) = http1::Builder::new()
            .max_headers(config.max_header_lines)
            .max_header_size(config.max_header_bytes)
            .max_buf_size((2 * config.max_header_bytes).max(16 << 10))
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .ignore_invalid_headers_in_responses(true)
            .handshake(TokioIo::new(io))
            .await
            .map_err(|error| blame(&error, &received, &handshake))?;
        let pump = Pump(Some(Box::pin(connection)));
        Ok(Self { sender, pump, received, handshake, used: false })
    }

    /// Sends a request and waits for the head of the answer; the caller sets the time limit.
    pub(crate) async fn ask(
        &mut self,
        mut request: Request<Empty<Bytes>>,
    ) -> Result<Response<Incoming>, Fault> {
        if mem::replace(&mut self.used, true) {
            self.received.restart();
        }
        let flood = Arc::new(Notify::new());
        let (interim, alarm) = (AtomicUsize::new(0), Arc::clone(&flood));
        on_informational(&mut request, move |_| {
            if interim.fetch_add(1, Ordering::Relaxed) >= MAX_INTERIM {
                alarm.notify_one();
            }
        });
        let sender = &mut self.sender;
        let asked = self.pump.during(async {
            sender.ready().await?;
            sender.send_request(request).await
        });
        tokio::select! {
            response = asked => {
                response.map_err(|error| blame(&error, &self.received, &self.handshake))
            }
            () = flood.notified() => {
                Err(Fault::new(Reason::HttpProtocol, "interim answers without an end"))
            }
        }
    }

    /// Takes in what is left of a body that was read, and gives the connection back when it can be used again.
    ///
    /// A compressed body may end before the chunks that carry it do.
    pub(crate) async fn spare(mut self, mut body: Incoming) -> Option<Self> {
        let rest = async {
            let mut left = 0;
            while !body.is_end_stream()
                && let Some(frame) = body.frame().await
            {
                left += frame.ok()?.data_ref().map_or(0, Bytes::len);
                if left > MAX_REST {
                    return None;
                }
            }
            Some(())
        };
        timeout(REST, self.pump.during(rest)).await.ok()??;
        // once more, so that it notices that nobody will speak over it again
        self.pump.during(ready(())).await;
        (self.pump.0.is_some() && !self.sender.is_closed()).then_some(self)
    }
}

/// What is asked for.
pub(crate) struct Question<'a> {
    pub(crate) url: &'a Url,
    pub(crate) head_only: bool,
    /// `Cookie`; these three are not sent when they are empty.
    pub(crate) cookie: &'a str,
    /// `If-None-Match`.
    pub(crate) etag: &'a str,
    /// `If-Modified-Since`.
    pub(crate) modified: &'a str,
    pub(crate) guise: Guise<'a>,
}

impl<'a> Question<'a> {
    /// A GET and nothing else.
    pub(crate) fn of(url: &'a Url) -> Self {
        let guise = Guise::default();
        Self { url, head_only: false, cookie: "", etag: "", modified: "", guise }
    }
}

/// As whom a site is asked; what is empty is as always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guise<'a> {
    /// `User-Agent`; ours where it is empty.
    pub agent: &'a str,
    /// `Referer`; not sent where it is empty.
    pub referer: &'a str,
}

/// The request for a question.
pub(crate) fn request(
    question: &Question<'_>,
    config: &Config,
) -> Result<Request<Empty<Bytes>>, Fault> {
    let url = question.url;
    let wrong =
        |what: &dyn Error| Fault::new(Reason::HttpProtocol, format!("cannot be asked: {what}"));
    let text = |text: &str| HeaderValue::from_str(text).map_err(|error| wrong(&error));
    let method = if question.head_only { Method::HEAD } else { Method::GET };
    let mut request = Request::new(Empty::new());
    *request.method_mut() = method;
    *request.uri_mut() = url[Position::BeforePath..Position::AfterQuery]
        .parse()
        .map_err(|error: InvalidUri| wrong(&error))?;
    let headers = request.headers_mut();
    headers.insert(HOST, text(&url[Position::BeforeHost..Position::AfterPort])?);
    let Guise { agent, referer } = question.guise;
    let agent = if agent.is_empty() { &config.user_agent } else { agent };
    headers.insert(USER_AGENT, text(agent)?);
    if !referer.is_empty() {
        headers.insert(REFERER, text(referer)?);
    }
    headers.insert(ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8"));
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("zh-CN,zh;q=0.9"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br"));
    if !question.cookie.is_empty() {
        headers.insert(COOKIE, text(question.cookie)?);
    }
    for (name, value) in [(IF_NONE_MATCH, question.etag), (IF_MODIFIED_SINCE, question.modified)] {
        // what cannot be sent back as it came is left out: the whole page is sent then
        if !value.is_empty()
            && let Ok(value) = HeaderValue::from_str(value)
        {
            headers.insert(name, value);
        }
    }
    Ok(request)
}

fn blame(error: &hyper::Error, received: &Received, handshake: &Handshake) -> Fault {
    let text = || error.to_string();
    if error.is_parse_too_large() {
        Fault::new(Reason::LimitHeaders, text())
    } else if error.is_parse() {
        Fault::new(Reason::HttpProtocol, text())
    } else if io_cause(error).is_some() {
        tls::fault(error, received, handshake, Reason::HttpReset)
    } else if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        let untouched = received.bytes() == 0;
        let reason = if untouched { Reason::ConnectReset } else { Reason::HttpReset };
        Fault::new(reason, "closed without an answer")
    } else {
        Fault::new(Reason::HttpProtocol, text())
    }
}
