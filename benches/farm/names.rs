//! The farm's name server: one zone with every host in it, served by two servers in two networks, in a thread.

use std::{
    io,
    net::{Ipv4Addr, UdpSocket},
    thread,
};

use hickory_server::proto::{
    op::{Message, OpCode, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, NS, SOA},
    },
};

use super::{address, host};

/// The zone the hosts are in.
pub(super) const ZONE: &str = "zhoukou.gov.cn";
const SERVERS: [(&str, Ipv4Addr); 2] =
    [("ns1", Ipv4Addr::new(127, 20, 0, 53)), ("ns2", Ipv4Addr::new(127, 20, 1, 53))];

/// Starts it at 127.0.0.1, as the resolver, and at both servers' addresses; the port is the same everywhere.
pub(super) fn start(hosts: u32) -> io::Result<u16> {
    let resolver = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = resolver.local_addr()?.port();
    let servers = SERVERS.map(|(_, address)| UdpSocket::bind((address, port)));
    for socket in [Ok(resolver)].into_iter().chain(servers) {
        let socket = socket?;
        // ends with the bench
        thread::spawn(move || serve(&socket, hosts));
    }
    Ok(port)
}

fn serve(socket: &UdpSocket, hosts: u32) {
    let mut buffer = [0; 2048];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer) else { continue };
        let Ok(question) = Message::from_vec(&buffer[..length]) else { continue };
        if let Some(answer) = answer(&question, hosts).and_then(|answer| answer.to_vec().ok()) {
            let _ = socket.send_to(&answer, from);
        }
    }
}

fn answer(question: &Message, hosts: u32) -> Option<Message> {
    let query = question.queries.first()?.clone();
    let zone = Name::from_ascii(format!("{ZONE}.")).ok()?;
    let named = |label: &str| Name::from_ascii(format!("{label}.{ZONE}.")).ok();
    let soa = || {
        let soa = SOA::new(named("ns1")?, named("hostmaster")?, 2026, 7200, 900, 1_209_600, 600);
        Some(Record::from_rdata(zone.clone(), 600, RData::SOA(soa)))
    };
    let mut answer = Message::response(question.metadata.id, OpCode::Query);
    answer.metadata.authoritative = true;
    answer.metadata.recursion_available = true;
    let asked = query.name().to_ascii().to_ascii_lowercase();
    let name = query.name().clone();
    let kind = query.query_type();
    answer.add_query(query);
    let (mut known, mut above) = (true, false);
    let found = match (asked.trim_end_matches('.'), kind) {
        (ZONE, RecordType::SOA) => vec![soa()?],
        (ZONE, RecordType::NS) => {
            let servers = SERVERS.iter().filter_map(|(label, _)| named(label));
            servers
                .map(|server| Record::from_rdata(name.clone(), 600, RData::NS(NS(server))))
                .collect()
        }
        (ZONE, _) => Vec::new(),
        (other, kind) => {
            let at = located(other, hosts);
            above = ZONE.ends_with(other);
            known = at.is_some() || above;
            let at = at.filter(|_| kind == RecordType::A);
            at.map(|at| Record::from_rdata(name, 600, RData::A(A(at)))).into_iter().collect()
        }
    };
    if found.is_empty() {
        // as a resolver that knows nothing of signatures
        if !above {
            answer.add_authority(soa()?);
        }
        answer.metadata.response_code =
            if known { ResponseCode::NoError } else { ResponseCode::NXDomain };
    }
    answer.add_answers(found);
    Some(answer)
}

/// The address of a name of the zone.
fn located(name: &str, hosts: u32) -> Option<Ipv4Addr> {
    let label = name.strip_suffix(ZONE)?.strip_suffix('.')?;
    if let Some((_, address)) = SERVERS.iter().find(|(server, _)| *server == label) {
        return Some(*address);
    }
    let number = label.strip_prefix('s')?.parse().ok().filter(|number| *number < hosts)?;
    (host(number) == name).then(|| address(number))
}
