//! The catalogue fields of a page (第五条): index number, date, agency, document number.
//!
//! They stand in boxes above a text: in the cells of a table, in lines, or one after the other in one line.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::article::CatalogFields;

use super::sights::{self, Sight, Sights};
use crate::{lists, title::folded};

/// Characters of a value that are kept, labels that are looked at.
const LONGEST: usize = 60;
const MOST: usize = 400;
/// Longest value that may stand on the line after its label, in characters.
const BELOW: usize = 40;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    labels: Labels,
    #[serde(deserialize_with = "lists::pattern")]
    empty: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(crate) catalog: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(crate) guide: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(crate) preface: Regex,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    index: Vec<String>,
    date: Vec<String>,
    agency: Vec<String>,
    number: Vec<String>,
    other: Vec<String>,
}

pub(crate) static LIST: LazyLock<Option<List>> = LazyLock::new(|| {
    lists::read("catalog.yaml", include_str!("../../../rules/lists/catalog.yaml"))
});

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Index,
    Date,
    Agency,
    Number,
    Other,
}

/// Every label as it is written, and what it announces.
static LABELS: LazyLock<Vec<(Of, String)>> = LazyLock::new(|| {
    let Some(list) = LIST.as_ref() else { return Vec::new() };
    let Labels { index, date, agency, number, other } = &list.labels;
    let groups = [
        (Of::Index, index),
        (Of::Date, date),
        (Of::Agency, agency),
        (Of::Number, number),
        (Of::Other, other),
    ];
    groups
        .into_iter()
        .flat_map(|(of, words)| {
            words.iter().flat_map(move |word| [(of, word.clone()), (of, spaced(word))])
        })
        .collect()
});

/// The labels, by their place.
pub(super) fn words() -> Vec<(usize, String)> {
    LABELS.iter().map(|(_, word)| word.clone()).enumerate().collect()
}

fn announced(sight: Sight) -> Option<Of> {
    LABELS.get(sight.word).map(|(of, _)| *of)
}

/// The word with a blank between its characters, as it stands where labels are drawn to one width.
fn spaced(word: &str) -> String {
    word.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// A label in the text.
#[derive(Clone, Copy, Debug)]
struct Label {
    of: Of,
    begin: usize,
    /// Where its value may begin.
    end: usize,
    /// A colon or a bracket ends it; otherwise a cell or a line does.
    closed: bool,
}

/// The fields in the text of a page.
pub(super) fn fields(text: &str, sights: &Sights) -> CatalogFields {
    let mut fields = CatalogFields::default();
    let Some(list) = LIST.as_ref() else { return fields };
    let own = |sight| matches!(announced(sight), Some(Of::Index | Of::Date | Of::Agency));
    if !sights.all(sights::Of::Catalog).any(own) {
        return fields;
    }
    let labels = labels(text, sights);
    for (at, label) in labels.iter().enumerate() {
        let next = labels.get(at + 1).map_or(text.len(), |next| next.begin);
        let value = value(&text[label.end..next], label.of, list);
        let field = match label.of {
            Of::Index => &mut fields.index_number,
            Of::Date => &mut fields.generated_on,
            Of::Agency => &mut fields.agency,
            Of::Number => &mut fields.document_number,
            Of::Other => continue,
        };
        if label.of == Of::Index && !field.is_empty() && !value.is_empty() && *field != value {
            // several numbers: a list of documents, and no document
            return CatalogFields::default();
        }
        if field.is_empty() {
            *field = value;
        }
    }
    let others = [&fields.generated_on, &fields.agency, &fields.document_number];
    let others = others.iter().filter(|value| !value.is_empty()).count();
    fields.present = !fields.index_number.is_empty() || others >= 2;
    if fields.present { fields } else { CatalogFields::default() }
}

/// The labels in order, those in the head of a table and words of a sentence left out.
fn labels(text: &str, sights: &Sights) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    let found = sights.within(sights::Of::Catalog, 0..text.len()).take(MOST);
    labels.extend(found.filter_map(|found| label(text, announced(found)?, found.start, found.end)));
    // cells of a head follow each other with nothing in between
    let head = |label: &Label, next: &Label| {
        let between = &text[label.end..next.begin];
        !label.closed
            && !next.closed
            && between.trim_matches(['\t', ' ', '[', '\u{3010}']).is_empty()
    };
    let heads: Vec<bool> = labels.windows(2).map(|pair| head(&pair[0], &pair[1])).collect();
    let of_head = |at: usize| {
        heads.get(at) == Some(&true)
            || at.checked_sub(1).and_then(|at| heads.get(at)) == Some(&true)
    };
    let labels = labels.iter().enumerate().filter(|(at, _)| !of_head(*at));
    labels.map(|(_, label)| *label).collect()
}

