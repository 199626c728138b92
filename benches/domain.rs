//! Names a second on one core: the parse alone, the facts, and the verdict of Article 14.
//!
//! `cargo bench -p xuncha-tests --bench domain`; the bar is 100,000 names a second for the whole path (DESIGN §6).

use std::{hint::black_box, path::Path};

use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use xuncha_probe::domain::{Names, offline_json};
use xuncha_rules::{RuleSet, register};

/// Names of every kind, in about the proportions of a list an office would check.
fn names() -> Vec<String> {
    let table = include_str!("../tests/golden/names.tsv");
    let odd = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').next());
    let departments = ["czj", "fgw", "rsj", "wjw", "slj", "tjj", "jyj", "sfj", "mzj", "zfcxjs"];
    let regions = ["zhoukou", "luyi", "taikang", "shenqiu", "xihua", "beijing", "bd", "zhengzhou"];
    let usual = regions.iter().flat_map(|region| {
        let below = departments.iter().map(move |label| format!("{label}.{region}.gov.cn"));
        below.chain([format!("www.{region}.gov.cn")])
    });
    odd.map(str::to_owned).chain(usual.cycle().take(900)).collect()
}

fn domain(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sites.yaml");
    let Ok(text) = std::fs::read_to_string(&path) else {
        panic!("{} cannot be read", path.display())
    };
    let register = match register::load("sites.yaml", &text) {
        Ok(register) => register,
        Err(problems) => panic!("{problems:?}"),
    };
    let rules = match RuleSet::embedded() {
        Ok(rules) => rules,
        Err(problems) => panic!("{problems:?}"),
    };
    let known = Names::new(&register);
    let at = DateTime::<Utc>::UNIX_EPOCH;
    let names = names();
    let mut group = criterion.benchmark_group("domain");
    group.throughput(Throughput::Elements(names.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| names.iter().for_each(|name| drop(black_box(known.name(name)))));
    });
    group.bench_function("facts", |bencher| {
        bencher.iter(|| {
            names.iter().for_each(|name| drop(black_box(known.offline(&register, name, at))));
        });
    });
    group.bench_function("facts as JSON", |bencher| {
        bencher.iter(|| {
            for name in &names {
                drop(black_box(offline_json(&known.offline(&register, name, at))));
            }
        });
    });
    group.bench_function("verdict", |bencher| {
        bencher.iter(|| {
            for name in &names {
                let facts = offline_json(&known.offline(&register, name, at));
                drop(black_box(facts.map(|facts| rules.judge_family(&facts, &["domain"]))));
            }
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = domain
}
criterion_main!(benches);
