//! The TLS handshake and the certificates; every error seen by itself, the first never hides the rest.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Reason;

/// What the host's TLS port answered (port 443 with the host as SNI).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TlsFacts {
    /// The host asked for.
    pub host: String,
    /// The address that was dialled.
    pub address: String,
    /// Empty when the handshake succeeded; else `tls.*`.
    pub reason: Reason,
    /// Negotiated version: TLS1.2, TLS1.3; empty without a handshake.
    pub version: String,
    /// Negotiated cipher suite; empty without a handshake.
    pub cipher: String,
    /// Negotiated application protocol: h2, http/1.1 or empty.
    pub alpn: String,
    /// The certificates as sent, leaf first; then the leafs that other addresses of the host show in its place.
    pub chain: Vec<Certificate>,
    /// Whether the leaf covers the host (RFC 6125; the subject's CN does not count).
    pub name_matches: bool,
    /// Whether the chain leads to a trusted root, dates and name left out.
    pub trust: Trust,
    /// The chain verifies at the moment of the look, name left out: what a browser would say.
    pub valid_now: bool,
    /// The handshake's signature was right.
    pub signature_valid: bool,
    /// Other addresses of the host that show another certificate.
    pub others: Vec<OtherChain>,
}

/// What another address of the host shows in the place of the first one's certificate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OtherChain {
    /// The address.
    pub address: String,
    /// Whether its leaf covers the host.
    pub name_matches: bool,
    /// Whether its chain leads to a trusted root, dates and name left out.
    pub trust: Trust,
    /// Its chain verifies at the moment of the look, name left out.
    pub valid_now: bool,
}

/// Whether a chain leads to a trusted root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// It leads to a root of the Mozilla list or of the operator's folder.
    Trusted,
    /// The leaf is signed by itself.
    SelfSigned,
    /// An intermediate is missing: the leaf names an issuer that was not sent and is no root.
    Incomplete,
    /// The chain is whole, and its root is not trusted.
    UnknownIssuer,
    /// It leads to a trusted root, and is not made for a web server (extended key usage, CA as leaf).
    WrongUsage,
    /// It could not be parsed or checked.
    Invalid,
}

/// One certificate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// Place in the chain as sent; the leaf is 0.
    pub position: u32,
    /// leaf, intermediate or root (issued by itself, not at place 0).
    pub role: Role,
    /// Subject, RFC 4514 order as sent.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// Serial number, hex.
    pub serial: String,
    /// First moment of validity.
    pub not_before: DateTime<Utc>,
    /// Last moment of validity.
    pub not_after: DateTime<Utc>,
    /// Whole days from the look to `not_after`, rounded down; negative when expired.
    pub days_left: i64,
    /// Whole days from the look to `not_before`, rounded up; 0 or less when valid already.
    pub days_until_valid: i64,
    /// DNS names and addresses of the subjectAltName.
    pub names: Vec<String>,
    /// RSA, EC, Ed25519, SM2 or another name.
    pub key: String,
    /// Size of the key in bits; 0 when unknown.
    pub key_bits: u32,
    /// Signature algorithm: sha256WithRSAEncryption, ecdsa-with-SHA256, …
    pub signature: String,
    /// Subject and issuer are the same, and the signature verifies with its own key.
    pub self_signed: bool,
    /// The address that showed it; several addresses of a host may show different ones.
    pub address: String,
    /// SHA-256 of the DER form, hex.
    pub sha256: String,
}

/// The role of a certificate in the chain as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The server's own.
    Leaf,
    /// Between leaf and root.
    Intermediate,
    /// Issued by itself.
    Root,
}
