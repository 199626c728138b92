//! Files are unpacked in a process of their own: every kind is read, and no hostile one does harm (threats T3, T4, T13).

mod hostile;
mod made;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::Value;
use tempfile::tempdir;
use xuncha_model::{Reason, facts::FileFacts};
use xuncha_probe::{
    Unpacker as _,
    file::{self, File},
};
use xuncha_unpack::Unpacking;

use crate::program::{command, run, status, stderr, stdout};

const PROGRAM: &str = env!("CARGO_BIN_EXE_xuncha-under-test");

fn unpacking() -> Unpacking {
    Unpacking::new(PROGRAM, "/usr/bin:/bin")
}

#[tokio::test]
async fn every_kind_is_read_and_its_number_masked() {
    let unpacking = unpacking();
    let number = made::number();
    for (name, bytes, kind, part) in made::all() {
        let unpacked = unpacking.unpack(name, &bytes).await;
        assert_eq!((unpacked.reason, unpacked.kind.as_str()), (Reason::Ok, kind), "{name}");
        let parts: Vec<_> = unpacked.parts.iter().map(|part| part.part.as_str()).collect();
        let found = unpacked.parts.iter().find(|part| part.text.contains(&number));
        assert_eq!(found.map(|found| found.part.as_str()), Some(part), "{name}: {parts:?}");

        let url = format!("http://www.a.gov.cn/{name}").parse().unwrap();
        let facts = file::facts(&File { url: &url, name: "", body: &bytes }, &unpacking).await;
        assert_eq!((facts.name.as_str(), facts.bytes), (name, bytes.len() as u64));
        let private = facts.content.privacy.iter().find(|found| found.kind == "id");
        let Some(private) = private else { panic!("{name}: {facts:?}") };
        assert_eq!((private.part.as_str(), private.masked.contains('*')), (part, true), "{name}");
        let written = format!("{facts:?} {}", serde_json::to_string(&facts).unwrap());
        assert!(!written.contains(&number[2..]), "{name} tells the number");
    }
}

#[tokio::test]
async fn hidden_sheets_notes_and_pictures_are_told() {
    let unpacking = unpacking();
    let unpacked = unpacking.unpack("a.xlsx", &made::xlsx()).await;
    let parts: Vec<_> = unpacked.parts.iter().map(|part| part.part.as_str()).collect();
    assert_eq!(parts, ["公示", "名单", "comments1"]);
    assert!(unpacked.parts[1].text.starts_with("姓名\t居民身份证号码\n张三\t"));
    let unpacked = unpacking.unpack("a.pdf", &made::pdf()).await;
    let unread: Vec<_> =
        unpacked.unread.iter().map(|part| (part.part.as_str(), part.why.as_str())).collect();
    assert_eq!(unread, [("page 2", "scanned")]);
    // without poppler the same document is read by a reader of our own
    let pdf = made::pdf_in_ucs2();
    let unpacked = Unpacking::new(PROGRAM, "").unpack("a.pdf", &pdf).await;
    assert!(unpacked.parts[0].text.contains(&made::number()), "{:?}", unpacked.unread);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_end_with_a_reason_four_at_once() {
    let unpacking = unpacking();
    for four in hostile::ALL.chunks(4) {
        let ends =
            join_all(four.iter().map(|(name, bytes, _)| unpacking.unpack(name, bytes))).await;
        for ((name, _, reasons), end) in four.iter().zip(ends) {
            let told = end.unread.iter().any(|part| reasons.contains(&part.why.as_str()));
            assert!(told, "{name}: {} {:?}", end.reason, end.unread);
        }
    }
    // and a file after them is read as before
    let unpacked = unpacking.unpack("a.csv", &made::csv()).await;
    assert!(unpacked.parts[0].text.contains(&made::number()));
}

#[test]
fn who_has_them_read_does_not_grow() {
    let folder = tempdir().unwrap();
    let small = peak(folder.path(), "small.docx", &made::docx()).1;
    for (name, bytes, _) in hostile::ALL.iter() {
        let (facts, peak) = peak(folder.path(), name, bytes);
        let grown = peak.saturating_sub(small + bytes.len() as u64);
        assert!(grown <= 64 << 20, "{name}: {grown} bytes");
        let unread = facts["unread"].as_array().map(Vec::len);
        assert!(unread > Some(0) || facts["kind"] == "text", "{name}: {facts}");
    }
}

/// What `xuncha page` says of a file, and the most memory it had.
fn peak(folder: &Path, name: &str, bytes: &[u8]) -> (Value, u64) {
    fs::write(folder.join(name), bytes).unwrap();
    let mut command = command(folder);
    let out = fs::File::create(folder.join("out.json")).unwrap();
    let child = command.args(["page", "--json", name]).stdout(out).stderr(Stdio::null());
    let mut child = child.spawn().unwrap();
    let mut peak = 0;
    // the mark only rises: the last look is the highest
    while child.try_wait().unwrap().is_none() {
        peak = high_water(&child).unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(3));
    }
    let facts = fs::read(folder.join("out.json")).unwrap();
    (serde_json::from_slice(&facts).unwrap_or_default(), peak)
}

