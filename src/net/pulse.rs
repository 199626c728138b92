//! Whether a look moves: one that waits for a site without an answer must not keep the others waiting (threats.md T7).

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// When something last began or ended; clones share it.
#[derive(Clone, Debug)]
pub struct Pulse(Arc<Mutex<Instant>>);

impl Default for Pulse {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

impl Pulse {
    /// When it last moved.
    pub fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something began or ended.
    pub(crate) fn beat(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Beats at the beginning and at the end of some work.
    pub(crate) async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        self.beat();
        let done = work.await;
        self.beat();
        done
    }
}
