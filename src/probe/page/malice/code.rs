//! The code of a script: signs of miners and thieves, redirects, hidden frames, hidden addresses.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Found, SNIPPET, frame,
    host::{Own, of_address, owner},
    list::{SCRIPTS, list},
    packed, redirect,
    reveal::{Revealed, reveal},
    shown,
};
use crate::{
    markup::{Token, Tokens},
    page::{needles::Needles, written::written},
};

/// Layers of encoding that are undone, and texts of them that are looked at.
const DEEPEST: u8 = 3;
const MOST_LAYERS: usize = 40;
/// Bytes of a script in which hidden addresses are looked for.
const MOST_BYTES: usize = 64 << 10;

/// Without one of these a script asks nobody where he comes from, and hides nothing.
pub(super) const WORDS: &[&str] = &[
    "referrer",
    "pider",
    "ooglebot",
    "ingbot",
    "lurp",
    "fromCharCode",
    "unescape(",
    "decodeURI",
    "atob",
    " _0x",
    "(_0x",
    "[_0x",
    ",_0x",
    "=_0x",
    packed::MARK,
    "\\x68",
    "\\x2f",
    "\\x2F",
    "\\x3c",
    "\\x3C",
    "\\u00",
    "reverse()",
    "'h'+",
    "\"h\"+",
    "'ht'+",
    "\"ht\"+",
    "'//'+",
    "iframe",
    "IFRAME",
];

static GATE: LazyLock<Option<Needles>> = LazyLock::new(|| Needles::new(WORDS));

/// The same words and those of the signs: most scripts are looked through for these, and for nothing else.
static ANY: LazyLock<Option<Needles>> = LazyLock::new(|| {
    let signs = list()?.scripts.iter().flat_map(|sign| sign.holds.iter().map(String::as_str));
    Needles::new(&WORDS.iter().copied().chain(signs).collect::<Vec<_>>())
});

/// Code or mark-up that loads from, or leads to, the address that follows.
static TIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let before = r#"(?i)(?:<script[^>]{0,200}?\ssrc\s*=|<iframe[^>]{0,200}?\ssrc\s*=|<meta[^>]{0,100}?url\s*=|\.src\s*=|location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(|getScript\s*\(|importScripts\s*\()"#;
    Regex::new(&format!(r#"{before}[\s"'`\\]*(?P<address>(?:https?:)?//[\w.-]+)"#)).ok()
});

/// Code that loads from, or leads to, an address that it has somewhere.
static ACTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)createElement\s*\(\s*["'](?:script|iframe)|document\.write|location(?:\.href)?\s*=[^=]|location\.(?:replace|assign)\s*\(|\.src\s*=|getScript|importScripts"#).ok()
});

/// The whole of a script or a frame encoded, blanks and all: an idiom of statistics encodes the brackets alone.
static WHOLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)%3c(?:script|iframe)%20[^'\x22]{0,200}?%3d").ok());

/// An address and nothing else.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:https?:)?//[\w.-]+(?::\d+)?(?:[/?#][^\s<>]*)?\s*$").ok()
});

/// Whether a script is worth a closer look.
pub(super) fn may_be_malicious(code: &str) -> bool {
    ANY.as_ref().is_some_and(|any| any.is_match(code))
}

/// What is malicious in a script.
pub(super) fn malicious(code: &str, own: &Own) -> Vec<Found> {
    let mut found = signed(code, own);
    if !GATE.as_ref().is_some_and(|gate| gate.is_match(code)) {
        return found;
    }
    found.extend(redirect::redirect(code, own));
    found.extend(framed(code, own));
    let code = code.get(..code.floor_char_boundary(MOST_BYTES)).unwrap_or_default();
    found.extend(hidden(code, own));
    found
}

/// What the signs of the list tell.
fn signed(code: &str, own: &Own) -> Vec<Found> {
    let (Some(list), Some(gate)) = (list(), SCRIPTS.as_ref()) else { return Vec::new() };
    let may_fit = gate.may_fit(code);
    let signs = list.scripts.iter().enumerate().filter(|(at, _)| may_fit(*at));
    signs
        .filter_map(|(_, sign)| {
            let hit = sign.pattern.captures(code)?;
            let host = match hit.name("host") {
                Some(host) => own.foreign(host.as_str())?,
                None => String::new(),
            };
            let at = hit.get(0).map_or(0, |all| all.start());
            let snippet = shown(code.get(at..).unwrap_or_default());
            Some(Found { kind: list.known(&sign.kind), host, snippet })
        })
        .collect()
}

