//! What one page shows: its words, its mark-up, and what it loads and sends.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Reason;

/// One page that was fetched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageFacts {
    /// Its address, after redirects.
    pub url: String,
    /// How we came to it: home, missing (an address that cannot exist), folder or given.
    pub origin: Origin,
    /// Empty when it was read; else why not: then nothing else is known of it.
    pub reason: Reason,
    /// The status it came with; 200 for a saved page.
    pub status: u16,
    /// Its title, white space folded; empty when there is none.
    pub title: String,
    /// The charset it was decoded with.
    pub encoding: String,
    /// The charset it declared (header or meta); empty when none.
    pub declared_encoding: String,
    /// `<meta name=… content=…>`: name in lower case ▸ content; the first of a name counts.
    pub tags: BTreeMap<String, String>,
    /// Scripts, styles, frames, images and media that an HTTPS page loads over HTTP.
    pub mixed_content: Vec<Resource>,
    /// Its forms.
    pub forms: Vec<Form>,
    /// The server whose directory index this is (nginx, apache, iis, tomcat, …); empty when it is none.
    pub directory_listing: String,
    /// Stack traces, SQL errors and debug pages in it.
    pub leaks: Vec<Leak>,
}

/// How we came to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The home page.
    Home,
    /// An address that cannot exist.
    Missing,
    /// A folder that the scripts and styles of the home page lie in.
    Folder,
    /// Given by hand.
    Given,
}

/// Something a page loads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resource {
    /// script, style, frame, image, media, object or form.
    pub kind: String,
    /// Its address, absolute.
    pub url: String,
    /// A browser refuses it (script, style, frame, object), or loads it with a warning (image, media).
    pub blocked: bool,
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    /// Where it sends, absolute.
    pub action: String,
    /// get or post.
    pub method: String,
    /// What it asks for: login (a password), personal (name, identity number, telephone, address), search or other.
    pub kind: FormKind,
    /// The names of its fields, hidden ones left out, at most 40.
    pub fields: Vec<String>,
    /// The page it stands on, or the place it sends to, is plain HTTP.
    pub plain: bool,
}

/// What a form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormKind {
    /// A password.
    Login,
    /// Data of a person.
    Personal,
    /// Words to search for.
    Search,
    /// Something else.
    Other,
}

/// The inside of a program on show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Leak {
    /// What it is by `rules/lists/leaks.yaml`: java-stack-trace, php-error, sql-error, thinkphp-debug, …
    pub kind: String,
    /// The words around, at most 200 characters, on one line.
    pub snippet: String,
}
