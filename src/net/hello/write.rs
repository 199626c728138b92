//! The ClientHello: SSL 3.0 and TLCP without extensions, TLS 1.0 to 1.3 with those whose answer is worth knowing.

use std::net::IpAddr;

use super::{Protocol, groups};

/// `TLS_EMPTY_RENEGOTIATION_INFO_SCSV` (RFC 5746): says in the list what an extension cannot say in SSL 3.0.
const RENEGOTIATION: u16 = 0x00FF;
/// Hellos of these lengths, counted with their header, hang behind some old load balancers (RFC 7685).
const HANGING: std::ops::Range<usize> = 0x100..0x200;
/// Signature algorithms, every one: a server that must sign with an old one shows its certificate all the same.
const SIGNATURES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x081A,
    0x081B, 0x081C, 0x0401, 0x0501, 0x0601, 0x0708, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602,
    0x0203, 0x0201, 0x0202, 0x0101,
];

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hello<'a> {
    /// The protocol, and no other.
    pub(crate) protocol: Protocol,
    /// The suites, in the order of our pretended liking.
    pub(crate) suites: &'a [u16],
    /// The host for SNI; an address is never sent (RFC 6066).
    pub(crate) name: Option<&'a str>,
    /// Whether extensions are sent at all; never in SSL 3.0.
    pub(crate) extensions: bool,
}

/// Random bytes: the client's random, a session id, a key share on x25519, to which any bytes will do.
pub(crate) type Noise = [u8; 96];

/// The bytes to send: one handshake record.
pub(crate) fn write(hello: &Hello<'_>, noise: &Noise) -> Vec<u8> {
    let Hello { protocol, suites, .. } = *hello;
    let modern = protocol == Protocol::Tls13;
    let extended = hello.extensions && protocol != Protocol::Ssl3;
    let mut body = Vec::with_capacity(1024);
    put16(&mut body, if modern { Protocol::Tls12.wire() } else { protocol.wire() });
    body.extend_from_slice(&noise[..32]);
    // a session id makes TLS 1.3 look like a resumed 1.2 to boxes in between (RFC 8446, D.4)
    vec8(&mut body, if modern { &noise[32..64] } else { &[] });
    let signal = !extended && protocol.is_classic();
    let codes = suites.iter().copied().chain(signal.then_some(RENEGOTIATION));
    vec16(&mut body, &numbers(codes));
    // compression is offered to see who takes it (CRIME); TLS 1.3 and TLCP know none
    vec8(&mut body, if protocol.is_classic() { &[1, 0] } else { &[0] });
    if extended {
        let mut extensions = extensions(hello, noise);
        // 4 bytes of handshake header and 2 of this list's length
        let length = body.len() + extensions.len() + 6;
        if HANGING.contains(&length) {
            let missing = HANGING.end.saturating_sub(length + 4);
            extension(&mut extensions, 21, &vec![0; missing]);
        }
        if !extensions.is_empty() {
            vec16(&mut body, &extensions);
        }
    }
    let mut message = vec![1, 0];
    vec16(&mut message, &body);
    let mut record = vec![22];
    let outer = if modern || protocol == Protocol::Tls12 { Protocol::Tls10 } else { protocol };
    put16(&mut record, outer.wire());
    vec16(&mut record, &message);
    record
}

fn extensions(hello: &Hello<'_>, noise: &Noise) -> Vec<u8> {
    let mut all = Vec::with_capacity(512);
    if let Some(name) = hello.name.and_then(server_name) {
        extension(&mut all, 0, &name);
    }
    if hello.protocol == Protocol::Tlcp {
        return all;
    }
    let modern = hello.protocol == Protocol::Tls13;
    let groups = if modern { numbers(groups::modern()) } else { numbers(groups::classic()) };
    // status_request: one OCSP answer, no responders preferred (RFC 6066)
    extension(&mut all, 5, &[1, 0, 0, 0, 0]);
    extension(&mut all, 10, &within16(&groups));
    if hello.protocol >= Protocol::Tls12 {
        extension(&mut all, 13, &within16(&numbers(SIGNATURES.iter().copied())));
    }
    // ALPN: what every server speaks; whether it would rather speak HTTP/2 the other stack asks
    extension(&mut all, 16, &within16(b"\x08http/1.1"));
    if modern {
        extension(&mut all, 43, &[2, 3, 4]);
        // psk_dhe_ke: some servers want to read it beside a key share
        extension(&mut all, 45, &[1, 1]);
        let mut share = vec![0, 29];
        vec16(&mut share, &noise[64..]);
        extension(&mut all, 51, &within16(&share));
    } else {
        // uncompressed points, extended_master_secret, renegotiation_info
        extension(&mut all, 11, &[1, 0]);
        extension(&mut all, 23, &[]);
        extension(&mut all, 0xFF01, &[0]);
    }
    all
}

