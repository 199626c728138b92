//! `xuncha sites baseline`: what each site's name and home page should show, what they show, and who vouches for the difference.

use chrono::{DateTime, Utc};
use serde::Serialize;
use xuncha_model::{
    Register, Seen,
    facts::{
        DnsFacts, DriftFacts, PageFacts,
        content::{ConfirmedPage, PageBaseline},
        dns::{ConfirmedBaseline, DnsBaseline, DnsDrift},
        page::Origin,
    },
    period::SHANGHAI,
};
use xuncha_probe::{dns, drift};
use xuncha_store::{Store, StoredFacts};

use crate::{
    args::Baseline,
    config::Config,
    exit::{Done, Failure},
    output, scan,
    sites::output_rows,
};

/// A line of the list.
#[derive(Serialize)]
struct Line {
    site: String,
    confirmed_at: Option<DateTime<Utc>>,
    confirmed_by: String,
    baseline: Option<DnsBaseline>,
    /// When the latest stored look was taken.
    seen_at: Option<DateTime<Utc>>,
    /// What that look shows; `None` when it did not see the answers whole.
    seen: Option<DnsBaseline>,
    drift: Option<DnsDrift>,
    page: PagePart,
}

/// The part of a line that is about the home page.
#[derive(Serialize)]
struct PagePart {
    confirmed_at: Option<DateTime<Utc>>,
    confirmed_by: String,
    baseline: Option<PageBaseline>,
    /// What the latest stored look shows; `None` when it did not see the page as its readers do.
    seen: Option<PageBaseline>,
    drift: Option<DriftFacts>,
}

pub(crate) async fn run(
    args: &Baseline,
    register: &Register,
    config: &Config,
) -> Result<Done, Failure> {
    let sites = named(args, register)?;
    let store = scan::existing(config).await?;
    let failed = |error| Failure::own("reading the store", error);
    let mut lines = Vec::new();
    for site in sites {
        let look = store.latest_facts(site).await.map_err(failed)?;
        if args.confirm {
            confirm(&store, site, look.as_ref(), args.by.as_deref().unwrap_or_default()).await?;
        }
        let confirmed = store.dns_baseline(site).await.map_err(failed)?;
        let page = store.page_baseline(site).await.map_err(failed)?;
        lines.push(line(site.clone(), confirmed, page, look.as_ref()));
    }
    let head = [
        "site",
        "confirmed",
        "by",
        "answer",
        "name servers",
        "change",
        "page confirmed",
        "by",
        "title",
        "change",
    ];
    output::stdout(output_rows(args.format, &lines, &head, lines.iter().map(row))?)?;
    Ok(Done::Well)
}

/// The ids that were typed, all of them in the register; or every id of it.
fn named<'a>(args: &'a Baseline, register: &'a Register) -> Result<Vec<&'a String>, Failure> {
    let known = |id: &String| register.sites.iter().any(|site| site.id == *id);
    if let Some(unknown) = args.ids.iter().find(|id| !known(id)) {
        return Err(Failure::Usage(format!("`{unknown}` is no site; see `xuncha sites list`")));
    }
    if args.ids.is_empty() {
        return Ok(register.sites.iter().map(|site| &site.id).collect());
    }
    Ok(args.ids.iter().collect())
}

/// Takes what the latest look shows as the baseline: the answers of the name, the home page, or what it saw of the two.
async fn confirm(
    store: &Store,
    site: &str,
    look: Option<&StoredFacts>,
    by: &str,
) -> Result<(), Failure> {
    let seen = look.map(Part::of).unwrap_or_default();
    let dns = seen.dns.as_ref().and_then(dns::baseline);
    let page = seen.home.as_ref().and_then(drift::baseline);
    if dns.is_none() && page.is_none() {
        return Err(Failure::Usage(format!(
            "{site}: the latest look did not see its answers whole, nor its home page; scan it first"
        )));
    }
    let failed = |error| Failure::own("keeping the baseline", error);
    if let Some(baseline) = dns {
        store.confirm_dns_baseline(site, &baseline, crate::now(), by).await.map_err(failed)?;
    }
    if let Some(baseline) = page {
        store.confirm_page_baseline(site, &baseline, crate::now(), by).await.map_err(failed)?;
    }
    Ok(())
}

/// What a stored look shows of what has a baseline; nothing where it was not seen, or is of a form that is no longer read.
#[derive(Default)]
struct Part {
    dns: Option<DnsFacts>,
    home: Option<PageFacts>,
}