/// A hidden frame that a script writes.
fn framed(code: &str, own: &Own) -> Option<Found> {
    if !(code.contains("iframe") || code.contains("IFRAME")) {
        return None;
    }
    Tokens::new(&written(code)).find_map(|token| match token {
        Token::Start(tag) if tag.is("iframe") => {
            let host = frame::hidden(tag, own)?;
            let snippet = shown(&format!("<iframe {}", tag.inside()));
            Some(Found { kind: "zero-frame", host, snippet })
        }
        _ => None,
    })
}

/// A script that the handler of a picture makes, of a foreign host.
pub(super) fn loads(code: &str, own: &Own) -> Option<Found> {
    let makes =
        code.contains("createElement") || code.contains("getScript") || code.contains("<script");
    if !makes {
        return None;
    }
    let (host, _) = tied(code).find_map(|it| Some((own.foreign(&it)?, it)))?;
    Some(Found { kind: "loader", host, snippet: shown(code) })
}

/// The hosts that code or mark-up loads from or leads to.
fn tied(text: &str) -> impl Iterator<Item = String> {
    let hits = TIED.as_ref().into_iter().flat_map(|tied| tied.captures_iter(text));
    hits.take(50).filter_map(|hit| of_address(hit.name("address")?.as_str()))
}

/// A foreign host whose name a script hides before it loads from there or leads there.
fn hidden(code: &str, own: &Own) -> Option<Found> {
    let mut layers = vec![(code.to_owned(), 0)];
    let mut looked = 0;
    while let Some((text, level)) = layers.pop() {
        looked += 1;
        if level > 0 {
            let beyond = |host: String| own.foreign(&host).filter(|host| conceals(code, host));
            if let Some(host) = tied(&text).find_map(beyond) {
                return Some(told(code, &text, host));
            }
        }
        let revealed = reveal(&text);
        if let Some((host, shown)) = revealed_host(&text, &revealed, own) {
            return Some(told(code, shown, host));
        }
        if level == DEEPEST || looked + layers.len() >= MOST_LAYERS {
            continue;
        }
        layers.extend(packed::unpacked(&text).map(|unpacked| (unpacked, level + 1)));
        let room = MOST_LAYERS.saturating_sub(looked + layers.len());
        let deeper = revealed.texts.into_iter().filter(|it| is_code(it) && *it != text);
        layers.extend(deeper.take(room).map(|it| (it, level + 1)));
    }
    None
}

/// A foreign host in the strings of a text that the text itself does not show, and the string that holds it.
fn revealed_host<'r>(text: &str, revealed: &'r Revealed, own: &Own) -> Option<(String, &'r str)> {
    let named = |name: &str| revealed.names.lines().any(|line| line == name);
    let acts = ACTS.as_ref().is_some_and(|acts| acts.is_match(text))
        || named("script") && named("src")
        || named("location")
        || named("href") && named("window");
    revealed.texts.iter().find_map(|it| {
        let hidden = |host: String| own.foreign(&host).filter(|host| conceals(text, host));
        if let Some(host) = tied(it).find_map(hidden) {
            return Some((host, it.as_str()));
        }
        let address = acts && ADDRESS.as_ref().is_some_and(|address| address.is_match(it));
        let host = of_address(it.trim()).filter(|_| address).and_then(hidden)?;
        Some((host, it.as_str()))
    })
}

/// Whether a text keeps a host from being read.
fn conceals(text: &str, host: &str) -> bool {
    let owner = owner(host).as_bytes();
    let clear = text.as_bytes().windows(owner.len()).any(|it| it.eq_ignore_ascii_case(owner));
    !clear || WHOLE.as_ref().is_some_and(|whole| whole.is_match(text))
}

/// Whether a string is code or mark-up that may hide another one.
fn is_code(text: &str) -> bool {
    [
        "eval",
        "document.",
        "unescape",
        "fromCharCode",
        "atob",
        packed::MARK,
        "createElement",
        "<script",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// The code as it stands, and what it hides.
fn told(code: &str, hidden: &str, host: String) -> Found {
    let code: String = shown(code).chars().take(SNIPPET / 2 - 5).collect();
    let hidden: String = shown(hidden).chars().take(SNIPPET / 2).collect();
    Found { kind: "loader", host, snippet: format!("{code} ⇒ {hidden}") }
}
