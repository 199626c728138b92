//! Everything that names are compared with, made once from the register and the lists.

use std::collections::HashMap;

use xuncha_model::{
    Register,
    facts::domain::LabelMatch,
    register::{OrganKind, SiteKind},
};

use super::{
    labels::{Labels, Meaning, rank},
    lists::{self, Organs as Lists},
    organs::{self, Body, region_forms, variants},
    shape::Zone,
    spell::{Speller, Way},
};

/// The regions and organs that names are compared with; made once, read by many.
#[derive(Debug)]
pub struct Names {
    /// The city portal's domain; empty without a register.
    pub(super) city: String,
    /// The number of the city among the regions.
    pub(super) city_region: Option<u32>,
    /// Domains under which names lie.
    pub(super) zones: HashMap<String, Zone>,
    /// The regions, in the register's order.
    pub(super) regions: Vec<Place>,
    /// What a label may mean as a region.
    pub(super) region_labels: Labels,
    /// The organs: the registered ones in their order, then the usual ones.
    pub(super) bodies: Vec<Body>,
    /// Numbers of the registered organs by id.
    pub(super) by_id: HashMap<String, u32>,
    /// What a label may mean as an organ, by the number of a stem.
    pub(super) organ_labels: Labels,
    /// The stems: names without region, shared by the organs of all regions.
    pub(super) stems: Vec<Stem>,
    /// The stems of each organ.
    pub(super) stems_of: Vec<Vec<u32>>,
    /// Organs by the Chinese names the register writes.
    pub(super) written: HashMap<String, u32>,
    /// Stems by name.
    pub(super) by_stem: HashMap<String, u32>,
    /// Sites by the hosts they answer under.
    hosts: HashMap<String, usize>,
}

/// A region.
#[derive(Debug)]
pub(super) struct Place {
    /// Full name.
    pub(super) name: String,
    /// Division code.
    pub(super) division: String,
    /// Its name with and without the ending.
    pub(super) forms: Vec<String>,
    /// The domain of its portal without `www`, registered or usual.
    pub(super) domain: String,
}

/// A name without its region.
#[derive(Debug, Default)]
pub(super) struct Stem {
    /// The organs that bear it.
    pub(super) bodies: Vec<u32>,
    /// Every label that spells it.
    pub(super) labels: Vec<Box<str>>,
}

impl Names {
    /// Prepares what names are compared with. An empty register leaves the usual organs of every city.
    pub fn new(register: &Register) -> Self {
        let lists = lists::organs();
        let speller = Speller::new(lists::readings());
        let mut names = Self {
            city: register.city.domain.clone(),
            city_region: None,
            zones: HashMap::new(),
            regions: Vec::new(),
            region_labels: Labels::default(),
            bodies: organs::bodies(register, &lists),
            by_id: HashMap::new(),
            organ_labels: Labels::default(),
            stems: Vec::new(),
            stems_of: Vec::new(),
            written: HashMap::new(),
            by_stem: HashMap::new(),
            hosts: HashMap::new(),
        };
        names.add_regions(register, &lists, &speller);
        names.add_zones(register, &lists);
        names.add_bodies(&lists, &speller);
        for (number, site) in register.sites.iter().enumerate() {
            for host in site.hosts() {
                names.hosts.entry(host.to_owned()).or_insert(number);
            }
        }
        names
    }

    /// The number of the site that answers under a host, ASCII.
    pub(super) fn host(&self, ascii: &str) -> Option<usize> {
        self.hosts.get(ascii).copied()
    }

    fn add_regions(&mut self, register: &Register, lists: &Lists, speller: &Speller) {
        for (number, region) in (0_u32..).zip(&register.city.regions) {
            let forms = region_forms(&region.name, lists);
            if region.division == register.city.division {
                self.city_region = Some(number);
            }
            for label in &region.english {
                self.region_labels.add(label, number, LabelMatch::English);
            }
            for form in &forms {
                for (way, how) in WAYS {
                    for label in speller.spellings(form, way) {
                        self.region_labels.add(&label, number, how);
                    }
                }
            }
            let shortest = forms.last().copied().unwrap_or_default();
            let spelt = speller.spellings(shortest, Way::Full).into_iter().next();
            let label = region.english.first().cloned().or(spelt);
            self.regions.push(Place {
                name: region.name.clone(),
                division: region.division.clone(),
                forms: forms.into_iter().map(str::to_owned).collect(),
                domain: label.map(|label| format!("{label}.gov.cn")).unwrap_or_default(),
            });
        }
    }

