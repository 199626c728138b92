//! The form of an index number and of a date in the catalogue (第五条).

use chrono::{Datelike, NaiveDate};

/// Whether an index number is 单位代码-分类号-生成年份-流水号, and its year that of the date; else what is odd.
pub(super) fn index(number: &str, day: Option<NaiveDate>) -> Result<(), &'static str> {
    let number = plain(number);
    let parts: Vec<&str> = number.split('-').collect();
    let [unit, class, year, serial] = parts[..] else { return Err("form") };
    let code =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(code(unit) && code(class) && digits(year) && year.len() == 4 && digits(serial)) {
        return Err("form");
    }
    match day {
        Some(day) if year.parse() != Ok(day.year()) => Err("year"),
        _ => Ok(()),
    }
}

/// The day that `YYYY-MM-DD` names, a time of day after it or not; else what is odd.
pub(super) fn day(date: &str) -> Result<NaiveDate, &'static str> {
    let date = date.trim();
    let (day, time) = date.split_once([' ', 'T']).unwrap_or((date, ""));
    let day = plain(day);
    let formed = day.len() == 10
        && day.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
        && time.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    if !formed {
        return Err("form");
    }
    NaiveDate::parse_from_str(&day, "%Y-%m-%d").map_err(|_| "day")
}

/// Without blanks, every dash (run of dashes) a hyphen: the regulation itself prints both.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for char in text.chars().filter(|char| !char.is_whitespace()) {
        match char {
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{2500}' => {
                if !plain.ends_with('-') {
                    plain.push('-');
                }
            }
            char => plain.push(char),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_numbers_have_four_parts() {
        let of = |year| NaiveDate::from_ymd_opt(year, 11, 22);
        for number in ["J0001-0201-2026-02468", "A—B—2026—1", "a－1–2026-0"] {
            assert_eq!(index(number, of(2026)), Ok(()), "{number}");
            assert_eq!(index(number, None), Ok(()), "{number}");
            assert_eq!(index(number, of(2025)), Err("year"), "{number}");
        }
        for number in [
            "",
            "A-1-2026",
            "A/1/2026/1",
            "A-1-26-1",
            "A-1-2026-1a",
            "A-1-2026-1-1",
            "周-1-2026-1",
            "-1-2026-1",
        ] {
            assert_eq!(index(number, None), Err("form"), "{number}");
        }
    }

    #[test]
    fn dates_are_years_months_and_days() {
        for date in ["2026-11-22", "2026—11—22", " 2026-11-22 09:30:00 ", "2026-11-22T09:30"] {
            assert_eq!(day(date), Ok(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()), "{date}");
        }
        for date in ["2026年11月22日", "2026/11/22", "2026-1-2", "20261122", "2026-11-22 起"] {
            assert_eq!(day(date), Err("form"), "{date}");
        }
        assert_eq!(day("2026-02-30"), Err("day"));
    }
}
