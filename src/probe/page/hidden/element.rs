//! The elements that are open, and what is known of each: a stack with a floor and a ceiling, and no tree.

use super::technique::Set;
use super::value::Colour;

/// Elements within each other that are told apart.
const DEEPEST: usize = 512;
/// Open elements among which the one is looked for that an end tag ends.
const SOUGHT: usize = 64;
/// Bytes of the names of one element.
const LONGEST_NAMES: usize = 200;

/// An element's name: its first eight letters in lower case.
pub(super) type Name = u64;

/// The name as it is compared.
pub(super) const fn name(text: &str) -> Name {
    let bytes = text.as_bytes();
    let (mut name, mut at) = (0, 0);
    while at < bytes.len() && at < 8 {
        name = name << 8 | bytes[at].to_ascii_lowercase() as u64;
        at += 1;
    }
    name
}

pub(super) const A: Name = name("a");
pub(super) const BODY: Name = name("body");
pub(super) const DD: Name = name("dd");
pub(super) const DIV: Name = name("div");
pub(super) const DL: Name = name("dl");
pub(super) const DT: Name = name("dt");
pub(super) const FRAME: Name = name("frame");
pub(super) const HEAD: Name = name("head");
pub(super) const HTML: Name = name("html");
pub(super) const IFRAME: Name = name("iframe");
pub(super) const IMG: Name = name("img");
pub(super) const INPUT: Name = name("input");
pub(super) const AREA: Name = name("area");
pub(super) const BASE: Name = name("base");
pub(super) const LI: Name = name("li");
pub(super) const MARQUEE: Name = name("marquee");
pub(super) const META: Name = name("meta");
pub(super) const OL: Name = name("ol");
pub(super) const P: Name = name("p");
pub(super) const TABLE: Name = name("table");
pub(super) const TBODY: Name = name("tbody");
pub(super) const TD: Name = name("td");
pub(super) const TEMPLATE: Name = name("template");
pub(super) const TH: Name = name("th");
pub(super) const TR: Name = name("tr");
pub(super) const UL: Name = name("ul");
pub(super) const FORM: Name = name("form");
pub(super) const FONT: Name = name("font");

/// Elements without an end.
const VOID: &[Name] = &[
    IMG,
    INPUT,
    META,
    AREA,
    BASE,
    FRAME,
    name("br"),
    name("link"),
    name("hr"),
    name("embed"),
    name("param"),
    name("source"),
    name("col"),
    name("wbr"),
    name("track"),
];
/// Parts of tables, which no end of another element closes.
const TABLES: &[Name] = &[TABLE, TBODY, name("thead"), name("tfoot"), TR, TD, TH];
/// Elements of lists, menus and forms, rather than boxes.
const LISTS: &[Name] = &[UL, OL, DL, LI, DD, DT, FORM, name("select")];
const INLINE: &[Name] = &[
    A,
    name("span"),
    name("b"),
    name("i"),
    name("u"),
    name("s"),
    name("em"),
    FONT,
    name("strong"),
    name("small"),
    name("big"),
    name("label"),
    name("strike"),
    name("sup"),
    name("sub"),
    name("code"),
    name("tt"),
];

/// It has no end.
pub(super) fn is_void(name: Name) -> bool {
    VOID.contains(&name)
}

/// An element of a list or a menu, rather than a box.
pub(super) fn is_list(name: Name) -> bool {
    LISTS.contains(&name)
}

/// An element that is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    pub(super) name: Name,
    /// How it hides what is in it.
    pub(super) hides: Set,
    /// What is in it may be drawn otherwise than what is around it.
    pub(super) resets: Set,
    /// The colour behind it, where that is known.
    pub(super) ground: Option<Colour>,
    /// Levels down to which everything belongs to a menu.
    pub(super) menu: u8,
    /// Nothing in it is shown to anybody.
    pub(super) inert: bool,
    /// A script wrote it.
    pub(super) written: bool,
    /// Links to other sites, and links of the site, when it was opened.
    pub(super) links: usize,
    pub(super) own: u32,
    /// Where its names begin.
    pub(super) names: usize,
    /// The tag, where it hides.
    pub(super) tag: Option<Box<str>>,
}

