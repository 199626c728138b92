//! Scripts and frames of a malicious form.

use url::Url;
use xuncha_model::facts::content::Malicious;

use super::Given;
use crate::markup::Token;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Malice {}

impl Malice {
    pub(super) fn read(&mut self, _token: Token<'_>, _base: &Url) {}

    /// Each kind and host once.
    pub(super) fn finish(self, _page: &Given<'_>) -> Vec<Malicious> {
        Vec::new()
    }
}