/// The label between these places, when it is one.
fn label(text: &str, of: Of, begin: usize, end: usize) -> Option<Label> {
    let after = &text[end..];
    let bracket = after.trim_start_matches(' ').strip_prefix([']', '\u{3011}']);
    let rest = bracket.unwrap_or(after).trim_start();
    let colon = rest.strip_prefix([':', '\u{ff1a}', '\u{2236}']);
    let rest = colon.unwrap_or(rest);
    let closed = colon.is_some() || bracket.is_some();
    let alone = || {
        let before = text[..begin].trim_end_matches([' ', '[', '\u{3010}']);
        (before.is_empty() || before.ends_with(['\n', '\t'])) && after.starts_with(['\n', '\t'])
    };
    let here = closed || alone();
    here.then(|| Label { of, begin, end: text.len() - rest.len(), closed })
}

/// The value in what stands between two labels.
fn value(between: &str, of: Of, list: &List) -> String {
    let begun = between.trim_start();
    let below = between[..between.len() - begun.len()].contains('\n');
    let line = begun.split(['\n', '\t']).next().unwrap_or_default();
    let value = line.trim_end_matches(['[', '\u{3010}', '|', ' ', ';', '\u{ff1b}']).trim_end();
    let digits = value.bytes().any(|byte| byte.is_ascii_digit());
    let fits = value.chars().count() <= BELOW && (digits || of == Of::Agency);
    if list.empty.is_match(value) || (below && !fits) {
        return String::new();
    }
    folded(value, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> [String; 4] {
        let CatalogFields { index_number, generated_on, agency, document_number, present } =
            fields(text, &Sights::of(text));
        assert_eq!(present, !(index_number.is_empty() && agency.is_empty()), "{text}");
        [index_number, generated_on, agency, document_number]
    }

    #[test]
    fn the_list_is_read() {
        let list = include_str!("../../../rules/lists/catalog.yaml");
        assert_eq!(lists::parsed::<List>(list).err(), None);
    }

    #[test]
    fn boxes_are_read_however_they_are_drawn() {
        let want = ["A-01-2026-1", "2026-11-22", "周口市人民政府", "周政〔2026〕1号"];
        for text in [
            "索引号：\tA-01-2026-1\t发布机构：\t周口市人民政府\n生成日期：\t2026-11-22\t文号：\t周政〔2026〕1号\n标题",
            "索引号\tA-01-2026-1\t发布机构\t周口市人民政府\n生成日期\t2026-11-22\t文 号\t周政〔2026〕1号\n标题",
            "索 引 号: A-01-2026-1 发布机构: 周口市人民政府 生成日期: 2026-11-22 文号: 周政〔2026〕1号",
            "[索引号] A-01-2026-1\n[发布机构] 周口市人民政府\n【成文日期】2026-11-22\n[文号] 周政〔2026〕1号",
            "索引号：\nA-01-2026-1\n主题分类：\n其他\n发文机关：\n周口市人民政府\n成文日期：\n2026-11-22\n标题：\n关于\n发文字号：\n周政〔2026〕1号\n有效性：",
            "索引号：A-01-2026-1发布机构：周口市人民政府生成日期：2026-11-22文号：周政〔2026〕1号",
        ] {
            assert_eq!(shown(text), want, "{text}");
        }
    }

    #[test]
    fn empty_values_do_not_take_the_next() {
        assert_eq!(
            shown("索引号：A-1\n文号：\n发布日期：2026-11-22\n生成日期：无\n发布机构：\n"),
            ["A-1", "", "", ""]
        );
        assert_eq!(
            shown("索引号：A-1\n文号：\n周口市人民政府办公室关于印发通知"),
            ["A-1", "", "", ""]
        );
    }

    #[test]
    fn heads_of_tables_lists_and_sentences_are_no_fields() {
        for text in [
            "索引号\t信息名称\t发布机构\t生成日期\nA-1\t关于\t市政府\t2026-11-22",
            "索引号：A-1 生成日期：2026-11-22\n索引号：A-2 生成日期：2026-11-23",
            "发布机构应使用全称，生成日期使用规定的格式，索引号由四部分组成。",
            "发布机构：周口市人民政府",
            "",
        ] {
            assert_eq!(fields(text, &Sights::of(text)), CatalogFields::default(), "{text}");
        }
    }
}
