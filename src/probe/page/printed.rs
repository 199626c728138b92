//! When an article was published and where it comes from, as the page prints it.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::{article::Published, page::ArticleTags};

use super::{
    Given,
    row::ahead,
    sights::{Of, Sights},
};
use crate::{
    date::{self, Told},
    lists,
    title::{folded, title},
};

/// Bytes of the text in which the line of an article's data is looked for.
const HEAD: usize = 24 << 10;
/// Bytes of a line that may be such a line, and of one that is the article already.
const LONGEST_LINE: usize = 600;
const PROSE: usize = 240;
/// Bytes of the next lines in which a label may go on that begins in a line.
const REACH: usize = 16;
/// Bytes of a line that may be a date and nothing else.
const LONGEST_DATE: usize = 60;
/// Characters of the words around a date that are kept, and of a source.
const LONGEST_ROW: usize = 80;
const LONGEST_SOURCE: usize = 60;
/// Bytes of a label of a source and of what follows, as far as it is looked at.
const LONGEST_LABEL: usize = 400;

/// By what words a date of publication is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(deserialize_with = "lists::pattern")]
    label: Regex,
    /// How a label ends: before a colon, and without any.
    colon: Vec<String>,
    bare: Vec<String>,
    #[serde(deserialize_with = "lists::pattern")]
    plainly: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    beside: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    never: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    catalog: Regex,
}

#[derive(Debug, Deserialize)]
struct Dates {
    printed: Words,
}

/// By what words a source is known, as far as the page prints it.
#[derive(Debug, Deserialize)]
struct Sources {
    #[serde(deserialize_with = "lists::pattern")]
    label: Regex,
    /// How a label begins.
    begins: Vec<String>,
    #[serde(deserialize_with = "lists::pattern")]
    before: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    ends: Regex,
}

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    let list: Option<Dates> =
        lists::read("dates.yaml", include_str!("../../../rules/lists/dates.yaml"));
    list.map(|list| list.printed)
});

/// The ends of labels; white space of a text is single.
pub(super) fn ends() -> Vec<(usize, String)> {
    let Some(words) = WORDS.as_ref() else { return Vec::new() };
    let blanks = ["", " ", "\n", "\t"];
    let before = words.colon.iter().flat_map(|end| blanks.map(|blank| format!("{end}{blank}")));
    let marked = before.flat_map(|end| [":", "\u{ff1a}"].map(|colon| format!("{end}{colon}")));
    marked.chain(words.bare.iter().cloned()).enumerate().collect()
}

/// The beginnings of labels of a source, also with a blank between their characters.
pub(super) fn sources() -> Vec<(usize, String)> {
    let Some(words) = SOURCES.as_ref() else { return Vec::new() };
    let written = |(number, word): (usize, &String)| {
        let mut chars = word.chars();
        let (first, rest) = (chars.next().unwrap_or_default(), chars.as_str().to_owned());
        ["", " ", "\n", "\t"].map(|blank| (number, format!("{first}{blank}{rest}")))
    };
    words.begins.iter().enumerate().flat_map(written).collect()
}

static SOURCES: LazyLock<Option<Sources>> = LazyLock::new(|| {
    lists::read("sources.yaml", include_str!("../../../rules/lists/sources.yaml"))
});

/// A date that may be that of publication; the smaller the rank, the plainer it is said.
struct Found<'t> {
    rank: u8,
    told: Option<Told>,
    line: &'t str,
}

/// When the page says it was published; `text` is what a reader sees of it.
///
/// Where a label stands without a date, which a script may fill in, `row` holds its line and `printed` is empty.
pub(super) fn published(
    page: &Given<'_>,
    text: &str,
    sights: &Sights,
    tags: &ArticleTags,
) -> Published {
    let address = date::in_address(page.url.path(), page.at);
    let found = WORDS.as_ref().and_then(|words| printed(page, text, sights, words));
    let told = found.as_ref().and_then(|found| found.told.as_ref());
    let later = |day: NaiveDate| told.is_some_and(|told| (day - told.day).num_days() > 1);
    Published {
        printed: told.map(Told::shown).unwrap_or_default(),
        tag: date::stamp(&tags.pub_date, page.at).map(|told| told.shown()).unwrap_or_default(),
        url: address.map(date::InAddress::shown).unwrap_or_default(),
        row: found.as_ref().map(|found| around(found)).unwrap_or_default(),
        not_before: address
            .and_then(date::InAddress::day)
            .filter(|day| later(*day))
            .map(|day| day.to_string())
            .unwrap_or_default(),
        absent_on: String::new(),
    }
}

