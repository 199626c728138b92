//! Software that a site discloses without being asked, and how old it is.
//!
//! ```text
//! fingerprints.yaml ─▶ sight (headers, cookies, tags, addresses, comments, page) ─▶ one entry a product and version
//! eol.csv · distributions.csv ─▶ age ──────────────────────────────────────────────────────▶ SoftwareFacts
//! ```
//!
//! # Decisions
//!
//! 2026-11-24: what a distribution says comes before what upstream says: CentOS, Debian and Ubuntu mend a version without
//! changing its number. The same number dates the system; once that is over too, the verdict is certain.
//!
//! 2026-11-24: paid extensions (Ubuntu Pro, RHEL ELS, Windows ESU) do not keep a release alive, they are told beside the
//! verdict; Debian's LTS, which everybody gets, does.

mod age;
mod distributions;
mod eol;
mod example;
mod fingerprints;
mod needle;
mod pattern;
mod sight;
mod table;
mod version;

use std::{collections::HashMap, sync::LazyLock};

use chrono::NaiveDate;
use xuncha_model::{
    Problem, Reason, Seen,
    facts::software::{Eol, SoftwareFacts},
};

use age::{Asked, Calendar};
use distributions::Distributions;
use eol::Cycles;
use fingerprints::{Fingerprints, Product};
use sight::{Place, Sighting};

pub use example::ExamplesRun;
pub use sight::{Body, Evidence};

/// How many products are told of one site.
const MOST: usize = 200;

/// A file of the lists: its name for messages, and what it says.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// As the operator named it.
    pub file: &'t str,
    /// The whole of it.
    pub text: &'t str,
}

impl Text<'_> {
    fn problem(self, line: u64, what: String) -> Problem {
        Problem { file: self.file.to_owned(), line, column: 0, what, hint: String::new() }
    }
}

/// What software is known by, and when it ends.
#[derive(Debug)]
pub struct Catalog {
    fingerprints: Fingerprints,
    cycles: Cycles,
    distributions: Distributions,
}

const FINGERPRINTS: Text<'static> = Text {
    file: "rules/lists/fingerprints.yaml",
    text: include_str!("../../../rules/lists/fingerprints.yaml"),
};
const CYCLES: Text<'static> =
    Text { file: "rules/lists/eol.csv", text: include_str!("../../../rules/lists/eol.csv") };
const DISTRIBUTIONS: Text<'static> = Text {
    file: "rules/lists/distributions.csv",
    text: include_str!("../../../rules/lists/distributions.csv"),
};

