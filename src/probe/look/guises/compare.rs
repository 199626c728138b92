//! What a page shows one visitor beside what it shows everybody: texts, titles, words of spam, hosts, where it ends.

use std::{cmp::Reverse, collections::BTreeSet};

use url::Url;
use xuncha_model::{
    Reason,
    facts::{GuiseFacts, content::Injected},
};

use crate::{
    address::reported,
    page::{How, PageRead},
};

/// Characters of a text that are compared.
const MOST: usize = 64 << 10;
/// Foreign hosts that are told.
const MOST_HOSTS: usize = 20;
/// Characters in a row that are compared as one: of a text, and of a title.
const OF_TEXT: usize = 4;
const OF_TITLE: usize = 2;
/// Titles less alike, and texts less alike than ordinary by more, are worth a second look where new hosts are linked to.
const OTHER_TITLE: u32 = 50;
const OTHER_TEXT: u32 = 20;

/// A page as somebody was shown it.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    /// Empty when there was an answer.
    pub(super) reason: Reason,
    /// Another host that a redirect led to; what is there was not read.
    pub(super) elsewhere: Option<Url>,
    pub(super) title: String,
    text: Grams,
    pub(super) injected: Vec<Injected>,
    /// Hosts of its links that are strangers.
    hosts: BTreeSet<String>,
    /// Addresses of strangers that the page itself goes on to.
    onward: Vec<Url>,
}

impl Shown {
    /// There was no page, and why.
    pub(super) fn failed(reason: Reason) -> Self {
        Self { reason, ..Self::default() }
    }

    /// They were sent to another host.
    pub(super) fn sent(elsewhere: Url) -> Self {
        Self { elsewhere: Some(elsewhere), ..Self::default() }
    }

    /// A page.
    pub(super) fn page(read: PageRead, is_stranger: impl Fn(&str) -> bool) -> Self {
        let strange = |url: &Url| url.host_str().is_some_and(&is_stranger);
        let onward =
            read.links.iter().filter(|link| link.how == How::Refresh && strange(&link.url));
        let onward = onward.map(|link| link.url.clone()).collect();
        let mut hosts = BTreeSet::new();
        for host in read.links.iter().filter_map(|link| link.url.host_str()) {
            if !hosts.contains(host) && is_stranger(host) {
                hosts.insert(host.to_owned());
            }
        }
        Self {
            reason: Reason::Ok,
            elsewhere: None,
            text: Grams::of(&read.text, OF_TEXT),
            injected: read.facts.content.injected,
            title: read.facts.title,
            hosts,
            onward,
        }
    }

    /// The host this visitor ends at, where it is another and `everybody` does not end there.
    fn elsewhere(&self, everybody: &[&Self]) -> Option<&Url> {
        let ends = |shown: &Self, host: Option<&str>| {
            let all = shown.elsewhere.iter().chain(&shown.onward);
            all.map(Url::host_str).any(|there| there == host)
        };
        let all = self.elsewhere.iter().chain(&self.onward);
        let mut all = all.filter(|url| !everybody.iter().any(|shown| ends(shown, url.host_str())));
        all.next()
    }

    /// How much of two texts is the same.
    pub(super) fn likeness(&self, other: &Self) -> u32 {
        self.text.shared(&other.text)
    }
}

/// The facts of one visitor beside `everybody`, who looked at least once.
pub(super) fn compared(
    (url, guise): (&Url, &str),
    shown: &Shown,
    everybody: &[&Shown],
    is_stranger: impl Fn(&str) -> bool,
) -> GuiseFacts {
    let plain_title = everybody.last().map(|plain| plain.title.clone()).unwrap_or_default();
    let most = |of: &dyn Fn(&Shown) -> u32| {
        everybody.iter().map(|plain| of(plain)).max().unwrap_or_default()
    };
    let elsewhere = shown.elsewhere(everybody);
    let hosts = shown.hosts.iter().filter(|host| {
        let mut known = everybody.iter().map(|plain| plain.hosts.contains(*host));
        !known.any(|known| known)
    });
    GuiseFacts {
        url: reported(url),
        guise: guise.to_owned(),
        reason: shown.reason.clone(),
        elsewhere: elsewhere.map(reported).unwrap_or_default(),
        foreign: elsewhere.and_then(Url::host_str).is_some_and(is_stranger),
        title_likeness: most(&|plain| titles(&plain.title, &shown.title)),
        title: shown.title.clone(),
        plain_title,
        likeness: most(&|plain| plain.likeness(shown)),
        ordinary: 100,
        injected: added(&shown.injected, everybody),
        hosts: hosts.take(MOST_HOSTS).cloned().collect(),
    }
}

