//! The index of labels: what a label may stand for, and which known label it nearly is.

use std::collections::HashMap;

use xuncha_model::facts::domain::LabelMatch;

/// Shorter labels are near to everything.
const SHORTEST_NEAR: usize = 4;
/// Longer ones are not searched by slips of the pen, to bound the index.
const LONGEST_NEAR: usize = 24;

/// One thing a label may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    /// Number of the organ or the region.
    pub(super) of: u32,
    /// How the label spells it.
    pub(super) how: LabelMatch,
}

/// Labels and their meanings.
#[derive(Debug, Default)]
pub(super) struct Labels {
    meanings: HashMap<Box<str>, Vec<Meaning>>,
    /// By hash: labels, the same with one letter left out, and their beginnings.
    slips: HashMap<u64, Vec<u32>>,
    known: Vec<Box<str>>,
}

impl Labels {
    /// Notes that a label may stand for `of`.
    pub(super) fn add(&mut self, label: &str, of: u32, how: LabelMatch) {
        let meanings = match self.meanings.get_mut(label) {
            Some(meanings) => meanings,
            None => {
                self.index(label);
                self.meanings.entry(label.into()).or_default()
            }
        };
        match meanings.iter_mut().find(|meaning| meaning.of == of) {
            // full spellings tell more than initials
            Some(meaning) if rank(how) < rank(meaning.how) => meaning.how = how,
            Some(_) => {}
            None => meanings.push(Meaning { of, how }),
        }
    }

    /// What the label may stand for.
    pub(super) fn get(&self, label: &str) -> &[Meaning] {
        self.meanings.get(label).map_or(&[], Vec::as_slice)
    }

    /// The meanings of a known label that this one nearly is.
    pub(super) fn near(&self, label: &str) -> &[Meaning] {
        if !is_comparable(label) {
            return &[];
        }
        // a known label with something behind it
        let stem = (3..label.len()).rev().find_map(|end| self.meanings.get(label.get(..end)?));
        if let Some(meanings) = stem {
            return meanings;
        }
        // the beginning of a known label, or one letter changed, swapped or missing
        let whole = std::iter::once(hash(label, None));
        let shorter = (0..label.len()).map(|at| hash(label, Some(at)));
        let numbers = whole.chain(shorter).filter_map(|hash| self.slips.get(&hash)).flatten();
        let mut known = numbers.filter_map(|number| self.known.get(*number as usize));
        known.find(|known| is_near(label, known)).map_or(&[], |known| self.get(known))
    }

    fn index(&mut self, label: &str) {
        if !is_comparable(label) || label.len() > LONGEST_NEAR {
            return;
        }
        let Ok(number) = u32::try_from(self.known.len()) else { return };
        self.known.push(label.into());
        self.slip(hash(label, None), number);
        if label.len() >= SHORTEST_NEAR {
            for at in 0..label.len() {
                self.slip(hash(label, Some(at)), number);
            }
        }
        for end in 2..label.len() {
            // one label a beginning is enough
            let beginning = hash(&label[..end], None);
            self.slips.entry(beginning).or_insert_with(|| vec![number]);
        }
    }

    fn slip(&mut self, hash: u64, number: u32) {
        let numbers = self.slips.entry(hash).or_default();
        if numbers.last() != Some(&number) {
            numbers.push(number);
        }
    }
}

/// The better kinds of match come first.
pub(super) fn rank(how: LabelMatch) -> u8 {
    match how {
        LabelMatch::English => 0,
        LabelMatch::Pinyin => 1,
        LabelMatch::Chinese => 2,
        LabelMatch::Initials => 3,
        LabelMatch::Near => 4,
        LabelMatch::NoReference => 5,
        LabelMatch::Absent => 6,
        LabelMatch::Unrecognised => 7,
    }
}

/// A prefix of the other (three letters at least, or the shorter one of a stem), or one letter apart.
pub(super) fn is_near(label: &str, known: &str) -> bool {
    if !is_comparable(label) || !is_comparable(known) {
        return false;
    }
    let prefix = known.starts_with(label) || (known.len() > 2 && label.starts_with(known));
    prefix
        || (label.len() >= SHORTEST_NEAR
            && known.len() >= SHORTEST_NEAR
            && one_apart(label.as_bytes(), known.as_bytes()))
}

/// Letters only: a digit in the place of a letter is no slip of the pen.
fn is_comparable(label: &str) -> bool {
    label.len() > 1 && label.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// One letter changed, added or left out, or two neighbours swapped.
fn one_apart(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let begin = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (short, long) = (&short[begin..], &long[begin..]);
    if short.len() < long.len() {
        return short == &long[1..];
    }
    match (short, long) {
        ([], []) => true,
        ([x, y, rest @ ..], [p, q, other @ ..]) if x == q && y == p && rest == other => true,
        _ => short[1..] == long[1..],
    }
}

/// FNV-1a of a label, one letter left out if asked; every find is compared afterwards.
fn hash(label: &str, without: Option<usize>) -> u64 {
    let bytes = label.bytes().enumerate().filter(|(at, _)| Some(*at) != without);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, (_, byte)| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_and_beginnings_are_near() {
        for (label, known) in [
            ("zhokou", "zhoukou"),
            ("zhuokou", "zhoukou"),
            ("zhoukiu", "zhoukou"),
            ("jtys", "jtysj"),
            ("czjw", "czj"),
        ] {
            assert!(is_near(label, known), "{label} {known}");
        }
        for (label, known) in
            [("zh0ukou", "zhoukou"), ("czs", "czj"), ("xyz", "czj"), ("zouku", "zhoukou")]
        {
            assert!(!is_near(label, known), "{label} {known}");
        }
    }

    #[test]
    fn the_index_finds_what_is_near() {
        let mut labels = Labels::default();
        labels.add("zhoukou", 1, LabelMatch::Pinyin);
        labels.add("jtysj", 2, LabelMatch::Initials);
        for (label, of) in [
            ("zhokou", 1),
            ("zhuokou", 1),
            ("zhoukkou", 1),
            ("zhou", 1),
            ("jtysjw", 2),
            ("jtys", 2),
        ] {
            assert_eq!(labels.near(label).first().map(|meaning| meaning.of), Some(of), "{label}");
        }
        assert!(labels.near("abcdef").is_empty() && labels.near("zh0ukou").is_empty());
    }
}
