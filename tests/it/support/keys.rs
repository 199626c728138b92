//! A root and a leaf for an address, as files that servers and the program read.

use std::{fs, path::Path};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// PEM texts.
pub(crate) struct Keys {
    pub(crate) root: String,
    pub(crate) leaf: String,
    pub(crate) key: String,
}

impl Keys {
    /// For an IP address or a host.
    pub(crate) fn for_address(name: &str) -> Self {
        let mut authority = CertificateParams::new([]).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let leaf =
            CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &root).unwrap();
        Self { root: root.pem(), leaf: leaf.pem(), key: key.serialize_pem() }
    }

    /// Writes `root.pem`, `cert.pem` and `key.pem`.
    pub(crate) fn write(&self, folder: &Path) {
        for (name, text) in
            [("root.pem", &self.root), ("cert.pem", &self.leaf), ("key.pem", &self.key)]
        {
            fs::write(folder.join(name), text).unwrap();
        }
    }
}
