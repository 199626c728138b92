//! Resident identity numbers (GB 11643-1999) and what looks like them: unified social credit codes (GB 32100-2015).

use super::{
    list::{Known, known},
    run::Number,
};
use chrono::{Datelike as _, NaiveDate};

/// Weights of the digits, and the check characters by the sum modulo 11 (GB 11643-1999, 4.2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";
/// The signs of credit codes in the order of their values (GB 32100-2015, table 2).
const CREDIT_SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Births that are believed.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2030;
/// Hidden places from which on a mask is enough.
const HIDDEN: usize = 4;

/// What eighteen signs may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// No identity number.
    Other,
    /// Region and birth are those of a person, the check digit is not: a series of numbers that are made in the same way.
    Near,
    /// An identity number, if the words around agree: the region has no counties, or the birth is recent, as in numbers
    /// that a program makes of a region, a day and a count.
    Doubtful,
    /// An identity number.
    Valid,
}

/// What eighteen signs are, looked at by themselves.
pub(super) fn look(number: &Number) -> Look {
    let (signs, Some(known)) = (number.signs(), known()) else { return Look::Other };
    let Some((body, check)) = signs.split_at_checked(17) else { return Look::Other };
    let &[check] = check else { return Look::Other };
    if !body.iter().all(u8::is_ascii_digit) || !region(number.value(0, 6), known) {
        return Look::Other;
    }
    let Some(birth) = birth(number.value(6, 10), number.value(10, 12), number.value(12, 14)) else {
        return Look::Other;
    };
    if check_character(body) != Some(check) {
        return Look::Near;
    }
    if number.value(14, 17) == 0 || is_sample(signs, known) {
        return Look::Other;
    }
    let code = number.value(0, 6);
    let made = code.is_multiple_of(100) && !known.identity.whole.contains(&code);
    let recent = u32::try_from(birth.year()).is_ok_and(|year| year >= known.identity.recent);
    if made || recent { Look::Doubtful } else { Look::Valid }
}

/// The check character of seventeen digits.
pub(super) fn check_character(digits: &[u8]) -> Option<u8> {
    let sum: u32 =
        digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit & 0xf) * weight).sum();
    CHECKS.get(usize::try_from(sum % 11).ok()?).copied()
}

/// Whether fifteen digits may be a number of the old form, which has no check digit.
pub(super) fn is_old(number: &Number) -> bool {
    let (signs, Some(known)) = (number.signs(), known()) else { return false };
    signs.len() == 15
        && signs.iter().all(u8::is_ascii_digit)
        && region(number.value(0, 6), known)
        && birth(1900 + number.value(6, 8), number.value(8, 10), number.value(10, 12)).is_some()
        && number.value(12, 15) != 0
        && !is_sample(signs, known)
}

/// Whether eighteen signs are an identity number of which too little is hidden: fewer than four places, so that there are
/// few numbers it may be.
pub(super) fn is_short_mask(number: &Number, hidden: usize) -> bool {
    let (signs, Some(known)) = (number.signs(), known()) else { return false };
    if signs.len() != 18 || !(1..HIDDEN).contains(&hidden) {
        return false;
    }
    let seen = |from: usize, to: usize| {
        let part = signs.get(from..to).unwrap_or_default();
        part.iter().all(u8::is_ascii_digit).then(|| number.value(from, to))
    };
    let within = |value: Option<u32>, range: std::ops::RangeInclusive<u32>| {
        value.is_none_or(|value| range.contains(&value))
    };
    seen(0, 2).is_some_and(|province| known.identity.provinces.contains(&province))
        && within(seen(6, 10), 1900..=2030)
        && within(seen(10, 12), 1..=12)
        && within(seen(12, 14), 1..=31)
        && signs.iter().take(17).all(|sign| *sign != b'X')
}

/// Whether eighteen digits are a unified social credit code; those of firms have letters and never come here.
pub(super) fn is_credit_code(number: &Number) -> bool {
    let (signs, Some(known)) = (number.signs(), known()) else { return false };
    let kind = signs.get(..2).unwrap_or_default();
    signs.len() == 18
        && known.credit.kinds.iter().any(|known| known.as_bytes() == kind)
        && known.identity.provinces.contains(&number.value(2, 4))
        && credit_check(signs)
}

