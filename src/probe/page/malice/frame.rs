//! Frames that nobody sees and no script opens, to a foreign host.

use super::host::{Own, of_address};
use crate::markup::Tag;

/// The host that a hidden frame shows; `None` for a frame that is seen, may be shown, or is no foreign one.
pub(super) fn hidden(tag: Tag<'_>, own: &Own) -> Option<String> {
    let inside = tag.inside();
    if !inside.contains("//") {
        return None;
    }
    let address = tag.attribute(if tag.is("object") { "data" } else { "src" })?;
    let host = of_address(address.trim()).and_then(|host| own.foreign(&host))?;
    // sound and film need no place to be heard
    if tag.is("object") && !tag.attribute("type").is_some_and(|kind| kind.contains("html")) {
        return None;
    }
    is_hidden(tag).then_some(host)
}

fn is_hidden(tag: Tag<'_>) -> bool {
    let style = tag.attribute("style").unwrap_or_default().to_ascii_lowercase();
    let size = |name: &str| {
        let by_style = declared(&style, name).map(pixels);
        by_style.or_else(|| tag.attribute(name).map(|value| pixels(value.trim())))
    };
    let (width, height) = (size("width"), size("height"));
    let none = |size: Option<Option<u32>>| matches!(size, Some(Some(0 | 1)));
    // a script may give it a size, or show it
    let named = ["id", "name", "class", "onload"].iter().any(|name| tag.attribute(name).is_some());
    let both = none(width) && none(height);
    let one = none(width) || none(height);
    let gone = declared(&style, "display").is_some_and(|value| value.starts_with("none"))
        || declared(&style, "visibility").is_some_and(|value| value.starts_with("hidden"))
        || ["left", "top", "margin-left", "margin-top"]
            .iter()
            .any(|name| declared(&style, name).is_some_and(is_far));
    both || !named && (one || gone)
}

/// The value that a style declares.
fn declared<'s>(style: &'s str, name: &str) -> Option<&'s str> {
    style.split(';').take(50).find_map(|declaration| {
        let (key, value) = declaration.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

/// So far to the left or above that no screen shows it.
fn is_far(value: &str) -> bool {
    value.strip_prefix('-').and_then(pixels).is_some_and(|pixels| pixels >= 999)
}

/// A length in pixels; `None` for another unit.
fn pixels(value: &str) -> Option<u32> {
    let digits = value.strip_suffix("px").unwrap_or(value).trim();
    let digits = digits.strip_suffix("!important").unwrap_or(digits).trim();
    let digits = digits.strip_suffix("px").unwrap_or(digits);
    digits.parse().ok()
}
