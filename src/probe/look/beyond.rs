//! What is looked at once the home page was had: an address that cannot exist, files that must not be there, folders, IPv6.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::Regex;
use serde::Deserialize;
use tokio::time::sleep;
use url::Url;
use xuncha_model::{
    Facts, Reason, Seen,
    facts::{
        http::{Exposed, MissingFacts, Visit as VisitFacts},
        page::{Origin, PageFacts},
    },
    period::local_date,
};
use xuncha_net::{Ask, Visit};

use super::{Look, home::proves_nothing};
use crate::{
    gateway::gateway,
    http, lists,
    missing::says_missing,
    page::{self, Given},
    title::title,
};

/// Folders of a page's scripts and styles that are asked for.
const MOST_FOLDERS: usize = 2;
/// How a file is asked for that is not to be downloaded.
const HEAD: Ask = Ask { head_only: true, ipv6_only: false, stay: true, most: None };
/// Bytes of a page in which it says that it does not exist.
const SAYING: usize = 8 << 10;

/// Files of one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    kind: String,
    paths: Vec<String>,
    #[serde(deserialize_with = "lists::pattern")]
    types: Regex,
    /// Least and greatest size.
    bytes: (u64, u64),
}

static SECRETS: LazyLock<Vec<Secret>> = LazyLock::new(|| {
    let list = include_str!("../../../rules/lists/exposed.yaml");
    lists::read("exposed.yaml", list).unwrap_or_default()
});

