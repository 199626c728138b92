//! Kept connections to a real nginx, which says over which of them it answers.

use std::{collections::BTreeSet, net::SocketAddr, path::Path, time::Duration};

use rcgen::{CertificateParams, KeyPair};
use tempfile::tempdir;
use url::Url;
use xuncha_model::Reason;
use xuncha_net::{Door, Fetched, Guise, Session, Want};

use crate::{nginx::Nginx, support::config};

/// Twenty requests a connection; every answer bears its connection's number.
const COUNTED: &str = "keepalive_requests 20; add_header X-Connection $connection always;";

fn start(folder: &Path) -> Nginx {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    let secure = format!("{COUNTED} add_header X-Resumed $ssl_session_reused;");
    let plain = format!("{COUNTED} gzip on; gzip_min_length 1; gzip_types text/css;");
    Nginx::start(folder, &certificate.pem(), &key.serialize_pem(), &secure, &plain)
}

fn session() -> Session {
    // nobody is asked for the name of a bare address
    let nobody: SocketAddr = "127.0.0.1:9".parse().unwrap();
    let own = ["127.0.0.1/32".parse().unwrap()];
    Door::new(config(nobody)).unwrap().session(&own, Duration::ZERO)
}

async fn get(session: &mut Session, url: &Url, etag: &str, modified: &str) -> Fetched {
    let fetched = session
        .fetch(&Want {
            url,
            head_only: false,
            etag,
            modified,
            text_only: true,
            guise: Guise::default(),
        })
        .await;
    assert_eq!(fetched.reason, Reason::Ok, "{}", fetched.detail);
    fetched
}

fn header<'a>(fetched: &'a Fetched, name: &str) -> &'a str {
    let header = fetched.headers.iter().find(|header| header.name == name);
    header.map_or("", |header| header.value.as_str())
}

#[tokio::test]
async fn fifty_requests_are_three_connections_and_none_is_lost() {
    let folder = tempdir().unwrap();
    let nginx = start(folder.path());
    let url: Url = format!("http://127.0.0.1:{}/", nginx.http).parse().unwrap();
    let (mut session, mut connections, mut fresh) = (session(), BTreeSet::new(), 0);
    for _ in 0..50 {
        let fetched = get(&mut session, &url, "", "").await;
        // packed as it goes, and therefore in chunks
        assert_eq!(header(&fetched, "content-encoding"), "gzip");
        assert!(fetched.text.contains("<title>云溪市财政局</title>"));
        connections.insert(header(&fetched, "x-connection").to_owned());
        fresh += usize::from(fetched.fresh);
    }
    assert_eq!((connections.len(), fresh), (3, 3));
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let folder = tempdir().unwrap();
    let nginx = start(folder.path());
    let url: Url = format!("https://127.0.0.1:{}/", nginx.https).parse().unwrap();
    let mut session = session();
    let first = get(&mut session, &url, "", "").await;
    let (etag, modified) = (header(&first, "etag"), header(&first, "last-modified"));
    assert!(first.status == 200 && !etag.is_empty() && !modified.is_empty());
    for (etag, modified) in [(etag, ""), ("", modified), (etag, modified)] {
        let again = get(&mut session, &url, etag, modified).await;
        assert_eq!((again.status, again.bytes, again.fresh), (304, 0, false));
        assert!(again.wire_bytes < 500, "{}", again.wire_bytes);
        assert_eq!(header(&again, "x-connection"), header(&first, "x-connection"));
    }
    std::fs::write(folder.path().join("www/index.html"), "<p>anew").unwrap();
    let anew = get(&mut session, &url, etag, "").await;
    assert_eq!((anew.status, anew.text.as_str()), (200, "<p>anew"));
}

#[tokio::test]
async fn a_second_connection_resumes_the_tls_session_of_the_first() {
    let folder = tempdir().unwrap();
    let nginx = start(folder.path());
    let url: Url = format!("https://127.0.0.1:{}/", nginx.https).parse().unwrap();
    let mut session = session();
    let mut resumed = Vec::new();
    for _ in 0..50 {
        let fetched = get(&mut session, &url, "", "").await;
        if fetched.fresh {
            resumed.push(header(&fetched, "x-resumed").to_owned());
        }
    }
    assert_eq!(resumed, [".", "r", "r"]);
}
