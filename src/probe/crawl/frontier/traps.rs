//! Traps: addresses without end, known by what they have in common.
//!
//! A family is what a set of addresses has in common: the path without its date, the list without its page number, the path
//! with the names of its parameters. Where a family grows beyond what a real site has, the rest of it is cut.
//!
//! # Decisions
//!
//! 2026-11-24: a running number in a path is no trap by itself: on most sites it is the number of the article. What chains
//! such pages is cut by the depth, what shows the same on all of them by [`Traps::same`], the rest by the page budget.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::BuildHasher,
};

use foldhash::{fast::RandomState, quality::FixedState};
use url::{Position, Url};

use super::{super::list::LIST, calendar, shape, spread::Spread};

/// Deepest path, in segments.
const DEEPEST: usize = 16;
/// Most dates under one family: two months of days, five years of months.
const MOST_DATES: u32 = 60;
/// Most dates under one family where no page can be.
const MOST_FAR: u32 = 3;
/// Most values of a session-like folder before the same path.
const MOST_SESSIONS: u32 = 50;
/// Most pages of one list.
const MOST_TURNS: u32 = 50;
/// Least room for one path with the same parameters, however small the budget.
const LEAST_QUERIES: u32 = 50;
/// Pages with the same content under one shape before it is cut.
const MOST_SAME: u32 = 20;
/// Families, shapes and spreads that are remembered; what comes after is bounded by the page budget alone.
const MOST_FAMILIES: usize = 16_384;
const MOST_SHAPES: usize = 4_096;
const MOST_SPREADS: usize = 1_024;

/// What is known of traps on this site.
#[derive(Debug)]
pub(super) struct Traps {
    this_year: u16,
    most_queries: u32,
    hash: FixedState,
    families: HashMap<u64, u32, RandomState>,
    spreads: HashMap<u64, Spread, RandomState>,
    shapes: HashMap<u64, Shape, RandomState>,
    /// At least one shape was cut.
    cutting: bool,
    /// Room to write in.
    written: Vec<u8>,
}

/// Pages of one shape.
#[derive(Clone, Copy, Debug, Default)]
struct Shape {
    asked: u32,
    same: u32,
    cut: bool,
}

impl Traps {
    /// Nothing is known; the page budget tells how many pages one program may have.
    pub(super) fn new(max_pages: u32, this_year: u16) -> Self {
        Self {
            this_year,
            most_queries: (max_pages / 2).max(LEAST_QUERIES),
            hash: FixedState::with_seed(0),
            families: HashMap::default(),
            spreads: HashMap::default(),
            shapes: HashMap::default(),
            cutting: false,
            written: Vec::new(),
        }
    }

