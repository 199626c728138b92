//! The strings that a script hides: joined from pieces, from numbers, percent-encoded, in Base64, written backwards.

use crate::page::{
    script::{Piece, Pieces},
    written::unescaped,
};

/// Strings that are told of a script, and bytes of all of them.
const MOST: usize = 400;
const MOST_BYTES: usize = 128 << 10;
/// Bytes of one string.
const LONGEST: usize = 64 << 10;
/// Brackets that are followed into each other.
const DEEPEST: usize = 64;
/// Characters of a list of numbers that is a text.
const FEWEST: usize = 6;

/// The strings of a script, as it will have them.
#[derive(Debug, Default)]
pub(super) struct Revealed {
    /// Those that may be an address, mark-up or code.
    pub(super) texts: Vec<String>,
    /// The short ones, in lines: names of what it calls.
    pub(super) names: String,
}

/// What is called with what stands in the brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    /// `fromCharCode`
    Codes,
    /// `unescape`, `decodeURIComponent`
    Percent,
    /// `atob`
    Base64,
    /// Something else: what it gives is not known.
    Other,
    /// Nothing: brackets around an expression.
    Group,
}

impl Call {
    fn of(name: &str) -> Self {
        match name {
            "fromCharCode" => Self::Codes,
            "unescape" | "decodeURIComponent" | "decodeURI" => Self::Percent,
            "atob" => Self::Base64,
            _ => Self::Other,
        }
    }
}

/// Takes a script apart and puts its strings together.
pub(super) fn reveal(script: &str) -> Revealed {
    let mut reader = Reader {
        revealed: Revealed::default(),
        bytes: 0,
        run: String::new(),
        numbers: String::new(),
        stack: Vec::new(),
        before: Call::Group,
        reverses: script.contains("reverse"),
        encodes: script.contains("atob") || script.contains("_0x"),
    };
    for piece in Pieces::new(script) {
        reader.piece(piece);
        if reader.bytes > MOST_BYTES {
            break;
        }
    }
    while let Some((_, saved)) = reader.stack.pop() {
        reader.end();
        reader.run = saved;
    }
    reader.end();
    reader.revealed
}

struct Reader {
    revealed: Revealed,
    bytes: usize,
    /// The string that is being joined.
    run: String,
    /// The characters whose numbers stand one after the other.
    numbers: String,
    /// The open brackets, and what was joined before each.
    stack: Vec<(Call, String)>,
    /// What a bracket would call that opens now.
    before: Call,
    reverses: bool,
    encodes: bool,
}

impl Reader {
    fn piece(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Text(text, _) => self.text(&text),
            Piece::Name(name) => {
                let call = Call::of(name);
                if call == Call::Other && !matches!(name, "String" | "window") {
                    self.end();
                }
                self.before = call;
            }
            Piece::Open => {
                if self.stack.len() < DEEPEST {
                    self.numbers.clear();
                    self.stack.push((self.before, std::mem::take(&mut self.run)));
                }
                self.before = Call::Group;
            }
            Piece::Close => self.close(),
            // `window["atob"]("…")`: the name stands in brackets
            Piece::Other | Piece::Dot => {
                if self.before == Call::Other {
                    self.before = Call::Group;
                }
            }
            Piece::Comma => {
                self.put_run();
                self.before = Call::Group;
            }
            Piece::Assign | Piece::Append | Piece::End => {
                self.end();
                self.before = Call::Group;
            }
        }
    }

    fn text(&mut self, text: &str) {
        let number = match text.strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => text.parse().ok(),
        };
        // the name of what is called, in brackets
        self.before = Call::of(text);
        if self.before != Call::Other {
            return;
        }
        self.before = Call::Group;
        if let Some(char) = number.filter(|code| *code >= 9).and_then(char::from_u32) {
            if self.numbers.len() < LONGEST {
                self.numbers.push(char);
            }
            return;
        }
        self.put_numbers();
        if self.run.len() + text.len() <= LONGEST {
            self.run.push_str(text);
        }
        self.literal(text);
    }

    /// A string as it stands, and what else it may be.
    fn literal(&mut self, text: &str) {
        if text.len() <= 40 && self.revealed.names.len() < LONGEST {
            self.revealed.names.push_str(text);
            self.revealed.names.push('\n');
        }
        if self.reverses && text.len() >= 8 {
            self.put(text.chars().rev().collect());
        }
        if self.encodes
            && text.len() >= 12
            && let Some(decoded) = base64(text)
        {
            self.put(decoded);
        }
    }

    fn close(&mut self) {
        let Some((call, saved)) = self.stack.pop() else { return self.end() };
        let inside = std::mem::take(&mut self.run);
        let given = match call {
            Call::Codes => Some(std::mem::take(&mut self.numbers)),
            Call::Percent => Some(unescaped(&inside)),
            Call::Base64 => base64(&inside),
            Call::Group => Some(inside),
            Call::Other => {
                self.put(inside);
                None
            }
        };
        self.put_numbers();
        self.run = saved;
        if let Some(given) = given
            && self.run.len() + given.len() <= LONGEST
        {
            self.bytes += given.len();
            self.run.push_str(&given);
        }
        self.before = Call::Group;
    }

    fn end(&mut self) {
        self.put_run();
        self.put_numbers();
    }

    fn put_run(&mut self) {
        if !self.run.is_empty() {
            let run = std::mem::take(&mut self.run);
            self.put(run);
        }
    }

    fn put_numbers(&mut self) {
        if self.numbers.chars().count() >= FEWEST {
            let numbers = std::mem::take(&mut self.numbers);
            self.put(numbers);
        }
        self.numbers.clear();
    }

    /// Keeps a string that may be an address, mark-up or code.
    fn put(&mut self, text: String) {
        if may_matter(&text) && self.revealed.texts.len() < MOST {
            self.bytes += text.len();
            self.revealed.texts.push(text);
        }
    }
}

