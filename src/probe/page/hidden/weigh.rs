//! What the links of a hidden box prove: whether an attacker has put them there, or a menu is merely closed.

use super::{
    list,
    technique::{Set, Technique},
};

/// A link that leads to another site.
#[derive(Clone, Debug, Default)]
pub(super) struct Away {
    pub(super) target: String,
    pub(super) host: String,
    /// Its words, as far as they are read.
    pub(super) text: String,
    /// To a government's site, or a school's.
    pub(super) public: bool,
    /// A picture stands in it.
    pub(super) picture: bool,
    /// Its words have no place on such a site.
    pub(super) unlike: bool,
    /// Its words are written as the names of organs, media and firms are.
    pub(super) friendly: bool,
    /// What may be drawn otherwise than around it.
    pub(super) resets: Set,
    /// How it is hidden by itself.
    pub(super) marks: Set,
    /// It was held against a box already.
    pub(super) told: bool,
}

impl Away {
    /// Its words are all there.
    pub(super) fn read(&mut self) {
        let text = self.text.trim();
        self.unlike = list::is_unlike(text);
        self.friendly = !self.unlike && list::is_friendly(text);
    }
}

/// Links together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    unknown: u32,
    public: u32,
    unlike: u32,
    friendly: u32,
    worded: u32,
    /// Links of the site itself.
    own: u32,
}

impl Weight {
    /// Pictures are slides and buttons: they weigh nothing.
    pub(super) fn of<'a>(links: impl Iterator<Item = &'a Away>, own: u32) -> Self {
        let mut weight = Self { own, ..Self::default() };
        for link in links.filter(|link| !link.picture) {
            let kind = if link.public { &mut weight.public } else { &mut weight.unknown };
            *kind += 1;
            weight.unlike += u32::from(link.unlike);
            weight.friendly += u32::from(link.friendly);
            weight.worded += u32::from(!link.text.trim().is_empty());
        }
        weight
    }

    fn foreign(self) -> u32 {
        self.unknown + self.public
    }

    /// The words alone tell.
    fn is_spam(self) -> bool {
        self.unknown > 0
            && (self.unlike >= 3 || (self.unlike > 0 && self.unlike * 3 >= self.foreign()))
    }

    /// The most are named as a list of friends is.
    fn is_friendly(self) -> bool {
        self.friendly * 2 >= self.foreign()
    }

    /// A box that is hidden by its own style, in a way that nothing else needs.
    pub(super) fn in_strong_box(self, technique: Technique) -> bool {
        // how links are drawn a rule for all of them may say otherwise
        let least = if Set::TEXT.has(technique) { 2 } else { 1 };
        self.own < self.foreign()
            && (self.unknown >= least
                || self.unlike > 0
                || (self.public >= 2 && self.friendly < self.public))
    }

    /// The same by a rule for a class, which other rules may take back, or by a place where links do not belong.
    pub(super) fn in_strong_place(self, least: u32) -> bool {
        let several = self.unknown >= least && !self.is_friendly();
        let public = self.public > least && self.friendly == 0;
        self.own == 0 && (self.unlike > 0 || several || public)
    }

    /// A box that is hidden as menus and tabs are: told by words, or by `bare` links to strangers and nothing else.
    pub(super) fn in_weak_box(self, bare: impl FnOnce() -> bool) -> bool {
        if self.own >= self.foreign() {
            return false;
        }
        self.is_spam() || (self.are_strangers() && bare())
    }

    /// Several links to strangers, with words, and none to anybody else.
    fn are_strangers(self) -> bool {
        self.unknown >= 3
            && self.own == 0
            && self.public * 4 <= self.unknown
            && self.worded >= 3
            && !self.is_friendly()
    }

    /// The links that one technique hides, each by itself.
    pub(super) fn singly(self, technique: Technique) -> bool {
        match technique {
            Technique::ZeroWidth => self.unknown >= 2 || self.public >= 3,
            Technique::Encoded => self.in_strong_place(2),
            technique if technique.is_strong() => self.in_strong_box(Technique::Off),
            _ => self.is_spam(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(own: u32, links: &[&str]) -> Weight {
        let links: Vec<_> = links
            .iter()
            .map(|link| Away {
                text: (*link).to_owned(),
                public: link.contains("public"),
                unlike: link.contains("spam"),
                friendly: link.contains("friend"),
                picture: link.contains("picture"),
                ..Away::default()
            })
            .collect();
        Weight::of(links.iter(), own)
    }

    #[test]
    fn a_closed_menu_is_no_attack() {
        let no = |own, links: &[&str]| !weight(own, links).in_weak_box(|| true);
        assert!(no(0, &["a", "b"]));
        assert!(no(1, &["a", "b", "c"]));
        assert!(no(0, &["public spam", "public"]));
        assert!(no(0, &["a friend", "b friend", "c"]));
        assert!(no(0, &["a public", "b public", "c", "d", "e"]));
        assert!(no(3, &["spam", "spam", "spam"]));
        assert!(no(0, &["picture", "picture", "picture", "picture"]));
        assert!(no(0, &["", "", ""]));
        assert!(!weight(0, &["a", "b", "c"]).in_weak_box(|| false));
    }

    #[test]
    fn strangers_and_spam_are_told() {
        let yes = |own, links: &[&str]| weight(own, links).in_weak_box(|| true);
        assert!(yes(0, &["a", "b", "c"]) && yes(0, &["spam"]));
        assert!(yes(1, &["spam", "b", "c"]));
        assert!(weight(0, &["a"]).in_strong_box(Technique::Off));
        assert!(weight(0, &["public", "public"]).in_strong_box(Technique::Off));
        assert!(!weight(0, &["public"]).in_strong_box(Technique::Off));
        assert!(!weight(0, &["a"]).in_strong_box(Technique::Font));
        assert!(!weight(1, &["a"]).in_strong_box(Technique::Off));
        assert!(weight(0, &["a", "b"]).in_strong_place(2));
        assert!(!weight(0, &["a"]).in_strong_place(2));
        assert!(!weight(0, &["a friend", "b friend"]).in_strong_place(2));
        assert!(weight(0, &["spam friend"]).in_strong_place(2));
    }
}
