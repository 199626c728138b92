//! One page or document as a person reads it in a terminal: a line a fact, what is absent left out.

use std::fmt::{Display, Write as _};

use xuncha_model::{
    Facts, Seen,
    facts::{
        FileFacts, IdentityFacts, PageFacts, SoftwareFacts,
        article::{CatalogFields, Message, Published},
        identity::NumberAt,
        page::FormKind,
    },
    scan::FindingView,
};
use xuncha_report::{clean::printable, table::finding as finding_line, word};

/// Messages of citizens that are shown.
const MESSAGES: usize = 5;

/// The page or document, its software, and what the rules say.
pub(crate) fn text(facts: &Facts, file: Option<&FileFacts>, findings: &[FindingView]) -> String {
    let mut lines = Lines::default();
    match (facts.pages.seen().and_then(|pages| pages.first()), file) {
        (Some(page), _) => lines.page(page),
        (None, Some(file)) => lines.file(file),
        (None, None) => lines.0 += "no page was had\n",
    }
    for one in facts.software.seen().map(Vec::as_slice).unwrap_or_default() {
        lines.software(one);
    }
    if findings.is_empty() {
        lines.0 += "\nno findings\n";
    }
    findings.iter().for_each(|finding| lines.finding(finding));
    lines.0
}

/// The lines so far.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A fact; nothing when it is empty.
    fn say(&mut self, label: &str, fact: impl Display) {
        let fact = fact.to_string();
        if !fact.is_empty() {
            // writing to a String cannot fail
            let _ = writeln!(self.0, "{label:<10} {}", printable(&fact));
        }
    }

    fn page(&mut self, page: &PageFacts) {
        let url = printable(&page.url);
        let _ = writeln!(self.0, "{url}  {}  {}", page.status, printable(&page.title));
        let shell = if page.shell { ", filled by scripts that were not run" } else { "" };
        self.say("kind", format!("{}, {} characters{shell}", word(&page.kind), page.text_chars));
        let declared =
            Some(page.declared_encoding.as_str()).filter(|declared| !declared.is_empty());
        let declared = declared.unwrap_or("nothing");
        self.say("encoding", format!("{} (declared: {declared})", page.encoding));
        for (name, content) in &page.tags {
            let empty = page.placeholders.iter().any(|tag| tag.name == *name);
            let mark = if empty { "  (a placeholder)" } else { "" };
            self.say("tag", format!("{name}: {content}{mark}"));
        }
        self.identity(&page.identity);
        self.published(&page.published);
        if page.article_tags.future {
            self.say("", "the PubDate tag lies in the future");
        }
        self.say("source", &page.source);
        self.lists(page);
        self.catalog(&page.catalog);
        if page.guide.present {
            let (has, lacks) = (page.guide.has.join(", "), page.guide.lacks.join(", "));
            self.say("guide", format!("has {has}; lacks {lacks}"));
        }
        self.messages(&page.messages);
        self.marks(page);
    }

    fn file(&mut self, file: &FileFacts) {
        let _ = writeln!(self.0, "{}  {}", printable(&file.url), printable(&file.name));
        let (kind, bytes, chars) = (&file.kind, file.bytes, file.text_chars);
        self.say("kind", format!("{kind}, {bytes} bytes, {chars} characters"));
        self.say("sha256", &file.sha256);
        self.say("not read", &file.reason);
        for part in &file.unread {
            let whole = if part.part.is_empty() { "the file" } else { &part.part };
            self.say("unread", format!("{whole}: {}", part.why));
        }
        for found in &file.content.privacy {
            let count = found.count;
            let place = within(&found.part, "  (", ")");
            self.say("privacy", format!("{} ×{count}  {}{place}", found.kind, found.masked));
        }
        for found in &file.content.marks {
            self.say("mark", format!("{}{}", found.mark, within(&found.part, "  (", ")")));
        }
    }

    fn identity(&mut self, identity: &IdentityFacts) {
        let places: Vec<_> = identity
            .site_code_in
            .iter()
            .map(|code| format!("{} {}", code.place, code.code))
            .collect();
        let places = within(&places.join(", "), " (", ")");
        self.say("site code", format!("{}{places}", identity.site_code));
        self.say("icp", numbers(&identity.icp));
        self.say("police", numbers(&identity.police));
        let entry = format!("jiucuo {}, mark {}", word(&identity.jiucuo), word(&identity.mark));
        self.say("identity", entry);
        self.say("sponsor", &identity.sponsor);
        self.say("contact", &identity.contact);
        self.say("unread", identity.unread.join(" "));
    }

    fn published(&mut self, published: &Published) {
        let Published { printed, tag, url, row, not_before, absent_on: _ } = published;
        let told =
            [("printed", printed), ("tag", tag), ("address", url), ("not before", not_before)];
        let told = told.iter().filter(|(_, date)| !date.is_empty());
        let told: Vec<_> = told.map(|(place, date)| format!("{place} {date}")).collect();
        self.say("published", told.join(", "));
        self.say("", row);
    }

    fn lists(&mut self, page: &PageFacts) {
        if page.rows > 0 {
            self.say("rows", format!("{} ({} without a date)", page.rows, page.undated_rows));
        }
        let newest = &page.newest;
        if !newest.date.is_empty() {
            let row =
                format!("{} ({}: {})  {}", newest.date, newest.from, newest.written, newest.row);
            self.say("newest", row);
            self.say("", &newest.url);
        }
        let links = page.links;
        self.say(
            "links",
            format!(
                "{} inner, {} foreign, {} attachments, {} loaded",
                links.inner, links.foreign, links.attachment, links.loaded
            ),
        );
    }

    fn catalog(&mut self, catalog: &CatalogFields) {
        let CatalogFields { present, index_number, generated_on, agency, document_number } =
            catalog;
        if *present {
            let told = [index_number, generated_on, agency, document_number];
            let told = told.map(|field| if field.is_empty() { "-" } else { field });
            self.say("catalog", told.join(" | "));
        }
    }

    fn messages(&mut self, messages: &[Message]) {
        for message in messages.iter().take(MESSAGES) {
            let Message { title, asked, answered, .. } = message;
            let replied = match (message.replied, answered.as_str()) {
                (true, "") => "answered",
                (true, day) => day,
                (false, _) => "no answer",
            };
            self.say("message", format!("{asked} ▸ {replied}  {title}"));
        }
        if messages.len() > MESSAGES {
            self.say("", format!("and {} more messages", messages.len() - MESSAGES));
        }
    }

    /// What stands in its mark-up.
    fn marks(&mut self, page: &PageFacts) {
        if page.leaving_notice {
            self.say("leaving", "readers are told before they leave for other sites");
        }
        for barrier in &page.barriers {
            let count = barrier.count;
            self.say("barrier", format!("{} ×{count}  {}", barrier.check, barrier.snippet));
        }
        for form in &page.forms {
            let plain = if form.plain { "  over plain HTTP" } else { "" };
            let fields = match form.kind {
                FormKind::Personal => within(&form.fields.join(", "), "  (", ")"),
                FormKind::Login | FormKind::Search | FormKind::Other => String::new(),
            };
            let (kind, method) = (word(&form.kind), &form.method);
            self.say("form", format!("{kind}, {method} to {}{fields}{plain}", form.action));
        }
        for resource in &page.mixed_content {
            self.say("mixed", format!("{} {}", resource.kind, resource.url));
        }
        self.say("listing", &page.directory_listing);
        for leak in &page.leaks {
            self.say("leak", format!("{}: {}", leak.kind, leak.snippet));
        }
    }

    fn software(&mut self, one: &SoftwareFacts) {
        let version = if one.version.is_empty() { "?" } else { &one.version };
        let date = match &one.eol_date {
            Seen::Seen(date) => format!(" {date}"),
            Seen::Unseen(_) => String::new(),
        };
        let (name, eol) = (&one.name, word(&one.eol));
        let evidence = format!("{}: {}", one.place, one.evidence);
        self.say("software", format!("{name} {version}  end of life: {eol}{date}  {evidence}"));
    }

    fn finding(&mut self, finding: &FindingView) {
        let _ = write!(self.0, "\n{}\n", finding_line(finding));
        let _ = writeln!(self.0, "  {}", finding.basis);
        let _ = writeln!(self.0, "  {}", printable(&finding.message));
        for step in finding.remedy.lines() {
            let _ = writeln!(self.0, "  {}", printable(step));
        }
    }
}

