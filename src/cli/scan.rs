//! `xuncha scan` and `xuncha recheck`: look, judge, store, show.

use std::sync::Arc;

use chrono::NaiveTime;
use tokio::sync::watch;
use url::Url;
use xuncha_model::{
    Reason, Register, Severity,
    period::SHANGHAI,
    scan::{Report, SiteResult, UnknownView},
};
use xuncha_net::Door;
use xuncha_probe::{Eye, Files, Profile, Target, crawl, domain::Names};
use xuncha_report as report;
use xuncha_scan::Scanner;
use xuncha_store::Store;
use xuncha_unpack::Unpacking;

use crate::{
    args::{self, Global, Recheck, Scan, ScanFormat},
    config::Config,
    exit::{Done, Failure},
    output,
    progress::Bar,
};

/// `xuncha scan`.
pub(crate) async fn run(args: &Scan, global: &Global, config: &Config) -> Result<Done, Failure> {
    let register =
        Arc::new(if args.all { config.register()? } else { config.register_if_present()? });
    let targets = if args.all {
        register.sites.iter().cloned().map(Target::Registered).collect()
    } else {
        let mut targets: Vec<Target> = Vec::new();
        for typed in &args.targets {
            let target = target(&register, typed)?;
            if !targets.iter().any(|known| known.url() == target.url()) {
                targets.push(target);
            }
        }
        targets
    };
    let store = if args.no_store { None } else { Some(open(config).await?) };
    let mut scanner = scanner(config, register, store)?;
    scanner.eye.profile = match args.profile {
        args::Profile::Quick => Profile::Quick,
        args::Profile::Daily => Profile::Daily,
        args::Profile::Full => Profile::Full,
    };
    scanner.eye.shelf = match scanner.eye.profile {
        Profile::Daily | Profile::Full if !args.no_store => Some(shelf(config).await?),
        _ => None,
    };
    scanner.concurrency = args.concurrency.unwrap_or(config.concurrency).max(1);
    scanner.keep_facts = args.facts;
    let report = match watched(&scanner, targets, global.quiet).await {
        // What was seen is shown all the same.
        Err(xuncha_scan::Error::Recording { source, report }) => {
            show(&report, args.format, args.output.as_deref())?;
            return Err(Failure::own("recording the scan", source));
        }
        report => report.map_err(|error| Failure::own("scanning", error))?,
    };
    show(&report, args.format, args.output.as_deref())?;
    Ok(ending(&report, args.fail_on.map(Severity::from)))
}

/// `xuncha recheck`.
pub(crate) async fn recheck(args: &Recheck, config: &Config) -> Result<Done, Failure> {
    let store = existing(config).await?;
    // The day begins at midnight in Zhoukou.
    let since = args
        .since
        .and_then(|day| day.and_time(NaiveTime::MIN).and_local_timezone(SHANGHAI).single());
    let since = since.map(|midnight| midnight.to_utc());
    let rules = config.rules()?;
    let report = xuncha_scan::recheck(&store, &rules, since, &crate::now)
        .await
        .map_err(|error| Failure::own("judging stored facts", error))?;
    show(&report, args.format, args.output.as_deref())?;
    Ok(ending(&report, args.fail_on.map(Severity::from)))
}

/// The scanner of a configuration.
pub(crate) fn scanner(
    config: &Config,
    register: Arc<Register>,
    store: Option<Store>,
) -> Result<Scanner, Failure> {
    let door = Door::new(config.network.clone())
        .map_err(|error| Failure::own("preparing the network", error))?;
    let names = Arc::new(Names::new(&register));
    let eye = Eye {
        door,
        register,
        names,
        vantage: config.vantage.clone(),
        profile: Profile::Daily,
        second_look: config.second_look,
        // on demand nobody waits half an hour
        crawl: crawl::Settings { second_look: config.second_look, ..config.crawl.clone() },
        shelf: None,
        browser: Some(Arc::new(xuncha_render::Renderer::new(
            std::env::var_os("PATH").unwrap_or_default(),
        ))),
        files: Some(Files::new(Arc::new(unpacking()?))),
    };
    Ok(Scanner {
        eye,
        rules: Arc::new(config.rules()?),
        store,
        references: config.references.clone(),
        concurrency: config.concurrency,
        keep_facts: false,
    })
}

/// What takes the text out of files: this program once more.
pub(crate) fn unpacking() -> Result<Unpacking, Failure> {
    let program =
        std::env::current_exe().map_err(|error| Failure::own("finding this program", error))?;
    Ok(Unpacking::new(program, std::env::var_os("PATH").unwrap_or_default()))
}

/// Where crawls keep what they have read.
pub(crate) async fn shelf(config: &Config) -> Result<Arc<dyn crawl::Shelf>, Failure> {
    let shelf = xuncha_store::Shelf::open(&config.data).await.map_err(|error| {
        Failure::own(&format!("opening the crawls in {}", config.data.display()), error)
    })?;
    Ok(xuncha_scan::shelf(shelf))
}

