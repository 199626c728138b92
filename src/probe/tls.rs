//! A TLS handshake, as facts.

use chrono::{DateTime, Utc};
use xuncha_model::{
    Seen,
    facts::{TlsFacts, tls::OtherChain},
};
use xuncha_net::{Roots, Shake, hello::Other};

use crate::{
    certificate,
    trust::{covers, holds, trust},
};

/// The facts of a handshake; unseen, with the reason, when no certificate was had: nothing can be said of one then.
pub fn facts(shake: &Shake, roots: &Roots, now: DateTime<Utc>) -> Seen<TlsFacts> {
    let handshake = &shake.handshake;
    if handshake.chain.is_empty() {
        return Seen::unseen(shake.reason.clone(), shake.detail.clone());
    }
    let chain: Vec<_> = (0..)
        .zip(&handshake.chain)
        .filter_map(|(position, der)| certificate::facts(der, position, &shake.address, now))
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
        trust: trust(&handshake.chain, roots, now),
        valid_now: holds(&handshake.chain, roots, now),
        signature_valid: signed && (shake.reason.is_ok() || shake.legacy),
        chain,
        others: Vec::new(),
    })
}

/// Adds what other addresses of the host show, where that is another certificate.
pub fn add_others(facts: &mut TlsFacts, others: &[Other], roots: &Roots, now: DateTime<Utc>) {
    for other in others {
        let address = other.address.to_string();
        let leaf = other.chain.first().and_then(|der| certificate::facts(der, 0, &address, now));
        let Some(leaf) = leaf else { continue };
        facts.chain.push(leaf);
        facts.others.push(OtherChain {
            address,
            name_matches: covers(&other.chain, &facts.host),
            trust: trust(&other.chain, roots, now),
            valid_now: holds(&other.chain, roots, now),
        });
    }
}
