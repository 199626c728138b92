//! The words that the readers of a page's text look for, all of them found in one pass.
//!
//! Nearly every place of a text is passed over by its first bytes: two characters of a Chinese word tell more than the bytes
//! that begin them all.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use foldhash::fast::FixedState;

use super::{catalog, footer, message, needles::cases, printed, says};
use crate::secrecy;

/// Whose words they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// Labels of a catalogue, by their place.
    Catalog,
    /// Elements of a footer, by the place of their words.
    Footer,
    /// Labels that only messages have.
    Message,
    /// Ends of labels of a date.
    Date,
    /// Beginnings of labels of a source.
    Source,
    /// What a page says of itself, by the place of the sign.
    Says,
    /// Levels of secrecy, by the place of the word.
    Secrecy,
}

const LISTS: usize = 7;

/// A word that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Which of the words of its list it is.
    pub(crate) word: usize,
}

/// Where the words of each list stand in a text: in order, of those that begin at one place the longest first.
#[derive(Debug, Default)]
pub(crate) struct Sights {
    seen: [Vec<(u32, u16, u16)>; LISTS],
}

impl Sights {
    /// Goes through a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut sights = Self::default();
        WORDS.search(text, |at, word| {
            if let Some(seen) = sights.seen.get_mut(word.of as usize)
                && let (Ok(at), Ok(length)) = (u32::try_from(at), u16::try_from(word.text.len()))
            {
                seen.push((at, length, word.number));
            }
        });
        sights
    }

    /// Whether any word of a list stands in the text.
    pub(crate) fn any(&self, of: Of) -> bool {
        self.seen.get(of as usize).is_some_and(|seen| !seen.is_empty())
    }

    /// Every word of a list, also those within each other.
    pub(crate) fn all(&self, of: Of) -> impl Iterator<Item = Sight> {
        let seen = self.seen.get(of as usize).map(Vec::as_slice).unwrap_or_default();
        seen.iter().map(|(at, length, word)| {
            let start = *at as usize;
            Sight { start, end: start + usize::from(*length), word: usize::from(*word) }
        })
    }

    /// The words of a list within a part of the text: always the leftmost, the longest where several begin there, none that
    /// overlaps the one before.
    pub(crate) fn within(&self, of: Of, part: Range<usize>) -> impl Iterator<Item = Sight> {
        let mut free = part.start;
        self.all(of).filter(move |sight| {
            let next = sight.start >= free && sight.end <= part.end;
            if next {
                free = sight.end;
            }
            next
        })
    }
}

/// A word that is looked for.
#[derive(Debug)]
struct Word {
    text: String,
    of: Of,
    number: u16,
}

/// All of them, by their first bytes.
#[derive(Debug)]
struct Words {
    /// Bytes below `0xe0` that words begin with.
    narrow: [bool; 256],
    sieve: Box<[u64; 1 << (BITS - 6)]>,
    heads: HashMap<u64, Vec<Word>, FixedState>,
}

/// Bits of the sieve, as a power of two.
const BITS: u32 = 15;
/// The first byte of characters of three bytes or more.
const WIDE: u8 = 0xe0;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let lists: [(Of, Vec<(usize, String)>); LISTS] = [
        (Of::Catalog, catalog::words()),
        (Of::Footer, footer::words()),
        (Of::Message, message::words()),
        (Of::Date, printed::ends()),
        (Of::Source, printed::sources()),
        (Of::Says, says::words()),
        (Of::Secrecy, secrecy::words()),
    ];
    let mut words = Words {
        narrow: [false; 256],
        sieve: Box::new([0; 1 << (BITS - 6)]),
        heads: HashMap::default(),
    };
    for (of, list) in lists {
        for (number, word) in list {
            for text in cases(&word) {
                let Ok(number) = u16::try_from(number) else { continue };
                words.put(Word { text, of, number });
            }
        }
    }
    words.heads.values_mut().for_each(|words| {
        words.sort_by_key(|word| std::cmp::Reverse(word.text.len()));
    });
    words
});

impl Words {
    fn put(&mut self, word: Word) {
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(word.text.bytes()) {
            *to = from;
        }
        let key = key(u64::from_le_bytes(first));
        let [lead, ..] = first;
        if lead < WIDE {
            self.narrow[usize::from(lead)] = true;
        }
        let (place, bit) = place(key);
        self.sieve[place] |= bit;
        self.heads.entry(key).or_default().push(word);
    }

    fn search<'w>(&'w self, text: &str, mut seen: impl FnMut(usize, &'w Word)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut look = |at: usize, window: [u8; 8]| {
            let [lead, ..] = window;
            if lead < WIDE && !self.narrow[usize::from(lead)] {
                return at + 1;
            }
            let key = key(u64::from_le_bytes(window));
            let (place, bit) = place(key);
            if self.sieve[place] & bit != 0
                && let Some(words) = self.heads.get(&key)
            {
                let rest = bytes.get(at..).unwrap_or_default();
                let here = words.iter().filter(|word| rest.starts_with(word.text.as_bytes()));
                here.for_each(|word| seen(at, word));
            }
            at + if lead < WIDE { 1 } else { 3 }
        };
        while let Some(window) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            at = look(at, *window);
        }
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let mut window = [0; 8];
            for (to, from) in window.iter_mut().zip(rest) {
                *to = *from;
            }
            at = look(at, window);
        }
    }
}

/// The bytes that a word is told by: those of two wide characters, else of one and the next byte, else two.
fn key(first: u64) -> u64 {
    let [lead, _, _, fourth, ..] = first.to_le_bytes();
    let bytes = match (lead >= WIDE, fourth >= WIDE) {
        (true, true) => 6,
        (true, false) => 4,
        (false, _) => 2,
    };
    first & ((1 << (8 * bytes)) - 1)
}

/// Where a key stands in the sieve (Fibonacci hashing).
fn place(key: u64) -> (usize, u64) {
    let hash = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)) as usize;
    (hash >> 6, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_seen_wherever_it_stands() {
        let mut count = 0;
        for word in WORDS.heads.values().flatten() {
            count += 1;
            for (before, after) in [("", ""), ("周口", "市政府办公室"), ("a", "b"), ("é\n", "é ")]
            {
                let text = format!("{before}{}{after}", word.text);
                let found = Sights::of(&text).all(word.of).any(|sight| {
                    sight.start == before.len()
                        && text.get(sight.start..sight.end) == Some(&word.text)
                        && sight.word == usize::from(word.number)
                });
                assert!(found, "{word:?} in {text}");
            }
            // what is told by fewer bytes than it has would not be found
            let least = if word.text.as_bytes()[0] < WIDE { 2 } else { 4 };
            assert!(word.text.len() >= least, "{word:?}");
        }
        assert!(count > 200, "{count} words");
    }

    #[test]
    fn the_longest_word_that_begins_first_counts() {
        let text = "网站标识码：1，主办单位 标识码";
        let sights = Sights::of(text);
        let shown = |part: Range<usize>| -> Vec<&str> {
            sights.within(Of::Footer, part).map(|sight| &text[sight.start..sight.end]).collect()
        };
        assert_eq!(shown(0..text.len()), ["网站标识码", "主办单位", "标识码"]);
        assert_eq!(shown(6..text.len() - 3), ["标识码", "主办单位"]);
        assert_eq!(shown(0..12), ["网站标识"]);
        assert!(!sights.any(Of::Secrecy));
    }
}
