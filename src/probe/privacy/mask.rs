//! How a number is shown: the first and the last of its digits, by which its owner knows it and nobody else does.

use super::run::Number;

/// What is left of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The first two, the last three.
    Identity,
    /// The first four, the last four.
    Card,
    /// The first three, the last four.
    Phone,
}

impl Shape {
    /// By the number of signs.
    pub(super) fn by_length(length: usize) -> Self {
        match length {
            11 => Self::Phone,
            15 | 18 => Self::Identity,
            _ => Self::Card,
        }
    }
}

/// A number as it may be shown.
pub(super) fn shown(number: &Number, shape: Shape) -> String {
    let (first, last) = match shape {
        Shape::Identity => (2, 3),
        Shape::Card => (4, 4),
        Shape::Phone => (3, 4),
    };
    let signs = number.signs();
    let hidden = first..signs.len().saturating_sub(last);
    let sign = |(place, sign): (usize, &u8)| {
        if hidden.contains(&place) { '*' } else { char::from(*sign) }
    };
    signs.iter().enumerate().map(sign).collect()
}
