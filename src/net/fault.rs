//! Why a step failed, in the codes of the model: the site's doing and our own kept apart.

use std::{io, time::Duration};

use xuncha_model::Reason;

/// A failed step: a code for machines, and a few words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The code.
    pub reason: Reason,
    /// What happened, in English, one line.
    pub detail: String,
}

impl Fault {
    /// A fault with its words.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    /// Nothing came within the time allowed.
    pub(crate) fn late(reason: Reason, allowed: Duration) -> Self {
        Self::new(reason, format!("nothing within {:.1} s", allowed.as_secs_f64()))
    }

    /// Why a connection could not be made.
    pub(crate) fn connecting(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        let reason = match error.kind() {
            _ if is_ours(error) => Reason::SelfNetwork,
            Kind::ConnectionRefused => Reason::ConnectRefused,
            Kind::HostUnreachable | Kind::NetworkUnreachable => Reason::ConnectUnreachable,
            Kind::TimedOut => Reason::ConnectTimeout,
            _ => Reason::ConnectReset,
        };
        Self::new(reason, error.to_string())
    }
}

/// Errors of this machine, not of the peer: no descriptors, no memory, no local port, no interface, a local firewall.
pub(crate) fn is_ours(error: &io::Error) -> bool {
    // ENOMEM 12, EACCES 13, ENFILE 23, EMFILE 24, EPERM 1, EADDRNOTAVAIL 99, ENETDOWN 100, ENOBUFS 105 (Linux)
    matches!(error.raw_os_error(), Some(1 | 12 | 13 | 23 | 24 | 99 | 100 | 105))
}

/// The first I/O error in a chain of causes.
pub(crate) fn io_cause<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a io::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_out_of_descriptors_accuses_nobody() {
        let of = |errno| Fault::connecting(&io::Error::from_raw_os_error(errno)).reason;
        assert_eq!(of(24), Reason::SelfNetwork);
        assert_eq!(of(111), Reason::ConnectRefused);
        assert_eq!(of(113), Reason::ConnectUnreachable);
    }
}
