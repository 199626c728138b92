//! The text of a PDF page by page: with poppler, which knows the charsets of Chinese fonts, or without.

use std::{
    borrow::Cow,
    io::{Read as _, Write as _},
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    thread,
};

use crate::haul::{self, Haul, Place, Why};

/// Pages that are read: more than any book of regulations has.
const PAGES: usize = 3_000;
/// What poppler may say: lines that keep the form of a table are full of blanks.
const SAID: u64 = 3 * haul::TEXT as u64;
/// What its content may unpack to, a page.
const CONTENT: usize = 32 << 20;
/// Signals of the system's limits: too much time of the processor.
const LIMITS: [i32; 2] = [libc::SIGXCPU, libc::SIGKILL];

/// Reads every page into a part of its own; pages without text are pictures.
pub(crate) fn take(haul: &mut Haul, place: &Place, bytes: &[u8]) {
    let poppler = haul.poppler.clone();
    let said = poppler.as_deref().and_then(|program| ask(program, bytes));
    let (pages, fault) = said.unwrap_or_else(|| own(haul, bytes));
    // a picture is a stream, and the head of a stream is never packed
    let pictures = contains(bytes, b"/Image");
    let bare: Vec<bool> = pages.iter().map(|page| haul::is_bare(page)).collect();
    let all = bare.iter().all(|bare| *bare);
    for (index, (page, bare)) in pages.iter().zip(bare).enumerate() {
        let name = format!("page {}", index + 1);
        if index == PAGES {
            haul.unread(place, &name, Why::Members);
            break;
        }
        if bare && (pictures || all) && fault.is_none() {
            haul.unread(place, &name, Why::Scanned);
        }
        let mut words = haul.words();
        narrowed(&narrow(page), |text| words.push_str(text));
        let full = words.is_full();
        haul.keep(place, &name, words);
        if full {
            break;
        }
    }
    if let Some(why) = fault {
        haul.unread(place, "", why);
    }
}

/// Pages, and why there are not all of them.
type Pages = (Vec<String>, Option<Why>);

/// Poppler's `pdftotext`, which inherits every limit of this process; `None` when it does not start.
fn ask(program: &Path, bytes: &[u8]) -> Option<Pages> {
    let mut command = Command::new(program);
    command.args(["-q", "-layout", "-enc", "UTF-8", "-eol", "unix", "-l"]);
    command.arg((PAGES + 1).to_string()).args(["-", "-"]);
    // its complaints go where ours go: nothing can be opened any more to swallow them
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn().ok()?;
    let (mut to, from) = (child.stdin.take()?, child.stdout.take()?);
    let mut said = Vec::new();
    let cut = thread::scope(|scope| {
        scope.spawn(move || {
            // it may have seen enough
            let _ = to.write_all(bytes);
        });
        let _ = from.take(SAID + 1).read_to_end(&mut said);
        let cut = u64::try_from(said.len()).is_ok_and(|size| size > SAID);
        if cut {
            let _ = child.kill();
        }
        cut
    });
    let status = child.wait().ok()?;
    let text = String::from_utf8_lossy(&said);
    let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    // a page ends with a form feed
    if pages.last().is_some_and(|rest| rest.trim().is_empty()) {
        pages.pop();
    }
    let fault = if cut { Some(Why::Size) } else { fault(status, bytes) };
    Some((pages, fault))
}

fn fault(status: ExitStatus, bytes: &[u8]) -> Option<Why> {
    match status.signal() {
        Some(signal) if LIMITS.contains(&signal) => Some(Why::Time),
        Some(_) => Some(Why::Damaged),
        None if status.success() => None,
        None => Some(broken(bytes)),
    }
}

/// Why there is nothing to be read in it.
fn broken(bytes: &[u8]) -> Why {
    if contains(bytes, b"/Encrypt") { Why::Encrypted } else { Why::Damaged }
}

/// Without poppler: right for fonts that bring their own table of characters.
fn own(haul: &Haul, bytes: &[u8]) -> Pages {
    let Ok(document) = lopdf::Document::load_mem(bytes) else {
        return (Vec::new(), Some(broken(bytes)));
    };
    let (mut pages, mut fault, mut size) = (Vec::new(), None, 0);
    for number in document.get_pages().into_keys().take(PAGES + 1) {
        if haul.late() || size > haul::TEXT {
            fault = Some(if haul.late() { Why::Time } else { Why::Size });
            break;
        }
        match document.extract_text_with_limit(&[number], CONTENT) {
            Ok(text) => {
                size += text.len();
                pages.push(text);
            }
            Err(_) => {
                pages.push(String::new());
                fault = Some(broken(bytes));
            }
        }
    }
    if pages.is_empty() {
        fault = fault.or_else(|| Some(broken(bytes)));
    }
    (pages, fault)
}

/// Digits and letters as wide as Chinese characters become plain ones: for fonts without a table poppler knows of no others.
fn narrow(page: &str) -> Cow<'_, str> {
    let wide = |c: &char| matches!(c, '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}');
    if !page.chars().any(|c| wide(&c)) {
        return Cow::Borrowed(page);
    }
    let plain = |c: char| {
        let code = if wide(&c) { u32::from(c) - 0xfee0 } else { u32::from(c) };
        char::from_u32(code).unwrap_or(c)
    };
    Cow::Owned(page.chars().map(plain).collect())
}

/// The blanks between columns as one tab.
fn narrowed(page: &str, mut push: impl FnMut(&str)) {
    for line in page.lines() {
        let mut cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
        if let Some(first) = cells.next() {
            push(first);
            for cell in cells {
                push("\t");
                push(cell);
            }
        }
        push("\n");
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].starts_with(word) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_apart_by_one_tab() {
        let mut text = String::new();
        narrowed("  a b      c   d\n\n  e  ", |part| text.push_str(part));
        assert_eq!(text, "a b\tc\td\n\ne\n");
    }

    #[test]
    fn digits_of_fonts_without_a_table_are_plain() {
        assert_eq!(narrow("号码：４１１６２４Ｘ（ｘ）"), "号码：411624X（x）");
    }

    #[test]
    fn words_are_found_in_bytes() {
        assert!(contains(b"x /Im /Image", b"/Image") && !contains(b"x /Imag", b"/Image"));
    }
}
