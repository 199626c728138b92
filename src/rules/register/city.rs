//! The city and its regions.

use xuncha_model::{City, register::Region};

use super::{Known, forms};
use crate::yaml::{Fields, Node, Problems, list};

/// Reads `city` and `regions`; the city becomes the first of the regions.
pub(super) fn read(
    node: &Node,
    regions: Option<&Node>,
    known: &mut Known,
    problems: &mut Problems,
) -> Option<City> {
    let city = city(node, known, problems);
    let items = regions.and_then(|node| list(node, "regions", problems)).unwrap_or_default();
    let parts: Vec<_> = items.iter().map(|node| region(node, known, problems)).collect();
    let (domain, own) = city?;
    let (name, division) = (own.name.clone(), own.division.clone());
    let regions = std::iter::once(Some(own)).chain(parts).collect::<Option<_>>()?;
    Some(City { name, domain, division, regions })
}

fn city(node: &Node, known: &mut Known, problems: &mut Problems) -> Option<(String, Region)> {
    let mut fields = Fields::open(node, "the city", problems)?;
    let domain = fields.require("domain", problems).and_then(|node| {
        let written = forms::words(node, "domain", problems)?;
        if let Some(bare) = written.strip_prefix("www.") {
            problems.add(
                node.place,
                "the city's domain stands without `www.`",
                format!("write `{bare}`"),
            );
            return None;
        }
        forms::host(node, &written, problems)
    });
    let region = names(&mut fields, known, problems);
    fields.close(problems);
    Some((domain?, region?))
}

fn region(node: &Node, known: &mut Known, problems: &mut Problems) -> Option<Region> {
    let mut fields = Fields::open(node, "the region", problems)?;
    let region = names(&mut fields, known, problems);
    fields.close(problems);
    region
}

fn names(fields: &mut Fields<'_>, known: &mut Known, problems: &mut Problems) -> Option<Region> {
    let name = fields.require("name", problems).and_then(|node| {
        let name = forms::words(node, "name", problems)?;
        known.region_names.note(&name, "the region", node.place, problems).then_some(name)
    });
    let division = fields.require("division", problems).and_then(|node| {
        let division = forms::division(node, problems)?;
        known
            .divisions
            .note(&division, "the division code", node.place, problems)
            .then_some(division)
    });
    let former =
        fields.take("former_divisions").and_then(|node| list(node, "former_divisions", problems));
    let former =
        former.unwrap_or_default().iter().filter_map(|node| forms::division(node, problems));
    let former_divisions = former.collect();
    let english = forms::english(fields.take("english"), problems);
    // a half-right region is known all the same: its organs are not wrong too
    let key = division.as_ref().or(name.as_ref())?;
    for word in [&name, &division].into_iter().flatten() {
        known.regions.insert(word.clone(), key.clone());
    }
    Some(Region { name: name?, division: division?, former_divisions, english })
}
