//! Our own line pulled, for real: network namespaces, a cable between two of them, and a program that must accuse nobody.
//!
//! Needs namespaces (`unshare -rn`, or root); where there are none the tests fail and say so.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use tempfile::tempdir;
use xuncha_model::{
    Finding, Reason,
    facts::LookOutcome,
    finding::State,
    scan::{Report, SiteResult},
};

use crate::{
    program::{command, run, status, stderr, stdout},
    support::keys::Keys,
};

/// Sites in the world.
const HOSTS: usize = 12;
/// The site at whose page the cable is pulled.
const PULLED_AT: usize = 6;
/// The longest that anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a namespace of one's own is had here.
struct Way {
    unshare: &'static [&'static str],
    nsenter: &'static [&'static str],
}

impl Way {
    fn here() -> Self {
        let ways = [
            Self { unshare: &["-rn"], nsenter: &["-U", "-n", "--preserve-credentials"] },
            Self { unshare: &["-n"], nsenter: &["-n"] },
        ];
        let works = |way: &Self| {
            let tried = Command::new("unshare").args(way.unshare).arg("true").output();
            tried.is_ok_and(|tried| tried.status.success())
        };
        ways.into_iter().find(works).expect(
            "network namespaces are needed: neither `unshare -rn true` nor `unshare -n true` (as root) works here; \
             allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, \
             kernel.apparmor_restrict_unprivileged_userns=0) or run the tests as root",
        )
    }
}

/// A program within a time, and within what stands before it.
fn within(before: &[&str], command: &Command) -> Command {
    let mut whole = Command::new("timeout");
    whole.args(["-k", "1", &PATIENCE.as_secs().to_string()]).args(before);
    whole.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => whole.env(name, value),
            None => whole.env_remove(name),
        };
    }
    whole.current_dir(command.get_current_dir().unwrap()).stdin(Stdio::null());
    whole
}

fn report(folder: &Path) -> Report {
    serde_json::from_str(&fs::read_to_string(folder.join("scan.json")).unwrap()).unwrap()
}

/// The findings of the store, closed ones too: number, rule and state.
fn stored(folder: &Path) -> Vec<(i64, String, State)> {
    let list = run(folder, &["findings", "list", "--format", "json", "--closed"]);
    assert_eq!(status(&list), 0, "{}", stderr(&list));
    let list: Vec<Finding> = serde_json::from_str(&stdout(&list)).unwrap();
    list.into_iter().map(|one| (one.id, format!("{} {}", one.site, one.rule), one.state)).collect()
}

fn register() -> String {
    let mut yaml = String::from(
        "city: { name: 周口市, domain: zhoukou.gov.cn, division: '411600' }\n\
         organs: [{ id: office, name: 周口市人民政府, kind: government, region: '411600' }]\nsites:\n",
    );
    for host in 1..=HOSTS {
        yaml += &format!(
            "  - {{ id: s{host}, name: 周口市第{host}局, sponsor: office, kind: department, url: 'http://s{host}.zhoukou.gov.cn/' }}\n"
        );
    }
    yaml
}

fn scan(folder: &Path) -> Command {
    let mut scan = command(folder);
    scan.args(["scan", "--all", "--format", "json", "--output", "scan.json", "--quiet"]);
    scan
}

#[test]
fn without_any_interface_the_round_is_void() {
    let way = Way::here();
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("sites.yaml"), register()).unwrap();
    // with the system's resolver, with one of our own, and with an address in the place of every name
    let cases: [&[&str]; 3] = [
        &[],
        &["--resolver", "192.0.2.53:53"],
        &["--resolver", "192.0.2.53:53", "--reference", "192.0.2.1:443"],
    ];
    for flags in cases {
        let mut scan = scan(folder.path());
        scan.args(flags);
        let before: Vec<&str> =
            std::iter::once("unshare").chain(way.unshare.iter().copied()).collect();
        let output = within(&before, &scan).output().unwrap();
        assert_eq!(status(&output), 3, "{flags:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("nobody is accused"), "{}", stderr(&output));
        assert!(stderr(&output).contains("no default gateway"), "{}", stderr(&output));
        let report = report(folder.path());
        assert!(report.void.is_own_fault(), "{flags:?}: {} {}", report.void, report.void_detail);
        assert_eq!(report.sites.len(), HOSTS);
        for site in &report.sites {
            unseen(site);
            assert!(site.unknown.len() > 50, "{}: every rule is unknown", site.id);
        }
        assert_eq!(stored(folder.path()), [], "and nothing is kept of it");
    }
}

