//! What the attributes of a tag hide.

use super::{
    element::{self, Name},
    list,
    style::{self, Style},
    technique::Technique as T,
    value::{Paint, length, number, paint},
};
use crate::markup::{Tag, resolve};

/// What matters of a tag's attributes, references unresolved; the first of a name counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held<'p> {
    pub(super) style: Option<&'p str>,
    pub(super) class: &'p str,
    pub(super) id: &'p str,
    pub(super) href: Option<&'p str>,
    pub(super) src: Option<&'p str>,
    pub(super) rel: &'p str,
    pub(super) media: &'p str,
    pub(super) kind: &'p str,
    named: bool,
    hidden: bool,
    /// A picture lies behind it.
    picture: bool,
    width: Option<&'p str>,
    height: Option<&'p str>,
    ground: Option<&'p str>,
    colour: Option<&'p str>,
    amount: Option<&'p str>,
}

impl<'p> Held<'p> {
    pub(super) fn of(tag: Tag<'p>) -> Self {
        let mut held = Self::default();
        for (name, value) in tag.attributes() {
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            let first = |old: &mut Option<&'p str>| *old = old.or(Some(value));
            match name.len() {
                2 if is("id") && held.id.is_empty() => held.id = value,
                3 if is("src") => first(&mut held.src),
                3 if is("rel") => held.rel = value,
                4 if is("href") => first(&mut held.href),
                4 if is("name") => held.named = true,
                4 if is("type") => held.kind = value,
                5 if is("style") => first(&mut held.style),
                5 if is("class") && held.class.is_empty() => held.class = value,
                5 if is("width") => first(&mut held.width),
                5 if is("color") => first(&mut held.colour),
                5 if is("media") => held.media = value,
                6 if is("height") => first(&mut held.height),
                6 if is("hidden") => held.hidden = true,
                7 if is("bgcolor") => first(&mut held.ground),
                10 if is("background") => held.picture = true,
                12 if is("scrollamount") => first(&mut held.amount),
                _ => {}
            }
        }
        held
    }

    /// It bears a name, by which rules and scripts may find it.
    pub(super) fn is_named(&self) -> bool {
        !self.class.is_empty() || !self.id.is_empty()
    }

    /// It is named as boxes are that open.
    pub(super) fn is_menu(&self) -> bool {
        [self.class, self.id].iter().any(|name| !name.is_empty() && list::is_menu(name))
    }

    /// What an element of this name hides, and how it paints.
    pub(super) fn style(&self, name: Name) -> Style {
        let mut style = self.style.map(|text| style::read(&resolve(text))).unwrap_or_default();
        if self.hidden {
            style.hides.add(T::Display);
        }
        if self.picture {
            (style.ground, style.painted) = (None, true);
        } else if let Some(Paint::Colour(ground)) = self.ground.and_then(lower) {
            style.ground = style.ground.or(Some(ground));
        }
        if name == element::FONT {
            match self.colour.and_then(lower) {
                Some(Paint::Colour(colour)) => style.colour = style.colour.or(Some(colour)),
                Some(Paint::Transparent) | None => {}
            }
        }
        if name == element::MARQUEE && (style.small || self.is_no_marquee()) {
            style.hides.add(T::Marquee);
        }
        style
    }

    /// Nothing can be read in it: next to no size, or faster than the eye.
    fn is_no_marquee(&self) -> bool {
        let small = |side: Option<&str>| side.and_then(length).is_some_and(|it| it <= 2.0);
        let fast = self.amount.and_then(number).is_some_and(|it| it >= 500.0);
        small(self.height) || small(self.width) || fast
    }

    /// A frame that nobody sees. One that has a name serves a form or a script.
    pub(super) fn is_no_frame(&self, style: &Style) -> bool {
        let none = |side: Option<&str>| side.and_then(length).is_some_and(|it| it <= 1.0);
        let sized = none(self.width) && none(self.height);
        let seen = |technique| style.hides.has(technique);
        let styled = [T::Off, T::Tiny].into_iter().any(seen) || self.is_zero();
        let hidden = [T::Display, T::Visibility].into_iter().any(seen);
        let served = self.named || !self.id.is_empty();
        sized || styled || (hidden && !served)
    }

    /// `style="width:0;height:0"`
    fn is_zero(&self) -> bool {
        let Some(text) = self.style else { return false };
        let text = text.to_ascii_lowercase();
        let side = |name: &str| {
            let found = text.split(';').find_map(|part| {
                let (property, value) = part.split_once(':')?;
                (property.trim() == name).then(|| length(value)).flatten()
            });
            found.is_some_and(|it| it <= 1.0)
        };
        side("width") && side("height")
    }
}

fn lower(value: &str) -> Option<Paint> {
    let value = value.to_ascii_lowercase();
    // old pages leave the mark out: bgcolor="ffffff"
    paint(&value).or_else(|| paint(&format!("#{value}")).filter(|_| value.len() == 6))
}
