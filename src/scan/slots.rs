//! Who may look now: a look that waits for a site without an answer gives its place to the next (threats.md T7).

use std::time::Duration;

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout_at},
};
use xuncha_net::Pulse;

/// A look in which nothing moves for so long keeps no place.
const PATIENCE: Duration = Duration::from_secs(2);
/// So many times the places may be under way at once, the waiting ones with them.
const WAITING: usize = 4;

/// The places of a round.
pub(crate) struct Slots {
    places: Semaphore,
    most: usize,
}

impl Slots {
    /// Places for so many looks that move.
    pub(crate) fn new(places: usize) -> Self {
        Self { places: Semaphore::new(places), most: places.saturating_mul(WAITING) }
    }

    /// How many looks may be under way, the waiting ones with them.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Waits for a place, in the order of asking.
    pub(crate) async fn take(&self) -> Option<SemaphorePermit<'_>> {
        // an error means that the places were closed, which nobody does
        self.places.acquire().await.ok()
    }
}

/// Brings a look to its end; what is left of its place comes with the answer.
pub(crate) async fn patiently<'s, T>(
    mut look: impl Future<Output = T> + Unpin,
    pulse: &Pulse,
    slot: Option<SemaphorePermit<'s>>,
) -> (T, Option<SemaphorePermit<'s>>) {
    loop {
        let until = Instant::from_std(pulse.last() + PATIENCE);
        match timeout_at(until, &mut look).await {
            Ok(answer) => return (answer, slot),
            Err(_) if pulse.last() + PATIENCE <= until.into_std() => break,
            Err(_) => {}
        }
    }
    drop(slot);
    (look.await, None)
}

#[cfg(test)]
mod tests {
    use futures_util::future::join;
    use tokio::time::sleep;

    use super::*;

    #[tokio::test]
    async fn a_look_that_waits_gives_its_place_away_and_one_that_ends_keeps_it() {
        let slots = Slots::new(1);
        let begun = Instant::now();
        let slow = async {
            let look = Box::pin(sleep(2 * PATIENCE));
            patiently(look, &Pulse::default(), slots.take().await).await.1.is_some()
        };
        let next = async {
            let slot = slots.take().await;
            let waited = begun.elapsed();
            (patiently(Box::pin(async {}), &Pulse::default(), slot).await.1.is_some(), waited)
        };
        let (kept, (next, waited)) = join(slow, next).await;
        assert!(!kept && next);
        assert!(waited >= PATIENCE && waited < 2 * PATIENCE, "{waited:?}");
    }
}
