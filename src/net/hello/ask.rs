//! One question: a connection, a hello, and as much of the answer as is asked for; nothing is ever finished.

use std::{
    fmt,
    net::SocketAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use rustls::crypto::ring;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Semaphore,
    time::timeout,
};
use xuncha_model::Reason;

use super::{
    Protocol,
    read::{Depth, Flight, Progress, Reader},
    write::{Hello, write},
};
use crate::{
    Config, Fault, Pulse,
    dial::{Metered, dial},
};

/// Connections that are open to one address at a time.
const AT_A_TIME: usize = 2;
/// Failed connection attempts after which an address is left alone.
const MAX_FAILED: u32 = 3;

/// How many connections are left for a host.
#[derive(Debug)]
pub(crate) struct Purse {
    left: AtomicU32,
    spent: AtomicU32,
}

impl Purse {
    pub(crate) fn new(connections: u32) -> Self {
        Self { left: AtomicU32::new(connections), spent: AtomicU32::new(0) }
    }

    /// Connections that were made.
    pub(crate) fn spent(&self) -> u32 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Puts connections back that were laid aside.
    pub(crate) fn add(&self, connections: u32) {
        self.left.fetch_add(connections, Ordering::Relaxed);
    }

    fn take(&self) -> bool {
        let one = |left: u32| left.checked_sub(1);
        let had = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one).is_ok();
        self.spent.fetch_add(had.into(), Ordering::Relaxed);
        had
    }
}

/// What became of a question.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// The protocol was taken, and one of the suites.
    Taken(Box<Flight>),
    /// The server does not want to.
    Refused(Refusal),
    /// Nothing usable came in time: neither yes nor no.
    Silent(Fault),
    /// The question was not put: no connection, or none left.
    Unasked(Fault),
}

impl Answer {
    /// Why there is nothing to read in it.
    pub(crate) fn fault(&self) -> Fault {
        match self {
            Self::Taken(_) => Fault::new(Reason::Ok, ""),
            Self::Silent(fault) | Self::Unasked(fault) => fault.clone(),
            Self::Refused(Refusal::NotTls) => {
                Fault::new(Reason::TlsNotTls, Refusal::NotTls.to_string())
            }
            Self::Refused(refusal) => Fault::new(Reason::TlsHandshake, refusal.to_string()),
        }
    }
}

/// How a server refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// By an alert.
    Alert(u8),
    /// By closing, or by a reset: old servers say no more.
    Closed,
    /// By taking another protocol, or a suite that was not offered.
    Other,
    /// By something that is no TLS.
    NotTls,
    /// By TLS that is not sound.
    Broken(&'static str),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alert(alert) => write!(f, "alert {alert}"),
            Self::Closed => f.write_str("closed without a word"),
            Self::Other => f.write_str("another protocol or suite than was offered"),
            Self::NotTls => f.write_str("what answers is not TLS"),
            Self::Broken(what) => f.write_str(what),
        }
    }
}

/// An address that is asked, within the purse and never by more than two connections at a time.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) host: &'a str,
    pub(crate) target: SocketAddr,
    config: &'a Config,
    purse: &'a Purse,
    pulse: &'a Pulse,
    until: Instant,
    permits: Semaphore,
    failed: AtomicU32,
    /// A connection that was made to see whether anybody is there.
    ready: Mutex<Option<Metered>>,
    /// Whether hellos of TLS bear extensions: some old servers want none.
    extensions: AtomicBool,
    /// Whether hellos of TLCP do: most servers take both, one library refuses every extension.
    tlcp_extensions: AtomicBool,
}

impl<'a> Line<'a> {
    pub(crate) fn new(
        host: &'a str,
        target: SocketAddr,
        config: &'a Config,
        (purse, pulse): (&'a Purse, &'a Pulse),
        until: Instant,
    ) -> Self {
        Self {
            host,
            target,
            config,
            purse,
            pulse,
            until,
            permits: Semaphore::new(AT_A_TIME),
            failed: AtomicU32::new(0),
            ready: Mutex::new(None),
            extensions: AtomicBool::new(true),
            tlcp_extensions: AtomicBool::new(false),
        }
    }

    /// Opens a connection that the first question then takes.
    pub(crate) async fn open(&self) -> Result<(), Fault> {
        let stream = self.dial().await?;
        *self.ready.lock().unwrap_or_else(PoisonError::into_inner) = Some(stream);
        Ok(())
    }

    /// Says whether hellos of a protocol bear extensions from now on; at first those of TLS do, and those of TLCP do not.
    pub(crate) fn extend(&self, protocol: Protocol, extensions: bool) {
        self.switch(protocol).store(extensions, Ordering::Relaxed);
    }

