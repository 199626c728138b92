//! Our pace towards one host and one address, shared by every task of the process (threats.md T40).
//!
//! ```text
//! lane ─▶ one of its permits ─▶ due? ─▶ request ─▶ the interval counts from its end
//!                                        └─ refused, or slow: the host's interval doubles; ten good answers halve it
//! ```

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};

/// Lanes kept before the idle ones are swept out.
const SWEEP_AT: usize = 4096;
/// Where doubling begins when there is hardly an interval to double.
const FIRST_STEP: Duration = Duration::from_millis(100);
/// Where doubling ends.
const LONGEST: Duration = Duration::from_secs(30);
/// Slow answers in a row that say as much as a refusal.
const SLOW_ANSWERS: u8 = 3;
/// Good answers that a host is trusted again after, one halving at a time.
const GOOD_ANSWERS: u8 = 10;

/// Who is asked: the same machine often carries many hosts, and the same host many machines.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Peer {
    Host(String),
    Address(IpAddr),
}

/// The pace of the process.
#[derive(Debug)]
pub(crate) struct Pace {
    interval: Duration,
    in_flight: usize,
    lanes: Mutex<HashMap<Peer, Arc<Lane>>>,
}

/// The way to one peer. Whoever asks it often holds on to it, which also keeps what it has learnt.
#[derive(Debug)]
pub(crate) struct Lane {
    permits: Arc<Semaphore>,
    tempo: Mutex<Tempo>,
}

/// When the next request is due, and what the answers before it have taught.
#[derive(Debug)]
struct Tempo {
    next: Instant,
    /// The least interval that the peer itself has brought upon us.
    slowed: Duration,
    slow: u8,
    good: u8,
}

/// How a peer bore a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bore {
    /// At once, and with an answer.
    Well,
    /// With an answer that was long in coming, or none in time.
    Slowly,
    /// It said that this is too much, and not how long to wait.
    Badly,
}

/// The right to make one request; the interval counts from its end.
#[derive(Debug)]
pub(crate) struct Turn {
    lane: Arc<Lane>,
    interval: Duration,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        lock(&self.lane.tempo).rest(self.interval, Instant::now());
    }
}

impl Turn {
    /// The lane it is a turn of.
    pub(crate) fn lane(&self) -> &Arc<Lane> {
        &self.lane
    }
}

impl Pace {
    pub(crate) fn new(interval: Duration, in_flight: usize) -> Self {
        Self { interval, in_flight: in_flight.max(1), lanes: Mutex::default() }
    }

    /// Waits for our turn. Take the host's before the address's: the fixed order is what rules a deadlock out.
    pub(crate) async fn turn(&self, peer: &Peer) -> Turn {
        self.lane(peer).turn(self.interval).await
    }

    /// Waits until nobody else asks this peer anything, and keeps it so.
    pub(crate) async fn alone(&self, peer: &Peer) -> Turn {
        let all = u32::try_from(self.in_flight).unwrap_or(u32::MAX);
        self.lane(peer).turns(all, self.interval).await
    }

    /// Leaves a host alone for a while, as it asked.
    pub(crate) fn hold(&self, peer: &Peer, pause: Duration) {
        self.lane(peer).hold(pause);
    }

    /// The way to a peer.
    pub(crate) fn lane(&self, peer: &Peer) -> Arc<Lane> {
        let mut lanes = lock(&self.lanes);
        if lanes.len() >= SWEEP_AT {
            let now = Instant::now();
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || lock(&lane.tempo).next > now);
        }
        let fresh = || Lane {
            permits: Arc::new(Semaphore::new(self.in_flight)),
            tempo: Mutex::new(Tempo::new(Instant::now())),
        };
        Arc::clone(lanes.entry(peer.clone()).or_insert_with(|| Arc::new(fresh())))
    }
}

impl Lane {
    /// Waits for our turn; the interval is one's own, the peer's may be longer.
    pub(crate) async fn turn(self: &Arc<Self>, interval: Duration) -> Turn {
        self.turns(1, interval).await
    }

    async fn turns(self: &Arc<Self>, count: u32, interval: Duration) -> Turn {
        let permit = Arc::clone(&self.permits).acquire_many_owned(count).await.ok();
        loop {
            let due = lock(&self.tempo).claim(interval, Instant::now());
            let Err(due) = due else { break };
            sleep_until(due).await;
        }
        Turn { lane: Arc::clone(self), interval, _permit: permit }
    }

    /// Leaves the peer alone for a while, as it asked.
    pub(crate) fn hold(&self, pause: Duration) {
        lock(&self.tempo).not_before(Instant::now() + pause);
    }

    /// Takes in how the peer bore a request that was made at an interval.
    pub(crate) fn learn(&self, bore: Bore, interval: Duration) {
        lock(&self.tempo).learn(bore, interval);
    }
}

impl Tempo {
    fn new(now: Instant) -> Self {
        Self { next: now, slowed: Duration::ZERO, slow: 0, good: 0 }
    }

