//! The home page and a few inner ones once more, as search engines' spiders and the readers they send are shown them.
//!
//! ```text
//! everybody: home · column · 2 articles ─▶ each guise: home (spider, referer: all) ─▶ strange? ─▶ everybody, then the guise again
//! ```
//!
//! # Decisions
//!
//! 2026-11-24: everybody is asked as ourselves, by our own name. A guise is put on before the site's own host alone, for at
//! most fourteen requests in a daily or a full look, one connection at a time and at the site's pace. Where a redirect leads
//! to another host, that is the answer; what is there is looked at by our own name.
//!
//! 2026-11-24: cookies are not shared between guises: a site may hide from whom it has met before.
//!
//! 2026-11-24: a spider that is refused (403, 429, a gateway) is shown nothing, and that is a site's right: search engines
//! prove themselves by their addresses, and we cannot. Where all are refused nothing was seen.
//!
//! 2026-11-24: a site whose home page takes long is not asked for it eight times more: two visitors have to do.

mod asking;
mod compare;

use std::{sync::LazyLock, time::Duration};

use serde::Deserialize;
use tokio::time::{Instant, sleep};
use url::Url;
use xuncha_model::{
    Facts, Reason, Seen,
    facts::{
        GuiseFacts,
        page::{Origin, PageFacts, PageKind},
    },
};
use xuncha_net::{Guise, Visit};

use self::asking::answer_of;
use self::compare::{Shown, both, compared, strange};
use super::{Look, beyond::not_had, crawl::settings};
use crate::{Profile, Target, lists, stranger::is_stranger};

/// Inner pages that are looked at: one column and two articles.
const INNER: &[(PageKind, usize)] = &[(PageKind::Column, 1), (PageKind::Article, 2)];
/// A home page that takes so long is slow.
const SLOW: Duration = Duration::from_secs(3);
/// The longest time for all visitors, and for all second looks; what comes after is not looked at.
const LONGEST: Duration = Duration::from_secs(300);

/// A visitor of `rules/lists/guises.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Visitor {
    name: String,
    agent: String,
    #[serde(default)]
    referer: String,
    /// Inner pages are looked at too.
    #[serde(default)]
    inner: bool,
}

static VISITORS: LazyLock<Vec<Visitor>> = LazyLock::new(|| {
    let list = include_str!("../../../../rules/lists/guises.yaml");
    lists::read("guises.yaml", list).unwrap_or_default()
});

impl Visitor {
    fn guise(&self) -> Guise<'_> {
        Guise { agent: &self.agent, referer: &self.referer }
    }
}

/// A page, and what everybody was shown of it: one look, for the home page two.
struct Sample {
    url: Url,
    origin: Origin,
    everybody: Vec<Shown>,
}

impl Sample {
    fn new(url: Url, origin: Origin, everybody: Vec<Shown>) -> Self {
        Self { url, origin, everybody }
    }

    fn page(&self) -> (&Url, Origin) {
        (&self.url, self.origin)
    }
}

/// What one visitor was shown of one page.
struct Beheld<'s> {
    visitor: &'static Visitor,
    sample: &'s Sample,
    facts: GuiseFacts,
}

/// All visitors' looks at a site.
struct Round {
    interval: Duration,
    deadline: Instant,
    /// Something was not looked at.
    cut: bool,
}

