//! One round over the targets: bounded concurrency, and every failure put down to whom it belongs to.

use std::{any::Any, future::Future, panic::AssertUnwindSafe, sync::Arc, time::Instant};

use futures_util::{
    FutureExt as _,
    stream::{self, StreamExt as _},
};
use tokio::sync::{Notify, mpsc, watch};
use xuncha_model::{Facts, Reason, Register, Seen, period::local_date, scan::Report};
use xuncha_net::Pulse;
use xuncha_probe::{Clock, Eye, Memory, Target, line, line::LineState, look};
use xuncha_rules::RuleSet;
use xuncha_store::{NewScan, Store};

use crate::{
    Error, Progress,
    lag::{self, Lag},
    site::{self, Judged},
    slots::{self, Slots},
    tally::Tally,
};

/// What a round is made with.
pub(crate) struct Plan<'a> {
    pub(crate) rules: &'a Arc<RuleSet>,
    pub(crate) register: &'a Register,
    pub(crate) store: Option<&'a Store>,
    pub(crate) vantage: &'a str,
    pub(crate) profile: String,
    pub(crate) concurrency: usize,
    pub(crate) keep_facts: bool,
    pub(crate) clock: Clock<'a>,
    pub(crate) progress: &'a (dyn Fn(Progress) + Send + Sync),
}

/// How a round sees: the network in the program, a table in tests.
pub(crate) trait Sight: Sync {
    /// Whether our own line works.
    fn line(&self) -> impl Future<Output = LineState> + Send;
    /// Looks at a target, with what is known of it from before; the pulse beats while something comes of it.
    fn look(
        &self,
        target: &Target,
        memory: &Memory,
        pulse: &Pulse,
    ) -> impl Future<Output = Facts> + Send;
}

/// Sees through the door.
pub(crate) struct Network<'a> {
    pub(crate) eye: &'a Eye,
    pub(crate) references: &'a [String],
    pub(crate) clock: Clock<'a>,
}

impl Sight for Network<'_> {
    fn line(&self) -> impl Future<Output = LineState> + Send {
        line::check(&self.eye.door, self.references)
    }

    async fn look(&self, target: &Target, memory: &Memory, pulse: &Pulse) -> Facts {
        let eye = Eye { door: self.eye.door.watched(pulse), ..self.eye.clone() };
        // on the heap: large futures within large ones use up the stack of a thread
        Box::pin(look(&eye, target, memory, self.clock)).await
    }
}

/// What came of one target.
pub(crate) enum Answer {
    /// It was looked at and judged.
    Judged(Box<Judged>),
    /// We failed; the text is for the log.
    Bug(String),
}

/// Runs a round; see [`crate::run`].
pub(crate) async fn run<S: Sight>(
    plan: &Plan<'_>,
    sight: &S,
    targets: &[Target],
    mut stop: watch::Receiver<bool>,
) -> Result<Report, Error> {
    let started_at = (plan.clock)();
    let scan = match plan.store {
        None => None,
        Some(store) => {
            let scan = NewScan {
                started_at,
                city: plan.register.city.name.clone(),
                vantage: plan.vantage.to_owned(),
                profile: plan.profile.clone(),
                program: env!("CARGO_PKG_VERSION").to_owned(),
                rules: plan.rules.version().to_owned(),
            };
            Some(store.begin_scan(&scan).await?)
        }
    };
    let mut tally = Tally::new(plan, scan, targets);
    let line = tokio::select! {
        biased;
        () = stopped(&mut stop) => None,
        line = sight.line() => Some(line),
    };
    let stopped = match line {
        None => true,
        Some(LineState::Down { reason, detail }) => {
            tally.line_is_down(reason, detail);
            false
        }
        Some(LineState::Up { ipv6 }) => {
            look_at_all(plan, sight, targets, ipv6, stop, &mut tally).await
        }
    };
    tally.finish(started_at, stopped).await
}

