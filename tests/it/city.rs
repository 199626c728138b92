//! The demo city end to end: every planted defect is found, and nothing that was not planted.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Output},
};

use tempfile::tempdir;
use xuncha_model::{
    Reason,
    scan::{Report, SiteResult},
};

use crate::program::{command, lab_flags, remember_the_past, run, status, stderr, stdout};

#[tokio::test(flavor = "multi_thread")]
async fn every_planted_defect_is_found_and_nothing_else() {
    let lab = xuncha_lab::start(crate::now()).await.unwrap();
    let folder = tempdir().unwrap();
    let flags = lab_flags(&lab, folder.path());
    remember_the_past(&lab, folder.path()).await;
    let path = folder.path().to_owned();
    let scan = tokio::task::spawn_blocking(move || {
        command(&path)
            .args(["scan", "--all", "--profile", "full", "--format", "json"])
            .args(flags)
            .output()
            .unwrap()
    });
    let output = scan.await.unwrap();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let report: Report = serde_json::from_str(&stdout(&output)).unwrap();

    let planted: BTreeSet<(String, String)> =
        lab.labels.iter().map(|label| (label.site.clone(), label.rule.clone())).collect();
    let found: BTreeSet<(String, String)> = report
        .sites
        .iter()
        .flat_map(|site| {
            site.findings.iter().map(|finding| (site.id.clone(), finding.rule.clone()))
        })
        .collect();
    let missed: Vec<_> = planted.difference(&found).collect();
    let invented: Vec<_> = found.difference(&planted).collect();
    assert!(
        missed.is_empty() && invented.is_empty(),
        "missed: {missed:#?}\ninvented: {invented:#?}"
    );
    assert!(lab.clean.len() >= 5, "the city has exemplary sites");
    for id in &lab.clean {
        let site = report.sites.iter().find(|site| &site.id == id).unwrap();
        assert!(site.findings.is_empty(), "{id}: {:#?}", site.findings);
        assert_eq!(format!("{:?}", site.outcome), "Ok", "{id}");
    }
    assert!(report.sites.len() >= 20);

    let path = folder.path().to_owned();
    let list =
        tokio::task::spawn_blocking(move || run(&path, &["findings", "list", "--format", "json"]));
    let list = list.await.unwrap();
    let stored: Vec<xuncha_model::Finding> = serde_json::from_str(&stdout(&list)).unwrap();
    let stored: BTreeSet<(String, String)> =
        stored.into_iter().map(|finding| (finding.site, finding.rule)).collect();
    assert_eq!(stored, found, "what the scan showed is what the store keeps");
}