/// The store of a configuration, which must be there: a mistyped folder must not look like a city in order.
pub(crate) async fn existing(config: &Config) -> Result<Store, Failure> {
    let folder = config.data.display();
    if !config.data.join("xuncha.db").exists() {
        return Err(Failure::Usage(format!(
            "there is no store in {folder}; run a scan first, or name the folder with --data DIR"
        )));
    }
    open(config).await
}

/// The store of a configuration.
pub(crate) async fn open(config: &Config) -> Result<Store, Failure> {
    Store::open(&config.data, &crate::now).await.map_err(|error| {
        Failure::own(&format!("opening the store in {}", config.data.display()), error)
    })
}

/// Runs a scan with its bar; Ctrl-C and SIGTERM stop it between two sites.
pub(crate) async fn watched(
    scanner: &Scanner,
    targets: Vec<Target>,
    quiet: bool,
) -> Result<Report, xuncha_scan::Error> {
    let (stop, stopped) = watch::channel(false);
    let signals = tokio::spawn(async move {
        terminated().await;
        output::notice("stopping: sites not yet looked at are left out");
        let _ = stop.send(true);
        terminated().await;
        std::process::exit(3);
    });
    let bar = Bar::new(targets.len(), quiet);
    let report =
        xuncha_scan::run(scanner, targets, &crate::now, &|progress| bar.show(&progress), stopped)
            .await;
    signals.abort();
    bar.finish();
    report
}

async fn terminated() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! { _ = interrupt => {} _ = terminate.recv() => {} }
}

/// What was typed: the id or host of a registered site, or any host or URL.
fn target(register: &Register, typed: &str) -> Result<Target, Failure> {
    if let Some(site) = register.site(typed) {
        return Ok(Target::Registered(site.clone()));
    }
    let text = if typed.contains("://") { typed.to_owned() } else { format!("http://{typed}/") };
    let wrong = |why: String| {
        Failure::Usage(format!("`{typed}` is no site of the register, no host and no URL: {why}"))
    };
    let url = Url::parse(&text).map_err(|error| wrong(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("only http and https are looked at".to_owned()));
    }
    // A bare word is a misspelt site id rather than a host.
    if !typed.contains(['.', ':']) {
        let ids = register.sites.iter().map(|site| site.id.as_str());
        let hint = xuncha_rules::yaml::nearest(typed, ids);
        return Err(wrong(hint.map_or_else(
            || "see `xuncha sites list`".to_owned(),
            |id| format!("did you mean `{id}`?"),
        )));
    }
    let site = url.host_str().and_then(|host| register.site(host)).filter(|site| site.url == url);
    Ok(site.map_or(Target::Bare(url), |site| Target::Registered(site.clone())))
}

/// Shows a report on stdout or writes it to a file.
pub(crate) fn show(
    report: &Report,
    format: ScanFormat,
    file: Option<&std::path::Path>,
) -> Result<(), Failure> {
    let bytes = render(report, format, file.is_some())?;
    match file {
        Some(file) => output::file(file, &bytes),
        None => output::stdout(bytes),
    }
}

/// A report in the form asked for.
pub(crate) fn render(
    report: &Report,
    format: ScanFormat,
    to_file: bool,
) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::own("rendering the report", error);
    match format {
        ScanFormat::Table => {
            let width = if to_file { None } else { output::width() };
            Ok(report::table::render(report, width).into_bytes())
        }
        ScanFormat::Json => {
            let json = serde_json::to_vec_pretty(report);
            json.map(|mut json| {
                json.push(b'\n');
                json
            })
            .map_err(|error| Failure::own("writing JSON", error))
        }
        ScanFormat::Csv => report::csv::render(report, to_file).map_err(failed),
        ScanFormat::Html => report::html::render(report).map(String::into_bytes).map_err(failed),
    }
}

/// The status a finished scan ends with.
pub(crate) fn ending(report: &Report, fail_on: Option<Severity>) -> Done {
    if report.sites.iter().any(|site| site.reason == Reason::SelfStopped) {
        return Done::Stopped;
    }
    // What we could not see through our own fault, or judge for a bug of ours, must not look like a scan that went well.
    let bug = |unknown: &UnknownView| unknown.why == Reason::SelfBug;
    let ours = |site: &SiteResult| site.reason.is_own_fault() || site.unknown.iter().any(bug);
    if !report.void.is_ok() {
        output::notice(format!(
            "the round is void ({}): {}; nobody is accused",
            report.void, report.void_detail
        ));
        return Done::Void;
    }
    let why = |site: &SiteResult| {
        let bug = if site.reason.is_own_fault() { &site.reason } else { &Reason::SelfBug };
        format!("{} ({bug})", site.id)
    };
    let unseen: Vec<String> = report.sites.iter().filter(|site| ours(site)).map(why).collect();
    if !unseen.is_empty() {
        let detail = &report.void_detail;
        output::notice(format!("not seen through our own fault: {} {detail}", unseen.join(", ")));
        return Done::Void;
    }
    let mut findings = report.sites.iter().flat_map(|site| &site.findings);
    match fail_on {
        Some(least) if findings.any(|finding| finding.severity >= least) => Done::Findings,
        _ => Done::Well,
    }
}
