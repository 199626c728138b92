//! What a server says to a hello, read as far as it is in the clear, byte by byte and within bounds.

use super::{
    Protocol,
    suites::{self, Exchange},
};

/// Bytes of one answer that are read.
pub(crate) const MAX_ANSWER: usize = 64 << 10;
/// Bytes of a record: the largest plain text and what TLS 1.2 may add to it.
const MAX_RECORD: usize = (1 << 14) + 2048;
/// Warnings a server may send before it comes to the point.
const MAX_WARNINGS: u8 = 4;
/// Certificates of a chain that are kept.
const MAX_CHAIN: usize = 16;
/// The random of a HelloRetryRequest (RFC 8446, 4.1.3).
const RETRY: [u8; 32] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
];

/// What was read of the server's first flight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flight {
    /// The protocol it takes, on the wire.
    pub(crate) version: u16,
    /// The suite it picked.
    pub(crate) suite: u16,
    /// It agreed to compress.
    pub(crate) compression: bool,
    /// It wants another hello, with a share on another group (TLS 1.3).
    pub(crate) retry: bool,
    /// It answered renegotiation_info.
    pub(crate) renegotiation: bool,
    /// It answered extended_master_secret.
    pub(crate) master_secret: bool,
    /// The application protocol it picked; empty when none.
    pub(crate) alpn: String,
    /// The certificates, DER, as sent.
    pub(crate) chain: Vec<Vec<u8>>,
    /// An OCSP response came along.
    pub(crate) stapled: bool,
    /// The curve, or under TLS 1.3 the group, it picked.
    pub(crate) group: Option<u16>,
    /// Bits of its Diffie-Hellman prime; 0 without one.
    pub(crate) dh_bits: u32,
    /// It asked for a client certificate.
    pub(crate) certificate_wanted: bool,
    /// A ServerKeyExchange was read.
    pub(crate) keys: bool,
}

impl Flight {
    /// Everything that the suite alone is asked for: the suite, and the group where it has one.
    fn suffices(&self) -> bool {
        self.keys || suites::exchange(self.suite) == Exchange::Other
    }
}

/// How far the reading has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// There is more to come.
    More,
    /// All that is in the clear was read.
    Done,
    /// The server refused with this alert.
    Alert(u8),
    /// That is no TLS.
    NotTls,
    /// It began like TLS, and is no sound one.
    Broken(&'static str),
}

/// How much is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// The suite, and its group.
    Suite,
    /// The whole flight.
    Flight,
}

/// A reader that is fed what comes, in whatever pieces.
#[derive(Debug)]
pub(crate) struct Reader {
    depth: Depth,
    /// Bytes of records that are not whole yet.
    wire: Vec<u8>,
    /// Bytes of handshake messages that are not whole yet.
    messages: Vec<u8>,
    received: usize,
    warnings: u8,
    flight: Option<Flight>,
    /// The version the first record bore; 0 before one.
    pub(crate) record: u16,
}

impl Reader {
    pub(crate) fn new(depth: Depth) -> Self {
        let (wire, messages) = (Vec::new(), Vec::new());
        Self { depth, wire, messages, received: 0, warnings: 0, flight: None, record: 0 }
    }

    /// What was read so far; `None` before a ServerHello.
    pub(crate) fn into_flight(self) -> Option<Flight> {
        self.flight
    }

