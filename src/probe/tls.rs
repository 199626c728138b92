//! A TLS handshake, as facts.

use chrono::{DateTime, Utc};
use xuncha_model::{
    Reason, Seen,
    facts::{TlsFacts, tls::Trust},
};
use xuncha_net::{Roots, Shake};

use crate::{
    certificate,
    trust::{covers, trust},
};

/// The facts of a handshake; unseen when the host could not be asked at all (no address, our own fault).
pub fn facts(shake: &Shake, roots: &Roots, now: DateTime<Utc>) -> Seen<TlsFacts> {
    let handshake = &shake.handshake;
    if !shake.reason.is_ok() && handshake.chain.is_empty() && !tells(&shake.reason) {
        return Seen::unseen(shake.reason.clone(), shake.detail.clone());
    }
    let chain: Vec<_> = (0..)
        .zip(&handshake.chain)
        .filter_map(|(position, der)| certificate::facts(der, position, now))
        .collect();
    // webpki takes no RSA key below 2048 bits, so its verdict there is about the key, not about the signature
    let checkable = !chain.first().is_some_and(|leaf| leaf.key == "RSA" && leaf.key_bits < 2048);
    let signed = handshake.signature_valid.unwrap_or(true) || !checkable;
    Seen::Seen(TlsFacts {
        host: shake.host.clone(),
        address: shake.address.clone(),
        reason: shake.reason.clone(),
        version: handshake.version.clone(),
        cipher: handshake.cipher.clone(),
        alpn: handshake.alpn.clone(),
        name_matches: covers(&handshake.chain, &shake.host),
        trust: match handshake.chain.as_slice() {
            [] => Trust::Invalid,
            sent => trust(sent, roots, now),
        },
        signature_valid: signed && shake.reason.is_ok(),
        chain,
    })
}

/// Whether a failure says something of the site's TLS port: nobody listens there, or it does not speak TLS to us.
fn tells(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::ConnectRefused
            | Reason::ConnectReset
            | Reason::ConnectTimeout
            | Reason::ConnectUnreachable
            | Reason::TlsHandshake
            | Reason::TlsTimeout
            | Reason::TlsLegacy
            | Reason::TlsTlcpOnly
            | Reason::TlsNotTls
            | Reason::TlsClientCert
    )
}