/// An address, mark-up or code.
fn may_matter(text: &str) -> bool {
    text.len() >= FEWEST
        && (text.contains("//")
            || text.contains('<')
            || [
                "eval",
                "document",
                "location",
                "unescape",
                "fromCharCode",
                "atob",
                "createElement",
            ]
            .iter()
            .any(|word| text.contains(word)))
}

/// Base64 (RFC 4648) undone, where it is text.
fn base64(text: &str) -> Option<String> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in text.bytes().take(LONGEST) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'\n' | b'\r' | b' ' => continue,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_put_together_as_the_script_would() {
        for (script, text) in [
            ("a='ht'+'tp:'+'//x.example/';", "http://x.example/"),
            ("a=('ht'+'tp')+'://x.example/'", "http://x.example/"),
            ("f(String.fromCharCode(47,47,120,46,97,98))", "//x.ab"),
            ("f(String.fromCharCode(47)+String.fromCharCode(0x2f)+'x.ab/')", "//x.ab/"),
            ("f(String['fromCharCode'](47,47,120,46,97,98))", "//x.ab"),
            ("a=[47,47,120,46,97,98],s=''", "//x.ab"),
            ("f(unescape('%2f%2fx.ab/'))", "//x.ab/"),
            ("f(decodeURIComponent(unescape('%252f%252fx.ab/')))", "//x.ab/"),
            ("s=atob('Ly94LmFiLw==')", "//x.ab/"),
            ("s=window['atob']('Ly94LmFiLw==')", "//x.ab/"),
            ("s='/oc.ba.x//'.split('').reverse()", "//x.ab.co/"),
            ("_0x1=['Ly94LmFiL3lhLmpz']", "//x.ab/ya.js"),
            ("s='\\x2f\\u002fx.ab/'", "//x.ab/"),
        ] {
            let texts = reveal(script).texts;
            assert!(texts.iter().any(|it| it == text), "{script}: {texts:?}");
        }
    }

    #[test]
    fn what_a_call_gives_is_not_guessed() {
        assert!(reveal("a='ht'+f('tp:')+'//x.ab/'").texts.iter().all(|it| it != "http://x.ab/"));
        assert_eq!(base64("iVBORw0KGgoAAAANSUhEUg"), None, "a picture is no text");
        assert_eq!(base64("a b!"), None);
    }

    #[test]
    fn hostile_scripts_end() {
        let begun = std::time::Instant::now();
        for piece in [
            "(",
            "atob(",
            "unescape('%41'+",
            "'a'+",
            "65,",
            "String.fromCharCode(",
            "['atob'](",
            "'ab//'",
        ] {
            let script = format!("reverse atob {}", piece.repeat((1 << 19) / piece.len()));
            let revealed = reveal(&script);
            let bytes: usize = revealed.texts.iter().map(String::len).sum();
            assert!(bytes <= MOST_BYTES + 2 * LONGEST, "{piece}: {bytes}");
        }
        assert!(begun.elapsed().as_secs() < 30);
    }
}
