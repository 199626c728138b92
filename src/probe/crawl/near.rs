//! Pages that show what another page shows already: the same text, or nearly.
//!
//! The text is known by its hash, and by a similarity hash (simhash) of 64 bits over 3-grams of characters: texts that
//! differ in one part of a hundred differ in about three bits. Two hashes within three bits share one of four blocks of 16
//! bits, so that only those that share a block are compared.

use std::{
    collections::{HashMap, HashSet},
    hash::BuildHasher,
};

use foldhash::{fast::RandomState, quality::FixedState};

/// Texts that are remembered; what comes after is compared with these.
const MOST: usize = 50_000;
/// What is read of a text for its similarity, in bytes: 16,384 grams at most, which the counters hold.
const WINDOW: usize = 16 << 10;
/// Characters below which two texts are alike by chance.
const SHORTEST: usize = 200;
/// Bits in which two texts that are nearly the same may differ.
const APART: u32 = 3;
/// Earlier texts of a block that are compared: a site may make as many of a block as it likes.
const COMPARED: usize = 256;
/// Blocks of a similarity hash.
const BLOCKS: usize = 4;
/// No earlier text of that block.
const NONE: u32 = u32::MAX;

/// The texts met so far.
#[derive(Debug)]
pub struct Near {
    hash: FixedState,
    exact: HashSet<u64, RandomState>,
    prints: Vec<Print>,
    /// The newest text of each block, by place and bits.
    newest: HashMap<(u8, u16), u32, RandomState>,
}

/// A text, chained to the next older one of each of its blocks.
#[derive(Debug)]
struct Print {
    bits: u64,
    older: [u32; BLOCKS],
}

/// How a text was met before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// Letter by letter.
    Same,
    /// But for numbers and about one part of a hundred.
    Nearly,
}

impl Default for Near {
    fn default() -> Self {
        Self {
            hash: FixedState::with_seed(0),
            exact: HashSet::default(),
            prints: Vec::new(),
            newest: HashMap::default(),
        }
    }
}

impl Near {
    /// Whether the text of a page was met before; if not, it is now.
    pub fn met(&mut self, text: &str) -> Option<Met> {
        let exact = self.hash.hash_one(text.as_bytes());
        if self.exact.contains(&exact) {
            return Some(Met::Same);
        }
        if self.exact.len() < MOST {
            self.exact.insert(exact);
        }
        let bits = similarity(text)?;
        if self.is_near(bits) {
            return Some(Met::Nearly);
        }
        if self.prints.len() < MOST {
            self.keep(bits);
        }
        None
    }

    fn is_near(&self, bits: u64) -> bool {
        blocks(bits).into_iter().enumerate().any(|(place, block)| {
            let mut at = self.newest.get(&block).copied().unwrap_or(NONE);
            for _ in 0..COMPARED {
                let Some(print) = usize::try_from(at).ok().and_then(|at| self.prints.get(at))
                else {
                    return false;
                };
                if (print.bits ^ bits).count_ones() <= APART {
                    return true;
                }
                at = print.older.get(place).copied().unwrap_or(NONE);
            }
            false
        })
    }

    fn keep(&mut self, bits: u64) {
        let Ok(at) = u32::try_from(self.prints.len()) else { return };
        let mut older = [NONE; BLOCKS];
        for (older, block) in older.iter_mut().zip(blocks(bits)) {
            *older = self.newest.insert(block, at).unwrap_or(NONE);
        }
        self.prints.push(Print { bits, older });
    }
}

/// The blocks of a similarity hash: place and bits.
fn blocks(bits: u64) -> [(u8, u16); BLOCKS] {
    let [a, b, c, d, e, f, g, h] = bits.to_le_bytes();
    [(0, [a, b]), (1, [c, d]), (2, [e, f]), (3, [g, h])]
        .map(|(place, pair)| (place, u16::from_le_bytes(pair)))
}

/// The similarity hash of a text; `None` when it is too short to be like another but by chance.
pub(crate) fn similarity(text: &str) -> Option<u64> {
    let window = middle(text);
    // nearly all characters lie beyond white space
    let counts =
        |char: &char| *char > '\u{3000}' || !char.is_ascii_digit() && !char.is_whitespace();
    let letters = window.chars().filter(counts);
    let mut lanes = Lanes::default();
    let (mut grams, mut held) = ([0u64; 8], 0);
    let mut gram = 0u64;
    for (number, letter) in letters.enumerate() {
        // three characters of 21 bits
        gram = (gram << 21 | u64::from(u32::from(letter))) & (u64::MAX >> 1);
        if number < 2 {
            continue;
        }
        if let Some(place) = grams.get_mut(held) {
            *place = mixed(gram);
        }
        held += 1;
        if held == grams.len() {
            lanes.add(&grams);
            (grams, held) = ([0; 8], 0);
        }
        lanes.added += 1;
    }
    lanes.add(&grams);
    (lanes.added + 2 >= SHORTEST).then(|| lanes.most())
}

/// The middle of a long text: menus stand before what a page is about, and footers after it.
fn middle(text: &str) -> &str {
    let from = text.floor_char_boundary(text.len().saturating_sub(WINDOW) / 2);
    let rest = text.get(from..).unwrap_or_default();
    rest.get(..rest.floor_char_boundary(WINDOW)).unwrap_or_default()
}

