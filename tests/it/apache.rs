//! Scans of a real Apache from Debian, as bad and as good as its administrator can make it.

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use xuncha_model::{facts::LookOutcome, scan::Report};

use crate::{
    program::{command, status, stderr, stdout},
    support::{
        keys::Keys,
        names::Names,
        neglected::{self, found},
    },
};

/// Modules that both need, as Debian ships them.
const MODULES: [&str; 8] =
    ["mpm_event", "authz_core", "mime", "dir", "autoindex", "alias", "headers", "ssl"];

/// What is wrong with its settings, beside the versions of the day.
const BAD: &str = "
    ServerTokens Full
    ServerSignature On
    SSLProtocol all
    SSLCipherSuite ALL:@SECLEVEL=0
    Header always add Set-Cookie \"JSESSIONID=5EC2E7; Path=/\"
    <Directory \"${ROOT}/www\">
      Options +Indexes
      Require all granted
    </Directory>";

const SOFT_404: &str = "
    RewriteEngine On
    RewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-f
    RewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-d
    RewriteRule ^ /missing.html [END]";

const GOOD: &str = "
    ServerTokens Prod
    ServerSignature Off
    TraceEnable Off
    SSLProtocol -all +TLSv1.2 +TLSv1.3
    SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20
    Header always set Strict-Transport-Security \"max-age=63072000\"
    Header always set X-Content-Type-Options nosniff
    Header always set X-Frame-Options DENY
    Header always set Content-Security-Policy \"default-src 'self'\"
    Header always add Set-Cookie \"JSESSIONID=5EC2E7; Path=/; Secure; HttpOnly; SameSite=Lax\"
    RedirectMatch 404 /\\.(git|svn)
    <Directory \"${ROOT}/www\">
      Options -Indexes
      Require all granted
    </Directory>";

/// An Apache that dies with the test.
struct Apache {
    child: Child,
    ports: (u16, u16),
    folder: TempDir,
}

