//! The numbers of persons in one text, each judged by itself and by the words around it.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use xuncha_model::facts::content::Private;

use super::{
    around::{before, fills_cell, head, in_address, leads},
    card::{self, Heads, Issuer},
    forms::{self, Candidate},
    identity::{self, Look},
    list::{Known, known},
    mask::{self, Shape},
    phone::{self, Lists},
    run::{Chains, Number},
};

/// Characters before a number in which its name stands.
const NAME: usize = 24;
/// Characters before a number in which it is said that it is an example, or that it is one of an identity card after all.
const CLOSE: usize = 12;
/// Numbers that are made like identity numbers, but with a wrong check digit, from which on those with the right one are
/// taken for the same series, where they are fewer.
const SERIES: usize = 3;

/// Different numbers of one kind.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) seen: HashSet<Number, RandomState>,
    first: Option<(Number, (usize, usize))>,
}

impl Tally {
    pub(super) fn add(&mut self, number: Number, at: (usize, usize)) {
        if self.first.is_none_or(|(_, (start, _))| at.0 < start) {
            self.first = Some((number, at));
        }
        self.seen.insert(number);
    }

    pub(super) fn append(&mut self, other: Self) {
        if let Some((number, at)) = other.first {
            self.add(number, at);
        }
        self.seen.extend(other.seen);
    }

    /// Without the numbers that are told of elsewhere.
    pub(super) fn without(&mut self, other: &Self) {
        self.seen.retain(|number| !other.seen.contains(number));
        self.first = self.first.and_then(|(first, at)| {
            let left = if self.seen.contains(&first) {
                Some(first)
            } else {
                self.seen.iter().min().copied()
            };
            left.map(|number| (number, at))
        });
    }

    pub(super) fn count(&self) -> usize {
        self.seen.len()
    }

    /// As a fact; nothing where there are none.
    pub(super) fn private(
        &self,
        kind: &str,
        shape: Shape,
        text: &str,
        part: &str,
    ) -> Option<Private> {
        let (number, (start, _)) = self.first?;
        let head = text.get(..start).unwrap_or_default();
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Some(Private {
            kind: kind.to_owned(),
            count: count(self.count()),
            masked: mask::shown(&number, shape),
            offset: count(head.chars().count()),
            line: count(head.bytes().filter(|byte| *byte == b'\n').count() + 1),
            part: part.to_owned(),
            context: context(text, start),
        })
    }
}

/// The words before a place, at most 20 characters, without any digit.
fn context(text: &str, at: usize) -> String {
    let words = before(text, at, 20).chars().filter(|char| !char.is_numeric());
    let line: String = words.map(|char| if char.is_control() { ' ' } else { char }).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What was found in a text.
pub(super) struct Search<'t> {
    text: &'t str,
    pub(super) ids: Tally,
    pub(super) short: Tally,
    pub(super) cards: Tally,
    pub(super) phones: Tally,
    offices: Tally,
    /// Identity numbers that nothing calls so.
    unnamed: Tally,
    near: Tally,
    /// Everything that may be an identity number, whatever the words around made of it.
    pub(super) looked_at: HashSet<Number, RandomState>,
    lists: Lists,
    /// Looked for when first asked for.
    id_head: Option<Option<usize>>,
    card_heads: Option<Heads>,
}

