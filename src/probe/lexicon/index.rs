//! Words made ready to be found: a sieve of their beginnings, and a tree for what passes it.
//!
//! Most of a text is no word of any list. The sieve tells by two characters, then by three, with a few kilobytes of bits that
//! stay near the processor; only what passes both is folded and followed down the tree.

use std::{collections::HashMap, ops::Range};

use foldhash::fast::FixedState;

use super::{
    Entry,
    fold::{Folding, Separator, separator},
};

/// Separators that may follow each other within a word.
const LONGEST_GAP: usize = 3;
/// Characters of which none is a separator, nearly all ideographs.
const NO_SEPARATORS: Range<u32> = 0x3400..0xfe00;
/// One more than the last separator.
const MOST_SEPARATORS: usize = 1 << 16;

/// Words that are searched for all at once.
#[derive(Debug)]
pub(crate) struct Index {
    entries: Vec<Entry>,
    folding: Folding,
    /// The separators, each a bit.
    gaps: Box<[u64; MOST_SEPARATORS / 64]>,
    /// The first characters of words.
    firsts: Sieve,
    /// Their first two, in every way they are written.
    pairs: Sieve,
    /// Those that are a whole word.
    whole: Sieve,
    /// The first three, the third without separators.
    triples: Sieve,
    /// From a node of the tree to the next; the root is 0.
    edges: HashMap<(u32, char), u32, FixedState>,
    /// The words that end at a node.
    ends: HashMap<u32, Vec<usize>, FixedState>,
}

impl Index {
    /// Words of one character are left out.
    pub(super) fn new(entries: Vec<Entry>, folding: Folding) -> Self {
        let mut index = Self {
            entries: Vec::new(),
            folding,
            gaps: gaps(),
            firsts: Sieve::default(),
            pairs: Sieve::default(),
            whole: Sieve::default(),
            triples: Sieve::default(),
            edges: HashMap::default(),
            ends: HashMap::default(),
        };
        let mut ways = HashMap::new();
        let mut nodes = 0;
        for (number, entry) in entries.iter().enumerate() {
            let folded: Vec<char> = entry.word.chars().map(|char| index.folding.of(char)).collect();
            index.sift(&folded, &mut ways);
            let mut node = 0;
            for char in folded.iter().filter(|_| folded.len() > 1) {
                node = *index.edges.entry((node, *char)).or_insert_with(|| {
                    nodes += 1;
                    nodes
                });
            }
            if node > 0 {
                index.ends.entry(node).or_default().push(number);
            }
        }
        index.entries = entries;
        index
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The beginning of a word as it may be written.
    fn sift(&mut self, folded: &[char], ways: &mut HashMap<char, Vec<char>>) {
        let [first, second, rest @ ..] = folded else { return };
        let third = rest.iter().find(|char| separator(**char).is_none());
        let mut written = |char: char| -> Vec<char> {
            ways.entry(char).or_insert_with(|| self.folding.written(char)).clone()
        };
        let (seconds, thirds) = (written(*second), third.map(|char| written(*char)));
        for one in written(*first) {
            self.firsts.put(key(0, 0, one.into()));
            for two in &seconds {
                let (one, two) = (u32::from(one), u32::from(*two));
                self.pairs.put(key(0, one, two));
                match &thirds {
                    None => self.whole.put(key(0, one, two)),
                    Some(thirds) => thirds
                        .iter()
                        .for_each(|three| self.triples.put(key(one, two, (*three).into()))),
                }
            }
        }
    }

    /// Tells of the longest word at each place, in order, until it is told to stop. Words of spam do not overlap each
    /// other, nor do wrong expressions.
    pub(crate) fn search<'i>(
        &'i self,
        text: &str,
        mut found: impl FnMut(&'i Entry, Range<usize>) -> bool,
    ) {
        let mut free = [0, 0];
        self.places(text, |start| {
            if start < free[0] && start < free[1] {
                return true;
            }
            let longest = self.longest(text, start);
            for (word, free) in longest.into_iter().zip(&mut free) {
                if let Some((entry, end)) = word
                    && start >= *free
                {
                    *free = end;
                    if !found(entry, start..end) {
                        return false;
                    }
                }
            }
            true
        });
    }

    /// The places where a word may begin.
    fn places(&self, text: &str, mut may: impl FnMut(usize) -> bool) {
        let mut before = '\0';
        let mut chars = text.chars();
        while let Some(char) = chars.next() {
            let (one, two) = (u32::from(before), u32::from(char));
            let passes = if self.pairs.has(key(0, one, two)) {
                self.passes(one, two, chars.as_str())
            } else {
                NO_SEPARATORS.contains(&one) && self.is_gap(two) && self.torn(one, chars.as_str())
            };
            if passes {
                let next = text.len() - chars.as_str().len();
                if !may(next.saturating_sub(char.len_utf8() + before.len_utf8())) {
                    return;
                }
            }
            before = char;
        }
    }

    /// Whether a word may go on like this after two characters.
    fn passes(&self, one: u32, two: u32, rest: &str) -> bool {
        if self.whole.has(key(0, one, two)) {
            return true;
        }
        let mut rest = rest.chars().map(u32::from);
        let three = rest.by_ref().take(LONGEST_GAP + 1).find(|char| !self.is_gap(*char));
        three.is_some_and(|three| self.triples.has(key(one, two, three)))
    }

    /// Whether a word may go on like this after its first character and a separator.
    fn torn(&self, one: u32, rest: &str) -> bool {
        if !self.firsts.has(key(0, 0, one)) {
            return false;
        }
        let mut rest = rest.chars().map(u32::from);
        let two = rest.by_ref().take(LONGEST_GAP).find(|char| !self.is_gap(*char));
        two.is_some_and(|two| self.pairs.has(key(0, one, two)))
    }

    /// Whether it is a separator.
    fn is_gap(&self, char: u32) -> bool {
        let gap = |place: usize| {
            self.gaps.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
        };
        !NO_SEPARATORS.contains(&char) && gap(char as usize)
    }

    /// The longest word of spam and the longest wrong expression that begin here, and where they end.
    fn longest(&self, text: &str, start: usize) -> [Option<(&Entry, usize)>; 2] {
        let mut longest = [None, None];
        let mut node = 0;
        let mut way = Way::default();
        for (offset, char) in text.get(start..).unwrap_or_default().char_indices() {
            let folded = self.folding.of(char);
            if let Some(next) = self.edges.get(&(node, folded)) {
                if node > 0 && !way.joins(folded) {
                    break;
                }
                node = *next;
                way.last = folded;
                let end = start + offset + char.len_utf8();
                for number in self.ends.get(&node).into_iter().flatten() {
                    let Some(entry) = self.entries.get(*number) else { continue };
                    let spam = entry.is_spam();
                    let is = if spam {
                        way.is_plain()
                    } else {
                        text.get(start..end) == Some(&entry.word)
                    };
                    if is && stands_alone(text, start, end) && !excepted(entry, text, start) {
                        longest[usize::from(!spam)] = Some((entry, end));
                    }
                }
            } else if node == 0 || !way.parts(char) {
                break;
            }
        }
        longest
    }
}

/// How the characters of a word hang together.
#[derive(Debug, Default)]
struct Way {
    /// The last character.
    last: char,
    /// Separators since then.
    run: usize,
    /// The most usual of them.
    gap: Option<Separator>,
    /// Characters of which nothing stands between.
    joined: bool,
    /// Characters between which a usual separator stands.
    usual: bool,
}

impl Way {
    /// A character stands between; `false` when it is no separator, or one too many.
    fn parts(&mut self, char: char) -> bool {
        let Some(kind) = separator(char) else { return false };
        self.run += 1;
        self.gap = self.gap.max(Some(kind));
        self.run <= LONGEST_GAP
    }

