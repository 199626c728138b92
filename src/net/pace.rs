//! Our pace towards one host and one address, shared by every task of the process (threats.md T40).

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

/// Slots kept before the idle ones are swept out.
const SWEEP_AT: usize = 4096;

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
    slots: Mutex<HashMap<Peer, Arc<Slot>>>,
}

#[derive(Debug)]
struct Slot {
    permits: Arc<Semaphore>,
    next: Mutex<Instant>,
}

/// The right to make one request; the interval counts from its end.
#[derive(Debug)]
pub(crate) struct Turn {
    slot: Arc<Slot>,
    interval: Duration,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.slot.not_before(Instant::now() + self.interval);
    }
}

impl Pace {
    pub(crate) fn new(interval: Duration, in_flight: usize) -> Self {
        Self { interval, in_flight: in_flight.max(1), slots: Mutex::default() }
    }

    /// Waits for our turn. Take the host's before the address's: the fixed order is what rules a deadlock out.
    pub(crate) async fn turn(&self, peer: &Peer) -> Turn {
        self.turns(peer, 1).await
    }

    /// Waits until nobody else asks this peer anything, and keeps it so.
    pub(crate) async fn alone(&self, peer: &Peer) -> Turn {
        self.turns(peer, u32::try_from(self.in_flight).unwrap_or(u32::MAX)).await
    }

    async fn turns(&self, peer: &Peer, count: u32) -> Turn {
        let slot = self.slot(peer);
        let permit = Arc::clone(&slot.permits).acquire_many_owned(count).await.ok();
        while let Some(until) = slot.claim(self.interval) {
            sleep_until(until).await;
        }
        Turn { slot, interval: self.interval, _permit: permit }
    }

    /// Leaves a host alone for a while, as it asked.
    pub(crate) fn hold(&self, peer: &Peer, pause: Duration) {
        self.slot(peer).not_before(Instant::now() + pause);
    }

    fn slot(&self, peer: &Peer) -> Arc<Slot> {
        let mut slots = lock(&self.slots);
        if slots.len() >= SWEEP_AT {
            let now = Instant::now();
            slots.retain(|_, slot| Arc::strong_count(slot) > 1 || *lock(&slot.next) > now);
        }
        let fresh = || Slot {
            permits: Arc::new(Semaphore::new(self.in_flight)),
            next: Mutex::new(Instant::now()),
        };
        Arc::clone(slots.entry(peer.clone()).or_insert_with(|| Arc::new(fresh())))
    }
}

impl Slot {
    /// Takes the next start when it is due; else says when it will be.
    fn claim(&self, interval: Duration) -> Option<Instant> {
        let mut next = lock(&self.next);
        let now = Instant::now();
        if now < *next {
            return Some(*next);
        }
        *next = now + interval;
        None
    }

    fn not_before(&self, moment: Instant) {
        let mut next = lock(&self.next);
        *next = moment.max(*next);
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
    async fn idle_slots_are_swept_and_busy_ones_kept() {
        let pace = Pace::new(Duration::ZERO, 1);
        let busy = Peer::Host("busy".into());
        let turn = pace.turn(&busy).await;
        for n in 0..(3 * SWEEP_AT) {
            drop(pace.turn(&Peer::Host(n.to_string())).await);
        }
        assert!(lock(&pace.slots).len() <= SWEEP_AT);
        assert!(lock(&pace.slots).contains_key(&busy));
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
}
