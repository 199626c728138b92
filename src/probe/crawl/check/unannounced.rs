//! Links to sites that are not the government's, on pages that do not tell their readers before they leave.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
};

use xuncha_model::{Register, facts::links::ForeignLink};

use super::super::{Ground, Leaf};
use crate::{
    address::reported,
    page::link::{How, is_below, is_government},
};

/// Links that are shown, and addresses that are counted.
const SHOWN: usize = 20;
const MOST: usize = 20_000;

/// The links so far, each address once.
#[derive(Debug, Default)]
pub(super) struct Unannounced {
    shown: Vec<ForeignLink>,
    /// Hashes of the addresses.
    met: HashSet<u64>,
    hasher: RandomState,
}

impl Unannounced {
    pub(super) fn page(&mut self, ground: &Ground<'_>, leaf: &Leaf<'_>) {
        let page = &leaf.page.facts;
        if page.leaving_notice {
            return;
        }
        let own = ground.home.host_str().map(bare).unwrap_or_default();
        for link in &leaf.page.links {
            let Some(host) = link.url.domain() else { continue };
            let followed = matches!(link.how, How::Anchor | How::Menu | How::Script);
            if !followed
                || is_below(host, own)
                || is_government(host)
                || ours(ground.register, host)
            {
                continue;
            }
            let hash = self.hasher.hash_one(link.url.as_str());
            if self.met.len() < MOST && self.met.insert(hash) && self.shown.len() < SHOWN {
                self.shown.push(ForeignLink {
                    url: reported(&link.url),
                    holder: page.url.clone(),
                    text: link.text.clone(),
                });
            }
        }
    }

    /// Those that are shown, and how many there are.
    pub(super) fn finish(self) -> (Vec<ForeignLink>, u32) {
        (self.shown, u32::try_from(self.met.len()).unwrap_or(u32::MAX))
    }
}

/// Registered sites are the government's, whatever their domains.
fn ours(register: &Register, host: &str) -> bool {
    register.site(host).is_some() || register.site(bare(host)).is_some()
}

fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}
