//! What a name says by itself (Article 14; 国办函〔2018〕55号), parsed without any network.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Seen;

/// The names of a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DomainFacts {
    /// The URL's host first, then the other registered names (retired ones left out).
    pub names: Vec<NameFacts>,
    /// Whether the register lists all domains of the site, and how they are counted; unseen where it knows the URL only.
    pub register: Seen<DomainCounts>,
    /// The declared columns and platforms and the hosts they live on; unseen where the register declares none.
    pub columns: Seen<Vec<ColumnHost>>,
}

/// A declared column or platform (channel, special topic, business system) and its host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnHost {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// The host of that address, ASCII.
    pub host: String,
    /// It lives under a name of the site itself.
    pub own: bool,
}

/// How many domains of each kind a site has, retired ones left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DomainCounts {
    /// Names that are not under a Chinese suffix. `www.x` and `x` count as one.
    pub english: u32,
    /// Names under `.政务` or `.政务.cn`.
    pub chinese: u32,
    /// Names marked as the main one.
    pub main: u32,
}

/// One name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NameFacts {
    /// As the register or the caller wrote it.
    pub name: String,
    /// A-label form, lower case, without port and trailing dot; empty when it cannot be a name.
    pub ascii: String,
    /// U-label form.
    pub unicode: String,
    /// What it ends in.
    pub suffix: Suffix,
    /// How it is built.
    pub structure: Structure,
    /// It is the host of the registered URL.
    pub of_url: bool,
    /// The label in the place of the region (□□□); empty where there is none.
    pub region_label: String,
    /// Name of the region the label stands for; empty when none is recognised.
    pub region: String,
    /// How the region's label was recognised.
    pub region_match: LabelMatch,
    /// The label in the place of the organ (○○○, or △△△ under .政务); empty where there is none.
    pub organ_label: String,
    /// Full name of the organ the label stands for; empty when none is recognised.
    pub organ: String,
    /// How the organ's label was recognised: against the sponsor where the name is registered, else against every known organ.
    pub organ_match: LabelMatch,
    /// It lies below the city portal's domain.
    pub under_portal: bool,
    /// It lies below the domain of the sponsor's ministry.
    pub under_ministry: bool,
    /// The port written with it; 0 where none is.
    pub port: u16,
    /// Defects of form, each a word: empty, bad-label, too-long, mixed-script, confusable, punycode-invalid, underscore,
    /// bad-port, bare-suffix.
    pub defects: Vec<String>,
    /// Written with capital letters.
    pub upper_case: bool,
    /// Written with a trailing dot.
    pub trailing_dot: bool,
    /// It belongs to a site of the register: `site` is seen, and the labels were compared with its sponsor.
    pub registered: bool,
    /// The form such a name usually has: `www.zhoukou.gov.cn`; empty where it cannot be told.
    pub usual: String,
}

/// What a name ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Suffix {
    /// `.gov.cn`
    #[serde(rename = "gov.cn")]
    GovCn,
    /// `.政务`
    #[serde(rename = "政务")]
    Zhengwu,
    /// `.政务.cn`, the older form.
    #[serde(rename = "政务.cn")]
    ZhengwuCn,
    /// Something else.
    #[serde(rename = "other")]
    Other,
    /// Nothing: an address, or not a name.
    #[serde(rename = "none")]
    None,
}

/// How a name is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Structure {
    /// `www.□□□.gov.cn`
    Portal,
    /// `○○○.□□□.gov.cn` below the city portal's domain, or below that of a place which is not in the register.
    Department,
    /// `○○○.□□□.gov.cn` below a county's domain.
    CountyDepartment,
    /// Below the domain of the sponsor's ministry.
    Vertical,
    /// `△△△.政务` or `△△△.政务.cn`
    Chinese,
    /// An IP address.
    Address,
    /// None of these.
    Other,
}

/// How a label was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LabelMatch {
    /// Full pinyin of the full or an accepted short name.
    Pinyin,
    /// Initials of the full or an accepted short name.
    Initials,
    /// Registered English name or abbreviation.
    English,
    /// The Chinese full or accepted short name (under .政务).
    Chinese,
    /// Nearly one of these (a prefix, one letter apart): in order, worth a look.
    Near,
    /// None of these: a person should look.
    Unrecognised,
    /// There is nothing to compare with: the region or the organ is not in the register.
    NoReference,
    /// The name has no such label.
    Absent,
}
