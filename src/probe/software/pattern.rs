//! Patterns of fingerprints: their abbreviations, and how many of them are tried on one text at little cost.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use regex::{Captures, Regex, RegexBuilder};

use super::needle::needles;

/// Bytes a compiled pattern may take (threats.md T11).
const LARGEST: usize = 1 << 20;

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

/// Patterns that are tried on the same short texts: those whose literal is there.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The literals, and whose each is.
    needles: Option<AhoCorasick>,
    owners: Vec<usize>,
    /// Patterns without one.
    always: Vec<usize>,
    patterns: Vec<Pattern>,
}

impl Group {
    /// Takes patterns.
    ///
    /// # Errors
    ///
    /// When their literals are too many.
    pub(super) fn new(patterns: Vec<Pattern>) -> Result<Self, (usize, String)> {
        let (mut literals, mut owners, mut always) = (Vec::new(), Vec::new(), Vec::new());
        for (at, pattern) in patterns.iter().enumerate() {
            match needles(&expanded(&pattern.text)) {
                Some(found) => {
                    owners.resize(owners.len() + found.len(), at);
                    literals.extend(found);
                }
                None => always.push(at),
            }
        }
        let needles = if literals.is_empty() { None } else { Some(automaton(&literals)?) };
        Ok(Self { needles, owners, always, patterns })
    }

    /// The first of the patterns that cannot be compiled.
    pub(super) fn culprit(&self) -> Option<(usize, String)> {
        culprit(&self.patterns)
    }

    /// Every pattern that is in a text, in the order of the list.
    pub(super) fn find<'p, 't>(&'p self, text: &'t str) -> Vec<Found<'p, 't>> {
        let hits = self.needles.iter().flat_map(|needles| needles.find_overlapping_iter(text));
        let mut tried: Vec<usize> =
            hits.filter_map(|hit| self.owners.get(hit.pattern().as_usize()).copied()).collect();
        tried.extend(&self.always);
        tried.sort_unstable();
        tried.dedup();
        let patterns = tried.into_iter().filter_map(|at| self.patterns.get(at));
        patterns.filter_map(|pattern| pattern.find(text)).collect()
    }
}

fn automaton(literals: &[String]) -> Result<AhoCorasick, (usize, String)> {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(literals)
        .map_err(|error| (0, error.to_string()))
}

/// Patterns that are tried on long texts, around a needle each.
#[derive(Debug)]
pub(super) struct Near {
    needles: AhoCorasick,
    patterns: Vec<Pattern>,
}

impl Near {
    /// Takes patterns with their needles.
    ///
    /// # Errors
    ///
    /// When the needles are too many.
    pub(super) fn new(pairs: Vec<(String, Pattern)>) -> Result<Self, (usize, String)> {
        let (needles, patterns): (Vec<String>, Vec<Pattern>) = pairs.into_iter().unzip();
        let needles = automaton(&needles)?;
        Ok(Self { needles, patterns })
    }

    /// The first of the patterns that cannot be compiled.
    pub(super) fn culprit(&self) -> Option<(usize, String)> {
        culprit(&self.patterns)
    }

    /// Whether one of the needles is in a text.
    pub(super) fn is_near(&self, text: &str) -> bool {
        self.needles.is_match(text)
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
