//! Texts of Word's (ECMA-376): paragraphs and a table, every paragraph split over two runs as Word splits them.

use super::{Document, archive, escaped};
use crate::Error;

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";

pub(super) fn make(document: &Document) -> Result<Vec<u8>, Error> {
    let mut text = HEAD.to_owned();
    for line in std::iter::once(&document.title).chain(&document.lines) {
        text += &paragraph(line);
    }
    if !document.rows.is_empty() {
        text += "<w:tbl>";
        for row in &document.rows {
            let cells = row.iter().map(|cell| format!("<w:tc>{}</w:tc>", paragraph(cell)));
            text += &format!("<w:tr>{}</w:tr>", cells.collect::<String>());
        }
        text += "</w:tbl>";
    }
    text += "<w:sectPr/></w:body></w:document>";
    archive(&[
        ("[Content_Types].xml", TYPES.into()),
        ("_rels/.rels", RELATIONS.into()),
        ("word/document.xml", text.into_bytes()),
    ])
}

fn paragraph(text: &str) -> String {
    let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    let (first, second) = text.split_at(half);
    let run = |part: &str| match part {
        "" => String::new(),
        _ => format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(part)),
    };
    format!("<w:p>{}{}</w:p>", run(first), run(second))
}
