//! ICP and public-security filing numbers: their form, as `rules/lists/filing-numbers.yaml` describes it.

use std::sync::LazyLock;

use serde::Deserialize;

/// How filing numbers are written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forms {
    provinces: String,
    closing: String,
    pub(super) icp: Form,
    pub(super) police: Form,
}

/// How one kind of number is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    marks: Vec<String>,
    digits: Vec<usize>,
    /// The number of a site may follow: `-1`.
    site: bool,
    pub(super) example: String,
}

/// The list, which is part of the program; a test reads it.
pub(super) static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let text = include_str!("../../../rules/lists/filing-numbers.yaml");
    serde_saphyr::from_str(text).unwrap_or_else(|error| {
        tracing::error!(%error, "the list of filing numbers cannot be read: no number will be accepted");
        Forms::default()
    })
});

impl Forms {
    /// Whether a number is of this form: province, mark, digits, closing, number of the site; spaces do not count.
    pub(super) fn fits(&self, form: &Form, number: &str) -> bool {
        let compact: String =
            number.chars().filter(|character| !character.is_whitespace()).collect();
        let mut characters = compact.chars();
        let province = characters.next().is_some_and(|first| self.provinces.contains(first));
        let rest = characters.as_str();
        let Some(rest) = form.marks.iter().find_map(|mark| rest.strip_prefix(mark.as_str())) else {
            return false;
        };
        let rest = rest.trim_start_matches([':', '\u{ff1a}']);
        let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, rest) = rest.split_at(end);
        let rest = rest.strip_prefix(self.closing.as_str()).unwrap_or(rest);
        let site = |text: &str| {
            (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let closed = rest.is_empty() || (form.site && rest.strip_prefix('-').is_some_and(site));
        province && form.digits.contains(&digits.len()) && closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_that_were_seen_fit() {
        let forms = &*FORMS;
        for number in [
            "京ICP备19014909号",
            "蜀ICP备10014763号",
            "浙ICP备14042003号-1",
            "沪ICP备12004267",
            "豫 ICP 备 05012345 号",
        ] {
            assert!(forms.fits(&forms.icp, number), "{number}");
        }
        for number in [
            "京公网安备11010202007633号",
            "渝公网安备 50019002503055 号",
            "沪公安备：31010102045442号",
        ] {
            assert!(forms.fits(&forms.police, number), "{number}");
        }
    }

    #[test]
    fn other_forms_do_not() {
        let forms = &*FORMS;
        for number in [
            "",
            "ICP备19014909号",
            "豫ICP备1901490号",
            "豫ICP备19014909号-",
            "豫ICP备XXXXXXXX号",
            "豫ICP证19014909号",
        ] {
            assert!(!forms.fits(&forms.icp, number), "{number}");
        }
        for number in ["豫公网安备4116000200012号", "41160002000123"] {
            assert!(!forms.fits(&forms.police, number), "{number}");
        }
    }
}
