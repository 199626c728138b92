//! Digits as they stand in a text, full-width ones and groups with blanks or hyphens included, found without looking at
//! most of it.

/// Signs of a group that are kept; what is longer is no number of a person.
pub(super) const LONGEST: usize = 20;
/// Groups of one chain; further ones begin another.
const MOST: usize = 24;
/// Digits and hidden places of a chain below which it holds nothing of interest.
const LEAST: usize = 11;

/// Bytes that are passed over at once.
const CHUNK: usize = 64;

/// Where two groups meet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// It is the first.
    None,
    /// One blank.
    Blank,
    /// One hyphen.
    Hyphen,
}

/// A number as it is compared: ASCII digits, `X`, and `*` for what is hidden. It is never shown, so it has no `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Number {
    signs: [u8; LONGEST],
    length: usize,
}

impl Number {
    const EMPTY: Self = Self { signs: [0; LONGEST], length: 0 };

    /// From digits and `X`; what is too long is cut.
    pub(super) fn of(signs: &[u8]) -> Self {
        let mut number = Self::EMPTY;
        signs.iter().for_each(|sign| number.push(*sign));
        number
    }

    fn push(&mut self, sign: u8) {
        if let Some(place) = self.signs.get_mut(self.length) {
            *place = sign;
            self.length += 1;
        }
    }

    pub(super) fn signs(&self) -> &[u8] {
        self.signs.get(..self.length).unwrap_or_default()
    }

    /// The digits from one place to another, as a number; 0 where one of them is none.
    pub(super) fn value(&self, from: usize, to: usize) -> u32 {
        let digits = self.signs().get(from..to).unwrap_or_default();
        if digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) {
            return 0;
        }
        digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    }
}

/// Digits side by side.
#[derive(Clone, Copy)]
pub(super) struct Group {
    /// Where it stands, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    number: Number,
    /// How many signs it has, those that were not kept included.
    pub(super) length: usize,
    /// How it meets the group before.
    pub(super) link: Link,
    /// A letter, or the digits beyond a decimal point, stand directly before or after.
    pub(super) glued: bool,
    /// A sign that hides a digit stands directly before.
    pub(super) after_mask: bool,
    /// Places that are hidden.
    pub(super) hidden: usize,
}

impl Group {
    const EMPTY: Self = Self {
        start: 0,
        end: 0,
        number: Number::EMPTY,
        length: 0,
        link: Link::None,
        glued: false,
        after_mask: false,
        hidden: 0,
    };

    /// Its signs, unless there are too many.
    pub(super) fn number(&self) -> Option<Number> {
        (self.length <= LONGEST).then_some(self.number)
    }

    /// Its signs as far as they are kept.
    pub(super) fn kept(&self) -> &[u8] {
        self.number.signs()
    }
}

/// The signs of some groups together; `None` when they are too many.
pub(super) fn joined(groups: &[Group]) -> Option<Number> {
    let mut number = Number::EMPTY;
    let length: usize = groups.iter().map(|group| group.length).sum();
    if length > LONGEST {
        return None;
    }
    groups.iter().for_each(|group| group.kept().iter().for_each(|sign| number.push(*sign)));
    Some(number)
}

/// The chains of a text, in order: groups with one blank or hyphen between them.
pub(super) struct Chains<'t> {
    text: &'t str,
    at: usize,
    groups: [Group; MOST],
    /// Chains with fewer signs are passed over.
    least: usize,
}

impl<'t> Chains<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self::at_least(text, LEAST)
    }

    pub(super) fn at_least(text: &'t str, least: usize) -> Self {
        Self { text, at: 0, groups: [Group::EMPTY; MOST], least }
    }

    /// The next chain that has enough digits.
    pub(super) fn next(&mut self) -> Option<&[Group]> {
        loop {
            let start = first_digit(self.text.as_bytes(), self.at)?;
            if let Some(end) = short(self.text.as_bytes(), start, self.least) {
                self.at = end;
                continue;
            }
            let (mut count, mut signs) = (0, 0);
            let (mut at, mut link) = (start, Link::None);
            while let Some(place) = self.groups.get_mut(count) {
                let group = group(self.text, at, link);
                *place = group;
                count += 1;
                signs += group.length;
                self.at = group.end;
                let Some((next, how)) = linked(self.text.as_bytes(), group.end) else { break };
                if group.hidden > 0 {
                    break;
                }
                (at, link) = (next, how);
            }
            if signs >= self.least {
                return self.groups.get(..count);
            }
        }
    }
}

/// The first digit from `from` on; 64 bytes at once are passed over.
fn first_digit(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = bytes.get(at..)?;
        // one chunk reaches two bytes into the next
        if rest.first_chunk().is_none_or(may_hold) {
            let near = rest.len().min(CHUNK);
            if let Some(place) = (0..near).find(|place| digit(rest, *place).is_some()) {
                return Some(at + place);
            }
            if near == rest.len() {
                return None;
            }
        }
        at += CHUNK;
    }
}

