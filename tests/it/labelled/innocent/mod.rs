//! Innocent pages: of each kind many, no two the same, all of them of the sort that a careless check accuses.

mod lists;
mod news;
mod structure;
mod texts;

use super::{Case, chance::Chance, skeleton::Parts};

/// A kind of page: its name, and who writes it.
pub(crate) type Kind = (&'static str, fn(&mut Chance) -> Parts);

/// Pages of each kind.
const EACH: usize = 20;

pub(crate) fn cases(chance: &mut Chance) -> Vec<Case> {
    let kinds = [news::KINDS, structure::KINDS, lists::KINDS, texts::KINDS];
    let mut cases = Vec::new();
    for (name, write) in kinds.into_iter().flatten() {
        for _ in 0..EACH {
            let parts = write(chance);
            cases.push(Case::page(chance, "innocent", name, &[], parts));
        }
    }
    cases
}