/// Filing numbers, those that cannot be right marked.
fn numbers(numbers: &[NumberAt]) -> String {
    let shown = numbers.iter().map(|number| match number.valid {
        true => number.text.clone(),
        false => format!("{} (not a number that is given out)", number.text),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Words between two marks; nothing when there are none.
fn within(words: &str, before: &str, after: &str) -> String {
    if words.is_empty() { String::new() } else { format!("{before}{words}{after}") }
}

#[cfg(test)]
mod tests {
    use xuncha_model::facts::page::{PageKind, TagAt};

    use super::*;

    #[test]
    fn every_fact_has_its_line_and_absent_ones_have_none() {
        let mut page = PageFacts {
            url: "https://a.gov.cn/".into(),
            status: 200,
            title: "标\u{202e}题".into(),
            kind: PageKind::Column,
            shell: true,
            text_chars: 88,
            rows: 20,
            undated_rows: 3,
            source: "市政府办公室".into(),
            ..PageFacts::default()
        };
        page.tags.insert("sitename".into(), "null".into());
        page.placeholders.push(TagAt { name: "sitename".into(), content: "null".into() });
        page.identity.site_code = "4116000001".into();
        page.identity.icp.push(NumberAt { text: "豫ICP备X号".into(), ..NumberAt::default() });
        page.published.printed = "2026-11-22".into();
        page.published.url = "2026-11".into();
        page.newest.date = "2026-11-23".into();
        page.newest.row = "通知".into();
        page.catalog = CatalogFields { present: true, agency: "办公室".into(), ..page.catalog };
        let mut lines = Lines::default();
        lines.page(&page);
        let shown = lines.0;
        for told in [
            "https://a.gov.cn/  200  标题\n",
            "kind       column, 88 characters, filled by scripts that were not run\n",
            "tag        sitename: null  (a placeholder)\n",
            "site code  4116000001\n",
            "icp        豫ICP备X号 (not a number",
            "published  printed 2026-11-22, address 2026-11\n",
            "source     市政府办公室\n",
            "rows       20 (3 without a date)\n",
            "newest     2026-11-23 (: )  通知\n",
            "catalog    - | - | 办公室 | -\n",
        ] {
            assert!(shown.contains(told), "{told} in {shown}");
        }
        for absent in ["police", "guide", "message", "sponsor", "listing", "barrier"] {
            assert!(!shown.contains(&format!("\n{absent}")), "{absent} in {shown}");
        }
    }
}
