//! The fields of one certificate, read by a parser that forgives what must be reported.

use std::{fmt::Write as _, net::IpAddr};

use chrono::{DateTime, Utc};
use x509_parser::{
    certificate::X509Certificate, error::X509Error, extensions::GeneralName,
    parse_x509_certificate, public_key::PublicKey, x509::SubjectPublicKeyInfo,
};
use xuncha_model::facts::tls::{Certificate, Role};

use crate::http::sha256;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Parses DER; `None` when it is no certificate.
pub(crate) fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    parse_x509_certificate(der).ok().map(|(_, certificate)| certificate)
}

/// The facts of the certificate at `position` of the chain that `address` showed, its days counted from `now`; `None`
/// when it is none.
pub fn facts(der: &[u8], position: u32, address: &str, now: DateTime<Utc>) -> Option<Certificate> {
    let certificate = parse(der)?;
    let moment = |seconds| DateTime::from_timestamp(seconds, 0);
    let not_before = moment(certificate.validity().not_before.timestamp())?;
    let not_after = moment(certificate.validity().not_after.timestamp())?;
    let itself = certificate.subject().as_raw() == certificate.issuer().as_raw();
    let (key, key_bits) = key(certificate.public_key());
    Some(Certificate {
        position,
        role: match (position, itself) {
            (0, _) => Role::Leaf,
            (_, true) => Role::Root,
            (_, false) => Role::Intermediate,
        },
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        serial: hex(certificate.raw_serial()),
        not_before,
        not_after,
        days_left: (not_after - now).num_seconds().div_euclid(DAY),
        days_until_valid: -(now - not_before).num_seconds().div_euclid(DAY),
        names: names(&certificate),
        key,
        key_bits,
        signature: signature(&certificate.signature_algorithm.algorithm.to_id_string()),
        self_signed: self_signed(&certificate),
        address: address.to_owned(),
        sha256: sha256(der),
    })
}

/// Subject and issuer are the same, and its own key verifies it.
///
/// An algorithm that cannot be checked here (MD5, SM2) is believed: who names itself as its issuer is no other's.
pub(crate) fn self_signed(certificate: &X509Certificate<'_>) -> bool {
    certificate.subject().as_raw() == certificate.issuer().as_raw()
        && matches!(
            certificate.verify_signature(None),
            Ok(()) | Err(X509Error::SignatureUnsupportedAlgorithm)
        )
}

/// DNS names and addresses of the subjectAltName; the CN does not count (RFC 6125, RFC 9525).
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(alternatives)) = certificate.subject_alternative_name() else { return Vec::new() };
    let names = alternatives.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match <[u8; 4]>::try_from(*bytes) {
            Ok(four) => Some(IpAddr::from(four).to_string()),
            Err(_) => <[u8; 16]>::try_from(*bytes).ok().map(|six| IpAddr::from(six).to_string()),
        },
        _ => None,
    });
    names.collect()
}

fn key(info: &SubjectPublicKeyInfo<'_>) -> (String, u32) {
    let parameter = info.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok());
    let curve = parameter.map(|oid| oid.to_id_string()).unwrap_or_default();
    let bits = |bits: usize| u32::try_from(bits).unwrap_or(u32::MAX);
    match info.algorithm.algorithm.to_id_string().as_str() {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => {
            let size = match info.parsed() {
                Ok(PublicKey::RSA(key)) => integer_bits(key.modulus),
                _ => 0,
            };
            ("RSA".to_owned(), bits(size))
        }
        "1.2.840.10045.2.1" => match curve.as_str() {
            "1.2.156.10197.1.301" => ("SM2".to_owned(), 256),
            "1.2.840.10045.3.1.7" | "1.3.132.0.10" => ("EC".to_owned(), 256),
            "1.3.132.0.33" => ("EC".to_owned(), 224),
            "1.3.132.0.34" => ("EC".to_owned(), 384),
            "1.3.132.0.35" => ("EC".to_owned(), 521),
            _ => ("EC".to_owned(), bits(info.parsed().map_or(0, |key| key.key_size()))),
        },
        "1.3.101.112" => ("Ed25519".to_owned(), 256),
        "1.3.101.113" => ("Ed448".to_owned(), 448),
        "1.2.840.10040.4.1" => {
            ("DSA".to_owned(), bits(info.parsed().map_or(0, |key| key.key_size())))
        }
        other => (other.to_owned(), 0),
    }
}

/// Bits of a big-endian integer, leading zeros left out.
fn integer_bits(bytes: &[u8]) -> usize {
    let significant = bytes.iter().position(|byte| *byte != 0).map_or(&[][..], |at| &bytes[at..]);
    significant.first().map_or(0, |top| {
        significant.len() * 8 - usize::try_from(top.leading_zeros()).unwrap_or_default()
    })
}

/// The names that RFC 4055, 5758 and GM/T 0006 give the algorithms.
fn signature(oid: &str) -> String {
    let name = match oid {
        "1.2.840.113549.1.1.2" => "md2WithRSAEncryption",
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "rsassaPss",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.113549.1.1.14" => "sha224WithRSAEncryption",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.1" => "ecdsa-with-SHA224",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.2.840.10040.4.3" => "dsa-with-sha1",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.2.156.10197.1.501" => "SM2-with-SM3",
        other => other,
    };
    name.to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a String cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rsa_modulus_has_the_bits_it_has() {
        assert_eq!(integer_bits(&[0, 0x80, 0]), 16);
        assert_eq!(integer_bits(&[0x7f]), 7);
        assert_eq!(integer_bits(&[0, 0]), 0);
    }
}
