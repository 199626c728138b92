//! The questions to one address, in the order of their worth: what runs out of connections is left out from the end.

use std::net::IpAddr;

use futures_util::future::join_all;
use tokio::join;
use xuncha_model::Reason;

use super::{
    Protocol,
    ask::{Answer, Line},
    elimination::Known,
    read::Depth,
    shaken, suites,
    survey::Unnamed,
    versions::Versions,
};
use crate::{Fault, Handshake};

/// What was answered.
pub(crate) struct Course {
    pub(crate) versions: Versions,
    /// The real handshake; `None` without a certificate.
    pub(crate) shook: Option<Handshake>,
    pub(crate) unnamed: Result<Unnamed, Fault>,
    /// Nothing beside the protocols was left unasked.
    pub(crate) complete: bool,
}

/// Asks everything.
pub(crate) async fn run(line: &Line<'_>) -> Result<Course, Fault> {
    let mut versions = Versions::ask(line).await;
    let hopeless = [Protocol::Tls12, Protocol::Tls13].iter().all(|p| versions.surely_refused(*p));
    let (shook, clear) = join!(
        async { if hopeless { None } else { shaken::shake(line, true).await.ok() } },
        unnamed_in_the_clear(line, &versions)
    );
    if let Some(shook) = &shook {
        versions.learn(shook);
    }
    if versions.known.is_empty() {
        return Err(versions.nothing());
    }
    let unnamed = match (clear, &shook) {
        (Some(unnamed), _) => unnamed,
        (None, Some(shook)) if nameless(line.host) => unnamed_like(&shook.chain, &shook.chain),
        (None, Some(shook)) => shaken::shake(line, false)
            .await
            .and_then(|unnamed| unnamed_like(&unnamed.chain, &shook.chain)),
        (None, None) => Err(Fault::new(Reason::TlsHandshake, "no certificate but those of TLCP")),
    };
    let mut complete = !matches!(&unnamed, Err(fault) if fault.reason == Reason::LimitTime);
    newest(line, &mut versions).await;
    older(line, &mut versions).await;
    complete &= tlcp_with_extensions(line, &mut versions).await;
    complete &= still_answers(line, &versions).await;
    Ok(Course { versions, shook, unnamed, complete })
}

/// Every suite of the newest protocol up to TLS 1.2, of TLS 1.3 and of TLCP; of the older ones what the newest lacks.
async fn newest(line: &Line<'_>, versions: &mut Versions) {
    let top = versions.newest_classic().map(|known| known.protocol);
    let size = versions.size;
    let main = |known: &Known| Some(known.protocol) == top || !known.protocol.is_classic();
    let asked = versions.known.iter_mut().filter(|known| main(known)).map(|known| async move {
        let (weak, rest): (Vec<_>, Vec<_>) =
            suites::of(known.protocol).into_iter().partition(|code| suites::is_weak(*code));
        known.eliminate(line, cut(&[weak, rest], size)).await;
    });
    join_all(asked).await;
    let taken = versions.newest_classic().map(Known::suites).unwrap_or_default();
    let asked = versions.known.iter_mut().filter(|known| !main(known)).map(|known| {
        let list: Vec<_> = suites::of(known.protocol);
        let list = list.into_iter().filter(|code| !taken.contains(code)).collect();
        known.eliminate(line, cut(&[list], size))
    });
    join_all(asked).await;
    let asked = versions.known.iter_mut().filter(|known| main(known)).map(|known| known.turn(line));
    join_all(asked).await;
}

/// Of the older protocols the suites that the newest takes as well, and whose order decides.
async fn older(line: &Line<'_>, versions: &mut Versions) {
    let Some(top) = versions.newest_classic() else { return };
    let (top, taken) = (top.protocol, top.suites());
    let older = |known: &&mut Known| known.protocol < top;
    let asked = versions.known.iter_mut().filter(older).map(|known| {
        let list = suites::of(known.protocol);
        let list = list.into_iter().filter(|code| taken.contains(code)).collect();
        known.eliminate(line, vec![list])
    });
    join_all(asked).await;
    join_all(versions.known.iter_mut().filter(older).map(|known| known.turn(line))).await;
}

/// Whether what was taken at first still is, where closed connections stood for refusals: else somebody shut us out.
async fn still_answers(line: &Line<'_>, versions: &Versions) -> bool {
    let Some(known) = versions.known.iter().find(|known| known.closed) else { return true };
    let answer = line.ask(known.protocol, known.first_list(), Depth::Suite).await;
    matches!(answer, Answer::Taken(_))
}

/// A server may take TLCP only from a client that names its host; false when the question was left open.
///
/// Who spoke up against the hello without a name is asked; who closed the connection, as every server does that knows
/// nothing of TLCP, is not.
async fn tlcp_with_extensions(line: &Line<'_>, versions: &mut Versions) -> bool {
    if !versions.surely_refused(Protocol::Tlcp) || nameless(line.host) {
        return true;
    }
    line.extend(Protocol::Tlcp, true);
    let list = suites::of(Protocol::Tlcp);
    match line.ask(Protocol::Tlcp, &list, Depth::Flight).await {
        Answer::Taken(flight) => {
            let mut known = Known::new(Protocol::Tlcp, list.clone(), *flight);
            known.eliminate(line, vec![list]).await;
            known.turn(line).await;
            versions.known.push(known);
            true
        }
        Answer::Refused(_) => true,
        Answer::Silent(_) | Answer::Unasked(_) => false,
    }
}

/// What the newest protocol that shows its certificate shows to a client that names no host; `None` where there is none.
async fn unnamed_in_the_clear(
    line: &Line<'_>,
    versions: &Versions,
) -> Option<Result<Unnamed, Fault>> {
    let known = versions.newest_classic()?;
    let chain = &known.first.chain;
    if nameless(line.host) {
        return Some(unnamed_like(chain, chain));
    }
    Some(match line.ask_unnamed(known.protocol, known.first_list()).await {
        Answer::Taken(flight) => unnamed_like(&flight.chain, chain),
        answer => Err(answer.fault()),
    })
}

fn unnamed_like(chain: &[Vec<u8>], named: &[Vec<u8>]) -> Result<Unnamed, Fault> {
    if chain.is_empty() {
        return Err(Fault::new(Reason::TlsHandshake, "no certificate was shown"));
    }
    Ok(Unnamed { same: chain.first() == named.first(), chain: chain.to_vec() })
}

/// An address is never sent as a name (RFC 6066).
fn nameless(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

/// The lists, cut to the size of a hello.
fn cut(lists: &[Vec<u16>], size: usize) -> Vec<Vec<u16>> {
    lists.iter().flat_map(|list| list.chunks(size)).map(<[u16]>::to_vec).collect()
}
