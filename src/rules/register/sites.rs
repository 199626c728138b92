//! One site of the register.

use xuncha_model::{
    Site,
    register::{Domain, SiteKind, Status},
};

use super::{
    Known, forms,
    numbers::{FORMS, Form},
    parts,
};
use crate::yaml::{Fields, Node, Problems, Value, boolean, choice, list};

const KINDS: &[(&str, SiteKind)] =
    &[("portal", SiteKind::Portal), ("department", SiteKind::Department)];

/// Reads one site.
pub(super) fn read(node: &Node, known: &mut Known, problems: &mut Problems) -> Option<Site> {
    let mut fields = Fields::open(node, "the site", problems)?;
    let id = fields.require("id", problems).and_then(|node| {
        let id = forms::id(node, problems)?;
        known.sites.note(&id, "the site", node.place, problems).then_some(id)
    });
    let name =
        fields.require("name", problems).and_then(|node| forms::words(node, "name", problems));
    let sponsor =
        fields.require("sponsor", problems).and_then(|node| sponsor(node, known, problems));
    let kind = fields
        .require("kind", problems)
        .and_then(|node| choice(node, "kind of site", KINDS, problems));
    let url = fields.require("url", problems).and_then(|node| {
        let url = forms::web(node, "url", problems)?;
        known.urls.note(url.as_str(), "the address", node.place, problems).then_some(url)
    });
    let host = url.as_ref().and_then(|url| url.host_str()).map(str::to_owned);
    let domains =
        fields.take("domains").map(|node| domains(node, host.as_deref(), known, problems));
    let code = fields.take("code").and_then(|node| forms::site_code(node, problems));
    let icp = fields.take("icp").and_then(|node| number(node, "ICP number", &FORMS.icp, problems));
    let police = fields.take("police");
    let police = police
        .and_then(|node| number(node, "public-security filing number", &FORMS.police, problems));
    let status = fields.take("status").map_or(Some(Status::Running), |node| status(node, problems));
    let site = Site {
        id: id.clone().unwrap_or_default(),
        name: name.clone().unwrap_or_default(),
        sponsor: sponsor.clone().unwrap_or_default(),
        filings: parts::each(fields.take("filings"), "filings", problems, parts::filing),
        administrators: parts::each(
            fields.take("administrators"),
            "administrators",
            problems,
            parts::administrator,
        ),
        columns: parts::each(fields.take("columns"), "columns", problems, parts::column),
        endpoints: parts::each(fields.take("endpoints"), "endpoints", problems, parts::endpoint),
        maintenance: parts::each(
            fields.take("maintenance"),
            "maintenance",
            problems,
            parts::window,
        ),
        crawl: fields.take("crawl").map(|node| parts::crawl(node, problems)).unwrap_or_default(),
        allow_internal: parts::each(
            fields.take("allow_internal"),
            "allow_internal",
            problems,
            forms::range,
        ),
        notes: fields.take("notes").and_then(|node| forms::prose(node, "notes", problems)),
        status: status.unwrap_or(Status::Running),
        domains,
        code,
        icp,
        police,
        kind: kind.unwrap_or(SiteKind::Department),
        url: match url {
            Some(url) => url,
            None => {
                fields.close(problems);
                return None;
            }
        },
    };
    fields.close(problems);
    (id.is_some() && name.is_some() && sponsor.is_some() && kind.is_some()).then_some(site)
}

fn sponsor(node: &Node, known: &Known, problems: &mut Problems) -> Option<String> {
    let written = forms::words(node, "sponsor", problems)?;
    if !known.organs.has(&written) {
        problems.add(
            node.place,
            format!("there is no organ `{written}`"),
            known.organs.hint(&written),
        );
    }
    Some(written)
}

fn number(node: &Node, what: &str, form: &Form, problems: &mut Problems) -> Option<String> {
    let hint = format!("such as {}", form.example);
    forms::formed(node, what, |number| FORMS.fits(form, number), &hint, problems)
}

/// Running, or a map that says since when it is not.
fn status(node: &Node, problems: &mut Problems) -> Option<Status> {
    const WORDS: &[(&str, &str)] =
        &[("running", "running"), ("offline-temporary", "offline-temporary"), ("closed", "closed")];
    if !matches!(node.value, Value::Map(_)) {
        let word = choice(node, "status", WORDS, problems)?;
        if word != "running" {
            let example = if word == "closed" { "on: 2026-12-04" } else { "from: 2026-12-04" };
            let hint = format!("write {{ state: {word}, {example} }}");
            problems.add(node.place, format!("`{word}` needs a date"), hint);
            return None;
        }
        return Some(Status::Running);
    }
    let mut fields = Fields::open(node, "the status", problems)?;
    let state =
        fields.require("state", problems).and_then(|node| choice(node, "status", WORDS, problems));
    let status = match state? {
        "offline-temporary" => {
            let from = fields
                .require("from", problems)
                .and_then(|node| forms::day(node, "from", problems));
            let until = fields.take("until");
            let last = until.and_then(|node| forms::day(node, "until", problems));
            parts::in_order(from, last, until, problems);
            from.map(|from| Status::OfflineTemporary { from, until: last })
        }
        "closed" => {
            let on =
                fields.require("on", problems).and_then(|node| forms::day(node, "on", problems));
            on.map(|on| Status::Closed { on })
        }
        _ => Some(Status::Running),
    };
    fields.close(problems);
    status
}

fn domains(
    node: &Node,
    host: Option<&str>,
    known: &mut Known,
    problems: &mut Problems,
) -> Vec<Domain> {
    let mut domains: Vec<Domain> = Vec::new();
    for item in list(node, "domains", problems).unwrap_or_default() {
        let Some(domain) = domain(item, problems) else { continue };
        if domain.retired.is_some() && Some(domain.ascii.as_str()) == host {
            let what = format!("`{}` is retired, and the site's `url` lies there", domain.name);
            problems.add(item.place, what, "give `url` the new address");
        }
        if domain.main && domains.iter().any(|other| other.main) {
            problems.add(item.place, "a second main domain", "mark one domain only");
        }
        // what one site gave up another may have
        let once = match domain.retired {
            None => known.domains.note_as(
                &domain.ascii,
                &domain.name,
                "the domain",
                item.place,
                problems,
            ),
            Some(_) => true,
        };
        if once {
            domains.push(domain);
        }
    }
    domains
}

/// A domain: the name alone, or a map.
fn domain(node: &Node, problems: &mut Problems) -> Option<Domain> {
    if !matches!(node.value, Value::Map(_)) {
        let name = forms::words(node, "domain", problems)?;
        let ascii = forms::host(node, &name, problems)?;
        return Some(Domain { name, ascii, main: false, retired: None });
    }
    let mut fields = Fields::open(node, "the domain", problems)?;
    let name = fields.require("name", problems).and_then(|node| {
        let name = forms::words(node, "name", problems)?;
        let ascii = forms::host(node, &name, problems)?;
        Some((name, ascii))
    });
    let main =
        fields.take("main").and_then(|node| boolean(node, "main", problems)).unwrap_or(false);
    let retired = fields.take("retired").and_then(|node| forms::day(node, "retired", problems));
    if main && retired.is_some() {
        problems.add(
            fields.place,
            "a retired domain is no main one",
            "leave out `main` or `retired`",
        );
    }
    fields.close(problems);
    let (name, ascii) = name?;
    Some(Domain { name, ascii, main, retired })
}
