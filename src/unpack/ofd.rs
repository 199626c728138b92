//! OFD (GB/T 33190-2016): pages of text objects that know where on the page they stand.

use std::str::FromStr;

use quick_xml::events::{BytesStart, Event};

use crate::{
    archive::Archive,
    file,
    haul::{Haul, Place, Why, Words},
    text, xml,
};

/// Objects whose tops differ by less stand on one line, in millimetres.
const LINE: f64 = 1.5;
/// A smaller gap between two objects is no blank.
const GAP: f64 = 1.0;
/// Elements in elements; pages have a dozen.
const NESTING: usize = 1_000;

/// Every page, and what is stamped or written on pages.
pub(crate) fn take(archive: &mut Archive<'_>, haul: &mut Haul, place: &Place) {
    let mut pages = 0;
    for member in archive.under("", ".xml") {
        let base = file::base(&member.name);
        let page = base == "Content.xml";
        if !page && !base.starts_with("Annot") {
            continue;
        }
        pages += u32::from(page && member.name.contains("/Pages/"));
        let name = if page { format!("page {pages}") } else { "annotation".to_owned() };
        let bytes = match archive.read(&member, haul) {
            Ok(bytes) => bytes,
            Err(why) => {
                haul.unread(place, &name, why);
                continue;
            }
        };
        let mut words = haul.words();
        let mut pictures = false;
        let done = read(&text::xml(&bytes), &mut words, &mut pictures);
        let scanned = words.is_bare() && pictures;
        haul.keep(place, &name, words);
        if let Err(why) = done {
            haul.unread(place, &name, why);
        } else if scanned {
            haul.unread(place, &name, Why::Scanned);
        }
    }
    if pages == 0 {
        haul.unread(place, "", Why::Damaged);
    }
}

fn read(xml: &str, words: &mut Words, pictures: &mut bool) -> Result<(), Why> {
    let mut reader = xml::reader(xml);
    let mut last: Option<[f64; 4]> = None;
    let (mut depth, mut code) = (0_usize, false);
    loop {
        match reader.read_event().map_err(|_| Why::Damaged)? {
            Event::Start(tag) => {
                depth += 1;
                if depth > NESTING {
                    return Err(Why::Nesting);
                }
                let name = tag.local_name();
                match name.as_ref() {
                    "TextObject" => {
                        let now = boundary(&tag);
                        apart(last, now, words);
                        last = now;
                    }
                    "TextCode" => code = true,
                    "ImageObject" => *pictures = true,
                    _ => {}
                }
            }
            Event::Empty(tag) => {
                *pictures |= AsRef::<str>::as_ref(&tag.local_name()) == "ImageObject";
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                if AsRef::<str>::as_ref(&tag.local_name()) == "TextCode" {
                    code = false;
                }
            }
            Event::Text(text) if code => words.push_str(&text),
            Event::CData(text) if code => words.push_str(&text),
            Event::GeneralRef(entity) if code => {
                words.push_str(&xml::meaning(&entity, entity.resolve_char_ref().ok().flatten()));
            }
            Event::Eof => return if depth == 0 { Ok(()) } else { Err(Why::Damaged) },
            _ => {}
        }
        if words.is_full() {
            return Ok(());
        }
    }
}

/// `Boundary="x y width height"`, in millimetres.
fn boundary(tag: &BytesStart<'_>) -> Option<[f64; 4]> {
    let value = tag.try_get_attribute("Boundary").ok()??.value;
    let mut numbers = value.split_ascii_whitespace().map(f64::from_str);
    let mut next = || numbers.next()?.ok();
    Some([next()?, next()?, next()?, next()?])
}

/// What stands between two objects: nothing, where a line goes on in another font.
fn apart(last: Option<[f64; 4]>, now: Option<[f64; 4]>, words: &mut Words) {
    match (last, now) {
        (Some([x, y, width, _]), Some([x_now, y_now, ..])) if (y - y_now).abs() < LINE => {
            let gap = x_now - (x + width);
            if gap.abs() > GAP {
                words.push('\t');
            }
        }
        (None, None) => words.line(),
        _ => words.line(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::zip;

    #[test]
    fn lines_go_on_from_object_to_object() {
        let object = |at: &str, text: &str| {
            format!(
                r#"<ofd:TextObject ID="1" Boundary="{at}"><ofd:TextCode X="0" Y="3">{text}</ofd:TextCode></ofd:TextObject>"#
            )
        };
        let page = [
            object("20 30 40 5", "身份证号："),
            object("60 30.2 20 5", "411324"),
            object("100 30 20 5", "张三"),
            object("20 40 20 5", "下一行"),
        ];
        let page = format!("<ofd:Page>{}</ofd:Page>", page.concat());
        let picture = "<ofd:Page><ofd:ImageObject ID=\"1\"/></ofd:Page>";
        let bytes = zip(&[
            ("OFD.xml", b"<ofd:OFD/>"),
            ("Doc_0/Pages/Page_1/Content.xml", picture.as_bytes()),
            ("Doc_0/Pages/Page_0/Content.xml", page.as_bytes()),
        ]);
        let mut haul = Haul::new();
        assert_eq!(file::take(&mut haul, &Place::default(), &bytes, ""), "ofd");
        assert_eq!(haul.parts.len(), 1);
        assert_eq!(haul.parts[0].part, "page 1");
        assert_eq!(haul.parts[0].text, "身份证号：411324\t张三\n下一行");
        assert_eq!(
            (haul.unread[0].part.as_str(), haul.unread[0].why.as_str()),
            ("page 2", "scanned")
        );
    }
}
