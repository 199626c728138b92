//! The lists that come with the program, and mistakes in them.

use std::collections::HashMap;

use super::*;

#[test]
fn the_lists_can_be_read() {
    let problems = Catalog::read(FINGERPRINTS, CYCLES, DISTRIBUTIONS).err().unwrap_or_default();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_fingerprint_knows_its_examples() {
    let run = catalog().examples();
    let told: Vec<String> = run.problems.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(catalog().len() >= 150 && run.hits >= 300 && run.misses >= 200, "{run:?}");
}

#[test]
fn the_lists_agree_with_each_other() {
    let used: Vec<&str> = catalog()
        .fingerprints
        .products
        .iter()
        .filter_map(|product| product.eol.as_deref())
        .collect();
    let idle: Vec<&str> = catalog().cycles.products().filter(|name| !used.contains(name)).collect();
    assert!(idle.is_empty(), "no fingerprint leads to {idle:?}");
    let mut dates = HashMap::new();
    for row in catalog().distributions.rows() {
        let known = dates.entry(row.name()).or_insert((row.supported_until, row.paid_until));
        assert_eq!(*known, (row.supported_until, row.paid_until), "{}", row.name());
    }
}

#[test]
fn mistakes_in_the_lists_are_named_with_their_place() {
    let read = |fingerprints: &str, cycles: &str| {
        let fingerprints = Text { file: "f.yaml", text: fingerprints };
        let cycles = Text { file: "e.csv", text: cycles };
        let problems = Catalog::read(fingerprints, cycles, DISTRIBUTIONS).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let list = |seen: &str, more: &str| {
        format!(
            "front_ends: []\nproxies: []\nproducts:\n- id: a\n  name: A\n  kind: script\n{more}  seen:\n  - {seen}\n  hit: ['cookie a']\n  miss: ['cookie b']\n"
        )
    };
    for (seen, more, told) in [
        ("{ cookie: '(' }", "", "f.yaml:8:5: not a pattern: unclosed group"),
        (
            "{ script: '(a{1000}){1000}' }",
            "",
            "f.yaml:8:5: the pattern takes more than 1048576 bytes",
        ),
        (
            "{ page: 'abcd' }",
            "",
            "f.yaml:8:5: `near` must be at least 4 bytes of what is always there",
        ),
        ("{ page: '(', near: abcd }", "", "f.yaml:8:5: not a pattern: unclosed group"),
        (
            "{ near: abcd }",
            "",
            "f.yaml:8:5: name one place: header, cookie, meta, script, style, library, sheet, comment or page",
        ),
        (
            "{ cookie: a }",
            "  eol: nothing\n",
            "f.yaml:7:8: `nothing` is in no row of the end-of-life list",
        ),
        ("{ cookie: a }", "  cut: '['\n", "f.yaml:7:8: not a pattern: unclosed character class"),
        ("{ cooky: a }", "", "f.yaml:8: unknown field `cooky`"),
    ] {
        let problems = read(&list(seen, more), CYCLES.text);
        assert!(
            problems.len() == 1 && problems[0].starts_with(told),
            "{problems:?} instead of {told}"
        );
    }
    let head = "# snapshot: 2026-08-22\nproduct,cycle,release_date,eol_date,latest,source\n";
    for (rows, told) in [
        ("nginx,1.31,2026-05-13,soon,,x\n", "e.csv:3: `soon` is no day, nor true, false or empty"),
        ("nginx,1.31,2026-05-13\n", "e.csv:3: there are 3 columns, not 6"),
        ("nginx,1.31,,,,x\nnginx,1.31,,,,x\n", "e.csv:4: nginx 1.31 stands here twice"),
    ] {
        assert_eq!(read("", &format!("{head}{rows}")), [told]);
    }
    let problems = read("", "product,cycle\n");
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn a_newer_table_of_dates_can_be_brought_alone() {
    let text = CYCLES.text.replace("snapshot: 2026-08-22", "snapshot: 2027-01-01");
    let catalog =
        Catalog::overlaid(None, Some(Text { file: "new.csv", text: &text }), None).unwrap();
    assert_eq!(catalog.snapshot(), day("2027-01-01"));
    assert_eq!(catalog.len(), super::Catalog::embedded().unwrap().len());
}
