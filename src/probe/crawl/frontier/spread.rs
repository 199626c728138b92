//! How many values the parameters of a program take, estimated in a few bytes (linear counting).

/// Parameters that are told apart.
const MOST: usize = 8;
/// Sets of values from which on they can be called permutations.
const SETS: f64 = 50.0;
/// Bits of one estimate, and what a full one stands for.
const BITS: u32 = 256;
const FULL: f64 = 2_000.0;

/// The values of the parameters of one program.
#[derive(Clone, Debug, Default)]
pub(super) struct Spread {
    sets: Values,
    parameters: [Values; MOST],
    permutes: bool,
}

/// The values met, one bit for each by its hash.
#[derive(Clone, Copy, Debug, Default)]
struct Values([u64; 4]);

impl Spread {
    /// Takes a set of values and its parameters, by hash; true once the sets outnumber the values of every parameter by two to one,
    /// and are more than fifty.
    pub(super) fn add(&mut self, set: u64, parameters: impl Iterator<Item = u64>) -> bool {
        self.sets.add(set);
        for (known, value) in self.parameters.iter_mut().zip(parameters) {
            known.add(value);
        }
        let sets = self.sets.count();
        let widest = self.parameters.iter().map(Values::count).fold(0.0, f64::max);
        self.permutes |= sets > SETS && widest * 2.0 < sets;
        self.permutes
    }
}

impl Values {
    fn add(&mut self, value: u64) {
        let [low, .., high] = value.to_le_bytes();
        if let Some(word) = self.0.get_mut(usize::from(high % 4)) {
            *word |= 1 << (low % 64);
        }
    }

    fn count(&self) -> f64 {
        let empty = BITS - self.0.iter().map(|word| word.count_ones()).sum::<u32>();
        if empty == 0 {
            return FULL;
        }
        -f64::from(BITS) * (f64::from(empty) / f64::from(BITS)).ln()
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use super::*;

    /// Adds pages by their parameters; the number of the first that is called a permutation.
    fn first(pages: impl Iterator<Item = (u32, u32)>) -> Option<usize> {
        let hash = foldhash::quality::FixedState::with_seed(0);
        let mut spread = Spread::default();
        pages
            .map(|(a, b)| {
                let pair = [hash.hash_one(("a", a)), hash.hash_one(("b", b))];
                spread.add(pair[0].wrapping_add(pair[1]), pair.into_iter())
            })
            .position(|permutes| permutes)
    }

    #[test]
    fn filters_permute_and_numbers_do_not() {
        let filters = (0..20).flat_map(|a| (0..20).map(move |b| (a, b)));
        assert!(first(filters).is_some_and(|at| (45..80).contains(&at)));
        assert_eq!(first((0..5_000).map(|id| (id % 30, id))), None);
        assert_eq!(first((0..40).map(|a| (a % 3, a % 5))), None);
    }
}
