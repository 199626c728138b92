//! The text of Word 97 to 2003 ([MS-DOC]): the piece table tells where in the stream its characters stand.

use crate::haul::{Why, Words};

/// Pieces of a table: one for every edit since the file was last saved whole.
const PIECES: usize = 200_000;
/// `FibBase`: what it is, and how it was saved (2.5.1, 2.5.2).
pub(crate) const MAGIC: u16 = 0xa5ec;
const ENCRYPTED: u16 = 0x0100;
pub(crate) const SECOND_TABLE: u16 = 0x0200;
/// Where `FibRgFcLcb97` holds the place and size of the `Clx` (2.5.6): the 34th pair of it.
pub(crate) const PAIR: usize = 33;
/// What a `Clx` begins with (2.9.38): formatting that goes before, and the table itself.
pub(crate) const FORMAT: u8 = 1;
pub(crate) const TABLE: u8 = 2;

/// Which stream holds the piece table.
pub(crate) fn table(document: &[u8]) -> Result<&'static str, Why> {
    if short(document, 0).ok_or(Why::Damaged)? != MAGIC {
        return Err(Why::Unknown);
    }
    let flags = short(document, 10).ok_or(Why::Damaged)?;
    if flags & ENCRYPTED != 0 {
        return Err(Why::Encrypted);
    }
    Ok(if flags & SECOND_TABLE != 0 { "1Table" } else { "0Table" })
}

/// The text, with footnotes, headers, comments and text boxes behind the body.
pub(crate) fn read(document: &[u8], table: &[u8], words: &mut Words) -> Result<(), Why> {
    pieces(document, table).ok_or(Why::Damaged)?.try_for_each(|piece| {
        let (place, characters, wide) = piece.ok_or(Why::Damaged)?;
        let size = if wide { characters.checked_mul(2) } else { Some(characters) };
        let end = size.and_then(|size| place.checked_add(size)).ok_or(Why::Damaged)?;
        let whole = document.get(place..end);
        let bytes = whole.or_else(|| document.get(place..)).ok_or(Why::Damaged)?;
        let text = if wide {
            let units = bytes.chunks_exact(2).filter_map(|pair| short(pair, 0));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        } else {
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
        };
        plain(&text, words);
        match (whole, words.is_full()) {
            (_, true) => Err(Why::Size),
            (None, false) => Err(Why::Damaged),
            (Some(_), false) => Ok(()),
        }
    })
}

/// Place in bytes, number of characters, and whether each has two bytes (2.9.177, 2.9.73).
type Piece = Option<(usize, usize, bool)>;

fn pieces<'t>(document: &[u8], table: &'t [u8]) -> Option<impl Iterator<Item = Piece> + use<'t>> {
    // FibBase, csw and fibRgW, cslw and fibRgLw, cbRgFcLcb: lengths in units of 2, 4 and 8 bytes
    let words_end = 34 + 2 * usize::from(short(document, 32)?);
    let longs_end = words_end + 2 + 4 * usize::from(short(document, words_end)?);
    let pair = longs_end + 2 + 8 * PAIR;
    let (at, size) = (long(document, pair)?, long(document, pair + 4)?);
    let mut clx = table.get(at..at.checked_add(size)?)?;
    while clx.first() == Some(&FORMAT) {
        clx = clx.get(3 + usize::from(short(clx, 1)?)..)?;
    }
    let table = clx.strip_prefix(&[TABLE])?;
    let table = table.get(4..4_usize.checked_add(long(table, 0)?)?)?;
    // count + 1 places of four bytes, then count pieces of eight
    let count = table.len().checked_sub(4)? / 12;
    Some((0..count.min(PIECES)).map(move |index| {
        let characters = long(table, 4 * index + 4)?.checked_sub(long(table, 4 * index)?)?;
        let place = long(table, 4 * (count + 1) + 8 * index + 2)?;
        let narrow = place & 1 << 30 != 0;
        let place = place & !(3 << 30);
        Some(if narrow { (place / 2, characters, false) } else { (place, characters, true) })
    }))
}

/// Marks of cells and rows, lines and pages (2.4.1) become what they look like.
fn plain(text: &str, words: &mut Words) {
    let mut cell = false;
    for c in text.chars() {
        let ended = cell;
        cell = false;
        match c {
            // a row ends with a cell of its own
            '\u{7}' if ended => words.push('\n'),
            '\u{7}' => {
                words.push('\t');
                cell = true;
            }
            '\r' | '\u{b}' | '\u{c}' => words.push('\n'),
            // the parts of a field
            '\u{13}'..='\u{15}' => words.push(' '),
            // a hyphen that keeps its line together
            '\u{1e}' => words.push('-'),
            c => words.push(c),
        }
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        haul::{Haul, Place},
        tests::streams,
    };

    fn text(document: &[u8], table: &[u8]) -> (String, Result<(), Why>) {
        let mut haul = Haul::new();
        let mut words = haul.words();
        let done = read(document, table, &mut words);
        haul.keep(&Place::default(), "", words);
        (haul.parts.pop().map(|part| part.text).unwrap_or_default(), done)
    }

    #[test]
    fn pieces_of_both_kinds_are_read() {
        let (document, pieces) = streams("No. 1\r", "姓名\u{7}身份证号\u{7}\u{7}张三\u{7}");
        assert_eq!(table(&document), Ok("1Table"));
        let expected = "No. 1\n姓名\t身份证号\t\n张三\t".to_owned();
        assert_eq!(text(&document, &pieces), (expected, Ok(())));
    }

    #[test]
    fn a_locked_or_older_document_is_told() {
        let (mut document, _) = streams("x", "x");
        document[11] |= 1;
        assert_eq!(table(&document), Err(Why::Encrypted));
        document[..2].copy_from_slice(&[0xdc, 0xa5]);
        assert_eq!(table(&document), Err(Why::Unknown));
        assert_eq!(table(&[0xec, 0xa5]), Err(Why::Damaged));
    }

    #[test]
    fn every_cut_is_told_and_none_breaks_the_reader() {
        let (document, table) = streams("abc", "汉字");
        for end in 0..document.len() {
            assert_eq!(text(&document[..end], &table).1, Err(Why::Damaged), "{end}");
        }
        for end in 0..table.len() {
            assert_eq!(text(&document, &table[..end]).1, Err(Why::Damaged), "{end}");
        }
        // and every byte of the table may be anything
        for at in 0..table.len() {
            let mut wrong = table.clone();
            wrong[at] = 0xff;
            let _ = text(&document, &wrong);
        }
    }
}
