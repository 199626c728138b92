//! The addresses that scripts send a reader to: `location`, `window.open`, calls in handlers, and data of lists.

use std::{borrow::Cow, sync::LazyLock};

use aho_corasick::AhoCorasick;

use super::{
    How,
    address::{opens, plausible},
    list::known,
    pieces::{Piece, Pieces},
};

/// What owns `location` and `open`.
const WINDOWS: &[&str] = &["window", "self", "top", "parent", "document"];
/// Objects within each other that are told apart.
const DEEPEST: usize = 32;

/// Where a script stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the page: it runs by itself.
    Page,
    /// In an `onclick` or an address: it runs when somebody asks for it.
    Handler,
}

/// An address in a script.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<'s> {
    pub(super) address: Cow<'s, str>,
    /// The title beside it; empty where there is none.
    pub(super) words: Cow<'s, str>,
    pub(super) how: How,
}

/// Without one of these a script of a page holds no address that is looked for.
static WORTH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = known()?.data.words.iter().map(String::as_str);
    AhoCorasick::new(words.chain(["location", "open"])).ok()
});

/// Gives every address that a script holds to `found`.
pub(super) fn addresses(script: &str, place: Place, mut found: impl FnMut(Found<'_>)) {
    if place == Place::Page && !WORTH.as_ref().is_some_and(|words| words.is_match(script)) {
        return;
    }
    let mut reader =
        Reader { place, depth: 0, objects: Vec::new(), before: [None; 2], fresh: true };
    let mut pieces = Pieces::new(script);
    while let Some(piece) = pieces.next() {
        if let Some(it) = reader.read(piece, &pieces) {
            found(it);
        }
    }
}

/// An object whose end has not come.
#[derive(Debug, Default)]
struct Object<'s> {
    address: Option<&'s str>,
    words: Option<&'s str>,
    /// What a script asks for, not what a reader opens.
    call: bool,
}

struct Reader<'s> {
    place: Place,
    /// Braces that are open.
    depth: usize,
    objects: Vec<Object<'s>>,
    /// The two pieces before, the last one first.
    before: [Option<Piece<'s>>; 2],
    /// A statement begins here, or with the window that owns what follows.
    fresh: bool,
}