/// The words around a date, or its line where it has none.
fn around(found: &Found<'_>) -> String {
    let at = found.told.as_ref().map_or(0, |told| told.span.start);
    let before = found.line.get(..at).unwrap_or_default().chars().count();
    let skip = before.saturating_sub(LONGEST_ROW / 2);
    folded(&found.line.chars().skip(skip).collect::<String>(), LONGEST_ROW)
}

/// The plainest date of publication that the page prints.
fn printed<'t>(
    page: &Given<'_>,
    text: &'t str,
    sights: &Sights,
    words: &Words,
) -> Option<Found<'t>> {
    let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or_default();
    let mut ends = sights.within(Of::Date, 0..head.len()).peekable();
    let mut best: Option<Found<'t>> = None;
    let mut prose = false;
    // the line two before may be the title of a lone date
    let (mut older, mut old) = ("", "");
    let mut heading: Option<String> = None;
    let mut begun = 0;
    for line in head.split('\n') {
        let end = begun + line.len();
        let next = head.get(end + 1..).unwrap_or_default();
        begun = end + 1;
        let reach = head.ceil_char_boundary(end + REACH);
        let mut label = false;
        while ends.next_if(|found| found.start < end).is_some() {
            label = true;
        }
        // a label may go on in the next lines
        label |= ends.peek().is_some_and(|found| found.start < reach);
        let label = label
            && line.len() <= LONGEST_LINE
            && head
                .get(end - line.len()..reach)
                .and_then(|near| words.label.find(near))
                .is_some_and(|found| found.start() < line.len());
        let figures = || line.bytes().any(|byte| byte.is_ascii_digit() || byte == 0xef);
        let found = if line.len() > LONGEST_LINE {
            None
        } else if label {
            labelled(line, next, page.at, words, prose)
        } else if !prose && figures() {
            lone(line, page.at)
                .filter(|_| {
                    let heading = heading.get_or_insert_with(|| title(page.body()));
                    [old, older].iter().any(|line| names(heading, line))
                })
                .or_else(|| unlabelled(line, page.at, words))
        } else {
            None
        };
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| found.rank < best.rank)
        {
            best = Some(found);
        }
        // a menu may be as long, and has no sentence
        prose = prose || line.len() > PROSE && line.contains(['\u{3002}', '\u{ff0c}']);
        if !line.trim().is_empty() {
            (older, old) = (old, line);
        }
    }
    best
}

/// A line that is a date and nothing else.
fn lone(line: &str, at: DateTime<Utc>) -> Option<Found<'_>> {
    if line.len() > LONGEST_DATE {
        return None;
    }
    let told = date::lone(line, at).filter(|told| !told.relative)?;
    Some(Found { rank: 4, told: Some(told), line })
}

/// A date on the line of an article's data, or in the box of a catalogue.
fn unlabelled<'t>(line: &'t str, at: DateTime<Utc>, words: &Words) -> Option<Found<'t>> {
    let told = date::days(line, at).next()?;
    let catalog = words.catalog.find(line);
    let boxed = catalog.and_then(|label| behind(line, label.end(), at));
    let rank = if boxed.is_some() { 5 } else { 3 };
    let counts = boxed.is_some() || words.beside.is_match(line);
    if !counts || words.never.is_match(line) {
        return None;
    }
    Some(Found { rank, told: boxed.or(Some(told)), line })
}

/// A date behind a label.
fn labelled<'t>(
    line: &'t str,
    next: &str,
    at: DateTime<Utc>,
    words: &Words,
    prose: bool,
) -> Option<Found<'t>> {
    // an organ may be called after one of these words (版权管理局, 考试院): what says plainly that it was published counts
    let never = words.never.is_match(line);
    let data = words.beside.is_match(line);
    let mut empty = None;
    for label in words.label.find_iter(line).take(8) {
        let before = line.get(..label.start()).unwrap_or_default();
        let plainly = words.plainly.is_match(label.as_str());
        // what precedes makes another label of it, unless the line is plainly one of data
        let other = before.chars().next_back().is_some_and(char::is_alphabetic);
        if never && !plainly || other && !data || !plainly && !data && prose {
            continue;
        }
        let rank = match (plainly, data) {
            (true, false) if words.catalog.is_match(label.as_str()) => 3,
            (true, _) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        if let Some(told) = behind(line, label.end(), at) {
            return Some(Found { rank, told: Some(told), line });
        }
        // the date may stand in the next block, or be filled in by a script
        let rest = line.get(label.end()..).unwrap_or_default().trim();
        let block = next.trim_start().lines().next().unwrap_or_default();
        if rest.is_empty()
            && let Some(told) = date::lone(block, at).filter(|told| !told.relative)
        {
            return Some(Found { rank, told: Some(Told { span: 0..0, ..told }), line });
        }
        let filled =
            rest.is_empty() || words.beside.find(rest).is_some_and(|found| found.start() == 0);
        if filled && (plainly || data) {
            empty = Some(Found { rank: 6, told: None, line });
        }
    }
    empty.or_else(|| unlabelled(line, at, words))
}

