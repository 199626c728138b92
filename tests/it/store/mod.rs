//! The store: findings from scan to scan, facts byte for byte, past days, and what it refuses to open.

mod crash;
mod week;

use std::{path::Path, time::Duration};

use chrono::{DateTime, Utc};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::tempdir;
use xuncha_model::{
    Finding, Hit, Reason, Rule, Score, Severity, Unseen, Verdict,
    facts::LookOutcome,
    finding::{Change, State},
    rule::{Alert, Audience},
    verdict::Unknown,
};
use xuncha_store::{Changes, Error, FILE, Filter, NewScan, ScanState, SiteRecord, Store};

fn day(day: u32) -> DateTime<Utc> {
    format!("2026-11-{day:02}T00:00:00.123456Z").parse().unwrap()
}

async fn open(dir: &Path) -> Store {
    Store::open(dir, &|| day(30)).await.unwrap()
}

async fn refused(dir: &Path) -> Error {
    Store::open_waiting(dir, Duration::from_millis(50), &|| day(30)).await.unwrap_err()
}

fn rule(id: &str) -> Rule {
    Rule {
        id: id.to_owned(),
        title: "证书已过期".to_owned(),
        basis: "第十六条".to_owned(),
        severity: Severity::Major,
        alert: Alert::Warning,
        audience: Audience::Internal,
        each: None,
        applies: None,
        needs: None,
        when: "true".to_owned(),
        params: serde_json::Map::new(),
        target: String::new(),
        message: String::new(),
        remedy: String::new(),
        due_days: Some(7),
        confirm: false,
        source: "test".to_owned(),
    }
}

fn verdict(rule: &str, hits: &[(&str, &str)]) -> Verdict {
    let hit = |(target, message): &(&str, &str)| Hit {
        target: (*target).to_owned(),
        severity: Severity::Major,
        message: (*message).to_owned(),
        remedy: "续签".to_owned(),
        evidence: [("tls.days".to_owned(), serde_json::json!(-1))].into_iter().collect(),
    };
    Verdict {
        passed: None,
        rule: rule.to_owned(),
        hits: hits.iter().map(hit).collect(),
        unknown: None,
        applies: true,
    }
}

fn unknown(rule: &str) -> Verdict {
    let why = Unseen { reason: Reason::SelfNetwork, detail: String::new() };
    let unknown = Some(Unknown { path: "tls".to_owned(), why });
    Verdict { unknown, ..verdict(rule, &[]) }
}

async fn begin(store: &Store, at: DateTime<Utc>) -> i64 {
    let scan = NewScan {
        started_at: at,
        city: "周口市".to_owned(),
        vantage: "here".to_owned(),
        profile: "daily".to_owned(),
        program: "0".to_owned(),
        rules: "abc".to_owned(),
    };
    store.begin_scan(&scan).await.unwrap()
}

async fn end(store: &Store, scan: i64, at: DateTime<Utc>) {
    store.finish_scan(scan, at, ScanState::Finished, &Reason::Ok, "").await.unwrap();
}

async fn record(
    store: &Store,
    scan: i64,
    site: &str,
    at: DateTime<Utc>,
    said: &[Verdict],
) -> Changes {
    let rules: Vec<Rule> = said.iter().map(|verdict| rule(&verdict.rule)).collect();
    let judged: Vec<_> = rules.iter().zip(said).collect();
    let facts = facts(scan, site);
    let record = SiteRecord {
        site,
        observed_at: at,
        outcome: LookOutcome::Ok,
        reason: &Reason::Ok,
        requests: 3,

        sample: None,
        facts: facts.as_bytes(),
        judged: &judged,
        score: &Score::default(),
    };
    store.record(scan, &record).await.unwrap()
}

fn facts(scan: i64, site: &str) -> String {
    format!("{{ \"b\": 1,\n  \"a\": \"{site} 第{scan}次\" }}").repeat(40)
}

