//! What attackers put on the pages of a crawl, and what should never have been published, in pages and files.

use std::collections::HashMap;

use url::Url;
use xuncha_model::facts::{
    ContentFacts, FileFacts, PageFacts,
    content::{At, HiddenLink, UnreadFile},
};

use crate::page::{
    PageRead,
    hidden::{Boxed, Sheet},
};

/// Elements of a list that are reported.
const MOST: usize = 200;
/// Unread files that are named.
const MOST_UNREAD: usize = 50;

/// Boxes that wait for style sheets, and style sheets that hide something.
const MOST_BOXED: usize = 2_000;
const MOST_SHEETS: usize = 100;

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    facts: ContentFacts,
    /// Boxes whose style sheets are still to come.
    boxed: Vec<At<Boxed>>,
    /// What the site's style sheets hide, by their paths.
    sheets: HashMap<String, Sheet>,
}

impl Contents {
    /// Looks through a page; of hidden links only those count that lead to hosts which nobody has `registered`: another
    /// government's site proves nothing, it may have been attacked itself.
    pub(crate) fn page(
        &mut self,
        page: &PageFacts,
        sha256: &str,
        registered: impl Fn(&str) -> bool,
    ) {
        let found = &page.content;
        let facts = &mut self.facts;
        facts.pages += 1;
        let at = Place { url: &page.url, holder: "", title: &page.title, file: false, sha256 };
        let hidden = found.hidden_links.iter().filter(|link| !registered(&link.host));
        put(&mut facts.hidden_links, hidden, &at, MOST);
        put(&mut facts.injected, found.injected.iter(), &at, MOST);
        put(&mut facts.malicious, found.malicious.iter(), &at, MOST);
        put(&mut facts.privacy, found.privacy.iter(), &at, MOST);
        put(&mut facts.marks, found.marks.iter(), &at, MOST);
        put(&mut facts.wording, found.wording.iter(), &at, MOST);
    }

    /// Looks through a file, to which a link of the page `holder` leads.
    pub(crate) fn file(&mut self, file: &FileFacts, holder: &str) {
        let facts = &mut self.facts;
        // the part tells more than the file: a password, a picture, a cap
        let part = file.unread.first().map(|part| part.why.clone());
        let why = part.or_else(|| Some(file.reason.to_string()).filter(|why| !why.is_empty()));
        let read = file.reason.is_ok() && (file.text_chars > 0 || file.unread.is_empty());
        facts.files += u32::from(read);
        if let Some(why) = why {
            facts.unread_count += 1;
            if facts.unread.len() < MOST_UNREAD {
                facts.unread.push(UnreadFile {
                    url: file.url.clone(),
                    name: file.name.clone(),
                    why,
                });
            }
        }
        let sha256 = &file.sha256;
        let at = Place { url: &file.url, holder, title: &file.name, file: true, sha256 };
        put(&mut facts.privacy, file.content.privacy.iter(), &at, MOST);
        put(&mut facts.marks, file.content.marks.iter(), &at, MOST);
        put(&mut facts.wording, file.content.wording.iter(), &at, MOST);
    }

    /// Keeps the boxes of a page that a style sheet may hide, by the same measure as its hidden links.
    pub(crate) fn boxed(
        &mut self,
        page: &PageRead,
        sha256: &str,
        registered: impl Fn(&str) -> bool,
    ) {
        let PageFacts { url, title, .. } = &page.facts;
        let at = Place { url, holder: "", title, file: false, sha256 };
        let boxed = page.boxed.iter().filter(|boxed| !registered(&boxed.link.host));
        put(&mut self.boxed, boxed, &at, MOST_BOXED);
    }

    /// What a style sheet of the site hides.
    pub(crate) fn style(&mut self, url: &Url, hides: Sheet) {
        if !hides.is_empty() && self.sheets.len() < MOST_SHEETS {
            self.sheets.insert(url.path().to_owned(), hides);
        }
    }

    /// The boxes that one of their style sheets hides are hidden links: one a page and technique.
    fn settle(&mut self) {
        let hidden = &mut self.facts.hidden_links;
        for at in std::mem::take(&mut self.boxed) {
            let sheets = at.found.sheets.iter().filter_map(|path| self.sheets.get(path));
            let Some(link) = sheets.into_iter().find_map(|sheet| at.found.hidden_by(sheet)) else {
                continue;
            };
            let same = |known: &&mut At<HiddenLink>| {
                known.url == at.url && known.found.technique == link.technique
            };
            if let Some(known) = hidden.iter_mut().find(same) {
                known.found.further = known.found.further.max(link.further);
            } else if hidden.len() < MOST {
                let At { url, holder, title, file, sha256, .. } = at;
                hidden.push(At { url, holder, title, file, sha256, found: link });
            }
        }
    }

    /// Everything is read.
    pub(crate) fn finish(mut self) -> ContentFacts {
        self.settle();
        self.facts
    }
}

/// Where something is found.
struct Place<'a> {
    url: &'a str,
    holder: &'a str,
    title: &'a str,
    file: bool,
    sha256: &'a str,
}

fn put<'f, T: Clone + 'f>(
    list: &mut Vec<At<T>>,
    found: impl Iterator<Item = &'f T>,
    place: &Place<'_>,
    most: usize,
) {
    let room = most.saturating_sub(list.len());
    list.extend(found.take(room).map(|found| At {
        url: place.url.to_owned(),
        holder: place.holder.to_owned(),
        title: place.title.to_owned(),
        file: place.file,
        sha256: place.sha256.to_owned(),
        found: found.clone(),
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &str, sheet: &str) -> Boxed {
        let link = HiddenLink { host: "b.example".into(), ..HiddenLink::default() };
        let (names, sheets) = (vec![name.to_owned()], vec![sheet.to_owned()]);
        Boxed { names, sheets, link, weak: true, strong: true }
    }

    #[test]
    fn a_style_sheet_that_comes_later_hides_a_box() {
        let found = |boxed: Boxed, css: &str| {
            let facts = PageFacts { url: "https://www.a.gov.cn/".into(), ..PageFacts::default() };
            let boxed = vec![boxed.clone(), boxed];
            let page =
                PageRead { facts, links: Vec::new(), rows: Vec::new(), text: String::new(), boxed };
            let mut contents = Contents::default();
            contents.boxed(&page, "", |host| host == "c.example");
            contents
                .style(&"https://www.a.gov.cn/css/a.css?v=2".parse().unwrap(), Sheet::read(css));
            let found = contents.finish().hidden_links;
            found.into_iter().map(|at| at.found.technique).collect::<Vec<_>>()
        };
        let css = ".x{position:absolute;left:-9999px}.y{display:none}";
        assert_eq!(found(boxed(".x", "/css/a.css"), css), ["off-screen"]);
        assert_eq!(found(boxed(".y", "/css/a.css"), css), ["display"]);
        assert_eq!(found(boxed(".z", "/css/a.css"), css), [""; 0]);
        assert_eq!(found(boxed(".x", "/css/b.css"), css), [""; 0], "the page does not load it");
        let mut registered = boxed(".x", "/css/a.css");
        registered.link.host = "c.example".into();
        assert_eq!(found(registered, css), [""; 0]);
        let weak = Boxed { weak: false, ..boxed(".y", "/css/a.css") };
        assert_eq!(found(weak, css), [""; 0]);
    }
}
