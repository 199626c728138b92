//! The title of a page, found in one pass over its beginning.

use crate::{
    markup::{Token, Tokens, resolve},
    privacy::masked,
};

/// How much of a page is looked at, in bytes.
const HEAD: usize = 512 << 10;
/// Longest title kept, in characters.
const LONGEST: usize = 300;

/// The text of the first `<title>`, white space folded, character references resolved, identity numbers masked; empty when
/// there is none.
pub fn title(page: &str) -> String {
    let page = &page[..page.floor_char_boundary(HEAD)];
    // an image has a title of its own
    let mut drawing = false;
    for token in Tokens::new(page) {
        match token {
            Token::Start(tag) if tag.is("svg") => drawing = true,
            Token::End(name) if name.eq_ignore_ascii_case("svg") => drawing = false,
            Token::Raw(name, text) if !drawing && name.eq_ignore_ascii_case("title") => {
                let text = folded(&resolve(text), LONGEST);
                return masked(&text).into_owned();
            }
            _ => {}
        }
    }
    String::new()
}

/// Text with its white space folded, cut at a number of characters.
pub(crate) fn folded(text: &str, longest: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(longest).collect()
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
