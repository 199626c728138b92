//! The week before the lab began: probes that were never taken, for the statistic over seven days.

use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use xuncha_model::period::{SHANGHAI, local_date};

use crate::{PastProbe, city::Site};

/// Minutes of a day.
const DAY: u32 = 24 * 60;

/// The probes of the seven whole days (Asia/Shanghai) before `now`; the failed ones are spread over the week.
pub(crate) fn week(site: &Site, now: DateTime<Utc>) -> Vec<PastProbe> {
    let Some(week) = site.week else { return Vec::new() };
    let all = 7 * week.a_day;
    let first = local_date(now).checked_sub_days(Days::new(7)).unwrap_or_default();
    let Some(midnight) = first.and_time(NaiveTime::MIN).and_local_timezone(SHANGHAI).single()
    else {
        return Vec::new();
    };
    let probes = (0..all).map(|number| {
        let minutes =
            i64::from(number / week.a_day * DAY + number % week.a_day * (DAY / week.a_day));
        // every so many-th, so that exactly as many failed as are asked for
        let failed = (number + 1) * week.failed / all > number * week.failed / all;
        PastProbe {
            site: site.id.clone(),
            at: midnight.to_utc() + Duration::minutes(minutes),
            opened: !failed,
            total_ms: if failed { 15_000 } else { 420 },
        }
    });
    probes.collect()
}