/// Words of spam that everybody is not shown, with what they weigh more, the heaviest first.
fn added(injected: &[Injected], everybody: &[&Shown]) -> Vec<Injected> {
    let plain = || everybody.iter().flat_map(|plain| &plain.injected);
    let mut added: Vec<Injected> = injected
        .iter()
        .filter_map(|found| {
            let same =
                plain().filter(|known| known.list == found.list && known.place == found.place);
            let weight =
                found.weight.saturating_sub(same.map(|known| known.weight).max().unwrap_or(0));
            let new = |word: &&String| !plain().any(|known| known.words.contains(*word));
            let words: Vec<String> = found.words.iter().filter(new).cloned().collect();
            (weight > 0 && !words.is_empty()).then(|| Injected { weight, words, ..found.clone() })
        })
        .collect();
    added.sort_by_key(|found| Reverse(found.weight));
    added
}

/// It is worth a second look.
pub(super) fn strange(facts: &GuiseFacts) -> bool {
    let other = facts.title_likeness < OTHER_TITLE && facts.likeness + OTHER_TEXT < facts.ordinary;
    facts.reason.is_ok()
        && (facts.foreign || !facts.injected.is_empty() || other && !facts.hosts.is_empty())
}

/// What two looks in the same guise showed both times: what passes accuses nobody.
pub(super) fn both(first: &GuiseFacts, mut second: GuiseFacts) -> GuiseFacts {
    second.injected.retain(|found| first.injected.iter().any(|once| once.list == found.list));
    second.hosts.retain(|host| first.hosts.contains(host));
    second.title_likeness = second.title_likeness.max(first.title_likeness);
    second.likeness = second.likeness.max(first.likeness);
    if !first.foreign {
        second.foreign = false;
    }
    second
}

/// How much of two titles is the same; one that holds the other is the same.
fn titles(one: &str, other: &str) -> u32 {
    let (one, other) = (one.trim(), other.trim());
    let holds = |long: &str, short: &str| !short.is_empty() && long.contains(short);
    if holds(one, other) || holds(other, one) {
        return 100;
    }
    Grams::of(one, OF_TITLE).shared(&Grams::of(other, OF_TITLE))
}

/// What a text is made of: the hashes of so many characters in a row, sorted, each once.
#[derive(Clone, Debug, Default)]
struct Grams(Vec<u32>);

impl Grams {
    /// White space and digits are left out: counters and clocks are no text.
    fn of(text: &str, length: usize) -> Self {
        let counts = |char: &char| !char.is_whitespace() && !char.is_ascii_digit();
        let letters: Vec<u32> = text.chars().filter(counts).take(MOST).map(u32::from).collect();
        // FNV-1a over whole characters
        let hash = |gram: &[u32]| {
            gram.iter()
                .fold(0x811c_9dc5_u32, |hash, letter| (hash ^ letter).wrapping_mul(0x0100_0193))
        };
        let mut grams: Vec<u32> = if letters.len() < length {
            letters.first().map(|_| hash(&letters)).into_iter().collect()
        } else {
            letters.windows(length).map(hash).collect()
        };
        grams.sort_unstable();
        grams.dedup();
        Self(grams)
    }

