//! A start tag and its attributes, read where they stand.

use std::borrow::Cow;

use super::resolve;

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'p> {
    name: &'p str,
    inside: &'p str,
}

impl<'p> Tag<'p> {
    pub(super) fn new(name: &'p str, inside: &'p str) -> Self {
        Self { name, inside }
    }

    /// The name as written.
    pub fn name(&self) -> &'p str {
        self.name
    }

    /// Whether it has this name (ASCII lower case).
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Everything after the name, as written: what a cheap search looks at before the attributes are taken apart.
    pub fn inside(&self) -> &'p str {
        self.inside
    }

    /// The first attribute of this name (ASCII lower case), references resolved.
    pub fn attribute(&self, name: &str) -> Option<Cow<'p, str>> {
        self.attributes()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| resolve(value))
    }

    /// Every attribute in order: name as written, value with references unresolved.
    pub fn attributes(&self) -> Attributes<'p> {
        Attributes { rest: self.inside }
    }
}

/// The attributes of a tag.
#[derive(Clone, Debug)]
pub struct Attributes<'p> {
    rest: &'p str,
}

const SPACE: [char; 5] = [' ', '\t', '\n', '\r', '\x0c'];

impl<'p> Iterator for Attributes<'p> {
    type Item = (&'p str, &'p str);

    fn next(&mut self) -> Option<(&'p str, &'p str)> {
        let rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0c', '/', '>']);
        if rest.is_empty() {
            self.rest = rest;
            return None;
        }
        // a name may begin with `=`
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let stop = |char: char| SPACE.contains(&char) || matches!(char, '=' | '/' | '>');
        let end = rest[first..].find(stop).map_or(rest.len(), |end| first + end);
        let (name, rest) = rest.split_at(end);
        let after = rest.trim_start_matches(SPACE);
        let Some(value) = after.strip_prefix('=') else {
            self.rest = rest;
            return Some((name, ""));
        };
        let value = value.trim_start_matches(SPACE);
        for quote in ['"', '\''] {
            if let Some(quoted) = value.strip_prefix(quote) {
                let (value, rest) = quoted.split_once(quote).unwrap_or((quoted, ""));
                self.rest = rest;
                return Some((name, value));
            }
        }
        let end = value.find(|char| SPACE.contains(&char) || char == '>').unwrap_or(value.len());
        let (value, rest) = value.split_at(end);
        self.rest = rest;
        Some((name, value))
    }
}

/// Bytes of a tag's name.
pub(super) fn name_length(rest: &str) -> usize {
    rest.find(|char| SPACE.contains(&char) || matches!(char, '/' | '>')).unwrap_or(rest.len())
}

/// Bytes from the name to the `>` that ends the tag, that one included; a quoted value may hold others.
pub(super) fn tag_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    // a quote means something right after `=` only
    let mut value = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return at + 1,
            quote @ (b'"' | b'\'') if value => {
                let inside = rest.get(at + 1..).unwrap_or_default();
                let Some(end) = inside.find(char::from(*quote)) else { return rest.len() };
                at += end + 1;
                value = false;
            }
            b'=' => value = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => value = false,
        }
        at += 1;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use crate::markup::{Token, Tokens};

    #[test]
    fn attributes_are_read_as_browsers_read_them() {
        let page = "<a HREF = 'x>y' b c=d/e\tf=\"&amp;1\" a=1 A=2 onclick=go('x')>t";
        let Some(Token::Start(tag)) = Tokens::new(page).next() else { panic!("no tag") };
        let all: Vec<_> = tag.attributes().collect();
        assert_eq!(
            all,
            [
                ("HREF", "x>y"),
                ("b", ""),
                ("c", "d/e"),
                ("f", "&amp;1"),
                ("a", "1"),
                ("A", "2"),
                ("onclick", "go('x')")
            ]
        );
        assert_eq!(tag.attribute("f").as_deref(), Some("&1"));
        assert_eq!(tag.attribute("a").as_deref(), Some("1"), "the first of a name counts");
        assert_eq!(tag.attribute("none"), None);
    }

    #[test]
    fn every_prefix_of_a_tag_is_read_to_its_end() {
        let page = "<form action=\"/a\" method='post' x=y/ =z>";
        for end in 0..=page.len() {
            for token in Tokens::new(&page[..end]) {
                if let Token::Start(tag) = token {
                    assert!(tag.attributes().count() <= 5);
                }
            }
        }
    }
}
