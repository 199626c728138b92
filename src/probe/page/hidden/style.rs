//! What the declarations of a style hide: of a `style` attribute, or of a rule in a style sheet.

use std::borrow::Cow;

use super::{
    technique::{Set, Technique as T},
    value::{Colour, Paint, length, number, paint},
};

/// Bytes of one style, and declarations of it, that are read.
const LONGEST: usize = 4_000;
const MOST: usize = 80;

/// Pixels beyond the left or upper edge from which nothing of a box is seen, by how the box is placed.
const FAR_ABSOLUTE: f32 = 500.0;
const FAR_RELATIVE: f32 = 2_000.0;
const FAR_UNSAID: f32 = 999.0;
/// Pixels from which a part may be seen still.
const NEAR: f32 = 99.0;
/// Pixels beyond the right or lower edge: no window is that large.
const BEYOND: f32 = 10_000.0;
/// Pixels of a box in which nothing can be read.
const TINY: f32 = 2.0;

/// What a style does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Style {
    pub(super) hides: Set,
    /// What it says against hiding: `display:block`.
    pub(super) shows: Set,
    pub(super) colour: Option<Colour>,
    /// The colour behind; nothing where there is a picture.
    pub(super) ground: Option<Colour>,
    /// Something is painted behind: a colour that is not known, or a picture.
    pub(super) painted: bool,
    /// Its height or its width is next to nothing.
    pub(super) small: bool,
}

/// Reads a style.
pub(super) fn read(style: &str) -> Style {
    let style = &style[..style.floor_char_boundary(LONGEST)];
    let plain = plain(style).to_ascii_lowercase();
    let mut said = Said::default();
    for (property, value) in declarations(&plain).take(MOST) {
        said.take(property, value);
    }
    said.style()
}

