//! How words are written, and what is no word.

use super::*;

fn found(text: &str) -> Vec<(&'static str, &str)> {
    hits(text)
        .into_iter()
        .map(|hit| (hit.entry.word.as_str(), text.get(hit.at).unwrap_or_default()))
        .collect()
}

#[test]
fn the_longest_word_at_each_place_is_found_in_order() {
    let text = "一段文字澳门赌场官网，改革开方，百家乐";
    let words: Vec<_> = found(text).into_iter().map(|(word, _)| word).collect();
    assert_eq!(words, ["澳门赌场官网", "改革开方", "百家乐"]);
    assert!(found("").is_empty() && found("澳").is_empty() && found("澳门").is_empty());
}

#[test]
fn a_word_of_spam_is_found_however_it_is_written() {
    for text in [
        "博彩",
        "博 彩",
        "博　彩",
        "博·彩",
        "博-彩",
        "博\u{200b}彩",
        "博\u{feff}彩",
        "博.彩",
        "博*彩",
        "博★彩",
        "博 | 彩",
        "百家乐",
        "百家樂",
        "百.家.乐",
        "百 家 樂",
        "百家\u{200d}乐",
        "百家.乐",
        "百\u{200b}家 乐\u{200b}",
        "VIAGRA",
        "ｖｉａｇｒａ",
        "Ｖiagra",
        "买viagra吧",
        "澳門賭場官网",
        "澳门赌场APP下载",
        "新葡京 app 下载",
    ] {
        assert_eq!(found(text).len(), 1, "{text:?}: {:?}", found(text));
        assert!(found(&format!("前文，{text}，后文")).len() == 1, "{text:?}");
    }
}

#[test]
fn what_only_looks_like_a_word_is_none() {
    for text in [
        "specialist",
        "specialists cialisx",
        "博\n彩",
        "博，彩",
        "百家 乐享生活",
        "百家\n乐",
        "博彩业收入",
        "博 的 彩",
        "博----彩",
        "via gra",
        "v-iagra",
        "公布署名文章",
        "布 署",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
    assert_eq!(found("布署").len(), 1);
}

#[test]
fn no_text_is_too_long() {
    let text = "百家乐，".repeat(3000);
    assert_eq!(hits(&text).len(), MOST);
    assert!(hits(&"百".repeat(100_000)).is_empty());
    assert!(hits(&"百家 ".repeat(100_000)).is_empty());
}
