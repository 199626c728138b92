//! Patterns of fingerprints: their abbreviations, and how many of them are tried on one text at little cost.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use regex::{Captures, Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// Bytes a compiled pattern may take, and a set of them (threats.md T11).
const LARGEST: usize = 1 << 20;
const LARGEST_SET: usize = 32 << 20;

/// Bytes around a needle that a pattern sees.
const BEFORE: usize = 120;
const AFTER: usize = 400;

/// How often a pattern is tried on one text.
const TRIES: u8 = 32;

/// What the abbreviations of the list stand for.
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("{v}", r"v?(\d{1,4}(?:[._]\d{1,9}){0,5})"),
    (
        "{js}",
        concat!(
            r"(?:[-._]?min|[-._](?:slim|pack|packed|prod|production|development|debug|src|source|umd|global|esm|cjs|runtime",
            r"|bundle|all|full|legacy|compressed|browser|gb2312|utf-?8))*\.js$",
        ),
    ),
    ("{css}", r"(?:[-._]?min|[-._](?:all|full|bundle))*\.css$"),
    // classes of ASCII: versions are, and the compiled pattern stays small
    (r"\d", "[0-9]"),
    (r"\w", "[0-9A-Za-z_]"),
    (r"\s", r"[ \t\r\n]"),
];

/// A pattern as it is compiled.
pub(super) fn expanded(pattern: &str) -> String {
    let whole = pattern.to_owned();
    ABBREVIATIONS.iter().fold(whole, |text, (short, long)| text.replace(short, long))
}

/// The addresses of a library's file: the version in the file's name, in a folder's, or nowhere.
pub(super) fn addresses(file: &str, folder: &str, ending: &str) -> [String; 3] {
    [
        format!("(?:^|/)(?:{file})[-._@]?{{v}}{{{ending}}}"),
        format!(
            r"(?:^|/)(?:{folder})[-_.@/]?{{v}}(?:[-._][\w.-]{{0,30}})?/(?:[\w.@-]{{1,40}}/){{0,5}}(?:{file}){{{ending}}}"
        ),
        format!("(?:^|/)(?:{file}){{{ending}}}"),
    ]
}

/// Compiles a pattern, ASCII case ignored.
pub(super) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&expanded(pattern)).case_insensitive(true).size_limit(LARGEST).build()
}

/// A pattern, and what finding it means.
#[derive(Debug)]
pub(super) struct Pattern {
    /// The product's place in the list.
    pub(super) product: usize,
    /// Where it is looked for, as evidence shows it: the header's name, the tag's; may be empty.
    pub(super) label: String,
    /// Other software seen at the same time is upstream's.
    pub(super) upstream: bool,
    text: String,
    regex: OnceLock<Option<Regex>>,
}

/// A pattern that was found.
#[derive(Debug)]
pub(super) struct Found<'p, 't> {
    pub(super) pattern: &'p Pattern,
    /// What its brackets caught, joined by dots; empty when nothing.
    pub(super) version: String,
    /// The words it matched.
    pub(super) words: &'t str,
}

impl Pattern {
    pub(super) fn new(product: usize, label: &str, upstream: bool, text: &str) -> Self {
        let (label, text) = (label.to_owned(), text.to_owned());
        Self { product, label, upstream, text, regex: OnceLock::new() }
    }

    /// Compiled when it is first needed: most never are.
    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| compile(&self.text).ok()).as_ref()
    }

    fn find<'p, 't>(&'p self, text: &'t str) -> Option<Found<'p, 't>> {
        let captures = self.regex()?.captures(text)?;
        let words = captures.get(0)?.as_str();
        Some(Found { pattern: self, version: caught(&captures), words })
    }
}

fn caught(captures: &Captures<'_>) -> String {
    let parts: Vec<&str> = captures.iter().skip(1).flatten().map(|part| part.as_str()).collect();
    parts.join(".")
}

/// Patterns that are tried on the same short texts: all at once, the details only of those that match.
#[derive(Debug, Default)]
pub(super) struct Group {
    set: RegexSet,
    patterns: Vec<Pattern>,
}