impl Look<'_> {
    /// What spiders and readers from search engines are shown; unseen in a quick look, and where the site was not had.
    pub(super) async fn guises(&mut self, target: &Target, home: &Visit, facts: &mut Facts) {
        let unseen = |reason, detail: &str| Seen::unseen(reason, detail);
        let ended = facts.crawl.seen().map_or("", |crawl| crawl.ended.as_str());
        facts.guises = if self.eye.profile == Profile::Quick || !facts.running {
            unseen(Reason::NotLooked, "")
        } else if let Some(reason) = not_had(home) {
            unseen(reason, &home.detail)
        } else if !self.is_own(home) {
            unseen(Reason::RedirectElsewhere, "the home page lies at another host")
        } else if ended == "gateway" {
            unseen(Reason::Gateway("crawl".to_owned()), "")
        } else {
            let inner = inner(&home.final_url, facts.pages.seen().map_or(&[], Vec::as_slice));
            let site = match target {
                Target::Registered(site) => Some(site),
                Target::Bare(_) => None,
            };
            let mut round = Round {
                interval: settings(self.eye, site).interval,
                deadline: Instant::now() + LONGEST,
                cut: false,
            };
            let seen = Box::pin(self.beheld(home, inner, &mut round)).await;
            if round.cut {
                facts.partial.push("guises".to_owned());
                facts.partial.sort();
                facts.partial.dedup();
            }
            seen
        };
    }

    /// What each visitor is shown of the home page and of inner ones.
    async fn beheld(
        &mut self,
        home: &Visit,
        inner: Vec<Url>,
        round: &mut Round,
    ) -> Seen<Vec<GuiseFacts>> {
        let slow = home.total >= SLOW;
        let first = self.shown(&home.final_url, Origin::Home, &answer_of(home));
        let home = Sample::new(home.final_url.clone(), Origin::Home, vec![first]);
        let inner = inner.into_iter().map(|url| Sample::new(url, Origin::Inner, Vec::new()));
        let mut session = self.session(&home.url, round);
        let mut samples = Vec::new();
        for mut sample in std::iter::once(home).chain(inner) {
            let shown = self.fetched(&mut session, Guise::default(), sample.page()).await;
            if shown.reason.is_ok() && shown.elsewhere.is_none() {
                sample.everybody.push(shown);
                samples.push(sample);
            } else if samples.is_empty() {
                let away = shown.elsewhere.map(|_| Reason::RedirectElsewhere);
                return Seen::unseen(away.unwrap_or(shown.reason), "as everybody, the second time");
            } else {
                round.cut = true;
            }
        }
        drop(session);
        let mut seen = Vec::new();
        for visitor in VISITORS.iter() {
            if slow && !visitor.inner {
                round.cut = true;
                continue;
            }
            let many = if visitor.inner { samples.len() } else { 1 };
            self.visitor(visitor, samples.iter().take(many), round, &mut seen).await;
        }
        self.once_more(round, &mut seen).await;
        let seen: Vec<_> = seen.into_iter().map(|beheld| beheld.facts).collect();
        if seen.iter().any(|facts| facts.reason.is_ok()) {
            return Seen::Seen(seen);
        }
        let reason = seen.into_iter().next().map(|facts| facts.reason);
        Seen::unseen(reason.unwrap_or(Reason::LimitTime), "every visitor is refused")
    }

    /// What one visitor is shown.
    async fn visitor<'s>(
        &mut self,
        visitor: &'static Visitor,
        samples: impl Iterator<Item = &'s Sample>,
        round: &mut Round,
        seen: &mut Vec<Beheld<'s>>,
    ) {
        let mut session = None;
        for sample in samples {
            if Instant::now() >= round.deadline {
                round.cut = true;
                return;
            }
            let session = session.get_or_insert_with(|| self.session(&sample.url, round));
            let shown = self.fetched(session, visitor.guise(), sample.page()).await;
            let facts = self.beside(visitor, sample, &shown, None);
            seen.push(Beheld { visitor, sample, facts });
        }
    }

    /// A second look at what is strange, everybody's first: what changes by itself, and what passes, accuses nobody.
    async fn once_more(&mut self, round: &Round, seen: &mut [Beheld<'_>]) {
        let (mut waited, end) = (false, round.deadline + LONGEST);
        for Beheld { visitor, sample, facts } in seen {
            if !strange(facts) {
                continue;
            }
            if Instant::now() >= end {
                // seen once only
                facts.reason = Reason::LimitTime;
                continue;
            }
            if !std::mem::replace(&mut waited, true) {
                sleep(self.eye.second_look).await;
            }
            let mut session = self.session(&sample.url, round);
            let plain = self.fetched(&mut session, Guise::default(), sample.page()).await;
            session = self.session(&sample.url, round);
            let shown = self.fetched(&mut session, visitor.guise(), sample.page()).await;
            *facts = both(facts, self.beside(visitor, sample, &shown, Some(&plain)));
            if !plain.reason.is_ok() {
                // everybody is refused now: it is not known what everybody is shown
                facts.reason = match plain.reason {
                    // that it is refused says nothing of what the visitor was shown
                    Reason::Gateway(_) | Reason::HttpStatus(_) => Reason::NotLooked,
                    reason => reason,
                };
            } else if facts.foreign
                && let Ok(url) = facts.elsewhere.parse()
            {
                self.landing(&url, facts).await;
            }
        }
    }

    /// One visitor's page beside everybody's, who may have looked `again`.
    fn beside(
        &self,
        visitor: &Visitor,
        sample: &Sample,
        shown: &Shown,
        again: Option<&Shown>,
    ) -> GuiseFacts {
        let everybody: Vec<_> = sample.everybody.iter().chain(again).collect();
        let own = sample.url.host_str().unwrap_or_default();
        let strange = |host: &str| is_stranger(&self.eye.register, own, host);
        let facts = compared((&sample.url, &visitor.name), shown, &everybody, strange);
        GuiseFacts { ordinary: ordinary(&everybody), ..facts }
    }
}

/// How much of the text is the same in two looks as everybody.
fn ordinary(everybody: &[&Shown]) -> u32 {
    let pairs = everybody.windows(2).filter_map(|pair| match pair {
        [one, other] => Some(one.likeness(other)),
        _ => None,
    });
    pairs.min().unwrap_or(100)
}

/// The inner pages that are looked at: of each kind the first that were read, on the host of the home page.
fn inner(home: &Url, pages: &[PageFacts]) -> Vec<Url> {
    let read = |page: &&PageFacts| {
        page.origin == Origin::Inner && page.reason.is_ok() && page.status == 200
    };
    let mut urls = Vec::new();
    for (kind, most) in INNER {
        let of_kind = pages.iter().filter(read).filter(|page| page.kind == *kind);
        let of_kind = of_kind.filter_map(|page| page.url.parse::<Url>().ok());
        urls.extend(of_kind.filter(|url| url.host_str() == home.host_str()).take(*most));
    }
    urls
}
