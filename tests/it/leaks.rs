//! What is found is itself dangerous: the numbers of people on leaking sites stand in no output, no log and no stored byte.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use aho_corasick::AhoCorasick;
use sqlx::{Connection as _, Row as _, SqliteConnection};
use tempfile::tempdir;
use xuncha_lab::{
    Lab,
    files::{Document, Kind},
};

use crate::program::{command, lab_flags, run, status, stderr, stdout};

/// Sites of the demo city that leak, on pages and in files.
const LEAKING: [&str; 2] = ["shbzj", "njglj"];
/// What stands before the content of a compressed column.
const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// Decompressed, no more of one column.
const LARGEST: usize = 256 << 20;

/// Finds the numbers in bytes, whole or without what separates their digits.
struct Search {
    numbers: AhoCorasick,
    wide: AhoCorasick,
}

impl Search {
    fn new(numbers: &[String]) -> Self {
        let parts = numbers.iter().flat_map(|number| {
            // what no mask may leave: the date of birth with what follows, a card's own digits
            let part = match number.len() {
                18 => &number[6..17],
                19 => &number[6..19],
                _ => number.as_str(),
            };
            [number.clone(), part.to_owned()]
        });
        let parts: Vec<String> = parts.collect();
        let full_width = |number: &String| -> String {
            number.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect()
        };
        let wide: Vec<_> = numbers.iter().map(full_width).collect();
        Self { numbers: AhoCorasick::new(&parts).unwrap(), wide: AhoCorasick::new(wide).unwrap() }
    }

    /// How many of them are there; which ones is not said.
    fn count(&self, bytes: &[u8]) -> usize {
        let separated = |byte: &u8| !matches!(byte, b' ' | b'-' | b'.' | b',' | b'_' | b'\t');
        let joined: Vec<u8> = bytes.iter().copied().filter(separated).collect();
        self.numbers.find_iter(bytes).count()
            + self.numbers.find_iter(&joined).count()
            + self.wide.find_iter(bytes).count()
    }

    /// None is there.
    fn none(&self, place: &str, bytes: &[u8]) {
        assert_eq!(self.count(bytes), 0, "numbers of people stand in {place}");
    }

