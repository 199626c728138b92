//! What kind of page it is: a list, a text, a login, an error under another name, an empty shell.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use xuncha_model::facts::page::{FormKind, Origin, PageFacts, PageKind};

use super::defaced;
use crate::{
    lists,
    markup::{Token, Tokens},
};

/// Characters of a page that still counts as short: an error that says so in its text, a login.
const SHORT: u32 = 600;
const SHORT_LOGIN: u32 = 1500;
/// A page with fewer characters shows its readers next to nothing.
const NOTHING: u32 = 100;
/// Characters of a line that is running text, when a full stop stands in it.
const PARAGRAPH: usize = 60;
/// Running text beside which one dated row still makes a list.
const LITTLE: usize = 300;
/// Bytes of inline scripts, or script files, that may write a page.
const SCRIPT_BYTES: usize = 2000;
const SCRIPT_FILES: usize = 2;
/// Dated rows that make a list of a page which has running text too.
const LIST: u32 = 5;

/// The boxes that frameworks fill.
const BOXES: &[&str] = &["app", "root", "main-app", "q-app", "__next", "__nuxt"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(deserialize_with = "lists::pattern")]
    error_title: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    error_text: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    article_title: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    login_title: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    needs_scripts: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    list_url: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    list_title: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    fetches: Regex,
}

static WORDS: LazyLock<Option<Words>> =
    LazyLock::new(|| lists::read("kinds.yaml", include_str!("../../../rules/lists/kinds.yaml")));

/// The kind, from everything else that was read of the page, and whether scripts fill it; `text` is what a reader sees,
/// `body` the mark-up, read again only where the page shows nothing.
pub(super) fn kind(page: &PageFacts, text: &str, body: &str) -> (PageKind, bool) {
    let Some(words) = WORDS.as_ref() else { return (PageKind::Other, false) };
    let empty = page.text_chars < NOTHING && Scripts::read(body, words).fill(page);
    if page.origin == Origin::Home {
        return (PageKind::Home, empty);
    }
    if is_error(page, text, words) {
        return (PageKind::Error, false);
    }
    if is_login(page, words) {
        return (PageKind::Login, empty);
    }
    if empty {
        return (PageKind::Shell, true);
    }
    let kind = listed(page, text, words);
    // a frame of words around a list that is yet to come
    let filled = kind == PageKind::Column && page.rows == 0 && Scripts::read(body, words).fetch;
    (kind, filled)
}

/// Rows that bear a date.
fn dated(page: &PageFacts) -> u32 {
    page.rows.saturating_sub(page.undated_rows)
}

fn is_error(page: &PageFacts, text: &str, words: &Words) -> bool {
    if page.status >= 400 {
        return true;
    }
    // an article may speak of errors
    if !page.article_tags.title.is_empty() || !page.published.printed.is_empty() {
        return false;
    }
    words.error_title.is_match(&page.title) && !words.article_title.is_match(&page.title)
        || page.text_chars < SHORT && dated(page) == 0 && words.error_text.is_match(text)
}

/// Whether a home page says that something is wrong, or that the site is closed for a while.
pub(super) fn is_notice(title: &str, text: &str) -> bool {
    let Some(words) = WORDS.as_ref() else { return false };
    let short = || text.chars().filter(|char| !char.is_whitespace()).count() < SHORT as usize;
    words.error_title.is_match(title) && !words.article_title.is_match(title)
        || short() && (words.error_text.is_match(text) || defaced::is_closed(text))
}

fn is_login(page: &PageFacts, words: &Words) -> bool {
    let titled =
        words.login_title.is_match(&page.title) && !words.article_title.is_match(&page.title);
    let form = page.forms.iter().any(|form| form.kind == FormKind::Login);
    let little = page.text_chars < SHORT_LOGIN && page.article_tags.title.is_empty();
    little && dated(page) == 0 && (form && page.rows == 0 || titled)
}

/// A list, a text, or neither.
fn listed(page: &PageFacts, text: &str, words: &Words) -> PageKind {
    if !page.directory_listing.is_empty() {
        return PageKind::Other;
    }
    let (rows, dated) = (page.rows, dated(page));
    let running = running(text);
    let printed = !page.published.printed.is_empty();
    let tagged = !page.article_tags.title.is_empty();
    // every row of a list may have its summary
    let summaries = dated >= LIST && running < dated as usize * 3 * PARAGRAPH;
    let article = if tagged {
        printed || !(summaries && running == 0)
    } else if printed {
        if running > 0 { !summaries } else { rows < 3 }
    } else {
        !page.published.url.is_empty() && running > 0 && rows < 3
    };
    if article {
        PageKind::Article
    } else if rows >= 3
        || dated >= 1 && running < LITTLE
        || !page.column_tags.name.is_empty()
        || words.list_title.is_match(&page.title)
        || words.list_url.is_match(path(&page.url))
    {
        PageKind::Column
    } else {
        PageKind::Other
    }
}

