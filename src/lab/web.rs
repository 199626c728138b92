//! The lab's HTTP and HTTPS servers: virtual hosts by Host and SNI, and faults at every layer.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http_body_util::Full;
use hyper::{
    Request, Response,
    body::Incoming,
    header::{CONTENT_TYPE, ETAG, HOST, HeaderName, HeaderValue, LOCATION},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use openssl::ssl::SslContext;
use rustls::{
    ServerConfig,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;
use tracing::debug;

use crate::{
    Error,
    book::Book,
    city::{Defect, Manner},
    cloak,
    content::Content,
    forged::{self, Forged, Hello},
    fresh::{self, unless_known},
    old,
    page::{self, Body, Page},
    pages::{self, Shelf},
    plan::Place,
    ports::Listener,
    traffic::Counters,
};

/// What `availability.slow` has to see: more than three seconds.
const SLOW: Duration = Duration::from_secs(4);
/// What anti-robot gateways send: a challenge that only a browser can answer.
const CHALLENGE: &str =
    "<script>document.cookie='challenge='+(Date.now()%9973)+';path=/';location.reload()</script>";
/// What one of them sends with the status 200.
const SOFT_CHALLENGE: &str = "<script>var arg1='5D1C6A';document.cookie='acw_sc__v2='+arg1+';path=/';location.reload()</script>";
const HSTS: &str = "max-age=31536000; includeSubDomains";
/// Headers that a careful site sends with everything.
const CAREFUL: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("content-security-policy", "default-src 'self'; script-src 'self' 'unsafe-inline'"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
];

/// Everything the servers serve.
pub(crate) struct World {
    pub(crate) places: Vec<Place>,
    /// One for each place.
    pub(crate) books: Vec<Book>,
    /// Index into both, by host in ASCII.
    pub(crate) hosts: BTreeMap<String, usize>,
    /// Hosts that answer and have no site, with their one page.
    pub(crate) others: BTreeMap<String, Page>,
    /// When the city was started.
    pub(crate) started: DateTime<Utc>,
    pub(crate) content: Content,
    pub(crate) counters: Arc<Counters>,
}

impl World {
    /// Whose TLS a hello asks for; TLCP that names nobody is for the machine's first site that has it.
    fn asked(&self, hello: &Hello, stream: &TcpStream) -> Option<&Place> {
        if let Some(at) = self.hosts.get(&hello.host) {
            return self.places.get(*at);
        }
        let here = stream.local_addr().ok()?.ip();
        let mut places = self.places.iter().filter(|place| here == place.machine.address);
        places.find(|place| hello.is_tlcp() && place.spec.forged.iter().any(Forged::is_tlcp))
    }
}

/// The ways in through a TLS port.
pub(crate) struct Gates {
    modern: TlsAcceptor,
    certificates: BTreeMap<String, Arc<CertifiedKey>>,
    /// Hosts that speak nothing newer than TLS 1.1.
    old: BTreeMap<String, SslContext>,
}

impl Gates {
    pub(crate) fn new(
        certificates: BTreeMap<String, Arc<CertifiedKey>>,
        old: BTreeMap<String, SslContext>,
    ) -> Result<Self, Error> {
        Ok(Self { modern: modern(certificates.clone())?, certificates, old })
    }
}

/// TLS as it should be: a certificate for each host.
fn modern(certificates: BTreeMap<String, Arc<CertifiedKey>>) -> Result<TlsAcceptor, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(Error::Tls)?.with_no_client_auth();
    let mut config = builder.with_cert_resolver(Arc::new(BySni(certificates)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

struct BySni(BTreeMap<String, Arc<CertifiedKey>>);

impl fmt::Debug for BySni {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl ResolvesServerCert for BySni {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.get(hello.server_name()?).cloned()
    }
}

/// Takes connections until the task is dropped; so are its connections then.
pub(crate) async fn listen(listener: Listener, gates: Arc<Gates>, world: Arc<World>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.socket.accept().await else {
            // out of descriptors: the scan of a whole city may get there
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        world.counters.connection();
        match listener.manner {
            Manner::Serve if listener.secure => {
                let (gates, world) = (Arc::clone(&gates), Arc::clone(&world));
                connections.spawn(secure(stream, gates, listener.ipv6, world));
            }
            Manner::Serve => {
                let way = Way { secure: false, ipv6: listener.ipv6 };
                connections.spawn(serve(stream, way, Arc::clone(&world)));
            }
            Manner::Reset => {
                if let Err(error) = stream.set_zero_linger() {
                    debug!(%error, "cut the polite way");
                }
            }
            Manner::Silent => {
                connections.spawn(swallow(stream));
            }
            Manner::Closed => {}
        }
    }
}

/// Reads and never answers.
async fn swallow(mut stream: TcpStream) {
    let mut buffer = [0; 1024];
    while matches!(stream.read(&mut buffer).await, Ok(read) if read > 0) {}
}

async fn secure(stream: TcpStream, gates: Arc<Gates>, ipv6: bool, world: Arc<World>) {
    let way = Way { secure: true, ipv6 };
    if let Some(hello) = forged::peek(&stream).await
        && let Some(place) = world.asked(&hello, &stream)
    {
        if let Some(old) = gates.old.get(&place.host) {
            return match old::accept(stream, old).await {
                Ok(stream) => serve(stream, way, world).await,
                Err(error) => debug!(%error, "handshake of long ago"),
            };
        }
        let only = place.spec.has(Defect::OnlyForged);
        if !place.spec.forged.is_empty() && (only || !hello.is_modern()) {
            let chain = gates.certificates.get(&place.host).map(|key| key.cert.as_slice());
            let chain: Vec<_> = chain.unwrap_or_default().iter().map(|der| der.to_vec()).collect();
            if let Err(error) = forged::answer(stream, &hello, &place.spec.forged, &chain).await {
                debug!(%error, "forged handshake");
            }
            return;
        }
    }
    match gates.modern.accept(stream).await {
        Ok(stream) => serve(stream, way, world).await,
        // who dislikes a bad certificate goes away here
        Err(error) => debug!(%error, "handshake"),
    }
}

/// How a visitor came.
#[derive(Clone, Copy)]
struct Way {
    secure: bool,
    ipv6: bool,
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("cut as planned")]
struct Cut;

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, way: Way, world: Arc<World>) {
    let service = service_fn(|request: Request<Incoming>| {
        let world = Arc::clone(&world);
        async move { answer(&world, way, &request).await }
    });
    if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
    {
        debug!(%error, "connection");
    }
}

async fn answer(
    world: &World,
    Way { secure, ipv6 }: Way,
    request: &Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Cut> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host).to_ascii_lowercase();
    world.counters.request(&host);
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let words = &world.content.words;
    let Some(index) = world.hosts.get(&host).copied() else {
        let page = match world.others.get(&host) {
            Some(page) => page.clone(),
            None => page::notice(404, &words.missing, ""),
        };
        return Ok(respond(page, None, secure));
    };
    let (Some(place), Some(book)) = (world.places.get(index), world.books.get(index)) else {
        return Ok(respond(page::notice(500, "", ""), None, secure));
    };
    if ipv6 && place.spec.has(Defect::Ipv6Dead) {
        return Err(Cut);
    }
    if !secure && place.redirects() {
        return Ok(redirect(&format!("https://{host}{target}")));
    }
    let cloak = cloak::meant(&place.spec.cloaks, request.headers(), target);
    if let Some(elsewhere) = cloak.and_then(|cloak| cloak.redirect.as_ref()) {
        return Ok(redirect(elsewhere));
    }
    let page = if place.spec.has(Defect::Unavailable) {
        page::notice(503, &words.unavailable, "")
    } else if place.spec.has(Defect::Gateway) {
        page::notice(412, &words.gateway, CHALLENGE)
    } else if place.spec.has(Defect::Challenge) {
        page::notice(200, &words.gateway, SOFT_CHALLENGE)
    } else {
        if place.spec.has(Defect::Slow) && target == "/" {
            tokio::time::sleep(SLOW).await;
        }
        let page = pages::page(Shelf { place, book, content: &world.content }, target);
        match cloak {
            Some(cloak) => cloak.over(page, &world.content),
            None => page,
        }
    };
    let modified = page.modified.unwrap_or(world.started);
    let plain = page.status == 200;
    let response = respond(page, Some(place), secure);
    Ok(if plain { unless_known(request.headers(), response, modified) } else { response })
}

fn respond(page: Page, place: Option<&Place>, secure: bool) -> Response<Full<Bytes>> {
    let spec = place.map(|place| &place.spec);
    let label = spec.and_then(|spec| spec.encoding.as_deref()).filter(|_| page.status == 200);
    let encoding = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    let encoding = encoding.unwrap_or(encoding_rs::UTF_8);
    let binary = matches!(page.body, Body::Bytes(_));
    let body = match page.body {
        Body::Text(text) => Bytes::from(encoding.encode(&text).0.into_owned()),
        Body::Bytes(bytes) => bytes,
    };
    let declared = spec.and_then(|spec| spec.declared.as_deref());
    // a site that declares another charset than it writes in does so in its pages alone
    let honest = declared.is_none_or(|declared| Some(declared) == label);
    let kind = match label {
        _ if binary => page.kind,
        _ if !honest && page.kind == "text/html" => page.kind,
        Some(label) => format!("{}; charset={label}", page.kind),
        None if page.kind.starts_with("text/") => format!("{}; charset=utf-8", page.kind),
        None => page.kind,
    };
    let etag = fresh::etag(&body).filter(|_| page.status == 200);
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = page.status.try_into().unwrap_or_default();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        headers.insert(CONTENT_TYPE, kind);
    }
    if let Some(etag) = etag {
        headers.insert(ETAG, etag);
    }
    let hsts = secure && !spec.is_some_and(|spec| spec.has(Defect::NoHsts));
    let hsts = hsts.then_some(("strict-transport-security", HSTS));
    let bare = spec.is_some_and(|spec| spec.has(Defect::BareHeaders));
    for (name, value) in CAREFUL.iter().filter(|_| !bare).copied().chain(hsts) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    for header in spec.map(|spec| spec.headers.as_slice()).unwrap_or_default() {
        if let (Ok(name), Ok(value)) = (header.name.parse::<HeaderName>(), header.value.parse()) {
            headers.append(name, value);
        }
    }
    response
}

fn redirect(location: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = hyper::StatusCode::MOVED_PERMANENTLY;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    /// What a site without HTTPS answers; headers in lower case.
    #[expect(clippy::disallowed_methods, reason = "the test is the client")]
    async fn ask(lab: &crate::Lab, request: &str) -> (String, String) {
        let address = (std::net::Ipv4Addr::new(127, 80, 0, 4), lab.port_map[&80]);
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("{request}host: lyj.lanchuan.gov.cn\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    fn header<'a>(head: &'a str, name: &str) -> &'a str {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| *key == name).map(|(_, value)| value).unwrap()
    }

    #[tokio::test]
    async fn who_has_a_page_gets_no_body_and_head_has_none() {
        let lab = crate::start("2026-11-24T02:00:00Z".parse().unwrap()).await.unwrap();
        let (head, body) = ask(&lab, "GET /zwdt/ HTTP/1.1\r\n").await;
        assert!(head.starts_with("HTTP/1.1 200") && body.contains("</html>"), "{head}");
        let (etag, modified) = (header(&head, "etag"), header(&head, "last-modified"));
        let length = header(&head, "content-length");
        for (known, status) in [
            (format!("if-none-match: {etag}"), "304"),
            (format!("if-none-match: \"other\", W/{etag}"), "304"),
            ("if-none-match: \"other\"".to_owned(), "200"),
            (format!("if-modified-since: {modified}"), "304"),
            ("if-modified-since: Fri, 02 Jan 2015 08:00:00 GMT".to_owned(), "200"),
            // the tag counts, not the date
            (format!("if-none-match: \"other\"\r\nif-modified-since: {modified}"), "200"),
        ] {
            let (head, body) = ask(&lab, &format!("GET /zwdt/ HTTP/1.1\r\n{known}\r\n")).await;
            assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{known}: {head}");
            assert_eq!(body.is_empty(), status == "304", "{known}");
            assert_eq!(header(&head, "etag"), etag, "{known}");
        }
        let (head, body) = ask(&lab, "HEAD /zwdt/ HTTP/1.1\r\n").await;
        assert!(head.starts_with("HTTP/1.1 200") && body.is_empty(), "{head}{body}");
        assert_eq!((header(&head, "content-length"), header(&head, "etag")), (length, etag));
        let (head, _) = ask(&lab, "HEAD /nothing HTTP/1.1\r\n").await;
        assert!(head.starts_with("HTTP/1.1 404") && !head.contains("etag"), "{head}");
    }
}
