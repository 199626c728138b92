//! What is left out, counted by reason, with an example of each.

use std::collections::BTreeMap;

use url::Url;
use xuncha_model::facts::crawl::LeftOut;

use crate::address::reported;

/// Longest example, in bytes.
const LONGEST: usize = 300;

/// Counts by reason.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<&'static str, (u32, String)>);

impl Tally {
    pub(super) fn add(&mut self, why: &'static str, url: &Url) {
        let (count, _) = self.0.entry(why).or_insert_with(|| {
            let mut example = reported(url);
            example.truncate(example.floor_char_boundary(LONGEST));
            (0, example)
        });
        *count = count.saturating_add(1);
    }

    /// By the name of the reason.
    pub(super) fn list(&self) -> Vec<LeftOut> {
        let reasons = self.0.iter();
        reasons
            .map(|(why, (count, example))| LeftOut {
                why: (*why).to_owned(),
                count: *count,
                example: example.clone(),
            })
            .collect()
    }
}
