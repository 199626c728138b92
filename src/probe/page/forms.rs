//! The forms of a page, and what they ask for (words from `rules/lists/forms.yaml`).

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use url::Url;
use xuncha_model::facts::page::{Form, FormKind};

use crate::{
    address::reported,
    lists,
    markup::{Tag, resolve},
};

/// Forms and fields that are reported of one page.
const MOST_FORMS: usize = 50;
const MOST_FIELDS: usize = 40;
/// Bytes of a form's own text that are looked at.
const MOST_TEXT: usize = 8 << 10;

/// By which words forms are told apart.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    /// Names or labels of fields that ask for data of a person.
    #[serde(deserialize_with = "lists::pattern")]
    personal: Regex,
    /// Names or labels of fields to search with.
    #[serde(deserialize_with = "lists::pattern")]
    search: Regex,
}

static WORDS: LazyLock<Option<Words>> =
    LazyLock::new(|| lists::read("forms.yaml", include_str!("../../../rules/lists/forms.yaml")));

/// The forms seen so far.
#[derive(Debug, Default)]
pub(super) struct Forms {
    done: Vec<Open>,
    open: Option<Open>,
}

/// A form whose end has not been seen yet.
#[derive(Debug, Default)]
struct Open {
    /// A `<form>` stands around it.
    marked: bool,
    action: Option<Url>,
    post: bool,
    password: bool,
    fields: Vec<String>,
    /// Labels and placeholders.
    text: String,
    /// Fields to type into.
    typed: usize,
}

impl Forms {
    pub(super) fn tag(&mut self, tag: Tag<'_>, base: &Url) {
        if tag.is("form") {
            self.close();
            let action = tag.attribute("action").unwrap_or_default();
            // an empty action sends to the page itself, whatever the base
            let action =
                (!action.trim().is_empty()).then(|| base.join(action.trim()).ok()).flatten();
            let method = tag.attribute("method").unwrap_or_default();
            let post = method.trim().eq_ignore_ascii_case("post");
            self.open = Some(Open { action, post, marked: true, ..Open::default() });
        } else if ["input", "textarea", "select"].iter().any(|name| tag.is(name)) {
            // a field without a form is sent by a script, to where cannot be seen: it counts to the page
            self.open.get_or_insert_default().field(tag);
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("form") {
            self.close();
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        // what stands around a field without a form may be the whole page
        if let Some(open) = self.open.as_mut().filter(|open| open.marked) {
            open.say(text);
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take()
            && self.done.len() < MOST_FORMS
        {
            self.done.push(open);
        }
    }

    pub(super) fn finish(mut self, page: &Url) -> Vec<Form> {
        self.close();
        self.done
            .into_iter()
            .filter(|form| !form.fields.is_empty())
            .map(|form| form.facts(page))
            .collect()
    }
}

impl Open {
    fn field(&mut self, tag: Tag<'_>) {
        let kind = tag.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
        if matches!(kind.as_str(), "hidden" | "submit" | "button" | "reset" | "image") {
            return;
        }
        self.password |= kind == "password";
        self.typed += usize::from(!matches!(kind.as_str(), "checkbox" | "radio" | "file"));
        for name in ["placeholder", "title", "aria-label"] {
            if let Some(label) = tag.attribute(name) {
                self.say(&label);
            }
        }
        let name = tag.attribute("name").or_else(|| tag.attribute("id")).unwrap_or_default();
        if self.fields.len() < MOST_FIELDS {
            self.fields.push(name.chars().take(100).collect());
        }
    }

    fn say(&mut self, text: &str) {
        let room = MOST_TEXT.saturating_sub(self.text.len());
        self.text.push_str(&text[..text.floor_char_boundary(room)]);
        self.text.push(' ');
    }

    fn facts(self, page: &Url) -> Form {
        let said = format!("{} {}", self.fields.join(" "), resolve(&self.text));
        let asks = |pick: fn(&Words) -> &Regex| {
            WORDS.as_ref().is_some_and(|words| pick(words).is_match(&said))
        };
        let kind = if self.password {
            FormKind::Login
        } else if !self.marked && asks(|words| &words.search) {
            FormKind::Search
        } else if self.typed > 0 && asks(|words| &words.personal) {
            FormKind::Personal
        } else if asks(|words| &words.search) {
            FormKind::Search
        } else {
            FormKind::Other
        };
        let action = self.action.as_ref().unwrap_or(page);
        let plain = [page, action].iter().any(|url| url.scheme() == "http");
        Form {
            action: reported(action),
            method: if self.post { "post" } else { "get" }.to_owned(),
            kind,
            fields: self.fields,
            plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use xuncha_model::facts::page::Origin;

    use super::*;
    use crate::page::{Given, facts};

    fn forms(url: &str, text: &str) -> Vec<Form> {
        let url: Url = url.parse().unwrap();
        facts(&Given {
            url: &url,
            origin: Origin::Given,
            at: "2026-11-24T02:00:00Z".parse().unwrap(),
            status: 200,
            headers: &[],
            text,
            encoding: "UTF-8",
            declared_encoding: "",
        })
        .forms
    }

    #[test]
    fn forms_are_told_apart_by_what_they_ask_for() {
        let text = "<form action='/s'><input name=q placeholder=请输入关键字></form>\
            <form method=POST action='http://b.gov.cn/login'><input name=u><input type=password name=p></form>\
            <form method=post><label>姓名</label><input name=a><label>身份证号码</label><input name=b></form>\
            <form><input type=checkbox name=agree></form><form><input type=hidden name=t></form>";
        let found = forms("https://www.a.gov.cn/x", text);
        let kinds: Vec<_> = found.iter().map(|form| form.kind).collect();
        assert_eq!(kinds, [FormKind::Search, FormKind::Login, FormKind::Personal, FormKind::Other]);
        assert_eq!(found[1].action, "http://b.gov.cn/login");
        assert!(found[1].plain, "it posts to plain HTTP");
        assert_eq!(found[2].action, "https://www.a.gov.cn/x", "an empty action is the page");
        assert!(!found[2].plain);
    }

    #[test]
    fn a_search_box_without_a_form_asks_for_nothing_personal() {
        let text = "<input id=keyword placeholder=请输入关键词><a>搜索</a> <a>手机版</a> 联系电话：0394-8269999";
        assert_eq!(forms("http://www.a.gov.cn/", text)[0].kind, FormKind::Search);
        let text = "<div>姓名 <input name=realname></div>";
        assert_eq!(forms("http://www.a.gov.cn/", text)[0].kind, FormKind::Personal);
    }

    #[test]
    fn a_field_outside_any_form_belongs_to_the_page() {
        let found = forms("http://www.a.gov.cn/", "<div><input type=password name=pwd></div>");
        assert_eq!((found[0].kind, found[0].plain), (FormKind::Login, true));
    }
}
