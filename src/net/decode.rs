//! Reads a body: decompressed while it streams, capped before and after (threats.md T3).

use std::{error::Error as StdError, fmt, io, pin::Pin};

use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder};
use bytes::Bytes;
use futures_util::{StreamExt, future::ready};
use http_body_util::BodyDataStream;
use hyper::{
    HeaderMap,
    body::{Body as _, Incoming},
    header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING},
};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader};
use tokio_util::io::StreamReader;
use xuncha_model::Reason;

use crate::{
    Fault,
    dial::Received,
    fault::io_cause,
    tls::{self, Handshake},
};

/// Layers of compression that are taken off.
const MAX_LAYERS: usize = 2;

/// Bytes that are laid aside for a body because it announces them: a lie costs no more.
const BELIEVED: usize = 256 << 10;

/// Where a body came from, for whoever must say why it broke.
pub(crate) struct Source<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) received: &'a Received,
    pub(crate) handshake: &'a Handshake,
}

/// Reads a body into `into`, at most `cap` bytes. What was read stays there when the rest fails or time runs out.
pub(crate) async fn read(
    body: &mut Incoming,
    source: &Source<'_>,
    cap: usize,
    into: &mut Vec<u8>,
) -> Result<(), Fault> {
    let layers = layers(source.headers)?;
    let packed = !layers.is_empty();
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    into.reserve(announced.min(cap).min(BELIEVED));
    let mut reader = wire(body, source.headers, cap);
    // the last layer named was put on last
    for layer in layers.iter().rev() {
        reader = unpack(reader, layer).await.map_err(|error| blame(&error, packed, source))?;
    }
    loop {
        let got = reader.fill_buf().await.map_err(|error| blame(&error, packed, source))?;
        if got.is_empty() {
            return Ok(());
        }
        let (length, room) = (got.len(), cap - into.len());
        into.extend_from_slice(&got[..length.min(room)]);
        if length > room {
            let reason = if packed { Reason::LimitDecode } else { Reason::LimitBody };
            return Err(Fault::new(reason, format!("more than {cap} bytes")));
        }
        reader.consume(length);
    }
}

fn layers(headers: &HeaderMap) -> Result<Vec<String>, Fault> {
    let named = headers.get_all(CONTENT_ENCODING).iter();
    let layers: Vec<_> = named
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(|name| String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase())
        .filter(|name| !matches!(name.as_str(), "" | "identity" | "none"))
        .collect();
    if layers.len() > MAX_LAYERS {
        return Err(Fault::new(
            Reason::LimitDecode,
            format!("{} layers of compression", layers.len()),
        ));
    }
    Ok(layers)
}

type Reader<'a> = Pin<Box<dyn AsyncBufRead + Send + 'a>>;

/// The bytes as they come, counted.
fn wire<'a>(body: &'a mut Incoming, headers: &HeaderMap, cap: usize) -> Reader<'a> {
    let by_close =
        !headers.contains_key(CONTENT_LENGTH) && !headers.contains_key(TRANSFER_ENCODING);
    let mut total = 0_usize;
    let bytes = BodyDataStream::new(body)
        // old servers end a body by closing without TLS's own goodbye
        .take_while(move |item| ready(!(by_close && item.as_ref().is_err_and(ended))))
        .map(move |item: Result<Bytes, hyper::Error>| {
            let bytes = item.map_err(|error| io::Error::other(Wire::Broken(error)))?;
            total += bytes.len();
            if total > cap { Err(io::Error::other(Wire::TooLong)) } else { Ok(bytes) }
        });
    Box::pin(StreamReader::new(Box::pin(bytes)))
}

fn ended(error: &hyper::Error) -> bool {
    io_cause(error).is_some_and(|cause| cause.kind() == io::ErrorKind::UnexpectedEof)
}

async fn unpack<'a>(mut packed: Reader<'a>, layer: &str) -> io::Result<Reader<'a>> {
    Ok(match layer {
        "gzip" | "x-gzip" => Box::pin(BufReader::new(GzipDecoder::new(packed))),
        "br" => Box::pin(BufReader::new(BrotliDecoder::new(packed))),
        "deflate" => {
            // RFC 9110 means zlib; many servers send the bare stream
            let zlib = match packed.fill_buf().await? {
                [first, second, ..] => {
                    first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0
                }
                _ => true,
            };
            if zlib {
                Box::pin(BufReader::new(ZlibDecoder::new(packed)))
            } else {
                Box::pin(BufReader::new(DeflateDecoder::new(packed)))
            }
        }
        other => {
            let what = format!("unknown compression `{}`", other.escape_debug());
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
    })
}

fn blame(error: &io::Error, packed: bool, source: &Source<'_>) -> Fault {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Wire>()) {
        Some(Wire::TooLong) => Fault::new(Reason::LimitBody, error.to_string()),
        Some(Wire::Broken(cause)) if ended(cause) || cause.is_incomplete_message() => {
            Fault::new(Reason::HttpTruncated, "fewer bytes than announced")
        }
        Some(Wire::Broken(cause)) if io_cause(cause).is_some() => {
            tls::fault(cause, source.received, source.handshake, Reason::HttpReset)
        }
        Some(Wire::Broken(cause)) => Fault::new(Reason::HttpProtocol, cause.to_string()),
        None if packed && error.kind() == io::ErrorKind::UnexpectedEof => {
            Fault::new(Reason::HttpTruncated, "the compressed body ends early")
        }
        None => Fault::new(Reason::LimitDecode, error.to_string()),
    }
}

/// What went wrong before decompression.
#[derive(Debug)]
enum Wire {
    Broken(hyper::Error),
    TooLong,
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(error) => error.fmt(f),
            Self::TooLong => f.write_str("more bytes on the wire than the cap"),
        }
    }
}

impl StdError for Wire {}
