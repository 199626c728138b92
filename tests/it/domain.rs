//! Names of Article 14: what is seen in them, and what the rules say.

use std::{fmt::Debug, fs, path::Path};

use chrono::{DateTime, Utc};
use serde_json::{Value, to_value};
use xuncha_model::{
    Facts, Register,
    facts::domain::NameFacts,
    register::{Domain, OrganKind, SiteKind},
    verdict::Outcome,
};
use xuncha_probe::domain::{Names, offline_json};
use xuncha_rules::RuleSet;

use crate::register::zhoukou;

fn day() -> DateTime<Utc> {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn rules() -> RuleSet {
    RuleSet::embedded().unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The rules of the family that found something, without the prefix.
fn found(rules: &RuleSet, facts: &Facts) -> Vec<String> {
    let verdicts = rules.judge_family(&offline_json(facts).unwrap(), &["domain"]);
    assert_eq!(
        verdicts,
        rules.judge_family(&to_value(facts).unwrap(), &["domain"]),
        "nothing else is read"
    );
    let failed = verdicts.iter().filter(|verdict| verdict.outcome() == Outcome::Fail);
    failed.map(|verdict| verdict.rule.trim_start_matches("domain.").to_owned()).collect()
}

fn outcome(rules: &RuleSet, facts: &Facts, rule: &str) -> Outcome {
    let verdicts = rules.judge_family(&to_value(facts).unwrap(), &["domain"]);
    verdicts.iter().find(|verdict| verdict.rule == rule).unwrap().outcome()
}

fn word(value: impl serde::Serialize + Debug) -> String {
    match to_value(&value).unwrap() {
        Value::String(word) => word,
        other => panic!("{value:?} is written {other}"),
    }
}

fn line(facts: &NameFacts, found: &[String]) -> String {
    let none = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
    let cells = [
        facts.name.clone(),
        word(facts.suffix),
        word(facts.structure),
        format!("{} {}", none(&facts.region), word(facts.region_match)),
        format!("{} {}", none(&facts.organ), word(facts.organ_match)),
        none(&facts.defects.join(" ")),
        none(&found.join(" ")),
    ];
    cells.join("\t")
}

#[test]
fn every_name_of_the_table_is_seen_and_judged_as_written_there() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/names.tsv");
    let table = fs::read_to_string(path).unwrap();
    let (register, rules) = (zhoukou(), rules());
    let names = Names::new(&register);
    let mut wrong = Vec::new();
    let lines: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    for wanted in &lines {
        let name = wanted.split('\t').next().unwrap();
        let facts = names.offline(&register, name, day());
        let is = line(&facts.domain.names[0], &found(&rules, &facts));
        if is != *wanted {
            wrong.push(format!("is     {is}\nwanted {wanted}"));
        }
    }
    assert!(lines.len() >= 80, "{}", lines.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_registered_sites_of_zhoukou_are_clean() {
    let (register, rules) = (zhoukou(), rules());
    let names = Names::new(&register);
    for site in &register.sites {
        let facts = names.offline(&register, site.host(), day());
        assert!(facts.site.seen().is_some());
        assert_eq!(found(&rules, &facts), [""; 0], "{}", site.id);
        let name = &names.site(site).names[0];
        assert_eq!(name.usual, site.host(), "{name:?}");
        assert!(name.of_url && name.registered);
    }
}

#[test]
fn without_a_register_structure_alone_is_judged() {
    let register = Register {
        city: xuncha_model::City {
            name: String::new(),
            domain: String::new(),
            division: String::new(),
            regions: Vec::new(),
        },
        organs: Vec::new(),
        sites: Vec::new(),
    };
    let (names, rules) = (Names::new(&register), rules());
    for (name, wanted) in [
        ("www.zhoukou.gov.cn", vec![]),
        ("czj.zhoukou.gov.cn", vec![]),
        ("zhoukou.com", vec!["suffix"]),
        ("周口市人民政府.政务", vec![]),
        ("xn--zfr164b", vec!["suffix"]),
        ("10.0.0.1", vec!["bare-address"]),
    ] {
        let facts = names.offline(&register, name, day());
        assert_eq!(found(&rules, &facts), wanted, "{name}");
    }
}

/// The register with the sponsor of `czj` and its site changed.
fn changed(change: impl FnOnce(&mut Register)) -> (Register, Names) {
    let mut register = zhoukou();
    change(&mut register);
    let names = Names::new(&register);
    (register, names)
}

fn at<'r>(register: &'r mut Register, id: &str, url: &str) -> &'r mut xuncha_model::Site {
    let site = register.sites.iter_mut().find(|site| site.id == id).unwrap();
    site.url = url.parse().unwrap();
    site
}

#[test]
fn a_sponsor_of_unknown_kind_is_not_accused() {
    let rules = rules();
    let url = "https://www.zkczj.gov.cn/";
    for (kind, wanted) in [
        (None, Outcome::Unknown),
        (Some(OrganKind::Department), Outcome::Fail),
        (Some(OrganKind::AdministrativeInstitution), Outcome::Fail),
        (Some(OrganKind::VerticallyManaged), Outcome::Pass),
    ] {
        let (register, names) = changed(|register| {
            at(register, "czj", url);
            let organ = register.organs.iter_mut().find(|organ| organ.id == "czj").unwrap();
            organ.kind = kind;
        });
        let facts = names.offline(&register, "www.zkczj.gov.cn", day());
        assert_eq!(outcome(&rules, &facts, "domain.department-structure"), wanted, "{kind:?}");
        assert_eq!(outcome(&rules, &facts, "domain.portal-structure"), Outcome::Pass);
        assert_eq!(facts.domain.names[0].usual, "czj.zhoukou.gov.cn");
    }
}

#[test]
fn a_label_is_compared_with_its_own_sponsor() {
    let rules = rules();
    for (id, url, wanted) in [
        ("czj", "https://swj.zhoukou.gov.cn/", vec!["department-label"]),
        ("czj", "https://cz.zhoukou.gov.cn/", vec![]),
        ("czj", "https://caizhengju.zhoukou.gov.cn/", vec![]),
        ("czj", "https://caizhenju.zhoukou.gov.cn/", vec![]),
        ("czj", "https://zkczj.zhoukou.gov.cn/", vec![]),
        ("fgw", "https://fzhggwyh.zhoukou.gov.cn/", vec![]),
        ("fgw", "https://fazhangaige.zhoukou.gov.cn/", vec![]),
        ("luyi", "https://www.zhoukou.gov.cn/", vec!["region-label"]),
        ("luyi", "https://www.luyixian.gov.cn/", vec![]),
        ("luyi", "https://www.ly.gov.cn/", vec![]),
        ("luyi", "https://zf.luyi.gov.cn/", vec!["portal-structure"]),
        ("luyi", "https://www.luyi.com/", vec!["portal-structure", "suffix"]),
        ("luyi", "http://203.0.113.7/", vec!["bare-address"]),
        ("luyi", "https://www.luyi.gov.cn:8443/", vec!["bare-address"]),
    ] {
        let (register, names) = changed(|register| {
            at(register, id, url);
        });
        let site = register.site(id).unwrap();
        let mut facts = names.offline(&register, url, day());
        facts.domain = names.site(site);
        let mut found = found(&rules, &facts);
        found.sort();
        assert_eq!(found, wanted, "{url} {:?}", facts.domain.names[0]);
    }
}

#[test]
fn the_registered_domains_are_counted() {
    let rules = rules();
    let domain = |name: &str, main: bool| {
        let ascii = url::Host::parse(name).unwrap().to_string();
        Domain { name: name.to_owned(), ascii, main, retired: None }
    };
    for (domains, wanted) in [
        (vec![domain("czj.zhoukou.gov.cn", true), domain("周口市财政局.政务", false)], vec![]),
        (vec![domain("czj.zhoukou.gov.cn", true), domain("周口财政局.政务", false)], vec![]),
        (vec![domain("czj.zhoukou.gov.cn", true)], vec!["chinese-missing"]),
        (
            vec![domain("czj.zhoukou.gov.cn", false), domain("周口市财政局.政务", false)],
            vec!["main-undeclared"],
        ),
        (vec![domain("周口市财政局.政务", true), domain("www.czj.zhoukou.gov.cn", false)], vec![]),
        (
            vec![domain("caizheng.zhoukou.gov.cn", true), domain("周口市财政局.政务", false)],
            vec!["several-english"],
        ),
        (
            vec![
                domain("czj.zhoukou.gov.cn", true),
                domain("周口市财政局.政务", false),
                domain("周口财政网.政务.cn", false),
            ],
            vec!["chinese-legacy", "chinese-structure", "several-chinese"],
        ),
    ] {
        let (register, names) = changed(|register| {
            at(register, "czj", "https://czj.zhoukou.gov.cn/").domains = Some(domains);
        });
        let mut facts = names.offline(&register, "czj.zhoukou.gov.cn", day());
        facts.domain = names.site(register.site("czj").unwrap());
        let mut found = found(&rules, &facts);
        found.sort();
        assert_eq!(found, wanted, "{:?}", facts.domain.register);
    }
}

#[test]
fn an_institution_without_functions_is_told() {
    let (register, names) = changed(|register| {
        let organ = register.organs.iter_mut().find(|organ| organ.id == "jyzx").unwrap();
        organ.kind = Some(OrganKind::PublicInstitution);
    });
    let facts = names.offline(&register, "jyzx.zhoukou.gov.cn", day());
    assert_eq!(found(&rules(), &facts), ["institution-gov-cn"]);
    assert_eq!(facts.site.seen().unwrap().kind, SiteKind::Department);
}
