//! The words around a number: before it, in its row, in the head of its column.

use super::list::Words;

/// Bytes of a line that are looked at on either side.
const ROW: usize = 300;
/// Characters of a cell that is the head of a column, and bytes that it may have.
const HEAD: usize = 16;
const HEAD_BYTES: usize = 80;

/// At most so many characters before a place.
pub(super) fn before(text: &str, at: usize, chars: usize) -> &str {
    let text = text.get(..at).unwrap_or_default();
    let Some(last) = chars.checked_sub(1) else { return "" };
    text.char_indices().rev().nth(last).map_or(text, |(from, _)| &text[from..])
}

/// At most so many characters from a place on.
pub(super) fn after(text: &str, at: usize, chars: usize) -> &str {
    let text = text.get(at..).unwrap_or_default();
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}

/// The line around a place, at most 300 bytes on either side; lines of a table are rows.
pub(super) fn line(text: &str, at: usize) -> &str {
    let from = text.ceil_char_boundary(at.saturating_sub(ROW));
    let to = text.floor_char_boundary(at.saturating_add(ROW).min(text.len()));
    let start =
        text.get(from..at).and_then(|part| part.rfind('\n')).map_or(from, |it| from + it + 1);
    let end = text.get(at..to).and_then(|part| part.find('\n')).map_or(to, |it| at + it);
    text.get(start..end).unwrap_or_default()
}

/// The row of a number: its line where that has cells, else the words on its line; a cell that a line of its own belongs
/// to the lines before, down to the last long number.
pub(super) fn row(text: &str, start: usize, end: usize) -> [&str; 2] {
    let line = line(text, start);
    if line.contains('\t') {
        return [line, ""];
    }
    let rest = after(text, end, 16).split('\n').next().unwrap_or_default();
    // 100 characters, enough for a list of numbers behind one word
    let near = before(text, start, 100);
    let own = near.rsplit('\n').next().unwrap_or_default();
    if !own.trim().is_empty() {
        return [own, rest];
    }
    let near = before(text, start, 40);
    let mut digits = 0;
    let last = near.char_indices().rev().find(|(_, char)| {
        digits = if char.is_ascii_digit() { digits + 1 } else { 0 };
        digits == 7
    });
    [last.map_or(near, |(at, _)| &near[at..]), rest]
}

/// Whether one of the words stands before a place with next to nothing between: a colon, a blank, the cell beside.
pub(super) fn leads(words: &Words, before: &str) -> bool {
    words.ends(before).any(|end| {
        let between = before.get(end..).unwrap_or_default();
        between.chars().count() <= 6
            && !between.chars().any(|char| {
                char.is_numeric()
                    || matches!(
                        char,
                        '\n' | ',' | ';' | '\u{ff0c}' | '\u{3002}' | '\u{ff1b}' | '\u{3001}'
                    )
            })
    })
}

/// Where the first cell ends that is the head of a column by one of the words, and by none of the others: a short one
/// without digits.
pub(super) fn head(text: &str, words: &Words, others: Option<&Words>) -> Option<usize> {
    words.ends(text).find(|end| {
        let from = text.ceil_char_boundary(end.saturating_sub(HEAD_BYTES));
        let to = text.floor_char_boundary(end.saturating_add(HEAD_BYTES).min(text.len()));
        let ends = |char: char| matches!(char, '\t' | '\n');
        let (left, right) = (text.get(from..*end), text.get(*end..to));
        let left = left.and_then(|left| left.rsplit(ends).next()).unwrap_or_default();
        let right = right.and_then(|right| right.split(ends).next()).unwrap_or_default();
        let mut cell = left.chars().chain(right.chars());
        let long = cell.clone().nth(HEAD).is_some();
        let other = |words: &Words| words.stand_in(left) || words.stand_in(right);
        !long
            && !others.is_some_and(other)
            && !cell.any(|char| char.is_numeric() || matches!(char, ':' | '\u{ff1a}'))
    })
}

/// Whether a number has its cell to itself, a few words beside it aside.
pub(super) fn fills_cell(text: &str, start: usize, end: usize) -> bool {
    let ends = |char: char| matches!(char, '\t' | '\n');
    let left = before(text, start, 9);
    let right = after(text, end, 9);
    let short = |part: &str, whole: bool| part.chars().count() <= 8 || whole;
    let left_cell = left.rsplit(ends).next().unwrap_or_default();
    let right_cell = right.split(ends).next().unwrap_or_default();
    short(left_cell, left.len() != left_cell.len())
        && short(right_cell, right.len() != right_cell.len())
}

/// Whether a place lies within an address.
pub(super) fn in_address(text: &str, at: usize) -> bool {
    let before = before(text, at, 200);
    let outside = |char: char| {
        char.is_whitespace() || !char.is_ascii() || matches!(char, '"' | '\'' | '<' | '>' | '(')
    };
    let word = before.rsplit(outside).next().unwrap_or_default();
    word.contains("://") || word.starts_with('/') || word.starts_with("www.") || word.contains("?")
}
