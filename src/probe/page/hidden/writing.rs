//! Mark-up that stands aside from the page: what scripts write, what old browsers and those without scripts are shown.

use super::{element::Open, script, technique::Technique as T, walk::Walk};
use crate::{
    markup::{Token, Tokens},
    page::written::written,
};

impl Walk<'_> {
    /// Mark-up that stands aside from the page, hidden as a whole.
    pub(super) fn aside(&mut self, text: &str, technique: T) {
        if !text.contains("href") && !text.contains("HREF") {
            return;
        }
        let depth = self.stack.len();
        self.pseudo(technique);
        for token in Tokens::new(text) {
            if !matches!(token, Token::Raw(..) | Token::Comment(_)) {
                self.token(token);
            }
        }
        self.end_to(depth);
    }

    /// Opens what is no element and hides what comes.
    fn pseudo(&mut self, technique: T) {
        self.close();
        let open = Open {
            hides: [technique].into_iter().collect(),
            links: self.found.links.len(),
            own: self.found.own,
            ..Open::default()
        };
        self.stack.push(open, "", "");
    }

    pub(super) fn raw(&mut self, element: &str, text: &str, kind: &str) {
        if element.eq_ignore_ascii_case("style") {
            self.found.rules.read(text);
        } else if element.eq_ignore_ascii_case("noscript") {
            self.aside(text, T::Noscript);
        } else if element.eq_ignore_ascii_case("script") {
            if kind.contains("json") {
                self.stuffed(text, "<script>");
            } else if !kind.contains("template") && !kind.contains("text/html") {
                self.script(text);
            }
        }
    }

    fn script(&mut self, script: &str) {
        self.write(&written(script), writes_on(script));
        self.ids(script);
        for text in script::decoded(script) {
            self.coded = true;
            self.ids(&text);
            let out = written(&text);
            if out.is_empty() && text.contains('<') {
                self.write(&text, false);
            } else {
                self.write(&out, true);
            }
            self.coded = false;
        }
    }

    fn ids(&mut self, script: &str) {
        for id in script::hidden_ids(script) {
            self.found.rules.by_script(id);
        }
    }

    /// What a script writes into the page, where it stands; `opens` where elements stay open after it.
    fn write(&mut self, out: &str, opens: bool) {
        if out.is_empty() {
            return;
        }
        let depth = self.stack.len();
        self.writing = true;
        for token in Tokens::new(out) {
            match token {
                Token::Raw(element, text) if element.eq_ignore_ascii_case("style") => {
                    self.found.rules.read(text);
                }
                Token::Raw(..) => {}
                token => self.token(token),
            }
        }
        self.writing = false;
        if !opens {
            self.end_to(depth);
        }
        self.comment(out);
        // what a script has opened and left open it hides by writing
        for open in self.stack.above_mut(depth) {
            if open.written && !open.hides.is_empty() {
                open.hides.add(T::Written);
            }
        }
    }

    /// The beginning of a comment, or its end, that a script writes.
    fn comment(&mut self, out: &str) {
        let begins = out.rfind("<!--").map(|at| at + 4);
        let ends = out.rfind("-->");
        if begins.is_some() && begins > ends.map(|end| end + 3) {
            self.pseudo(T::Comment);
        } else if ends.is_some() && begins.is_none() {
            let pseudo = |open: &Open| open.hides.has(T::Comment);
            if let Some(place) = self.stack.above(0).iter().rposition(pseudo) {
                self.end_to(place);
            }
        }
    }
}

/// A script that writes the beginning of what comes after it, without any choice.
fn writes_on(script: &str) -> bool {
    script.contains("document.write") && !script.contains("else")
}
