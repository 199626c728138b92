//! Starting the program as a process, as an operator would.

use std::{
    path::Path,
    process::{Command, Output},
};

use xuncha_lab::Lab;
use xuncha_store::{Sample, Store};

/// The program with a clean environment, in a folder of its own.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xuncha-under-test"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("XUNCHA_")) {
        command.env_remove(name);
    }
    command.env_remove("RUST_LOG").env("RUST_BACKTRACE", "0").current_dir(folder);
    command
}

/// Runs the program to its end.
pub(crate) fn run(folder: &Path, args: &[&str]) -> Output {
    command(folder).args(args).output().expect("the program starts")
}

/// The exit status of a run that was not killed.
pub(crate) fn status(output: &Output) -> i32 {
    output.status.code().expect("the program was not killed")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

/// Puts the lab's past into the store of the folder, as if a monitor had run.
pub(crate) async fn remember_the_past(lab: &Lab, folder: &Path) {
    let store = Store::open(&folder.join("xuncha-data"), &crate::now).await.unwrap();
    for probe in &lab.past {
        let sample = Sample { at: probe.at, opened: probe.opened, total_ms: probe.total_ms };
        store.add_samples(&probe.site, "default", &[sample]).await.unwrap();
    }
    for (site, baseline) in &lab.vouched {
        let at = crate::now() - chrono::Duration::days(30);
        store.confirm_dns_baseline(site, baseline, at, "office").await.unwrap();
    }
    store.close().await;
}

/// Writes the lab's register and root into the folder, and gives the flags that lead to the lab.
pub(crate) fn lab_flags(lab: &Lab, folder: &Path) -> Vec<String> {
    std::fs::write(folder.join("sites.yaml"), &lab.sites_yaml).expect("the folder is writable");
    std::fs::write(folder.join("ca.pem"), &lab.ca_pem).expect("the folder is writable");
    std::fs::write(folder.join("anchor"), &lab.trust_anchor).expect("the folder is writable");
    let mut config = String::from(
        "network:\n  interval: 2ms\nscan:\n  second_look: 200ms\ncrawl:\n  interval: 1ms\n",
    );
    config += &format!("  # the lab's name server is {}\n", lab.resolver);
    std::fs::write(folder.join("xuncha.yaml"), config).expect("the folder is writable");
    let mut flags = vec![
        "--resolver".to_owned(),
        lab.resolver.to_string(),
        "--ca-file".to_owned(),
        "ca.pem".to_owned(),
        "--trust-anchor".to_owned(),
        "anchor".to_owned(),
    ];
    for range in lab.allow_net {
        flags.extend(["--allow-net".to_owned(), (*range).to_owned()]);
    }
    for (port, dialled) in &lab.port_map {
        flags.extend(["--map-port".to_owned(), format!("{port}={dialled}")]);
    }
    for reference in &lab.references {
        flags.extend(["--reference".to_owned(), reference.clone()]);
    }
    flags
}
