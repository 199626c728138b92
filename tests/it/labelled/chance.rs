//! Chance with a fixed seed: every run makes the same pages.

/// A small generator (SplitMix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0, less than `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }

    /// A number from `first` to `last`.
    pub(crate) fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    /// One time in so many.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    /// So many of a list, each once.
    pub(crate) fn some<'a>(&mut self, list: &[&'a str], count: usize) -> Vec<&'a str> {
        let mut left = list.to_vec();
        let mut taken = Vec::new();
        while taken.len() < count && !left.is_empty() {
            let at = self.below(left.len());
            taken.push(left.swap_remove(at));
        }
        taken
    }

    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.pick(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])).collect()
    }

    /// A word of small letters.
    pub(crate) fn letters(&mut self, count: usize) -> String {
        let letter = |chance: &mut Self| char::from(b"abcdefghijkmnpqrstuvwxyz"[chance.below(24)]);
        (0..count).map(|_| letter(self)).collect()
    }
}
