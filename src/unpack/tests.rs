//! Archives and documents for the tests of several modules.

use std::io::{Cursor, Write as _};

use zip::{ZipWriter, write::SimpleFileOptions};

use crate::word::{FORMAT, MAGIC, PAIR, SECOND_TABLE, TABLE};

/// A zip of these members.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The streams `WordDocument` and `1Table` of a text in two pieces: Latin letters, then Chinese ones.
pub(crate) fn streams(narrow: &str, wide: &str) -> (Vec<u8>, Vec<u8>) {
    let mut document = vec![0; 154 + 8 * 93];
    document[..2].copy_from_slice(&MAGIC.to_le_bytes());
    document[10..12].copy_from_slice(&SECOND_TABLE.to_le_bytes());
    document[32] = 14;
    document[62] = 22;
    document[152] = 93;
    let first = u32::try_from(document.len()).unwrap();
    document.extend_from_slice(narrow.as_bytes());
    let second = u32::try_from(document.len()).unwrap();
    document.extend(wide.encode_utf16().flat_map(u16::to_le_bytes));
    let (narrow, wide) = (narrow.len(), wide.encode_utf16().count());
    let mut table = vec![FORMAT, 2, 0, 0xaa, 0xbb, TABLE];
    table.extend(28_u32.to_le_bytes());
    for at in [0, narrow, narrow + wide] {
        table.extend(u32::try_from(at).unwrap().to_le_bytes());
    }
    for place in [(first * 2) | (1 << 30), second] {
        table.extend([0, 0]);
        table.extend(place.to_le_bytes());
        table.extend([0, 0]);
    }
    let size = u32::try_from(table.len()).unwrap();
    document[154 + 8 * PAIR + 4..][..4].copy_from_slice(&size.to_le_bytes());
    (document, table)
}
