//! The text of an XML document, by the names of its elements.

use std::borrow::Cow;

use quick_xml::{Reader, events::Event};

use crate::{
    haul::{Haul, Place, Why, Words},
    text,
};

/// Elements in elements; documents of people come to 60.
const NESTING: usize = 1_000;

/// What the elements of a document mean; local names, without the prefix.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// Only what stands in these is text; without one, everything.
    pub(crate) text: &'static [&'static str],
    /// A line ends with these.
    pub(crate) line: &'static [&'static str],
    /// A tab stands for these, or after them.
    pub(crate) tab: &'static [&'static str],
    /// Nothing in these is read.
    pub(crate) skip: &'static [&'static str],
}

/// WordprocessingML (ECMA-376, part 1, 17) and what stands in its drawings; `Fallback` says the same once more for old
/// readers, and tabs in `pPr` are places on the ruler.
pub(crate) const WORD: Dialect = Dialect {
    text: &["t", "delText"],
    line: &["p", "tr", "br", "cr"],
    tab: &["tab", "tc"],
    skip: &["Fallback", "pPr"],
};
/// DrawingML (ECMA-376, part 1, 20 and 21): slides, text boxes of sheets, diagrams.
pub(crate) const DRAWING: Dialect = Dialect {
    text: &["t"],
    line: &["p", "tr", "br", "pt"],
    tab: &["tc"],
    skip: &["Fallback", "pPr"],
};
/// Comments of SpreadsheetML, of both kinds, and of slides.
pub(crate) const COMMENTS: Dialect = Dialect {
    text: &["t", "text"],
    line: &["comment", "threadedComment", "cm"],
    tab: &[],
    skip: &["rPr"],
};
/// Text documents and slides of OpenDocument.
pub(crate) const OPEN: Dialect = Dialect {
    text: &[],
    line: &["p", "h", "line-break", "table-row"],
    tab: &["tab", "table-cell"],
    skip: &["automatic-styles", "font-face-decls"],
};

/// Reads the text of a document; `seen` is told of every element that begins.
pub(crate) fn read(
    bytes: &[u8],
    dialect: &Dialect,
    words: &mut Words,
    seen: &mut dyn FnMut(&str),
) -> Result<(), Why> {
    let xml = text::xml(bytes);
    let mut reader = reader(&xml);
    let (mut depth, mut inside) = (0_usize, 0_usize);
    let mut skipped: Option<usize> = None;
    loop {
        let event = reader.read_event().map_err(|_| Why::Damaged)?;
        let reading = skipped.is_none() && (inside > 0 || dialect.text.is_empty());
        match &event {
            Event::Start(tag) => {
                depth += 1;
                if depth > NESTING {
                    return Err(Why::Nesting);
                }
                let name = tag.local_name();
                let name: &str = name.as_ref();
                seen(name);
                if skipped.is_none() && dialect.skip.contains(&name) {
                    skipped = Some(depth);
                }
                inside += usize::from(dialect.text.contains(&name));
            }
            Event::Empty(tag) if skipped.is_none() => {
                let name = tag.local_name();
                seen(name.as_ref());
                apart(name.as_ref(), dialect, words);
            }
            Event::End(tag) => {
                let name = tag.local_name();
                let name: &str = name.as_ref();
                if skipped.is_none() {
                    apart(name, dialect, words);
                }
                if skipped.is_some_and(|at| at >= depth) {
                    skipped = None;
                }
                inside = inside.saturating_sub(usize::from(dialect.text.contains(&name)));
                depth = depth.saturating_sub(1);
            }
            Event::Text(text) if reading => words.push_str(text),
            Event::CData(text) if reading => words.push_str(text),
            Event::GeneralRef(entity) if reading => {
                words.push_str(&meaning(entity, entity.resolve_char_ref().ok().flatten()));
            }
            Event::Eof => return if depth == 0 { Ok(()) } else { Err(Why::Damaged) },
            _ => {}
        }
        if words.is_full() {
            return Ok(());
        }
    }
}

/// Reads the text of a document into a part of its own.
pub(crate) fn part(haul: &mut Haul, place: &Place, name: &str, bytes: &[u8], dialect: &Dialect) {
    let mut words = haul.words();
    let done = read(bytes, dialect, &mut words, &mut |_| ());
    haul.keep(place, name, words);
    if let Err(why) = done {
        haul.unread(place, name, why);
    }
}

/// A reader that takes what people's programs have written.
pub(crate) fn reader(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    reader
}

fn apart(name: &str, dialect: &Dialect, words: &mut Words) {
    if dialect.line.contains(&name) {
        words.push('\n');
    } else if dialect.tab.contains(&name) {
        words.push('\t');
    }
}

/// What an entity stands for; those that a document makes up itself stand for nothing.
pub(crate) fn meaning(name: &str, number: Option<char>) -> Cow<'static, str> {
    match (number, name) {
        (Some(c), _) => Cow::Owned(c.to_string()),
        (None, "lt") => "<".into(),
        (None, "gt") => ">".into(),
        (None, "amp") => "&".into(),
        (None, "quot") => "\"".into(),
        (None, "apos") => "'".into(),
        (None, _) => "".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(xml: &str) -> (String, Result<(), Why>) {
        let mut haul = Haul::new();
        let mut words = haul.words();
        let done = read(xml.as_bytes(), &WORD, &mut words, &mut |_| ());
        haul.keep(&Place::default(), "", words);
        (haul.parts.pop().map(|part| part.text).unwrap_or_default(), done)
    }

    #[test]
    fn runs_are_joined_and_cells_apart() {
        let (text, done) = word(
            "<w:tbl><w:tr><w:tc><w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>4113</w:t></w:r>\
             <w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space=\"preserve\">&#50;4 </w:t></w:r></w:p></w:tc>\
             <w:tc><w:p><w:r><w:t>a&amp;b</w:t><w:tab/></w:r></w:p></w:tc></w:tr></w:tbl>",
        );
        assert_eq!((text.as_str(), done), ("411324 \n\ta&b\t\n\t\n", Ok(())));
    }

    #[test]
    fn the_text_for_old_readers_is_not_read_twice() {
        let (text, _) = word(
            "<w:p><mc:Choice><w:t>x</w:t></mc:Choice><mc:Fallback><w:t>x</w:t></mc:Fallback></w:p>",
        );
        assert_eq!(text, "x\n");
    }

    #[test]
    fn entities_of_its_own_are_nothing_and_depth_has_an_end() {
        let bomb =
            "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><w:t>x&b;</w:t>";
        assert_eq!(word(bomb), ("x".to_owned(), Ok(())));
        let deep = format!("<w:t>x{}", "<a>".repeat(1_000_000));
        assert_eq!(word(&deep), ("x".to_owned(), Err(Why::Nesting)));
        assert_eq!(word("<w:t>x").1, Err(Why::Damaged));
    }
}
