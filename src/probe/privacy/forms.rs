//! In what groups numbers of persons are written, and what of a chain of groups may be one.

use super::run::{Group, Link, Number, joined};

/// Groups of identity numbers: region, birth, order and check, or every four.
const IDENTITY: &[&[usize]] = &[
    &[6, 4, 2, 2, 4],
    &[3, 3, 4, 4, 4],
    &[4, 4, 4, 4, 2],
    &[6, 8, 3, 1],
    &[6, 4, 4, 4],
    &[3, 3, 8, 4],
    &[6, 8, 4],
    &[6, 12],
    &[14, 4],
    &[10, 8],
];
/// Groups of bank cards.
const CARD: &[&[usize]] = &[
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 4],
    &[4, 4, 4, 7],
    &[6, 13],
    &[6, 10],
];
/// Groups of mobile numbers.
const MOBILE: &[&[usize]] = &[&[3, 4, 4], &[3, 8], &[7, 4]];

/// What may be a number of a person.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub(super) number: Number,
    /// Where it begins and ends, in bytes.
    pub(super) at: (usize, usize),
    /// Places that are hidden.
    pub(super) hidden: usize,
    /// It begins after a sign that hides a digit: it is the rest of a masked number, unless it is whole.
    pub(super) rest: bool,
}

/// Tries each candidate of a chain until it is taken: those of several groups first. Loosely, what stands around does not
/// matter; otherwise letters and further groups make it a part of something else.
pub(super) fn each(chain: &[Group], loose: bool, mut take: impl FnMut(Candidate) -> bool) {
    let mut first = 0;
    while first < chain.len() {
        let taken = together(chain, first, loose, &mut take)
            .or_else(|| chain.get(first).and_then(|group| alone(group, loose, &mut take)));
        first += taken.unwrap_or(1);
    }
}

fn alone(group: &Group, loose: bool, take: &mut impl FnMut(Candidate) -> bool) -> Option<usize> {
    if group.glued && !loose {
        return None;
    }
    let at = (group.start, group.end);
    let number = group.number()?;
    let candidate = Candidate { number, at, hidden: group.hidden, rest: group.after_mask };
    take(candidate).then_some(1)
}

fn together(
    chain: &[Group],
    first: usize,
    loose: bool,
    take: &mut impl FnMut(Candidate) -> bool,
) -> Option<usize> {
    chain.get(first + 1)?;
    for (forms, mixes) in [(IDENTITY, true), (CARD, false), (MOBILE, false)] {
        for form in forms {
            let Some(groups) = chain.get(first..first + form.len()) else { continue };
            let fits = groups.iter().zip(*form).all(|(group, length)| group.length == *length);
            if !fits || groups.iter().any(|group| group.hidden > 0) {
                continue;
            }
            if !loose && !stands_alone(chain, first, groups, mixes) {
                continue;
            }
            let Some(number) = joined(groups) else { continue };
            let ends = groups.first().zip(groups.last());
            let Some(at) = ends.map(|(first, last)| (first.start, last.end)) else { continue };
            if take(Candidate { number, at, hidden: 0, rest: false }) {
                return Some(form.len());
            }
        }
    }
    None
}

/// Groups are linked alike, and what is linked to them is not another part of the same number; identity numbers, which
/// have a check and a date, may stand among other numbers with a blank between.
fn stands_alone(chain: &[Group], first: usize, groups: &[Group], mixes: bool) -> bool {
    let Some(link) = groups.get(1).map(|group| group.link) else { return false };
    let alike = groups.iter().skip(1).all(|group| group.link == link);
    let free = |place: Option<&Group>, how: Option<Link>| {
        place.is_none_or(|group| match how {
            Some(Link::Hyphen) => link != Link::Hyphen && mixes,
            _ => mixes || group.length >= 11,
        })
    };
    let before = first.checked_sub(1).and_then(|place| chain.get(place));
    let after = chain.get(first + groups.len());
    alike
        && groups.iter().all(|group| !group.glued)
        && free(before, groups.first().map(|group| group.link))
        && free(after, after.map(|group| group.link))
}
