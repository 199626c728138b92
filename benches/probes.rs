//! Home pages probed a second, half of them over TLS with the chain verified, beside prometheus-blackbox-exporter.
//!
//! `cargo bench -p xuncha-tests --bench probes`. Both probe the same 1,000 targets (500 hosts, `http://` and `https://`) of
//! one nginx, with the same concurrency, in turn, and each probe is a new connection. The exporter is Debian's package
//! `prometheus-blackbox-exporter`; without it, ours is measured alone. It is given addresses, so it asks no name server; ours
//! asks one for every probe. What is counted is the CPU time of the process that probes.
#![expect(clippy::print_stdout, reason = "the table is what the bench is for")]

mod exporter;
mod farm;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use exporter::Exporter;
use farm::{Farm, Outcome, Place, median, now, process};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use url::Url;
use xuncha_model::facts::LookOutcome;
use xuncha_net::Door;
use xuncha_probe::{Eye, Profile, Target, crawl::Settings, domain::Names, probe};
use xuncha_rules::register;

const HOSTS: u32 = 500;
const CONCURRENCY: usize = 50;
/// Both sides take turns, so that what else the machine does troubles both.
const TURNS: usize = 5;
/// How often every target is probed in one turn.
const ROUNDS: usize = 3;

/// What one side needed for a turn.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Figures {
    probes: usize,
    failed: usize,
    seconds: f64,
    cpu: f64,
    peak_mb: f64,
}

fn main() -> Outcome {
    if let Some(place) = process::task()? {
        // a probe only waits: a second thread would be woken for nothing
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let figures = runtime.block_on(ours(place))?;
        println!("{}", serde_json::to_string(&figures)?);
        return Ok(());
    }
    let farm = Farm::start(HOSTS, "ssl_protocols TLSv1.2 TLSv1.3;")?;
    let mut exporter = Exporter::start(&farm.place)?;
    let (mut ours, mut theirs): (Vec<Figures>, Vec<Figures>) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(process::again(&farm.place)?);
        if let Some(exporter) = &mut exporter {
            theirs.push(exporter.turn()?);
        }
    }
    println!(
        "{} targets, half of them TLS, {CONCURRENCY} at once, {TURNS} turns of {ROUNDS} rounds, medians\n",
        2 * HOSTS,
    );
    println!(
        "{:<32}{:>10}{:>14}{:>10}{:>9}{:>8}",
        "", "probes/s", "CPU ms/probe", "peak MB", "probes", "failed"
    );
    let (our_rate, our_cpu) = line("xuncha", &ours)?;
    if exporter.is_none() {
        println!("\nwithout {}: apt install prometheus-blackbox-exporter", exporter::PROGRAM);
        return Ok(());
    }
    let (rate, cpu) = line("prometheus-blackbox-exporter", &theirs)?;
    println!("\nCPU a probe      1 : {:.1}", cpu / our_cpu);
    println!("probes a second  {:.1} : 1", our_rate / rate);
    Ok(())
}

/// Prints what one side needed; the rate, and the CPU a probe.
fn line(who: &str, turns: &[Figures]) -> Outcome<(f64, f64)> {
    let each = |what: fn(&Figures) -> f64| median(turns.iter().map(what).collect());
    let rate = each(|turn| turn.probes as f64 / turn.seconds);
    let cpu = each(|turn| 1000.0 * turn.cpu / turn.probes as f64);
    let peak = each(|turn| turn.peak_mb);
    let probes: usize = turns.iter().map(|turn| turn.probes).sum();
    let failed: usize = turns.iter().map(|turn| turn.failed).sum();
    println!("{who:<32}{rate:>10.0}{cpu:>14.3}{peak:>10.0}{probes:>9}{failed:>8}");
    if failed == 0 { Ok((rate, cpu)) } else { Err(format!("{failed} probes failed").into()) }
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
        crawl: Settings::default(),
        shelf: None,
        browser: None,
        files: None,
    };
    let urls = targets(&place).into_iter().map(|(number, scheme)| {
        Ok(Target::Bare(Url::parse(&format!("{scheme}://{}/", place.host(number)))?))
    });
    let targets: Vec<Target> = urls.collect::<Outcome<_>>()?;
    // what is read once in a process's life is read now
    round(&eye, &targets[..targets.len().min(2 * CONCURRENCY)]).await;
    let (before, began) = (process::Cost::of("self")?, Instant::now());
    let mut failed = 0;
    for _ in 0..ROUNDS {
        failed += round(&eye, &targets).await;
    }
    let (after, seconds) = (process::Cost::of("self")?, began.elapsed().as_secs_f64());
    let (cpu, peak_mb) = (after.cpu - before.cpu, after.peak_mb);
    Ok(Figures { probes: ROUNDS * targets.len(), failed, seconds, cpu, peak_mb })
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
