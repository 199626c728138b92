//! The configuration: defaults, then the file, then the environment, then the flags; each may name every setting.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use xuncha_model::{City, Problem, Register};
use xuncha_rules::{
    RuleSet, register,
    yaml::{self, Fields, Key, Node, Place, Problems, Value},
};

use crate::{
    args::{Global, LogFormat},
    exit::{Done, Failure},
    output,
};

mod crawl;
mod network;

/// Every setting; `deploy/xuncha.yaml` lists them with their defaults.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Config {
    /// The register.
    pub(crate) sites: PathBuf,
    /// Folders of rules laid over the built-in ones.
    pub(crate) rules: Vec<PathBuf>,
    /// Folder of the store.
    pub(crate) data: PathBuf,
    /// Name of the place we look from (观测点).
    pub(crate) vantage: String,
    /// Form of the log.
    pub(crate) log_format: LogFormat,
    /// The door.
    pub(crate) network: xuncha_net::Config,
    /// Hosts that show whether our own line is up; empty trusts it.
    pub(crate) references: Vec<String>,
    /// Sites looked at at the same time.
    pub(crate) concurrency: usize,
    /// Pause before the second look at a site or a link that did not open, when scanned on demand.
    pub(crate) second_look: Duration,
    /// How sites are crawled.
    pub(crate) crawl: xuncha_probe::crawl::Settings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            sites: PathBuf::from("sites.yaml"),
            rules: Vec::new(),
            data: PathBuf::from("xuncha-data"),
            vantage: "default".to_owned(),
            log_format: LogFormat::Text,
            network: xuncha_net::Config::default(),
            // Three operators, three networks: when two of them do not answer, it is us.
            references: ["www.gov.cn:443", "www.baidu.com:443", "www.qq.com:443"]
                .map(String::from)
                .to_vec(),
            concurrency: 32,
            second_look: Duration::from_secs(10),
            crawl: xuncha_probe::crawl::Settings::default(),
        }
    }
}

impl Config {
    /// Reads file, environment and flags; every mistake at once.
    pub(crate) fn load(global: &Global) -> Result<Self, Vec<Problem>> {
        match Self::gather(global) {
            (config, problems) if problems.is_empty() => Ok(config),
            (_, problems) => Err(problems),
        }
    }

    /// The settings as far as they could be read, and every mistake.
    fn gather(global: &Global) -> (Self, Vec<Problem>) {
        let mut config = Self::default();
        let mut problems = Vec::new();
        let default = Path::new("xuncha.yaml");
        let file = global.config.as_deref().or_else(|| default.exists().then_some(default));
        if let Some(file) = file {
            problems.extend(config.read(file));
        }
        // Only our own variables are looked at: others may hold what is no text.
        for (name, value) in std::env::vars_os() {
            let Some(name) = name.to_str() else { continue };
            let Some(path) = name.strip_prefix("XUNCHA_").filter(|path| *path != "CONFIG") else {
                continue;
            };
            problems.extend(config.overlay_variable(name, path, &value.to_string_lossy()));
        }
        problems.extend(config.flags(global));
        (config, problems)
    }

    /// Lays a file over the settings; paths in it count from its folder.
    fn read(&mut self, file: &Path) -> Vec<Problem> {
        let name = file.display().to_string();
        let mut problems = Problems::new(&name);
        match fs::read_to_string(file) {
            Err(error) => {
                problems.add(Place::default(), format!("cannot be read: {error}"), "");
            }
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => match yaml::parse(&name, &text) {
                Err(problem) => return vec![problem],
                Ok(Node { value: Value::Null, .. }) => {}
                Ok(node) => {
                    let folder = file.parent().unwrap_or(Path::new(""));
                    self.apply(&node, folder, &mut problems);
                }
            },
        }
        problems.into_list()
    }

