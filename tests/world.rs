//! A world at the far end of a cable, for tests in network namespaces: a name server, plain web servers, and a hand on the plug.
//!
//! `xuncha-world HOSTS ADDRESS-PREFIX [names]`: answers on port 53 for `sN.zhoukou.gov.cn` with PREFIX.N, N from 1 to HOSTS, and for
//! `r1.test` to `r3.test` with PREFIX.251 to .253; on port 80 every host shows a page. A line on standard input is a command:
//! `pull N` pulls the cable (`ip link set world down`) once host N has shown its page, `plug` puts it back. What was done is
//! told on standard output, a line each. It ends with its input. With `names` it is the name server alone, for ever.

use std::{
    env,
    io::{self, BufRead as _, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket},
    process::{Command, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

const PAGE: &str = "<!DOCTYPE html><html lang=zh><head><meta charset=utf-8><title>周口市</title></head><body>正文</body></html>";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "xuncha-world: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let mut args = env::args().skip(1);
    let hosts: u8 = args.next().and_then(|count| count.parse().ok()).unwrap_or(9);
    let prefix = args.next().unwrap_or_else(|| "10.77.1".to_owned());
    let first: Ipv4Addr = format!("{prefix}.0").parse().map_err(io::Error::other)?;
    // the host at whose page the cable is pulled; 0 for none
    let pull = Arc::new(AtomicUsize::new(0));
    let names = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 53))?;
    if args.next().is_some() {
        answer_names(&names, hosts, first);
        return Ok(());
    }
    let pages = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 80))?;
    thread::spawn(move || answer_names(&names, hosts, first));
    let seen = Arc::clone(&pull);
    thread::spawn(move || {
        for stream in pages.incoming().flatten() {
            let seen = Arc::clone(&seen);
            thread::spawn(move || show(stream, &seen));
        }
    });
    tell("ready")?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ') {
            Some(("pull", host)) => {
                pull.store(host.parse().map_err(io::Error::other)?, Ordering::SeqCst);
                tell("waiting")?;
            }
            _ => {
                cable("up")?;
                tell("plugged")?;
            }
        }
    }
    Ok(())
}

fn tell(what: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{what}")?;
    out.flush()
}

fn cable(way: &str) -> io::Result<()> {
    let done = Command::new("ip").args(["link", "set", "world", way]).status()?;
    if done.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("ip link set {way}: {done}")))
    }
}

/// Shows the page; once that of the chosen host has arrived, pulls the cable.
fn show(mut stream: TcpStream, pull: &AtomicUsize) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let host = usize::from(
        stream
            .local_addr()?
            .ip()
            .to_string()
            .rsplit('.')
            .next()
            .map_or(0, |last| last.parse::<u8>().unwrap_or(0)),
    );
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && head.len() < 8192 {
        if stream.read(&mut byte)? == 0 {
            return Ok(());
        }
        head.push(byte[0]);
    }
    let found = head.starts_with(b"GET / ");
    let status = if found { "200 OK" } else { "404 Not Found" };
    let body = if head.starts_with(b"HEAD") { "" } else { PAGE };
    let length = PAGE.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    stream.shutdown(std::net::Shutdown::Write)?;
    // the end of the other side: it has everything
    let _ = stream.read_to_end(&mut Vec::new());
    if host != 0 && pull.compare_exchange(host, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
        cable("down")?;
        tell("pulled")?;
    }
    Ok(())
}

/// A name server for the hosts (RFC 1035, 4.1), which knows nothing else.
fn answer_names(socket: &UdpSocket, hosts: u8, first: Ipv4Addr) {
    let mut buffer = [0; 1500];
    while let Ok((length, from)) = socket.recv_from(&mut buffer) {
        if let Some(answer) = answer(&buffer[..length], hosts, first) {
            let _ = socket.send_to(&answer, from);
        }
    }
}

fn answer(asked: &[u8], hosts: u8, first: Ipv4Addr) -> Option<Vec<u8>> {
    let mut labels = Vec::new();
    let mut at = 12;
    loop {
        let length = usize::from(*asked.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        labels.push(String::from_utf8_lossy(asked.get(at..at + length)?).to_ascii_lowercase());
        at += length;
    }
    let question = asked.get(12..at + 4)?;
    let kind = u16::from_be_bytes([question[question.len() - 4], question[question.len() - 3]]);
    let name = labels.join(".");
    let number = |start: &str, end: &str| -> Option<u8> {
        name.strip_suffix(end)?.strip_prefix(start)?.parse().ok()
    };
    let host =
        number("s", ".zhoukou.gov.cn").filter(|host| (1..=hosts).contains(host)).or_else(|| {
            number("r", ".test").filter(|host| (1..=3).contains(host)).map(|host| 250 + host)
        });
    let known =
        host.is_some() || ["", "cn", "gov.cn", "zhoukou.gov.cn", "test"].contains(&name.as_str());
    let address = host.filter(|_| kind == 1);
    let code = if known { 0 } else { 3 };
    let mut answer = asked.get(..2)?.to_vec();
    // an answer, recursion asked for and available
    answer.extend([0x81, 0x80 | code, 0, 1, 0, u8::from(address.is_some()), 0, 0, 0, 0]);
    answer.extend_from_slice(question);
    if let Some(host) = address {
        // a pointer to the question's name, A, IN, a minute, four bytes
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        let [a, b, c, _] = first.octets();
        answer.extend([a, b, c, host]);
    }
    Some(answer)
}
