//! The text of a page as a reader sees it: blocks on lines of their own, cells apart, scripts and styles left out.

use crate::markup::{Tag, Token, resolve};

/// Bytes of text that are kept.
const MOST: usize = 2 << 20;

/// Bytes that are set aside for it beforehand.
const MOST_ROOM: usize = 64 << 10;

/// Elements that do not break a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "img", "label", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "time", "u", "o:p", "input", "button",
];

/// The text gathered so far: single blanks, `\n` between blocks, `\t` between cells of a table.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
}

impl Words {
    /// With room for the text of a page of so many bytes.
    pub(super) fn of(page: usize) -> Self {
        Self { text: String::with_capacity(page.min(MOST_ROOM)) }
    }

    pub(super) fn read(&mut self, token: Token<'_>) {
        match token {
            Token::Text(text) => self.push(text),
            Token::Start(tag) => self.tag(tag),
            Token::End(name) => self.mark(name),
            Token::Raw(..) | Token::Comment(_) => {}
        }
    }

    fn tag(&mut self, tag: Tag<'_>) {
        self.mark(tag.name());
    }

    fn mark(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("p") || name.eq_ignore_ascii_case("li") {
            // most tags that break a line
            self.part('\n');
        } else if name.eq_ignore_ascii_case("td") || name.eq_ignore_ascii_case("th") {
            self.part('\t');
        } else if !INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(name)) {
            self.part('\n');
        }
    }

    fn part(&mut self, mark: char) {
        match self.text.as_bytes().last() {
            None | Some(b'\n') => {}
            Some(b'\t') if mark == '\t' => {}
            Some(b' ' | b'\t') => {
                self.text.pop();
                self.part(mark);
            }
            Some(_) => self.text.push(mark),
        }
    }

    fn push(&mut self, text: &str) {
        let text = resolve(text);
        let mut begun = 0;
        while begun < text.len() {
            let blank = white(&text, begun);
            let (end, next) = blank.unwrap_or((text.len(), text.len()));
            if self.text.len() + next - begun > MOST {
                return;
            }
            self.text.push_str(text.get(begun..end).unwrap_or_default());
            if blank.is_some()
                && self.text.as_bytes().last().is_some_and(|last| !last.is_ascii_whitespace())
            {
                self.text.push(' ');
            }
            begun = next;
        }
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// Characters of a text, white space left out.
pub(super) fn count(text: &str) -> u32 {
    let mut blanks = 0;
    let mut from = 0;
    while let Some((_, next)) = white(text, from) {
        blanks += 1;
        from = next;
    }
    u32::try_from(text.chars().count() - blanks).unwrap_or(u32::MAX)
}

/// Where the next white space from `from` on begins and ends; many bytes at once are passed over.
fn white(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let rest = bytes.get(at..)?;
        let passed = rest.chunks_exact(32).take_while(|chunk| {
            let may = chunk.iter().fold(false, |may, byte| may | may_be_white(*byte));
            !may
        });
        at += passed.count() * 32;
        at += bytes.get(at..)?.iter().position(|byte| may_be_white(*byte))?;
        let char = text.get(at..)?.chars().next()?;
        let next = at + char.len_utf8();
        if char.is_whitespace() {
            return Some((at, next));
        }
        at = next;
    }
}

/// Whether white space may begin with this byte: ASCII, or one of the four that the others begin with in UTF-8.
fn may_be_white(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, 0xc2 | 0xe1..=0xe3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::Tokens;

    #[test]
    fn blocks_are_lines_and_inline_elements_join() {
        let page = "<h1>  标 题 </h1><p>来源：<b>市政府</b>&nbsp;时间：2026-11-22</p><script>x</script>\
            <table><tr><th>索引号<td>A-1</tr></table>尾";
        let mut words = Words::default();
        Tokens::new(page).for_each(|token| words.read(token));
        assert_eq!(words.finish(), "标 题\n来源：市政府 时间：2026-11-22\n索引号\tA-1\n尾");
    }

    #[test]
    fn white_space_is_told_as_the_standard_tells_it() {
        for char in '\0'..=char::MAX {
            let text = format!("{char}\u{4e2d}");
            let found = char.is_whitespace().then_some((0, char.len_utf8()));
            assert_eq!(white(&text, 0), found, "{char:?}");
        }
        let text = "\u{3002}\u{4e2d}a b\u{3000}\u{3001}\u{a0}\u{ff0c}".repeat(40);
        let mut words = Words::default();
        words.push(&text);
        assert_eq!(
            words.finish(),
            text.split_inclusive(char::is_whitespace)
                .map(|word| {
                    let bare = word.trim_end();
                    if bare.len() < word.len() { format!("{bare} ") } else { bare.to_owned() }
                })
                .collect::<String>()
        );
        let plain = text.chars().filter(|char| !char.is_whitespace()).count();
        assert_eq!(count(&text) as usize, plain);
    }
}
