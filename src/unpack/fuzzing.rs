//! What the fuzz targets reach of this crate (see `fuzz/`).

/// The text of a file, read in this process and without the helpers of the system.
pub fn read(body: &[u8]) {
    for ending in ["", "csv", "wps"] {
        let unpacked = crate::taken(body, ending, None);
        assert!(unpacked.unread.len() <= 100, "too much is told of what was not read");
    }
}
