//! The register: the repository's own, and broken ones with the exact mistakes.

use std::{fs, path::Path};

use chrono::NaiveDate;
use xuncha_model::{
    Problem, Register,
    facts::{Level, SiteState},
};
use xuncha_probe::register::{filing_facts, site_facts};
use xuncha_rules::register::load;

fn repository(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

pub(crate) fn zhoukou() -> Register {
    load("sites.yaml", &repository("sites.yaml"))
        .unwrap_or_else(|problems| panic!("{}", told(&problems)))
}

fn told(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

#[test]
fn the_repositorys_own_register_is_in_order_and_invents_nothing() {
    let register = zhoukou();
    assert_eq!((register.city.regions.len(), register.sites.len()), (11, 18));
    assert_eq!(register.city.regions[0].division, "411600");
    let huaiyang = register.region("411603").unwrap();
    assert_eq!(huaiyang.former_divisions, ["411626"]);
    for site in &register.sites {
        assert!(
            site.domains.is_none()
                && site.code.is_none()
                && site.icp.is_none()
                && site.police.is_none()
        );
        assert!(site.administrators.is_empty() && site.filings.is_empty());
    }
}

#[test]
fn the_commented_example_is_a_register_that_can_be_read() {
    let text = repository("sites.yaml");
    let example =
        text.lines().filter_map(|line| line.strip_prefix("#   ")).collect::<Vec<_>>().join("\n");
    let city = "city: { name: 周口市, domain: zhoukou.gov.cn, division: 411600 }\n";
    let text = format!("{city}{example}\n")
        .replace('…', "x")
        .replace("until: x", "")
        .replace("from: x", "");
    let register =
        load("example", &text).unwrap_or_else(|problems| panic!("{text}\n{}", told(&problems)));
    let site = &register.sites[0];
    assert_eq!(site.domains.as_ref().unwrap().len(), 3);
    assert!(site.domains.as_ref().unwrap()[1].ascii.ends_with(".xn--zfr164b"));
    assert!(
        site.code.is_some() && site.icp.is_some() && site.police.is_some() && site.notes.is_some()
    );
    assert_eq!((site.filings.len(), site.administrators.len(), site.columns.len()), (1, 1, 1));
    assert_eq!(
        (site.endpoints.len(), site.maintenance.len(), site.allow_internal.len()),
        (1, 1, 1)
    );
    assert_eq!((site.crawl.max_pages, site.crawl.render), (Some(500), true));
}

#[test]
fn broken_registers_are_told_with_every_mistake() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bad/sites");
    let (mut seen, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let wanted: Vec<&str> =
            text.lines().map_while(|line| line.strip_prefix("# want: ")).collect();
        let problems = load("f", &text).err().unwrap_or_default();
        let found: Vec<String> = problems
            .iter()
            .map(|problem| problem.to_string().trim_start_matches("f:").to_owned())
            .collect();
        if wanted.is_empty() || found != wanted {
            wrong.push(format!(
                "{}
{}",
                path.display(),
                found.join(
                    "
"
                )
            ));
        }
        seen += 1;
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
    assert!(seen >= 14, "{seen}");
}

#[test]
fn ten_thousand_sites_are_read_without_looking_each_one_up_in_all_the_others() {
    let mut text =
        String::from("city: { name: 周口市, domain: zhoukou.gov.cn, division: 411600 }\norgans:\n");
    for number in 0..10_000 {
        text += &format!("  - {{ id: o{number}, name: 第{number}局, region: 411600 }}\n");
    }
    text += "sites:\n";
    for number in 0..10_000 {
        let url = format!("https://s{number}.zhoukou.gov.cn/");
        text += &format!(
            "  - {{ id: s{number}, name: 第{number}局网站, sponsor: o{number}, kind: department, url: \"{url}\" }}\n"
        );
    }
    let register = load("f", &text).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    assert_eq!(register.sites.len(), 10_000);
}

#[test]
fn the_register_says_what_is_filed_on_a_day() {
    let text = r#"
city: { name: 周口市, domain: zhoukou.gov.cn, division: 411600 }
regions: [{ name: 淮阳区, division: 411603, former_divisions: [411626] }]
organs:
  - { id: daj, name: 周口市档案局, region: 周口市 }
  - { id: huaiyang, name: 淮阳区人民政府, kind: government, region: 淮阳区 }
sites:
  - id: away
    name: 周口市档案局网站
    sponsor: daj
    kind: department
    url: https://daj.zhoukou.gov.cn/
    domains: [{ name: old.zhoukou.gov.cn, retired: 2026-08-01 }]
    status: { state: offline-temporary, from: 2026-10-10 }
    filings:
      - { event: offline, date: 2026-10-10 }
      - { event: offline, date: 2026-03-01, until: 2026-03-05 }
      - { event: offline, date: 2025-03-01 }
      - { event: open, date: 2020-03-01 }
  - id: shut
    name: 档案查询网
    sponsor: daj
    kind: department
    url: https://danganju.zhoukou.gov.cn/
    status: { state: closed, on: 2026-10-31 }
  - { id: huaiyang, name: 淮阳区人民政府门户网站, sponsor: huaiyang, kind: portal, url: "https://www.huaiyang.gov.cn/" }
"#;
    let register = load("f", text).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let site = |id: &str| register.site(id).unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let away = filing_facts(site("away"), day("2026-11-08"));
    assert_eq!((away.offline_days, away.offline_times, away.closed_days), (30, 2, 0));
    assert_eq!(away.events[0].date, day("2020-03-01"), "oldest first");
    assert_eq!((away.retired[0].days, away.retired[0].serving.seen()), (99, None));
    assert_eq!(filing_facts(site("away"), day("2026-10-09")).offline_days, 0);
    assert_eq!(filing_facts(site("shut"), day("2026-11-30")).closed_days, 30);
    for (id, today, state) in [
        ("away", "2026-10-09", SiteState::Running),
        ("away", "2026-10-10", SiteState::Offline),
        ("shut", "2026-10-31", SiteState::Running),
        ("shut", "2026-11-01", SiteState::Closed),
    ] {
        assert_eq!(site_facts(&register, site(id), day(today)).status, state, "{id} {today}");
    }
    let huaiyang = site_facts(&register, site("huaiyang"), day("2026-11-08"));
    assert_eq!((huaiyang.sponsor_level, huaiyang.region.as_str()), (Level::County, "淮阳区"));
    assert_eq!(huaiyang.divisions, ["411603", "411626"]);
    let daj = site_facts(&register, site("away"), day("2026-10-09"));
    assert_eq!((daj.sites_of_sponsor, daj.sponsor_kind.seen()), (2, None));
}