impl Group {
    /// Compiles them; the error says which of them is wrong.
    pub(super) fn new(patterns: Vec<Pattern>) -> Result<Self, (usize, String)> {
        let texts = patterns.iter().map(|pattern| expanded(&pattern.text));
        let built =
            RegexSetBuilder::new(texts).case_insensitive(true).size_limit(LARGEST_SET).build();
        match built {
            Ok(set) => Ok(Self { set, patterns }),
            Err(error) => Err(culprit(&patterns).unwrap_or((0, error.to_string()))),
        }
    }

    /// Every pattern that is in a text, in the order of the list.
    pub(super) fn find<'p, 't>(&'p self, text: &'t str) -> impl Iterator<Item = Found<'p, 't>> {
        let matching = self.set.matches(text);
        let patterns = matching.into_iter().filter_map(|at| self.patterns.get(at));
        patterns.filter_map(move |pattern| pattern.find(text))
    }
}

/// Patterns that are tried on long texts, around a needle each.
#[derive(Debug)]
pub(super) struct Near {
    needles: AhoCorasick,
    patterns: Vec<Pattern>,
}

impl Near {
    /// Compiles them with their needles; the error says which of them is wrong.
    pub(super) fn new(pairs: Vec<(String, Pattern)>) -> Result<Self, (usize, String)> {
        let (needles, patterns): (Vec<String>, Vec<Pattern>) = pairs.into_iter().unzip();
        if let Some(wrong) = culprit(&patterns) {
            return Err(wrong);
        }
        let needles = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(needles)
            .map_err(|error| (0, error.to_string()))?;
        Ok(Self { needles, patterns })
    }

    /// Every pattern that is found near its needle: the first place that says a version, else the first at all.
    pub(super) fn find<'p, 't>(&'p self, text: &'t str) -> Vec<Found<'p, 't>> {
        let mut tries: Vec<u8> = Vec::new();
        let mut found: Vec<Found<'p, 't>> = Vec::new();
        for needle in self.needles.find_overlapping_iter(text) {
            let at = needle.pattern().as_usize();
            if tries.is_empty() {
                tries.resize(self.patterns.len(), 0);
            }
            let (Some(tried), Some(pattern)) = (tries.get_mut(at), self.patterns.get(at)) else {
                continue;
            };
            if *tried >= TRIES {
                continue;
            }
            *tried += 1;
            let begin = text.floor_char_boundary(needle.start().saturating_sub(BEFORE));
            let end = text.floor_char_boundary(needle.end().saturating_add(AFTER));
            let Some(hit) = text.get(begin..end).and_then(|window| pattern.find(window)) else {
                continue;
            };
            if !hit.version.is_empty() {
                *tried = TRIES;
            }
            match found.iter_mut().find(|known| std::ptr::eq(known.pattern, pattern)) {
                Some(known) if known.version.is_empty() => *known = hit,
                Some(_) => {}
                None => found.push(hit),
            }
        }
        found
    }

    /// Every pattern that is found in a text whose beginning matters, when one of the needles is in it.
    pub(super) fn find_whole<'p, 't>(&'p self, text: &'t str) -> Vec<Found<'p, 't>> {
        let mut tried: Vec<usize> = Vec::new();
        let mut found = Vec::new();
        for needle in self.needles.find_overlapping_iter(text) {
            let at = needle.pattern().as_usize();
            if !tried.contains(&at) {
                tried.push(at);
                found.extend(self.patterns.get(at).and_then(|pattern| pattern.find(text)));
            }
        }
        found
    }
}

/// The first pattern that cannot be compiled.
fn culprit(patterns: &[Pattern]) -> Option<(usize, String)> {
    let failed = |(at, pattern): (usize, &Pattern)| {
        let error = compile(&pattern.text).err()?;
        Some((at, told(&error)))
    };
    patterns.iter().enumerate().find_map(failed)
}

/// What is wrong with a pattern, on one line.
pub(super) fn told(error: &regex::Error) -> String {
    match error {
        regex::Error::Syntax(text) => {
            let last = text.lines().last().unwrap_or_default();
            format!("not a pattern: {}", last.trim_start_matches("error: "))
        }
        regex::Error::CompiledTooBig(most) => format!("the pattern takes more than {most} bytes"),
        other => other.to_string(),
    }
}
