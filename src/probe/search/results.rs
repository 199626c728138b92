//! What the first page of results shows: the title asked for, or proof that it is not there.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use url::Url;

use super::WORDS;
use crate::page::{Given, PageRead};

/// The share of a title's characters that name it, in percent.
const ENOUGH: usize = 90;
/// Characters of a title that was cut, at least.
const SHORTEST_CUT: usize = 10;

/// A page of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Results {
    /// It names the title, or leads to its page.
    pub(crate) found: bool,
    /// It says that there is nothing.
    none: bool,
    /// Its results may come from a script, or were kept from us.
    hidden: bool,
    /// What its lists show.
    rows: u64,
}

/// Reads the page of results for a title that stands at an address; `hash` is the same for all pages of one search.
pub(crate) fn read(
    page: &Given<'_>,
    read: &PageRead,
    title: &str,
    address: &str,
    hash: &RandomState,
) -> Results {
    let title: Vec<char> = plain(title);
    let place = place(address);
    let leads = |url: &Url| !place.is_empty() && url.as_str().contains(&place);
    let linked =
        || read.links.iter().any(|link| leads(&link.url) || names(&plain(&link.text), &title));
    let Some(words) = WORDS.as_ref() else {
        return Results { found: linked(), none: false, hidden: true, rows: 0 };
    };
    let text: String = title.iter().collect();
    let said = || {
        read.text.lines().any(|line| {
            !words.echo.is_match(line) && plain(line).iter().collect::<String>().contains(&text)
        })
    };
    let mut rows = hash.build_hasher();
    for row in &read.rows {
        row.title.hash(&mut rows);
    }
    let html = page.text.trim_start().starts_with('<');
    Results {
        found: !title.is_empty() && (linked() || said()),
        none: words.none.is_match(&read.text),
        hidden: !html
            || read.facts.shell
            || words.busy.is_match(&read.text)
            || words.fetches.is_match(page.text),
        rows: if read.rows.is_empty() { 0 } else { rows.finish() },
    }
}

/// Whether each title was found; nothing where that is not proved.
///
/// A title is not there when the page says that there is nothing, or shows a list that other words do not bring too.
pub(crate) fn tried(pages: &[Results]) -> Vec<Option<bool>> {
    let answers = |page: &Results| {
        let same = pages.iter().filter(|other| other.rows == page.rows).count();
        page.none || page.rows != 0 && same == 1 && pages.len() > 1
    };
    let each = pages.iter().map(|page| match page.found {
        true => Some(true),
        false => (!page.hidden && answers(page)).then_some(false),
    });
    each.collect()
}

/// The letters and digits of a text: marks and blanks are written in many ways.
fn plain(text: &str) -> Vec<char> {
    let kept = text.chars().filter(|char| char.is_alphanumeric() || *char == '\u{2026}');
    kept.flat_map(char::to_lowercase).collect()
}

/// The words of a link name a title: nearly all of its characters in their order, or as many as there were room for.
fn names(words: &[char], title: &[char]) -> bool {
    let cut = words.iter().position(|char| *char == '\u{2026}').unwrap_or(words.len());
    let begin = &words[..cut];
    if cut < words.len() && begin.len() >= SHORTEST_CUT && title.starts_with(begin) {
        return true;
    }
    // a text that holds much else names nothing
    if title.is_empty() || words.len() > title.len().saturating_mul(3) {
        return false;
    }
    let mut rest = title;
    let mut met = 0;
    for char in words {
        if let Some(at) = rest.iter().take(3).position(|other| other == char) {
            rest = &rest[at + 1..];
            met += 1;
        }
    }
    met * 100 >= title.len() * ENOUGH
}

/// Host and path of a page, however it is reached.
fn place(address: &str) -> String {
    let Ok(url) = address.parse::<Url>() else { return String::new() };
    let host = url.host_str().unwrap_or_default();
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    if path.len() < 2 {
        return String::new();
    }
    format!("{}{path}", host.strip_prefix("www.").unwrap_or(host))
}

#[cfg(test)]
mod tests {
    use xuncha_model::facts::page::Origin;

    use super::*;
    use crate::page;

    const TITLE: &str = "周口市人民政府办公室关于印发 2026 年重点工作的通知";
    const PLACE: &str = "http://www.a.gov.cn/art/2026/11/1.html";

    fn results(text: &str) -> Results {
        let url: Url = "http://www.a.gov.cn/s?q=x".parse().unwrap();
        let given = Given {
            url: &url,
            origin: Origin::Given,
            at: "2026-11-24T02:00:00Z".parse().unwrap(),
            status: 200,
            headers: &[],
            text,
            encoding: "UTF-8",
            declared_encoding: "",
        };
        read(&given, &page::read(&given), TITLE, PLACE, &RandomState::new())
    }

    #[test]
    fn a_title_is_named_or_led_to() {
        for text in [
            "<a href=/x>周口市人民政府办公室关于<em>印发</em>2026年<font color=red>重点工作</font>的通知</a>",
            "<a href=/x>周口市人民政府办公室关于印发2026年重点…</a>",
            "<a href=http://a.gov.cn/art/2026/11/1.html>查看</a>",
            "<a href='/link?u=http://www.a.gov.cn/art/2026/11/1.html'>查看</a>",
            "<p>周口市人民政府办公室关于印发2026年重点工作的通知</p>",
            "<a href=/x>[文件] 周口市人民政府办公室关于印发2026年重点工作通知 2026-11-22</a>",
        ] {
            assert!(results(text).found, "{text}");
        }
        for text in [
            "<p>您搜索的“周口市人民政府办公室关于印发2026年重点工作的通知”没有找到相关结果</p>",
            "<a href=/x>周口市人民政府办公室关于印发2025年招商方案的函</a>",
            "<a href=/art/2026/11/12.html>周口市人民政府…</a>",
            "<input value='周口市人民政府办公室关于印发2026年重点工作的通知'>",
            "",
        ] {
            assert!(!results(text).found, "{text}");
        }
    }

    #[test]
    fn only_what_is_proved_is_not_found() {
        let page = |rows, none, hidden| Results { found: false, none, hidden, rows };
        let found = Results { found: true, ..page(7, false, true) };
        assert_eq!(tried(&[page(0, true, false), found]), [Some(false), Some(true)]);
        assert_eq!(tried(&[page(0, true, true)]), [None], "a script may fill it");
        assert_eq!(tried(&[page(3, false, false)]), [None], "the list may be furniture");
        let same = [page(3, false, false), page(3, false, false)];
        assert_eq!(tried(&same), [None, None], "the same list for other words");
        let lists = [page(3, false, false), page(4, false, false), page(0, false, false)];
        assert_eq!(tried(&lists), [Some(false), Some(false), None]);
    }

    #[test]
    fn results_of_scripts_and_refusals_are_not_seen() {
        assert!(results("<div id=app></div><script>new Vue({})</script>").hidden);
        assert!(results("{\"rows\":[]}").hidden);
        assert!(results("<p>您的操作过于频繁，请稍后再试</p>").hidden);
        let none = results("<p>没有找到相关结果</p>");
        assert!(none.none && !none.hidden);
    }
}
