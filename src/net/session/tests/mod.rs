//! Kept connections against small servers that count them.

mod answers;
mod kept;

use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use async_compression::tokio::write::GzipEncoder;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

use super::*;
use crate::{Config, Door};

/// What a server does with a request.
enum Then {
    Answer(Vec<u8>),
    /// Answers, and lets the end come a little later.
    Late(Vec<u8>, &'static [u8]),
    /// Answers and closes, without having said that it would.
    Last(Vec<u8>),
    Close,
    /// The same for ever, behind a beginning.
    Pour(&'static str, &'static str),
}

/// What came: the number of the connection, from 1, the head, and when.
type Heads = Arc<Mutex<Vec<(usize, String, Instant)>>>;

struct Server {
    port: u16,
    heads: Heads,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Every address of 127.0.0.0/8 on a free port; the script gets the number of the connection and the head.
    async fn start(script: impl Fn(usize, &str) -> Then + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (heads, script) = (Heads::default(), Arc::new(script));
        let noted = Arc::clone(&heads);
        let task = tokio::spawn(async move {
            for number in 1.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                tokio::spawn(serve(stream, number, Arc::clone(&noted), Arc::clone(&script)));
            }
        });
        Self { port, heads, task }
    }

    /// Answers everything with these lines, ends of lines made right.
    async fn answering(answer: &'static str) -> Self {
        Self::start(move |_, _| Then::Answer(lines(answer))).await
    }

    fn url(&self, path: &str) -> Url {
        format!("http://127.0.0.1:{}{path}", self.port).parse().unwrap()
    }

    /// The connections that requests came over, in order.
    fn over(&self) -> Vec<usize> {
        self.heads.lock().unwrap().iter().map(|(number, ..)| *number).collect()
    }

    fn head(&self, at: usize) -> String {
        self.heads.lock().unwrap()[at].1.clone()
    }

    fn gap(&self, at: usize) -> Duration {
        let heads = self.heads.lock().unwrap();
        heads[at + 1].2 - heads[at].2
    }
}

async fn serve(
    mut stream: TcpStream,
    number: usize,
    heads: Heads,
    script: Arc<impl Fn(usize, &str) -> Then>,
) -> io::Result<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8(head).unwrap();
        heads.lock().unwrap().push((number, head.clone(), Instant::now()));
        match script(number, &head) {
            Then::Answer(answer) => stream.write_all(&answer).await?,
            Then::Late(answer, end) => {
                stream.write_all(&answer).await?;
                sleep(Duration::from_millis(20)).await;
                stream.write_all(end).await?;
            }
            Then::Last(answer) => return stream.write_all(&answer).await,
            Then::Close => return Ok(()),
            Then::Pour(first, again) => {
                stream.write_all(&lines(first)).await?;
                let again = lines(again).repeat(1000);
                loop {
                    stream.write_all(&again).await?;
                }
            }
        }
    }
}

fn lines(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn page(extra: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = lines(&format!("HTTP/1.1 200 OK\n{extra}Content-Length: {}\n\n", body.len()));
    answer.extend_from_slice(body);
    answer
}

fn config() -> Config {
    Config {
        resolver: Some(([127, 0, 0, 1], 9).into()),
        interval_ms: 0,
        header_timeout: Duration::from_secs(2),
        max_body_bytes: 100_000,
        ..Config::default()
    }
}

fn session_with(config: Config, interval: Duration) -> Session {
    Door::new(config).unwrap().session(&["127.0.0.1".parse().unwrap()], interval)
}

fn session() -> Session {
    session_with(config(), Duration::ZERO)
}

fn want(url: &Url) -> Want<'_> {
    let guise = Guise::default();
    Want { url, head_only: false, etag: "", modified: "", text_only: false, guise }
}

async fn get(session: &mut Session, url: &Url) -> Fetched {
    session.fetch(&want(url)).await
}
