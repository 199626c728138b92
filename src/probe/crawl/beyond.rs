//! What lies beyond the site's own hosts, and the second looks: foreign links, hosts in no register entry, suspects.

use std::{collections::HashMap, time::Duration};

use futures_util::stream::{self, StreamExt as _};
use tokio::time::{Instant, sleep};
use url::Url;
use xuncha_model::{Reason, Seen, facts::HostFacts};
use xuncha_net::{Ask, Door, Visit};

use super::{
    check::{self, Answer, Checked, Outcome},
    engine::{Crawler, Way},
    frontier::{self, Task},
    journal::Entry,
    outbound,
    robots::Robots,
};
use crate::{gateway::gateway, stranger::is_stranger, title::title};

/// Foreign hosts that are asked at the same time, each one connection.
const AT_ONCE: usize = 8;

/// The longest time between two looks that a crawl waits for.
const WAITED_FOR: Duration = Duration::from_secs(120);
/// Hosts in no register entry that are asked.
const MOST_HOSTS: usize = 20;

/// How a foreign link is asked for, first and then.
const HEAD: Ask = Ask { head_only: true, ipv6_only: false, stay: false, most: None };
const GET: Ask = Ask { head_only: false, ipv6_only: false, stay: false, most: None };

impl Crawler<'_> {
    /// Links to other hosts: each host one request at a time, and as its robots.txt allows.
    pub(super) async fn beyond(&mut self, tasks: Vec<Task>) {
        let mut had: HashMap<String, Entry> = HashMap::new();
        while let Some(entry) = self.journal.replay().await {
            had.insert(entry.url.clone(), entry);
        }
        let mut hosts: Vec<(String, Vec<Task>)> = Vec::new();
        for task in tasks {
            if let Some(entry) = had.remove(task.url.as_str()) {
                self.counts.resumed += 1;
                self.outbound.extend(entry.outbound);
                if let Some(link) = Checked::of(&task) {
                    self.checks.note(&link, entry.outcome, entry.at);
                }
                continue;
            }
            let host = task.url.host_str().unwrap_or_default();
            match hosts.iter_mut().find(|(known, _)| known == host) {
                Some((_, tasks)) => tasks.push(task),
                None => hosts.push((host.to_owned(), vec![task])),
            }
        }
        let way = self.way;
        let deadline = Instant::now() + self.rest();
        let mut asked = stream::iter(
            hosts.into_iter().map(|(host, tasks)| of_host(way, host, tasks, deadline)),
        )
        .buffer_unordered(AT_ONCE);
        while let Some((answers, requests)) = asked.next().await {
            self.requests += requests;
            for (task, entry) in answers {
                self.outbound.extend(entry.outbound.clone());
                if entry.outcome == Outcome::Unknown(Reason::LimitTime) {
                    self.counts.ended = "time".to_owned();
                } else {
                    self.journal.note(&entry);
                }
                if let Some(link) = Checked::of(&task) {
                    self.checks.note(&link, entry.outcome, entry.at);
                }
            }
        }
    }

    /// The second looks, each when it is due. Where that takes longer than anybody waits, the next crawl is the second look.
    pub(super) async fn again(&mut self) {
        if self.way.settings.second_look > WAITED_FOR {
            return;
        }
        while let Some(due) = self.checks.waiting() {
            let now = (self.way.clock)();
            let pause = (due - now).to_std().unwrap_or_default();
            if pause > self.rest() {
                break;
            }
            sleep(pause).await;
            let suspects = self.checks.due((self.way.clock)());
            if suspects.is_empty() {
                break;
            }
            for link in suspects {
                if self.rest().is_zero() {
                    return;
                }
                let at = (self.way.clock)();
                let outcome = if self.is_own(&link.url) {
                    self.once_more(&link.url).await
                } else {
                    let (outcome, requests) = look(self.way.door, &link.url).await;
                    self.requests += requests;
                    outcome
                };
                self.checks.note(&link, outcome, at);
            }
        }
    }

    /// Asks the hosts in no register entry whether they serve something of their own.
    pub(super) async fn unregistered(&mut self, hosts: &mut [HostFacts]) {
        for host in hosts.iter_mut().filter(|host| host.unregistered).take(MOST_HOSTS) {
            if self.rest().is_zero() {
                return;
            }
            let Ok(url) = Url::parse(&format!("http://{}/", host.host)) else { continue };
            let visit = self.way.door.visit(&url, &[]).await;
            self.requests += 1;
            let ends_at = visit.final_url.host_str().unwrap_or_default();
            let elsewhere =
                ends_at != host.host && self.way.ground.register.site(ends_at).is_some();
            host.reason.clone_from(&visit.reason);
            let told = matches!(
                visit.reason,
                Reason::Ok
                    | Reason::HttpStatus(_)
                    | Reason::DnsNxdomain
                    | Reason::DnsNodata
                    | Reason::ConnectRefused
            );
            let wall = gateway(&visit).is_some();
            host.serving = if !told || wall {
                Seen::unseen(visit.reason.clone(), visit.detail.clone())
            } else {
                Seen::Seen((200..300).contains(&visit.status) && !elsewhere)
            };
            host.title = title(&visit.text);
        }
    }
}

