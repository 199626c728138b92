//! What is taken out of a file, within the caps of a whole file.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use xuncha_model::facts::content::UnreadPart;
use xuncha_probe::{file::shown, unpack::TextPart};

/// A file. The largest attachments of government sites that hold text are books of 20 to 30 MB.
pub(crate) const FILE: usize = 50 << 20;
/// A member of an archive, unpacked; everything of it stands in memory.
pub(crate) const MEMBER: u64 = 50 << 20;
/// All members that are unpacked, nested ones too: about two seconds of work.
const TOTAL: u64 = 200 << 20;
/// Members of all archives.
const MEMBERS: usize = 10_000;
/// Archives in archives: a zip of zips of spreadsheets with a document in a cell is as deep as honest ones go.
pub(crate) const DEPTH: usize = 3;
/// Text in bytes of UTF-8: two or three books; what a list of all persons of a county takes.
pub(crate) const TEXT: usize = 8 << 20;
/// Unread parts that are named.
const UNREAD: usize = 20;
/// When to stop by ourselves: well before the process is ended, and what was read with it.
const TIME: Duration = Duration::from_secs(14);

/// Why a part was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is a picture.
    Scanned,
    /// A password is needed.
    Encrypted,
    /// Nobody here can read it.
    Unknown,
    /// It breaks off or contradicts itself.
    Damaged,
    /// More bytes than a cap.
    Size,
    /// It unpacks to far more than it is packed.
    Ratio,
    /// Archives in archives in archives.
    Depth,
    /// More members than a cap.
    Members,
    /// It took too long.
    Time,
    /// Elements in elements.
    Nesting,
}

impl Why {
    /// As facts say it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Scanned => "scanned",
            Self::Encrypted => "encrypted",
            Self::Unknown => "unknown",
            Self::Damaged => "damaged",
            Self::Size => "size",
            Self::Ratio => "ratio",
            Self::Depth => "depth",
            Self::Members => "members",
            Self::Time => "time",
            Self::Nesting => "nesting",
        }
    }
}

/// Where a reader is: the members it came through, and how many archives they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    at: String,
    /// Archives around it.
    pub(crate) depth: usize,
}

impl Place {
    /// A member of what is here.
    pub(crate) fn member(&self, name: &str) -> Self {
        Self { at: self.part(name), depth: self.depth + 1 }
    }

    fn part(&self, name: &str) -> String {
        let name = shown(name);
        match (self.at.as_str(), name.as_str()) {
            (at, "") => at.to_owned(),
            ("", _) => name,
            (at, _) => format!("{at}/{name}"),
        }
    }
}

/// What was taken out so far, and what may still be.
#[derive(Debug)]
pub(crate) struct Haul {
    /// The program that reads PDF.
    pub(crate) poppler: Option<PathBuf>,
    pub(crate) parts: Vec<TextPart>,
    pub(crate) unread: Vec<UnreadPart>,
    room: usize,
    bytes: u64,
    members: usize,
    until: Instant,
}

impl Haul {
    pub(crate) fn new() -> Self {
        Self {
            poppler: None,
            parts: Vec::new(),
            unread: Vec::new(),
            room: TEXT,
            bytes: TOTAL,
            members: MEMBERS,
            until: Instant::now() + TIME,
        }
    }

    /// A text to be written, of the size that is still free.
    pub(crate) fn words(&self) -> Words {
        Words { text: String::new(), room: self.room, full: false }
    }

    /// Keeps the text of a part; one without words is not kept.
    pub(crate) fn keep(&mut self, place: &Place, name: &str, words: Words) {
        if words.full {
            self.unread(place, name, Why::Size);
        }
        if !words.text.trim().is_empty() {
            self.room = self.room.saturating_sub(words.text.len());
            self.parts.push(TextPart { part: place.part(name), text: words.text });
        }
    }

    /// Tells what is not read.
    pub(crate) fn unread(&mut self, place: &Place, name: &str, why: Why) {
        let part = UnreadPart { part: place.part(name), why: why.word().to_owned() };
        if self.unread.len() < UNREAD && !self.unread.contains(&part) {
            self.unread.push(part);
        }
    }

    /// Bytes that may still be unpacked.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn unpacked(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// Counts a member; `Err` tells why it may not be opened.
    pub(crate) fn member(&mut self) -> Result<(), Why> {
        if Instant::now() > self.until {
            return Err(Why::Time);
        }
        self.members = self.members.checked_sub(1).ok_or(Why::Members)?;
        if self.room == 0 || self.bytes == 0 { Err(Why::Size) } else { Ok(()) }
    }

    /// Whether it is time to stop.
    pub(crate) fn late(&self) -> bool {
        Instant::now() > self.until
    }
}

/// A text that is being written; what goes beyond the room is left out.
#[derive(Debug)]
pub(crate) struct Words {
    text: String,
    room: usize,
    full: bool,
}

impl Words {
    /// Adds text without its control characters.
    pub(crate) fn push_str(&mut self, text: &str) {
        let room = self.room.saturating_sub(self.text.len());
        let kept = &text[..text.floor_char_boundary(room)];
        self.full |= kept.len() < text.len();
        if kept.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            let shows = |c: &char| !c.is_ascii_control() || matches!(c, '\n' | '\t');
            self.text.extend(kept.chars().filter(shows));
        } else {
            self.text.push_str(kept);
        }
    }

    pub(crate) fn push(&mut self, c: char) {
        self.push_str(c.encode_utf8(&mut [0; 4]));
    }

    /// Ends a line, unless nothing stands in it.
    pub(crate) fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push('\n');
        }
    }

    /// No more is taken in.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// There are so few characters that it is no text.
    pub(crate) fn is_bare(&self) -> bool {
        is_bare(&self.text)
    }
}

/// There are so few characters that it is no text: a number of a page and a stamp's remains.
pub(crate) fn is_bare(text: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).nth(4).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stops_at_the_cap_and_says_so() {
        let mut haul = Haul::new();
        haul.room = 8;
        let mut words = haul.words();
        words.push_str("一\0二三\u{7}");
        assert!(words.is_full(), "eight bytes hold two of these");
        haul.keep(&Place::default(), "Sheet1", words);
        assert_eq!(haul.parts[0].text, "一二");
        assert_eq!((haul.unread[0].part.as_str(), haul.unread[0].why.as_str()), ("Sheet1", "size"));
    }

    #[test]
    fn names_lead_from_member_to_member() {
        let place = Place::default().member("../../名单.zip").member("附件.xlsx");
        assert_eq!(
            (place.part("汇总"), place.part(""), place.depth),
            ("名单.zip/附件.xlsx/汇总".to_owned(), "名单.zip/附件.xlsx".to_owned(), 2)
        );
    }

    #[test]
    fn members_run_out() {
        let mut haul = Haul::new();
        assert_eq!((0..MEMBERS).find_map(|_| haul.member().err()), None);
        assert_eq!(haul.member(), Err(Why::Members));
    }
}
