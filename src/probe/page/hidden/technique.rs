//! The ways in which links are hidden, by name, and sets of them.

/// A way to hide; the order is that in which they are held against a box: what proves most comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Technique {
    Written,
    Off,
    Indent,
    Tiny,
    Marquee,
    Frame,
    Transparent,
    Colour,
    Font,
    Clip,
    Comment,
    ZeroWidth,
    Encoded,
    Stuffing,
    Before,
    After,
    Display,
    Visibility,
    Opacity,
    Collapsed,
    Buried,
    Scaled,
    /// Off the screen by so little that a part may be seen.
    Near,
    Script,
    Conditional,
    Noscript,
}

use Technique as T;

impl Technique {
    pub(super) const ALL: [Self; 26] = [
        T::Written,
        T::Off,
        T::Indent,
        T::Tiny,
        T::Marquee,
        T::Frame,
        T::Transparent,
        T::Colour,
        T::Font,
        T::Clip,
        T::Comment,
        T::ZeroWidth,
        T::Encoded,
        T::Stuffing,
        T::Before,
        T::After,
        T::Display,
        T::Visibility,
        T::Opacity,
        T::Collapsed,
        T::Buried,
        T::Scaled,
        T::Near,
        T::Script,
        T::Conditional,
        T::Noscript,
    ];

    /// Its name in `rules/lists/hiding.yaml`.
    pub(super) fn id(self) -> &'static str {
        match self {
            T::Off | T::Near => "off-screen",
            T::Indent => "text-indent",
            T::Tiny => "tiny",
            T::Marquee => "marquee",
            T::Frame => "frame",
            T::Transparent => "transparent",
            T::Colour => "colour",
            T::Font => "font-size",
            T::Clip => "clip",
            T::Written => "written",
            T::Comment => "comment",
            T::ZeroWidth => "zero-width",
            T::Encoded => "encoded",
            T::Stuffing => "stuffing",
            T::Before => "before-html",
            T::After => "after-html",
            T::Display => "display",
            T::Visibility => "visibility",
            T::Opacity => "opacity",
            T::Collapsed => "collapsed",
            T::Buried => "buried",
            T::Scaled => "scaled",
            T::Script => "script",
            T::Conditional => "conditional",
            T::Noscript => "noscript",
        }
    }

    /// Menus, tabs and slides have no use for it.
    pub(super) fn is_strong(self) -> bool {
        self != T::Near && super::list::technique(self.id()).is_some_and(|known| known.strong)
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Some techniques.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(u32);

impl Set {
    /// What depends on how text is drawn: an element within, or a rule for it, may draw it otherwise.
    pub(super) const TEXT: Self = Self(
        1 << T::Indent as u32
            | 1 << T::Transparent as u32
            | 1 << T::Colour as u32
            | 1 << T::Font as u32,
    );

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn has(self, technique: Technique) -> bool {
        self.0 & technique.bit() != 0
    }

    pub(super) fn add(&mut self, technique: Technique) {
        self.0 |= technique.bit();
    }

    pub(super) fn and(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    pub(super) fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(super) fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Those that are in it, what proves most first.
    pub(super) fn iter(self) -> impl Iterator<Item = Technique> {
        Technique::ALL.into_iter().filter(move |technique| self.has(*technique))
    }
}

impl FromIterator<Technique> for Set {
    fn from_iter<I: IntoIterator<Item = Technique>>(techniques: I) -> Self {
        techniques.into_iter().fold(Self::default(), |mut set, technique| {
            set.add(technique);
            set
        })
    }
}
