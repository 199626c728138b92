//! Classification marks in a text: the level, the star and the term.
//!
//! A mark stands for itself, at the head of a document. Where it is part of a sentence, in quotation marks, beside the marks
//! of other levels or on a page about secrecy, somebody explains how marks are written.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;
use xuncha_model::facts::content::{ClassifiedMark, Content};

use crate::{
    lists,
    page::{
        needles::Needles,
        sights::{Of, Sights},
    },
};

/// Marks that are reported of one text.
const MOST: usize = 20;
/// Characters before a mark in which it is said that marks are explained.
const BEFORE: usize = 20;
/// Characters on either side in which no other level stands.
const NEAR: usize = 60;
/// Characters at the head of a text where a mark stands whatever the text is about.
const HEAD: usize = 60;
/// Digits of a term.
const DIGITS: usize = 3;

/// The words of marks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    levels: Vec<Level>,
    stars: Vec<String>,
    units: Vec<String>,
    always: Vec<String>,
    numerals: String,
    labels: Vec<String>,
    exams: Vec<String>,
    quotes: String,
    explains: Vec<String>,
    follows: Vec<String>,
    lessons: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Level {
    level: String,
    words: Vec<String>,
}

/// The list, ready to search with.
#[derive(Debug)]
struct Known {
    list: List,
    /// The words of the levels, and the level of each.
    words: Needles,
    levels: Vec<usize>,
    exams: AhoCorasick,
    explains: AhoCorasick,
    lessons: AhoCorasick,
}

impl Known {
    fn of(list: List) -> Option<Self> {
        let level = |(place, level): (usize, &Level)| vec![place; level.words.len()];
        let levels = list.levels.iter().enumerate().flat_map(level).collect();
        let words: Vec<&String> = list.levels.iter().flat_map(|level| &level.words).collect();
        Some(Self {
            words: Needles::new(&words)?,
            levels,
            exams: AhoCorasick::new(&list.exams).ok()?,
            explains: AhoCorasick::new(&list.explains).ok()?,
            lessons: AhoCorasick::new(&list.lessons).ok()?,
            list,
        })
    }
}

static KNOWN: LazyLock<Option<Known>> = LazyLock::new(|| {
    let list: Option<List> =
        lists::read("secrecy.yaml", include_str!("../../rules/lists/secrecy.yaml"));
    list.and_then(Known::of)
});

/// The words of levels, by their place.
pub(crate) fn words() -> Vec<(usize, String)> {
    let levels = KNOWN.as_ref().map(|known| &known.list.levels);
    let words = levels.into_iter().flatten().flat_map(|level| level.words.iter().cloned());
    words.enumerate().collect()
}

/// The marks of a text, each once.
pub fn marks(text: &str) -> Vec<ClassifiedMark> {
    marks_in(text, "")
}

/// The marks of a page's text, each once.
pub(crate) fn marks_seen(text: &str, sights: &Sights) -> Vec<ClassifiedMark> {
    let words = sights.within(Of::Secrecy, 0..text.len());
    marks_at(text, "", words.map(|sight| (sight.start, sight.end, sight.word)))
}

/// The marks of a part of a file, each once.
pub fn marks_in(text: &str, part: &str) -> Vec<ClassifiedMark> {
    let words = KNOWN.iter().flat_map(|known| known.words.find_iter(text));
    marks_at(text, part, words.map(|it| (it.start(), it.end(), it.pattern().as_usize())))
}

/// The marks among the words of levels, which come with their beginning, their end and their place in the list.
fn marks_at(
    text: &str,
    part: &str,
    words: impl Iterator<Item = (usize, usize, usize)>,
) -> Vec<ClassifiedMark> {
    let mut found: Vec<ClassifiedMark> = Vec::new();
    let Some(known) = KNOWN.as_ref() else { return found };
    let mut lesson = None;
    for (start, end, word) in words {
        let Some(&level) = known.levels.get(word) else { continue };
        let Some(mark) = (Place { text, start, end, level }).mark(known) else { continue };
        let offset = text.get(..start).unwrap_or_default().chars().count();
        if found.iter().any(|known| known.mark == mark)
            || offset > HEAD && *lesson.get_or_insert_with(|| known.lessons.is_match(text))
        {
            continue;
        }
        if found.len() >= MOST {
            break;
        }
        found.push(ClassifiedMark {
            level: known.list.levels.get(level).map(|it| it.level.clone()).unwrap_or_default(),
            mark: mark.to_owned(),
            offset: u32::try_from(offset).unwrap_or(u32::MAX),
            part: part.to_owned(),
        });
    }
    found
}