impl Look<'_> {
    /// Pages, the missing one, exposed files; all unseen, with the home page's reason, when that was not had.
    pub(super) async fn beyond(&mut self, home: &Visit, facts: &mut Facts) {
        if let Some(reason) = not_had(home) {
            facts.pages = Seen::unseen(reason.clone(), home.detail.clone());
            facts.software = Seen::unseen(reason.clone(), home.detail.clone());
            if let Seen::Seen(http) = &mut facts.http {
                http.missing = Seen::unseen(reason.clone(), home.detail.clone());
                http.exposed = Seen::unseen(reason, home.detail.clone());
            }
            return;
        }
        let (missing, answer) = self.missing(home).await;
        let (folders, unread) = self.folders(home).await;
        let mut answers = vec![(home, Origin::Home)];
        // a redirect home shows the home page once more
        let shown = answer.iter().filter(|visit| visit.final_url != home.final_url);
        answers.extend(shown.map(|visit| (visit, Origin::Missing)));
        answers.extend(folders.iter().map(|visit| (visit, Origin::Folder)));
        facts.software = match &missing {
            // what an error page told before would seem mended
            Seen::Unseen(mark) if !matches!(mark.unseen.reason, Reason::Gateway(_)) => {
                Seen::Unseen(mark.clone())
            }
            _ => self.software(&answers, facts.dns.seen()).await,
        };
        let mut pages: Vec<_> =
            answers.iter().map(|(visit, how)| page::facts(&given(visit, *how, self.at))).collect();
        pages.extend(
            missing
                .why()
                .map(|why| page::unread(&home.final_url, Origin::Missing, why.reason.clone())),
        );
        pages.extend(unread);
        facts.pages = Seen::Seen(pages);
        let exposed = match &missing {
            Seen::Seen(_) => self.exposed(home).await,
            Seen::Unseen(mark) => Seen::Unseen(mark.clone()),
        };
        if let Seen::Seen(http) = &mut facts.http {
            http.missing = missing;
            http.exposed = exposed;
        }
    }

    /// An address that cannot exist: the same one all day, another one tomorrow.
    async fn missing(&mut self, home: &Visit) -> (Seen<MissingFacts>, Option<Visit>) {
        let host = home.final_url.host_str().unwrap_or_default();
        let name = http::sha256(format!("{host} {}", local_date(self.at)).as_bytes());
        let Ok(url) = home.final_url.join(&format!("/{}.html", &name[..16])) else {
            return (Seen::unseen(Reason::NotLooked, ""), None);
        };
        let visit = self.visit(&url, true).await;
        if let Some(reason) = not_answered(&visit) {
            return (Seen::unseen(reason, visit.detail), None);
        }
        let title = title(&visit.text);
        let begin = &visit.text[..visit.text.floor_char_boundary(SAYING)];
        let missing = MissingFacts {
            url: url.to_string(),
            status: visit.status,
            final_url: visit.final_url.to_string(),
            home: visit.final_url == home.final_url || visit.final_url == home.url,
            says_missing: says_missing(&title) || says_missing(begin),
            title,
        };
        (Seen::Seen(missing), Some(visit))
    }

    /// The folders that the home page's own scripts and styles lie in: an index there shows what nobody meant to show.
    ///
    /// Those that did not answer come as pages that were not read.
    async fn folders(&mut self, home: &Visit) -> (Vec<Visit>, Vec<PageFacts>) {
        let (mut found, mut unread) = (Vec::new(), Vec::new());
        for folder in
            page::neighbours(&given(home, Origin::Home, self.at)).iter().take(MOST_FOLDERS)
        {
            let visit = self.ask(folder, Ask { stay: true, ..Ask::default() }).await;
            match not_answered(&visit) {
                // nobody may look into it: there is no index
                Some(Reason::Gateway(name)) if name.parse::<u16>().is_ok() => {}
                Some(reason) => unread.push(page::unread(folder, Origin::Folder, reason)),
                None => found.push(visit),
            }
        }
        (found, unread)
    }

    /// HEAD for each file of the list; a site that blocks us on the way was not seen.
    ///
    /// Beside each file that seems to be there, one is asked for that cannot exist: many servers answer to everything.
    async fn exposed(&mut self, home: &Visit) -> Seen<Vec<Exposed>> {
        if !self.is_own(home) {
            return Seen::unseen(Reason::RedirectElsewhere, "the home page lies at another host");
        }
        let host = home.final_url.host_str().unwrap_or_default();
        let name = host.trim_start_matches("www.").split('.').next().unwrap_or_default();
        let mut found = Vec::new();
        for secret in SECRETS.iter() {
            for path in &secret.paths {
                let path = path.replace("{host}", host).replace("{name}", name);
                let Ok(url) = home.final_url.join(&path) else { continue };
                let visit = self.ask(&url, HEAD).await;
                // a refusal of these very files is what they deserve; a gateway that gives its name refuses us
                let named = gateway(&visit).is_some_and(|wall| wall.name.parse::<u16>().is_err());
                let refused = matches!(visit.status, 401 | 403) && !named;
                if let Some(reason) = not_answered(&visit).filter(|_| !refused) {
                    return Seen::unseen(reason, format!("{path} {}", visit.detail));
                }
                let seen = secret.found(&visit);
                if seen.downloadable {
                    let Ok(beside) = home.final_url.join(&beside(&path, self.at)) else { continue };
                    let control = self.ask(&beside, HEAD).await;
                    if not_answered(&control).is_some() || secret.found(&control).downloadable {
                        let what = "the site answers to everything as if it were such a file";
                        return Seen::unseen(Reason::NotLooked, what);
                    }
                }
                found.push(seen);
            }
        }
        Seen::Seen(found)
    }

    /// The home page over IPv6, where it was had otherwise, has an address, and this vantage has IPv6; twice when it failed.
    pub(super) async fn over_ipv6(&mut self, home: &Visit, facts: &mut Facts, ipv6: bool) {
        let url = &home.url;
        let host = url.host_str().unwrap_or_default();
        let names = facts.dns.seen().map(|dns| dns.names.as_slice()).unwrap_or_default();
        let has = names.iter().any(|answer| answer.name == host && !answer.aaaa.is_empty());
        let seen = if let Some(reason) = not_had(home) {
            Seen::unseen(reason, home.detail.clone())
        } else if !has {
            Seen::unseen(Reason::NotLooked, "the host has no IPv6 address")
        } else if !ipv6 {
            Seen::unseen(Reason::NotLooked, "this vantage has no IPv6")
        } else {
            let ask = Ask { ipv6_only: true, ..Ask::default() };
            let mut visit = self.ask(url, ask).await;
            if !visit.reason.is_ok() {
                sleep(self.eye.second_look).await;
                visit = self.ask(url, ask).await;
            }
            self.over(&visit)
        };
        if let Seen::Seen(http) = &mut facts.http {
            http.ipv6 = seen;
        }
    }

    fn over(&self, visit: &Visit) -> Seen<VisitFacts> {
        if proves_nothing(visit) || gateway(visit).is_some() {
            return Seen::unseen(visit.reason.clone(), visit.detail.clone());
        }
        http::facts(visit, self.eye.door.roots(), self.at)
    }
}

