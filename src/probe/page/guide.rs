//! The elements of a service guide on a page (检查指标, 单项否决 6; `rules/lists/services.yaml`).
//!
//! An element counts when something follows its label: beside it, in the next cell, or below it.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::article::Guide;

use crate::lists::{self, Sign};

/// Characters of a label, number marks before it left out.
const LABEL: usize = 16;
/// Kinds of labels that a guide has at least.
const LEAST: usize = 3;
/// Bytes of a guide that are looked at, and of its end that may be a footer.
const MOST: usize = 128 << 10;
const TAIL: usize = 3000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    guide: Words,
    elements: Vec<Sign>,
    #[serde(deserialize_with = "lists::pattern")]
    other: Regex,
    /// How a value begins that may have the words of a label.
    #[serde(deserialize_with = "lists::pattern")]
    value: Regex,
    pub(crate) entry: Entrance,
    pub(crate) platform: Sign,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(deserialize_with = "lists::pattern")]
    title: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    other: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    bare: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    footer: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    empty: Regex,
}

/// What ways to services are known by.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entrance {
    pub(crate) kind: String,
    #[serde(deserialize_with = "lists::pattern")]
    pub(crate) pattern: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(crate) not: Regex,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    pub(crate) hit: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests try them"))]
    pub(crate) miss: Vec<String>,
}

pub(crate) static LIST: LazyLock<Option<List>> = LazyLock::new(|| {
    lists::read("services.yaml", include_str!("../../../rules/lists/services.yaml"))
});

/// The kinds of elements that a label announces, by their place in the list; one bit each.
type Kinds = u32;

/// A label in the text.
#[derive(Debug)]
struct Label {
    kinds: Kinds,
    begin: usize,
    /// Where its value begins.
    end: usize,
    /// A mark ends it; otherwise it has a line or a cell of its own, as a short value may have, too.
    closed: bool,
}

/// The elements in the text of a page.
pub(super) fn guide(title: &str, text: &str) -> Guide {
    let Some(list) = LIST.as_ref() else { return Guide::default() };
    // what stands behind a line names the column and the site
    let own = title.split(['_', '|']).next().unwrap_or_default();
    if !list.guide.title.is_match(own) || list.guide.other.is_match(own) {
        return Guide::default();
    }
    let text = body(text, &list.guide.footer);
    let labels = labels(text, list);
    let announced = labels.iter().fold(0, |all, label| all | label.kinds);
    if (announced.count_ones() as usize) < LEAST {
        return Guide::default();
    }
    let mut filled: Kinds = 0;
    for (at, label) in labels.iter().enumerate() {
        let next = labels.get(at + 1);
        let between = &text[label.end..next.map_or(text.len(), |next| next.begin)];
        // a short value in the next cell, or below, may have the words of a label
        let beside = next.is_some_and(|next| {
            !next.closed && (!between.contains('\n') || next.kinds & label.kinds != 0)
        }) && between.trim().is_empty();
        if beside || !is_empty(between, &list.guide.empty) {
            filled |= label.kinds;
        }
    }
    if !list.guide.bare.replace_all(own, "").trim().is_empty() {
        // the title names what is to be done
        filled |= 1;
    }
    let kinds = list.elements.iter().enumerate();
    let (has, lacks): (Vec<_>, Vec<_>) = kinds.partition(|(at, _)| filled & bit(*at) != 0);
    let names =
        |kinds: Vec<(usize, &Sign)>| kinds.into_iter().map(|(_, sign)| sign.kind.clone()).collect();
    Guide { present: true, has: names(has), lacks: names(lacks) }
}

fn bit(at: usize) -> Kinds {
    u32::try_from(at).ok().and_then(|at| 1_u32.checked_shl(at)).unwrap_or(0)
}

/// The text without its footer, where the telephone of the office stands on every page.
fn body<'t>(text: &'t str, footer: &Regex) -> &'t str {
    let text = &text[..text.floor_char_boundary(MOST)];
    let tail = text.floor_char_boundary(text.len().saturating_sub(TAIL));
    footer.find_at(text, tail).map_or(text, |found| &text[..found.start()])
}

