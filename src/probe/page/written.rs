//! What the scripts of a page write into it, read without running them: strings, joined and unescaped.

use std::{borrow::Cow, collections::HashMap};

use super::script::{Piece, Pieces};

/// Bytes of one text that are kept.
const MOST: usize = 64 << 10;
/// Bytes of variables that are written into other texts, all in all: doubling one again and again must end.
const MOST_COPIED: usize = 4 * MOST;
/// Variables that are remembered.
const MOST_NAMES: usize = 200;

/// How deep `unescape` is followed into itself.
const MOST_NESTED: usize = 3;

/// A script that writes holds one of these.
const WRITERS: &[&str] = &["document.write", "erHTML", "insertAdjacentHTML", ".html(", "pend("];

/// The mark-up that a script writes; empty when it writes none that can be told without running it.
///
/// Read is what `document.write(…)`, `.innerHTML = …`, `insertAdjacentHTML(…)` and jQuery's `.html(…)`, `.append(…)` are given:
/// string literals, templates, variables that such were put together in before, joined; `unescape(…)` and
/// `decodeURIComponent(…)` are undone. Of a choice every branch is taken.
pub(crate) fn written(script: &str) -> String {
    if !WRITERS.iter().any(|writer| script.contains(writer)) {
        return String::new();
    }
    let mut pen = Pen { pieces: Pieces::new(script), variables: HashMap::new(), copied: 0 };
    pen.run()
}

/// The strings of a script, comments left out.
pub(super) fn literals(script: &str) -> impl Iterator<Item = Cow<'_, str>> {
    Pieces::new(script).filter_map(|piece| match piece {
        Piece::Text(text, _) => Some(text),
        _ => None,
    })
}

/// The place in a script, and what is known there.
struct Pen<'s> {
    pieces: Pieces<'s>,
    variables: HashMap<&'s str, String>,
    copied: usize,
}

impl<'s> Pen<'s> {
    fn run(&mut self) -> String {
        let mut out = String::new();
        // a name, and what it is selected on: empty for what a call or brackets gave
        let (mut object, mut name) = (None, "");
        while let Some(piece) = self.pieces.next() {
            match piece {
                Piece::Name(next) => {
                    name = next;
                    continue;
                }
                Piece::Dot => {
                    object = Some(std::mem::take(&mut name));
                    continue;
                }
                Piece::Open if object.is_some_and(|object| writes(object, name)) => {
                    out.push_str(&self.joined(true));
                    out.push('\n');
                }
                Piece::Assign | Piece::Append if !name.is_empty() => {
                    let text = self.joined(false);
                    if matches!(name, "innerHTML" | "outerHTML") {
                        out.push_str(&text);
                        out.push('\n');
                    } else if !text.is_empty() {
                        self.keep(name, text, piece == Piece::Append);
                    }
                }
                _ => {}
            }
            (object, name) = (None, "");
            if out.len() > MOST {
                out.truncate(out.floor_char_boundary(MOST));
                break;
            }
        }
        out
    }

    fn keep(&mut self, name: &'s str, text: String, append: bool) {
        let room = self.variables.len() < MOST_NAMES;
        match self.variables.get_mut(name) {
            Some(known) if append && known.len() + text.len() <= MOST => known.push_str(&text),
            Some(_) if append => {}
            Some(known) => *known = text,
            None if room => {
                self.variables.insert(name, text);
            }
            None => {}
        }
    }

    /// The strings of an expression, joined: of a call up to the bracket that closes it, else to the end of the statement.
    fn joined(&mut self, call: bool) -> String {
        let mut out = String::new();
        let mut depth = 0_u32;
        // where the brackets of `unescape` were opened, and what was joined by then
        let mut escaped: Vec<(u32, usize)> = Vec::new();
        let (mut name, mut term) = ("", false);
        loop {
            let before = self.pieces.clone();
            let Some(piece) = self.pieces.next() else { break };
            let begins = matches!(piece, Piece::Name(_) | Piece::Text(..));
            // a term after a term: the semicolon between two statements was left out
            let ends = matches!(piece, Piece::End | Piece::Comma) || (begins && term);
            let over = !call && depth == 0 && ends;
            if over || piece == Piece::Name("function") || out.len() > MOST {
                self.pieces = before;
                break;
            }
            term = begins || piece == Piece::Close;
            match piece {
                Piece::Text(text, true) => self.fill(&text, &mut out),
                Piece::Text(text, false) => out.push_str(&text),
                Piece::Name(next) => {
                    self.copy(next, &mut out);
                    name = next;
                    continue;
                }
                Piece::Open => {
                    depth += 1;
                    let undoes = matches!(name, "unescape" | "decodeURIComponent" | "decodeURI");
                    if undoes && escaped.len() < MOST_NESTED {
                        escaped.push((depth, out.len()));
                    }
                }
                Piece::Close if depth == 0 => {
                    if !call {
                        self.pieces = before;
                    }
                    break;
                }
                Piece::Close => {
                    if let Some((_, from)) = escaped.pop_if(|(opened, _)| *opened == depth) {
                        let undone = unescaped(&out[from..]);
                        out.truncate(from);
                        out.push_str(&undone);
                    }
                    depth -= 1;
                }
                _ => {}
            }
            name = "";
        }
        out.truncate(out.floor_char_boundary(MOST));
        out
    }