/// Nothing at all is said of a site.
fn unseen(site: &SiteResult) {
    assert!(site.findings.is_empty(), "{}: {:#?}", site.id, site.findings);
    let odd = site.unknown.iter().find(|unknown| !unknown.why.is_own_fault());
    assert!(odd.is_none(), "{}: {odd:?}", site.id);
    unseen_over_the_network(site);
}

/// Nothing is said of a site but what its register says.
fn unseen_over_the_network(site: &SiteResult) {
    assert_eq!(site.outcome, LookOutcome::Skipped, "{}: {}", site.id, site.reason);
    assert!(site.reason.is_own_fault() && !site.veto, "{}: {}", site.id, site.reason);
    let written = |rule: &str| rule.starts_with("filing.") || rule.starts_with("domain.");
    let accused = site.findings.iter().find(|finding| !written(&finding.rule));
    assert!(accused.is_none(), "{}: {accused:#?}", site.id);
    let mut unknown = site.unknown.iter().filter(|unknown| !written(&unknown.rule));
    assert!(unknown.clone().count() > 30, "{}: {:#?}", site.id, site.unknown);
    let odd = unknown.find(|unknown| !unknown.why.is_own_fault());
    assert!(odd.is_none(), "{}: {odd:?}", site.id);
}

/// Two namespaces with a cable between them: a world, and the place of the monitor. Dropping it ends both.
struct World {
    child: Child,
    says: Receiver<String>,
    hand: Option<ChildStdin>,
    /// A process in the monitor's namespace.
    place: String,
    way: Way,
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.hand.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Run in the world's namespace. What it starts beside itself dies with it (`--pdeathsig`).
const BUILD: &str = r#"
set -e
PATH=$PATH:/usr/sbin:/sbin
ip link set lo up
ip link add world type veth peer name line
setpriv --pdeathsig KILL unshare -n sleep 600 &
place=$!
tries=0
while [ "$(readlink /proc/$place/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do
  tries=$((tries + 1)); [ $tries -lt 500 ]; sleep 0.01
done
ip link set line netns $place
ip addr add 10.77.0.1/24 dev world
ip link set world up
ip route add local 10.77.1.0/24 dev lo
nsenter -t $place -n ip link set lo up
nsenter -t $place -n ip addr add 10.77.0.2/24 dev line
nsenter -t $place -n ip link set line up
nsenter -t $place -n ip route add default via 10.77.0.1
setpriv --pdeathsig KILL nsenter -t $place -n "$WORLD" "$HOSTS" 10.77.1 names &
setpriv --pdeathsig KILL nginx -p . -c nginx.conf &
tries=0
while ! grep -q ':01BB .* 0A ' /proc/net/tcp; do
  tries=$((tries + 1)); [ $tries -lt 500 ]; sleep 0.01
done
echo $place
exec "$WORLD" "$HOSTS" 10.77.1
"#;

impl World {
    fn start(folder: &Path) -> Self {
        let way = Way::here();
        Keys::for_address("*.zhoukou.gov.cn").write(folder);
        let at = folder.display();
        let nginx = format!(
            "daemon off; master_process off; user root; pid {at}/nginx.pid; error_log {at}/error.log;
             events {{ worker_connections 256; }}
             http {{
               access_log off; root {at}/www; default_type text/html;
               client_body_temp_path {at}/t1; proxy_temp_path {at}/t2; fastcgi_temp_path {at}/t3;
               uwsgi_temp_path {at}/t4; scgi_temp_path {at}/t5;
               server {{ listen 443 ssl; ssl_certificate {at}/cert.pem; ssl_certificate_key {at}/key.pem; }}
             }}"
        );
        fs::create_dir_all(folder.join("www")).unwrap();
        fs::write(folder.join("www/index.html"), "<title>over TLS</title>page").unwrap();
        fs::write(folder.join("nginx.conf"), nginx).unwrap();
        let mut command = Command::new("unshare");
        command.args(way.unshare).args(["sh", "-c", BUILD]).current_dir(folder);
        command.env("WORLD", env!("CARGO_BIN_EXE_xuncha-world")).env("HOSTS", HOSTS.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (told, says) = channel();
        std::thread::spawn(move || {
            out.lines().map_while(Result::ok).all(|line| told.send(line).is_ok())
        });
        let hand = child.stdin.take();
        let mut world = Self { child, says, hand, place: String::new(), way };
        world.place = world.hear();
        assert_eq!(world.hear(), "ready");
        world
    }

    /// The next thing it says.
    fn hear(&mut self) -> String {
        self.says.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            let _ = self.child.kill();
            let mut why = String::new();
            if let Some(mut errors) = self.child.stderr.take() {
                let _ = std::io::Read::read_to_string(&mut errors, &mut why);
            }
            panic!("the world came to nothing: {why}")
        })
    }

    fn order(&mut self, what: &str, done: &str) {
        writeln!(self.hand.as_mut().unwrap(), "{what}").unwrap();
        assert_eq!(self.hear(), done);
    }

    /// A round of the monitor at its end of the cable.
    fn round(&self, folder: &Path) -> (Output, Report) {
        let mut before = vec!["nsenter", "-t", &self.place];
        before.extend(self.way.nsenter);
        let output = within(&before, &scan(folder)).output().unwrap();
        (output, report(folder))
    }
}

/// The rules that found something on each site.
fn found(report: &Report) -> BTreeMap<&str, Vec<&str>> {
    let sites = report.sites.iter().map(|site| {
        let mut rules: Vec<_> = site.findings.iter().map(|one| one.rule.as_str()).collect();
        rules.sort_unstable();
        (site.id.as_str(), rules)
    });
    sites.collect()
}

fn configure(folder: &Path, resolver: &str) {
    let config = format!(
        "network:\n  resolver: {resolver}\n  allow_net: [10.77.0.0/16]\n  ca_files: [root.pem]\n  \
         references: [r1.test:80, r2.test:80, r3.test:80]\n  interval: 60ms\n  dns_timeout: 1s\n  \
         connect_timeout: 1s\n  tls_timeout: 1s\n  header_timeout: 2s\n  body_timeout: 2s\n  timeout: 5s\n\
         scan:\n  concurrency: 3\n  second_look: 200ms\n"
    );
    fs::write(folder.join("xuncha.yaml"), config).unwrap();
}

#[test]
fn a_cable_pulled_in_mid_round_accuses_nobody() {
    let folder = tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("sites.yaml"), register()).unwrap();
    let mut world = World::start(folder);
    configure(folder, "10.77.0.1:53");
    let (output, before) = world.round(folder);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(
        before.sites.iter().all(|site| site.outcome == LookOutcome::Ok),
        "{:#?}",
        found(&before)
    );
    let usual = found(&before);
    let kept = stored(folder);

