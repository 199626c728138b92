//! How many names a second the rules of Article 14 judge on one core, and what one whole look costs.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};
use xuncha_rules::RuleSet;

/// The facts of a name, as `xuncha domain` makes them; most names of a city are in order.
fn named(number: usize) -> Value {
    let unseen = json!({ "unseen": { "reason": "not-looked" } });
    let (suffix, structure) = match number % 10 {
        0 => ("other", "other"),
        1 => ("政务", "chinese"),
        2 => ("gov.cn", "portal"),
        _ => ("gov.cn", "department"),
    };
    json!({
        "observed_at": "2026-11-24T08:00:00Z", "vantage": "bench", "running": true, "requests": 0,
        "site": unseen, "filing": unseen, "dns": unseen, "availability": unseen, "http": unseen, "tls": unseen,
        "domain": { "register": unseen, "names": [{
            "name": format!("bm{number}.zhoukou.gov.cn"), "ascii": format!("bm{number}.zhoukou.gov.cn"),
            "unicode": format!("bm{number}.zhoukou.gov.cn"), "suffix": suffix, "structure": structure, "of_url": true,
            "region_label": "zhoukou", "region": "周口市", "region_match": "pinyin",
            "organ_label": format!("bm{number}"), "organ": "", "organ_match": if number.is_multiple_of(4) { "unrecognised" } else { "initials" },
            "registered": false, "under_portal": true, "under_ministry": false, "port": 0, "defects": [], "upper_case": false,
            "trailing_dot": false,
        }] },
    })
}

fn judge(criterion: &mut Criterion) {
    let rules = RuleSet::embedded().expect("the rules that come with the program load");
    let names: Vec<Value> = (0..1_000).map(named).collect();
    let mut group = criterion.benchmark_group("judge");
    group.throughput(Throughput::Elements(names.len() as u64));
    group.bench_function("article 14, names", |bencher| {
        bencher.iter(|| {
            names.iter().map(|facts| rules.judge_family(facts, &["domain"]).len()).sum::<usize>()
        });
    });
    let in_order: Vec<Value> = (0..1_000).map(|number| named(number * 20 + 3)).collect();
    group.bench_function("article 14, names in order", |bencher| {
        bencher.iter(|| {
            in_order.iter().map(|facts| rules.judge_family(facts, &["domain"]).len()).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, judge);
criterion_main!(benches);
