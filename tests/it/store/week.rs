//! The week that stored probes add up to.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use tempfile::tempdir;
use xuncha_model::{Reason, Score, facts::LookOutcome};
use xuncha_store::{Sample, SiteRecord};

use super::{begin, end, open};

#[tokio::test]
async fn a_week_adds_up_from_its_probes() {
    let dir = tempdir().unwrap();
    let store = open(dir.path()).await;
    // midnight in Zhoukou, seven days and a bit ago
    let first: DateTime<Utc> = "2026-11-16T16:00:00Z".parse().unwrap();
    let today: NaiveDate = "2026-11-24".parse().unwrap();
    let mut failed = 0;
    for day in 0..8 {
        for hour in 0..24 {
            let at = first + Duration::hours(day * 24 + hour);
            let scan = begin(&store, at).await;
            let late = day == 3 && hour < 2;
            let down = day == 5 && hour < 4;
            failed += u32::from(late) + u32::from(down);
            let sample = Sample { at, opened: !down, total_ms: if late { 15_000 } else { 14_999 } };
            let record = SiteRecord {
                site: "a",
                observed_at: at,
                outcome: LookOutcome::Ok,
                reason: &Reason::Ok,
                requests: 1,
                sample: Some(sample),
                facts: b"{}",
                judged: &[],
                score: &Score::default(),
            };
            store.record(scan, &record).await.unwrap();
            // the second record of a look counts once
            store.record(scan, &record).await.unwrap();
            end(&store, scan, at).await;
        }
    }
    let week = store.week("a", today).await.unwrap();
    assert_eq!(
        (week.from.to_string(), week.until.to_string()),
        ("2026-11-17".into(), "2026-11-23".into())
    );
    assert_eq!((week.probes, week.fewest_a_day, week.failed), (168, 24, failed));
    assert_eq!(week.failed_bp, 6 * 10_000 / 168);
    assert_eq!(week.slowest_ms, 15_000, "it opened, and too late");
    let next = store.week("a", today + Days::new(2)).await.unwrap();
    assert_eq!((next.probes, next.fewest_a_day), (144, 0), "a day without a probe has none");
    assert_eq!(store.week("b", today).await.unwrap().probes, 0);
}
