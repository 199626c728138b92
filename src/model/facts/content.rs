//! What an attacker put on the pages of a site, and what its organ should never have published.
//!
//! Everything here is dangerous in itself. What identifies a person or betrays a secret is masked where it is found: no
//! field of any fact holds it in clear. Where it stands (`sha256` of the page or file, `offset` in its text) is enough for
//! a second look.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Reason;

/// What one page or file holds of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Content {
    /// Links that readers cannot see, to other hosts.
    pub hidden_links: Vec<HiddenLink>,
    /// Words of spam, where they stand.
    pub injected: Vec<Injected>,
    /// Scripts and frames of a malicious form.
    pub malicious: Vec<Malicious>,
    /// Data of persons.
    pub privacy: Vec<Private>,
    /// Classification marks.
    pub marks: Vec<ClassifiedMark>,
    /// Wrong expressions.
    pub wording: Vec<Wrong>,
}

impl Content {
    /// There is nothing of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A link that readers cannot see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HiddenLink {
    /// Where it leads, absolute.
    pub target: String,
    /// The host of that address.
    pub host: String,
    /// Its words.
    pub text: String,
    /// How it is hidden, by `rules/lists/hiding.yaml`: display, off-screen, opacity, …
    pub technique: String,
    /// What that is, in words.
    pub title: String,
    /// The mark-up that shows it, at most 200 characters.
    pub snippet: String,
    /// Further links of this page that are hidden in the same way.
    pub further: u32,
}

/// Words of spam on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Injected {
    /// gambling, pornography, fraud, pharmacy or lottery.
    pub list: String,
    /// The sum of the weights of its words, at this place; what it takes to be a finding stands in the rule.
    pub weight: u32,
    /// Where they stand: title, meta, heading, anchor, text, hidden or address.
    #[serde(rename = "where")]
    pub place: String,
    /// The words, as they were written, at most ten.
    pub words: Vec<String>,
    /// The words around the first, at most 120 characters.
    pub snippet: String,
}

/// A script or a frame of a malicious form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Malicious {
    /// By `rules/lists/malice.yaml`: miner, skimmer, redirect, loader, zero-frame, …
    pub kind: String,
    /// What that is, in words.
    pub title: String,
    /// The host it loads from or leads to; empty where it names none.
    pub host: String,
    /// The mark-up or code that shows it, at most 200 characters.
    pub snippet: String,
}

/// Data of persons, of one kind, on one page or in one part of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Private {
    /// id (a valid resident identity number), id-masked-short (one whose mask hides too little), card (a bank card), phone (a mobile
    /// number of a private person), phone-office (one that is not known to be a private person's); phones from five on.
    pub kind: String,
    /// How many different ones.
    pub count: u32,
    /// The first, masked: `41************123`.
    pub masked: String,
    /// Where the first stands, in characters of the text of the page, or of the part of the file.
    pub offset: u32,
    /// The line of that text, from 1: of a sheet the row.
    #[serde(default)]
    pub line: u32,
    /// The part of a file: the sheet, the page, the member of an archive. Empty in the text of a page; `source` where only
    /// its mark-up holds it, `address` where the address of a link does (then `offset` and `line` are of no use).
    pub part: String,
    /// The words before the first, at most 20 characters, without any digit; `address` in the address of a link.
    pub context: String,
}

/// A classification mark.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClassifiedMark {
    /// top-secret (绝密), secret (机密) or confidential (秘密).
    pub level: String,
    /// The mark itself and nothing around it: `秘密★1年`.
    pub mark: String,
    /// Where it stands, in characters of the text.
    pub offset: u32,
    /// The part of a file; empty on a page.
    pub part: String,
}

/// A wrong expression.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Wrong {
    /// serious or typo.
    pub list: String,
    /// What is written.
    pub wrong: String,
    /// What it should be.
    pub right: String,
    /// How often on the page.
    pub count: u32,
    /// The words around the first, at most 60 characters.
    pub snippet: String,
    /// Where it stands: title, heading or text.
    #[serde(rename = "where")]
    pub place: String,
}

