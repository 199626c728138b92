//! What a request of a page gets: an answer from the door, one made up here, or a refusal.

use data_encoding::BASE64;
use serde_json::{Value, json};
use url::Url;
use xuncha_model::{Reason, facts::http::Header};
use xuncha_net::{Ask, Visit};
use xuncha_probe::render::RenderAsk;

/// One transparent pixel (GIF89a), base64.
const PIXEL: &str = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/// Headers that speak of the connection, of how the body was packed, or of what the browser should keep or fetch.
const UNPASSED: &[&str] = &[
    "alt-svc",
    "clear-site-data",
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "link",
    "nel",
    "report-to",
    "set-cookie",
    "strict-transport-security",
    "trailer",
    "transfer-encoding",
];

/// A request that the browser holds back (`Fetch.requestPaused`).
#[derive(Debug)]
pub(crate) struct Paused {
    /// The name that the browser knows it by.
    pub(crate) id: String,
    /// It is the document itself, not a part of it and no frame.
    pub(crate) main: bool,
    kind: String,
    method: String,
    url: Option<Url>,
    /// Scripts of this place ask another one (CORS).
    from: Option<String>,
}

/// What is done with a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is asked for.
    Fetch,
    /// The answer is known without asking: `Fetch.fulfillRequest`.
    Known(Value),
    /// It is not needed, and its absence is no failure.
    Left,
    /// The page must not.
    Refused,
}

impl Paused {
    /// `frame` is the main frame.
    pub(crate) fn new(params: &Value, frame: &str) -> Option<Self> {
        let text = |path: &str| params.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let headers = params.pointer("/request/headers").and_then(Value::as_object);
        let origin = headers.and_then(|headers| {
            headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("origin"))?.1.as_str()
        });
        let kind = text("/resourceType").to_owned();
        let id = text("/requestId").to_owned();
        (!id.is_empty()).then(|| Self {
            id,
            main: kind == "Document" && text("/frameId") == frame,
            method: text("/request/method").to_owned(),
            url: text("/request/url").parse().ok(),
            from: origin.map(str::to_owned),
            kind,
        })
    }

    /// Frames and media are left out; nothing but GET goes out; `left` tells whether the page may ask for more.
    pub(crate) fn fate(&self, ask: RenderAsk<'_>, left: bool) -> Fate {
        if self.kind == "Image" {
            return Fate::Known(self.fulfil(200, &[header("content-type", "image/gif")], PIXEL));
        }
        let needed = matches!(self.kind.as_str(), "Stylesheet" | "Script" | "XHR" | "Fetch");
        if self.method == "OPTIONS" && (needed || self.kind == "Preflight") {
            return Fate::Known(self.fulfil(204, &[], ""));
        }
        if self.method != "GET" {
            return Fate::Refused;
        }
        if !needed && !self.main {
            return Fate::Left;
        }
        let allowed = self.url.as_ref().is_some_and(|url| allowed(url, ask.url));
        if left && allowed { Fate::Fetch } else { Fate::Refused }
    }

    /// Asks for it; who calls it has been told to.
    pub(crate) async fn visit(self, ask: RenderAsk<'_>) -> Fetched {
        let url = self.url.clone().unwrap_or_else(|| ask.url.clone());
        // what is allowed for the site's own host is so for nobody else
        let own = if same_host(&url, ask.url) { ask.own } else { &[] };
        let how = Ask { stay: true, ..Ask::default() };
        let visit = Box::pin(ask.door.visit_as(&url, own, how)).await;
        Fetched { paused: self, visit }
    }

    fn fulfil(&self, status: u16, headers: &[Value], body: &str) -> Value {
        let mut headers = headers.to_vec();
        if let Some(origin) = &self.from {
            // the door does not say who asks, and so a server cannot say who may
            headers.push(header("access-control-allow-origin", origin));
            headers.push(header("access-control-allow-credentials", "true"));
            if self.method == "OPTIONS" {
                headers.push(header("access-control-allow-methods", "GET"));
                headers
                    .push(header("access-control-allow-headers", "*, authorization, content-type"));
            }
        }
        json!({ "requestId": self.id, "responseCode": status, "responseHeaders": headers, "body": body })
    }
}

/// A request that was asked for.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) paused: Paused,
    pub(crate) visit: Visit,
}