impl<'t> Search<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut search = Self {
            text,
            ids: Tally::default(),
            short: Tally::default(),
            cards: Tally::default(),
            phones: Tally::default(),
            offices: Tally::default(),
            unnamed: Tally::default(),
            near: Tally::default(),
            looked_at: HashSet::default(),
            lists: Lists::default(),
            id_head: None,
            card_heads: None,
        };
        if let Some(known) = known() {
            let mut chains = Chains::new(text);
            while let Some(chain) = chains.next() {
                forms::each(chain, false, |candidate| search.judge(candidate, known));
            }
        }
        let unnamed = std::mem::take(&mut search.unnamed);
        if !is_series(unnamed.count(), search.near.count()) {
            search.ids.append(unnamed);
        }
        search
    }

    /// The facts, by kind. A few mobile numbers are nothing: every page has one somewhere.
    pub(super) fn private(&self, part: &str) -> Vec<Private> {
        let least = known().map_or(1, |known| known.phones.least);
        [
            (&self.ids, "id", Shape::Identity, 1),
            (&self.short, "id-masked-short", Shape::Identity, 1),
            (&self.cards, "card", Shape::Card, 1),
            (&self.phones, "phone", Shape::Phone, least),
            (&self.offices, "phone-office", Shape::Phone, least),
        ]
        .into_iter()
        .filter(|(tally, .., least)| tally.count() >= *least)
        .filter_map(|(tally, kind, shape, _)| tally.private(kind, shape, self.text, part))
        .collect()
    }

    /// Judges what may be a number; whether it is one.
    fn judge(&mut self, candidate: Candidate, known: &Known) -> bool {
        let Candidate { number, at, hidden, rest } = candidate;
        match number.signs().len() {
            18 if hidden > 0 => self.short_mask(&number, hidden, at, known),
            _ if hidden > 0 => false,
            18 => self.identity(number, at, known) || !rest && self.card(number, at, known),
            15 => !rest && self.old_identity(number, at, known),
            16..=19 => !rest && self.card(number, at, known),
            11 => !rest && self.phone(number, at, known),
            13 => !rest && self.abroad(&number, at, known),
            _ => false,
        }
    }

    fn identity(&mut self, number: Number, at: (usize, usize), known: &Known) -> bool {
        let look = identity::look(&number);
        match look {
            Look::Other => return false,
            Look::Near => {
                self.near.add(number, at);
                return true;
            }
            Look::Doubtful | Look::Valid => {}
        }
        self.looked_at.insert(number);
        let words = &known.identity.cues;
        let called = words.stand_in(before(self.text, at.0, NAME));
        if self.is_of_a_thing(at, known) || !called && in_address(self.text, at.0) {
            return true;
        }
        let named = called || self.is_below_id_head(at.0, known);
        if named {
            self.ids.add(number, at);
        } else if look == Look::Valid && !identity::is_credit_code(&number) {
            self.unnamed.add(number, at);
        }
        true
    }

    /// The word right before says that it is a number of something else, or an example.
    fn is_of_a_thing(&self, at: (usize, usize), known: &Known) -> bool {
        let close = before(self.text, at.0, CLOSE);
        if known.examples.stand_in(close) {
            return true;
        }
        let near = before(self.text, at.0, NAME);
        !known.identity.cues.stand_in(close)
            && (leads(&known.numbers, near) || leads(&known.credit.words, near))
    }

    fn is_below_id_head(&mut self, at: usize, known: &Known) -> bool {
        let (text, words) = (self.text, &known.identity.cues);
        let found = *self.id_head.get_or_insert_with(|| head(text, words, None));
        found.is_some_and(|end| end <= at)
    }

    /// A number of fifteen digits has no check digit: it must be called one.
    fn old_identity(&mut self, number: Number, at: (usize, usize), known: &Known) -> bool {
        if !identity::is_old(&number) || known.examples.stand_in(before(self.text, at.0, CLOSE)) {
            return false;
        }
        let called = leads(&known.identity.cues, before(self.text, at.0, NAME))
            || self.is_below_id_head(at.0, known) && fills_cell(self.text, at.0, at.1);
        if called {
            self.ids.add(number, at);
        }
        called
    }

    fn short_mask(
        &mut self,
        number: &Number,
        hidden: usize,
        at: (usize, usize),
        known: &Known,
    ) -> bool {
        let short = identity::is_short_mask(number, hidden)
            && !self.is_of_a_thing(at, known)
            && !in_address(self.text, at.0);
        if short {
            self.short.add(*number, at);
        }
        short
    }

    fn card(&mut self, number: Number, at: (usize, usize), known: &Known) -> bool {
        let issuer = card::issuer(&number, known);
        let close = before(self.text, at.0, CLOSE);
        if issuer == Issuer::None
            || known.examples.stand_in(close)
            || leads(&known.numbers, close)
            || in_address(self.text, at.0)
        {
            return false;
        }
        let text = self.text;
        let heads = *self.card_heads.get_or_insert_with(|| Heads {
            card: head(text, &known.cards.cues, Some(&known.cards.corporate)),
            account: head(text, &known.cards.accounts, Some(&known.cards.corporate)),
        });
        let persons = card::is_persons(text, at, issuer, heads, known);
        if persons {
            self.cards.add(number, at);
        }
        persons
    }

    /// A mobile number with the code of the country before it.
    fn abroad(&mut self, number: &Number, at: (usize, usize), known: &Known) -> bool {
        match number.signs().split_at_checked(2) {
            Some((b"86", rest)) => self.phone(Number::of(rest), at, known),
            _ => false,
        }
    }

    fn phone(&mut self, number: Number, at: (usize, usize), known: &Known) -> bool {
        // the name of a mailbox or a file
        let after = self.text.get(at.1..).unwrap_or_default();
        let name = after.strip_prefix('.').is_some_and(|it| it.starts_with(char::is_alphabetic));
        let close = before(self.text, at.0, CLOSE);
        if !phone::is_mobile(&number)
            || name
            || after.starts_with('@')
            || leads(&known.numbers, close)
            || in_address(self.text, at.0)
        {
            return false;
        }
        let persons = self.lists.is_persons(self.text, at, known);
        if persons { &mut self.phones } else { &mut self.offices }.add(number, at);
        true
    }
}

/// Whether numbers with the right check digit are few among many that are made alike: by chance it is right in one of
/// eleven.
pub(super) fn is_series(right: usize, wrong: usize) -> bool {
    wrong >= SERIES && right < wrong
}
