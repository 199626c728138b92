//! Identity numbers that readers do not see: in attributes, comments and the data of scripts.

use super::{
    around::{before, leads},
    identity::{self, Look},
    list::{Known, known},
    run::Number,
    search::{Search, Tally, is_series},
};

/// Digits of a number before its check character.
const BODY: usize = 17;
/// Characters before a number in which its name stands.
const NAME: usize = 40;

/// What was found in the source of a page and not in its text.
#[derive(Default)]
pub(super) struct Source {
    pub(super) ids: Tally,
    /// There are numbers that may stand in the address of a link.
    pub(super) in_addresses: bool,
}

/// Looks through the source of a page, whose text was looked through.
pub(super) fn search(page: &str, text: &Search<'_>) -> Source {
    let mut found = Source::default();
    let Some(known) = known() else { return found };
    let (mut unnamed, mut near) = (Tally::default(), 0);
    each(page, |number, at| {
        let look = identity::look(&number);
        near += usize::from(look == Look::Near);
        if !matches!(look, Look::Valid | Look::Doubtful) {
            return;
        }
        found.in_addresses = true;
        if text.looked_at.contains(&number) || !stands_free(page, at) {
            return;
        }
        match named(page, at.0, known) {
            Some(true) => found.ids.add(number, at),
            Some(false) if look == Look::Valid && !identity::is_credit_code(&number) => {
                unnamed.add(number, at);
            }
            _ => {}
        }
    });
    if !is_series(unnamed.count(), near) {
        found.ids.append(unnamed);
    }
    found
}

/// Whether the words before a number call it an identity number; `None` where they call it something else.
fn named(page: &str, start: usize, known: &Known) -> Option<bool> {
    let near = before(page, start, NAME);
    let close = before(page, start, 12);
    let cued = known.identity.cues.stand_in(near)
        || known.identity.keys.stand_in(&near.to_ascii_lowercase());
    let other = known.examples.stand_in(close)
        || !cued && (leads(&known.numbers, near) || leads(&known.credit.words, near));
    (!other).then_some(cued)
}

/// Not a part of an address, a name or a longer number.
fn stands_free(page: &str, (start, end): (usize, usize)) -> bool {
    let part = |char: char| {
        char.is_ascii_alphanumeric() || matches!(char, '_' | '/' | '=' | '-' | '.' | '&' | '%')
    };
    let before = page.get(..start).and_then(|page| page.chars().next_back());
    let after = page.get(end..).and_then(|page| page.chars().next());
    let quoted_value = before == Some('=') && !after.is_some_and(part);
    (quoted_value || !before.is_some_and(part))
        && !after.is_some_and(|char| part(char) && char != '.')
}

/// The identity numbers in addresses.
pub(super) fn in_address(address: &str) -> impl Iterator<Item = (Number, (usize, usize))> {
    let mut found = Vec::new();
    each(address, |number, at| {
        let certain = match identity::look(&number) {
            Look::Valid => !identity::is_credit_code(&number),
            Look::Doubtful => known().is_some_and(|known| {
                known.identity.keys.stand_in(&before(address, at.0, 20).to_ascii_lowercase())
            }),
            _ => false,
        };
        if certain {
            found.push((number, at));
        }
    });
    found.into_iter()
}

/// Whether a number in an address is certainly a person's: the value of a parameter, or the name of a file.
pub(super) fn is_told(address: &str, (start, end): (usize, usize)) -> bool {
    let before = address.get(..start).unwrap_or_default();
    let after = address.get(end..).unwrap_or_default();
    let page =
        [".htm", ".shtml", ".jhtml", ".xhtml"].iter().any(|ending| after.starts_with(ending));
    before.ends_with('=') || after.starts_with(['.', '_', '-']) && !page
}

/// Tells every run of digits that has the length of an identity number, where it begins and ends; only every
/// seventeenth byte is looked at before there is one.
fn each(text: &str, mut tell: impl FnMut(Number, (usize, usize))) {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = BODY - 1;
    while at < bytes.len() {
        if !is_digit(at) {
            at += BODY;
            continue;
        }
        let (mut start, mut end) = (at, at + 1);
        while start > 0 && is_digit(start - 1) {
            start -= 1;
        }
        while is_digit(end) {
            end += 1;
        }
        let check = matches!(bytes.get(end), Some(b'X' | b'x'));
        let length = end - start;
        let run = bytes.get(start..end).unwrap_or_default();
        if length == BODY + 1 {
            tell(Number::of(run), (start, end));
        } else if length == BODY && check {
            let mut signs = run.to_vec();
            signs.push(b'X');
            tell(Number::of(&signs), (start, end + 1));
        }
        at = end + BODY;
    }
}
