//! The TLS handshake: whatever certificate comes is taken, recorded and judged by somebody else.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use rustls::{
    AlertDescription, CipherSuite, ClientConfig, DigitallySignedStruct, Error as TlsError,
    InvalidMessage, ProtocolVersion, RootCertStore, SignatureScheme,
    client::{
        ResolvesClientCert, Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    sign::CertifiedKey,
};
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime, pem::PemObject};
use tokio_rustls::{TlsConnector, client::TlsStream};
use xuncha_model::Reason;

use crate::{
    Fault,
    dial::{Metered, Received},
    fault::{io_cause, is_ours},
};

/// TLS sessions that are remembered for resuming, by host.
const SESSIONS: usize = 4;

/// What one handshake showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handshake {
    /// The certificates as sent, leaf first, DER.
    pub chain: Vec<Vec<u8>>,
    /// TLS1.2 or TLS1.3; empty without a handshake.
    pub version: String,
    /// IANA name of the cipher suite; empty without a handshake.
    pub cipher: String,
    /// Negotiated application protocol; empty when none.
    pub alpn: String,
    /// The server proved that it has the leaf's key; `None` when we cannot check its algorithm.
    pub signature_valid: Option<bool>,
    /// The server asked for a client certificate.
    pub client_certificate_wanted: bool,
    /// The server stapled an OCSP response.
    pub ocsp_stapled: bool,
    /// The server speaks none of the application protocols that were offered, and said so: HTTP/2 alone, it may be.
    pub speaks_otherwise: bool,
}

/// The roots that are trusted: the Mozilla list and the operator's files.
#[derive(Clone, Debug)]
pub struct Roots(Arc<RootCertStore>);

impl Roots {
    /// The Mozilla list and the certificates of the given PEM files.
    ///
    /// # Errors
    ///
    /// The file that cannot be read, or holds no certificate, or one that is no certificate.
    pub fn load(files: &[impl AsRef<Path>]) -> io::Result<Self> {
        let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for file in files {
            let file = file.as_ref();
            let wrong = |what: String| io::Error::other(format!("{}: {what}", file.display()));
            let pem = fs::read(file).map_err(|error| wrong(error.to_string()))?;
            let before = store.roots.len();
            for certificate in CertificateDer::pem_slice_iter(&pem) {
                let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
                store.add(certificate).map_err(|error| wrong(error.to_string()))?;
            }
            if store.roots.len() == before {
                return Err(wrong("no certificate in it (PEM expected)".to_owned()));
            }
        }
        Ok(Self(Arc::new(store)))
    }

    /// The trust anchors, for whoever judges chains.
    pub fn anchors(&self) -> &[TrustAnchor<'static>] {
        &self.0.roots
    }
}

/// The stream, when the handshake came to its end, and what was seen in any case.
pub(crate) struct Outcome {
    pub(crate) stream: Result<Box<TlsStream<Metered>>, Fault>,
    pub(crate) handshake: Handshake,
}

/// Shakes hands as a client that trusts everybody; the caller sets the time limit and passes the recorder in.
pub(crate) async fn shake(io: Metered, host: &str, recorder: &Arc<Recorder>) -> Outcome {
    let received = io.received();
    let result = match (name(host), recorder.client()) {
        (Ok(name), Ok(client)) => {
            let shaken = TlsConnector::from(Arc::new(client)).connect(name, io).await;
            shaken.map_err(|error| {
                recorder.lock().speaks_otherwise =
                    alert(&error) == Some(AlertDescription::NoApplicationProtocol);
                fault(&error, &received, &recorder.seen(), Reason::TlsHandshake)
            })
        }
        (Err(fault), _) | (_, Err(fault)) => Err(fault),
    };
    let mut handshake = recorder.seen();
    if let Ok(stream) = &result {
        let connection = stream.get_ref().1;
        handshake.version = connection.protocol_version().map(version).unwrap_or_default();
        handshake.cipher =
            connection.negotiated_cipher_suite().map(|s| cipher(s.suite())).unwrap_or_default();
        let alpn =
            connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
        handshake.alpn = alpn.unwrap_or_default();
    }
    Outcome { stream: result.map(Box::new), handshake }
}

fn name(host: &str) -> Result<ServerName<'static>, Fault> {
    ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|error| Fault::new(Reason::TlsHandshake, format!("{host}: {error}")))
}

