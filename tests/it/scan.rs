//! The scan crate from outside: stored facts judged again with a store alone, and a void round through a real door.

use std::{net::UdpSocket, path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::sync::watch;
use xuncha_model::{
    Reason, Score,
    facts::LookOutcome,
    finding::{Change, State},
};
use xuncha_net::{Config, Door};
use xuncha_probe::{Eye, Profile, Target, crawl::Settings, domain::Names};
use xuncha_rules::{RuleSet, register};
use xuncha_scan::{Progress, Scanner};
use xuncha_store::{Filter, NewScan, ScanState, SiteRecord, Store};

const RULE: &str = r#"
- id: availability.shaky
  title: 首页访问不稳定
  basis: 周口市政务公开工作制度 第十六条
  severity: minor
  alert: none
  audience: internal
  when: availability.outcome == "degraded"
  target: "{{ site.host }}"
  message: 首页可以打开,但访问途中出错
  remedy: 检查证书与跳转设置
  due_days: 30
  examples:
    hit: [{ availability: { outcome: degraded }, site: { host: czj.zhoukou.gov.cn } }]
    miss: [{ availability: { outcome: ok }, site: { host: czj.zhoukou.gov.cn } }]
"#;

fn day(day: u32) -> DateTime<Utc> {
    format!("2026-11-{day:02}T00:00:00Z").parse().unwrap()
}

fn facts(site: &str, at: DateTime<Utc>, outcome: &str) -> Value {
    let unseen = json!({ "unseen": { "reason": "not-looked" } });
    // as an older program might have stored it: what later programs see is missing
    json!({
        "observed_at": at,
        "vantage": "here",
        "site": { "id": site, "name": site, "url": format!("http://{site}.zhoukou.gov.cn/"),
                  "host": format!("{site}.zhoukou.gov.cn"), "kind": "department" },
        "availability": { "outcome": outcome, "reason": "", "looks": [] },
        "http": unseen,
        "requests": 4,
    })
}

async fn store(dir: &Path) -> Store {
    let store = Store::open(dir, &|| day(20)).await.unwrap();
    for at in [1, 2] {
        let scan = NewScan {
            started_at: day(at),
            city: "周口市".to_owned(),
            vantage: "here".to_owned(),
            profile: "daily".to_owned(),
            program: "0".to_owned(),
            rules: "old".to_owned(),
        };
        let scan = store.begin_scan(&scan).await.unwrap();
        for (site, outcome) in [("czj", "degraded"), ("jtj", "ok")] {
            let facts = facts(site, day(at), outcome).to_string();
            let record = SiteRecord {
                site,
                observed_at: day(at),
                outcome: LookOutcome::Ok,
                reason: &Reason::Ok,
                requests: 4,

                sample: None,
                facts: facts.as_bytes(),
                judged: &[],
                score: &Score::default(),
            };
            store.record(scan, &record).await.unwrap();
        }
        store.finish_scan(scan, day(at), ScanState::Finished, &Reason::Ok, "").await.unwrap();
    }
    store
}

#[tokio::test]
async fn a_new_rule_finds_in_stored_facts_what_was_there_without_any_door() {
    let dir = tempdir().unwrap();
    let overlay = dir.path().join("rules");
    std::fs::create_dir(&overlay).unwrap();
    std::fs::write(overlay.join("availability.yaml"), RULE).unwrap();
    let (old, new) = (RuleSet::embedded().unwrap(), RuleSet::load(&[overlay]).unwrap());
    let store = store(dir.path()).await;
    let shaky =
        Filter { rule: Some("availability.shaky".into()), closed: true, ..Filter::default() };
    // nothing that could reach the network is handed over: a store, rules and a clock are all
    let recheck = async |rules: &RuleSet, since| {
        let report = xuncha_scan::recheck(&store, rules, since, &|| day(20)).await.unwrap();
        (report, store.findings(&shaky).await.unwrap())
    };

    let (report, found) = recheck(&old, None).await;
    assert_eq!(report.city, "周口市");
    assert!(found.is_empty());
    let (report, found) = recheck(&new, None).await;
    let ids: Vec<_> = report.sites.iter().map(|site| site.id.as_str()).collect();
    assert_eq!(ids, ["czj", "jtj"], "one look a site, the latest");
    assert!(report.sites[0].findings.iter().any(|finding| finding.rule == "availability.shaky"));
    assert!(!report.sites[1].findings.iter().any(|finding| finding.rule == "availability.shaky"));
    assert_eq!(report.sites[0].observed_at, Some(day(2)));
    let [finding] = found.as_slice() else { panic!("one finding: {found:?}") };
    assert_eq!((finding.site.as_str(), finding.state), ("czj", State::Open));
    assert_eq!(finding.opened_at, day(2), "it was there when it was seen");

    let (report, found) = recheck(&new, Some(day(1))).await;
    assert_eq!(report.sites.len(), 4, "every look since that day");
    assert_eq!(found.len(), 1);
    let (_, found) = recheck(&old, None).await;
    assert_eq!(found[0].state, State::Closed, "the rule was withdrawn");
    let (_, events) = store.finding(found[0].id).await.unwrap().unwrap();
    let story: Vec<_> = events.iter().map(|event| event.change).collect();
    assert_eq!(story, [Change::Opened, Change::Closed]);
}

const SITES: &str = "
city:
  name: 周口市
  domain: zhoukou.gov.cn
  division: '411600'
organs:
  - id: office
    name: 周口市人民政府
    kind: government
    region: '411600'
sites:
  - id: portal
    name: 周口市人民政府
    sponsor: office
    kind: portal
    url: http://www.zhoukou.gov.cn/
";

#[tokio::test]
async fn without_a_resolver_the_round_is_void_and_accuses_nobody() {
    let dir = tempdir().unwrap();
    let store = Store::open(&dir.path().join("data"), &|| day(1)).await.unwrap();
    // a port that was free a moment ago: nobody answers there
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = Config {
        resolver: Some(silent),
        dns_timeout: Duration::from_millis(300),
        connect_timeout: Duration::from_millis(300),
        ..Config::default()
    };
    let register = Arc::new(register::load("sites.yaml", SITES).unwrap());
    let scanner = Scanner {
        eye: Eye {
            door: Door::new(config).unwrap(),
            names: Arc::new(Names::new(&register)),
            register: Arc::clone(&register),
            vantage: "here".to_owned(),
            profile: Profile::Quick,
            second_look: Duration::ZERO,
            crawl: Settings::default(),
            shelf: None,
            browser: None,
            files: None,
        },
        rules: Arc::new(RuleSet::embedded().unwrap()),
        store: Some(store.clone()),
        references: vec!["reference.example".to_owned()],
        concurrency: 4,
        keep_facts: true,
    };
    let targets = vec![
        Target::Registered(register.sites[0].clone()),
        Target::Bare("https://bare.example:8443/".parse().unwrap()),
    ];
    let started = std::sync::atomic::AtomicBool::new(false);
    let progress = |progress: Progress| {
        if matches!(progress, Progress::Started { .. }) {
            started.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    };
    let (_stop, stopped) = watch::channel(false);
    let report = xuncha_scan::run(&scanner, targets, &|| day(1), &progress, stopped).await.unwrap();

    assert_eq!(report.void, Reason::SelfResolver, "{}", report.void_detail);
    assert!(!started.into_inner(), "no site was looked at");
    let shown: Vec<_> = report
        .sites
        .iter()
        .map(|site| (site.id.as_str(), site.outcome, site.reason.clone()))
        .collect();
    let skipped = |id| (id, LookOutcome::Skipped, Reason::SelfResolver);
    assert_eq!(shown, [skipped("portal"), skipped("bare.example:8443")]);
    assert!(report.sites.iter().all(|site| site.findings.is_empty() && !site.veto));
    assert_eq!(report.sites[0].sponsor, "周口市人民政府");
    let every = Filter { closed: true, ..Filter::default() };
    assert!(store.findings(&every).await.unwrap().is_empty());
    let scans = store.scans(9).await.unwrap();
    assert_eq!(
        (scans[0].state, scans[0].void.clone()),
        (ScanState::Finished, Reason::SelfResolver)
    );
}
