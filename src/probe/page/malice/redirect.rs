//! Where a script leads its reader, and whether it asks first where the reader comes from.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Found, SNIPPET,
    host::{Own, of_address},
    list::list,
    shown,
};
use crate::{
    markup::{Token, Tokens},
    page::written::written,
};

/// Where a script leads: an address as it stands, or the name of what holds it.
static LEADS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let to = r#"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(|\bopen\s*\(|\.navigate\s*\()\s*"#;
    let what = r#"(?:["'`](?P<address>(?:https?:)?//[\w.-]+)|(?P<name>[A-Za-z_$][\w$]*))"#;
    Regex::new(&format!("{to}{what}")).ok()
});

/// A name that an address was given to.
static HOLDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?P<name>[A-Za-z_$][\w$]*)\s*=\s*["'`](?P<address>(?:https?:)?//[\w.-]+)"#).ok()
});

/// A script that is made and given an address.
static MAKES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\.src\s*=\s*["'`](?P<address>(?:https?:)?//[\w.-]+)"#).ok());

/// Leads readers who come from a search engine to a foreign host, or shows the engine's spiders what it shows nobody else.
pub(super) fn redirect(code: &str, own: &Own) -> Option<Found> {
    let list = list()?;
    let from = code.find("referrer").zip(list.engines.find(code));
    if let Some((asked, engine)) = from {
        let after = asked.max(engine.start());
        if let Some((at, host)) = leads(code, after, own).or_else(|| made(code, after, own)) {
            return Some(found(code, asked.min(engine.start()), at, host));
        }
    }
    let (asked, spider) = code.find("userAgent").zip(list.spiders.find(code))?;
    let after = asked.max(spider.start());
    let before = asked.min(spider.start());
    if let Some((at, host)) = leads(code, after, own) {
        return Some(found(code, before, at, host));
    }
    let pretends = list.missing.is_match(&written(code));
    pretends.then(|| found(code, before, after, String::new()))
}

/// The question and, where there is room, what follows from it.
fn found(code: &str, asked: usize, answered: usize, host: String) -> Found {
    let near = answered.saturating_sub(asked) < SNIPPET / 2;
    let at = if near { asked } else { answered.saturating_sub(SNIPPET / 2) };
    let from = statement(code, code.floor_char_boundary(at));
    Found { kind: "redirect", host, snippet: shown(code.get(from..).unwrap_or_default()) }
}

/// Where the statement begins that this place lies in, if that is near.
fn statement(code: &str, at: usize) -> usize {
    let from = code.floor_char_boundary(at.saturating_sub(SNIPPET / 2));
    let before = code.get(from..at).unwrap_or_default();
    before.rfind([';', '{', '}', '\n']).map_or(from, |end| from + end + 1)
}

/// The first foreign host that a reader is led to after this place.
fn leads(code: &str, after: usize, own: &Own) -> Option<(usize, String)> {
    let foreign = |address: &str| of_address(address).and_then(|host| own.foreign(&host));
    for lead in LEADS.as_ref()?.captures_iter(code).take(50) {
        let at = lead.get(0).map_or(0, |all| all.start());
        if at < after {
            continue;
        }
        let host = match (lead.name("address"), lead.name("name")) {
            (Some(address), _) => foreign(address.as_str()),
            (None, Some(name)) => held(code, name.as_str()).and_then(|address| foreign(&address)),
            (None, None) => None,
        };
        if let Some(host) = host {
            return Some((at, host));
        }
    }
    let at = code.get(after..)?.find("document.write").map(|at| after + at)?;
    hosts_written(&written(code), own).map(|host| (at, host))
}

/// The address that a name was given.
fn held(code: &str, name: &str) -> Option<String> {
    let mut held = HOLDS.as_ref()?.captures_iter(code).take(50);
    let given = held.find(|held| held.name("name").is_some_and(|it| it.as_str() == name))?;
    given.name("address").map(|address| address.as_str().to_owned())
}

/// The foreign host of a script that is made after this place.
fn made(code: &str, after: usize, own: &Own) -> Option<(usize, String)> {
    let makes =
        ["createElement('script", "createElement(\"script"].iter().any(|it| code.contains(it));
    if !makes {
        return None;
    }
    MAKES.as_ref()?.captures_iter(code).take(50).find_map(|made| {
        let at = made.get(0).map_or(0, |all| all.start());
        let host = of_address(made.name("address")?.as_str())?;
        (at >= after).then(|| own.foreign(&host)).flatten().map(|host| (at, host))
    })
}

/// The foreign host of a script or a frame in mark-up that a script writes.
fn hosts_written(markup: &str, own: &Own) -> Option<String> {
    Tokens::new(markup).find_map(|token| match token {
        Token::Start(tag) if tag.is("script") || tag.is("iframe") => {
            let address = tag.attribute("src")?;
            own.foreign(&of_address(address.trim())?)
        }
        _ => None,
    })
}
