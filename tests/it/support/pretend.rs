//! A TLS server that goes no further than its first flight: it speaks whatever no installed server can speak any more.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

use super::servers::{Guest, Server};

/// What it answers with, and what it cannot bear.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pretend {
    /// Versions on the wire, each with its suites in the server's own order.
    pub(crate) versions: Vec<(u16, Vec<u16>)>,
    /// The certificates.
    pub(crate) chain: Vec<Vec<u8>>,
    /// The body of ServerKeyExchange; empty for none.
    pub(crate) keys: Vec<u8>,
    /// The extensions of its ServerHello, as they stand there.
    pub(crate) extensions: Vec<u8>,
    /// The compression method it picks.
    pub(crate) compression: u8,
    /// It refuses a hello with extensions by this alert.
    pub(crate) refuses_extensions: Option<u8>,
    /// It refuses a hello without extensions by this alert.
    pub(crate) needs_extensions: Option<u8>,
    /// It closes on a hello with more suites.
    pub(crate) most_suites: Option<usize>,
    /// It closes without a word where others send an alert.
    pub(crate) mute: bool,
    /// It closes every connection after so many.
    pub(crate) has_enough_after: Option<usize>,
    /// It takes the client's order.
    pub(crate) client_order: bool,
    /// It asks for a client certificate.
    pub(crate) wants_certificate: bool,
    /// It says no more than so many bytes of its flight, and stays.
    pub(crate) falls_silent_after: Option<usize>,
    /// It thinks so long before it answers.
    pub(crate) thinks: Duration,
}

/// What a hello asks for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) version: u16,
    pub(crate) suites: Vec<u16>,
    pub(crate) extensions: bool,
}

/// How many clients wait for an answer, and how many did at most.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    all: AtomicUsize,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Crowd {
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

/// Bytes after their length in so many bytes.
pub(crate) fn vec(width: usize, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&length[4 - width..], body].concat()
}

/// A ServerKeyExchange with a prime of so many bits.
pub(crate) fn prime(bits: usize) -> Vec<u8> {
    [vec(2, &vec![0xFF; bits / 8]), vec(2, &[2]), vec(2, &[3]), vec(2, &[7; 64])].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [vec![kind], vec(3, body)].concat()
}

fn record(kind: u8, version: u16, body: &[u8]) -> Vec<u8> {
    [vec![kind], version.to_be_bytes().to_vec(), vec(2, body)].concat()
}

impl Pretend {
    /// Starts it on 127.0.0.2.
    pub(crate) async fn start(self) -> (Server, Arc<Crowd>) {
        let (this, crowd) = (Arc::new(self), Arc::new(Crowd::default()));
        let seen = Arc::clone(&crowd);
        let server = Server::start(move |guest: Guest<TcpStream>| {
            let (this, crowd) = (Arc::clone(&this), Arc::clone(&crowd));
            async move { this.serve(guest.stream, &crowd).await }
        });
        (server.await, seen)
    }

    async fn serve(&self, mut stream: TcpStream, crowd: &Crowd) -> io::Result<()> {
        crowd.most.fetch_max(crowd.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let before = crowd.all.fetch_add(1, Ordering::SeqCst);
        let asked = hello(&mut stream).await;
        sleep(self.thinks).await;
        crowd.now.fetch_sub(1, Ordering::SeqCst);
        let mut answer = self.answer(&asked?);
        if self.has_enough_after.is_some_and(|most| before >= most) {
            answer.clear();
        }
        if let Some(most) = self.falls_silent_after {
            answer.truncate(most);
        }
        stream.write_all(&answer).await?;
        if self.falls_silent_after.is_some() {
            return std::future::pending().await;
        }
        stream.shutdown().await?;
        // reading to the end first: closing with unread bytes would reset the connection under the answer
        stream.read_to_end(&mut Vec::new()).await.map(drop)
    }

    /// The bytes it answers a hello with.
    pub(crate) fn answer(&self, asked: &Asked) -> Vec<u8> {
        let oldest = self.versions.first().map_or(0x0301, |(version, _)| *version);
        let alert = |alert: u8| match self.mute {
            true => Vec::new(),
            false => record(21, oldest, &[2, alert]),
        };
        if self.most_suites.is_some_and(|most| asked.suites.len() > most) {
            return Vec::new();
        }
        let unwelcome =
            if asked.extensions { self.refuses_extensions } else { self.needs_extensions };
        if let Some(unwelcome) = unwelcome {
            return alert(unwelcome);
        }
        // the newest of its versions that is no newer than the one asked for; TLCP is apart from all others
        let fits = |version: u16| {
            (version == 0x0101) == (asked.version == 0x0101) && version <= asked.version
        };
        let Some((version, own)) = self.versions.iter().rev().find(|(version, _)| fits(*version))
        else {
            return alert(70);
        };
        let (first, second) =
            if self.client_order { (&asked.suites, own) } else { (own, &asked.suites) };
        let Some(suite) = first.iter().find(|code| second.contains(code)) else { return alert(40) };
        let mut hello = version.to_be_bytes().to_vec();
        hello.extend_from_slice(&[9; 32]);
        hello.push(0);
        hello.extend_from_slice(&suite.to_be_bytes());
        hello.push(self.compression);
        if !self.extensions.is_empty() {
            hello.extend(vec(2, &self.extensions));
        }
        let chain: Vec<u8> = self.chain.iter().flat_map(|der| vec(3, der)).collect();
        let mut flight = message(2, &hello);
        flight.extend(message(11, &vec(3, &chain)));
        if !self.keys.is_empty() {
            flight.extend(message(12, &self.keys));
        }
        if self.wants_certificate {
            flight.extend(message(13, &[1, 1, 0, 0]));
        }
        flight.extend(message(14, &[]));
        flight.chunks(64).flat_map(|piece| record(22, *version, piece)).collect()
    }
}

/// Reads a hello.
pub(crate) async fn hello(stream: &mut TcpStream) -> io::Result<Asked> {
    let mut head = [0; 5];
    stream.read_exact(&mut head).await?;
    let mut body = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
    stream.read_exact(&mut body).await?;
    let number = |at: usize| u16::from_be_bytes([body[at], body[at + 1]]);
    let suites = 4 + 2 + 32 + 1 + usize::from(body[38]);
    let count = usize::from(number(suites));
    let compression = suites + 2 + count;
    let end = compression + 1 + usize::from(body[compression]);
    Ok(Asked {
        version: number(4),
        suites: (0..count / 2).map(|at| number(suites + 2 + 2 * at)).collect(),
        extensions: end < body.len(),
    })
}