    fn add_zones(&mut self, register: &Register, lists: &Lists) {
        let registered = self.bodies.iter().map(|body| &body.ministry);
        let listed = lists.ministries.keys();
        for domain in registered.chain(listed).filter(|domain| !domain.is_empty()) {
            self.zones.insert(domain.clone(), Zone::Ministry);
        }
        // portals in the register are certain, the spelling of a county's name is a guess
        for site in register.sites.iter().filter(|site| site.kind == SiteKind::Portal) {
            let organ = register.organ(&site.sponsor);
            let organ = organ.filter(|organ| organ.kind == Some(OrganKind::Government));
            let Some((organ, domain)) = organ.zip(site.host().strip_prefix("www.")) else {
                continue;
            };
            let Some(number) = self.region_number(&organ.region) else { continue };
            let own = self.regions.iter().any(|place| domain == place.domain);
            if Some(number) != self.city_region && domain.ends_with(".gov.cn") {
                let taken = self.zones.insert(domain.to_owned(), Zone::County(number));
                if let Some(place) =
                    self.regions.get_mut(number as usize).filter(|_| taken.is_none() && !own)
                {
                    let fits = self.region_labels.get(domain.trim_end_matches(".gov.cn"));
                    if fits.iter().any(|meaning| meaning.of == number) {
                        domain.clone_into(&mut place.domain);
                    }
                }
            }
        }
        for (number, place) in (0_u32..).zip(&mut self.regions) {
            if Some(number) == self.city_region {
                self.city.clone_into(&mut place.domain);
            } else if !place.domain.is_empty() {
                self.zones.entry(place.domain.clone()).or_insert(Zone::County(number));
            }
        }
        if !self.city.is_empty() {
            self.zones.insert(self.city.clone(), Zone::City);
        }
    }

    fn add_bodies(&mut self, lists: &Lists, speller: &Speller) {
        let bodies = std::mem::take(&mut self.bodies);
        for (number, body) in (0_u32..).zip(&bodies) {
            if !body.id.is_empty() {
                self.by_id.insert(body.id.clone(), number);
            }
            for name in &body.written {
                self.written.entry(name.clone()).or_insert(number);
            }
            let stems =
                body.bare.iter().map(|name| self.stem(name, number, lists, speller)).collect();
            self.stems_of.push(stems);
            let Some(stem) = self.stems_of.last().and_then(|stems| stems.first().copied()) else {
                continue;
            };
            for label in &body.labels {
                self.label(stem, label.clone(), LabelMatch::Initials);
            }
        }
        self.bodies = bodies;
    }

    /// The stem of this name, made when it is new, with one organ more.
    fn stem(&mut self, name: &str, body: u32, lists: &Lists, speller: &Speller) -> u32 {
        if let Some(stem) = self.by_stem.get(name).copied() {
            if let Some(known) = self.stems.get_mut(stem as usize) {
                known.bodies.push(body);
            }
            return stem;
        }
        let stem = u32::try_from(self.stems.len()).unwrap_or(u32::MAX);
        self.by_stem.insert(name.to_owned(), stem);
        self.stems.push(Stem { bodies: vec![body], labels: Vec::new() });
        for variant in variants(name, lists) {
            for (way, how) in WAYS {
                for label in speller.spellings(&variant, way) {
                    self.label(stem, label, how);
                }
            }
        }
        stem
    }

    fn label(&mut self, stem: u32, label: String, how: LabelMatch) {
        self.organ_labels.add(&label, stem, how);
        if let Some(stem) = self.stems.get_mut(stem as usize) {
            stem.labels.push(label.into_boxed_str());
        }
    }

    /// The number of the region with this division code.
    pub(super) fn region_number(&self, division: &str) -> Option<u32> {
        let place = self.regions.iter().position(|place| place.division == division);
        place.and_then(|number| u32::try_from(number).ok())
    }

    /// The region with this number.
    pub(super) fn region(&self, number: u32) -> Option<&Place> {
        self.regions.get(number as usize)
    }

    /// The meanings of an organ's label, with the region's name left off its front if need be: `zkczj`.
    pub(super) fn organ_meanings(&self, label: &str) -> &[Meaning] {
        let whole = self.organ_labels.get(label);
        if !whole.is_empty() {
            return whole;
        }
        let mut cuts =
            (2..label.len().saturating_sub(1)).filter_map(|at| label.split_at_checked(at));
        let fits = cuts.find_map(|(region, organ)| {
            let regions = self.region_labels.get(region);
            let organs = self.organ_labels.get(organ);
            // initials go with initials
            let alike = |one: &Meaning| organs.iter().any(|other| rank(one.how) == rank(other.how));
            regions.iter().any(alike).then_some(organs)
        });
        fits.unwrap_or(&[])
    }
}

const WAYS: [(Way, LabelMatch); 2] =
    [(Way::Full, LabelMatch::Pinyin), (Way::Initials, LabelMatch::Initials)];
