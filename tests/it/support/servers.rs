//! TCP servers on loopback that do with every connection what a test tells them, and remember when.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

/// A running server; dropping it stops it.
pub(crate) struct Server {
    pub(crate) port: u16,
    heads: Heads,
    connections: Arc<Mutex<usize>>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection, and where to note what was asked over it.
pub(crate) struct Guest<S> {
    pub(crate) stream: S,
    heads: Heads,
}

impl Server {
    /// Serves 127.0.0.2 on a free port.
    pub(crate) async fn start<W>(serve: impl Fn(Guest<TcpStream>) -> W + Send + 'static) -> Self
    where
        W: Future<Output = io::Result<()>> + Send + 'static,
    {
        Self::on("127.0.0.2:0", serve).await.unwrap()
    }

    pub(crate) async fn on<W>(
        address: &str,
        serve: impl Fn(Guest<TcpStream>) -> W + Send + 'static,
    ) -> io::Result<Self>
    where
        W: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind(address).await?;
        let port = listener.local_addr()?.port();
        let heads: Arc<Mutex<Vec<_>>> = Arc::default();
        let connections: Arc<Mutex<usize>> = Arc::default();
        let (noted, counted) = (Arc::clone(&heads), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                *counted.lock().unwrap() += 1;
                tokio::spawn(serve(Guest { stream, heads: Arc::clone(&noted) }));
            }
        });
        Ok(Self { port, heads, connections, task })
    }

    /// Answers every request with these bytes and closes.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = Arc::new(answer.into());
        Self::start(move |guest| {
            let answer = Arc::clone(&answer);
            async move { guest.answer(&answer).await.map(drop) }
        })
        .await
    }

    /// Answers every request over TLS with these bytes and closes.
    pub(crate) async fn secure(config: Arc<ServerConfig>, answer: impl Into<Vec<u8>>) -> Self {
        Self::secure_on("127.0.0.2:0", config, answer).await
    }

    /// The same at another address.
    pub(crate) async fn secure_on(
        address: &str,
        config: Arc<ServerConfig>,
        answer: impl Into<Vec<u8>>,
    ) -> Self {
        let answer = Arc::new(answer.into());
        let acceptor = TlsAcceptor::from(config);
        let serving = Self::on(address, move |guest: Guest<TcpStream>| {
            let (answer, acceptor) = (Arc::clone(&answer), acceptor.clone());
            async move {
                let stream = acceptor.accept(guest.stream).await?;
                Guest { stream, heads: guest.heads }.answer(&answer).await.map(drop)
            }
        });
        serving.await.unwrap()
    }

    /// When requests came, and their heads.
    pub(crate) fn requests(&self) -> Vec<(Instant, String)> {
        self.heads.lock().unwrap().clone()
    }

    /// How many connections came.
    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

/// Where a server notes what was asked.
pub(crate) type Heads = Arc<Mutex<Vec<(Instant, String)>>>;

impl<S> Guest<S> {
    /// The connection, and where to note what was asked over it: for servers that put TLS between.
    pub(crate) fn parts(self) -> (S, Heads) {
        (self.stream, self.heads)
    }

    /// The other way round.
    pub(crate) fn whole(stream: S, heads: Heads) -> Self {
        Self { stream, heads }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Guest<S> {
    /// Reads a request's head and notes it.
    pub(crate) async fn head(&mut self) -> io::Result<String> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        self.heads.lock().unwrap().push((Instant::now(), head.clone()));
        Ok(head)
    }

    /// Reads a request, sends these bytes, closes.
    pub(crate) async fn answer(mut self, answer: &[u8]) -> io::Result<String> {
        let head = self.head().await?;
        self.stream.write_all(answer).await?;
        self.stream.shutdown().await?;
        // reading to the end first: closing with unread bytes would reset the connection under the answer
        let mut rest = Vec::new();
        let _ = self.stream.read_to_end(&mut rest).await;
        Ok(head)
    }

    /// Reads a request, sends `first`, then `again` for ever, with a pause between.
    pub(crate) async fn pour(
        mut self,
        first: &[u8],
        again: &[u8],
        pause: Duration,
    ) -> io::Result<()> {
        self.head().await?;
        self.stream.write_all(first).await?;
        loop {
            self.stream.write_all(again).await?;
            self.stream.flush().await?;
            sleep(pause).await;
        }
    }
}

/// Closes with a reset in the place of a goodbye.
pub(crate) fn reset(stream: TcpStream) -> io::Result<()> {
    stream.set_zero_linger()?;
    drop(stream);
    Ok(())
}

/// A whole answer with status 200.
pub(crate) fn page(extra: &str, body: &[u8]) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 200 OK\r\n{extra}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// A redirect.
pub(crate) fn redirect(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

impl Guest<TcpStream> {
    /// Says nothing and stays.
    pub(crate) async fn pour_nothing(self) -> io::Result<()> {
        let _kept = self.stream;
        std::future::pending().await
    }
}

/// A port of 127.0.0.2 nobody listens on.
pub(crate) fn unused_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.2:0").unwrap().local_addr().unwrap().port()
}

/// A port whose queue is full: it lets nobody in, and says nothing.
pub(crate) struct Deaf {
    pub(crate) address: SocketAddr,
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl Deaf {
    /// Takes a port and fills its queue.
    pub(crate) async fn on(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(address)?;
        let listener = socket.listen(0)?;
        let address = listener.local_addr()?;
        let mut waiting = Vec::new();
        loop {
            let socket = TcpSocket::new_v4()?;
            #[expect(clippy::disallowed_methods, reason = "the test's own way to its own server")]
            let connecting = socket.connect(address);
            match timeout(Duration::from_millis(200), connecting).await {
                Ok(stream) => waiting.push(stream?),
                Err(_) => break,
            }
        }
        Ok(Self { address, _listener: listener, _waiting: waiting })
    }
}
