//! From banners to findings: what a site discloses, how it is judged, and what a person reads of it.

use chrono::NaiveDate;
use serde_json::{Value, json};
use xuncha_model::{Hit, Severity, facts::http::Header};
use xuncha_probe::software::{Body, Catalog, Evidence};
use xuncha_rules::RuleSet;

/// The facts of an answer with these headers and this page.
fn facts(headers: &[(&str, &str)], page: &str) -> Value {
    let headers: Vec<Header> = headers
        .iter()
        .map(|(name, value)| Header { name: (*name).to_owned(), value: (*value).to_owned() })
        .collect();
    let answer = Evidence {
        url: "http://www.fugou.gov.cn/",
        headers: &headers,
        cookies: &["JSESSIONID"],
        body: Body::Page(page),
        front_end: false,
    };
    let today: NaiveDate = "2026-11-24".parse().unwrap();
    let software = Catalog::embedded().unwrap().software(&[answer], today);
    json!({ "running": true, "software": software })
}

/// The hits of one rule.
fn hits(facts: &Value, rule: &str) -> Vec<Hit> {
    let rules = RuleSet::embedded().unwrap();
    let verdicts = rules.judge_family(facts, &["software"]);
    let verdict = verdicts.into_iter().find(|verdict| verdict.rule == rule).unwrap();
    assert_eq!(verdict.unknown, None);
    verdict.hits
}

fn told(hits: &[Hit]) -> Vec<(&str, Severity)> {
    hits.iter().map(|hit| (hit.target.as_str(), hit.severity)).collect()
}

#[test]
fn what_is_certain_weighs_more_than_what_is_to_be_confirmed() {
    let facts = facts(
        &[
            ("server", "Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips PHP/5.4.16"),
            ("x-powered-by", "PHP/5.4.16"),
        ],
        "<script src='/js/jquery-1.7.2.min.js'></script><embed type='application/x-shockwave-flash'>",
    );
    let ended = hits(&facts, "software.end-of-life");
    assert_eq!(
        told(&ended),
        [
            ("Apache HTTP Server 2.4.6", Severity::Major),
            ("PHP 5.4.16", Severity::Major),
            ("OpenSSL 1.0.2k", Severity::Major),
            ("jQuery 1.7.2", Severity::Major),
            ("Adobe Flash", Severity::Critical),
        ]
    );
    assert_eq!(
        ended[0].message,
        "网站使用的 Apache HTTP Server 2.4.6 与 CentOS 7 自带的版本一致，CentOS 7 已于 2024年6月30日 停止维护（877 天），\
         新发现的漏洞不再有补丁。依据：响应头“Server: Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips PHP/5.4.16”，\
         见于 http://www.fugou.gov.cn/。"
    );
    // one banner, one finding, however many versions are in it
    let disclosed = hits(&facts, "software.version-disclosed");
    assert_eq!(disclosed.len(), 1, "{disclosed:#?}");
    assert_eq!(disclosed[0].target, "Server: Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips PHP/5.4.16");
}

#[test]
fn a_distribution_that_may_mend_it_is_asked_not_accused() {
    for banner in ["nginx/1.18.0 (Ubuntu)", "nginx/1.20.1", "Resin/3.1.15"] {
        let ended = hits(&facts(&[("server", banner)], ""), "software.end-of-life");
        assert_eq!(ended.len(), 1, "{banner}");
        assert_eq!(ended[0].severity, Severity::Minor, "{banner}");
        assert!(ended[0].message.starts_with("【待核实】"), "{}", ended[0].message);
        assert!(ended[0].message.contains("需确认"), "{}", ended[0].message);
    }
    for banner in ["Apache/2.4.37 (Red Hat Enterprise Linux)", "Microsoft-IIS/10.0", "nginx"] {
        let facts = facts(&[("server", banner)], "");
        assert!(hits(&facts, "software.end-of-life").is_empty(), "{banner}");
        assert!(hits(&facts, "software.outdated").is_empty(), "{banner}");
    }
}

#[test]
fn windows_that_ended_is_grave_and_a_front_end_is_nobodys_fault() {
    let iis = facts(&[("server", "Microsoft-IIS/7.5")], "");
    let ended = hits(&iis, "software.end-of-life");
    assert_eq!(told(&ended), [("Microsoft IIS 7.5", Severity::Critical)]);
    assert!(ended[0].message.contains("Windows Server 2008 R2"), "{}", ended[0].message);
    let front = facts(&[("server", "nginx/1.12.2"), ("via", "1.1 cache.example")], "");
    for rule in ["software.end-of-life", "software.outdated", "software.version-disclosed"] {
        assert!(hits(&front, rule).is_empty(), "{rule}");
    }
    let outdated = facts(&[("server", "Apache/2.4.39 (Win64)")], "");
    let outdated = hits(&outdated, "software.outdated");
    assert_eq!(told(&outdated), [("Apache HTTP Server 2.4.39", Severity::Minor)]);
    let paid = facts(&[("x-powered-by", "PHP/7.2.24-0ubuntu0.18.04.1")], "");
    let paid = hits(&paid, "software.end-of-life");
    assert_eq!(paid[0].severity, Severity::Critical);
    assert!(
        paid[0].message.contains("另行购买了延长维护服务（至 2028年4月1日）"),
        "{}",
        paid[0].message
    );
}

#[test]
fn a_date_that_nobody_declared_is_told_as_such() {
    let layui = facts(&[], "<script src=/layui/2.9.1/layui.js></script>");
    let ended = hits(&layui, "software.end-of-life");
    assert_eq!(ended[0].severity, Severity::Minor);
    assert!(ended[0].message.contains("厂商没有正式公布"), "{}", ended[0].message);
}
