//! How well content safety is judged: pages and files whose right verdict is known, hundreds of hits and over a thousand innocent ones.
//!
//! `cargo test -p xuncha-tests --test it labelled -- --nocapture` prints recall and false findings. The set is made by chance
//! with a fixed seed: every person, number, host and site in it is invented. No page and no number is printed, only the
//! names of the forms.

mod attachments;
mod chance;
mod hidden;
mod injected;
mod innocent;
mod numbers;
mod persons;
mod scripts;
mod secrets;
mod skeleton;
mod spam;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
};

use url::Url;
use xuncha_net::charset;
use xuncha_probe::{
    alone::{self, Saved},
    domain::Names,
};
use xuncha_rules::{RuleSet, register};

use self::{
    chance::Chance,
    skeleton::{Page, Parts, write},
};

/// The families of rules that are measured.
const FAMILIES: &[&str] = &["safety", "secrecy", "privacy", "wording"];
/// Hits that must be found, in a hundred.
const LEAST_RECALL: f64 = 95.0;
/// Innocent ones that may be accused, in a thousand.
const MOST_FALSE: f64 = 1.0;

/// One page or file with its right verdict.
pub(crate) struct Case {
    family: &'static str,
    /// How the trouble is written; forms of the same name differ in their mark-up.
    form: String,
    /// One of these rules must find something; none at all may where there is none.
    rules: &'static [&'static str],
    shown: Shown,
}

/// What is judged.
enum Shown {
    Page(Page),
    File { name: String, bytes: Vec<u8> },
}

impl Case {
    fn page(
        chance: &mut Chance,
        family: &'static str,
        form: &str,
        rules: &'static [&'static str],
        parts: Parts,
    ) -> Self {
        Self { family, form: form.to_owned(), rules, shown: Shown::Page(write(chance, parts)) }
    }
}

/// What the rules said of one.
struct Judged<'c> {
    case: &'c Case,
    /// Its place in the set.
    number: usize,
    found: BTreeSet<String>,
}

impl Judged<'_> {
    fn hit(&self) -> bool {
        self.case.rules.iter().any(|rule| self.found.contains(*rule))
    }

    /// Its name, which betrays nothing of what stands in it.
    fn name(&self) -> String {
        format!("{}/{} no. {}", self.case.family, self.case.form, self.number)
    }
}

/// The whole set.
fn cases() -> Vec<Case> {
    let chance = &mut Chance::new(20_261_124);
    let mut cases = hidden::cases(chance);
    cases.extend(injected::cases(chance));
    cases.extend(scripts::cases(chance));
    cases.extend(persons::cases(chance));
    cases.extend(secrets::cases(chance));
    cases.extend(attachments::hits(chance));
    cases.extend(innocent::cases(chance));
    cases.extend(attachments::innocent(chance));
    cases
}

/// The rules that find something, as the program judges.
struct Judge {
    rules: RuleSet,
    names: Names,
    reader: attachments::Reader,
}

impl Judge {
    fn new() -> Self {
        let empty = "city: { name: 澜川市, domain: lanchuan.gov.cn, division: '419900' }\norgans: []\nsites: []\n";
        let register = register::load("empty.yaml", empty).unwrap();
        let reader = attachments::Reader::new();
        Self { rules: RuleSet::embedded().unwrap(), names: Names::new(&register), reader }
    }

    fn found(&self, shown: &Shown) -> BTreeSet<String> {
        let facts = match shown {
            Shown::Page(page) => self.page(page),
            Shown::File { name, bytes } => self.reader.facts(name, bytes, &self.names),
        };
        let value = serde_json::to_value(&facts).unwrap();
        let verdicts = self.rules.judge_family(&value, FAMILIES);
        let hits = verdicts.into_iter().filter(|verdict| !verdict.hits.is_empty());
        hits.map(|verdict| verdict.rule).collect()
    }

