//! Literals that a pattern cannot match without: looked for first, all at once, so that few patterns are ever tried.

/// Shortest literal that is worth looking for, in bytes.
const SHORTEST: usize = 2;

/// How deep groups are looked into.
const DEPTH: u8 = 6;

/// Literals of which one must be in every text that a pattern matches; `None` where no such set is seen at a glance.
///
/// Errs on the side of `None`: what is optional, repeated or a class gives no literal.
pub(super) fn needles(pattern: &str) -> Option<Vec<String>> {
    alternatives(pattern, DEPTH)
}

fn alternatives(pattern: &str, depth: u8) -> Option<Vec<String>> {
    let depth = depth.checked_sub(1)?;
    let mut found = Vec::new();
    for branch in branches(pattern) {
        found.extend(of_branch(branch, depth)?);
    }
    Some(found)
}

/// The pattern at its `|` outside groups and classes.
fn branches(pattern: &str) -> Vec<&str> {
    let mut branches = Vec::new();
    let (mut begin, mut at) = (0, 0);
    while let Some(piece) = Piece::at(pattern, at) {
        if let Piece::Bar = piece.0 {
            branches.push(&pattern[begin..at]);
            begin = piece.1;
        }
        at = piece.1;
    }
    branches.push(&pattern[begin..]);
    branches
}

/// The best literals of a pattern without alternatives at its top.
fn of_branch(branch: &str, depth: u8) -> Option<Vec<String>> {
    let mut sets: Vec<Vec<String>> = Vec::new();
    let mut run = String::new();
    let mut at = 0;
    while let Some((piece, end)) = Piece::at(branch, at) {
        let rest = &branch[end..];
        let optional = rest.starts_with(['?', '*', '{']);
        match piece {
            Piece::Letter(letter) if !optional => run.push(letter),
            Piece::Group(inner) if !optional => {
                sets.push(vec![std::mem::take(&mut run)]);
                sets.extend(alternatives(inner, depth));
            }
            _ => sets.push(vec![std::mem::take(&mut run)]),
        }
        if rest.starts_with('+') {
            sets.push(vec![std::mem::take(&mut run)]);
        }
        at = end;
    }
    sets.push(vec![run]);
    let shortest = |set: &Vec<String>| set.iter().map(String::len).min().unwrap_or(0);
    let best = sets.into_iter().max_by_key(shortest)?;
    (shortest(&best) >= SHORTEST).then_some(best)
}

/// A piece of a pattern.
enum Piece<'p> {
    Letter(char),
    /// What is between the brackets of a group, its flags left out.
    Group(&'p str),
    Bar,
    Other,
}

impl<'p> Piece<'p> {
    /// The piece that begins at a byte, and the byte where it ends.
    fn at(pattern: &'p str, at: usize) -> Option<(Self, usize)> {
        let rest = pattern.get(at..)?;
        let first = rest.chars().next()?;
        let after = at + first.len_utf8();
        Some(match first {
            '\\' => {
                let escaped = pattern[after..].chars().next()?;
                let end = after + escaped.len_utf8();
                // letters behind a backslash are classes and anchors
                let piece = if escaped.is_ascii_alphanumeric() {
                    Self::Other
                } else {
                    Self::Letter(escaped)
                };
                (piece, end)
            }
            '(' => {
                let end = closing(pattern, at)?;
                let inner = &pattern[after..end - 1];
                let inner = inner.strip_prefix("?:").unwrap_or(inner);
                let piece = if inner.starts_with('?') { Self::Other } else { Self::Group(inner) };
                (piece, end)
            }
            '[' => (Self::Other, class_end(pattern, at)),
            '{' => (Self::Other, rest.find('}').map_or(pattern.len(), |end| at + end + 1)),
            '|' => (Self::Bar, after),
            '^' | '$' | '.' | '?' | '*' | '+' => (Self::Other, after),
            letter => (Self::Letter(letter), after),
        })
    }
}

/// The byte after the bracket that closes the group at a byte.
fn closing(pattern: &str, at: usize) -> Option<usize> {
    let bytes = pattern.as_bytes();
    let (mut depth, mut at) = (0_usize, at);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => {
                at = class_end(pattern, at);
                continue;
            }
            b'(' => depth += 1,
            b')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The byte after the bracket that closes the class at a byte; classes nest.
fn class_end(pattern: &str, at: usize) -> usize {
    let bytes = pattern.as_bytes();
    let (mut depth, mut at) = (0_usize, at);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => depth += 1,
            b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    pattern.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found_where_they_cannot_be_missed() {
        for (pattern, found) in [
            ("^nginx(?:/([0-9.]+))?$", Some(vec!["nginx"])),
            (r"^ASP\.NET_SessionId$|^\.ASPXAUTH$", Some(vec!["ASP.NET_SessionId", ".ASPXAUTH"])),
            ("^(?:CFID|CFTOKEN)$", Some(vec!["CFID", "CFTOKEN"])),
            ("(?:^|/)(?:jquery[-.]?ui)", Some(vec!["jquery"])),
            ("(?:^|/)(?:(?:jquery\\.)?artDialog)", Some(vec!["artDialog"])),
            ("colou?r", Some(vec!["colo"])),
            ("a{2}bc", Some(vec!["bc"])),
            ("(?:ab|c)", None),
            ("^([0-9.]+)", None),
            ("", None),
            ("(?i)nginx", Some(vec!["nginx"])),
            (r"[^\]()]{1,3}abc", Some(vec!["abc"])),
            ("(abc", None),
            ("[abc", None),
            ("\\", None),
            ("宝塔(?:面板)?", Some(vec!["宝塔"])),
        ] {
            let found: Option<Vec<String>> =
                found.map(|found| found.iter().map(|text| (*text).to_owned()).collect());
            assert_eq!(needles(pattern), found, "{pattern}");
        }
        assert_eq!(needles(&"(".repeat(10_000)), None);
        assert_eq!(needles(&format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000))), None);
    }
}
