//! The second TLS stack: what rustls refuses to speak is spoken by OpenSSL, for reading only.
//!
//! ```text
//! secure ─▶ rustls ─┬─▶ page
//!                   └─ refused ─▶ another connection ─▶ OpenSSL, every protocol and suite it has ─▶ page, tls.legacy
//!                                      └─ refused ─▶ hello of TLS 1.2 (client certificate?) ─▶ hello of TLCP
//! ```
//!
//! # Decisions
//!
//! 2026-11-24: a site that old is degraded, not down: whoever has an old browser reads it, and so do we. OpenSSL is built from
//! its own source, because what distributions ship has SSL 3.0 and RC4 taken out.
//!
//! 2026-11-24: nothing is verified here and nothing secret is ever sent over such a connection. Certificates are judged
//! elsewhere, from the chain that was recorded.

use std::{pin::Pin, sync::LazyLock, time::Duration};

use openssl::{
    error::ErrorStack,
    provider::Provider,
    ssl::{Ssl, SslContext, SslMethod, SslOptions, SslRef, SslVerifyMode, SslVersion},
};
use tokio_openssl::SslStream;
use url::Host;
use xuncha_model::{Reason, facts::http::Hop};

use crate::{
    Fault, Handshake, Shake,
    dial::{Metered, Received},
    door::Inner,
    exchange::Io,
    hello::{
        Protocol,
        ask::{Answer, once},
        read::Depth,
        suites,
        write::Hello,
    },
    pace::Turn,
    steps::{self, Budget, Channel, Connected, Whom, connect, millis},
};

/// Every suite there is, those without authentication or encryption last.
const SUITES: &str = "ALL:eNULL:+aNULL:+eNULL:@SECLEVEL=0";

/// RC4 and DES: OpenSSL 3 keeps them apart, and gives them to whoever asks, for as long as he holds them.
static OLD_CIPHERS: LazyLock<Option<Provider>> =
    LazyLock::new(|| Provider::try_load(None, "legacy", true).ok());

/// A connection under TLS, or the failure to make one.
pub(crate) struct Secured {
    /// `None` when no stack could shake hands.
    pub(crate) stream: Option<Box<dyn Io>>,
    /// What the connection has received.
    pub(crate) received: Received,
    /// The turns it holds.
    pub(crate) turns: Option<[Turn; 2]>,
    /// What was seen.
    pub(crate) shake: Shake,
}

impl Secured {
    /// What can be spoken over, or why nothing can, and what was seen.
    pub(crate) fn parts(self) -> (Result<Channel, Fault>, Shake) {
        let Self { stream, received, turns, shake } = self;
        let channel = match (stream, turns) {
            (Some(io), Some(turns)) => {
                Ok(Channel { io, received, handshake: shake.handshake.clone(), turns })
            }
            _ => Err(Fault::new(shake.reason.clone(), shake.detail.clone())),
        };
        (channel, shake)
    }
}

/// Shakes hands over a connection, and over further ones when the server lives and refuses.
pub(crate) async fn secure(
    inner: &Inner,
    whom: Whom<'_>,
    connected: Connected,
    budget: &mut Budget,
    hop: &mut Hop,
) -> Secured {
    let received = connected.stream.received();
    let (stream, shake) = steps::shake(inner, whom, connected.stream, budget, hop).await;
    let mut secured = Secured { stream, received, turns: Some(connected.turns), shake };
    let hinted = secured.shake.reason == Reason::TlsTlcpOnly;
    if !hinted && !matches!(secured.shake.reason, Reason::TlsHandshake | Reason::TlsLegacy) {
        return secured;
    }
    // it lives, and would speak to us if we spoke HTTP/2
    if secured.shake.handshake.speaks_otherwise {
        return secured;
    }
    // the turns are given back before they are waited for again
    secured.turns = None;
    if hinted {
        secured.shake.reason = Reason::TlsHandshake;
        if matches!(
            ask(inner, whom, Protocol::Tlcp, budget, &mut secured, hop).await,
            Some(Answer::Taken(_))
        ) {
            secured.shake.reason = Reason::TlsTlcpOnly;
            return secured;
        }
    }
    if again(inner, whom, budget, &mut secured, hop).await {
        return secured;
    }
    match ask(inner, whom, Protocol::Tls12, budget, &mut secured, hop).await {
        Some(Answer::Taken(flight)) if flight.certificate_wanted => {
            secured.shake.reason = Reason::TlsClientCert;
            secured.shake.handshake.client_certificate_wanted = true;
        }
        Some(Answer::Refused(_)) if !hinted => {
            let answer = ask(inner, whom, Protocol::Tlcp, budget, &mut secured, hop).await;
            if matches!(answer, Some(Answer::Taken(_))) {
                secured.shake.reason = Reason::TlsTlcpOnly;
            }
        }
        _ => {}
    }
    secured
}

