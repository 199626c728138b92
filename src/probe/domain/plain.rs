//! A name by itself: which region and which organ its labels may stand for.

use std::borrow::Cow;

use xuncha_model::facts::domain::{LabelMatch, NameFacts, Structure, Suffix};

use super::{
    labels::{Meaning, rank},
    names::Names,
    script,
    shape::{self, Shape, Zone},
    written,
};

impl Names {
    /// What the name says without its sponsor.
    pub(super) fn plain(&self, written: &str) -> NameFacts {
        let name = written::read(written);
        let shape = if name.address {
            shape::shape("", &self.zones)
        } else {
            shape::shape(&name.ascii, &self.zones)
        };
        let structure = if name.address { Structure::Address } else { shape.structure };
        let mut facts = NameFacts {
            name: written.trim().to_owned(),
            ascii: if name.is_name() { name.ascii.as_ref().to_owned() } else { String::new() },
            unicode: name.unicode.as_ref().to_owned(),
            suffix: shape.suffix,
            structure,
            of_url: false,
            region_label: shape.region.to_owned(),
            region: String::new(),
            region_match: LabelMatch::Absent,
            organ_label: shape.organ.to_owned(),
            organ: String::new(),
            organ_match: LabelMatch::Absent,
            under_portal: shape.zone == Some(Zone::City),
            under_ministry: structure == Structure::Vertical,
            port: name.port,
            defects: name.defects.iter().map(|defect| (*defect).to_owned()).collect(),
            upper_case: name.upper_case,
            trailing_dot: name.trailing_dot,
            registered: false,
            usual: String::new(),
        };
        if shape.bare_suffix {
            facts.defects.push("bare-suffix".to_owned());
        }
        match facts.suffix {
            Suffix::GovCn => self.english(&shape, &mut facts),
            Suffix::Zhengwu | Suffix::ZhengwuCn => self.chinese(&mut facts),
            Suffix::Other => facts.usual = self.moved(&name.ascii),
            Suffix::None => {}
        }
        facts
    }

    fn english(&self, shape: &Shape<'_>, facts: &mut NameFacts) {
        let region = self.bare_region(shape, facts);
        if !shape.organ.is_empty() {
            self.bare_organ(shape, region, facts);
        }
        let apex = shape.structure == Structure::Other && shape.organ.is_empty();
        if apex && !facts.region.is_empty() {
            facts.usual = format!("www.{}", facts.ascii);
        }
    }

    /// Fills in the region; a bare name is not accused where the label is of no region we know.
    fn bare_region(&self, shape: &Shape<'_>, facts: &mut NameFacts) -> Option<u32> {
        if shape.region.is_empty() {
            return None;
        }
        let label = dashless(shape.region);
        let meanings = self.region_labels.get(&label);
        let zone = match shape.zone {
            Some(Zone::City) => self.city_region,
            Some(Zone::County(number)) => Some(number),
            Some(Zone::Ministry) | None => None,
        };
        let best = meanings.iter().min_by_key(|meaning| rank(meaning.how));
        let same =
            |meaning: &&Meaning| best.is_some_and(|best| rank(best.how) == rank(meaning.how));
        let ambiguous = meanings.iter().filter(same).count() > 1;
        let how =
            |of: u32| meanings.iter().find(|meaning| meaning.of == of).map(|meaning| meaning.how);
        let (number, how) = match (zone, best) {
            // whatever the label, it is the registered domain of that region
            (Some(zone), _) => (Some(zone), how(zone).unwrap_or(LabelMatch::English)),
            (None, Some(best)) => ((!ambiguous).then_some(best.of), best.how),
            (None, None) if shape.region.starts_with("xn--") => (None, LabelMatch::Unrecognised),
            (None, None) => (None, LabelMatch::NoReference),
        };
        facts.region_match = how;
        if let Some(place) = number.and_then(|number| self.region(number)) {
            facts.region.clone_from(&place.name);
        }
        number
    }

    fn bare_organ(&self, shape: &Shape<'_>, region: Option<u32>, facts: &mut NameFacts) {
        let label = dashless(shape.organ);
        let known_place = matches!(shape.zone, Some(Zone::City | Zone::County(_)));
        let meanings = self.organ_meanings(&label);
        let near =
            if meanings.is_empty() && known_place { self.organ_labels.near(&label) } else { &[] };
        if let Some((organ, how)) =
            self.likeliest(if meanings.is_empty() { near } else { meanings }, region)
        {
            facts.organ = organ;
            facts.organ_match = if meanings.is_empty() { LabelMatch::Near } else { how };
        } else {
            let compared = known_place || shape.organ.starts_with("xn--");
            facts.organ_match =
                if compared { LabelMatch::Unrecognised } else { LabelMatch::NoReference };
        }
    }

