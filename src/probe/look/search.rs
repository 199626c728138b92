//! The site's own search: asked for some titles of the site, and whether its first page of results knows them.

use std::hash::RandomState;

use chrono::{Days, NaiveDate};
use tokio::time::sleep;
use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::{
        ArticleFacts, SearchFacts,
        page::{Origin, PageKind},
        service::Tried,
    },
    period::local_date,
};
use xuncha_net::Visit;

use super::{
    Look,
    beyond::{given, not_had},
    home::proves_nothing,
};
use crate::{
    address::reported,
    gateway::gateway,
    http, page,
    search::{self, Found, Query, Results},
};

/// Titles that are asked for: 检查指标 takes four to six.
const TITLES: usize = 4;
/// Characters of a title that says enough, and fits into a field.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=50;
/// Days after which an article must have come into the index.
const INDEXED: u64 = 7;

impl Look<'_> {
    /// Asks the site's search for titles of its articles.
    pub(super) async fn search(
        &mut self,
        home: &Visit,
        articles: &[ArticleFacts],
    ) -> Seen<SearchFacts> {
        if let Some(reason) = not_had(home) {
            return Seen::unseen(reason, home.detail.clone());
        }
        let read = page::read(&given(home, Origin::Home, self.at));
        let mut found = search::find(&given(home, Origin::Home, self.at), &read);
        if let Found::Link(url) = &found {
            let url = url.clone();
            found = match self.linked(&url).await {
                Ok(found) => found,
                Err(seen) => return seen,
            };
        }
        match found {
            Found::Open(query) => self.titles(&query, articles).await,
            Found::Closed(url, why) => {
                Seen::Seen(there(url, Seen::unseen(Reason::NotLooked, why), Reason::Ok))
            }
            Found::Nothing if !read.facts.shell => Seen::Seen(SearchFacts {
                present: false,
                ..there(String::new(), Seen::unseen(Reason::NotLooked, ""), Reason::Ok)
            }),
            Found::Nothing | Found::Unclear | Found::Link(_) => {
                Seen::unseen(Reason::PageShell, "a script may write the search")
            }
        }
    }

    /// The search of the page that a link of the home page leads to.
    async fn linked(&mut self, url: &Url) -> Result<Found, Seen<SearchFacts>> {
        let facts = |answers, reason| Seen::Seen(there(reported(url), answers, reason));
        if !self.may_ask(url) {
            let what = "the search lies at a host that is nobody's here";
            return Err(facts(Seen::unseen(Reason::NotLooked, what), Reason::Ok));
        }
        let visit = self.asked(url).await;
        match failed(&visit, self) {
            Answer::Page => {}
            Answer::Failed(reason) => return Err(facts(Seen::Seen(false), reason)),
            Answer::Unseen(reason) => {
                return Err(facts(Seen::unseen(reason, visit.detail.clone()), Reason::Ok));
            }
        }
        let given = given(&visit, Origin::Given, self.at);
        Ok(match search::find(&given, &page::read(&given)) {
            Found::Nothing | Found::Unclear | Found::Link(_) => {
                Found::Closed(reported(&visit.final_url), "a script may write the search")
            }
            found => found,
        })
    }

    async fn titles(&mut self, query: &Query, articles: &[ArticleFacts]) -> Seen<SearchFacts> {
        let url = reported(&query.action);
        let unseen = |reason, why: &str| {
            Seen::Seen(there(url.clone(), Seen::unseen(reason, why), Reason::Ok))
        };
        if !self.may_ask(&query.action) {
            return unseen(Reason::NotLooked, "the search lies at a host that is nobody's here");
        }
        let picked = picked(articles, local_date(self.at));
        if picked.is_empty() {
            return unseen(Reason::NotLooked, "no title to ask for");
        }
        let hash = RandomState::new();
        let mut results: Vec<Results> = Vec::with_capacity(picked.len());
        for article in &picked {
            let visit = self.asked(&query.address(&article.title)).await;
            match failed(&visit, self) {
                Answer::Page => {}
                // a script may send it to another place, or with other fields
                Answer::Failed(reason) if query.scripted => return unseen(reason, &visit.detail),
                Answer::Failed(reason) => {
                    return Seen::Seen(there(url, Seen::Seen(false), reason));
                }
                Answer::Unseen(reason) => return unseen(reason, &visit.detail),
            }
            let given = given(&visit, Origin::Given, self.at);
            let read = page::read(&given);
            results.push(search::read(&given, &read, &article.title, &article.url, &hash));
        }
        let told = search::tried(&results);
        let tried = picked.iter().zip(&told).filter_map(|(article, found)| {
            let (title, url) = (article.title.clone(), article.url.clone());
            found.map(|found| Tried { title, url, found })
        });
        let tried: Vec<Tried> = tried.collect();
        if tried.is_empty() {
            return unseen(Reason::PageShell, "a script may write the results");
        }
        Seen::Seen(SearchFacts { tried, ..there(url, Seen::Seen(true), Reason::Ok) })
    }

    /// An address of the search, twice when it failed.
    async fn asked(&mut self, url: &Url) -> Visit {
        let visit = self.visit(url, true).await;
        if !matches!(failed(&visit, self), Answer::Failed(_)) {
            return visit;
        }
        sleep(self.eye.second_look).await;
        self.visit(url, true).await
    }

    /// The host is the site's own, a registered one, or lies under the city's domain.
    fn may_ask(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let register = &self.eye.register;
        let mut known = register.sites.iter().flat_map(|site| site.hosts());
        host == self.host
            || host.strip_prefix("www.") == Some(&self.host)
            || self.host.strip_prefix("www.") == Some(host)
            || page::link::is_below(host, &register.city.domain)
            || known.any(|known| known == host)
    }
}

