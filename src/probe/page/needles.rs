//! Words that are looked for all at once.

use aho_corasick::{
    AhoCorasick, Match, MatchKind,
    packed::{self, Searcher},
};

/// Words that the fast searcher takes at once.
const MOST: usize = 64;
/// Written before a word that may stand there in capitals as well; such a word has three letters or four.
const EITHER: &str = "(?i)";

/// Finds the leftmost of some words, the longest where several begin there.
///
/// The searcher that compares many bytes at once is asked for by name: the general one would choose to look for the first
/// bytes of the words, and every Chinese character begins with one of six.
#[derive(Debug)]
pub(crate) struct Needles {
    packed: Option<Searcher>,
    /// Where they are too many for one: all of them in parts, which tell whether there is any.
    parts: Vec<Searcher>,
    general: AhoCorasick,
}

impl Needles {
    /// Nothing when the words cannot be compiled.
    pub(crate) fn new<W: AsRef<[u8]>>(words: &[W]) -> Option<Self> {
        let fast = |words: &[W]| {
            let leftmost = packed::MatchKind::LeftmostLongest;
            packed::Config::new().match_kind(leftmost).builder().extend(words).build()
        };
        let packed = fast(words);
        let parts = match packed {
            Some(_) => None,
            None => words.chunks(MOST).map(fast).collect(),
        };
        let leftmost = MatchKind::LeftmostLongest;
        let general = AhoCorasick::builder().match_kind(leftmost).build(words).ok()?;
        Some(Self { packed, parts: parts.unwrap_or_default(), general })
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        match &self.packed {
            Some(packed) => packed.find(text).is_some(),
            None if self.parts.is_empty() => self.general.is_match(text),
            None => self.parts.iter().any(|part| part.find(text).is_some()),
        }
    }

    /// Every word in order; the index of the word is the pattern of the match.
    pub(crate) fn find_iter<'n>(&'n self, text: &'n str) -> impl Iterator<Item = Match> {
        let packed = self.packed.iter().flat_map(move |packed| packed.find_iter(text));
        let general = self.packed.is_none().then(|| self.general.find_iter(text));
        packed.chain(general.into_iter().flatten())
    }
}

/// A cheap test before dear patterns: words of which one stands in every text that a pattern fits.
#[derive(Debug)]
pub(crate) struct Gate {
    /// The words of all patterns.
    any: Option<Needles>,
    /// Those of each; nothing for a pattern that is always tried.
    each: Vec<Option<Needles>>,
}

impl Gate {
    /// From the words of each pattern, none for one that is always tried.
    pub(crate) fn new<'w>(words: impl Iterator<Item = &'w [String]>) -> Self {
        let words: Vec<Vec<String>> =
            words.map(|words| words.iter().flat_map(|word| cases(word)).collect()).collect();
        let needles = |words: &[String]| {
            if words.is_empty() { None } else { Needles::new(words) }
        };
        Self { any: needles(&words.concat()), each: words.iter().map(|it| needles(it)).collect() }
    }

    /// The patterns, by their place, that may fit a text.
    pub(crate) fn may_fit<'g>(&'g self, text: &'g str) -> impl Fn(usize) -> bool + 'g {
        let any = self.any.as_ref().is_some_and(|any| any.is_match(text));
        move |at| match self.each.get(at) {
            Some(Some(own)) => any && own.is_match(text),
            _ => true,
        }
    }
}

/// The word as it may be written, also with the two letters that are `s` and `k` to Unicode.
pub(super) fn cases(word: &str) -> Vec<String> {
    let Some(word) = word.strip_prefix(EITHER) else { return vec![word.to_owned()] };
    let mut written = vec![String::new()];
    for char in word.chars() {
        let mut ways = vec![char];
        if char.is_ascii_alphabetic() {
            ways = vec![char.to_ascii_lowercase(), char.to_ascii_uppercase()];
        }
        match char {
            's' => ways.push('\u{17f}'),
            'k' => ways.push('\u{212a}'),
            _ => {}
        }
        written = written
            .iter()
            .flat_map(|begun| ways.iter().map(move |way| format!("{begun}{way}")))
            .collect();
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_that_begins_first_is_found_both_ways() {
        let words = ["b", "bc", "\u{7d22}\u{5f15}", "\u{7d22}"];
        let mut needles = Needles::new(&words).unwrap();
        let text =
            "abcb \u{7d22}\u{5f15} \u{7d22} and so on, up to what the searcher needs at once";
        let found = |needles: &Needles| -> Vec<_> {
            needles.find_iter(text).map(|found| found.pattern().as_usize()).collect()
        };
        let packed = found(&needles);
        assert_eq!(packed, [1, 0, 2, 3]);
        assert!(needles.is_match("xb") && !needles.is_match("xc"));
        needles.packed = None;
        assert_eq!(found(&needles), packed);
        assert!(needles.is_match("xb") && !needles.is_match("xc"));
    }

    #[test]
    fn many_words_are_found_in_parts() {
        let words: Vec<String> = (100..300).map(|number| format!("w{number}")).collect();
        let needles = Needles::new(&words).unwrap();
        assert!(needles.is_match("a w100") && needles.is_match("a w299 b"));
        assert!(!needles.is_match("a w300 w 100"));
        let found: Vec<_> = needles.find_iter("w299 w100").map(|found| found.start()).collect();
        assert_eq!(found, [0, 5]);
    }

    #[test]
    fn a_gate_lets_through_what_may_fit() {
        let words = [vec!["(?i)s[".to_owned(), "AB".to_owned()], Vec::new()];
        let gate = Gate::new(words.iter().map(Vec::as_slice));
        for (text, fits) in [("xS[", true), ("\u{17f}[", true), ("AB", true), ("ab s", false)] {
            assert_eq!(gate.may_fit(text)(0), fits, "{text}");
            assert!(gate.may_fit(text)(1));
        }
    }
}