/// The date that begins within a few characters behind a label.
fn behind(line: &str, end: usize, at: DateTime<Utc>) -> Option<Told> {
    let rest = line.get(end..)?;
    let near = rest.get(..rest.floor_char_boundary(48))?;
    let told = date::days(near, at).next()?;
    let between = near.get(..told.span.start)?;
    let close = between.chars().all(|char| !char.is_alphanumeric()) && between.len() <= 12;
    let span = told.span.start + end..told.span.end + end;
    close.then_some(Told { span, ..told })
}

/// Whether a line is the heading that the page's title names.
fn names(title: &str, line: &str) -> bool {
    let line = line.trim();
    let begin: String = line.chars().take(30).collect();
    line.chars().count() >= 5 && !begin.is_empty() && title.contains(&begin)
}

/// Where the text comes from (来源), as printed.
pub(super) fn source(text: &str, sights: &Sights) -> String {
    let Some(words) = SOURCES.as_ref() else { return String::new() };
    let mut free = 0;
    let mut tried = 0;
    for sight in sights.all(Of::Source) {
        if sight.start < free || tried == 4 {
            continue;
        }
        let near = text.get(sight.start..).unwrap_or_default();
        let near = near.get(..near.floor_char_boundary(LONGEST_LABEL)).unwrap_or_default();
        let found = words.label.captures(near).filter(|it| it.get_match().start() == 0);
        let Some((whole, rest)) = found.and_then(|it| Some((it.get(0)?, it.get(1)?))) else {
            continue;
        };
        free = sight.start + whole.end();
        tried += 1;
        let before = text.get(..sight.start).unwrap_or_default();
        let before = before.get(before.ceil_char_boundary(before.len().saturating_sub(12))..);
        let before = before.unwrap_or_default();
        let other = before.chars().next_back().is_some_and(char::is_alphabetic);
        if other && !words.before.is_match(before) {
            continue;
        }
        let end = words.ends.find(rest.as_str()).map_or(rest.as_str().len(), |end| end.start());
        let source = rest.as_str().get(..end).unwrap_or_default();
        let source = source.trim_matches(|char: char| {
            char.is_whitespace()
                || matches!(char, ':' | '\u{ff1a}' | ';' | '\u{ff1b}' | ')' | '\u{ff09}')
        });
        let source = source.split("  ").next().unwrap_or_default();
        if !source.is_empty() {
            return folded(source, LONGEST_SOURCE);
        }
    }
    String::new()
}