/// The body of server_name; `None` for what may not be sent: an address, or no name at all.
fn server_name(host: &str) -> Option<Vec<u8>> {
    let host = host.trim_end_matches('.');
    let bare = host.trim_matches(['[', ']']);
    if host.is_empty() || host.len() > 255 || bare.parse::<IpAddr>().is_ok() {
        return None;
    }
    let mut entry = vec![0];
    vec16(&mut entry, host.as_bytes());
    Some(within16(&entry))
}

fn extension(into: &mut Vec<u8>, kind: u16, body: &[u8]) {
    put16(into, kind);
    vec16(into, body);
}

fn numbers(numbers: impl Iterator<Item = u16>) -> Vec<u8> {
    numbers.flat_map(u16::to_be_bytes).collect()
}

fn within16(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    vec16(&mut out, bytes);
    out
}

fn put16(into: &mut Vec<u8>, number: u16) {
    into.extend_from_slice(&number.to_be_bytes());
}

/// Bytes after their length in one byte. What we write ourselves is never too long.
fn vec8(into: &mut Vec<u8>, bytes: &[u8]) {
    into.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
    into.extend_from_slice(bytes);
}

/// Bytes after their length in two bytes.
fn vec16(into: &mut Vec<u8>, bytes: &[u8]) {
    put16(into, u16::try_from(bytes.len()).unwrap_or(u16::MAX));
    into.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hello::suites;

    fn hello(protocol: Protocol, count: usize, extensions: bool) -> Vec<u8> {
        let suites = suites::of(protocol);
        let suites = &suites[..count.min(suites.len())];
        let name = Some("www.site.test");
        write(&Hello { protocol, suites, name, extensions }, &[7; 96])
    }

    /// Every length says what follows it, down to the end.
    fn lengths_agree(record: &[u8]) {
        let of = |at: usize| usize::from(record[at]) << 8 | usize::from(record[at + 1]);
        assert_eq!(record[0], 22);
        assert_eq!(of(3) + 5, record.len());
        assert_eq!((record[5], record[6]), (1, 0));
        assert_eq!(of(7) + 9, record.len());
        let suites = 9 + 2 + 32 + 1 + usize::from(record[43]);
        let compression = suites + 2 + of(suites);
        let mut at = compression + 1 + usize::from(record[compression]);
        if at == record.len() {
            return;
        }
        assert_eq!(at + 2 + of(at), record.len());
        at += 2;
        while at < record.len() {
            at += 4 + of(at + 2);
        }
        assert_eq!(at, record.len());
    }

    #[test]
    fn every_hello_has_the_shape_of_one() {
        for protocol in Protocol::ALL {
            for count in [1, 20, 64, 400] {
                lengths_agree(&hello(protocol, count, true));
                lengths_agree(&hello(protocol, count, false));
            }
        }
    }

    #[test]
    fn versions_stand_where_each_protocol_wants_them() {
        let versions = |protocol| {
            let bytes = hello(protocol, 3, true);
            (u16::from_be_bytes([bytes[1], bytes[2]]), u16::from_be_bytes([bytes[9], bytes[10]]))
        };
        assert_eq!(versions(Protocol::Ssl3), (0x0300, 0x0300));
        assert_eq!(versions(Protocol::Tls10), (0x0301, 0x0301));
        assert_eq!(versions(Protocol::Tls11), (0x0302, 0x0302));
        assert_eq!(versions(Protocol::Tls12), (0x0301, 0x0303));
        assert_eq!(versions(Protocol::Tls13), (0x0301, 0x0303));
        assert_eq!(versions(Protocol::Tlcp), (0x0101, 0x0101));
    }

    #[test]
    fn ssl3_and_a_bare_hello_end_after_the_compression_methods() {
        for bytes in [hello(Protocol::Ssl3, 2, true), hello(Protocol::Tls10, 2, false)] {
            assert!(bytes.ends_with(&[0x00, 0xFF, 2, 1, 0]), "{bytes:02x?}");
        }
        assert!(hello(Protocol::Tlcp, 99, false).ends_with(&[1, 0]));
    }

    #[test]
    fn no_hello_with_extensions_has_a_length_that_hangs() {
        for count in 1..250 {
            let length = hello(Protocol::Tls12, count, true).len() - 5;
            assert!(!HANGING.contains(&length), "{count} suites: {length}");
        }
    }

    #[test]
    fn addresses_are_not_sent_as_names() {
        for host in ["127.0.0.1", "[::1]", "::1", ""] {
            assert_eq!(server_name(host), None, "{host}");
        }
        assert_eq!(server_name("a.test.").unwrap(), b"\0\x09\0\0\x06a.test");
    }
}
