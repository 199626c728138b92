//! The farm's web server: one nginx process with a server for each host, and one home page of a usual size.

use std::{
    fmt::Write as _,
    fs, io,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{Outcome, Place, host};

/// Columns and articles of the home page: as many links as a department's has, and 45 KB.
const LINKS: usize = 190;

/// What files are; pages are the rest.
const KINDS: &str = "types { text/html html; text/css css; application/javascript js; image/png png; application/pdf pdf; \
    application/msword doc; application/vnd.ms-excel xls; }";

/// A running nginx; it ends when dropped.
pub(super) struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Nginx {
    /// `whole`: each address has a folder of its own, and what is asked is logged.
    pub(super) fn start(folder: &Path, place: &Place, lines: &str, whole: bool) -> Outcome<Self> {
        fs::write(folder.join("nginx.conf"), configuration(folder, place, lines, whole)?)?;
        let usual = "/usr/sbin/nginx";
        let program = if Path::new(usual).exists() { usual } else { "nginx" };
        let mut command = Command::new(program);
        command.arg("-p").arg(folder).args(["-c", "nginx.conf"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().map_err(|error| format!("nginx must be installed: {error}"))?;
        let mut nginx = Self(child);
        let began = Instant::now();
        while !(listens(place.plain)? && listens(place.tls)?) {
            if let Some(status) = nginx.0.try_wait()? {
                let log = fs::read_to_string(folder.join("error.log")).unwrap_or_default();
                return Err(format!("nginx ended with {status}: {log}").into());
            }
            if began.elapsed() > Duration::from_secs(60) {
                return Err("nginx does not listen".into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(nginx)
    }
}

fn configuration(
    folder: &Path,
    place: &Place,
    lines: &str,
    whole: bool,
) -> Result<String, std::fmt::Error> {
    let at = folder.display();
    let (log, root, kinds) = if whole {
        (format!("{at}/access.log asked"), format!("{at}/www/$server_addr"), KINDS)
    } else {
        ("off".to_owned(), format!("{at}/www"), "")
    };
    let mut text = format!(
        "daemon off; master_process off; pid {at}/nginx.pid; error_log {at}/error.log;
         worker_rlimit_nofile 8192;
         events {{ worker_connections 4096; }}
         http {{
           log_format asked '$server_addr $request_method $uri $status $body_bytes_sent';
           access_log {log}; root {root}; {kinds} default_type text/html;
           keepalive_timeout 30; server_names_hash_max_size 8192; server_names_hash_bucket_size 128;
           client_body_temp_path {at}/t1; proxy_temp_path {at}/t2; fastcgi_temp_path {at}/t3;
           uwsgi_temp_path {at}/t4; scgi_temp_path {at}/t5;
           server {{ listen {plain} backlog=4096; server_name status.test;
             location = /status {{ stub_status; }} }}\n",
        plain = place.plain,
    );
    for number in 0..place.hosts {
        let backlog = if number == 0 { " backlog=4096" } else { "" };
        writeln!(
            text,
            "server {{ listen {plain}; listen {tls} ssl{backlog}; server_name {name};
               ssl_certificate {number}.crt; ssl_certificate_key {number}.key; {lines} }}",
            plain = place.plain,
            tls = place.tls,
            name = host(number),
        )?;
    }
    text.push('}');
    Ok(text)
}

/// A home page of a department, by its size and its links.
pub(super) fn page() -> String {
    let mut page = String::from(
        "<!DOCTYPE html><html lang=zh-CN><head><meta charset=utf-8><title>周口市某某局</title>
         <link rel=stylesheet href=/css/site.css><script src=/js/site.js></script></head><body>",
    );
    for number in 0..LINKS {
        page.push_str(&format!(
            "<li class=\"news-item clearfix\"><a href=\"/zwgk/fdzdgknr/2026{month:02}/t2026{month:02}{day:02}_{number}.html\" \
             target=\"_blank\" title=\"关于做好二〇二六年度第{number}项政务公开重点工作的通知\">关于做好二〇二六年度第{number}项政务公开重点\
             工作的通知</a><span class=\"news-date\">2026-{month:02}-{day:02}</span></li>\n",
            month = number % 12 + 1,
            day = number % 28 + 1,
        ));
    }
    page.push_str("<footer>主办：周口市某某局 豫ICP备00000000号</footer></body></html>");
    page
}

/// A port that was free a moment ago.
pub(super) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Whether somebody listens on the port of every address: told from the kernel's table, for a connection would count.
fn listens(port: u16) -> io::Result<bool> {
    let table = fs::read_to_string("/proc/net/tcp")?;
    Ok(table.contains(&format!("00000000:{port:04X} 00000000:0000 0A")))
}