    /// Takes the next start when it is due; else says when it will be.
    fn claim(&mut self, interval: Duration, now: Instant) -> Result<(), Instant> {
        if now < self.next {
            return Err(self.next);
        }
        self.next = now + interval.max(self.slowed);
        Ok(())
    }

    /// A request has come to its end.
    fn rest(&mut self, interval: Duration, now: Instant) {
        self.not_before(now + interval.max(self.slowed));
    }

    fn not_before(&mut self, moment: Instant) {
        self.next = moment.max(self.next);
    }

    fn learn(&mut self, bore: Bore, interval: Duration) {
        let usual = interval.max(FIRST_STEP);
        self.good = if bore == Bore::Well { self.good.saturating_add(1) } else { 0 };
        self.slow = if bore == Bore::Slowly { self.slow.saturating_add(1) } else { 0 };
        if bore == Bore::Badly || self.slow >= SLOW_ANSWERS {
            self.slow = 0;
            self.slowed = (2 * self.slowed.max(usual)).min(LONGEST);
        } else if self.good >= GOOD_ANSWERS {
            self.good = 0;
            self.slowed = Some(self.slowed / 2).filter(|half| *half > usual).unwrap_or_default();
        }
    }
}

/// A panic elsewhere leaves a moment in time behind, which is never half-written.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn idle_lanes_are_swept_and_busy_ones_kept() {
        let pace = Pace::new(Duration::ZERO, 1);
        let busy = Peer::Host("busy".into());
        let turn = pace.turn(&busy).await;
        for n in 0..(3 * SWEEP_AT) {
            drop(pace.turn(&Peer::Host(n.to_string())).await);
        }
        assert!(lock(&pace.lanes).len() <= SWEEP_AT);
        assert!(lock(&pace.lanes).contains_key(&busy));
        drop(turn);
    }

    #[tokio::test]
    async fn two_requests_to_one_peer_are_an_interval_apart() {
        let pace = Pace::new(Duration::from_millis(30), 1);
        let peer = Peer::Address(IpAddr::from([127, 0, 0, 1]));
        let begun = Instant::now();
        for _ in 0..3 {
            drop(pace.turn(&peer).await);
        }
        assert!(begun.elapsed() >= Duration::from_millis(60));
    }

    /// How long after a request's end the next one is due, at an interval of our own.
    fn gap(tempo: &mut Tempo, interval: Duration) -> Duration {
        let now = tempo.next;
        assert_eq!(tempo.claim(interval, now), Ok(()));
        tempo.rest(interval, now);
        tempo.claim(interval, now).err().map_or(Duration::ZERO, |due| due - now)
    }

    #[test]
    fn a_host_that_has_enough_is_asked_half_as_often_until_it_bears_us_again() {
        let usual = Duration::from_millis(200);
        let mut tempo = Tempo::new(Instant::now());
        assert_eq!(gap(&mut tempo, usual), usual);
        for times in [2, 4, 8] {
            tempo.learn(Bore::Badly, usual);
            assert_eq!(gap(&mut tempo, usual), times * usual);
        }
        // nine good answers and a bad one: the ten are counted anew
        for _ in 0..9 {
            tempo.learn(Bore::Well, usual);
        }
        tempo.learn(Bore::Badly, usual);
        assert_eq!(gap(&mut tempo, usual), 16 * usual);
        for times in [8, 4, 2, 1, 1] {
            for _ in 0..10 {
                tempo.learn(Bore::Well, usual);
            }
            assert_eq!(gap(&mut tempo, usual), times * usual);
        }
        for _ in 0..50 {
            tempo.learn(Bore::Badly, usual);
        }
        assert_eq!(gap(&mut tempo, usual), LONGEST);
    }

    #[test]
    fn three_slow_answers_in_a_row_are_a_refusal_and_a_longer_interval_of_ours_stands() {
        let mut tempo = Tempo::new(Instant::now());
        let no_pace = Duration::ZERO;
        for bore in [Bore::Slowly, Bore::Slowly, Bore::Well, Bore::Slowly, Bore::Slowly] {
            tempo.learn(bore, no_pace);
            assert_eq!(gap(&mut tempo, no_pace), no_pace);
        }
        tempo.learn(Bore::Slowly, no_pace);
        assert_eq!(gap(&mut tempo, no_pace), 2 * FIRST_STEP);
        assert_eq!(gap(&mut tempo, Duration::from_secs(1)), Duration::from_secs(1));
    }

    #[tokio::test]
    async fn what_a_host_taught_one_task_another_knows() {
        let pace = Pace::new(Duration::ZERO, 1);
        let peer = Peer::Host("www.a.gov.cn".into());
        let turn = pace.turn(&peer).await;
        turn.lane().learn(Bore::Badly, Duration::ZERO);
        drop(turn);
        let begun = Instant::now();
        drop(pace.turn(&peer).await);
        assert!(begun.elapsed() >= FIRST_STEP);
    }
}