    /// Takes the next bytes. After anything but [`Progress::More`] nothing further is to be fed.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Progress {
        self.received = self.received.saturating_add(bytes.len());
        if self.received > MAX_ANSWER {
            return Progress::Broken("more bytes than a handshake needs");
        }
        self.wire.extend_from_slice(bytes);
        let mut taken = 0;
        let progress = loop {
            let mut rest = Bytes(self.wire.get(taken..).unwrap_or_default());
            let (Some(kind), version) = (rest.u8(), rest.u16()) else { break Progress::More };
            if !(20..=23).contains(&kind) {
                break Progress::NotTls;
            }
            let (Some(version), Some(length)) = (version, rest.u16()) else { break Progress::More };
            if self.record == 0 {
                self.record = version;
            }
            if usize::from(length) > MAX_RECORD {
                break Progress::Broken("a record longer than any");
            }
            let Some(body) = rest.take(length.into()) else { break Progress::More };
            let body = body.to_vec();
            taken += 5 + body.len();
            let progress = self.take_record(kind, &body);
            if progress != Progress::More {
                break progress;
            }
        };
        self.wire.drain(..taken);
        progress
    }

    fn take_record(&mut self, kind: u8, body: &[u8]) -> Progress {
        match (kind, body) {
            (22, _) => {
                self.messages.extend_from_slice(body);
                self.take_messages()
            }
            (21, [1, _]) if self.warnings < MAX_WARNINGS => {
                self.warnings += 1;
                Progress::More
            }
            (21, [_, alert]) => Progress::Alert(*alert),
            (21, _) => Progress::Broken("an alert that is none"),
            // the rest is enciphered
            (20 | 23, _) if self.flight.is_some() => Progress::Done,
            _ => Progress::Broken("a record out of turn"),
        }
    }

    fn take_messages(&mut self) -> Progress {
        let mut taken = 0;
        let progress = loop {
            let mut rest = Bytes(self.messages.get(taken..).unwrap_or_default());
            let (Some(kind), Some(length)) = (rest.u8(), rest.u24()) else { break Progress::More };
            if length > MAX_ANSWER {
                break Progress::Broken("a message longer than any");
            }
            let Some(body) = rest.take(length) else { break Progress::More };
            taken += 4 + length;
            let progress = message(kind, body, &mut self.flight);
            if progress != Progress::More {
                break progress;
            }
            if self.depth == Depth::Suite && self.flight.as_ref().is_some_and(Flight::suffices) {
                break Progress::Done;
            }
        };
        self.messages.drain(..taken);
        progress
    }
}

fn message(kind: u8, body: &[u8], flight: &mut Option<Flight>) -> Progress {
    let bytes = Bytes(body);
    let Some(seen) = flight else {
        return match kind {
            // HelloRequest
            0 => Progress::More,
            2 => match server_hello(bytes) {
                Some(seen) => {
                    let done = seen.version == Protocol::Tls13.wire();
                    *flight = Some(seen);
                    if done { Progress::Done } else { Progress::More }
                }
                None => Progress::Broken("a ServerHello that is none"),
            },
            _ => Progress::Broken("a message before the ServerHello"),
        };
    };
    match kind {
        2 => return Progress::Broken("two ServerHellos"),
        11 => match chain(bytes) {
            Some(chain) => seen.chain = chain,
            None => return Progress::Broken("a certificate list that is none"),
        },
        12 => {
            seen.keys = true;
            // a group that cannot be read is a group that is not known: the rest holds
            let _ = server_keys(bytes, seen);
        }
        13 => seen.certificate_wanted = true,
        14 => return Progress::Done,
        // one response of OCSP (RFC 6066)
        22 => seen.stapled = body.first() == Some(&1) && body.len() > 4,
        _ => {}
    }
    Progress::More
}

fn server_hello(mut bytes: Bytes<'_>) -> Option<Flight> {
    let mut flight = Flight { version: bytes.u16()?, ..Flight::default() };
    flight.retry = bytes.take(32)? == RETRY;
    bytes.vec8()?;
    flight.suite = bytes.u16()?;
    flight.compression = bytes.u8()? != 0;
    // SSL 3.0 and old TLS end here
    let Some(mut extensions) = bytes.vec16() else { return Some(flight) };
    while let (Some(kind), Some(body)) = (extensions.u16(), extensions.vec16()) {
        extension(kind, body, &mut flight);
    }
    Some(flight)
}

fn extension(kind: u16, mut body: Bytes<'_>, flight: &mut Flight) {
    match kind {
        16 => {
            let name = body.vec16().and_then(|mut names| names.vec8());
            flight.alpn =
                name.map(|name| String::from_utf8_lossy(name.0).into_owned()).unwrap_or_default();
        }
        23 => flight.master_secret = true,
        43 => flight.version = body.u16().unwrap_or(flight.version),
        // the group is all there is in a HelloRetryRequest, and the first thing elsewhere
        51 => flight.group = body.u16(),
        0xFF01 => flight.renegotiation = true,
        _ => {}
    }
}

fn chain(mut bytes: Bytes<'_>) -> Option<Vec<Vec<u8>>> {
    let mut list = bytes.vec24()?;
    let mut chain = Vec::new();
    while !list.0.is_empty() && chain.len() < MAX_CHAIN {
        chain.push(list.vec24()?.0.to_vec());
    }
    Some(chain)
}