    /// How much two texts have in common (Jaccard), 0 to 100; all where both are empty.
    fn shared(&self, other: &Self) -> u32 {
        let mut rest = other.0.iter().peekable();
        let common = self.0.iter().filter(|gram| {
            while rest.next_if(|other| other < gram).is_some() {}
            rest.next_if_eq(gram).is_some()
        });
        let common = common.count();
        let all = self.0.len() + other.0.len() - common;
        let percent = (common * 100).checked_div(all).unwrap_or(100);
        u32::try_from(percent).unwrap_or(100)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use xuncha_model::facts::page::Origin;

    use super::*;
    use crate::page::{Given, read};

    const URL: &str = "https://www.luyi.gov.cn/";

    fn is_stranger(host: &str) -> bool {
        !host.ends_with("gov.cn")
    }

    fn shown(html: &str) -> Shown {
        let url = URL.parse().unwrap();
        let page = Given {
            url: &url,
            origin: Origin::Home,
            at: DateTime::UNIX_EPOCH,
            status: 200,
            headers: &[],
            text: html,
            encoding: "",
            declared_encoding: "",
        };
        Shown::page(read(&page), is_stranger)
    }

    fn beside(shown: &Shown, everybody: &[&Shown]) -> GuiseFacts {
        compared((&URL.parse().unwrap(), "baidu"), shown, everybody, is_stranger)
    }

    fn page(title: &str, body: &str) -> Shown {
        let news = (0..60).map(|n| format!("<p>第{n}条：{}</p>", news(n)));
        shown(&format!("<title>{title}</title>{}{body}", news.collect::<String>()))
    }

    /// A sentence of its own for each number.
    fn news(number: u32) -> String {
        let letter = |at: u32| char::from_u32(0x4e00 + (number * 37 + at * 101) % 5000).unwrap();
        (0..30).map(letter).collect()
    }

    fn spam(list: &str, weight: u32, words: &[&str]) -> Injected {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let (list, place) = (list.to_owned(), "text".to_owned());
        Injected { list, weight, place, words, snippet: String::new() }
    }

    #[test]
    fn counters_clocks_and_advertisements_are_ordinary() {
        let one = page("鹿邑县人民政府", "<p>访问量 1288，今天是 2026-11-24</p>");
        let other = page(
            "鹿邑县人民政府",
            "<p>访问量 90，今天是 2027-01-05</p><a href=http://ad.example/>天气</a>",
        );
        let facts = beside(&other, &[&one]);
        assert!(facts.likeness > 95, "{facts:?}");
        assert_eq!(
            (facts.title_likeness, facts.hosts.as_slice()),
            (100, &["ad.example".to_owned()][..])
        );
        assert!(!strange(&facts), "{facts:?}");
    }

    #[test]
    fn another_page_with_new_hosts_is_strange_and_one_without_is_not() {
        let plain = page("鹿邑县人民政府", "");
        let links = "<a href=http://a.example/>甲</a><a href=http://b.example/>乙</a>";
        let other = shown(&format!("<title>真人棋牌开户</title><p>{}</p>{links}", news(900)));
        let facts = beside(&other, &[&plain]);
        assert_eq!((facts.title_likeness, facts.hosts.len()), (0, 2));
        assert!(facts.likeness < 10 && strange(&facts), "{facts:?}");
        // what everybody is shown the next time is no secret
        assert!(!strange(&beside(&other, &[&plain, &other])));
        // an error page leads nowhere
        let error = shown("<title>系统维护</title><p>请稍后再试</p>");
        assert!(!strange(&beside(&error, &[&plain])));
        // a mobile page is called the same
        let mobile = shown(&format!("<title>鹿邑县人民政府手机版</title>{links}"));
        assert!(!strange(&beside(&mobile, &[&plain])));
    }

    #[test]
    fn words_that_everybody_is_shown_weigh_nothing() {
        let plain = Shown { injected: vec![spam("gambling", 3, &["甲"])], ..page("政府", "") };
        let more = |weight, words: &[&str]| {
            let found = vec![spam("gambling", weight, words)];
            beside(&Shown { injected: found, ..plain.clone() }, &[&plain]).injected
        };
        assert_eq!(more(3, &["甲"]), []);
        assert_eq!(more(10, &["甲", "乙"]), [spam("gambling", 7, &["乙"])]);
        let other = Shown { injected: vec![spam("fraud", 5, &["丙"])], ..plain.clone() };
        assert!(strange(&beside(&other, &[&plain])));
    }

    #[test]
    fn who_is_sent_away_is_told_where_to_unless_everybody_is() {
        let sent = |to: &str| Shown::sent(to.parse().unwrap());
        let plain = page("鹿邑县人民政府", "");
        let of = |shown: &Shown| {
            let facts = beside(shown, &[&plain]);
            (facts.elsewhere.clone(), facts.foreign, strange(&facts))
        };
        let casino = "https://casino.example/".to_owned();
        assert_eq!(of(&sent(&casino)), (casino.clone(), true, true));
        let mobile = "https://m.luyi.gov.cn/".to_owned();
        assert_eq!(of(&sent(&mobile)), (mobile, false, false));
        let refresh = r#"<meta http-equiv=refresh content="0;url=https://casino.example/">"#;
        let script = r#"<script>location.href="https://casino.example/"</script>"#;
        for html in [refresh, script] {
            assert_eq!(of(&page("鹿邑县人民政府", html)), (casino.clone(), true, true), "{html}");
            let everybody = page("鹿邑县人民政府", html);
            let facts = beside(&page("鹿邑县人民政府", html), &[&everybody]);
            assert_eq!((facts.elsewhere.as_str(), strange(&facts)), ("", false));
        }
    }

    #[test]
    fn only_what_two_looks_show_is_left() {
        let facts = |injected: Vec<Injected>, hosts: &[&str], likeness| GuiseFacts {
            likeness,
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            injected,
            ..beside(&Shown::failed(Reason::Ok), &[])
        };
        let first = facts(vec![spam("gambling", 9, &["甲"])], &["a.example"], 5);
        let second = facts(
            vec![spam("gambling", 8, &["乙"]), spam("fraud", 5, &["丙"])],
            &["a.example", "b.example"],
            80,
        );
        let left = both(&first, second.clone());
        assert_eq!(left.injected, [spam("gambling", 8, &["乙"])]);
        assert_eq!((left.hosts, left.likeness), (vec!["a.example".to_owned()], 80));
        let innocent = both(&facts(Vec::new(), &[], 100), second);
        assert_eq!((innocent.injected.len(), innocent.likeness), (0, 100));
    }

    #[test]
    fn short_and_long_texts_are_compared() {
        let share = |one: &str, other: &str| Grams::of(one, 4).shared(&Grams::of(other, 4));
        assert_eq!(share("", ""), 100);
        assert_eq!(share("", "正文"), 0);
        assert_eq!(share("正文", "正 文 12"), 100);
        assert_eq!(share("甲乙丙丁戊", "甲乙丙丁己"), 33);
        let long: String =
            (0..200_000_u32).filter_map(|n| char::from_u32(0x4e00 + n % 20_000)).collect();
        assert_eq!(share(&long, &long), 100);
        assert_eq!((titles("首页_鹿邑县人民政府", "鹿邑县人民政府"), titles("", "甲乙")), (100, 0));
    }
}
