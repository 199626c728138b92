//! BIND as authoritative server for a little world: `test`, signed, and zones below it in every state; and the
//! recursive resolver in front of it.

use std::{
    fmt::Write as _,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use hickory_server::proto::{
    op::{Message, MessageType, OpCode, Query},
    rr::{Name, RecordType},
};
use tempfile::TempDir;
use tokio::time::timeout;

use super::resolvers::{Relay, relay};

/// BIND listens at addresses of interfaces only: here, for the relays that stand for its two addresses.
const HOME: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// The two addresses of the authoritative server, in two networks; a view of its own behind each.
const FIRST: Ipv4Addr = Ipv4Addr::new(127, 0, 53, 1);
const SECOND: Ipv4Addr = Ipv4Addr::new(127, 0, 54, 1);
const RECURSIVE: Ipv4Addr = Ipv4Addr::new(127, 0, 53, 9);

/// Who vouches for a zone below `test`, and what is wrong with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signed {
    No,
    Well,
    /// An address was changed after signing.
    Tampered,
    /// The signatures ran out years ago.
    Expired,
}

struct Zone {
    name: &'static str,
    signed: Signed,
    /// Records below NS and SOA; `@` is the zone.
    records: &'static str,
    /// What the second view has in the place of `records`; `-` has no such zone there.
    second: &'static str,
}

const ZONES: &[Zone] = &[
    Zone {
        name: "signed.test",
        signed: Signed::Well,
        records: "www A 127.0.0.2\nwww AAAA ::1\nshop CNAME www.plain.test.\ngone CNAME nothing.plain.test.\n\
                  *.wild A 127.0.0.2\n@ CAA 0 issue \"ca.test\"\ndeep.er CAA 128 issuewild \";\"\nhost.deep.er A 127.0.0.2\n",
        second: "",
    },
    Zone { name: "plain.test", signed: Signed::No, records: "www A 127.0.0.2\n", second: "" },
    Zone {
        name: "tampered.test",
        signed: Signed::Tampered,
        records: "www A 127.0.0.2\n",
        second: "",
    },
    Zone {
        name: "expired.test",
        signed: Signed::Expired,
        records: "www A 127.0.0.2\n",
        second: "",
    },
    Zone { name: "lame.test", signed: Signed::No, records: "www A 127.0.0.2\n", second: "-" },
    Zone {
        name: "differ.test",
        signed: Signed::No,
        records: "www A 127.0.0.2\n",
        second: "www A 127.0.0.3\n",
    },
];

/// NSEC3 that passes over unsigned delegations, as the zones of countries have it (RFC 5155, 6).
const OPT_OUT: &[&str] = &["-3", "-", "-A", "-H", "0"];

/// A running server; killed when dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The authoritative server.
pub(super) struct World {
    /// Its port, at both addresses.
    pub(super) port: u16,
    folder: TempDir,
    _relays: [Relay; 2],
    _server: Server,
}

impl World {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port(&[HOME, FIRST, SECOND]);
        let delegations = sign_all(folder.path());
        let mut test = head(1);
        test.push_str(&delegations);
        fs::write(folder.path().join("test"), &test).unwrap();
        let anchor = sign(folder.path(), "test", "test", OPT_OUT);
        fs::write(folder.path().join("test.signed"), anchor).unwrap();
        let keys = fs::read_to_string(folder.path().join("test.key")).unwrap();
        fs::write(folder.path().join("anchor"), keys).unwrap();
        fs::write(folder.path().join("named.conf"), named_conf(folder.path(), port)).unwrap();
        let mut named = command("named", folder.path());
        named.args(["-g", "-n", "1", "-c", "named.conf"]);
        let server = Server(named.spawn().expect("bind9 is installed (tests/run does it)"));
        let at = |address: Ipv4Addr| SocketAddr::from((address, port));
        let relays =
            [relay(at(FIRST), at(HOME), false).await, relay(at(SECOND), at(HOME), false).await];
        for address in [FIRST, SECOND] {
            wait_for(at(address), folder.path()).await;
        }
        Self { port, folder, _relays: relays, _server: server }
    }

    /// The file of the trust anchor.
    pub(super) fn anchor(&self) -> std::path::PathBuf {
        self.folder.path().join("anchor")
    }

    /// Where BIND itself listens.
    pub(super) fn home(&self) -> SocketAddr {
        SocketAddr::from((HOME, self.port))
    }

    /// The authoritative server, for those who ask it without a resolver between.
    pub(super) fn first(&self) -> SocketAddr {
        SocketAddr::from((FIRST, self.port))
    }
}

/// A recursive resolver.
pub(super) struct Recursive {
    pub(super) address: SocketAddr,
    _folder: TempDir,
    _server: Server,
}

impl Recursive {
    /// Starts unbound before the world; `validating` makes it refuse what is bogus.
    pub(super) async fn start(world: &World, validating: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port(&[RECURSIVE]);
        let modules = if validating { "validator iterator" } else { "iterator" };
        let mut conf = format!(
            "server:\n interface: {RECURSIVE}@{port}\n do-not-query-localhost: no\n do-ip6: no\n username: \"\"\n \
             chroot: \"\"\n directory: \"{folder}\"\n pidfile: \"\"\n use-syslog: no\n num-threads: 1\n \
             module-config: \"{modules}\"\n local-zone: \"test.\" nodefault\n access-control: 127.0.0.0/8 allow\n \
             trust-anchor-file: \"{anchor}\"\nremote-control:\n control-enable: no\n",
            folder = folder.path().display(),
            anchor = world.anchor().display(),
        );
        for zone in ZONES.iter().map(|zone| zone.name).chain(["test"]) {
            writeln!(conf, "stub-zone:\n name: \"{zone}\"\n stub-addr: {FIRST}@{}", world.port)
                .unwrap();
        }
        fs::write(folder.path().join("unbound.conf"), conf).unwrap();
        let mut unbound = command("unbound", folder.path());
        unbound.args(["-d", "-c", "unbound.conf"]);
        let server = Server(unbound.spawn().expect("unbound is installed (tests/run does it)"));
        let address = SocketAddr::from((RECURSIVE, port));
        wait_for(address, folder.path()).await;
        Self { address, _folder: folder, _server: server }
    }
}

