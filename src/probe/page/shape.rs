//! What a page is made of: fingerprints of its mark-up and text, the hosts it links to, its scripts.

use url::Url;
use xuncha_model::facts::content::Shape;

use super::{Given, Link};
use crate::markup::Token;

/// The shape so far.
#[derive(Debug, Default)]
pub(super) struct Shapes {}

impl Shapes {
    pub(super) fn read(&mut self, _token: Token<'_>, _base: &Url) {}

    pub(super) fn finish(self, _page: &Given<'_>, _text: &str, _links: &[Link]) -> Shape {
        Shape::default()
    }
}
