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
    let text = "一段文字澳门赌场官网，博彩业，百家乐";
    let words: Vec<_> = found(text).into_iter().map(|(word, _)| word).collect();
    assert_eq!(words, ["澳门赌场官网", "百家乐"]);
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
        "Ｂｅｔ３６５官網",
        "AG 真人 平台",
        "线上娱乐城",
        "香港馬會開獎結果",
        "六\u{2022}合\u{2022}彩",
        "六　合　彩",
        "Buy Cialis Online",
        "ONLINE CASINO",
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
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_wrong_expression_is_one_as_it_stands() {
    let entry = |word: &str, except: &[&str]| Entry {
        list: "typo",
        word: word.to_owned(),
        right: "右".to_owned(),
        except: except.iter().map(|longer| (*longer).to_owned()).collect(),
        ..Entry::default()
    };
    let spam = Entry { word: "门布署网".to_owned(), weight: 3, ..Entry::default() };
    let words = vec![entry("布署", &["公布署名", "发布署名"]), entry("布署工作", &[]), spam];
    let index = Index::new(words, read::folding());
    let found = |text: &str| {
        let mut found = Vec::new();
        index.search(text, |entry, at| {
            found.push((entry.word.clone(), at));
            true
        });
        found
    };
    assert_eq!(found("布署"), [("布署".to_owned(), 0..6)]);
    assert_eq!(found("布署工作"), [("布署工作".to_owned(), 0..12)]);
    for text in ["布 署", "公布署名文章", "布-署", "布\u{200b}署"] {
        assert_eq!(found(text), [], "{text}");
    }
    // one of each kind may overlap
    let both = [("门布署网".to_owned(), 0..12), ("布署".to_owned(), 3..9)];
    assert_eq!(found("门布署网"), both);
}

#[test]
fn no_text_is_too_long() {
    let text = "百家乐，".repeat(3000);
    assert_eq!(hits(&text).len(), MOST);
    assert!(hits(&"百".repeat(100_000)).is_empty());
    assert!(hits(&"百家 ".repeat(100_000)).is_empty());
}

#[test]
fn the_lists_can_be_read_and_say_each_word_once() {
    for (list, text) in read::SPAM {
        assert_eq!(crate::lists::parsed::<Vec<read::Group>>(text).err(), None, "{list}");
    }
    let folding = read::folding();
    let mut known = std::collections::HashMap::new();
    for entry in WORDS.entries().iter().filter(|entry| entry.is_spam()) {
        assert!((1..=10).contains(&entry.weight) && entry.word.chars().count() > 1, "{entry:?}");
        assert!(entry.word.chars().all(|char| folding.of(char) == char), "{entry:?}");
        assert_eq!(known.insert(&entry.word, entry.list), None, "{entry:?}");
    }
    assert!(known.len() >= 5000, "{}", known.len());
    let chars: std::collections::HashSet<char> =
        known.keys().flat_map(|word| word.chars()).collect();
    for row in read::TRADITIONAL.lines().filter(|row| !row.starts_with('#')) {
        let row: Vec<char> = row.chars().collect();
        assert!(row.len() == 3 && chars.contains(&row[2]) && !chars.contains(&row[0]), "{row:?}");
    }
}