    /// As `xuncha page FILE` reads it.
    fn page(&self, page: &Page) -> xuncha_model::Facts {
        let decoded = charset::decode(&page.bytes, None);
        let saved = Saved {
            url: &Url::parse(&page.url).unwrap(),
            headers: &[],
            text: &decoded.text,
            encoding: decoded.encoding,
            declared_encoding: &decoded.declared,
        };
        alone::saved(&saved, &self.names, "2026-11-24T02:00:00Z".parse().unwrap())
    }
}

fn judge(cases: &[Case]) -> Vec<Judged<'_>> {
    let judge = &Judge::new();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = cases.len().div_ceil(workers);
    thread::scope(|scope| {
        let parts = cases.chunks(share).enumerate().map(|(part, cases)| {
            scope.spawn(move || {
                let judged = (part * share..).zip(cases).map(|(number, case)| Judged {
                    case,
                    number,
                    found: judge.found(&case.shown),
                });
                judged.collect::<Vec<_>>()
            })
        });
        let parts: Vec<_> = parts.collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

fn percent(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let share = part as f64 * 100.0 / whole.max(1) as f64;
    share
}

/// Recall by family, misses and false findings by name.
fn report(judged: &[Judged<'_>]) -> (String, f64, f64) {
    let mut families: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut misses, mut wrong) = (String::new(), String::new());
    let (hits, innocent): (Vec<_>, Vec<_>) =
        judged.iter().partition(|judged| !judged.case.rules.is_empty());
    for judged in &hits {
        let (found, all) = families.entry(judged.case.family).or_default();
        *all += 1;
        *found += usize::from(judged.hit());
        if !judged.hit() {
            let wanted = judged.case.rules.join(" or ");
            misses += &format!("  missed: {}, {wanted}\n", judged.name());
        }
    }
    let accused: Vec<_> = innocent.iter().filter(|judged| !judged.found.is_empty()).collect();
    for judged in &accused {
        let rules: Vec<_> = judged.found.iter().map(String::as_str).collect();
        wrong += &format!("  false: {}, {}\n", judged.name(), rules.join(" "));
    }
    let forms: BTreeSet<_> =
        hits.iter().map(|judged| (judged.case.family, &judged.case.form)).collect();
    let kinds: BTreeSet<_> = innocent.iter().map(|judged| &judged.case.form).collect();
    let mut text = format!(
        "{} hits of {} forms, {} innocent ones of {} kinds\n",
        hits.len(),
        forms.len(),
        innocent.len(),
        kinds.len()
    );
    for (family, (found, all)) in &families {
        text +=
            &format!("  {family:<10} {found:>4} of {all:<4} {:>6.1} %\n", percent(*found, *all));
    }
    let found = hits.iter().filter(|judged| judged.hit()).count();
    let (recall, wrongly) =
        (percent(found, hits.len()), percent(accused.len(), innocent.len()) * 10.0);
    text += &format!("  in all     {found:>4} of {:<4} {recall:>6.1} %\n", hits.len());
    text += &format!(
        "false findings: {} of {}, {wrongly:.2} in a thousand\n",
        accused.len(),
        innocent.len()
    );
    (text + &misses + &wrong, recall, wrongly)
}

#[test]
fn hits_are_found_and_the_innocent_left_alone() {
    let cases = cases();
    let judged = judge(&cases);
    let (text, recall, wrongly) = report(&judged);
    tell(&text);
    let hits = cases.iter().filter(|case| !case.rules.is_empty());
    let forms: BTreeSet<_> = hits.clone().map(|case| (case.family, &case.form)).collect();
    assert!(hits.count() >= 220 && forms.len() >= 40);
    let innocent = cases.iter().filter(|case| case.rules.is_empty());
    let kinds: BTreeSet<_> = innocent.clone().map(|case| &case.form).collect();
    assert!(innocent.count() >= 1000 && kinds.len() >= 25);
    assert!(recall >= LEAST_RECALL, "recall is {recall:.1} %");
    assert!(wrongly <= MOST_FALSE, "{wrongly:.2} in a thousand are accused wrongly");
}

/// What the test prints.
#[expect(clippy::print_stdout, reason = "the measure is what the command is for")]
fn tell(text: &str) {
    print!("{text}");
}