/// Whether a digit begins in the first 64 of these bytes: an ASCII one, or the first of the three bytes of a full-width one.
/// Bytes are compared without branches, so that many are at once.
fn may_hold(chunk: &[u8; CHUNK + 2]) -> bool {
    let mut may = 0;
    for place in 0..CHUNK {
        let [first, second, third] = [chunk[place], chunk[place + 1], chunk[place + 2]];
        let narrow = u8::from(first.wrapping_sub(b'0') < 10);
        let wide = u8::from(first == 0xef) & u8::from(second == 0xbc);
        may |= narrow | wide & u8::from(third.wrapping_sub(0x90) < 10);
    }
    may != 0
}

/// Where a chain ends that is plainly too short, as dates and amounts are; `None` where it is long enough, or where it takes
/// a closer look to tell.
fn short(bytes: &[u8], start: usize, least: usize) -> Option<usize> {
    let (mut at, mut signs) = (start, 0);
    loop {
        match bytes.get(at).copied().unwrap_or_default() {
            b'0'..=b'9' => signs += 1,
            b' ' | b'-' => match bytes.get(at + 1).copied().unwrap_or_default() {
                b'0'..=b'9' => {}
                0xef => return None,
                _ => return Some(at),
            },
            b'X' | b'x' | b'*' | b'#' | 0xc2 | 0xc3 | 0xe2 | 0xe3 | 0xef => return None,
            _ => return Some(at),
        }
        if signs >= least {
            return None;
        }
        at += 1;
    }
}

/// The digit at a place, ASCII, and its length in bytes.
fn digit(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    match *bytes.get(at)? {
        digit @ b'0'..=b'9' => Some((digit, 1)),
        0xef => match bytes.get(at + 1..at + 3)? {
            [0xbc, third @ 0x90..=0x99] => Some((b'0' + (third - 0x90), 3)),
            _ => None,
        },
        _ => None,
    }
}

/// The group that begins at a digit.
fn group(text: &str, start: usize, link: Link) -> Group {
    let bytes = text.as_bytes();
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let mut group = Group { start, end: start, link, ..Group::EMPTY };
    group.glued = link == Link::None && before.is_some_and(glues)
        || before == Some('.') && ends_in_digit(bytes, start - 1);
    group.after_mask = before.is_some_and(hides);
    loop {
        let at = group.end + nothing(bytes, group.end);
        if let Some((digit, length)) = digit(bytes, at) {
            group.number.push(digit);
            group.length += 1;
            group.end = at + length;
            continue;
        }
        let Some(char) = text.get(at..).and_then(|text| text.chars().next()) else { break };
        if !hides(char) {
            break;
        }
        let after = at + char.len_utf8();
        let last = group.hidden == 0 && is_x(char) && !goes_on(text, after);
        group.number.push(if last { b'X' } else { b'*' });
        group.hidden += usize::from(!last);
        group.length += 1;
        group.end = after;
        if last {
            break;
        }
    }
    let after = text.get(group.end..).unwrap_or_default();
    let decimal = after.strip_prefix('.').is_some_and(|rest| digit(rest.as_bytes(), 0).is_some());
    group.glued |= decimal || after.chars().next().is_some_and(glues);
    group
}

fn ends_in_digit(bytes: &[u8], end: usize) -> bool {
    end > 0 && bytes.get(end - 1).is_some_and(u8::is_ascii_digit)
}

/// Bytes of a sign without width.
fn nothing(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..at + 3);
    let blank = rest.is_some_and(|it| it == [0xe2, 0x80, 0x8b] || it == [0xef, 0xbb, 0xbf]);
    if blank && digit(bytes, at + 3).is_some() { 3 } else { 0 }
}

/// Whether a number would go on with what stands at a place.
fn goes_on(text: &str, at: usize) -> bool {
    let char = text.get(at..).and_then(|text| text.chars().next());
    char.is_some_and(|char| glues(char) || hides(char) || digit(text.as_bytes(), at).is_some())
}

fn glues(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// The check character, and what is typed for it.
fn is_x(char: char) -> bool {
    matches!(char, 'X' | 'x' | '\u{ff38}' | '\u{ff58}' | '\u{d7}' | '\u{2169}' | '\u{2179}')
}

/// What stands for a digit that is not shown.
pub(super) fn hides(char: char) -> bool {
    is_x(char)
        || matches!(
            char,
            '*' | '\u{ff0a}'
                | '\u{fe61}'
                | '\u{2217}'
                | '\u{2731}'
                | '\u{25cf}'
                | '\u{2022}'
                | '#'
                | '\u{ff03}'
                | '\u{25a1}'
                | '\u{25a0}'
        )
}

/// Where a group begins that is linked to one that ends at a place, and how.
fn linked(bytes: &[u8], end: usize) -> Option<(usize, Link)> {
    let (length, link) = match *bytes.get(end)? {
        b' ' => (1, Link::Blank),
        b'-' => (1, Link::Hyphen),
        0xc2 if bytes.get(end + 1) == Some(&0xa0) => (2, Link::Blank),
        0xe3 if bytes.get(end + 1..end + 3) == Some(&[0x80, 0x80]) => (3, Link::Blank),
        0xe2 if matches!(bytes.get(end + 1..end + 3), Some([0x80, 0x90..=0x95])) => {
            (3, Link::Hyphen)
        }
        0xef if bytes.get(end + 1..end + 3) == Some(&[0xbc, 0x8d]) => (3, Link::Hyphen),
        _ => return None,
    };
    digit(bytes, end + length).map(|_| (end + length, link))
}