#[test]
fn the_demo_is_one_command_and_says_what_to_open() {
    let folder = tempdir().unwrap();
    let output = run(folder.path(), &["demo"]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("reports/out/demo/scan.html"), "{text}");
    let out = folder.path().join("reports/out/demo");
    let page = std::fs::read_to_string(out.join("scan.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("整改建议"), "the page is whole");
    for outside in ["<script", "<link", "<img", "<iframe", "<object", "@import", "url("] {
        assert!(!page.contains(outside), "the page loads nothing: {outside}");
    }
    let json = std::fs::read_to_string(out.join("scan.json")).unwrap();
    let report: Report = serde_json::from_str(&json).unwrap();
    let csv = std::fs::read(out.join("scan.csv")).unwrap();
    let rows = report.sites.iter().map(|site| site.findings.len().max(1)).sum::<usize>();
    assert!(csv.starts_with(&[0xef, 0xbb, 0xbf]), "spreadsheets need the mark");
    let marks = String::from_utf8(csv).unwrap().matches("\r\n").count();
    assert!(marks > rows, "a head, and a row for each finding or clean site");
    let (planted, of) = text
        .lines()
        .find_map(|line| line.split_once(" planted defects found"))
        .and_then(|(numbers, _)| numbers.split_once(" of "))
        .unwrap();
    assert_eq!(planted, of, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_scan_opens_nothing_new_and_recheck_sends_no_request() {
    let lab = xuncha_lab::start(crate::now()).await.unwrap();
    let folder = tempdir().unwrap();
    let flags = lab_flags(&lab, folder.path());
    let path = folder.path().to_owned();
    let (first, second) = tokio::task::spawn_blocking(move || {
        let scan = || {
            let output =
                command(&path).args(["scan", "--all", "--format", "csv"]).args(&flags).output();
            assert_eq!(status(&output.unwrap()), 0);
            stdout(&run(&path, &["findings", "list", "--format", "json"]))
        };
        (scan(), scan())
    })
    .await
    .unwrap();
    let ids = |text: &str| -> Vec<(i64, String)> {
        let list: Vec<xuncha_model::Finding> = serde_json::from_str(text).unwrap();
        list.into_iter().map(|finding| (finding.id, finding.opened_at.to_rfc3339())).collect()
    };
    assert_eq!(ids(&first), ids(&second), "a finding lasts; it is not a row per scan");

    let before = lab.requests();
    let path = folder.path().to_owned();
    let again =
        tokio::task::spawn_blocking(move || traced(&path, &["recheck", "--format", "json"]));
    let (again, calls) = again.await.unwrap();
    assert_eq!(status(&again), 0, "{}", stderr(&again));
    let report: Report = serde_json::from_str(&stdout(&again)).unwrap();
    let judged: usize = report.sites.iter().map(|site| site.findings.len()).sum();
    assert_eq!(
        judged,
        ids(&first).len(),
        "the same facts under the same rules give the same findings"
    );
    assert_eq!(lab.requests(), before, "nothing reached the city");
    assert!(calls.contains("exited with 0"), "strace saw the program: {calls}");
    assert!(!calls.contains("AF_INET"), "not one packet can leave without a socket: {calls}");
}

/// Runs the program under strace; gives its output, and every socket it made or used.
fn traced(folder: &Path, args: &[&str]) -> (Output, String) {
    let program = command(folder);
    let log = folder.join("strace.log");
    let output = Command::new("strace")
        .args(["-f", "-o", "strace.log", "-e", "trace=%network"])
        .arg(program.get_program())
        .args(args)
        .current_dir(folder)
        .output()
        .expect("strace is installed (tests/run does it)");
    (output, std::fs::read_to_string(log).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_a_scan_with_what_it_has() {
    let lab = xuncha_lab::start(crate::now()).await.unwrap();
    let folder = tempdir().unwrap();
    let flags = lab_flags(&lab, folder.path());
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || {
        let mut scan = command(&path);
        scan.args(["scan", "--all", "--format", "json", "--output", "scan.json"]).args(&flags);
        let mut child = scan.spawn().unwrap();
        // The silent site keeps the scan going for ten seconds; the others are done long before.
        let began = std::time::Instant::now();
        while began.elapsed().as_secs() < 60 {
            let list = run(&path, &["findings", "list", "--format", "json"]);
            if status(&list) == 0 && stdout(&list).contains("availability.") {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(3), "stopped before the end");
        let report = std::fs::read_to_string(path.join("scan.json")).unwrap();
        let report: Report = serde_json::from_str(&report).unwrap();
        let stopped = |site: &&SiteResult| site.reason == Reason::SelfStopped;
        let missed = report.sites.iter().filter(stopped).count();
        assert!((1..report.sites.len()).contains(&missed), "{missed} sites were left out");
        let list = run(&path, &["findings", "list", "--format", "json"]);
        assert_eq!(status(&list), 0, "{}", stderr(&list));
        let stored: Vec<xuncha_model::Finding> = serde_json::from_str(&stdout(&list)).unwrap();
        let shown: usize = report.sites.iter().map(|site| site.findings.len()).sum();
        assert_eq!(stored.len(), shown, "what was shown is what was kept");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_killed_in_the_middle_leaves_a_store_that_opens() {
    let lab = xuncha_lab::start(crate::now()).await.unwrap();
    let folder = tempdir().unwrap();
    let flags = lab_flags(&lab, folder.path());
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || {
        for wait in [150, 400, 900, 1600] {
            let mut child =
                command(&path).args(["scan", "--all", "--quiet"]).args(&flags).spawn().unwrap();
            // a busy machine takes its time to start a program
            let store = path.join("xuncha-data").join(xuncha_store::FILE);
            for _ in 0..1000 {
                if store.exists() {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            std::thread::sleep(std::time::Duration::from_millis(wait));
            // On Unix this is SIGKILL.
            child.kill().unwrap();
            child.wait().unwrap();
            let list = run(&path, &["findings", "list", "--format", "json"]);
            assert_eq!(status(&list), 0, "after {wait} ms: {}", stderr(&list));
            serde_json::from_str::<Vec<xuncha_model::Finding>>(&stdout(&list)).unwrap();
        }
    })
    .await
    .unwrap();
}
