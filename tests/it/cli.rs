//! The command line: exit statuses, errors, and what an operator adds without touching Rust.

use std::{fs, time::Instant};

use tempfile::tempdir;
use xuncha_model::scan::Report;

use crate::program::{command, lab_flags, run, status, stderr, stdout};

/// The repository's own register.
const REGISTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../sites.yaml");

#[test]
fn without_a_line_nobody_is_accused() {
    let folder = tempdir().unwrap();
    let began = Instant::now();
    // Nothing listens on the discard port: that is what a dead resolver looks like.
    let args =
        ["scan", "--sites", REGISTER, "--all", "--resolver", "127.0.0.1:9", "--format", "json"];
    let output = run(folder.path(), &args);
    assert_eq!(status(&output), 3, "{}", stderr(&output));
    assert!(began.elapsed().as_secs() < 60, "a dead line is found out soon");
    let report: Report = serde_json::from_str(&stdout(&output)).unwrap();
    assert!(report.void.is_own_fault(), "{:?}", report.void);
    assert_eq!(report.sites.len(), 18);
    for site in &report.sites {
        assert!(site.findings.is_empty(), "{}: {:?}", site.id, site.findings);
        assert_eq!(format!("{:?}", site.outcome), "Skipped");
        assert!(site.unknown.len() >= 36, "{}: every rule is unknown", site.id);
        assert!(site.unknown.iter().all(|unknown| unknown.why.is_own_fault()), "{}", site.id);
    }
    let list = run(folder.path(), &["findings", "list", "--format", "json", "--closed"]);
    assert_eq!(stdout(&list).trim(), "[]", "a void round opens nothing");
}

#[test]
fn the_five_names_of_article_14_are_judged_rightly() {
    let folder = tempdir().unwrap();
    let names = [
        "www.zhoukou.gov.cn",
        "czj.zhoukou.gov.cn",
        "zhoukou.com",
        "周口市人民政府.政务",
        "xn--zfr164b",
    ];
    for register in [&["--sites", REGISTER][..], &[]] {
        let output = command(folder.path())
            .args(["domain", "--json"])
            .args(register)
            .args(names)
            .output()
            .unwrap();
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        let lines: Vec<serde_json::Value> =
            stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let found: Vec<(&str, &str, Vec<&str>)> = lines
            .iter()
            .map(|line| {
                let findings = line["findings"].as_array().unwrap().iter();
                let rules = findings.map(|finding| finding["rule"].as_str().unwrap()).collect();
                (line["suffix"].as_str().unwrap(), line["structure"].as_str().unwrap(), rules)
            })
            .collect();
        assert_eq!(found[0], ("gov.cn", "portal", vec![]));
        assert_eq!((found[1].0, &found[1].2), ("gov.cn", &vec![]), "{register:?}");
        assert_eq!(found[2].0, "other");
        assert_eq!(found[2].2, ["domain.suffix"]);
        assert_eq!(found[3], ("政务", "chinese", vec![]));
        assert!(!found[4].2.is_empty(), "a suffix alone is no site's name: {:?}", lines[4]);
        let basis = lines[2]["findings"][0]["basis"].as_str().unwrap();
        assert!(basis.contains("第十四条"), "{basis}");
    }
}

#[test]
fn mistakes_of_the_operator_give_status_2_and_say_where() {
    let folder = tempdir().unwrap();
    let cases: [(&[&str], &str); 7] = [
        (&["scan", "--all"], "--sites FILE"),
        (&["scan"], "SITE|HOST|URL"),
        (&["scan", "zhoukuo", "--sites", REGISTER], "did you mean `zhoukou`?"),
        (&["rules", "show", "tls.expird"], "did you mean `tls.expired`?"),
        (&["findings", "show", "999"], "there is no store in xuncha-data"),
        (&["recheck"], "there is no store in xuncha-data"),
        (&["domain", "x.gov.cn", "--timeout", "soon"], "--timeout"),
    ];
    for (args, told) in cases {
        let output = run(folder.path(), args);
        assert_eq!(status(&output), 2, "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(told), "{args:?}: {}", stderr(&output));
        assert!(stdout(&output).is_empty(), "{args:?}: stdout is data");
    }
}

#[test]
fn check_config_tells_every_mistake_of_every_file() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("xuncha.yaml"), "rules: [extra]\nnetwork:\n  timeot: 5s\n")
        .unwrap();
    fs::write(folder.path().join("sites.yaml"), "city: {}\n").unwrap();
    fs::create_dir(folder.path().join("extra")).unwrap();
    fs::write(folder.path().join("extra/broken.yaml"), "- id: broken\n").unwrap();
    let output = run(folder.path(), &["check-config"]);
    assert_eq!(status(&output), 2);
    let told = stderr(&output);
    assert!(
        told.contains("xuncha.yaml:3:3: unknown field `timeot` (did you mean `timeout`?)"),
        "{told}"
    );
    assert!(told.contains("sites.yaml:"), "the register is checked all the same: {told}");
    assert!(told.contains("extra/broken.yaml:1:"), "and the rules it names: {told}");

    // An office that keeps its files in GBK is told so.
    fs::write(folder.path().join("sites.yaml"), b"city: { name: \xd6\xdc }\n").unwrap();
    let told = stderr(&run(folder.path(), &["check-config"]));
    assert!(told.contains("save it as UTF-8") && told.contains("timeot"), "{told}");
}