/// A whole scan of one site with one verdict.
async fn round(store: &Store, at: DateTime<Utc>, said: &[Verdict]) -> Vec<Change> {
    let scan = begin(store, at).await;
    let changes = record(store, scan, "czj", at, said).await;
    end(store, scan, at).await;
    changes.into_iter().map(|(change, _)| change).collect()
}

async fn all(store: &Store) -> Vec<Finding> {
    store.findings(&Filter { closed: true, ..Filter::default() }).await.unwrap()
}

#[tokio::test]
async fn a_finding_opens_lasts_closes_and_reopens_and_unknown_moves_nothing() {
    let dir = tempdir().unwrap();
    let store = open(dir.path()).await;
    let hit = |message| verdict("tls.expired", &[("czj.zhoukou.gov.cn", message)]);
    assert_eq!(round(&store, day(1), &[hit("过期 1 天")]).await, [Change::Opened]);
    assert_eq!(round(&store, day(2), &[hit("过期 1 天")]).await, [Change::Lasted]);
    assert_eq!(round(&store, day(3), &[hit("过期 3 天")]).await, [Change::Lasted]);
    assert_eq!(round(&store, day(4), &[unknown("tls.expired")]).await, []);
    assert_eq!(all(&store).await[0].state, State::Open);
    assert_eq!(round(&store, day(5), &[verdict("tls.expired", &[])]).await, [Change::Closed]);
    assert_eq!(round(&store, day(6), &[verdict("tls.expired", &[])]).await, []);
    assert_eq!(round(&store, day(7), &[hit("过期 7 天")]).await, [Change::Reopened]);

    let found = all(&store).await;
    let [finding] = found.as_slice() else { panic!("one lasting trouble is one row") };
    assert_eq!((finding.opened_at, finding.last_seen_at), (day(1), day(7)));
    assert_eq!((finding.reopened, finding.closed_at), (1, None));
    assert_eq!(
        finding.due,
        Some("2026-11-14".parse().unwrap()),
        "the term runs from the reopening"
    );
    assert_eq!(finding.evidence["tls.days"], -1);
    let (again, events) = store.finding(finding.id).await.unwrap().unwrap();
    assert_eq!(&again, finding);
    let story: Vec<_> = events.iter().map(|event| (event.change, event.at)).collect();
    // the second day said nothing new
    let told = [
        (Change::Opened, day(1)),
        (Change::Lasted, day(3)),
        (Change::Closed, day(5)),
        (Change::Reopened, day(7)),
    ];
    assert_eq!(story, told);
    assert!(store.finding(finding.id + 1).await.unwrap().is_none());
}