impl Drop for Apache {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Apache {
    /// Starts it in the foreground; `common` holds for both ports, `plain` for port 80.
    fn start(common: &str, modules: &[&str], plain: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        Keys::for_address("127.0.0.2").write(root);
        neglected::put(root);
        let ports = (free_port(), free_port());
        let load: String = MODULES
            .iter()
            .chain(modules)
            .map(|name| {
                format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n")
            })
            .collect();
        let at = root.display();
        let (http, https) = ports;
        let configuration = format!(
            "{load}
             Define ROOT {at}
             ServerRoot {at}\nPidFile {at}/apache.pid\nErrorLog {at}/error.log\nMutex file:{at} default
             ServerName 127.0.0.2\nTypesConfig /dev/null\nAddType text/css .css\nAddType image/png .png
             AddType text/html .html\nAddType application/zip .zip\nDirectoryIndex index.html\nDocumentRoot {at}/www
             Listen 127.0.0.2:{http}\nListen 127.0.0.2:{https}
             {common}
             <VirtualHost 127.0.0.2:{http}>
             {plain}
             </VirtualHost>
             <VirtualHost 127.0.0.2:{https}>
               SSLEngine on\nSSLCertificateFile {at}/cert.pem\nSSLCertificateKeyFile {at}/key.pem
             </VirtualHost>\n"
        );
        fs::write(root.join("apache.conf"), configuration).unwrap();
        let mut command = Command::new("/usr/sbin/apache2");
        command.args(["-X", "-f"]).arg(root.join("apache.conf"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("apache2 is installed (tests/run does it)");
        let mut apache = Self { child, ports, folder };
        let began = Instant::now();
        while !(listens(http) && listens(https)) {
            let log =
                || fs::read_to_string(apache.folder.path().join("error.log")).unwrap_or_default();
            assert_eq!(apache.child.try_wait().unwrap(), None, "apache2 ended at once: {}", log());
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "apache2 does not listen: {}",
                log()
            );
            std::thread::yield_now();
        }
        apache
    }

    /// What a scan of `http://127.0.0.2/` through mapped ports says.
    async fn scan(&self) -> Report {
        let names = Names::all_at("127.0.0.2").await;
        let maps = [format!("80={}", self.ports.0), format!("443={}", self.ports.1)];
        let mut scan = command(self.folder.path());
        fs::write(self.folder.path().join("xuncha.yaml"), "network:\n  interval: 5ms\n").unwrap();
        scan.args(["scan", "http://127.0.0.2/", "--profile", "quick", "--format", "json"]);
        scan.args([
            "--facts",
            "--no-store",
            "--allow-net",
            "127.0.0.2/32",
            "--ca-file",
            "root.pem",
        ]);
        scan.args(["--reference", "127.0.0.2:443", "--resolver", &names.address.to_string()]);
        scan.args(["--map-port", &maps[0], "--map-port", &maps[1]]);
        let output = tokio::task::spawn_blocking(move || scan.output().unwrap()).await.unwrap();
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.2:0").unwrap().local_addr().unwrap().port()
}

/// Told from the kernel's table.
fn listens(port: u16) -> bool {
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    table.lines().any(|line| line.contains(&format!("0200007F:{port:04X} 00000000:0000 0A")))
}

fn banner(report: &Report) -> String {
    let facts = report.sites[0].facts.as_ref().unwrap();
    let home = facts.http.seen().unwrap().home.seen().unwrap();
    home.headers.iter().find(|header| header.name == "server").unwrap().value.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_wrong_with_an_apache_is_named_and_nothing_else() {
    let apache = Apache::start(BAD, &[], "");
    let report = apache.scan().await;
    let site = &report.sites[0];
    assert_eq!(
        (site.outcome, site.title.as_str()),
        (LookOutcome::Ok, "云溪市财政局"),
        "{}",
        site.reason
    );
    let banner = banner(&report);
    assert!(banner.starts_with("Apache/2."), "{banner}");
    let mut wanted: Vec<String> = [
        "http.cookie-flags 127.0.0.2（JSESSIONID）",
        "http.directory-listing http://127.0.0.2/style/",
        "http.header-missing http://127.0.0.2/",
        "http.hsts-missing 127.0.0.2",
        "http.https-not-default http://127.0.0.2/",
        "safety.exposed-file http://127.0.0.2/.git/HEAD",
        "safety.exposed-file http://127.0.0.2/www.zip",
        "tls.legacy-protocol 127.0.0.2",
    ]
    .map(str::to_owned)
    .to_vec();
    wanted.push(format!("software.version-disclosed Server: {banner}"));
    let told = found(&report);
    wanted.sort_unstable();
    assert_eq!(told, wanted);
    let offers = site.facts.as_ref().unwrap().offers.seen().unwrap();
    let versions: Vec<_> = offers.versions.iter().map(|version| version.name.as_str()).collect();
    assert_eq!(versions, ["TLS1.0", "TLS1.1", "TLS1.2", "TLS1.3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apache_that_answers_200_to_everything_hides_its_exposed_files_from_nobody() {
    let apache = Apache::start(BAD, &["rewrite"], SOFT_404);
    let report = apache.scan().await;
    let told = found(&report);
    for finding in [
        "http.soft-404 127.0.0.2",
        "safety.exposed-file http://127.0.0.2/.git/HEAD",
        "safety.exposed-file http://127.0.0.2/www.zip",
    ] {
        assert!(told.iter().any(|one| one == finding), "{finding} in {told:#?}");
    }
    let files = told.iter().filter(|one| one.starts_with("safety.exposed-file"));
    assert_eq!(files.count(), 2, "and no file that is not there: {told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_well_kept_apache_is_left_in_peace() {
    let apache = Apache::start(GOOD, &[], "Redirect permanent / https://127.0.0.2/");
    fs::remove_file(apache.folder.path().join("www/www.zip")).unwrap();
    let report = apache.scan().await;
    assert_eq!(report.sites[0].outcome, LookOutcome::Ok, "{}", report.sites[0].reason);
    assert_eq!(banner(&report), "Apache");
    assert_eq!(found(&report), Vec::<String>::new());
    let software = report.sites[0].findings.iter().find(|one| one.rule.starts_with("software."));
    assert!(software.is_none(), "{software:#?}");
}
