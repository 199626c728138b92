//! The filters of our own: dates as officials write them, and lists.

use chrono::{DateTime, NaiveDate};
use minijinja::{Environment, Error, Value};
use xuncha_model::period::SHANGHAI;

/// `2026年12月4日`
const DATE: &str = include_str!("date.fmt");
/// `2026年12月4日 08:00`
const DATETIME: &str = include_str!("datetime.fmt");
/// Stands between the elements of a list.
const JOIN: &str = include_str!("join.fmt");

/// The parts of a file as the program names them, and as people do; `#` stands for a number.
const PARTS: &str = include_str!("parts.tsv");

/// Adds them.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("date", |value: &Value| shown(value, DATE));
    environment.add_filter("datetime", |value: &Value| shown(value, DATETIME));
    environment.add_filter("join", join);
    environment.add_filter("readable", readable);
    environment.add_filter("part", part);
}

/// A moment or a day; anything else is shown as it is.
fn shown(value: &Value, format: &str) -> Value {
    let Some(text) = value.as_str() else { return value.clone() };
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return moment.with_timezone(&SHANGHAI).format(format.trim_end()).to_string().into();
    }
    match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) => day.format(DATE.trim_end()).to_string().into(),
        Err(_) => value.clone(),
    }
}

/// A domain name, or each of a list of them, as people read it: `xn--` labels in Chinese characters.
fn readable(value: &Value) -> Value {
    match value.as_str() {
        Some(name) => idna::domain_to_unicode(name).0.into(),
        None => match value.try_iter() {
            Ok(names) => names.map(|name| readable(&name)).collect::<Vec<_>>().into(),
            Err(_) => value.clone(),
        },
    }
}

/// A part of a file, each member of an archive by itself: `page 3` as people say it.
fn part(value: &str) -> String {
    let shown = |name: &str| {
        let number = name.trim_start_matches(|char: char| !char.is_ascii_digit());
        let word = name.strip_suffix(number).unwrap_or(name).trim_end();
        let known = PARTS.lines().filter_map(|line| line.split_once('\t'));
        let known = known.into_iter().find(|(known, _)| *known == word);
        known.map_or_else(|| name.to_owned(), |(_, shown)| shown.replace('#', number))
    };
    value.split('/').map(shown).collect::<Vec<_>>().join("/")
}

fn join(value: &Value, between: Option<String>) -> Result<Value, Error> {
    if value.is_undefined() || value.is_none() {
        return Ok(value.clone());
    }
    let between = between.unwrap_or_else(|| JOIN.trim_end().to_owned());
    let parts: Vec<String> = value.try_iter()?.map(|part| part.to_string()).collect();
    Ok(parts.join(&between).into())
}
