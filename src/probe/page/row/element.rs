//! The elements that lists are made of, which of them end without saying so, and zones that hold no rows.

use crate::markup::Tag;

/// An element that holds items or is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Li,
    Tr,
    Cell,
    Dt,
    Dd,
    P,
    Div,
    /// `ul`, `ol`.
    List,
    Dl,
    Table,
    Heading,
    Form,
    /// `section`, `article`, `main`.
    Section,
    /// `nav`, `header`, `footer`.
    Zone,
}

impl Element {
    /// What an element of this name is; most are nothing to lists.
    pub(super) fn of(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        Some(match name.len() {
            1 if is("p") => Self::P,
            2 if is("li") => Self::Li,
            2 if is("tr") => Self::Tr,
            2 if is("td") || is("th") => Self::Cell,
            2 if is("ul") || is("ol") => Self::List,
            2 if is("dt") => Self::Dt,
            2 if is("dd") => Self::Dd,
            2 if is("dl") => Self::Dl,
            2 if name.starts_with(['h', 'H'])
                && name.ends_with(|last: char| ('1'..='6').contains(&last)) =>
            {
                Self::Heading
            }
            3 if is("div") => Self::Div,
            3 if is("nav") => Self::Zone,
            4 if is("form") => Self::Form,
            4 if is("main") => Self::Section,
            5 if is("table") => Self::Table,
            6 if is("header") || is("footer") => Self::Zone,
            7 if is("section") || is("article") => Self::Section,
            _ => return None,
        })
    }

    /// Whether it is an item of a list by its name.
    pub(super) fn is_item(self) -> bool {
        matches!(self, Self::Li | Self::Tr | Self::Dt | Self::Dd)
    }

    /// Whether beginning this one ends that one, which nobody closed.
    pub(super) fn ends(self, open: Self) -> bool {
        match self {
            Self::Li => open == Self::Li,
            Self::Tr => matches!(open, Self::Tr | Self::Cell),
            Self::Cell => open == Self::Cell,
            Self::Dt | Self::Dd => matches!(open, Self::Dt | Self::Dd),
            _ => false,
        }
    }

    /// Whether an element of this kind, beginning or ending, has nothing to do with what lies around that one.
    pub(super) fn stops_at(self, open: Self) -> bool {
        match self {
            Self::Li => matches!(open, Self::List | Self::Table | Self::Cell),
            Self::Dt | Self::Dd => open == Self::Dl,
            Self::Tr | Self::Cell => open == Self::Table,
            Self::Table => false,
            _ => matches!(open, Self::Cell | Self::Table),
        }
    }
}

/// Beginnings and ends of the words of a class or an id that hold menus and footers.
const ZONES: [&str; 6] = ["nav", "menu", "foot", "crumb", "copyright", "friend"];

/// Whether the element is a menu, a trail or a footer by its class, id or role.
pub(super) fn is_zone(tag: Tag<'_>) -> bool {
    tag.attributes().any(|(name, value)| {
        let names = name.eq_ignore_ascii_case("class")
            || name.eq_ignore_ascii_case("id")
            || name.eq_ignore_ascii_case("role");
        names && value.len() < 200 && value.split(['-', '_', ' ']).any(is_zone_word)
    })
}

fn is_zone_word(word: &str) -> bool {
    let bytes = word.as_bytes();
    ZONES.iter().any(|zone| {
        let zone = zone.as_bytes();
        let begins = bytes.get(..zone.len()).is_some_and(|head| head.eq_ignore_ascii_case(zone));
        let tail = bytes.len().checked_sub(zone.len()).and_then(|from| bytes.get(from..));
        begins || tail.is_some_and(|tail| tail.eq_ignore_ascii_case(zone))
    })
}
