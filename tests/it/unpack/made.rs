//! Files of every kind with one text in each, made by hand where no crate writes them.

use std::io::{Cursor, Write as _};

use encoding_rs::GBK;
use rust_xlsxwriter::{Note, Workbook};
use zip::{ZipWriter, write::SimpleFileOptions};

/// The name before a number in every file.
pub(super) const HEAD: &str = "居民身份证号码";

/// An identity number of nobody, with its check character (GB 11643-1999, ISO 7064 MOD 11-2).
pub(super) fn number() -> String {
    let first = "41162419790917002";
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = first.bytes().map(|digit| usize::from(digit - b'0'));
    let sum: usize = digits.zip(weights).map(|(digit, weight)| digit * weight).sum();
    format!("{first}{}", &"10X98765432"[sum % 11..=sum % 11])
}

/// A zip of these members.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The number in a hidden second sheet, and in a note.
pub(super) fn xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let first = book.add_worksheet();
    first.set_name("公示").unwrap();
    first.write(0, 0, "序号").unwrap().write(1, 0, 1).unwrap();
    first.insert_note(1, 0, &Note::new(format!("{HEAD} {}", number()))).unwrap();
    let hidden = book.add_worksheet();
    hidden.set_name("名单").unwrap().set_hidden(true);
    hidden.write(0, 0, "姓名").unwrap().write(0, 1, HEAD).unwrap();
    hidden.write(1, 0, "张三").unwrap().write(1, 1, number()).unwrap();
    book.save_to_buffer().unwrap()
}

/// A workbook of Excel 97 with two cells (MS-XLS: `BoundSheet8` 2.4.28, `Label` 2.4.148).
pub(super) fn xls() -> Vec<u8> {
    let record = |kind: u16, body: &[u8]| {
        let size = u16::try_from(body.len()).unwrap();
        [&kind.to_le_bytes()[..], &size.to_le_bytes(), body].concat()
    };
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let begin = |kind: u16| {
        let words = [0x0600, kind, 0x0dbb, 0x07cc, 0, 0, 6, 0];
        record(0x0809, &words.map(u16::to_le_bytes).concat())
    };
    let label = |column: u16, text: &str| {
        let count = u16::try_from(text.encode_utf16().count()).unwrap();
        let head = [0, column, 0, count].map(u16::to_le_bytes).concat();
        record(0x0204, &[&head[..], &[1], &wide(text)].concat())
    };
    let sheet = |at: u32| {
        let name = "名单";
        let head = [&at.to_le_bytes()[..], &[0, 0, 2, 1]].concat();
        record(0x0085, &[head, wide(name)].concat())
    };
    let end = record(0x000a, &[]);
    let globals = |at| [begin(5), sheet(at), end.clone()].concat();
    let at = u32::try_from(globals(0).len()).unwrap();
    let cells = [begin(0x10), label(0, HEAD), label(1, &number()), end.clone()].concat();
    compound(&[("Workbook", &[globals(at), cells].concat())])
}

pub(super) fn ods() -> Vec<u8> {
    let cell = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"名单\"><table:table-row>{}{}\
         </table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
        cell(HEAD),
        cell(&number())
    );
    let kind = b"application/vnd.oasis.opendocument.spreadsheet";
    let manifest = b"<manifest:manifest/>";
    let members: [(&str, &[u8]); 3] = [
        ("mimetype", kind),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content.as_bytes()),
    ];
    zip(&members)
}

/// The number in runs, as Word writes them.
pub(super) fn docx() -> Vec<u8> {
    let number = number();
    let body = format!(
        "<w:document><w:body><w:p><w:r><w:t>{HEAD}：{}</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>{}</w:t></w:r></w:p>\
         </w:body></w:document>",
        &number[..6],
        &number[6..]
    );
    zip(&[("word/document.xml", body.as_bytes())])
}

pub(super) fn pptx() -> Vec<u8> {
    let slide = format!("<p:sld><a:p><a:r><a:t>{HEAD}：{}</a:t></a:r></a:p></p:sld>", number());
    zip(&[("ppt/slides/slide1.xml", slide.as_bytes())])
}

pub(super) fn ofd() -> Vec<u8> {
    let object = |x: u32, text: &str| {
        format!(
            "<ofd:TextObject Boundary=\"{x} 20 40 5\"><ofd:TextCode>{text}</ofd:TextCode></ofd:TextObject>"
        )
    };
    let page = format!(
        "<ofd:Page>{}{}</ofd:Page>",
        object(20, &format!("{HEAD}：")),
        object(60, &number())
    );
    zip(&[("OFD.xml", b"<ofd:OFD/>"), ("Doc_0/Pages/Page_0/Content.xml", page.as_bytes())])
}

