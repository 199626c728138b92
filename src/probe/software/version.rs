//! Version numbers as software prints them: cleaned, held against a release cycle, compared.

use std::cmp::Ordering;

/// Longest version kept, in characters.
const LONGEST: usize = 40;

/// A version as it was captured: underscores of file names become dots, dots around it go.
pub(super) fn clean(raw: &str) -> String {
    let short: String = raw.trim().chars().take(LONGEST).collect();
    let version = short.replace('_', ".");
    let version = version.trim_matches(|char| matches!(char, '.' | '-' | ' '));
    if version.bytes().any(|byte| byte.is_ascii_digit()) {
        version.to_owned()
    } else {
        String::new()
    }
}

/// How many parts it has: 1.18.0 has three.
pub(super) fn parts(version: &str) -> usize {
    if version.is_empty() { 0 } else { version.split('.').count() }
}

/// How many parts of a version a cycle covers; `None` when the version is of another cycle.
///
/// Whole parts only: 1.1 does not cover 1.18. Letters behind the last number are part of the release (OpenSSL 1.0.2k is
/// of 1.0.2), a `v` before the first and an `.x` behind the last say nothing, case neither.
pub(super) fn covered(version: &str, cycle: &str) -> Option<usize> {
    let (version, cycle) = (version.to_ascii_lowercase(), cycle.to_ascii_lowercase());
    let (version, cycle) = (bare(&version), bare(&cycle));
    let cycle = cycle.strip_suffix(".x").unwrap_or(cycle);
    if cycle.is_empty() {
        return None;
    }
    let mut rest = version.split('.');
    let mut covered = 0;
    for part in cycle.split('.') {
        let of_version = rest.next()?;
        let same = of_version == part
            || of_version.strip_prefix(part).is_some_and(|letters| {
                part.ends_with(|char: char| char.is_ascii_digit())
                    && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
            });
        if !same {
            return None;
        }
        covered += 1;
    }
    Some(covered)
}

/// Which of two versions is the later one; `None` when one of them is no plain number with letters behind.
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (numbers(one)?, numbers(other)?);
    let none = (0, String::new());
    let longest = one.len().max(other.len());
    let pair = |at: usize| (one.get(at).unwrap_or(&none), other.get(at).unwrap_or(&none));
    let differing = (0..longest).map(pair).map(|(a, b)| a.cmp(b)).find(|order| order.is_ne());
    Some(differing.unwrap_or(Ordering::Equal))
}

/// The last part as a number, 30 of 2.4.30; letters behind it do not count.
pub(super) fn last_number(version: &str) -> Option<u64> {
    numbers(version)?.last().map(|(number, _)| *number)
}

fn bare(version: &str) -> &str {
    version
        .strip_prefix('v')
        .filter(|rest| rest.starts_with(|char: char| char.is_ascii_digit()))
        .unwrap_or(version)
}

fn numbers(version: &str) -> Option<Vec<(u64, String)>> {
    let version = version.to_ascii_lowercase();
    bare(&version).split('.').map(part).collect()
}

fn part(part: &str) -> Option<(u64, String)> {
    let digits = part.find(|char: char| !char.is_ascii_digit()).unwrap_or(part.len());
    let (number, letters) = part.split_at(digits);
    let plain = letters.bytes().all(|byte| byte.is_ascii_alphabetic()) && letters != "x";
    plain.then(|| Some((number.parse().ok()?, letters.to_owned())))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_cleaned_of_what_surrounds_them() {
        for (raw, version) in [
            ("1.7.2.", "1.7.2"),
            ("1_4_3", "1.4.3"),
            (" 9.4 ", "9.4"),
            ("...", ""),
            ("x", ""),
            ("V9", "V9"),
        ] {
            assert_eq!(clean(raw), version, "{raw}");
        }
        assert!(clean(&"9".repeat(500)).len() <= LONGEST);
    }

    #[test]
    fn a_cycle_covers_whole_parts() {
        for (version, cycle, covers) in [
            ("1.18.0", "1.18", Some(2)),
            ("1.18.0", "1.1", None),
            ("1.18.0", "1", Some(1)),
            ("1.0.2k", "1.0.2", Some(3)),
            ("1.0.2k", "1.0", Some(2)),
            ("1.1.1w", "1.1.0", None),
            ("3.10.1", "3.1", None),
            ("3", "3.1", None),
            ("X3.4", "x3.4", Some(2)),
            ("X2.5", "x2", Some(1)),
            ("V9", "v9", Some(1)),
            ("9.6.3", "v9", Some(1)),
            ("0.16.1", "0.x", Some(1)),
            ("10", "1", None),
            ("", "1", None),
            ("1.0", "", None),
        ] {
            assert_eq!(covered(version, cycle), covers, "{version} {cycle}");
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        for (one, other, order) in [
            ("2.4.6", "2.4.68", Some(Ordering::Less)),
            ("2.4.10", "2.4.9", Some(Ordering::Greater)),
            ("5.2", "5.2.0", Some(Ordering::Equal)),
            ("1.0.2k", "1.0.2u", Some(Ordering::Less)),
            ("0.9.8z", "0.9.8zh", Some(Ordering::Less)),
            ("11.2", "11.x", None),
            ("2008", "2008 SP4", None),
            ("1.99999999999999999999", "1.0", None),
        ] {
            assert_eq!(compare(one, other), order, "{one} {other}");
        }
    }
}
