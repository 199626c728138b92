//! A full crawl of 100 sites of 300 pages, judged and stored, beside the link checker lychee over the same pages.
//!
//! `cargo bench -p xuncha-tests --bench crawl`. lychee is taken from the path, or from what `LYCHEE` names
//! (`cargo install lychee --locked`); without it the row is left out and said so. nginx, the name server and what is
//! measured share the processors; there is no pace, as all sites are ours. What was done is told from nginx's log.
#![expect(clippy::print_stdout, reason = "the table is what the bench is for")]

mod farm;

use std::{
    collections::HashSet,
    env,
    fmt::Write as _,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use farm::{
    Asked, Farm, Outcome, Place,
    city::{self, Manifest},
    now, process,
};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use xuncha_net::Door;
use xuncha_probe::{Eye, Profile, Target, crawl::Settings, domain::Names};
use xuncha_rules::{RuleSet, register};
use xuncha_scan::Scanner;
use xuncha_store::Store;

const SITES: u32 = 100;
const PAGES: u32 = 300;
/// As the program has it where nothing else is configured.
const CONCURRENCY: usize = 32;

/// What is measured in a process of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Task {
    place: Place,
    folder: PathBuf,
    scheme: String,
}

/// What a crawl took.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Figures {
    wall: f64,
    cpu: f64,
    peak_mb: f64,
    pages: u32,
    unchanged: u32,
    broken: usize,
}

fn main() -> Outcome {
    if let Some(task) = process::task()? {
        let figures = tokio::runtime::Runtime::new()?.block_on(crawl(&task))?;
        println!("{}", serde_json::to_string(&figures)?);
        return Ok(());
    }
    let (farm, manifest) = Farm::city(SITES, PAGES)?;
    println!(
        "{:<22}{:>9}{:>9}{:>14}{:>9}{:>10}{:>9}{:>10}{:>10}{:>8}",
        "",
        "wall s",
        "CPU s",
        "CPU ms/page",
        "peak MB",
        "requests",
        "MB",
        "pages",
        "links",
        "broken"
    );
    let ours = round(&farm, &manifest, "http")?;
    if let Some(program) = lychee() {
        let peer = peer(&farm, &manifest, &program)?;
        println!(
            "wall ours : lychee = {:.2}, CPU {:.2}, memory {:.2}",
            ours.wall / peer.wall,
            ours.cpu / peer.cpu,
            ours.peak_mb / peer.peak_mb
        );
    } else {
        println!("lychee: not found (cargo install lychee --locked, or LYCHEE=path)");
    }
    round(&farm, &manifest, "https")?;
    Ok(())
}

/// A first crawl and a second one of the same sites.
fn round(farm: &Farm, manifest: &Manifest, scheme: &str) -> Outcome<Figures> {
    let folder = tempfile::tempdir()?;
    let task = Task {
        place: farm.place.clone(),
        folder: folder.path().to_owned(),
        scheme: scheme.to_owned(),
    };
    let mut both = Vec::new();
    for name in ["first", "again"] {
        farm.forget()?;
        let figures: Figures = process::again(&task)?;
        let work = Work::of(&farm.log()?, manifest);
        row(&format!("xuncha {scheme}, {name}"), &figures, &work);
        both.push((figures, work));
    }
    let [(first, work), (second, rework)] = &both[..] else { return Err("two crawls".into()) };
    println!(
        "again : first, CPU {:.2}, bytes {:.3}",
        second.cpu / first.cpu,
        rework.bytes as f64 / work.bytes as f64
    );
    Ok(first.clone())
}

/// What was done, as the server saw it.
struct Work {
    requests: usize,
    bytes: u64,
    /// Pages that were had or confirmed.
    pages: usize,
    /// Addresses of the sites that were asked for, each once.
    links: usize,
    /// Broken ones among them.
    broken: usize,
}

impl Work {
    fn of(log: &[Asked], manifest: &Manifest) -> Self {
        let known: HashSet<String> = city::pages(manifest).into_iter().collect();
        let gone: HashSet<String> = city::broken().collect();
        let (mut pages, mut links, mut broken) = (HashSet::new(), HashSet::new(), HashSet::new());
        for asked in log {
            let path = asked.path.replace("/index.html", "/");
            let at = (&asked.address, path.clone());
            if known.contains(&path) && matches!(asked.status, 200 | 304) {
                pages.insert(at.clone());
            }
            if gone.contains(&path) {
                broken.insert(at.clone());
            }
            if matches!(asked.status, 200 | 304) || gone.contains(&path) {
                links.insert(at);
            }
        }
        Self {
            requests: log.len(),
            bytes: log.iter().map(|asked| asked.bytes).sum(),
            pages: pages.len(),
            links: links.len(),
            broken: broken.len(),
        }
    }
}

