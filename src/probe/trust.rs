//! Whether a chain leads to a trusted root, apart from dates and names: each error seen by itself.
//!
//! A verifier tells the first error only, and calls a missing intermediate, a home-made certificate and an unknown
//! authority by one name. They are mended in different ways, so they are told apart here.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::{EndEntityCert, Error as PkiError, KeyUsage};
use x509_parser::{certificate::X509Certificate, extensions::ParsedExtension, x509::X509Name};
use xuncha_model::facts::tls::Trust;
use xuncha_net::{Roots, Shake};

use crate::certificate::{parse, self_signed};

/// Certificates of a chain that are looked at.
const MAX_CHAIN: usize = 16;
/// `id-ad-caIssuers`: where the issuer's certificate can be fetched (RFC 5280, 4.2.2.1).
const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";

/// What the chain is worth.
pub fn trust(chain: &[Vec<u8>], roots: &Roots, now: DateTime<Utc>) -> Trust {
    let chain = &chain[..chain.len().min(MAX_CHAIN)];
    let Some(leaf) = chain.first().and_then(|der| parse(der)) else { return Trust::Invalid };
    if times(&leaf, now).any(|time| verified(chain, roots, time).is_ok()) {
        return Trust::Trusted;
    }
    if self_signed(&leaf) {
        return Trust::SelfSigned;
    }
    if times(&leaf, now).any(|time| verified(chain, roots, time).is_err_and(|e| misused(&e))) {
        return Trust::WrongUsage;
    }
    let sent: Vec<_> = chain.iter().skip(1).filter_map(|der| parse(der)).collect();
    let mut last = &leaf;
    for _ in 0..=sent.len() {
        if last.subject().as_raw() == last.issuer().as_raw() {
            return Trust::UnknownIssuer;
        }
        match sent.iter().find(|other| other.subject().as_raw() == last.issuer().as_raw()) {
            Some(issuer) => last = issuer,
            None if known(last.issuer(), roots) => return Trust::Invalid,
            // a chain that ends below a root nobody knows looks the same as one that lacks an intermediate; the leaf
            // alone is the common mistake, and who names a place to fetch its issuer from has one
            None if std::ptr::eq(last, &raw const leaf) || names_issuer(last) => {
                return Trust::Incomplete;
            }
            None => return Trust::UnknownIssuer,
        }
    }
    // a circle
    Trust::Invalid
}

/// Whether a browser would have taken the certificate without a word.
pub fn convinces(shake: &Shake, roots: &Roots, now: DateTime<Utc>) -> bool {
    let chain = &shake.handshake.chain;
    holds(chain, roots, now) && covers(chain, &shake.host)
}

/// Whether the chain verifies at this moment, whatever name it bears.
pub fn holds(chain: &[Vec<u8>], roots: &Roots, now: DateTime<Utc>) -> bool {
    verified(chain, roots, unix(now.timestamp())).is_ok()
}

/// Whether the leaf covers the host: subjectAltName only (RFC 9525).
pub fn covers(chain: &[Vec<u8>], host: &str) -> bool {
    let Some(der) = chain.first() else { return false };
    let der = CertificateDer::from(der.as_slice());
    let Ok(name) = ServerName::try_from(host.trim_matches(['[', ']'])) else { return false };
    EndEntityCert::try_from(&der)
        .is_ok_and(|leaf| leaf.verify_is_valid_for_subject_name(&name).is_ok())
}

fn verified(chain: &[Vec<u8>], roots: &Roots, time: UnixTime) -> Result<(), PkiError> {
    let mut ders = chain.iter().map(|der| CertificateDer::from(der.as_slice()));
    let leaf = ders.next().ok_or(PkiError::BadDer)?;
    let others: Vec<_> = ders.take(MAX_CHAIN).collect();
    let usage = KeyUsage::server_auth();
    EndEntityCert::try_from(&leaf)?
        .verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            roots.anchors(),
            &others,
            time,
            usage,
            None,
            None,
        )
        .map(drop)
}

/// The certificate is good, and not made for a web server (RFC 5280, 4.2.1.9 and 4.2.1.12).
fn misused(error: &PkiError) -> bool {
    matches!(
        error,
        PkiError::RequiredEkuNotFoundContext(_)
            | PkiError::EmptyEkuExtension
            | PkiError::CaUsedAsEndEntity
    )
}

/// Moments at which the leaf is valid: the nearest to now first, then others, for an intermediate may have expired before.
fn times(leaf: &X509Certificate<'_>, now: DateTime<Utc>) -> impl Iterator<Item = UnixTime> {
    let first = leaf.validity().not_before.timestamp();
    let last = leaf.validity().not_after.timestamp().max(first);
    [now.timestamp().clamp(first, last), first, first + (last - first) / 2].map(unix).into_iter()
}

fn unix(seconds: i64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(seconds.try_into().unwrap_or_default()))
}

/// Whether a trusted root bears this name. Anchors keep names without the outer SEQUENCE.
fn known(name: &X509Name<'_>, roots: &Roots) -> bool {
    let raw = name.as_raw();
    let header = match raw.get(1) {
        Some(length) if length & 0x80 != 0 => 2 + usize::from(length & 0x7f),
        _ => 2,
    };
    let inner = raw.get(header..).unwrap_or_default();
    roots.anchors().iter().any(|anchor| anchor.subject.as_ref() == inner)
}

fn names_issuer(certificate: &X509Certificate<'_>) -> bool {
    certificate.extensions().iter().any(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(access) => {
            access.accessdescs.iter().any(|place| place.access_method.to_id_string() == CA_ISSUERS)
        }
        _ => false,
    })
}
