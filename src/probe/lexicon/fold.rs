//! What is written differently and read alike: wide letters, capitals, traditional characters, separators.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// The first and last wide form of an ASCII character, and how far it is from it (Unicode, Halfwidth and Fullwidth Forms).
const WIDE: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';
const WIDER: u32 = 0xfee0;

/// Traditional characters and the simplified ones that the lists are written in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folding {
    simplified: HashMap<char, char, FixedState>,
}

impl Folding {
    pub(super) fn new(pairs: impl Iterator<Item = (char, char)>) -> Self {
        Self { simplified: pairs.collect() }
    }

    /// The character that is compared.
    pub(super) fn of(&self, char: char) -> char {
        match char {
            'A'..='Z' => char.to_ascii_lowercase(),
            '\0'..='\x7f' => char,
            '\u{a0}' | '\u{3000}' => ' ',
            _ if WIDE.contains(&char) => {
                let narrow = char::from_u32(u32::from(char) - WIDER).unwrap_or(char);
                narrow.to_ascii_lowercase()
            }
            _ => self.simplified.get(&char).copied().unwrap_or(char),
        }
    }

    /// Every way a folded character may be written.
    pub(super) fn written(&self, folded: char) -> Vec<char> {
        let mut ways = vec![folded];
        if folded.is_ascii_graphic() {
            ways.push(folded.to_ascii_uppercase());
            let wide = |char| char::from_u32(u32::from(char) + WIDER);
            ways.extend(wide(folded).into_iter().chain(wide(folded.to_ascii_uppercase())));
        } else if folded == ' ' {
            ways.extend(['\u{a0}', '\u{3000}']);
        } else {
            let same = self.simplified.iter().filter(|(_, simplified)| **simplified == folded);
            ways.extend(same.map(|(traditional, _)| *traditional));
        }
        ways.dedup();
        ways
    }
}

/// What stands between the characters of a word so that programs do not see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Separator {
    /// Readers do not see it.
    Unseen,
    /// No one would write it in the middle of a word.
    Odd,
    /// It stands between words as well: only a word with one between all of its characters is separated by it.
    Usual,
}

/// The kind of separator a character is, if any.
pub(super) fn separator(char: char) -> Option<Separator> {
    Some(match char {
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {
            Separator::Unseen
        }
        '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => Separator::Unseen,
        ' ' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' | '|' | '/' => {
            Separator::Usual
        }
        '-' | '.' | '*' | '_' | '~' | '^' | '+' | '=' | '#' | '@' | '\'' | '`' | '\\' => {
            Separator::Odd
        }
        // middle dots, bullets, dashes, symbols, and wide forms of them
        '\u{b7}' | '\u{2010}'..='\u{2015}' | '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' => {
            Separator::Odd
        }
        '\u{25a0}'..='\u{27bf}'
        | '\u{2b50}'
        | '\u{30fb}'
        | '\u{ff65}'
        | '\u{ff0a}'
        | '\u{ff0b}'
        | '\u{ff0d}'
        | '\u{ff0e}'
        | '\u{ff3f}'
        | '\u{ff5e}' => Separator::Odd,
        _ => return None,
    })
}
