//! `xuncha findings`: troubles that last from scan to scan.

use xuncha_model::{Finding, Severity, period::SHANGHAI};
use xuncha_report::{clean::printable, table::severity, word};
use xuncha_store::Filter;

use crate::{
    args::Findings,
    config::Config,
    exit::{Done, Failure},
    output, scan,
    sites::output_rows,
};

pub(crate) async fn run(args: &Findings, config: &Config) -> Result<Done, Failure> {
    let store = scan::existing(config).await?;
    match args {
        Findings::List { site, rule, severity: least, closed, format } => {
            let filter = Filter {
                site: site.clone(),
                rule: rule.clone(),
                severity: least.map(Severity::from),
                closed: *closed,
                limit: None,
            };
            let findings = store.findings(&filter).await;
            let findings = findings.map_err(|error| Failure::own("reading findings", error))?;
            let head =
                ["id", "site", "severity", "rule", "state", "since", "due", "target", "message"];
            let rows = findings.iter().map(row);
            output::stdout(output_rows(*format, &findings, &head, rows)?)?;
        }
        Findings::Show { id, json } => {
            let found = store.finding(*id).await;
            let found = found.map_err(|error| Failure::own("reading the finding", error))?;
            let Some((finding, events)) = found else {
                return Err(Failure::Usage(format!(
                    "there is no finding {id}; see `xuncha findings list`"
                )));
            };
            output::stdout(if *json {
                let value = serde_json::json!({ "finding": finding, "events": events });
                let text = serde_json::to_string_pretty(&value);
                text.map_err(|error| Failure::own("writing JSON", error))? + "\n"
            } else {
                shown(&finding, &events)
            })?;
        }
    }
    Ok(Done::Well)
}

fn row(finding: &Finding) -> [String; 9] {
    [
        finding.id.to_string(),
        finding.site.clone(),
        severity(finding.severity).to_owned(),
        finding.rule.clone(),
        word(&finding.state),
        finding.opened_at.with_timezone(&SHANGHAI).format("%Y-%m-%d").to_string(),
        finding.due.map(|due| due.to_string()).unwrap_or_default(),
        finding.target.clone(),
        finding.message.clone(),
    ]
}

fn shown(finding: &Finding, events: &[xuncha_store::Event]) -> String {
    let mut out = format!(
        "finding {}  {}  {}\n  site     {}\n  target   {}\n  state    {}, reopened {} times\n  basis    {}\n  what     {}\n  remedy   {}\n  due      {}\n",
        finding.id,
        severity(finding.severity),
        finding.rule,
        finding.site,
        printable(&finding.target),
        word(&finding.state),
        finding.reopened,
        finding.basis,
        printable(&finding.message),
        printable(&finding.remedy),
        finding.due.map_or_else(|| "none".to_owned(), |due| due.to_string()),
    );
    for (path, value) in &finding.evidence {
        out += &format!("  fact     {path} = {}\n", printable(&value.to_string()));
    }
    for event in events {
        let at = event.at.with_timezone(&SHANGHAI).format("%Y-%m-%d %H:%M:%S");
        let change = word(&event.change);
        out += &format!("  {at}  {change:<8}  {}\n", printable(&event.message));
    }
    out
}
