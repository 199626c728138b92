//! Scripts packed by `eval(function(p,a,c,k,e,d){…})`: words in the place of numbers.

use crate::page::script::{Piece, Pieces};

/// What a packed script holds.
pub(super) const MARK: &str = "p,a,c,k";
/// Bytes of an unpacked script.
const MOST: usize = 128 << 10;
/// Words of its dictionary.
const MOST_WORDS: usize = 20_000;

/// The script that a packed one holds; `None` when it is of another form.
pub(super) fn unpacked(script: &str) -> Option<String> {
    let (_, rest) = script.split_once(MARK)?;
    let at = ["}('", "}(\""].iter().filter_map(|begin| rest.find(begin)).min()?;
    let mut pieces = Pieces::new(rest.get(at + 1..)?);
    let payload = text(&mut pieces)?;
    let base: usize = text(&mut pieces)?.parse().ok().filter(|base| (2..=62).contains(base))?;
    text(&mut pieces)?;
    let words = text(&mut pieces)?;
    let words: Vec<&str> = words.split('|').take(MOST_WORDS).collect();
    let mut out = String::new();
    let mut rest = payload.as_str();
    while !rest.is_empty() && out.len() < MOST {
        let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let begin = rest.find(is_word).unwrap_or(rest.len());
        let (other, after) = rest.split_at(begin);
        let end = after.find(|char| !is_word(char)).unwrap_or(after.len());
        let (word, after) = after.split_at(end);
        out.push_str(other);
        let meant = number(word, base).and_then(|number| words.get(number).copied());
        out.push_str(meant.filter(|meant| !meant.is_empty()).unwrap_or(word));
        rest = after;
    }
    out.truncate(out.floor_char_boundary(MOST));
    Some(out)
}

/// The next string or number, after a bracket or a comma.
fn text(pieces: &mut Pieces<'_>) -> Option<String> {
    match (pieces.next()?, pieces.next()?) {
        (Piece::Open | Piece::Comma, Piece::Text(text, _)) => Some(text.into_owned()),
        _ => None,
    }
}

/// A number as the packer writes it: digits, small letters, capitals.
fn number(word: &str, base: usize) -> Option<usize> {
    if word.is_empty() || word.len() > 4 {
        return None;
    }
    word.bytes().try_fold(0, |number: usize, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            b'A'..=b'Z' => byte - b'A' + 36,
            _ => return None,
        };
        let digit = usize::from(digit);
        (digit < base).then_some(number * base + digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_place_of_numbers() {
        let script = r#"eval(function(p,a,c,k,e,d){while(c--){if(k[c]){p=p}}return p}('0.1("<2 3=\'4\'>");5 b=Z',62,9,'document|write|script|src|x.js|var'.split('|'),0,{}))"#;
        assert_eq!(unpacked(script).unwrap(), "document.write(\"<script src='x.js'>\");var b=Z");
        assert_eq!(
            (number("10", 62), number("A", 62), number("a", 10)),
            (Some(62), Some(36), None)
        );
    }

    #[test]
    fn what_is_not_whole_is_left_alone() {
        for script in ["", "p,a,c,k", "p,a,c,k}('", "p,a,c,k}('a',99,1,'b')", "p,a,c,k}('a',b)"] {
            assert_eq!(unpacked(script), None, "{script}");
        }
        let long = "a".repeat(60_000);
        let script = format!("p,a,c,k}}('{}',36,1,'{long}'.split('|'))", "0 ".repeat(60_000));
        assert!(unpacked(&script).unwrap().len() <= MOST);
    }
}
