//! How old a version is: what a distribution says comes before what upstream says.

use chrono::NaiveDate;
use xuncha_model::facts::software::Eol;

use super::{
    distributions::{Distributions, Origin, Row},
    eol::{Cycle, Cycles, End},
    version,
};

/// What is known of the age of a version.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Age {
    pub(super) eol: Eol,
    pub(super) cycle: String,
    pub(super) date: Option<NaiveDate>,
    pub(super) basis: &'static str,
    pub(super) distribution: String,
    pub(super) paid_until: Option<NaiveDate>,
    pub(super) latest: String,
    pub(super) outdated: bool,
    pub(super) source: String,
}

/// A version to be judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The product's name in the lists.
    pub(super) product: &'a str,
    /// Empty when it is not known.
    pub(super) version: &'a str,
    /// It names a release, not a branch only.
    pub(super) exact: bool,
    /// The newest release of an ended branch may still be mended.
    pub(super) courtesy: bool,
    pub(super) origin: &'a Origin,
}

/// The data that ages are judged by, on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar<'c> {
    pub(super) cycles: &'c Cycles,
    pub(super) distributions: &'c Distributions,
    pub(super) today: NaiveDate,
}

impl Calendar<'_> {
    /// The age of a version.
    pub(super) fn age(&self, asked: Asked<'_>) -> Age {
        let cycle = self.cycles.of(asked.product, asked.version);
        let upstream = self.upstream(cycle, asked);
        if asked.version.is_empty() {
            return upstream;
        }
        let rows = self.distributions.candidates(asked.product, asked.version, asked.origin);
        if !rows.is_empty() {
            return self.shipped(&rows, upstream, asked);
        }
        if let Some(tag) = &asked.origin.tag
            && !(tag.inferred && self.distributions.over(tag, self.today) == Some(true))
        {
            // somebody's build of which we know nothing: it may be mended
            let eol = if upstream.eol == Eol::Yes { Eol::Uncertain } else { upstream.eol };
            let distribution = tag.distribution.to_owned();
            return Age { eol, distribution, outdated: false, ..upstream };
        }
        let explained =
            !asked.origin.upstream && self.distributions.ships(asked.product, asked.version);
        Age { outdated: upstream.outdated && !explained, ..upstream }
    }

    /// By upstream's dates alone.
    fn upstream(&self, cycle: Option<&Cycle>, asked: Asked<'_>) -> Age {
        let mut age = Age {
            eol: Eol::Unknown,
            cycle: String::new(),
            date: None,
            basis: "",
            distribution: String::new(),
            paid_until: None,
            latest: String::new(),
            outdated: false,
            source: String::new(),
        };
        let Some(cycle) = cycle else { return age };
        let newest = version::compare(asked.version, &cycle.latest).filter(|_| asked.exact);
        age.cycle.clone_from(&cycle.cycle);
        age.latest.clone_from(&cycle.latest);
        (age.eol, age.date) = match cycle.end {
            End::On(day) if day <= self.today => (Eol::Yes, Some(day)),
            End::On(day) => (Eol::No, Some(day)),
            End::Passed => (Eol::Yes, None),
            End::Open => (Eol::No, None),
            End::Unknown => (Eol::Unknown, None),
        };
        if age.eol == Eol::Unknown {
            return age;
        }
        age.basis = "upstream";
        age.source = format!("{} ({})", cycle.source, self.cycles.snapshot);
        let mended = asked.courtesy && newest.is_some_and(std::cmp::Ordering::is_ge);
        if age.eol == Eol::Yes && (cycle.unsure() || mended) {
            age.eol = Eol::Uncertain;
        }
        age.outdated = age.eol == Eol::No && newest.is_some_and(std::cmp::Ordering::is_lt);
        age
    }

    /// By the releases of distributions that ship the version.
    fn shipped(&self, rows: &[&Row], upstream: Age, asked: Asked<'_>) -> Age {
        // of those that end on the same day the first of the list
        let last = rows.iter().rev().max_by_key(|row| row.supported_until);
        let Some(last) = last else { return upstream };
        let over = last.supported_until <= self.today;
        let all_alive = rows.iter().all(|row| row.supported_until > self.today);
        let named = asked.origin.tag.is_some() || asked.origin.upstream;
        // without a name upstream's own build is one of the candidates
        let eol = match (upstream.eol, over) {
            (Eol::Yes | Eol::Uncertain, true) => Eol::Yes,
            (Eol::No | Eol::Unknown, true) if named => Eol::Yes,
            (Eol::No, true) => Eol::No,
            (Eol::Unknown, true) => Eol::Unknown,
            (Eol::Yes | Eol::Uncertain, false) => Eol::Uncertain,
            (Eol::No, false) => Eol::No,
            (Eol::Unknown, false) if all_alive => Eol::No,
            (Eol::Unknown, false) => Eol::Uncertain,
        };
        let later_upstream = !named && upstream.date.is_some_and(|day| day > last.supported_until);
        if eol != Eol::Yes || later_upstream {
            let distribution = if named { last.name() } else { String::new() };
            return Age { eol, distribution, outdated: false, ..upstream };
        }
        let paid = rows.iter().filter_map(|row| row.paid_until).max();
        Age {
            eol,
            date: Some(last.supported_until),
            basis: "distribution",
            distribution: last.name(),
            paid_until: paid.filter(|day| *day > self.today),
            outdated: false,
            source: format!("distributions.csv ({})", self.distributions.snapshot),
            ..upstream
        }
    }
}