/// The same once more with the second stack; whether it shook hands.
async fn again(
    inner: &Inner,
    whom: Whom<'_>,
    budget: &mut Budget,
    secured: &mut Secured,
    hop: &mut Hop,
) -> bool {
    let Some(connected) = another(inner, whom, budget, secured, hop).await else { return false };
    let received = connected.stream.received();
    let (outcome, took) = budget
        .step(inner.config.tls_timeout, Reason::TlsTimeout, shake(connected.stream, whom.host))
        .await;
    hop.tls_ms = hop.tls_ms.saturating_add(millis(took));
    let Ok((stream, handshake)) = outcome else { return false };
    let modern = is_modern(&handshake);
    let shake = &mut secured.shake;
    shake.legacy = true;
    shake.reason = if modern { Reason::Ok } else { Reason::TlsLegacy };
    shake.handshake = handshake;
    shake.address.clone_from(&hop.address);
    secured.stream = Some(stream);
    secured.received = received;
    secured.turns = Some(connected.turns);
    true
}

/// TLS 1.3, or 1.2 with forward secrecy over a curve: refused by the first stack for its certificate's key or its cipher
/// mode, and by no browser.
fn is_modern(handshake: &Handshake) -> bool {
    match handshake.version.as_str() {
        "TLS1.3" => true,
        "TLS1.2" => handshake.cipher.starts_with("TLS_ECDHE_"),
        _ => false,
    }
}

/// Another connection, counted.
async fn another(
    inner: &Inner,
    whom: Whom<'_>,
    budget: &mut Budget,
    secured: &mut Secured,
    hop: &mut Hop,
) -> Option<Connected> {
    let connected = connect(inner, whom, budget, hop).await.ok()?;
    secured.shake.connections += 1;
    Some(connected)
}

/// One hello, with every suite the protocol has; TLCP's without extensions, as every library takes it.
async fn ask(
    inner: &Inner,
    whom: Whom<'_>,
    protocol: Protocol,
    budget: &mut Budget,
    secured: &mut Secured,
    hop: &mut Hop,
) -> Option<Answer> {
    let connected = another(inner, whom, budget, secured, hop).await?;
    let suites = suites::of(protocol);
    let extensions = protocol != Protocol::Tlcp;
    let hello = Hello { protocol, suites: &suites, name: Some(whom.host), extensions };
    let limit = inner.config.tls_timeout;
    let asked = async { Ok(once(connected.stream, &hello, Depth::Flight, limit).await) };
    let (answer, took) =
        budget.step(limit + Duration::from_secs(1), Reason::TlsTimeout, asked).await;
    hop.tls_ms = hop.tls_ms.saturating_add(millis(took));
    answer.ok()
}

/// A handshake by OpenSSL that takes whatever it can speak.
async fn shake(stream: Metered, host: &str) -> Result<(Box<dyn Io>, Handshake), Fault> {
    let ours = |error: ErrorStack| Fault::new(Reason::SelfBug, error.to_string());
    let ssl = client(host).map_err(ours)?;
    let mut stream = SslStream::new(ssl, stream).map_err(ours)?;
    Pin::new(&mut stream)
        .connect()
        .await
        .map_err(|error| Fault::new(Reason::TlsHandshake, error.to_string()))?;
    let handshake = seen(stream.ssl());
    Ok((Box::new(stream), handshake))
}

fn client(host: &str) -> Result<Ssl, ErrorStack> {
    // without it suites of RC4 and DES are left out of the list; the rest works all the same
    LazyLock::force(&OLD_CIPHERS);
    let mut context = SslContext::builder(SslMethod::tls_client())?;
    context.set_verify(SslVerifyMode::NONE);
    context.set_security_level(0);
    context.set_cipher_list(SUITES)?;
    context.set_min_proto_version(Some(SslVersion::SSL3))?;
    context.set_options(
        SslOptions::ALL
            | SslOptions::ALLOW_UNSAFE_LEGACY_RENEGOTIATION
            | SslOptions::IGNORE_UNEXPECTED_EOF,
    );
    context.set_alpn_protos(b"\x08http/1.1")?;
    let mut ssl = Ssl::new(&context.build())?;
    if let Ok(Host::Domain(name)) = Host::parse(host) {
        ssl.set_hostname(&name)?;
    }
    Ok(ssl)
}

fn seen(ssl: &SslRef) -> Handshake {
    let version = match ssl.version_str() {
        "SSLv3" => "SSL3.0".to_owned(),
        "TLSv1" => "TLS1.0".to_owned(),
        other => other.replacen("TLSv", "TLS", 1),
    };
    let chain = ssl.peer_cert_chain().into_iter().flatten();
    let cipher = ssl.current_cipher().and_then(|cipher| cipher.standard_name());
    let alpn = ssl.selected_alpn_protocol().unwrap_or_default();
    Handshake {
        chain: chain.filter_map(|certificate| certificate.to_der().ok()).collect(),
        version,
        cipher: cipher.unwrap_or_default().to_owned(),
        alpn: String::from_utf8_lossy(alpn).into_owned(),
        // it came to its end: whoever lacks the key cannot bring it there
        signature_valid: Some(true),
        ..Handshake::default()
    }
}
