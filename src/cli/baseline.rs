//! `xuncha sites baseline`: what each site's name should answer, what it answers, and who vouches for the difference.

use chrono::{DateTime, Utc};
use serde::Serialize;
use xuncha_model::{
    Register, Seen,
    facts::{
        DnsFacts,
        dns::{ConfirmedBaseline, DnsBaseline, DnsDrift},
    },
    period::SHANGHAI,
};
use xuncha_probe::dns;
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
        lines.push(line(site.clone(), confirmed, look.as_ref()));
    }
    let head = ["site", "confirmed", "by", "answer", "name servers", "change"];
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

/// Takes what the latest look shows as the baseline.
async fn confirm(
    store: &Store,
    site: &str,
    look: Option<&StoredFacts>,
    by: &str,
) -> Result<(), Failure> {
    let Some(baseline) = look.and_then(facts).as_ref().and_then(dns::baseline) else {
        return Err(Failure::Usage(format!(
            "{site}: the latest look did not see its answers whole; scan it first"
        )));
    };
    let kept = store.confirm_dns_baseline(site, &baseline, crate::now(), by).await;
    kept.map_err(|error| Failure::own("keeping the baseline", error))
}

/// The DNS facts of a look; `None` when they were not seen, or are of a form that is no longer read.
fn facts(look: &StoredFacts) -> Option<DnsFacts> {
    #[derive(serde::Deserialize)]
    struct Part {
        dns: Seen<DnsFacts>,
    }
    match serde_json::from_slice::<Part>(&look.facts).ok()?.dns {
        Seen::Seen(facts) => Some(facts),
        Seen::Unseen(_) => None,
    }
}

fn line(site: String, confirmed: Option<ConfirmedBaseline>, look: Option<&StoredFacts>) -> Line {
    let facts = look.and_then(facts);
    let drift = confirmed.as_ref().zip(facts.as_ref());
    let drift = drift.and_then(|(confirmed, facts)| dns::drift(confirmed, facts).seen().cloned());
    Line {
        site,
        confirmed_at: confirmed.as_ref().map(|confirmed| confirmed.confirmed_at),
        confirmed_by: confirmed.as_ref().map(|it| it.confirmed_by.clone()).unwrap_or_default(),
        baseline: confirmed.map(|confirmed| confirmed.baseline),
        seen_at: look.map(|look| look.observed_at),
        seen: facts.as_ref().and_then(dns::baseline),
        drift,
    }
}

fn row(line: &Line) -> [String; 6] {
    let day = |at: DateTime<Utc>| at.with_timezone(&SHANGHAI).format("%Y-%m-%d").to_string();
    let baseline = line.baseline.as_ref();
    let answer = baseline.map(|it| [it.aliases.as_slice(), &it.addresses].concat().join(" "));
    let change = match (&line.baseline, &line.drift) {
        (None, _) => "no baseline yet".to_owned(),
        (Some(_), None) => "not seen".to_owned(),
        (Some(_), Some(drift)) => change(drift),
    };
    [
        line.site.clone(),
        line.confirmed_at.map(day).unwrap_or_default(),
        line.confirmed_by.clone(),
        answer.unwrap_or_default(),
        baseline.map(|it| it.nameservers.join(" ")).unwrap_or_default(),
        change,
    ]
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
