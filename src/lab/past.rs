//! What a monitor would remember when the lab begins: a week of probes, and what names used to answer.

use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use xuncha_model::{
    facts::dns::DnsBaseline,
    period::{SHANGHAI, local_date},
};

use crate::{
    PastProbe,
    city::{City, Site},
    dns::zones::name_servers,
    plan::Place,
};

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

/// What a site's name answered when somebody last vouched for it, where that is another address than now.
pub(crate) fn vouched(place: &Place, city: &City) -> Option<(String, DnsBaseline)> {
    let before = place.spec.moved_from?;
    let baseline = DnsBaseline {
        host: place.host.clone(),
        addresses: vec![before.to_string()],
        aliases: Vec::new(),
        nameservers: name_servers(city).to_vec(),
    };
    Some((place.spec.id.clone(), baseline))
}
