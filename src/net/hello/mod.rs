//! Hand-made hellos: what a TLS port offers, asked without a library that would refuse to ask.
//!
//! ```text
//! survey ─▶ course ─▶ versions · elimination ─▶ ask ─▶ write ─▶ (network) ─▶ read ─▶ Flight
//!               └─▶ shaken (a real handshake)      suites, groups: what there is to ask for
//! ```
//!
//! But for one in a survey no handshake is completed: a hello goes out, the server's first flight comes back, the
//! connection is closed.

pub mod groups;
pub mod suites;
pub mod survey;

pub(crate) mod ask;
mod course;
mod elimination;
pub(crate) mod read;
mod shaken;
mod table;
mod versions;
pub(crate) mod write;

pub use shaken::Other;
pub use survey::{Offer, Survey, Unnamed};

/// A protocol that can be asked for, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// SSL 3.0 (RFC 6101).
    Ssl3,
    /// TLS 1.0 (RFC 2246).
    Tls10,
    /// TLS 1.1 (RFC 4346).
    Tls11,
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
    /// The Chinese TLCP (GB/T 38636).
    Tlcp,
}

impl Protocol {
    /// Every protocol, oldest first, TLCP last.
    pub const ALL: [Self; 6] =
        [Self::Ssl3, Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13, Self::Tlcp];

    /// SSL3.0, TLS1.0, TLS1.1, TLS1.2, TLS1.3 or TLCP1.1.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ssl3 => "SSL3.0",
            Self::Tls10 => "TLS1.0",
            Self::Tls11 => "TLS1.1",
            Self::Tls12 => "TLS1.2",
            Self::Tls13 => "TLS1.3",
            Self::Tlcp => "TLCP1.1",
        }
    }

    /// The number on the wire.
    pub(crate) fn wire(self) -> u16 {
        match self {
            Self::Ssl3 => 0x0300,
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
            Self::Tlcp => 0x0101,
        }
    }

    /// SSL 3.0 to TLS 1.2: certificates in the clear, one way to agree.
    pub(crate) fn is_classic(self) -> bool {
        self <= Self::Tls12
    }
}
