//! DNSSEC validated by ourselves, from the trust anchor down, over what the recursive resolver hands out (RFC 4035).
//!
//! "Bogus" accuses, so it must be earned: our resolver hands out signatures and proofs of absence that validate, no
//! question on the way failed, and the zone is known to be signed by a DS record that validates.

use std::{
    fs, io,
    net::SocketAddr,
    path::Path,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::stream::{self, Stream, StreamExt as _};
use hickory_net::{
    DnsError, NetError,
    dnssec::DnssecDnsHandle,
    proto::{
        dnssec::{Proof, TrustAnchors},
        op::{DnsRequest, DnsRequestOptions, DnsResponse, Query, ResponseCode},
        rr::{Name, RecordType},
        serialize::txt::trust_anchor::{Entry, Parser},
    },
    runtime::TokioRuntimeProvider,
    xfer::DnsHandle,
};
use tokio::time::timeout;
use xuncha_model::{
    Reason, Seen,
    facts::dns::{DnssecFacts, DnssecState},
};

use super::{
    MAX_ALIASES, Resolver, absolute, alias_of,
    ask::{ask_any, with_edns},
    plain,
};
use crate::Fault;

/// Questions that one validation may take: chains of trust are short, hostile ones are not.
const MAX_QUESTIONS: usize = 80;
/// Time that one validation may take, as a multiple of that for one question.
const PATIENCE: u32 = 4;
/// A type that no apex has: what is asked for to see a proof of absence.
const ABSENT: RecordType = RecordType::NAPTR;

/// The keys that are trusted without proof.
pub(crate) struct Anchor {
    keys: Arc<TrustAnchors>,
    /// The zones the keys belong to.
    zones: Vec<Name>,
}

impl Anchor {
    /// The keys of a file of DNSKEY records; without one, those of the root that IANA publishes.
    pub(crate) fn load(file: Option<&Path>) -> io::Result<Self> {
        let Some(file) = file else {
            return Ok(Self { keys: Arc::default(), zones: vec![Name::root()] });
        };
        let wrong = |why: String| io::Error::other(format!("{}: {why}", file.display()));
        let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        let entries = Parser::new(text).parse().map_err(|error| wrong(error.to_string()))?;
        let (mut keys, mut zones) = (TrustAnchors::empty(), Vec::new());
        for entry in &entries {
            let Entry::DNSKEY(record) = entry else { continue };
            let mut zone = record.name().clone();
            zone.set_fqdn(true);
            keys.insert_with_name(record.data().public_key(), zone.clone().into());
            if !zones.contains(&zone) {
                zones.push(zone);
            }
        }
        if zones.is_empty() {
            return Err(wrong("no DNSKEY record".to_owned()));
        }
        Ok(Self { keys: Arc::new(keys), zones })
    }

    /// The nearest trusted zone above a name, or the name itself.
    fn above(&self, name: &Name) -> Option<&Name> {
        let above = self.zones.iter().filter(|zone| zone.zone_of(name));
        above.max_by_key(|zone| zone.num_labels())
    }
}

impl Resolver {
    /// Whether the answer for a host is signed: the state of the records at the host's own name, or bogus when any link
    /// of its alias chain is.
    pub(crate) async fn dnssec(&self, host: &str, kind: RecordType) -> Seen<DnssecFacts> {
        let whole = timeout(PATIENCE * self.timeout, self.validate(host, kind));
        match whole.await {
            Ok(Ok(facts)) => Seen::Seen(facts),
            Ok(Err(fault)) => Seen::unseen(fault.reason, fault.detail),
            Err(_) => Seen::unseen(Reason::DnsTimeout, "the chain of trust took too long"),
        }
    }

    async fn validate(&self, host: &str, kind: RecordType) -> Result<DnssecFacts, Fault> {
        let mut name = host.trim_end_matches('.').to_ascii_lowercase();
        let mut own = None;
        for _ in 0..MAX_ALIASES {
            let Some(anchor) = self.anchor.above(&absolute(&name)?) else { break };
            self.hands_out_signatures(anchor).await?;
            let courier = Courier::new(self);
            let answer = match courier.fetch(&absolute(&name)?, kind).await {
                Ok(answer) => answer,
                Err(fault) if own.is_none() => return Err(fault),
                Err(_) => break,
            };
            let asked = name.clone();
            loop {
                let state = self.state(&answer, &name, kind, &courier).await;
                match state {
                    Ok(Some(DnssecState::Bogus)) => {
                        let detail = format!("{name}: no signature validates");
                        return Ok(DnssecFacts { state: DnssecState::Bogus, detail });
                    }
                    Ok(Some(state)) => drop(own.get_or_insert(state)),
                    Ok(None) => break,
                    Err(fault) if own.is_none() => return Err(fault),
                    Err(_) => break,
                }
                match alias_of(&answer.message.answers, &name) {
                    Some(alias) if alias != name => name = alias,
                    _ => break,
                }
            }
            if name == asked {
                break;
            }
        }
        let state = own.ok_or_else(|| Fault::new(Reason::DnsNodata, "nothing to validate"))?;
        Ok(DnssecFacts { state, detail: String::new() })
    }

    /// The state of the records at one name of an answer; `None` when it holds none.
    async fn state(
        &self,
        answer: &Answer,
        name: &str,
        kind: RecordType,
        courier: &Courier,
    ) -> Result<Option<DnssecState>, Fault> {
        let own = answer.message.answers.iter().filter(|record| {
            plain(&record.name) == name
                && (record.record_type() == kind || record.record_type() == RecordType::CNAME)
        });
        match own.map(|record| record.proof).min() {
            None => Ok(None),
            Some(Proof::Secure) => Ok(Some(DnssecState::Secure)),
            Some(Proof::Insecure) => Ok(Some(DnssecState::Insecure)),
            Some(Proof::Bogus | Proof::Indeterminate) => {
                courier.unhindered()?;
                self.must_be_signed(name).await?;
                Ok(Some(DnssecState::Bogus))
            }
        }
    }

    /// That the zone of a name is signed: it is a trusted zone itself, or its parent vouches for its keys.
    async fn must_be_signed(&self, name: &str) -> Result<(), Fault> {
        let undecided = || Fault::new(Reason::DnsServfail, format!("{name}: no proof either way"));
        let zone = self.zone_name(name).await?.ok_or_else(undecided)?;
        let zone = absolute(&zone)?;
        if self.anchor.zones.contains(&zone) {
            return Ok(());
        }
        let answer = Courier::new(self).fetch(&zone, RecordType::DS).await?;
        let vouched =
            answer.message.answers.iter().any(|record| {
                record.record_type() == RecordType::DS && record.proof == Proof::Secure
            });
        if vouched { Ok(()) } else { Err(undecided()) }
    }

    /// That the resolver hands out the anchor's own signatures and proofs of absence; asked until it was seen once.
    async fn hands_out_signatures(&self, anchor: &Name) -> Result<(), Fault> {
        let deaf = |what: &str| {
            let detail = format!("the resolver hands out no {what} of {anchor} that validates");
            Fault::new(Reason::SelfResolver, detail)
        };
        let check = async || {
            let keys = Courier::new(self).fetch(anchor, RecordType::DNSKEY).await?;
            let key = |proof| {
                let mut keys = keys.message.answers.iter();
                keys.any(|key| key.record_type() == RecordType::DNSKEY && key.proof == proof)
            };
            if !key(Proof::Secure) {
                return Err(deaf("key"));
            }
            let absent = Courier::new(self).fetch(anchor, ABSENT).await?;
            let proven = absent.denied && absent.message.answers.is_empty();
            if proven { Ok(()) } else { Err(deaf("proof of absence")) }
        };
        self.sound.get_or_try_init(check).await.copied()
    }
}

/// A validated answer.
struct Answer {
    /// Each record with its own proof.
    message: DnsResponse,
    /// What the answer says not to be there is proven so.
    ///
    /// Says nothing of records that are there: the answer from a wildcard counts as unproven here when the wildcard is
    /// the nearest name before the one asked for.
    denied: bool,
}

/// Carries the questions of one validation to the resolvers: with signatures wanted and their validation left to us,
/// in bounded number, and with a memory of what failed.
#[derive(Clone)]
struct Courier {
    servers: Arc<[SocketAddr]>,
    timeout: Duration,
    keys: Arc<TrustAnchors>,
    left: Arc<AtomicUsize>,
    trouble: Arc<Mutex<Option<Fault>>>,
}

impl Courier {
    fn new(resolver: &Resolver) -> Self {
        Self {
            servers: Arc::clone(&resolver.servers),
            timeout: resolver.timeout,
            keys: Arc::clone(&resolver.anchor.keys),
            left: Arc::new(AtomicUsize::new(MAX_QUESTIONS)),
            trouble: Arc::default(),
        }
    }

    /// Asks and validates.
    async fn fetch(&self, name: &Name, kind: RecordType) -> Result<Answer, Fault> {
        let handle = DnssecDnsHandle::with_trust_anchor(self.clone(), Arc::clone(&self.keys));
        let mut answers =
            handle.lookup(Query::query(name.clone(), kind), DnsRequestOptions::default());
        match answers.next().await {
            Some(Ok(message)) => Ok(Answer { message, denied: true }),
            Some(Err(NetError::Dns(DnsError::Nsec { response, .. }))) => {
                Ok(Answer { message: *response, denied: false })
            }
            Some(Err(error)) => {
                self.unhindered()?;
                Err(Fault::new(Reason::DnsServfail, error.to_string()))
            }
            None => Err(Fault::new(Reason::DnsServfail, "no answer")),
        }
    }

    /// That no question on the way failed.
    fn unhindered(&self) -> Result<(), Fault> {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.clone().map_or(Ok(()), Err)
    }

    async fn carry(&self, request: DnsRequest) -> Result<DnsResponse, Fault> {
        let spent = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent).is_err() {
            return Err(Fault::new(Reason::DnsServfail, "too many questions"));
        }
        let (mut message, _) = request.into_parts();
        message.metadata.checking_disabled = true;
        with_edns(&mut message, true);
        match ask_any(&self.servers, &message, self.timeout).await {
            Err(miss) => Err(Fault::new(Reason::DnsTimeout, miss.to_string())),
            Ok(answer) => match answer.response_code {
                ResponseCode::NoError | ResponseCode::NXDomain => DnsResponse::from_message(answer)
                    .map_err(|error| Fault::new(Reason::DnsServfail, error.to_string())),
                ResponseCode::Refused => Err(Fault::new(Reason::DnsRefused, "")),
                code => Err(Fault::new(Reason::DnsServfail, code.to_string())),
            },
        }
    }
}

impl DnsHandle for Courier {
    type Response = Pin<Box<dyn Stream<Item = Result<DnsResponse, NetError>> + Send>>;
    type Runtime = TokioRuntimeProvider;

    fn send(&self, request: DnsRequest) -> Self::Response {
        let courier = self.clone();
        Box::pin(stream::once(async move {
            courier.carry(request).await.map_err(|fault| {
                let error = NetError::from(fault.detail.clone());
                let mut trouble = courier.trouble.lock().unwrap_or_else(PoisonError::into_inner);
                trouble.get_or_insert(fault);
                error
            })
        }))
    }
}
