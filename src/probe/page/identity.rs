//! The footer of a page: identification code, filing numbers, sponsor, contact, the mark and the 找错 entry.
//!
//! A quarter of real pages write it from a script, so what scripts write is read like the page itself, and scripts and page
//! parts of the site's own that may hold it are named, for the caller to fetch.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;
use url::Url;
use xuncha_model::facts::{
    identity::{CodeAt, IdentityFacts, Jiucuo, Mark},
    page::PageFacts,
};

use super::{
    footer::{Elements, Footer},
    marks::{Marks, Signs},
    needles::Needles,
    number,
    sights::Sights,
    tags::is_placeholder,
    words::Words,
    written::{literals, written},
};
use crate::{
    address::reported,
    lists,
    markup::{Tag, Token, Tokens},
};

/// Addresses, codes and numbers that are reported.
const MOST: usize = 10;
/// Bytes that the scripts of a page may write, all in all.
const MOST_WRITTEN: usize = 512 << 10;
/// Bytes of a fetched script that are looked at.
const LARGEST: usize = 1 << 20;

/// By what each element is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) footer: Elements,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) label: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) organ: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) dummies: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    pub(super) code_form: Regex,
    pub(super) marks: Signs,
    script_needles: Vec<String>,
    #[serde(deserialize_with = "lists::pattern")]
    footer_scripts: Regex,
    #[serde(deserialize_with = "lists::pattern")]
    footer_parts: Regex,
}

pub(super) static LIST: LazyLock<Option<List>> = LazyLock::new(|| {
    lists::read("identity.yaml", include_str!("../../../rules/lists/identity.yaml"))
});

/// What a script must hold for its strings to be looked at.
static NEEDLES: LazyLock<Option<Needles>> =
    LazyLock::new(|| Needles::new(&LIST.as_ref()?.script_needles));

/// What was gathered of a page besides its text.
#[derive(Debug, Default)]
pub(super) struct Identity {
    /// The text that scripts write.
    written: Words,
    /// Bytes that they have written.
    bytes: usize,
    marks: Marks,
    unread: Vec<String>,
}

impl Identity {
    pub(super) fn read(&mut self, token: Token<'_>, base: &Url) {
        match token {
            Token::Start(tag) => self.tag(tag, base),
            Token::Raw(name, script) if name.eq_ignore_ascii_case("script") => {
                self.script(script, base);
            }
            _ => {}
        }
    }

    fn tag(&mut self, tag: Tag<'_>, base: &Url) {
        self.marks.tag(tag);
        // all of these have names of five or six letters, and few others do
        let Some(list) = LIST.as_ref().filter(|_| matches!(tag.name().len(), 5 | 6)) else {
            return;
        };
        let (source, known) = match tag.name() {
            name if name.eq_ignore_ascii_case("script") => ("src", &list.footer_scripts),
            name if is_frame(name) => ("src", &list.footer_parts),
            name if name.eq_ignore_ascii_case("object") => ("data", &list.footer_parts),
            _ => return,
        };
        if let Some(source) = tag.attribute(source).filter(|source| known.is_match(source)) {
            self.part(&source, base);
        }
    }

    /// Notes a script or a page part of the site's own.
    fn part(&mut self, address: &str, base: &Url) {
        let Ok(url) = base.join(address.trim()) else { return };
        let same = matches!(url.scheme(), "http" | "https") && site(&url) == site(base);
        let url = reported(&url);
        if same && self.unread.len() < MOST && !self.unread.contains(&url) {
            self.unread.push(url);
        }
    }

    /// What a script writes is read like the page, and its strings for addresses.
    fn script(&mut self, script: &str, base: &Url) {
        let page = written(script);
        self.bytes = self.bytes.saturating_add(page.len());
        if self.bytes <= MOST_WRITTEN {
            self.page(&page, base, false);
        }
        let Some(list) = LIST.as_ref() else { return };
        if NEEDLES.as_ref().is_some_and(|needles| needles.is_match(script)) {
            for text in literals(script) {
                self.marks.value(&text);
                if list.footer_parts.is_match(&text) {
                    self.part(&text, base);
                }
            }
        }
    }

