//! The command line: what can be typed, and nothing of what it does.

use std::{net::SocketAddr, path::PathBuf};

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use xuncha_model::Severity;

/// Watches a city's registered government websites, judges what it sees against the regulations, reports it.
#[derive(Debug, Parser)]
#[command(name = "xuncha", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// Settings that hold for every command.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "Exit status: 0 done; 1 findings at or above --fail-on; 2 a mistake in what was typed or written \
(usage, config, sites, rules); 3 our own trouble (disk, database, network down).";

/// Settings that hold for every command; each also stands in the config file and in the environment
/// (XUNCHA_NETWORK__TIMEOUT=20s).
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Config file [default: ./xuncha.yaml when present]
    #[arg(long, global = true, env = "XUNCHA_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The register of sites [default: ./sites.yaml]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) sites: Option<PathBuf>,
    /// Folder of rules laid over the built-in ones; may be given several times, later wins
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) rules: Vec<PathBuf>,
    /// Folder of the store [default: ./xuncha-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Form of the log on stderr
    #[arg(long, global = true, value_enum)]
    pub(crate) log_format: Option<LogFormat>,
    /// Log more; twice for everything
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Log errors only, and show no progress
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Name server to ask instead of the system's
    #[arg(long, global = true, value_name = "IP:PORT")]
    pub(crate) resolver: Option<SocketAddr>,
    /// DNSKEY records to trust in the place of the root's
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) trust_anchor: Option<PathBuf>,
    /// Further roots to trust; may be given several times
    #[arg(long, global = true, value_name = "PEM")]
    pub(crate) ca_file: Vec<PathBuf>,
    /// Let the guard pass this non-public range (labs, intranets); may be given several times
    #[arg(long, global = true, value_name = "CIDR")]
    pub(crate) allow_net: Vec<String>,
    /// Longest time for making a connection, as 5s or 800ms
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) connect_timeout: Option<String>,
    /// Longest time for a whole visit with its redirects, as 45s
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) timeout: Option<String>,
    /// Dial this port in the place of that one, as 443=8443 (labs without root)
    #[arg(long, global = true, value_name = "PORT=PORT")]
    pub(crate) map_port: Vec<String>,
    /// HOST:PORT that shows whether our own line is up; several, or `none` to trust the line
    #[arg(long, global = true, value_name = "HOST:PORT")]
    pub(crate) reference: Vec<String>,
}

/// Form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A whole simulated city on loopback: scan it and write its reports
    Demo(Demo),
    /// Scan sites on demand
    Scan(Scan),
    /// The Article 14 verdict on names, offline
    Domain(Domain),
    /// What the probes see in one page, and what the rules say of it
    Page(Page),
    /// The register of sites
    #[command(subcommand)]
    Sites(Sites),
    /// The rules
    #[command(subcommand)]
    Rules(Rules),
    /// Findings that last from scan to scan
    #[command(subcommand)]
    Findings(Findings),
    /// Judge stored facts again under the present rules; no request leaves the machine
    Recheck(Recheck),
    /// Every mistake of config, register and rules, with file, line and column
    CheckConfig,
    /// Takes the text out of the file on standard input, in a process that can do nothing else (src/unpack)
    #[command(hide = true)]
    UnpackFile(UnpackFile),
}

/// `xuncha unpack-file`, which only this program itself starts
#[derive(Debug, Args)]
pub(crate) struct UnpackFile {
    /// What the name of the file ends with
    #[arg(long, default_value = "")]
    pub(crate) ending: String,
    /// The program that reads PDF
    #[arg(long, value_name = "FILE")]
    pub(crate) pdftotext: Option<PathBuf>,
}

/// `xuncha page`
#[derive(Debug, Args)]
pub(crate) struct Page {
    /// A saved page or document, `-` for standard input, or an address
    #[arg(value_name = "FILE|URL")]
    pub(crate) page: String,
    /// Where a saved page came from
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// A header a saved page came with, as 'Server: nginx/1.14.0'; may be given several times
    #[arg(long, value_name = "NAME: VALUE")]
    pub(crate) header: Vec<String>,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// `xuncha demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where the reports are written
    #[arg(long, value_name = "DIR", default_value = "reports/out/demo")]
    pub(crate) output: PathBuf,
    /// Keep the city running after the scan, and say how to scan it from another terminal
    #[arg(long)]
    pub(crate) stay: bool,
}

