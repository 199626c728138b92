//! What one answer says of a link: it opens, it does not, or that cannot be told.

use serde::{Deserialize, Serialize};
use url::Url;
use xuncha_model::{Reason, facts::http::Header};

use crate::{gateway, missing::says_missing, title::title};

/// Longest title that says by itself that a page does not exist, in characters: those of articles are longer.
const LONGEST_TITLE: usize = 20;
/// Statuses that refuse the visitor, not the address: who logs in, pays or comes from elsewhere may see it.
const NOT_FOR_US: &[u16] = &[401, 402, 403, 407, 408, 412, 418, 425, 429, 451];

/// An answer to a link, redirects followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    /// The address that was asked for.
    pub(crate) asked: &'a Url,
    /// Where the redirects ended.
    pub(crate) landed: &'a Url,
    /// Only the head was asked for.
    pub(crate) head_only: bool,
    /// How the exchange ended.
    pub(crate) reason: &'a Reason,
    /// The last status; 0 without an answer.
    pub(crate) status: u16,
    /// The last headers, names in lower case.
    pub(crate) headers: &'a [Header],
    /// The page, decoded, or its beginning; empty after HEAD and for files.
    pub(crate) text: &'a str,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// The address opens.
    Good,
    /// The head does not tell: ask for the page.
    Get,
    /// It cannot be told, and why; empty when a redirect led away from what was asked for.
    Unknown(Reason),
    /// It does not open.
    Broken {
        /// Why.
        reason: Reason,
        /// The title of a page that says so; else empty.
        says: String,
    },
}

/// What an answer says of the link that was asked for.
pub(crate) fn outcome(answer: &Answer<'_>) -> Outcome {
    let gateway = gateway::answered(answer.status, answer.headers, answer.text);
    let failed = answer.status >= 400 || gateway.is_some();
    if answer.head_only && (failed || said_half(answer.reason)) {
        // many servers answer HEAD in another way than GET, and some not at all
        return Outcome::Get;
    }
    if let Some(gateway) = gateway {
        return Outcome::Unknown(Reason::Gateway(gateway.name));
    }
    match answer.reason {
        Reason::DnsNxdomain
        | Reason::DnsNodata
        | Reason::ConnectRefused
        | Reason::ConnectTimeout
        | Reason::ConnectUnreachable
        | Reason::TlsNotTls
        | Reason::HttpEmpty
        | Reason::HttpTruncated => broken(answer.reason.clone()),
        Reason::HttpStatus(status) => refused(*status),
        // a file that is larger than we take was there
        Reason::Ok | Reason::TlsCertificate | Reason::RedirectElsewhere | Reason::LimitBody => {
            answered(answer)
        }
        // handshakes that only some programs fail at, slow answers, our own faults and limits
        reason => Outcome::Unknown(reason.clone()),
    }
}

fn broken(reason: Reason) -> Outcome {
    Outcome::Broken { reason, says: String::new() }
}

fn refused(status: u16) -> Outcome {
    if NOT_FOR_US.contains(&status) {
        Outcome::Unknown(Reason::HttpStatus(status))
    } else {
        broken(Reason::HttpStatus(status))
    }
}

/// The server spoke, and a GET may bring more than the HEAD did.
fn said_half(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::HttpTimeout
            | Reason::HttpReset
            | Reason::HttpProtocol
            | Reason::HttpEmpty
            | Reason::HttpTruncated
    )
}

fn answered(answer: &Answer<'_>) -> Outcome {
    match answer.status {
        400.. => return refused(answer.status),
        // a redirect without an end is told by its reason
        200..300 | 304 => {}
        _ => return Outcome::Unknown(answer.reason.clone()),
    }
    let lost = is_error_page(answer.landed) && !is_error_page(answer.asked);
    if lost && answer.head_only {
        return Outcome::Get;
    }
    let title = title(answer.text);
    if (1..=LONGEST_TITLE).contains(&title.chars().count()) && says_missing(&title) {
        return Outcome::Broken { reason: Reason::HttpStatus(answer.status), says: title };
    }
    if lost || sent_home(answer.asked, answer.landed) {
        return Outcome::Unknown(Reason::Ok);
    }
    Outcome::Good
}

/// A deep link that ends at the home page: what it led to was not seen, and perhaps is no more.
fn sent_home(asked: &Url, landed: &Url) -> bool {
    let home = |url: &Url| {
        let path = url.path().trim_start_matches('/');
        let name = path.split('.').next().unwrap_or_default();
        path.is_empty() || !path.contains('/') && matches!(name, "index" | "default" | "main")
    };
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host).to_owned()
    };
    home(landed) && !home(asked) && landed.query().is_none() && bare(asked) == bare(landed)
}