    /// Lays one variable over the settings: `XUNCHA_NETWORK__TIMEOUT=20s` is `network: { timeout: 20s }`.
    fn overlay_variable(&mut self, name: &str, path: &str, value: &str) -> Vec<Problem> {
        let place = Place::default();
        let leaf = match yaml::parse(name, value) {
            Ok(node) => node.value,
            Err(_) => Value::Text(value.to_owned()),
        };
        let leaf = Node { place, value: leaf };
        let node = path.rsplit("__").fold(leaf, |node, key| {
            let key = Key { place, name: key.to_lowercase() };
            Node { place, value: Value::Map(vec![(key, node)]) }
        });
        let mut problems = Problems::new(format!("environment variable {name}"));
        self.apply(&node, Path::new(""), &mut problems);
        problems.into_list()
    }

    fn apply(&mut self, node: &Node, folder: &Path, problems: &mut Problems) {
        let Some(mut fields) = Fields::open(node, "the configuration", problems) else { return };
        let path = |node: &Node, what: &str, problems: &mut Problems| {
            yaml::text(node, what, problems).map(|text| folder.join(text))
        };
        set(&mut self.sites, fields.take("sites").and_then(|node| path(node, "sites", problems)));
        set(&mut self.data, fields.take("data").and_then(|node| path(node, "data", problems)));
        if let Some(node) = fields.take("rules") {
            let folders = yaml::texts(node, "rules", problems);
            self.rules = folders.iter().map(|text| folder.join(text)).collect();
        }
        let vantage = fields.take("vantage").and_then(|node| yaml::text(node, "vantage", problems));
        set(&mut self.vantage, vantage);
        let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
        let format = fields.take("log_format");
        let format = format.and_then(|node| yaml::choice(node, "log_format", &formats, problems));
        set(&mut self.log_format, format);
        if let Some(node) = fields.take("network") {
            network::apply(&mut self.network, &mut self.references, node, folder, problems);
        }
        if let Some(node) = fields.take("scan") {
            self.apply_scan(node, problems);
        }
        if let Some(node) = fields.take("crawl") {
            crawl::apply(&mut self.crawl, node, problems);
        }
        fields.close(problems);
    }

    fn apply_scan(&mut self, node: &Node, problems: &mut Problems) {
        let Some(mut fields) = Fields::open(node, "`scan`", problems) else { return };
        let concurrency = fields.take("concurrency");
        let concurrency = concurrency
            .and_then(|node| yaml::whole(node, "concurrency", 1, 1000, problems))
            .and_then(|count| usize::try_from(count).ok());
        set(&mut self.concurrency, concurrency);
        let second = fields.take("second_look");
        set(&mut self.second_look, second.and_then(|node| time(node, "second_look", problems)));
        fields.close(problems);
    }

    /// The flags, which win over everything.
    fn flags(&mut self, global: &Global) -> Vec<Problem> {
        let mut problems = Problems::new("command line");
        set(&mut self.sites, global.sites.clone());
        set(&mut self.data, global.data.clone());
        set(&mut self.log_format, global.log_format);
        self.rules.extend(global.rules.iter().cloned());
        network::flags(&mut self.network, &mut self.references, global, &mut problems);
        problems.into_list()
    }

    /// The rules in force.
    pub(crate) fn rules(&self) -> Result<RuleSet, Failure> {
        RuleSet::load(&self.rules).map_err(Failure::Problems)
    }

    /// The register, which must be there.
    pub(crate) fn register(&self) -> Result<Register, Failure> {
        let name = self.sites.display().to_string();
        let text = fs::read_to_string(&self.sites).map_err(|error| {
            let hint = match error.kind() {
                io::ErrorKind::InvalidData => "save it as UTF-8",
                _ => "name it with --sites FILE",
            };
            let what = format!("the register cannot be read: {error}");
            Failure::Problems(vec![Problem {
                file: name.clone(),
                line: 0,
                column: 0,
                what,
                hint: hint.to_owned(),
            }])
        })?;
        register::load(&name, &text).map_err(Failure::Problems)
    }

