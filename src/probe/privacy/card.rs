//! Bank cards: the check digit, the issuer, and whose the words around say it is.

use super::{
    around::{after, before, fills_cell, row},
    list::{Known, Words, known},
    mask::{Shape, shown},
    run::{Chains, Number},
};

/// Characters before a number in which what it is called may stand.
const BEFORE: usize = 40;
/// Characters on either side in which an organ makes it an organ's.
const NEAR: usize = 60;

/// How sure it is that a number is a card's, by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Issuer {
    /// Nobody's.
    None,
    /// It must be called a card.
    Named,
    /// It may be called an account.
    Account,
}

/// The issuer of a number whose check digit is right (ISO/IEC 7812-1, appendix B).
pub(super) fn issuer(number: &Number, known: &Known) -> Issuer {
    let signs = number.signs();
    let prefix = known.cards.prefixes.iter().find(|prefix| {
        signs.starts_with(prefix.starts.as_bytes()) && prefix.digits.contains(&signs.len())
    });
    let Some(prefix) = prefix else { return Issuer::None };
    let varied = signs.windows(2).filter(|two| two.first() != two.last()).count() >= 4;
    if !varied || !signs.iter().all(u8::is_ascii_digit) || !is_luhn(signs) {
        return Issuer::None;
    }
    if prefix.account { Issuer::Account } else { Issuer::Named }
}

fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit & 0xf);
            match place % 2 {
                0 => value,
                _ => value * 2 - if value > 4 { 9 } else { 0 },
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Where the heads of columns end that call what is below them a card or an account.
#[derive(Clone, Copy, Default)]
pub(super) struct Heads {
    pub(super) card: Option<usize>,
    pub(super) account: Option<usize>,
}

/// Whether the words around say that it is a person's card.
pub(super) fn is_persons(
    text: &str,
    at: (usize, usize),
    issuer: Issuer,
    heads: Heads,
    known: &Known,
) -> bool {
    let (start, end) = at;
    let [left, right] = row(text, start, end);
    // a row of a table speaks for itself, and the heads of its columns for it
    let table = left.contains('\t');
    let near = before(text, start, BEFORE);
    let near = if table { near.rsplit('\n').next().unwrap_or_default() } else { near };
    let column = |head: Option<usize>| {
        head.is_some_and(|head| head <= start) && fills_cell(text, start, end)
    };
    let named = known.cards.cues.stand_in(near) || column(heads.card);
    let account = known.cards.accounts.stand_in(near) || column(heads.account);
    if !(named || account && issuer == Issuer::Account) {
        return false;
    }
    let wide = if table { 0 } else { NEAR };
    let around = [left, right, before(text, start, wide), after(text, end, wide)];
    let has = |words: &Words| around.iter().any(|part| words.stand_in(part));
    !has(&known.cards.corporate) && (named || !has(&known.cards.organs))
}

/// Masks the cards that are the values of parameters of an address.
pub(super) fn in_address(address: &mut String) {
    let Some(known) = known().filter(|_| address.contains('=')) else { return };
    let mut found = Vec::new();
    let mut chains = Chains::at_least(address, 16);
    while let Some(chain) = chains.next() {
        for group in chain.iter().filter(|group| !group.glued && group.hidden == 0) {
            let value = address.get(..group.start).is_some_and(|before| before.ends_with('='));
            if let Some(number) = group.number().filter(|_| value)
                && issuer(&number, known) == Issuer::Account
            {
                found.push((group.start..group.end, shown(&number, Shape::Card)));
            }
        }
    }
    for (at, mask) in found {
        address.replace_range(at, &mask);
    }
}
