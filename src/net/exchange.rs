//! One request and its answer's head over one connection.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use http_body_util::Empty;
use hyper::{
    Method, Request, Response, Uri,
    body::Incoming,
    client::conn::http1,
    ext::on_informational,
    header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, COOKIE, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::Notify,
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

/// A connection, plain or under TLS.
pub(crate) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// The answer's head, and the connection that brings its body.
pub(crate) struct Answer {
    pub(crate) response: Response<Incoming>,
    pub(crate) pump: Pump,
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

/// Sends a request and waits for the head of the answer; the caller sets the time limit.
pub(crate) async fn send(
    io: Box<dyn Io>,
    (method, url): (Method, &Url),
    cookie: &str,
    config: &Config,
    (received, handshake): (&Received, &Handshake),
) -> Result<Answer, Fault> {
    let mut request = request(method, url, cookie, &config.user_agent)
        .map_err(|error| Fault::new(Reason::HttpProtocol, format!("cannot be asked: {error}")))?;
    let flood = Arc::new(Notify::new());
    let (interim, alarm) = (AtomicUsize::new(0), Arc::clone(&flood));
    on_informational(&mut request, move |_| {
        if interim.fetch_add(1, Ordering::Relaxed) >= MAX_INTERIM {
            alarm.notify_one();
        }
    });
    let blame = |error: &hyper::Error| blame(error, received, handshake);
    let (mut sender, connection) = http1::Builder::new()
        .max_headers(config.max_header_lines)
        .max_header_size(config.max_header_bytes)
        .max_buf_size((2 * config.max_header_bytes).max(16 << 10))
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true)
        .handshake(TokioIo::new(io))
        .await
        .map_err(|error| blame(&error))?;
    let mut pump = Pump(Some(Box::pin(connection)));
    let response = tokio::select! {
        response = pump.during(sender.send_request(request)) => response.map_err(|error| blame(&error))?,
        () = flood.notified() => {
            return Err(Fault::new(Reason::HttpProtocol, "interim answers without an end"));
        }
    };
    Ok(Answer { response, pump })
}

fn request(
    method: Method,
    url: &Url,
    cookie: &str,
    agent: &str,
) -> Result<Request<Empty<Bytes>>, hyper::http::Error> {
    let target: Uri = url[Position::BeforePath..Position::AfterQuery].parse()?;
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(USER_AGENT, agent)
        .header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .header(ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9")
        .header(ACCEPT_ENCODING, "gzip, deflate, br");
    if !cookie.is_empty() {
        request = request.header(COOKIE, cookie);
    }
    request.body(Empty::new())
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
