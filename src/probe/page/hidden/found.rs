//! What the way through a page has found: links held against the boxes that hide them, and what that proves.

use std::ops::Range;

use xuncha_model::facts::content::HiddenLink;

use super::{
    boxed::{self, Boxed},
    element::{self, Open},
    sheet::Rules,
    technique::{Set, Technique as T},
    weigh::{Away, Weight},
};
use crate::title::folded;

/// Boxes with names that are kept on the way, and that are handed on.
const MOST_NAMED: usize = 200;
const MOST_BOXED: usize = 40;
/// Names of one box, and bytes of one.
const MOST_NAMES: usize = 12;
/// Style sheets of one page.
const MOST_SHEETS: usize = 20;
/// How often a name is looked for in the whole page.
const MOST_LOOKS: u32 = 20;
/// Characters of mark-up that is shown, of the words of a link, and bytes of an address.
const LONGEST_SNIPPET: usize = 200;
const LONGEST_TEXT: usize = 60;
const LONGEST_TARGET: usize = 500;

/// A box of links that bears names.
#[derive(Debug)]
struct Named {
    names: Vec<String>,
    links: Range<usize>,
    /// Links that are no neighbours in the page, each in a box of its own of these names.
    others: Vec<usize>,
    own: u32,
    bare: bool,
}

impl Named {
    fn weight(&self, links: &[Away]) -> Weight {
        Weight::of(self.of(links).filter(|link| !link.told), self.own)
    }

    fn of<'l>(&'l self, links: &'l [Away]) -> impl Iterator<Item = &'l Away> + Clone {
        let here = links.get(self.links.clone()).unwrap_or_default().iter();
        here.chain(self.others.iter().filter_map(|at| links.get(*at)))
    }
}

/// A technique, the link that shows it, and how many more it hides.
#[derive(Debug)]
struct Told {
    technique: T,
    link: Away,
    further: u32,
    shown: String,
}

/// What was found so far.
#[derive(Debug)]
pub(super) struct Found<'w> {
    body: &'w str,
    /// Links to other sites, in order.
    pub(super) links: Vec<Away>,
    /// Links of the site itself, so far.
    pub(super) own: u32,
    pub(super) rules: Rules,
    told: Vec<Told>,
    named: Vec<Named>,
    sheets: Vec<String>,
    looks: u32,
    begun: bool,
    /// Links to other sites and own ones when the page ended.
    ended: Option<(usize, u32)>,
}

impl<'w> Found<'w> {
    pub(super) fn new(body: &'w str) -> Self {
        Self {
            body,
            links: Vec::new(),
            own: 0,
            rules: Rules::default(),
            told: Vec::new(),
            named: Vec::new(),
            sheets: Vec::new(),
            looks: 0,
            begun: false,
            ended: None,
        }
    }

    /// The page loads this style sheet.
    pub(super) fn sheet(&mut self, path: &str) {
        if self.sheets.len() < MOST_SHEETS {
            self.sheets.push(path.to_owned());
        }
    }

    /// `<html>`: links before the first do not belong to the page.
    pub(super) fn html_begins(&mut self) {
        if !std::mem::replace(&mut self.begun, true) {
            self.place(T::Before, 0..self.links.len(), self.own);
        }
        self.ended = None;
    }

    /// The page goes on after an end: it is put together from parts.
    pub(super) fn html_goes_on(&mut self) {
        self.ended = None;
    }

    /// `</html>`
    pub(super) fn html_ends(&mut self) {
        self.ended = Some((self.links.len(), self.own));
    }

    /// Links where none belong.
    fn place(&mut self, technique: T, links: Range<usize>, own: u32) {
        let here = self.links.get(links.clone()).unwrap_or_default();
        let weight = Weight::of(here.iter().filter(|link| !link.told), own);
        if weight.in_strong_place(3) {
            self.hold(technique, links, "");
        }
    }

