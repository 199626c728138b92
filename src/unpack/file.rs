//! What a file is, told by its first bytes and what lies in it, and who reads it.

use crate::{
    archive::Archive,
    haul::{DEPTH, Haul, Place, Why},
    ofd, office, ole, pdf, sheets, text,
};

const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// A PDF may have that much before it begins (ISO 32000-1, annex H.3.4.1).
const PDF_WITHIN: usize = 1024;
/// What would be taken for text, and is none.
const NO_TEXT: &[&[u8]] = &[b"{\\rtf", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"GIF8"];

/// It is a container of text: a zip, a compound file, a PDF, or one that nobody here reads.
pub fn is_document(bytes: &[u8]) -> bool {
    is_zip(bytes) || bytes.starts_with(OLE) || is_pdf(bytes) || is_no_text(bytes)
}

fn is_no_text(bytes: &[u8]) -> bool {
    NO_TEXT.iter().any(|magic| bytes.starts_with(magic))
}

/// Takes the text out of a file; tells what it is. `ending` is what its name ends with, in lower case.
pub(crate) fn take(haul: &mut Haul, place: &Place, bytes: &[u8], ending: &str) -> &'static str {
    if is_zip(bytes) {
        return zip(haul, place, bytes);
    }
    if bytes.starts_with(OLE) {
        return ole::take(haul, place, bytes, ending);
    }
    if is_pdf(bytes) {
        pdf::take(haul, place, bytes);
        return "pdf";
    }
    let text = if is_no_text(bytes) { None } else { text::decode(bytes) };
    let Some(text) = text else {
        haul.unread(place, "", Why::Unknown);
        return "other";
    };
    let mut words = haul.words();
    words.push_str(&text);
    haul.keep(place, "", words);
    if ending == "csv" { "csv" } else { "text" }
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

fn is_pdf(bytes: &[u8]) -> bool {
    let head = bytes.get(..PDF_WITHIN.min(bytes.len())).unwrap_or_default();
    head.windows(5).any(|window| window == b"%PDF-")
}

fn zip(haul: &mut Haul, place: &Place, bytes: &[u8]) -> &'static str {
    let Some(mut archive) = Archive::open(bytes) else {
        haul.unread(place, "", Why::Damaged);
        return "zip";
    };
    // documents in documents; archives are refused one sooner
    if place.depth > DEPTH {
        haul.unread(place, "", Why::Depth);
        return "zip";
    }
    if archive.has("OFD.xml") {
        ofd::take(&mut archive, haul, place);
        return "ofd";
    }
    if archive.has_in("word/") {
        office::docx(&mut archive, haul, place);
        return "docx";
    }
    if archive.has("xl/workbook.xml") {
        sheets::xlsx(&mut archive, bytes, haul, place);
        return "xlsx";
    }
    if archive.has("xl/workbook.bin") {
        haul.unread(place, "", Why::Unknown);
        return "xlsx";
    }
    if archive.has_in("ppt/") {
        office::pptx(&mut archive, haul, place);
        return "pptx";
    }
    if archive.has("mimetype") && archive.has("content.xml") {
        let member = archive.member("mimetype");
        let kind = member.and_then(|member| archive.read(&member, haul).ok()).unwrap_or_default();
        if kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet") {
            sheets::ods(&mut archive, bytes, haul, place);
            return "ods";
        }
        office::open(&mut archive, haul, place);
        return "odt";
    }
    members(&mut archive, haul, place);
    "zip"
}

/// Every member that may hold text.
fn members(archive: &mut Archive<'_>, haul: &mut Haul, place: &Place) {
    if place.depth >= DEPTH {
        haul.unread(place, "", Why::Depth);
        return;
    }
    if archive.more {
        haul.unread(place, "", Why::Members);
    }
    for member in archive.members.clone() {
        let name = base(&member.name);
        match archive.read(&member, haul) {
            Ok(bytes) => {
                take(haul, &place.member(name), &bytes, ending(name));
            }
            // the cap is that of the whole file
            Err(why @ (Why::Members | Why::Time)) => return haul.unread(place, "", why),
            Err(why) => haul.unread(place, name, why),
        }
    }
}

/// The name without folders.
pub(crate) fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// What a name ends with, where that is written in lower case, or nothing.
pub(crate) fn ending(name: &str) -> &str {
    base(name).rsplit_once('.').map_or("", |(_, ending)| ending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::zip as packed;

    fn taken(bytes: &[u8]) -> (&'static str, Haul) {
        let mut haul = Haul::new();
        let kind = take(&mut haul, &Place::default(), bytes, "");
        (kind, haul)
    }

    #[test]
    fn members_of_members_are_read_to_a_depth() {
        let mut bytes = b"in the middle".to_vec();
        let names = ["a.txt", "b.zip", "c.zip"];
        for name in names {
            bytes = packed(&[(name, &bytes)]);
        }
        let (kind, haul) = taken(&bytes);
        assert_eq!(kind, "zip");
        assert_eq!((haul.parts[0].part.as_str(), haul.unread.len()), ("c.zip/b.zip/a.txt", 0));
        let (_, haul) = taken(&packed(&[("d.zip", &bytes)]));
        assert!(haul.parts.is_empty());
        let unread = (haul.unread[0].part.as_str(), haul.unread[0].why.as_str());
        assert_eq!(unread, ("d.zip/c.zip/b.zip", "depth"));
    }

    #[test]
    fn what_nobody_can_read_is_told() {
        for bytes in [&b"Rar!\x1a\x07\x01\x00 abc"[..], b"7z\xbc\xaf\x27\x1c abc", b"{\\rtf1 abc}"]
        {
            let (kind, haul) = taken(bytes);
            assert_eq!((kind, haul.unread[0].why.as_str()), ("other", "unknown"));
        }
        let (kind, haul) = taken(b"PK\x03\x04 cut off");
        assert_eq!((kind, haul.unread[0].why.as_str()), ("zip", "damaged"));
    }

    #[test]
    fn a_path_is_only_shown() {
        let (_, haul) = taken(&packed(&[("../../etc/cron.d/pwned\u{202e}", b"text")]));
        assert_eq!(haul.parts[0].part, "pwned");
    }
}
