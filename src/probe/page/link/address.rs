//! From what is written to an address, and where an address leads.

use url::Url;

use super::list::known;

/// Longest address that is followed, in bytes.
const LONGEST: usize = 4096;
/// What programs leave in an address that they did not fill in.
const TEMPLATES: &[&str] = &["{{", "${", "<%", "[%"];

/// The address, as a browser takes it; `None` for what leads to no other page: another scheme, a place on the page
/// itself, a template that was not filled in.
///
/// Tabs, line ends, back slashes and missing slashes are the parser's business (WHATWG URL, 4.4).
pub(super) fn resolved(raw: &str, base: &Url) -> Option<Url> {
    let strange = raw.bytes().any(|byte| matches!(byte, b'{' | b'%'));
    if nowhere(raw) || strange && TEMPLATES.iter().any(|mark| raw.contains(mark)) {
        return None;
    }
    let url = base.join(raw).ok()?;
    let leads = matches!(url.scheme(), "http" | "https") && url.as_str().len() <= LONGEST;
    (leads && url.has_host()).then_some(url)
}

/// What certainly leads nowhere, told without parsing it.
fn nowhere(raw: &str) -> bool {
    let begins =
        |scheme: &str| raw.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme));
    match raw.as_bytes().first() {
        None | Some(b'#') => true,
        Some(b'd' | b'D') => begins("data:"),
        Some(b'j' | b'J') => begins("javascript:"),
        _ => raw.len() > LONGEST,
    }
}

/// Whether what stands in a script may be an address at all.
pub(super) fn plausible(raw: &str) -> bool {
    let strange = |byte: u8| {
        byte.is_ascii_whitespace()
            || byte.is_ascii_control()
            || matches!(
                byte,
                b'<' | b'>' | b'{' | b'}' | b'(' | b')' | b'"' | b'\'' | b'`' | b'|' | b'*'
            )
    };
    raw.contains(['/', '.'])
        && raw.bytes().any(|b| b.is_ascii_alphanumeric())
        && !raw.bytes().any(strange)
}

/// Whether what stands in a script or an attribute is an address to open, and not one that a program asks.
pub(super) fn opens(raw: &str) -> bool {
    if !plausible(raw) {
        return false;
    }
    let begins =
        |begin: &str| raw.get(..begin.len()).is_some_and(|it| it.eq_ignore_ascii_case(begin));
    if begins("http://") || begins("https://") {
        return true;
    }
    let path = raw.split(['?', '#']).next().unwrap_or_default();
    path.starts_with(['/', '.']) && path.ends_with('/')
        || ending(path).is_some_and(|ending| {
            known()
                .is_some_and(|known| one_of(ending, &known.pages) || one_of(ending, &known.files))
        })
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// To a page of the same host.
    Inner,
    /// To a file to download, wherever it lies.
    Attachment,
    /// To another host.
    Foreign,
}

/// Where an address leads from a host; `www.` makes no other host.
pub(super) fn leads(url: &Url, host: &str) -> Leads {
    if is_file(url) {
        return Leads::Attachment;
    }
    let bare = |host| str::strip_prefix(host, "www.").unwrap_or(host);
    let same = url.host_str().is_some_and(|other| bare(other) == bare(host));
    if same { Leads::Inner } else { Leads::Foreign }
}

/// Whether an address is that of a file to download, by its ending.
pub(crate) fn is_file(url: &Url) -> bool {
    // nearly all endings are this one
    let page = |ending: &&str| ending.eq_ignore_ascii_case("html");
    let file = |ending| known().is_some_and(|known| one_of(ending, &known.files));
    ending(url.path()).filter(|ending| !page(ending)).is_some_and(file)
}

/// The ending of the last part of a path.
fn ending(path: &str) -> Option<&str> {
    let from = path.len().saturating_sub(8);
    let tail = path.as_bytes().get(from..)?;
    let dot = tail.iter().rposition(|byte| matches!(byte, b'.' | b'/'))?;
    if tail.get(dot) == Some(&b'/') {
        return None;
    }
    path.get(from + dot + 1..).filter(|ending| !ending.is_empty())
}

fn one_of(ending: &str, endings: &[String]) -> bool {
    endings.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_browsers_take_them() {
        let base: Url = "http://www.a.gov.cn/zw/index.html".parse().unwrap();
        for (raw, url) in [
            ("b.html", "http://www.a.gov.cn/zw/b.html"),
            (" \n/b.html\t", "http://www.a.gov.cn/b.html"),
            ("/a\n/b\t.html", "http://www.a.gov.cn/a/b.html"),
            ("\\c\\d.html", "http://www.a.gov.cn/c/d.html"),
            ("http:\\\\b.gov.cn\\x", "http://b.gov.cn/x"),
            ("//b.gov.cn", "http://b.gov.cn/"),
            ("https:/b.gov.cn/", "https://b.gov.cn/"),
            ("http:/b.gov.cn/", "http://www.a.gov.cn/b.gov.cn/"),
            ("http//b.gov.cn/", "http://www.a.gov.cn/zw/http//b.gov.cn/"),
            ("?p=2", "http://www.a.gov.cn/zw/index.html?p=2"),
            ("HTTP://B.GOV.CN:80/#/x", "http://b.gov.cn/#/x"),
            ("../../x", "http://www.a.gov.cn/x"),
        ] {
            assert_eq!(resolved(raw, &base).map(String::from).as_deref(), Some(url), "{raw:?}");
        }
        let long = "a".repeat(LONGEST + 1);
        for raw in [
            "",
            "#",
            "#top",
            "javascript:void(0)",
            " JavaScript:;",
            "mailto:a@b.cn",
            "tel:110",
            "data:,x",
            "{{url}}",
            "/list/${id}.html",
            "<%=url%>",
            "http://",
            "http://[::xyz]/",
            "about:blank",
            "file:///c:/a.doc",
            &long,
        ] {
            assert_eq!(resolved(raw, &base), None, "{raw:?}");
        }
    }

    #[test]
    fn files_and_other_hosts_are_told_apart() {
        let leads = |url: &str| leads(&url.parse().unwrap(), "www.a.gov.cn");
        assert_eq!(leads("http://a.gov.cn/x.html"), Leads::Inner);
        assert_eq!(leads("http://www.a.gov.cn/x.d/"), Leads::Inner);
        assert_eq!(leads("http://www.a.gov.cn/x.PDF?d=1"), Leads::Attachment);
        assert_eq!(leads("http://f.b.cn/附件.docx"), Leads::Attachment);
        assert_eq!(leads("http://b.a.gov.cn/"), Leads::Foreign);
    }

    #[test]
    fn what_a_program_asks_is_no_address_to_open() {
        for raw in ["/zw/a.html", "http://b.cn", "./zw/", "a.shtml?id=1", "/f/x.pdf"] {
            assert!(opens(raw), "{raw}");
        }
        for raw in ["/api/list", "post", "a b.html", "/save.json", "</div>", "1.5", "/save.do"] {
            assert!(!opens(raw), "{raw}");
        }
    }
}
