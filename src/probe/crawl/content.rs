//! What attackers put on the pages of a crawl, and what should never have been published, in pages and files.

use xuncha_model::facts::{
    ContentFacts, FileFacts, PageFacts,
    content::{At, UnreadFile},
};

/// Elements of a list that are reported.
const MOST: usize = 200;
/// Unread files that are named.
const MOST_UNREAD: usize = 50;

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    facts: ContentFacts,
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
        put(&mut facts.hidden_links, hidden, &at);
        put(&mut facts.injected, found.injected.iter(), &at);
        put(&mut facts.malicious, found.malicious.iter(), &at);
        put(&mut facts.privacy, found.privacy.iter(), &at);
        put(&mut facts.marks, found.marks.iter(), &at);
        put(&mut facts.wording, found.wording.iter(), &at);
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
        put(&mut facts.privacy, file.content.privacy.iter(), &at);
        put(&mut facts.marks, file.content.marks.iter(), &at);
        put(&mut facts.wording, file.content.wording.iter(), &at);
    }

    /// Everything is read.
    pub(crate) fn finish(self) -> ContentFacts {
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
) {
    let room = MOST.saturating_sub(list.len());
    list.extend(found.take(room).map(|found| At {
        url: place.url.to_owned(),
        holder: place.holder.to_owned(),
        title: place.title.to_owned(),
        file: place.file,
        sha256: place.sha256.to_owned(),
        found: found.clone(),
    }));
}
