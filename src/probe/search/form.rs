//! Which form of a page is the site's search, and how it is asked.

use url::Url;

use super::{WORDS, encode::with_query, fields::Draft};
use crate::{
    address::reported,
    markup::{Token, Tokens, resolve},
    page::{Given, How, PageRead},
};

/// What a page has to search with.
#[derive(Debug)]
pub(crate) enum Found {
    /// A form that anybody can ask.
    Open(Query),
    /// A form that only a script, or a POST, can send; where it sends as far as that is told, and what stands in the way.
    Closed(String, &'static str),
    /// A link to a page to search on.
    Link(Url),
    /// A script may write a form that we do not see.
    Unclear,
    /// Nothing.
    Nothing,
}

/// A form that is sent by GET.
#[derive(Debug)]
pub(crate) struct Query {
    /// Where it sends.
    pub(crate) action: Url,
    field: String,
    fields: Vec<(String, String)>,
    charset: String,
    /// A script has a say in where it sends: a failure may not be the site's.
    pub(crate) scripted: bool,
}

impl Query {
    /// The address of the first page of results.
    pub(crate) fn address(&self, words: &str) -> Url {
        let mut asked = false;
        let fields = self.fields.iter().map(|(name, value)| {
            let first = !asked && *name == self.field;
            asked |= first;
            (name.as_str(), if first { words } else { value.as_str() })
        });
        with_query(&self.action, fields, &self.charset)
    }
}

/// The search of a page, which was read already.
pub(crate) fn find(page: &Given<'_>, read: &PageRead) -> Found {
    let Some(words) = WORDS.as_ref() else { return Found::Unclear };
    let (drafts, base) = drafts(page);
    let mut closed = None;
    for draft in &drafts {
        let Some(field) = draft.words_field(words) else { continue };
        let target = draft.target(&base, page.url).filter(|_| !field.is_empty());
        if let Some(action) = target {
            let charset =
                if draft.charset.is_empty() { page.encoding } else { draft.charset.as_str() };
            return Found::Open(Query {
                action,
                field: field.to_owned(),
                fields: draft.fields.clone(),
                charset: charset.to_owned(),
                scripted: draft.scripted,
            });
        }
        let why = if draft.post { "the form is sent by POST" } else { "a script sends the form" };
        let url = base.join(&draft.action).ok().filter(|_| !draft.action.is_empty());
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        closed.get_or_insert((url.as_ref().map(reported).unwrap_or_default(), why));
    }
    if let Some((url, why)) = closed {
        return Found::Closed(url, why);
    }
    let link = read.links.iter().find(|link| match link.how {
        How::Anchor | How::Menu => words.link.is_match(&link.text),
        How::Frame => words.page.is_match(link.url.path()),
        _ => false,
    });
    match link {
        Some(link) if link.url != *page.url => Found::Link(link.url.clone()),
        _ if words.elsewhere.is_match(page.text) => Found::Unclear,
        _ => Found::Nothing,
    }
}

/// The forms of a page in their order, what stands outside of any last; and what addresses are relative to.
fn drafts(page: &Given<'_>) -> (Vec<Draft>, Url) {
    let mut base = None;
    let mut done = Vec::new();
    let mut outside = Draft::default();
    let mut open: Option<Draft> = None;
    for token in Tokens::new(page.text) {
        match token {
            Token::Start(tag) if tag.is("form") => {
                done.extend(open.take());
                open = Some(Draft::form(tag));
            }
            Token::Start(tag) if tag.is("base") && base.is_none() => {
                base = tag.attribute("href").and_then(|href| page.url.join(href.trim()).ok());
            }
            Token::Start(tag) => open.as_mut().unwrap_or(&mut outside).tag(tag),
            Token::End(name) if name.eq_ignore_ascii_case("form") => done.extend(open.take()),
            Token::Text(text) => open.as_mut().unwrap_or(&mut outside).text(&resolve(text)),
            Token::End(_) | Token::Raw(..) | Token::Comment(_) => {}
        }
    }
    done.extend(open);
    done.push(outside);
    (done, base.unwrap_or_else(|| page.url.clone()))
}

#[cfg(test)]
mod tests {
    use xuncha_model::facts::page::Origin;

    use super::*;
    use crate::page;

    fn found(text: &str) -> Found {
        let url: Url = "http://www.a.gov.cn/".parse().unwrap();
        let given = Given {
            url: &url,
            origin: Origin::Home,
            at: "2026-11-24T02:00:00Z".parse().unwrap(),
            status: 200,
            headers: &[],
            text,
            encoding: "GBK",
            declared_encoding: "gb2312",
        };
        find(&given, &page::read(&given))
    }

    fn asked(text: &str) -> String {
        match found(text) {
            Found::Open(query) => query.address("通知").to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn forms_are_asked_as_a_browser_asks_them() {
        let plain = "<form action=/s.jsp><input name=q placeholder=请输入关键字><input type=hidden name=site value='1&amp;2'></form>";
        assert_eq!(asked(plain), "http://www.a.gov.cn/s.jsp?q=%CD%A8%D6%AA&site=1%262");
        let rich = "<base href='/ss/'><form action='jsearch.do?x=1' accept-charset=utf-8><select name=area><option value=0>全部<option value=3 selected>本站</select>\
            <input type=radio name=p value=1><input type=radio name=p value=2 checked><input type=text name=title value=请输入关键字><input type=submit name=go value=搜索></form>";
        assert_eq!(
            asked(rich),
            "http://www.a.gov.cn/ss/jsearch.do?area=3&p=2&title=%E9%80%9A%E7%9F%A5"
        );
        let second = "<form action=/login><input name=user><input type=password name=p></form><form action=/search><input name=w></form>";
        assert_eq!(asked(second), "http://www.a.gov.cn/search?w=%CD%A8%D6%AA");
    }

    #[test]
    fn what_only_scripts_send_is_there_and_cannot_be_asked() {
        for text in [
            "<form action=/search method=post><input name=q></form>",
            "<form onsubmit='return go()'><input name=keyword></form>",
            "<form action='javascript:void(0)'><input name=keyword></form>",
            "<form action='/search'><input id=keyword placeholder=搜索></form>",
            "<div><input id=keyword placeholder=请输入关键词><a onclick=so()>搜索</a></div>",
        ] {
            assert!(matches!(found(text), Found::Closed(..)), "{text}: {:?}", found(text));
        }
        let posted = found("<form action=/search method=post><input name=q></form>");
        assert!(matches!(&posted, Found::Closed(url, _) if url == "http://www.a.gov.cn/search"));
    }

    #[test]
    fn a_page_to_search_on_is_a_search_and_a_mention_is_unclear() {
        let linked = found("<a href=/s/>高级搜索</a>");
        assert!(matches!(&linked, Found::Link(url) if url.path() == "/s/"), "{linked:?}");
        assert!(matches!(found("<div id=searchbox></div>"), Found::Unclear));
        assert!(matches!(found("<script src=/js/header.js></script>"), Found::Unclear));
        for text in [
            "<h1>某局</h1><a href=/a.html>通知</a>",
            "<form action=/x><input name=mobile placeholder=手机号></form>",
            "<script>var a = location.search;</script>",
        ] {
            assert!(matches!(found(text), Found::Nothing), "{text}: {:?}", found(text));
        }
    }
}