/// Looks at every target and hands what comes of it to the tally; true when it was stopped.
///
/// Both halves run at once: while the tally waits for the disk, answers go on being read. What the tally wants to see once
/// more comes after the targets that were not looked at yet.
async fn look_at_all<S: Sight>(
    plan: &Plan<'_>,
    sight: &S,
    targets: &[Target],
    ipv6: bool,
    mut stop: watch::Receiver<bool>,
    tally: &mut Tally<'_>,
) -> bool {
    let (sender, mut answers) = mpsc::channel(plan.concurrency);
    let (again, mut asked) = mpsc::unbounded_channel();
    let halt = &Notify::new();
    let lag = &Lag::default();
    let slots = &Slots::new(plan.concurrency);
    // `move`: the sender must be gone when the last look is, or the other half waits for ever
    let looks = async move {
        let again = stream::poll_fn(|context| asked.poll_recv(context)).map(|index| (index, true));
        let all = stream::iter((0..targets.len()).map(|index| (index, false))).chain(again);
        let all = all.for_each_concurrent(slots.most(), |(index, again)| {
            let sender = sender.clone();
            async move {
                let slot = slots.take().await;
                if !again {
                    (plan.progress)(Progress::Started { site: site::name(&targets[index]) });
                }
                let pulse = Pulse::default();
                let look = Box::pin(look_at(plan, sight, &targets[index], ipv6, lag, &pulse));
                let (answer, _slot) = slots::patiently(look, &pulse, slot).await;
                // fails only when the other half has given up
                let _ = sender.send((index, again, answer)).await;
            }
        });
        tokio::select! {
            biased;
            () = stopped(&mut stop) => true,
            () = halt.notified() => false,
            () = lag.watch() => false,
            () = all => false,
        }
    };
    let records = async move {
        let mut due = targets.len();
        loop {
            let once_more = match due {
                0 => tally.settle(sight).await,
                _ => {
                    let Some((index, again, answer)) = answers.recv().await else {
                        // stopped: what is to be looked at once more stays unseen
                        tally.settle(sight).await;
                        break;
                    };
                    due -= 1;
                    tally.take(sight, index, again, answer).await
                }
            };
            if tally.line_down() {
                halt.notify_one();
            }
            if due == 0 && once_more.is_empty() && tally.settled() {
                break;
            }
            due += once_more.len();
            for index in once_more {
                // fails only when the other half was stopped
                let _ = again.send(index);
            }
        }
    };
    tokio::join!(looks, records).0
}

/// Looks at one target and judges it; a panic on the way is an answer too.
pub(crate) async fn look_at<S: Sight>(
    plan: &Plan<'_>,
    sight: &S,
    target: &Target,
    ipv6: bool,
    lag: &Lag,
    pulse: &Pulse,
) -> Answer {
    let whole = async {
        let memory = remember(plan, target, ipv6).await;
        let mut begun = Instant::now();
        let mut facts = sight.look(target, &memory, pulse).await;
        if lag.doubts(begun, &facts).is_some() {
            begun = Instant::now();
            facts = sight.look(target, &memory, pulse).await;
        }
        if let Some(late) = lag.doubts(begun, &facts) {
            lag::excuse(late, &mut facts);
        }
        let (rules, target) = (Arc::clone(plan.rules), target.clone());
        let judged = tokio::task::spawn_blocking(move || site::judge(&rules, &target, facts)).await;
        match judged {
            Ok(Ok(judged)) => Answer::Judged(Box::new(judged)),
            Ok(Err(error)) => Answer::Bug(error.to_string()),
            Err(error) => Answer::Bug(match error.try_into_panic() {
                Ok(panic) => panic_text(panic.as_ref()),
                Err(error) => error.to_string(),
            }),
        }
    };
    let caught = AssertUnwindSafe(whole).catch_unwind().await;
    caught.unwrap_or_else(|panic| Answer::Bug(panic_text(panic.as_ref())))
}

/// What is known of a target from before. A store that fails takes nothing from the look but its past.
async fn remember(plan: &Plan<'_>, target: &Target, ipv6: bool) -> Memory {
    let mut memory = Memory { ipv6, ..Memory::default() };
    if let (Some(store), Target::Registered(site)) = (plan.store, target) {
        let week = store.week(&site.id, local_date((plan.clock)())).await;
        memory.dns = store.dns_baseline(&site.id).await.unwrap_or_else(|error| {
            tracing::warn!(site = site.id, %error, "looked at without a memory");
            None
        });
        memory.page = store.page_baseline(&site.id).await.unwrap_or_else(|error| {
            tracing::warn!(site = site.id, %error, "looked at without a memory of the page");
            None
        });
        memory.week =
            week.map_or_else(|error| Seen::unseen(Reason::SelfBug, error.to_string()), Seen::Seen);
    }
    memory
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a text".to_owned())
}

/// Ends when the operator stops the round; never when nobody can stop it any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The reason of a target that the round did not come to.
pub(crate) fn not_reached(line: Option<&(Reason, String)>) -> Reason {
    line.map_or(Reason::SelfStopped, |(reason, _)| reason.clone())
}
