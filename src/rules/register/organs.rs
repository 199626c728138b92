//! The organs that sponsor sites.

use xuncha_model::{Organ, register::OrganKind};

use super::{Known, forms};
use crate::yaml::{Fields, Node, Problems, choice, nearest};

const KINDS: &[(&str, OrganKind)] = &[
    ("government", OrganKind::Government),
    ("department", OrganKind::Department),
    ("vertically-managed", OrganKind::VerticallyManaged),
    ("administrative-institution", OrganKind::AdministrativeInstitution),
    ("public-institution", OrganKind::PublicInstitution),
    ("township", OrganKind::Township),
];

/// Reads one organ.
pub(super) fn read(node: &Node, known: &mut Known, problems: &mut Problems) -> Option<Organ> {
    let mut fields = Fields::open(node, "the organ", problems)?;
    let id = fields.require("id", problems).and_then(|node| {
        let id = forms::id(node, problems)?;
        known.organs.note(&id, "the organ", node.place, problems).then_some(id)
    });
    let name = fields.require("name", problems).and_then(|node| {
        let name = forms::words(node, "name", problems)?;
        known.organ_names.note(&name, "the organ", node.place, problems).then_some(name)
    });
    let short_names = forms::many(fields.take("short_names"), "short_names", problems);
    let english = forms::english(fields.take("english"), problems);
    let kind = fields.take("kind").and_then(|node| choice(node, "kind of organ", KINDS, problems));
    let region = fields.require("region", problems).and_then(|node| region(node, known, problems));
    let ministry = fields.take("ministry_domain");
    let ministry_domain = ministry.and_then(|node| {
        let written = forms::words(node, "ministry_domain", problems)?;
        forms::host(node, written.strip_prefix("www.").unwrap_or(&written), problems)
    });
    if let Some(node) =
        ministry.filter(|_| kind.is_some_and(|kind| kind != OrganKind::VerticallyManaged))
    {
        let hint = "set `kind: vertically-managed`, or leave the field out";
        problems.add(node.place, "only a vertically managed organ has a ministry's domain", hint);
    }
    fields.close(problems);
    Some(Organ {
        id: id?,
        name: name?,
        short_names,
        english,
        kind,
        region: region?,
        ministry_domain,
    })
}

/// A region by its name or its division code.
fn region(node: &Node, known: &Known, problems: &mut Problems) -> Option<String> {
    let written = forms::words(node, "region", problems)?;
    let found = known.regions.get(&written);
    if found.is_none() {
        let near = nearest(&written, known.regions.keys().map(String::as_str));
        let hint = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        problems.add(node.place, format!("there is no region `{written}`"), hint);
    }
    found.cloned()
}