    /// Mark-up that is not the page's own; its scripts are followed once.
    fn page(&mut self, page: &str, base: &Url, scripts: bool) {
        for token in Tokens::new(page) {
            self.written.read(token);
            match token {
                Token::Raw(..) if !scripts => {}
                token => self.read(token, base),
            }
        }
    }

    /// What is known of the footer; `text` is what a reader sees of the page.
    pub(super) fn facts(
        self,
        text: &str,
        sights: &Sights,
        tags: &BTreeMap<String, String>,
    ) -> IdentityFacts {
        let Some(list) = LIST.as_ref() else { return IdentityFacts::default() };
        let written = self.written.finish();
        let mut footer = Footer::of(text, sights);
        if !written.is_empty() {
            footer.fill(Footer::of(&written, &Sights::of(&written)));
        }
        let tag = tags.get("siteidcode").map(|code| code.trim().to_ascii_lowercase());
        let tag = tag.filter(|code| !code.is_empty() && !is_placeholder(code));
        let codes = (!footer.site_code.is_empty()).then(|| ("footer", footer.site_code.clone()));
        let codes = codes.into_iter().chain(tag.map(|code| ("tag", code)));
        let scripts = self.marks.codes.iter().map(|code| ("script", code.clone()));
        let site_code_in = codes
            .chain(scripts)
            .map(|(place, code)| CodeAt { place: place.to_owned(), code })
            .collect();
        if footer.police.is_empty() {
            let linked = self.marks.police.iter().cloned();
            footer.police.extend(linked.map(|digits| number::of_link(digits, &list.dummies)));
        }
        IdentityFacts {
            site_code_in,
            jiucuo: self.marks.jiucuo(footer.own),
            mark: self.marks.mark,
            sponsor: footer.sponsor(),
            contact: footer.contact(),
            unread: self.unread,
            site_code: footer.site_code,
            icp: footer.icp,
            police: footer.police,
        }
    }
}

/// Merges what a fetched script or page part holds into a page that names it in `identity.unread`, and takes it off there.
///
/// It may name further ones, which are added: whoever fetches them asks for each address once, and puts an end to it.
pub fn add_script(page: &mut PageFacts, address: &str, text: &str) {
    let facts = &mut page.identity;
    facts.unread.retain(|unread| unread != address);
    let Ok(base) = Url::parse(&page.url) else { return };
    let text = &text[..text.floor_char_boundary(LARGEST)];
    let mut more = Identity::default();
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        more.page(text, &base, true);
    } else {
        more.script(text, &base);
    }
    merge(facts, more.facts("", &Sights::default(), &BTreeMap::new()));
    facts.unread.retain(|unread| unread != address);
}

/// Takes what a part of the page adds; what the page itself shows stands.
fn merge(facts: &mut IdentityFacts, more: IdentityFacts) {
    for (own, other) in [
        (&mut facts.site_code, more.site_code),
        (&mut facts.sponsor, more.sponsor),
        (&mut facts.contact, more.contact),
    ] {
        if own.is_empty() {
            *own = other;
        }
    }
    add(&mut facts.site_code_in, more.site_code_in);
    facts.site_code_in.sort_by_key(|at| {
        ["footer", "tag"].iter().position(|place| *place == at.place).unwrap_or(2)
    });
    add(&mut facts.unread, more.unread);
    add(&mut facts.icp, more.icp);
    if facts.police.is_empty() {
        facts.police = more.police;
    }
    facts.jiucuo = match (facts.jiucuo, more.jiucuo) {
        (Jiucuo::Platform, _) | (_, Jiucuo::Platform) => Jiucuo::Platform,
        (Jiucuo::Retired, _) | (_, Jiucuo::Retired) => Jiucuo::Retired,
        (Jiucuo::Own, _) | (_, Jiucuo::Own) => Jiucuo::Own,
        (Jiucuo::None, Jiucuo::None) => Jiucuo::None,
    };
    facts.mark = match (facts.mark, more.mark) {
        (Mark::Error, _) | (_, Mark::Error) => Mark::Error,
        (Mark::Ok, _) | (_, Mark::Ok) => Mark::Ok,
        (Mark::None, Mark::None) => Mark::None,
    };
}

