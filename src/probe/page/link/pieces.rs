//! A script in pieces: words, strings and marks, without comments and regular expressions (ECMA-262, 12).
//!
//! Every byte is passed once: what never ends is taken to the end of its line.

/// A piece of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'s> {
    /// A name, a keyword or a number.
    Word(&'s str),
    /// What stands between quotes, escapes unresolved.
    Text(&'s str),
    /// Any other sign.
    Mark(u8),
}

/// The pieces of a script, in order.
#[derive(Clone, Debug)]
pub(super) struct Pieces<'s> {
    script: &'s str,
    at: usize,
    /// What came last: it tells a regular expression from a division.
    last: Option<Piece<'s>>,
    /// A line ended before the piece that came last.
    pub(super) after_line: bool,
}

/// Words after which a slash begins a regular expression.
const BEFORE_REGEX: &[&str] = &["return", "typeof", "case", "in", "of", "else", "void", "delete"];

impl<'s> Pieces<'s> {
    pub(super) fn new(script: &'s str) -> Self {
        Self { script, at: 0, last: None, after_line: true }
    }

    fn rest(&self) -> &'s str {
        self.script.get(self.at..).unwrap_or_default()
    }

    /// To the first of `end`, or to the end of the script; `end` is passed too.
    fn skip_past(&mut self, end: &str) {
        let rest = self.rest();
        self.at += rest.find(end).map_or(rest.len(), |found| found + end.len());
    }

    /// White space and comments.
    fn skip(&mut self) {
        self.after_line = self.at == 0;
        loop {
            let rest = self.rest();
            let blank = rest.bytes().position(|byte| !byte.is_ascii_whitespace());
            let blank = blank.unwrap_or(rest.len());
            self.after_line |= rest.as_bytes().iter().take(blank).any(|byte| *byte == b'\n');
            self.at += blank;
            let rest = self.rest();
            // `<!--` and `-->` are comments to the end of the line (ECMA-262, B.1.1)
            if rest.starts_with("//") || rest.starts_with("<!--") || rest.starts_with("-->") {
                self.skip_past("\n");
                self.after_line = true;
            } else if rest.starts_with("/*") {
                self.skip_past("*/");
            } else {
                return;
            }
        }
    }

    fn quoted(&mut self, quote: u8) -> Piece<'s> {
        let inside = self.script.get(self.at + 1..).unwrap_or_default();
        let mut escaped = false;
        let mut end = inside.len();
        for (at, byte) in inside.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'\n' if quote != b'`' => {
                    end = at;
                    break;
                }
                byte if byte == quote => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        self.at = (self.at + 1 + end + 1).min(self.script.len());
        Piece::Text(inside.get(..end).unwrap_or_default())
    }

    /// The regular expression that a slash begins, with its flags.
    fn regex(&mut self) {
        let (mut escaped, mut class) = (false, false);
        let rest = self.rest();
        let end = rest.bytes().skip(1).position(|byte| match byte {
            b'\n' => true,
            _ if escaped => {
                escaped = false;
                false
            }
            b'\\' => {
                escaped = true;
                false
            }
            b'[' => {
                class = true;
                false
            }
            b']' => {
                class = false;
                false
            }
            b'/' => !class,
            _ => false,
        });
        self.at += end.map_or(rest.len(), |end| end + 2);
    }

    fn word(&mut self) -> Option<Piece<'s>> {
        let rest = self.rest();
        let part =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80;
        let end = rest.bytes().position(|byte| !part(byte)).unwrap_or(rest.len());
        let word = rest.get(..end).filter(|word| !word.is_empty())?;
        self.at += end;
        Some(Piece::Word(word))
    }

    fn regex_may_begin(&self) -> bool {
        match self.last {
            None => true,
            Some(Piece::Word(word)) => BEFORE_REGEX.contains(&word),
            Some(Piece::Text(_)) => false,
            Some(Piece::Mark(mark)) => !matches!(mark, b')' | b']' | b'}'),
        }
    }
}

impl<'s> Iterator for Pieces<'s> {
    type Item = Piece<'s>;

    fn next(&mut self) -> Option<Piece<'s>> {
        self.skip();
        let piece = match self.rest().as_bytes().first().copied()? {
            quote @ (b'"' | b'\'' | b'`') => self.quoted(quote),
            b'/' if self.regex_may_begin() => {
                self.regex();
                Piece::Text("")
            }
            mark => self.word().unwrap_or_else(|| {
                self.at += 1;
                Piece::Mark(mark)
            }),
        };
        self.last = Some(piece);
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(script: &str) -> String {
        let shown = Pieces::new(script).map(|piece| match piece {
            Piece::Word(word) => word.to_owned(),
            Piece::Text(text) => format!("'{text}'"),
            Piece::Mark(mark) => char::from(mark).to_string(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn strings_comments_and_regular_expressions_are_told_apart() {
        for (script, pieces) in [
            ("a='x\\'y';// b='z'\nc", "a = 'x\\'y' ; c"),
            ("/* 'a' */ b /* ", "b"),
            ("<!-- a\nb\n//--> c", "b"),
            ("x=/['\"{]/g.test(y)/2", "x = '' g . test ( y ) / 2"),
            ("return /a\\//", "return ''"),
            ("a='open\nb", "a = 'open' b"),
            ("`${a}\n`+标题", "'${a}\n' + 标题"),
            ("x=/[/\ny", "x = '' y"),
            ("'", "''"),
        ] {
            assert_eq!(shown(script), pieces, "{script}");
        }
    }

    #[test]
    fn a_line_between_pieces_is_noticed() {
        let mut pieces = Pieces::new("a b\nc // d\n e");
        let mut lines = Vec::new();
        while pieces.next().is_some() {
            lines.push(pieces.after_line);
        }
        assert_eq!(lines, [true, false, true, true]);
    }

    #[test]
    fn hostile_scripts_are_read_in_linear_time() {
        let begun = std::time::Instant::now();
        for piece in ["'", "\"a", "=/[", "/*", "//", "=/", "`", "\\", "<!--", "(/a", "标"] {
            let script = piece.repeat((1 << 20) / piece.len());
            assert!(Pieces::new(&script).count() <= script.len());
        }
        // quadratic time would be hours; seconds leave room for a busy machine
        assert!(begun.elapsed().as_secs() < 30);
    }
}
