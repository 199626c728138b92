//! A scan of a real nginx from Debian with certificates of its own.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rcgen::{CertificateParams, KeyPair};
use tempfile::tempdir;
use xuncha_model::{facts::LookOutcome, scan::Report};

use crate::{
    program::{command, status, stderr, stdout},
    support::{keys::Keys, neglected},
};

const PAGE: &str = "<!DOCTYPE html><html lang=zh><head><meta charset=utf-8><title>云溪市财政局</title></head><body>正文</body></html>";

/// An nginx that dies with the test.
pub(crate) struct Nginx {
    child: Child,
    pub(crate) http: u16,
    pub(crate) https: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Nginx {
    /// Starts nginx in the foreground with one server on both ports; `extra` goes into the HTTPS server, `plain` into the other.
    pub(crate) fn start(
        folder: &Path,
        certificate: &str,
        key: &str,
        extra: &str,
        plain: &str,
    ) -> Self {
        let (http, https) = (free_port(), free_port());
        fs::write(folder.join("cert.pem"), certificate).unwrap();
        fs::write(folder.join("key.pem"), key).unwrap();
        fs::create_dir_all(folder.join("www")).unwrap();
        fs::write(folder.join("www/index.html"), PAGE).unwrap();
        let at = folder.display();
        let configuration = format!(
            "daemon off; master_process off; pid {at}/nginx.pid; error_log {at}/error.log;
             events {{ worker_connections 64; }}
             http {{
               access_log {at}/access.log; root {at}/www; default_type text/html;
               client_body_temp_path {at}/t1; proxy_temp_path {at}/t2; fastcgi_temp_path {at}/t3;
               uwsgi_temp_path {at}/t4; scgi_temp_path {at}/t5;
               server {{ listen 127.0.0.1:{http}; {plain} }}
               server {{ listen 127.0.0.1:{https} ssl; ssl_certificate {at}/cert.pem; ssl_certificate_key {at}/key.pem; ssl_protocols TLSv1.2 TLSv1.3; {extra} }}
             }}"
        );
        fs::write(folder.join("nginx.conf"), configuration).unwrap();
        let program =
            if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" };
        let child = Command::new(program)
            .args(["-p", &folder.display().to_string(), "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx is installed (tests/run does it)");
        let nginx = Self { child, http, https };
        let began = Instant::now();
        while !(answers(http) && answers(https)) {
            assert!(began.elapsed() < Duration::from_secs(10), "nginx did not start");
            std::thread::yield_now();
        }
        nginx
    }

    /// What a scan of `https://127.0.0.1/` through mapped ports says.
    fn scan(&self, folder: &Path, flags: &[&str]) -> Report {
        let maps = [format!("80={}", self.http), format!("443={}", self.https)];
        let output = command(folder)
            .args(["scan", "https://127.0.0.1/", "--format", "json", "--facts", "--no-store"])
            .args(["--allow-net", "127.0.0.1/32", "--reference", "127.0.0.1:443"])
            .args(["--map-port", &maps[0], "--map-port", &maps[1]])
            .args(flags)
            .output()
            .unwrap();
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[expect(clippy::disallowed_methods, reason = "waiting for a server of the test's own")]
fn answers(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

fn rules(report: &Report) -> Vec<&str> {
    report.sites[0].findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn a_self_signed_nginx_is_read_and_told_what_is_wrong() {
    let folder = tempdir().unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    let nginx = Nginx::start(folder.path(), &certificate.pem(), &key.serialize_pem(), "", "");
    let report = nginx.scan(folder.path(), &[]);
    let site = &report.sites[0];
    assert_eq!(site.outcome, LookOutcome::Degraded, "{}", site.reason);
    assert_eq!(site.title, "云溪市财政局", "a bad certificate never hides the page");
    let found = rules(&report);
    for rule in ["tls.self-signed", "domain.bare-address"] {
        assert!(found.contains(&rule), "{rule} in {found:?}");
    }
    // HSTS over a certificate no browser takes is ignored (RFC 6797 §8.1): not judged.
    for rule in [
        "http.hsts-missing",
        "tls.untrusted",
        "tls.name-mismatch",
        "tls.incomplete-chain",
        "availability.down",
    ] {
        assert!(!found.contains(&rule), "{rule} in {found:?}");
    }
    let facts = site.facts.as_ref().unwrap();
    let tls = facts.tls.seen().unwrap();
    assert_eq!((tls.version.as_str(), tls.name_matches), ("TLS1.3", true));
    let server = facts.http.seen().unwrap().home.seen().unwrap();
    assert!(
        server
            .headers
            .iter()
            .any(|header| header.name == "server" && header.value.starts_with("nginx/"))
    );
    // Every connection left a line: the scan counts what it asked.
    let log = fs::read_to_string(folder.path().join("access.log")).unwrap();
    assert!(log.lines().count() <= site.requests as usize, "{log}");
    assert!(log.contains("xuncha/"), "we say who we are: {log}");
}

#[test]
fn a_well_kept_nginx_is_left_in_peace() {
    let folder = tempdir().unwrap();
    let keys = Keys::for_address("127.0.0.1");
    keys.write(folder.path());
    let nginx = Nginx::start(
        folder.path(),
        &keys.leaf,
        &keys.key,
        "server_tokens off; add_header Strict-Transport-Security 'max-age=63072000' always; \
         add_header X-Content-Type-Options nosniff always; add_header X-Frame-Options DENY always; \
         add_header Content-Security-Policy \"default-src 'self'\" always;",
        "return 301 https://127.0.0.1/;",
    );
    let report = nginx.scan(folder.path(), &["--ca-file", "root.pem"]);
    assert_eq!(report.sites[0].outcome, LookOutcome::Ok);
    let network: Vec<&str> = rules(&report).into_iter().filter(|rule| !of_the_page(rule)).collect();
    assert_eq!(network, Vec::<&str>::new());
}

/// What the page or its name has, whatever the server.
fn of_the_page(rule: &str) -> bool {
    ["domain.", "identity.", "tags."].iter().any(|family| rule.starts_with(family))
}

#[test]
fn everything_that_is_wrong_with_an_nginx_is_named_and_nothing_else() {
    let folder = tempdir().unwrap();
    let keys = Keys::for_address("127.0.0.1");
    keys.write(folder.path());
    let bad = "autoindex on; server_tokens on; add_header Set-Cookie 'PHPSESSID=5EC2E7; Path=/';";
    let nginx = Nginx::start(
        folder.path(),
        &keys.leaf,
        &keys.key,
        &format!(
            "{bad} ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers DEFAULT:@SECLEVEL=0; \
             types {{ text/html html; application/zip zip; }}"
        ),
        bad,
    );
    neglected::put(folder.path());
    let report = nginx.scan(folder.path(), &["--ca-file", "root.pem"]);
    let site = &report.sites[0];
    assert_eq!((site.outcome, site.title.as_str()), (LookOutcome::Ok, "云溪市财政局"));
    let home = site.facts.as_ref().unwrap().http.seen().unwrap().home.seen().unwrap();
    let server = home.headers.iter().find(|header| header.name == "server").unwrap();
    let mut wanted: Vec<String> = [
        "http.cookie-flags 127.0.0.1（PHPSESSID）",
        "http.directory-listing https://127.0.0.1/style/",
        "http.header-missing https://127.0.0.1/",
        "http.hsts-missing 127.0.0.1",
        "http.https-not-default http://127.0.0.1/",
        "tls.legacy-protocol 127.0.0.1",
        "safety.exposed-file https://127.0.0.1/www.zip",
    ]
    .map(str::to_owned)
    .to_vec();
    wanted.push(format!("software.version-disclosed Server: {}", server.value));
    wanted.sort_unstable();
    assert_eq!(neglected::found(&report), wanted);
}