/// The labels in order: what ends with a colon or a bracket, or has a cell or a line of its own.
fn labels(text: &str, list: &List) -> Vec<Label> {
    let mut labels = Vec::new();
    let mut begin = 0;
    for cell in text.split_inclusive(['\n', '\t']) {
        let bare = cell.trim_end();
        let mut closed = false;
        for (at, mark) in bare.match_indices([':', '\u{ff1a}', '\u{2236}', '\u{3011}', ']']) {
            let head = head(&bare[..at]);
            if let Some(kinds) = kinds(head, list, false) {
                closed = true;
                let end = begin + at + mark.len();
                labels.push(Label { kinds, begin: begin + at - head.len(), end, closed });
            }
        }
        if !closed && let Some(kinds) = kinds(whole(bare), list, true) {
            labels.push(Label { kinds, begin, end: begin + bare.len(), closed });
        }
        begin += cell.len();
    }
    labels
}

/// The last words before a mark, back to a blank or another mark.
fn head(before: &str) -> &str {
    let stop = |char: char| {
        char.is_whitespace()
            || ";,.\u{ff1b}\u{ff0c}\u{3002}:\u{ff1a}[\u{3010}(\u{ff08})\u{ff09}".contains(char)
    };
    // a few characters more than a label has, so that a sentence is no label
    let begin =
        before.char_indices().rev().take(LABEL + 4).take_while(|(_, char)| !stop(*char)).last();
    begin.map_or("", |(begin, _)| &before[begin..])
}

/// A line or cell that is nothing but a label, without the number before it.
fn whole(cell: &str) -> &str {
    let number = |char: char| {
        char.is_ascii_digit()
            || char.is_whitespace()
            || ".()[]\u{3001}\u{ff08}\u{ff09}\u{3010}\u{3011}\u{ff0e}\u{25a0}\u{25cf}\u{25c6}\u{2022}".contains(char)
    };
    cell.trim_matches(number)
}

/// What a label announces; `None` when these words are no label.
///
/// With no mark behind it (`alone`) it ends in its own word, but for a picture, a table or the like; a value goes on.
fn kinds(label: &str, list: &List, alone: bool) -> Option<Kinds> {
    let long = !(2..=LABEL).contains(&label.chars().count());
    if long || alone && list.value.is_match(label) {
        return None;
    }
    let rest = label.char_indices().rev().nth(2).map_or(0, |(at, char)| at + char.len_utf8());
    let fits = |pattern: &Regex| match alone {
        true => pattern.find_iter(label).last().is_some_and(|found| found.end() >= rest),
        false => pattern.is_match(label),
    };
    let kinds = list.elements.iter().enumerate();
    let found = kinds.filter(|(_, sign)| fits(&sign.pattern));
    let found = found.fold(0, |all, (at, _)| all | bit(at));
    (found != 0 || fits(&list.other)).then_some(found)
}

/// Nothing is said between two labels, or that there is nothing yet.
fn is_empty(between: &str, empty: &Regex) -> bool {
    let value = between.trim_matches(|char: char| {
        char.is_whitespace()
            || ":[]().\u{ff1a}\u{3010}\u{3011}\u{ff08}\u{ff09}\u{3001}\u{ff0e}".contains(char)
    });
    // the number of the next heading is no answer
    let number = |char: char| char.is_ascii_digit() || NUMBERS.contains(char);
    let numbered = value.chars().take(3).count() <= 2 && value.chars().all(number);
    value.is_empty() || numbered || empty.is_match(value)
}

