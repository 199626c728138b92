//! Rounds over sites that exist in a table only: whose fault a failure is, and what is left when a round breaks off.

use std::{
    collections::{HashSet, VecDeque},
    future::{Future, pending},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use tempfile::tempdir;
use tokio::sync::watch;
use xuncha_model::{
    City, Facts, Reason, Register, Seen, Site,
    facts::{
        AvailabilityFacts, DomainFacts, LookFacts, LookOutcome, SiteFacts, availability::Phase,
    },
    facts::{Level, SiteState},
    register::{Crawl, SiteKind, Status},
    scan::Report,
};
use xuncha_net::Pulse;
use xuncha_probe::{Memory, Target, line::LineState};
use xuncha_rules::RuleSet;
use xuncha_store::{Filter, ScanState, Store};

use crate::{
    Error, Progress,
    round::{self, Plan, Sight},
};

/// A rule of the test's own: the shipped ones may change.
const RULES: &str = r#"
- id: availability.planted
  title: does not open
  basis: the test
  severity: veto
  alert: none
  audience: internal
  when: availability.outcome == "down"
  target: "{{ site.host }}"
  message: does not open
  remedy: start it
  examples:
    hit: [{ availability: { outcome: down }, site: { host: www.zhoukou.gov.cn } }]
    miss: [{ availability: { outcome: ok }, site: { host: www.zhoukou.gov.cn } }]
"#;

fn now() -> DateTime<Utc> {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn down(reason: Reason) -> LineState {
    LineState::Down { reason, detail: "the gateway is silent".to_owned() }
}

pub(crate) fn site(id: &str) -> Site {
    Site {
        id: id.to_owned(),
        name: format!("site {id}"),
        sponsor: "office".to_owned(),
        kind: SiteKind::Department,
        url: format!("https://{id}.zhoukou.gov.cn/").parse().unwrap(),
        domains: None,
        code: None,
        icp: None,
        police: None,
        status: Status::Running,
        filings: Vec::new(),
        administrators: Vec::new(),
        columns: Vec::new(),
        endpoints: Vec::new(),
        maintenance: Vec::new(),
        crawl: Crawl::default(),
        allow_internal: Vec::new(),
        notes: None,
    }
}

pub(crate) fn facts(id: &str, outcome: LookOutcome, reason: Reason) -> Facts {
    let look = || LookFacts { at: now(), reason: reason.clone(), phase: Phase::Done, total_ms: 10 };
    let domain = DomainFacts {
        names: Vec::new(),
        register: Seen::unseen(Reason::RegisterUnknown, ""),
        columns: Seen::unseen(Reason::RegisterUnknown, ""),
    };
    Facts {
        site: Seen::Seen(SiteFacts {
            id: id.to_owned(),
            name: format!("site {id}"),
            url: format!("https://{id}.zhoukou.gov.cn/"),
            host: format!("{id}.zhoukou.gov.cn"),
            kind: SiteKind::Department,
            status: SiteState::Running,
            sponsor: "office".to_owned(),
            sponsor_kind: Seen::unseen(Reason::RegisterUnknown, ""),
            sponsor_level: Level::City,
            region: "city".to_owned(),
            divisions: Vec::new(),
            code: Seen::unseen(Reason::RegisterUnknown, ""),
            icp: Seen::unseen(Reason::RegisterUnknown, ""),
            police: Seen::unseen(Reason::RegisterUnknown, ""),
            sites_of_sponsor: 1,
        }),
        availability: Seen::Seen(AvailabilityFacts {
            outcome,
            reason: reason.clone(),
            looks: vec![look(), look()],
            gateway: Seen::unseen(Reason::NotLooked, ""),
            week: Seen::unseen(Reason::NotLooked, ""),
            endpoints: Seen::unseen(Reason::NotLooked, ""),
        }),
        requests: 2,
        ..Facts::unlooked(now(), "here", domain)
    }
}

/// `ok-…` opens, `cut-…` does not answer, `part-…` opens and a part of it does not answer, `mend-…` opens at the second look of the round, `starve-…` does not answer while this machine stands still, `panic` panics, `hang` never ends, `stop` stops the round, `full` breaks the store.
struct Table {
    line: Mutex<VecDeque<LineState>>,
    looks: AtomicUsize,
    met: Mutex<HashSet<String>>,
    stop: watch::Sender<bool>,
    store: Store,
}

impl Sight for Table {
    fn line(&self) -> impl Future<Output = LineState> + Send {
        let state = self.line.lock().unwrap().pop_front();
        std::future::ready(state.unwrap_or(LineState::Up { ipv6: false }))
    }

    async fn look(&self, target: &Target, _: &Memory, _: &Pulse) -> Facts {
        self.looks.fetch_add(1, Ordering::Relaxed);
        let Target::Registered(site) = target else { panic!("only registered sites here") };
        match site.id.split('-').next().unwrap() {
            "ok" => facts(&site.id, LookOutcome::Ok, Reason::Ok),
            "cut" => facts(&site.id, LookOutcome::Down, Reason::ConnectTimeout),
            "part" => {
                let mut facts = facts(&site.id, LookOutcome::Ok, Reason::Ok);
                facts.tls = Seen::unseen(Reason::ConnectTimeout, "");
                facts
            }
            "mend" if self.met.lock().unwrap().insert(site.id.clone()) => {
                facts(&site.id, LookOutcome::Down, Reason::ConnectTimeout)
            }
            "mend" => facts(&site.id, LookOutcome::Ok, Reason::Ok),
            "starve" => {
                tokio::task::yield_now().await;
                std::thread::sleep(Duration::from_millis(1300));
                facts(&site.id, LookOutcome::Down, Reason::ConnectTimeout)
            }
            "hang" => pending().await,
            "stop" => {
                self.stop.send(true).unwrap();
                pending().await
            }
            "full" => {
                self.store.close().await;
                facts(&site.id, LookOutcome::Ok, Reason::Ok)
            }
            other => panic!("planted: {other}"),
        }
    }
}

struct Outcome {
    report: Result<Report, Error>,
    looks: usize,
    store: Store,
    told: Vec<String>,
    _dir: tempfile::TempDir,
}

impl Outcome {
    fn report(&self) -> &Report {
        self.report.as_ref().unwrap()
    }

    /// `id: reason` of every site, `ok` for none.
    fn reasons(&self) -> Vec<String> {
        let sites = &self.report().sites;
        sites.iter().map(|site| format!("{}: {}", site.id, site.reason)).collect()
    }

    async fn accused(&self) -> Vec<String> {
        let down = Filter { rule: Some("availability.planted".to_owned()), ..Filter::default() };
        let found = self.store.findings(&down).await.unwrap();
        let mut stored: Vec<_> = found.into_iter().map(|finding| finding.site).collect();
        stored.sort();
        let sites = self.report().sites.iter();
        let hit = |site: &&xuncha_model::scan::SiteResult| {
            site.findings.iter().any(|finding| finding.rule == "availability.planted")
        };
        let mut shown: Vec<_> = sites.filter(hit).map(|site| site.id.clone()).collect();
        shown.sort();
        assert_eq!(stored, shown, "what is shown is what is stored");
        shown
    }
}

async fn run(line: &[LineState], ids: &[&str], concurrency: usize) -> Outcome {
    let dir = tempdir().unwrap();
    let store = Store::open(dir.path(), &now).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let table = Table {
        line: Mutex::new(line.iter().cloned().collect()),
        looks: AtomicUsize::new(0),
        met: Mutex::default(),
        stop,
        store: store.clone(),
    };
    let register = Register {
        city: City {
            name: "city".to_owned(),
            domain: "zhoukou.gov.cn".to_owned(),
            division: "411600".to_owned(),
            regions: Vec::new(),
        },
        organs: Vec::new(),
        sites: Vec::new(),
    };
    let told = Mutex::new(Vec::new());
    let folder = dir.path().join("rules");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("availability.yaml"), RULES).unwrap();
    let rules = Arc::new(RuleSet::load(&[folder]).unwrap());
    let report = {
        let progress = |progress: Progress| {
            told.lock().unwrap().push(match progress {
                Progress::LineDown { reason, .. } => format!("line {reason}"),
                Progress::Started { site } => format!("started {site}"),
                Progress::Done { site, .. } => format!("done {site}"),
            });
        };
        let plan = Plan {
            rules: &rules,
            register: &register,
            store: Some(&store),
            vantage: "here",
            profile: "daily".to_owned(),
            concurrency,
            keep_facts: false,
            clock: &now,
            progress: &progress,
        };
        let targets: Vec<Target> = ids.iter().map(|id| Target::Registered(site(id))).collect();
        round::run(&plan, &table, &targets, stopped).await
    };
    let looks = table.looks.into_inner();
    Outcome { report, looks, store, told: told.into_inner().unwrap(), _dir: dir }
}

#[tokio::test]
async fn a_round_without_our_line_is_void_and_accuses_nobody() {
    let round = run(&[down(Reason::SelfResolver)], &["ok-1", "cut-1"], 4).await;
    assert_eq!(round.looks, 0, "no site is looked at");
    assert_eq!(round.report().void, Reason::SelfResolver);
    assert_eq!(round.reasons(), ["ok-1: self.resolver", "cut-1: self.resolver"]);
    assert!(round.report().sites.iter().all(|site| {
        site.outcome == LookOutcome::Skipped && site.findings.is_empty() && !site.veto
    }));
    assert_eq!(round.told, ["line self.resolver"]);
    assert!(round.accused().await.is_empty());
    let scan = round.store.scans(1).await.unwrap().remove(0);
    assert_eq!((scan.state, scan.void, scan.sites), (ScanState::Finished, Reason::SelfResolver, 0));
}

#[tokio::test]
async fn a_site_that_is_down_is_accused_when_our_line_is_up() {
    let round = run(&[], &["ok-1", "cut-1", "ok-2", "cut-2"], 2).await;
    assert_eq!(
        round.reasons(),
        ["ok-1: ", "cut-1: connect.timeout", "ok-2: ", "cut-2: connect.timeout"]
    );
    assert_eq!(round.accused().await, ["cut-1", "cut-2"]);
    assert!(round.report().sites[1].veto);
    assert!(round.report().void.is_ok());
}

#[tokio::test]
async fn a_line_that_goes_down_in_mid_round_takes_its_failures_with_it() {
    let ids = ["ok-1", "ok-2", "ok-3", "cut-1", "cut-2", "cut-3", "ok-4"];
    let round = run(&[LineState::Up { ipv6: false }, down(Reason::SelfNetwork)], &ids, 1).await;
    assert!(round.accused().await.is_empty());
    let report = round.report();
    assert!(report.void.is_ok(), "what was seen before stands");
    assert!(report.void_detail.contains("self.network"), "{}", report.void_detail);
    for (index, id) in ids.iter().enumerate().filter(|(_, id)| id.starts_with("cut")) {
        assert_eq!(report.sites[index].reason, Reason::SelfNetwork, "{id}");
        let unknown = &report.sites[index].unknown;
        assert!(unknown.iter().any(|unknown| unknown.rule == "availability.planted"), "{id}");
        let stored = round.store.facts_of(1, id).await.unwrap().unwrap();
        assert_eq!(stored.reason, Reason::SelfNetwork);
    }
    assert!(round.report().sites[..3].iter().all(|site| site.outcome == LookOutcome::Ok));
}

#[tokio::test]
async fn what_failed_in_a_cut_that_is_over_is_looked_at_again() {
    let round = run(&[], &["mend-1", "mend-2", "mend-3", "ok-1"], 2).await;
    assert_eq!(round.reasons(), ["mend-1: ", "mend-2: ", "mend-3: ", "ok-1: "]);
    assert!(round.accused().await.is_empty());
    assert_eq!(round.looks, 7, "three of them twice");
}

#[tokio::test]
async fn a_monitor_that_stands_still_accuses_nobody() {
    let round = run(&[], &["ok-1", "starve-1", "ok-2", "ok-3", "ok-4"], 1).await;
    assert_eq!(round.reasons()[1], "starve-1: self.overload");
    assert!(round.accused().await.is_empty());
    let stored = round.store.facts_of(1, "starve-1").await.unwrap().unwrap();
    assert_eq!(stored.reason, Reason::SelfOverload, "recorded as not seen");
}

#[tokio::test]
async fn when_every_site_fails_and_our_line_is_down_the_round_is_void() {
    let round =
        run(&[LineState::Up { ipv6: false }, down(Reason::SelfNetwork)], &["cut-1", "cut-2"], 2)
            .await;
    assert_eq!(round.report().void, Reason::SelfNetwork);
    assert_eq!(round.reasons(), ["cut-1: self.network", "cut-2: self.network"]);
    assert!(round.accused().await.is_empty());
    assert!(round.store.facts_of(1, "cut-1").await.unwrap().is_none(), "nothing is recorded");
}

#[tokio::test]
async fn no_new_site_begins_once_our_line_is_down() {
    let ids: Vec<String> = (0..100).map(|number| format!("cut-{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let round = run(&[LineState::Up { ipv6: false }, down(Reason::SelfNetwork)], &ids, 2).await;
    assert!(round.looks < 20, "{} looks", round.looks);
    assert!(round.report().sites.iter().all(|site| site.reason == Reason::SelfNetwork));
}

#[tokio::test]
async fn a_panic_in_one_look_leaves_the_others_alone() {
    let round = run(&[], &["ok-1", "panic", "ok-2"], 1).await;
    assert_eq!(round.reasons(), ["ok-1: ", "panic: self.bug", "ok-2: "]);
    assert_eq!(round.report().sites[1].outcome, LookOutcome::Skipped);
    assert_eq!(round.store.scans(1).await.unwrap()[0].sites, 2);
}

#[tokio::test]
async fn a_stopped_round_keeps_what_was_done_and_names_the_rest() {
    let round = run(&[], &["ok-1", "hang", "ok-2", "stop", "ok-3"], 2).await;
    let reasons = round.reasons();
    assert_eq!(reasons[1], "hang: self.stopped");
    assert_eq!(reasons[3..], ["stop: self.stopped", "ok-3: self.stopped"]);
    assert!(!round.told.iter().any(|told| told == "started ok-3"), "no new site begins");
    let scan = round.store.scans(1).await.unwrap().remove(0);
    assert_eq!(scan.state, ScanState::Interrupted);
    let done = round.report().sites.iter().filter(|site| site.reason.is_ok()).count();
    assert_eq!(scan.sites, i64::try_from(done).unwrap(), "what is shown as done is stored");

    let round = run(&[], &["part-1", "ok-1", "ok-2", "ok-3", "cut-1", "stop"], 1).await;
    let reasons = round.reasons();
    assert_eq!((&*reasons[0], &*reasons[4]), ("part-1: ", "cut-1: connect.timeout"));
    assert_eq!(round.report().sites[5].reason, Reason::SelfStopped);
}

#[tokio::test]
async fn a_store_that_fails_in_mid_round_does_not_take_the_report_away() {
    let round = run(&[], &["full", "ok-1"], 1).await;
    let Err(Error::Recording { report, .. }) = round.report else { panic!("the store failed") };
    assert!(report.sites.iter().all(|site| site.outcome == LookOutcome::Ok));
}

#[tokio::test]
async fn what_failed_twice_and_what_failed_in_part_waits_for_our_line() {
    let up = LineState::Up { ipv6: false };
    let ids = ["ok-1", "part-1", "cut-1", "cut-2", "cut-3", "ok-2"];
    // up when the cut sites are to be looked at once more, and down when that was done
    let line = [up.clone(), up.clone(), down(Reason::SelfNetwork)];
    let round = run(&line, &ids, 1).await;
    assert!(round.accused().await.is_empty(), "{:?}", round.reasons());
    let reasons = round.reasons();
    assert_eq!(reasons[0], "ok-1: ");
    assert!(reasons[2..5].iter().all(|reason| reason.ends_with("self.network")), "{reasons:?}");

    let round = run(&[up.clone(), down(Reason::SelfNetwork)], &["ok-1", "part-1"], 1).await;
    assert_eq!(round.reasons(), ["ok-1: ", "part-1: self.network"]);
    let round = run(&[up], &["ok-1", "part-1"], 1).await;
    assert_eq!(round.reasons(), ["ok-1: ", "part-1: "]);
}