/// What the pages and files of a site hold of it. Of each list at most 200 elements; each once a page and kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ContentFacts {
    /// Hidden links to hosts that are neither the site's nor registered.
    pub hidden_links: Vec<At<HiddenLink>>,
    /// Words of spam.
    pub injected: Vec<At<Injected>>,
    /// Malicious scripts and frames.
    pub malicious: Vec<At<Malicious>>,
    /// Data of persons.
    pub privacy: Vec<At<Private>>,
    /// Classification marks.
    pub marks: Vec<At<ClassifiedMark>>,
    /// Wrong expressions.
    pub wording: Vec<At<Wrong>>,
    /// Pages that were looked through.
    pub pages: u32,
    /// Files that were read.
    pub files: u32,
    /// Files that were not read, or in part, and why; at most 50.
    pub unread: Vec<UnreadFile>,
    /// How many there are in all.
    pub unread_count: u32,
}

/// Something, and where it was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct At<T> {
    /// The address of the page or file.
    pub url: String,
    /// The page that leads there, where it is a file; else empty.
    pub holder: String,
    /// Its title, or the name of the file.
    pub title: String,
    /// A file to download, not a page.
    pub file: bool,
    /// SHA-256 of the page or file, hexadecimal; empty where it is not known.
    pub sha256: String,
    /// What was found.
    pub found: T,
}

/// A file to download, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileFacts {
    /// Its address.
    pub url: String,
    /// Its name, as shown to people: at most 120 characters, no control characters.
    pub name: String,
    /// What it is by its content: xlsx, xls, ods, docx, doc, odt, pptx, pdf, ofd, csv, text, zip, other.
    pub kind: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of it, hexadecimal.
    pub sha256: String,
    /// Empty when it was read; else why not.
    pub reason: Reason,
    /// Characters of text in it.
    pub text_chars: u32,
    /// Parts that were not read, and why, at most 20.
    pub unread: Vec<UnreadPart>,
    /// What it holds that it should not.
    pub content: Content,
}

/// A part of a file that was not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnreadPart {
    /// The page, the sheet or the member.
    pub part: String,
    /// scanned (it is a picture), encrypted (it wants a password), unknown (nobody here reads it), damaged; or the cap that
    /// it exceeds: size, ratio (it unpacks to too much), members, depth (of archives), nesting (of elements), time.
    pub why: String,
}

/// A file that was not read, or in part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnreadFile {
    /// Its address.
    pub url: String,
    /// Its name.
    pub name: String,
    /// The first reason: a code of the look, or why a part was not read.
    pub why: String,
}

/// A page as one kind of visitor is shown it, beside what everybody is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GuiseFacts {
    /// The page.
    pub url: String,
    /// Who asked, by `rules/lists/guises.yaml`: baidu, sogou, 360, shenma, bing, google (spiders), referer (a reader who comes from
    /// a search engine), phone (one who does so on a phone).
    pub guise: String,
    /// Empty when an answer was had; else why not.
    pub reason: Reason,
    /// Where it ended, where that is another host than everybody's; else empty.
    pub elsewhere: String,
    /// That host is neither the site's own nor registered, nor the government's, nor a well-known platform.
    pub foreign: bool,
    /// Its title, and everybody's.
    pub title: String,
    /// The title that everybody is shown.
    pub plain_title: String,
    /// How much of the titles is the same, 0 to 100.
    pub title_likeness: u32,
    /// How much of the text is the same, 0 to 100; two looks of everybody's page are the measure of what is ordinary.
    pub likeness: u32,
    /// How much of the text is the same in two looks as everybody; 100 where one look was enough.
    pub ordinary: u32,
    /// Words of spam that everybody is not shown; those of the page where it ended, where that is a foreign host.
    pub injected: Vec<Injected>,
    /// Foreign hosts it links to and everybody's page does not, at most 20.
    pub hosts: Vec<String>,
}

