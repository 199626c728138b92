//! What tells a crawl the way before it begins: robots.txt, sitemaps, and the columns of the register.

use url::Url;
use xuncha_model::{Reason, Seen};
use xuncha_net::Want;

use super::{engine::Crawler, fetch::want, robots::Robots, sitemap};

/// Sitemaps that are read of one site.
const SITEMAPS: usize = 20;

impl Crawler<'_> {
    /// robots.txt and the sitemaps; the register's columns wait beside those of the menus.
    pub(super) async fn signposts(&mut self) {
        let home = self.way.ground.home;
        if let Some(site) = self.way.ground.site {
            for column in &site.columns {
                self.frontier.seed(&column.url);
            }
        }
        let Ok(url) = home.join("/robots.txt") else { return };
        let answer = self.fetch(&Want { text_only: true, ..want(&url) }).await;
        let robots = match answer.status {
            200 => Robots::read(&answer.text),
            _ => Robots::none(),
        };
        self.counts.robots = match answer.status {
            200 | 400..=499 => robots.word(),
            _ => "unread",
        }
        .to_owned();
        let mut sitemaps: Vec<Url> = robots.sitemaps().to_vec();
        if sitemaps.is_empty() {
            sitemaps.extend(home.join("/sitemap.xml").ok());
        }
        if self.way.settings.robots {
            if let Some(delay) = robots.delay() {
                let interval = delay.max(self.way.settings.interval);
                self.session = self.way.door.session(self.way.own, interval);
            }
            self.robots = Some(robots);
        }
        if self.way.whole {
            self.sitemaps(sitemaps).await;
        }
    }

    async fn sitemaps(&mut self, sitemaps: Vec<Url>) {
        let mut waiting: Vec<(Url, u32)> = sitemaps.into_iter().rev().map(|url| (url, 0)).collect();
        let mut named: Seen<u32> = Seen::unseen(Reason::HttpStatus(404), "");
        let mut asked = 0;
        while let Some((url, depth)) = waiting.pop() {
            asked += 1;
            if asked > SITEMAPS || !self.is_own(&url) {
                continue;
            }
            let answer = self.fetch(&Want { text_only: true, ..want(&url) }).await;
            if answer.status != 200 || !answer.reason.is_ok() {
                if named.seen().is_none() {
                    named = Seen::unseen(answer.reason, answer.detail);
                }
                continue;
            }
            let sitemap = sitemap::read(&answer.text);
            let count = u32::try_from(sitemap.pages.len()).unwrap_or(u32::MAX);
            named = Seen::Seen(named.seen().copied().unwrap_or_default().saturating_add(count));
            for page in &sitemap.pages {
                if self.is_own(page) {
                    self.frontier.name(page);
                }
                self.hosts.name(page.host_str().unwrap_or_default(), "sitemap", url.as_str(), "");
            }
            if depth < sitemap::DEEPEST {
                waiting.extend(sitemap.further.into_iter().rev().map(|url| (url, depth + 1)));
            }
        }
        self.counts.sitemap = named;
    }

    pub(super) fn is_own(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        self.way.hosts.iter().any(|own| own == host)
    }
}
