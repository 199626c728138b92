//! A page as a browser shows it after its scripts have run; who runs them is somebody else's matter.

use std::fmt;

use futures_util::future::BoxFuture;
use url::Url;
use xuncha_model::Reason;
use xuncha_net::{Cidr, Door};

/// What can run the scripts of a page.
pub trait Browser: fmt::Debug + Send + Sync {
    /// Opens a page, lets its scripts run, and tells what has become of it. Everything it asks for goes through the door.
    fn render<'a>(&'a self, ask: RenderAsk<'a>) -> BoxFuture<'a, Result<Rendered, Unrendered>>;
}

/// A page to be rendered.
#[derive(Clone, Copy)]
pub struct RenderAsk<'a> {
    /// The way to the network: guard, pace and caps are its own.
    pub door: &'a Door,
    /// The address.
    pub url: &'a Url,
    /// Ranges that are allowed for the host of the address (`allow_internal`).
    pub own: &'a [Cidr],
}

/// What became of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The mark-up of the document, at most 5 MiB.
    pub html: String,
    /// Where it came from in the end: redirects were followed, those of scripts too.
    pub final_url: Url,
    /// Requests that went out.
    pub requests: u32,
    /// Requests of the page that were refused: it tried to send something, to reach what the guard forbids, or too much.
    pub refused: u32,
    /// Bytes that came in, decompressed.
    pub bytes: u64,
}

/// Why a page could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrendered {
    /// `self.browser` when it is ours; else what the site did.
    pub reason: Reason,
    /// What a person may want to know.
    pub detail: String,
}

impl Unrendered {
    /// With what a person may want to know.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}