impl Part {
    fn of(look: &StoredFacts) -> Self {
        #[derive(serde::Deserialize)]
        struct Dns {
            dns: Seen<DnsFacts>,
        }
        #[derive(serde::Deserialize)]
        struct Pages {
            pages: Seen<Vec<PageFacts>>,
        }
        let dns = serde_json::from_slice::<Dns>(&look.facts).ok();
        let pages = serde_json::from_slice::<Pages>(&look.facts).ok();
        let home = |pages: &Vec<PageFacts>| {
            let home = pages.iter().find(|page| page.origin == Origin::Home);
            home.cloned()
        };
        Self {
            dns: dns.and_then(|part| part.dns.seen().cloned()),
            home: pages.and_then(|part| part.pages.seen().and_then(home)),
        }
    }
}

fn line(
    site: String,
    confirmed: Option<ConfirmedBaseline>,
    page: Option<ConfirmedPage>,
    look: Option<&StoredFacts>,
) -> Line {
    let part = look.map(Part::of).unwrap_or_default();
    let drift = confirmed.as_ref().zip(part.dns.as_ref());
    let drift = drift.and_then(|(confirmed, facts)| dns::drift(confirmed, facts).seen().cloned());
    Line {
        site,
        confirmed_at: confirmed.as_ref().map(|confirmed| confirmed.confirmed_at),
        confirmed_by: confirmed.as_ref().map(|it| it.confirmed_by.clone()).unwrap_or_default(),
        baseline: confirmed.map(|confirmed| confirmed.baseline),
        seen_at: look.map(|look| look.observed_at),
        seen: part.dns.as_ref().and_then(dns::baseline),
        drift,
        page: page_part(page, part.home.as_ref()),
    }
}

fn page_part(confirmed: Option<ConfirmedPage>, home: Option<&PageFacts>) -> PagePart {
    let drift = confirmed.as_ref().zip(home);
    PagePart {
        drift: drift.and_then(|(confirmed, home)| drift::drift(confirmed, home).seen().cloned()),
        confirmed_at: confirmed.as_ref().map(|confirmed| confirmed.confirmed_at),
        confirmed_by: confirmed.as_ref().map(|it| it.confirmed_by.clone()).unwrap_or_default(),
        baseline: confirmed.map(|confirmed| confirmed.baseline),
        seen: home.and_then(drift::baseline),
    }
}

fn row(line: &Line) -> [String; 10] {
    let day = |at: DateTime<Utc>| at.with_timezone(&SHANGHAI).format("%Y-%m-%d").to_string();
    let baseline = line.baseline.as_ref();
    let answer = baseline.map(|it| [it.aliases.as_slice(), &it.addresses].concat().join(" "));
    let change = match (&line.baseline, &line.drift) {
        (None, _) => "no baseline yet".to_owned(),
        (Some(_), None) => "not seen".to_owned(),
        (Some(_), Some(drift)) => change(drift),
    };
    let page = &line.page;
    let page_change = match (&page.baseline, &page.drift) {
        (None, _) => "no baseline yet".to_owned(),
        (Some(_), None) => "not seen".to_owned(),
        (Some(_), Some(drift)) => page_change(drift),
    };
    [
        line.site.clone(),
        line.confirmed_at.map(day).unwrap_or_default(),
        line.confirmed_by.clone(),
        answer.unwrap_or_default(),
        baseline.map(|it| it.nameservers.join(" ")).unwrap_or_default(),
        change,
        page.confirmed_at.map(day).unwrap_or_default(),
        page.confirmed_by.clone(),
        page.baseline.as_ref().map(|it| it.title.clone()).unwrap_or_default(),
        page_change,
    ]
}

/// What a person looks at first: the title, signs of a defacement, hosts of scripts, how near the mark-up still is; or `none`.
fn page_change(drift: &DriftFacts) -> String {
    let mut all = Vec::new();
    if drift.title != drift.title_before {
        all.push(format!("title {}", drift.title));
    }
    all.extend(drift.signs.iter().map(|sign| format!("sign {sign}")));
    all.extend(drift.script_hosts_added.iter().map(|host| format!("+script {host}")));
    all.extend(drift.hosts_added.iter().map(|host| format!("+{host}")));
    if drift.structure < 100 {
        all.push(format!("mark-up {} %", drift.structure));
    }
    if all.is_empty() { "none".to_owned() } else { all.join(" ") }
}

/// `+new -gone`, or `none`.
fn change(drift: &DnsDrift) -> String {
    let marked = |mark: &'static str, names: &[String]| -> Vec<String> {
        names.iter().map(|name| format!("{mark}{name}")).collect()
    };
    let all = [
        marked("+", &drift.added),
        marked("-", &drift.removed),
        marked("+", &drift.nameservers_added),
        marked("-", &drift.nameservers_removed),
    ]
    .concat();
    if all.is_empty() { "none".to_owned() } else { all.join(" ") }
}
