//! Numbers that were found, masked wherever they stand: in clear, in groups, cut off, or taken apart by mark-up.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use foldhash::fast::RandomState;
use regex::Regex;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    forms,
    identity::{self, Look},
    mask::{Shape, shown},
    run::{Chains, Group, LONGEST, Number},
    search::Tally,
};

/// Digits that a run must have in common with a number to be a piece of it.
const PIECE: usize = 7;
/// Digits of several groups together, more than those of a date.
const PIECES: usize = 9;
/// The same in an address, which would not open any more: all but a whole number.
const IN_ADDRESS: usize = 11;
/// Numbers whose pieces are remembered; where there are more, every long run is masked.
const MOST: usize = 20_000;

/// Digits that are written as references, or as addresses write other signs.
static CODED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:&#(?:x3[0-9]|4[89]|5[0-7]);?){7,}|(?:%3[0-9]){7,}|(?:\\u003[0-9]){7,}").ok()
});

/// What must not be shown. It is never shown itself: it has no `Debug`.
#[derive(Default)]
pub(super) struct Veil {
    numbers: HashSet<Number, RandomState>,
    /// Every seven digits in a row of them.
    pieces: HashSet<u32, RandomState>,
}

impl Veil {
    pub(super) fn add(&mut self, tally: &Tally) {
        for number in &tally.seen {
            self.numbers.insert(*number);
            if self.numbers.len() <= MOST {
                self.pieces.extend(pieces(number.signs()));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Whether an address holds one.
    pub(super) fn hides_in(&self, address: &str) -> bool {
        matches!(self.over(address), Cow::Owned(_))
    }

    /// A text without them.
    pub(super) fn over<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut out = String::new();
        let mut done = 0;
        let address = text.starts_with("http://") || text.starts_with("https://");
        let mut put = |(start, end): (usize, usize), mask: &str| {
            out.push_str(text.get(done..start).unwrap_or_default());
            out.push_str(mask);
            done = end;
        };
        let mut chains = Chains::at_least(text, PIECE);
        while let Some(chain) = chains.next() {
            let mut from = 0;
            for (at, mask) in self.whole(chain) {
                let begin = chain.iter().filter(|group| group.start < at.0).count();
                let between = chain.get(from..begin).unwrap_or_default();
                self.pieces_of(text, between, address, &mut put);
                put(at, &mask);
                from = chain.iter().filter(|group| group.end <= at.1).count();
            }
            self.pieces_of(text, chain.get(from..).unwrap_or_default(), address, &mut put);
        }
        if done == 0 {
            return coded(text);
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Cow::Owned(coded(&out).into_owned())
    }

    /// The whole numbers of a chain and their masks.
    fn whole(&self, chain: &[Group]) -> Vec<((usize, usize), String)> {
        let mut found = Vec::new();
        forms::each(chain, true, |candidate| {
            let number = candidate.number;
            let length = number.signs().len();
            let valid = || matches!(identity::look(&number), Look::Valid | Look::Doubtful);
            let short = || identity::is_short_mask(&number, candidate.hidden);
            let abroad =
                || number.signs().get(2..).is_some_and(|it| self.numbers.contains(&Number::of(it)));
            let taken = self.numbers.contains(&number)
                || candidate.hidden == 0 && length == 18 && valid()
                || length == 13 && abroad()
                || short();
            if taken {
                found.push((candidate.at, shown(&number, Shape::by_length(length))));
            }
            taken
        });
        found
    }

    /// Masks pieces of numbers among some groups.
    fn pieces_of(
        &self,
        text: &str,
        groups: &[Group],
        address: bool,
        put: &mut impl FnMut((usize, usize), &str),
    ) {
        let signs: Vec<u8> = groups.iter().flat_map(|group| digits(text, group)).collect();
        let least = if address { IN_ADDRESS } else { PIECE };
        let together = groups.len() > 1 && signs.len() >= PIECES && self.common(&signs) >= least;
        for group in groups {
            let long = group.length >= if together { 3 } else { PIECE };
            if !long || !together && self.common(&digits(text, group)) < least {
                continue;
            }
            let signs = digits(text, group);
            let left = signs.iter().take(2).map(|sign| char::from(*sign));
            let mask: String = left.chain(signs.iter().skip(2).map(|_| '*')).collect();
            put((group.start, group.end), &mask);
        }
    }

    /// The longest run of digits that is in common with a number, 0 below seven.
    fn common(&self, signs: &[u8]) -> usize {
        if self.numbers.len() > MOST {
            return signs.len();
        }
        let (mut longest, mut run) = (0, 0);
        for window in signs.windows(PIECE) {
            let known = value(window).is_some_and(|piece| self.pieces.contains(&piece));
            run = if known { run.max(PIECE - 1) + 1 } else { 0 };
            longest = longest.max(run);
        }
        longest
    }

    /// Masks them in every string of a fact; `false` where the fact cannot be read any more, and must be dropped.
    #[must_use]
    pub(super) fn lay_over<T: Serialize + DeserializeOwned>(&self, fact: &mut T) -> bool {
        let Ok(mut value) = serde_json::to_value(&*fact) else { return false };
        self.cover(&mut value);
        match serde_json::from_value(value) {
            Ok(masked) => {
                *fact = masked;
                true
            }
            Err(_) => false,
        }
    }

    /// As deep as the fact is, which its type bounds.
    fn cover(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.mask(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.cover(item)),
            Value::Object(fields) => {
                let covered = std::mem::take(fields).into_iter().map(|(mut name, mut value)| {
                    self.mask(&mut name);
                    self.cover(&mut value);
                    (name, value)
                });
                *fields = covered.collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    pub(super) fn mask(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.over(text) {
            *text = masked;
        }
    }
}

fn pieces(signs: &[u8]) -> impl Iterator<Item = u32> {
    signs.windows(PIECE).filter_map(value)
}

fn value(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value: u32, sign| {
        sign.is_ascii_digit().then(|| value * 10 + u32::from(sign - b'0'))
    })
}

/// All signs of a group, those of a long one read again.
fn digits(text: &str, group: &Group) -> Vec<u8> {
    if group.length <= LONGEST {
        return group.kept().to_vec();
    }
    let narrow = |char: char| match char {
        '0'..='9' => u8::try_from(char).ok(),
        '\u{ff10}'..='\u{ff19}' => u8::try_from(u32::from(char) - 0xff10 + u32::from('0')).ok(),
        '\u{200b}' | '\u{feff}' => None,
        _ => Some(b'*'),
    };
    text.get(group.start..group.end).unwrap_or_default().chars().filter_map(narrow).collect()
}

fn coded(text: &str) -> Cow<'_, str> {
    match CODED.as_ref() {
        Some(pattern) if text.contains(['&', '%', '\\']) => pattern.replace_all(text, "*******"),
        _ => Cow::Borrowed(text),
    }
}