    /// An element has ended that holds links to other sites.
    pub(super) fn element(&mut self, open: &Open, names: &str) {
        let links = open.links..self.links.len();
        let own = self.own - open.own;
        // a link that hides itself is told with its like
        if open.name != element::A {
            for technique in open.hides.iter() {
                if self.hides(technique, open, names, links.clone(), own) {
                    self.hold(technique, links, open.tag.as_deref().unwrap_or_default());
                    return;
                }
            }
        }
        if !names.is_empty() {
            self.name(open, names, links, own);
        }
    }

    /// Whether the box proves an attack.
    fn hides(
        &mut self,
        technique: T,
        open: &Open,
        names: &str,
        links: Range<usize>,
        own: u32,
    ) -> bool {
        let here = self.links.get(links).unwrap_or_default().iter();
        let here = here.filter(|link| !link.told && !link.resets.has(technique));
        let weight = Weight::of(here, own);
        if technique.is_strong() {
            return weight.in_strong_box(technique);
        }
        let bare = open.menu == 0 && !element::is_list(open.name);
        weight.in_weak_box(|| {
            bare && !self.is_touched(names.split(' ').filter(|it| !it.is_empty()), 1)
        })
    }

    /// A name of the box stands in the page more often than so: something may open it.
    fn is_touched<'n>(&mut self, names: impl Iterator<Item = &'n str>, times: usize) -> bool {
        for name in names {
            self.looks += 1;
            let name = name.get(1..).unwrap_or_default();
            let often =
                self.body.match_indices(name).filter(|(at, _)| stands(self.body, *at, name));
            let often = often.take(times + 1).count() > times;
            if self.looks > MOST_LOOKS || often {
                return true;
            }
        }
        false
    }

    /// Keeps a box with names, for the rules that may hide it.
    fn name(&mut self, open: &Open, names: &str, links: Range<usize>, own: u32) {
        let foreign = links.len();
        if usize::try_from(own).is_ok_and(|own| own >= foreign) {
            return;
        }
        let names: Vec<_> = names.split(' ').take(MOST_NAMES).map(str::to_owned).collect();
        let bare = open.menu == 0 && !element::is_list(open.name);
        if let Some(last) = self.named.last_mut()
            && last.links == links
            && last.names.len() < MOST_NAMES
        {
            last.names.extend(names);
            last.bare &= bare;
            last.own = last.own.max(own);
            return;
        }
        let alike = |known: &&mut Named| open.name == element::A && known.names == names;
        if let Some(known) = self.named.iter_mut().rev().take(8).find(alike) {
            known.others.extend(links);
            return;
        }
        if self.named.len() >= MOST_NAMED {
            // the larger box comes after those in it
            let small = self.named.iter().position(|known| known.links.len() < foreign);
            let Some(small) = small else { return };
            self.named.remove(small);
        }
        self.named.push(Named { names, links, others: Vec::new(), own, bare });
    }

    /// Holds links against the box that hides them.
    fn hold(&mut self, technique: T, links: Range<usize>, shown: &str) {
        let held = |at: &usize| self.links.get(*at).is_some_and(|link| !link.resets.has(technique));
        let at: Vec<usize> = links.filter(held).collect();
        self.hold_each(technique, &at, shown);
    }

    fn hold_each(&mut self, technique: T, links: &[usize], shown: &str) {
        let held = links.iter().filter_map(|at| self.links.get(*at)).filter(|link| !link.told);
        let count = held.clone().count();
        let Some(best) = best(held).cloned() else { return };
        self.tell(technique, best, further(count), shown.to_owned());
        for at in links {
            if let Some(link) = self.links.get_mut(*at) {
                link.told = true;
            }
        }
    }

    /// Tells of a hidden link.
    pub(super) fn tell(&mut self, technique: T, link: Away, further: u32, shown: String) {
        match self.told.iter_mut().find(|told| told.technique.id() == technique.id()) {
            Some(told) => told.further += further + 1,
            None => self.told.push(Told { technique, link, further, shown }),
        }
    }

    /// Everything is read.
    pub(super) fn finish(mut self) -> (Vec<HiddenLink>, Vec<Boxed>) {
        for technique in T::ALL {
            self.singly(technique);
        }
        if let Some((links, own)) = self.ended {
            self.place(T::After, links..self.links.len(), self.own - own);
        }
        let named = std::mem::take(&mut self.named);
        let mut boxed = Vec::new();
        // what holds more came later
        for named in named.iter().rev() {
            if !self.by_rule(named) && boxed.len() < MOST_BOXED {
                boxed.extend(self.boxed(named));
            }
        }
        let told = self.told.into_iter().map(|told| {
            let mut link = hidden(&told.link, told.further, &told.shown);
            boxed::say(&mut link, told.technique);
            link
        });
        (told.collect(), boxed)
    }

    /// Links that hide themselves in one way.
    fn singly(&mut self, technique: T) {
        let marked = |link: &Away| !link.told && link.marks.has(technique);
        let at = self.links.iter().enumerate().filter(|(_, link)| marked(link));
        let at: Vec<usize> = at.map(|(at, _)| at).collect();
        let links = at.iter().filter_map(|at| self.links.get(*at));
        if !at.is_empty() && Weight::of(links, 0).singly(technique) {
            let shown = if technique == T::Encoded { "<script>" } else { "" };
            self.hold_each(technique, &at, shown);
        }
    }

    /// Whether a rule of the page, or a script, hides the box.
    fn by_rule(&mut self, named: &Named) -> bool {
        let weight = named.weight(&self.links);
        let hides =
            named.names.iter().fold(Set::default(), |set, name| set.or(self.rules.hides(name)));
        for technique in hides.iter() {
            let proves = if technique.is_strong() {
                weight.in_strong_place(2)
            } else {
                // the rule itself, or the script, names it once
                weight.in_weak_box(|| named.bare && !self.is_touched(named.names(), 2))
            };
            if proves {
                let at: Vec<usize> =
                    named.links.clone().chain(named.others.iter().copied()).collect();
                let shown = named.shown();
                self.hold_each(technique, &at, &shown);
                return true;
            }
        }
        false
    }

    /// The box for the style sheets that are still to come, where it could prove something.
    fn boxed(&mut self, named: &Named) -> Option<Boxed> {
        if self.sheets.is_empty() {
            return None;
        }
        let weight = named.weight(&self.links);
        let strong = weight.in_strong_place(2);
        let weak = weight.in_weak_box(|| named.bare && !self.is_touched(named.names(), 1));
        if !strong && !weak {
            return None;
        }
        let links = named.of(&self.links).filter(|link| !link.told && !link.picture);
        let further = further(links.clone().count());
        let first = best(links)?;
        Some(Boxed {
            names: named.names.clone(),
            link: hidden(first, further, &named.shown()),
            weak,
            strong,
            sheets: self.sheets.clone(),
        })
    }
}

