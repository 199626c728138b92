//! `xuncha page`: saved pages and live ones, what is typed wrongly, and what is no page at all.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Output, Stdio},
};

use serde_json::Value;
use tempfile::tempdir;

use crate::{
    program::{command, run, status, stderr, stdout},
    support::{
        names::Names,
        servers::{Server, page},
    },
};

const SAVED: &str = r#"<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>周口市财政局  首页</title>
<meta name="SiteName" content="周口市财政局">
<meta name="Author" content=" ">
<meta name="generator" content="WordPress 4.9.8">
<script src="http://cdn.example.cn/js/jquery-1.4.2.min.js"></script>
</head><body>
<form action="http://www.zhoukou.gov.cn/login" method="post"><input name="u"><input type="password" name="p"></form>
</body></html>"#;

const BANNER: &str = "Server: Apache/2.4.6 (CentOS)";

fn gbk(folder: &Path) {
    let (bytes, _, lost) = encoding_rs::GBK.encode(SAVED);
    assert!(!lost);
    fs::write(folder.join("saved.html"), bytes).unwrap();
}

fn json(output: &Output) -> Value {
    assert_eq!(status(output), 0, "{}", stderr(output));
    serde_json::from_str(&stdout(output)).unwrap()
}

/// The rules that found something, each once, in order.
fn rules(view: &Value) -> Vec<&str> {
    let findings = view["findings"].as_array().unwrap().iter();
    let mut rules: Vec<_> = findings.map(|finding| finding["rule"].as_str().unwrap()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[test]
fn a_saved_page_in_gbk_is_read_with_the_banner_it_came_with() {
    let folder = tempdir().unwrap();
    gbk(folder.path());
    let url = "https://czj.zhoukou.gov.cn/index.html";
    let args = ["page", "saved.html", "--url", url, "--header", BANNER];
    let view = json(&run(folder.path(), &[&args[..], &["--json"]].concat()));
    assert_eq!(view["url"], url);
    assert_eq!(view["title"], "周口市财政局 首页");
    assert_eq!((&view["encoding"], &view["declared_encoding"]), (&"GBK".into(), &"gb2312".into()));
    assert_eq!(view["tags"]["sitename"], "周口市财政局");
    assert_eq!(view["forms"][0]["kind"], "login");
    assert_eq!(view["mixed_content"][0]["url"], "http://cdn.example.cn/js/jquery-1.4.2.min.js");
    let found = rules(&view);
    for rule in [
        "http.form-insecure",
        "http.mixed-content",
        "software.end-of-life",
        "software.version-disclosed",
    ] {
        assert!(found.contains(&rule), "{rule} in {found:?}");
    }
    // a page alone says nothing of these
    let silent = ["domain.", "dns.", "availability.", "tls.", "filing."];
    assert!(
        !found.iter().any(|rule| silent.iter().any(|family| rule.starts_with(family))),
        "{found:?}"
    );

    let software = view["software"].as_array().unwrap();
    let apache = software.iter().find(|one| one["product"] == "apache").unwrap();
    // what CentOS 7 shipped, and nobody mends any more
    assert_eq!((&apache["version"], &apache["eol"]), (&"2.4.6".into(), &"yes".into()));
    assert_eq!(apache["distribution"], "CentOS 7");
    assert!(apache["evidence"].as_str().unwrap().contains("Apache/2.4.6 (CentOS)"), "{apache}");
    let jquery = software.iter().find(|one| one["product"] == "jquery").unwrap();
    assert_eq!((&jquery["version"], &jquery["eol"]), (&"1.4.2".into(), &"yes".into()));
    for one in software {
        for field in ["product", "version", "cycle", "eol", "evidence"] {
            assert!(one[field].is_string(), "DESIGN 4.2 asks for {field}: {one}");
        }
    }
    for finding in view["findings"].as_array().unwrap() {
        for field in
            ["rule", "title", "severity", "basis", "target", "message", "remedy", "audience"]
        {
            assert!(!finding[field].as_str().unwrap().is_empty(), "{field}: {finding}");
        }
        assert!(!finding["evidence"].as_object().unwrap().is_empty(), "{finding}");
    }

    let text = stdout(&run(folder.path(), &args));
    for told in [
        "https://czj.zhoukou.gov.cn/index.html  200  周口市财政局 首页",
        "encoding   GBK (declared: gb2312)",
        "Apache/2.4.6 (CentOS)",
        "http.form-insecure",
        "GB/T 22239",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
}

#[test]
fn standard_input_is_a_page_too() {
    let folder = tempdir().unwrap();
    let piped = |bytes: &[u8], args: &[&str]| {
        let mut command = command(folder.path());
        command.args(["page", "-", "--json"]).args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        json(&child.wait_with_output().unwrap())
    };
    let (bytes, ..) = encoding_rs::GBK.encode(SAVED);
    let view = piped(&bytes, &[]);
    assert_eq!(view["title"], "周口市财政局 首页");
    assert!(!rules(&view).contains(&"software.version-disclosed"), "no banner, no version");
    // what the header says goes before what the page says
    let view = piped(
        "<title>周口</title>".as_bytes(),
        &["--header", "Content-Type: text/html; charset=utf-8"],
    );
    assert_eq!((&view["title"], &view["declared_encoding"]), (&"周口".into(), &"utf-8".into()));
    let view = piped(b"", &[]);
    assert_eq!(
        (&view["title"], rules(&view).len()),
        (&"".into(), 0),
        "nothing is found in nothing"
    );
}

#[test]
fn what_is_no_page_is_read_and_nothing_is_made_of_it() {
    let folder = tempdir().unwrap();
    // every byte there is, NUL and escape sequences among them, over and over
    let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    fs::write(folder.path().join("photo.jpg"), &bytes).unwrap();
    let view = json(&run(folder.path(), &["page", "photo.jpg", "--json"]));
    assert_eq!(rules(&view), Vec::<&str>::new());
    let text = stdout(&run(folder.path(), &["page", "photo.jpg"]));
    assert!(!text.contains(['\0', '\u{1b}']), "a terminal is never told what to do: {text:?}");

    let title = "<title>a\u{1b}]0;owned\u{7}\u{202e}b</title>";
    fs::write(folder.path().join("sly.html"), title).unwrap();
    let text = stdout(&run(folder.path(), &["page", "sly.html"]));
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_page_brings_its_own_headers() {
    let head = "Content-Type: text/html; charset=gbk\r\nServer: nginx/1.14.0\r\nSet-Cookie: JSESSIONID=1; Path=/\r\n";
    let (body, ..) = encoding_rs::GBK.encode("<html><title>周口市交通局</title></html>");
    let server = Server::answering(page(head, &body)).await;
    let silent = Server::start(|guest: crate::support::servers::Guest<_>| async move {
        drop(guest);
        Ok(())
    })
    .await;
    let names = Names::all_at("127.0.0.2").await;
    let (live, dead) = (server.port, silent.port);
    tokio::task::spawn_blocking(move || {
        let folder = tempdir().unwrap();
        let at = |port: u16| format!("http://jtj.zhoukou.gov.cn:{port}/");
        let look = |url: &str, args: &[&str]| {
            let mut command = command(folder.path());
            command.args(["page", url, "--resolver", &names.address.to_string()]).args(args);
            command.output().unwrap()
        };
        let near = ["--allow-net", "127.0.0.2/32", "--json"];
        let view = json(&look(&at(live), &near));
        assert_eq!((&view["title"], &view["status"]), (&"周口市交通局".into(), &200.into()));
        let found = rules(&view);
        for rule in ["software.version-disclosed", "http.cookie-flags", "http.header-missing"] {
            assert!(found.contains(&rule), "{rule} in {found:?}");
        }
        assert!(!found.contains(&"availability.down"), "{found:?}");

        let output = look(&at(dead), &near);
        assert!(stderr(&output).contains("connect.reset"), "{}", stderr(&output));
        let view = json(&output);
        assert_eq!(rules(&view), Vec::<&str>::new(), "what did not answer shows nothing");

        // the guard holds here as everywhere
        let output = look(&at(live), &["--json"]);
        assert!(stderr(&output).contains("guard.address"), "{}", stderr(&output));
        let output = look(&at(live), &["--header", "A: b"]);
        assert_eq!(status(&output), 2);
        assert!(stderr(&output).contains("a live one brings both"), "{}", stderr(&output));
    })
    .await
    .unwrap();
    assert_eq!(server.connections(), 1);
}

#[test]
fn what_is_typed_wrongly_is_told_with_status_2() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.html"), "<title>a</title>").unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    let cases: [(&[&str], &str); 8] = [
        (&["page"], "FILE|URL"),
        (&["page", "absent.html"], "absent.html: No such file"),
        (&["page", "folder"], "folder: Is a directory"),
        (&["page", "a.html", "--url", "czj.zhoukou.gov.cn"], "czj.zhoukou.gov.cn: relative URL"),
        (&["page", "a.html", "--url", "ftp://a.gov.cn/"], "ftp is neither http nor https"),
        (&["page", "file:///etc/passwd"], "file is neither http nor https"),
        (&["page", "a.html", "--header", "Apache"], "write it as 'Name: value'"),
        (&["page", "http://"], "http://: empty host"),
    ];
    for (args, told) in cases {
        let output = run(folder.path(), args);
        assert_eq!(status(&output), 2, "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(told), "{args:?}: {}", stderr(&output));
        assert!(stdout(&output).is_empty(), "{args:?}: stdout is data");
    }
}
