//! A relay before a real server: at another address, or without what some boxes take out of answers.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hickory_server::proto::{
    op::Message,
    rr::{Record, RecordType},
};
use tokio::{net::UdpSocket, task::JoinHandle, time::timeout};

/// A running relay; dropping it stops it.
pub(super) struct Relay {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Passes questions on to `upstream`, from the address it listens at; `hiding` takes every record of DNSSEC away.
pub(super) async fn relay(at: SocketAddr, upstream: SocketAddr, hiding: bool) -> Relay {
    let socket = Arc::new(UdpSocket::bind(at).await.unwrap());
    let address = socket.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let (socket, question) = (Arc::clone(&socket), buffer[..length].to_vec());
            tokio::spawn(async move {
                if let Some(answer) = ask(at.ip(), upstream, &question).await {
                    let answer = if hiding { without_signatures(&answer) } else { answer };
                    let _ = socket.send_to(&answer, from).await;
                }
            });
        }
    });
    Relay { address, task }
}

async fn ask(from: IpAddr, upstream: SocketAddr, question: &[u8]) -> Option<Vec<u8>> {
    let socket = UdpSocket::bind((from, 0)).await.ok()?;
    socket.send_to(question, upstream).await.ok()?;
    let mut buffer = [0; 4096];
    let heard = timeout(Duration::from_secs(5), socket.recv_from(&mut buffer)).await;
    let (length, _) = heard.ok()?.ok()?;
    Some(buffer[..length].to_vec())
}

fn without_signatures(answer: &[u8]) -> Vec<u8> {
    let mut answer = Message::from_vec(answer).unwrap();
    for section in [&mut answer.answers, &mut answer.authorities, &mut answer.additionals] {
        section.retain(plain);
    }
    answer.to_vec().unwrap()
}

fn plain(record: &Record) -> bool {
    use RecordType as Type;
    let hidden = [Type::RRSIG, Type::NSEC, Type::NSEC3, Type::DNSKEY, Type::DS];
    !hidden.contains(&record.record_type())
}
