//! What survives `kill -9`, and two processes at one database.

use std::{
    hash::{BuildHasher as _, RandomState},
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use sqlx::Connection as _;
use tempfile::tempdir;
use tokio::runtime;
use xuncha_store::{Filter, ScanState};

use super::{begin, day, end, facts, open, raw, record, verdict};

/// Names the folder in which the test binary, started once more, is to record until it is killed.
const CHILD: &str = "XUNCHA_TEST_RECORDING_CHILD";
/// After how many records it ends by itself.
const COUNT: &str = "XUNCHA_TEST_RECORDING_COUNT";

/// Not a test by itself: the child process of the two tests below. Prints `scan site` after each commit.
#[test]
fn recording_child() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let count: u32 = std::env::var(COUNT).unwrap().parse().unwrap();
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = open(Path::new(&dir)).await;
        let scan = begin(&store, day(1)).await;
        for number in 0..count {
            let site = format!("site-{number}");
            record(&store, scan, &site, day(1), &[verdict("a.b", &[("x", &site), ("y", "m")])])
                .await;
            let mut out = std::io::stdout().lock();
            writeln!(out, "\ncommitted {scan} {site}").unwrap();
            out.flush().unwrap();
        }
        end(&store, scan, day(1)).await;
    });
}

fn child(dir: &Path, count: u32) -> Child {
    let (_, module) = module_path!().split_once("::").unwrap_or_default();
    let name = [module, "recording_child"].join("::");
    Command::new(std::env::current_exe().unwrap())
        .args([name.trim_start_matches(':'), "--exact", "--nocapture"])
        .env(CHILD, dir)
        .env(COUNT, count.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The next record the child printed as committed; `None` at the end of its output.
fn committed(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Option<(i64, String)> {
    lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (scan, site) = line.strip_prefix("committed ")?.split_once(' ')?;
        Some((scan.parse().ok()?, site.to_owned()))
    })
}

fn random(below: u64) -> u64 {
    RandomState::new().hash_one(0) % below
}

async fn whole(dir: &Path) {
    let mut raw = raw(dir).await;
    let word: String =
        sqlx::query_scalar("pragma integrity_check").fetch_one(&mut raw).await.unwrap();
    assert_eq!(word, "ok");
    let orphans = sqlx::query("pragma foreign_key_check").fetch_all(&mut raw).await.unwrap();
    assert!(orphans.is_empty());
    raw.close().await.unwrap();
}

#[tokio::test]
async fn nothing_committed_is_lost_to_kill_nine() {
    let dir = tempdir().unwrap();
    let mut kept: Vec<(i64, String)> = Vec::new();
    for _ in 0..24 {
        let mut child = child(dir.path(), u32::MAX);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for _ in 0..random(4) {
            kept.push(committed(&mut lines).unwrap());
        }
        // from before its first transaction to the middle of a later one
        std::thread::sleep(Duration::from_micros(random(15_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        // what it had printed before the signal counts too; a line cut in the middle does not
        while let Some(record) = committed(&mut lines) {
            kept.push(record);
        }
        whole(dir.path()).await;
        let store = open(dir.path()).await;
        let scans = store.scans(u32::MAX).await.unwrap();
        assert!(scans.iter().all(|scan| scan.state == ScanState::Interrupted));
        for (scan, site) in kept.iter().rev().take(20) {
            let look = store.facts_of(*scan, site).await.unwrap().unwrap();
            assert_eq!(look.facts, facts(*scan, site).into_bytes());
        }
        store.close().await;
    }
    let store = open(dir.path()).await;
    for (scan, site) in &kept {
        assert!(store.facts_of(*scan, site).await.unwrap().is_some(), "{scan} {site}");
        let filter = Filter { site: Some(site.clone()), ..Filter::default() };
        assert_eq!(store.findings(&filter).await.unwrap().len(), 2, "both findings or none");
    }
    assert!(!kept.is_empty());
}

#[tokio::test]
async fn two_processes_that_write_at_once_wait_for_each_other() {
    let dir = tempdir().unwrap();
    let mut children = [child(dir.path(), 25), child(dir.path(), 25)];
    for child in &mut children {
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let printed = std::iter::from_fn(|| committed(&mut lines)).count();
        assert_eq!(printed, 25);
        assert!(child.wait().unwrap().success());
    }
    whole(dir.path()).await;
    let scans = open(dir.path()).await.scans(9).await.unwrap();
    let ended: Vec<_> = scans.iter().map(|scan| (scan.state, scan.sites)).collect();
    assert_eq!(ended, [(ScanState::Finished, 25), (ScanState::Finished, 25)]);
}
