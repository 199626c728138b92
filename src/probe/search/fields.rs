//! One form with what it would send, gathered tag by tag.

use url::Url;

use super::Words;
use crate::{
    markup::{Tag, resolve},
    title::folded,
};

/// Fields and bytes of text that are kept of a form.
const MOST_FIELDS: usize = 40;
const MOST_TEXT: usize = 4 << 10;
const LONGEST: usize = 500;

/// A form, or what stands outside of any.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// A `<form>` stands around it.
    marked: bool,
    pub(super) action: String,
    pub(super) post: bool,
    pub(super) charset: String,
    /// A script has a say in where it sends.
    pub(super) scripted: bool,
    /// Fields with the values they are sent with.
    pub(super) fields: Vec<(String, String)>,
    /// Fields to type words into: their names, empty where they have none.
    typed: Vec<String>,
    /// It asks for more than words: a password, a file, a longer text.
    more: bool,
    said: String,
    /// A list to choose from that is open, and whether its choice is made.
    choice: Option<(String, bool)>,
}

impl Draft {
    pub(super) fn form(tag: Tag<'_>) -> Self {
        let of = |name: &str| tag.attribute(name).unwrap_or_default().trim().to_owned();
        let mut draft = Self {
            marked: true,
            action: of("action"),
            post: of("method").eq_ignore_ascii_case("post"),
            charset: of("accept-charset").split([' ', ',']).next().unwrap_or_default().to_owned(),
            scripted: !of("onsubmit").is_empty(),
            ..Self::default()
        };
        let action = draft.action.clone();
        for said in [&of("id"), &of("name"), &of("class"), &action] {
            draft.say(said);
        }
        draft
    }

    pub(super) fn tag(&mut self, tag: Tag<'_>) {
        let is = |name: &str| tag.is(name);
        if is("input") {
            self.input(tag);
        } else if is("textarea") {
            self.more = true;
        } else if is("select") {
            let name = tag.attribute("name").unwrap_or_default();
            self.choice = (!name.is_empty()).then(|| (name.into_owned(), false));
        } else if is("option") {
            self.option(tag);
        } else if is("button") || is("a") {
            self.scripted |= tag.attribute("onclick").is_some();
        }
    }

    fn input(&mut self, tag: Tag<'_>) {
        let of = |name: &str| tag.attribute(name).unwrap_or_default();
        let kind = of("type").trim().to_ascii_lowercase();
        let name = of("name").trim().to_owned();
        for label in ["placeholder", "title", "aria-label", "id", "class"] {
            self.say(&of(label));
        }
        match kind.as_str() {
            "hidden" => self.keep(name, &of("value")),
            "checkbox" | "radio" => {
                if tag.attribute("checked").is_some() {
                    let value = tag.attribute("value").unwrap_or("on".into());
                    self.keep(name, &value);
                }
            }
            "submit" | "button" | "image" | "reset" => {
                self.say(&of("value"));
                self.scripted |= tag.attribute("onclick").is_some();
            }
            "password" | "file" => self.more = true,
            _ => {
                // a prompt may stand as the value of a field
                self.say(&of("value"));
                self.keep(name.clone(), "");
                self.typed.push(name);
                self.typed.truncate(MOST_FIELDS);
            }
        }
    }

    /// The first choice is sent, unless another is marked.
    fn option(&mut self, tag: Tag<'_>) {
        let Some((name, chosen)) = &mut self.choice else { return };
        let Some(value) = tag.attribute("value") else { return };
        let name = name.clone();
        let marked = tag.attribute("selected").is_some();
        if *chosen && marked {
            self.fields.retain(|(known, _)| *known != name);
        } else if *chosen {
            return;
        }
        *chosen = true;
        self.keep(name, &value);
    }

    fn keep(&mut self, name: String, value: &str) {
        if !name.is_empty() && self.fields.len() < MOST_FIELDS {
            self.fields.push((name.chars().take(LONGEST).collect(), folded(value, LONGEST)));
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.marked {
            self.say(&resolve(text));
        }
    }

    fn say(&mut self, text: &str) {
        let room = MOST_TEXT.saturating_sub(self.said.len());
        self.said.push_str(&text[..text.floor_char_boundary(room)]);
        self.said.push(' ');
    }

    /// It asks for words to search for: the name of their field, empty where it has none.
    pub(super) fn words_field(&self, words: &Words) -> Option<&str> {
        let field = self.typed.first().filter(|_| self.typed.len() <= 2)?;
        let field = self.typed.iter().find(|name| words.field.is_match(name)).unwrap_or(field);
        let asks =
            words.says.is_match(&self.said) || self.typed.len() == 1 && words.field.is_match(field);
        (asks && !self.more && !words.other.is_match(&self.said)).then_some(field)
    }

    /// Where it sends; `None` where only a script knows.
    pub(super) fn target(&self, base: &Url, page: &Url) -> Option<Url> {
        let action = self.action.as_str();
        let script = action.get(..11).is_some_and(|it| it.eq_ignore_ascii_case("javascript:"));
        if !self.marked || self.post || script || action.starts_with('#') {
            return None;
        }
        if action.is_empty() {
            return (!self.scripted).then(|| page.clone());
        }
        base.join(action).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    }
}
