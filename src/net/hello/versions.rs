//! Which protocols a server takes: one hello each, and smaller ones where the big ones found no answer at all.

use futures_util::future::join_all;
use xuncha_model::Reason;

use super::{
    Protocol,
    ask::{Answer, Line, Refusal},
    elimination::Known,
    read::{Depth, Flight},
    suites,
};
use crate::{Fault, Handshake};

/// What is asked first; the older ones follow one by one, as long as there is hope.
const FIRST: [Protocol; 4] = [Protocol::Tls12, Protocol::Tls13, Protocol::Tls11, Protocol::Tlcp];
/// The others, newest first.
const OLDER: [Protocol; 2] = [Protocol::Tls10, Protocol::Ssl3];
/// protocol_version: nothing as old as that is spoken.
const TOO_OLD: u8 = 70;
/// Suites in one hello for servers that choke on more.
const SMALL: usize = 64;
/// Smaller hellos for a server that says nothing at all: each costs the whole patience.
const MAX_PATIENT: usize = 3;

/// The protocols that were answered, and how the others were not.
pub(crate) struct Versions {
    /// What is known of those that were taken.
    pub(crate) known: Vec<Known>,
    /// Suites that may stand in one hello.
    pub(crate) size: usize,
    /// Every protocol was answered by a yes or a no.
    pub(crate) complete: bool,
    /// How each of the others was refused.
    unanswered: Vec<(Protocol, Answer)>,
}

impl Versions {
    /// Asks for every protocol.
    pub(crate) async fn ask(line: &Line<'_>) -> Self {
        let mut versions =
            Self { known: Vec::new(), size: usize::MAX, complete: true, unanswered: Vec::new() };
        let asked = FIRST.map(|protocol| async move {
            let list = suites::of(protocol);
            let answer = line.ask(protocol, &list, Depth::Flight).await;
            (protocol, list, answer)
        });
        for (protocol, list, answer) in join_all(asked).await {
            versions.take(protocol, list, answer);
        }
        let mut newer = Protocol::Tls11;
        for protocol in OLDER {
            // a hello asks for its version or any before it: who calls TLS 1.1 too old speaks nothing older
            if versions.refused_by(newer, Refusal::Alert(TOO_OLD)) {
                break;
            }
            let list = suites::of(protocol);
            let answer = line.ask(protocol, &list, Depth::Flight).await;
            versions.take(protocol, list, answer);
            newer = protocol;
        }
        if versions.known.is_empty() {
            versions.ask_smaller(line).await;
        }
        let settled = |(_, answer): &(_, Answer)| matches!(answer, Answer::Refused(_));
        versions.complete = versions.unanswered.iter().all(settled);
        versions
    }

    /// What is known of a protocol; `None` when it was not taken.
    pub(crate) fn get(&self, protocol: Protocol) -> Option<&Known> {
        self.known.iter().find(|known| known.protocol == protocol)
    }

    /// The newest protocol that shows its certificate in the clear.
    pub(crate) fn newest_classic(&self) -> Option<&Known> {
        let classic = self.known.iter().filter(|known| known.protocol.is_classic());
        classic.max_by_key(|known| known.protocol)
    }

    /// An alert or another protocol was the answer: nothing else can be hoped for.
    pub(crate) fn surely_refused(&self, protocol: Protocol) -> bool {
        let mut answers = self.unanswered.iter();
        answers.any(|(other, answer)| {
            *other == protocol
                && matches!(answer, Answer::Refused(Refusal::Alert(_) | Refusal::Other))
        })
    }

    fn refused_by(&self, protocol: Protocol, by: Refusal) -> bool {
        let mut answers = self.unanswered.iter();
        answers.any(|(other, answer)| {
            *other == protocol && matches!(answer, Answer::Refused(refusal) if *refusal == by)
        })
    }

