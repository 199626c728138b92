//! `xuncha sites`: the register.

use serde::Serialize;
use xuncha_model::{Register, Site, register::Status};
use xuncha_report::{clean::cell, table::new_table, word};

use crate::{
    args::{ListFormat, Sites},
    baseline,
    config::Config,
    exit::{Done, Failure},
    output,
};

/// A line of `sites list`.
#[derive(Serialize)]
struct Line<'l> {
    id: &'l str,
    name: &'l str,
    kind: String,
    status: &'static str,
    url: &'l str,
    sponsor: &'l str,
    region: &'l str,
    code: &'l str,
}

pub(crate) async fn run(args: &Sites, config: &Config) -> Result<Done, Failure> {
    let register = config.register()?;
    match args {
        Sites::Check => {
            let Register { city, organs, sites } = &register;
            output::stdout(format!(
                "{}: in order; {}, {} organs, {} sites\n",
                config.sites.display(),
                city.name,
                organs.len(),
                sites.len()
            ))?;
        }
        Sites::List { format } => output::stdout(list(&register, *format)?)?,
        Sites::Baseline(args) => return baseline::run(args, &register, config).await,
    }
    Ok(Done::Well)
}

fn list(register: &Register, format: ListFormat) -> Result<String, Failure> {
    let lines: Vec<Line<'_>> = register.sites.iter().map(|site| line(register, site)).collect();
    let rows = lines.iter().map(|line| {
        let Line { id, name, kind, status, url, sponsor, region, code } = line;
        [*id, *name, kind, *status, *url, *sponsor, *region, *code].map(str::to_owned)
    });
    let head = ["id", "name", "kind", "status", "url", "sponsor", "region", "code"];
    output_rows(format, &lines, &head, rows)
}

fn line<'l>(register: &'l Register, site: &'l Site) -> Line<'l> {
    let organ = register.organ(&site.sponsor);
    let region = organ.and_then(|organ| register.region(&organ.region));
    Line {
        id: &site.id,
        name: &site.name,
        kind: word(&site.kind),
        status: match site.status {
            Status::Running => "running",
            Status::OfflineTemporary { .. } => "offline-temporary",
            Status::Closed { .. } => "closed",
        },
        url: site.url.as_str(),
        sponsor: organ.map_or("", |organ| &organ.name),
        region: region.map_or("", |region| &region.name),
        code: site.code.as_deref().unwrap_or(""),
    }
}

/// A list in the form asked for: the same rows as a table or CSV, the values themselves as JSON.
pub(crate) fn output_rows<T: Serialize, const N: usize>(
    format: ListFormat,
    values: &[T],
    head: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<String, Failure> {
    match format {
        ListFormat::Json => {
            let text = serde_json::to_string_pretty(values);
            text.map(|text| text + "\n").map_err(|error| Failure::own("writing JSON", error))
        }
        ListFormat::Table => {
            let mut table = new_table(output::width());
            table.set_header(head);
            for row in rows {
                table.add_row(row.map(|text| xuncha_report::clean::printable(&text).into_owned()));
            }
            Ok(format!("{table}\n"))
        }
        ListFormat::Csv => {
            let failed = |error| Failure::own("writing CSV", error);
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(head).map_err(failed)?;
            for row in rows {
                writer.write_record(row.map(|text| cell(&text))).map_err(failed)?;
            }
            let bytes = writer
                .into_inner()
                .map_err(|error| Failure::own("writing CSV", error.into_error()))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}
