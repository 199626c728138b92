//! Pages of text in a font that is not embedded, and a page that is a picture (ISO 32000-1).

use std::{collections::BTreeMap, io::Write as _};

use flate2::{Compression, write::ZlibEncoder};

use super::Document;
use crate::Error;

/// Lines of a page.
const LINES: usize = 36;
/// Where the first line stands, and from one to the next; points.
const TOP: usize = 780;
const STEP: usize = 20;
const LEFT: usize = 50;
/// From the first cell to the right margin.
const WIDTH: usize = 495;

/// Objects, numbered from 1, as they are written one after the other.
#[derive(Default)]
struct Objects(Vec<Vec<u8>>);

impl Objects {
    fn plain(&mut self, text: String) {
        self.0.push(text.into_bytes());
    }

    /// A compressed stream.
    fn stream(&mut self, entries: &str, bytes: &[u8]) -> Result<(), Error> {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        let packed = packed.write_all(bytes).and_then(|()| packed.finish());
        let packed = packed.map_err(|error| Error::Data(format!("a page of a pdf: {error}")))?;
        let head = format!("<</Filter/FlateDecode/Length {}{entries}>>\nstream\n", packed.len());
        let object = [head.as_bytes(), &packed, b"\nendstream"].concat();
        self.0.push(object);
        Ok(())
    }

    /// The file: the objects, where each begins, and which is the first (7.5).
    fn file(self) -> Vec<u8> {
        let mut file = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let count = self.0.len() + 1;
        let mut table = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for (number, object) in (1..).zip(self.0) {
            table += &format!("{:010} 00000 n \n", file.len());
            file.extend(format!("{number} 0 obj\n").bytes());
            file.extend(object);
            file.extend(b"\nendobj\n");
        }
        let start = file.len();
        table += &format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
        file.extend(table.bytes());
        file
    }
}

/// Objects before the pages: the catalogue, the list of pages, and four of the font.
const FIRST_PAGE: usize = 7;

pub(super) fn make(document: &Document) -> Result<Vec<u8>, Error> {
    let head = std::iter::once(&document.title).chain(&document.lines);
    let head = head.map(|line| vec![line.clone()]);
    let lines: Vec<Vec<String>> = head.chain(document.rows.iter().cloned()).collect();
    // the code of a character is its place in the alphabet of the file
    let mut alphabet: BTreeMap<char, usize> = BTreeMap::new();
    for character in lines.iter().flatten().flat_map(|cell| cell.chars()) {
        alphabet.entry(character).or_default();
    }
    for (place, code) in (1..).zip(alphabet.values_mut()) {
        *code = place;
    }
    let pages: Vec<&[Vec<String>]> = lines.chunks(LINES).collect();
    let mut objects = Objects::default();
    objects.plain("<</Type/Catalog/Pages 2 0 R>>".to_owned());
    let kids = (0..pages.len()).map(|page| format!("{} 0 R ", FIRST_PAGE + 2 * page));
    objects.plain(format!(
        "<</Type/Pages/Count {}/Kids[{}]>>",
        pages.len(),
        kids.collect::<String>()
    ));
    objects.plain("<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>".to_owned());
    // Latin letters and digits, the first of the alphabet, are half as wide
    let half = alphabet.keys().take_while(|character| character.is_ascii()).count();
    objects.plain(format!("<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W[1 {half} 500]/FontDescriptor 5 0 R>>"));
    objects.plain("<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200/CapHeight 800/StemV 80>>".to_owned());
    objects.stream("", to_unicode(&alphabet).as_bytes())?;
    for (page, lines) in (0..).zip(pages) {
        let content = FIRST_PAGE + 2 * page + 1;
        objects.plain(format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents {content} 0 R>>"));
        objects.stream("", drawn(lines, &alphabet).as_bytes())?;
    }
    Ok(objects.file())
}

/// What shows the lines (9.4).
fn drawn(lines: &[Vec<String>], alphabet: &BTreeMap<char, usize>) -> String {
    let mut text = "BT\n".to_owned();
    for (number, cells) in lines.iter().enumerate() {
        let (size, step) = (if cells.len() > 1 { 8 } else { 12 }, WIDTH / cells.len().max(1));
        text += &format!("/F1 {size} Tf\n");
        for (column, cell) in cells.iter().enumerate() {
            let codes = cell.chars().filter_map(|character| alphabet.get(&character));
            let codes: String = codes.map(|code| format!("{code:04X}")).collect();
            let (x, y) = (LEFT + step * column, TOP.saturating_sub(STEP * number));
            text += &format!("1 0 0 1 {x} {y} Tm\n<{codes}> Tj\n");
        }
    }
    text + "ET\n"
}

/// Which character a code stands for (9.10.3).
fn to_unicode(alphabet: &BTreeMap<char, usize>) -> String {
    let mut map = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n".to_owned();
    let all: Vec<_> = alphabet.iter().collect();
    // at most a hundred at a time
    for some in all.chunks(100) {
        map += &format!("{} beginbfchar\n", some.len());
        for (character, code) in some {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units).iter();
            let units: String = units.map(|unit| format!("{unit:04X}")).collect();
            map += &format!("<{code:04X}> <{units}>\n");
        }
        map += "endbfchar\n";
    }
    map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
}

/// A grey page, as scanners make it.
pub(super) fn scan() -> Result<Vec<u8>, Error> {
    let mut objects = Objects::default();
    objects.plain("<</Type/Catalog/Pages 2 0 R>>".to_owned());
    objects.plain("<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned());
    objects.plain("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</Im1 5 0 R>>>>/Contents 4 0 R>>".to_owned());
    objects.stream("", b"q 595 0 0 842 0 0 cm /Im1 Do Q\n")?;
    let pixels: Vec<u8> = (0..64 * 64).map(|at| if at % 7 == 0 { 0x30 } else { 0xf0 }).collect();
    let entries =
        "/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8";
    objects.stream(entries, &pixels)?;
    Ok(objects.file())
}
