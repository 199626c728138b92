//! One question to one server or to several: UDP, then TCP when the answer was cut, and only what answers the question.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use hickory_net::proto::{
    op::{Edns, Message, MessageType, Query, ResponseCode},
    rr::{Name, RecordType},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
    time::{Instant, timeout_at},
};

/// Bytes of a UDP answer that we ask for; what is larger comes in fragments, which get lost (RFC 9715).
const PAYLOAD: u16 = 1232;
/// Bytes of a UDP answer that we read, whatever was asked for.
const BUFFER: usize = 4096;
/// A UDP question is repeated that often within its time: packets get lost.
const REPEATS: u32 = 2;

/// How a question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// To a recursive resolver.
    Plain,
    /// To a recursive resolver that is not to validate the answer (CD).
    Unchecked,
    /// To an authoritative server.
    Authority,
}

/// Why there is no answer at all.
#[derive(Debug)]
pub(super) enum Miss {
    /// Nothing that answers the question came in time.
    Late,
    /// The question could not be sent, or the server's machine refused it.
    Io(io::Error),
    /// What came is no message.
    Garbled,
}

impl std::fmt::Display for Miss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Late => f.write_str("no answer in time"),
            Self::Io(error) => error.fmt(f),
            Self::Garbled => f.write_str("the answer cannot be read"),
        }
    }
}

