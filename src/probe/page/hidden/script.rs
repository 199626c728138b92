//! What scripts hide: elements by their id, and mark-up and code that they decode before they run it.

use std::sync::LazyLock;

use crate::page::{
    needles::Needles,
    written::{literals, unescaped},
};

/// How often what was decoded is decoded again.
const DEEPEST: usize = 3;
/// Bytes that are decoded of one script.
const MOST: usize = 256 << 10;
/// Numbers in a row from which they may be text.
const ROW: usize = 12;
/// Bytes of a call that hides.
const LONGEST_CALL: usize = 160;
/// Calls that hide, of one script.
const MOST_CALLS: usize = 200;

/// Without one of these nothing is decoded and run.
static CODED: LazyLock<Option<Needles>> =
    LazyLock::new(|| Needles::new(&["eval", "atob(", "fromCharCode", "Function("]));
/// What decoded text must hold to matter.
const MATTERS: &[&str] = &["<a", "<A", "<div", "<DIV", "document.", "href", "style"];

/// What a script decodes: mark-up, or code that writes it.
pub(super) fn decoded(script: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut round, mut bytes) = (vec![script.to_owned()], 0);
    if !is_coded(script) {
        return found;
    }
    for _ in 0..DEEPEST {
        let mut next = Vec::new();
        for text in round {
            for text in once(&text) {
                bytes += text.len();
                if bytes <= MOST && MATTERS.iter().any(|word| text.contains(word)) {
                    next.push(text);
                }
            }
        }
        found.extend(next.iter().cloned());
        next.retain(|text| is_coded(text) || text.contains("unescape("));
        round = next;
        if round.is_empty() {
            break;
        }
    }
    found
}

/// A script that may decode and run something.
pub(super) fn is_coded(script: &str) -> bool {
    CODED.as_ref().is_some_and(|words| words.is_match(script))
}

/// One step of decoding.
fn once(script: &str) -> Vec<String> {
    let mut found = Vec::new();
    if script.contains("fromCharCode") {
        found.push(characters(script));
    }
    let base64 = script.contains("atob(");
    let mut joined = String::new();
    for text in literals(script) {
        if text.len() < 4 {
            continue;
        }
        if base64 && let Some(plain) = from_base64(&text) {
            found.push(plain);
        }
        let plain = if text.contains('%') { unescaped(&text) } else { text.into_owned() };
        if joined.len() + plain.len() <= MOST {
            joined.push_str(&plain);
        }
    }
    found.push(joined);
    found
}

/// What rows of numbers spell: `60,97,32` or `0x3c,0x61`.
fn characters(script: &str) -> String {
    let mut out = String::new();
    let mut row = String::new();
    let mut count = 0;
    let mut flush = |row: &mut String, count: &mut usize| {
        if *count >= ROW && out.len() + row.len() <= MOST {
            out.push_str(row);
        }
        row.clear();
        *count = 0;
    };
    let between = |char: char| !char.is_ascii_alphanumeric();
    let mut rest = script;
    while !rest.is_empty() {
        let end = rest.find(between).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let code = match word.strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => word.parse().ok(),
        };
        match code.and_then(char::from_u32) {
            Some(char) if char != '\0' => {
                row.push(char);
                count += 1;
            }
            _ if word.is_empty() || word == "String" || word == "fromCharCode" => {}
            _ => flush(&mut row, &mut count),
        }
        rest = after.trim_start_matches(between);
    }
    flush(&mut row, &mut count);
    out
}

/// What a text in Base64 (RFC 4648, 4) says; `None` for another text.
fn from_base64(text: &str) -> Option<String> {
    let text = text.trim_end_matches('=');
    if text.len() < 16 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.extend(u8::try_from(bits >> held & 0xff));
        }
        bits &= (1 << held) - 1;
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The ids that a script hides as soon as it is read: in no function and no branch.
pub(super) fn hidden_ids(script: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut rest = script;
    let mut calls = 0;
    while let Some(at) = rest.find(['{', '}', 'g', '$']) {
        let sign = rest.as_bytes().get(at);
        let here = &rest[at..];
        rest = &rest[at + 1..];
        match sign {
            Some(b'{') => depth += 1,
            Some(b'}') => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ => {
                let begins = ["getElementById", "$"];
                let Some(after) = begins.iter().find_map(|it| here.strip_prefix(it)) else {
                    continue;
                };
                calls += 1;
                if calls > MOST_CALLS {
                    break;
                }
                found.extend(hidden_id(after));
            }
        }
    }
    found
}

