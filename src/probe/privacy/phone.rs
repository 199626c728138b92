//! Mobile numbers: whose they are, a private person's or one that an office published for its business.

use super::{
    around::{before, row},
    list::Known,
    run::Number,
};

/// Characters above a number in which the head of a list and its title are looked for.
const HEAD: usize = 300;
/// Bytes without a number after which another list begins.
const GAP: usize = 1200;

/// Whether eleven digits are a mobile number.
pub(super) fn is_mobile(number: &Number) -> bool {
    let signs = number.signs();
    let varied =
        signs.get(3..).is_some_and(|rest| rest.iter().any(|sign| Some(sign) != rest.first()));
    signs.len() == 11
        && signs.starts_with(b"1")
        && matches!(signs.get(1), Some(b'3'..=b'9'))
        && signs.iter().all(u8::is_ascii_digit)
        && varied
}

/// Whose the numbers of the list are that was begun.
#[derive(Clone, Copy, Default)]
pub(super) struct Lists {
    /// Where the last number ended.
    last: usize,
    /// The words above the first number of the list say: private persons'.
    persons: bool,
    begun: bool,
}

impl Lists {
    /// Whether a number is a private person's.
    pub(super) fn is_persons(&mut self, text: &str, at: (usize, usize), known: &Known) -> bool {
        let (start, end) = at;
        if !self.begun || start.saturating_sub(self.last) > GAP {
            self.persons = above(before(text, start, HEAD), known);
            self.begun = true;
        }
        self.last = end;
        let phones = &known.phones;
        let row = row(text, start, end);
        let has = |words: &super::list::Words| row.iter().any(|part| words.stand_in(part));
        // a line of running text speaks for itself
        let named = || !row.iter().any(|part| part.contains('\t')) && has(&phones.persons);
        has(&phones.own) || !has(&phones.office) && (self.persons || named())
    }
}

/// Whether what stands above a list says that its numbers are those of private persons.
fn above(head: &str, known: &Known) -> bool {
    let phones = &known.phones;
    phones.own.stand_in(head) || !phones.rosters.stand_in(head) && phones.persons.stand_in(head)
}