impl<'s> Reader<'s> {
    fn read(&mut self, piece: Piece<'s>, rest: &Pieces<'s>) -> Option<Found<'s>> {
        self.fresh |= rest.after_line && self.ends_statement();
        let found = match piece {
            Piece::Mark(b'{') => {
                self.depth += 1;
                if self.depth <= DEEPEST {
                    self.objects.push(Object::default());
                }
                None
            }
            Piece::Mark(b'}') => {
                let closed = (self.depth <= DEEPEST).then(|| self.objects.pop()).flatten();
                self.depth = self.depth.saturating_sub(1);
                closed.and_then(|object| self.row(&object))
            }
            Piece::Word("location") => self.location(rest.clone()),
            Piece::Word("open") => self.window(rest.clone()),
            Piece::Text(text) if self.place == Place::Handler => self.argument(text, rest.clone()),
            Piece::Word(key) | Piece::Text(key) => {
                self.field(key, rest.clone());
                None
            }
            Piece::Mark(_) => None,
        };
        self.fresh = match piece {
            Piece::Mark(b';' | b'{' | b'}') => true,
            Piece::Word(word) => self.fresh && WINDOWS.contains(&word),
            Piece::Mark(b'.') => self.fresh && self.owned(),
            _ => false,
        };
        self.before = [Some(piece), self.before[0]];
        found
    }

    /// A line that ends after the last piece ends a statement.
    fn ends_statement(&self) -> bool {
        match self.before[0] {
            None | Some(Piece::Text(_) | Piece::Mark(b']')) => true,
            Some(Piece::Word(word)) => !matches!(word, "else" | "do" | "return"),
            Some(Piece::Mark(_)) => false,
        }
    }

    /// The last piece is a window.
    fn owned(&self) -> bool {
        matches!(self.before[0], Some(Piece::Word(word)) if WINDOWS.contains(&word))
    }

    /// What comes now belongs to the window, said or unsaid.
    fn of_window(&self) -> bool {
        match self.before {
            [Some(Piece::Mark(b'.')), Some(Piece::Word(owner))] => WINDOWS.contains(&owner),
            [Some(Piece::Mark(b'.')), _] => false,
            [Some(Piece::Word(word)), _] => !matches!(word, "var" | "let" | "const" | "function"),
            _ => true,
        }
    }

    /// `location = '…'`, `location.href = '…'`, `location.replace('…')`.
    fn location(&self, mut rest: Pieces<'s>) -> Option<Found<'s>> {
        if !self.of_window() {
            return None;
        }
        let opens = match rest.next()? {
            Piece::Mark(b'=') => true,
            Piece::Mark(b'.') => matches!(
                (rest.next()?, rest.next()?),
                (Piece::Word("href"), Piece::Mark(b'='))
                    | (Piece::Word("replace" | "assign"), Piece::Mark(b'('))
            ),
            _ => false,
        };
        if !opens {
            return None;
        }
        let by_itself = self.place == Place::Page && self.fresh && self.depth == 0;
        let how = if by_itself { How::Refresh } else { How::Script };
        whole(&mut rest).map(|address| Found { address, words: "".into(), how })
    }

    /// `window.open('…')`.
    fn window(&self, mut rest: Pieces<'s>) -> Option<Found<'s>> {
        let called = self.of_window() && rest.next() == Some(Piece::Mark(b'('));
        let address = called.then(|| whole(&mut rest)).flatten()?;
        Some(Found { address, words: "".into(), how: How::Script })
    }

    /// `go('/a.html')`: an address that is handed to a function.
    fn argument(&self, text: &'s str, mut rest: Pieces<'s>) -> Option<Found<'s>> {
        let known = matches!(self.before[1], Some(Piece::Word("open" | "replace" | "assign")));
        let handed = !known
            && matches!(self.before[0], Some(Piece::Mark(b'(' | b',')))
            && matches!(rest.next(), Some(Piece::Mark(b')' | b',')));
        let address = handed.then(|| unescaped(text)).filter(|address| opens(address))?;
        Some(Found { address, words: "".into(), how: How::Script })
    }

    /// `key: '…'` of an object.
    fn field(&mut self, key: &str, mut rest: Pieces<'s>) {
        let (Some(object), Some(known)) = (self.objects.last_mut(), known()) else { return };
        if self.depth > DEEPEST
            || !matches!(self.before[0], Some(Piece::Mark(b'{' | b',')))
            || rest.next() != Some(Piece::Mark(b':'))
        {
            return;
        }
        let one_of = |keys: &[String]| keys.iter().any(|known| known == key);
        object.call |= one_of(&known.data.calls);
        let Some(Piece::Text(value)) = rest.next() else { return };
        if !matches!(rest.next(), Some(Piece::Mark(b',' | b'}'))) {
            return;
        }
        if object.address.is_none() && one_of(&known.data.addresses) {
            object.address = Some(value);
        } else if object.words.is_none() && one_of(&known.data.words) {
            object.words = Some(value);
        }
    }

    /// The link that an object is, when it has an address and a title.
    fn row(&self, object: &Object<'s>) -> Option<Found<'s>> {
        let (address, words) = object.address.zip(object.words).filter(|_| !object.call)?;
        let (address, words) = (unescaped(address), unescaped(words));
        let fits = plausible(&address) && !words.trim().is_empty();
        fits.then_some(Found { address, words, how: How::Script })
    }
}

/// The string that comes next, when it is the whole address and not a part of one.
fn whole<'s>(rest: &mut Pieces<'s>) -> Option<Cow<'s, str>> {
    let Some(Piece::Text(text)) = rest.next() else { return None };
    let address = unescaped(text);
    let goes_on = matches!(rest.next(), Some(Piece::Mark(b'+' | b'.' | b'?' | b'[')));
    (!goes_on && plausible(&address)).then_some(address)
}

