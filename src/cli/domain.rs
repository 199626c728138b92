//! `xuncha domain`: the Article 14 verdict on names, without any network.

use std::io::{BufRead, BufReader};

use serde::Serialize;
use xuncha_model::{
    Facts,
    facts::domain::{Structure, Suffix},
    scan::FindingView,
};
use xuncha_probe::domain::{Names, offline_json};
use xuncha_report::{clean::printable, table::severity, word};
use xuncha_rules::RuleSet;

use crate::{
    args::Domain,
    config::Config,
    exit::{Done, Failure},
    output,
};

/// What `--json` prints for a name (DESIGN §4.2).
#[derive(Serialize)]
struct View<'v> {
    name: &'v str,
    ascii: &'v str,
    unicode: &'v str,
    suffix: Suffix,
    structure: Structure,
    region: &'v str,
    organ: &'v str,
    site: Option<&'v str>,
    findings: Vec<FindingView>,
}

pub(crate) fn run(args: &Domain, config: &Config) -> Result<Done, Failure> {
    let rules = config.rules()?;
    // Without a register plain structure is judged; the city's own names are then unknown to us.
    let register = config.register_if_present()?;
    let names = Names::new(&register);
    let verdict = |written: &str| {
        let facts = names.offline(&register, written, crate::now());
        let findings = findings(&rules, &facts)?;
        if args.json { json(&facts, findings) } else { Ok(text(&facts, &findings)) }
    };
    let mut out = String::new();
    for name in &args.names {
        out += &verdict(name)?;
    }
    output::stdout(&out)?;
    if args.stdin {
        stream(verdict)?;
    }
    Ok(Done::Well)
}

/// Answers the names of standard input. Answers gather while more names wait in the buffer, and go out before we wait for
/// the next: fast for a file, prompt for a program that asks one name at a time.
fn stream(verdict: impl Fn(&str) -> Result<String, Failure>) -> Result<(), Failure> {
    let mut names = BufReader::with_capacity(1 << 16, std::io::stdin().lock());
    let (mut line, mut out) = (Vec::new(), String::new());
    loop {
        if names.buffer().is_empty() {
            output::stdout(&out)?;
            out.clear();
        }
        line.clear();
        let read = names.read_until(b'\n', &mut line);
        if read.map_err(|error| Failure::own("reading stdin", error))? == 0 {
            return output::stdout(&out);
        }
        // A line in another encoding is a name with defects, not our trouble.
        let name = String::from_utf8_lossy(&line);
        if !name.trim().is_empty() {
            out += &verdict(name.trim())?;
        }
    }
}

fn findings(rules: &RuleSet, facts: &Facts) -> Result<Vec<FindingView>, Failure> {
    let facts = offline_json(facts).map_err(|error| Failure::own("writing facts", error))?;
    let verdicts = rules.judge_family(&facts, &["domain"]);
    let failed = verdicts.iter().filter(|verdict| !verdict.hits.is_empty());
    let views = failed.filter_map(|verdict| Some((rules.rule(&verdict.rule)?, verdict)));
    let mut findings: Vec<FindingView> = views
        .flat_map(|(rule, verdict)| verdict.hits.iter().map(|hit| FindingView::new(rule, hit)))
        .collect();
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.rule.cmp(&b.rule)));
    Ok(findings)
}

fn json(facts: &Facts, findings: Vec<FindingView>) -> Result<String, Failure> {
    let Some(name) = facts.domain.names.first() else { return Ok(String::new()) };
    let view = View {
        name: &name.name,
        ascii: &name.ascii,
        unicode: &name.unicode,
        suffix: name.suffix,
        structure: name.structure,
        region: &name.region,
        organ: &name.organ,
        site: facts.site.seen().map(|site| site.id.as_str()),
        findings,
    };
    let line = serde_json::to_string(&view).map_err(|error| Failure::own("writing JSON", error))?;
    Ok(line + "\n")
}

fn text(facts: &Facts, findings: &[FindingView]) -> String {
    let Some(name) = facts.domain.names.first() else { return String::new() };
    let mut out = printable(&name.name).into_owned();
    if name.unicode != name.name && !name.unicode.is_empty() {
        out += &format!(" ({})", printable(&name.unicode));
    }
    if findings.is_empty() {
        out += ": in order";
    }
    out += &format!("\n  {}", word(&name.structure));
    for (what, label) in [("region", &name.region), ("organ", &name.organ)] {
        if !label.is_empty() {
            out += &format!(", {what} {label}");
        }
    }
    out.push('\n');
    for finding in findings {
        out += &format!(
            "  {:<8} {}  {}\n           {}\n           {}\n",
            severity(finding.severity),
            finding.rule,
            finding.basis,
            printable(&finding.message),
            printable(&finding.remedy),
        );
    }
    out
}