/// The open elements.
#[derive(Debug, Default)]
pub(super) struct Stack {
    open: Vec<Open>,
    /// `.class` and `#id` of them all, blanks between.
    names: String,
    /// Elements that are open beyond the deepest.
    over: usize,
}

impl Stack {
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn last(&self) -> Option<&Open> {
        self.open.last()
    }

    /// The elements from this place on.
    pub(super) fn above(&self, place: usize) -> &[Open] {
        self.open.get(place..).unwrap_or_default()
    }

    pub(super) fn above_mut(&mut self, place: usize) -> &mut [Open] {
        self.open.get_mut(place..).unwrap_or_default()
    }

    /// Opens an element; its names are what `class` and `id` say.
    pub(super) fn push(&mut self, mut open: Open, class: &str, id: &str) {
        if self.open.len() >= DEEPEST {
            self.over += 1;
            return;
        }
        open.names = self.names.len();
        let marks = class.split_ascii_whitespace().map(|class| ('.', class));
        for (mark, name) in std::iter::once(('#', id.trim())).chain(marks) {
            let fits = self.names.len() - open.names + name.len() < LONGEST_NAMES;
            if !name.is_empty() && fits && !name.contains(char::is_whitespace) {
                if self.names.len() > open.names {
                    self.names.push(' ');
                }
                self.names.push(mark);
                self.names.push_str(name);
            }
        }
        self.open.push(open);
    }

    /// Takes the last element off, with its names where it was opened before the last of so many links.
    pub(super) fn pop(&mut self, links: usize) -> Option<(Open, String)> {
        let open = self.open.pop()?;
        let names = match self.names.get(open.names..) {
            Some(names) if open.links < links => names.to_owned(),
            _ => String::new(),
        };
        self.names.truncate(open.names);
        Some((open, names))
    }

    /// Where the element stands that an end tag ends.
    pub(super) fn ended(&mut self, ends: Name) -> Option<usize> {
        if self.over > 0 {
            self.over -= 1;
            return None;
        }
        let inline = INLINE.contains(&ends);
        for (place, open) in self.open.iter().enumerate().rev().take(SOUGHT) {
            if open.name == ends {
                return Some(place);
            }
            // the end of a formatting element may stand after the end of its paragraph
            let wall =
                open.name == 0 || (open.name == TD || open.name == TH) && !TABLES.contains(&ends);
            if wall || (inline && ends != A && !INLINE.contains(&open.name)) {
                return None;
            }
        }
        None
    }

    /// Where the element stands that the start of another ends, though nothing says so.
    pub(super) fn implied(&self, starts: Name) -> Option<usize> {
        let (ends, walls): (&[Name], &[Name]) = match starts {
            LI => (&[LI], &[UL, OL]),
            DT | DD => (&[DT, DD], &[DL]),
            TD | TH => (&[TD, TH], &[TR, TABLE]),
            TR => (&[TR], &[TABLE, TBODY]),
            P | DIV | UL | OL | DL | TABLE | FORM => (&[P], &[]),
            _ => return None,
        };
        for (place, open) in self.open.iter().enumerate().rev().take(SOUGHT) {
            if ends.contains(&open.name) {
                return Some(place);
            }
            let blocks = ends == [P] && !INLINE.contains(&open.name);
            if open.name == 0 || blocks || walls.contains(&open.name) {
                return None;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_eight_letters() {
        assert_eq!(name("DIV"), DIV);
        assert_ne!(name("td"), name("th"));
        assert_eq!(name("blockquote"), name("blockquo"));
        assert_eq!(name(""), 0);
    }
}
