//! The lab is what its data says: answers, pages, certificates.

use std::{net::Ipv4Addr, sync::Arc};

use chrono::{DateTime, Duration};
use hickory_server::proto::{
    op::{Message, MessageType, OpCode, Query, ResponseCode},
    rr::{Name, RData, RecordType},
};
use rustls::{
    ClientConfig, RootCertStore,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use url::Url;
use x509_parser::parse_x509_certificate;
use xuncha_lab::{Lab, start};

use crate::now;

/// A strict client asks the wall clock, so the lab of these tests lives today.
async fn lab() -> Lab {
    start(now()).await.unwrap()
}

/// The A-label form of a name.
fn ascii(name: &str) -> String {
    Url::parse(&format!("https://{name}/")).unwrap().host_str().unwrap().to_owned()
}

async fn ask(lab: &Lab, name: &str, kind: RecordType) -> Message {
    let mut question = Message::new(7, MessageType::Query, OpCode::Query);
    question.add_query(Query::query(Name::from_ascii(format!("{name}.")).unwrap(), kind));
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    socket.send_to(&question.to_vec().unwrap(), lab.resolver).await.unwrap();
    let mut buffer = [0; 4096];
    let (read, _) = socket.recv_from(&mut buffer).await.unwrap();
    Message::from_vec(&buffer[..read]).unwrap()
}

fn addresses(answer: &Message) -> Vec<Ipv4Addr> {
    let data = answer.answers.iter().map(|record| &record.data);
    data.filter_map(|data| if let RData::A(address) = data { Some(address.0) } else { None })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "the test is the client")]
async fn dial(lab: &Lab, host: &str, port: u16) -> TcpStream {
    let mut name = host.to_owned();
    loop {
        let answer = ask(lab, &name, RecordType::A).await;
        if let Some(address) = addresses(&answer).first() {
            return TcpStream::connect((*address, lab.port_map[&port])).await.unwrap();
        }
        name = answer
            .answers
            .iter()
            .rev()
            .find_map(|record| match &record.data {
                RData::CNAME(alias) => Some(alias.0.to_ascii().trim_end_matches('.').to_owned()),
                _ => None,
            })
            .unwrap();
    }
}

async fn shake(
    lab: &Lab,
    host: &str,
    config: ClientConfig,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = dial(lab, host, 443).await;
    let name = ServerName::try_from(host.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

fn builder() -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap()
}

fn strict(lab: &Lab) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(lab.ca_pem.as_bytes()).unwrap()).unwrap();
    builder().with_root_certificates(roots).with_no_client_auth()
}

/// Takes any certificate, to look at it.
#[derive(Debug)]
struct Curious;

