//! The title of a page, found in one pass over its beginning, without a tree.
//!
//! # Decisions
//!
//! 2026-11-24: no HTML tree for one element: building one takes quadratic time on hostile nesting, this stays linear.

use std::borrow::Cow;

/// How much of a page is looked at, in bytes.
const HEAD: usize = 512 << 10;
/// Longest title kept, in characters.
const LONGEST: usize = 300;

/// The text of the first `<title>`, white space folded, character references resolved; empty when there is none.
pub fn title(page: &str) -> String {
    let page = &page[..page.floor_char_boundary(HEAD)];
    let Some(raw) = raw_title(page) else { return String::new() };
    let words = resolve(raw);
    let folded = words.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.chars().take(LONGEST).collect()
}

fn raw_title(page: &str) -> Option<&str> {
    let lower = page.to_ascii_lowercase();
    let mut at = 0;
    while let Some(found) = lower.get(at..)?.find('<') {
        at += found;
        let rest = lower.get(at..)?;
        let skipped = if rest.starts_with("<!--") {
            Some("-->")
        } else if opens(rest, "script") {
            Some("</script")
        } else if opens(rest, "style") {
            Some("</style")
        } else if opens(rest, "svg") {
            // an image's own title
            Some("</svg")
        } else {
            None
        };
        if let Some(end) = skipped {
            at += rest.find(end)?;
        } else if opens(rest, "title") {
            let begin = at + rest.find('>')? + 1;
            let end = lower.get(begin..)?.find("</title").map_or(page.len(), |end| begin + end);
            return page.get(begin..end);
        }
        at += 1;
    }
    None
}

/// Whether this is the start tag of `name`.
fn opens(rest: &str, name: &str) -> bool {
    rest.get(1..)
        .and_then(|rest| rest.strip_prefix(name))
        .is_some_and(|rest| rest.starts_with(['>', '/']) || rest.starts_with(char::is_whitespace))
}

/// Character references that titles really hold; others stay as they are written.
fn resolve(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((reference(&rest[1..end])?, end))) {
            Some((char, end)) => {
                out.push(char);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|char| *char != '\0');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "middot" => '\u{b7}',
        "mdash" => '\u{2014}',
        "ndash" => '\u{2013}',
        "ldquo" => '\u{201c}',
        "rdquo" => '\u{201d}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_real_title_is_found() {
        let page = "<!-- <title>no</title> --><head><script>'<title>no</title>'</script>\
            <svg><title>icon</title></svg><TITLE data-x=1>\n 周口市&nbsp;人民政府 &amp;\n &#x95E8;户 &x; </TITLE>";
        assert_eq!(title(page), "周口市 人民政府 & 门户 &x;");
    }

    #[test]
    fn broken_pages_have_no_title_or_what_there_is_of_one() {
        assert_eq!(title(""), "");
        assert_eq!(title("<titles>no</titles>"), "");
        assert_eq!(title("<title"), "");
        assert_eq!(title("<title>half"), "half");
        assert_eq!(title("<script>never closed <title>no</title>"), "");
        assert_eq!(title(&format!("<title>{}", "<".repeat(1 << 20))).chars().count(), LONGEST);
    }
}
