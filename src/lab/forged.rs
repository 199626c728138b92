//! What no library speaks any more: the first flight of an old or Chinese handshake, made by hand, and nothing after it.
//!
//! A site keeps its real TLS beside this: only a hello that asks for nothing the real one speaks gets a forged answer. Whoever
//! only asks what is offered (a scanner) is content; nobody can finish such a handshake.

use std::time::Duration;

use serde::Deserialize;
use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// The largest hello that is read: one record.
const LARGEST: usize = 5 + (1 << 14);
/// How long a hello may take to arrive.
const PATIENCE: Duration = Duration::from_secs(5);
/// Suites that the real side speaks with its ECDSA keys: of TLS 1.2 (RFC 5289, RFC 7905), and of TLS 1.3 (RFC 8446).
const REAL: &[u16] = &[0xC02B, 0xC02C, 0xCCA9, 0x1301, 0x1302, 0x1303];
const TLS12: u16 = 0x0303;
const TLCP: u16 = 0x0101;

/// A protocol that a TLS port pretends to offer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forged {
    /// On the wire: 0x0300 SSL 3.0, 0x0301 TLS 1.0, …, 0x0101 TLCP.
    pub(crate) version: u16,
    /// Code points of its suites, in the order they are picked.
    pub(crate) suites: Vec<u16>,
    /// The size of its Diffie-Hellman group; 0 where the suites need none.
    #[serde(default)]
    pub(crate) dh_bits: usize,
}

impl Forged {
    pub(crate) fn is_tlcp(&self) -> bool {
        self.version == TLCP
    }
}

/// What a hello asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Hello {
    /// The version on the wire: the newest but for TLS 1.3, which has an extension of its own.
    pub(crate) version: u16,
    pub(crate) suites: Vec<u16>,
    /// The host, lower case; empty when none is named.
    pub(crate) host: String,
}

impl Hello {
    /// It asks for TLCP, which may come without a host's name.
    pub(crate) fn is_tlcp(&self) -> bool {
        self.version == TLCP
    }

    /// The real TLS would answer it.
    pub(crate) fn is_modern(&self) -> bool {
        self.version >= TLS12 && self.suites.iter().any(|suite| REAL.contains(suite))
    }
}