/// The Chinese numbers that head paragraphs.
const NUMBERS: &str =
    "\u{4e00}\u{4e8c}\u{4e09}\u{56db}\u{4e94}\u{516d}\u{4e03}\u{516b}\u{4e5d}\u{5341}";

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks(title: &str, text: &str) -> String {
        let guide = guide(title, text);
        assert!(guide.present, "{title}\n{text}");
        assert_eq!(guide.has.len() + guide.lacks.len(), 8);
        guide.lacks.join(" ")
    }

    #[test]
    fn the_list_is_read_and_its_examples_hold() {
        let list = include_str!("../../../rules/lists/services.yaml");
        let list: List = lists::parsed(list).unwrap();
        assert_eq!(list.elements.len(), 8, "as the indicator names them");
        assert_eq!(list.elements[0].kind, "事项名称", "the title may stand for the first");
        for sign in list.elements.iter().chain([&list.platform]) {
            sign.hit.iter().for_each(|text| assert!(sign.pattern.is_match(text), "{text}"));
            let misses = sign.miss.iter();
            misses.for_each(|text| assert!(!sign.pattern.is_match(text), "{}: {text}", sign.kind));
        }
    }

    #[test]
    fn whole_guides_are_whole_however_they_are_written() {
        for text in [
            "事项名称\t残疾人证办理\n设定依据\t有关规定\n申请条件\t本市户籍\n办理材料\t身份证\n办理地点\t一楼\n办理时间\t工作日\n联系电话\t8269999\n办理流程\t申请、受理、发证",
            "一、事项名称：残疾人证办理\n二、法定依据：有关规定\n三、受理条件：\n本市户籍\n四、申请材料\n身份证\n五、办理时间、地点：工作日，一楼\n六、咨询电话：8269999\n七、办理程序\n申请、受理、发证",
            "【事项名称】残疾人证办理 【设定依据】规定 【申请条件】户籍 【所需材料】无 【办公地址】一楼 【工作时间】工作日 8:30-12:00 【联系方式】8269999 【办理流程】见图",
            "1.事项名称：证 2.设定依据：规定 3.申请条件：户籍 4.申请材料：证 5.办理地点：一楼 6.办理时间：全天 7.联系电话：8269999 8.办理流程：申请",
            "事项名称\t证\t设定依据\t规定\n申请条件\t符合规定条件\t申请材料\t见材料清单\n办理地点\t办事窗口\t办公时间\t工作时间\n咨询电话\t热线电话\t办理程序\t见流程图",
            "事项名称：证\n设定依据：\n有关法律法规\n申请条件：\n符合规定条件\n申请材料\n身份证等材料的原件。\n办理地点\n一楼办事窗口\n办公时间\n工作日\n咨询电话\n见办事大厅公布的电话\n办理流程图\n见附件",
        ] {
            assert_eq!(lacks("残疾人证办理办事指南", text), "", "{text}");
        }
    }

    #[test]
    fn labels_without_anything_behind_them_are_lacking() {
        let text = "事项名称：证\n设定依据：\n申请条件：暂无\n办理材料：无\n办理地点：/\n承诺时限：5日\n\
            联系电话：\n办理流程：略";
        let lacking = "设定依据 申请条件 办理地点 办理时间 联系电话 办理流程";
        assert_eq!(lacks("残疾人证办事指南", text), lacking);
        let text = "（一）申请条件：（二）办理材料：身份证（三）办理流程：3.办理地点：一楼";
        let lacking = "设定依据 申请条件 办理时间 联系电话 办理流程";
        assert_eq!(lacks("残疾人证办事指南", text), lacking);
    }

    #[test]
    fn the_footer_is_no_part_of_a_guide_and_the_title_names_the_item() {
        let text = "申请条件\t本市户籍\n办理材料\t身份证\n办理流程\t申请\n\
            主办单位：市残联 联系电话：8269999 地址：行政大道1号\n网站标识码：4116000001";
        let lacking = "设定依据 办理地点 办理时间 联系电话";
        assert_eq!(lacks("残疾人证办理办事指南_市残联", text), lacking);
        assert_eq!(lacks("办事指南_市残联", text), format!("事项名称 {lacking}"));
    }

    #[test]
    fn news_lists_and_other_guides_are_none() {
        let text = "申请条件：户籍\n办理材料：身份证\n办理流程：申请";
        for title in
            ["市残联_办事指南", "关于印发办事指南的通知", "政府信息公开指南", "残疾人证", ""]
        {
            assert!(!guide(title, text).present, "{title}");
        }
        for text in ["办事指南\n残疾人证办理办事指南\n燃气开户办事指南", "办理材料：见附件", ""]
        {
            assert!(!guide("办事指南", text).present, "{text}");
        }
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let begun = std::time::Instant::now();
        for piece in ["：", "办理流程：", "办", "办理流程\n", "一、", "【】", "\t"] {
            let _ = guide("证办事指南", &piece.repeat((1 << 20) / piece.len()));
        }
        // quadratic time would be hours; seconds leave room for a busy machine
        assert!(begun.elapsed().as_secs() < 30);
    }
}
