//! Addresses that nothing but a date tells apart: the pages of a calendar, which has no end.

use url::Url;

use super::super::list::LIST;

/// The first year a page of a site can be about.
const FIRST_YEAR: u16 = 1990;

/// An address of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    /// Its year lies where no page can be: before 1990, or after next year.
    pub(super) far: bool,
}

/// Whether an address is one of a calendar, and which: what is left of it without the date goes into `rest`.
///
/// A path is one when its only digits are a date: `/2026/11/`, `/2026-11-22.html`, `/20261122/`. Articles have a number
/// besides. Six digits alone are more often a number than a month.
pub(super) fn leaf(url: &Url, this_year: u16, rest: &mut Vec<u8>) -> Option<Leaf> {
    rest.clear();
    let path = url.path().as_bytes();
    let mut year = path_year(path);
    let mut dated = year.is_some();
    if dated {
        rest.extend(path.iter().filter(|byte| !byte.is_ascii_digit()));
    } else {
        rest.extend(path);
    }
    for pair in url.query().unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        rest.push(b'&');
        if LIST.is_date(name) && value.bytes().any(|byte| byte.is_ascii_digit()) {
            rest.extend(name.as_bytes());
            dated = true;
            year = year.or_else(|| value_year(value.as_bytes()));
        } else {
            rest.extend(pair.as_bytes());
        }
    }
    let far = |year: u16| !(FIRST_YEAR..=this_year.saturating_add(1)).contains(&year);
    dated.then(|| Leaf { far: year.is_some_and(far) })
}

/// The year of the date that a path's digits are; `None` when they are anything else.
fn path_year(path: &[u8]) -> Option<u16> {
    let mut runs = [(0, 0); 3];
    let mut count = 0;
    let mut at = 0;
    for run in path.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
        if run.first().is_some_and(u8::is_ascii_digit) {
            *runs.get_mut(count)? = (at, run.len());
            count += 1;
        }
        at += run.len();
    }
    let number = |(from, length): (usize, usize)| number(path.get(from..from + length)?);
    // one character between two runs
    let beside = |a: (usize, usize), b: (usize, usize)| a.0 + a.1 + 1 == b.0;
    match (count, runs) {
        (1, [(from, 8), _, _]) => {
            let (year, month) = (number((from, 4))?, number((from + 4, 2))?);
            is_date(year, month, number((from + 6, 2))?).then_some(year)
        }
        (2, [year @ (_, 4), month @ (_, 1..=2), _]) if beside(year, month) => {
            let (year, month) = (number(year)?, number(month)?);
            is_date(year, month, 1).then_some(year)
        }
        (3, [year @ (_, 4), month @ (_, 1..=2), day @ (_, 1..=2)])
            if beside(year, month) && beside(month, day) =>
        {
            let (year, month) = (number(year)?, number(month)?);
            is_date(year, month, number(day)?).then_some(year)
        }
        _ => None,
    }
}

/// The year that a value begins with.
fn value_year(value: &[u8]) -> Option<u16> {
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    matches!(digits, 4 | 6 | 8).then(|| number(value.get(..4)?)).flatten()
}

fn is_date(year: u16, month: u16, day: u16) -> bool {
    (1900..2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn number(digits: &[u8]) -> Option<u16> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> Option<(bool, String)> {
        let url = Url::parse("http://a.cn").unwrap().join(path).unwrap();
        let mut rest = Vec::new();
        let leaf = leaf(&url, 2026, &mut rest)?;
        Some((leaf.far, String::from_utf8(rest).unwrap()))
    }

    #[test]
    fn dates_alone_make_a_calendar() {
        for path in ["/cal/2026/11/", "/cal/2026/1/", "/cal/2027/12/"] {
            assert_eq!(of(path), Some((false, "/cal///&".to_owned())), "{path}");
        }
        for path in ["/2028-01-05.html", "/1989-12-31.html"] {
            assert_eq!(of(path), Some((true, "/--.html&".to_owned())), "{path}");
        }
        assert_eq!(of("/20261122/?v=a"), Some((false, "//&v=a".to_owned())));
        assert_eq!(
            of("/e.jsp?Year=2031&id=7&month=2"),
            Some((true, "/e.jsp&Year&id=7&month".to_owned()))
        );
        assert_eq!(of("/e.jsp?day=5"), Some((false, "/e.jsp&day".to_owned())));
    }

    #[test]
    fn articles_and_numbers_are_no_calendar() {
        for path in [
            "/art/2026/11/22/art_17_3301.html",
            "/202611/t20261122_4411.html",
            "/info/203511.htm",
            "/info/1085/13.5.htm",
            "/2026/13/",
            "/20261332/",
            "/99999999/",
            "/zwgk/",
            "/e.jsp?year=all",
            "/1/2/3/4/5/6",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