/// Takes the words around what was found out of the facts of a document that bears a mark: they are its text.
pub(crate) fn withhold(content: &mut Content) {
    content.wording.iter_mut().for_each(|wrong| wrong.snippet.clear());
    content.privacy.iter_mut().for_each(|private| private.context.clear());
}

/// Where the word of a level stands.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    level: usize,
}

impl<'t> Place<'t> {
    /// The mark that begins here, when it is one.
    fn mark(self, known: &Known) -> Option<&'t str> {
        let list = &known.list;
        let end = match self.starred(list) {
            Some(end) => end,
            None if self.is_labelled(list) => self.end,
            None => return None,
        };
        let after = self.text.get(end..).unwrap_or_default();
        let last = self.before().chars().next_back();
        let part = |char: char| char.is_alphanumeric() || list.quotes.contains(char);
        let next = after.chars().next();
        let explained = last.is_some_and(part)
            || next.is_some_and(|next| list.quotes.contains(next))
            || list.follows.iter().any(|word| after.starts_with(word.as_str()))
            || known.exams.is_match(head(after, 10))
            || known.explains.is_match(tail(self.before(), BEFORE))
            || self.is_beside_others(known);
        if explained { None } else { self.text.get(self.start..end) }
    }

    fn before(self) -> &'t str {
        self.text.get(..self.start).unwrap_or_default()
    }

    /// Where the mark ends: a star and a term, or a star that ends the line.
    fn starred(self, list: &List) -> Option<usize> {
        let rest = past_blanks(self.text.get(self.end..)?);
        let star = list.stars.iter().find(|star| rest.starts_with(star.as_str()))?;
        // an emoji may come with a sign that tells how to draw it
        let bare = rest.strip_prefix(star.as_str())?.trim_start_matches('\u{fe0f}');
        let at = |rest: &str| self.text.len() - rest.len();
        if let Some(rest) = past_term(past_blanks(bare), list) {
            return Some(at(rest));
        }
        (!matches!(star.as_str(), "*" | "\u{ff0a}") && ends_cell(bare)).then(|| at(bare))
    }

    /// It is the value of a field that is called so.
    fn is_labelled(self, list: &List) -> bool {
        let before = self.before().trim_end_matches([' ', '\u{3000}']);
        let label = before.strip_suffix([':', '\u{ff1a}', '\t']).map(str::trim_end);
        label.is_some_and(|label| list.labels.iter().any(|known| label.ends_with(known.as_str())))
            && ends_cell(self.text.get(self.end..).unwrap_or_default())
    }

    /// The words of other levels stand near: all of them are explained, or offered for choice.
    fn is_beside_others(self, known: &Known) -> bool {
        let before = tail(self.before(), NEAR);
        let after = head(self.text.get(self.end..).unwrap_or_default(), NEAR);
        [before, after].into_iter().any(|part| {
            let mut words = known.words.find_iter(part);
            words.any(|word| known.levels.get(word.pattern().as_usize()) != Some(&self.level))
        })
    }
}

/// What follows a term; `None` where none stands.
fn past_term<'t>(text: &'t str, list: &List) -> Option<&'t str> {
    if let Some(rest) = list.always.iter().find_map(|word| text.strip_prefix(word.as_str())) {
        return Some(rest);
    }
    let digit = |char: char| {
        char.is_ascii_digit()
            || ('\u{ff10}'..='\u{ff19}').contains(&char)
            || list.numerals.contains(char)
    };
    let length: usize =
        text.chars().take(DIGITS).take_while(|char| digit(*char)).map(char::len_utf8).sum();
    let rest = text.get(length..).filter(|_| length > 0).map(past_blanks)?;
    list.units.iter().find_map(|unit| rest.strip_prefix(unit.as_str()))
}

