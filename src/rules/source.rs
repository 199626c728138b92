//! A file that an operator wrote, and where in it a part of a scalar stands.

use crate::yaml::{Node, Place};

/// A file as the operator named it, and its text.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) file: String,
    pub(crate) text: String,
}

impl Source {
    /// The place of a byte of a scalar's value.
    ///
    /// YAML may quote a scalar, fold its lines or indent it; what all styles keep is the order of the characters that
    /// are not white space. So those are counted in the value and counted off in the file.
    pub(crate) fn place(&self, node: &Node, value: &str, offset: usize) -> Place {
        let before = value.get(..offset).unwrap_or(value);
        let rest = &value[before.len()..];
        let wanted = before.chars().filter(|c| !c.is_whitespace()).count();
        let mut written = Written::new(&self.text, node.place, value);
        let mut last = None;
        for _ in 0..wanted {
            match written.next() {
                Some(place) => last = Some(place),
                None => return node.place,
            }
        }
        if rest.starts_with(|c: char| !c.is_whitespace()) {
            return written.next().unwrap_or(node.place);
        }
        let after = |place: Place| Place { column: place.column + 1, ..place };
        last.map_or(node.place, after)
    }

    /// The place of a character, given by its line and column (from 1) within a scalar's value.
    pub(crate) fn place_at(&self, node: &Node, value: &str, line: usize, column: usize) -> Place {
        let start: usize =
            value.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let inner = value[start..].char_indices().nth(column.saturating_sub(1));
        self.place(node, value, inner.map_or(value.len(), |(at, _)| start + at))
    }
}

/// The characters of a scalar as they stand in the file, white space left out.
struct Written<'t> {
    chars: std::iter::Peekable<std::str::Chars<'t>>,
    at: Place,
    quote: Option<char>,
}

impl<'t> Written<'t> {
    fn new(text: &'t str, start: Place, value: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let skipped = usize::try_from(start.line.saturating_sub(1)).unwrap_or(usize::MAX);
        let line = text.split_inclusive('\n').take(skipped).map(str::len).sum::<usize>();
        let rest = &text[line..];
        let column = usize::try_from(start.column.saturating_sub(1)).unwrap_or(usize::MAX);
        let begin = rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at);
        let rest = &rest[begin..];
        let mut written = Self { chars: rest.chars().peekable(), at: start, quote: None };
        let first = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        if first.is_some() && !value.starts_with(['"', '\'']) {
            written.quote = first;
            written.advance();
        }
        written
    }

    fn advance(&mut self) -> Option<char> {
        let next = self.chars.next()?;
        if next == '\n' {
            self.at = Place { line: self.at.line + 1, column: 1 };
        } else {
            self.at.column += 1;
        }
        Some(next)
    }
}

impl Iterator for Written<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        loop {
            let place = self.at;
            let c = self.advance()?;
            if c.is_whitespace() {
                continue;
            }
            match (self.quote, c) {
                (Some('"'), '\\') => {
                    // an escape that stands for white space counts as white space
                    if !matches!(self.advance()?, 'n' | 't' | 'r' | ' ' | '\n') {
                        return Some(place);
                    }
                }
                (Some('\''), '\'') => {
                    self.advance()?;
                    return Some(place);
                }
                _ => return Some(place),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Value, parse};

    fn find(yaml: &str, part: &str) -> (u64, u64) {
        let node = parse("f", yaml).unwrap();
        let Value::Map(fields) = &node.value else { panic!("{node:?}") };
        let node = &fields[0].1;
        let Value::Text(value) = &node.value else { panic!("{node:?}") };
        let source = Source { file: "f".into(), text: yaml.into() };
        let offset = if part.is_empty() { value.len() } else { value.find(part).unwrap() };
        let place = source.place(node, value, offset);
        (place.line, place.column)
    }

    #[test]
    fn a_part_is_found_in_every_style_of_scalar() {
        assert_eq!(find("a: b == xy", "xy"), (1, 9));
        assert_eq!(find("a: '城 == ''xy'''", "xy"), (1, 12));
        assert_eq!(find("a: \"b == \\\"xy\\\"\"", "xy"), (1, 12));
        assert_eq!(find("a: |\n  b &&\n    c == xy\n", "xy"), (3, 10));
        assert_eq!(find("a: >-\n  b &&\n  c == xy\n", "xy"), (3, 8));
        assert_eq!(find("a:\n  b &&\n  c == xy\n", "xy"), (3, 8));
        assert_eq!(find("a: b >", ""), (1, 7));
    }
}
