//! Real TLS servers from Debian, `openssl s_server` and nginx, with certificates made on the spot; they die with the test.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// What is served over HTTP.
pub(crate) const PAGE: &str = "<!DOCTYPE html><title>served by an old server</title>";

/// A running server on 127.0.0.2.
pub(crate) struct Program {
    child: Child,
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `openssl` with these arguments, run to its end in a folder.
pub(crate) fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output();
    let output = output.expect("openssl is installed (tests/run does it)");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments:?}: {said}");
}

/// A folder with `cert.pem` and `key.pem` for www.site.test; `key` is what `-newkey` takes.
pub(crate) fn certificate(key: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec!["req", "-x509", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"];
    arguments.extend(["-days", "30", "-subj", "/CN=www.site.test"]);
    arguments.extend(["-addext", "subjectAltName=DNS:www.site.test,DNS:site.test", "-newkey"]);
    arguments.extend(key);
    openssl(folder.path(), &arguments);
    folder
}

impl Program {
    /// `openssl s_server` with an RSA certificate of 2048 bits and these arguments.
    pub(crate) fn s_server(arguments: &[&str]) -> Self {
        Self::s_server_with(certificate(&["rsa:2048"]), arguments)
    }

    /// `openssl s_server` with the certificate of a folder.
    pub(crate) fn s_server_with(folder: TempDir, arguments: &[&str]) -> Self {
        let port = free_port();
        let accept = format!("127.0.0.2:{port}");
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", &accept, "-www", "-quiet"]);
        command.args(["-cert", "cert.pem", "-key", "key.pem"]).args(arguments);
        Self::start(command, folder, port)
    }

    /// nginx with an RSA certificate of 2048 bits and these lines in its one server.
    pub(crate) fn nginx(lines: &str) -> Self {
        Self::nginx_with(certificate(&["rsa:2048"]), lines)
    }

    /// nginx with the certificate of a folder.
    pub(crate) fn nginx_with(folder: TempDir, lines: &str) -> Self {
        let port = free_port();
        fs::create_dir_all(folder.path().join("www")).unwrap();
        fs::write(folder.path().join("www/index.html"), PAGE).unwrap();
        let at = folder.path().display();
        let configuration = format!(
            "daemon off; master_process off; pid {at}/nginx.pid; error_log {at}/error.log;
             events {{ worker_connections 256; }}
             http {{
               access_log off; root {at}/www; default_type text/html;
               client_body_temp_path {at}/t1; proxy_temp_path {at}/t2; fastcgi_temp_path {at}/t3;
               uwsgi_temp_path {at}/t4; scgi_temp_path {at}/t5;
               server {{
                 listen 127.0.0.2:{port} ssl http2;
                 ssl_certificate {at}/cert.pem; ssl_certificate_key {at}/key.pem; {lines}
               }}
             }}"
        );
        fs::write(folder.path().join("nginx.conf"), configuration).unwrap();
        let program =
            if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" };
        let mut command = Command::new(program);
        command.arg("-p").arg(folder.path()).args(["-c", "nginx.conf"]);
        Self::start(command, folder, port)
    }

    fn start(mut command: Command, folder: TempDir, port: u16) -> Self {
        command.current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("openssl and nginx are installed (tests/run does it)");
        let mut program = Self { child, port, folder };
        let began = Instant::now();
        while !listens(port) {
            assert_eq!(program.child.try_wait().unwrap(), None, "{command:?} ended at once");
            assert!(began.elapsed() < Duration::from_secs(10), "{command:?} does not listen");
            std::thread::yield_now();
        }
        program
    }
}

/// Whether somebody listens on the port: told from the kernel's table, for a connection would count as one.
fn listens(port: u16) -> bool {
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    table.lines().any(|line| line.contains(&format!("0200007F:{port:04X} 00000000:0000 0A")))
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.2:0").unwrap().local_addr().unwrap().port()
}
