//! A registered name: its labels compared with the sponsor's names.

use xuncha_model::{
    Site,
    facts::domain::{LabelMatch, NameFacts, Structure, Suffix},
    register::SiteKind,
};

use super::{
    labels::{is_near, rank},
    names::Names,
    organs::Body,
    plain::dashless,
    shape::ZHENGWU,
};

impl Names {
    /// One name of a registered site.
    pub(super) fn of_site(&self, site: &Site, written: &str) -> NameFacts {
        let mut facts = self.plain(written);
        facts.registered = true;
        facts.of_url = match site.url.host() {
            Some(url::Host::Ipv6(address)) => address.to_string() == facts.ascii,
            _ => site.host() == facts.ascii,
        };
        let Some(number) = self.by_id.get(&site.sponsor).copied() else { return facts };
        let Some(body) = self.bodies.get(number as usize) else { return facts };
        if !body.ministry.is_empty() {
            let below = facts.ascii.strip_suffix(body.ministry.as_str());
            facts.under_ministry = below.is_some_and(|below| below.ends_with('.'));
        }
        match facts.structure {
            Structure::Portal => self.portal(site.kind, number, body, &mut facts),
            Structure::Chinese => self.chinese_name(number, body, &mut facts),
            Structure::Other if facts.organ_label.is_empty() => {
                if !facts.region_label.is_empty() {
                    self.portal(site.kind, number, body, &mut facts);
                }
            }
            Structure::Department | Structure::CountyDepartment | Structure::Other => {
                self.department(site.kind, number, body, &mut facts);
            }
            Structure::Vertical | Structure::Address => {}
        }
        facts.usual = self.usual(site.kind, number, body, &facts);
        facts
    }

    /// `www.□□□.gov.cn`: the region's label, or the organ's own for a zone's committee.
    fn portal(&self, kind: SiteKind, number: u32, body: &Body, facts: &mut NameFacts) {
        facts.region.clear();
        if kind == SiteKind::Department {
            // the structure is wrong, and says so: there is no region's label to compare
            facts.region_match = LabelMatch::NoReference;
            return;
        }
        let label = dashless(&facts.region_label).into_owned();
        let region = self.region_number(&body.region);
        let meanings = self.region_labels.get(&label);
        let own =
            meanings.iter().find(|meaning| Some(meaning.of) == region).map(|meaning| meaning.how);
        let place = region.and_then(|region| self.region(region));
        facts.region_match = if let Some(how) = own.or_else(|| self.spells(&label, number, body)) {
            how
        } else if place
            .is_some_and(|place| is_near(&label, place.domain.trim_end_matches(".gov.cn")))
        {
            LabelMatch::Near
        } else {
            facts.region_match = LabelMatch::Unrecognised;
            return;
        };
        facts.region = place.map(|place| place.name.clone()).unwrap_or_default();
    }

    /// `○○○.□□□.gov.cn`.
    fn department(&self, kind: SiteKind, number: u32, body: &Body, facts: &mut NameFacts) {
        let label = dashless(&facts.organ_label).into_owned();
        let near = || {
            let stems = self.stems_of.get(number as usize).into_iter().flatten();
            let mut labels = stems
                .filter_map(|stem| self.stems.get(*stem as usize))
                .flat_map(|stem| &stem.labels);
            labels.any(|known| is_near(&label, known)).then_some(LabelMatch::Near)
        };
        match self.spells(&label, number, body).or_else(near) {
            Some(how) => {
                facts.organ.clone_from(&body.name);
                facts.organ_match = how;
            }
            None => {
                facts.organ.clear();
                // a portal in this place has the wrong structure, whatever the label
                let portal = kind == SiteKind::Portal;
                facts.organ_match =
                    if portal { LabelMatch::NoReference } else { LabelMatch::Unrecognised };
            }
        }
    }

    /// How a label spells the organ's name, if it does.
    fn spells(&self, label: &str, number: u32, body: &Body) -> Option<LabelMatch> {
        if body.english.iter().any(|english| english == label) {
            return Some(LabelMatch::English);
        }
        let own = self.stems_of.get(number as usize)?;
        let meanings =
            self.organ_meanings(label).iter().filter(|meaning| own.contains(&meaning.of));
        meanings.map(|meaning| meaning.how).min_by_key(|how| rank(*how))
    }

