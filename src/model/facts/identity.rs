//! The footer of a government page (国办发〔2017〕47号): who it belongs to, and how it is filed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a page shows of its identity, in its mark-up and in what its own scripts write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IdentityFacts {
    /// The site identification code (网站标识码) of the footer; empty when there is none.
    pub site_code: String,
    /// Every code, each once a place, by where it stands: footer, tag, script.
    pub site_code_in: Vec<CodeAt>,
    /// ICP numbers, as written.
    pub icp: Vec<NumberAt>,
    /// Public-security filing numbers, as written.
    pub police: Vec<NumberAt>,
    /// The entry 我为政府网站找错.
    pub jiucuo: Jiucuo,
    /// The mark of party and government organs (党政机关网站标识).
    pub mark: Mark,
    /// The sponsor named in the footer (主办单位); empty when none is.
    pub sponsor: String,
    /// The contact of the footer: a telephone number or an address; empty when there is none.
    pub contact: String,
    /// Scripts and page parts of the site's own that may hold the footer and were not read, absolute addresses: what is
    /// missing here may stand there.
    pub unread: Vec<String>,
}

/// A site identification code, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeAt {
    /// footer, tag or script.
    pub place: String,
    /// Ten digits, or `bm` and eight; that of the tag as the tag has it, unless a program left it unfilled.
    pub code: String,
}

/// A filing number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NumberAt {
    /// As written, blanks folded.
    pub text: String,
    /// The short name of the province before it: 豫; empty where none stands there.
    pub province: String,
    /// Its digits, without those of the site that follow a dash; other signs where a template has them: `XXXXXX`.
    pub digits: String,
    /// It has the form such numbers have, and is no dummy of a template.
    pub valid: bool,
}

/// The entry 我为政府网站找错.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Jiucuo {
    /// It leads to the national platform.
    Platform,
    /// It leads to the platform's former host.
    Retired,
    /// A form of the site's own, or a picture without a way to the platform.
    Own,
    /// There is none.
    #[default]
    None,
}

/// The mark of party and government organs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It is there.
    Ok,
    /// It shows its error picture.
    Error,
    /// It is not there.
    #[default]
    None,
}
