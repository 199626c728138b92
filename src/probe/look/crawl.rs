//! The crawl as a part of a look: columns and their freshness, links, articles, services, and a sample of inner pages.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::task::JoinSet;
use xuncha_model::{Facts, Reason, Seen, Site};
use xuncha_net::{Cidr, Visit};

use super::{Clock, Eye, Look, beyond::not_had};
use crate::{
    Profile, Target,
    crawl::{self, Crawled, Ground, Settings, Way},
    page,
};

/// What a look without a crawl, or with one that came to no end, may have seen in part only.
const IN_PART: &[&str] = &[
    "pages",
    "articles",
    "columns",
    "content.hidden_links",
    "content.injected",
    "content.malicious",
    "content.privacy",
    "content.marks",
    "content.wording",
    "guises",
    "outbound",
    "links.broken",
    "hosts",
    "interaction.waiting",
    "services.poor",
    "search.tried",
];
/// As many articles and hosts as are told of.
const MOST_ARTICLES: usize = 1000;
const MOST_HOSTS: usize = 50;
const MOST_OUTBOUND: usize = 200;
const MOST_CONTENT: usize = 200;
/// What a crawl may have seen in part that read as many pages as it may.
const BUDGET: &[&str] = &["articles", "services.poor"];
/// What is found in files too.
const OF_FILES: &[&str] = &["content.privacy", "content.marks", "content.wording"];

impl Look<'_> {
    /// Crawls the site as far as the profile says; what is not looked at is unseen, and lists seen in part are named.
    pub(super) async fn crawl(
        &mut self,
        target: &Target,
        home: &Visit,
        clock: Clock<'_>,
        facts: &mut Facts,
    ) {
        let eye = self.eye;
        facts.partial = IN_PART.iter().map(|list| (*list).to_owned()).collect();
        let reason = if eye.profile == Profile::Quick || !facts.running {
            Some((Reason::NotLooked, String::new()))
        } else if let Some(reason) = not_had(home) {
            Some((reason, home.detail.clone()))
        } else if !self.is_own(home) {
            Some((Reason::RedirectElsewhere, "the home page lies at another host".to_owned()))
        } else {
            None
        };
        if let Some((reason, detail)) = reason {
            return unseen(facts, &reason, &detail);
        }
        let site = match target {
            Target::Registered(site) => Some(site),
            Target::Bare(_) => None,
        };
        let chain = facts.tls.seen().and_then(|tls| tls.chain.first());
        let whole = eye.profile == Profile::Full;
        let owned = Owned {
            eye: eye.clone(),
            own: self.own.clone(),
            settings: settings(eye, site),
            site: site.cloned(),
            hosts: own_hosts(target, home),
            certificate: chain.map(|leaf| leaf.names.clone()).unwrap_or_default(),
            home: kept(home),
            whole,
            at: self.at,
            begun: (clock(), Instant::now()),
        };
        let crawled = owned.crawl().await;
        self.requests = self.requests.saturating_add(crawled.requests);
        let cut = match crawled.crawl.ended.as_str() {
            "done" if crawled.crawl.unread == 0 => &[][..],
            // the same pages are read every time: what is missing is the far end of the site
            "pages" => BUDGET,
            _ => IN_PART,
        };
        let in_part = if whole { cut } else { IN_PART };
        facts.partial = in_part.iter().map(|list| (*list).to_owned()).collect();
        if crawled.files_missed > 0 {
            // what one of them held the last time may be there still
            facts.partial.extend(OF_FILES.iter().map(|list| (*list).to_owned()));
        }
        enter(crawled, facts);
        full_lists(facts);
        if !whole {
            // what lies deeper was not read: neither that it is there nor that it is not
            facts.catalog = Seen::unseen(Reason::NotLooked, "the site was not read as a whole");
            facts.services = Seen::unseen(Reason::NotLooked, "the site was not read as a whole");
        }
        if whole {
            let articles = facts.articles.seen().map(Vec::as_slice).unwrap_or_default();
            facts.search = Box::pin(self.search(home, articles)).await;
        } else if facts.interaction.seen().is_some_and(|seen| seen.channels.is_empty()) {
            let detail = "only the pages that the home page names were read";
            facts.interaction = Seen::unseen(Reason::NotLooked, detail);
        }
    }
}

