//! Scripts and look-alikes: letters of other scripts that pass for Latin ones (UTS #39).

/// Letters of other scripts that look like Latin ones.
const LOOK_ALIKES: &str = "аесорухіјѕһԁԛԝԍьмтвнкгѵαορυνκικτχεωηγ";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Digits, hyphens, marks: they go with every script.
    Common,
    Latin,
    Greek,
    Cyrillic,
    Han,
    Other,
}

fn script(character: char) -> Script {
    match u32::from(character) {
        0x30..=0x39 | 0x2d | 0x5f | 0xb7 | 0x300..=0x36f => Script::Common,
        0x41..=0x5a | 0x61..=0x7a | 0xc0..=0x2af | 0x1e00..=0x1eff | 0x2c60..=0x2c7f => {
            Script::Latin
        }
        0x370..=0x3ff | 0x1f00..=0x1fff => Script::Greek,
        0x400..=0x52f | 0x1c80..=0x1c8f | 0x2de0..=0x2dff | 0xa640..=0xa69f => Script::Cyrillic,
        0x3005
        | 0x3007
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0x20000..=0x3ffff => Script::Han,
        _ => Script::Other,
    }
}

/// More than one script in a label; Chinese with Latin letters is usual and allowed.
pub(super) fn is_mixed(label: &str) -> bool {
    let mut seen: [bool; 5] = [false; 5];
    for character in label.chars() {
        match script(character) {
            Script::Common => {}
            Script::Latin => seen[0] = true,
            Script::Greek => seen[1] = true,
            Script::Cyrillic => seen[2] = true,
            Script::Other => seen[3] = true,
            Script::Han => seen[4] = true,
        }
    }
    let odd = seen[1..4].iter().filter(|seen| **seen).count();
    odd > 1 || (odd == 1 && (seen[0] || seen[4]))
}

/// A label that passes for Latin: letters with marks, or look-alikes of another script.
pub(super) fn is_confusable(label: &str) -> bool {
    let foreign = |character: char| matches!(script(character), Script::Greek | Script::Cyrillic);
    let marked = label.chars().any(|c| !c.is_ascii() && script(c) == Script::Latin);
    let mut looks = label.chars().filter(|c| foreign(*c)).peekable();
    marked || (looks.peek().is_some() && looks.all(|c| LOOK_ALIKES.contains(c)))
}

/// A full-width letter, digit or hyphen, which names are silently mapped from.
pub(super) fn is_full_width(character: char) -> bool {
    matches!(character, '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' | '\u{ff0d}')
}

/// Whether a label holds Chinese characters.
pub(super) fn has_han(label: &str) -> bool {
    label.chars().any(|character| script(character) == Script::Han)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_told_from_honest_labels() {
        assert!(is_mixed("zhоukou") && is_confusable("zhоukou"));
        assert!(!is_mixed("сосо") && is_confusable("сосо"), "wholly Cyrillic");
        assert!(!is_confusable("рыба") && !is_mixed("рыба"));
        assert!(!is_mixed("周口市财政局") && !is_mixed("周口12345") && !is_mixed("周口ktv"));
        assert!(is_mixed("周口бank") && is_mixed("周口ー"));
        assert!(is_confusable("zhöukou"));
        assert!(has_han("周口") && !has_han("zhoukou"));
    }
}
