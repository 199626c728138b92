//! The suffix and the structure of a name, and which labels stand in the places of region and organ.

use std::collections::HashMap;

use xuncha_model::facts::domain::{Structure, Suffix};

/// `政务` as an A-label.
pub(super) const ZHENGWU: &str = "xn--zfr164b";

/// Whose domain a name lies under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// The city portal's.
    City,
    /// That of a county or district, by its number.
    County(u32),
    /// A ministry's.
    Ministry,
}

/// A name taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape<'n> {
    /// What it ends in.
    pub(super) suffix: Suffix,
    /// How it is built.
    pub(super) structure: Structure,
    /// The label in the place of the region, ASCII; empty where there is none.
    pub(super) region: &'n str,
    /// The label in the place of the organ, ASCII; empty where there is none.
    pub(super) organ: &'n str,
    /// Whose domain it lies under.
    pub(super) zone: Option<Zone>,
    /// Nothing stands before the suffix.
    pub(super) bare_suffix: bool,
}

const NOTHING: Shape<'static> = Shape {
    suffix: Suffix::None,
    structure: Structure::Other,
    region: "",
    organ: "",
    zone: None,
    bare_suffix: false,
};

/// Takes an ASCII name apart; `zones` are the domains under which names lie.
pub(super) fn shape<'n>(ascii: &'n str, zones: &HashMap<String, Zone>) -> Shape<'n> {
    let mut labels = ascii.rsplit('.');
    match (labels.next(), labels.next()) {
        (Some(ZHENGWU), None | Some("")) => Shape { bare_suffix: true, ..NOTHING },
        (Some(ZHENGWU), Some(label)) => {
            let rest = labels.next().is_some();
            let extra = rest
                && ascii.strip_prefix("www.").is_none_or(|name| name.matches('.').count() != 1);
            chinese(Suffix::Zhengwu, label, extra)
        }
        (Some("cn"), Some(ZHENGWU)) => match labels.next() {
            None | Some("") => Shape { bare_suffix: true, ..NOTHING },
            Some(label) => {
                let rest = labels.next().is_some();
                let extra = rest
                    && ascii.strip_prefix("www.").is_none_or(|name| name.matches('.').count() != 2);
                chinese(Suffix::ZhengwuCn, label, extra)
            }
        },
        (Some("cn"), Some("gov")) => match labels.next() {
            None | Some("") => Shape { bare_suffix: true, ..NOTHING },
            Some(region) => gov_cn(ascii, region, labels.next(), labels.next().is_some(), zones),
        },
        (Some(_), Some(_)) => Shape { suffix: Suffix::Other, ..NOTHING },
        _ => NOTHING,
    }
}

fn chinese(suffix: Suffix, label: &str, extra: bool) -> Shape<'_> {
    let structure = if extra { Structure::Other } else { Structure::Chinese };
    Shape { suffix, structure, organ: label, ..NOTHING }
}

/// `region.gov.cn`, with `below` directly under it, and more labels before that when `deeper`.
fn gov_cn<'n>(
    ascii: &str,
    region: &'n str,
    below: Option<&'n str>,
    deeper: bool,
    zones: &HashMap<String, Zone>,
) -> Shape<'n> {
    let known = Shape { suffix: Suffix::GovCn, region, ..NOTHING };
    match below {
        None => known,
        Some("www") if !deeper => Shape { structure: Structure::Portal, ..known },
        Some(organ) => {
            let zone = parents(ascii).find_map(|parent| zones.get(parent).copied());
            let structure = match zone {
                Some(Zone::Ministry) => {
                    return Shape { structure: Structure::Vertical, zone, region: "", ..known };
                }
                _ if deeper => Structure::Other,
                Some(Zone::County(_)) => Structure::CountyDepartment,
                Some(Zone::City) | None => Structure::Department,
            };
            Shape { structure, organ, zone, ..known }
        }
    }
}

/// The names a name lies under, the longest first.
fn parents(ascii: &str) -> impl Iterator<Item = &str> {
    ascii.match_indices('.').map(|(at, _)| &ascii[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_structure_is_told_apart() {
        let zones = HashMap::from([
            ("zhoukou.gov.cn".to_owned(), Zone::City),
            ("luyi.gov.cn".to_owned(), Zone::County(9)),
            ("chinatax.gov.cn".to_owned(), Zone::Ministry),
        ]);
        for (ascii, structure, region, organ) in [
            ("www.zhoukou.gov.cn", Structure::Portal, "zhoukou", ""),
            ("czj.zhoukou.gov.cn", Structure::Department, "zhoukou", "czj"),
            ("czj.luyi.gov.cn", Structure::CountyDepartment, "luyi", "czj"),
            ("slj.bd.gov.cn", Structure::Department, "bd", "slj"),
            ("zhoukou.henan.chinatax.gov.cn", Structure::Vertical, "", ""),
            ("www.czj.zhoukou.gov.cn", Structure::Other, "zhoukou", "czj"),
            ("zhoukou.gov.cn", Structure::Other, "zhoukou", ""),
            ("xn--a.xn--zfr164b", Structure::Chinese, "", "xn--a"),
            ("www.xn--a.xn--zfr164b.cn", Structure::Chinese, "", "xn--a"),
            ("b.xn--a.xn--zfr164b", Structure::Other, "", "xn--a"),
        ] {
            let shape = shape(ascii, &zones);
            assert_eq!(
                (shape.structure, shape.region, shape.organ),
                (structure, region, organ),
                "{ascii}"
            );
        }
        for bare in ["gov.cn", ZHENGWU, "xn--zfr164b.cn"] {
            assert!(shape(bare, &zones).bare_suffix, "{bare}");
        }
        assert_eq!(shape("localhost", &zones).suffix, Suffix::None);
        assert_eq!(shape("zhoukou.com", &zones).suffix, Suffix::Other);
    }
}