fn past_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\u{3000}', '\u{a0}'])
}

fn ends_cell(text: &str) -> bool {
    matches!(past_blanks(text).chars().next(), None | Some('\n' | '\r' | '\t'))
}

fn head(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}

fn tail(text: &str, chars: usize) -> &str {
    let from = chars.checked_sub(1).and_then(|last| text.char_indices().rev().nth(last));
    from.map_or(text, |(from, _)| &text[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, String)> {
        marks(text).into_iter().map(|mark| (mark.level, mark.mark)).collect()
    }

    #[test]
    fn the_list_is_read() {
        let list = include_str!("../../rules/lists/secrecy.yaml");
        assert_eq!(lists::parsed::<List>(list).err(), None);
        assert!(KNOWN.is_some());
    }

    #[test]
    fn marks_are_found_as_documents_bear_them() {
        let long = "周口市人民政府办公室关于做好有关工作的通知".repeat(6);
        for (text, level, mark) in [
            ("秘密★1年\n周口市人民政府文件", "confidential", "秘密★1年"),
            ("机密★10年", "secret", "机密★10年"),
            ("绝密★30年\n", "top-secret", "绝密★30年"),
            ("000012\n秘密 ★ 1 年\n特急", "confidential", "秘密 ★ 1 年"),
            ("秘　密★５年", "confidential", "秘　密★５年"),
            ("机 密★长期", "secret", "机 密★长期"),
            ("秘密☆6个月\n", "confidential", "秘密☆6个月"),
            ("秘密⭐1年\n", "confidential", "秘密⭐1年"),
            ("秘密⭐\u{fe0f}1年\n", "confidential", "秘密⭐\u{fe0f}1年"),
            ("秘密*1年\n", "confidential", "秘密*1年"),
            ("秘密★\n周口市", "confidential", "秘密★"),
            ("机密★三年\n", "secret", "机密★三年"),
            ("索引号\tA-1\n密级：秘密\n", "confidential", "秘密"),
            ("密级\t机密\t份号\t01", "secret", "机密"),
            ("密级：秘密★2年 份号：01", "confidential", "秘密★2年"),
            ("首页\n正文\n豫政办〔2019〕3号 秘密★1年\n", "confidential", "秘密★1年"),
        ] {
            let expected = vec![(level.to_owned(), mark.to_owned())];
            assert_eq!(of(text), expected, "{text}");
            assert_eq!(of(&format!("{long}\n{text}\n{long}")), expected, "in a text: {text}");
        }
        let marks = marks_in("特急\n秘密★1年\n秘密★1年\n", "第1页");
        assert_eq!((marks.len(), marks[0].offset, marks[0].part.as_str()), (1, 3, "第1页"));
    }

    #[test]
    fn words_and_explanations_are_no_marks() {
        for text in [
            "保护商业秘密，禁止泄露国家秘密",
            "《中华人民共和国保守国家秘密法》\n秘密级",
            "密级：公开",
            "密级：秘密 机密 绝密",
            "密级\t绝密\t机密\t秘密",
            "文件首页左上角标注“秘密★1年”字样",
            "应当标明密级，如“机密★5年”",
            "国家秘密标志形式为：秘密★1年",
            "A.秘密★1年 B.机密★5年",
            "绝密★30年\n机密★20年\n秘密★10年",
            "绝密★启用前\n2024年普通高等学校招生全国统一考试",
            "绝密★考试结束前",
            "机密★ 启用前 试卷类型A",
            "电影《绝密★档案》",
            "难度 秘密★★★☆",
            "本件为秘密★1年文件",
            "秘密★1年的文件",
            "秘密★公司",
            "秘密*",
            "秘密*公司*",
            "商业秘密★\n",
            "国家秘密★1年",
            "机密★0",
            "他有一个秘密\n★推荐",
            "（秘密★1年）",
            "",
            "密级：",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
        let lesson = format!("{}\n秘密★1年\n答案：对", "保密知识问答。".repeat(20));
        assert_eq!(of(&lesson), []);
        assert_eq!(of("秘密★1年\n关于保密知识培训的通知").len(), 1);
    }
}
