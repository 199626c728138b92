//! What one page shows: its words, its mark-up, and what it loads and sends.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    article::{CatalogFields, Guide, Message, Published},
    column::Newest,
    content::{Content, Shape},
    identity::IdentityFacts,
};
use crate::Reason;

/// One page that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageFacts {
    /// Its address, after redirects.
    pub url: String,
    /// How we came to it: home, inner (sampled by the crawl), missing (an address that cannot exist), folder or given.
    pub origin: Origin,
    /// Empty when it was read; else why not: then nothing else is known of it.
    pub reason: Reason,
    /// The status it came with; 200 for a saved page.
    pub status: u16,
    /// What kind of page it is.
    pub kind: PageKind,
    /// Scripts fill it, or its list, and were not run: what it lacks may be there for its readers.
    pub shell: bool,
    /// Its title, white space folded; empty when there is none.
    pub title: String,
    /// The charset it was decoded with.
    pub encoding: String,
    /// The charset it declared (header or meta); empty when none.
    pub declared_encoding: String,
    /// Characters of text a reader sees, white space left out.
    pub text_chars: u32,
    /// `<meta name=… content=…>`: name in lower case ▸ content; the first of a name counts.
    pub tags: BTreeMap<String, String>,
    /// The tags that every page of a site bears (国办发〔2017〕47号).
    pub site_tags: SiteTags,
    /// The tags that a column page bears, and the pages below it.
    pub column_tags: ColumnTags,
    /// The tags that an article page bears.
    pub article_tags: ArticleTags,
    /// Tags whose content a program left behind: null, undefined, `{{title}}`.
    pub placeholders: Vec<TagAt>,
    /// Its footer: whom it belongs to, and how it is filed.
    pub identity: IdentityFacts,
    /// When it was published, as far as it says.
    pub published: Published,
    /// The newest dated row of a list on it; the date is empty when no row is dated.
    pub newest: Newest,
    /// Rows of lists: links with a title, in the main part of the page.
    pub rows: u32,
    /// Rows of them that bear no date, neither printed nor in their address.
    pub undated_rows: u32,
    /// How many links it holds, by where they lead.
    pub links: LinkCounts,
    /// Where the text comes from (来源), as printed; empty when nothing is.
    pub source: String,
    /// Index number, date and agency of an open-government catalogue (第五条).
    pub catalog: CatalogFields,
    /// The elements of a service guide (办事指南) that it has.
    pub guide: Guide,
    /// Messages of citizens and when they were answered, on a list of them.
    pub messages: Vec<Message>,
    /// What it says of itself, by `rules/lists/says.yaml`: repost, nothing (no entries), loading, preface.
    #[serde(default)]
    pub says: Vec<String>,
    /// It tells its readers before they leave for a site that is not the government's.
    pub leaving_notice: bool,
    /// Barriers to readers with disabilities (GB/T 37668-2019), as far as mark-up shows them.
    pub barriers: Vec<Barrier>,
    /// Scripts, styles, frames, images and media that an HTTPS page loads over HTTP.
    pub mixed_content: Vec<Resource>,
    /// Its forms.
    pub forms: Vec<Form>,
    /// The server whose directory index this is (nginx, apache, iis, tomcat, …); empty when it is none.
    pub directory_listing: String,
    /// Stack traces, SQL errors and debug pages in it.
    pub leaks: Vec<Leak>,
    /// What attackers put on it, and what should never have been published.
    #[serde(default, skip_serializing_if = "Content::is_empty")]
    pub content: Content,
    /// What it is made of.
    #[serde(default)]
    pub shape: Shape,
}

impl PageFacts {
    /// Whether the page says this of itself.
    pub fn says(&self, what: &str) -> bool {
        self.says.iter().any(|said| said == what)
    }
}

/// How we came to a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The home page.
    Home,
    /// A page that the crawl came to, one of a sample that stays the same as long as the pages do.
    Inner,
    /// An address that cannot exist.
    Missing,
    /// A folder that the scripts and styles of the home page lie in.
    Folder,
    /// Given by hand.
    #[default]
    Given,
}

/// What kind of page it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PageKind {
    /// The home page.
    Home,
    /// A list of articles.
    Column,
    /// One text.
    Article,
    /// A file to download.
    Attachment,
    /// It asks for a password.
    Login,
    /// It says that something is wrong, whatever its status.
    Error,
    /// Nearly nothing until scripts have run.
    Shell,
    /// Something else.
    #[default]
    Other,
}

/// The tags of the site (国办发〔2017〕47号), empty where absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SiteTags {
    /// SiteName.
    pub name: String,
    /// SiteDomain.
    pub domain: String,
    /// SiteIDCode.
    pub id_code: String,
}

/// The tags of a column (国办发〔2017〕47号), empty where absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnTags {
    /// ColumnName.
    pub name: String,
    /// ColumnDescription.
    pub description: String,
    /// ColumnKeywords.
    pub keywords: String,
    /// ColumnType.
    pub kind: String,
}

/// The tags of an article (国办发〔2017〕47号), empty where absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleTags {
    /// ArticleTitle.
    pub title: String,
    /// PubDate, as written.
    pub pub_date: String,
    /// PubDate lies after the moment of the look, by more than a day.
    pub future: bool,
    /// ContentSource.
    pub source: String,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TagAt {
    /// Its name, lower case.
    pub name: String,
    /// What it holds.
    pub content: String,
}

/// Links of one page, each address once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkCounts {
    /// To pages of the site.
    pub inner: u32,
    /// To files to download.
    pub attachment: u32,
    /// To other hosts.
    pub foreign: u32,
    /// Images, styles, scripts, frames that it loads.
    pub loaded: u32,
}

/// A barrier to readers with disabilities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Barrier {
    /// Which check of `rules/lists/barriers.yaml`: img-alt, lang, form-label, …
    pub check: String,
    /// What it is in words.
    pub title: String,
    /// What it goes against; the list says how certain that is.
    pub reference: String,
    /// How often on the page.
    pub count: u32,
    /// The first place, at most 200 characters of mark-up.
    pub snippet: String,
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