/// What came of a visit.
enum Answer {
    Page,
    Failed(Reason),
    Unseen(Reason),
}

fn failed(visit: &Visit, look: &Look<'_>) -> Answer {
    if let Some(gateway) = gateway(visit) {
        return Answer::Unseen(Reason::Gateway(gateway.name));
    }
    if proves_nothing(visit) || visit.reason.to_string().starts_with("limit.") {
        return Answer::Unseen(visit.reason.clone());
    }
    if !visit.reason.is_ok() {
        return Answer::Failed(visit.reason.clone());
    }
    match page::facts(&given(visit, Origin::Given, look.at)).kind {
        PageKind::Error => Answer::Failed(Reason::HttpStatus(visit.status)),
        // it asks who we are: nothing of the search was seen
        PageKind::Login => Answer::Unseen(Reason::NotLooked),
        _ => Answer::Page,
    }
}

fn there(url: String, answers: Seen<bool>, reason: Reason) -> SearchFacts {
    SearchFacts { present: true, url, answers, reason, tried: Vec::new() }
}

/// The articles whose titles are asked for: the same as long as they are there, none that an index may not know yet.
fn picked(articles: &[ArticleFacts], today: NaiveDate) -> Vec<&ArticleFacts> {
    let before = today - Days::new(INDEXED);
    let old = |article: &ArticleFacts| {
        let day = article.published.printed.get(..10).unwrap_or_default();
        day.parse::<NaiveDate>().is_ok_and(|day| day <= before)
    };
    let fits = |article: &ArticleFacts| LENGTH.contains(&article.title.chars().count());
    let fit = articles.iter().filter(|article| {
        article.reason.is_ok() && !article.url.is_empty() && fits(article) && old(article)
    });
    let mut fit: Vec<(String, &ArticleFacts)> =
        fit.map(|article| (http::sha256(article.url.as_bytes()), article)).collect();
    fit.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut picked: Vec<&ArticleFacts> = Vec::new();
    for (_, article) in fit {
        if picked.len() < TITLES && picked.iter().all(|known| known.title != article.title) {
            picked.push(article);
        }
    }
    picked
}

#[cfg(test)]
mod tests {
    use xuncha_model::facts::{
        article::{CatalogFields, Guide, Published},
        page::ArticleTags,
    };

    use super::*;

    fn article(number: usize, title: &str, printed: &str) -> ArticleFacts {
        ArticleFacts {
            url: format!("https://www.a.gov.cn/{number}.html"),
            reason: Reason::Ok,
            title: title.to_owned(),
            kind: String::new(),
            column: String::new(),
            published: Published { printed: printed.to_owned(), ..Published::default() },
            tags: ArticleTags::default(),
            source: String::new(),
            repost: false,
            catalog: CatalogFields::default(),
            linked: Seen::unseen(Reason::NotLooked, ""),
            unlinked: Vec::new(),
            guide: Guide::default(),
        }
    }

    #[test]
    fn titles_are_picked_that_say_enough_and_are_in_the_index() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let title = |number: usize| format!("关于开展第{number}次检查的通知");
        let mut articles: Vec<_> =
            (0..20).map(|number| article(number, &title(number), "2026-11-01 09:00")).collect();
        let first: Vec<String> =
            picked(&articles, today).iter().map(|article| article.url.clone()).collect();
        assert_eq!(first.len(), TITLES);
        articles.reverse();
        let again: Vec<String> =
            picked(&articles, today).iter().map(|article| article.url.clone()).collect();
        assert_eq!(again, first, "the same whatever the order");
        let unfit = [
            article(1, "通知", "2026-11-01"),
            article(2, &title(2), "2026-11-20"),
            article(3, &title(3), ""),
            article(4, &"长".repeat(60), "2026-11-01"),
        ];
        assert!(picked(&unfit, today).is_empty());
        let twins = [article(1, &title(1), "2026-11-01"), article(2, &title(1), "2026-11-01")];
        assert_eq!(picked(&twins, today).len(), 1);
    }
}
