//! Words of spam: where they stand on a page and how much they weigh.
//!
//! A word alone proves nothing: police, courts and campaigns write it as well. What is counted is what is left when the words
//! that talk against it have been heard.

mod context;
mod place;

use url::Url;
use xuncha_model::facts::{PageFacts, content::Injected};

use super::{How, Link};
use crate::lexicon::{self, Hit};
use context::CONTEXTS;
use place::Place;

/// Tags whose content search engines show.
const TAGS: [&str; 4] = ["keywords", "description", "og:title", "og:description"];
/// How much more a link to a stranger weighs.
const FOREIGN: u32 = 2;

/// The lists that weigh something, by place; `hits` are those of the text.
pub(super) fn injected(
    page: &PageFacts,
    links: &[Link],
    text: &str,
    hits: &[Hit],
) -> Vec<Injected> {
    let mut found = Vec::new();
    let url = Url::parse(&page.url).ok();
    let body = Body::of(text, hits);
    let against = title(&page.title, &body, &mut found);
    let mut meta = Place::new("meta");
    for content in TAGS.iter().filter_map(|tag| page.tags.get(*tag)) {
        if !against {
            meta.add_all(content, &body.unheard(short(content)), 1);
        }
    }
    meta.finish(&mut found);
    anchors(url.as_ref(), links, &mut found);
    body.finish(text, against, &mut found);
    if let Some(url) = &url {
        address(url, &mut found);
    }
    found
}

/// The same of a title and a text of which nothing else is known.
pub(crate) fn injected_in(heading: &str, text: &str) -> Vec<Injected> {
    let mut found = Vec::new();
    let hits = lexicon::hits(text);
    let body = Body::of(text, &hits);
    let against = title(heading, &body, &mut found);
    body.finish(text, against, &mut found);
    found
}

/// The words of a title; whether it talks against such things.
fn title(title: &str, body: &Body<'_>, found: &mut Vec<Injected>) -> bool {
    let mut place = Place::new("title");
    place.add_all(title, &body.unheard(short(title)), 1);
    place.finish(found);
    let known = CONTEXTS.as_ref();
    known.is_some_and(|known| known.speaks_against(title))
}

fn anchors(url: Option<&Url>, links: &[Link], found: &mut Vec<Injected>) {
    let own = url.and_then(Url::host_str).unwrap_or_default();
    let mut place = Place::new("anchor");
    let readable =
        |link: &&Link| !matches!(link.how, How::Media | How::Code) && !link.text.is_empty();
    for link in links.iter().filter(readable) {
        let hits = short(&link.text);
        if !hits.is_empty() {
            let host = link.url.host_str().unwrap_or_default();
            let times = if is_own(host, own) { 1 } else { FOREIGN };
            place.add_all(&link.text, &hits, times);
        }
    }
    place.finish(found);
}

/// One host is the other, or below it.
fn is_own(host: &str, own: &str) -> bool {
    let below = |lower: &str, upper: &str| {
        let start = lower.strip_suffix(upper.strip_prefix("www.").unwrap_or(upper));
        start.is_some_and(|start| start.is_empty() || start.ends_with('.'))
    };
    below(host, own) || below(own, host)
}

/// The words of a text.
struct Body<'h> {
    /// Those that nothing near them talks against.
    left: Vec<&'h Hit>,
    /// Those of a text that says more against such things than for them.
    heard: Vec<&'h Hit>,
}

impl<'h> Body<'h> {
    fn of(text: &str, hits: &'h [Hit]) -> Self {
        let hits: Vec<&Hit> = hits.iter().filter(|hit| hit.entry.is_spam()).collect();
        let known = CONTEXTS.as_ref().filter(|_| !hits.is_empty());
        let left = known.map(|known| known.left(text, &hits)).unwrap_or_default();
        if 2 * left.len() < hits.len() {
            Self { left: Vec::new(), heard: hits }
        } else {
            Self { left, heard: Vec::new() }
        }
    }

    /// What stands above the text, without the words that it talks against.
    fn unheard(&self, mut hits: Vec<Hit>) -> Vec<Hit> {
        hits.retain(|hit| !self.heard.iter().any(|heard| std::ptr::eq(heard.entry, hit.entry)));
        hits
    }

    /// A text whose title talks against such things must have many of them.
    fn finish(&self, text: &str, against: bool, found: &mut Vec<Injected>) {
        let mut place = Place::new("text");
        self.left.iter().for_each(|hit| place.add(text, hit, 1));
        let spared = CONTEXTS.as_ref().map_or(0, |known| known.spared);
        if !against || place.words() >= spared {
            place.finish(found);
        }
    }
}

/// The words of a short text that nothing in it talks against.
fn short(text: &str) -> Vec<Hit> {
    let mut hits = lexicon::hits(text);
    hits.retain(|hit| hit.entry.is_spam());
    if let Some(known) = CONTEXTS.as_ref().filter(|_| !hits.is_empty()) {
        known.keep(text, &mut hits);
    }
    hits
}

/// The words that a path is made of.
fn address(url: &Url, found: &mut Vec<Injected>) {
    let Some(known) = CONTEXTS.as_ref() else { return };
    let path = url.path();
    let before = found.len();
    for word in path.split(|char: char| !char.is_ascii_alphanumeric()) {
        let letters = word.trim_matches(|char: char| char.is_ascii_digit());
        let Some(odd) = known.odd(word).or_else(|| known.odd(letters)) else { continue };
        let same = found.iter().skip(before).position(|it| it.list == odd.list);
        let at = same.map_or(found.len(), |at| before + at);
        if same.is_none() {
            let (place, snippet) = ("address".to_owned(), place::cut(path, 0));
            found.push(Injected { list: odd.list.clone(), place, snippet, ..Injected::default() });
        }
        if let Some(it) = found.get_mut(at)
            && it.words.len() < place::MOST_WORDS
            && !it.words.iter().any(|known| known == word)
        {
            it.weight += odd.weight;
            it.words.push(word.to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