/// An address that servers send a reader to when they have nothing else.
fn is_error_page(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "404" | "500" | "error" | "error404" | "404error" | "err" | "notfound" | "nofound"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        asked: &'static str,
        landed: &'static str,
        head_only: bool,
        reason: Reason,
        status: u16,
        text: &'static str,
    }

    const GOOD: Case = Case {
        asked: "https://a.gov.cn/zw/1.html",
        landed: "https://a.gov.cn/zw/1.html",
        head_only: false,
        reason: Reason::Ok,
        status: 200,
        text: "<title>通知</title>正文",
    };

    fn of(case: &Case) -> Outcome {
        outcome(&Answer {
            asked: &case.asked.parse().unwrap(),
            landed: &case.landed.parse().unwrap(),
            head_only: case.head_only,
            reason: &case.reason,
            status: case.status,
            headers: &[],
            text: case.text,
        })
    }

    fn status(status: u16) -> Case {
        let ok = status < 400;
        let reason = if ok { Reason::Ok } else { Reason::HttpStatus(status) };
        Case { status, reason, text: "", ..GOOD }
    }

    fn failed(reason: Reason) -> Case {
        Case { status: 0, reason, text: "", ..GOOD }
    }

    #[test]
    fn statuses_of_pages_decide() {
        for good in [200, 204, 206, 304] {
            assert_eq!(of(&status(good)), Outcome::Good, "{good}");
        }
        for bad in [400, 404, 410, 414, 500, 502, 503, 504] {
            let reason = Reason::HttpStatus(bad);
            assert_eq!(of(&status(bad)), Outcome::Broken { reason, says: String::new() }, "{bad}");
        }
        for kept in [401, 402, 403, 405, 406, 407, 412, 418, 429, 451, 521] {
            assert!(matches!(of(&status(kept)), Outcome::Unknown(_)), "{kept}");
        }
    }

    #[test]
    fn a_head_accuses_nobody_who_spoke() {
        for code in [400, 403, 404, 405, 410, 500, 503] {
            let head = Case { head_only: true, ..status(code) };
            assert_eq!(of(&head), Outcome::Get, "{code}");
        }
        for reason in [Reason::HttpReset, Reason::HttpTimeout, Reason::HttpEmpty] {
            assert_eq!(of(&Case { head_only: true, ..failed(reason) }), Outcome::Get);
        }
        let head = Case { head_only: true, ..failed(Reason::DnsNxdomain) };
        assert!(matches!(of(&head), Outcome::Broken { .. }), "a GET would find no other name");
        assert_eq!(of(&Case { head_only: true, text: "", ..GOOD }), Outcome::Good);
    }

    #[test]
    fn what_every_reader_meets_is_told_from_what_only_we_do() {
        for reason in [
            Reason::DnsNxdomain,
            Reason::ConnectRefused,
            Reason::ConnectTimeout,
            Reason::ConnectUnreachable,
            Reason::HttpTruncated,
        ] {
            let told = Outcome::Broken { reason: reason.clone(), says: String::new() };
            assert_eq!(of(&failed(reason)), told);
        }
        for reason in [
            Reason::SelfNetwork,
            Reason::SelfOverload,
            Reason::GuardAddress,
            Reason::TlsHandshake,
            Reason::TlsTlcpOnly,
            Reason::DnsServfail,
            Reason::HttpTimeout,
            Reason::RedirectLoop,
            Reason::Robots,
            Reason::LimitTime,
        ] {
            assert_eq!(of(&failed(reason.clone())), Outcome::Unknown(reason));
        }
        assert_eq!(of(&Case { reason: Reason::TlsCertificate, ..GOOD }), Outcome::Good);
        assert_eq!(of(&Case { reason: Reason::LimitBody, ..GOOD }), Outcome::Good);
    }

    #[test]
    fn a_page_may_say_itself_that_it_is_missing() {
        let said = Case { text: "<title>404页面</title>", ..GOOD };
        let told = Outcome::Broken { reason: Reason::HttpStatus(200), says: "404页面".into() };
        assert_eq!(of(&said), told);
        let article =
            "<title>关于市民反映办事找不到窗口、电话无人接听等问题的答复_某市人民政府</title>";
        assert_eq!(of(&Case { text: article, ..GOOD }), Outcome::Good);
        assert_eq!(of(&Case { text: "<title>通知</title>内容不存在", ..GOOD }), Outcome::Good);
    }

    #[test]
    fn a_redirect_that_leads_away_tells_nothing() {
        let home = Case { landed: "https://www.a.gov.cn/index.html", ..GOOD };
        assert_eq!(of(&home), Outcome::Unknown(Reason::Ok));
        let error = Case { landed: "https://a.gov.cn/public/404.html", ..GOOD };
        assert_eq!(of(&error), Outcome::Unknown(Reason::Ok));
        assert_eq!(of(&Case { head_only: true, text: "", ..error }), Outcome::Get);
        let error =
            Case {
                landed: "https://a.gov.cn/404.html", text: "<title>页面不存在</title>", ..GOOD
            };
        assert!(matches!(of(&error), Outcome::Broken { .. }));
        for landed in ["https://a.gov.cn/zw/1/", "https://b.gov.cn/", "https://a.gov.cn/login?to=1"]
        {
            assert_eq!(of(&Case { landed, ..GOOD }), Outcome::Good, "{landed}");
        }
        let entry =
            Case { asked: "http://a.gov.cn/", landed: "https://a.gov.cn/index.html", ..GOOD };
        assert_eq!(of(&entry), Outcome::Good);
    }

    #[test]
    fn a_gateway_speaks_for_nobody() {
        let wall = Case { text: "<title>访问验证</title>", ..GOOD };
        assert_eq!(of(&wall), Outcome::Unknown(Reason::Gateway("captcha".into())));
        let wall = Case {
            text: "<title>网站防火墙</title>您的请求带有不合法参数", ..status(404)
        };
        assert_eq!(of(&wall), Outcome::Unknown(Reason::Gateway("btwaf".into())));
    }
}
