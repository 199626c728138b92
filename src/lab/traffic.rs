//! What reached the lab: counted, so that a test can show that something did not.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// What has reached the lab since it started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// Questions to the name server.
    pub dns: u64,
    /// TCP connections to the machines.
    pub connections: u64,
    /// HTTP requests by the host they asked for, in ASCII.
    pub http: BTreeMap<String, u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    dns: AtomicU64,
    connections: AtomicU64,
    http: Mutex<BTreeMap<String, u64>>,
}

impl Counters {
    pub(crate) fn question(&self) {
        self.dns.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn connection(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn request(&self, host: &str) {
        let mut http = self.http.lock().unwrap_or_else(PoisonError::into_inner);
        *http.entry(host.to_owned()).or_default() += 1;
    }

    pub(crate) fn read(&self) -> Requests {
        Requests {
            dns: self.dns.load(Ordering::Relaxed),
            connections: self.connections.load(Ordering::Relaxed),
            http: self.http.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}
