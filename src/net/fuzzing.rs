//! What the fuzz targets reach of this crate besides its public parts (see `fuzz/`).

use crate::hello::read::{Depth, Progress, Reader};

/// An answer to a hello, whole and in pieces: the pieces make no difference.
pub fn answer(bytes: &[u8]) {
    let whole = Reader::new(Depth::Flight).feed(bytes);
    let mut reader = Reader::new(Depth::Flight);
    let mut last = Progress::More;
    for piece in bytes.chunks(7) {
        last = reader.feed(piece);
        if last != Progress::More {
            break;
        }
    }
    assert_eq!(whole, last, "a reader that is fed in pieces reads something else");
}
