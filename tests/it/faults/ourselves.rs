//! Our own name server lies, our own machine stands still: nobody is accused.

use std::{
    process::{Child, Command, Stdio},
    sync::Arc,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use hickory_server::proto::op::ResponseCode;
use tempfile::tempdir;
use tokio::time::sleep;
use xuncha_model::{Reason, facts::LookOutcome, scan::Report};
use xuncha_net::{Config, Door};
use xuncha_probe::line::{self, LineState};

use super::{HTML, Tcp};
use crate::{
    program::command,
    support::{
        config,
        names::{Names, Say},
        servers::{Server, page},
    },
};

#[tokio::test]
async fn a_name_server_that_knows_every_name_is_a_liar() {
    let wall = Server::answering(page("", b"please log in")).await;
    let check = async |names: &Names| {
        let map = [(80, wall.port)].into();
        let door = Door::new(Config { port_map: map, ..config(names.address) }).unwrap();
        line::check(&door, &["a.test:80".to_owned(), "b.test:80".to_owned()]).await
    };
    // a wall that wants a log-in before it lets anybody through answers every question with its own address
    let liar = Names::all_at("127.0.0.2").await;
    let LineState::Down { reason, detail } = check(&liar).await else { panic!("it lies") };
    assert_eq!(reason, Reason::SelfResolver);
    assert!(detail.contains(".invalid") && detail.contains("127.0.0.2"), "{detail}");

    let honest = Names::start(|name, _, _| match name {
        "a.test" | "b.test" => Say::Address("127.0.0.2"),
        _ => Say::Code(ResponseCode::NXDomain),
    });
    assert_eq!(check(&honest.await).await, LineState::Up { ipv6: false });
    // one that keeps silent about what does not exist lies about nothing
    let curt = Names::start(|name, _, _| match name {
        "a.test" | "b.test" => Say::Address("127.0.0.2"),
        _ => Say::Silence,
    });
    assert_eq!(check(&curt.await).await, LineState::Up { ipv6: false });
}

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.0.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_was_stopped_in_mid_look_accuses_nobody() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    // answers after a while, so that the program can be stopped while it waits
    let server = Server::start(move |mut guest: Tcp| {
        let count = Arc::clone(&count);
        async move {
            guest.head().await?;
            if count.fetch_add(1, Ordering::SeqCst) == 0 {
                // longer than it is stopped: the answer is late by nobody's fault but ours
                sleep(Duration::from_millis(2500)).await;
            }
            tokio::io::AsyncWriteExt::write_all(
                &mut guest.stream,
                &page("Content-Type: text/html\r\n", HTML),
            )
            .await?;
            tokio::io::AsyncWriteExt::shutdown(&mut guest.stream).await
        }
    })
    .await;
    let names = Names::all_at("127.0.0.2").await;
    let folder = tempdir().unwrap();
    let config = "network:\n  interval: 5ms\n  header_timeout: 2s\nscan:\n  second_look: 50ms\n";
    std::fs::write(folder.path().join("xuncha.yaml"), config).unwrap();
    let mut scan = command(folder.path());
    scan.args(["scan", &format!("http://127.0.0.2:{}/", server.port), "--format", "json"]);
    scan.args(["--output", "scan.json", "--no-store", "--reference", "none"]);
    scan.args(["--allow-net", "127.0.0.2/32", "--resolver", &names.address.to_string()]);
    scan.stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = Running(scan.spawn().unwrap());
    let began = Instant::now();
    while asked.load(Ordering::SeqCst) == 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "the page was never asked for");
        sleep(Duration::from_millis(5)).await;
    }
    running.signal("-STOP");
    sleep(Duration::from_secs(4)).await;
    running.signal("-CONT");
    let ended = tokio::task::spawn_blocking(move || running.0.wait().unwrap()).await.unwrap();
    let text = std::fs::read_to_string(folder.path().join("scan.json")).unwrap();
    let report: Report = serde_json::from_str(&text).unwrap();
    let site = &report.sites[0];
    let down = site.findings.iter().find(|finding| finding.rule.starts_with("availability."));
    assert!(down.is_none(), "{down:?}");
    match site.outcome {
        // it was looked at again when we were awake
        LookOutcome::Ok => assert_eq!(ended.code(), Some(0)),
        LookOutcome::Skipped => assert_eq!(site.reason, Reason::SelfOverload),
        other => panic!("{other:?} {}", site.reason),
    }
    assert!(asked.load(Ordering::SeqCst) >= 2, "the first answer was not believed");
}
