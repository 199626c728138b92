//! Home pages probed a second, half of them over TLS with the chain verified, beside prometheus-blackbox-exporter.
//!
//! `cargo bench -p xuncha-tests --bench probes`. Both probe the same 1,000 targets (500 hosts, `http://` and `https://`) of
//! one nginx, with the same concurrency, in turn, and each probe is a new connection. The exporter is Debian's package
//! `prometheus-blackbox-exporter`; without it, ours is measured alone. It is given addresses, so it asks no name server; ours
//! asks one for every probe. What is counted is the CPU time of the process that probes.
#![expect(clippy::print_stdout, reason = "the table is what the bench is for")]

mod farm;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use farm::{Farm, Outcome, Place, median, now, process};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use url::Url;
use xuncha_model::facts::LookOutcome;
use xuncha_net::Door;
use xuncha_probe::{Eye, Profile, Target, domain::Names, probe};
use xuncha_rules::register;

mod exporter;

const HOSTS: u32 = 500;
const CONCURRENCY: usize = 50;
const ROUNDS: usize = 5;

/// What one side needed for all its rounds.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Figures {
    /// Probes a second, a round.
    rates: Vec<f64>,
    probes: usize,
    failed: usize,
    cpu: f64,
    peak_mb: f64,
}

impl Figures {
    fn cpu_ms(&self) -> f64 {
        1000.0 * self.cpu / self.probes as f64
    }

    fn line(&self, who: &str) {
        println!(
            "{who:<32}{:>10.0}{:>14.3}{:>10.0}{:>9}{:>8}",
            median(self.rates.clone()),
            self.cpu_ms(),
            self.peak_mb,
            self.probes,
            self.failed
        );
    }
}

fn main() -> Outcome {
    if let Some(place) = process::task()? {
        let runtime = tokio::runtime::Runtime::new()?;
        // as the monitor runs them: in a task
        let figures = runtime.block_on(async { tokio::spawn(ours(place)).await? })?;
        println!("{}", serde_json::to_string(&figures)?);
        return Ok(());
    }
    let farm = Farm::start(HOSTS, "ssl_protocols TLSv1.2 TLSv1.3;")?;
    let place = &farm.place;
    println!(
        "{} targets, half of them TLS, {CONCURRENCY} at once, {ROUNDS} rounds\n\n{:<32}{:>10}{:>14}{:>10}{:>9}{:>8}",
        2 * HOSTS,
        "",
        "probes/s",
        "CPU ms/probe",
        "peak MB",
        "probes",
        "failed"
    );
    let ours: Figures = process::again(place)?;
    ours.line("xuncha");
    match exporter::measure(place)? {
        None => {
            println!(
                "\nprometheus-blackbox-exporter is not installed (Debian: apt install prometheus-blackbox-exporter)"
            );
        }
        Some(theirs) => {
            theirs.line("prometheus-blackbox-exporter");
            println!(
                "\nCPU a probe, ours : theirs   1 : {:.1}\nprobes a second              {:.1} : 1",
                theirs.cpu_ms() / ours.cpu_ms(),
                median(ours.rates.clone()) / median(theirs.rates.clone())
            );
            if theirs.failed > 0 {
                return Err("a probe of the exporter failed".into());
            }
        }
    }
    if ours.failed > 0 {
        return Err("a probe failed".into());
    }
    Ok(())
}

/// The addresses that are probed.
fn targets(place: &Place) -> Vec<(u32, &'static str)> {
    (0..place.hosts).flat_map(|number| [(number, "http"), (number, "https")]).collect()
}

async fn ours(place: Place) -> Outcome<Figures> {
    let (file, text) = ("sites.yaml", include_str!("../sites.yaml"));
    let register = register::load(file, text).map_err(|problems| format!("{problems:?}"))?;
    let names = Arc::new(Names::new(&register));
    let eye = Eye {
        door: Door::new(place.config())?,
        register: Arc::new(register),
        names,
        vantage: "bench".to_owned(),
        profile: Profile::Quick,
        second_look: Duration::ZERO,
    };
    let urls = targets(&place).into_iter().map(|(number, scheme)| {
        Ok(Target::Bare(Url::parse(&format!("{scheme}://{}/", place.host(number)))?))
    });
    let targets: Vec<Target> = urls.collect::<Outcome<_>>()?;
    // what is read once in a process's life is read now
    round(&eye, &targets[..targets.len().min(2 * CONCURRENCY)]).await;
    let before = process::Cost::of("self")?;
    let (mut rates, mut failed) = (Vec::new(), 0);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        failed += round(&eye, &targets).await;
        rates.push(targets.len() as f64 / began.elapsed().as_secs_f64());
    }
    let after = process::Cost::of("self")?;
    let (cpu, peak_mb) = (after.cpu - before.cpu, after.peak_mb);
    Ok(Figures { rates, probes: ROUNDS * targets.len(), failed, cpu, peak_mb })
}

/// Probes every target once; how many were not in perfect order.
async fn round(eye: &Eye, targets: &[Target]) -> usize {
    let bad = AtomicUsize::new(0);
    let probes = stream::iter(targets).for_each_concurrent(CONCURRENCY, async |target| {
        let seen = probe(eye, target, &now).await.availability;
        let good = seen.seen().is_some_and(|seen| seen.outcome == LookOutcome::Ok);
        bad.fetch_add(usize::from(!good), Ordering::Relaxed);
    });
    probes.await;
    bad.into_inner()
}
