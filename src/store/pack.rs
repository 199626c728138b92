//! Facts as they lie on the disk: JSON under zstd with a checksum.

use std::io::{self, Read as _};

use crate::Error;

/// The default of zstd itself.
const LEVEL: i32 = 3;

/// Compresses; the frame carries its content's length and checksum.
pub(crate) fn pack(facts: &[u8]) -> Result<Vec<u8>, Error> {
    let packed = || -> io::Result<Vec<u8>> {
        let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
        compressor.include_checksum(true)?;
        compressor.compress(facts)
    };
    packed().map_err(Error::Pack)
}

/// Gives back exactly the bytes that were packed, or says that they are damaged.
pub(crate) fn unpack(body: &[u8], bytes: u64) -> Result<Vec<u8>, Error> {
    let damaged = |why: String| Error::Stored { what: "facts", why };
    let mut facts = Vec::new();
    // one byte more than was recorded is enough to see that the row lies, whatever the frame claims
    zstd::Decoder::new(body)
        .and_then(|decoder| decoder.take(bytes.saturating_add(1)).read_to_end(&mut facts))
        .map_err(|error| damaged(error.to_string()))?;
    if facts.len() as u64 != bytes {
        return Err(damaged(format!("{} bytes where {bytes} were recorded", facts.len())));
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_seen() {
        let facts = b"{\"observed_at\":\"2026-11-24T00:00:00Z\"}".repeat(50);
        let mut body = pack(&facts).unwrap();
        let bytes = facts.len() as u64;
        assert_eq!(unpack(&body, bytes).unwrap(), facts);
        assert!(unpack(&body, bytes - 1).is_err());
        let last = body.len() - 1;
        body[last] ^= 1;
        assert!(unpack(&body, bytes).is_err());
    }
}