/// Looks at the hello without taking it; `None` when none came.
pub(crate) async fn peek(stream: &TcpStream) -> Option<Hello> {
    let mut record = vec![0; LARGEST];
    let whole = async {
        loop {
            let had = stream.peek(&mut record).await.ok()?;
            let length = record.get(3..5).filter(|_| had >= 5).map(number)?;
            if had >= 5 + length {
                return read(record.get(5..5 + length)?);
            }
            // the rest of the record is on its way
            sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(PATIENCE, whole).await.ok()?
}

/// Answers a hello with the first flight of what the site pretends to offer, and goes away.
pub(crate) async fn answer(
    mut stream: TcpStream,
    hello: &Hello,
    offers: &[Forged],
    chain: &[Vec<u8>],
) -> io::Result<()> {
    stream.write_all(&flight(hello, offers, chain)).await?;
    stream.shutdown().await?;
    // closing with unread bytes would reset the connection under the answer
    let rest = timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
    rest.map_or(Ok(()), |read| read.map(drop))
}

fn flight(hello: &Hello, offers: &[Forged], chain: &[Vec<u8>]) -> Vec<u8> {
    let fits = |offer: &&Forged| {
        (offer.version == TLCP) == hello.is_tlcp() && offer.version <= hello.version
    };
    let Some(newest) = offers.iter().filter(fits).map(|offer| offer.version).max() else {
        return record(21, hello.version.max(0x0301), &[2, 70]);
    };
    let mut own = offers.iter().filter(|offer| offer.version == newest);
    let found = own.find_map(|offer| {
        let suite = offer.suites.iter().find(|suite| hello.suites.contains(suite))?;
        Some((offer, *suite))
    });
    let Some((offer, suite)) = found else { return record(21, newest, &[2, 40]) };
    let mut server = newest.to_be_bytes().to_vec();
    server.extend_from_slice(&[7; 32]);
    server.push(0);
    server.extend_from_slice(&suite.to_be_bytes());
    server.push(0);
    let certificates: Vec<u8> = chain.iter().flat_map(|der| counted(3, der)).collect();
    let mut flight = message(2, &server);
    flight.extend(message(11, &counted(3, &certificates)));
    if offer.dh_bits > 0 {
        let prime = counted(2, &vec![0xFF; offer.dh_bits / 8]);
        let rest = [counted(2, &[2]), counted(2, &[3; 64]), vec![4, 1], counted(2, &[9; 256])];
        flight.extend(message(12, &[prime, rest.concat()].concat()));
    }
    flight.extend(message(14, &[]));
    flight.chunks(1 << 14).flat_map(|part| record(22, newest, part)).collect()
}

/// Bytes behind their length.
fn counted(width: usize, body: &[u8]) -> Vec<u8> {
    let length = body.len().to_be_bytes();
    [&length[length.len() - width..], body].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [vec![kind], counted(3, body)].concat()
}

fn record(kind: u8, version: u16, body: &[u8]) -> Vec<u8> {
    [vec![kind], version.to_be_bytes().to_vec(), counted(2, body)].concat()
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// Reads a ClientHello (RFC 8446, 4.1.2); `None` when it is none.
fn read(mut body: &[u8]) -> Option<Hello> {
    let mut take = |length: usize| {
        let (taken, rest) = body.split_at_checked(length)?;
        body = rest;
        Some(taken)
    };
    let head = take(4)?;
    let version = u16::try_from(number(take(2)?)).ok()?;
    take(32)?;
    let session = number(take(1)?);
    take(session)?;
    let suites = number(take(2)?);
    let suites = take(suites)?.chunks_exact(2);
    let suites = suites.filter_map(|pair| u16::try_from(number(pair)).ok()).collect();
    let methods = number(take(1)?);
    take(methods)?;
    let mut host = String::new();
    if take(2).is_some() {
        while let (Some(kind), Some(length)) = (take(2), take(2)) {
            let inside = take(number(length))?;
            // server_name: list length, type 0, name length, name (RFC 6066, 3)
            if number(kind) == 0 {
                let name = inside.get(5..).unwrap_or_default();
                host = String::from_utf8_lossy(name).to_ascii_lowercase();
            }
        }
    }
    (head.first() == Some(&1)).then_some(Hello { version, suites, host })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hello_is_read_and_answered_with_what_is_pretended() {
        let mut body = vec![3, 3];
        body.extend([0; 32]);
        body.push(0);
        body.extend(counted(2, &[0, 5, 0xC0, 0x2B]));
        body.extend([1, 0]);
        let name = [counted(2, &[vec![0], counted(2, b"WWW.a.cn")].concat())].concat();
        body.extend(counted(2, &[vec![0, 0], counted(2, &name)].concat()));
        let hello = read(&message(1, &body)).unwrap();
        assert_eq!(
            hello,
            Hello { version: 0x0303, suites: vec![5, 0xC02B], host: "www.a.cn".into() }
        );
        assert!(hello.is_modern());
        let offers = [Forged { version: 0x0301, suites: vec![5], dh_bits: 0 }];
        let answer = flight(&hello, &offers, &[vec![1, 2, 3]]);
        assert_eq!(answer[..3], [22, 3, 1]);
        assert_eq!(answer[9..11], [3, 1], "TLS 1.0");
        let old = Hello { version: 0x0300, ..hello };
        assert_eq!(flight(&old, &offers, &[])[..], [21, 3, 1, 0, 2, 2, 70]);
    }

    #[test]
    fn what_is_no_hello_is_none() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(&message(2, &[0; 40])), None);
        assert_eq!(read(&message(1, &[3, 3, 0])), None);
    }
}
