//! The `network:` part of the configuration and its flags, for the door and the check of our own line.

use std::{collections::BTreeMap, path::Path, str::FromStr, time::Duration};

use xuncha_net::Config as Door;
use xuncha_rules::yaml::{self, Fields, Node, Place, Problems, Value};

use super::{TIME_HINT, parse_time, set, time};
use crate::args::Global;

/// Lays the `network:` map over the settings.
pub(super) fn apply(
    door: &mut Door,
    references: &mut Vec<String>,
    node: &Node,
    folder: &Path,
    problems: &mut Problems,
) {
    let Some(mut fields) = Fields::open(node, "`network`", problems) else { return };
    if let Some(node) = fields.take("resolver") {
        door.resolver =
            parsed(node, "resolver", "an address with a port, as 10.0.0.53:53", problems);
    }
    if let Some(node) = fields.take("compare_resolvers") {
        door.compare_resolvers =
            list(node, "compare_resolvers", "an address with a port, as 10.0.0.53:53", problems);
    }
    if let Some(node) = fields.take("trust_anchor") {
        let file = yaml::text(node, "trust_anchor", problems);
        door.trust_anchor = file.map(|file| folder.join(file));
    }
    if let Some(node) = fields.take("ca_files") {
        let files = yaml::texts(node, "ca_files", problems);
        door.ca_files = files.iter().map(|file| folder.join(file)).collect();
    }
    if let Some(node) = fields.take("allow_net") {
        door.allow_net = list(node, "allow_net", "a range of addresses, as 10.0.0.0/8", problems);
    }
    if let Some(node) = fields.take("references") {
        *references = yaml::texts(node, "references", problems);
    }
    if let Some(node) = fields.take("map_ports") {
        door.port_map = ports(node, problems);
    }
    let agent = fields.take("user_agent").and_then(|node| yaml::text(node, "user_agent", problems));
    set(&mut door.user_agent, agent);
    times(door, &mut fields, problems);
    sizes(door, &mut fields, problems);
    fields.close(problems);
}

fn times(door: &mut Door, fields: &mut Fields<'_>, problems: &mut Problems) {
    let mut interval = Duration::from_millis(door.interval_ms);
    let settings: [(&'static str, &mut Duration); 8] = [
        ("interval", &mut interval),
        ("retry_after_cap", &mut door.retry_after_cap),
        ("dns_timeout", &mut door.dns_timeout),
        ("connect_timeout", &mut door.connect_timeout),
        ("tls_timeout", &mut door.tls_timeout),
        ("header_timeout", &mut door.header_timeout),
        ("body_timeout", &mut door.body_timeout),
        ("timeout", &mut door.timeout),
    ];
    for (name, setting) in settings {
        set(setting, fields.take(name).and_then(|node| time(node, name, problems)));
    }
    door.interval_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
}

fn sizes(door: &mut Door, fields: &mut Fields<'_>, problems: &mut Problems) {
    let settings: [(&'static str, i64, &mut usize); 5] = [
        ("per_host", 8, &mut door.per_host),
        ("max_body_bytes", 1 << 30, &mut door.max_body_bytes),
        ("max_header_bytes", 1 << 20, &mut door.max_header_bytes),
        ("max_header_lines", 10_000, &mut door.max_header_lines),
        ("max_redirects", 50, &mut door.max_redirects),
    ];
    for (name, most, setting) in settings {
        let size = fields.take(name).and_then(|node| yaml::whole(node, name, 1, most, problems));
        set(setting, size.and_then(|size| usize::try_from(size).ok()));
    }
}

fn parsed<T: FromStr>(node: &Node, what: &str, hint: &str, problems: &mut Problems) -> Option<T> {
    let text = yaml::text(node, what, problems)?;
    let value = text.parse().ok();
    if value.is_none() {
        problems.add(node.place, format!("`{text}` is no value for `{what}`"), hint);
    }
    value
}

/// A list of values; one alone need not stand in a list.
fn list<T: FromStr>(node: &Node, what: &str, hint: &str, problems: &mut Problems) -> Vec<T> {
    let items: Vec<&Node> = match &node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node],
    };
    items.iter().filter_map(|node| parsed(node, what, hint, problems)).collect()
}

fn ports(node: &Node, problems: &mut Problems) -> BTreeMap<u16, u16> {
    let Value::Map(entries) = &node.value else {
        problems.add(node.place, "`map_ports` must be a map", "as { 443: 8443 }");
        return BTreeMap::new();
    };
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        let dialled = yaml::whole(value, "map_ports", 1, 65_535, problems);
        match (key.name.parse(), dialled.and_then(|port| u16::try_from(port).ok())) {
            (Ok(port), Some(dialled)) => drop(map.insert(port, dialled)),
            (Err(_), _) => problems.add(key.place, format!("`{}` is no port", key.name), ""),
            (Ok(_), None) => {}
        }
    }
    map
}

/// Lays the flags over the settings.
pub(super) fn flags(
    door: &mut Door,
    references: &mut Vec<String>,
    global: &Global,
    problems: &mut Problems,
) {
    let mut wrong = |what: String, hint: &str| problems.add(Place::default(), what, hint);
    if global.resolver.is_some() {
        door.resolver = global.resolver;
    }
    if global.trust_anchor.is_some() {
        door.trust_anchor.clone_from(&global.trust_anchor);
    }
    door.ca_files.extend(global.ca_file.iter().cloned());
    for range in &global.allow_net {
        match range.parse() {
            Ok(range) => door.allow_net.push(range),
            Err(error) => wrong(format!("--allow-net: {error}"), ""),
        }
    }
    let times = [
        ("--connect-timeout", &global.connect_timeout, &mut door.connect_timeout),
        ("--timeout", &global.timeout, &mut door.timeout),
    ];
    for (flag, typed, setting) in times {
        match typed.as_deref().map(parse_time) {
            Some(Some(time)) => *setting = time,
            Some(None) => wrong(format!("{flag}: no time"), TIME_HINT),
            None => {}
        }
    }
    for pair in &global.map_port {
        let ports =
            pair.split_once('=').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        match ports {
            Some((port, dialled)) => drop(door.port_map.insert(port, dialled)),
            None => wrong(format!("--map-port: `{pair}` is no pair of ports"), "as 443=8443"),
        }
    }
    match global.reference.as_slice() {
        [] => {}
        [none] if none == "none" => references.clear(),
        typed => *references = typed.to_vec(),
    }
}