fn add<T: PartialEq>(own: &mut Vec<T>, other: Vec<T>) {
    for item in other {
        if own.len() < MOST && !own.contains(&item) {
            own.push(item);
        }
    }
}

fn is_frame(name: &str) -> bool {
    ["iframe", "frame", "embed"].iter().any(|frame| frame.eq_ignore_ascii_case(name))
}

/// What the hosts of one site have in common: `x.gov.cn`, other names to their last two labels, addresses whole.
fn site(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    if url.domain().is_none() {
        return host;
    }
    let labels = if host.ends_with(".gov.cn") { 3 } else { 2 };
    let begin = host.rmatch_indices('.').nth(labels - 1).map_or(0, |(at, _)| at + 1);
    &host[begin..]
}

#[cfg(test)]
mod tests {
    use xuncha_model::facts::identity::NumberAt;

    use super::*;

    fn base() -> Url {
        "https://www.zhoukou.gov.cn/".parse().unwrap()
    }

    fn identity(page: &str) -> IdentityFacts {
        let mut identity = Identity::default();
        let mut words = Words::default();
        for token in Tokens::new(page) {
            words.read(token);
            identity.read(token, &base());
        }
        let text = words.finish();
        identity.facts(&text, &Sights::of(&text), &BTreeMap::new())
    }

    fn texts(numbers: &[NumberAt]) -> Vec<(&str, bool)> {
        numbers.iter().map(|number| (number.text.as_str(), number.valid)).collect()
    }

    const WHOLE: &str = r#"<footer>主办单位：周口市人民政府办公室&nbsp;承办单位：周口市大数据局 联系电话：0394-8269999
        <table><tr><td>网站标识码</td><td><p>4116000001</p></td></tr></table>
        <a href="https://beian.miit.gov.cn/">豫ICP备&nbsp;05012345号-2</a>
        <a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=41160002000123">豫公网安备 41160002000123号</a>
        <script id="_jiucuo_" sitecode="4116000001" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"></script>
        <script>document.write(unescape("%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='//dcs.conac.cn/js/17/000/1.js' type='text/javascript'%3E%3C/script%3E"));</script></footer>"#;

    #[test]
    fn the_lists_are_read() {
        let list = include_str!("../../../rules/lists/identity.yaml");
        assert_eq!(lists::parsed::<List>(list).err(), None);
    }

