//! What is known from before a look: the caller remembers, the probe only looks.

use xuncha_model::{
    Reason, Seen,
    facts::{availability::WeekFacts, content::ConfirmedPage, dns::ConfirmedBaseline},
};

/// What a look is given besides its target.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    /// What the site's name should answer.
    pub dns: Option<ConfirmedBaseline>,
    /// What the home page looked like when it was confirmed.
    pub page: Option<ConfirmedPage>,
    /// What the stored probes of the last seven days say; unseen without a store.
    pub week: Seen<WeekFacts>,
    /// This vantage reaches the outside over IPv6: else nothing is said of a site's IPv6.
    pub ipv6: bool,
}

impl Default for Memory {
    /// Nothing is known.
    fn default() -> Self {
        let week = Seen::unseen(Reason::NotLooked, "no store");
        Self { dns: None, page: None, week, ipv6: false }
    }
}
