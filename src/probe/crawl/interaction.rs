//! Ways to ask a site, and how long people wait for its answers (检查指标, 单项否决 5).

use std::{collections::HashMap, sync::LazyLock};

use chrono::{Months, NaiveDate};
use url::Url;
use xuncha_model::{
    Reason, Seen,
    facts::{
        InteractionFacts,
        article::Message,
        page::{FormKind, PageKind},
    },
    period::local_date,
};

use super::{
    Ground, Leaf,
    columns::key,
    entry::{Entries, Words},
};
use crate::{lists, page::message_page};

/// Messages that are remembered, and reported.
const MOST_KNOWN: usize = 5000;
const MOST: usize = 50;
/// 检查指标: messages of the last year, and three months to answer them.
const YEAR: Months = Months::new(12);
const LATE: Months = Months::new(3);
/// Characters by which a title is known: lists cut titles.
const TITLE: usize = 16;
/// Fields of a form that lets people write.
const FIELDS: usize = 2;

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    lists::read("interaction.yaml", include_str!("../../../rules/lists/interaction.yaml"))
});

/// The channels and messages so far.
#[derive(Debug, Default)]
pub(super) struct Interaction {
    pages: u32,
    /// Pages near the home page that scripts fill.
    shells: u32,
    channels: Entries,
    messages: Vec<Message>,
    /// By the address of its own page, and by day and title, which of the messages it is.
    known: HashMap<String, usize>,
}

impl Interaction {
    pub(super) fn page(&mut self, ground: &Ground<'_>, leaf: &Leaf<'_>) {
        self.pages += 1;
        if let Some(words) = WORDS.as_ref() {
            self.channels.page(leaf, words);
        }
        let page = &leaf.page.facts;
        self.shells += u32::from(page.shell && leaf.depth <= 1);
        let asks = page.forms.iter().any(|form| {
            matches!(form.kind, FormKind::Personal | FormKind::Other) && form.fields.len() >= FIELDS
        });
        if asks && page.kind != PageKind::Home && message_page(leaf.url, &page.title) {
            self.channels.add("form", &page.title, leaf.url);
        }
        let only = page.messages.len() == 1;
        for message in &page.messages {
            let own = only || message.url != page.url;
            self.message(message, own, local_date(ground.at));
        }
    }

    /// One message may stand on a list and on a page of its own: what either says of the answer counts.
    fn message(&mut self, message: &Message, own: bool, today: NaiveDate) {
        let address = message.url.parse::<Url>().ok().filter(|_| own).map(|url| key(&url));
        let title: String = message.title.chars().take(TITLE).collect();
        let day = (!message.asked.is_empty()).then(|| format!("{}\n{title}", message.asked));
        let names: Vec<String> = address.into_iter().chain(day).collect();
        let at = names.iter().find_map(|name| self.known.get(name).copied());
        let at = match at {
            Some(at) => at,
            None if self.messages.len() < MOST_KNOWN => {
                self.messages.push(message.clone());
                self.messages.len() - 1
            }
            None => return,
        };
        for name in names {
            self.known.entry(name).or_insert(at);
        }
        if let Some(known) = self.messages.get_mut(at) {
            join(known, message, today);
        }
    }

    pub(super) fn finish(self, ground: &Ground<'_>) -> Seen<InteractionFacts> {
        if self.pages == 0 {
            return Seen::unseen(Reason::NotLooked, "");
        }
        let today = local_date(ground.at);
        let channels = self.channels.finish(ground, WORDS.as_ref());
        if channels.is_empty() && self.shells > 0 {
            return Seen::unseen(Reason::PageShell, "scripts fill a part of the site");
        }
        let messages = u32::try_from(self.messages.len()).unwrap_or(u32::MAX);
        let mut waiting: Vec<(i64, Message)> = self
            .messages
            .into_iter()
            .filter_map(|message| {
                let (days, overdue) = waited(&message, today)?;
                let waited_days = Seen::Seen(days);
                Some((days, Message { overdue, waited_days, ..message }))
            })
            .collect();
        waiting.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.url.cmp(&other.url)));
        waiting.truncate(MOST);
        Seen::Seen(InteractionFacts {
            channels,
            waiting: waiting.into_iter().map(|(_, message)| message).collect(),
            messages,
        })
    }
}