    fn none_in(&self, what: &str, output: &Output) {
        self.none(&format!("the output of {what}"), &output.stdout);
        self.none(&format!("the log of {what}"), &output.stderr);
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Every column of every table of a database, decompressed where it was compressed.
async fn columns(path: &Path) -> Vec<(String, Vec<u8>)> {
    let address = format!("sqlite://{}", path.display());
    let mut database = SqliteConnection::connect(&address).await.unwrap();
    let of = "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'";
    let names: Vec<(String, String)> = sqlx::query_as(of).fetch_all(&mut database).await.unwrap();
    let mut found = Vec::new();
    for (table, column) in names {
        let text = format!("select cast(\"{column}\" as blob) from \"{table}\"");
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(&mut database).await.unwrap();
        for row in rows {
            let bytes: Option<Vec<u8>> = row.get(0);
            let bytes = bytes.unwrap_or_default();
            // a length may stand before it
            let packed = (0..bytes.len().min(16)).find(|at| bytes[*at..].starts_with(&ZSTD));
            let bytes = match packed {
                Some(at) => zstd::bulk::decompress(&bytes[at..], LARGEST.min(bytes.len() * 1000))
                    .unwrap_or_else(|error| panic!("{table}.{column}: {error}")),
                None => bytes,
            };
            found.push((format!("{table}.{column}"), bytes));
        }
    }
    database.close().await.unwrap();
    found
}

/// All files below the folder, and all columns of the databases among them.
async fn none_stored(search: &Search, folder: &Path) {
    let files = files(folder);
    for path in &files {
        search.none(&path.display().to_string(), &fs::read(path).unwrap());
    }
    // opening a database may move what lies beside it into it
    let mut databases = 0;
    for path in files.iter().filter(|path| path.extension().is_some_and(|ending| ending == "db")) {
        databases += 1;
        for (column, bytes) in columns(path).await {
            search.none(&format!("{}: {column}", path.display()), &bytes);
        }
    }
    assert!(databases >= 2, "the findings and the crawls are stored: {databases}");
}

/// Looks at the leaking sites in every way; gives the name of each way and what it said.
fn looks(folder: &Path, flags: &[String]) -> Vec<(String, Output)> {
    let mut outputs = Vec::new();
    for format in ["json", "table", "csv", "html"] {
        let mut scan = command(folder);
        scan.env("RUST_BACKTRACE", "full").args(["-vv", "scan"]).args(LEAKING);
        scan.args(["--profile", "full", "--format", format, "--facts"]).args(flags);
        outputs.push((format!("scan --format {format}"), scan.output().unwrap()));
    }
    let mut scan = command(folder);
    scan.args(["-vv", "--log-format", "json", "scan"]).args(LEAKING);
    scan.args(["--profile", "full", "--format", "html", "--output", "scan.html"]).args(flags);
    outputs.push(("scan --output".to_owned(), scan.output().unwrap()));
    for args in [
        &["findings", "list"][..],
        &["findings", "list", "--format", "json"],
        &["findings", "list", "--format", "csv"],
        &["recheck", "--format", "json"],
        &["-vv", "recheck", "--format", "table"],
        &["sites", "baseline"],
    ] {
        outputs.push((args.join(" "), run(folder, args)));
    }
    let list = stdout(&run(folder, &["findings", "list", "--format", "json"]));
    let findings: Vec<xuncha_model::Finding> = serde_json::from_str(&list).unwrap();
    for finding in findings {
        let id = finding.id.to_string();
        outputs.push(("findings show".to_owned(), run(folder, &["findings", "show", &id])));
    }
    outputs
}

#[tokio::test(flavor = "multi_thread")]
async fn no_number_of_a_person_leaves_the_look_at_a_leaking_site() {
    let lab: Lab = xuncha_lab::start(crate::now()).await.unwrap();
    assert!(lab.planted.len() > 100);
    let search = Search::new(&lab.planted);
    let folder = tempdir().unwrap();
    let flags = lab_flags(&lab, folder.path());
    let path = folder.path().to_owned();
    let outputs = tokio::task::spawn_blocking(move || looks(&path, &flags)).await.unwrap();
    for (what, output) in &outputs {
        assert_eq!(status(output), 0, "{what}");
        search.none_in(what, output);
    }
    none_stored(&search, folder.path()).await;
    // all of this says nothing unless they were seen
    let list =
        stdout(&outputs.iter().find(|(what, _)| what == "findings list --format json").unwrap().1);
    for site in LEAKING {
        for rule in lab.labels.iter().filter(|label| label.site == site).map(|label| &label.rule) {
            assert!(list.contains(rule.as_str()), "{site}: {rule}");
        }
    }
    assert!(list.contains("********"), "the evidence is masked");
}

/// People of whom a page, a file, a broken file and a name of a file tell.
fn made() -> (Vec<String>, Vec<(&'static str, Vec<u8>)>) {
    let id = "419002197803062416".to_owned();
    let (card, phone) = ("6228481111222233334".to_owned(), "13903990001".to_owned());
    let row = |number: &String| vec!["赵明远".to_owned(), number.clone()];
    let document = Document {
        title: "发放名单".to_owned(),
        lines: vec![format!("当事人赵明远，身份证号码{id}，银行卡号{card}，手机{phone}。")],
        rows: vec![row(&id), row(&card), row(&phone)],
    };
    let page = format!(
        "<title>关于赵明远（身份证号{id}）的答复</title><meta name=\"description\" content=\"身份证号{id}\"><h1>名单</h1>\
         <p onclick=\"show('{id}')\">身份证：{id}，银行卡号：{card}</p><a href=\"/x?id={id}\">{id}</a>\
         <form action=\"/s?id={id}\"><input value=\"{id}\"></form><script>var people = [\"{id}\", \"{phone}\"];</script>"
    );
    let mut files = vec![("page.html", page.into_bytes())];
    for (name, kind) in [
        ("a.xlsx", Kind::Xlsx),
        ("a.docx", Kind::Docx),
        ("a.pdf", Kind::Pdf),
        ("a.csv", Kind::Csv),
        ("a.zip", Kind::Zip),
    ] {
        files.push((name, document.make(kind).unwrap()));
    }
    let mut broken = document.make(Kind::Csv).unwrap();
    broken.extend([0xff, 0xfe, 0x00, 0x80].repeat(2000));
    files.push(("broken.csv", broken));
    let mut cut = document.make(Kind::Zip).unwrap();
    cut.truncate(cut.len() - 40);
    files.push(("cut.zip", cut));
    (vec![id, card, phone], files)
}

#[test]
fn a_saved_page_or_file_is_told_of_without_its_numbers() {
    let (numbers, files) = made();
    let search = Search::new(&numbers);
    let folder = tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
        let mut masked = false;
        for args in [&["-vv", "page", name][..], &["page", name, "--json"]] {
            let output = run(folder.path(), args);
            assert_eq!(
                status(&output),
                0,
                "{name}: {}",
                stderr(&output).replace(|c: char| c.is_ascii_digit(), "#")
            );
            search.none_in(&format!("page {name}"), &output);
            masked |= stdout(&output).contains("privacy.");
        }
        assert!(masked || name == "cut.zip" || name == "broken.csv", "{name}: nothing was found");
    }
}

#[test]
fn a_reader_of_files_that_is_killed_leaves_nothing_behind() {
    let (numbers, files) = made();
    let search = Search::new(&numbers);
    let folder = tempdir().unwrap();
    // one SIGSEGV from outside is not enough: the standard library's handler waits for a second
    for signal in ["-ILL", "-ABRT", "-KILL"] {
        for (name, bytes) in files.iter().filter(|(name, _)| *name != "page.html") {
            let ending = name.rsplit('.').next().unwrap();
            let mut command = command(folder.path());
            command.env("RUST_BACKTRACE", "full").args(["unpack-file", "--ending", ending]);
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            // it has everything but the end: a pipe holds 64 KiB, what was written before them was read
            let mut input = child.stdin.take().unwrap();
            input.write_all(&[bytes.as_slice(), &[0; 256 << 10]].concat()).unwrap();
            input.flush().unwrap();
            let killed = Command::new("kill").args([signal, &child.id().to_string()]).status();
            assert!(killed.unwrap().success());
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), None, "{name} {signal}");
            search.none_in(name, &output);
            drop(input);
        }
    }
    for path in self::files(folder.path()) {
        search.none(&path.display().to_string(), &fs::read(&path).unwrap());
    }
}

#[test]
fn the_search_finds_numbers_however_they_are_written() {
    let search = Search::new(&["419002197803062416".to_owned(), "13903990001".to_owned()]);
    for text in [
        "419002197803062416",
        "419002 19780306 2416",
        "x419002-1978-0306-2416x",
        "******19780306241*",
        "139-0399-0001",
        "１３９０３９９０００１",
    ] {
        assert!(search.count(text.as_bytes()) > 0, "{text}");
    }
    for text in ["419002********2416", "139****0001", "41900219780306"] {
        assert_eq!(search.count(text.as_bytes()), 0, "{text}");
    }
}
