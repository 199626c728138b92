//! Links that readers cannot see.

use url::Url;
use xuncha_model::facts::content::HiddenLink;

use super::Given;
use crate::markup::Token;

/// The hidden links so far.
#[derive(Debug, Default)]
pub(super) struct Hidden {}

impl Hidden {
    pub(super) fn read(&mut self, _token: Token<'_>, _base: &Url) {}

    /// Those to other hosts than the page's own.
    pub(super) fn finish(self, _page: &Given<'_>) -> Vec<HiddenLink> {
        Vec::new()
    }
}
