//! prometheus-blackbox-exporter under the same work, asked over its own `/probe` as Prometheus asks it.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use futures_util::future::try_join_all;
use http_body_util::{BodyExt as _, Empty};
use hyper::{Request, body::Bytes, client::conn::http1::SendRequest, header::HOST};
use hyper_util::rt::TokioIo;
use tempfile::TempDir;
use tokio::{net::TcpStream, runtime::Runtime};

use crate::{
    CONCURRENCY, Figures, ROUNDS,
    farm::{Outcome, Place, address, process::Cost},
    targets,
};

pub(crate) const PROGRAM: &str = "/usr/bin/prometheus-blackbox-exporter";

/// A running exporter and the connections to it; it ends when dropped.
pub(crate) struct Exporter {
    process: Process,
    runtime: Runtime,
    lines: Vec<Line>,
    asked: Vec<String>,
    _folder: TempDir,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Exporter {
    /// Starts it for the farm's targets; `None` when it is not installed.
    pub(crate) fn start(place: &Place) -> Outcome<Option<Self>> {
        if !Path::new(PROGRAM).exists() {
            return Ok(None);
        }
        let folder = tempfile::tempdir()?;
        let configuration = folder.path().join("blackbox.yml");
        let authority = place.authority.display();
        fs::write(
            &configuration,
            format!(
                "modules: {{ home: {{ prober: http, timeout: 15s, http: {{ preferred_ip_protocol: ip4, \
                 tls_config: {{ ca_file: {authority} }} }} }} }}\n"
            ),
        )?;
        let at: SocketAddr = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(PROGRAM);
        command.arg(format!("--config.file={}", configuration.display()));
        command.arg(format!("--web.listen-address={at}"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = Process(command.spawn()?);
        let asked = targets(place).into_iter().map(|(number, scheme)| {
            let port = if scheme == "https" { place.tls } else { place.plain };
            let (address, host) = (address(number), place.host(number));
            format!("/probe?module=home&target={scheme}://{address}:{port}/&hostname={host}")
        });
        let asked: Vec<String> = asked.collect();
        let runtime = Runtime::new()?;
        let mut lines = runtime.block_on(lines(at))?;
        runtime.block_on(round(&mut lines, &asked[..asked.len().min(2 * CONCURRENCY)]))?;
        Ok(Some(Self { process, runtime, lines, asked, _folder: folder }))
    }

    /// Has every target probed a few times.
    pub(crate) fn turn(&mut self) -> Outcome<Figures> {
        let process = self.process.0.id().to_string();
        let (before, began) = (Cost::of(&process)?, Instant::now());
        let mut failed = 0;
        for _ in 0..ROUNDS {
            failed += self.runtime.block_on(round(&mut self.lines, &self.asked))?;
        }
        let (after, seconds) = (Cost::of(&process)?, began.elapsed().as_secs_f64());
        let (cpu, peak_mb) = (after.cpu - before.cpu, after.peak_mb);
        Ok(Figures { probes: ROUNDS * self.asked.len(), failed, seconds, cpu, peak_mb })
    }
}

/// As many connections as probes are to run at once.
async fn lines(at: SocketAddr) -> Outcome<Vec<Line>> {
    let began = Instant::now();
    let mut lines = Vec::new();
    while lines.len() < CONCURRENCY {
        match line(at).await {
            Ok(line) => lines.push(line),
            Err(error) if began.elapsed() > Duration::from_secs(10) => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    Ok(lines)
}

type Line = SendRequest<Empty<Bytes>>;

/// A connection that stays open, as Prometheus keeps one.
async fn line(at: SocketAddr) -> Outcome<Line> {
    #[expect(clippy::disallowed_methods, reason = "this is the exporter's client, not ours")]
    let stream = TcpStream::connect(at).await?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// Has every target probed once; how many probes did not succeed.
async fn round(lines: &mut [Line], asked: &[String]) -> Outcome<usize> {
    let (next, failed) = (&AtomicUsize::new(0), &AtomicUsize::new(0));
    let workers = lines.iter_mut().map(async |line| {
        while let Some(path) = asked.get(next.fetch_add(1, Ordering::Relaxed)) {
            line.ready().await?;
            let request = Request::get(path).header(HOST, "exporter").body(Empty::new())?;
            let body = line.send_request(request).await?.into_body().collect().await?.to_bytes();
            let success = body.split(|byte| *byte == b'\n').any(|line| line == b"probe_success 1");
            failed.fetch_add(usize::from(!success), Ordering::Relaxed);
        }
        Outcome::Ok(())
    });
    try_join_all(workers).await?;
    Ok(failed.load(Ordering::Relaxed))
}