/// The links to one host.
async fn of_host(
    way: &Way<'_>,
    host: String,
    tasks: Vec<Task>,
    deadline: Instant,
) -> (Vec<(Task, Entry)>, u32) {
    let mut requests = 0;
    let register = way.ground.register;
    let registered = register.site(&host).is_some();
    let own = way.ground.home.host_str().unwrap_or_default();
    // the first link that may lead to a page shows what became of a stranger
    let mut first = is_stranger(register, own, &host)
        .then(|| tasks.iter().position(|task| frontier::may_be_page(&task.url)))
        .flatten();
    let robots = match tasks.first() {
        Some(task) if !registered && Instant::now() < deadline => {
            requests += 1;
            robots(way.door, &task.url).await
        }
        _ => Asked::Nothing,
    };
    let mut answers = Vec::with_capacity(tasks.len());
    for (number, task) in tasks.into_iter().enumerate() {
        let at = (way.clock)();
        let url = task.written.as_ref().unwrap_or(&task.url);
        let is_first = first.take_if(|first| *first == number).is_some();
        let mut outbound = None;
        let outcome = if Instant::now() >= deadline {
            Outcome::Unknown(Reason::LimitTime)
        } else if robots.forbids(url) {
            outbound = is_first.then(|| outbound::unasked(&task, Reason::Robots));
            Outcome::Unknown(Reason::Robots)
        } else if is_first {
            requests += 1;
            let visit = way.door.visit_as(url, &[], outbound::LOOK).await;
            let came = outcome(&visit, false);
            outbound = Some(outbound::shown(&task, &came, &visit, at));
            came
        } else {
            let (outcome, made) = look(way.door, url).await;
            requests += made;
            outcome
        };
        let entry = Entry { outbound, ..Entry::of_link(task.url.as_str(), outcome, at) };
        answers.push((task, entry));
    }
    (answers, requests)
}

fn outcome(visit: &Visit, head_only: bool) -> Outcome {
    check::outcome(&Answer {
        asked: &visit.url,
        landed: &visit.final_url,
        head_only,
        reason: if outbound::cut(&visit.reason) { &Reason::LimitBody } else { &visit.reason },
        status: visit.status,
        headers: &visit.headers,
        text: &visit.text,
    })
}

/// A foreign address, with HEAD, and with GET where that does not tell.
async fn look(door: &Door, url: &Url) -> (Outcome, u32) {
    let visit = door.visit_as(url, &[], HEAD).await;
    match outcome(&visit, true) {
        Outcome::Get => (outcome(&door.visit_as(url, &[], GET).await, false), 2),
        came => (came, 1),
    }
}

/// What a host asks of robots.
enum Asked {
    /// It has no robots.txt, or could not be asked.
    Nothing,
    /// Its robots.txt.
    Rules(Robots),
    /// It fails to say: then nothing may be asked of it (RFC 9309, 2.3.1.4).
    Silence,
}

impl Asked {
    fn forbids(&self, url: &Url) -> bool {
        match self {
            Self::Nothing => false,
            Self::Rules(robots) => !robots.allows(url),
            Self::Silence => true,
        }
    }
}

async fn robots(door: &Door, url: &Url) -> Asked {
    let Ok(url) = url.join("/robots.txt") else { return Asked::Nothing };
    let visit = door.visit(&url, &[]).await;
    match visit.status {
        200..300 if visit.reason.is_ok() => Asked::Rules(Robots::read(&visit.text)),
        500.. => Asked::Silence,
        _ => Asked::Nothing,
    }
}