impl Secret {
    fn found(&self, visit: &Visit) -> Exposed {
        let header = |name: &str| {
            let found = visit.headers.iter().find(|header| header.name == name);
            found.map(|header| header.value.trim().to_ascii_lowercase())
        };
        let content_type = header("content-type").unwrap_or_default();
        let bytes = header("content-length").and_then(|length| length.parse::<u64>().ok());
        let bytes = bytes.unwrap_or_default();
        let fits = (self.bytes.0..=self.bytes.1).contains(&bytes);
        Exposed {
            kind: self.kind.clone(),
            url: visit.url.to_string(),
            status: visit.status,
            downloadable: visit.status == 200 && fits && self.types.is_match(&content_type),
            content_type,
            bytes,
        }
    }
}

/// A path that cannot exist, in the same folder and with the same ending: the same one all day.
fn beside(path: &str, at: DateTime<Utc>) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let ending = name.find('.').filter(|at| *at > 0).map_or("", |at| &name[at..]);
    let none = http::sha256(format!("{path} {}", local_date(at)).as_bytes());
    format!("{folder}/{}{ending}", &none[..12])
}

impl Look<'_> {
    /// The home page lies at the site's own host: what is looked for further is the site's.
    pub(super) fn is_own(&self, home: &Visit) -> bool {
        let bare = |url: &Url| {
            let host = url.host_str().unwrap_or_default();
            host.strip_prefix("www.").unwrap_or(host).to_owned()
        };
        bare(&home.url) == bare(&home.final_url)
            || (self.at_home.is_some() && !self.elsewhere(home))
    }
}

/// Why the home page was not had; `None` when it was.
pub(super) fn not_had(home: &Visit) -> Option<Reason> {
    if let Some(gateway) = gateway(home) {
        return Some(Reason::Gateway(gateway.name));
    }
    (!home.reason.is_ok()).then(|| home.reason.clone())
}

/// Why a visit showed nothing of the site; `None` when the site itself answered, with whatever status.
fn not_answered(visit: &Visit) -> Option<Reason> {
    if let Some(gateway) = gateway(visit) {
        return Some(Reason::Gateway(gateway.name));
    }
    let answered =
        visit.reason.is_ok() || matches!(visit.reason, Reason::HttpStatus(_) | Reason::HttpEmpty);
    (!answered).then(|| visit.reason.clone())
}

pub(super) fn given(visit: &Visit, origin: Origin, at: DateTime<Utc>) -> Given<'_> {
    Given {
        url: &visit.final_url,
        origin,
        at,
        status: visit.status,
        headers: &visit.headers,
        text: &visit.text,
        encoding: &visit.encoding,
        declared_encoding: &visit.declared_encoding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_exist_looks_like_the_one_that_may() {
        let at = "2026-11-24T00:00:00Z".parse().unwrap();
        let none = |path| beside(path, at).replace(char::is_alphanumeric, "x");
        assert_eq!(none("/.git/HEAD"), "/.xxx/xxxxxxxxxxxx");
        assert_eq!(none("/a.tar.gz"), "/xxxxxxxxxxxx.xxx.xx");
        assert_eq!(none("/.env"), "/xxxxxxxxxxxx");
        assert_ne!(beside("/www.zip", at), beside("/web.zip", at));
    }

    #[test]
    fn the_list_is_read() {
        let exposed = include_str!("../../../rules/lists/exposed.yaml");
        assert_eq!(lists::parsed::<Vec<Secret>>(exposed).err(), None);
        assert!(SECRETS.iter().map(|secret| secret.paths.len()).sum::<usize>() <= 24, "short");
    }
}
