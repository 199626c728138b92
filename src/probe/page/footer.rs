//! The elements of a footer in the text of a page: what announces them, and what stands after that.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::identity::NumberAt;

use super::{
    identity::{LIST, List},
    number::{self, FORMS, Kind},
    sights::{self, Sights},
};
use crate::{lists, title::folded};

/// Bytes at the end of a text in which the footer is looked for first.
const TAIL: usize = 8 << 10;
/// Bytes after a word in which its value stands.
const NEAR: usize = 240;
/// Numbers that are reported, characters of a name, hits that are followed.
const MOST: usize = 10;
const LONGEST: usize = 100;
const MOST_HITS: usize = 500;

/// An element: the words that announce it, and its value right after them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Element {
    words: Vec<String>,
    #[serde(deserialize_with = "lists::pattern")]
    value: Regex,
}

/// The elements.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Elements {
    site_code: Element,
    icp: Element,
    police: Element,
    sponsor: Element,
    owner: Element,
    contact: Element,
    address: Element,
    way: Element,
    own: Element,
}

#[derive(Clone, Copy, Debug)]
enum Of {
    SiteCode,
    Icp,
    Police,
    Sponsor,
    Owner,
    Contact,
    Address,
    Way,
    Own,
}

impl Elements {
    fn all(&self) -> [(Of, &Element); 9] {
        [
            (Of::SiteCode, &self.site_code),
            (Of::Icp, &self.icp),
            (Of::Police, &self.police),
            (Of::Sponsor, &self.sponsor),
            (Of::Owner, &self.owner),
            (Of::Contact, &self.contact),
            (Of::Address, &self.address),
            (Of::Way, &self.way),
            (Of::Own, &self.own),
        ]
    }
}

/// What each word announces.
static ANNOUNCED: LazyLock<Vec<Of>> = LazyLock::new(|| {
    let elements = LIST.as_ref().map(|list| list.footer.all());
    let of = elements.iter().flatten();
    of.flat_map(|(of, element)| element.words.iter().map(|_| *of)).collect()
});

/// The words of all elements, by their place.
pub(super) fn words() -> Vec<(usize, String)> {
    let elements = LIST.as_ref().map(|list| list.footer.all());
    let words = elements.iter().flatten().flat_map(|(_, element)| element.words.iter().cloned());
    words.enumerate().collect()
}

/// What a text says; empty where it says nothing.
#[derive(Debug, Default)]
pub(super) struct Footer {
    pub(super) site_code: String,
    pub(super) icp: Vec<NumberAt>,
    pub(super) police: Vec<NumberAt>,
    sponsor: String,
    owner: String,
    contact: String,
    address: String,
    way: String,
    /// The contact is that of the last sponsor.
    settled: bool,
    pub(super) own: bool,
}

impl Footer {
    /// Reads the end of a text; what is missing there is taken from the rest of it.
    pub(super) fn of(text: &str, sights: &Sights) -> Self {
        let tail = text.ceil_char_boundary(text.len().saturating_sub(TAIL));
        let mut footer = Self::default();
        footer.read(text, sights, tail..text.len());
        if !footer.whole() && tail > 0 {
            let mut other = Self::default();
            other.read(text, sights, 0..tail);
            footer.fill(other);
        }
        footer
    }

    /// Nothing is missing.
    fn whole(&self) -> bool {
        let texts = [&self.site_code, &self.sponsor, &self.contact];
        texts.iter().all(|text| !text.is_empty()) && !self.icp.is_empty() && !self.police.is_empty()
    }

    /// Takes from another what is missing here.
    pub(super) fn fill(&mut self, other: Self) {
        for (own, other) in [
            (&mut self.site_code, other.site_code),
            (&mut self.sponsor, other.sponsor),
            (&mut self.owner, other.owner),
            (&mut self.contact, other.contact),
            (&mut self.address, other.address),
            (&mut self.way, other.way),
        ] {
            if own.is_empty() {
                *own = other;
            }
        }
        for (own, other) in [(&mut self.icp, other.icp), (&mut self.police, other.police)] {
            if own.is_empty() {
                *own = other;
            }
        }
        self.own |= other.own;
    }

