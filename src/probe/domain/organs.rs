//! The names an organ may be called by: without its region, shortened, without connectives.

use xuncha_model::{Organ, Register, register::Region};

use super::lists::{Organs as Lists, Usual};

/// What the program knows of one organ's names.
#[derive(Debug)]
pub(super) struct Body {
    /// Stable id; empty for an organ that is only in the list of usual ones.
    pub(super) id: String,
    /// Full name; without the region for an organ that is only in the list.
    pub(super) name: String,
    /// Division code of its region; empty for an organ that is only in the list.
    pub(super) region: String,
    /// Full and short names as the register has them.
    pub(super) written: Vec<String>,
    /// Full and short names without the region, with the usual short names.
    pub(super) bare: Vec<String>,
    /// Labels that are known as they stand.
    pub(super) labels: Vec<String>,
    /// Registered English names.
    pub(super) english: Vec<String>,
    /// Portal domain of its ministry; empty where there is none.
    pub(super) ministry: String,
}

/// The registered organs, then the usual ones.
pub(super) fn bodies(register: &Register, lists: &Lists) -> Vec<Body> {
    let registered = register.organs.iter().map(|organ| registered(register, organ, lists));
    registered.chain(lists.organs.iter().map(usual)).collect()
}

fn registered(register: &Register, organ: &Organ, lists: &Lists) -> Body {
    let region = register.region(&organ.region);
    let prefixes = prefixes(register, region, lists);
    let written: Vec<String> =
        std::iter::once(&organ.name).chain(&organ.short_names).cloned().collect();
    let mut bare: Vec<String> = Vec::new();
    for name in &written {
        let stripped = strip(name, &prefixes);
        push(&mut bare, stripped.to_owned());
        // a vertically managed body carries its region in the middle of its name
        let after = region.and_then(|region| stripped.split_once(region.name.as_str()));
        if let Some((before, rest)) = after.filter(|(_, rest)| rest.chars().count() > 1) {
            push(&mut bare, rest.to_owned());
            push(&mut bare, format!("{before}{rest}"));
        }
    }
    let mut labels = Vec::new();
    let known = lists.organs.iter().filter(|usual| bare.contains(&usual.name));
    let mut short = Vec::new();
    for usual in known {
        short.extend(usual.short.iter().cloned());
        labels.extend(usual.labels.iter().cloned());
    }
    for name in short {
        push(&mut bare, name);
    }
    Body {
        id: organ.id.clone(),
        name: organ.name.clone(),
        region: organ.region.clone(),
        written,
        bare,
        labels,
        english: organ.english.clone(),
        ministry: organ.ministry_domain.clone().unwrap_or_default(),
    }
}

fn usual(usual: &Usual) -> Body {
    let bare: Vec<String> = std::iter::once(&usual.name).chain(&usual.short).cloned().collect();
    Body {
        id: String::new(),
        name: usual.name.clone(),
        region: String::new(),
        written: Vec::new(),
        bare,
        labels: usual.labels.clone(),
        english: Vec::new(),
        ministry: String::new(),
    }
}

/// What may stand before the proper name of an organ, longest first.
fn prefixes(register: &Register, region: Option<&Region>, lists: &Lists) -> Vec<String> {
    let city = &register.city.name;
    let mut prefixes = lists.region_endings.clone();
    for name in region.map(|region| &region.name).into_iter().chain([city]) {
        for form in region_forms(name, lists) {
            push(&mut prefixes, format!("{city}{form}"));
            push(&mut prefixes, form.to_owned());
        }
    }
    prefixes.retain(|prefix| !prefix.is_empty());
    prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.len()));
    prefixes
}

/// A region's name, and the same without its ending where two characters remain.
pub(super) fn region_forms<'n>(name: &'n str, lists: &Lists) -> Vec<&'n str> {
    let short = lists.region_endings.iter().find_map(|ending| name.strip_suffix(ending.as_str()));
    let short = short.filter(|short| short.chars().count() > 1);
    std::iter::once(name).chain(short).collect()
}

/// The name without the first prefix that leaves two characters.
fn strip<'n>(name: &'n str, prefixes: &[String]) -> &'n str {
    let mut rests = prefixes.iter().filter_map(|prefix| name.strip_prefix(prefix.as_str()));
    rests.find(|rest| rest.chars().count() > 1).unwrap_or(name)
}

/// Every form a label may spell: with shorter endings, without connectives.
pub(super) fn variants(bare: &str, lists: &Lists) -> Vec<String> {
    let mut variants = vec![bare.to_owned()];
    let mut next = 0;
    while let Some(name) = variants.get(next).cloned() {
        next += 1;
        for ending in &lists.endings {
            let Some(stem) = name.strip_suffix(ending.full.as_str()) else { continue };
            for shorter in &ending.shorter {
                push(&mut variants, format!("{stem}{shorter}"));
            }
        }
        push(&mut variants, without_connectives(&name, &lists.connectives));
    }
    variants.retain(|name| name.chars().count() > 1);
    variants
}

/// Connectives stand between words, never first or last.
fn without_connectives(name: &str, connectives: &[char]) -> String {
    let last = name.chars().count().saturating_sub(1);
    let kept = name
        .chars()
        .enumerate()
        .filter(|(at, character)| *at == 0 || *at == last || !connectives.contains(character));
    kept.map(|(_, character)| character).collect()
}

fn push(list: &mut Vec<String>, item: String) {
    if !item.is_empty() && !list.contains(&item) {
        list.push(item);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::lists, *};

    #[test]
    fn a_name_is_shortened_the_way_officials_do() {
        let lists = lists::organs();
        let housing = variants("住房和城乡建设局", &lists);
        assert!(housing.contains(&"住房城乡建设".into()), "{housing:?}");
        let planning = variants("发展和改革委员会", &lists);
        for name in ["发展和改革委", "发展改革委", "发展改革"] {
            assert!(planning.contains(&name.into()), "{planning:?}");
        }
        assert!(variants("和平局", &lists).contains(&"和平".into()));
    }

    #[test]
    fn regions_lose_their_ending_only_when_a_name_remains() {
        let lists = lists::organs();
        assert_eq!(region_forms("川汇区", &lists), ["川汇区", "川汇"]);
        assert_eq!(region_forms("单县", &lists), ["单县"]);
    }
}
