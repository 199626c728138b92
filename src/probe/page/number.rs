//! The numbers of a footer, ICP and police: read as they are printed, broken lines and full-width digits included.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::identity::NumberAt;

use crate::{lists, title::folded};

/// Characters of a number as it is reported.
const LONGEST: usize = 100;

/// How filing numbers are written.
#[derive(Debug, Deserialize)]
pub(super) struct Forms {
    provinces: String,
    pub(super) icp: Form,
    pub(super) police: Form,
}

/// How one kind of number is written.
#[derive(Debug, Deserialize)]
pub(super) struct Form {
    marks: Vec<String>,
    digits: Vec<usize>,
}

/// The list, which the register is read by as well.
pub(super) static FORMS: LazyLock<Option<Forms>> = LazyLock::new(|| {
    lists::read("filing-numbers.yaml", include_str!("../../../rules/lists/filing-numbers.yaml"))
});

/// A run of digits as pages print it: how much of it is the number.
pub(super) struct Run {
    /// Digits (and other signs of a template), ASCII, without blanks.
    pub(super) digits: String,
    /// Bytes of the run that they take.
    pub(super) length: usize,
}

/// The number at the beginning of a run of digits and blanks, `whole` when something closes the run.
///
/// A number is broken by a line or by what an editor left behind; but where nothing closes it, the digits after a blank may
/// be those of a telephone.
pub(super) fn run(text: &str, whole: bool, fits: impl Fn(&str) -> bool) -> Run {
    let mut digits = String::new();
    let mut first = None;
    let mut length = 0;
    for part in text.split_inclusive(char::is_whitespace) {
        let printed = part.trim_end();
        digits.extend(printed.chars().map(narrow));
        length += printed.len();
        if !whole && fits(&digits) {
            return Run { digits, length };
        }
        if !printed.is_empty() && first.is_none() {
            first = Some(Run { digits: digits.clone(), length });
        }
        length += part.len() - printed.len();
    }
    let length = text.trim_end().len();
    match first {
        Some(first) if !whole => first,
        _ => Run { digits, length },
    }
}

/// A digit or letter of full width in its usual form.
fn narrow(char: char) -> char {
    match char {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char),
        other => other,
    }
}

/// How a number of one kind is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind<'l> {
    pub(super) form: &'l Form,
    /// Finds its digits after the word that announces it, and what closes them.
    pub(super) value: &'l Regex,
    /// Digits that no real number has.
    pub(super) dummies: &'l Regex,
    /// It is none without the province before it and its mark in the usual form.
    pub(super) strict: bool,
}

impl Kind<'_> {
    /// The number that `word` announces.
    pub(super) fn read(&self, before: &str, word: &str, after: &str) -> Option<NumberAt> {
        let found = self.value.captures(after)?;
        let (all, printed) = (found.get(0)?, found.get(1)?);
        let closed = found.get(2).is_some();
        let fits = |digits: &str| self.form.digits.contains(&digits.len());
        let run = run(printed.as_str(), closed, fits);
        let short = run.length < printed.as_str().trim_end().len();
        let end = if short { printed.start() + run.length } else { all.end() };
        let provinces = FORMS.as_ref().map_or("", |forms| forms.provinces.as_str());
        let province = before.trim_end().chars().next_back();
        let province = province.filter(|char| provinces.contains(*char));
        let province = province.map(String::from).unwrap_or_default();
        let text = folded(&format!("{province}{word}{}", &after[..end]), LONGEST);
        let mark = format!("{word}{}", &after[..printed.start()]);
        let mark = mark.chars().filter(|char| !char.is_whitespace()).map(narrow);
        let mark = mark.collect::<String>().to_ascii_uppercase();
        let usual = || self.form.marks.iter().any(|known| mark.starts_with(known.as_str()));
        let valid = fits(&run.digits)
            && real(&run.digits, self.dummies)
            && (!self.strict || (!province.is_empty() && usual()));
        Some(NumberAt { text, province, digits: run.digits, valid })
    }
}

/// The number that an address holds.
pub(super) fn of_link(digits: String, dummies: &Regex) -> NumberAt {
    let valid = real(&digits, dummies);
    NumberAt { text: digits.clone(), province: String::new(), digits, valid }
}

/// No number that a template came with.
fn real(digits: &str, dummies: &Regex) -> bool {
    let mut chars = digits.chars();
    let first = chars.next();
    !dummies.is_match(digits) && chars.any(|char| Some(char) != first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, strict: bool) -> Option<(String, bool)> {
        let forms = FORMS.as_ref().unwrap();
        let value = Regex::new(r"^备?案?号?[:：]?\s*([0-9０-９X][0-9０-９X\s]{2,24})(号)?(?:-\d)?")
            .unwrap();
        let dummies = Regex::new("[^0-9]").unwrap();
        let form = if strict { &forms.icp } else { &forms.police };
        let kind = Kind { form, value: &value, dummies: &dummies, strict };
        let word = if strict { "ICP" } else { "公网安备" };
        let (before, after) = text.split_once(word)?;
        kind.read(before, word, after).map(|number| (number.text, number.valid))
    }

    #[test]
    fn broken_and_unclosed_numbers_are_read() {
        for (text, want) in [
            ("豫ICP备05012345号-1", "豫ICP备05012345号-1"),
            ("豫ICP备0501\n2345号 0394", "豫ICP备0501 2345号"),
            ("豫ICP备：05012345\n0394-8269999", "豫ICP备：05012345"),
            ("豫ICP备０５０１２３４５号", "豫ICP备０５０１２３４５号"),
        ] {
            assert_eq!(read(text, true), Some((want.to_owned(), true)), "{text}");
        }
        assert_eq!(
            read("豫公网安备号：4116000 2000123\n0394", false),
            Some(("豫公网安备号：4116000 2000123".to_owned(), true))
        );
    }

    #[test]
    fn dummies_and_wrong_forms_are_told() {
        for text in [
            "ICP备05012345号",
            "豫ICP备11111111号",
            "豫ICP备XXXXXXXX号",
            "豫ICP备050123号5",
            "豫ICP备0501234号",
        ] {
            let valid = read(text, true).map(|(_, valid)| valid);
            assert_eq!(valid, Some(text.contains("050123号")), "{text}");
        }
        assert_eq!(read("豫公网安备41160002000号", false).map(|(_, valid)| valid), Some(false));
    }
}