    /// Writes what a variable holds.
    fn copy(&mut self, name: &str, out: &mut String) {
        if let Some(text) = self.variables.get(name) {
            self.copied += text.len();
            if self.copied <= MOST_COPIED {
                out.push_str(text);
            }
        }
    }

    /// Writes a template, its `${…}` filled in or left out.
    fn fill(&mut self, template: &str, out: &mut String) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((inside, after)) = after.split_once('}') else { break };
            out.push_str(before);
            self.copy(inside.trim(), out);
            rest = after;
        }
        out.push_str(rest);
    }
}

/// Whether a call of this name, on this object, writes into the page.
fn writes(object: &str, name: &str) -> bool {
    match name {
        "write" | "writeln" => object == "document",
        "html" | "append" | "prepend" | "insertAdjacentHTML" => true,
        _ => false,
    }
}

/// `%3C` and `%u4e3b` undone, as `unescape` does; other text stays.
pub(super) fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        rest = after;
        let unit = after.strip_prefix('u').and_then(|after| hex(after.get(..4)?));
        if let Some(char) = unit.and_then(char::from_u32) {
            bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &after[5..];
        } else if let Some(byte) = after.get(..2).and_then(hex) {
            bytes.extend(u8::try_from(byte));
            rest = &after[2..];
        } else {
            bytes.push(b'%');
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A number in hexadecimal digits and nothing else.
fn hex(digits: &str) -> Option<u32> {
    let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_escaped_and_joined_strings_are_read() {
        let script = r#"var a="no"; document.write(unescape("%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='" + "//dcs.conac.cn/js/14.js'%3E"));
            document.writeln('\u4e3b办单位：' + ("周口市") + '\n') ; document . write(x); document.write("50%", decodeURIComponent('%E5%8A%9E%+1'))"#;
        assert_eq!(
            written(script),
            "<span id='_ideConac' ></span><script src='//dcs.conac.cn/js/14.js'>\n主办单位：周口市 \n\n50%办%+1\n"
        );
    }

    #[test]
    fn what_was_put_together_before_is_read() {
        let script = "var code = '41160002000123', html = '', n = 5\n\
            html += '<a href=\"?recordcode=' + code + '\">'\n html += \"豫公网安备\" + code + `号`;\n\
            // document.write('no')\n\
            document.getElementById('foot').innerHTML = html + '</a>';\n\
            $('#x').html(`<b>${code}</b>${y}`); list.append(z)\n\
            var f = function () { $(\"#y\").append('<i>' + (n > 1 ? 'a' : 'b') + '</i>') }";
        assert_eq!(
            written(script),
            "<a href=\"?recordcode=41160002000123\">豫公网安备41160002000123号</a>\n\
             <b>41160002000123</b>\n\n<i>51ab</i>\n"
        );
    }

    #[test]
    fn scripts_that_write_nothing_are_not_taken_apart() {
        assert_eq!(written("var a = '<b>'; a += b; write('<i>'); a.html = 'c'"), "");
        assert_eq!(written("if (a.innerHTML == '<b>') {}"), "");
    }

    #[test]
    fn hostile_scripts_end() {
        let begun = std::time::Instant::now();
        for piece in [
            "document.write(",
            "document.write('",
            "%",
            "%u",
            "((",
            "\\",
            "document.write",
            "unescape(",
            "/[",
            "/*",
            "a+=a;",
            "a.innerHTML=a+=a+'x';",
            "`${",
            "'\n",
            "=/",
            "document.write(unescape('%41'+",
        ] {
            let script =
                format!("document.write('x');a='xx';{}", piece.repeat((1 << 19) / piece.len()));
            assert!(written(&script).len() <= MOST + 1);
        }
        assert!(begun.elapsed().as_secs() < 30);
    }
}
