//! The lab's zones: every record of the city by owner, zone by zone, signed and delegated as it was planned.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use hickory_server::{
    dnssec::NxProofKind,
    proto::rr::{
        LowerName, Name, RData, Record,
        rdata::{A, AAAA, CNAME, NS, SOA, TXT},
    },
    store::in_memory::InMemoryZoneHandler,
    zone_handler::{AxfrPolicy, Catalog, ZoneType},
};

use super::{INTERNAL, TTL, sign::ZoneKey};
use crate::{
    Error,
    city::{City, Defect},
    plan::Place,
};

/// Suffixes under which names are registered; the longest that fits counts.
const SUFFIXES: &[&str] = &["gov.cn", "xn--zfr164b.cn", "cn", "xn--zfr164b", "example"];
const SERIAL: u32 = 1;

/// Data and the name it belongs to.
type Owned = (Name, RData);

/// Everything the name server knows.
pub(super) struct Zones {
    /// Who answers for which name.
    pub(super) all: Catalog,
    /// The suffixes alone: what they say of the zones below them.
    pub(super) suffixes: Catalog,
    /// Where a zone below a suffix begins.
    pub(super) cuts: BTreeSet<LowerName>,
    /// Names on which the server fails.
    pub(super) failing: BTreeSet<LowerName>,
    /// The keys of the suffixes, as a file of trust anchors.
    pub(super) anchors: String,
}

/// Builds and signs every zone; the name servers are at `servers`.
pub(super) fn zones(city: &City, places: &[Place], servers: [IpAddr; 2]) -> Result<Zones, Error> {
    let (records, failing) = records(city, places, servers)?;
    let mut contents: BTreeMap<Name, Vec<Owned>> = BTreeMap::new();
    for suffix in SUFFIXES {
        contents.insert(name(suffix)?, Vec::new());
    }
    for (owner, data) in records {
        contents.entry(zone_of(&owner)?).or_default().push((owner, data));
    }
    let keys: Result<BTreeMap<Name, ZoneKey>, Error> =
        contents.keys().map(|zone| Ok((zone.clone(), ZoneKey::new(zone)?))).collect();
    let mut keys = keys?;
    let planted = planted(places)?;
    let below: Vec<Name> = contents.keys().filter(|zone| !is_suffix(zone)).cloned().collect();
    for zone in &below {
        let has = |defect| planted.contains(&(zone.clone(), defect));
        let parent = zone.base_name();
        let Some(list) = contents.get_mut(&parent) else {
            return Err(Error::Data(format!("{zone} has no parent zone")));
        };
        list.extend(servers_of(city, zone, has(Defect::SingleNameserver))?);
        if has(Defect::Bogus) {
            // the parent vouches for a key that is not in use
            list.push((zone.clone(), ZoneKey::new(zone)?.delegation()?));
        } else if !has(Defect::Unsigned)
            && let Some(key) = keys.get(zone)
        {
            list.push((zone.clone(), key.delegation()?));
        }
    }
    let mut zones = Zones {
        all: Catalog::new(),
        suffixes: Catalog::new(),
        cuts: below.iter().map(LowerName::new).collect(),
        failing,
        anchors: String::new(),
    };
    for (origin, records) in contents {
        let has = |defect| planted.contains(&(origin.clone(), defect));
        let key = keys.remove(&origin).filter(|_| !has(Defect::Unsigned));
        if let Some(key) = key.as_ref().filter(|_| is_suffix(&origin)) {
            zones.anchors += &key.anchor();
        }
        let mut all = servers_of(city, &origin, has(Defect::SingleNameserver))?;
        all.extend(records);
        let zone = Arc::new(zone(city, &origin, all, key)?);
        if is_suffix(&origin) {
            zones.suffixes.upsert(LowerName::new(&origin), vec![zone.clone()]);
        }
        zones.all.upsert(LowerName::new(&origin), vec![zone]);
    }
    Ok(zones)
}

fn zone(
    city: &City,
    origin: &Name,
    records: Vec<Owned>,
    key: Option<ZoneKey>,
) -> Result<InMemoryZoneHandler, Error> {
    let proof = key.is_some().then_some(NxProofKind::Nsec);
    let mut zone: InMemoryZoneHandler =
        InMemoryZoneHandler::empty(origin.clone(), ZoneType::Primary, AxfrPolicy::Deny, proof);
    let [first, _] = name_servers(city);
    let master = name(&format!("hostmaster.{}", city.mail))?;
    let soa = SOA::new(name(&first)?, master, SERIAL, 3600, 600, 86_400, TTL);
    let soa = (origin.clone(), RData::SOA(soa));
    for (owner, data) in std::iter::once(soa).chain(records) {
        let record = Record::from_rdata(owner.clone(), TTL, data);
        if !zone.upsert_mut(record, SERIAL) {
            return Err(Error::Data(format!("{owner} does not fit into its zone")));
        }
    }
    if let Some(key) = key {
        key.sign(&mut zone)?;
    }
    Ok(zone)
}