pub(super) fn csv() -> Vec<u8> {
    GBK.encode(&format!("姓名,{HEAD}\r\n张三,{}\r\n", number())).0.into_owned()
}

pub(super) fn doc() -> Vec<u8> {
    doc_of(&number())
}

/// A document of Word 97: head and number in two pieces (MS-DOC 2.4.1).
pub(super) fn doc_of(number: &str) -> Vec<u8> {
    let mut document = vec![0; 898];
    document[..2].copy_from_slice(&[0xec, 0xa5]);
    document[11] = 2;
    [document[32], document[62], document[152]] = [14, 22, 93];
    let head = format!("{HEAD}：");
    document.extend(head.encode_utf16().flat_map(u16::to_le_bytes));
    let second = u32::try_from(document.len()).unwrap();
    document.extend(number.bytes());
    let (wide, narrow) = (head.encode_utf16().count(), number.len());
    let places = [0, wide, wide + narrow].map(|at| u32::try_from(at).unwrap().to_le_bytes());
    let mut table = vec![2, 28, 0, 0, 0];
    table.extend(places.concat());
    for place in [898, (second * 2) | (1 << 30)] {
        table.extend([&[0; 2][..], &place.to_le_bytes(), &[0; 2]].concat());
    }
    document[422] = u8::try_from(table.len()).unwrap();
    compound(&[("WordDocument", &document), ("1Table", &table)])
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.into_inner().into_inner()
}

/// In the charset of Chinese Windows, which only poppler knows (ISO 32000-1, table 118).
pub(super) fn pdf() -> Vec<u8> {
    let text = format!("{HEAD}：{}", number());
    pdf_in("GBK-EUC-H", &GBK.encode(&text).0)
}

/// In UCS-2, which every reader knows.
pub(super) fn pdf_in_ucs2() -> Vec<u8> {
    let text = format!("{HEAD}：{}", number());
    pdf_in("UniGB-UCS2-H", &text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>())
}

/// A page in a font without a table of characters, and one that is a picture.
fn pdf_in(charset: &str, text: &[u8]) -> Vec<u8> {
    let codes: String = text.iter().map(|byte| format!("{byte:02X}")).collect();
    let font = format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /{charset} /DescendantFonts [6 0 R] >>"
    );
    let text = stream("", format!("BT /F1 12 Tf 72 700 Td <{codes}> Tj ET").as_bytes());
    let picture = "/Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 ";
    let page = |font: &str, content: u32| {
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {font} >> /Contents {content} 0 R >>"
        )
    };
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>".to_vec(),
        page("/Font << /F1 5 0 R >>", 8).into_bytes(),
        page("/XObject << /Im1 9 0 R >>", 10).into_bytes(),
        font.into_bytes(),
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) \
          /Supplement 2 >> /FontDescriptor 7 0 R >>".to_vec(),
        b"<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 \
          /Descent -200 /CapHeight 700 /StemV 80 >>".to_vec(),
        text,
        stream(picture, &[0x80]),
        stream("", b"q 500 0 0 700 40 70 cm /Im1 Do Q"),
    ];
    pdf_of(&objects)
}

pub(super) fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<< {dictionary}/Length {} >>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// A PDF of these objects; the first is the catalog.
pub(super) fn pdf_of(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend([format!("{} 0 obj\n", index + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    let (at, size) = (file.len(), objects.len() + 1);
    let end = format!(
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"
    );
    file.extend(end.into_bytes());
    file
}

/// Every kind: its name, its bytes, what it is called, and where the number stands.
pub(super) fn all() -> Vec<(&'static str, Vec<u8>, &'static str, &'static str)> {
    let within = zip(&[("内/名单.csv", &csv())]);
    vec![
        ("a.xlsx", xlsx(), "xlsx", "名单"),
        ("a.et", xls(), "xls", "名单"),
        ("a.ods", ods(), "ods", "名单"),
        ("a.docx", docx(), "docx", ""),
        ("a.wps", doc(), "doc", ""),
        ("a.pptx", pptx(), "pptx", "slide 1"),
        ("a.pdf", pdf(), "pdf", "page 1"),
        ("a.ofd", ofd(), "ofd", "page 1"),
        ("a.csv", csv(), "csv", ""),
        ("a.txt", csv(), "text", ""),
        ("a.zip", zip(&[("附件.zip", &within)]), "zip", "附件.zip/名单.csv"),
    ]
}