impl Named {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The box as a selector names it.
    fn shown(&self) -> String {
        self.names.first().map(|name| format!("<{name}>")).unwrap_or_default()
    }
}

/// The link that shows best what is hidden: the first of its rank.
fn best<'l>(links: impl Iterator<Item = &'l Away>) -> Option<&'l Away> {
    let rank = |link: &Away| (!link.picture, link.unlike, !link.public);
    links.reduce(|best, link| if rank(link) > rank(best) { link } else { best })
}

/// How many there are besides the one that is shown.
fn further(count: usize) -> u32 {
    u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX)
}

/// A name that stands for itself, and is no part of a longer one.
fn stands(body: &str, at: usize, name: &str) -> bool {
    let goes_on = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let bytes = body.as_bytes();
    !goes_on(at.checked_sub(1).and_then(|at| bytes.get(at))) && !goes_on(bytes.get(at + name.len()))
}

fn hidden(link: &Away, further: u32, shown: &str) -> HiddenLink {
    let target = &link.target[..link.target.floor_char_boundary(LONGEST_TARGET)];
    let text = folded(&link.text, LONGEST_TEXT);
    // a tag that holds its address itself is shown alone
    let anchor = match (shown, text.is_empty()) {
        (shown, true) if !shown.is_empty() => String::new(),
        _ => format!("<a href=\"{target}\">{text}</a>"),
    };
    HiddenLink {
        target: target.to_owned(),
        host: link.host.clone(),
        snippet: folded(&format!("{shown} {anchor}"), LONGEST_SNIPPET),
        text,
        further,
        ..HiddenLink::default()
    }
}
