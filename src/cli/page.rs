//! `xuncha page`: what the probes see in one page, saved or live, or in a document, and what the rules say of it.

use std::{fs, io::Read as _, path::Path};

use serde::Serialize;
use url::Url;
use xuncha_model::{
    Facts, Score,
    facts::{FileFacts, PageFacts, SoftwareFacts, content::Content, http::Header},
    scan::FindingView,
};
use xuncha_net::{Door, charset};
use xuncha_probe::{
    alone::{self, Saved},
    domain::Names,
    file::{self, File},
};

use crate::{
    args::Page,
    config::Config,
    exit::{Done, Failure},
    output,
    scan::unpacking,
    shown,
};

/// The address of a saved page whose own is not given (RFC 2606).
const NOWHERE: &str = "https://page.invalid/";

/// What `--json` prints (DESIGN §4.2): the facts of the page, its software, and what the rules say.
#[derive(Serialize)]
struct View<'v> {
    #[serde(flatten)]
    page: Option<&'v PageFacts>,
    #[serde(flatten)]
    file: Option<&'v FileFacts>,
    #[serde(flatten)]
    content: Option<&'v Content>,
    software: &'v [SoftwareFacts],
    findings: &'v [FindingView],
}

/// What was seen.
struct Seen {
    facts: Facts,
    /// Where it is a document.
    file: Option<FileFacts>,
}

pub(crate) async fn run(args: &Page, config: &Config) -> Result<Done, Failure> {
    let rules = config.rules()?;
    let names = Names::new(&config.register_if_present()?);
    let headers = args.header.iter().map(|line| header(line)).collect::<Result<Vec<_>, _>>()?;
    let seen = if args.page.contains("://") {
        Seen { facts: live(args, config, &names).await?, file: None }
    } else {
        saved(args, config, &names, &headers).await?
    };
    let value = serde_json::to_value(&seen.facts).map_err(|e| Failure::own("writing facts", e))?;
    // the page is judged, and nothing is said of what a page does not show
    let verdicts = rules.judge(&value);
    let verdicts: Vec<_> =
        verdicts.into_iter().filter(|verdict| !verdict.rule.starts_with("domain.")).collect();
    let findings = xuncha_scan::site_result(&rules, &value, &verdicts, Score::default()).findings;
    output::stdout(&if args.json {
        json(&seen, &findings)?
    } else {
        shown::text(&seen.facts, seen.file.as_ref(), &findings)
    })?;
    Ok(Done::Well)
}

async fn live(args: &Page, config: &Config, names: &Names) -> Result<Facts, Failure> {
    if args.url.is_some() || !args.header.is_empty() {
        let what = "--url and --header tell where a saved page came from; a live one brings both";
        return Err(Failure::Usage(what.to_owned()));
    }
    let url = web(&args.page)?;
    let door = Door::new(config.network.clone())
        .map_err(|error| Failure::own("opening the door to the network", error))?;
    let visit = door.visit(&url, &[]).await;
    if visit.reason.is_own_fault() {
        return Err(Failure::own("reaching the network", std::io::Error::other(visit.detail)));
    }
    if visit.status == 0 {
        output::notice(format!("{url} did not answer: {} {}", visit.reason, visit.detail));
    }
    Ok(alone::visited(&visit, door.roots(), names, crate::now()))
}

async fn saved(
    args: &Page,
    config: &Config,
    names: &Names,
    headers: &[Header],
) -> Result<Seen, Failure> {
    let url = web(args.url.as_deref().unwrap_or(NOWHERE))?;
    let mut body = read(&args.page, xuncha_unpack::LARGEST.max(config.network.max_body_bytes))?;
    if xuncha_unpack::is_document(&body) {
        let given = headers.iter().find(|header| header.name == "content-disposition");
        let given = given.map(|header| file::disposition(&header.value)).unwrap_or_default();
        let name = if given.is_empty() { &args.page } else { &given };
        let file = File { url: &url, name, body: &body };
        let unpacking = unpacking()?;
        let (facts, file) = alone::document(&file, &unpacking, names, crate::now()).await;
        return Ok(Seen { facts, file: Some(file) });
    }
    body.truncate(config.network.max_body_bytes);
    let kind = headers.iter().find(|header| header.name == "content-type");
    let decoded = charset::decode(&body, kind.map(|header| header.value.as_str()));
    let page = Saved {
        url: &url,
        headers,
        text: &decoded.text,
        encoding: decoded.encoding,
        declared_encoding: &decoded.declared,
    };
    Ok(Seen { facts: alone::saved(&page, names, crate::now()), file: None })
}

/// A file, or standard input for `-`; what is over the limit is left out, as it would be on the network.
fn read(path: &str, most: usize) -> Result<Vec<u8>, Failure> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let mut body = Vec::new();
    let done = if path == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut body)
    } else {
        fs::File::open(Path::new(path)).and_then(|file| file.take(most).read_to_end(&mut body))
    };
    match done {
        Ok(_) => Ok(body),
        Err(error) => Err(Failure::Usage(format!("{path}: {error}"))),
    }
}

fn web(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|error| Failure::Usage(format!("{text}: {error}")))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(Failure::Usage(format!("{text}: {other} is neither http nor https"))),
    }
}

fn header(line: &str) -> Result<Header, Failure> {
    let (name, value) = line
        .split_once(':')
        .ok_or_else(|| Failure::Usage(format!("--header `{line}`: write it as 'Name: value'")))?;
    Ok(Header { name: name.trim().to_ascii_lowercase(), value: value.trim().to_owned() })
}

fn json(seen: &Seen, findings: &[FindingView]) -> Result<String, Failure> {
    let Seen { facts, file } = seen;
    let page = facts.pages.seen().and_then(|pages| pages.first());
    let view = View {
        page,
        file: file.as_ref(),
        content: page.map(|page| &page.content).or(file.as_ref().map(|file| &file.content)),
        software: facts.software.seen().map(Vec::as_slice).unwrap_or_default(),
        findings,
    };
    let text = serde_json::to_string_pretty(&view);
    text.map(|text| text + "\n").map_err(|error| Failure::own("writing JSON", error))
}