    #[test]
    fn a_whole_footer_is_read() {
        let found = identity(WHOLE);
        assert_eq!(found.site_code, "4116000001");
        let codes: Vec<_> =
            found.site_code_in.iter().map(|at| (at.place.as_str(), at.code.as_str())).collect();
        assert_eq!(codes, [("footer", "4116000001"), ("script", "4116000001")]);
        assert_eq!(
            (found.sponsor.as_str(), found.contact.as_str()),
            ("周口市人民政府办公室", "0394-8269999")
        );
        assert_eq!(texts(&found.icp), [("豫ICP备 05012345号-2", true)]);
        assert_eq!(
            (found.icp[0].province.as_str(), found.icp[0].digits.as_str()),
            ("豫", "05012345")
        );
        assert_eq!(texts(&found.police), [("豫公网安备 41160002000123号", true)]);
        assert_eq!((found.jiucuo, found.mark), (Jiucuo::Platform, Mark::Ok));
        assert!(found.unread.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told() {
        let found = identity(
            "<a href='http://pucha.kaipuyun.cn/exposure/jiucuo.html'>找错</a><img src='//dcs.conac.cn/image/red_error.png'>\
             冀ICP备:10000000号 豫公网安备4116000200012号 <script src=/js/footer_2021.js></script>",
        );
        assert_eq!((found.jiucuo, found.mark), (Jiucuo::Retired, Mark::Error));
        assert_eq!(texts(&found.icp), [("冀ICP备:10000000号", false)]);
        assert_eq!(texts(&found.police), [("豫公网安备4116000200012号", false)]);
        assert_eq!(found.site_code, "");
        assert_eq!(found.unread, ["https://www.zhoukou.gov.cn/js/footer_2021.js"]);
    }

    #[test]
    fn numbers_are_read_as_pages_print_them() {
        for (page, icp) in [
            ("豫ICP备：05012345号-1", ("豫ICP备：05012345号-1", true)),
            ("<p>豫ICP备<br>05012345号", ("豫ICP备 05012345号", true)),
            (
                "豫<span>ICP</span>备<span lang=EN-US>0501</span><span>2345</span>",
                ("豫ICP备05012345", true),
            ),
            ("备案号：豫ICP备05012345<br>0394-8269999", ("豫ICP备05012345", true)),
            ("豫ICP备XXXXXXXX号", ("豫ICP备XXXXXXXX号", false)),
            ("豫ICP证050123号", ("豫ICP证050123号", false)),
        ] {
            assert_eq!(texts(&identity(page).icp), [icp], "{page}");
        }
        let two = identity("豫ICP备05012345号-1 京ICP备19014909号");
        assert_eq!(texts(&two.icp), [("豫ICP备05012345号-1", true), ("京ICP备19014909号", true)]);
        for page in [
            "豫公网安备号：41160002000123",
            "豫公网安备&nbsp;41160002 000123&nbsp;号",
            "<a href='https://beian.mps.gov.cn/#/query/webSearch?code=41160002000123'><img src=ga.png></a>",
            "<script>var n = '41160002000123'; document.write('豫公网' + '安备' + n + '号')</script>",
            "<script>window.open(\"http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=41160002000123\")</script>",
        ] {
            let found = identity(page).police;
            assert_eq!(found.len(), 1, "{page}");
            assert!(found[0].valid && found[0].digits == "41160002000123", "{page} {found:?}");
        }
    }

    #[test]
    fn the_way_to_the_platform_is_told_from_pictures() {
        for (page, jiucuo) in [
            ("<!-- zfwzgl.www.gov.cn/exposure/jiucuo.js -->", Jiucuo::None),
            ("<script>// zfwzgl.www.gov.cn/exposure/jiucuo.html\n</script>", Jiucuo::None),
            ("<a href=/jc>我要纠错</a>", Jiucuo::Own),
            ("<img alt='政府网站找错' src=/images/zc.png>", Jiucuo::Own),
            ("<img src='https://zfwzgl.www.gov.cn/exposure/images/jiucuo.png?v=1'>", Jiucuo::Own),
            ("<span data-id=jiucuo></span>", Jiucuo::None),
            ("<script src=http://121.0.2.1/exposure/jiucuo.js></script>", Jiucuo::Platform),
            (
                "<script id=_jiucuo_ data-src='//jc.a.gov.cn/exposure/jiucuo.js'></script>",
                Jiucuo::Platform,
            ),
            (
                "<a onclick=Link('4116000001')><img src=jiucuo.png></a><script>function Link(c) {\
                 window.open('https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=' + c) }</script>",
                Jiucuo::Platform,
            ),
        ] {
            assert_eq!(identity(page).jiucuo, jiucuo, "{page}");
        }
    }

    #[test]
    fn the_mark_is_known_by_where_it_leads() {
        for (page, mark) in [
            (
                "<a href='//bszs.conac.cn/sitename?method=show&id=1'><img src=/images/blue.png></a>",
                Mark::Ok,
            ),
            (
                "<a href='//bszs.conac.cn/sitename?method=show&id=1'><img id=imgConac src='//dcs.conac.cn/image/red_error.png'></a>",
                Mark::Error,
            ),
            ("<img src=/images/red.png>", Mark::None),
            ("<!-- <span id=_ideConac></span> -->", Mark::None),
        ] {
            assert_eq!(identity(page).mark, mark, "{page}");
        }
    }

    #[test]
    fn the_sponsor_is_not_who_does_the_work() {
        for (page, sponsor) in [
            ("主办：周口市人民政府<span>承办：周口市大数据局</span>", "周口市人民政府"),
            ("主办单位：<br>承办单位：周口市大数据局", ""),
            ("<td>主办单位</td><td>周口市财政局（国资委）</td>", "周口市财政局（国资委）"),
            ("由周口市教育局主办，欢迎参加", ""),
            ("版权所有：周口市财政局 主办单位：周口市人民政府办公室", "周口市人民政府办公室"),
            ("Copyright © 2026 周口市财政局 版权所有", "周口市财政局"),
            ("未经许可不得转载 版权所有", ""),
        ] {
            assert_eq!(identity(page).sponsor, sponsor, "{page}");
        }
    }

    #[test]
    fn contacts_are_numbers_addresses_and_ways_to_them() {
        for (page, contact) in [
            ("电话：（0394）8269999", "（0394）8269999"),
            ("联系电话：0394 - 826 9999", "0394 - 826 9999"),
            ("邮箱：zkszf@zhoukou.gov.cn", "zkszf@zhoukou.gov.cn"),
            ("地址：河南省周口市文昌大道1号", "河南省周口市文昌大道1号"),
            ("<a href=/lx>联系我们</a>", "联系我们"),
            (
                "技术电话：0371-1234567 主办单位：周口市财政局 电话：0394-8269999 电话：0371-2345678",
                "0394-8269999",
            ),
            ("电话：", ""),
        ] {
            assert_eq!(identity(page).contact, contact, "{page}");
        }
    }

    #[test]
    fn what_a_fetched_script_writes_is_merged() {
        let mut page = PageFacts { url: base().to_string(), ..PageFacts::default() };
        let parts = "<script src=/js/foot.js></script><script src=http://cdn.example.cn/js/foot.js></script>\
            <script>$('#x').load('/inc/bottom.html')</script><iframe src=//static.zhoukou.gov.cn/footer.htm></iframe>";
        page.identity = identity(parts);
        assert_eq!(
            page.identity.unread,
            [
                "https://www.zhoukou.gov.cn/js/foot.js",
                "https://www.zhoukou.gov.cn/inc/bottom.html",
                "https://static.zhoukou.gov.cn/footer.htm"
            ]
        );
        let script = "var s = '<p>主办单位：周口市财政局</p>'; s += '<a>豫ICP备05012345号</a>';\n\
            document.getElementById('f').innerHTML = s; document.write('<script src=/js/foot.js></script>')";
        add_script(&mut page, "https://www.zhoukou.gov.cn/js/foot.js", script);
        add_script(&mut page, "https://www.zhoukou.gov.cn/inc/bottom.html", WHOLE);
        let found = &page.identity;
        assert_eq!(found.unread, ["https://static.zhoukou.gov.cn/footer.htm"]);
        assert_eq!(
            (found.sponsor.as_str(), found.site_code.as_str()),
            ("周口市财政局", "4116000001")
        );
        assert_eq!(found.icp.len(), 2);
        assert_eq!((found.jiucuo, found.mark), (Jiucuo::Platform, Mark::Ok));
    }

    #[test]
    fn a_text_before_the_footer_does_not_speak_for_it() {
        let list = "<p>网站标识码：4101000001</p>".repeat(400);
        let page = format!("{list}<p>主办单位：某协会</p>{WHOLE}");
        let found = identity(&page);
        assert_eq!(
            (found.site_code.as_str(), found.sponsor.as_str()),
            ("4116000001", "周口市人民政府办公室")
        );
        let early = format!("{WHOLE}{}", "<p>字".repeat(20_000));
        assert_eq!(identity(&early).site_code, "4116000001");
    }
}
