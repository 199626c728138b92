//! Files that are made to harm their reader.

use std::{io::Write as _, sync::LazyLock};

use flate2::{Compression, write::ZlibEncoder};

use super::made::{self, pdf_of, stream, zip};

/// A file with its name, and the reasons that it may end with.
type Hostile = (&'static str, Vec<u8>, &'static [&'static str]);

/// All of them; they are made once.
pub(super) static ALL: LazyLock<Vec<Hostile>> = LazyLock::new(all);

fn all() -> Vec<Hostile> {
    let mut files = vec![
        ("nested.zip", nested(), &["depth", "ratio", "size"][..]),
        ("zeros.zip", zip(&[("zeros.txt", &vec![0; 20 << 20])]), &["ratio"]),
        ("many.zip", many(), &["members"]),
        ("laughs.xlsx", laughs(), &["damaged", "unknown"]),
        ("deep.docx", deep(), &["nesting"]),
        ("swollen.xlsx", swollen(), &["ratio", "size"]),
        ("huge.pdf", huge(), &["time", "size", "damaged", "scanned"]),
        ("endless.pdf", endless(), &["damaged", "scanned", "time"]),
        ("cycle.doc", cycle(), &["damaged", "time"]),
        ("locked.pdf", locked_pdf(), &["encrypted"]),
        ("locked.zip", locked_zip(), &["encrypted"]),
        ("a.rar", b"Rar!\x1a\x07\x01\0 411624".to_vec(), &["unknown"]),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\x04 411624".to_vec(), &["unknown"]),
    ];
    for (name, bytes) in [
        ("cut.xlsx", made::xlsx()),
        ("cut.xls", made::xls()),
        ("cut.ods", made::ods()),
        ("cut.docx", made::docx()),
        ("cut.doc", made::doc()),
        ("cut.ofd", made::ofd()),
    ] {
        files.push((name, bytes[..bytes.len() * 2 / 3].to_vec(), &["damaged"]));
    }
    let pdf = made::pdf();
    files.push(("cut.pdf", pdf[..400].to_vec(), &["damaged", "scanned"]));
    files
}

/// Sixteen of sixteen of sixteen: a terabyte, if somebody wanted it.
fn nested() -> Vec<u8> {
    let mut bytes = zip(&[("zeros", &vec![b'0'; 4 << 20])]);
    for _ in 0..5 {
        let names: Vec<String> = (0..16).map(|number| format!("{number}.zip")).collect();
        let members: Vec<_> = names.iter().map(|name| (name.as_str(), &bytes[..])).collect();
        bytes = zip(&members);
    }
    bytes
}

fn many() -> Vec<u8> {
    let names: Vec<String> = (0..20_000).map(|number| format!("{number}.txt")).collect();
    let members: Vec<_> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    zip(&members)
}

/// Entities of entities: 10^9 characters for who resolves them; a reader that does not loses the cell.
fn laughs() -> Vec<u8> {
    let mut entities = String::from("<!ENTITY a0 \"ha\">");
    for level in 1..10 {
        let last = format!("&a{};", level - 1);
        entities += &format!("<!ENTITY a{level} \"{}\">", last.repeat(10));
    }
    let sheet = format!(
        "<!DOCTYPE s [{entities}]><worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&a9;</t></is></c>\
         </row></sheetData></worksheet>"
    );
    workbook(&sheet)
}

/// A sheet that is as large as a sheet can be, and mostly nothing.
fn swollen() -> Vec<u8> {
    let cells = format!("<c r=\"XFD1048576\"><v>1</v></c>{}", " ".repeat(20 << 20));
    workbook(&format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>"))
}

fn workbook(sheet: &str) -> Vec<u8> {
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook xmlns:r=\"{relation}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let top = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", top.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// Elements in elements, with attributes that pack badly enough to pass for a document.
fn deep() -> Vec<u8> {
    let body: String =
        (0_u32..1_000_000).map(|n| format!("<a{}>", n.wrapping_mul(2_654_435_761))).collect();
    zip(&[("word/document.xml", body.as_bytes())])
}

/// Fifty million bytes of one page.
fn huge() -> Vec<u8> {
    let line = b"BT /F1 12 Tf 72 700 Td (411624) Tj ET\n";
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..1_000_000 {
        packer.write_all(line).unwrap();
    }
    let content = stream("/Filter /FlateDecode ", &packer.finish().unwrap());
    pdf_of(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>".to_vec(),
        content,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ])
}

/// Pages that hold themselves.
fn endless() -> Vec<u8> {
    pdf_of(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Parent 3 0 R /Count 1000000 >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Parent 2 0 R /Count 1000000 >>".to_vec(),
    ])
}

/// A chain of sectors that comes back to its middle.
fn cycle() -> Vec<u8> {
    let mut bytes = made::doc_of(&"x".repeat(20_000));
    let long = |bytes: &[u8], at: usize| {
        usize::try_from(u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap()
    };
    // the first sector of the table of sectors stands in the header (MS-CFB 2.2)
    let size = 1 << bytes[30];
    let table = size * (1 + long(&bytes, 76));
    // the longest run of neighbours is the text: its fifth sector leads back to its third
    let next = |bytes: &[u8], sector: usize| long(bytes, table + 4 * sector);
    let start =
        (0..40).find(|first| (0..4).all(|n| next(&bytes, first + n) == first + n + 1)).unwrap();
    let back = u32::try_from(start + 2).unwrap().to_le_bytes();
    bytes[table + 4 * (start + 4)..][..4].copy_from_slice(&back);
    bytes
}

/// What asks for a password: the words for it are there, and no key fits.
fn locked_pdf() -> Vec<u8> {
    let bytes = made::pdf();
    let key = "11".repeat(32);
    let lock = format!(
        "/Root 1 0 R /ID [<{key}> <{key}>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >>"
    );
    String::from_utf8_lossy(&bytes).replace("/Root 1 0 R", &lock).into_bytes()
}

/// The flag that says so, in both places (APPNOTE 4.4.4).
fn locked_zip() -> Vec<u8> {
    let mut bytes = zip(&[("a.txt", b"411624")]);
    bytes[6] |= 1;
    let at = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[at + 8] |= 1;
    bytes
}
