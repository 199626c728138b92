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

impl Technique {
    pub(super) const ALL: [Self; 26] = [
        Self::Written,
        Self::Off,
        Self::Indent,
        Self::Tiny,
        Self::Marquee,
        Self::Frame,
        Self::Transparent,
        Self::Colour,
        Self::Font,
        Self::Clip,
        Self::Comment,
        Self::ZeroWidth,
        Self::Encoded,
        Self::Stuffing,
        Self::Before,
        Self::After,
        Self::Display,
        Self::Visibility,
        Self::Opacity,
        Self::Collapsed,
        Self::Buried,
        Self::Scaled,
        Self::Near,
        Self::Script,
        Self::Conditional,
        Self::Noscript,
    ];

    /// Its name in `rules/lists/hiding.yaml`.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Off | Self::Near => "off-screen",
            Self::Indent => "text-indent",
            Self::Tiny => "tiny",
            Self::Marquee => "marquee",
            Self::Frame => "frame",
            Self::Transparent => "transparent",
            Self::Colour => "colour",
            Self::Font => "font-size",
            Self::Clip => "clip",
            Self::Written => "written",
            Self::Comment => "comment",
            Self::ZeroWidth => "zero-width",
            Self::Encoded => "encoded",
            Self::Stuffing => "stuffing",
            Self::Before => "before-html",
            Self::After => "after-html",
            Self::Display => "display",
            Self::Visibility => "visibility",
            Self::Opacity => "opacity",
            Self::Collapsed => "collapsed",
            Self::Buried => "buried",
            Self::Scaled => "scaled",
            Self::Script => "script",
            Self::Conditional => "conditional",
            Self::Noscript => "noscript",
        }
    }

    /// Menus, tabs and slides have no use for it.
    pub(super) fn is_strong(self) -> bool {
        self != Self::Near && super::list::technique(self.id()).is_some_and(|known| known.strong)
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
        1 << Technique::Indent as u32
            | 1 << Technique::Transparent as u32
            | 1 << Technique::Colour as u32
            | 1 << Technique::Font as u32,
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