#[cfg(unix)]
#[test]
fn what_is_no_text_in_the_environment_is_none_of_our_business() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempdir().unwrap();
    let value = std::ffi::OsStr::from_bytes(b"\xff");
    let output = command(folder.path()).env("LESSCHARDEF", value).args(["rules", "test"]).output();
    assert_eq!(status(&output.unwrap()), 0);
}

#[test]
fn an_output_that_is_no_plain_file_is_written_to_and_never_replaced() {
    let folder = tempdir().unwrap();
    let link = folder.path().join("link.json");
    fs::write(folder.path().join("real.json"), "old").unwrap();
    std::os::unix::fs::symlink("real.json", &link).unwrap();
    let args = [
        "scan",
        "--sites",
        REGISTER,
        "--all",
        "--resolver",
        "127.0.0.1:9",
        "--format",
        "json",
        "--output",
    ];
    let output = command(folder.path()).args(args).arg("link.json").output().unwrap();
    assert_eq!(status(&output), 3);
    assert!(stderr(&output).contains("the round is void"), "{}", stderr(&output));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "the link stays a link");
    assert!(fs::read_to_string(folder.path().join("real.json")).unwrap().contains("xuncha.scan/1"));
    let output = command(folder.path()).args(args).arg("/dev/null").output().unwrap();
    assert_eq!(status(&output), 3);
    assert!(!std::path::Path::new("/dev/null").is_file());
}

#[test]
fn a_store_that_cannot_be_opened_is_our_own_trouble() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("xuncha-data")).unwrap();
    fs::write(
        folder.path().join("xuncha-data/xuncha.db"),
        "this is no database, whatever its name says",
    )
    .unwrap();
    let output = run(folder.path(), &["findings", "list"]);
    assert_eq!(status(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("xuncha-data"), "{}", stderr(&output));
}

const ADDED: &str = r#"
- id: http.title-short
  title: 首页标题过短
  basis: 国办发〔2017〕47号
  severity: minor
  alert: none
  audience: public
  params: { least: 60 }
  when: http.home.status == 200 && size(http.home.title) < params.least
  target: "{{ http.home.final_url }}"
  message: "首页标题为“{{ http.home.title }}”,不足 {{ params.least }} 字"
  remedy: "按规范补全首页标题"
  due_days: 30
  examples:
    hit: [ { http: { home: { status: 200, title: 首页, final_url: "https://x.gov.cn/" } } } ]
    miss: [ { http: { home: { status: 404, title: 首页, final_url: "https://x.gov.cn/" } } } ]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_added_rule_shows_up_everywhere_without_touching_rust() {
    let lab = xuncha_lab::start(crate::now()).await.unwrap();
    let folder = tempdir().unwrap();
    let mut flags = lab_flags(&lab, folder.path());
    flags.extend(["--rules".to_owned(), "extra".to_owned()]);
    fs::create_dir(folder.path().join("extra")).unwrap();
    fs::write(folder.path().join("extra/added.yaml"), ADDED).unwrap();
    let clean = lab.clean[0].clone();
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || {
        let scan = |format: &str| {
            let output = command(&path)
                .args(["scan", &clean, "--format", format])
                .args(&flags)
                .output()
                .unwrap();
            assert_eq!(status(&output), 0, "{}", stderr(&output));
            stdout(&output)
        };
        let report: Report = serde_json::from_str(&scan("json")).unwrap();
        let [finding] = &report.sites[0].findings[..] else {
            panic!("{:?}", report.sites[0].findings)
        };
        assert_eq!(finding.rule, "http.title-short");
        assert!(finding.message.contains("不足 60 字"), "{}", finding.message);
        assert!(scan("html").contains("首页标题过短"));
        assert!(stdout(&run(&path, &["findings", "list"])).contains("http.title-short"));
        let failing = command(&path)
            .args(["scan", &clean, "--fail-on", "minor"])
            .args(&flags)
            .output()
            .unwrap();
        assert_eq!(status(&failing), 1, "{}", stderr(&failing));
        let passing = command(&path)
            .args(["scan", &clean, "--fail-on", "major"])
            .args(&flags)
            .output()
            .unwrap();
        assert_eq!(status(&passing), 0);
    })
    .await
    .unwrap();
}

#[test]
fn a_wrong_field_path_expression_or_example_is_told_with_line_and_column() {
    let cases = [
        ("  title:", "  titel:", "2:3:", "did you mean `title`?"),
        (
            "http.home.status == 200 &&",
            "http.home.statsu == 200 &&",
            "8:19:",
            "did you mean `http.home.status`?",
        ),
        ("params.least\n", "params.least )\n", "8:73:", "not an expression"),
        ("status: 404", "status: 200", "15:", "example"),
    ];
    for (right, wrong, place, hint) in cases {
        let folder = tempdir().unwrap();
        fs::create_dir(folder.path().join("extra")).unwrap();
        let text = ADDED.trim_start().replacen(right, wrong, 1);
        assert_ne!(text, ADDED.trim_start());
        fs::write(folder.path().join("extra/added.yaml"), text).unwrap();
        let output = run(folder.path(), &["rules", "list", "--rules", "extra"]);
        assert_eq!(status(&output), 2, "{wrong}: {}", stderr(&output));
        let told = stderr(&output);
        assert!(told.contains(&format!("added.yaml:{place}")), "{wrong}: {told}");
        assert!(told.contains(hint), "{wrong}: {told}");
    }
}