#[tokio::test]
async fn any_past_day_can_be_asked() {
    let dir = tempdir().unwrap();
    let store = open(dir.path()).await;
    round(&store, day(2), &[verdict("a.b", &[("x", "early")])]).await;
    round(&store, day(4), &[verdict("a.b", &[("x", "later")])]).await;
    round(&store, day(6), &[verdict("a.b", &[])]).await;
    round(&store, day(8), &[verdict("a.b", &[("x", "again")])]).await;
    let mut told = Vec::new();
    for asked in [1, 2, 3, 5, 6, 7, 9] {
        let then = store.findings_at(day(asked), Some("czj")).await.unwrap();
        told.push(then.first().map(|finding| (finding.message.clone(), finding.reopened)));
    }
    let live = |message: &str, reopened| Some((message.to_owned(), reopened));
    let expected =
        [None, live("early", 0), live("early", 0), live("later", 0), None, None, live("again", 1)];
    assert_eq!(told, expected);
    assert!(store.findings_at(day(9), Some("other")).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_rule_that_is_no_longer_in_force_accuses_nobody() {
    let dir = tempdir().unwrap();
    let store = open(dir.path()).await;
    let both = [verdict("a.b", &[("x", "m")]), verdict("a.c", &[("x", "m")])];
    assert_eq!(round(&store, day(1), &both).await.len(), 2);
    assert_eq!(round(&store, day(2), &both[..1]).await, [Change::Lasted, Change::Closed]);
    let live = store.findings(&Filter::default()).await.unwrap();
    assert_eq!(live.iter().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), ["a.b"]);
}

#[tokio::test]
async fn a_record_delivered_twice_or_late_moves_nothing() {
    let dir = tempdir().unwrap();
    let store = open(dir.path()).await;
    let (first, second) = (begin(&store, day(1)).await, begin(&store, day(2)).await);
    let twice = [verdict("a.b", &[("x", "one"), ("x", "two")])];
    assert_eq!(record(&store, second, "czj", day(2), &twice).await.len(), 1);
    assert!(record(&store, second, "czj", day(2), &[verdict("a.b", &[])]).await.is_empty());
    assert!(record(&store, first, "czj", day(1), &[verdict("a.b", &[])]).await.is_empty());
    assert_eq!(store.findings(&Filter::default()).await.unwrap().len(), 1);
    assert!(store.facts_of(first, "czj").await.unwrap().is_some(), "a late look is kept");
}

#[tokio::test]
async fn facts_come_back_byte_for_byte_and_the_latest_is_known() {
    use futures_util::TryStreamExt as _;
    let dir = tempdir().unwrap();
    let store = open(dir.path()).await;
    for at in 1..=3 {
        let scan = begin(&store, day(at)).await;
        record(&store, scan, "czj", day(at), &[unknown("a.b")]).await;
        if at < 3 {
            record(&store, scan, "jtj", day(at), &[]).await;
        }
        end(&store, scan, day(at)).await;
    }
    let look = store.facts_of(2, "jtj").await.unwrap().unwrap();
    assert_eq!(look.facts, facts(2, "jtj").into_bytes());
    assert_eq!((look.observed_at, look.requests, look.outcome), (day(2), 3, LookOutcome::Ok));
    assert!(store.facts_of(3, "jtj").await.unwrap().is_none());
    let names = async |since| -> Vec<(i64, String, bool)> {
        let looks: Vec<_> = store.facts(since).try_collect().await.unwrap();
        looks.into_iter().map(|look| (look.scan, look.site, look.latest)).collect()
    };
    let name = |scan, site: &str, latest| (scan, site.to_owned(), latest);
    assert_eq!(names(None).await, [name(2, "jtj", true), name(3, "czj", true)]);
    let since = [name(2, "czj", false), name(2, "jtj", true), name(3, "czj", true)];
    assert_eq!(names(Some(day(2))).await, since);
    let czj = store.facts_of(3, "czj").await.unwrap().unwrap();
    assert_eq!(czj.unknown[0].why, Reason::SelfNetwork);
}

#[tokio::test]
async fn findings_are_filtered_and_the_heaviest_comes_first() {
    let dir = tempdir().unwrap();
    let store = open(dir.path()).await;
    let scan = begin(&store, day(1)).await;
    let mut heavy = verdict("a.c", &[("x", "m")]);
    heavy.hits[0].severity = Severity::Veto;
    record(&store, scan, "czj", day(1), &[verdict("a.b", &[("x", "m")]), heavy]).await;
    record(&store, scan, "jtj", day(1), &[verdict("a.b", &[("y", "m")])]).await;
    let names = async |filter: Filter| -> Vec<String> {
        let found = store.findings(&filter).await.unwrap();
        found.iter().map(|finding| format!("{} {}", finding.site, finding.rule)).collect()
    };
    let every = Filter::default();
    assert_eq!(names(every.clone()).await, ["czj a.c", "czj a.b", "jtj a.b"]);
    let site = Filter { site: Some("jtj".into()), ..every.clone() };
    assert_eq!(names(site).await, ["jtj a.b"]);
    let rule = Filter { rule: Some("a.b".into()), ..every.clone() };
    assert_eq!(names(rule).await, ["czj a.b", "jtj a.b"]);
    let severity = Filter { severity: Some(Severity::Critical), ..every.clone() };
    assert_eq!(names(severity).await, ["czj a.c"]);
    assert_eq!(names(Filter { limit: Some(2), ..every }).await.len(), 2);
}

#[tokio::test]
async fn a_scan_is_interrupted_only_when_its_process_is_gone() {
    let dir = tempdir().unwrap();
    let store = open(dir.path()).await;
    let scan = begin(&store, day(1)).await;
    let other = open(dir.path()).await;
    assert_eq!(other.scans(9).await.unwrap()[0].state, ScanState::Running);
    drop(store);
    let again = open(dir.path()).await;
    let listed = again.scans(9).await.unwrap();
    assert_eq!((listed[0].id, listed[0].state), (scan, ScanState::Interrupted));
    assert_eq!(listed[0].finished_at, Some(day(30)));
    again.finish_scan(scan, day(2), ScanState::Finished, &Reason::Ok, "").await.unwrap();
    assert_eq!(again.scans(9).await.unwrap()[0].state, ScanState::Interrupted);
    let void = begin(&again, day(3)).await;
    let why = Reason::SelfResolver;
    again.finish_scan(void, day(3), ScanState::Finished, &why, "no answer").await.unwrap();
    assert_eq!(again.scans(1).await.unwrap()[0].void, why);
    let left = std::fs::read_dir(dir.path()).unwrap();
    let locks = left
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("scan-"));
    assert_eq!(locks.count(), 0, "no lock file is left behind");
}

