//! Names: suffix, structure and labels of a domain, parsed without any network (Article 14; 国办函〔2018〕55号).
//!
//! ```text
//! written ─▶ shape ─▶ labels ─▶ region, organ ─▶ NameFacts
//!            zones    spell × organs (the register, rules/lists)
//! ```
//!
//! # Decisions
//!
//! 2026-11-24: a bare name is compared with every organ the program knows, a registered one with its sponsor only:
//! `swj` is in order for the commerce bureau and wrong for the finance bureau. Initials are the rule (measured on
//! real hosts: `czj` 88 % of finance bureaus), so they count as much as full pinyin; what is merely near is in order
//! too, and only a label that resembles nothing is told to a person.

mod against;
mod labels;
mod lists;
mod names;
mod organs;
mod plain;
mod script;
mod shape;
mod spell;
mod written;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use xuncha_model::{
    Facts, Reason, Register, Seen, Site,
    facts::{
        DomainFacts, SiteState,
        domain::{ColumnHost, DomainCounts, NameFacts, Structure, Suffix},
    },
    period::local_date,
};

pub use names::Names;

use crate::register::{filing_facts, site_facts};

impl Names {
    /// What a name says by itself, compared with every region and organ that is known.
    pub fn name(&self, written: &str) -> NameFacts {
        self.plain(written)
    }

    /// The names of a registered site, compared with its sponsor.
    pub fn site(&self, site: &Site) -> DomainFacts {
        let host = site.host();
        let written =
            site.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let mut names = vec![self.of_site(site, &written)];
        for domain in site.domains.iter().flatten().filter(|domain| domain.retired.is_none()) {
            if domain.ascii == host {
                // the register's own way of writing it is the more readable one
                if let Some(first) = names.first_mut().filter(|first| first.port == 0) {
                    first.name.clone_from(&domain.name);
                }
            } else {
                names.push(self.of_site(site, &domain.name));
            }
        }
        let register = counts(site, &names);
        DomainFacts { names, register, columns: columns(site) }
    }

    /// The facts that `xuncha domain` judges: one name, with what the register says when it is in there.
    ///
    /// `register` is the one the names were made from. Nothing that needs the network is seen.
    pub fn offline(&self, register: &Register, written: &str, at: DateTime<Utc>) -> Facts {
        let today = local_date(at);
        let plain = self.plain(written);
        let found = self.host(&plain.ascii).and_then(|number| register.sites.get(number));
        let names = vec![found.map_or(plain, |site| self.of_site(site, written))];
        let site = found.map(|site| site_facts(register, site, today));
        let domain = DomainFacts {
            names,
            register: found.map_or_else(|| known(None), |site| self.site(site).register),
            columns: found.map_or_else(|| known(None), columns),
        };
        Facts {
            running: site.as_ref().is_none_or(|site| site.status == SiteState::Running),
            site: known(site),
            filing: known(found.map(|site| filing_facts(site, today))),
            ..Facts::unlooked(at, "", domain)
        }
    }
}

/// The facts that rules of the families `domain` and `filing` read, as JSON; the rest of an offline look is unseen,
/// and writing it would take longer than the judging (a path that is not there is unknown as well).
///
/// # Errors
///
/// None in practice: these facts have text keys and finite numbers only.
pub fn offline_json(facts: &Facts) -> serde_json::Result<serde_json::Value> {
    let mut object = serde_json::Map::new();
    object.insert("site".to_owned(), serde_json::to_value(&facts.site)?);
    object.insert("filing".to_owned(), serde_json::to_value(&facts.filing)?);
    object.insert("domain".to_owned(), serde_json::to_value(&facts.domain)?);
    Ok(object.into())
}

/// Where the declared columns and platforms of a site live (55: paths of the site's own name, not hosts of their own).
fn columns(site: &Site) -> Seen<Vec<ColumnHost>> {
    let columns = site.columns.iter().map(|column| (&column.name, &column.url));
    let platforms = site.endpoints.iter().map(|platform| (&platform.name, &platform.url));
    let declared = columns.chain(platforms).map(|(name, url)| {
        let host = url.host_str().unwrap_or_default().to_owned();
        let own = site.hosts().any(|own| own == host);
        ColumnHost { name: name.clone(), url: url.to_string(), host, own }
    });
    let declared: Vec<_> = declared.collect();
    if declared.is_empty() {
        return Seen::unseen(Reason::RegisterUnknown, "the register declares no columns");
    }
    Seen::Seen(declared)
}

/// A fact of the register, when the name is in there.
fn known<T>(fact: Option<T>) -> Seen<T> {
    fact.map_or_else(|| Seen::unseen(Reason::RegisterUnknown, ""), Seen::Seen)
}

/// Names counted by kind; `www.x` and `x` are one, addresses are none.
fn counts(site: &Site, names: &[NameFacts]) -> Seen<DomainCounts> {
    let Some(domains) = &site.domains else {
        return Seen::unseen(Reason::RegisterUnknown, "domains");
    };
    let (mut english, mut chinese) = (HashSet::new(), HashSet::new());
    for name in names.iter().filter(|name| name.structure != Structure::Address) {
        let is_chinese = matches!(name.suffix, Suffix::Zhengwu | Suffix::ZhengwuCn);
        let kind = if is_chinese { &mut chinese } else { &mut english };
        kind.insert(name.ascii.strip_prefix("www.").unwrap_or(&name.ascii));
    }
    let main = domains.iter().filter(|domain| domain.main && domain.retired.is_none()).count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Seen::Seen(DomainCounts {
        english: number(english.len()),
        chinese: number(chinese.len()),
        main: number(main),
    })
}
