//! Values of style declarations: lengths in pixels, numbers, colours.

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

/// How far two colours may be apart, in each part, and still be one to the eye.
const APART: u8 = 6;

/// What a colour is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Colour(Colour),
    Transparent,
}

impl Colour {
    /// One cannot be read on the other.
    pub(super) fn is_like(self, other: Self) -> bool {
        self.0.iter().zip(other.0).all(|(one, other)| one.abs_diff(other) <= APART)
    }
}

/// A length in pixels, in lower case: `-9999px`, `0`, `2em`; `None` for what depends on the window, and for words.
pub(super) fn length(value: &str) -> Option<f32> {
    let (number, unit) = split(value)?;
    let scale = match unit {
        "" | "px" => 1.0,
        "em" | "rem" => 16.0,
        "pt" => 4.0 / 3.0,
        "ex" => 8.0,
        "cm" => 38.0,
        "mm" => 3.8,
        "in" => 96.0,
        // far beyond any window
        "%" | "vw" | "vh" if number.abs() >= 1_000.0 => 10.0,
        "%" | "vw" | "vh" if number == 0.0 => 1.0,
        _ => return None,
    };
    Some(number * scale)
}

/// A plain number, or one in the hundred.
pub(super) fn number(value: &str) -> Option<f32> {
    match split(value)? {
        (number, "") => Some(number),
        (number, "%") => Some(number / 100.0),
        _ => None,
    }
}

/// The number and its unit.
fn split(value: &str) -> Option<(f32, &str)> {
    let value = value.trim();
    let end = value
        .find(|char: char| !(char.is_ascii_digit() || matches!(char, '.' | '-' | '+')))
        .unwrap_or(value.len());
    let number = value.get(..end)?.parse().ok()?;
    Some((number, value.get(end..)?.trim()))
}

/// A colour as it is written, in lower case.
pub(super) fn paint(value: &str) -> Option<Paint> {
    let value = value.trim();
    if let Some(hex) = value.strip_prefix('#') {
        return hexadecimal(hex);
    }
    if let Some(inside) = value.strip_prefix("rgb").and_then(|rest| rest.split_once('(')) {
        return parts(inside.1.trim_end_matches(')'));
    }
    let [red, green, blue] = match value {
        "transparent" => return Some(Paint::Transparent),
        "white" => [255, 255, 255],
        "black" => [0, 0, 0],
        "red" => [255, 0, 0],
        "green" => [0, 128, 0],
        "blue" => [0, 0, 255],
        "yellow" => [255, 255, 0],
        "gray" | "grey" => [128, 128, 128],
        "silver" => [192, 192, 192],
        "snow" => [255, 250, 250],
        "ivory" => [255, 255, 240],
        "whitesmoke" => [245, 245, 245],
        _ => return None,
    };
    Some(Paint::Colour(Colour([red, green, blue])))
}

fn hexadecimal(hex: &str) -> Option<Paint> {
    let digit = |at: usize| hex.as_bytes().get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let part = |at: usize| -> Option<u8> {
        let (high, low) = if hex.len() < 6 { (at, at) } else { (2 * at, 2 * at + 1) };
        u8::try_from(16 * digit(high)? + digit(low)?).ok()
    };
    if !matches!(hex.len(), 3 | 4 | 6 | 8) {
        return None;
    }
    let colour = Colour([part(0)?, part(1)?, part(2)?]);
    let clear = matches!(hex.len(), 4 | 8) && part(3)? == 0;
    Some(if clear { Paint::Transparent } else { Paint::Colour(colour) })
}

/// `255, 255, 255, 0`
fn parts(inside: &str) -> Option<Paint> {
    let mut parts = inside
        .split(|char: char| matches!(char, ',' | '/') || char.is_ascii_whitespace())
        .filter(|part| !part.is_empty());
    let mut colour = [0; 3];
    for place in &mut colour {
        *place = parts.next()?.parse().ok()?;
    }
    match parts.next().and_then(number) {
        Some(alpha) if alpha <= 0.0 => Some(Paint::Transparent),
        _ => Some(Paint::Colour(Colour(colour))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_pixels() {
        for (value, pixels) in [
            ("-9999px", Some(-9999.0)),
            ("0", Some(0.0)),
            (" 2 em", Some(32.0)),
            ("-100%", None),
            ("-9999%", Some(-99_990.0)),
            ("auto", None),
            ("", None),
            ("-", None),
            ("1-2", None),
            (".5px", Some(0.5)),
        ] {
            assert_eq!(length(value), pixels, "{value}");
        }
    }

    #[test]
    fn colours_are_compared_as_eyes_do() {
        let colour = |value| match paint(value) {
            Some(Paint::Colour(colour)) => colour,
            other => panic!("{value}: {other:?}"),
        };
        assert!(colour("#fff").is_like(colour("rgb(254, 255,253)")));
        assert!(colour("white").is_like(colour("#fffffe")));
        assert!(!colour("#fff").is_like(colour("#eee")));
        for clear in ["transparent", "rgba(0,0,0,0)", "#00000000", "rgb(1 2 3 / 0)", "#fff0"] {
            assert_eq!(paint(clear), Some(Paint::Transparent), "{clear}");
        }
        for none in ["#ff", "inherit", "", "rgb(", "#\u{4e2d}", "#ggg", "rgb(300,0,0)"] {
            assert_eq!(paint(none), None, "{none}");
        }
    }
}