/// Characters of running text: lines of some length with a full stop in them.
fn running(text: &str) -> usize {
    let lines = text.lines().filter(|line| line.len() >= PARAGRAPH);
    let lines = lines.filter(|line| line.contains('\u{3002}') || line.contains(". "));
    lines.map(|line| line.chars().count()).filter(|chars| *chars >= PARAGRAPH).sum()
}

/// An address up to its query.
fn path(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// What the mark-up has that may fill a page.
#[derive(Debug, Default)]
struct Scripts {
    bytes: usize,
    files: usize,
    /// An inline script asks for data, or the mark-up is a template.
    fetch: bool,
    /// An empty box that a framework fills, or the page says that it needs scripts.
    waiting: bool,
    /// Another page is shown in its place.
    elsewhere: bool,
}

impl Scripts {
    fn read(body: &str, words: &Words) -> Self {
        let mut found = Self::default();
        let mut opened = false;
        for token in Tokens::new(body) {
            let empty = std::mem::take(&mut opened);
            match token {
                Token::Start(tag) if tag.is("script") => {
                    found.files += usize::from(tag.attribute("src").is_some());
                }
                Token::Start(tag) if tag.is("frameset") || tag.is("iframe") || tag.is("frame") => {
                    found.elsewhere = true;
                }
                Token::Start(tag) if tag.is("meta") => {
                    let equiv = tag.attribute("http-equiv").unwrap_or_default();
                    found.elsewhere |= equiv.trim().eq_ignore_ascii_case("refresh");
                }
                Token::Start(tag) if tag.is("app-root") => opened = true,
                Token::Start(tag) if tag.is("div") || tag.is("section") => {
                    let id = tag.attribute("id").unwrap_or_default();
                    opened = BOXES.contains(&id.trim());
                }
                Token::End(_) => found.waiting |= empty,
                Token::Text(text) => {
                    opened = empty && text.trim().is_empty();
                    found.fetch |= text.contains("{{");
                }
                Token::Comment(_) => opened = empty,
                Token::Raw(name, text) if name.eq_ignore_ascii_case("script") => {
                    found.bytes += text.len();
                    found.fetch = found.fetch || words.fetches.is_match(text);
                }
                Token::Raw(name, text) if name.eq_ignore_ascii_case("noscript") => {
                    found.waiting |= words.needs_scripts.is_match(text);
                }
                Token::Start(_) | Token::Raw(..) => {}
            }
        }
        found
    }

    /// Whether they fill a page that shows nothing.
    fn fill(&self, page: &PageFacts) -> bool {
        // a page of pictures that lead on is no shell
        let leads = page.links.inner + page.links.foreign >= 5;
        let scripts = self.bytes >= SCRIPT_BYTES || self.files >= SCRIPT_FILES || self.fetch;
        !self.elsewhere && (self.waiting && (self.bytes > 0 || self.files > 0) || scripts && !leads)
    }
}

#[cfg(test)]
mod tests {
    use url::Url;
    use xuncha_model::facts::page::{ArticleTags, ColumnTags};

    use super::*;
    use crate::page::{Given, facts};

    fn seen(body: &str) -> (PageKind, bool) {
        let url: Url = "https://www.a.gov.cn/x/".parse().unwrap();
        let facts = facts(&Given {
            url: &url,
            origin: Origin::Inner,
            at: "2026-11-24T02:00:00Z".parse().unwrap(),
            status: 200,
            headers: &[],
            text: body,
            encoding: "UTF-8",
            declared_encoding: "",
        });
        (facts.kind, facts.shell)
    }

    fn told(page: &PageFacts, text: &str) -> PageKind {
        kind(page, text, "").0
    }

    fn base() -> PageFacts {
        PageFacts {
            url: "https://www.a.gov.cn/x/".into(),
            origin: Origin::Inner,
            status: 200,
            text_chars: 2000,
            ..PageFacts::default()
        }
    }

    fn running_text() -> String {
        "各县（市、区）人民政府，各有关单位：".to_owned() + &"现将有关事项通知如下。".repeat(20)
    }

    #[test]
    fn the_list_can_be_read() {
        let list = include_str!("../../../rules/lists/kinds.yaml");
        assert_eq!(lists::parsed::<Words>(list).err(), None);
    }

    #[test]
    fn errors_are_known_by_title() {
        for title in [
            "404",
            "404 Not Found",
            "404页面",
            "HTTP Status 404 – Not Found",
            "502 Bad Gateway",
            "页面不存在",
            "您访问的页面不存在-澜川市人民政府",
            "澜川市人民政府-404",
            "500错误",
            "出错了！",
            "Apache Tomcat/8.5.50 - Error report",
            "网站维护中",
            "ERROR: The requested URL could not be retrieved",
            "404 - 找不到文件或目录。",
            "系统提示",
            "403 - 禁止访问: 访问被拒绝。",
        ] {
            let page = PageFacts { title: title.into(), ..base() };
            assert_eq!(told(&page, ""), PageKind::Error, "{title}");
        }
        for title in [
            "500强企业落户澜川",
            "404万元专项资金下达",
            "关于网站维护的公告",
            "公共场所不存在吸烟室",
            "官网首页无法访问情况说明",
            "404户脱贫",
            "澜川市人民政府",
            "500千伏变电站建成",
            "关于身份证已失效的说明",
            "网站建设规范",
        ] {
            let page = PageFacts { title: title.into(), ..base() };
            assert_ne!(told(&page, ""), PageKind::Error, "{title}");
        }
        let article = ArticleTags { title: "x".into(), ..ArticleTags::default() };
        let page = PageFacts { title: "页面不存在".into(), article_tags: article, ..base() };
        assert_eq!(told(&page, ""), PageKind::Article);
        assert_eq!(told(&PageFacts { status: 404, ..base() }, ""), PageKind::Error);
    }

    #[test]
    fn short_pages_are_errors_by_their_text() {
        for text in [
            "抱歉，您访问的页面不存在或已删除",
            "404",
            "404 Not Found\nnginx",
            "服务器内部错误，请稍后再试",
            "文件或目录未找到",
            "Proxy Error\nThe proxy server received an invalid response from an upstream server.",
            "No input file specified.",
            "系统繁忙，请稍后再试",
            "无法找到该网页",
            "网站正在升级维护中",
        ] {
            let page = PageFacts { text_chars: 60, ..base() };
            assert_eq!(told(&page, text), PageKind::Error, "{text}");
            assert_ne!(told(&base(), text), PageKind::Error, "a long page that says {text}");
        }
        for text in [
            "该证件已失效",
            "404路公交车改道",
            "系统维护公告",
            "找不到工作怎么办",
            "服务器采购项目中标公告",
        ] {
            let page = PageFacts { text_chars: 60, ..base() };
            assert_ne!(told(&page, text), PageKind::Error, "{text}");
        }
    }

    #[test]
    fn a_login_asks_for_a_password_and_shows_little_else() {
        let form = "<form method=post><input name=u><input type=password name=p></form>";
        assert_eq!(seen(&format!("<title>后台</title>{form}")).0, PageKind::Login);
        let long = format!("<title>x</title>{form}<p>{}</p>", "说明。".repeat(600));
        assert_ne!(seen(&long).0, PageKind::Login, "a page with a login in its corner");
        for title in
            ["用户登录", "登录", "政务服务网-统一身份认证平台", "Login", "Sign in to x", "系统登陆"]
        {
            assert_eq!(
                seen(&format!("<title>{title}</title><p>请稍候")).0,
                PageKind::Login,
                "{title}"
            );
        }
        for title in ["关于网上登录办法的通知", "登记公告", "登录信息泄露防范提示"]
        {
            assert_ne!(
                seen(&format!("<title>{title}</title><p>请稍候")).0,
                PageKind::Login,
                "{title}"
            );
        }
    }

    #[test]
    fn what_scripts_are_to_fill_is_a_shell() {
        for body in [
            "<div id=app></div><script src=/js/app.js></script>",
            "<div id=\"root\"> <!-- x --> </div><script type=module>import './a.js'</script>",
            "<app-root></app-root><script src=main.js></script>",
            "<noscript>You need to enable JavaScript to run this app.</noscript><script src=a.js></script>",
            "<noscript>请启用浏览器的JavaScript</noscript><script src=a.js></script>",
            "<p>加载中…<script src=a.js></script><script src=b.js></script>",
            &format!("<script>{}</script>", "x=1;".repeat(600)),
            "<script>$.ajax('/list.do')</script>",
        ] {
            assert_eq!(seen(body), (PageKind::Shell, true), "{body}");
        }
        for body in [
            "<frameset cols='20,*'><frame src=a.html></frameset><script src=a.js></script><script src=b.js></script>",
            "<meta http-equiv=refresh content='0;url=/index.html'><script src=a.js></script><script src=b.js></script>",
            "<script>location.href='/portal/'</script>",
            "<p>暂无内容</p><script src=jquery.js></script>",
            "<div id=app></div>",
            "<div id=app><h1>标题</h1></div><script src=a.js></script>",
            "",
        ] {
            assert_ne!(seen(body).0, PageKind::Shell, "{body}");
        }
        let menu = "机构职能\n".repeat(40);
        assert_ne!(
            seen(&format!("<p>{menu}</p><div id=app></div><script src=a.js></script>")).0,
            PageKind::Shell,
            "a page with words"
        );
    }

    #[test]
    fn a_list_that_is_still_to_come_is_said_to_be_so() {
        let menu = "机构职能 ".repeat(40);
        let column = "<meta name=ColumnName content=通知公告>";
        let script = "<script>$.getJSON('/list.do', show)</script>";
        assert_eq!(seen(&format!("{column}<p>{menu}</p>{script}")), (PageKind::Column, true));
        assert_eq!(seen(&format!("{column}<p>{menu}</p>")), (PageKind::Column, false));
        let vue = "<ul><li v-for='x in y'>{{x.title}}</li></ul>";
        assert_eq!(seen(&format!("{column}<p>{menu}</p>{vue}")), (PageKind::Column, true));
    }

    #[test]
    fn lists_and_texts_are_told_apart() {
        let text = running_text();
        let tag = ArticleTags { title: "通知".into(), ..ArticleTags::default() };
        let column = ColumnTags { name: "通知公告".into(), ..ColumnTags::default() };
        let article = PageFacts { article_tags: tag, column_tags: column.clone(), ..base() };
        assert_eq!(told(&article, ""), PageKind::Article);
        assert_eq!(told(&PageFacts { column_tags: column, ..base() }, ""), PageKind::Column);
        assert_eq!(told(&PageFacts { rows: 3, undated_rows: 3, ..base() }, ""), PageKind::Column);
        assert_eq!(told(&PageFacts { rows: 1, ..base() }, ""), PageKind::Column);
        assert_eq!(
            told(&PageFacts { rows: 1, ..base() }, &running_text().repeat(3)),
            PageKind::Other
        );
        assert_eq!(told(&PageFacts { rows: 2, undated_rows: 2, ..base() }, ""), PageKind::Other);
        assert_eq!(told(&base(), &text), PageKind::Other, "a text that nobody dates");
        let mut printed = base();
        printed.published.printed = "2026-11-22".into();
        assert_eq!(told(&printed, &text), PageKind::Article);
        assert_eq!(told(&printed, "附件：名单.xlsx"), PageKind::Article);
        let further = PageFacts { rows: 4, ..printed.clone() };
        assert_eq!(told(&further, &text), PageKind::Article, "an article with further reading");
        let summaries = PageFacts { rows: 12, ..printed.clone() };
        assert_eq!(told(&summaries, &text), PageKind::Column, "a list with summaries");
        let mut dated = base();
        dated.published.url = "2026-11-22".into();
        assert_eq!(told(&dated, &text), PageKind::Article);
        let url = "https://www.a.gov.cn/zwgk/list_3.html?page=2".to_owned();
        assert_eq!(told(&PageFacts { url, ..base() }, &text), PageKind::Column);
        let listing = "nginx".to_owned();
        let listing = PageFacts { directory_listing: listing, rows: 9, ..base() };
        assert_eq!(told(&listing, ""), PageKind::Other);
    }

    #[test]
    fn the_home_page_is_the_home_page() {
        let page = PageFacts { origin: Origin::Home, text_chars: 3, ..base() };
        let shell = "<div id=app></div><script src=a.js></script>";
        assert_eq!(kind(&page, "", shell), (PageKind::Home, true));
        assert_eq!(kind(&page, "", "<p>x"), (PageKind::Home, false));
    }
}
