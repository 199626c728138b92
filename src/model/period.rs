//! Calendar quarters in Asia/Shanghai, written `2026Q3`.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};

/// Asia/Shanghai: UTC+8, without daylight saving since 1991.
pub const SHANGHAI: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(offset) => offset,
    None => panic!("eight hours are an offset"),
};

/// The date on the wall in Zhoukou.
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&SHANGHAI).date_naive()
}

/// A quarter of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    /// The year.
    pub year: i32,
    /// 1 to 4.
    pub quarter: u32,
}

impl Quarter {
    /// The quarter a moment falls in, on the wall in Zhoukou.
    pub fn of(at: DateTime<Utc>) -> Self {
        let date = local_date(at);
        Self { year: date.year(), quarter: date.month0() / 3 + 1 }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.year, self.quarter)
    }
}

impl FromStr for Quarter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once(['Q', 'q']);
        let parsed = parts.and_then(|(y, q)| Some((y.parse().ok()?, q.parse().ok()?)));
        match parsed {
            Some((year, quarter @ 1..=4)) => Ok(Self { year, quarter }),
            _ => Err(format!("`{text}` is not a quarter; write it as 2026Q3")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_year_comes_eight_hours_early() {
        let at = "2026-09-30T16:00:00Z".parse().unwrap();
        assert_eq!(Quarter::of(at), "2026Q4".parse().unwrap());
        assert!("2026Q5".parse::<Quarter>().is_err());
    }
}
