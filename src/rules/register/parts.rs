//! The lists of a site: filings, administrators, columns, platforms, maintenance windows, crawl settings.

use chrono::NaiveDate;
use xuncha_model::{
    Severity,
    register::{Administrator, Column, Crawl, Endpoint, Filing, FilingEvent, Window},
};

use super::forms;
use crate::yaml::{Fields, Node, Problems, boolean, choice, list, whole};

const EVENTS: &[(&str, FilingEvent)] = &[
    ("open", FilingEvent::Open),
    ("change", FilingEvent::Change),
    ("close", FilingEvent::Close),
    ("offline", FilingEvent::Offline),
];

/// The elements of a list that could be read.
pub(super) fn each<T>(
    node: Option<&Node>,
    what: &str,
    problems: &mut Problems,
    read: impl Fn(&Node, &mut Problems) -> Option<T>,
) -> Vec<T> {
    let items = node.and_then(|node| list(node, what, problems)).unwrap_or_default();
    items.iter().filter_map(|item| read(item, problems)).collect()
}

/// Notes an end that lies before its beginning.
pub(super) fn in_order<T: PartialOrd>(
    from: Option<T>,
    until: Option<T>,
    at: Option<&Node>,
    problems: &mut Problems,
) {
    if let (Some(from), Some(until), Some(node)) = (from, until, at)
        && until < from
    {
        problems.add(node.place, "`until` lies before `from`", "");
    }
}

/// A filed event (第十三条).
pub(super) fn filing(node: &Node, problems: &mut Problems) -> Option<Filing> {
    let mut fields = Fields::open(node, "the filing", problems)?;
    let event =
        fields.require("event", problems).and_then(|node| choice(node, "event", EVENTS, problems));
    let date = fields.require("date", problems).and_then(|node| forms::day(node, "date", problems));
    let end = fields.take("until");
    let until = end.and_then(|node| forms::day(node, "until", problems));
    if let Some(node) = end {
        if event.is_some_and(|event| event != FilingEvent::Offline) {
            problems.add(node.place, "only an `offline` event has an end", "leave out `until`");
        } else {
            before(date, until, node, problems);
        }
    }
    let number = fields.take("number").and_then(|node| forms::words(node, "number", problems));
    let publicity =
        fields.take("publicity").and_then(|node| forms::web(node, "publicity", problems));
    fields.close(problems);
    Some(Filing { event: event?, date: date?, until, number, publicity })
}

fn before(date: Option<NaiveDate>, until: Option<NaiveDate>, node: &Node, problems: &mut Problems) {
    if date.zip(until).is_some_and(|(date, until)| until < date) {
        problems.add(node.place, "`until` lies before `date`", "");
    }
}

/// A person to be told.
pub(super) fn administrator(node: &Node, problems: &mut Problems) -> Option<Administrator> {
    let mut fields = Fields::open(node, "the administrator", problems)?;
    let name =
        fields.require("name", problems).and_then(|node| forms::words(node, "name", problems));
    let email = fields.take("email").and_then(|node| forms::email(node, problems));
    let phone = fields.take("phone").and_then(|node| forms::phone(node, problems));
    let role = fields.take("role").and_then(|node| forms::words(node, "role", problems));
    let severity =
        |node: &Node, problems: &mut Problems| choice(node, "severity", Severity::WORDS, problems);
    let severities = each(fields.take("severities"), "severities", problems, severity);
    fields.close(problems);
    Some(Administrator { name: name?, email, phone, role, severities })
}

/// A declared column.
pub(super) fn column(node: &Node, problems: &mut Problems) -> Option<Column> {
    let mut fields = Fields::open(node, "the column", problems)?;
    let name =
        fields.require("name", problems).and_then(|node| forms::words(node, "name", problems));
    let url = fields.require("url", problems).and_then(|node| forms::web(node, "url", problems));
    let kind = fields.take("kind").and_then(|node| forms::words(node, "kind", problems));
    fields.close(problems);
    Some(Column { name: name?, url: url?, kind })
}

/// An interaction or service platform.
pub(super) fn endpoint(node: &Node, problems: &mut Problems) -> Option<Endpoint> {
    let mut fields = Fields::open(node, "the platform", problems)?;
    let name =
        fields.require("name", problems).and_then(|node| forms::words(node, "name", problems));
    let url = fields.require("url", problems).and_then(|node| forms::web(node, "url", problems));
    let expect = fields.take("expect").and_then(|node| forms::words(node, "expect", problems));
    fields.close(problems);
    Some(Endpoint { name: name?, url: url?, expect })
}

/// A maintenance window.
pub(super) fn window(node: &Node, problems: &mut Problems) -> Option<Window> {
    let mut fields = Fields::open(node, "the window", problems)?;
    let from =
        fields.require("from", problems).and_then(|node| forms::moment(node, "from", problems));
    let end = fields.require("until", problems);
    let until = end.and_then(|node| forms::moment(node, "until", problems));
    in_order(from, until, end, problems);
    let reason = fields.take("reason").and_then(|node| forms::words(node, "reason", problems));
    fields.close(problems);
    Some(Window { from: from?, until: until?, reason })
}

/// How to crawl; what is absent takes the profile's default.
pub(super) fn crawl(node: &Node, problems: &mut Problems) -> Crawl {
    let Some(mut fields) = Fields::open(node, "the crawl settings", problems) else {
        return Crawl::default();
    };
    let mut number = |name: &'static str, most: i64, problems: &mut Problems| {
        let found = fields.take(name).and_then(|node| whole(node, name, 1, most, problems));
        found.and_then(|number| u32::try_from(number).ok())
    };
    let max_pages = number("max_pages", 1_000_000, problems);
    let max_depth = number("max_depth", 100, problems);
    let interval_ms = number("interval_ms", 3_600_000, problems);
    let render = fields.take("render").and_then(|node| boolean(node, "render", problems));
    fields.close(problems);
    Crawl { max_pages, max_depth, interval_ms, render: render.unwrap_or(false) }
}