/// Weights are the powers of three, modulo 31 (GB 32100-2015, appendix A).
fn credit_check(signs: &[u8]) -> bool {
    let value = |sign: &u8| CREDIT_SIGNS.iter().position(|known| known == sign);
    let (mut sum, mut weight) = (0, 1);
    for sign in signs.iter().take(17) {
        let Some(value) = value(sign) else { return false };
        sum = (sum + value * weight) % 31;
        weight = weight * 3 % 31;
    }
    signs.last().and_then(value) == Some((31 - sum) % 31)
}

/// Six digits that may be a region: provinces, cities up to 70 or 90 (administered by the province), counties.
fn region(code: u32, known: &Known) -> bool {
    let (province, city) = (code / 10_000, code / 100 % 100);
    known.identity.provinces.contains(&province)
        && !code.is_multiple_of(10_000)
        && (matches!(city, 1..=70 | 90) || matches!(province, 71 | 81..=83))
}

fn birth(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|year| YEARS.contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

fn is_sample(signs: &[u8], known: &Known) -> bool {
    known.identity.samples.iter().any(|sample| sample.as_bytes() == signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Look {
        look(&Number::of(text.as_bytes()))
    }

    #[test]
    fn the_standards_own_number_has_the_right_check_character() {
        assert!(check_character(b"11010519491231002") == Some(b'X'));
        assert!(check_character(b"44052418800101001") == Some(b'4'));
        assert!(of("11010519491231002X") == Look::Other, "but it is nobody's");
    }

    #[test]
    fn numbers_are_judged_by_region_birth_and_check() {
        for (body, look) in [
            ("41272719800203101", Look::Valid),
            ("41162319491231002", Look::Valid),
            ("65900119990228001", Look::Valid),
            ("81000019900307001", Look::Other),
            ("44190019850607001", Look::Valid),
            ("41160019850607001", Look::Doubtful),
            ("41162320150607001", Look::Doubtful),
            ("41272719800230101", Look::Other),
            ("41272718990203101", Look::Other),
            ("41272720310203101", Look::Other),
            ("41272719801303101", Look::Other),
            ("41272719800203000", Look::Other),
            ("99272719800203101", Look::Other),
            ("41882719800203101", Look::Other),
            ("41000019800203101", Look::Other),
            ("11111111111111111", Look::Other),
        ] {
            let check = check_character(body.as_bytes()).unwrap();
            assert!(of(&format!("{body}{}", check as char)) == look, "{body}");
            let wrong = if check == b'1' { b'2' } else { b'1' };
            let near = if body.ends_with("000") || look != Look::Other { Look::Near } else { look };
            assert!(of(&format!("{body}{}", wrong as char)) == near, "{body}, wrong check");
        }
        assert!(of("4127271980020310") == Look::Other && of("") == Look::Other);
        assert!(of("4127271980020310XX") == Look::Other);
    }

    #[test]
    fn credit_codes_are_known_by_their_own_check() {
        assert!(credit_check(b"91350100M000100Y43"));
        assert!(!credit_check(b"91350100M000100Y44") && !credit_check(b"91350100I000100Y43"));
        let mut codes = 0;
        for serial in 100_000_000..100_000_200 {
            codes +=
                u32::from(is_credit_code(&Number::of(format!("12411600{serial}3").as_bytes())));
        }
        // those of institutions in Zhoukou with the same check sign: one in 31
        assert!((2..20).contains(&codes), "{codes}");
    }

    #[test]
    fn masks_of_four_and_more_places_are_enough() {
        let short = |text: &str| {
            let hidden = text.bytes().filter(|sign| *sign == b'*').count();
            is_short_mask(&Number::of(text.as_bytes()), hidden)
        };
        for text in ["41272719800203101*", "412727198002031***", "41****19800203101X"] {
            assert_eq!(short(text), text.matches('*').count() < 4, "{text}");
        }
        for text in
            ["41272719800203****", "412727********1012", "992727198002031**1", "4127271980****101X"]
        {
            assert!(!short(text), "{text}");
        }
        assert!(!short("412727198042031**1") && !short("41272719801332*1*1"));
    }
}