/// Every record of the city, by owner, and the names on which the server fails.
fn records(
    city: &City,
    places: &[Place],
    servers: [IpAddr; 2],
) -> Result<(Vec<Owned>, BTreeSet<LowerName>), Error> {
    let mut records = Vec::new();
    let mut failing = BTreeSet::new();
    for place in places {
        for served in place.served.iter().filter(|served| served.parse::<IpAddr>().is_err()) {
            let owner = name(served)?;
            let home = *served == place.host;
            if home && place.spec.has(Defect::Nxdomain) {
                continue;
            }
            if home && place.spec.has(Defect::Servfail) {
                failing.insert(LowerName::new(&owner));
            } else if home && place.spec.has(Defect::Nodata) {
                let text = TXT::new(vec!["moved, forwarding address unknown".to_owned()]);
                records.push((owner, RData::TXT(text)));
            } else if home && place.spec.has(Defect::PrivateAddress) {
                records.push((owner, RData::A(A(INTERNAL))));
            } else {
                let mut last = owner;
                for alias in place.spec.cname.iter().filter(|_| home) {
                    let next = name(alias)?;
                    records.push((last, RData::CNAME(CNAME(next.clone()))));
                    last = next;
                }
                if !(home && place.spec.has(Defect::Dangling)) {
                    records.extend(addresses(place, &last));
                }
            }
        }
    }
    let hall = city.machines.first();
    let others = city.others.iter().map(|other| &other.host);
    for host in city.references.iter().chain(others) {
        let at = hall.map_or(Ipv4Addr::LOCALHOST, |machine| machine.address);
        records.push((name(host)?, address(at.into())));
        if hall.is_some_and(|machine| machine.ipv6) {
            records.push((name(host)?, address(Ipv6Addr::LOCALHOST.into())));
        }
    }
    for (host, at) in name_servers(city).iter().zip(servers) {
        records.push((name(host)?, address(at)));
    }
    Ok((records, failing))
}

/// The addresses of a site: one for each family that its machine speaks.
fn addresses(place: &Place, owner: &Name) -> Vec<Owned> {
    let ipv6 = place.machine.ipv6.then(|| IpAddr::from(Ipv6Addr::LOCALHOST));
    let all = std::iter::once(IpAddr::from(place.machine.address)).chain(ipv6);
    all.map(|at| (owner.clone(), address(at))).collect()
}

fn address(at: IpAddr) -> RData {
    match at {
        IpAddr::V4(at) => RData::A(A(at)),
        IpAddr::V6(at) => RData::AAAA(AAAA(at)),
    }
}

/// Two servers, as every zone should have.
pub(crate) fn name_servers(city: &City) -> [String; 2] {
    [format!("ns1.{}", city.mail), format!("ns2.{}", city.mail)]
}

fn servers_of(city: &City, zone: &Name, single: bool) -> Result<Vec<Owned>, Error> {
    let count = if single { 1 } else { 2 };
    let servers = name_servers(city).into_iter().take(count);
    servers.map(|server| Ok((zone.clone(), RData::NS(NS(name(&server)?))))).collect()
}

/// What is wrong with whole zones: those of the sites that it was planted on.
fn planted(places: &[Place]) -> Result<BTreeSet<(Name, Defect)>, Error> {
    let mut planted = BTreeSet::new();
    for place in places {
        for defect in [Defect::SingleNameserver, Defect::Unsigned, Defect::Bogus] {
            if place.spec.has(defect) {
                planted.insert((zone_of(&name(&place.host)?)?, defect));
            }
        }
    }
    Ok(planted)
}

fn is_suffix(zone: &Name) -> bool {
    let text = zone.to_ascii();
    SUFFIXES.contains(&text.trim_end_matches('.'))
}

/// The registrable domain a name lies in: one label below its suffix.
fn zone_of(owner: &Name) -> Result<Name, Error> {
    for suffix in SUFFIXES {
        let suffix = name(suffix)?;
        if suffix.zone_of(owner) && *owner != suffix {
            return Ok(owner.trim_to(usize::from(suffix.num_labels()) + 1));
        }
    }
    Err(Error::Data(format!("{owner} lies under no suffix of the lab")))
}

fn name(text: &str) -> Result<Name, Error> {
    let mut name =
        Name::from_ascii(text).map_err(|error| Error::Data(format!("{text}: {error}")))?;
    name.set_fqdn(true);
    Ok(name)
}