impl From<io::Error> for Miss {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A question with a number of its own.
pub(super) fn question(name: Name, kind: RecordType, manner: Manner) -> Message {
    let mut message = Message::query();
    message.metadata.recursion_desired = manner != Manner::Authority;
    message.metadata.checking_disabled = manner == Manner::Unchecked;
    message.add_query(Query::query(name, kind));
    with_edns(&mut message, false);
    message
}

/// Says how large an answer may be, and whether signatures are wanted (RFC 6891, RFC 3225).
pub(super) fn with_edns(message: &mut Message, signatures: bool) {
    let edns = message.edns.get_or_insert_with(Edns::new);
    edns.set_max_payload(PAYLOAD).set_dnssec_ok(signatures);
}

/// Asks several resolvers for the same: the next one as soon as one failed, or after its share of the time; all of them
/// within `limit`. The first usable answer counts; without one, the failure that says most.
pub(super) async fn ask_any(
    servers: &[SocketAddr],
    question: &Message,
    limit: Duration,
) -> Result<Message, Miss> {
    let deadline = Instant::now() + limit;
    let share = limit / u32::try_from(servers.len()).unwrap_or(1).max(1);
    let mut waiting = servers.iter();
    let mut running = FuturesUnordered::new();
    let mut failure = Err(Miss::Late);
    let mut failed = false;
    loop {
        if let Some(server) = waiting.next() {
            running.push(ask(*server, question, deadline));
        } else if running.is_empty() {
            return failure;
        }
        let patience = match waiting.len() {
            0 => deadline + share,
            _ => Instant::now() + share,
        };
        match timeout_at(patience, running.next()).await {
            Ok(Some(Ok(answer))) if settles(&answer) => return Ok(answer),
            Ok(Some(other)) if !failed || weight(&other) > weight(&failure) => {
                failure = other;
                failed = true;
            }
            Ok(_) | Err(_) => {}
        }
    }
}

/// The server knows: the name has this, has nothing, or is not there.
fn settles(answer: &Message) -> bool {
    matches!(answer.response_code, ResponseCode::NoError | ResponseCode::NXDomain)
}

/// What failed says more of the name the further it came.
fn weight(failure: &Result<Message, Miss>) -> u8 {
    match failure {
        Ok(answer) if answer.response_code == ResponseCode::Refused => 2,
        Ok(_) => 4,
        Err(Miss::Late) => 3,
        Err(Miss::Garbled) => 1,
        Err(Miss::Io(_)) => 0,
    }
}

/// Asks one server before the deadline.
pub(super) async fn ask(
    server: SocketAddr,
    question: &Message,
    deadline: Instant,
) -> Result<Message, Miss> {
    let answer = exchange(server, question, deadline).await?;
    let signatures = question.edns.as_ref().is_some_and(|edns| edns.flags().dnssec_ok);
    let old = matches!(answer.response_code, ResponseCode::FormErr | ResponseCode::NotImp);
    if !old || signatures || question.edns.is_none() {
        return Ok(answer);
    }
    // a server from before RFC 6891
    let mut bare = question.clone();
    bare.edns = None;
    exchange(server, &bare, deadline).await
}

async fn exchange(
    server: SocketAddr,
    question: &Message,
    deadline: Instant,
) -> Result<Message, Miss> {
    let bytes = question.to_vec().map_err(|_| Miss::Garbled)?;
    let within = async {
        let answer = over_udp(server, question, &bytes, deadline).await?;
        if answer.truncation { over_tcp(server, question, &bytes).await } else { Ok(answer) }
    };
    timeout_at(deadline, within).await.unwrap_or(Err(Miss::Late))
}

async fn over_udp(
    server: SocketAddr,
    question: &Message,
    bytes: &[u8],
    deadline: Instant,
) -> Result<Message, Miss> {
    let any = match server {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    // a connected socket hears of a server that is not there, and hears nobody else
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    socket.connect(server).await?;
    let share = deadline.saturating_duration_since(Instant::now()) / (REPEATS + 1);
    let mut buffer = vec![0; BUFFER];
    for _ in 0..REPEATS {
        socket.send(bytes).await?;
        let turn = hear(&socket, question, &mut buffer);
        if let Ok(heard) = timeout_at(Instant::now() + share, turn).await {
            return heard;
        }
    }
    socket.send(bytes).await?;
    hear(&socket, question, &mut buffer).await
}

/// Waits for the answer; what answers another question is passed over, as it may be forged.
async fn hear(socket: &UdpSocket, question: &Message, buffer: &mut [u8]) -> Result<Message, Miss> {
    loop {
        let length = socket.recv(buffer).await?;
        let bytes = &buffer[..length];
        if bytes.get(..2) != Some(question.metadata.id.to_be_bytes().as_slice()) {
            continue;
        }
        let answer = Message::from_vec(bytes).map_err(|_| Miss::Garbled)?;
        if answers(&answer, question) {
            return Ok(answer);
        }
    }
}

async fn over_tcp(server: SocketAddr, question: &Message, bytes: &[u8]) -> Result<Message, Miss> {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(bytes.len()).map_err(|_| Miss::Garbled)?;
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend_from_slice(bytes);
    stream.write_all(&framed).await?;
    let length = stream.read_u16().await?;
    let mut buffer = vec![0; usize::from(length)];
    stream.read_exact(&mut buffer).await?;
    let answer = Message::from_vec(&buffer).map_err(|_| Miss::Garbled)?;
    if answers(&answer, question) { Ok(answer) } else { Err(Miss::Garbled) }
}

fn answers(answer: &Message, question: &Message) -> bool {
    // who cannot read a question cannot repeat it
    let unread = answer.queries.is_empty() && answer.response_code == ResponseCode::FormErr;
    answer.metadata.id == question.metadata.id
        && answer.metadata.message_type == MessageType::Response
        && (answer.queries == question.queries || unread)
}

#[cfg(test)]
mod tests {
    use hickory_net::proto::{
        op::OpCode,
        rr::{RData, Record, rdata::A},
    };
    use tokio::net::TcpListener;

    use super::*;

    const LIMIT: Duration = Duration::from_millis(600);

    fn www() -> Name {
        Name::from_ascii("www.a.test.").unwrap()
    }

    /// The answer of a server that has one address for everything.
    fn answer(question: &Message, last: u8) -> Message {
        let mut answer = Message::response(question.metadata.id, OpCode::Query);
        answer.add_query(question.queries[0].clone());
        answer.add_answer(Record::from_rdata(
            question.queries[0].name().clone(),
            60,
            RData::A(A::new(192, 0, 2, last)),
        ));
        answer
    }

    /// A UDP server on loopback that says what the script makes of each question.
    async fn server(
        script: impl Fn(&Message) -> Vec<Message> + Send + 'static,
    ) -> (SocketAddr, tokio::task::JoinHandle<()>) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = socket.local_addr().unwrap();
        let task = tokio::spawn(async move {
            let mut buffer = [0; 2048];
            loop {
                let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
                for answer in script(&Message::from_vec(&buffer[..length]).unwrap()) {
                    socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
                }
            }
        });
        (address, task)
    }

    fn code(code: ResponseCode) -> impl Fn(&Message) -> Vec<Message> + Send + 'static {
        move |question| {
            let mut failure = Message::response(question.metadata.id, OpCode::Query);
            failure.add_query(question.queries[0].clone());
            failure.metadata.response_code = code;
            vec![failure]
        }
    }

    /// The last number of the address that was had.
    fn heard(answer: Result<Message, Miss>) -> u8 {
        match answer.unwrap().answers[0].data {
            RData::A(address) => address.octets()[3],
            _ => 0,
        }
    }

    async fn any(servers: &[SocketAddr]) -> Result<Message, Miss> {
        ask_any(servers, &question(www(), RecordType::A, Manner::Plain), LIMIT).await
    }

