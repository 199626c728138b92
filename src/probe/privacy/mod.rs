//! Data of persons in a text: identity numbers, bank cards, mobile numbers; masked as soon as they are found.
//!
//! ```text
//! text ─▶ run: chains of digits ─▶ forms: candidates ─▶ search: judged by themselves and by the words around ─▶ facts
//! page ─▶ source: what readers do not see ───────────────────────────────┘        └▶ veil: masked everywhere
//! ```
//!
//! No type that holds a number in clear has `Debug`.

mod around;
mod card;
mod forms;
mod identity;
mod list;
mod mask;
mod phone;
mod run;
mod search;
mod source;
#[cfg(test)]
mod tests;
mod veil;

use std::borrow::Cow;

use xuncha_model::{
    Reason,
    facts::{FileFacts, PageFacts, content::Private},
};

use crate::page::{Given, PageRead};

use mask::{Shape, shown};
use search::{Search, Tally};
use veil::Veil;

/// What a text holds of it, masked, one element a kind.
pub fn private(text: &str) -> Vec<Private> {
    private_in(text, "")
}

/// What a part of a file holds of it, masked, one element a kind.
pub fn private_in(text: &str, part: &str) -> Vec<Private> {
    Search::of(text).private(part)
}

/// Looks for them in what was read of a page, and masks them in all of it.
///
/// Numbers in the source that readers do not see are of the part `source`. Links whose address holds one are of the part
/// `address` and are dropped: whoever follows them would write the number into the logs of others.
pub(crate) fn look(read: &mut PageRead, page: &Given<'_>) {
    let text = std::mem::take(&mut read.text);
    let search = Search::of(&text);
    let mut private = search.private("");
    let mut source = source::search(page.body(), &search);
    let mut veil = veil(&search);
    veil.add(&source.ids);
    let linked = if source.in_addresses { linked(read) } else { Tally::default() };
    veil.add(&linked);
    source.ids.without(&linked);
    let shape = Shape::Identity;
    private.extend(source.ids.private("id", shape, page.body(), "source"));
    if let Some(mut found) = linked.private("id", shape, "", "address") {
        "address".clone_into(&mut found.context);
        private.push(found);
    }
    read.facts.content.privacy = private;
    drop(search);
    read.text = text;
    if !veil.is_empty() {
        conceal(read, &veil);
    }
}

/// Masks in the facts of a file what its texts hold: name, address and snippets.
pub fn conceal_file<'t>(file: &mut FileFacts, texts: impl Iterator<Item = &'t str>) {
    let mut all = Veil::default();
    texts.for_each(|text| add(&mut all, &Search::of(text)));
    if !all.lay_over(file) {
        *file = FileFacts { reason: Reason::SelfBug, ..FileFacts::default() };
    }
}

/// A text without numbers that are identity numbers by themselves, whatever stands around them.
pub fn masked(text: &str) -> Cow<'_, str> {
    Veil::default().over(text)
}

/// An address without identity numbers, and without card numbers that are the value of a parameter.
pub(crate) fn masked_address(address: String) -> String {
    let mut out = address;
    let found: Vec<_> = source::in_address(&out).collect();
    for (number, (start, end)) in found {
        let mask = shown(&number, Shape::Identity);
        out.replace_range(start..end, &mask);
    }
    card::in_address(&mut out);
    out
}

/// Whether an address holds the number of a person.
pub(crate) fn tells(address: &str) -> bool {
    masked_address(address.to_owned()) != address
}

/// Everything in a text that must not be shown.
fn veil(search: &Search<'_>) -> Veil {
    let mut veil = Veil::default();
    add(&mut veil, search);
    veil
}

fn add(veil: &mut Veil, search: &Search<'_>) {
    [&search.ids, &search.short, &search.cards].into_iter().for_each(|tally| veil.add(tally));
    let least = list::known().map_or(0, |known| known.phones.least);
    if search.phones.count() >= least {
        veil.add(&search.phones);
    }
}

/// The identity numbers in the addresses of links, which are dropped. Pages that bear one as their name are not told: it
/// may be their own number, and is one by chance.
fn linked(read: &mut PageRead) -> Tally {
    let mut tally = Tally::default();
    read.links.retain(|link| {
        let address = link.url.as_str();
        let mut found = source::in_address(address).peekable();
        let keep = found.peek().is_none();
        found
            .filter(|(_, at)| source::is_told(address, *at))
            .for_each(|(number, _)| tally.add(number, (0, 0)));
        keep
    });
    for row in &mut read.rows {
        row.url.take_if(|url| source::in_address(url.as_str()).next().is_some());
    }
    tally
}

/// Masks them in everything that was read of a page.
fn conceal(read: &mut PageRead, veil: &Veil) {
    veil.mask(&mut read.text);
    read.links.retain(|link| !veil.hides_in(link.url.as_str()));
    read.links.iter_mut().for_each(|link| veil.mask(&mut link.text));
    for row in &mut read.rows {
        veil.mask(&mut row.title);
        veil.mask(&mut row.written);
        row.url.take_if(|url| veil.hides_in(url.as_str()));
    }
    if !veil.lay_over(&mut read.facts) {
        // cannot be; but what cannot be masked is not told
        let privacy = std::mem::take(&mut read.facts.content.privacy);
        let (origin, status, kind) = (read.facts.origin, read.facts.status, read.facts.kind);
        read.facts = PageFacts { origin, status, kind, ..PageFacts::default() };
        read.facts.content.privacy = privacy;
    }
}