/// Reads the group of a ServerKeyExchange as the suite has it: read blindly, a signature would pass for a prime.
fn server_keys(mut bytes: Bytes<'_>, flight: &mut Flight) -> Option<()> {
    match suites::exchange(flight.suite) {
        Exchange::Dhe => flight.dh_bits = bytes.vec16()?.bits(),
        // named_curve, the only kind in use (RFC 8422)
        Exchange::Ecdhe if bytes.u8()? == 3 => flight.group = bytes.u16(),
        Exchange::Ecdhe | Exchange::Other => {}
    }
    Some(())
}

/// Bytes that are read from the front; nothing is read past their end.
#[derive(Clone, Copy, Debug)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        Some(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        self.number(2).and_then(|number| number.try_into().ok())
    }

    fn u24(&mut self) -> Option<usize> {
        self.number(3)
    }

    fn vec8(&mut self) -> Option<Self> {
        let length = self.number(1)?;
        self.take(length).map(Self)
    }

    fn vec16(&mut self) -> Option<Self> {
        let length = self.number(2)?;
        self.take(length).map(Self)
    }

    fn vec24(&mut self) -> Option<Self> {
        let length = self.number(3)?;
        self.take(length).map(Self)
    }

    /// Bits of a big-endian number.
    fn bits(self) -> u32 {
        let mut number = self.0;
        while let [0, rest @ ..] = number {
            number = rest;
        }
        let Some(top) = number.first() else { return 0 };
        u32::try_from(number.len() * 8).unwrap_or(u32::MAX).saturating_sub(top.leading_zeros())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vec(width: usize, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&length[4 - width..], body].concat()
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        [vec![kind], vec(3, body)].concat()
    }

    fn record(kind: u8, version: [u8; 2], body: &[u8]) -> Vec<u8> {
        [vec![kind], version.to_vec(), vec(2, body)].concat()
    }

    fn hello(version: [u8; 2], suite: u16, extensions: &[u8]) -> Vec<u8> {
        let mut body = version.to_vec();
        body.extend_from_slice(&[9; 32]);
        body.push(0);
        body.extend_from_slice(&suite.to_be_bytes());
        body.push(1);
        if !extensions.is_empty() {
            body.extend(vec(2, extensions));
        }
        message(2, &body)
    }

    /// A whole flight of TLS 1.2 with everything in it, the messages spread over records that cut them.
    fn flight() -> Vec<u8> {
        let extensions =
            [&[0xFF, 0x01, 0, 1, 0, 0, 23, 0, 0, 0, 5, 0, 0, 0, 16, 0, 5, 0, 3, 2][..], b"h2"];
        let chain = [vec(3, b"leaf"), vec(3, b"authority")].concat();
        let keys =
            [vec(2, &[0, 0x80, 0]), vec(2, &[2]), vec(2, &[3]), vec![4, 1, 0, 1, 7]].concat();
        let all = [
            hello([3, 3], 0x009E, &extensions.concat()),
            message(11, &vec(3, &chain)),
            message(22, &[vec![1], vec(3, b"response")].concat()),
            message(12, &keys),
            message(13, &[1, 1, 0, 0, 0, 0]),
            message(14, &[]),
        ]
        .concat();
        all.chunks(7).flat_map(|piece| record(22, [3, 3], piece)).collect()
    }

    fn read(depth: Depth, bytes: &[u8]) -> (Progress, Option<Flight>) {
        let mut reader = Reader::new(depth);
        let progress = reader.feed(bytes);
        (progress, reader.into_flight())
    }

    #[test]
    fn a_whole_flight_is_read() {
        let (progress, flight) = read(Depth::Flight, &flight());
        assert_eq!(progress, Progress::Done);
        let flight = flight.unwrap();
        assert_eq!((flight.version, flight.suite, flight.dh_bits), (0x0303, 0x009E, 16));
        assert_eq!(flight.chain, [b"leaf".to_vec(), b"authority".to_vec()]);
        assert_eq!(flight.alpn, "h2");
        assert!(flight.stapled && flight.certificate_wanted && flight.compression);
        assert!(flight.renegotiation && flight.master_secret && !flight.retry);
    }

    #[test]
    fn every_prefix_waits_for_more_and_every_flipped_byte_is_survived() {
        let whole = flight();
        for end in 0..whole.len() {
            assert_eq!(read(Depth::Flight, &whole[..end]).0, Progress::More, "{end} bytes");
        }
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                read(Depth::Flight, &damaged);
                read(Depth::Suite, &damaged);
            }
        }
    }

    #[test]
    fn pieces_of_any_size_make_the_same_flight() {
        let whole = flight();
        for size in [1, 2, 5, 64] {
            let mut reader = Reader::new(Depth::Flight);
            let last = whole.chunks(size).map(|piece| reader.feed(piece)).last();
            assert_eq!(last, Some(Progress::Done));
            assert_eq!(reader.into_flight(), read(Depth::Flight, &whole).1);
        }
    }

    #[test]
    fn the_key_exchange_of_the_suite_decides_what_is_read() {
        let with = |suite: u16, keys: &[u8]| {
            let bytes = [hello([3, 1], suite, &[]), message(12, keys)].concat();
            let (progress, flight) = read(Depth::Suite, &record(22, [3, 1], &bytes));
            assert_eq!(progress, Progress::Done);
            let flight = flight.unwrap();
            (flight.dh_bits, flight.group)
        };
        let export = vec(2, &[0xFF; 64]);
        assert_eq!(with(0x0014, &export), (512, None));
        assert_eq!(with(0xC013, &[3, 0, 23, 65]), (0, Some(23)));
        assert_eq!(with(0xE011, &[3, 0, 41, 65]), (0, Some(41)));
        // TLCP's ECC suites sign here: 72 bytes are no prime of 576 bits
        assert_eq!(with(0xE013, &vec(2, &[0x30; 72])), (0, None));
        // explicit curves, and a cut message
        assert_eq!(with(0xC013, &[1, 0]), (0, None));
        assert_eq!(with(0x0033, &[0xFF, 0xFF, 1]), (0, None));
    }

    #[test]
    fn tls13_ends_at_the_hello_and_at_a_wish_for_another() {
        let extensions = [0, 51, 0, 4, 0, 29, 0, 0, 0, 43, 0, 2, 3, 4];
        let (progress, flight) =
            read(Depth::Flight, &record(22, [3, 3], &hello([3, 3], 0x1301, &extensions)));
        let flight = flight.unwrap();
        assert_eq!((progress, flight.version, flight.group), (Progress::Done, 0x0304, Some(29)));
        assert!(!flight.retry);
        let mut again = hello([3, 3], 0x00C6, &[0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 41]);
        again[6..38].copy_from_slice(&RETRY);
        let flight = read(Depth::Flight, &record(22, [3, 3], &again)).1.unwrap();
        assert_eq!((flight.retry, flight.group, flight.suite), (true, Some(41), 0x00C6));
    }

    #[test]
    fn alerts_and_rubbish_are_told_apart() {
        let said = |bytes: &[u8]| read(Depth::Flight, bytes).0;
        assert_eq!(said(&record(21, [3, 1], &[2, 70])), Progress::Alert(70));
        let warned = [record(21, [3, 1], &[1, 112]), record(21, [3, 1], &[2, 40])].concat();
        assert_eq!(said(&warned), Progress::Alert(40));
        let nagging = record(21, [3, 1], &[1, 112]).repeat(9);
        assert_eq!(said(&nagging), Progress::Alert(112));
        assert_eq!(said(b"HTTP/1.1 400"), Progress::NotTls);
        assert!(matches!(said(&[22, 3, 1, 0xFF, 0xFF]), Progress::Broken(_)));
        assert!(matches!(said(&record(22, [3, 3], &[2, 0xFF, 0, 0])), Progress::Broken(_)));
        assert!(matches!(said(&record(22, [3, 3], &message(14, &[]))), Progress::Broken(_)));
        let twice = hello([3, 3], 0x002F, &[]).repeat(2);
        assert!(matches!(said(&record(22, [3, 3], &twice)), Progress::Broken(_)));
        let endless = record(22, [3, 3], &[0; 4096]).repeat(17);
        assert!(matches!(said(&endless), Progress::Broken(_)));
    }

    #[test]
    fn lengths_that_lie_are_not_believed() {
        let lying = [&vec(3, &[0, 0, 9])[..], b"x"].concat();
        let bytes = [hello([3, 3], 0x002F, &[]), message(11, &lying)].concat();
        let (progress, flight) = read(Depth::Flight, &record(22, [3, 3], &bytes));
        assert!(matches!(progress, Progress::Broken(_)));
        assert_eq!(flight.unwrap().suite, 0x002F, "what was read before still holds");
    }
}