/// A string with its escapes resolved.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = match rest.as_bytes().first() {
            Some(b'u') => 4,
            Some(b'x') => 2,
            _ => 0,
        };
        let code = rest.get(1..=digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(char) = code.filter(|_| digits > 0).and_then(char::from_u32) {
            out.push(char);
            rest = &rest[1 + digits..];
        } else if let Some(char) = rest.chars().next() {
            out.push(if matches!(char, 'n' | 'r' | 't') { ' ' } else { char });
            rest = &rest[char.len_utf8()..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(script: &str, place: Place) -> Vec<(String, How)> {
        let mut all = Vec::new();
        addresses(script, place, |it| {
            let words = if it.words.is_empty() { String::new() } else { format!(" {}", it.words) };
            all.push((format!("{}{words}", it.address), it.how));
        });
        all
    }

    #[test]
    fn a_page_sends_its_reader_on() {
        for (script, address, how) in [
            ("location.href='/a.html';", "/a.html", How::Refresh),
            ("var x = 1\nwindow.location = \"b.html\"", "b.html", How::Refresh),
            ("<!--\ntop.location.replace('c.html')\n//-->", "c.html", How::Refresh),
            ("self.location.assign(\"http:\\/\\/b.gov.cn\\/\")", "http://b.gov.cn/", How::Refresh),
            ("if(/Mobile/.test(ua)) location.href='/m/'", "/m/", How::Script),
            ("if(a)\n location.href='/m/'", "/m/", How::Script),
            ("if(a){location.href='/m/'}", "/m/", How::Script),
            ("function go(){ window.location.href = '/d.html' }", "/d.html", How::Script),
            ("setTimeout(function(){location='/e.html'}, 9)", "/e.html", How::Script),
            ("window.open('/f.html', '_blank')", "/f.html", How::Script),
            ("else location.href='/g.html'", "/g.html", How::Script),
        ] {
            assert_eq!(shown(script, Place::Page), [(address.to_owned(), how)], "{script}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_left() {
        for script in [
            "location.href='/list_'+n+'.html'",
            "location.href = a + '/b.html'",
            "if(location.href=='/a.html'){}",
            "// location.href='/a.html'",
            "/* location.href='/a.html' */",
            "var s = \"location.href='/a.html'\"",
            "var location = '/a.html'",
            "map.location='/a.html'",
            "xhr.open('GET','/api/a.html')",
            "location.reload()",
            "window.open('about:'.concat(x))",
            "$.ajax({url:'/api/a.html',title:'x',success:f})",
            "var a={title:'x',url:'/a/'+id}",
            "var a={url:'/a.html'}",
            "function open(u){}",
            "location.href='{{url}}'",
        ] {
            assert_eq!(shown(script, Place::Page), [], "{script}");
        }
    }

    #[test]
    fn handlers_hand_on_addresses() {
        for (script, address) in [
            ("window.open('/a.html')", "/a.html"),
            ("openUrl(this, '/b/c.shtml', 1); return false", "/b/c.shtml"),
            ("location.href='d'+'';go(\"http://b.gov.cn\")", "http://b.gov.cn"),
            ("window.open('/a.html);", ""),
            ("location.href='./x/'", "./x/"),
        ] {
            let all = shown(script, Place::Handler);
            let all: Vec<_> = all.iter().map(|(address, _)| address.as_str()).collect();
            let expected: &[&str] = if address.is_empty() { &[] } else { &[address] };
            assert_eq!(all, expected, "{script}");
        }
        assert_eq!(shown("tab('one','two'); save('/user/save.json')", Place::Handler), []);
    }

    #[test]
    fn rows_of_data_are_links() {
        let script = r#"var list = [{"title":"关于\u901a知","date":"2026-11-20","url":"\/zw\/1.html","more":{"a":1}},
            {name: '二', tags: ['x'], link: "/zw/2.html"}, {"title":"","url":"/zw/3.html"}, {"url":"/zw/4.html","title":"四"}];"#;
        let all = shown(script, Place::Page);
        let all: Vec<_> = all.iter().map(|(shown, _)| shown.as_str()).collect();
        assert_eq!(all, ["/zw/1.html 关于通知", "/zw/2.html 二", "/zw/4.html 四"]);
    }

    #[test]
    fn hostile_scripts_end() {
        let begun = std::time::Instant::now();
        for piece in [
            "{",
            "}",
            "location",
            "location.",
            "open(",
            "{url:'",
            "{title:'a/b',",
            "go('a.b',",
            "\\u",
            "location='\\",
        ] {
            let script = piece.repeat((1 << 20) / piece.len());
            for place in [Place::Page, Place::Handler] {
                addresses(&script, place, |_| {});
            }
        }
        assert!(begun.elapsed().as_secs() < 30);
    }
}