    // in the middle, with a name server at the far end; at the last site, with one at ours: then nobody is left to fail
    // beside it, and its name is still known
    for (host, resolver) in [(PULLED_AT, "10.77.0.1:53"), (HOSTS, "127.0.0.1:53")] {
        configure(folder, resolver);
        world.order(&format!("pull {host}"), "waiting");
        let (output, cut) = world.round(folder);
        assert_eq!(world.hear(), "pulled");
        assert_eq!(status(&output), 3, "{}", stderr(&output));
        cut_short(&cut, &usual);
        assert_eq!(stored(folder), kept, "nothing is opened, nothing is closed");
        if host != HOSTS {
            world.order("plug", "plugged");
        }
    }

    // with the cable still out
    let (output, void) = world.round(folder);
    assert_eq!(status(&output), 3, "{}", stderr(&output));
    assert!(matches!(void.void, Reason::SelfNetwork | Reason::SelfResolver), "{}", void.void);
    void.sites.iter().for_each(unseen);
    assert_eq!(stored(folder), kept);

    configure(folder, "10.77.0.1:53");
    world.order("plug", "plugged");
    let (output, after) = world.round(folder);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(after.void.is_ok() && after.void_detail.is_empty(), "{}", after.void_detail);
    assert_eq!(found(&after), usual, "as if nothing had been");
}

/// A round that lost its line on the way: what was seen stands, the rest is unknown.
fn cut_short(round: &Report, usual: &BTreeMap<&str, Vec<&str>>) {
    assert!(round.void.is_ok(), "what was seen before stands: {}", round.void_detail);
    assert!(round.void_detail.contains("self."), "{}", round.void_detail);
    let seen = round.sites.iter().filter(|site| site.outcome == LookOutcome::Ok).count();
    assert!((1..HOSTS).contains(&seen), "{seen} were seen");
    let found = found(round);
    for site in &round.sites {
        if site.outcome == LookOutcome::Ok {
            let id = site.id.as_str();
            let new: Vec<_> = found[id].iter().filter(|rule| !usual[id].contains(rule)).collect();
            assert!(new.is_empty(), "{id} is accused of our own cable: {new:?}");
        } else {
            unseen_over_the_network(site);
        }
    }
}
