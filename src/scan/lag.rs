//! Whether this machine kept time while it looked: a monitor that was starved of CPU measures itself (threats.md T33).

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use xuncha_model::{
    Facts, Reason,
    facts::{AvailabilityFacts, LookOutcome},
};

use crate::blame::unsee;

/// Time between two looks at the clock.
const TICK: Duration = Duration::from_millis(100);
/// A tick that comes so much too late makes what was measured meanwhile worthless.
const TOLERATED: Duration = Duration::from_secs(1);
/// A home page that took longer than this may have been waiting for us.
const SLOW_MS: u32 = 3000;

/// How this machine keeps time.
#[derive(Debug, Default)]
pub(crate) struct Lag(Mutex<State>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// When the next tick is due; `None` before the first.
    due: Option<Instant>,
    /// When a tick last came too late, and by how much.
    last: Option<(Instant, Duration)>,
}

impl Lag {
    /// Watches the clock for as long as it is polled.
    pub(crate) async fn watch(&self) {
        loop {
            let due = Instant::now() + TICK;
            self.state().due = Some(due);
            tokio::time::sleep(TICK).await;
            let late = due.elapsed();
            if late > TOLERATED {
                self.state().last = Some((Instant::now(), late));
            }
        }
    }

    /// How late the clock was, when it was too late after `begun`.
    fn since(&self, begun: Instant) -> Option<Duration> {
        let State { due, last } = *self.state();
        // the tick that is missing while we are asked is as late as one that came
        let overdue = due.map(|due| due.elapsed()).filter(|late| *late > TOLERATED);
        overdue.or_else(|| last.filter(|(at, _)| *at >= begun).map(|(_, late)| late))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How late we were, when that makes a failure or a long time doubtful.
    pub(crate) fn doubts(&self, begun: Instant, facts: &Facts) -> Option<Duration> {
        self.since(begun).filter(|_| facts.availability.seen().is_some_and(doubtful))
    }
}

/// Takes back what was measured while we were too busy.
pub(crate) fn excuse(late: Duration, facts: &mut Facts) {
    let detail = format!("this machine was {:.1} s late", late.as_secs_f64());
    unsee(facts, &Reason::SelfOverload, &detail);
}

fn doubtful(availability: &AvailabilityFacts) -> bool {
    let down = availability.outcome == LookOutcome::Down;
    down || availability.looks.iter().any(|look| look.total_ms > SLOW_MS)
}
