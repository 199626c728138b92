//! Boxes of foreign links that bear a class or an id: a style sheet may hide them, and it is read after the page.

use serde::{Deserialize, Serialize};
use xuncha_model::facts::content::HiddenLink;

use super::{list, sheet::Sheet, technique::Technique};

/// A box of links to other sites that no rule of the page itself explains.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boxed {
    /// Its classes and ids, and those of the boxes that hold the same links: `.class`, `#id`.
    pub names: Vec<String>,
    /// What is told when a style sheet hides it; the technique is still empty.
    pub link: HiddenLink,
    /// It proves an attack where it is hidden as menus are, too.
    pub weak: bool,
    /// It proves one where it is hidden as only attackers do.
    pub strong: bool,
    /// Paths of the site's style sheets that the page loads for screens.
    pub sheets: Vec<String>,
}

impl Boxed {
    /// The hidden link that it is, where this style sheet hides it.
    pub fn hidden_by(&self, sheet: &Sheet) -> Option<HiddenLink> {
        let techniques = self.names.iter().filter_map(|name| sheet.technique(name));
        let proves =
            |technique: &Technique| if technique.is_strong() { self.strong } else { self.weak };
        let technique = techniques.into_iter().find(proves)?;
        let mut link = self.link.clone();
        say(&mut link, technique);
        Some(link)
    }
}

/// Writes down how a link is hidden.
pub(super) fn say(link: &mut HiddenLink, technique: Technique) {
    technique.id().clone_into(&mut link.technique);
    link.title =
        list::technique(technique.id()).map(|known| known.title.clone()).unwrap_or_default();
}
