//! A name server on loopback whose answers are a function of name, kind and how often it was asked.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use hickory_server::proto::{
    op::{Message, OpCode, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, AAAA, CNAME},
    },
};
use tokio::{net::UdpSocket, task::JoinHandle};

/// One answer.
pub(crate) enum Say {
    Address(&'static str),
    At(Ipv4Addr),
    Addresses(&'static [&'static str]),
    Alias(&'static str),
    Code(ResponseCode),
    Nothing,
    Silence,
}

/// A running name server; dropping it stops it.
pub(crate) struct Names {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<HashMap<String, usize>>>,
    task: JoinHandle<()>,
}

impl Drop for Names {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Names {
    /// How often a name's IPv4 address was asked for.
    pub(crate) fn asked(&self, name: &str) -> usize {
        self.asked.lock().unwrap().get(name).copied().unwrap_or_default()
    }

    /// Starts one. The script gets the name (lower case, no trailing dot), the kind, and how often this name's IPv4
    /// address was asked for before.
    pub(crate) async fn start(
        script: impl Fn(&str, RecordType, usize) -> Say + Send + 'static,
    ) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let asked: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
        let counts = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            let mut buffer = [0; 2048];
            loop {
                let Ok((length, from)) = socket.recv_from(&mut buffer).await else { continue };
                let Ok(question) = Message::from_vec(&buffer[..length]) else { continue };
                let query = question.queries[0].clone();
                let name = query.name().to_ascii().to_ascii_lowercase();
                let name = name.trim_end_matches('.');
                let before = {
                    let mut counts = counts.lock().unwrap();
                    let count = counts.entry(name.to_owned()).or_default();
                    let before = *count;
                    *count += usize::from(query.query_type() == RecordType::A);
                    before
                };
                let say = script(name, query.query_type(), before);
                if let Some(answer) = answer(&question, &say) {
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        Self { address, asked, task }
    }

    /// Every name has this one address.
    pub(crate) async fn all_at(address: &'static str) -> Self {
        Self::start(move |_, _, _| Say::Address(address)).await
    }
}

fn answer(question: &Message, say: &Say) -> Option<Vec<u8>> {
    let query = question.queries[0].clone();
    let name = |text: &str| Name::from_ascii(format!("{text}.")).unwrap();
    let mut answer = Message::response(question.metadata.id, OpCode::Query);
    answer.add_query(query.clone());
    let mut put = |data: RData| {
        answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
    };
    match say {
        Say::Silence => return None,
        Say::Nothing => {}
        Say::Code(code) => answer.metadata.response_code = *code,
        Say::Alias(target) => put(RData::CNAME(CNAME(name(target)))),
        Say::Address(address) => put_address(address, query.query_type(), &mut put),
        Say::At(address) => put_address(&address.to_string(), query.query_type(), &mut put),
        Say::Addresses(addresses) => {
            addresses.iter().for_each(|one| put_address(one, query.query_type(), &mut put));
        }
    }
    Some(answer.to_vec().unwrap())
}

fn put_address(address: &str, kind: RecordType, put: &mut impl FnMut(RData)) {
    match (address.parse().unwrap(), kind) {
        (IpAddr::V4(address), RecordType::A) => put(RData::A(A(address))),
        (IpAddr::V6(address), RecordType::AAAA) => put(RData::AAAA(AAAA(address))),
        _ => {}
    }
}
