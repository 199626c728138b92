//! What only a real handshake shows: the certificate under TLS 1.3, and the application protocols.

use std::net::SocketAddr;

use tokio::time::timeout;
use xuncha_model::Reason;

use super::{
    Survey,
    ask::{Answer, Line},
    read::Depth,
    suites,
};
use crate::{
    Fault, Handshake,
    tls::{self, Recorder},
};

/// The protocols that are offered: what a browser offers.
const BROWSER: &[&str] = &["h2", "http/1.1"];

/// Another address of the same host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// The address that was dialled.
    pub address: SocketAddr,
    /// Empty when it answered; else why not.
    pub reason: Reason,
    /// The newest protocol it took; empty without an answer.
    pub version: String,
    /// It shows the same certificate as the first address; `None` when none was had.
    pub same: Option<bool>,
    /// The certificates it shows, leaf first, where they are not those of the first address.
    pub chain: Vec<Vec<u8>>,
}

/// One whole handshake over a line, with the host's name or without any; what was shown before a failure counts.
pub(crate) async fn shake(line: &Line<'_>, named: bool) -> Result<Handshake, Fault> {
    let stream = line.dial().await?;
    let recorder = Recorder::new(BROWSER, named);
    let patience = line.patience();
    let Ok(outcome) = timeout(patience, tls::shake(stream, line.host, &recorder)).await else {
        return Err(Fault::late(Reason::TlsTimeout, patience));
    };
    match outcome.stream {
        Err(fault) if outcome.handshake.chain.is_empty() => Err(fault),
        Ok(_) | Err(_) => Ok(outcome.handshake),
    }
}

/// One handshake with another address, in the way that the first one answered.
pub(crate) async fn compare(line: &Line<'_>, first: &Survey, shook: Option<&Handshake>) -> Other {
    let (seen, leaf) = match shook.filter(|shook| !shook.version.is_empty()) {
        Some(shook) => {
            let seen = shake(line, true).await.map(|seen| (seen.version, seen.chain));
            (seen, shook.chain.first())
        }
        None => (hello(line, first).await, first.chain.first()),
    };
    let address = line.target;
    match seen {
        Ok((version, chain)) => {
            let same = chain.first().map(|other| Some(other) == leaf);
            let chain = if same == Some(false) { chain } else { Vec::new() };
            Other { address, reason: Reason::Ok, version, same, chain }
        }
        Err(fault) => {
            let reason = fault.reason;
            Other { address, reason, version: String::new(), same: None, chain: Vec::new() }
        }
    }
}

/// The newest protocol of the first address, asked of another one.
async fn hello(line: &Line<'_>, first: &Survey) -> Result<(String, Vec<Vec<u8>>), Fault> {
    let classic = first.offers.iter().rfind(|offer| offer.protocol.is_classic());
    let Some(offer) = classic.or(first.offers.last()) else {
        return Err(Fault::new(Reason::NotLooked, ""));
    };
    let list = suites::of(offer.protocol);
    match line.ask(offer.protocol, &list, Depth::Flight).await {
        Answer::Taken(flight) => Ok((offer.protocol.name().to_owned(), flight.chain)),
        answer => Err(answer.fault()),
    }
}
