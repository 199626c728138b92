//! The doors of a host: plain HTTP, HTTPS and the TLS port, taken from the home visit where it came by.

use tokio::time::sleep;
use url::Url;
use xuncha_model::{
    Facts, Reason, Seen,
    facts::{HttpFacts, LookOutcome, OfferFacts, TlsFacts, http::Visit as VisitFacts},
};
use xuncha_net::{Handshake, Shake, Visit};

use super::{Look, home::greeted};
use crate::{http, offers, tls};

impl Look<'_> {
    /// `http://host/` and `https://host/`, taken from the home visit where it came by, and the TLS port.
    pub(super) async fn others(&mut self, host: &str, home: &Visit, facts: &mut Facts) {
        let door = self.eye.door.clone();
        let roots = door.roots();
        let at = self.at;
        let (Ok(plain), Ok(secure)) =
            (Url::parse(&format!("http://{host}/")), Url::parse(&format!("https://{host}/")))
        else {
            return;
        };
        // without an address, or behind the guard, there is nothing further to ask
        let mute = home.hops.len() == 1
            && home.hops.iter().all(|hop| hop.address.is_empty())
            && !home.reason.is_ok();
        let mut secured = None;
        let mut facts_of = async |url: &Url| match http::on_the_way(home, url, roots, at) {
            Some(seen) => seen,
            None if mute => Seen::unseen(home.reason.clone(), home.detail.clone()),
            None => {
                let mut visit = self.visit(url, true).await;
                if passing(&visit.reason) {
                    sleep(self.eye.second_look).await;
                    visit = self.visit(url, true).await;
                }
                let seen = http::facts(&visit, roots, at);
                if url.scheme() == "https" {
                    secured = Some(visit);
                }
                seen
            }
        };
        let plain = facts_of(&plain).await;
        let secure = facts_of(&secure).await;
        let visits = [Some(home), secured.as_ref()];
        facts.tls = self.tls(host, &visits, &secure, mute.then_some(home)).await;
        facts.offers = self.offers(host, &secure, &mut facts.tls).await;
        let home = http::facts(home, roots, at);
        let read = home.seen().is_some_and(|home| home.reason.is_ok());
        // a refused handshake leaves it open whether the host lives; a dead plain port settles it
        let lives = shakes_of(&visits).any(|shake| shake.handshake.speaks_otherwise);
        if let (Seen::Seen(availability), Some(plain)) = (&mut facts.availability, plain.seen())
            && facts.running
            && !read
            && !lives
            && greeted(&availability.reason)
            && dead(&plain.reason)
        {
            availability.outcome = LookOutcome::Down;
        }
        facts.http = Seen::Seen(HttpFacts {
            home,
            plain,
            secure,
            ipv6: Seen::unseen(Reason::NotLooked, ""),
            missing: Seen::unseen(Reason::NotLooked, ""),
            exposed: Seen::unseen(Reason::NotLooked, ""),
        });
    }

    /// What the TLS port offers, where there is one that speaks TLS; what other addresses show goes to the certificates.
    async fn offers(
        &mut self,
        host: &str,
        secure: &Seen<VisitFacts>,
        tls: &mut Seen<TlsFacts>,
    ) -> Seen<OfferFacts> {
        let secure = match secure {
            Seen::Seen(secure) => secure,
            Seen::Unseen(mark) => return Seen::Unseen(mark.clone()),
        };
        // the visit got no further than the connection, or met something else
        let shut = secure.hops.len() == 1
            && (secure.reason.to_string().starts_with("connect.")
                || matches!(secure.reason, Reason::TlsNotTls | Reason::TlsTimeout));
        if shut {
            return Seen::unseen(secure.reason.clone(), secure.detail.clone());
        }
        let survey = self.eye.door.survey(host, 443, &self.own).await;
        if let (Ok(survey), Seen::Seen(tls)) = (&survey, tls) {
            tls::add_others(tls, &survey.others, self.eye.door.roots(), self.at);
        }
        let seen = offers::facts(survey, self.at);
        let made = seen.seen().map_or(1, |offers| offers.connections);
        self.requests = self.requests.saturating_add(made);
        seen
    }

    /// The handshake with the host's port 443, from a visit that had it.
    async fn tls(
        &mut self,
        host: &str,
        visits: &[Option<&Visit>],
        secure: &Seen<VisitFacts>,
        mute: Option<&Visit>,
    ) -> Seen<TlsFacts> {
        let roots = self.eye.door.roots();
        if let Some(home) = mute {
            return Seen::unseen(home.reason.clone(), home.detail.clone());
        }
        if let Some(shake) = shakes_of(visits).find(|shake| shake.host == host && shake.port == 443)
        {
            return tls::facts(shake, roots, self.at);
        }
        // the visit got no further than the connection: asking again would tell nothing new
        if let Some(visit) =
            secure.seen().filter(|visit| !visit.reason.is_ok() && visit.hops.len() == 1)
        {
            let shake = Shake {
                host: host.to_owned(),
                port: 443,
                address: visit.hops.first().map(|hop| hop.address.clone()).unwrap_or_default(),
                reason: visit.reason.clone(),
                detail: visit.detail.clone(),
                handshake: Handshake::default(),
                legacy: false,
                connections: 0,
            };
            return tls::facts(&shake, roots, self.at);
        }
        let shake = self.eye.door.handshake(host, 443, &self.own).await;
        self.requests = self.requests.saturating_add(shake.connections.max(1));
        tls::facts(&shake, self.eye.door.roots(), self.at)
    }
}

fn shakes_of<'v>(visits: &'v [Option<&'v Visit>]) -> impl Iterator<Item = &'v Shake> {
    visits.iter().flatten().flat_map(|visit| &visit.shakes)
}

/// Nothing lives behind the port.
fn dead(reason: &Reason) -> bool {
    let network = reason.to_string().starts_with("connect.");
    network || matches!(reason, Reason::HttpReset | Reason::HttpTimeout | Reason::HttpEmpty)
}

/// A failure to connect that a second look may not meet again.
fn passing(reason: &Reason) -> bool {
    matches!(reason, Reason::ConnectTimeout | Reason::ConnectReset | Reason::ConnectUnreachable)
}
