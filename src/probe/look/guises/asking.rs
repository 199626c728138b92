//! How a page is asked for in a guise, and what lies where a visitor is sent.

use std::cmp::Reverse;

use url::Url;
use xuncha_model::{
    Reason,
    facts::{GuiseFacts, http::Header, page::Origin},
};
use xuncha_net::{Ask, Guise, Session, Visit, Want};

use super::{super::Look, Round, compare::Shown};
use crate::{
    gateway,
    page::{self, Given},
    stranger::is_stranger,
};

/// Redirects within the host that are followed.
const REDIRECTS: usize = 5;
/// Bytes of a page at another host that are read.
const ENOUGH: usize = 256 << 10;

impl Look<'_> {
    /// What lies at the foreign host where a visitor ended, by our own name.
    pub(super) async fn landing(&mut self, url: &Url, facts: &mut GuiseFacts) {
        let ask = Ask { most: Some(ENOUGH), ..Ask::default() };
        let visit = self.eye.door.visit_as(url, &[], ask).await;
        self.count(&visit);
        if let Some(wall) = gateway::gateway(&visit) {
            facts.reason = Reason::Gateway(wall.name);
        }
        let read = page::read(&Given {
            url: &visit.final_url,
            origin: Origin::Inner,
            at: self.at,
            status: visit.status,
            headers: &visit.headers,
            text: &visit.text,
            encoding: &visit.encoding,
            declared_encoding: &visit.declared_encoding,
        });
        facts.injected = page::injected_in(&read.facts.title, &read.text);
        facts.title = read.facts.title;
        facts.injected.sort_by_key(|found| Reverse(found.weight));
    }

    /// A page in a guise, redirects within its host followed.
    pub(super) async fn fetched(
        &mut self,
        session: &mut Session,
        guise: Guise<'_>,
        (url, origin): (&Url, Origin),
    ) -> Shown {
        let mut at = url.clone();
        for _ in 0..=REDIRECTS {
            let want =
                Want { url: &at, head_only: false, etag: "", modified: "", text_only: true, guise };
            let fetched = session.fetch(&want).await;
            self.requests = self.requests.saturating_add(1);
            let Some(next) = fetched.location.clone() else {
                let answer = Answer {
                    reason: &fetched.reason,
                    status: fetched.status,
                    headers: &fetched.headers,
                    text: &fetched.text,
                };
                return self.shown(&at, origin, &answer);
            };
            if next.host_str() != url.host_str() {
                return Shown::sent(next);
            }
            at = next;
        }
        Shown::failed(Reason::RedirectLimit)
    }

    pub(super) fn shown(&self, url: &Url, origin: Origin, answer: &Answer<'_>) -> Shown {
        if let Some(wall) = gateway::answered(answer.status, answer.headers, answer.text) {
            return Shown::failed(Reason::Gateway(wall.name));
        }
        if !answer.reason.is_ok() {
            return Shown::failed(answer.reason.clone());
        }
        let read = page::read(&Given {
            url,
            origin,
            at: self.at,
            status: answer.status,
            headers: answer.headers,
            text: answer.text,
            encoding: "",
            declared_encoding: "",
        });
        let own = url.host_str().unwrap_or_default();
        Shown::page(read, |host| is_stranger(&self.eye.register, own, host))
    }

    /// Connections that nobody else uses, and no cookie.
    pub(super) fn session(&self, url: &Url, round: &Round) -> Session {
        self.eye.door.session(self.own_of(url), round.interval)
    }
}

/// What of an answer is looked at.
pub(super) struct Answer<'a> {
    reason: &'a Reason,
    status: u16,
    headers: &'a [Header],
    text: &'a str,
}

pub(super) fn answer_of(visit: &Visit) -> Answer<'_> {
    Answer {
        reason: &visit.reason,
        status: visit.status,
        headers: &visit.headers,
        text: &visit.text,
    }
}