    /// `△△△.政务`: the full or an accepted short name, with or without the region's ending.
    fn chinese_name(&self, number: u32, body: &Body, facts: &mut NameFacts) {
        let label = facts.organ_label.as_str();
        let of_stem = |rest: &str| {
            let stem = self.by_stem.get(rest);
            stem.is_some_and(|stem| {
                self.stems_of.get(number as usize).is_some_and(|own| own.contains(stem))
            })
        };
        let regional = self.region_before(label).is_some_and(|(place, rest)| {
            of_stem(rest)
                && (place.division == body.region || Some(&place.name) == self.city_name())
        });
        facts.organ_match = if body.written.iter().any(|name| name == label) || regional {
            LabelMatch::Chinese
        } else if body.written.iter().any(|name| is_near_chinese(label, name)) || of_stem(label) {
            LabelMatch::Near
        } else {
            LabelMatch::Unrecognised
        };
        if facts.organ_match == LabelMatch::Unrecognised {
            facts.organ.clear();
            facts.region.clear();
        } else {
            facts.organ.clone_from(&body.name);
            let place = self.regions.iter().find(|place| place.division == body.region);
            facts.region = place.map(|place| place.name.clone()).unwrap_or_default();
        }
    }

    fn city_name(&self) -> Option<&String> {
        self.city_region.and_then(|number| self.region(number)).map(|place| &place.name)
    }

    /// The form a name of this sponsor usually has; empty where it cannot be told.
    fn usual(&self, kind: SiteKind, number: u32, body: &Body, facts: &NameFacts) -> String {
        let place = self.region_number(&body.region).and_then(|region| self.region(region));
        if matches!(facts.suffix, Suffix::Zhengwu | Suffix::ZhengwuCn) {
            let xn = facts.ascii.contains(ZHENGWU);
            return if xn { format!("{}.政务", body.name) } else { String::new() };
        }
        match (kind, place) {
            (_, Some(place)) if place.domain.is_empty() => String::new(),
            (SiteKind::Portal, Some(place)) => {
                // a zone's committee has no region of its own
                let government =
                    place.forms.iter().any(|form| body.name.starts_with(form.as_str()));
                let whole = self
                    .region_before(&body.name)
                    .is_some_and(|(_, rest)| self.is_government(rest));
                if government && whole { format!("www.{}", place.domain) } else { String::new() }
            }
            (SiteKind::Department, Some(place))
                if place.domain == self.city && body.ministry.is_empty() =>
            {
                let known = !matches!(
                    facts.organ_match,
                    LabelMatch::Unrecognised | LabelMatch::Absent | LabelMatch::NoReference
                );
                let label =
                    if known { facts.organ_label.clone() } else { self.short_label(number, body) };
                if label.is_empty() { label } else { format!("{label}.{}", self.city) }
            }
            _ => String::new(),
        }
    }

    /// Whether a name without region is that of a government: the first of the usual organs.
    fn is_government(&self, rest: &str) -> bool {
        let first = self.bodies.iter().find(|body| body.id.is_empty());
        first.is_some_and(|first| first.bare.iter().any(|name| name == rest))
    }

    /// The registered English name, a label in use, or the initials of the shortest name.
    fn short_label(&self, number: u32, body: &Body) -> String {
        if let Some(label) = body.english.first().or_else(|| body.labels.first()) {
            return label.clone();
        }
        let own = self.stems_of.get(number as usize).into_iter().flatten();
        let named = body.bare.iter().zip(own);
        let shortest = named.min_by_key(|(name, _)| name.chars().count());
        let Some((name, stem)) = shortest else { return String::new() };
        let labels = self.stems.get(*stem as usize).into_iter().flat_map(|stem| &stem.labels);
        // one letter a character: the initials of the whole name
        let mut initials = labels.filter(|label| label.len() == name.chars().count());
        initials.next().map(|label| label.to_string()).unwrap_or_default()
    }
}

/// One character apart, or one name the beginning of the other.
fn is_near_chinese(label: &str, name: &str) -> bool {
    let label: Vec<char> = label.chars().collect();
    let name: Vec<char> = name.chars().collect();
    if label.len() < 3 || label.len().abs_diff(name.len()) > 1 {
        return label.len() > 3 && name.starts_with(&label);
    }
    let begin = label.iter().zip(&name).take_while(|(x, y)| x == y).count();
    let end = label[begin..]
        .iter()
        .rev()
        .zip(name[begin..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    label.len().max(name.len()) - begin - end <= 1
}
