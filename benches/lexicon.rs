//! What the words of all lists cost in a page of 21 KB of text, beside reading the whole page.
//!
//! `cargo bench -p xuncha-tests --bench lexicon`. The aim: at most a tenth.
#![expect(clippy::print_stdout, reason = "the ratio is what the bench is for")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use url::Url;
use xuncha_model::facts::page::Origin;
use xuncha_probe::{
    lexicon,
    page::{Given, read},
};

/// Bytes of text.
const TEXT: usize = 21 << 10;
/// What notices are made of.
const PHRASES: &[&str] = &[
    "为进一步做好全市政务公开工作，",
    "根据省、市人民政府有关文件要求，",
    "现将有关事项通知如下：",
    "各县（市、区）人民政府，",
    "要高度重视，加强组织领导，压实工作责任；",
    "坚持问题导向，补齐短板弱项，",
    "统筹推进2026年度重点项目建设。",
    "持续优化营商环境，提升便民服务水平，",
    "加快推进“一网通办”，让群众少跑腿。",
    "市体育局、市教育局联合开展青少年棋牌比赛，",
    "彩色宣传页、博物馆讲解、乐器展演吸引了市民参与。",
    "请于11月30日前将落实情况报市政府办公室（联系电话：0394-8880000）。",
];

fn text() -> String {
    let mut text = String::new();
    let mut at = 7;
    while text.len() < TEXT {
        at = (at * 31 + 11) % 1009;
        text += PHRASES[at % PHRASES.len()];
        if at % 5 == 0 {
            text.push('\n');
        }
    }
    text
}

/// A page of it, with a menu, paragraphs and links.
fn page(text: &str) -> String {
    let mut page =
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>通知公告</title></head><body>"
            .to_owned();
    for number in 0..60 {
        page += &format!(
            "<li><a class=\"item\" href=\"/tzgg/t20261120_{number}.html\" title=\"关于做好有关工作的通知\">关于做好有关工作的通知</a><span>2026-11-20</span></li>\n"
        );
    }
    for line in text.lines() {
        page += &format!(
            "<p style=\"text-indent:2em;\"><span style=\"font-size:16px\">{line}</span></p>\n"
        );
    }
    page + "</body></html>"
}

fn cost(criterion: &mut Criterion) {
    let text = text();
    let page = page(&text);
    let url = Url::parse("https://www.lanchuan.gov.cn/tzgg/").expect("it is an address");
    let given = Given {
        url: &url,
        origin: Origin::Inner,
        at: "2026-11-24T02:00:00Z".parse().expect("it is a time"),
        status: 200,
        headers: &[],
        text: &page,
        encoding: "utf-8",
        declared_encoding: "utf-8",
    };
    let (words, whole) =
        (quickest(|| lexicon::hits(&text).len()), quickest(|| read(&given).text.len()));
    println!(
        "{} words in {} bytes of text: {words:?}; the page of {} bytes: {whole:?}; {:.1} %",
        lexicon::count(),
        text.len(),
        page.len(),
        100.0 * words.as_secs_f64() / whole.as_secs_f64(),
    );
    let mut group = criterion.benchmark_group("lexicon");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("all words", |bencher| bencher.iter(|| lexicon::hits(black_box(&text))));
    group.bench_function("the whole page", |bencher| bencher.iter(|| read(black_box(&given))));
    group.finish();
}

/// The least of many times: what others do on the machine only adds to it.
fn quickest(work: impl Fn() -> usize) -> Duration {
    let times = (0..2000).map(|_| {
        let begun = Instant::now();
        black_box(work());
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}

criterion_group!(benches, cost);
criterion_main!(benches);