    /// The next character follows; `false` when what stands between does not belong into a word.
    fn joins(&mut self, next: char) -> bool {
        let gap = std::mem::take(&mut self.gap);
        self.run = 0;
        match (self.last.is_ascii(), next.is_ascii(), gap) {
            (_, _, Some(Separator::Unseen)) => {}
            (true, true, gap) => return gap.is_none(),
            // letters and ideographs are often apart
            (true, false, _) | (false, true, _) => {}
            (false, false, None) => self.joined = true,
            (false, false, Some(Separator::Odd)) => {}
            (false, false, Some(Separator::Usual)) => self.usual = true,
        }
        true
    }

    /// It is one word, not parts of two.
    fn is_plain(&self) -> bool {
        !(self.usual && self.joined)
    }
}

/// The separators.
fn gaps() -> Box<[u64; MOST_SEPARATORS / 64]> {
    let mut gaps = Box::new([0; MOST_SEPARATORS / 64]);
    for (place, bits) in gaps.iter_mut().enumerate() {
        let separates = |bit: &u32| {
            char::from_u32(place as u32 * 64 + bit).is_some_and(|char| separator(char).is_some())
        };
        *bits = (0..64).filter(separates).fold(0, |bits, bit| bits | 1 << bit);
    }
    gaps
}

/// A word that begins or ends with a letter or digit is no part of a longer one.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let letter = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
    let part = |range: Range<usize>| text.get(range).unwrap_or_default();
    let (before, word, after) = (part(0..start), part(start..end), part(end..text.len()));
    let within = letter(before.chars().next_back()) && letter(word.chars().next());
    let goes_on = letter(word.chars().next_back()) && letter(after.chars().next());
    !within && !goes_on
}

/// A longer word that is innocent holds it at this place.
fn excepted(entry: &Entry, text: &str, start: usize) -> bool {
    entry.except.iter().any(|longer| {
        longer.match_indices(&entry.word).any(|(before, _)| {
            let from = start.checked_sub(before).and_then(|from| text.get(from..));
            from.is_some_and(|from| from.starts_with(longer.as_str()))
        })
    })
}

/// Bits of the sieve, as a power of two: 32 KB hold the beginnings of some 10,000 words with two in a hundred wrongly let
/// through.
const BITS: u32 = 18;

/// A set of numbers that may hold more than was put into it, and never less.
#[derive(Debug)]
struct Sieve(Box<[u64; 1 << (BITS - 6)]>);

impl Default for Sieve {
    fn default() -> Self {
        Self(Box::new([0; 1 << (BITS - 6)]))
    }
}

impl Sieve {
    fn put(&mut self, key: usize) {
        self.0[(key >> 6) & ((1 << (BITS - 6)) - 1)] |= 1 << (key & 63);
    }

    fn has(&self, key: usize) -> bool {
        self.0[(key >> 6) & ((1 << (BITS - 6)) - 1)] >> (key & 63) & 1 == 1
    }
}

/// The place of up to three characters in a sieve (Fibonacci hashing).
fn key(one: u32, two: u32, three: u32) -> usize {
    let all = u64::from(one) << 42 | u64::from(two) << 21 | u64::from(three);
    (all.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)) as usize
}
