//! The full inspection of one TLS port, beside sslyze: wall time, connections, and the ratio of both.
//!
//! `cargo bench -p xuncha-tests --bench tls`. Ours is the survey of protocols, suites, order and certificates, one more
//! handshake, and the chain judged; sslyze is asked for the same, so neither for its attacks nor for the curves one by one,
//! which we leave alone. Its time has the start of Python in it, as ours has that of nothing: it is a command.
//! tests/run installs sslyze in target/sslyze; SSLYZE names another place.
#![expect(clippy::print_stdout, reason = "the table is what the bench is for")]

mod farm;

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use farm::{Farm, Outcome, Place, address, median, now, process};
use serde::{Deserialize, Serialize};
use url::Url;
use xuncha_net::Door;
use xuncha_probe::{offers, tls};

const OURS: usize = 30;
const THEIRS: usize = 5;

/// Servers that are inspected: one with nginx's own list of suites, and an old one.
const SERVERS: [(&str, &str); 2] = [
    ("TLS 1.2 and 1.3, the suites nginx has by itself", "ssl_protocols TLSv1.2 TLSv1.3;"),
    (
        "TLS 1.0 to 1.3, eight suites of long ago",
        "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:\
         ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES128-SHA:AES256-SHA:CAMELLIA128-SHA:\
         CAMELLIA256-SHA:@SECLEVEL=0;",
    ),
];

/// What the inspections of one side took.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Figures {
    /// Milliseconds, each.
    took: Vec<f64>,
    connections: u64,
    cpu: f64,
    peak_mb: f64,
}

impl Figures {
    fn line(&self, who: &str) {
        let took = median(self.took.clone());
        println!("  {who:<10}{took:>10.1} ms{:>6} connections", self.connections);
    }
}

fn main() -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    if let Some(place) = process::task()? {
        let figures = runtime.block_on(ours(&place))?;
        println!("{}", serde_json::to_string(&figures)?);
        return Ok(());
    }
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/sslyze/bin/sslyze");
    let sslyze = env::var_os("SSLYZE").map_or(usual, PathBuf::from);
    println!("median of {OURS} inspections of ours, of {THEIRS} of sslyze's");
    for (what, lines) in SERVERS {
        let farm = Farm::start(1, lines)?;
        println!("\n{what}");
        let accepted = || runtime.block_on(accepted(&farm.place));
        let before = accepted()?;
        let mut ours: Figures = process::again(&farm.place)?;
        // one inspection came before those that are measured
        ours.connections = (accepted()? - before - 1) / (OURS as u64 + 1);
        ours.line("xuncha");
        let cpu = 1000.0 * ours.cpu / OURS as f64;
        println!("            {cpu:>10.1} ms CPU, {:.0} MB at most", ours.peak_mb);
        if !sslyze.exists() {
            println!("  {} is not there: tests/run installs it", sslyze.display());
            continue;
        }
        let before = accepted()?;
        let mut theirs = theirs(&sslyze, &farm.place)?;
        theirs.connections = (accepted()? - before - 1) / THEIRS as u64;
        theirs.line("sslyze");
        println!(
            "  ratio     {:>12.0} : 1",
            median(theirs.took.clone()) / median(ours.took.clone())
        );
    }
    Ok(())
}

async fn ours(place: &Place) -> Outcome<Figures> {
    let door = Door::new(place.config())?;
    let host = place.host(0);
    let mut figures = Figures::default();
    inspect(&door, &host).await?;
    let before = process::Cost::of("self")?;
    for _ in 0..OURS {
        let began = Instant::now();
        inspect(&door, &host).await?;
        figures.took.push(1000.0 * began.elapsed().as_secs_f64());
    }
    let after = process::Cost::of("self")?;
    (figures.cpu, figures.peak_mb) = (after.cpu - before.cpu, after.peak_mb);
    Ok(figures)
}

/// The survey and the handshake as a look has them, as facts.
async fn inspect(door: &Door, host: &str) -> Outcome {
    let offers = offers::facts(door.survey(host, 443, &[]).await, now());
    let shake = door.handshake(host, 443, &[]).await;
    let tls = tls::facts(&shake, door.roots(), now());
    match (offers.seen(), tls.seen()) {
        (Some(offers), Some(tls)) if offers.complete && tls.valid_now => Ok(()),
        _ => Err(format!("the inspection failed: {offers:?} {tls:?}").into()),
    }
}

fn theirs(sslyze: &Path, place: &Place) -> Outcome<Figures> {
    let mut figures = Figures::default();
    for _ in 0..THEIRS {
        let began = Instant::now();
        let status = Command::new(sslyze)
            .arg(format!("--sni={}", place.host(0)))
            .args(["--mozilla_config=disable", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2"])
            .args(["--tlsv1_3", "--certinfo", "--compression", "--reneg", "--ems"])
            .arg(format!("{}:{}", address(0), place.tls))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        if !status.success() {
            return Err(format!("sslyze ended with {status}").into());
        }
        figures.took.push(1000.0 * began.elapsed().as_secs_f64());
    }
    Ok(figures)
}

/// Connections the server has accepted so far, the one that asks for the number among them.
async fn accepted(place: &Place) -> Outcome<u64> {
    let visit =
        Door::new(place.config())?.visit(&Url::parse("http://127.0.0.1/status")?, &[]).await;
    let numbers = visit.text.lines().nth(2).unwrap_or_default();
    let first = numbers.split_whitespace().next().and_then(|number| number.parse().ok());
    Ok(first.ok_or_else(|| format!("nginx does not tell: {} {}", visit.reason, visit.detail))?)
}