impl ServerCertVerifier for Curious {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        rustls::crypto::ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn curious() -> ClientConfig {
    builder().dangerous().with_custom_certificate_verifier(Arc::new(Curious)).with_no_client_auth()
}

async fn chain(lab: &Lab, id: &str) -> Vec<Vec<u8>> {
    let host = format!("{id}.lanchuan.gov.cn");
    let stream = shake(lab, &host, curious()).await.unwrap();
    let (_, connection) = stream.get_ref();
    connection.peer_certificates().unwrap().iter().map(|der| der.to_vec()).collect()
}

async fn get<S: AsyncReadExt + AsyncWriteExt + Unpin>(
    mut stream: S,
    host: &str,
    path: &str,
) -> Vec<u8> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // a server may close without the goodbye of TLS
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

async fn page(lab: &Lab, host: &str, path: &str) -> String {
    let stream = shake(lab, host, strict(lab)).await.unwrap();
    String::from_utf8(get(stream, host, path).await).unwrap()
}

#[tokio::test]
async fn two_cities_stand_beside_each_other() {
    let (first, second) = (lab().await, lab().await);
    assert_ne!(first.resolver, second.resolver);
    assert_ne!(first.port_map, second.port_map);
}

#[tokio::test]
async fn names_are_answered_as_planned() {
    let lab = lab().await;
    let code = async |name: &str, kind| ask(&lab, name, kind).await.metadata.response_code;
    let portal = ask(&lab, "www.lanchuan.gov.cn", RecordType::A).await;
    assert_eq!(addresses(&portal), [Ipv4Addr::new(127, 80, 0, 1)]);
    assert!(portal.metadata.authoritative);
    assert_eq!(code("sthjj.lanchuan.gov.cn", RecordType::A).await, ResponseCode::NXDomain);
    assert_eq!(code("tyj.lanchuan.gov.cn", RecordType::A).await, ResponseCode::ServFail);
    assert_eq!(code("www.zhoukou.gov.cn", RecordType::A).await, ResponseCode::NXDomain);
    assert_eq!(code("www.rust-lang.org", RecordType::A).await, ResponseCode::Refused);
    assert_eq!(code("www.qlx.gov.cn", RecordType::A).await, ResponseCode::NXDomain);
    let nodata = ask(&lab, "wglj.lanchuan.gov.cn", RecordType::A).await;
    assert_eq!(nodata.metadata.response_code, ResponseCode::NoError);
    assert!(nodata.answers.is_empty());
    let internal = ask(&lab, "yjj.lanchuan.gov.cn", RecordType::A).await;
    assert_eq!(addresses(&internal), [Ipv4Addr::new(10, 20, 30, 40)]);
    let alias = ask(&lab, "www.yunlu.gov.cn", RecordType::A).await;
    assert!(matches!(alias.answers[0].data, RData::CNAME(_)), "{alias}");
    let servers = ask(&lab, "lanchuan.gov.cn", RecordType::NS).await;
    assert_eq!(servers.answers.len(), 2);
    let chinese = ascii("澜川市人民政府.政务");
    assert!(chinese.ends_with(".xn--zfr164b"));
    assert_eq!(addresses(&ask(&lab, &chinese, RecordType::A).await).len(), 1);
    assert!(lab.requests().dns >= 10);
}

#[tokio::test]
async fn an_exemplary_site_convinces_a_strict_client_and_is_a_little_site() {
    let lab = lab().await;
    let host = "www.yunlu.gov.cn";
    let home = page(&lab, host, "/").await;
    assert!(home.starts_with("HTTP/1.1 200"), "{home}");
    assert!(home.contains("strict-transport-security: max-age=31536000"));
    for element in [
        "网站标识码：4199020002",
        "豫ICP备",
        "豫公网安备",
        "主办单位：云麓区人民政府",
        "找错",
        "党政机关",
    ] {
        assert!(home.contains(element), "{element}");
    }
    let links: Vec<_> =
        home.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() > 40);
    let broken = async |path: &str| !page(&lab, host, path).await.starts_with("HTTP/1.1 200");
    for link in links {
        assert!(!broken(&format!("/{link}")).await, "{link}");
    }
    assert!(broken("/nothing").await);
    let plain = get(dial(&lab, host, 80).await, host, "/zwdt/").await;
    let plain = String::from_utf8(plain).unwrap();
    assert!(
        plain.contains("301") && plain.contains("location: https://www.yunlu.gov.cn/zwdt/"),
        "{plain}"
    );
    assert!(lab.requests().http[host] > 40);
    let chinese = ascii("云麓区人民政府.政务");
    assert!(page(&lab, &chinese, "/").await.contains("云麓区人民政府门户网站"));
}

