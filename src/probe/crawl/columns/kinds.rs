//! What kind of column a name tells, and how long a column of that kind may stand still.

use std::sync::LazyLock;

use chrono::{Days, Months, NaiveDate};
use regex::Regex;
use serde::Deserialize;

use crate::lists;

/// The list of kinds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::crawl) struct Kinds {
    groups: Vec<Group>,
    kinds: Vec<Kind>,
    /// Words of links between documents and their interpretations.
    #[serde(deserialize_with = "lists::pattern")]
    pub(in crate::crawl) related: Regex,
    /// Titles of interpretations.
    #[serde(deserialize_with = "lists::pattern")]
    pub(in crate::crawl) interprets: Regex,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    group: String,
    days: Option<u64>,
    months: Option<u32>,
    #[expect(dead_code, reason = "for people")]
    source: String,
    #[expect(dead_code, reason = "for people")]
    verified: bool,
    #[expect(dead_code, reason = "for people")]
    effective_from: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    kind: String,
    group: String,
    #[serde(deserialize_with = "lists::pattern")]
    pattern: Regex,
    months: Option<u32>,
    #[serde(default)]
    #[expect(dead_code, reason = "for people")]
    source: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for people")]
    verified: bool,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    hit: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    miss: Vec<String>,
}

pub(in crate::crawl) static KINDS: LazyLock<Option<Kinds>> = LazyLock::new(|| {
    lists::read("columns.yaml", include_str!("../../../../rules/lists/columns.yaml"))
});

/// The kind and the group of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) kind: &'static str,
    pub(super) group: &'static str,
}

/// No name fits: nothing is known of how often it must change.
const NONE: Told = Told { kind: "", group: "none" };

/// The kind that a name tells.
pub(super) fn by_name(name: &str) -> Told {
    let name: String = name.chars().filter(|char| !char.is_whitespace()).collect();
    told(|kind| kind.pattern.is_match(&name))
}

/// The kind that the register names.
pub(super) fn by_kind(name: &str) -> Told {
    told(|kind| kind.kind == name)
}

fn told(fits: impl Fn(&Kind) -> bool) -> Told {
    let kinds = KINDS.as_ref().map(|kinds| kinds.kinds.as_slice()).unwrap_or_default();
    let found = kinds.iter().find(|kind| fits(kind));
    found.map_or(NONE, |kind| Told { kind: &kind.kind, group: &kind.group })
}

/// The day from which a column of this kind counts as not updated; `None` where there is no period.
pub(super) fn due(told: Told, newest: NaiveDate) -> Option<NaiveDate> {
    let kinds = KINDS.as_ref()?;
    let own = kinds.kinds.iter().find(|kind| kind.kind == told.kind).and_then(|kind| kind.months);
    let group = kinds.groups.iter().find(|group| group.group == told.group)?;
    match (own.or(group.months), group.days) {
        (Some(months), _) => newest.checked_add_months(Months::new(months)),
        (None, Some(days)) => newest.checked_add_days(Days::new(days)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_knows_its_names() {
        let list = include_str!("../../../../rules/lists/columns.yaml");
        assert_eq!(lists::parsed::<Kinds>(list).err(), None);
        let kinds = KINDS.as_ref().unwrap();
        for kind in &kinds.kinds {
            assert!(!kind.hit.is_empty() && !kind.miss.is_empty(), "{}", kind.kind);
            for name in &kind.hit {
                assert_eq!(by_name(name).kind, kind.kind, "{name}");
            }
            for name in &kind.miss {
                assert_ne!(by_name(name).kind, kind.kind, "{name}");
            }
            let known = kind.group == "none" || kinds.groups.iter().any(|g| g.group == kind.group);
            assert!(known, "{}", kind.group);
        }
        assert_eq!(by_name("通 知 公 告").kind, "notice");
        assert_eq!((by_name("周口味道"), by_kind("nonsense")), (NONE, NONE));
        assert_eq!(by_kind("news").group, "news");
    }

    #[test]
    fn periods_are_days_and_calendar_months() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(due(by_kind("news"), day("2026-11-10")), Some(day("2026-11-24")));
        assert_eq!(due(by_kind("notice"), day("2026-08-31")), Some(day("2027-02-28")));
        assert_eq!(due(by_kind("personnel"), day("2026-01-31")), Some(day("2027-01-31")));
        assert_eq!(due(by_kind("interpretation"), day("2026-01-31")), Some(day("2026-07-31")));
        assert_eq!(due(by_kind("leaders"), day("2026-01-31")), None);
    }
}
