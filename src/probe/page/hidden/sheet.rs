//! Classes and ids that a style sheet hides, by simple rules that hold for every reader.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use super::{
    style,
    technique::{Set, Technique as T},
};

/// Bytes of one style sheet, and rules of it, that are read; names that are kept of it.
const MOST_BYTES: usize = 512 << 10;
const MOST_RULES: usize = 10_000;
const MOST_NAMES: usize = 200;
/// Names that rules are gathered for, and bytes of one.
const MOST_GATHERED: usize = 4_000;
const LONGEST_NAME: usize = 60;

/// The names that a style sheet hides: `.class` or `#id`, and the technique by `rules/lists/hiding.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sheet {
    names: BTreeMap<String, String>,
}

impl Sheet {
    /// Reads the text of a style sheet.
    pub fn read(css: &str) -> Self {
        let mut rules = Rules::default();
        rules.read(css);
        let hidden = rules.names.iter().filter_map(|(name, rule)| {
            let first = rule.left().iter().next()?;
            Some((name.clone(), first.id().to_owned()))
        });
        let mut hidden: Vec<_> = hidden.collect();
        hidden.sort_unstable();
        hidden.truncate(MOST_NAMES);
        Self { names: hidden.into_iter().collect() }
    }

    /// It hides nothing.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How it hides what bears this name, where it does.
    pub(super) fn technique(&self, name: &str) -> Option<T> {
        let id = self.names.get(name)?;
        T::ALL.into_iter().find(|technique| technique.id() == id)
    }
}

/// What rules say of a name.
#[derive(Clone, Copy, Debug, Default)]
struct Rule {
    hides: Set,
    shows: Set,
}

impl Rule {
    /// What no other rule takes back.
    fn left(self) -> Set {
        self.hides.without(self.shows)
    }
}

/// The rules of some style sheets.
#[derive(Debug, Default)]
pub(super) struct Rules {
    names: HashMap<String, Rule, RandomState>,
    count: usize,
}

/// What stands in a block of an at-rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    /// It holds for every reader.
    Always,
    /// For some: what it hides is seen by others.
    Sometimes,
    /// For no reader at a screen.
    Never,
}

/// The blocks that are open, and how many of a kind.
#[derive(Debug, Default)]
struct Blocks {
    open: Vec<Block>,
    sometimes: usize,
    never: usize,
}

impl Blocks {
    fn enter(&mut self, block: Block) {
        self.open.push(block);
        self.sometimes += usize::from(block == Block::Sometimes);
        self.never += usize::from(block == Block::Never);
    }

    fn leave(&mut self) {
        let block = self.open.pop();
        self.sometimes -= usize::from(block == Some(Block::Sometimes));
        self.never -= usize::from(block == Some(Block::Never));
    }
}

impl Rules {
    pub(super) fn read(&mut self, css: &str) {
        let css = style::without_comments(&css[..css.floor_char_boundary(MOST_BYTES)]);
        let mut rest = css.as_str();
        let mut blocks = Blocks::default();
        while let Some(at) = rest.find(['{', '}', ';']) {
            let (before, after) = rest.split_at(at);
            let sign = after.as_bytes().first();
            rest = after.get(1..).unwrap_or_default();
            if sign == Some(&b'}') {
                blocks.leave();
            }
            if sign != Some(&b'{') {
                continue;
            }
            let selector =
                before.trim().trim_start_matches("<!--").trim_start_matches("-->").trim();
            if selector.starts_with('@') {
                blocks.enter(at_rule(selector));
                continue;
            }
            let end = rest.find(['{', '}']).unwrap_or(rest.len());
            let (body, after) = rest.split_at(end);
            if after.starts_with('{') {
                // rules within a rule
                blocks.enter(Block::Sometimes);
                continue;
            }
            rest = after.get(1..).unwrap_or_default();
            self.count += 1;
            if self.count > MOST_RULES {
                return;
            }
            if blocks.never == 0 {
                self.rule(selector, body, blocks.sometimes == 0);
            }
        }
    }

    fn rule(&mut self, selector: &str, body: &str, always: bool) {
        if !selector.contains(['.', '#']) {
            return;
        }
        let style = style::read(body);
        let mut hides = style.hides;
        // a rule that is not alone may be the first step of something that moves
        hides = hides.without([T::Near].into_iter().collect());
        if hides.is_empty() && style.shows.is_empty() {
            return;
        }
        for selector in selector.split(',') {
            self.selector(selector.trim(), Rule { hides, shows: style.shows }, always);
        }
    }

    fn selector(&mut self, selector: &str, rule: Rule, always: bool) {
        let combinator = |char: char| char.is_ascii_whitespace() || matches!(char, '>' | '+' | '~');
        let last = selector.rsplit(combinator).next().unwrap_or_default();
        if last.contains("::") || last.contains(":before") || last.contains(":after") {
            return;
        }
        let plain = last.split([':', '[']).next().unwrap_or_default();
        let alone = plain.len() == selector.len() && always;
        let mut names = names(plain);
        let Some(first) = names.next() else { return };
        let single = names.clone().next().is_none();
        let hides = if alone && single { rule.hides } else { Set::default() };
        for name in std::iter::once(first).chain(names) {
            self.say(name, Rule { hides, shows: rule.shows });
        }
    }

