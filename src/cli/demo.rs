//! `xuncha demo`: a whole simulated city on loopback, scanned, judged and reported, without any network.

use std::{path::Path, sync::Arc};

use xuncha_lab::Lab;
use xuncha_model::{Reason, scan::Report};
use xuncha_probe::Target;
use xuncha_report::{summary::Summary, table};
use xuncha_rules::register;
use xuncha_store::{Sample, Store};

use crate::{
    args::{Demo, Global, ScanFormat},
    config::Config,
    exit::{Done, Failure},
    output, scan,
};

pub(crate) async fn run(args: &Demo, global: &Global, config: Config) -> Result<Done, Failure> {
    let lab = xuncha_lab::start(crate::now()).await;
    let lab = lab.map_err(|error| Failure::own("starting the demo city", error))?;
    let folder = &args.output;
    let (sites, ca) = (folder.join("sites.yaml"), folder.join("ca.pem"));
    output::file(&folder.join("anchor"), lab.trust_anchor.as_bytes())?;
    output::file(&sites, lab.sites_yaml.as_bytes())?;
    output::file(&ca, lab.ca_pem.as_bytes())?;
    let config = in_the_lab(config, &lab, folder)?;
    let register = register::load(&sites.display().to_string(), &lab.sites_yaml);
    let register = Arc::new(register.map_err(Failure::Problems)?);
    let targets: Vec<Target> = register.sites.iter().cloned().map(Target::Registered).collect();
    output::notice(format!(
        "{}: {} sites on loopback, name server {}; scanning ...",
        register.city.name,
        targets.len(),
        lab.resolver
    ));
    let store = fresh_store(&config).await?;
    remember(&store, &lab).await?;
    let mut scanner = scan::scanner(&config, register, Some(store))?;
    scanner.eye.profile = xuncha_probe::Profile::Full;
    scanner.eye.shelf = Some(scan::shelf(&config).await?);
    let report = scan::watched(&scanner, targets, global.quiet)
        .await
        .map_err(|error| Failure::own("scanning the demo city", error))?;
    output::stdout(table::render(&report, output::width()))?;
    write_reports(&report, folder)?;
    output::stdout(farewell(&report, &lab, args))?;
    if args.stay {
        output::notice("The city stays up until Ctrl-C.");
        let _ = tokio::signal::ctrl_c().await;
    }
    Ok(scan::ending(&report, None))
}

/// The operator's configuration with everything that must be the lab's.
fn in_the_lab(mut config: Config, lab: &Lab, folder: &Path) -> Result<Config, Failure> {
    config.network.resolver = Some(lab.resolver);
    config.network.ca_files = vec![folder.join("ca.pem")];
    config.network.port_map.clone_from(&lab.port_map);
    let ranges = lab.allow_net.iter().map(|range| range.parse());
    config.network.allow_net = ranges.collect::<Result<_, _>>().map_err(Failure::Usage)?;
    config.network.trust_anchor = Some(folder.join("anchor"));
    config.network.compare_resolvers.clear();
    // The city is ours: a short pace and an early second look make the demo quick.
    config.network.interval_ms = 2;
    config.crawl.interval = std::time::Duration::ZERO;
    config.second_look = std::time::Duration::from_secs(1);
    config.references.clone_from(&lab.references);
    config.data = folder.join("data");
    config.vantage = "demo".to_owned();
    Ok(config)
}

/// The demo begins with an empty store, so that its findings are those of this scan.
async fn fresh_store(config: &Config) -> Result<Store, Failure> {
    let files =
        ["xuncha.db", "xuncha.db-wal", "xuncha.db-shm", "crawl.db", "crawl.db-wal", "crawl.db-shm"];
    for name in files {
        match std::fs::remove_file(config.data.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Failure::own("clearing the demo's store", error));
            }
            _ => {}
        }
    }
    scan::open(config).await
}

/// A city that has been watched for a week, and whose names somebody vouched for.
async fn remember(store: &Store, lab: &Lab) -> Result<(), Failure> {
    for week in lab.past.chunk_by(|a, b| a.site == b.site) {
        let Some(first) = week.first() else { continue };
        let samples: Vec<_> = week
            .iter()
            .map(|probe| Sample { at: probe.at, opened: probe.opened, total_ms: probe.total_ms })
            .collect();
        let kept = store.add_samples(&first.site, "demo", &samples).await;
        kept.map_err(|error| Failure::own("keeping the demo's past week", error))?;
    }
    for (site, baseline) in &lab.vouched {
        let at = crate::now() - chrono::Duration::days(30);
        let kept = store.confirm_dns_baseline(site, baseline, at, "demo").await;
        kept.map_err(|error| Failure::own("keeping the demo's baselines", error))?;
    }
    Ok(())
}

fn write_reports(report: &Report, folder: &Path) -> Result<(), Failure> {
    let forms = [("html", ScanFormat::Html), ("json", ScanFormat::Json), ("csv", ScanFormat::Csv)];
    for (ending, format) in forms {
        let bytes = scan::render(report, format, true)?;
        output::file(&folder.join(format!("scan.{ending}")), &bytes)?;
    }
    Ok(())
}

fn farewell(report: &Report, lab: &Lab, args: &Demo) -> String {
    let folder = args.output.display();
    let labels = lab.labels.len();
    let found = lab.labels.iter().filter(|label| {
        let site = report.sites.iter().find(|site| site.id == label.site);
        site.is_some_and(|site| site.findings.iter().any(|finding| finding.rule == label.rule))
    });
    let found = found.count();
    let findings = Summary::of(report).findings.total;
    let left_out = report.sites.iter().any(|site| site.reason == Reason::SelfStopped);
    let stopped = if left_out { " before the scan was stopped" } else { "" };
    // After `cargo run` there is no `xuncha` on the path.
    let program = std::env::args().next().unwrap_or_else(|| "xuncha".to_owned());
    let mut text = format!(
        "\n{found} of {labels} planted defects found{stopped}; {findings} findings in all.\n\
         Open   {folder}/scan.html   the page an office can mail\n       \
         {folder}/scan.json   the same for a program, schema xuncha.scan/1\n       \
         {folder}/scan.csv    the same for a spreadsheet\n\
         Next   {program} findings list --data {folder}/data\n"
    );
    if args.stay {
        let maps =
            lab.port_map.iter().map(|(port, dialled)| format!(" --map-port {port}={dialled}"));
        let ranges = lab.allow_net.iter().map(|range| format!(" --allow-net {range}"));
        let references = lab.references.iter().map(|reference| format!(" --reference {reference}"));
        text += &format!(
            "Scan it from another terminal:\n  {program} scan --all --sites {folder}/sites.yaml --data {folder}/data --ca-file {folder}/ca.pem \
             --trust-anchor {folder}/anchor --resolver {}{}{}{}\n",
            lab.resolver,
            ranges.collect::<String>(),
            maps.collect::<String>(),
            references.collect::<String>(),
        );
    } else {
        text += &format!(
            "       {program} demo --stay --output {folder}   keeps the city up to try other commands on it\n"
        );
    }
    text
}