/// What another page says of the same message.
fn join(known: &mut Message, other: &Message, today: NaiveDate) {
    known.replied |= other.replied;
    for (known, other) in [(&mut known.asked, &other.asked), (&mut known.answered, &other.answered)]
    {
        if known.is_empty() {
            known.clone_from(other);
        }
    }
    let until = if known.replied { day(&known.answered) } else { Some(today) };
    if let (Some(asked), Some(until)) = (day(&known.asked), until)
        && asked <= until
    {
        known.waited_days = Seen::Seen((until - asked).num_days());
    } else if known.replied {
        known.waited_days = Seen::unseen(Reason::NotLooked, "a date is missing");
    }
}

/// Days that a message of the last year waits, or waited when that was too long; and whether it is.
fn waited(message: &Message, today: NaiveDate) -> Option<(i64, bool)> {
    let asked = day(&message.asked)?;
    if asked < today.checked_sub_months(YEAR)? || asked > today {
        return None;
    }
    let late = asked.checked_add_months(LATE)?;
    let until = if message.replied { day(&message.answered)? } else { today };
    let overdue = until > late;
    (!message.replied || overdue).then_some(((until - asked).num_days(), overdue))
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(url: &str, asked: &str, answered: &str, replied: bool) -> Message {
        Message {
            title: "关于道路破损的咨询".to_owned(),
            url: url.to_owned(),
            asked: asked.to_owned(),
            answered: answered.to_owned(),
            replied,
            overdue: false,
            waited_days: Seen::unseen(Reason::NotLooked, ""),
        }
    }

    #[test]
    fn those_count_that_wait_or_waited_too_long_within_the_year() {
        let today = day("2026-11-24").unwrap();
        let of = |asked, answered, replied| waited(&message("", asked, answered, replied), today);
        assert_eq!(of("2026-11-20", "", false), Some((4, false)));
        assert_eq!(of("2025-11-24", "", false), Some((365, true)));
        assert_eq!(of("2025-11-23", "", false), None, "more than a year ago");
        assert_eq!(of("2026-11-25", "", false), None, "in the future");
        assert_eq!(of("2026-08-24", "", false), Some((92, false)), "three months to the day");
        assert_eq!(of("2026-08-23", "", false), Some((93, true)));
        assert_eq!(of("", "", false), None);
        assert_eq!(of("2026-01-31", "2026-04-30", true), None, "three months to the day");
        assert_eq!(of("2026-01-31", "2026-05-01", true), Some((90, true)));
        assert_eq!(of("2026-01-31", "", true), None);
    }

    #[test]
    fn a_message_on_two_pages_is_one_and_an_answer_seen_counts() {
        let today = day("2026-11-24").unwrap();
        let mut seen = Interaction::default();
        let page = "https://www.a.gov.cn/m/1.html";
        seen.message(&message(page, "2026-06-01", "", false), true, today);
        assert_eq!(seen.messages[0].waited_days, Seen::Seen(176));
        seen.message(&message(page, "2026-06-01", "2026-06-04", true), true, today);
        seen.message(&message("https://www.a.gov.cn/l/", "2026-06-01", "", false), false, today);
        assert_eq!(seen.messages.len(), 1);
        assert_eq!(
            (seen.messages[0].replied, &seen.messages[0].waited_days),
            (true, &Seen::Seen(3))
        );
        seen.message(&message("https://www.a.gov.cn/l/", "2026-06-02", "", false), false, today);
        assert_eq!(seen.messages.len(), 2);
    }
}