    /// Notes what is said of a name.
    fn say(&mut self, name: &str, rule: Rule) {
        if name.len() > LONGEST_NAME || (rule.hides.is_empty() && rule.shows.is_empty()) {
            return;
        }
        if !self.names.contains_key(name) {
            if self.names.len() >= MOST_GATHERED {
                return;
            }
            self.names.insert(name.to_owned(), Rule::default());
        }
        if let Some(known) = self.names.get_mut(name) {
            known.hides = known.hides.or(rule.hides);
            known.shows = known.shows.or(rule.shows);
        }
    }

    /// A script hides what has this id.
    pub(super) fn by_script(&mut self, id: &str) {
        let hides = [T::Script].into_iter().collect();
        self.say(&format!("#{id}"), Rule { hides, shows: Set::default() });
    }

    /// How what bears this name is hidden.
    pub(super) fn hides(&self, name: &str) -> Set {
        self.names.get(name).map(|rule| rule.left()).unwrap_or_default()
    }
}

/// `.a`, `.b` and `#c` of `div.a.b#c`.
fn names(compound: &str) -> impl Iterator<Item = &str> + Clone {
    let starts = compound.char_indices().filter(|(_, char)| matches!(char, '.' | '#'));
    starts.filter_map(move |(at, _)| {
        let rest = compound.get(at..)?;
        let end = rest.get(1..)?.find(['.', '#']).map_or(rest.len(), |end| end + 1);
        rest.get(..end).filter(|name| name.len() > 1)
    })
}

fn at_rule(rule: &str) -> Block {
    let rule = rule.to_ascii_lowercase();
    let Some(query) = rule.strip_prefix("@media") else {
        let grouping = rule.starts_with("@supports") || rule.starts_with("@layer");
        return if grouping { Block::Sometimes } else { Block::Never };
    };
    match query.trim() {
        "all" | "screen" | "only screen" => Block::Always,
        query if query.contains("screen") => Block::Sometimes,
        query if query.contains("print") || query.contains("speech") => Block::Never,
        _ => Block::Sometimes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(css: &str) -> Vec<String> {
        let sheet = Sheet::read(css);
        sheet.names.iter().map(|(name, technique)| format!("{name} {technique}")).collect()
    }

    #[test]
    fn simple_rules_hide() {
        for (css, shown) in [
            (".a{display:none}", vec![".a display"]),
            ("div#b { position:absolute; left:-9999px }", vec!["#b off-screen"]),
            (
                "/* x */.a,\n.b,p.c{visibility:hidden}",
                vec![".a visibility", ".b visibility", ".c visibility"],
            ),
            ("@media screen{.a{display:none}}", vec![".a display"]),
            ("@charset \"utf-8\";@import url(x.css);.a{display:none}", vec![".a display"]),
            ("<!-- .a{display:none} -->", vec![".a display"]),
            ("body{margin:0}.a{text-indent:-9999px", vec![".a text-indent"]),
            ("@media print{.x{color:red}} .a{display:none}", vec![".a display"]),
            ("@font-face{src:url(a)} .a{height:1px;overflow:hidden}", vec![".a tiny"]),
        ] {
            assert_eq!(hidden(css), shown, "{css}");
        }
    }

    #[test]
    fn what_others_see_is_not_hidden() {
        for css in [
            "@media print{.a{display:none}}",
            "@media (max-width:600px){.a{display:none}}",
            "@media screen and (max-width:600px){.a{display:none}}",
            ".a:hover{display:none}",
            ".m .a{display:none}",
            "ul>.a{display:none}",
            ".a.b{display:none}",
            ".a::before{display:none}",
            ".a[x]{display:none}",
            ".a{display:none}.a{display:block}",
            ".a{display:none}.m:hover .a{display:block}",
            ".a{display:none}.a.on{display:block}",
            ".a{display:none}@media (min-width:600px){.a{display:block}}",
            ".a{opacity:0;transition:all .3s}",
            "@keyframes x{.a{opacity:0}}",
            "a{display:none}",
            ".a{text-indent:-9999px;background:url(a.png)}",
            ".a{color:red}",
            ".a{}",
            "}{}}{",
            ".{display:none}",
            "",
        ] {
            assert_eq!(hidden(css), [""; 0], "{css}");
        }
    }

    #[test]
    fn hostile_sheets_end() {
        let begun = std::time::Instant::now();
        for piece in [
            "{",
            "}",
            ".a{",
            "@media{",
            ".a{display:none}",
            ".a,",
            ".a.b",
            "/*",
            "a{b{",
            "@x;",
            "-->{",
        ] {
            assert!(Sheet::read(&piece.repeat((1 << 20) / piece.len())).names.len() <= MOST_NAMES);
        }
        assert!(begun.elapsed().as_secs() < 20);
    }
}