    /// The organ a label most likely stands for: one registered in the region, else the usual one.
    fn likeliest(&self, meanings: &[Meaning], region: Option<u32>) -> Option<(String, LabelMatch)> {
        let place = region.and_then(|region| self.region(region));
        let candidates = meanings.iter().flat_map(|meaning| {
            let stem = self.stems.get(meaning.of as usize);
            let bodies = stem.into_iter().flat_map(|stem| &stem.bodies);
            bodies.filter_map(|body| Some((self.bodies.get(*body as usize)?, meaning.how)))
        });
        let here = |division: &str| place.is_some_and(|place| place.division == division);
        let fitting = candidates.filter(|(body, _)| body.region.is_empty() || here(&body.region));
        let (body, how) = fitting.min_by_key(|(body, how)| (body.region.is_empty(), rank(*how)))?;
        let name = match place {
            Some(place) if body.region.is_empty() => format!("{}{}", place.name, body.name),
            _ => body.name.clone(),
        };
        Some((name, how))
    }

    /// `△△△.政务`: an organ of the register, or a region's name with a usual organ's.
    fn chinese(&self, facts: &mut NameFacts) {
        let label = unicode_label(facts.suffix, &facts.unicode).to_owned();
        let honest = facts.defects.is_empty() && script::has_han(&label);
        facts.organ_match = if honest { LabelMatch::NoReference } else { LabelMatch::Unrecognised };
        if let Some(body) =
            self.written.get(&label).and_then(|body| self.bodies.get(*body as usize))
        {
            facts.organ_match = LabelMatch::Chinese;
            facts.organ.clone_from(&body.name);
            let place = self.regions.iter().find(|place| place.division == body.region);
            facts.region = place.map(|place| place.name.clone()).unwrap_or_default();
        } else if let Some((place, rest)) = self.region_before(&label) {
            facts.region.clone_from(&place.name);
            if self.by_stem.contains_key(rest) {
                facts.organ_match = LabelMatch::Chinese;
                facts.organ = format!("{}{rest}", place.name);
            }
        }
        facts.organ_label = label;
    }

    /// The region whose name stands before the rest, the longest name first.
    pub(super) fn region_before<'l>(
        &self,
        label: &'l str,
    ) -> Option<(&super::names::Place, &'l str)> {
        let forms =
            self.regions.iter().flat_map(|place| place.forms.iter().map(move |form| (place, form)));
        let found = forms
            .filter_map(|(place, form)| Some((place, form, label.strip_prefix(form.as_str())?)));
        let longest = found.max_by_key(|(_, form, _)| form.len());
        longest.map(|(place, _, rest)| (place, rest))
    }

    /// Where a name under a foreign suffix belongs, when its labels tell the region: `zhoukou.com`.
    fn moved(&self, ascii: &str) -> String {
        let mut before = "";
        for label in ascii.split('.') {
            let meanings = self.region_labels.get(label);
            let certain =
                meanings.iter().find(|meaning| rank(meaning.how) < rank(LabelMatch::Initials));
            if let Some(place) = certain.and_then(|meaning| self.region(meaning.of)) {
                let organ = !before.is_empty() && !self.organ_labels.get(before).is_empty();
                return format!("{}.{}", if organ { before } else { "www" }, place.domain);
            }
            before = label;
        }
        String::new()
    }
}

/// The label before the Chinese suffix, in Unicode.
pub(super) fn unicode_label(suffix: Suffix, unicode: &str) -> &str {
    let mut labels = unicode.rsplit('.');
    let place = if suffix == Suffix::ZhengwuCn { 2 } else { 1 };
    labels.nth(place).unwrap_or_default()
}

/// The label without hyphens, as spellings have none.
pub(super) fn dashless(label: &str) -> Cow<'_, str> {
    if label.contains('-') && !label.starts_with("xn--") {
        Cow::Owned(label.replace('-', ""))
    } else {
        Cow::Borrowed(label)
    }
}
