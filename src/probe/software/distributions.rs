//! Which distribution's release a version points to, and until when that is mended: `rules/lists/distributions.csv`.
//!
//! Distributions keep a version's number and mend its faults, so that upstream's dates do not speak of such a version. The
//! same number dates the system.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;
use serde::{Deserialize, Deserializer, de::Error as _};
use xuncha_model::Problem;

use super::{Text, table, version};

const COLUMNS: &[&str] = &[
    "product",
    "version",
    "distribution",
    "release",
    "supported_until",
    "paid_until",
    "banner",
    "confidence",
    "note",
];

/// Stands for every product and every version in the rows that only date a release.
const ALL: &str = "*";

/// The words by which banners name a distribution; the longer before the shorter.
const NAMES: &[(&str, &str)] = &[
    ("centos stream", "CentOS Stream"),
    ("centos", "CentOS"),
    ("red hat", "Red Hat Enterprise Linux"),
    ("redhat", "Red Hat Enterprise Linux"),
    ("almalinux", "AlmaLinux"),
    ("rocky linux", "Rocky Linux"),
    ("anolis", "Anolis OS"),
    ("ubuntu", "Ubuntu"),
    ("raspbian", "Debian"),
    ("debian", "Debian"),
    ("oracle linux", "Oracle Linux"),
    ("openeuler", "openEuler"),
    ("alibaba cloud linux", "Alibaba Cloud Linux"),
    ("amazon", "Amazon Linux"),
    ("kylin", "Kylin"),
    ("uniontech", "UnionTech OS"),
    ("fedora", "Fedora"),
    ("suse", "SUSE Linux"),
    ("freebsd", "FreeBSD"),
];

/// Marks of builds that no distribution mends: Windows, and what `./configure` made.
const UPSTREAM: &[&str] = &["(win32", "(win64", "win32)", "win64)", "(windows", "(unix)", "mingw"];

/// How a release names itself in the suffix of a version.
static RELEASES: LazyLock<Option<(Regex, Regex)>> = LazyLock::new(|| {
    let ubuntu = Regex::new(r"(?i)ubuntu[0-9]{1,3}\.([0-9]{2}\.[0-9]{2})").ok()?;
    let debian = Regex::new(r"(?i)[-+~]deb([0-9]{1,2})u").ok()?;
    Some((ubuntu, debian))
});

/// The distribution a banner names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// Its name.
    pub(super) distribution: &'static str,
    /// Its release, where the banner says that too.
    pub(super) release: Option<String>,
    /// The release was not written beside the version, but follows from another version of the same banner.
    pub(super) inferred: bool,
}

/// What a banner says of where its software comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    /// The distribution it names.
    pub(super) tag: Option<Tag>,
    /// It is upstream's own build: nobody mends it but upstream.
    pub(super) upstream: bool,
}

impl Origin {
    /// What these words say.
    pub(super) fn of(banner: &str) -> Self {
        let lower = banner.to_ascii_lowercase();
        let upstream = UPSTREAM.iter().any(|mark| lower.contains(mark));
        Self { tag: tag(&lower).filter(|_| !upstream), upstream }
    }
}

fn tag(banner: &str) -> Option<Tag> {
    let named =
        |distribution, release: Option<String>| Tag { distribution, release, inferred: false };
    if let Some((ubuntu, debian)) = RELEASES.as_ref() {
        for (release, distribution) in [(ubuntu, "Ubuntu"), (debian, "Debian")] {
            if let Some(found) = release.captures(banner).and_then(|found| found.get(1)) {
                return Some(named(distribution, Some(found.as_str().to_owned())));
            }
        }
    }
    let (_, distribution) = NAMES.iter().find(|(word, _)| banner.contains(word))?;
    Some(named(distribution, None))
}

/// Whether banners of a version carry the distribution's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Banner {
    Tagged,
    Plain,
    Both,
}

/// A version as a release of a distribution ships it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    product: String,
    version: String,
    distribution: String,
    release: String,
    /// Until when it is mended without buying anything.
    pub(super) supported_until: NaiveDate,
    /// Until when it is mended for those who buy it.
    #[serde(deserialize_with = "maybe_day")]
    pub(super) paid_until: Option<NaiveDate>,
    banner: Banner,
    #[expect(dead_code, reason = "for the people who read the list")]
    confidence: String,
    #[expect(dead_code, reason = "for the people who read the list")]
    note: String,
}

impl Row {
    /// CentOS 7.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.distribution, self.release).trim_end().to_owned()
    }

    /// The version itself names the system, whoever built it.
    fn is_system(&self) -> bool {
        self.distribution == "Windows Server"
    }

    fn is_of(&self, product: &str, version: &str) -> bool {
        self.product == product && self.version.split('|').any(|shape| fits(version, shape))
    }

    /// Banners say CentOS for CentOS Stream too.
    fn is_named(&self, tag: &Tag) -> bool {
        let same = self.distribution == tag.distribution
            || tag.distribution == "CentOS" && self.distribution == "CentOS Stream";
        same && tag.release.as_ref().is_none_or(|release| *release == self.release)
    }
}