    /// Reads a part of a text.
    fn read(&mut self, text: &str, sights: &Sights, part: Range<usize>) {
        let Some(list) = LIST.as_ref() else { return };
        for found in sights.within(sights::Of::Footer, part.clone()).take(MOST_HITS) {
            let Some(of) = ANNOUNCED.get(found.word) else { continue };
            let after = &text[found.end..part.end];
            let after = &after[..after.floor_char_boundary(NEAR)];
            let word = &text[found.start..found.end];
            let before = &text[part.start..found.start];
            self.element(*of, list, [before, word, after]);
        }
    }

    fn element(&mut self, of: Of, list: &List, at: [&str; 3]) {
        let [before, word, after] = at;
        let elements = &list.footer;
        let value = |element: &Element| {
            let found = element.value.captures(after)?;
            found.get(1).map(|found| folded(found.as_str(), LONGEST))
        };
        let name = |element: &Element| value(element).filter(|name| !list.label.is_match(name));
        match of {
            // the footer comes last: what stands before it may be an article about other sites
            Of::SiteCode => {
                if let Some(code) = site_code(&elements.site_code, list, after) {
                    self.site_code = code;
                }
            }
            Of::Icp => {
                add(&mut self.icp, list.icp().and_then(|kind| kind.read(before, word, after)));
            }
            Of::Police => {
                add(
                    &mut self.police,
                    list.police().and_then(|kind| kind.read(before, word, after)),
                );
            }
            Of::Sponsor => {
                if let Some(sponsor) = name(&elements.sponsor) {
                    self.sponsor = sponsor;
                    // its telephone comes after its name
                    self.settled = false;
                }
            }
            Of::Owner => {
                let after = name(&elements.owner).filter(|name| list.organ.is_match(name));
                if let Some(owner) = after.or_else(|| owner_before(before, &list.organ)) {
                    self.owner = owner;
                }
            }
            Of::Contact if self.settled => {}
            Of::Contact => {
                if let Some(contact) = value(&elements.contact) {
                    self.contact = contact;
                    self.settled = true;
                }
            }
            Of::Address => {
                if let Some(address) = value(&elements.address) {
                    self.address = address;
                }
            }
            Of::Way => word.clone_into(&mut self.way),
            Of::Own => self.own = true,
        }
    }

    /// The sponsor; the owner of the copyright where nobody else is named.
    pub(super) fn sponsor(&mut self) -> String {
        let name = if self.sponsor.is_empty() { &mut self.owner } else { &mut self.sponsor };
        std::mem::take(name)
    }

    /// A number or an address; a link to these where nothing else is.
    pub(super) fn contact(&mut self) -> String {
        let found = [&mut self.contact, &mut self.address, &mut self.way];
        found.into_iter().find(|text| !text.is_empty()).map(std::mem::take).unwrap_or_default()
    }
}

fn add(numbers: &mut Vec<NumberAt>, number: Option<NumberAt>) {
    let Some(number) = number else { return };
    let same = |known: &NumberAt| known.text == number.text;
    if numbers.len() < MOST && !numbers.iter().any(same) {
        numbers.push(number);
    }
}

/// The code after its label, in lower case.
fn site_code(element: &Element, list: &List, after: &str) -> Option<String> {
    let found = element.value.captures(after)?;
    let fits = |code: &str| list.code_form.is_match(&code.to_ascii_lowercase());
    let code = number::run(found.get(1)?.as_str(), false, fits).digits.to_ascii_lowercase();
    fits(&code).then_some(code)
}

/// The owner that stands before 版权所有.
fn owner_before(before: &str, organ: &Regex) -> Option<String> {
    let before = before.trim_end();
    let part_of_name = |char: char| {
        ('\u{4e00}'..='\u{9fff}').contains(&char)
            || matches!(char, '\u{ff08}' | '\u{ff09}' | '\u{3001}' | '\u{b7}')
    };
    let begin = before
        .char_indices()
        .rev()
        .take(LONGEST)
        .take_while(|(_, char)| part_of_name(*char))
        .last()
        .map(|(at, _)| at)?;
    let name = &before[begin..];
    (name.chars().count() >= 4 && organ.is_match(name)).then(|| name.to_owned())
}

impl List {
    fn icp(&self) -> Option<Kind<'_>> {
        let form = &FORMS.as_ref()?.icp;
        Some(Kind { form, value: &self.footer.icp.value, dummies: &self.dummies, strict: true })
    }

    fn police(&self) -> Option<Kind<'_>> {
        let form = &FORMS.as_ref()?.police;
        Some(Kind { form, value: &self.footer.police.value, dummies: &self.dummies, strict: false })
    }
}
