//! Compound files ([MS-CFB]): Word, Excel and WPS before 2007, and what a password was put on since.

use std::io::{Cursor, Read as _};

use cfb::CompoundFile;

use crate::{
    haul::{Haul, MEMBER, Place, Why},
    sheets, word,
};

/// Reads what is in it; tells what it is.
pub(crate) fn take(haul: &mut Haul, place: &Place, bytes: &[u8], ending: &str) -> &'static str {
    let book = matches!(ending, "xls" | "et");
    let Ok(mut file) = CompoundFile::open(Cursor::new(bytes)) else {
        if book {
            // its reader of containers takes what others do not
            sheets::xls(bytes, haul, place);
            return "xls";
        }
        haul.unread(place, "", Why::Damaged);
        return "other";
    };
    if file.is_stream("/EncryptedPackage") {
        haul.unread(place, "", Why::Encrypted);
        return match ending {
            "xlsx" => "xlsx",
            "pptx" => "pptx",
            "docx" => "docx",
            _ => "other",
        };
    }
    if file.is_stream("/WordDocument") {
        let mut words = haul.words();
        let done = stream(&mut file, "WordDocument").and_then(|document| {
            let table = stream(&mut file, word::table(&document)?)?;
            word::read(&document, &table, &mut words)
        });
        haul.keep(place, "", words);
        if let Err(why) = done {
            haul.unread(place, "", why);
        }
        return "doc";
    }
    if file.is_stream("/Workbook") || file.is_stream("/Book") {
        sheets::xls(bytes, haul, place);
        return "xls";
    }
    haul.unread(place, "", Why::Unknown);
    "other"
}

fn stream(file: &mut CompoundFile<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, Why> {
    let stream = file.open_stream(name).map_err(|_| Why::Damaged)?;
    if stream.len() > MEMBER {
        return Err(Why::Size);
    }
    let mut bytes = Vec::new();
    // what breaks off is read as far as it goes
    let _ = stream.take(MEMBER).read_to_end(&mut bytes);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::{file, tests};

    fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (name, bytes) in streams {
            file.create_stream(name).unwrap().write_all(bytes).unwrap();
        }
        file.into_inner().into_inner()
    }

    #[test]
    fn documents_of_old_word_are_read() {
        let (document, table) = tests::streams("ID: ", "四一一三");
        let bytes = compound(&[("WordDocument", &document), ("1Table", &table)]);
        let mut haul = Haul::new();
        assert_eq!(file::take(&mut haul, &Place::default(), &bytes, "wps"), "doc");
        assert_eq!((haul.parts[0].text.as_str(), haul.unread.len()), ("ID: 四一一三", 0));
    }

    #[test]
    fn a_password_is_told() {
        let bytes = compound(&[("EncryptedPackage", b"x"), ("EncryptionInfo", b"x")]);
        let mut haul = Haul::new();
        assert_eq!(file::take(&mut haul, &Place::default(), &bytes, "xlsx"), "xlsx");
        assert_eq!(haul.unread[0].why, "encrypted");
    }
}