/// What distributions ship.
#[derive(Debug)]
pub(super) struct Distributions {
    /// The day the data was taken.
    pub(super) snapshot: NaiveDate,
    rows: Vec<Row>,
}

impl Distributions {
    /// Reads the file.
    pub(super) fn read(text: Text<'_>) -> Result<Self, Vec<Problem>> {
        let table = table::read::<Row>(text, COLUMNS)?;
        Ok(Self {
            snapshot: table.snapshot,
            rows: table.rows.into_iter().map(|(_, row)| row).collect(),
        })
    }

    /// Every row.
    #[cfg(test)]
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// The releases a version may be of, by what its banner says.
    pub(super) fn candidates(&self, product: &str, version: &str, origin: &Origin) -> Vec<&Row> {
        let shipped = self.rows.iter().filter(|row| row.is_of(product, version));
        match &origin.tag {
            _ if origin.upstream => shipped.filter(|row| row.is_system()).collect(),
            None => shipped.filter(|row| row.banner != Banner::Tagged).collect(),
            Some(tag) => {
                let found: Vec<&Row> = shipped.filter(|row| row.is_named(tag)).collect();
                if found.is_empty() && tag.release.is_some() && !tag.inferred {
                    // the version's own suffix says whose build it is
                    return self.dated(tag).collect();
                }
                found
            }
        }
    }

    /// Whether any distribution ships this version, whatever its banners say there.
    pub(super) fn ships(&self, product: &str, version: &str) -> bool {
        self.rows.iter().any(|row| row.is_of(product, version))
    }

    /// The tag with the release that a tagged version points to, when there is but one.
    pub(super) fn released(&self, product: &str, version: &str, tag: &Tag) -> Option<Tag> {
        let mut rows =
            self.rows.iter().filter(|row| row.is_of(product, version) && row.is_named(tag));
        let first = rows.next()?;
        let release = Some(first.release.clone());
        rows.all(|row| row.release == first.release).then(|| Tag {
            release,
            inferred: true,
            ..tag.clone()
        })
    }

    /// Whether the release of a tag is over; `None` when the tag names none, or one that is not in the list.
    pub(super) fn over(&self, tag: &Tag, today: NaiveDate) -> Option<bool> {
        tag.release.as_ref()?;
        let last = self.dated(tag).map(|row| row.supported_until).max()?;
        Some(last <= today)
    }

    fn dated<'s, 'g>(&'s self, tag: &'g Tag) -> impl Iterator<Item = &'s Row> + use<'s, 'g> {
        self.rows.iter().filter(|row| row.product == ALL && row.is_named(tag))
    }
}

/// Whether a version has a shape: `1.2.3`, `1.2.x`, `1.2.30+`.
fn fits(version: &str, shape: &str) -> bool {
    if let Some(cycle) = shape.strip_suffix(".x") {
        return version::covered(version, cycle).is_some();
    }
    let Some(least) = shape.strip_suffix('+') else { return version.eq_ignore_ascii_case(shape) };
    let branch = least.rsplit_once('.').map_or("", |(branch, _)| branch);
    version::covered(version, branch).is_some()
        && version::parts(version) == version::parts(least)
        && version::last_number(version) >= version::last_number(least)
}

fn maybe_day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| D::Error::custom(format!("`{text}` is no day")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banners_name_their_distribution() {
        for (banner, distribution, release) in [
            ("Apache/2.4.6 (CentOS)", "CentOS", None),
            ("Apache/2.4.62 (CentOS Stream)", "CentOS Stream", None),
            ("Apache/2.4.37 (Red Hat Enterprise Linux)", "Red Hat Enterprise Linux", None),
            ("nginx/1.18.0 (Ubuntu)", "Ubuntu", None),
            ("PHP/7.2.24-0ubuntu0.18.04.1", "Ubuntu", Some("18.04")),
            ("PHP/7.4.3-4ubuntu2.19", "Ubuntu", None),
            ("PHP/7.3.31-1~deb10u1", "Debian", Some("10")),
        ] {
            let tag = Origin::of(banner).tag.unwrap_or_else(|| panic!("{banner}"));
            assert_eq!(
                (tag.distribution, tag.release.as_deref()),
                (distribution, release),
                "{banner}"
            );
        }
        for banner in
            ["nginx/1.18.0", "Microsoft-IIS/7.5", "Apache/2.4.39 (Win64)", "Apache/2.2.34 (Unix)"]
        {
            assert_eq!(Origin::of(banner).tag, None, "{banner}");
        }
        assert!(Origin::of("Apache/2.4.39 (Win64) OpenSSL/1.1.1b").upstream);
        assert!(!Origin::of("nginx/1.18.0").upstream);
    }

    #[test]
    fn shapes_of_versions() {
        for (version, shape, fit) in [
            ("1.18.0", "1.18.0", true),
            ("1.18.1", "1.18.0", false),
            ("8.2.28", "8.2.x", true),
            ("8.20.1", "8.2.x", false),
            ("2.4.62", "2.4.48+", true),
            ("2.4.41", "2.4.48+", false),
            ("2.5.62", "2.4.48+", false),
            ("2.4", "2.4.48+", false),
        ] {
            assert_eq!(fits(version, shape), fit, "{version} {shape}");
        }
    }
}