    #[tokio::test]
    async fn the_second_resolver_is_asked_when_the_first_fails_keeps_silent_or_is_not_there() {
        let (good, _good) = server(|question| vec![answer(question, 2)]).await;
        let (failing, _failing) = server(code(ResponseCode::ServFail)).await;
        let (refusing, _refusing) = server(code(ResponseCode::Refused)).await;
        let (mute, _mute) = server(|_| Vec::new()).await;
        let gone = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
        for first in [failing, refusing, mute, gone] {
            assert_eq!(heard(any(&[first, good]).await), 2, "{first}");
        }
        assert_eq!(heard(any(&[gone, failing, good]).await), 2);
    }

    #[tokio::test]
    async fn what_the_first_resolver_knows_is_not_asked_again() {
        let (good, _good) = server(|question| vec![answer(question, 2)]).await;
        let (absent, _absent) = server(code(ResponseCode::NXDomain)).await;
        let answer = any(&[absent, good]).await.unwrap();
        assert_eq!(answer.response_code, ResponseCode::NXDomain);
    }

    #[tokio::test]
    async fn without_an_answer_the_failure_that_says_most_is_told_in_time() {
        let (failing, _failing) = server(code(ResponseCode::ServFail)).await;
        let (refusing, _refusing) = server(code(ResponseCode::Refused)).await;
        let (mute, _mute) = server(|_| Vec::new()).await;
        let begun = Instant::now();
        let told = any(&[mute, failing, refusing]).await.unwrap();
        assert_eq!(told.response_code, ResponseCode::ServFail);
        assert!(matches!(any(&[mute, refusing]).await, Err(Miss::Late)));
        assert!(matches!(any(&[mute, mute, mute]).await, Err(Miss::Late)));
        assert!(begun.elapsed() < LIMIT * 3 + Duration::from_millis(300), "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn an_answer_to_another_question_is_not_believed() {
        let forge = |question: &Message| {
            let mut number = answer(question, 6);
            number.metadata.id = question.metadata.id.wrapping_add(1);
            let mut name = answer(question, 6);
            name.queries[0].set_name(Name::from_ascii("www.b.test.").unwrap());
            let mut kind = answer(question, 6);
            kind.queries[0].set_query_type(RecordType::MX);
            vec![number, name, kind]
        };
        let (forged, _forged) = server(forge).await;
        assert!(matches!(any(&[forged]).await, Err(Miss::Late)));
        let (both, _both) = server(move |question| {
            let mut all = forge(question);
            all.push(answer(question, 2));
            all
        })
        .await;
        assert_eq!(heard(any(&[both]).await), 2);
    }

    #[tokio::test]
    async fn a_lost_packet_is_asked_for_again() {
        let asked = std::sync::atomic::AtomicUsize::new(0);
        let (lossy, _lossy) = server(move |question| {
            let before = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if before == 0 { Vec::new() } else { vec![answer(question, 2)] }
        })
        .await;
        assert_eq!(heard(any(&[lossy]).await), 2);
    }

    #[tokio::test]
    async fn a_truncated_answer_is_had_whole_over_tcp() {
        let (tcp, udp) = loop {
            let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()).await {
                break (tcp, udp);
            }
        };
        let address = tcp.local_addr().unwrap();
        let over_udp = async {
            let mut buffer = [0; 2048];
            let (length, from) = udp.recv_from(&mut buffer).await.unwrap();
            let question = Message::from_vec(&buffer[..length]).unwrap();
            let mut cut = answer(&question, 6);
            cut.metadata.truncation = true;
            udp.send_to(&cut.to_vec().unwrap(), from).await.unwrap();
            let (mut stream, _) = tcp.accept().await.unwrap();
            let length = stream.read_u16().await.unwrap();
            let mut bytes = vec![0; usize::from(length)];
            stream.read_exact(&mut bytes).await.unwrap();
            let whole = answer(&Message::from_vec(&bytes).unwrap(), 2).to_vec().unwrap();
            stream.write_u16(u16::try_from(whole.len()).unwrap()).await.unwrap();
            stream.write_all(&whole).await.unwrap();
        };
        let servers = [address];
        let (told, ()) = tokio::join!(any(&servers), over_udp);
        assert_eq!(heard(told), 2);
    }

    #[tokio::test]
    async fn a_server_from_before_edns_is_asked_without_it() {
        let (old, _old) = server(|question| match question.edns {
            Some(_) => code(ResponseCode::FormErr)(question),
            None => vec![answer(question, 2)],
        })
        .await;
        assert_eq!(heard(any(&[old]).await), 2);
    }
}