/// Without comments and escapes: `d/**/isplay` is nothing, `d\69splay` is `display`.
fn plain(style: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(style);
    if style.contains("/*") {
        out = Cow::Owned(without_comments(style));
    }
    if !out.contains('\\') {
        return out;
    }
    let mut plain = String::with_capacity(out.len());
    let mut rest = out.as_ref();
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let (hex, tail) = after.split_at(digits);
        let char = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
        plain.extend(char.filter(|char| *char != '\0'));
        rest = if digits > 0 { tail.strip_prefix(' ').unwrap_or(tail) } else { tail };
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The text with each comment (`/* … */`) left out.
pub(super) fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

/// Property and value, `!important` left out; a semicolon in brackets ends nothing.
fn declarations(style: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut depth = 0_u32;
    let ends = move |char: char| {
        match char {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        char == ';' && depth == 0
    };
    style.split(ends).filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let value = value.split_once('!').map_or(value, |(value, _)| value);
        Some((property.trim(), value.trim()))
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    Absolute,
    Relative,
    Static,
}

/// What the declarations say, the last of each.
#[derive(Debug, Default)]
struct Said {
    display: Option<bool>,
    visibility: Option<bool>,
    opacity: Option<bool>,
    position: Option<Position>,
    sides: [Option<f32>; 4],
    margins: [Option<f32>; 2],
    shift: f32,
    indent: Option<f32>,
    font: Option<f32>,
    colour: Option<Paint>,
    ground: Option<Paint>,
    picture: bool,
    painted: bool,
    width: Option<f32>,
    height: Option<f32>,
    sized: bool,
    overflow: bool,
    depth: Option<f32>,
    clipped: Option<bool>,
    scaled: Option<bool>,
    moves: bool,
}

impl Said {
    fn take(&mut self, property: &str, value: &str) {
        match property {
            "display" => self.display = Some(value == "none"),
            "visibility" => self.visibility = Some(matches!(value, "hidden" | "collapse")),
            "opacity" | "-moz-opacity" | "-khtml-opacity" => {
                self.opacity = number(value).map(|it| it <= 0.01).or(self.opacity);
            }
            "filter" | "-ms-filter" => self.opacity = alpha(value).or(self.opacity),
            "position" => {
                self.position = match value {
                    "absolute" | "fixed" => Some(Position::Absolute),
                    "relative" | "sticky" => Some(Position::Relative),
                    _ => Some(Position::Static),
                }
            }
            "left" => self.sides[0] = length(value).or(Some(0.0)),
            "top" => self.sides[1] = length(value).or(Some(0.0)),
            "right" => self.sides[2] = length(value).or(Some(0.0)),
            "bottom" => self.sides[3] = length(value).or(Some(0.0)),
            "margin-left" => self.margins[0] = length(value).or(Some(0.0)),
            "margin-top" => self.margins[1] = length(value).or(Some(0.0)),
            "margin" => self.margin(value),
            "text-indent" => self.indent = length(value),
            "font-size" => self.font = length(value).or(Some(16.0)),
            "font" => self.font = font(value).or(self.font),
            "color" => self.colour = paint(value),
            "background" | "background-color" | "background-image" => self.background(value),
            "width" | "max-width" => {
                self.width = length(value);
                self.sized = true;
            }
            "height" | "max-height" => {
                self.height = length(value);
                self.sized = true;
            }
            "overflow" | "overflow-x" | "overflow-y" => {
                self.overflow = value.starts_with("hidden") || value.starts_with("clip");
            }
            "z-index" => self.depth = number(value),
            "clip" | "clip-path" | "-webkit-clip-path" => self.clipped = Some(clips(value)),
            "transform" | "-webkit-transform" | "-ms-transform" | "-moz-transform" => {
                self.transform(value);
            }
            _ => self.moves |= property.contains("animation") || property.contains("transition"),
        }
    }

    fn margin(&mut self, value: &str) {
        let mut parts = value.split_whitespace().map(|part| length(part).unwrap_or(0.0));
        let Some(top) = parts.next() else { return };
        let right = parts.next().unwrap_or(top);
        let left = parts.nth(1).unwrap_or(right);
        self.margins = [Some(left), Some(top)];
    }

    fn background(&mut self, value: &str) {
        self.painted = true;
        self.picture |= value.contains("url(") || value.contains("gradient");
        // a colour with blanks in its brackets stands alone, or is not told
        let colour = paint(value).or_else(|| value.split_whitespace().find_map(paint));
        self.ground = colour.or(self.ground);
    }

    fn transform(&mut self, value: &str) {
        let argument = |name: &str| {
            let (_, inside) = value.split_once(name)?;
            inside.split([',', ')']).next()
        };
        let scales = ["scale(", "scalex(", "scaley(", "scale3d("];
        let zero = |inside: &str| number(inside).is_some_and(|it| it.abs() < 0.01);
        self.scaled = Some(scales.iter().filter_map(|name| argument(name)).any(zero));
        let shifts = ["translate(", "translatex(", "translatey(", "translate3d("];
        let shift = shifts.iter().filter_map(|name| argument(name)).filter_map(length);
        self.shift = shift.fold(0.0, f32::min);
    }

    fn style(&self) -> Style {
        let mut style = Style {
            painted: self.painted,
            small: [self.width, self.height].into_iter().flatten().any(|it| it <= TINY),
            ..Style::default()
        };
        if let (Some(Paint::Colour(ground)), false) = (self.ground, self.picture) {
            style.ground = Some(ground);
        }
        let mut say = |technique, hides: Option<bool>| match hides {
            Some(true) => style.hides.add(technique),
            Some(false) => style.shows.add(technique),
            None => {}
        };
        // what moves is on its way to be seen
        say(T::Display, self.display);
        say(T::Visibility, self.visibility.filter(|hides| !(*hides && self.moves)));
        say(T::Opacity, self.opacity.filter(|hides| !(*hides && self.moves)));
        say(T::Scaled, self.scaled.filter(|hides| !(*hides && self.moves)));
        say(T::Clip, self.clipped);
        say(T::Buried, self.depth.map(|depth| depth <= -1.0));
        let off = self.off();
        say(T::Off, off.map(|off| off == Some(T::Off)));
        if off.flatten() == Some(T::Near) && !self.moves {
            say(T::Near, Some(true));
        }
        // a picture in the place of the words
        let indent = self.indent.filter(|_| !self.picture);
        say(T::Indent, indent.map(|it| it <= -FAR_ABSOLUTE || it >= BEYOND));
        say(T::Font, self.font.map(|it| it <= 1.0));
        self.box_size(&mut say);
        match self.colour {
            Some(Paint::Transparent) => say(T::Transparent, Some(!self.picture)),
            Some(Paint::Colour(colour)) => {
                say(T::Transparent, Some(false));
                say(T::Colour, style.ground.map(|ground| ground.is_like(colour)));
                style.colour = Some(colour);
            }
            None => {}
        }
        style
    }

    fn box_size(&self, say: &mut impl FnMut(T, Option<bool>)) {
        let tiny = |side: Option<f32>| side.is_some_and(|it| it <= TINY);
        let none = |side: Option<f32>| side.is_some_and(|it| it <= 0.0);
        let (width, height) = (self.width, self.height);
        let both = tiny(width) && tiny(height);
        let line = (tiny(height) && !none(height)) || (tiny(width) && !none(width));
        if self.overflow && (both || line) {
            say(T::Tiny, Some(true));
        } else if self.overflow && (none(width) || none(height)) {
            say(T::Collapsed, Some(true));
        } else if self.sized && !tiny(width) && !tiny(height) {
            say(T::Tiny, Some(false));
            say(T::Collapsed, Some(false));
        }
    }

    /// Off the screen, or on it; nothing where it is not placed at all.
    fn off(&self) -> Option<Option<T>> {
        let placed = self.sides.iter().chain(&self.margins).any(Option::is_some);
        if !placed && self.shift == 0.0 {
            return None;
        }
        let all = |side: &[Option<f32>]| {
            let sides = side.iter().flatten();
            let (least, most) = (f32::INFINITY, f32::NEG_INFINITY);
            sides.fold((least, most), |(least, most), it| (least.min(*it), most.max(*it)))
        };
        let (least, most) = all(&self.sides);
        let (least_margin, most_margin) = all(&self.margins);
        let (far, beyond) = match self.position {
            Some(Position::Absolute) => (least <= -FAR_ABSOLUTE, most >= BEYOND),
            Some(Position::Relative) => (least <= -FAR_RELATIVE, most >= BEYOND),
            Some(Position::Static) => (false, false),
            None => (least <= -FAR_UNSAID, most >= BEYOND),
        };
        let margin = least_margin <= -FAR_UNSAID || most_margin >= BEYOND;
        if far || beyond || margin || self.shift <= -FAR_RELATIVE {
            return Some(Some(T::Off));
        }
        let near = self.position == Some(Position::Absolute) && least <= -NEAR;
        Some(near.then_some(T::Near))
    }
}

/// `alpha(opacity=0)` of old browsers: whether nothing is left; nothing where it is another filter.
fn alpha(value: &str) -> Option<bool> {
    let (_, after) = value.split_once("opacity")?;
    let after = after.trim_start_matches([' ', '=', ':', '(']);
    let end = after.find(|char: char| !(char.is_ascii_digit() || char == '.'));
    let given: f32 = after.get(..end.unwrap_or(after.len()))?.parse().ok()?;
    Some(given <= 0.01)
}

/// The size in `font: bold 1px/1 serif`.
fn font(value: &str) -> Option<f32> {
    let sizes = value.split_whitespace().map(|part| part.split('/').next().unwrap_or(part));
    let mut sizes = sizes.filter(|size| *size == "0" || size.ends_with(char::is_alphabetic));
    sizes.find_map(length)
}

/// `rect(0,0,0,0)`, `inset(100%)`, `circle(0)` leave nothing.
fn clips(value: &str) -> bool {
    let Some((shape, inside)) = value.split_once('(') else { return false };
    let inside = inside.trim_end_matches(')');
    let mut parts = inside
        .split(|char: char| char == ',' || char.is_ascii_whitespace())
        .filter(|part| !part.is_empty());
    match shape.trim() {
        "rect" => {
            let first = parts.next().and_then(length);
            first.is_some_and(|first| first <= 1.0 && parts.all(|it| length(it) == Some(first)))
        }
        "inset" => parts.next().and_then(number).is_some_and(|it| (0.5..=1.0).contains(&it)),
        "circle" | "ellipse" => parts.next().and_then(length) == Some(0.0),
        "polygon" => inside.contains('0') && parts.all(|it| length(it) == Some(0.0)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hides(style: &str) -> Vec<&'static str> {
        read(style).hides.iter().map(T::id).collect()
    }

    #[test]
    fn what_hides_is_known() {
        for (style, technique) in [
            ("display:none", "display"),
            ("DISPLAY : None !important ;", "display"),
            ("dis/**/play:x;display:/*b*/none", "display"),
            (r"d\69 splay:none", "display"),
            (r"\64isplay:none", "display"),
            ("background:url(a;display:block);display:none", "display"),
            ("visibility:hidden", "visibility"),
            ("opacity:0", "opacity"),
            ("opacity:0.00", "opacity"),
            ("filter:alpha(opacity=0)", "opacity"),
            ("filter:progid:DXImageTransform.Microsoft.Alpha(Opacity=0)", "opacity"),
            ("filter:opacity(0)", "opacity"),
            ("position:absolute;left:-9999px", "off-screen"),
            ("position:fixed;top:-52850px", "off-screen"),
            ("position:absolute;left:-100px", "off-screen"),
            ("position:absolute;left:300000px", "off-screen"),
            ("left:-9999px", "off-screen"),
            ("margin-left:-9999px", "off-screen"),
            ("margin:-9999px 0 0 0", "off-screen"),
            ("margin:0 0 0 300000px", "off-screen"),
            ("transform:translateX(-9999px)", "off-screen"),
            ("text-indent:-9999px", "text-indent"),
            ("text-indent:-999em", "text-indent"),
            ("font-size:0", "font-size"),
            ("font-size:1px", "font-size"),
            ("font:1px/1 arial", "font-size"),
            ("font:0/0 a", "font-size"),
            ("color:transparent", "transparent"),
            ("color:rgba(0,0,0,0)", "transparent"),
            ("color:#fff;background:#ffffff", "colour"),
            ("background-color:white;color:rgb(255,255,255)", "colour"),
            ("height:1px;width:1px;overflow:hidden", "tiny"),
            ("overflow:hidden;width:0;height:0", "tiny"),
            ("overflow:hidden;height:1px", "tiny"),
            ("overflow:hidden;height:0", "collapsed"),
            ("position:absolute;z-index:-1", "buried"),
            ("clip:rect(0,0,0,0)", "clip"),
            ("clip:rect(1px 1px 1px 1px)", "clip"),
            ("clip-path:inset(100%)", "clip"),
            ("clip-path:inset(50%)", "clip"),
            ("clip-path:circle(0)", "clip"),
            ("clip-path:polygon(0 0, 0 0, 0 0)", "clip"),
            ("transform:scale(0)", "scaled"),
            ("-webkit-transform:rotate(3deg) scale(0,0)", "scaled"),
        ] {
            assert_eq!(hides(style), [technique], "{style}");
        }
    }

    #[test]
    fn what_does_not_hide_is_left() {
        for style in [
            "",
            ":",
            ";;;",
            "display",
            "display:block",
            "display:none;display:block",
            "/*display:none",
            "opacity:.9",
            "filter:alpha(opacity=05)",
            "filter:gray",
            "visibility:hidden;animation-name:none",
            "opacity:0;transition:opacity .3s",
            "left:-300px",
            "position:relative;left:-1200px",
            "left:-100%;position:absolute",
            "margin-left:-300px",
            "margin:0 auto",
            "position:static;left:-9999px",
            "text-indent:2em",
            "text-indent:-9999px;background:url(logo.png)",
            "font-size:14px",
            "font-size:.9em",
            "font:400 12px/1.5 arial",
            "color:#fff",
            "color:#fff;background:#fff url(a.png)",
            "color:#333;background:#fff",
            "height:1px",
            "height:0",
            "overflow:hidden;height:200px",
            "z-index:99",
            "clip:auto",
            "clip:rect(0,100px,100px,0)",
            "clip-path:inset(10%)",
            "transform:scale(1.1)",
            "transform:translateX(-50%)",
            "color:\u{767d}\u{8272}",
            "left:-",
            "((((;display:none",
        ] {
            assert_eq!(hides(style), [""; 0], "{style}");
        }
    }

    #[test]
    fn hostile_styles_end() {
        let begun = std::time::Instant::now();
        for piece in ["/*", "(", ";", ":", "\\", "a:b;", "margin:1 ", "rgb(", "\\4e2d", "\u{4e2d}"]
        {
            let style = piece.repeat((1 << 20) / piece.len());
            read(&style);
            without_comments(&style);
        }
        assert!(begun.elapsed().as_secs() < 10);
    }
}
