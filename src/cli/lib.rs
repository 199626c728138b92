//! The program behind the binary `xuncha`: roles are subcommands, and everything the other crates need is handed over here.
//!
//! Only this crate reads the clock, the environment and the signals.

mod args;
mod baseline;
mod config;
mod demo;
mod domain;
mod exit;
mod findings;
mod output;
mod page;
mod progress;
mod rules;
mod scan;
mod shown;
mod sites;

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::{
    args::{Cli, Command, Global, LogFormat, UnpackFile},
    config::Config,
    exit::{Done, Failure},
};

/// Runs the command line this process was started with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = run(cli);
    if let Err(failure) = &result {
        output::notice(failure);
    }
    exit::code(&result)
}

fn run(cli: Cli) -> Result<Done, Failure> {
    if matches!(cli.command, Command::CheckConfig) {
        return config::check(&cli.global);
    }
    // the file on standard input is hostile: neither config nor log is opened before its limits are set
    if let Command::UnpackFile(args) = &cli.command {
        return unpack_file(args);
    }
    let config = Config::load(&cli.global).map_err(Failure::Problems)?;
    start_log(&cli.global, config.log_format);
    match cli.command {
        Command::Demo(args) => asynchronously(demo::run(&args, &cli.global, config)),
        Command::Scan(args) => asynchronously(scan::run(&args, &cli.global, &config)),
        Command::Recheck(args) => asynchronously(scan::recheck(&args, &config)),
        Command::Findings(args) => asynchronously(findings::run(&args, &config)),
        Command::Page(args) => asynchronously(page::run(&args, &config)),
        Command::Domain(args) => domain::run(&args, &config),
        Command::Sites(args) => asynchronously(sites::run(&args, &config)),
        Command::Rules(args) => rules::run(&args, &config),
        Command::CheckConfig | Command::UnpackFile(_) => Ok(Done::Well),
    }
}

fn unpack_file(args: &UnpackFile) -> Result<Done, Failure> {
    let (from, to) = (std::io::stdin().lock(), std::io::stdout().lock());
    xuncha_unpack::child(&args.ending, args.pdftotext.clone(), from, to)
        .map_err(|error| Failure::own("unpacking a file", error))?;
    Ok(Done::Well)
}

/// The wall clock; handed to everything that needs the time.
#[expect(clippy::disallowed_methods, reason = "the edge: the only place that reads the clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

fn asynchronously<T>(task: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::own("starting the runtime", error))?;
    // The second call in one process (tests) finds it installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    runtime.block_on(task)
}

/// Logs go to stderr, so that stdout stays data. `RUST_LOG` overrides the flags.
fn start_log(global: &Global, format: LogFormat) {
    // what a zone signed wrongly is a fact, and the complaints of validator and demo server are long
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error,hickory_net=off,hickory_server=off",
        (false, 0) => "warn,hickory_net=off,hickory_server=off",
        (false, 1) => "info,hickory_net=off,hickory_server=off",
        (false, _) => "debug",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    drop(started);
}