    /// The register, or an empty one where no file was named and none is there.
    pub(crate) fn register_if_present(&self) -> Result<Register, Failure> {
        if self.sites == Self::default().sites && !self.sites.exists() {
            let city = City {
                name: String::new(),
                domain: String::new(),
                division: String::new(),
                regions: Vec::new(),
            };
            return Ok(Register { city, organs: Vec::new(), sites: Vec::new() });
        }
        self.register()
    }
}

/// `xuncha check-config`: every mistake of every file.
pub(crate) fn check(global: &Global) -> Result<Done, Failure> {
    let (config, mut problems) = Config::gather(global);
    for failure in [config.register().err(), config.rules().err()].into_iter().flatten() {
        match failure {
            Failure::Problems(mistakes) => problems.extend(mistakes),
            other => return Err(other),
        }
    }
    if problems.is_empty() {
        output::stdout("configuration, register and rules are in order\n")?;
        return Ok(Done::Well);
    }
    Err(Failure::Problems(problems))
}

/// Takes the value over when there is one.
fn set<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}

/// The node as a time: `800ms`, `5s`, `2m`, or a number of seconds.
fn time(node: &Node, what: &str, problems: &mut Problems) -> Option<Duration> {
    let text = yaml::text(node, what, problems)?;
    let time = parse_time(&text);
    if time.is_none() {
        problems.add(node.place, format!("`{text}` is no time for `{what}`"), TIME_HINT);
    }
    time
}

const TIME_HINT: &str = "write it as 800ms, 5s or 2m, between 1ms and 24h";

/// Between a millisecond and a day.
fn parse_time(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(char::is_alphabetic);
    let unit = match &text[digits.len()..] {
        "ms" => 0.001,
        "s" | "" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let seconds = digits.trim().parse::<f64>().ok()? * unit;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| (0.001..=86_400.0).contains(&time.as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_of_a_config_is_told_with_its_place() {
        let text = "sits: a.yaml\nnetwork:\n  timeout: soon\n  allow_net: [10.0.0.0/99]\nscan: { concurrency: 0 }\n";
        let mut problems = Problems::new("c.yaml");
        let node = yaml::parse("c.yaml", text).unwrap();
        Config::default().apply(&node, Path::new(""), &mut problems);
        let told: Vec<String> = problems.into_list().iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 4, "{told:#?}");
        assert_eq!(told[0], "c.yaml:1:1: unknown field `sits` (did you mean `sites`?)");
        assert_eq!(told[1], format!("c.yaml:3:12: `soon` is no time for `timeout` ({TIME_HINT})"));
        assert!(told[2].starts_with("c.yaml:4:15: "), "{}", told[2]);
        assert!(told[3].starts_with("c.yaml:5:22: "), "{}", told[3]);
    }

    #[test]
    fn the_environment_reaches_every_setting() {
        let mut config = Config::default();
        assert_eq!(config.overlay_variable("X", "NETWORK__HEADER_TIMEOUT", "20s"), []);
        assert_eq!(config.network.header_timeout, Duration::from_secs(20));
        assert_eq!(config.overlay_variable("X", "NETWORK__REFERENCES", "[a:1, b:2]"), []);
        assert_eq!(config.references, ["a:1", "b:2"]);
        assert_eq!(config.overlay_variable("XUNCHA_NETWRK__X", "NETWRK__X", "1").len(), 1);
    }

    #[test]
    fn the_deployed_file_spells_out_the_defaults() {
        let text = include_str!("../../../deploy/xuncha.yaml");
        let open: String = text
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .flat_map(|line| [line, "\n"])
            .collect();
        let mut config = Config { concurrency: 1, vantage: String::new(), ..Config::default() };
        let mut problems = Problems::new("deploy/xuncha.yaml");
        config.apply(
            &yaml::parse("deploy/xuncha.yaml", &open).unwrap(),
            Path::new(""),
            &mut problems,
        );
        assert_eq!(problems.into_list(), []);
        assert_eq!(config, Config::default());
    }
}