#[tokio::test]
async fn opening_many_times_at_once_makes_one_schema() {
    let dir = tempdir().unwrap();
    let opened = (0..6).map(|_| {
        let path = dir.path().to_owned();
        tokio::spawn(async move { open(&path).await })
    });
    for store in opened.collect::<Vec<_>>() {
        assert!(store.await.unwrap().scans(1).await.unwrap().is_empty());
    }
    round(&open(dir.path()).await, day(1), &[verdict("a.b", &[("x", "m")])]).await;
    assert_eq!(all(&open(dir.path()).await).await.len(), 1);
}

async fn raw(dir: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(dir.join(FILE)).create_if_missing(true);
    options.connect().await.unwrap()
}

#[tokio::test]
async fn what_is_no_store_of_ours_is_refused_with_the_reason() {
    let text = tempdir().unwrap();
    std::fs::write(text.path().join(FILE), "not a database, ".repeat(400)).unwrap();
    assert!(matches!(refused(text.path()).await, Error::NotADatabase { .. }));

    let foreign = tempdir().unwrap();
    let mut other = raw(foreign.path()).await;
    sqlx::query("create table song (title text)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    assert!(matches!(refused(foreign.path()).await, Error::Foreign { .. }));

    let newer = tempdir().unwrap();
    open(newer.path()).await.close().await;
    let mut later = raw(newer.path()).await;
    let row = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
               values (99, 'later', true, x'00', 0)";
    sqlx::query(row).execute(&mut later).await.unwrap();
    later.close().await.unwrap();
    assert!(matches!(refused(newer.path()).await, Error::Newer { found: 99, .. }));

    let file = text.path().join(FILE).join("folder");
    assert!(matches!(refused(&file).await, Error::Folder { .. }));
}

#[tokio::test]
async fn a_database_that_another_process_holds_is_told_from_a_broken_one() {
    let dir = tempdir().unwrap();
    open(dir.path()).await.close().await;
    let mut holder = raw(dir.path()).await;
    sqlx::query("begin exclusive").execute(&mut holder).await.unwrap();
    let wait = Duration::from_millis(50);
    let store = Store::open_waiting(dir.path(), wait, &|| day(30)).await.unwrap();
    assert!(all(&store).await.is_empty(), "readers do not wait for a writer");
    let scan = NewScan {
        started_at: day(1),
        city: String::new(),
        vantage: String::new(),
        profile: String::new(),
        program: String::new(),
        rules: String::new(),
    };
    assert!(matches!(store.begin_scan(&scan).await.unwrap_err(), Error::Busy { .. }));
    sqlx::query("rollback").execute(&mut holder).await.unwrap();
    store.begin_scan(&scan).await.unwrap();
}
