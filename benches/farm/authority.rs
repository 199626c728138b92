//! The farm's certificates: a root, an intermediate, and a leaf for every host; four of five keys are RSA, as outside.

use std::{fs, path::Path};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::PrivatePkcs8KeyDer;

use super::{Outcome, Place, host};

/// Writes `root.pem`, and for every host `N.crt` (leaf and intermediate) and its key.
pub(super) fn write(folder: &Path, place: &Place) -> Outcome {
    let root = CertifiedIssuer::self_signed(authority("Bench Root CA"), rsa()?)?;
    let middle = CertifiedIssuer::signed_by(authority("Bench TLS CA"), rsa()?, &root)?;
    fs::write(&place.authority, root.pem())?;
    // a key for each host would take minutes to make, and nobody here notices that they are shared
    let keys = [rsa()?, rsa()?, rsa()?, rsa()?, KeyPair::generate()?];
    for number in 0..place.hosts {
        let key = &keys[number as usize % keys.len()];
        let name = host(number);
        let mut params = CertificateParams::new([name.clone()])?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(2036, 1, 1);
        let chain = params.signed_by(key, &middle)?.pem() + &middle.pem();
        fs::write(folder.join(format!("{number}.crt")), chain)?;
        fs::write(folder.join(format!("{number}.key")), key.serialize_pem())?;
    }
    Ok(())
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

/// ring makes no RSA keys; OpenSSL does.
fn rsa() -> Outcome<KeyPair> {
    let key = openssl::pkey::PKey::from_rsa(openssl::rsa::Rsa::generate(2048)?)?;
    let der = key.private_key_to_pkcs8()?;
    Ok(KeyPair::try_from(&PrivatePkcs8KeyDer::from(der))?)
}
