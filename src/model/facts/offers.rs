//! What a TLS port offers, asked by hand-made hellos: what a library that refuses old protocols cannot see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tls::Certificate;
use crate::{Reason, Seen};

/// Protocols, suites and extensions of one address of the host (port 443, the host as SNI).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OfferFacts {
    /// The host asked for.
    pub host: String,
    /// The address that was dialled.
    pub address: String,
    /// Connections made to the host for this, all addresses together; at most 40.
    pub connections: u32,
    /// Every question was answered; false when the budget of connections or of time ran out before.
    pub complete: bool,
    /// The protocols that were answered, oldest first.
    pub versions: Vec<VersionOffer>,
    /// Every suite that was picked under some protocol, ascending by code point; all of them where `complete`.
    pub suites: Vec<SuiteOffer>,
    /// The smallest Diffie-Hellman group the server chose, in bits; 0 when it chose none.
    pub dh_bits: u32,
    /// The groups the server chose, not every one it would take: x25519, secp256r1, curveSM2, …
    pub groups: Vec<String>,
    /// It agreed to compress (CRIME).
    pub compression: bool,
    /// It answers renegotiation_info (RFC 5746) under every protocol up to TLS 1.2; true where none is offered: TLS 1.3
    /// cannot renegotiate.
    pub secure_renegotiation: bool,
    /// The newest protocol up to TLS 1.2 answers extended_master_secret (RFC 7627); true where none is offered: TLS 1.3 has
    /// it built in.
    pub extended_master_secret: bool,
    /// It stapled an OCSP response.
    pub ocsp_stapled: bool,
    /// Application protocols it chose: h2 when offered beside http/1.1, and http/1.1 when offered alone up to TLS 1.2.
    pub alpn: Vec<String>,
    /// What is shown to a client that names no host; unseen when the handshake failed without a name.
    pub without_name: Seen<DefaultCertificate>,
    /// The Chinese TLCP (GB/T 38636); unseen where nothing answers it.
    pub tlcp: Seen<TlcpOffer>,
    /// The other addresses of the host, one handshake each.
    pub others: Vec<OtherAddress>,
}

/// A protocol that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VersionOffer {
    /// SSL3.0, TLS1.0, TLS1.1, TLS1.2, TLS1.3 or TLCP1.1.
    pub name: String,
    /// How many suites it was answered with.
    pub suites: u32,
    /// The server picks by its own order, not by the client's; unseen with fewer than two suites.
    pub own_order: Seen<bool>,
}

/// A cipher suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuiteOffer {
    /// IANA name, or that of GB/T 38636.
    pub name: String,
    /// The code point: `0xC02F`.
    pub code: String,
    /// The protocols under which it was picked.
    pub versions: Vec<String>,
    /// What it is: null, export, anonymous, rc4, des, 3des, cbc, aead, forward-secrecy, rsa-key-exchange, sm.
    pub classes: Vec<String>,
}

/// The certificate for clients that name no host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DefaultCertificate {
    /// The same as the one for the host.
    pub same: bool,
    /// Its subject.
    pub subject: String,
    /// DNS names and addresses of its subjectAltName.
    pub names: Vec<String>,
}

/// What TLCP shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TlcpOffer {
    /// The suites that were picked, by the names of GB/T 38636.
    pub suites: Vec<String>,
    /// The certificates as sent: the one for signing, the one for encryption, then the authorities.
    pub chain: Vec<Certificate>,
    /// The signing certificate covers the host.
    pub name_matches: bool,
}

/// Another address of the same host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OtherAddress {
    /// The address.
    pub address: String,
    /// Empty when it answered; else why not.
    pub reason: Reason,
    /// The newest protocol it took; empty without an answer.
    pub version: String,
    /// It shows the same certificate as the first address; unseen when none was had.
    pub same: Seen<bool>,
}