/// The id in `('x').style.display='none'` or `("#x").hide()`.
fn hidden_id(call: &str) -> Option<&str> {
    let inside = call.trim_start().strip_prefix('(')?.trim_start();
    let quote = inside.chars().next().filter(|char| matches!(char, '\'' | '"'))?;
    let inside = inside.get(1..inside.floor_char_boundary(LONGEST_CALL))?;
    let (id, after) = inside.split_once(quote)?;
    let after = after.trim_start().strip_prefix(')')?.trim_start();
    let id = id.strip_prefix('#').unwrap_or(id);
    let named = id.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-'));
    if id.is_empty() || !named {
        return None;
    }
    // blanks and quotes left out, as far as it takes to tell
    let said = after.chars().filter(|char| !matches!(char, ' ' | '\'' | '"' | '\t'));
    let said: String = said.collect::<String>().to_ascii_lowercase();
    let hides = [
        ".style.display=none",
        ".style.visibility=hidden",
        ".style.csstext=display:none",
        ".style.position=absolute;left:-",
        ".style.left=-9",
        ".style.top=-9",
        ".style.opacity=0;",
        ".setattribute(style,display:none",
        ".hide()",
        ".css(display,none)",
        ".css({display:none",
        ".css(visibility,hidden)",
        ".attr(style,display:none",
    ];
    hides.iter().any(|call| said.starts_with(call)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_mark_up_is_decoded() {
        let numbers: Vec<_> =
            "<a href=http://b.example>x</a>".bytes().map(|byte| byte.to_string()).collect();
        let hex: Vec<_> = "document.write('<div style=display:none>')"
            .bytes()
            .map(|byte| format!("0x{byte:x}"))
            .collect();
        for (script, holds) in [
            (
                format!("document.write(String.fromCharCode({}))", numbers.join(",")),
                "<a href=http://b.example>x</a>",
            ),
            (
                format!("var a=[{}];eval(String.fromCharCode.apply(null,a))", hex.join(", ")),
                "document.write('<div style=display:none>')",
            ),
            (
                "eval(unescape('%3Ca%20href=%22http://b.example%22%3E'))".to_owned(),
                "<a href=\"http://b.example\">",
            ),
            (
                "document.write(atob('PGEgaHJlZj1odHRwOi8vYi5leGFtcGxlPng8L2E+'))".to_owned(),
                "<a href=http://b.example>x</a>",
            ),
            (
                r#"window["eval"]("\x3c\x61 \x68ref=http://b.example>")"#.to_owned(),
                "<a href=http://b.example>",
            ),
            (
                "eval(unescape('eval%28unescape%28%22%253Ca%2520href%253Dx%253E%22%29%29; document.'))"
                    .to_owned(),
                "<a href=x>",
            ),
        ] {
            let all = decoded(&script);
            assert!(all.iter().any(|text| text.contains(holds)), "{script}: {all:?}");
        }
        for script in
            ["", "document.write('<a href=x>')", "eval('1+1')", "eval(x,1,2,3)", "atob('!!')"]
        {
            assert!(decoded(script).is_empty(), "{script}");
        }
    }

    #[test]
    fn hidden_ids_are_told() {
        for script in [
            "document.getElementById('x').style.display='none';",
            "document.getElementById( \"x\" ) . style.display = \"none\"",
            "$('#x').hide();",
            "jQuery;$(\"#x\").css('display', 'none')",
            "var a={};document.getElementById('x').style.visibility='hidden'",
            "document.getElementById('x').setAttribute('style','display:none')",
        ] {
            let script = script.replace(" . style", ".style");
            assert_eq!(hidden_ids(&script), ["x"], "{script}");
        }
        for script in [
            "function close(){document.getElementById('x').style.display='none'}",
            "document.getElementById('x').style.display='block'",
            "document.getElementById('x'+i).style.display='none'",
            "document.getElementById(x).style.display='none'",
            "if(a){$('#x').hide()}",
            "$('#x').click(function(){$('#y').hide()})",
            "$('#x .y').hide()",
            "$",
            "getElementById('",
        ] {
            assert_eq!(hidden_ids(script), [""; 0], "{script}");
        }
    }

    #[test]
    fn hostile_scripts_end() {
        let begun = std::time::Instant::now();
        for piece in [
            "eval(",
            "atob('",
            "fromCharCode(1,",
            "eval('%41%",
            "$('#",
            "getElementById('x').",
            "{",
            "eval('\\x41'",
            "60,",
            "eval(unescape('<a%25",
        ] {
            let script = format!("eval;fromCharCode;{}", piece.repeat((1 << 19) / piece.len()));
            decoded(&script);
            hidden_ids(&script);
        }
        assert!(begun.elapsed().as_secs() < 20);
    }
}
