//! Makes text that came from a site harmless for terminals and spreadsheets.

use std::borrow::Cow;

/// The text without control and bidirectional-override characters, for a terminal or a log (threats.md T17).
///
/// Line breaks and tabs become one space, the rest is dropped.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        c if is_hostile(c) => None,
        c => Some(c),
    });
    Cow::Owned(kept.collect())
}

fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// The text as a spreadsheet cell that no program takes for a formula (OWASP ASVS 1.2.10, threats.md T14).
pub fn cell(text: &str) -> String {
    let text = printable(text);
    let first = text.trim_start().chars().next();
    let formula = matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    if formula { format!("'{text}") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_overrides_are_dropped() {
        assert_eq!(printable("a\x1b[31m红\u{9b}\n下\u{202e}x"), "a[31m红 下x");
        assert_eq!(printable("干净"), "干净");
    }

    #[test]
    fn formulas_become_text() {
        for text in ["=1+1", "  @SUM(A1)", "＝cmd", "-2", "\t=x"] {
            assert!(cell(text).starts_with('\''), "{text}");
        }
        assert_eq!(cell("1-2"), "1-2");
    }
}
