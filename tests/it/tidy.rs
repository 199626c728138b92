//! The shape of the code: what the compiler cannot keep (DESIGN §2).

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Which of our crates may use which; everything else is a step against the arrows of the map.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("rules", &["model"]),
    ("net", &["model"]),
    ("store", &["model"]),
    ("probe", &["model", "net"]),
    ("render", &["model", "net", "probe"]),
    ("unpack", &["model", "probe"]),
    ("lab", &["model"]),
    ("report", &["model"]),
    ("scan", &["model", "net", "probe", "rules", "store"]),
    (
        "cli",
        &["lab", "model", "net", "probe", "render", "report", "rules", "scan", "store", "unpack"],
    ),
];

/// What the ground may never reach.
const GROUND_WITHOUT: &[&str] = &["tokio", "sqlx", "hyper", "reqwest", "rustls", "hickory-net"];

/// Short names that stand in code because they are the thing itself, not text for people.
const CHINESE_IN_CODE: &[&str] = &["政务"];

const LONGEST_FILE: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    let root = root();
    let paths =
        ["src", "tests", "benches"].iter().flat_map(|folder| files(&root.join(folder), "rs"));
    paths
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// The part of a file before its inline tests.
fn code(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

#[test]
fn crates_use_only_what_lies_below_them() {
    let allowed: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let folders = fs::read_dir(root().join("src")).unwrap().flatten();
    let mut seen = 0;
    for folder in folders {
        let name = folder.file_name().into_string().unwrap();
        let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
        let may =
            allowed.get(name.as_str()).unwrap_or_else(|| panic!("src/{name} is not on the map"));
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
        for line in dependencies.lines() {
            let Some(dependency) = line.split(['.', ' ', '=']).next() else { continue };
            if let Some(ours) = dependency.strip_prefix("xuncha-") {
                assert!(may.contains(&ours), "src/{name} must not use {ours}");
            }
            let ground = matches!(name.as_str(), "model" | "rules");
            assert!(
                !(ground && GROUND_WITHOUT.contains(&dependency)),
                "src/{name} must not use {dependency}"
            );
        }
        assert!(!folder.path().join("src").exists(), "src/{name} is flat: no src/src");
        seen += 1;
    }
    assert_eq!(seen, MAY_USE.len(), "the map names a crate that is not there");
}

#[test]
fn every_file_begins_with_one_sentence() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{name} does not begin with //!");
        let head: String = text
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .take_while(|line| !line.is_empty())
            .collect();
        let end = head.trim_end();
        assert!(end.ends_with(['.', ':']), "{name}: the head is a sentence, found `{end}`");
        assert!(!text.ends_with("\n\n") && !text.contains("\r\n"), "{name}: line ends");
    }
}

#[test]
fn files_have_one_subject() {
    for (name, text) in sources() {
        let lines = code(&text).lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{name} has {lines} lines of code, more than {LONGEST_FILE}"
        );
    }
}

#[test]
fn drawers_are_not_modules() {
    for (name, _) in sources() {
        let stem = Path::new(&name).file_stem().unwrap().to_str().unwrap();
        let drawer =
            ["utils", "util", "common", "types", "helpers", "prelude", "misc"].contains(&stem);
        assert!(!drawer, "{name}: name the subject");
    }
}

#[test]
fn what_officials_read_lives_outside_the_code() {
    // tests that lie in files of their own read pages as officials do
    let tests = |name: &str| name.ends_with("/tests.rs") || name.contains("/tests/");
    let code_of_ours = |name: &str| name.starts_with("src/") && !tests(name);
    for (name, text) in sources().iter().filter(|(name, _)| code_of_ours(name)) {
        for (number, line) in code(text).lines().enumerate() {
            let mut line = line.split("//").next().unwrap_or_default().to_owned();
            for allowed in CHINESE_IN_CODE {
                line = line.replace(allowed, "");
            }
            let chinese = line.chars().find(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
            assert!(chinese.is_none(), "{name}:{}: {chinese:?} in code", number + 1);
        }
    }
}

#[test]
fn lints_are_not_silenced_without_a_reason() {
    for (name, text) in sources() {
        let silent = concat!("#[", "allow(");
        assert!(!text.contains(silent), "{name}: use #[expect(…, reason = …)]");
        for (at, _) in text.match_indices(concat!("#[", "expect(")) {
            let rest = &text[at..];
            let attribute = &rest[..rest.find(")]").unwrap_or(rest.len())];
            assert!(attribute.contains("reason"), "{name}: {attribute} has no reason");
        }
    }
}

#[test]
fn paths_named_in_the_readmes_exist() {
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root().join(readme)).unwrap();
        let tops = ["src/", "rules/", "reports/", "deploy/", "tests/", "benches/", ".ci/"];
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "/._-".contains(c)));
        for word in words.filter(|word| tops.iter().any(|top| word.starts_with(top))) {
            let path = word.trim_end_matches('.');
            let made = path.starts_with("reports/out");
            assert!(
                made || root().join(path).exists(),
                "{readme} names {path}, which is not there"
            );
        }
    }
}

#[test]
fn the_readmes_print_what_help_prints() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    for command in
        ["demo", "scan", "domain", "page", "sites", "rules", "findings", "recheck", "check-config"]
    {
        assert!(
            text.contains(&format!("xuncha {command}")),
            "README.md does not name `xuncha {command}`"
        );
    }
}