    /// Why a protocol was not taken.
    pub(crate) fn why_not(&self, protocol: Protocol) -> Fault {
        let answer = self.unanswered.iter().find(|(other, _)| *other == protocol);
        answer.map_or_else(|| Fault::new(Reason::NotLooked, ""), |(_, answer)| answer.fault())
    }

    /// Why nothing at all is known: the first answer that says more than a closed connection.
    pub(crate) fn nothing(&self) -> Fault {
        let mut faults = self.unanswered.iter().map(|(_, answer)| answer.fault());
        let first = faults.next();
        let telling = faults.find(|fault| fault.reason != Reason::TlsHandshake);
        let fault = first.clone().filter(|fault| fault.reason != Reason::TlsHandshake);
        fault.or(telling).or(first).unwrap_or_else(|| Fault::new(Reason::NotLooked, ""))
    }

    /// Takes in a protocol that a real handshake spoke, and that no hello found: a server may dislike ours.
    pub(crate) fn learn(&mut self, shook: &Handshake) {
        let protocols = [Protocol::Tls12, Protocol::Tls13];
        let spoken = protocols.into_iter().find(|protocol| protocol.name() == shook.version);
        let (Some(protocol), Some(suite)) = (spoken, suites::code(&shook.cipher)) else { return };
        if self.get(protocol).is_some() {
            return;
        }
        self.unanswered.retain(|(other, _)| *other != protocol);
        let first = Flight {
            version: protocol.wire(),
            suite,
            chain: shook.chain.clone(),
            // not seen, and not to be held against the server
            renegotiation: true,
            master_secret: true,
            ..Flight::default()
        };
        self.complete = false;
        self.known.push(Known::new(protocol, vec![suite], first));
    }

    fn take(&mut self, protocol: Protocol, list: Vec<u16>, answer: Answer) {
        self.unanswered.retain(|(other, _)| *other != protocol);
        match answer {
            Answer::Taken(flight) => self.known.push(Known::new(protocol, list, *flight)),
            other => self.unanswered.push((protocol, other)),
        }
    }

    /// Nobody took a big hello: lists cut small, then hellos without extensions, until one is taken.
    async fn ask_smaller(&mut self, line: &Line<'_>) {
        let silent = self.unanswered.iter().all(|(_, answer)| matches!(answer, Answer::Silent(_)));
        let all = suites::of(Protocol::Tls12);
        let small = all.chunks(SMALL).map(|list| (Protocol::Tls12, true, list));
        let old = suites::of(Protocol::Tls10);
        let bare = [(Protocol::Tls12, &all), (Protocol::Tls10, &old)];
        let bare =
            bare.map(|(protocol, list)| (protocol, false, list.get(..SMALL).unwrap_or(list)));
        let tries: Vec<_> = if silent {
            small.take(MAX_PATIENT - bare.len()).chain(bare).collect()
        } else {
            small.chain(bare).collect()
        };
        for (protocol, extensions, list) in tries {
            line.extend(protocol, extensions);
            let answer = line.ask(protocol, list, Depth::Flight).await;
            if matches!(answer, Answer::Unasked(_)) {
                return;
            }
            if matches!(answer, Answer::Taken(_)) {
                self.take(protocol, list.to_vec(), answer);
                break;
            }
        }
        if self.known.is_empty() {
            return;
        }
        self.size = SMALL;
        let rest = FIRST.into_iter().chain(OLDER);
        let rest =
            rest.filter(|protocol| *protocol != Protocol::Tlcp && self.get(*protocol).is_none());
        let asked = rest.map(|protocol| async move {
            let list = suites::of(protocol);
            let mut last = None;
            for list in list.chunks(SMALL) {
                let answer = line.ask(protocol, list, Depth::Flight).await;
                let taken = matches!(answer, Answer::Taken(_));
                last = Some((protocol, list.to_vec(), answer));
                if taken {
                    break;
                }
            }
            last
        });
        let asked: Vec<_> = join_all(asked).await;
        for (protocol, list, answer) in asked.into_iter().flatten() {
            self.take(protocol, list, answer);
        }
    }
}
