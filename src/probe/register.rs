//! What the register says of a site, as facts of the day of the look.

use chrono::{Datelike, NaiveDate};
use xuncha_model::{
    Reason, Register, Seen, Site,
    facts::{EventFacts, FilingFacts, Level, RetiredFacts, SiteFacts, SiteState},
    register::{FilingEvent, Status},
};

/// The register's entry on a day in Asia/Shanghai.
pub fn site_facts(register: &Register, site: &Site, today: NaiveDate) -> SiteFacts {
    let organ = register.organ(&site.sponsor);
    let region = organ.and_then(|organ| register.region(&organ.region));
    let unknown = |field: &str| Seen::unseen(Reason::RegisterUnknown, field);
    let text = |value: &Option<String>, field| {
        value.clone().map_or_else(|| Seen::unseen(Reason::RegisterUnknown, field), Seen::Seen)
    };
    let same = |other: &&Site| {
        other.sponsor == site.sponsor && state(&other.status, today) == SiteState::Running
    };
    SiteFacts {
        id: site.id.clone(),
        name: site.name.clone(),
        url: site.url.to_string(),
        host: site.host().to_owned(),
        kind: site.kind,
        status: state(&site.status, today),
        sponsor: organ.map(|organ| organ.name.clone()).unwrap_or_default(),
        sponsor_kind: organ
            .and_then(|organ| organ.kind)
            .map_or_else(|| unknown("kind"), Seen::Seen),
        sponsor_level: match region {
            Some(region) if region.division != register.city.division => Level::County,
            _ => Level::City,
        },
        region: region.map(|region| region.name.clone()).unwrap_or_default(),
        divisions: region
            .map(|region| {
                std::iter::once(&region.division).chain(&region.former_divisions).cloned().collect()
            })
            .unwrap_or_default(),
        code: text(&site.code, "code"),
        icp: text(&site.icp, "icp"),
        police: text(&site.police, "police"),
        sites_of_sponsor: u32::try_from(register.sites.iter().filter(same).count())
            .unwrap_or(u32::MAX),
    }
}

/// What was filed, and how long the present state lasts (第十三条). What the retired domains do is left unseen.
pub fn filing_facts(site: &Site, today: NaiveDate) -> FilingFacts {
    let mut events: Vec<EventFacts> = site
        .filings
        .iter()
        .map(|filing| EventFacts {
            event: filing.event,
            date: filing.date,
            number: filing.number.clone().unwrap_or_default(),
            publicity: filing.publicity.as_ref().map(ToString::to_string).unwrap_or_default(),
        })
        .collect();
    events.sort_by_key(|event| event.date);
    let days = |since: NaiveDate| (today - since).num_days().max(0);
    FilingFacts {
        events,
        closed_days: match site.status {
            Status::Closed { on } => days(on),
            Status::Running | Status::OfflineTemporary { .. } => 0,
        },
        offline_days: match site.status {
            Status::OfflineTemporary { from, until } => offline_days(from, until, today),
            Status::Running | Status::Closed { .. } => 0,
        },
        offline_times: offline_times(site, today),
        retired: site
            .domains
            .iter()
            .flatten()
            .filter_map(|domain| Some((domain, domain.retired?)))
            .map(|(domain, since)| RetiredFacts {
                name: domain.name.clone(),
                days: days(since),
                serving: Seen::unseen(Reason::NotLooked, ""),
                lands_on: Seen::unseen(Reason::NotLooked, ""),
            })
            .collect(),
    }
}

/// The first and the present day both count; nothing counts outside the filed time.
fn offline_days(from: NaiveDate, until: Option<NaiveDate>, today: NaiveDate) -> i64 {
    let within = from <= today && until.is_none_or(|until| today <= until);
    if within { (today - from).num_days() + 1 } else { 0 }
}

/// Absences that began in the year of `today`: the filed ones, and the present one when it was not filed.
fn offline_times(site: &Site, today: NaiveDate) -> u32 {
    let filed = site
        .filings
        .iter()
        .filter(|filing| filing.event == FilingEvent::Offline)
        .map(|filing| filing.date);
    let present = match site.status {
        Status::OfflineTemporary { from, .. } => Some(from),
        Status::Running | Status::Closed { .. } => None,
    };
    let mut begins: Vec<NaiveDate> = filed.chain(present).collect();
    begins.sort_unstable();
    begins.dedup();
    let this_year = begins.iter().filter(|begin| begin.year() == today.year() && **begin <= today);
    u32::try_from(this_year.count()).unwrap_or(u32::MAX)
}

fn state(status: &Status, today: NaiveDate) -> SiteState {
    match *status {
        Status::OfflineTemporary { from, until } if offline_days(from, until, today) > 0 => {
            SiteState::Offline
        }
        // the announced day is the last one
        Status::Closed { on } if today > on => SiteState::Closed,
        Status::Running | Status::OfflineTemporary { .. } | Status::Closed { .. } => {
            SiteState::Running
        }
    }
}