    /// The trap that a new address of a page is part of; if none, it counts as one of its families.
    pub(super) fn trap(&mut self, url: &Url) -> Option<&'static str> {
        let path = url.path();
        if path.split('/').skip(1).count() > DEEPEST {
            return Some("depth");
        }
        if shape::repeats(path) {
            return Some("repeat");
        }
        if self.is_cut(url) {
            return Some("same");
        }
        if let Some(leaf) = calendar::leaf(url, self.this_year, &mut self.written) {
            let family = self.hash.hash_one((url.host_str(), leaf.far, &self.written[..]));
            let most = if leaf.far { MOST_FAR } else { MOST_DATES };
            if !self.grows(family, most) {
                return Some("calendar");
            }
        }
        if shape::without_tokens(url, &mut self.written) {
            let family = self.hash.hash_one((url.host_str(), "session", &self.written[..]));
            if !self.grows(family, MOST_SESSIONS) {
                return Some("session");
            }
        }
        let fits = url.query().is_none_or(|query| self.fits(url, query));
        (!fits).then_some("query")
    }

    /// Whether there is room for a query beside those that its path had.
    fn fits(&mut self, url: &Url, query: &str) -> bool {
        let place = self.hash.hash_one(url[Position::BeforeHost..Position::AfterPath].as_bytes());
        // sums, so that the order of parameters does not matter
        let (mut names, mut rest, mut turned) = (0u64, 0u64, false);
        for pair in query.split('&') {
            let name = pair.split('=').next().unwrap_or_default();
            names = names.wrapping_add(self.hash.hash_one(name.as_bytes()));
            if LIST.is_paging(name) {
                turned = true;
            } else {
                rest = rest.wrapping_add(self.hash.hash_one(pair.as_bytes()));
            }
        }
        if turned {
            let list = self.hash.hash_one((place, "list", rest));
            if !self.grows(list, MOST_TURNS) {
                return false;
            }
        }
        let program = self.hash.hash_one((place, "query", names));
        if self.permutes(program, query, rest) {
            return false;
        }
        self.grows(program, self.most_queries)
    }

    /// Whether the parameters of a program only recombine a few values each: as filters do, and the numbers of pages do not.
    fn permutes(&mut self, program: u64, query: &str, set: u64) -> bool {
        let pairs = || {
            query
                .split('&')
                .filter(|pair| !LIST.is_paging(pair.split('=').next().unwrap_or_default()))
        };
        if pairs().nth(1).is_none() {
            return false;
        }
        let room = self.spreads.len() < MOST_SPREADS;
        let spread = match self.spreads.entry(program) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) if room => new.insert(Spread::default()),
            Entry::Vacant(_) => return false,
        };
        spread.add(set, pairs().map(|pair| self.hash.hash_one(pair.as_bytes())))
    }

    /// Counts one more of a family; false when it has as many as it may.
    fn grows(&mut self, family: u64, most: u32) -> bool {
        let room = self.families.len() < MOST_FAMILIES;
        match self.families.entry(family) {
            Entry::Occupied(known) if *known.get() >= most => return false,
            Entry::Occupied(mut known) => *known.get_mut() += 1,
            Entry::Vacant(new) if room => {
                new.insert(1);
            }
            Entry::Vacant(_) => {}
        }
        true
    }

    /// Whether the shape of a page was cut.
    pub(super) fn is_cut(&mut self, url: &Url) -> bool {
        if !self.cutting {
            return false;
        }
        let shape = self.shape(url);
        self.shapes.get(&shape).is_some_and(|shape| shape.cut)
    }

    /// A page is asked for.
    pub(super) fn asked(&mut self, url: &Url) {
        let shape = self.shape(url);
        let room = self.shapes.len() < MOST_SHAPES;
        match self.shapes.entry(shape) {
            Entry::Occupied(mut known) => known.get_mut().asked += 1,
            Entry::Vacant(new) if room => {
                new.insert(Shape { asked: 1, ..Shape::default() });
            }
            Entry::Vacant(_) => {}
        }
    }

    /// A page showed what another did. The shape is cut when that is what most of its pages do: twenty articles that were
    /// deleted must not cost a site all the others.
    pub(super) fn same(&mut self, url: &Url) {
        let shape = self.shape(url);
        if let Some(shape) = self.shapes.get_mut(&shape) {
            shape.same = shape.same.saturating_add(1);
            shape.cut |= shape.same > MOST_SAME && shape.same >= shape.asked / 2;
            self.cutting |= shape.cut;
        }
    }

    fn shape(&mut self, url: &Url) -> u64 {
        shape::shape(url, &mut self.written);
        self.hash.hash_one(&self.written[..])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_address_is_survived(rest in r"(/|;|%|\?|&|=|-|[0-9]{1,9}|2026|/11|year=|page=|[0-9a-f]{17}/|\PC){0,24}") {
            let Ok(url) = Url::parse(&format!("http://a.cn/{rest}")) else { return Ok(()) };
            let mut traps = Traps::new(100, 2026);
            for _ in 0..70 {
                let first = traps.trap(&url);
                prop_assert!(first.is_none() || traps.trap(&url) == first);
                traps.same(&url);
                traps.asked(&url);
            }
        }
    }

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let mut traps = Traps::new(100_000, 2026);
        for number in 0..20_000u32 {
            let word: String = number.to_string().bytes().map(|d| char::from(d + 49)).collect();
            let url = Url::parse(&format!("http://a.cn/{word}/?year=2026&x={word}&y=1")).unwrap();
            assert_eq!(traps.trap(&url), None);
            traps.asked(&url);
            traps.same(&url);
        }
        assert_eq!(traps.families.len(), MOST_FAMILIES);
        assert_eq!((traps.spreads.len(), traps.shapes.len()), (MOST_SPREADS, MOST_SHAPES));
    }
}
