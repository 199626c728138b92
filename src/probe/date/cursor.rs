//! A place in a text, and the small things that are read from there: numbers, numerals, marks.

use super::words::WORDS;

/// A place in a text; what cannot be read leaves it where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    pub(super) at: usize,
}

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: u32,
    /// How many digits it has.
    pub(super) digits: u32,
}

impl Number {
    /// One or two digits.
    pub(super) fn short(self) -> Option<u32> {
        (self.digits <= 2).then_some(self.value)
    }
}

/// The value of a digit, half or full width.
pub(super) fn digit(char: char) -> Option<u32> {
    match char {
        '0'..='9' => char.to_digit(10),
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(char) - 0xff10),
        _ => None,
    }
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn before(&self) -> std::iter::Rev<std::str::Chars<'t>> {
        self.text.get(..self.at).unwrap_or_default().chars().rev()
    }

    /// One character of these.
    pub(super) fn eat(&mut self, any: impl Fn(char) -> bool) -> Option<char> {
        let char = self.peek().filter(|char| any(*char))?;
        self.at += char.len_utf8();
        Some(char)
    }

    /// Up to two blanks.
    pub(super) fn blanks(&mut self) {
        for _ in 0..2 {
            self.eat(char::is_whitespace);
        }
    }

    /// A number of digits; more than nine digits are no number of a date.
    pub(super) fn number(&mut self) -> Option<Number> {
        let mut number = Number { value: 0, digits: 0 };
        let begun = self.at;
        while let Some(value) = self.peek().and_then(digit) {
            self.eat(|_| true);
            if number.digits == 9 {
                self.at = begun;
                return None;
            }
            number = Number { value: number.value * 10 + value, digits: number.digits + 1 };
        }
        (number.digits > 0).then_some(number)
    }

    /// Passes over a run of digits.
    pub(super) fn skip_digits(&mut self) {
        while self.eat(|char| digit(char).is_some()).is_some() {}
    }

    /// Four Chinese numerals: a year.
    pub(super) fn numeral_year(&mut self) -> Option<u32> {
        let written = &WORDS.as_ref()?.written;
        let begun = self.at;
        let mut year = 0;
        for _ in 0..4 {
            let Some(value) = self.peek().and_then(|char| written.digit(char)) else {
                self.at = begun;
                return None;
            };
            self.eat(|_| true);
            year = year * 10 + value;
        }
        Some(year)
    }

    /// Chinese numerals up to ninety-nine.
    pub(super) fn numeral(&mut self) -> Option<u32> {
        let written = &WORDS.as_ref()?.written;
        let mut value: Option<u32> = None;
        for _ in 0..4 {
            let Some(char) = self.peek() else { break };
            if written.ten.contains(char) {
                value = Some(value.unwrap_or(1) * 10);
            } else if let Some(digit) = written.digit(char) {
                value = Some(value.unwrap_or(0) + digit);
            } else {
                break;
            }
            self.eat(|_| true);
        }
        value
    }

    /// One character that the list names.
    pub(super) fn mark(
        &mut self,
        which: impl Fn(&'static super::words::Written) -> &'static str,
    ) -> bool {
        let Some(words) = WORDS.as_ref() else { return false };
        self.eat(|char| which(&words.written).contains(char)).is_some()
    }
}
