//! One page or document by itself, saved or fetched: its facts, with everything unseen that only a look at a site would show.

use chrono::{DateTime, Utc};
use url::Url;
use xuncha_model::{
    Facts, Reason, Seen,
    facts::{
        DomainFacts, FileFacts, HttpFacts, PageFacts, domain::NameFacts, http::Header, page::Origin,
    },
    period::local_date,
};
use xuncha_net::{Roots, Visit};

use crate::{
    crawl::content::Contents,
    domain::Names,
    file::{self, File},
    http,
    markup::{Token, Tokens},
    page::{self, Given},
    software::{Body, Catalog, Evidence},
    unpack::Unpacker,
};

/// A saved page: its address, the headers it came with (names in lower case), and its text.
#[derive(Clone, Copy, Debug)]
pub struct Saved<'a> {
    /// Where it came from.
    pub url: &'a Url,
    /// The headers it came with.
    pub headers: &'a [Header],
    /// Decoded.
    pub text: &'a str,
    /// The charset it was decoded with.
    pub encoding: &'a str,
    /// The charset it declared.
    pub declared_encoding: &'a str,
}

/// Elements of which every page has one.
const ELEMENTS: [&str; 12] = [
    "html", "head", "body", "title", "meta", "div", "p", "a", "form", "script", "frameset", "table",
];

/// The facts of a saved page.
pub fn saved(page: &Saved<'_>, names: &Names, now: DateTime<Utc>) -> Facts {
    let given = Given {
        url: page.url,
        origin: Origin::Given,
        at: now,
        status: 200,
        headers: page.headers,
        text: page.text,
        encoding: page.encoding,
        declared_encoding: page.declared_encoding,
    };
    let cookies = page.headers.iter().filter(|header| header.name == "set-cookie");
    let cookies: Vec<_> = cookies.filter_map(|header| header.value.split('=').next()).collect();
    facts(&given, &cookies, names, now)
}

/// The facts of a page; where there is no mark-up at all, nothing is said of what is missing.
fn whole(page: &Given<'_>) -> PageFacts {
    let mut facts = page::facts(page);
    let markup = Tokens::new(page.text).any(|token| match token {
        Token::Start(tag) => ELEMENTS.iter().any(|element| tag.is(element)),
        _ => false,
    });
    if !markup {
        facts.reason = Reason::PageNone;
    }
    facts
}

/// The facts of a page that was visited; unseen pages and software when it was not had.
pub fn visited(visit: &Visit, roots: &Roots, names: &Names, now: DateTime<Utc>) -> Facts {
    let cookies: Vec<&str> = visit.cookies.iter().map(|cookie| cookie.name.as_str()).collect();
    let given = Given {
        url: &visit.final_url,
        origin: Origin::Given,
        at: now,
        status: visit.status,
        headers: &visit.headers,
        text: &visit.text,
        encoding: &visit.encoding,
        declared_encoding: &visit.declared_encoding,
    };
    let mut facts = facts(&given, &cookies, names, now);
    let unseen = || Reason::NotLooked;
    facts.http = Seen::Seen(HttpFacts {
        home: http::facts(visit, roots, now),
        plain: Seen::unseen(unseen(), ""),
        secure: Seen::unseen(unseen(), ""),
        ipv6: Seen::unseen(unseen(), ""),
        missing: Seen::unseen(unseen(), ""),
        exposed: Seen::unseen(unseen(), ""),
    });
    if visit.status == 0 {
        facts.pages = Seen::unseen(visit.reason.clone(), visit.detail.clone());
        facts.software = Seen::unseen(visit.reason.clone(), visit.detail.clone());
        facts.content = Seen::unseen(visit.reason.clone(), visit.detail.clone());
    }
    facts
}

/// The facts of a document by itself, and what of them is shown beside: no page is seen.
pub async fn document(
    file: &File<'_>,
    unpacker: &dyn Unpacker,
    names: &Names,
    now: DateTime<Utc>,
) -> (Facts, FileFacts) {
    let file_facts = file::facts(file, unpacker).await;
    let mut contents = Contents::default();
    contents.file(&file_facts, "");
    let facts = Facts {
        site: Seen::unseen(Reason::RegisterUnknown, ""),
        filing: Seen::unseen(Reason::RegisterUnknown, ""),
        content: Seen::Seen(contents.finish()),
        ..Facts::unlooked(now, "", domain(file.url, names))
    };
    (facts, file_facts)
}

fn domain(url: &Url, names: &Names) -> DomainFacts {
    let name = names.name(url.host_str().unwrap_or_default());
    DomainFacts {
        names: vec![NameFacts { of_url: true, ..name }],
        register: Seen::unseen(Reason::RegisterUnknown, ""),
        columns: Seen::unseen(Reason::RegisterUnknown, ""),
    }
}

fn facts(page: &Given<'_>, cookies: &[&str], names: &Names, now: DateTime<Utc>) -> Facts {
    let evidence = Evidence {
        url: page.url.as_str(),
        headers: page.headers,
        cookies,
        body: Body::Page(page.text),
        front_end: false,
    };
    let page_facts = whole(page);
    let mut contents = Contents::default();
    contents.page(&page_facts, "", |_| false);
    Facts {
        site: Seen::unseen(Reason::RegisterUnknown, ""),
        filing: Seen::unseen(Reason::RegisterUnknown, ""),
        pages: Seen::Seen(vec![page_facts]),
        content: Seen::Seen(contents.finish()),
        software: match Catalog::embedded() {
            Some(catalog) => Seen::Seen(catalog.software(&[evidence], local_date(now))),
            None => Seen::unseen(Reason::SelfBug, "the list of fingerprints cannot be read"),
        },
        ..Facts::unlooked(now, "", domain(page.url, names))
    }
}
