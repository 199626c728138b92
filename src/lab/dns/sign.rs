//! Signs the lab's zones (RFC 4033 to 4035): a key for each, and what its parent says of it.

use std::time::Duration;

use hickory_server::{
    proto::{
        ProtoError,
        dnssec::{
            Algorithm, DigestType, DnsSecError, DnssecSigner, SigningKey,
            crypto::EcdsaSigningKey,
            rdata::{DNSKEY, DNSSECRData, DS},
        },
        rr::{Name, RData, Record},
    },
    store::in_memory::InMemoryZoneHandler,
};

use super::TTL;
use crate::Error;

/// How long signatures hold: longer than any demo.
const HOLDS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The key of one zone.
pub(super) struct ZoneKey {
    zone: Name,
    key: EcdsaSigningKey,
    public: DNSKEY,
}

impl ZoneKey {
    pub(super) fn new(zone: &Name) -> Result<Self, Error> {
        let algorithm = Algorithm::ECDSAP256SHA256;
        let made = EcdsaSigningKey::generate_pkcs8(algorithm);
        let key = made.and_then(|der| EcdsaSigningKey::from_pkcs8(&der, algorithm));
        let key = key.map_err(|error| failed(zone, &error))?;
        let public = key.to_public_key().map_err(|error| failed(zone, &error))?;
        Ok(Self { zone: zone.clone(), key, public: DNSKEY::from_key(&public) })
    }

    /// What the parent zone says of this key.
    pub(super) fn delegation(&self) -> Result<RData, Error> {
        let wrong = |error: &ProtoError| Error::Data(format!("{}: {error}", self.zone));
        let digest = self.public.to_digest(&self.zone, DigestType::SHA256);
        let digest = digest.map_err(|error| wrong(&error))?.as_ref().to_vec();
        let tag = self.public.calculate_key_tag().map_err(|error| wrong(&error))?;
        let algorithm = self.key.to_public_key().map_err(|error| failed(&self.zone, &error))?;
        let algorithm = hickory_server::proto::dnssec::PublicKey::algorithm(&algorithm);
        let ds = DS::new(tag, algorithm, DigestType::SHA256, digest);
        Ok(RData::DNSSEC(DNSSECRData::DS(ds)))
    }

    /// The key as a line of a file of trust anchors.
    pub(super) fn anchor(&self) -> String {
        let data = RData::DNSSEC(DNSSECRData::DNSKEY(self.public.clone()));
        format!("{}\n", Record::from_rdata(self.zone.clone(), TTL, data))
    }

    /// Signs the zone, whose records are all there.
    pub(super) fn sign(self, zone: &mut InMemoryZoneHandler) -> Result<(), Error> {
        let name = self.zone.clone();
        let signer = DnssecSigner::new(self.public, Box::new(self.key), self.zone, HOLDS);
        let signed = zone.add_zone_signing_key_mut(signer).and_then(|()| zone.secure_zone_mut());
        signed.map_err(|error| failed(&name, &error))
    }
}

fn failed(zone: &Name, error: &DnsSecError) -> Error {
    Error::Data(format!("{zone}: {error}"))
}
