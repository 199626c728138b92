//! Lists that inline scripts hold as data: `[{"title":"…","url":"…","publishTime":"2026-11-22"}, …]`.

use super::MOST;

/// Bytes of a script that are looked at, and how deep its objects lie.
const LONGEST: usize = 1 << 20;
const DEEPEST: usize = 16;

/// Names that programs give to the title, the address and the date of an entry, in lower case.
const TITLES: [&str; 6] =
    ["title", "articletitle", "doctitle", "infotitle", "newstitle", "subject"];
const ADDRESSES: [&str; 9] =
    ["url", "articleuri", "articleurl", "docpuburl", "link", "linkurl", "href", "uri", "visiturl"];
const DATES: [&str; 15] = [
    "publishtime",
    "publishdate",
    "publisheddate",
    "articlepublishtime",
    "pubdate",
    "pubtime",
    "docreltime",
    "releasetime",
    "releasedate",
    "displaytime",
    "showtime",
    "infodate",
    "date",
    "time",
    "createtime",
];

/// One entry, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Datum {
    pub(super) title: String,
    pub(super) url: String,
    pub(super) date: String,
}

#[derive(Clone, Copy, Debug)]
enum Field {
    Title,
    Url,
    Date,
}

/// The entries with a title and a date that a script holds.
pub(super) fn data(script: &str) -> Vec<Datum> {
    let script = script.get(..script.floor_char_boundary(LONGEST)).unwrap_or_default();
    let likely = (script.contains("itle") || script.contains("subject"))
        && (script.contains("ime") || script.contains("ate"))
        && script.contains('{');
    if !likely {
        return Vec::new();
    }
    let mut reader = Reader { script, at: 0, open: Vec::new(), over: 0, found: Vec::new() };
    while reader.at < script.len() && reader.found.len() < MOST {
        reader.step();
    }
    reader.found
}

struct Reader<'s> {
    script: &'s str,
    at: usize,
    /// The objects that are open, and the field whose value comes next.
    open: Vec<(Datum, Option<Field>)>,
    over: usize,
    found: Vec<Datum>,
}

impl<'s> Reader<'s> {
    fn step(&mut self) {
        let Some(byte) = self.script.as_bytes().get(self.at).copied() else { return };
        let begun = self.at;
        self.at += 1;
        match byte {
            b'{' if self.open.len() < DEEPEST => self.open.push(<_>::default()),
            b'{' => self.over += 1,
            b'}' if self.over > 0 => self.over -= 1,
            b'}' => {
                if let Some((entry, _)) = self.open.pop()
                    && !entry.title.is_empty()
                    && !entry.date.is_empty()
                {
                    self.found.push(entry);
                }
            }
            // outside of strings it means nothing, and what follows begins no string
            b'\\' => self.at += 1,
            b'"' | b'\'' => {
                let Some(text) = self.string(byte) else { return };
                if self.names() {
                    self.name(text);
                } else {
                    self.value(text);
                }
            }
            b'0'..=b'9' => {
                let text = self.run(begun, |byte| byte.is_ascii_digit());
                self.value(text);
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                let text = self.run(begun, word);
                if self.names() {
                    self.name(text);
                }
            }
            b',' | b'[' | b';' => {
                if let Some((_, field)) = self.open.last_mut() {
                    *field = None;
                }
            }
            _ => {}
        }
    }

    /// The inside of a string that has just begun; `None` where the line ends first.
    fn string(&mut self, quote: u8) -> Option<&'s str> {
        let rest = self.script.as_bytes().get(self.at..)?;
        let mut end = 0;
        loop {
            match rest.get(end)? {
                b'\n' => return None,
                b'\\' => end += 2,
                byte if *byte == quote => break,
                _ => end += 1,
            }
        }
        let text = self.script.get(self.at..self.at + end);
        self.at += end + 1;
        text
    }

    fn run(&mut self, begun: usize, like: impl Fn(u8) -> bool) -> &'s str {
        let rest = self.script.as_bytes().get(begun..).unwrap_or_default();
        let length = rest.iter().position(|byte| !like(*byte)).unwrap_or(rest.len());
        self.at = begun + length;
        self.script.get(begun..self.at).unwrap_or_default()
    }

    /// Whether a colon follows; it is passed over.
    fn names(&mut self) -> bool {
        let rest = self.script.as_bytes().get(self.at..).unwrap_or_default();
        let blanks = rest.iter().take(8).take_while(|byte| byte.is_ascii_whitespace()).count();
        let colon = rest.get(blanks) == Some(&b':');
        if colon {
            self.at += blanks + 1;
        }
        colon
    }

    fn name(&mut self, name: &str) {
        let Some((_, field)) = self.open.last_mut() else { return };
        let is = |known: &&str| known.eq_ignore_ascii_case(name);
        *field = match () {
            () if TITLES.iter().any(is) => Some(Field::Title),
            () if ADDRESSES.iter().any(is) => Some(Field::Url),
            () if DATES.iter().any(is) => Some(Field::Date),
            () => None,
        };
    }

    fn value(&mut self, text: &str) {
        if self.over > 0 {
            return;
        }
        let Some((entry, field)) = self.open.last_mut() else { return };
        let Some(field) = field.take() else { return };
        let place = match field {
            Field::Title => &mut entry.title,
            Field::Url => &mut entry.url,
            Field::Date => &mut entry.date,
        };
        // the first of several names for the same thing counts
        if place.is_empty() && text.len() <= 2000 {
            *place = unescaped(text);
        }
    }
}

/// The escapes of a string undone.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let code = after.strip_prefix('u').and_then(|hex| hex.get(..4));
        let char = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        let mut chars = after.chars();
        match (char, chars.next()) {
            (Some(char), _) => {
                out.push(char);
                rest = after.get(5..).unwrap_or_default();
            }
            (None, Some('n' | 'r' | 't')) => {
                out.push(' ');
                rest = chars.as_str();
            }
            (None, Some(char)) => {
                out.push(char);
                rest = chars.as_str();
            }
            (None, None) => rest = "",
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_from_data_and_from_scripts() {
        let found = data(
            r#"var list = [{"title":"关于\u653e假的通知","url":"\/a\/1.html","publishTime":"2026-11-22 09:24"},
            {articleTitle:'新"闻',articleUri:'/b.html',articlePublishTime:1795310640000,more:{title:"x"}}]; // don't
            menu = [{"title":"首页","url":"/"}];"#,
        );
        let shown: Vec<_> = found
            .iter()
            .map(|entry| (entry.title.as_str(), entry.url.as_str(), entry.date.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("关于放假的通知", "/a/1.html", "2026-11-22 09:24"),
                ("新\"闻", "/b.html", "1795310640000"),
            ]
        );
    }

    #[test]
    fn hostile_scripts_are_read_in_linear_time() {
        let begun = std::time::Instant::now();
        for piece in ["\"", "'\\\"", "\\\"", "{", "title:", "{title:'", "\"\\\\", "time,"] {
            let script = format!("title time {{{}", piece.repeat((1 << 20) / piece.len()));
            assert!(data(&script).is_empty());
        }
        // quadratic time would be hours; seconds leave room for a busy machine
        assert!(begun.elapsed().as_secs() < 30);
    }
}