#[tokio::test]
async fn two_sites_write_gb18030_and_one_of_them_declares_less() {
    let lab = lab().await;
    for (host, declared, header) in [
        ("jyj.lanchuan.gov.cn", "charset=\"gb18030\"", "text/html; charset=gb18030\r\n"),
        ("czj.lanchuan.gov.cn", "charset=\"gb2312\"", "text/html\r\n"),
    ] {
        let bytes = get(shake(&lab, host, strict(&lab)).await.unwrap(), host, "/").await;
        assert!(std::str::from_utf8(&bytes).is_err());
        let text = encoding_rs::GB18030.decode(&bytes).0;
        assert!(
            text.contains(declared) && text.contains(header) && text.contains("澜川市"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn faults_of_pages_are_as_planned() {
    let lab = lab().await;
    assert!(page(&lab, "xfj.lanchuan.gov.cn", "/").await.starts_with("HTTP/1.1 503"));
    let gateway = page(&lab, "scjgj.lanchuan.gov.cn", "/").await;
    assert!(gateway.starts_with("HTTP/1.1 412") && gateway.contains("<script>"));
    assert!(!page(&lab, "czj.lanchuan.gov.cn", "/zwdt/nothing").await.contains("strict-transport"));
    let host = "lcj.lanchuan.gov.cn";
    let plain = get(dial(&lab, host, 80).await, host, "/").await;
    assert!(plain.starts_with(b"HTTP/1.1 200"), "no redirect");
    assert!(
        page(&lab, "xxzx.lanchuan.gov.cn", "/").await.starts_with("HTTP/1.1 200"),
        "retired, and alive"
    );
}

#[tokio::test]
async fn certificates_have_exactly_the_planted_faults() {
    let lab = lab().await;
    let now = now();
    let until = |chain: &[Vec<u8>]| {
        let (_, leaf) = parse_x509_certificate(&chain[0]).unwrap();
        DateTime::from_timestamp(leaf.validity().not_after.timestamp(), 0).unwrap() - now
    };
    assert_eq!(until(&chain(&lab, "zjj").await).num_days(), 12);
    assert_eq!(until(&chain(&lab, "wjw").await).num_days(), 5);
    assert!(until(&chain(&lab, "rsj").await) < -Duration::days(39));
    let early = chain(&lab, "mzj").await;
    let (_, leaf) = parse_x509_certificate(&early[0]).unwrap();
    assert!(leaf.validity().not_before.timestamp() > now.timestamp());
    let own = chain(&lab, "jtysj").await;
    let (_, leaf) = parse_x509_certificate(&own[0]).unwrap();
    assert_eq!((own.len(), leaf.subject()), (1, leaf.issuer()));
    assert!(leaf.verify_signature(None).is_ok());
    assert_eq!(chain(&lab, "nyncj").await.len(), 1, "the intermediate is not sent");
    let unknown = chain(&lab, "slj").await;
    let (_, root) = parse_x509_certificate(&unknown[1]).unwrap();
    assert_eq!(root.subject(), root.issuer());
    let old = chain(&lab, "zrzyj").await;
    let (_, old) = parse_x509_certificate(&old[2]).unwrap();
    assert_eq!(old.signature_algorithm.algorithm.to_id_string(), "1.2.840.113549.1.1.5");
    assert_eq!(old.tbs_certificate.signature, old.signature_algorithm);
    assert_eq!(old.public_key().parsed().unwrap().key_size(), 1024);
    assert_ne!(old.subject(), old.issuer());
}

#[tokio::test]
async fn a_strict_client_refuses_what_is_faulty_and_nothing_else() {
    let lab = lab().await;
    let shaken = async |id: &str| shake(&lab, &format!("{id}.lanchuan.gov.cn"), strict(&lab)).await;
    for (id, error) in [
        ("rsj", "Expired"),
        ("mzj", "NotValidYet"),
        ("sfj", "NotValidForName"),
        ("jtysj", "UnknownIssuer"),
        ("slj", "UnknownIssuer"),
        ("nyncj", "UnknownIssuer"),
    ] {
        let refused = format!("{:?}", shaken(id).await.unwrap_err());
        assert!(refused.contains(error), "{id}: {refused}");
    }
    for id in ["fgw", "zjj", "wjw", "zrzyj", "tjj", "czj"] {
        assert!(shaken(id).await.is_ok(), "{id}");
    }
}

#[tokio::test]
async fn the_register_is_whole_and_every_label_has_its_site() {
    let lab = lab().await;
    let count = lab.sites_yaml.matches("\n  - id: ").count();
    assert!(count >= 50, "{count}");
    assert!(lab.sites_yaml.contains("ministry_domain: chinatax.gov.cn"));
    assert!(
        lab.sites_yaml.contains(&format!("https://tjj.lanchuan.gov.cn:{}/", lab.port_map[&443]))
    );
    assert!(lab.clean.len() >= 8);
    for label in &lab.labels {
        assert!(lab.sites_yaml.contains(&format!("\n  - id: {}\n", label.site)), "{label:?}");
    }
    let announced = lab.sites_yaml.split("publicity: \"https://www.lanchuan.gov.cn").skip(1);
    let mut announced: Vec<_> = announced.filter_map(|rest| rest.split('"').next()).collect();
    announced.sort_unstable();
    announced.dedup();
    assert!(announced.len() > 8, "each notice has a page of its own");
    for path in announced {
        assert!(
            page(&lab, "www.lanchuan.gov.cn", path).await.starts_with("HTTP/1.1 200"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_dropped_city_is_gone() {
    let lab = lab().await;
    let port = lab.port_map[&80];
    drop(lab);
    let mut bound = tokio::net::TcpListener::bind((Ipv4Addr::new(127, 80, 0, 1), port)).await;
    while bound.is_err() {
        tokio::task::yield_now().await;
        bound = tokio::net::TcpListener::bind((Ipv4Addr::new(127, 80, 0, 1), port)).await;
    }
}