fn high_water(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

#[test]
fn a_member_with_a_path_writes_nothing() {
    let folder = tempdir().unwrap();
    let path = "../../etc/cron.d/pwned";
    let text = b"<w><w:p><w:t>text</w:t></w:p></w>";
    let files = [
        (
            "path.zip",
            made::zip(&[(path, text), ("/etc/cron.d/pwned", text), ("a\\..\\pwned", text)]),
        ),
        (
            "path.docx",
            made::zip(&[
                ("word/document.xml", text),
                ("word/embeddings/../../../pwned", text),
                (path, text),
            ]),
        ),
    ];
    for (name, bytes) in &files {
        fs::write(folder.path().join(name), bytes).unwrap();
        let output = run(folder.path(), &["page", "--json", name]);
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        let facts: FileFacts = serde_json::from_str(&stdout(&output)).unwrap();
        assert!(facts.text_chars > 0 && facts.unread.is_empty(), "{facts:?}");
    }
    let mut found: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    found.sort();
    assert_eq!(found, ["path.docx", "path.zip"]);
    for place in ["/etc/cron.d", "/etc", "/", "/tmp"] {
        assert!(!Path::new(place).join("pwned").exists(), "{place}");
    }
    // a name of a sheet or member is shown without what could deceive
    let name = "41\u{202e}\u{7}x.txt";
    let facts = made::zip(&[(name, b"Rar!\x1a\x07\x01\0")]);
    fs::write(folder.path().join("name.zip"), facts).unwrap();
    let output = stdout(&run(folder.path(), &["page", "name.zip"]));
    assert!(output.contains("41x.txt: unknown"), "{output}");
}

#[test]
fn the_process_has_given_up_what_it_does_not_need() {
    let folder = tempdir().unwrap();
    let mut command = command(folder.path());
    command.arg("unpack-file").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let proc = |name: &str| fs::read_to_string(format!("/proc/{}/{name}", child.id())).unwrap();
    let begun = Instant::now();
    // the filter is the last of it
    while !proc("status").contains("Seccomp:\t2") {
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", proc("status"));
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(proc("status").contains("NoNewPrivs:\t1"));
    let limits = proc("limits");
    for (limit, most) in [
        ("Max cpu time", "10"),
        ("Max file size", "0"),
        ("Max core file size", "0"),
        ("Max address space", "536870912"),
        ("Max open files", "48"),
    ] {
        let line = limits.lines().find_map(|line| line.strip_prefix(limit));
        assert_eq!(line.and_then(|line| line.split_whitespace().next()), Some(most), "{limit}");
    }
    // nice: the 19th field, counted behind the name
    let stat = proc("stat");
    let fields = stat.rsplit(") ").next().unwrap().split(' ').collect::<Vec<_>>();
    assert!(fields[16].parse::<i32>().unwrap() >= 10, "{stat}");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success(), "an empty file is a text without words");
}

#[tokio::test]
async fn a_process_that_is_killed_or_talks_nonsense_is_told() {
    let folder = tempdir().unwrap();
    let program = folder.path().join("program");
    for (script, reason, why) in [
        ("kill -9 $$", Reason::LimitDecode, "damaged"),
        ("kill -s XCPU $$", Reason::LimitTime, "time"),
        ("exit 3", Reason::LimitDecode, "damaged"),
        ("echo '{\"kind\": 3}'", Reason::LimitDecode, "damaged"),
        ("exec cat /dev/zero", Reason::LimitDecode, "damaged"),
    ] {
        fs::write(&program, format!("#!/bin/sh\nexport PATH=/usr/bin:/bin\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let unpacked = Unpacking::new(&program, "").unpack("a.txt", &vec![b'x'; 1 << 20]).await;
        assert_eq!((unpacked.reason, unpacked.unread[0].why.as_str()), (reason, why), "{script}");
    }
    let nowhere = Unpacking::new(folder.path().join("nowhere"), "");
    assert_eq!(nowhere.unpack("a.txt", b"x").await.reason, Reason::SelfBug);
    let large = vec![b'x'; xuncha_unpack::LARGEST + 1];
    let unpacked = unpacking().unpack("a.txt", &large).await;
    assert_eq!((unpacked.reason, unpacked.unread[0].why.as_str()), (Reason::LimitDecode, "size"));
}

#[test]
fn a_document_is_shown_like_a_page() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("list.xlsx"), made::xlsx()).unwrap();
    let output = run(
        folder.path(),
        &["page", "--json", "list.xlsx", "--url", "https://www.a.gov.cn/x.xlsx"],
    );
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let view: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&view["kind"], &view["name"]), (&"xlsx".into(), &"list.xlsx".into()));
    assert_eq!(view["privacy"], view["content"]["privacy"]);
    assert_eq!(view["privacy"][0]["part"], "名单");
    let text = stdout(&run(folder.path(), &["page", "list.xlsx"]));
    assert!(text.contains("xlsx, ") && text.contains("privacy"), "{text}");
    assert!(!text.contains(&made::number()[2..]), "{text}");
}
