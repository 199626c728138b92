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
    // A site whose only findings are withheld is not one without findings.
    let summary = Summary { clean: Summary::of(report).clean, ..Summary::of(&shown) };
    let seconds = (report.finished_at - report.started_at).num_seconds();
    template
        .render(context! {
            report => Value::from(Serde(&shown)),
            summary => Value::from(Serde(summary)),
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

#[cfg(test)]
mod tests {
    use xuncha_model::{
        Reason, Score, Severity,
        facts::LookOutcome,
        scan::{FindingView, SCHEMA, SiteResult},
    };

    use super::*;

    fn finding(audience: Audience, text: &str) -> FindingView {
        FindingView {
            rule: "safety.example".to_owned(),
            title: text.to_owned(),
            severity: Severity::Major,
            basis: text.to_owned(),
            target: text.to_owned(),
            message: text.to_owned(),
            remedy: text.to_owned(),
            evidence: [(text.to_owned(), text.into())].into_iter().collect(),
            audience,
            confirm: true,
        }
    }

    fn report(text: &str, findings: Vec<FindingView>) -> Report {
        let at = "2026-11-24T08:00:00Z".parse().unwrap();
        let site = SiteResult {
            id: text.to_owned(),
            name: text.to_owned(),
            url: text.to_owned(),
            sponsor: text.to_owned(),
            region: text.to_owned(),
            outcome: LookOutcome::Ok,
            reason: Reason::Ok,
            veto: false,
            score: Some(88.5),
            scoring: Score { unverified: true, ..Score::default() },
            pages: 1,
            requests: 1,
            home_ms: 120,
            title: text.to_owned(),
            crawl: None,
            columns: Vec::new(),
            findings,
            unknown: Vec::new(),
            observed_at: Some(at),
            facts: None,
        };
        Report {
            schema: SCHEMA.to_owned(),
            started_at: at,
            finished_at: at,
            vantage: text.to_owned(),
            program_version: text.to_owned(),
            rules_version: text.to_owned(),
            city: text.to_owned(),
            void: Reason::Ok,
            void_detail: String::new(),
            sites: vec![site],
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let hostile = "</style><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}\"'";
        let page = render(&report(hostile, vec![finding(Audience::Public, hostile)])).unwrap();
        for mark in ["<script", "<img", "49"] {
            assert!(!page.contains(mark), "{mark}");
        }
        assert!(page.contains("&lt;script&gt;"));
        assert!(page.contains("16:00"), "times are those of the wall in Zhoukou");
    }

    #[test]
    fn confidential_findings_are_counted_and_left_out() {
        let findings = vec![
            finding(Audience::Confidential, "planted-secret"),
            finding(Audience::Internal, "harmless"),
        ];
        let page = render(&report("site", findings)).unwrap();
        assert!(!page.contains("planted-secret") && page.contains("harmless"));
        assert!(page.contains("1 项另行通报"));
        assert!(page.contains("待核"), "unverified points are marked");
    }
}