impl Fetched {
    /// What the browser is given (`Fetch.fulfillRequest`); `None` when there was no whole answer.
    pub(crate) fn answer(&self) -> Option<Value> {
        let Visit { reason, status, headers, body, .. } = &self.visit;
        let whole = matches!(reason, Reason::Ok | Reason::HttpStatus(_) | Reason::HttpEmpty);
        if !whole || !(200..=599).contains(status) {
            return None;
        }
        let cross = self.paused.from.is_some();
        let passed = headers.iter().filter(|header| passes(header, cross));
        let passed: Vec<_> = passed.map(|kept| header(&kept.name, &kept.value)).collect();
        Some(self.paused.fulfil(*status, &passed, &BASE64.encode(body)))
    }

    /// Why the document itself was not had; `None` when it was, or leads elsewhere.
    pub(crate) fn fault(&self) -> Option<(Reason, String)> {
        let Visit { reason, detail, status, headers, .. } = &self.visit;
        let leads = (300..400).contains(status) && headers.iter().any(|one| one.name == "location");
        if leads {
            return None;
        }
        if !reason.is_ok() {
            return Some((reason.clone(), detail.clone()));
        }
        let kind = headers.iter().find(|header| header.name == "content-type");
        let kind = kind.map(|header| header.value.to_ascii_lowercase()).unwrap_or_default();
        let page =
            kind.is_empty() || ["html", "xml", "text/"].iter().any(|part| kind.contains(part));
        (!page).then(|| (Reason::NotLooked, format!("no page: {kind}")))
    }
}

/// Ports other than the usual ones are for the place that was asked for alone.
fn allowed(url: &Url, asked: &Url) -> bool {
    let web = matches!(url.scheme(), "http" | "https");
    let port = url.port_or_known_default();
    let usual = matches!(port, Some(80 | 443));
    web && (usual || same_host(url, asked) && port == asked.port_or_known_default())
}

fn same_host(one: &Url, other: &Url) -> bool {
    one.host_str() == other.host_str()
}

/// A header that a browser may be handed: visible, and ours to hand on.
fn passes(header: &Header, cross: bool) -> bool {
    let visible = header.value.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    let ours = cross && header.name.starts_with("access-control-");
    visible && !ours && !UNPASSED.contains(&header.name.as_str())
}

fn header(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

#[cfg(test)]
mod tests {
    use xuncha_net::{Config, Door};

    use super::*;

    fn fate(kind: &str, method: &str, url: &str, left: bool) -> Fate {
        let door = Door::new(Config { resolver: "127.0.0.1:1".parse().ok(), ..Config::default() });
        let door = door.unwrap();
        let asked: Url = "http://www.a.gov.cn:8080/".parse().unwrap();
        let ask = RenderAsk { door: &door, url: &asked, own: &[] };
        let params = json!({ "requestId": "r", "resourceType": kind, "frameId": "f",
            "request": { "method": method, "url": url, "headers": {} } });
        Paused::new(&params, "f").unwrap().fate(ask, left)
    }

    #[test]
    fn only_what_a_page_needs_is_asked_for() {
        let page = "http://www.a.gov.cn:8080/x";
        for kind in ["Document", "Script", "XHR", "Fetch", "Stylesheet"] {
            assert_eq!(fate(kind, "GET", page, true), Fate::Fetch, "{kind}");
            assert_eq!(fate(kind, "GET", page, false), Fate::Refused, "{kind}");
            for method in ["POST", "PUT", "DELETE", "HEAD", "PATCH", "x"] {
                assert_eq!(fate(kind, method, page, true), Fate::Refused, "{method}");
            }
        }
        for kind in ["Media", "Font", "Other", "Prefetch", "EventSource", "Manifest", "Ping"] {
            assert_eq!(fate(kind, "GET", page, true), Fate::Left, "{kind}");
        }
        assert!(matches!(fate("Image", "GET", page, true), Fate::Known(_)));
        assert!(matches!(fate("XHR", "OPTIONS", page, true), Fate::Known(_)));
        assert_eq!(fate("Ping", "POST", page, true), Fate::Refused);
    }

    #[test]
    fn odd_ports_are_for_the_page_alone() {
        for url in ["https://api.b.gov.cn/", "http://www.a.gov.cn/", "http://www.a.gov.cn:8080/y"] {
            assert_eq!(fate("XHR", "GET", url, true), Fate::Fetch, "{url}");
        }
        for url in
            ["http://www.a.gov.cn:6379/", "http://b.cn:8080/", "ftp://b.cn/", "ws://b.cn/", ""]
        {
            assert_eq!(fate("XHR", "GET", url, true), Fate::Refused, "{url}");
        }
    }
}