/// `xuncha scan`
#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// Site ids, hosts or URLs; what is in no register is judged as far as it goes, and not stored
    #[arg(value_name = "SITE|HOST|URL", required_unless_present = "all", conflicts_with = "all")]
    pub(crate) targets: Vec<String>,
    /// The whole register
    #[arg(long)]
    pub(crate) all: bool,
    /// How much to look at: quick = names, DNS, HTTP, TLS, home page; daily = and columns; full = and a crawl of the site
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: Profile,
    /// Form of the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ScanFormat,
    /// Write the result there instead of stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 when a finding is at least that heavy
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<Level>,
    /// Put the facts into the JSON
    #[arg(long)]
    pub(crate) facts: bool,
    /// Sites looked at at the same time
    #[arg(long, value_name = "N")]
    pub(crate) concurrency: Option<usize>,
    /// Leave the store alone
    #[arg(long)]
    pub(crate) no_store: bool,
}

/// How much to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// Domain, DNS, HTTP, TLS
    Quick,
    /// And the home page and columns
    #[default]
    Daily,
    /// And a crawl
    Full,
}

/// Form of a scan's result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScanFormat {
    /// For a terminal
    #[default]
    Table,
    /// Schema xuncha.scan/1
    Json,
    /// One row a finding
    Csv,
    /// One self-contained page
    Html,
}

/// Form of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For a terminal
    #[default]
    Table,
    /// JSON
    Json,
    /// CSV
    Csv,
}

/// A severity, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// One such finding fails the site
    Veto,
    /// Cannot wait
    Critical,
    /// Hinders people or safety
    Major,
    /// A fault of form
    Minor,
    /// Worth a look
    Advice,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Veto => Self::Veto,
            Level::Critical => Self::Critical,
            Level::Major => Self::Major,
            Level::Minor => Self::Minor,
            Level::Advice => Self::Advice,
        }
    }
}

/// `xuncha domain`
#[derive(Debug, Args)]
pub(crate) struct Domain {
    /// Names, with or without a port
    #[arg(value_name = "NAME", required_unless_present = "stdin")]
    pub(crate) names: Vec<String>,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Read names from standard input, one a line
    #[arg(long)]
    pub(crate) stdin: bool,
}

/// `xuncha sites`
#[derive(Debug, Subcommand)]
pub(crate) enum Sites {
    /// Every mistake of the register
    Check,
    /// The sites
    List {
        /// Form of the list
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// What the name and the home page of each site should show, and what they show
    Baseline(Baseline),
}

/// `xuncha sites baseline`
#[derive(Debug, Args)]
pub(crate) struct Baseline {
    /// Ids of sites; without one, all of them
    #[arg(value_name = "SITE")]
    pub(crate) ids: Vec<String>,
    /// Take what the latest stored look shows as the new baseline of the sites that are named
    #[arg(long, requires_all = ["by", "ids"])]
    pub(crate) confirm: bool,
    /// Who vouches for it
    #[arg(long, value_name = "NAME", requires = "confirm")]
    pub(crate) by: Option<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

/// `xuncha rules`
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// The rules in force
    List {
        /// Form of the list
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// One rule in full
    Show {
        /// Its id, as tls.expired
        id: String,
    },
    /// Run the examples of every rule
    Test,
    /// The facts rules may name, with type and meaning
    Facts {
        /// Only paths that begin so
        prefix: Option<String>,
        /// Form of the list
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
}

/// `xuncha findings`
#[derive(Debug, Subcommand)]
pub(crate) enum Findings {
    /// The findings that stand
    List {
        /// Only this site
        #[arg(long)]
        site: Option<String>,
        /// Only this rule
        #[arg(long)]
        rule: Option<String>,
        /// At least that heavy
        #[arg(long, value_enum)]
        severity: Option<Level>,
        /// Closed ones too
        #[arg(long)]
        closed: bool,
        /// Form of the list
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// One finding with its history
    Show {
        /// Its number
        id: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// `xuncha recheck`
#[derive(Debug, Args)]
pub(crate) struct Recheck {
    /// Only facts seen on that day or later (2026-11-01)
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<chrono::NaiveDate>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ScanFormat,
    /// Write the result there instead of stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 when a finding is at least that heavy
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<Level>,
}
