//! Suites by elimination: offer a list, drop what the server picked, offer the rest, until it refuses.
//!
//! One connection a suite that is taken, and one for the refusal; asking for every suite by itself takes ten times as many.

use futures_util::future::join_all;

use super::{
    Protocol,
    ask::{Answer, Line, Refusal},
    read::{Depth, Flight},
};

/// A list that was offered, and what was picked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Round {
    offered: Vec<u16>,
    picked: u16,
}

/// How an elimination ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With a refusal, or with nothing left to offer.
    Settled,
    /// With a connection closed without a word.
    Closed,
    /// Without an answer.
    Open,
}

/// What is known of a protocol that the server takes.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) protocol: Protocol,
    /// The first flight, whole.
    pub(crate) first: Flight,
    /// Bits of the smallest Diffie-Hellman prime; 0 without one.
    pub(crate) dh_bits: u32,
    /// The groups that were picked.
    pub(crate) groups: Vec<u16>,
    /// Every question about this protocol was answered.
    pub(crate) complete: bool,
    /// A list ended with a connection closed without a word: it may have been the list, or somebody who had enough of us.
    pub(crate) closed: bool,
    /// The server's own order was told from ours by a list turned round.
    turned: Option<bool>,
    rounds: Vec<Round>,
}

impl Known {
    /// From the answer to a first list.
    pub(crate) fn new(protocol: Protocol, offered: Vec<u16>, first: Flight) -> Self {
        let (dh_bits, groups) = (first.dh_bits, first.group.into_iter().collect());
        let rounds = vec![Round { offered, picked: first.suite }];
        Self {
            protocol,
            first,
            dh_bits,
            groups,
            complete: true,
            closed: false,
            turned: None,
            rounds,
        }
    }

    /// The list that the first pick was made from.
    pub(crate) fn first_list(&self) -> &[u16] {
        self.rounds.first().map_or(&[], |round| &round.offered)
    }

    /// The suites that were picked, in the order in which they were found.
    pub(crate) fn suites(&self) -> Vec<u16> {
        self.rounds.iter().map(|round| round.picked).collect()
    }

    /// Whether the server picks by its own order; `None` with fewer than two suites, or when it was not settled.
    pub(crate) fn own_order(&self) -> Option<bool> {
        let several = self.rounds.len() > 1;
        several.then(|| if self.overruled() { Some(true) } else { self.turned })?
    }

    /// It passed over a suite it takes, and that stood before the one it picked.
    fn overruled(&self) -> bool {
        let suites = self.suites();
        self.rounds.iter().any(|round| {
            round.offered.iter().find(|code| suites.contains(code)) != Some(&round.picked)
        })
    }

    /// Eliminates within each of these lists, side by side; what was picked before is left out.
    pub(crate) async fn eliminate(&mut self, line: &Line<'_>, lists: Vec<Vec<u16>>) {
        let done = self.suites();
        let chains = lists.into_iter().map(|mut list| {
            list.retain(|code| !done.contains(code));
            self.chain(line, list)
        });
        let chains: Vec<_> = join_all(chains).await;
        for (rounds, end) in chains {
            self.complete &= end != End::Open;
            self.closed |= end == End::Closed;
            for (round, flight) in rounds {
                self.note(&flight);
                self.rounds.push(round);
            }
        }
    }

    async fn chain(&self, line: &Line<'_>, mut list: Vec<u16>) -> (Vec<(Round, Flight)>, End) {
        let mut rounds = Vec::new();
        while !list.is_empty() {
            match line.ask(self.protocol, &list, Depth::Suite).await {
                Answer::Taken(flight) => {
                    let picked = flight.suite;
                    rounds.push((Round { offered: list.clone(), picked }, *flight));
                    list.retain(|code| *code != picked);
                }
                Answer::Refused(Refusal::Closed) => return (rounds, End::Closed),
                Answer::Refused(_) => break,
                Answer::Silent(_) | Answer::Unasked(_) => return (rounds, End::Open),
            }
        }
        (rounds, End::Settled)
    }

    /// Settles the order with the known suites turned round, when no pick has settled it yet.
    pub(crate) async fn turn(&mut self, line: &Line<'_>) {
        if self.rounds.len() < 2 || self.overruled() {
            return;
        }
        // every pick so far was the first of ours: by our order, or by one of its own that is the same
        let mut list = self.suites();
        list.sort_unstable_by(|one, other| other.cmp(one));
        let Answer::Taken(flight) = line.ask(self.protocol, &list, Depth::Suite).await else {
            self.complete = false;
            return;
        };
        self.note(&flight);
        self.turned = Some(list.first() != Some(&flight.suite));
    }

    fn note(&mut self, flight: &Flight) {
        if flight.dh_bits != 0 && (self.dh_bits == 0 || flight.dh_bits < self.dh_bits) {
            self.dh_bits = flight.dh_bits;
        }
        if let Some(group) = flight.group
            && !self.groups.contains(&group)
        {
            self.groups.push(group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(rounds: &[(&[u16], u16)]) -> Known {
        let mut known = Known::new(Protocol::Tls12, Vec::new(), Flight::default());
        known.rounds = rounds
            .iter()
            .map(|(offered, picked)| Round { offered: offered.to_vec(), picked: *picked })
            .collect();
        known
    }

    #[test]
    fn passing_over_a_suite_shows_an_order_of_its_own() {
        assert_eq!(known(&[(&[1, 2, 3], 3), (&[1, 2], 1)]).own_order(), Some(true));
        assert_eq!(known(&[(&[1, 2, 3], 1), (&[2, 3], 3)]).own_order(), None);
        assert_eq!(known(&[(&[1, 2, 3], 3)]).own_order(), None, "one suite has no order");
    }

    #[test]
    fn a_list_turned_round_settles_what_the_picks_left_open() {
        let mut open = known(&[(&[1, 2, 3], 1), (&[2, 3], 3)]);
        open.turned = Some(false);
        assert_eq!(open.own_order(), Some(false));
        open.turned = Some(true);
        assert_eq!(open.own_order(), Some(true));
    }
}