fn version(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_2 => "TLS1.2".to_owned(),
        ProtocolVersion::TLSv1_3 => "TLS1.3".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The IANA name: rustls writes the TLS 1.3 ones as `TLS13_…`.
fn cipher(suite: CipherSuite) -> String {
    format!("{suite:?}").replacen("TLS13_", "TLS_", 1)
}

/// The alert that the server sent.
fn alert(error: &io::Error) -> Option<AlertDescription> {
    match error.get_ref()?.downcast_ref()? {
        TlsError::AlertReceived(alert) => Some(*alert),
        _ => None,
    }
}

/// What a broken connection says; `otherwise` is the code of a cut after the first byte.
pub(crate) fn fault(
    error: &(dyn std::error::Error + 'static),
    received: &Received,
    seen: &Handshake,
    otherwise: Reason,
) -> Fault {
    let Some(cause) = io_cause(error) else { return Fault::new(otherwise, error.to_string()) };
    if is_ours(cause) {
        return Fault::new(Reason::SelfNetwork, cause.to_string());
    }
    let tls = cause.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
    let reason = match tls {
        Some(TlsError::AlertReceived(AlertDescription::CertificateRequired)) => {
            Reason::TlsClientCert
        }
        Some(TlsError::AlertReceived(_)) if seen.client_certificate_wanted => Reason::TlsClientCert,
        Some(TlsError::AlertReceived(
            AlertDescription::ProtocolVersion | AlertDescription::InsufficientSecurity,
        ))
        | Some(TlsError::PeerIncompatible(_)) => Reason::TlsLegacy,
        Some(TlsError::InvalidMessage(InvalidMessage::InvalidContentType)) => Reason::TlsNotTls,
        // a record of version 0x0101, it may be; a hello of TLCP has to confirm it
        Some(TlsError::InvalidMessage(InvalidMessage::UnknownProtocolVersion))
            if otherwise == Reason::TlsHandshake =>
        {
            Reason::TlsTlcpOnly
        }
        Some(_) => Reason::TlsHandshake,
        // what came is no chunk, or no end of the chunks
        None if otherwise == Reason::HttpReset
            && matches!(cause.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) =>
        {
            Reason::HttpProtocol
        }
        // a close and a reset are told apart by chance: which of them overtakes our request
        // old servers drop a hello they do not like without a word: that is no dead host
        None if received.bytes() == 0 && otherwise != Reason::TlsHandshake => Reason::ConnectReset,
        None => otherwise,
    };
    Fault::new(reason, cause.to_string())
}

/// The algorithms, the same for every connection; AES with 128 bits first, as browsers have it.
static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
    let mut provider = ring::default_provider();
    let first = [
        CipherSuite::TLS13_AES_128_GCM_SHA256,
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];
    provider.cipher_suites.sort_by_key(|suite| !first.contains(&suite.suite()));
    Arc::new(provider)
});

/// Takes every certificate, keeps what it saw. One for each connection: the trait is told no connection. Where sessions
/// are resumed it is one for all of them, because no certificate is sent then.
#[derive(Debug)]
pub(crate) struct Recorder {
    alpn: &'static [&'static str],
    named: bool,
    resumption: Resumption,
    seen: Mutex<Handshake>,
}

impl Recorder {
    /// For a client that offers these application protocols, and that sends the host's name or none.
    pub(crate) fn new(alpn: &'static [&'static str], named: bool) -> Arc<Self> {
        let resumption = Resumption::disabled();
        Arc::new(Self { alpn, named, resumption, seen: Mutex::default() })
    }

    /// The same for many connections, which resume each other's sessions.
    pub(crate) fn resuming(alpn: &'static [&'static str]) -> Arc<Self> {
        let resumption = Resumption::in_memory_sessions(SESSIONS);
        Arc::new(Self { alpn, named: true, resumption, seen: Mutex::default() })
    }

    /// What was seen so far.
    pub(crate) fn seen(&self) -> Handshake {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Handshake> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn client(self: &Arc<Self>) -> Result<ClientConfig, Fault> {
        let mut client = ClientConfig::builder_with_provider(Arc::clone(&PROVIDER))
            .with_safe_default_protocol_versions()
            .map_err(|error| Fault::new(Reason::SelfBug, error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(self) as _)
            .with_client_cert_resolver(Arc::clone(self) as _);
        client.alpn_protocols = self.alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        client.enable_sni = self.named;
        client.resumption = self.resumption.clone();
        Ok(client)
    }

    fn sign(&self, verdict: Result<HandshakeSignatureValid, TlsError>, scheme: SignatureScheme) {
        let known = PROVIDER.signature_verification_algorithms.supported_schemes();
        self.lock().signature_valid = known.contains(&scheme).then_some(verdict.is_ok());
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let mut seen = self.lock();
        seen.chain = std::iter::once(leaf).chain(others).map(|der| der.to_vec()).collect();
        seen.ocsp_stapled = !ocsp.is_empty();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &PROVIDER.signature_verification_algorithms;
        self.sign(verify_tls12_signature(message, certificate, signed, algorithms), signed.scheme);
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &PROVIDER.signature_verification_algorithms;
        self.sign(verify_tls13_signature(message, certificate, signed, algorithms), signed.scheme);
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = PROVIDER.signature_verification_algorithms.supported_schemes();
        // old servers offer nothing better, and their page is to be read all the same
        schemes.extend([SignatureScheme::RSA_PKCS1_SHA1, SignatureScheme::ECDSA_SHA1_Legacy]);
        schemes
    }
}

/// Never has a certificate to give; being asked is what is recorded.
impl ResolvesClientCert for Recorder {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.lock().client_certificate_wanted = true;
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}