/// Debian keeps servers where only root looks.
fn command(program: &str, folder: &Path) -> Command {
    let path = Path::new("/usr/sbin").join(program);
    let mut command = if path.exists() { Command::new(path) } else { Command::new(program) };
    let log = fs::File::create(folder.join("log")).unwrap();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).current_dir(folder);
    command
}

/// A port that is free for UDP and TCP at every address.
fn free_port(addresses: &[Ipv4Addr]) -> u16 {
    loop {
        let udp = UdpSocket::bind((addresses[0], 0)).unwrap();
        let port = udp.local_addr().unwrap().port();
        let free = |address: &Ipv4Addr| {
            TcpListener::bind((*address, port)).is_ok()
                && (*address == addresses[0] || UdpSocket::bind((*address, port)).is_ok())
        };
        if addresses.iter().all(free) {
            return port;
        }
    }
}

/// Writes and signs every zone; gives what `test` says of them.
fn sign_all(folder: &Path) -> String {
    let mut delegations = String::new();
    for zone in ZONES {
        let name = zone.name;
        let label = name.split('.').next().unwrap();
        write!(delegations, "{label} NS ns1.test.\n{label} NS ns2.test.\n").unwrap();
        fs::write(folder.join(name), head(7) + zone.records).unwrap();
        fs::write(folder.join(format!("{name}.second")), head(8) + zone.second).unwrap();
        if zone.signed == Signed::No {
            continue;
        }
        let times: &[&str] = match zone.signed {
            Signed::Expired => &["-s", "20200101000000", "-e", "20200201000000"],
            _ => &[],
        };
        let mut text = sign(folder, name, name, times);
        if zone.signed == Signed::Tampered {
            text = text.replace("127.0.0.2", "127.0.0.66");
        }
        fs::write(folder.join(name), text).unwrap();
        delegations += &fs::read_to_string(folder.join(format!("dsset-{name}."))).unwrap();
    }
    delegations
}

fn head(serial: u32) -> String {
    let more = if serial == 1 { format!("ns1 A {FIRST}\nns2 A {SECOND}\n") } else { String::new() };
    format!(
        "$TTL 60\n@ SOA ns1.test. hostmaster.test. {serial} 3600 600 86400 60\n@ NS ns1.test.\n@ NS ns2.test.\n{more}"
    )
}

/// Signs a zone with a key of its own; gives the signed zone and leaves `NAME.key` and `dsset-NAME.` behind.
fn sign(folder: &Path, name: &str, file: &str, times: &[&str]) -> String {
    let keygen = Command::new("dnssec-keygen")
        .args(["-q", "-a", "ECDSAP256SHA256", "-f", "KSK", name])
        .current_dir(folder)
        .output()
        .expect("bind9-utils is installed (tests/run does it)");
    let key = String::from_utf8(keygen.stdout).unwrap().trim().to_owned();
    fs::copy(folder.join(format!("{key}.key")), folder.join(format!("{name}.key"))).unwrap();
    let signed = Command::new("dnssec-signzone")
        .args(["-q", "-P", "-z", "-S", "-N", "keep", "-o", name, "-f", "out"])
        .args(times)
        .arg(file)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    fs::read_to_string(folder.join("out")).unwrap()
}

fn named_conf(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    let mut conf = format!(
        "options {{ directory \"{folder}\"; listen-on port {port} {{ {HOME}; }}; listen-on-v6 {{ none; }};\n\
         pid-file none; session-keyfile none; recursion no; notify no; dnssec-validation no; minimal-responses yes; }};\n\
         controls {{ }};\n"
    );
    for (view, clients) in [("second", "127.0.54.1"), ("first", "any")] {
        writeln!(conf, "view {view} {{ match-clients {{ {clients}; }};").unwrap();
        writeln!(conf, "zone \"test\" {{ type primary; file \"test.signed\"; }};").unwrap();
        for zone in ZONES.iter().filter(|zone| view == "first" || zone.second != "-") {
            let other = view == "second" && !zone.second.is_empty();
            let file = format!("{}{}", zone.name, if other { ".second" } else { "" });
            writeln!(conf, "zone \"{}\" {{ type primary; file \"{file}\"; }};", zone.name).unwrap();
        }
        writeln!(conf, "}};").unwrap();
    }
    conf
}

/// Asks until somebody answers; else shows what the server wrote.
async fn wait_for(server: SocketAddr, folder: &Path) {
    let mut question = Message::new(7, MessageType::Query, OpCode::Query);
    question.metadata.recursion_desired = true;
    question.add_query(Query::query(Name::from_ascii("signed.test.").unwrap(), RecordType::SOA));
    let question = question.to_vec().unwrap();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        let socket = tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        socket.send_to(&question, server).await.unwrap();
        let mut buffer = [0; 2048];
        let heard = timeout(Duration::from_millis(100), socket.recv_from(&mut buffer)).await;
        if let Ok(Ok((length, _))) = heard
            && Message::from_vec(&buffer[..length]).is_ok_and(|answer| !answer.answers.is_empty())
        {
            return;
        }
    }
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    panic!("{server} does not answer: {log}");
}
