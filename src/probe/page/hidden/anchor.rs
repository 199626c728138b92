//! The links on the way through a page: whose they are, and which words of them are seen.

use url::Url;

use super::{
    host::Whose,
    tag::Held,
    technique::{Set, Technique as T},
    walk::Walk,
    weigh::Away,
};
use crate::markup::resolve;

/// Links to other sites that are kept; those beyond weigh nothing.
const MOST: usize = 1_000;
/// Characters of a link's words.
const LONGEST_TEXT: usize = 60;
/// Bytes of an address.
const LONGEST_ADDRESS: usize = 2_000;

/// The link whose words are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    pub(super) link: usize,
    /// Open elements when it was opened, itself among them.
    pub(super) depth: usize,
    /// Words that are drawn as text is.
    plain: bool,
    /// How other words of it are drawn so that nobody sees them.
    covered: Set,
    /// Characters without any width.
    blank: bool,
}

impl Walk<'_> {
    pub(super) fn anchor(&mut self, held: &Held<'_>) {
        let Some(href) = held.href.map(resolve) else { return };
        let depth = self.stack.len();
        let hides = self.stack.last().map(|open| open.hides).unwrap_or_default();
        let link = self.found.links.len();
        if let Some(away) = self.link(&href) {
            away.marks = away.marks.or(hides);
            let (plain, covered, blank) = (false, Set::default(), false);
            self.anchor = Some(Anchor { link, depth, plain, covered, blank });
        }
    }

    /// Takes note of a link, and gives it back where it leads to another site.
    pub(super) fn link(&mut self, href: &str) -> Option<&mut Away> {
        let open = self.stack.last();
        if open.is_some_and(|open| open.inert) {
            return None;
        }
        let resets = open.map(|open| open.resets).unwrap_or_default();
        let (whose, url) = match self.own(href) {
            true => {
                self.found.own += 1;
                return None;
            }
            false => self.resolved(href)?,
        };
        match whose {
            Whose::Own => self.found.own += 1,
            Whose::Nothing => {}
            Whose::Public | Whose::Unknown if self.found.links.len() < MOST => {
                let public = whose == Whose::Public;
                let mut marks = Set::default();
                if self.coded {
                    marks.add(T::Encoded);
                }
                let host = host(&url);
                let away =
                    Away { host, target: url.into(), public, resets, marks, ..Away::default() };
                self.found.links.push(away);
                return self.found.links.last_mut();
            }
            Whose::Public | Whose::Unknown => {}
        }
        None
    }

    /// A link that is plainly the site's own: most are, and none of those is taken apart.
    fn own(&self, href: &str) -> bool {
        let href = href.trim();
        let clean = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-');
        if let Some((scheme, rest)) = href.split_once("//") {
            let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
            matches!(scheme, "http:" | "https:" | "")
                && host.chars().all(clean)
                && self.hosts.is_own(host)
        } else {
            !self.based
                && !href.is_empty()
                && !href.starts_with('#')
                && !href.contains([':', '\\', '\t', '\n', '\r'])
        }
    }

    /// Where an address leads, and whose that is.
    pub(super) fn resolved(&self, href: &str) -> Option<(Whose, Url)> {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') || href.len() > LONGEST_ADDRESS {
            return None;
        }
        let url = self.base.join(href).ok()?;
        let web = matches!(url.scheme(), "http" | "https");
        let whose = self.hosts.whose(url.host_str().filter(|_| web)?);
        Some((whose, url))
    }

    pub(super) fn text(&mut self, text: &str) {
        let Some(anchor) = &mut self.anchor else { return };
        let text = resolve(text);
        let is_blank =
            |char: char| matches!(char, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        let seen = |char: char| !char.is_whitespace() && !is_blank(char);
        if text.contains(seen) {
            let inner = self.stack.above(anchor.depth).iter();
            let covered = inner.fold(Set::default(), |set, open| set.or(open.hides));
            let covered = covered.and(Set::TEXT);
            anchor.covered = anchor.covered.or(covered);
            anchor.plain |= covered.is_empty();
        } else {
            anchor.blank |= text.contains(is_blank);
        }
        if let Some(link) = self.found.links.get_mut(anchor.link) {
            let room = LONGEST_TEXT.saturating_sub(link.text.chars().count());
            link.text.extend(text.chars().filter(|char| !char.is_control()).take(room));
        }
    }

    /// The words of a link are read.
    pub(super) fn close(&mut self) {
        let Some(anchor) = self.anchor.take() else { return };
        let Some(link) = self.found.links.get_mut(anchor.link) else { return };
        link.read();
        if anchor.plain || link.picture {
            return;
        }
        link.marks = link.marks.or(anchor.covered);
        if anchor.blank && anchor.covered.is_empty() {
            link.marks.add(T::ZeroWidth);
        }
    }
}

pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
