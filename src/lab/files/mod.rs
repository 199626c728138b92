//! Files to download, made from words and a table: xlsx, docx, pdf with text, pdf of a picture, csv and zip.
//!
//! They are what offices make them: a table of Word's splits its words over runs, a pdf embeds no font, telephone numbers in
//! a spreadsheet are numbers. The same words make the same bytes.

mod docx;
mod pdf;
mod xlsx;

use std::io::{Cursor, Write as _};

use serde::Deserialize;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::Error;

/// What a file says.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Its headline.
    pub title: String,
    /// Paragraphs.
    pub lines: Vec<String>,
    /// A table: its rows, the head first. May be empty.
    pub rows: Vec<Vec<String>>,
}

/// What sort of file it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A spreadsheet.
    Xlsx,
    /// A text of Word's.
    Docx,
    /// Pages of text.
    Pdf,
    /// A page that is a picture: nobody finds a word in it.
    Scan,
    /// Values with commas, UTF-8 with a mark.
    Csv,
    /// The same in GBK.
    CsvGbk,
    /// An archive of the spreadsheet and the text.
    Zip,
}

impl Kind {
    /// How names of such files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Pdf | Self::Scan => "pdf",
            Self::Csv | Self::CsvGbk => "csv",
            Self::Zip => "zip",
        }
    }

    /// Their media type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf | Self::Scan => "application/pdf",
            Self::Csv | Self::CsvGbk => "text/csv",
            Self::Zip => "application/zip",
        }
    }
}

impl Document {
    /// The file.
    ///
    /// # Errors
    ///
    /// When the words do not fit into such a file; a bug of who wrote them.
    pub fn make(&self, kind: Kind) -> Result<Vec<u8>, Error> {
        match kind {
            Kind::Xlsx => xlsx::make(self),
            Kind::Docx => docx::make(self),
            Kind::Pdf => pdf::make(self),
            Kind::Scan => pdf::scan(),
            Kind::Csv => Ok(format!("\u{feff}{}", self.csv()).into_bytes()),
            Kind::CsvGbk => Ok(encoding_rs::GBK.encode(&self.csv()).0.into_owned()),
            Kind::Zip => {
                let members = [("1.xlsx", xlsx::make(self)?), ("2.docx", docx::make(self)?)];
                archive(&members)
            }
        }
    }

    fn csv(&self) -> String {
        let head = std::iter::once(&self.title).chain(&self.lines).map(|line| quoted(line));
        let rows = self.rows.iter().map(|row| {
            let cells: Vec<_> = row.iter().map(|cell| quoted(cell)).collect();
            cells.join(",")
        });
        head.chain(rows).map(|line| line + "\r\n").collect()
    }
}

/// A cell as RFC 4180 writes it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// An archive of these members.
///
/// # Errors
///
/// When a name is not one that archives can hold.
pub fn archive(members: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let wrong = |error: zip::result::ZipError| Error::Data(format!("an archive: {error}"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).map_err(wrong)?;
        zip.write_all(bytes).map_err(|error| wrong(error.into()))?;
    }
    Ok(zip.finish().map_err(wrong)?.into_inner())
}

/// Text between tags of XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn document() -> Document {
        Document {
            title: "发放名单".to_owned(),
            lines: vec!["现将名单公示如下".to_owned(), "a<b & c".to_owned()],
            rows: vec![
                vec!["姓名".to_owned(), "电话".to_owned()],
                vec!["赵明远, 男".to_owned(), "13900000000".to_owned()],
            ],
        }
    }

    fn member(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_same_words_make_the_same_file() {
        for kind in
            [Kind::Xlsx, Kind::Docx, Kind::Pdf, Kind::Scan, Kind::Csv, Kind::CsvGbk, Kind::Zip]
        {
            let first = document().make(kind).unwrap();
            assert_eq!(first, document().make(kind).unwrap(), "{kind:?}");
            assert!(first.len() > 60, "{kind:?}");
        }
    }

    #[test]
    fn a_spreadsheet_holds_words_and_numbers() {
        let bytes = document().make(Kind::Xlsx).unwrap();
        assert!(member(&bytes, "xl/sharedStrings.xml").contains("赵明远, 男"));
        assert!(member(&bytes, "xl/worksheets/sheet1.xml").contains("<v>13900000000</v>"));
    }

    #[test]
    fn a_text_is_split_over_runs() {
        let bytes = document().make(Kind::Docx).unwrap();
        let text = member(&bytes, "word/document.xml");
        assert!(text.contains(">发放</w:t></w:r><w:r><w:t xml:space=\"preserve\">名单<"), "{text}");
        assert!(text.contains("&lt;b") && text.contains("<w:tc>"), "{text}");
    }

    #[test]
    fn a_table_of_commas_is_quoted() {
        let text = String::from_utf8(document().make(Kind::Csv).unwrap()).unwrap();
        assert!(text.ends_with("\"赵明远, 男\",13900000000\r\n"), "{text}");
        let bytes = document().make(Kind::CsvGbk).unwrap();
        let (text, _, lost) = encoding_rs::GBK.decode(&bytes);
        assert!(!lost && text.starts_with("发放名单\r\n"));
    }

    #[test]
    fn an_archive_holds_files() {
        let bytes = document().make(Kind::Zip).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut inner = Vec::new();
        archive.by_name("2.docx").unwrap().read_to_end(&mut inner).unwrap();
        assert!(member(&inner, "word/document.xml").contains("现将名单"));
    }
}
