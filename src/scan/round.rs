//! One round over the targets: bounded concurrency, and every failure put down to whom it belongs to.

use std::{any::Any, future::Future, panic::AssertUnwindSafe, sync::Arc, time::Instant};

use futures_util::{
    FutureExt as _,
    stream::{self, StreamExt as _},
};
use tokio::sync::{Notify, mpsc, watch};
use xuncha_model::{Facts, Reason, Register, Seen, period::local_date, scan::Report};
use xuncha_probe::{Clock, Eye, Memory, Target, line, line::LineState, look};
use xuncha_rules::RuleSet;
use xuncha_store::{NewScan, Store};

use crate::{
    Error, Progress,
    lag::{self, Lag},
    site::{self, Judged},
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
    /// Looks at a target, with what is known of it from before.
    fn look(&self, target: &Target, memory: &Memory) -> impl Future<Output = Facts> + Send;
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

    async fn look(&self, target: &Target, memory: &Memory) -> Facts {
        look(self.eye, target, memory, self.clock).await
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
/// Both halves run at once: while the tally waits for the disk, answers go on being read.
async fn look_at_all<S: Sight>(
    plan: &Plan<'_>,
    sight: &S,
    targets: &[Target],
    ipv6: bool,
    mut stop: watch::Receiver<bool>,
    tally: &mut Tally<'_>,
) -> bool {
    let (sender, mut answers) = mpsc::channel(plan.concurrency);
    let halt = &Notify::new();
    let lag = &Lag::default();
    // `move`: the sender must be gone when the last look is, or the other half waits for ever
    let looks = async move {
        let all = stream::iter(targets.iter().enumerate());
        let all = all.for_each_concurrent(plan.concurrency, |(index, target)| {
            let sender = sender.clone();
            async move {
                (plan.progress)(Progress::Started { site: site::name(target) });
                let answer = look_at(plan, sight, target, ipv6, lag).await;
                // fails only when the other half has given up
                let _ = sender.send((index, answer)).await;
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
    let records = async {
        while let Some((index, answer)) = answers.recv().await {
            tally.take(sight, index, answer).await;
            if tally.line_down() {
                halt.notify_one();
            }
        }
        tally.settle(sight).await;
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
) -> Answer {
    let whole = async {
        let memory = remember(plan, target, ipv6).await;
        let mut begun = Instant::now();
        let mut facts = sight.look(target, &memory).await;
        if lag.doubts(begun, &facts).is_some() {
            begun = Instant::now();
            facts = sight.look(target, &memory).await;
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
