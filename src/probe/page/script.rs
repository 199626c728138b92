//! The pieces of a script: names, strings and the few signs that matter to what it writes; comments left out.

use std::borrow::Cow;

/// How far the end of a pattern (`/…/`) is looked for, in bytes.
const LONGEST_PATTERN: usize = 300;

/// A piece of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'s> {
    /// A name or a keyword.
    Name(&'s str),
    /// A string, escapes undone, or a number as it is written; true for a template, whose `${…}` stand as they are.
    Text(Cow<'s, str>, bool),
    /// `=`
    Assign,
    /// `+=`
    Append,
    /// `.`
    Dot,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `;`, `{` or `}`
    End,
    /// Another sign.
    Other,
}

/// The pieces of a script, in order.
#[derive(Clone, Debug)]
pub(super) struct Pieces<'s> {
    rest: &'s str,
    /// The last piece was a value: a `/` after it divides.
    value: bool,
}

impl<'s> Pieces<'s> {
    pub(super) fn new(script: &'s str) -> Self {
        Self { rest: script, value: false }
    }

    /// Steps over white space and comments.
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let line = self.rest.starts_with("//") || self.rest.starts_with("<!--");
            let end = if line {
                self.rest.find('\n')
            } else if let Some(inside) = self.rest.strip_prefix("/*") {
                inside.find("*/").map(|end| end + 4)
            } else {
                return;
            };
            self.take(end.unwrap_or(self.rest.len()));
        }
    }

    fn take(&mut self, length: usize) -> &'s str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn word(&mut self) -> &'s str {
        let end =
            self.rest.find(|char: char| !(char.is_alphanumeric() || matches!(char, '_' | '$')));
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// The inside of a string, whose first quote has been read.
    fn text(&mut self, quote: char) -> Piece<'s> {
        let template = quote == '`';
        let stop = |char: char| char == quote || char == '\\' || (char == '\n' && !template);
        let mut out = Cow::Borrowed("");
        loop {
            let end = self.rest.find(stop).unwrap_or(self.rest.len());
            let plain = self.take(end);
            if out.is_empty() {
                out = Cow::Borrowed(plain);
            } else {
                out.to_mut().push_str(plain);
            }
            // a string that its line does not close ends with it
            if !self.rest.starts_with('\\') {
                self.take(1);
                return Piece::Text(out, template);
            }
            self.take(1);
            self.escape(out.to_mut());
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self, out: &mut String) {
        let Some(char) = self.rest.chars().next() else { return };
        self.take(char.len_utf8());
        let digits = match char {
            'u' => 4,
            'x' => 2,
            'n' | 't' | 'r' => return out.push(' '),
            // a line that goes on
            '\n' | '\r' => return,
            other => return out.push(other),
        };
        let code = self.rest.get(..digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(char) = code.and_then(char::from_u32) {
            self.take(digits);
            out.push(char);
        }
    }

    /// Bytes of the pattern that begins after a `/`; `None` when that divides.
    fn pattern(&self) -> Option<usize> {
        let mut escaped = false;
        let mut class = false;
        for (at, byte) in self.rest.bytes().take(LONGEST_PATTERN).enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\n' => return None,
                b'\\' => escaped = true,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => return Some(at + 1),
                _ => {}
            }
        }
        None
    }
}

impl<'s> Iterator for Pieces<'s> {
    type Item = Piece<'s>;

    fn next(&mut self) -> Option<Piece<'s>> {
        self.skip();
        let first = self.rest.chars().next()?;
        let value = std::mem::take(&mut self.value);
        if first.is_ascii_digit() {
            self.value = true;
            return Some(Piece::Text(Cow::Borrowed(self.word()), false));
        }
        if first.is_alphabetic() || matches!(first, '_' | '$') {
            let name = self.word();
            self.value = !matches!(name, "return" | "typeof" | "case" | "in");
            return Some(Piece::Name(name));
        }
        self.take(first.len_utf8());
        let next = self.rest.as_bytes().first().copied();
        Some(match first {
            '"' | '\'' | '`' => {
                self.value = true;
                self.text(first)
            }
            '=' | '!' | '<' | '>' if matches!(next, Some(b'=' | b'>')) => {
                self.rest = self.rest.trim_start_matches(['=', '>']);
                Piece::Other
            }
            '=' => Piece::Assign,
            '+' if next == Some(b'=') => {
                self.take(1);
                Piece::Append
            }
            '/' if !value => {
                if let Some(length) = self.pattern() {
                    self.take(length);
                }
                Piece::Other
            }
            '.' => Piece::Dot,
            '(' => Piece::Open,
            ')' => {
                self.value = true;
                Piece::Close
            }
            ']' => {
                self.value = true;
                Piece::Other
            }
            ',' => Piece::Comma,
            ';' | '{' | '}' => Piece::End,
            _ => Piece::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str) -> Vec<String> {
        let texts = Pieces::new(script).filter_map(|piece| match piece {
            Piece::Text(text, _) => Some(text.into_owned()),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn strings_are_told_from_comments_and_patterns() {
        let script = r#"<!-- "no"
            var a = "x\u5468\x41\"y\
z"; // 'no'
            /* "no" */ b = s.replace(/["'\/]/g, 'c'); d = 4 / 2; e = `t
t` / "f" /2"#;
        assert_eq!(texts(script), ["x\u{5468}A\"yz", "c", "4", "2", "t\nt", "f", "2"]);
    }

    #[test]
    fn a_string_left_open_ends_with_its_line() {
        assert_eq!(texts("a = 'it\nb = \"c\""), ["it", "c"]);
        assert_eq!(texts("'\\"), [""]);
        assert_eq!(texts("'\\u12"), ["12"]);
    }
}
