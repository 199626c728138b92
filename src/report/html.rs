//! A scan as one self-contained HTML page that an office can mail: no script, nothing loaded from elsewhere.

use chrono::{DateTime, Utc};
use minijinja::{AutoEscape, Environment, Value, context, value::Serde};
use rust_embed::RustEmbed;
use xuncha_model::{Audience, period::SHANGHAI, scan::Report};

use crate::{
    Error,
    summary::{Severities, Summary},
};

#[derive(RustEmbed)]
#[folder = "../../reports/templates"]
struct Templates;

/// Renders `reports/templates/scan.html`.
///
/// Confidential findings are left out and counted: the page may be mailed on.
///
/// # Errors
///
/// When the template does not work.
pub fn render(report: &Report) -> Result<String, Error> {
    let mut shown = report.clone();
    let mut withheld = 0;
    for site in &mut shown.sites {
        let before = site.findings.len();
        site.findings.retain(|finding| finding.audience != Audience::Confidential);
        withheld += before - site.findings.len();
    }
    let environment = environment();
    let template = environment.get_template("scan.html").map_err(Error::Template)?;
    let rows = shown.sites.iter().map(|site| {
        let counts = Severities::of(site.findings.iter());
        context! { site => Value::from(Serde(site)), counts => Value::from(Serde(counts)) }
    });
    let seconds = (report.finished_at - report.started_at).num_seconds();
    template
        .render(context! {
            report => Value::from(Serde(&shown)),
            summary => Value::from(Serde(Summary::of(&shown))),
            rows => rows.collect::<Vec<_>>(),
            withheld,
            seconds,
        })
        .map_err(Error::Template)
}

/// The template engine with the house's filters; everything is escaped as HTML.
pub fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_loader(|name| {
        Ok(Templates::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok()))
    });
    environment.add_filter("moment", moment);
    environment.add_filter("readable", readable);
    environment
}

/// A moment on the wall in Zhoukou, `2026-11-24 16:05`; the page says the time zone.
fn moment(at: &str) -> String {
    match at.parse::<DateTime<Utc>>() {
        Ok(at) => at.with_timezone(&SHANGHAI).format("%Y-%m-%d %H:%M").to_string(),
        Err(_) => at.to_owned(),
    }
}

/// A piece of evidence as one short line.
fn readable(value: &Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| serde_json::to_string(value).unwrap_or_default(), str::to_owned);
    if text.chars().count() <= 600 {
        return text;
    }
    text.chars().take(600).chain(['…']).collect()
}
