//! Scripts of the site's own that may write the footer of its pages: a quarter of real sites keep theirs there.

use std::collections::BTreeMap;

use url::Url;
use xuncha_model::{Facts, Seen};
use xuncha_net::Visit;

use super::Look;
use crate::page;

/// Scripts that are asked for.
const MOST: usize = 6;

impl Look<'_> {
    /// Reads the scripts that the pages' footers name, each once; those that are not had stay named as unread.
    pub(super) async fn footers(&mut self, home: &Visit, facts: &mut Facts) {
        let Seen::Seen(pages) = &mut facts.pages else { return };
        let mut had: BTreeMap<String, Option<String>> = BTreeMap::new();
        for page in pages {
            for address in page.identity.unread.clone() {
                if !had.contains_key(&address) {
                    let Ok(url) = Url::parse(&address) else { continue };
                    if had.len() >= MOST || url.host_str() != home.final_url.host_str() {
                        continue;
                    }
                    let visit = self.visit(&url, true).await;
                    had.insert(address.clone(), visit.reason.is_ok().then_some(visit.text));
                }
                if let Some(Some(text)) = had.get(&address) {
                    page::add_script(page, &address, text);
                }
            }
        }
    }
}
