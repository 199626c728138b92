//! The lab's certificates: a private authority, and leaves with every fault a site can have.
//!
//! # Decisions
//!
//! 2026-11-24: ring makes no RSA keys and no SHA-1 signatures, and takes no RSA key below 2048 bits, so no server of the
//! lab can *use* a weak key. What it can do is what careless servers do: send a forgotten old certificate along. That
//! one has an RSA-1024 modulus nobody knows the factors of, and a signature that is only a form.

use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData,
    SignatureAlgorithm, SigningKey, date_time_ymd,
};
use rustls::{crypto::ring::sign::any_ecdsa_type, sign::CertifiedKey};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::{Error, city::Defect, content::Words};

/// A host that has nothing to do with the city.
const OTHER_HOST: &str = "www.another-city.example";
/// sha256WithRSAEncryption and sha1WithRSAEncryption in DER: they differ in the last byte (RFC 8017, appendix C).
const SHA256_RSA: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
const SHA1_RSA_END: u8 = 5;

type Issuer = CertifiedIssuer<'static, KeyPair>;

/// The lab's authorities.
pub(crate) struct Authorities {
    root: Issuer,
    intermediate: Issuer,
    unknown: Issuer,
    old: CertificateDer<'static>,
    now: DateTime<Utc>,
}

/// A site's certificates, leaf first, and its private key (PKCS #8, DER).
pub(crate) struct Issued {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: Vec<u8>,
}

impl Authorities {
    /// Makes their keys and certificates; they are valid for ten years before and after `now`.
    pub(crate) fn new(words: &Words, now: DateTime<Utc>) -> Result<Self, Error> {
        let root = authority(&format!("{} Root CA", words.authority), now)?;
        let root = Issuer::self_signed(root, KeyPair::generate()?)?;
        let intermediate = authority(&format!("{} TLS CA 1", words.authority), now)?;
        let intermediate = Issuer::signed_by(intermediate, KeyPair::generate()?, &root)?;
        let unknown = authority(&format!("{} Root CA", words.unknown_authority), now)?;
        let unknown = Issuer::self_signed(unknown, KeyPair::generate()?)?;
        let old = old_certificate(&format!("{} TLS CA 2009", words.authority), now)?;
        Ok(Self { root, intermediate, unknown, old, now })
    }

    /// The root to be trusted, PEM.
    pub(crate) fn root_pem(&self) -> String {
        self.root.pem()
    }

    /// A key and a chain for these names, with the faults planted there.
    pub(crate) fn issue(&self, defects: &[Defect], names: &[String]) -> Result<Issued, Error> {
        let has = |defect: Defect| defects.contains(&defect);
        let names =
            if has(Defect::WrongName) { vec![OTHER_HOST.to_owned()] } else { names.to_vec() };
        let days = |days: i64| self.now + Duration::days(days) + Duration::hours(1);
        let (from, until) = match () {
            () if has(Defect::Expired) => (days(-405), days(-40)),
            () if has(Defect::ExpiringIn12Days) => (days(-353), days(12)),
            () if has(Defect::ExpiringIn5Days) => (days(-360), days(5)),
            () if has(Defect::NotYetValid) => (days(3), days(368)),
            () => (days(-65), days(300)),
        };
        let mut params = CertificateParams::new(names.clone())?;
        params.distinguished_name = named(names.first().map_or("", String::as_str));
        valid(&mut params, from, until);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let chain = if has(Defect::SelfSigned) {
            vec![params.self_signed(&key)?.der().clone()]
        } else if has(Defect::UnknownCa) {
            vec![params.signed_by(&key, &self.unknown)?.der().clone(), self.unknown.der().clone()]
        } else {
            let mut chain = vec![params.signed_by(&key, &self.intermediate)?.der().clone()];
            if !has(Defect::IncompleteChain) {
                chain.push(self.intermediate.der().clone());
            }
            if has(Defect::OldCertificateInChain) {
                chain.push(self.old.clone());
            }
            chain
        };
        Ok(Issued { chain, key: key.serialize_der() })
    }
}

impl Issued {
    /// As rustls wants it.
    pub(crate) fn certified(&self) -> Result<CertifiedKey, Error> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let key = any_ecdsa_type(&key).map_err(Error::Tls)?;
        Ok(CertifiedKey::new(self.chain.clone(), key))
    }
}

fn authority(name: &str, now: DateTime<Utc>) -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid(&mut params, now - Duration::days(3650), now + Duration::days(3650));
    Ok(params)
}

fn named(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

/// Seconds since 1970, for rcgen's own date type, which only its functions can name.
fn since_epoch(at: DateTime<Utc>) -> StdDuration {
    StdDuration::from_secs(at.timestamp().try_into().unwrap_or_default())
}

fn valid(params: &mut CertificateParams, from: DateTime<Utc>, until: DateTime<Utc>) {
    let epoch = date_time_ymd(1970, 1, 1);
    params.not_before = epoch + since_epoch(from);
    params.not_after = epoch + since_epoch(until);
}

/// An intermediate of long ago: RSA with 1024 bits, signed with SHA-1.
fn old_certificate(name: &str, now: DateTime<Utc>) -> Result<CertificateDer<'static>, Error> {
    let key = OldKey::new(KeyPair::generate()?.public_key_raw());
    let mut params = authority(name, now)?;
    params.serial_number = Some(2009_u64.into());
    let issuer =
        rcgen::Issuer::new(authority(&format!("{name} Root"), now)?, OldKey(key.0.clone()));
    let mut der = params.signed_by(&key, &issuer)?.der().to_vec();
    // the algorithm stands twice: in what is signed, and before the signature
    let places: Vec<_> = der
        .windows(SHA256_RSA.len())
        .enumerate()
        .filter_map(|(at, bytes)| (bytes == SHA256_RSA).then_some(at + SHA256_RSA.len() - 1))
        .collect();
    for place in places {
        if let Some(byte) = der.get_mut(place) {
            *byte = SHA1_RSA_END;
        }
    }
    Ok(CertificateDer::from(der))
}

/// An RSA public key of 1024 bits without a private half.
struct OldKey(Vec<u8>);

impl OldKey {
    /// `seed` gives the modulus its digits: what they are does not matter as long as the number is odd and 1024 bits long.
    fn new(seed: &[u8]) -> Self {
        let mut modulus: Vec<u8> = seed.iter().copied().cycle().take(128).collect();
        if let [first, .., last] = modulus.as_mut_slice() {
            *first |= 0x80;
            *last |= 1;
        }
        // RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017, appendix A.1.1)
        let mut der = vec![0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0x00];
        der.extend(modulus);
        der.extend([0x02, 0x03, 0x01, 0x00, 0x01]);
        Self(der)
    }
}

impl PublicKeyData for OldKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

impl SigningKey for OldKey {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(vec![0x5a; 128])
    }
}
