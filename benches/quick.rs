//! A `quick` scan of 100, 300 and 1,000 hosts, stored: whether time and CPU grow with the hosts, and memory does not.
//!
//! `cargo bench -p xuncha-tests --bench quick`. Every look is whole: name system, HTTP, HTTPS, some 35 connections of the TLS
//! survey, the pages, every rule, SQLite. nginx and the name server work on the same processors; there is no pace, as all
//! hosts are ours. Each size runs in a process of its own.
#![expect(clippy::print_stdout, reason = "the table is what the bench is for")]

mod farm;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use farm::{Farm, Outcome, Place, median, now, process};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use xuncha_model::facts::LookOutcome;
use xuncha_net::Door;
use xuncha_probe::{Eye, Profile, Target, crawl::Settings, domain::Names};
use xuncha_rules::{RuleSet, register};
use xuncha_scan::{Progress, Scanner};
use xuncha_store::Store;

const SIZES: [u32; 3] = [100, 300, 1000];
/// As the program has it where nothing else is configured.
const CONCURRENCY: usize = 32;

/// What one scan took.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Figures {
    wall: f64,
    /// Seconds a look takes, the middle one.
    look: f64,
    cpu: f64,
    peak_mb: f64,
    requests: u32,
    findings: usize,
    /// Hosts that did not come out as open.
    bad: usize,
}

fn main() -> Outcome {
    if let Some(place) = process::task()? {
        let figures = tokio::runtime::Runtime::new()?.block_on(scan(&place))?;
        println!("{}", serde_json::to_string(&figures)?);
        return Ok(());
    }
    println!(
        "{:>6}{:>10}{:>12}{:>14}{:>10}{:>10}{:>12}{:>12}",
        "hosts",
        "wall s",
        "hosts/s",
        "CPU ms/host",
        "look s",
        "peak MB",
        "requests/h",
        "findings/h"
    );
    for hosts in SIZES {
        let farm = Farm::start(hosts, "ssl_protocols TLSv1.2 TLSv1.3;")?;
        let figures: Figures = process::again(&farm.place)?;
        let each = |sum: f64| sum / f64::from(hosts);
        println!(
            "{hosts:>6}{:>10.2}{:>12.1}{:>14.1}{:>10.2}{:>10.0}{:>12.1}{:>12.1}",
            figures.wall,
            f64::from(hosts) / figures.wall,
            each(1000.0 * figures.cpu),
            figures.look,
            figures.peak_mb,
            each(f64::from(figures.requests)),
            each(figures.findings as f64),
        );
        if figures.bad > 0 {
            return Err(format!("{} hosts did not come out as open", figures.bad).into());
        }
    }
    Ok(())
}

async fn scan(place: &Place) -> Outcome<Figures> {
    let register = register::load("sites.yaml", &place.register("http"));
    let register = Arc::new(register.map_err(|problems| format!("{problems:?}"))?);
    let folder = tempfile::tempdir()?;
    let scanner = Scanner {
        eye: Eye {
            door: Door::new(place.config())?,
            names: Arc::new(Names::new(&register)),
            register: Arc::clone(&register),
            vantage: "bench".to_owned(),
            profile: Profile::Quick,
            second_look: Duration::from_millis(100),
            crawl: Settings::default(),
            shelf: None,
            browser: None,
            files: None,
        },
        rules: Arc::new(RuleSet::embedded().map_err(|problems| format!("{problems:?}"))?),
        store: Some(Store::open(folder.path(), &now).await?),
        references: Vec::new(),
        concurrency: CONCURRENCY,
        keep_facts: false,
    };
    let targets = register.sites.iter().cloned().map(Target::Registered).collect();
    let begun: Mutex<HashMap<String, Instant>> = Mutex::default();
    let looks: Mutex<Vec<f64>> = Mutex::default();
    let progress = |progress: Progress| {
        let mut begun = begun.lock().unwrap_or_else(PoisonError::into_inner);
        match progress {
            Progress::Started { site } => drop(begun.insert(site, Instant::now())),
            Progress::Done { site, .. } => {
                let took = begun.remove(&site).map(|begun| begun.elapsed().as_secs_f64());
                looks.lock().unwrap_or_else(PoisonError::into_inner).extend(took);
            }
            Progress::LineDown { .. } => {}
        }
    };
    let (_stop, stopped) = watch::channel(false);
    let (before, began) = (process::Cost::of("self")?, Instant::now());
    let report = xuncha_scan::run(&scanner, targets, &now, &progress, stopped).await?;
    let (after, wall) = (process::Cost::of("self")?, began.elapsed().as_secs_f64());
    let open = [LookOutcome::Ok, LookOutcome::Degraded];
    Ok(Figures {
        wall,
        look: median(looks.into_inner().unwrap_or_else(PoisonError::into_inner)),
        cpu: after.cpu - before.cpu,
        peak_mb: after.peak_mb,
        requests: report.sites.iter().map(|site| site.requests).sum(),
        findings: report.sites.iter().map(|site| site.findings.len()).sum(),
        bad: report.sites.iter().filter(|site| !open.contains(&site.outcome)).count(),
    })
}