/// What a page is made of, so that the next look can tell what has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Shape {
    /// A fingerprint of its mark-up that stays near while the page stays alike: 16 hexadecimal digits.
    pub structure: String,
    /// The same of its text.
    pub text: String,
    /// Hosts of its links, other than its own, sorted.
    pub hosts: Vec<String>,
    /// Its scripts: the address, or `inline:` and the beginning of the SHA-256 of the code; sorted.
    pub scripts: Vec<String>,
    /// Its links in small: the 64 least of the hashes of their addresses, 8 hexadecimal digits each, sorted.
    pub links: Vec<String>,
    /// Words of a defacement on it, by `rules/lists/defacement.yaml`, as they were written; at most 5.
    pub signs: Vec<String>,
    /// It says that something went wrong, or that the site is closed for a while: what it lacks proves nothing.
    pub notice: bool,
}

/// The confirmed look of a page, and what is different now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DriftFacts {
    /// The page.
    pub url: String,
    /// When the baseline was confirmed.
    pub confirmed_at: DateTime<Utc>,
    /// By whom; `first look` where nobody has yet.
    pub confirmed_by: String,
    /// The title then.
    pub title_before: String,
    /// The title now.
    pub title: String,
    /// How much of the words of the title before stands in the title now, 0 to 100; 100 where there was none.
    #[serde(default)]
    pub title_likeness: u32,
    /// It still says whose it is: by its identification code, a filing number or the sponsor of the footer then, or by the
    /// name of the site in its title or its tags. False where there is no look to compare with.
    #[serde(default)]
    pub identity_kept: bool,
    /// How near the mark-up is, 0 to 100.
    pub structure: u32,
    /// How near the text is, 0 to 100.
    pub text: u32,
    /// Characters of text then, and now.
    pub chars_before: u32,
    /// Characters of text now.
    pub chars: u32,
    /// Hosts it links to now and did not then.
    pub hosts_added: Vec<String>,
    /// Hosts of scripts that are new.
    pub script_hosts_added: Vec<String>,
    /// Scripts that are new or have changed.
    pub scripts_added: Vec<String>,
    /// Words of a defacement that are there now and were not then, by `rules/lists/defacement.yaml`.
    pub signs: Vec<String>,
    /// Share of the links of the home page that are gone, 0 to 100.
    pub links_gone: u32,
}

/// What a confirmed look of a home page holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PageBaseline {
    /// The host it lies at; a baseline of another host says nothing.
    pub host: String,
    /// Its title.
    pub title: String,
    /// The fingerprint of its mark-up.
    pub structure: String,
    /// Hosts it links to, other than its own, sorted.
    pub hosts: Vec<String>,
    /// Its scripts, sorted.
    pub scripts: Vec<String>,
    /// Whose it says it is: identification code, filing numbers, sponsor, the name in its tags.
    pub identity: Vec<String>,
    /// Words of a defacement that stand there and were confirmed all the same.
    pub signs: Vec<String>,
    /// What the news of every day change.
    #[serde(skip)]
    pub news: PageNews,
}

/// The part of a baseline that follows the page from one innocent look to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PageNews {
    /// The fingerprint of its text.
    pub text: String,
    /// Characters of text.
    pub chars: u32,
    /// Its links in small.
    pub links: Vec<String>,
}

/// The baseline of a page, and who vouches for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmedPage {
    /// What was confirmed.
    pub baseline: PageBaseline,
    /// When it was confirmed (UTC).
    pub confirmed_at: DateTime<Utc>,
    /// Who confirmed it; `first look` when nobody has yet.
    pub confirmed_by: String,
}

/// A host that the site links to, and what it shows now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutboundFacts {
    /// The link.
    pub url: String,
    /// Its host.
    pub host: String,
    /// The page that holds it.
    pub holder: String,
    /// The words of the link.
    pub text: String,
    /// Where it ended.
    pub final_url: String,
    /// Empty when it was had.
    pub reason: Reason,
    /// The title of what is there.
    pub title: String,
    /// Words of spam there.
    pub injected: Vec<Injected>,
    /// It is a page that offers the name for sale, by `rules/lists/parked.yaml`.
    pub parked: bool,
}