/// Everything a crawl needs, its own: it runs as a task beside the others, as there are processors.
struct Owned {
    eye: Eye,
    own: Vec<Cidr>,
    settings: Settings,
    site: Option<Site>,
    hosts: Vec<String>,
    certificate: Vec<String>,
    home: Visit,
    whole: bool,
    at: DateTime<Utc>,
    /// The time by the clock that was lent, and the moment when it was read.
    begun: (DateTime<Utc>, Instant),
}

impl Owned {
    /// Crawls in a task of its own, which ends with the look.
    async fn crawl(self) -> Crawled {
        let mut task = JoinSet::new();
        task.spawn(async move {
            let (time, moment) = self.begun;
            let clock = move || time + moment.elapsed();
            let eye = &self.eye;
            let way = Way {
                door: &eye.door,
                own: &self.own,
                ground: Ground {
                    home: &self.home.final_url,
                    site: self.site.as_ref(),
                    register: &eye.register,
                    at: self.at,
                },
                settings: &self.settings,
                hosts: &self.hosts,
                shelf: eye.shelf.clone(),
                browser: eye.browser.clone(),
                files: eye.files.clone(),
                certificate: &self.certificate,
                home: &self.home,
                clock: &clock,
                whole: self.whole,
            };
            crawl::run(&way).await
        });
        match task.join_next().await {
            Some(Ok(crawled)) => crawled,
            // a panic goes on in the look, which catches it and calls it a bug of ours
            Some(Err(error)) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }
}

/// What a crawl needs of the home page: as much of it as is read.
fn kept(home: &Visit) -> Visit {
    let text = &home.text[..home.text.floor_char_boundary(page::MOST)];
    let body = home.body.get(..page::MOST).unwrap_or(&home.body);
    Visit {
        url: home.url.clone(),
        reason: home.reason.clone(),
        detail: home.detail.clone(),
        phase: home.phase,
        hops: Vec::new(),
        cookies: Vec::new(),
        shakes: Vec::new(),
        final_url: home.final_url.clone(),
        status: home.status,
        headers: home.headers.clone(),
        body: body.to_vec(),
        text: text.to_owned(),
        encoding: home.encoding.clone(),
        declared_encoding: home.declared_encoding.clone(),
        total: home.total,
    }
}

/// What a crawl showed, as facts.
fn enter(crawled: Crawled, facts: &mut Facts) {
    let Crawled { harvest, crawl, links, hosts, outbound, .. } = crawled;
    let broke_off = match crawl.ended.as_str() {
        "time" => Some(Reason::LimitTime),
        "gateway" => Some(Reason::Gateway("crawl".to_owned())),
        _ => None,
    };
    if let Seen::Seen(pages) = &mut facts.pages {
        // what readers see in the place of what the server sent
        if let (Some(first), Some(rendered)) = (pages.first_mut(), harvest.home) {
            *first = rendered;
        }
        pages.extend(harvest.pages);
    }
    facts.columns = harvest.columns;
    facts.freshness = harvest.freshness;
    facts.articles = harvest.articles;
    facts.content = Seen::Seen(harvest.content);
    facts.hosts = Seen::Seen(hosts);
    facts.links = Seen::Seen(links);
    facts.crawl = Seen::Seen(crawl);
    let detail = "the crawl did not come to other hosts";
    let why = broke_off.clone().unwrap_or(Reason::NotLooked);
    facts.outbound = outbound.map_or_else(|| Seen::unseen(why, detail), Seen::Seen);
    match broke_off {
        // what was not found may lie where the crawl did not come to
        Some(reason) => {
            facts.catalog = Seen::unseen(reason.clone(), "the crawl broke off");
            facts.interaction = Seen::unseen(reason.clone(), "the crawl broke off");
            facts.services = Seen::unseen(reason, "the crawl broke off");
        }
        None => {
            facts.catalog = harvest.catalog;
            facts.interaction = harvest.interaction;
            facts.services = harvest.services;
        }
    }
}

/// A list that is as long as it may be may lack what others have.
fn full_lists(facts: &mut Facts) {
    let long = |list: &str, full: bool| full.then(|| list.to_owned());
    let articles = facts.articles.seen().map_or(0, Vec::len);
    let hosts = facts.hosts.seen().map_or(0, Vec::len);
    let outbound = facts.outbound.seen().map_or(0, Vec::len);
    let left_out = facts.links.seen().map_or(0, |links| links.broken_left_out);
    let full = [
        long("articles", articles >= MOST_ARTICLES),
        long("hosts", hosts >= MOST_HOSTS),
        long("outbound", outbound >= MOST_OUTBOUND),
        long("links.broken", left_out > 0),
    ];
    facts.partial.extend(full.into_iter().flatten());
    if let Seen::Seen(content) = &facts.content {
        let lists = [
            ("content.hidden_links", content.hidden_links.len()),
            ("content.injected", content.injected.len()),
            ("content.malicious", content.malicious.len()),
            ("content.privacy", content.privacy.len()),
            ("content.marks", content.marks.len()),
            ("content.wording", content.wording.len()),
        ];
        let full = lists.into_iter().filter(|(_, length)| *length >= MOST_CONTENT);
        facts.partial.extend(full.map(|(list, _)| list.to_owned()));
    }
    facts.partial.sort();
    facts.partial.dedup();
}

/// Nothing was crawled, and why.
fn unseen(facts: &mut Facts, reason: &Reason, detail: &str) {
    facts.crawl = Seen::unseen(reason.clone(), detail);
    facts.links = Seen::unseen(reason.clone(), detail);
    facts.columns = Seen::unseen(reason.clone(), detail);
    facts.freshness = Seen::unseen(reason.clone(), detail);
    facts.articles = Seen::unseen(reason.clone(), detail);
    facts.catalog = Seen::unseen(reason.clone(), detail);
    facts.interaction = Seen::unseen(reason.clone(), detail);
    facts.services = Seen::unseen(reason.clone(), detail);
    facts.search = Seen::unseen(reason.clone(), detail);
    facts.hosts = Seen::unseen(reason.clone(), detail);
    facts.content = Seen::unseen(reason.clone(), detail);
    facts.outbound = Seen::unseen(reason.clone(), detail);
}

/// What the profile and the register let a crawl cost.
pub(super) fn settings(eye: &Eye, site: Option<&Site>) -> Settings {
    let mut settings = eye.crawl.clone();
    if let Some(own) = site.map(|site| &site.crawl) {
        settings.max_pages = own.max_pages.unwrap_or(settings.max_pages);
        settings.max_depth = own.max_depth.unwrap_or(settings.max_depth);
        let interval = own.interval_ms.map(|ms| Duration::from_millis(ms.into()));
        settings.interval = interval.unwrap_or(settings.interval);
    }
    if eye.profile == Profile::Daily {
        settings.max_depth = settings.max_depth.min(1);
    }
    settings
}

/// Hosts whose pages are the site's own: that of the home page, those of the register, and both with and without `www`.
fn own_hosts(target: &Target, home: &Visit) -> Vec<String> {
    let mut hosts: Vec<String> = home.final_url.host_str().map(str::to_owned).into_iter().collect();
    match target {
        Target::Registered(site) => {
            let retired = |name: &str| {
                let mut domains = site.domains.iter().flatten();
                domains.any(|domain| domain.ascii == name && domain.retired.is_some())
            };
            hosts.extend(site.hosts().filter(|host| !retired(host)).map(str::to_owned));
        }
        Target::Bare(url) => hosts.extend(url.host_str().map(str::to_owned)),
    }
    let twins: Vec<String> = hosts
        .iter()
        .map(|host| host.strip_prefix("www.").map_or_else(|| format!("www.{host}"), str::to_owned))
        .collect();
    hosts.extend(twins);
    hosts.sort();
    hosts.dedup();
    hosts
}

#[cfg(test)]
mod tests {
    use xuncha_model::facts::{
        ContentFacts, DomainFacts,
        content::{At, Private},
    };

    use super::*;

    #[test]
    fn a_list_of_content_that_is_full_was_seen_in_part() {
        let domain = DomainFacts {
            names: Vec::new(),
            register: Seen::unseen(Reason::NotLooked, ""),
            columns: Seen::unseen(Reason::NotLooked, ""),
        };
        let mut facts = Facts::unlooked(DateTime::UNIX_EPOCH, "", domain);
        let partial = |facts: &mut Facts, count: usize| {
            let privacy = vec![At::<Private>::default(); count];
            facts.content = Seen::Seen(ContentFacts { privacy, ..ContentFacts::default() });
            facts.partial.clear();
            full_lists(facts);
            facts.partial.clone()
        };
        assert_eq!(partial(&mut facts, MOST_CONTENT - 1), [""; 0]);
        assert_eq!(partial(&mut facts, MOST_CONTENT), ["content.privacy"]);
    }
}