/// Whether a PubDate lies after the moment of the look, by more than a day.
pub(super) fn future(pub_date: &str, at: DateTime<Utc>) -> bool {
    date::stamp(pub_date, at).is_some_and(|told| ahead(told.day, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use xuncha_model::facts::page::Origin;

    fn at() -> DateTime<Utc> {
        "2026-11-24T02:00:00Z".parse().unwrap()
    }

    fn read(url: &str, text: &str, tag: &str) -> Published {
        let url = url.parse().unwrap();
        let page = Given {
            url: &url,
            origin: Origin::Given,
            at: at(),
            status: 200,
            headers: &[],
            text: "<title>关于放假的通知_某市</title>",
            encoding: "UTF-8",
            declared_encoding: "",
        };
        let tags = ArticleTags { pub_date: tag.to_owned(), ..ArticleTags::default() };
        published(&page, text, &Sights::of(text), &tags)
    }

    #[test]
    fn every_label_has_one_of_the_ends() {
        let words = WORDS.as_ref().unwrap();
        for text in [
            "时间：",
            "发布日 期:",
            "录入日间 :",
            "时\n间\n：",
            "日期\t：",
            "更新于",
            "发表于：",
            "发布于",
        ] {
            assert!(words.label.is_match(text), "{text}");
            assert!(Sights::of(text).any(Of::Date), "{text}");
        }
    }

    fn printed(text: &str) -> String {
        read("https://a.cn/1.html", text, "").printed
    }

    #[test]
    fn the_lists_are_read() {
        let dates = include_str!("../../../rules/lists/dates.yaml");
        assert_eq!(lists::parsed::<Dates>(dates).err(), None);
        let sources = include_str!("../../../rules/lists/sources.yaml");
        assert_eq!(lists::parsed::<Sources>(sources).err(), None);
    }

    #[test]
    fn the_line_of_an_article_tells_its_day() {
        for (text, day) in [
            (
                "关于放假的通知\n来源: 市政府办 时间: 2021-06-10 17:54:45 访问量:0 字体大小[ ] 打印",
                "2021-06-10 17:54",
            ),
            ("标题\n发布时间：2024年12月07日 08时01分", "2024-12-07 08:01"),
            ("标题\n发布日期:2018年 12 月 25 日 浏览次数：12", "2018-12-25"),
            ("标题\n日间：2026-11-22 10∶08 来源：本站", "2026-11-22 10:08"),
            ("标题\n来源：市政府办时间：２０２６－１１－２２ 打印", "2026-11-22"),
            ("标题\n来源：市政府办 2026-11-22 09:24 浏览次数：12", "2026-11-22 09:24"),
            ("标题\n发布时间\n：2026-11-22", ""),
            ("标题\n发布时间：\n2026-11-22 09:24", "2026-11-22 09:24"),
            ("首页\n关于放假的通知\n2026-11-22", "2026-11-22"),
            ("日期：2026-11-22\n正文", "2026-11-22"),
            (
                "索引号：A-1\t成文日期：2026年11月20日\n标题\n来源：x 时间：2026-11-22 打印",
                "2026-11-22",
            ),
            ("索引号：A-1\t成文日期：2026年11月20日\n正文", "2026-11-20"),
            ("今天是2026年11月24日 星期二\n标题\n发布时间：2026-11-22", "2026-11-22"),
        ] {
            assert_eq!(printed(text), day, "{text}");
        }
    }

    #[test]
    fn other_days_are_not_that_of_publication() {
        for text in [
            "标题\n报名时间：2026年11月22日至11月30日\n报名截止日期：2026-11-30",
            "标题\n一、会议时间：2026年11月25日上午9时",
            "标题\n有效期：2026-11-22",
            "出生日期：1990-01-01",
            "今天是2026年11月24日 星期二",
            "评论时间：2026-11-22 10:00",
            "标题\n2026-11-22",
            "版权所有 2026-11-22 浏览 5",
            "正文说于2026年11月22日召开会议。",
        ] {
            assert_eq!(printed(text), "", "{text}");
        }
    }

    #[test]
    fn tag_and_address_are_told_beside_the_printed_day() {
        let url = "https://a.cn/202611/t20261122_1.html";
        let found = read(url, "标题\n来源：x 时间：2026-11-10 09:00 打印", "2026-11-22 09:24:00");
        assert_eq!((found.tag.as_str(), found.url.as_str()), ("2026-11-22 09:24", "2026-11-22"));
        assert_eq!(found.not_before, "2026-11-22", "printed twelve days before the address allows");
        assert_eq!(found.row, "来源：x 时间：2026-11-10 09:00 打印");
        let found = read(url, "标题\n来源：x 时间：2026-11-21 打印", "null");
        assert_eq!((found.not_before.as_str(), found.tag.as_str()), ("", ""));
        assert_eq!(read("https://a.cn/202611/1.html", "时间：2026-01-01", "").url, "2026-11");
        assert_eq!(read("https://a.cn/202611/1.html", "时间：2026-01-01", "").not_before, "");
        let found = read(url, "标题\n来源：x 发布时间： 浏览次数：", "");
        assert_eq!(
            (found.printed.as_str(), found.row.as_str()),
            ("", "来源：x 发布时间： 浏览次数：")
        );
    }

    #[test]
    fn sources_end_at_the_next_label() {
        for (text, name) in [
            ("标题\n来源: 周口市人民政府办公室 时间: 2021-06-10 访问量:0", "周口市人民政府办公室"),
            ("信息来源：市教育局 【字体：大 中 小】", "市教育局"),
            ("稿源：新华社 2026-11-22", "新华社"),
            ("来 源：河南日报\n正文", "河南日报"),
            ("来源: 时间: 2021-06-10", ""),
            ("资金来源：财政拨款", ""),
            ("数据来源：统计局", ""),
            ("文章来源：周口日报作者：张三", "周口日报"),
            ("本文转载自：河南省政府网", "河南省政府网"),
            ("没有", ""),
        ] {
            assert_eq!(source(text, &Sights::of(text)), name, "{text}");
        }
    }

    #[test]
    fn a_tag_may_lie_in_the_future() {
        assert!(future("2026-12-30 10:00", at()));
        assert!(!future("2026-11-25", at()) && !future("null", at()) && !future("", at()));
    }
}
