//! One TCP connection to one checked address.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use xuncha_model::Reason;

use crate::Fault;

/// Opens a connection to exactly this address; the caller sets the time limit.
pub(crate) async fn dial(address: SocketAddr) -> Result<Metered, Fault> {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    let connected = TcpStream::connect(address).await;
    match connected {
        Ok(stream) => {
            // a failure here changes nothing but speed
            let _ = stream.set_nodelay(true);
            Ok(Metered { stream, received: Arc::default() })
        }
        Err(error) if error.kind() == io::ErrorKind::NetworkUnreachable && !routed(address) => {
            let detail = format!("this machine has no route to {}", address.ip());
            Err(Fault::new(Reason::SelfNetwork, detail))
        }
        Err(error) => Err(Fault::connecting(&error)),
    }
}

/// Whether this machine has a route to the address at all: connecting a UDP socket looks it up and sends nothing.
fn routed(address: SocketAddr) -> bool {
    let local: SocketAddr = match address {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    UdpSocket::bind(local).and_then(|socket| socket.connect(address)).is_ok()
}

/// A connection that counts what it receives: a cut before the first byte is told from one after it.
#[derive(Debug)]
pub(crate) struct Metered {
    stream: TcpStream,
    received: Arc<AtomicU64>,
}

impl Metered {
    /// The counter, to be read after the connection has gone elsewhere.
    pub(crate) fn received(&self) -> Received {
        Received { all: Arc::clone(&self.received), before: 0 }
    }
}

/// How many bytes a connection has received, all in all or since a moment.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    all: Arc<AtomicU64>,
    before: u64,
}

impl Received {
    pub(crate) fn bytes(&self) -> u64 {
        self.all.load(Ordering::Relaxed).saturating_sub(self.before)
    }

    /// Counts from now on: a kept connection has received before.
    pub(crate) fn restart(&mut self) {
        self.before = self.all.load(Ordering::Relaxed);
    }
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        let more = buf.filled().len() - before;
        self.received.fetch_add(more.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