    fn switch(&self, protocol: Protocol) -> &AtomicBool {
        if protocol == Protocol::Tlcp { &self.tlcp_extensions } else { &self.extensions }
    }

    /// Asks for a protocol by a list of suites, the host as SNI.
    pub(crate) async fn ask(&self, protocol: Protocol, suites: &[u16], depth: Depth) -> Answer {
        let extensions = self.switch(protocol).load(Ordering::Relaxed);
        self.put(&Hello { protocol, suites, name: Some(self.host), extensions }, depth).await
    }

    /// The same, no host named.
    pub(crate) async fn ask_unnamed(&self, protocol: Protocol, suites: &[u16]) -> Answer {
        let extensions = self.switch(protocol).load(Ordering::Relaxed);
        self.put(&Hello { protocol, suites, name: None, extensions }, Depth::Flight).await
    }

    async fn put(&self, hello: &Hello<'_>, depth: Depth) -> Answer {
        let Ok(_permit) = self.permits.acquire().await else {
            return Answer::Unasked(Fault::new(Reason::SelfBug, "the permits are gone"));
        };
        let ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner).take();
        let stream = match ready {
            Some(stream) => stream,
            None => match self.dial().await {
                Ok(stream) => stream,
                Err(fault) => return Answer::Unasked(fault),
            },
        };
        // on the heap: many are joined, and a future with a buffer in it is large
        self.pulse.during(Box::pin(once(stream, hello, depth, self.patience()))).await
    }

    /// A connection for somebody else's handshake, out of the same purse.
    pub(crate) async fn dial(&self) -> Result<Metered, Fault> {
        if self.failed.load(Ordering::Relaxed) >= MAX_FAILED {
            return Err(Fault::new(Reason::ConnectReset, "too many failed connections before"));
        }
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() || !self.purse.take() {
            return Err(Fault::new(Reason::LimitTime, "no connections or no time left"));
        }
        let allowed = self.config.connect_timeout.min(left);
        let late = || Fault::late(Reason::ConnectTimeout, allowed);
        let dialled = timeout(allowed, dial(self.target)).await.unwrap_or_else(|_| Err(late()));
        if dialled.is_err() {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
        dialled
    }

    /// The time a handshake may take.
    pub(crate) fn patience(&self) -> Duration {
        self.config.tls_timeout.min(self.until.saturating_duration_since(Instant::now()))
    }
}

/// One question over one connection.
pub(crate) async fn once(
    stream: Metered,
    hello: &Hello<'_>,
    depth: Depth,
    patience: Duration,
) -> Answer {
    let mut noise = [0; 96];
    if ring::default_provider().secure_random.fill(&mut noise).is_err() {
        return Answer::Unasked(Fault::new(Reason::SelfBug, "no random bytes"));
    }
    let mut reader = Reader::new(depth);
    let heard = timeout(patience, hear(stream, &write(hello, &noise), &mut reader)).await;
    judge(hello, heard.ok(), reader, patience)
}

/// Sends the hello and feeds the reader until it has enough; the end of the stream comes as [`Progress::More`].
async fn hear(mut stream: Metered, hello: &[u8], reader: &mut Reader) -> Progress {
    // who has refused already may have closed: what it said is still to be read
    let _ = stream.write_all(hello).await;
    let mut buffer = [0; 8 << 10];
    loop {
        let progress = match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return Progress::More,
            Ok(count) => reader.feed(buffer.get(..count).unwrap_or_default()),
        };
        if progress != Progress::More {
            return progress;
        }
    }
}

fn judge(hello: &Hello<'_>, heard: Option<Progress>, reader: Reader, waited: Duration) -> Answer {
    let asked = hello.protocol.wire();
    // a flight that breaks off has still shown what it showed
    match (reader.into_flight(), heard) {
        (Some(seen), _) if seen.version == asked && hello.suites.contains(&seen.suite) => {
            Answer::Taken(Box::new(seen))
        }
        (Some(_), _) => Answer::Refused(Refusal::Other),
        (None, Some(Progress::Alert(alert))) => Answer::Refused(Refusal::Alert(alert)),
        (None, Some(Progress::NotTls)) => Answer::Refused(Refusal::NotTls),
        (None, Some(Progress::Broken(what))) => Answer::Refused(Refusal::Broken(what)),
        (None, Some(Progress::More | Progress::Done)) => Answer::Refused(Refusal::Closed),
        (None, None) => Answer::Silent(Fault::late(Reason::TlsTimeout, waited)),
    }
}
