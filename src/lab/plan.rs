//! The city as it will be built: every site with its host, its names, its numbers and its machine.

use std::collections::BTreeMap;

use url::Url;

use crate::{
    Error,
    city::{City, Defect, Machine, Manner, Organ, Site},
    content::Words,
    ports::Bound,
};

/// A site, ready to be served and registered.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) spec: Site,
    pub(crate) organ: Organ,
    pub(crate) machine: Machine,
    /// Name of the region.
    pub(crate) place: String,
    pub(crate) name: String,
    pub(crate) url: String,
    /// Host of the URL, ASCII.
    pub(crate) host: String,
    /// A-labels of the domains that still resolve, and the host; the host first.
    pub(crate) served: Vec<String>,
    pub(crate) code: String,
    pub(crate) icp: String,
    pub(crate) police: String,
    pub(crate) police_digits: String,
    pub(crate) phone: String,
    pub(crate) street: String,
    pub(crate) email: String,
}

impl Place {
    /// Whether HTTPS is offered at all.
    pub(crate) fn secure(&self) -> bool {
        self.machine.tls == Manner::Serve && self.host.parse::<std::net::IpAddr>().is_err()
    }

    /// Whether `http://` leads to `https://`.
    pub(crate) fn redirects(&self) -> bool {
        self.secure() && !self.spec.has(Defect::NoRedirect)
    }
}

/// Resolves everything `city.yaml` leaves open.
pub(crate) fn plan(city: &City, words: &Words, bound: &Bound) -> Result<Vec<Place>, Error> {
    let places =
        (1..).zip(&city.sites).map(|(number, site)| place(city, words, bound, number, site));
    places.collect()
}

fn place(
    city: &City,
    words: &Words,
    bound: &Bound,
    number: usize,
    site: &Site,
) -> Result<Place, Error> {
    let organ = city.organ(site)?.clone();
    let machine = city.machine(site)?.clone();
    let mut url = site.url.replace("{tls}", &bound.tls.to_string());
    for machine in &city.machines {
        url = url.replace(&format!("{{{}}}", machine.name), &machine.address.to_string());
    }
    let parsed =
        Url::parse(&url).map_err(|error| Error::Data(format!("{}: {url}: {error}", site.id)))?;
    let host = parsed.host_str().unwrap_or_default().to_owned();
    let mut served = vec![host.clone()];
    for domain in site.domains.iter().filter(|domain| domain.resolves()) {
        let name = ascii(&domain.name)?;
        if !served.contains(&name) {
            served.push(name);
        }
    }
    let place = city.place(&organ.region).to_owned();
    let police_digits = format!("{}02{number:06}", organ.region);
    Ok(Place {
        number,
        name: site.name.clone().unwrap_or_else(|| organ.name.clone()),
        code: format!("{}{number:04}", organ.region),
        icp: words.icp.replace("{n}", &format!("{number:06}")),
        police: words.police.replace("{n}", &police_digits),
        police_digits,
        phone: format!("{}-555{number:04}", city.area_code),
        street: words.street.replace("{place}", &place).replace("{n}", &number.to_string()),
        email: format!("web@{}.{}", organ.id, city.mail),
        spec: site.clone(),
        organ,
        machine,
        place,
        url,
        host,
        served,
    })
}

/// The A-label form of a name (RFC 5891).
pub(crate) fn ascii(name: &str) -> Result<String, Error> {
    idna::domain_to_ascii(name).map_err(|error| Error::Data(format!("{name}: {error}")))
}

/// Which site answers under which name.
pub(crate) fn by_host(places: &[Place]) -> BTreeMap<String, usize> {
    let mut hosts = BTreeMap::new();
    for (index, place) in places.iter().enumerate() {
        hosts.extend(place.served.iter().map(|name| (name.clone(), index)));
    }
    hosts
}