/// Spreads the bits of a gram over all 64 (the finisher of SplitMix64).
pub(crate) fn mixed(gram: u64) -> u64 {
    let gram = (gram ^ gram >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let gram = (gram ^ gram >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    gram ^ gram >> 31
}

/// How often each of 64 bits was set: plane `n` holds bit `n` of all 64 counts, so that one step counts for all of them.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    planes: [u64; 16],
    /// How many hashes were added, for the one who adds them to count.
    pub(crate) added: usize,
}

impl Lanes {
    /// Counts eight hashes at once in a tree of full adders.
    pub(crate) fn add(&mut self, hashes: &[u64; 8]) {
        let [a, b, c, d, e, f, g, h] = *hashes;
        let [ones, twos, fours, rest @ ..] = &mut self.planes;
        let pair = [full(ones, a, b), full(ones, c, d), full(ones, e, f), full(ones, g, h)];
        let quad = [full(twos, pair[0], pair[1]), full(twos, pair[2], pair[3])];
        let mut carry = full(fours, quad[0], quad[1]);
        for plane in rest {
            if carry == 0 {
                break;
            }
            (*plane, carry) = (*plane ^ carry, *plane & carry);
        }
    }

    /// The bits that were set in more than half of what was added.
    pub(crate) fn most(&self) -> u64 {
        let mut bits = 0;
        for bit in 0..u64::BITS {
            let planes = self.planes.iter().rev();
            let count =
                planes.fold(0usize, |count, plane| count << 1 | usize::from(plane >> bit & 1 == 1));
            bits |= u64::from(count * 2 > self.added) << bit;
        }
        bits
    }
}

/// Adds two bits to a sum, in 64 lanes; gives the carry.
fn full(sum: &mut u64, a: u64, b: u64) -> u64 {
    let half = *sum ^ a;
    let carry = *sum & a | half & b;
    *sum = half ^ b;
    carry
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of its own for each seed, without digits.
    fn text(seed: u64, letters: usize) -> String {
        let mut state = mixed(seed + 1);
        let next = |state: &mut u64| {
            *state = mixed(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
            char::from_u32(0x4e00 + u32::try_from(*state % 3_000).unwrap()).unwrap()
        };
        (0..letters).map(|_| next(&mut state)).collect()
    }

    #[test]
    fn lanes_count_as_plain_counters_do() {
        let grams: Vec<u64> = (0..16_384).map(mixed).collect();
        let mut lanes = Lanes::default();
        for chunk in grams.chunks_exact(8) {
            lanes.add(chunk.try_into().unwrap());
        }
        lanes.added = grams.len();
        let plain = (0..64).fold(0u64, |bits, bit| {
            let set = grams.iter().filter(|gram| *gram >> bit & 1 == 1).count();
            bits | u64::from(set * 2 > grams.len()) << bit
        });
        assert_eq!(lanes.most(), plain);
        let mut full = Lanes::default();
        (0..2_048).for_each(|_| full.add(&[u64::MAX; 8]));
        full.added = 16_384;
        assert_eq!((full.most(), full.planes[14]), (u64::MAX, u64::MAX));
    }

    #[test]
    fn the_same_text_is_met_again_whatever_its_length() {
        let mut near = Near::default();
        for text in ["", "正文", &text(1, 5_000)] {
            assert_eq!(near.met(text), None);
            assert_eq!(near.met(text), Some(Met::Same));
        }
    }

    #[test]
    fn numbers_and_a_few_words_do_not_make_another_page() {
        let mut near = Near::default();
        let page = text(2, 3_000);
        assert_eq!(near.met(&format!("{page} 访问量 1288 次，今天是 2026-11-24")), None);
        assert_eq!(near.met(&format!("{page} 访问量 90 次，今天是 2027-01-05")), Some(Met::Nearly));
        assert_eq!(near.met(&format!("{page}，共三条")), Some(Met::Nearly));
    }

    #[test]
    fn other_pages_are_other_pages() {
        let mut near = Near::default();
        for seed in 0..2_000 {
            assert_eq!(near.met(&text(seed, 300)), None, "{seed}");
        }
        // one frame of 400 characters around texts of their own
        let frame = text(9_000, 400);
        for seed in 10_000..10_200 {
            assert_eq!(near.met(&format!("{frame}{}", text(seed, 400))), None, "{seed}");
        }
    }

    #[test]
    fn short_texts_are_alike_by_letter_only() {
        let mut near = Near::default();
        let notice = text(3, 190);
        assert_eq!(near.met(&format!("{notice} 第1号")), None);
        assert_eq!(near.met(&format!("{notice} 第2号")), None);
        // and numbers alone are no text to be like
        let numbers = |from: u32| (from..from + 500).map(|n| n.to_string()).collect::<String>();
        assert_eq!(near.met(&numbers(1)), None);
        assert_eq!(near.met(&numbers(1_000)), None);
    }

    #[test]
    fn memory_has_an_end() {
        let mut near = Near::default();
        for seed in 0..60_000u64 {
            near.met(&seed.to_string());
        }
        assert_eq!(near.exact.len(), MOST);
        let long = text(7, WINDOW);
        assert_eq!((near.met(&long), near.prints.len()), (None, 1));
        assert_eq!(near.met(&long), Some(Met::Nearly), "exact texts are full, likeness is not");
    }
}