impl Catalog {
    /// The lists that come with the program, read once. `None`, with an error in the log, when they cannot be read: a
    /// bug of ours, which a test keeps out.
    pub fn embedded() -> Option<&'static Self> {
        static EMBEDDED: LazyLock<Option<Catalog>> = LazyLock::new(|| {
            // the tests have tried the patterns
            Catalog::parsed(FINGERPRINTS, CYCLES, DISTRIBUTIONS, false)
                .inspect_err(|problems| {
                    for problem in problems {
                        tracing::error!(%problem, "a built-in list cannot be read");
                    }
                })
                .ok()
        });
        EMBEDDED.as_ref()
    }

    /// Reads lists; `None` stands for the one that comes with the program, so that an operator can bring a newer table of
    /// dates alone.
    ///
    /// # Errors
    ///
    /// Every mistake that was found, with file and line.
    pub fn overlaid(
        fingerprints: Option<Text<'_>>,
        cycles: Option<Text<'_>>,
        distributions: Option<Text<'_>>,
    ) -> Result<Self, Vec<Problem>> {
        Self::read(
            fingerprints.unwrap_or(FINGERPRINTS),
            cycles.unwrap_or(CYCLES),
            distributions.unwrap_or(DISTRIBUTIONS),
        )
    }

    /// Reads the three lists.
    ///
    /// # Errors
    ///
    /// Every mistake that was found, with file and line.
    pub fn read(
        fingerprints: Text<'_>,
        cycles: Text<'_>,
        distributions: Text<'_>,
    ) -> Result<Self, Vec<Problem>> {
        Self::parsed(fingerprints, cycles, distributions, true)
    }

    fn parsed(
        fingerprints: Text<'_>,
        cycles: Text<'_>,
        distributions: Text<'_>,
        check: bool,
    ) -> Result<Self, Vec<Problem>> {
        match (Cycles::read(cycles), Distributions::read(distributions)) {
            (Ok(cycles), Ok(distributions)) => {
                let fingerprints = Fingerprints::read(fingerprints, &cycles, check)?;
                Ok(Self { fingerprints, cycles, distributions })
            }
            (cycles, distributions) => {
                let problems = [cycles.err(), distributions.err()];
                Err(problems.into_iter().flatten().flatten().collect())
            }
        }
    }

    /// The day the dates of the end of life were taken: older than half a year, they should be renewed.
    pub fn snapshot(&self) -> NaiveDate {
        self.cycles.snapshot
    }

    /// How many products are known.
    pub fn len(&self) -> usize {
        self.fingerprints.products.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.fingerprints.products.is_empty()
    }

    /// The software that these answers of one site disclose, with its age on a day: one entry a product and version, in the
    /// order of the list.
    pub fn software(&self, answers: &[Evidence<'_>], today: NaiveDate) -> Vec<SoftwareFacts> {
        let mut seen: Vec<Sighting> = Vec::new();
        for answer in answers {
            let mut sightings = sight::look(&self.fingerprints, answer);
            self.infer(&mut sightings);
            seen.extend(sightings);
        }
        let calendar = Calendar { cycles: &self.cycles, distributions: &self.distributions, today };
        let mut kept = merged(seen);
        kept.truncate(MOST);
        let told = kept.into_iter().filter_map(|sighting| {
            let product = self.fingerprints.products.get(sighting.product)?;
            Some(facts(product, sighting, calendar))
        });
        told.collect()
    }

    /// In `Apache/2.4.6 (CentOS) PHP/7.4.33` the first version dates the system, and with it says that the second is not
    /// its own.
    fn infer(&self, sightings: &mut [Sighting]) {
        let mut dated = HashMap::new();
        for sighting in sightings.iter() {
            let product = self.fingerprints.products.get(sighting.product);
            if let (Some(tag), Some(eol)) =
                (&sighting.origin.tag, product.and_then(|product| product.eol.as_deref()))
                && tag.release.is_none()
                && let Some(tag) = self.distributions.released(eol, &sighting.version, tag)
            {
                dated.entry(sighting.evidence.clone()).or_insert(tag);
            }
        }
        for sighting in sightings {
            if let Some(tag) = dated.get(&sighting.evidence)
                && let Some(known) = &mut sighting.origin.tag
                && known.release.is_none()
            {
                known.clone_from(tag);
            }
        }
    }
}

/// One sighting a product and version: the best place stands, and what says no version goes where another says one.
fn merged(mut seen: Vec<Sighting>) -> Vec<Sighting> {
    // what a file says of itself beats what its address says
    let inside: Vec<(usize, String)> = seen
        .iter()
        .filter(|sighting| sighting.place == Place::Comment && !sighting.version.is_empty())
        .filter_map(|sighting| Some((sighting.product, sighting.file.clone()?)))
        .collect();
    seen.retain(|sighting| {
        sighting.place == Place::Comment
            || sighting.file.as_ref().is_none_or(|file| {
                !inside.iter().any(|(product, known)| *product == sighting.product && known == file)
            })
    });
    seen.sort_by_key(|sighting| {
        (sighting.product, sighting.version.is_empty(), sighting.front_end, sighting.place)
    });
    let mut kept: Vec<Sighting> = Vec::new();
    for sighting in seen {
        let mut same = kept.iter().filter(|known| known.product == sighting.product);
        let known = same.any(|known| {
            known.version == sighting.version
                || sighting.version.is_empty() && (!known.front_end || sighting.front_end)
        });
        if !known {
            kept.push(sighting);
        }
    }
    kept
}

fn facts(product: &Product, sighting: Sighting, calendar: Calendar<'_>) -> SoftwareFacts {
    let exact = product.exact > 0 && version::parts(&sighting.version) >= product.exact;
    let age = calendar.age(Asked {
        product: product.eol.as_deref().unwrap_or_default(),
        version: &sighting.version,
        exact,
        courtesy: product.courtesy,
        origin: &sighting.origin,
    });
    let ended = age.date.filter(|_| age.eol == Eol::Yes);
    SoftwareFacts {
        product: product.id.clone(),
        name: product.name.clone(),
        kind: product.kind.clone(),
        version: sighting.version,
        exact,
        cycle: age.cycle,
        eol: age.eol,
        eol_date: age
            .date
            .map_or_else(|| Seen::unseen(Reason::NotLooked, "no date is known"), Seen::Seen),
        eol_days: ended.map_or(0, |day| (calendar.today - day).num_days()),
        basis: age.basis.to_owned(),
        distribution: age.distribution,
        paid_until: age.paid_until,
        latest: age.latest,
        outdated: age.outdated,
        source: age.source,
        evidence: sighting.evidence,
        place: sighting.place.word().to_owned(),
        url: sighting.url,
        front_end: sighting.front_end,
    }
}

#[cfg(test)]
mod tests;
