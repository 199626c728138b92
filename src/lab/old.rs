//! A real server of long ago: TLS 1.0 and 1.1 and nothing newer, for the page that must be read all the same.

use std::pin::Pin;

use openssl::{
    error::ErrorStack,
    pkey::PKey,
    ssl::{Ssl, SslContext, SslMethod, SslVersion},
    x509::X509,
};
use tokio::net::TcpStream;
use tokio_openssl::SslStream;

use crate::ca::Issued;

/// What a server of that time is set up with.
pub(crate) fn context(issued: &Issued) -> Result<SslContext, ErrorStack> {
    let mut builder = SslContext::builder(SslMethod::tls_server())?;
    builder.set_security_level(0);
    builder.set_min_proto_version(Some(SslVersion::TLS1))?;
    builder.set_max_proto_version(Some(SslVersion::TLS1_1))?;
    builder.set_private_key(PKey::private_key_from_der(&issued.key)?.as_ref())?;
    let mut chain = issued.chain.iter().map(|der| X509::from_der(der));
    if let Some(leaf) = chain.next() {
        builder.set_certificate(leaf?.as_ref())?;
    }
    for further in chain {
        builder.add_extra_chain_cert(further?)?;
    }
    Ok(builder.build())
}

/// Shakes hands as it would have then.
pub(crate) async fn accept(
    stream: TcpStream,
    context: &SslContext,
) -> Result<SslStream<TcpStream>, openssl::ssl::Error> {
    let mut stream = SslStream::new(Ssl::new(context)?, stream)?;
    Pin::new(&mut stream).accept().await?;
    Ok(stream)
}
