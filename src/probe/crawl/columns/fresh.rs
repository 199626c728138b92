//! How fresh the home page is; where it is nothing but a way to other pages, these are judged in its place.

use chrono::{DateTime, Utc};
use xuncha_model::{
    Reason, Seen,
    facts::{FreshnessFacts, page::PageKind},
    period::local_date,
};

use super::age::{List, Pages};
use crate::page::{PageRead, Row};

/// Days up to which a home page is fresh whatever else stands on it (第十六条, the earliest warning).
const FRESH: i64 = 10;

/// The home page, and the pages one click away.
#[derive(Debug, Default)]
pub(super) struct Home {
    home: Option<Result<List, Reason>>,
    /// Scripts fill a part of it: a newer row may stand there.
    shell: bool,
    near: List,
}

impl Home {
    pub(super) fn home(&mut self, page: &PageRead, at: DateTime<Utc>) {
        self.shell = page.facts.shell;
        self.home.get_or_insert_with(|| {
            if !page.facts.reason.is_ok() {
                Err(page.facts.reason.clone())
            } else if page.facts.kind == PageKind::Shell || page.facts.shell && page.rows.is_empty()
            {
                Err(Reason::PageShell)
            } else {
                Ok(List::of(&page.rows, at))
            }
        });
    }

    /// A page one click away: its rows, and its own date.
    pub(super) fn near(&mut self, page: &PageRead, at: DateTime<Utc>) {
        self.near.join(List::of(&page.rows, at));
        let printed = &page.facts.published.printed;
        let day = printed.get(..10).and_then(|day| day.parse().ok());
        if day.is_some() {
            let own = Row {
                title: page.facts.title.chars().take(80).collect(),
                url: page.facts.url.parse().ok(),
                date: day,
                written: printed.clone(),
                from: "article".into(),
            };
            self.near.join(List::of(&[own], at));
        }
    }

    pub(super) fn is_read(&self) -> bool {
        self.home.is_some()
    }

    pub(super) fn facts(&self, pages: &Pages<'_>, at: DateTime<Utc>) -> Seen<FreshnessFacts> {
        let home = match &self.home {
            Some(Ok(home)) => home,
            Some(Err(reason)) => return Seen::unseen(reason.clone(), ""),
            None => return Seen::unseen(Reason::NotLooked, ""),
        };
        let navigation_only = home.rows == 0;
        let list = if navigation_only { &self.near } else { home };
        let age = list.age(pages, at);
        let days = age.date.map(|date| (local_date(at) - date).num_days().max(0));
        let age_days = match days {
            Some(days) if days < FRESH => Seen::Seen(days),
            _ if self.shell => Seen::unseen(Reason::PageShell, ""),
            Some(days) if age.is_certain() => Seen::Seen(days),
            _ if age.open > 0 => Seen::unseen(Reason::LimitPages, format!("{} undated", age.open)),
            _ => Seen::unseen(Reason::NotLooked, "no row is dated"),
        };
        Seen::Seen(FreshnessFacts {
            newest: age.newest.clone(),
            age_days,
            rows: list.rows,
            undated_rows: list.undated,
            none_dated: age.has_none() && !self.shell,
            navigation_only,
        })
    }
}
