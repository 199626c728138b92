//! A private authority and certificates with every fault.

use std::{path::PathBuf, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};

/// A root, an intermediate below it, and a file that holds the root.
pub(crate) struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    middle: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

/// What is served: key and certificates, leaf first.
pub(crate) struct Served {
    key: KeyPair,
    pub(crate) chain: Vec<CertificateDer<'static>>,
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

/// Parameters of a leaf, valid from 2026-01-01 to 2027-06-01.
pub(crate) fn leaf(host: &str) -> CertificateParams {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, host);
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2027, 6, 1);
    params
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        Self::with(name, Vec::new())
    }

    /// One whose intermediate says where its issuer's certificate can be fetched (RFC 5280, 4.2.2.1).
    pub(crate) fn fetchable(name: &str) -> Self {
        let place = b"http://ca.test/root.crt";
        let short = |bytes: usize| u8::try_from(bytes).unwrap();
        let mut access = vec![0x30, short(place.len() + 14), 0x30, short(place.len() + 12)];
        access.extend([0x06, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 2, 0x86, short(place.len())]);
        access.extend_from_slice(place);
        let oid = [1, 3, 6, 1, 5, 5, 7, 1, 1];
        Self::with(name, vec![CustomExtension::from_oid_content(&oid, access)])
    }

    fn with(name: &str, extensions: Vec<CustomExtension>) -> Self {
        let root =
            CertifiedIssuer::self_signed(authority(name), KeyPair::generate().unwrap()).unwrap();
        let mut params = authority(&format!("{name} intermediate"));
        params.custom_extensions = extensions;
        let middle =
            CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &root).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("root.pem"), root.pem()).unwrap();
        Self { root, middle, folder }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// A leaf below the intermediate, with `below` certificates of the chain sent after it (0, 1 or 2 with the root).
    pub(crate) fn issue(&self, params: &CertificateParams, below: usize) -> Served {
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &self.middle).unwrap();
        let rest = [self.middle.der().clone(), self.root.der().clone()];
        let chain = std::iter::once(leaf.der().clone()).chain(rest.into_iter().take(below));
        Served { key, chain: chain.collect() }
    }
}

/// A leaf that signed itself.
pub(crate) fn self_signed(params: &CertificateParams) -> Served {
    let key = KeyPair::generate().unwrap();
    let leaf = params.self_signed(&key).unwrap();
    Served { chain: vec![leaf.der().clone()], key }
}

impl Served {
    /// How a server serves it.
    pub(crate) fn server(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).unwrap();
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), key);
        Arc::new(server.unwrap())
    }

    /// The chain in DER.
    pub(crate) fn ders(&self) -> Vec<Vec<u8>> {
        self.chain.iter().map(|der| der.to_vec()).collect()
    }
}