fn row(name: &str, figures: &Figures, work: &Work) {
    println!(
        "{name:<22}{:>9.2}{:>9.2}{:>14.3}{:>9.0}{:>10}{:>9.0}{:>10}{:>10}{:>8}",
        figures.wall,
        figures.cpu,
        1000.0 * figures.cpu / f64::from(SITES * PAGES),
        figures.peak_mb,
        work.requests,
        work.bytes as f64 / 1e6,
        work.pages,
        work.links,
        work.broken,
    );
}

async fn crawl(task: &Task) -> Outcome<Figures> {
    let register = register::load("sites.yaml", &task.place.register(&task.scheme));
    let register = Arc::new(register.map_err(|problems| format!("{problems:?}"))?);
    let shelf = xuncha_store::Shelf::open(&task.folder).await?;
    let scanner = Scanner {
        eye: Eye {
            door: Door::new(task.place.config())?,
            names: Arc::new(Names::new(&register)),
            register: Arc::clone(&register),
            vantage: "bench".to_owned(),
            profile: Profile::Full,
            second_look: Duration::from_millis(100),
            crawl: Settings {
                interval: Duration::ZERO,
                second_look: Duration::from_millis(100),
                max_pages: 1000,
                ..Settings::default()
            },
            shelf: Some(xuncha_scan::shelf(shelf)),
            browser: None,
            files: None,
        },
        rules: Arc::new(RuleSet::embedded().map_err(|problems| format!("{problems:?}"))?),
        store: Some(Store::open(&task.folder, &now).await?),
        references: Vec::new(),
        concurrency: CONCURRENCY,
        keep_facts: false,
    };
    let targets = register.sites.iter().cloned().map(Target::Registered).collect();
    let (_stop, stopped) = watch::channel(false);
    let (before, began) = (process::Cost::of("self")?, Instant::now());
    let report = xuncha_scan::run(&scanner, targets, &now, &|_| {}, stopped).await?;
    let (after, wall) = (process::Cost::of("self")?, began.elapsed().as_secs_f64());
    let broken = report.sites.iter().flat_map(|site| &site.findings);
    Ok(Figures {
        wall,
        cpu: after.cpu - before.cpu,
        peak_mb: after.peak_mb,
        pages: report.sites.iter().map(|site| site.pages).sum(),
        unchanged: report
            .sites
            .iter()
            .filter_map(|site| Some(site.crawl.as_ref()?.unchanged))
            .sum(),
        broken: broken.filter(|finding| finding.rule.starts_with("links.")).count(),
    })
}

fn lychee() -> Option<PathBuf> {
    let named = env::var_os("LYCHEE").map(PathBuf::from);
    let paths = env::var_os("PATH").unwrap_or_default();
    let mut found = env::split_paths(&paths).map(|folder| folder.join("lychee"));
    named.or_else(|| found.find(|path| path.exists()))
}

/// lychee over every page of every site, links to other sites included.
fn peer(farm: &Farm, manifest: &Manifest, program: &PathBuf) -> Outcome<Figures> {
    let folder = tempfile::tempdir()?;
    let list = folder.path().join("pages.txt");
    let mut text = String::new();
    for number in 0..SITES {
        let base = format!("http://{}:{}", farm::address(number), farm.place.plain);
        for path in city::pages(manifest) {
            writeln!(text, "{base}{path}")?;
        }
    }
    fs::write(&list, text)?;
    farm.forget()?;
    // names of the city are known to its own name server alone
    let mut remap = Vec::new();
    for number in 0..SITES {
        remap.push("--remap".to_owned());
        remap.push(format!(
            "http://{}/ http://{}:{}/",
            farm.place.host(number).replace('.', "\\."),
            farm::address(number),
            farm.place.plain
        ));
    }
    let began = Instant::now();
    let mut child = Command::new(program)
        .args([
            "--no-progress",
            "--max-concurrency",
            "64",
            "--host-concurrency",
            "64",
            "--host-request-interval",
            "0ms",
            "--max-retries",
            "0",
            "--format",
            "json",
            "--files-from",
        ])
        .arg(&list)
        .args(remap)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()?;
    let id = child.id().to_string();
    let mut cost = process::Cost::of(&id)?;
    while child.try_wait()?.is_none() {
        if let Ok(now) = process::Cost::of(&id) {
            cost = now;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let wall = began.elapsed().as_secs_f64();
    let work = Work::of(&farm.log()?, manifest);
    let figures =
        Figures { wall, cpu: cost.cpu, peak_mb: cost.peak_mb, pages: 0, unchanged: 0, broken: 0 };
    row("lychee", &figures, &work);
    Ok(figures)
}
