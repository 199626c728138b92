//! Documents and slides in zip archives of XML: docx, pptx, OpenDocument.

use crate::{
    archive::{Archive, Member},
    file,
    haul::{Haul, Place, Why},
    xml::{self, Dialect},
};

/// Text documents, the body first. Hidden text, text boxes and struck-out changes stand in the same elements.
pub(crate) fn docx(archive: &mut Archive<'_>, haul: &mut Haul, place: &Place) {
    let body = archive.member("word/document.xml");
    let had = haul.parts.len();
    match body {
        Some(body) => read(archive, haul, place, &body, "", &xml::WORD),
        None => haul.unread(place, "", Why::Damaged),
    }
    if haul.parts.get(had).is_none_or(|part| crate::haul::is_bare(&part.text))
        && archive.has_in("word/media/")
    {
        haul.unread(place, "", Why::Scanned);
    }
    for kind in ["header", "footer", "footnotes", "endnotes", "comments"] {
        for member in archive.under(&format!("word/{kind}"), ".xml") {
            read(archive, haul, place, &member, stem(&member.name), &xml::WORD);
        }
    }
    for member in archive.under("word/diagrams/data", ".xml") {
        read(archive, haul, place, &member, stem(&member.name), &xml::DRAWING);
    }
    embedded(archive, haul, place, "word/embeddings/");
}

/// Slides, their notes and comments.
pub(crate) fn pptx(archive: &mut Archive<'_>, haul: &mut Haul, place: &Place) {
    let had = haul.parts.len();
    for (number, member) in archive.under("ppt/slides/slide", ".xml").iter().enumerate() {
        let name = format!("slide {}", number + 1);
        read(archive, haul, place, member, &name, &xml::DRAWING);
    }
    if haul.parts.len() == had && archive.has_in("ppt/media/") {
        haul.unread(place, "", Why::Scanned);
    }
    for folder in ["ppt/notesSlides/", "ppt/diagrams/data"] {
        for member in archive.under(folder, ".xml") {
            read(archive, haul, place, &member, stem(&member.name), &xml::DRAWING);
        }
    }
    for member in archive.under("ppt/comments/", ".xml") {
        read(archive, haul, place, &member, stem(&member.name), &xml::COMMENTS);
    }
    embedded(archive, haul, place, "ppt/embeddings/");
}

/// Text documents and slides of OpenDocument: the body, then what stands in headers and footers.
pub(crate) fn open(archive: &mut Archive<'_>, haul: &mut Haul, place: &Place) {
    for (member, name) in [("content.xml", ""), ("styles.xml", "header")] {
        if let Some(member) = archive.member(member) {
            read(archive, haul, place, &member, name, &xml::OPEN);
        }
    }
}

/// What lies beside the cells of a workbook: comments, text boxes, and files in it.
pub(crate) fn beside_cells(archive: &mut Archive<'_>, haul: &mut Haul, place: &Place) {
    for folder in ["xl/comments", "xl/threadedComments/"] {
        for member in archive.under(folder, ".xml") {
            read(archive, haul, place, &member, stem(&member.name), &xml::COMMENTS);
        }
    }
    for member in archive.under("xl/drawings/drawing", ".xml") {
        read(archive, haul, place, &member, stem(&member.name), &xml::DRAWING);
    }
    embedded(archive, haul, place, "xl/embeddings/");
}

/// Files in a document: those that are documents themselves; formulas and other objects hold nothing to be read.
fn embedded(archive: &mut Archive<'_>, haul: &mut Haul, place: &Place, folder: &str) {
    for member in archive.under(folder, "") {
        let name = file::base(&member.name).to_owned();
        match archive.read(&member, haul) {
            Ok(bytes) if file::is_document(&bytes) => {
                file::take(haul, &place.member(&name), &bytes, file::ending(&name));
            }
            Ok(_) => {}
            Err(why) => haul.unread(place, &name, why),
        }
    }
}

fn read(
    archive: &mut Archive<'_>,
    haul: &mut Haul,
    place: &Place,
    member: &Member,
    part: &str,
    dialect: &Dialect,
) {
    match archive.read(member, haul) {
        Ok(bytes) => xml::part(haul, place, part, &bytes, dialect),
        Err(why) => haul.unread(place, part, why),
    }
}

/// The name of a member without folders and ending: what it is in its document.
fn stem(name: &str) -> &str {
    let base = file::base(name);
    base.split_once('.').map_or(base, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::zip;

    type Pairs = Vec<(String, String)>;

    fn parts(bytes: &[u8]) -> (Pairs, Pairs) {
        let mut haul = Haul::new();
        file::take(&mut haul, &Place::default(), bytes, "");
        let parts = haul.parts.into_iter().map(|part| (part.part, part.text)).collect();
        let unread = haul.unread.into_iter().map(|part| (part.part, part.why)).collect();
        (parts, unread)
    }

    fn owned(pairs: &[(&str, &str)]) -> Pairs {
        pairs.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
    }

    #[test]
    fn a_document_is_read_with_what_stands_around_its_body() {
        let text = |text: &str| format!("<w><w:p><w:t>{text}</w:t></w:p></w>");
        let within = zip(&[("word/document.xml", text("in it").as_bytes())]);
        let bytes = zip(&[
            ("word/comments.xml", text("comment").as_bytes()),
            ("word/document.xml", text("body").as_bytes()),
            ("word/header1.xml", text("head").as_bytes()),
            ("word/embeddings/a.docx", &within),
            ("word/embeddings/oleObject1.bin", b"formula"),
        ]);
        let (parts, unread) = parts(&bytes);
        let expected = [
            ("", "body\n"),
            ("header1", "head\n"),
            ("comments", "comment\n"),
            ("a.docx", "in it\n"),
        ];
        assert_eq!((parts, unread), (owned(&expected), Vec::new()));
    }

    #[test]
    fn a_document_that_is_a_picture_is_unread() {
        let body = b"<w><w:p><w:drawing/></w:p></w>";
        let bytes = zip(&[("word/document.xml", body), ("word/media/image1.png", b"png")]);
        assert_eq!(parts(&bytes), (Vec::new(), owned(&[("", "scanned")])));
    }

    #[test]
    fn slides_come_in_their_order() {
        let slide = |text: &str| format!("<p:sld><a:p><a:t>{text}</a:t></a:p></p:sld>");
        let bytes = zip(&[
            ("ppt/slides/slide10.xml", slide("ten").as_bytes()),
            ("ppt/slides/slide2.xml", slide("two").as_bytes()),
            ("ppt/notesSlides/notesSlide2.xml", slide("note").as_bytes()),
        ]);
        let expected = [("slide 1", "two\n"), ("slide 2", "ten\n"), ("notesSlide2", "note\n")];
        assert_eq!(parts(&bytes).0, owned(&expected));
    }
}
