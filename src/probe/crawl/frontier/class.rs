//! What a link leads to, as far as its address and what holds it tell.

use url::Url;

use super::super::list::LIST;
use crate::page::How;

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A page of the site.
    Page,
    /// A file to download, of the site.
    Attachment,
    /// What a page of the site loads from the site.
    Loaded,
    /// Anything on another host, or on another port of the site's own.
    Foreign,
}

/// What the ending of an address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// A file to download.
    File,
    /// Something that pages load.
    Loaded,
    /// Nothing: it may be a page.
    Other,
}

/// The address is that of a file whose text can be read.
pub(in super::super) fn is_document(url: &Url) -> bool {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    let values = url.query().unwrap_or_default().split('&');
    [last].into_iter().chain(values).filter_map(extension).any(|found| LIST.is_document(found))
}

/// The ending of an address; old sites name the file in the query (`down.jsp?filename=a.doc`).
pub(super) fn ending(url: &Url) -> Ending {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    match extension(last) {
        Some(found) if LIST.is_file(found) => return Ending::File,
        Some(found) if LIST.is_loaded(found) => return Ending::Loaded,
        _ => {}
    }
    let mut values = url.query().unwrap_or_default().split('&').filter_map(extension);
    if values.any(|found| LIST.is_file(found)) { Ending::File } else { Ending::Other }
}

fn extension(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, found)| found).filter(|found| (1..=5).contains(&found.len()))
}

/// The class of a link.
pub(super) fn class(how: How, own: bool, ending: Ending) -> Class {
    match (how, ending) {
        _ if !own => Class::Foreign,
        (How::Media | How::Code, _) | (_, Ending::Loaded) => Class::Loaded,
        (_, Ending::File) => Class::Attachment,
        (_, Ending::Other) => Class::Page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_go_by_host_then_by_what_holds_them_then_by_ending() {
        let of = |path: &str, how, own| {
            let url = Url::parse("http://a.cn").unwrap().join(path).unwrap();
            class(how, own, ending(&url))
        };
        for (path, how, own, want) in [
            ("/a.html", How::Anchor, true, Class::Page),
            ("/a.PDF", How::Anchor, true, Class::Attachment),
            ("/down.jsp?id=3&filename=%E8%A1%A8.xlsx", How::Anchor, true, Class::Attachment),
            ("/pdf/", How::Menu, true, Class::Page),
            ("/x.js", How::Script, true, Class::Loaded),
            ("/code.do", How::Media, true, Class::Loaded),
            ("/frame.htm", How::Frame, true, Class::Page),
            ("/a.pdf", How::Anchor, false, Class::Foreign),
            ("/a.gif", How::Media, false, Class::Foreign),
            ("/v1.2/list?v=1.0", How::Anchor, true, Class::Page),
        ] {
            assert_eq!(of(path, how, own), want, "{path}");
        }
    }
}
