//! What HTTP and HTTPS answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::availability::Phase;
use crate::{Reason, Seen};

/// The visits to a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HttpFacts {
    /// The registered address, redirects followed.
    pub home: Seen<Visit>,
    /// `http://host/`, redirects followed.
    pub plain: Seen<Visit>,
    /// `https://host/`, redirects followed.
    pub secure: Seen<Visit>,
    /// The home page over IPv6; unseen where the host has no IPv6 address, or the vantage no IPv6.
    pub ipv6: Seen<Visit>,
    /// An address of the site that cannot exist, another one each day; unseen when the home page was not had.
    pub missing: Seen<MissingFacts>,
    /// Files that must never be downloadable, asked for with HEAD; unseen where the site answers to everything as if it
    /// were such a file.
    pub exposed: Seen<Vec<Exposed>>,
}

/// What the site answers to an address that cannot exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MissingFacts {
    /// The address.
    pub url: String,
    /// The final status, redirects followed.
    pub status: u16,
    /// Where the redirects ended.
    pub final_url: String,
    /// The page's title.
    pub title: String,
    /// It ended at the home page.
    pub home: bool,
    /// The words of the page say that it does not exist (404, 不存在, …), whatever the status.
    pub says_missing: bool,
}

/// A file that must not be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exposed {
    /// What it is in `rules/lists/exposed.yaml`: git, env, backup, …
    pub kind: String,
    /// The address asked for.
    pub url: String,
    /// The status.
    pub status: u16,
    /// Content-Type; empty when none.
    pub content_type: String,
    /// Content-Length; 0 when none.
    pub bytes: u64,
    /// It is downloadable: 200, of a kind and a size that such a file has.
    pub downloadable: bool,
}

/// One visit: a request, its redirects and the final answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    /// The address asked for.
    pub url: String,
    /// Empty when a page of the site was had; else what went wrong, or which gateway showed a page in its place.
    pub reason: Reason,
    /// What a person may want to know of the failure; may be empty.
    pub detail: String,
    /// How far it got.
    pub phase: Phase,
    /// Every request in order, the final one last.
    pub hops: Vec<Hop>,
    /// Cookies set on the way by the site's own host, the last of a name.
    pub cookies: Vec<Cookie>,
    /// Where the redirects ended.
    pub final_url: String,
    /// Host of that address, ASCII.
    pub final_host: String,
    /// http or https.
    pub final_scheme: String,
    /// The final status; 0 when there was no answer.
    pub status: u16,
    /// The final answer's headers, names in lower case, in order.
    pub headers: Vec<Header>,
    /// Value of Strict-Transport-Security; empty when absent.
    pub hsts: String,
    /// Value of X-Content-Type-Options; empty when absent.
    pub content_type_options: String,
    /// Value of X-Frame-Options; empty when absent.
    pub frame_options: String,
    /// Values of Content-Security-Policy, joined by commas; empty when absent.
    pub csp: String,
    /// The page's title, white space folded; empty when there is none.
    pub title: String,
    /// The charset the body was decoded with.
    pub encoding: String,
    /// The charset the answer declared (header or meta); empty when none.
    pub declared_encoding: String,
    /// Decoded bytes of the body.
    pub body_bytes: u64,
    /// SHA-256 of the decoded body, hex; empty without a body.
    pub body_sha256: String,
    /// The certificate on the way would not convince a browser; the page was fetched all the same.
    pub bad_certificate: bool,
    /// From the first connection attempt to the last byte, waiting for our own pace left out.
    pub total_ms: u32,
}

/// One request on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hop {
    /// The address asked for.
    pub url: String,
    /// The status; 0 when there was no answer.
    pub status: u16,
    /// Where it sent us; empty for the last hop.
    pub location: String,
    /// The address that was dialled; empty when none was.
    pub address: String,
    /// Resolving the name.
    pub dns_ms: u32,
    /// Making the connection.
    pub connect_ms: u32,
    /// The TLS handshake; 0 without TLS.
    pub tls_ms: u32,
    /// From the request to the first byte of the answer.
    pub first_byte_ms: u32,
    /// Reading the body.
    pub body_ms: u32,
}

/// A header of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Header {
    /// In lower case.
    pub name: String,
    /// As text, at most 4 KiB.
    pub value: String,
}

/// A cookie as it was set. Its value is never kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// The address that set it.
    pub url: String,
    /// It was set over HTTPS.
    pub over_https: bool,
    /// The attribute Secure.
    pub secure: bool,
    /// The attribute HttpOnly.
    pub http_only: bool,
    /// The attribute SameSite in lower case; empty when absent.
    pub same_site: String,
}
